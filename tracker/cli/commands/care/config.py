"""`config`: every setting with its origin; `get`, `set`, `unset`, `edit` and `path`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.invocation.base import Command, Group, examples
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import Json
from tracker.cli.invocation.terminal import complain, emit

if TYPE_CHECKING:
    from tracker.settings_file import Standing
    from tracker.views.care.settings import Place

app = typer.Typer(
    cls=Group,
    help="Show and change the settings.",
    invoke_without_command=True,
    rich_markup_mode=None,
    epilog=examples("tracker config", "tracker config set retention_in_days 365"),
)


_EMPTY = b"feeds: []\n"


def _keys(incomplete: str) -> list[str]:
    from tracker.settings import SETTINGS

    return [each.key for each in SETTINGS if each.key.startswith(incomplete)]


Key = Annotated[
    str, typer.Argument(help="A setting.", metavar="KEY", autocompletion=_keys, show_default=False)
]


@app.callback()
def show(ctx: typer.Context, json: Json = False) -> None:
    """Show every setting: its value, and whether it is from the environment, the file or neither.

    A variable of the environment (TRACKER_PER_HOST) counts more than feeds.yaml.
    """
    if ctx.invoked_subcommand is not None:
        return
    from tracker.settings_file import standing
    from tracker.views.care import settings as view

    here = session(ctx)
    found, files = standing(here.feeds_path, here.overrides), _places(here)
    if json:
        here.show_json(view.settings_json(found, files))
    else:
        here.show(view.settings(found, files, width=here.width))


def _places(here: Session) -> list[Place]:
    """Return the two files, and what names each."""
    from tracker.views.care.settings import Place
    from tracker.yaml_files import is_there

    def named(given: Path | None, option: str, variable: str, default: str) -> str:
        if given is None:
            return default
        return variable if os.environ.get(variable) == str(given) else option

    listed = here.feeds_path
    in_folder = here.feeds_option is None and listed.parent == here.folder
    usual = "the current folder has one" if in_folder else "default"
    missing = "" if is_there(listed) else "; it does not exist yet"
    return [
        Place(
            "feeds",
            str(listed),
            named(here.feeds_option, "--feeds", "TRACKER_FEEDS", usual) + missing,
        ),
        Place("db", str(here.db_path), named(here.db_option, "--db", "TRACKER_DB", "default")),
    ]


def _one(here: Session, key: str) -> Standing:
    """Return how a setting stands; NotFoundError, with the nearest key, if there is none."""
    from tracker.settings import find
    from tracker.settings_file import standing

    setting = find(key)
    return next(e for e in standing(here.feeds_path, here.overrides) if e.setting is setting)


@app.command(
    "get", cls=Command, epilog=examples("tracker config get per_host", "tracker config get db")
)
def get(ctx: typer.Context, key: Key, json: Json = False) -> None:
    """Print the value of a setting, for scripts."""
    from tracker.views.care import settings as view

    here = session(ctx)
    place = next((each for each in _places(here) if each.key == key), None)
    if place is not None:
        if json:
            here.show_json(place._asdict())
        else:
            emit(place.path)
        return
    found = _one(here, key)
    if json:
        here.show_json(view.setting_json(found))
    else:
        emit(view.text_of(found.value))


@app.command(
    "set",
    cls=Command,
    epilog=examples("tracker config set per_host 1", "tracker config set contact me@example.org"),
)
def set_(
    ctx: typer.Context,
    key: Key,
    value: Annotated[str, typer.Argument(help="Its value, without a unit.", metavar="VALUE")],
) -> None:
    """Write a setting into feeds.yaml, and leave the rest of it as it is."""
    from tracker.settings import find, parse
    from tracker.settings_file import set_value
    from tracker.views.care import settings as view

    here = session(ctx)
    setting = find(key)
    before = set_value(here.feeds_path, setting, parse(setting, value))
    here.show(view.changed(_one(here, key), before, str(here.feeds_path)))


@app.command("unset", cls=Command, epilog=examples("tracker config unset per_host"))
def unset(ctx: typer.Context, key: Key) -> None:
    """Take a setting out of feeds.yaml, so that the default counts."""
    from tracker.settings import find
    from tracker.settings_file import unset as take_out
    from tracker.views.care import settings as view

    here = session(ctx)
    before = take_out(here.feeds_path, find(key))
    here.show(view.changed(_one(here, key), before, str(here.feeds_path)))


@app.command("path", cls=Command, epilog=examples("tracker config path"))
def path(ctx: typer.Context) -> None:
    """Print the path of feeds.yaml, which has the settings."""
    emit(str(session(ctx).feeds_path.absolute()))


@app.command("edit", cls=Command, epilog=examples("tracker config edit"))
def edit(ctx: typer.Context) -> None:
    """Open feeds.yaml in $VISUAL or $EDITOR, and check what was written.

    The file is replaced only by a valid one.
    """
    import tempfile

    from rich.text import Text

    from tracker.plain_text import plain
    from tracker.yaml_files import is_there, read

    here = session(ctx)
    file = here.feeds_path
    before = read(file) if is_there(file) else b""
    folder = Path(tempfile.mkdtemp(prefix="tracker-edit-"))
    draft = folder / "feeds.yaml"
    draft.touch(0o600)
    draft.write_bytes(before or _EMPTY)
    try:
        is_changed = _edited(file, draft, before)
        draft.unlink()
    finally:
        if draft.exists() and draft.read_bytes() == (before or _EMPTY):
            draft.unlink()
        if not draft.exists():
            folder.rmdir()
    here.show(Text(f"Wrote {plain(str(file))}." if is_changed else "Nothing was changed."))


def _edited(file: Path, draft: Path, before: bytes) -> bool:
    """Let the user edit a draft until it is valid, and replace the file; False if it is the same.

    UsageError, which names the draft, where no terminal can ask whether to go on.
    """
    import sys

    from tracker.errors import ConfigError, UsageError
    from tracker.settings_file import write_edited

    while True:
        _open_editor(draft)
        new = draft.read_bytes()
        if new == (before or _EMPTY):
            return False
        try:
            write_edited(file, before, new)
        except ConfigError as error:
            told = f"{error} The file is as it was; your text is in {draft}."
            if not sys.stdin.isatty():
                raise UsageError(told) from error
            complain(str(error))
            if not typer.confirm("Edit it again?", default=True, err=True):
                raise UsageError(told) from error
        else:
            return True


def _open_editor(draft: Path) -> None:
    """Run the user's editor; TrackerError if there is none, or if it fails."""
    import shlex
    import shutil
    import subprocess

    from tracker.errors import TrackerError

    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    words = shlex.split(named) if named else [n for n in ("nano", "vi") if shutil.which(n)][:1]
    if not words:
        raise TrackerError("There is no editor; name one: EDITOR=nano tracker config edit.")
    try:
        done = subprocess.run([*words, str(draft)], check=False)  # noqa: S603 - the user's own editor
    except OSError as error:
        raise TrackerError(f"The editor {words[0]} cannot be run: {error.strerror}.") from error
    if done.returncode:
        raise TrackerError(
            f"The editor {words[0]} ended with code {done.returncode}; nothing was changed."
        )
