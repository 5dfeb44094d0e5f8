"""`feeds import` and `export`: the feed list as OPML, which other feed readers write and read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import Json
from tracker.hosts import without_credentials

if TYPE_CHECKING:
    from tracker.feeds.listing.opml import FeedsOfList, Published

_LARGEST = 16 * 2**20
_STDIN = "-"


def import_(
    ctx: typer.Context,
    lists: Annotated[
        list[str],
        typer.Argument(help="OPML files or their addresses; - for stdin.", metavar="FILE|URL..."),
    ],
    tag: Annotated[
        list[str] | None,
        typer.Option(help="A word for all of these feeds; may be repeated.", metavar="WORD"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count what would be added.")
    ] = False,
    json: Json = False,
) -> None:
    """Add the feeds of OPML lists, which feed readers export.

    Folders and categories become tags. Feeds that are listed already stay as they are.
    """
    from tracker.config import add_feeds, load_feeds
    from tracker.feeds.listing.opml import together
    from tracker.views.polling import feed_lists as view

    here = session(ctx)
    path = here.feeds_path
    listed = load_feeds(path) if path.exists() else None
    contact = here.settings().contact
    found = together([_read(name, contact) for name in lists], tuple(tag or ()))
    if dry_run:
        known = {source.url for source in listed.sources} if listed else set()
        added = [source for source in found.sources if source.url not in known]
    else:
        added = add_feeds(path, found.sources)
    done = view.Import(
        added,
        len(found.sources) - len(added),
        found.repeated,
        found.skipped,
        dry_run,
        found.cut_off,
    )
    if json:
        here.show_json(view.import_json(done))
    else:
        here.show(view.imported(done, str(path)))


def _read(name: str, contact: str) -> FeedsOfList:
    from tracker.errors import FeedError, TrackerError
    from tracker.feeds.listing.opml import read

    try:
        return read(*_document(name, contact))
    except FeedError as error:
        shown = "stdin" if name == _STDIN else without_credentials(name)
        raise TrackerError(f"{shown}: {error.reason.rstrip('.')}.") from error


def _document(name: str, contact: str) -> tuple[bytes, str]:
    """Return the bytes of a list, and the content type that its publisher says it has."""
    import sys

    from tracker.errors import FeedError, TrackerError

    if name.lower().startswith(("http://", "https://")):
        from tracker.feeds.finding.asking import download

        answer = download(name, contact=contact)
        return answer.body, answer.headers.get("content-type", "")
    try:
        if name == _STDIN:
            body = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            path = Path(name).expanduser()
            if path.exists() and not path.is_file():
                raise FeedError("it is not a regular file")
            with path.open("rb") as file:
                body = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise TrackerError(f"{name}: there is no such file.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TrackerError(f"{name}: it cannot be read ({reason}).") from error
    if len(body) > _LARGEST:
        raise FeedError(f"it is larger than {_LARGEST // 2**20} MiB")
    return body, ""


def export(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="The file to write; else stdout.", metavar="[FILE]")
    ] = None,
    with_secrets: Annotated[
        bool,
        typer.Option("--with-secrets", help="Write passwords, tokens and headers, too."),
    ] = False,
) -> None:
    """Write the feed list as OPML, without secrets.

    Passwords, token-like parameters of addresses and headers are left out.
    """
    from tracker.cli.invocation.terminal import emit, warn
    from tracker.feeds.listing.opml import write
    from tracker.feeds.listing.secrets import bare
    from tracker.files import replace
    from tracker.views.polling import feed_lists as view

    here = session(ctx)
    feeds = _published(here)
    kept_back: list[tuple[str, tuple[str, ...]]] = []
    if not with_secrets:
        feeds, kept_back = bare(feeds)
    document = write(feeds, here.now)
    if file is None:
        emit(document.removesuffix("\n"))
    else:
        replace(file, document.encode(), mode=0o600 if with_secrets else None)
        here.show(view.exported(len(feeds), str(file)))
    if kept_back:
        warn(view.kept_back(kept_back).plain)


def _published(here: Session) -> list[Published]:
    """Return the listed feeds, with what the database knows of their titles and sites."""
    from tracker.config import load_feeds
    from tracker.feeds.listing.opml import Published
    from tracker.store.polling.feeds import sites

    sources = load_feeds(here.feeds_path).sources
    known = {}
    if here.db_path.exists():
        with here.database() as db:
            known = sites(db)
    found = []
    for source in sources:
        own_title, site_url = known.get(source.url, (None, None))
        found.append(Published(source, source.title or own_title or source.url, site_url))
    return found


def register(app: typer.Typer) -> None:
    """Add the two commands to the group `feeds`."""
    app.command(
        "import",
        cls=Command,
        epilog=examples(
            "tracker feeds import subscriptions.opml",
            "tracker feeds import https://example.org/feeds.opml --tag tech",
        ),
    )(import_)
    app.command(
        "export",
        cls=Command,
        epilog=examples("tracker feeds export feeds.opml", "tracker feeds export > feeds.opml"),
    )(export)
