"""`digest`: the news of all stories as one text."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import Json
from tracker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tracker.model.alerts import SendReport
    from tracker.model.digest import Digest
    from tracker.store.database import Database

LAST = "last"


class Format(StrEnum):
    """The formats of a digest in a file; the value is the ending of its name, too."""

    TEXT = "text"
    MD = "md"
    HTML = "html"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "digest",
        cls=Command,
        rich_help_panel="Follow",
        epilog=examples(
            "tracker digest",
            "tracker digest --since yesterday --peek",
            "tracker digest --output news.html",
            "tracker digest --send                 (as tracker schedule install --digest runs it)",
            "tracker digest --send --to mail",
        ),
    )(digest)


def digest(
    ctx: typer.Context,
    since: Annotated[
        str, typer.Option(help="Since the last digest, or since then.", metavar="last|DATE")
    ] = LAST,
    send: Annotated[
        bool, typer.Option("--send", help="Send it to the targets; say nothing if all is well.")
    ] = False,
    to: Annotated[
        list[str] | None,
        typer.Option(help="With --send: only to this target; may be repeated.", metavar="NAME"),
    ] = None,
    format_: Annotated[
        Format | None,
        typer.Option(
            "--format", help="The format. [default: by the ending of --output, else text]"
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file to write.", metavar="FILE"),
    ] = None,
    peek: Annotated[
        bool, typer.Option("--peek", help="Let the next digest tell this once more.")
    ] = False,
    json: Json = False,
) -> None:
    """Tell the news of all stories since the last digest.

    Developments in the order in which they came, who reported them, changed headlines, stories
    that burst or fell silent, and feeds that fail. What one digest told, the next one does not;
    the terminal and files have one mark, each target has its own.
    """
    here = session(ctx)
    begin = _since(here, since)
    if send:
        if output or format_ or peek or json:
            raise UsageError("--send sends text to the targets; leave the other options out.")
        _send(here, to or (), begin)
        return
    if to:
        raise UsageError("--to names a target to send to; add --send.")
    from tracker.services import digest as use_case

    with here.database() as db:
        found = use_case.read(db, here.now, here.zone, since=begin)
        _show(here, found, _format(format_, output), output, json=json)
        if not peek and db.writable:
            use_case.mark(db, found)


def _since(here: Session, given: str) -> datetime | None:
    from tracker.cli.invocation.dates import parse_date

    return None if given.strip().casefold() == LAST else parse_date(given, here.now, here.zone)


def _format(given: Format | None, output: Path | None) -> Format | None:
    """Return the format of a file, or of stdout where it was asked for."""
    if given is not None or output is None or str(output) == "-":
        return given
    ending = output.suffix.removeprefix(".").casefold()
    known = {"html": Format.HTML, "htm": Format.HTML, "md": Format.MD, "markdown": Format.MD}
    return known.get(ending, Format.TEXT)


def _show(
    here: Session, found: Digest, chosen: Format | None, output: Path | None, *, json: bool
) -> None:
    from tracker.export.digest import rows
    from tracker.views.alerts import json as alerts_json
    from tracker.views.alerts.digest import digest as view

    if json:
        here.show_json(alerts_json.digest(found))
    elif chosen is None:
        here.show(view(rows(found, here.zone), here.width))
    else:
        _write(here, found, chosen, output)


def _write(here: Session, found: Digest, chosen: Format, output: Path | None) -> None:
    from tracker.cli.invocation.terminal import emit_file

    data = _rendered(here, found, chosen).encode()
    if output is None or str(output) == "-":
        emit_file(data)
        return
    from rich.text import Text

    from tracker.files import replace
    from tracker.plain_text import plain
    from tracker.wording import count

    replace(output, data)
    told = count(found.developments, "development")
    here.show(Text(f"Wrote {plain(str(output))}: {told}."))


def _rendered(here: Session, found: Digest, chosen: Format) -> str:
    from tracker.export import digest as written

    rows = written.rows(found, here.zone)
    if chosen is Format.HTML:
        from tracker.export.html import digest_page

        return digest_page(rows)
    return written.markdown(rows) if chosen is Format.MD else f"{written.text(rows)}\n"


def _send(here: Session, names: Sequence[str], since: datetime | None) -> None:
    from tracker.errors import TrackerError
    from tracker.model.alerts import MessageState
    from tracker.services import digest as use_case
    from tracker.views import json as as_json

    with here.database() as db:
        ids = use_case.queue(db, names, here.now, as_json.timeline, here.zone, since=since)
        report = _deliver(db, here, ids) if ids else None
    lost = [t for t in report.troubles if t.state is not MessageState.WAITING] if report else []
    if lost:
        trouble = lost[0]
        raise TrackerError(f"{trouble.target}: {trouble.why}; tracker notify ls names the message.")


def _deliver(db: Database, here: Session, ids: Sequence[int]) -> SendReport | None:
    """Send digests; None if another process is sending, which sends them, too."""
    from contextlib import suppress

    from tracker.cli.invocation.sending import courier
    from tracker.errors import BusyError
    from tracker.services import alerts

    with suppress(BusyError):
        return alerts.send(db, courier(here), here.now, chosen=ids)
    return None
