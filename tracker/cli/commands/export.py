"""`export`: a story as a file, or all of them as a small site."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.commands.read import Since, Until
from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.complete import story_slugs
from tracker.cli.invocation.context import Session, session
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.model.core import Timeline
    from tracker.store.following.timelines import Window


class Format(StrEnum):
    """The formats of a file; the value is the ending of its name, too."""

    HTML = "html"
    MD = "md"
    JSON = "json"
    CSV = "csv"
    ATOM = "atom"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "export",
        cls=Command,
        rich_help_panel="Follow",
        epilog=examples(
            "tracker export tiktok-acquisition --output tiktok.html",
            'tracker export tiktok-acquisition --format csv --since "2 weeks ago"',
            "tracker export --all --output site",
        ),
    )(export)


def export(
    ctx: typer.Context,
    story: Annotated[
        str | None,
        typer.Argument(
            help="The story's slug or title.", autocompletion=story_slugs, metavar="[STORY]"
        ),
    ] = None,
    all_stories: Annotated[
        bool, typer.Option("--all", help="A folder with a page and a feed of every story.")
    ] = False,
    format_: Annotated[
        Format | None,
        typer.Option("--format", help="The format. [default: by the ending of --output, else md]"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file or folder to write.", metavar="FILE"),
    ] = None,
    since: Since = None,
    until: Until = None,
    maybe: Annotated[bool, typer.Option("--maybe", help="Add the doubtful ones, too.")] = False,
) -> None:
    """Write a story to a file: page, Markdown, JSON, CSV or Atom.

    Without --output it goes to stdout. Nothing is marked as seen. A page needs no network and runs
    no script; it has the doubtful reports folded away, the other formats only with --maybe.
    """
    here = session(ctx)
    if all_stories:
        if story is not None or format_ or since or until or maybe:
            raise UsageError("--all writes every story as page and feed; give only --output DIR.")
        _write_site(here, output)
        return
    if story is None:
        raise UsageError("Name a story, or write --all for every story.")
    output = None if str(output) == "-" else output
    chosen = _format(format_, output)
    found = _read(here, story, _window(here, since, until, maybe=maybe or chosen is Format.HTML))
    data = _rendered(found, chosen, here).encode()
    if output is None:
        from tracker.cli.invocation.terminal import emit_file

        emit_file(data)
        return
    write(here, found, output, data)


def write(here: Session, found: Timeline, output: Path, data: bytes) -> None:
    """Replace the file and say what it holds."""
    from rich.text import Text

    from tracker.export.figures import developments
    from tracker.files import replace
    from tracker.plain_text import plain
    from tracker.wording import count

    replace(output, data)
    size = count(len(data) // 1000, "kB", "kB") if len(data) >= 1000 else count(len(data), "byte")  # noqa: PLR2004 - of a kB
    held = count(len(developments(found)[0]), "development")
    here.show(Text(f"Wrote {plain(str(output))}: {held}, {size}."))


def page(found: Timeline, here: Session) -> str:
    """Return the page of a story."""
    from tracker.export.html import story_page

    return story_page(found, now=here.now, zone=here.zone)


def _format(given: Format | None, output: Path | None) -> Format:
    if given is not None or output is None:
        return given or Format.MD
    ending = output.suffix.removeprefix(".").casefold()
    ending = {"htm": "html", "markdown": "md", "xml": "atom"}.get(ending, ending)
    if ending not in set(Format):
        raise UsageError(f"{str(output)!r} does not tell its format; add --format html or another.")
    return Format(ending)


def _window(here: Session, since: str | None, until: str | None, *, maybe: bool) -> Window:
    from tracker.cli.invocation.dates import parse_date, parse_end
    from tracker.store.following.timelines import Window

    return Window(
        since=parse_date(since, here.now, here.zone) if since is not None else None,
        until=parse_end(until, here.now, here.zone) if until is not None else None,
        maybe=maybe,
        all_outages=True,
    )


def _read(here: Session, name: str, window: Window) -> Timeline:
    from tracker.store.following import stories, timelines

    with here.database() as db:
        return timelines.timeline(db, stories.find(db, name, here.now), window, here.now)


def _rendered(found: Timeline, chosen: Format, here: Session) -> str:
    if chosen is Format.HTML:
        return page(found, here)
    if chosen is Format.JSON:
        from tracker.views import json

        return json.dumps(json.timeline(found)) + "\n"
    if chosen is Format.CSV:
        from tracker.export.csv import comma_separated

        return comma_separated(found)
    if chosen is Format.ATOM:
        from tracker.export.atom import atom

        return atom(found, now=here.now, zone=here.zone)
    from tracker.export.markdown import markdown

    return markdown(found, now=here.now, zone=here.zone)


def _write_site(here: Session, folder: Path | None) -> None:
    from rich.text import Text

    from tracker.plain_text import plain
    from tracker.services.site import INDEX, write_site
    from tracker.wording import count

    if folder is None:
        raise UsageError("--all needs --output DIR, the folder for the pages.")
    with here.database() as db:
        made = write_site(db, folder, now=here.now, zone=here.zone)
    stories = count(made.stories, "story", "stories")
    gone = f", {count(len(made.removed), 'file')} of stories gone removed" if made.removed else ""
    here.show(Text(f"Wrote {plain(str(folder / INDEX))} and {stories}{gone}."))
