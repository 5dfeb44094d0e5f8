"""`feeds ls`, `add` and `rm`: the feed list. Other modules add the other commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli.commands.feeds import check, edit, lists, packs
from tracker.cli.invocation.base import Command, Group, examples
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import Feed, FeedTags, Json
from tracker.cli.invocation.terminal import complain
from tracker.hosts import without_credentials
from tracker.model.activity import FeedOrder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.model.polling import FeedRow, FeedSource, FirstAnswer, FoundFeed

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
    epilog=examples(
        "tracker feeds ls",
        "tracker feeds ls --sort stories --tag security",
        "tracker feeds ls --sort news --reverse     (the longest silence first)",
        "tracker feeds ls --failing --long",
    ),
)
def ls(
    ctx: typer.Context,
    long: Annotated[
        bool, typer.Option("--long", "-l", help="All that is known: next poll and why, reasons.")
    ] = False,
    failing: Annotated[
        bool, typer.Option("--failing", help="Only the feeds that are failing.")
    ] = False,
    tag: FeedTags = None,
    sort: Annotated[FeedOrder, typer.Option(help="What to sort by.")] = FeedOrder.TITLE,
    reverse: Annotated[bool, typer.Option("--reverse", help="In the opposite order.")] = False,
    json: Json = False,
) -> None:
    """List the feeds: what each brings, how often, and how it is.

    "a week" counts the items of the last four weeks, "every" is the mean time between the last 20,
    and "stories" the share of all that is linked to a story. `--sort` puts first: the most items,
    the shortest time, the largest share, the latest news, the feeds that fail.
    """
    from tracker.views import json as as_json
    from tracker.views.polling import feeds as view

    here = session(ctx)
    found = view.ordered(_rows(here, tag or ()), sort, reverse=reverse)
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


def _rows(here: Session, tags: Sequence[str]) -> list[FeedRow]:
    """Return the feeds as the database knows them, after it took in the list."""
    from tracker.errors import LockedError
    from tracker.services import poll as use_case
    from tracker.store.polling import feeds as store
    from tracker.store.polling.tags import feeds_with

    with here.database() as db:
        try:
            with db.impatient():
                use_case.take_in(db, here.feeds_path)
        except LockedError:
            complain("A poll holds the database; what changed in the list is shown after it.")
        among = feeds_with(db, tags)
        return [
            row for row in store.listing(db, here.now) if among is None or row.state.id in among
        ]


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
    from tracker.views.polling.feeds import added

    here = session(ctx)
    url = _spelled(url)
    if first and every:
        raise UsageError("--first and --all exclude each other; leave one of them out.")
    found = [] if as_is else _chosen(_discovered(url, here), here, first, every)
    listed = [each.source for each in found] or [_as_it_is(url)]
    taken = listed if every else listed[:1]
    if title and len(taken) > 1:
        raise UsageError("--title is for one feed, and several were found; leave out --all.")
    given: dict[str, Any] = {"title": title} if title else {}
    given |= {"language": lang.strip().lower()} if lang else {}
    asked = bool(given or tag)
    sources = [source._replace(tags=tuple(tag or ()), **given) for source in taken]
    new = {source.url for source in add_feeds(here.feeds_path, sources)}
    _keep_answers({each.source.url: each.answer for each in found if each.source.url in new}, here)
    for source in sources:
        others = listed[len(taken) :] if source is sources[-1] else []
        is_new = source.url in new
        here.show(added(source, str(here.feeds_path), others, new=is_new, asked=asked))


def _chosen(
    found: Sequence[FoundFeed],
    here: Session,
    first: bool,
    every: bool,
) -> list[FoundFeed]:
    """Return the feeds that were found; on a terminal, the one that the user chose is first."""
    import sys

    if len(found) == 1 or first or every or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return list(found)
    from tracker.views.polling.feeds import choices

    here.show(choices(found, now=here.now, width=here.width))
    number = 0
    while not 1 <= number <= len(found):
        number = typer.prompt(f"Which one (1 to {len(found)})", default=1, type=int)
    return [found[number - 1], *found[: number - 1], *found[number:]]


def _keep_answers(answers: Mapping[str, FirstAnswer], here: Session) -> None:
    """Hand the answers in which feeds were found to their first poll, if the database is free."""
    from tracker.errors import DatabaseError
    from tracker.store.polling import first_answers

    if not answers:
        return
    try:
        with here.database() as db, db.impatient():
            first_answers.keep(db, answers, here.now)
    except DatabaseError:
        return  # the feed is added; its first poll asks again, and names what is wrong


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
    feed: Feed,
) -> None:
    """Take a feed off the list; its items stay, its password goes."""
    from rich.text import Text

    from tracker.config import remove_feed
    from tracker.plain_text import plain

    here = session(ctx)
    gone = remove_feed(here.feeds_path, edit.address_of(here, feed))
    here.show(Text(f"Removed {plain(gone.title or gone.shown_url)}; its items are kept."))
    edit.take_in(here, "A poll holds the database; the next one takes the feed out.")


check.register(app)
edit.register(app)
lists.register(app)
packs.register(app)
