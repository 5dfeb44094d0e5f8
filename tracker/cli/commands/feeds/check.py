"""`feeds check`: how the feeds are, without storing what they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.commands.feeds.edit import address_of
from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.complete import feed_addresses, pack_names
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import FeedTags, Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.config import FeedList
    from tracker.model.polling import FeedSource
    from tracker.services.feed_check import Known


Names = Annotated[
    list[str] | None,
    typer.Argument(
        help="Addresses or titles; all feeds without it.",
        autocompletion=feed_addresses,
        metavar="[FEED]...",
    ),
]
Packs = Annotated[
    list[str] | None,
    typer.Option(
        "--pack",
        help="Check a bundled list instead; may be repeated.",
        autocompletion=pack_names,
        metavar="PACK",
    ),
]


def check(
    ctx: typer.Context,
    names: Names = None,
    tag: FeedTags = None,
    pack: Packs = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing if all feeds are well.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 also for what may pass by itself.")
    ] = False,
    json: Json = False,
) -> None:
    """Tell which feeds are dead, moved or silent, and what mends them.

    Each feed is asked once, and nothing is stored. A feed is dead, moved, refused, silent for
    longer than its rhythm explains, or has a page or a challenge in its place. The exit code is 1
    if a feed needs you. What may pass by itself, such as an error of a server, is named and counts
    with --strict only.
    """
    from tracker.cli.invocation.progress import counted
    from tracker.errors import UsageError
    from tracker.model.feed_check import Condition
    from tracker.services import feed_check as use_case
    from tracker.views.polling.feed_check import checked, checked_json

    if pack and (names or tag):
        raise UsageError("--pack checks a bundled list; leave out feeds and --tag.")
    here = session(ctx)
    listed = _listed(here, needed=not pack)
    named = [address_of(here, name) for name in names or ()]
    sources = _of_packs(pack) if pack else _chosen(listed.sources, named, tag or ())
    with counted("checking", no_color=here.no_color) as progress:
        report = use_case.check(sources, _known(here, listed), here.settings(), here.now, progress)
    well = all(each.condition is Condition.WELL for each in report.checks)
    if json:
        here.show_json(checked_json(report))
    elif not (quiet and well):
        here.show(checked(report, now=here.now, width=here.width))
    if report.offline or any(each.needs_user for each in report.checks) or (strict and not well):
        raise typer.Exit(1)


def _listed(here: Session, *, needed: bool) -> FeedList:
    """Return the feed list; an empty one if there is none and none is `needed`."""
    from tracker.config import check, load_feeds

    if not needed and not here.feeds_path.exists():
        return check(here.feeds_path, b"feeds: []\n")
    return load_feeds(here.feeds_path)


def _chosen(
    sources: Sequence[FeedSource], names: Sequence[str], tags: Sequence[str]
) -> list[FeedSource]:
    """Return the named feeds that have one of the tags.

    Raises NotFoundError for a name or a tag that no feed has.
    """
    import difflib

    from tracker.errors import NotFoundError

    known = {name for s in sources for name in (s.url, s.shown_url, s.title) if name}
    every_tag = {tag.casefold() for s in sources for tag in s.tags}
    wanted = {tag.casefold() for tag in tags}
    for kind, given, there in (("feed", names, known), ("tag", sorted(wanted), every_tag)):
        for name in given:
            if name not in there:
                nearest = difflib.get_close_matches(name, there, 1)
                raise NotFoundError(kind, name, nearest[0] if nearest else None)
    return [
        s
        for s in sources
        if (not names or {s.url, s.shown_url, s.title} & set(names))
        and (not wanted or wanted & {tag.casefold() for tag in s.tags})
    ]


def _of_packs(names: Sequence[str]) -> list[FeedSource]:
    from tracker.feeds.listing.packs import feeds_of

    return list({source.url: source for name in names for source in feeds_of(name)}.values())


def _known(here: Session, listed: FeedList) -> Known:
    """Return what the database knows of the feeds; nothing if there is none yet."""
    from tracker.services.feed_check import Known
    from tracker.store.polling import feeds as store

    urls = frozenset(source.url for source in listed.sources)
    if not here.db_path.exists():
        return Known({}, {}, urls)
    with here.database() as db:
        rows = {row.state.source.url: row for row in store.listing(db, here.now)}
        sites = {url: site for url, (_, site) in store.sites(db).items() if site}
    return Known(rows, sites, urls)


def register(app: typer.Typer) -> None:
    """Add the command to the group `feeds`."""
    app.command(
        "check",
        cls=Command,
        epilog=examples(
            "tracker feeds check",
            "tracker feeds check --quiet     (for cron: silent while all is well)",
            "tracker feeds check --pack technology-fr",
        ),
    )(check)
