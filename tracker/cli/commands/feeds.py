"""`feeds ls`, `add` and `rm`: the feed list. `feed_lists` adds the other commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.commands import feed_lists
from tracker.cli.invocation.base import Command, Group, examples
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import Json
from tracker.cli.invocation.terminal import complain
from tracker.hosts import without_credentials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model.polling import FeedSource, FoundFeed

app = typer.Typer(
    cls=Group,
    help="Show and change the feed list.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=examples("tracker feeds ls", "tracker feeds add https://www.theverge.com/rss/index.xml"),
)


@app.command(
    "ls",
    cls=Command,
    epilog=examples("tracker feeds ls", "tracker feeds ls --failing --long"),
)
def ls(
    ctx: typer.Context,
    long: Annotated[
        bool, typer.Option("--long", "-l", help="All that is known: next poll and why, reasons.")
    ] = False,
    failing: Annotated[
        bool, typer.Option("--failing", help="Only the feeds that are failing.")
    ] = False,
    json: Json = False,
) -> None:
    """List the feeds: what each brought last, and how it is."""
    from tracker.errors import LockedError
    from tracker.services import poll as use_case
    from tracker.store.polling import feeds as store
    from tracker.views import feeds as view
    from tracker.views import json as as_json

    here = session(ctx)
    with here.database() as db:
        try:
            with db.impatient():
                use_case.take_in(db, here.feeds_path)
        except LockedError:
            complain("A poll holds the database; what changed in the list is shown after it.")
        found = store.listing(db)
    none_failing = False
    if failing:
        none_failing = any(row.listed for row in found)
        found = [row for row in found if row.listed and (row.failure or row.state.gone)]
    if json:
        here.show_json(as_json.feeds(found))
    elif none_failing and not found:
        here.show(view.none_failing())
    elif long:
        here.show(view.feeds_long(found, now=here.now, zone=here.zone, width=here.width))
    else:
        here.show(view.feeds(found, now=here.now, width=here.width))


@app.command(
    "add",
    cls=Command,
    epilog=examples(
        "tracker feeds add https://www.theverge.com",
        "tracker feeds add https://github.com/python/cpython --first",
        'tracker feeds add https://www.heise.de/rss/heise.rdf --title "heise online" --lang de',
    ),
)
def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(help="A feed's address, or a site's.", metavar="URL")],
    title: Annotated[
        str | None, typer.Option(help="How to call it; else as it calls itself.", metavar="TEXT")
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(help="Its language in two letters, where it does not say.", metavar="CODE"),
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="A word of your own; may be repeated.", metavar="WORD")
    ] = None,
    as_is: Annotated[
        bool, typer.Option("--as-is", help="Add the address without asking for it.")
    ] = False,
    first: Annotated[
        bool, typer.Option("--first", help="Of several feeds, add the first; ask nothing.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Of several feeds, add all.")] = False,
) -> None:
    """Add a feed to the list.

    The address of a site will do: its feed is looked for. If several are found, a terminal asks
    which to add, and a script adds the first. Comments and order of the list stay.
    """
    from tracker.config import add_feeds
    from tracker.errors import UsageError
    from tracker.views.feeds import added

    here = session(ctx)
    url = _spelled(url)
    if first and every:
        raise UsageError("--first and --all exclude each other; leave one of them out.")
    found = [_as_it_is(url)] if as_is else _chosen(_discovered(url, here), here, first, every)
    taken = found if every else found[:1]
    if title and len(taken) > 1:
        raise UsageError("--title is for one feed, and several were found; leave out --all.")
    sources = [
        source._replace(
            title=title or source.title,
            language=lang.strip().lower() if lang else source.language,
            tags=tuple(tag or ()),
        )
        for source in taken
    ]
    new = {source.url for source in add_feeds(here.feeds_path, sources)}
    for source in sources:
        others = found[len(taken) :] if source is sources[-1] else []
        here.show(added(source, str(here.feeds_path), others, new=source.url in new))


def _chosen(
    found: Sequence[FoundFeed],
    here: Session,
    first: bool,
    every: bool,
) -> list[FeedSource]:
    """Return the feeds that were found; on a terminal, the one that the user chose is first."""
    import sys

    sources = [each.source for each in found]
    if len(found) == 1 or first or every or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return sources
    from tracker.views.feeds import choices

    here.show(choices(found, now=here.now, width=here.width))
    number = 0
    while not 1 <= number <= len(found):
        number = typer.prompt(f"Which one (1 to {len(found)})", default=1, type=int)
    return [sources[number - 1], *sources[: number - 1], *sources[number:]]


def _spelled(url: str) -> str:
    """Return the address with its scheme, if it has one, in small letters (RFC 3986, 3.1).

    Raises UsageError for what feeds.yaml cannot list, whatever is found there.
    """
    from tracker.errors import UsageError
    from tracker.hosts import mistake_of_url

    url = url.strip()
    scheme, mark, rest = url.partition("://")
    if mark and scheme.lower() not in {"http", "https"}:
        shown = without_credentials(url)
        raise UsageError(f"{shown!r} is no address of a feed; it begins with https://.")
    if problem := mistake_of_url(url if mark else f"https://{url}"):
        raise UsageError(f"The address {problem}")
    return f"{scheme.lower()}{mark}{rest}" if mark else url


def _as_it_is(url: str) -> FeedSource:
    from tracker.errors import UsageError
    from tracker.model.polling import FeedSource

    if "://" not in url:
        raise UsageError(f"{url!r} is no address of a feed; it begins with https://.")
    return FeedSource(url)


def _discovered(url: str, here: Session) -> list[FoundFeed]:
    from tracker.errors import FeedError, TrackerError
    from tracker.feeds.finding.discover import find

    try:
        return find(url, contact=here.settings().contact)
    except FeedError as error:
        reason = error.reason.rstrip(".")
        how = "--as-is" if "://" in url else f"tracker feeds add https://{url} --as-is"
        shown = without_credentials(url)
        raise TrackerError(f"{shown}: {reason}; {how} adds it all the same.") from error


@app.command(
    "rm",
    cls=Command,
    epilog=examples("tracker feeds rm https://www.theverge.com/rss/index.xml"),
)
def remove(
    ctx: typer.Context,
    feed: Annotated[str, typer.Argument(help="Its address or title.", metavar="FEED")],
) -> None:
    """Take a feed off the list; its items stay, its password goes."""
    from rich.text import Text

    from tracker.config import remove_feed
    from tracker.errors import LockedError
    from tracker.plain_text import plain
    from tracker.services.poll import take_in

    here = session(ctx)
    gone = remove_feed(here.feeds_path, feed)
    here.show(Text(f"Removed {plain(gone.title or gone.shown_url)}; its items are kept."))
    if here.db_path.exists():
        try:
            with here.database() as db:
                take_in(db, here.feeds_path)
        except LockedError:
            complain("A poll holds the database; the next one takes what it knows of the feed out.")


feed_lists.register(app)
