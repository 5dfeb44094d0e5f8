"""`feeds edit`: change how a feed is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.complete import feed_tags
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import Feed
from tracker.cli.invocation.terminal import complain
from tracker.hosts import host_of, without_credentials

if TYPE_CHECKING:
    from tracker.model.polling import FeedSource


Title = Annotated[
    str | None, typer.Option(help='How to call it; "" for its own title.', metavar="TEXT")
]
Outlet = Annotated[
    str | None,
    typer.Option(help='The name of its publisher; "" for none of yours.', metavar="TEXT"),
]
Language = Annotated[
    str | None,
    typer.Option("--lang", help='Its language in two letters; "" for its own.', metavar="CODE"),
]
Tag = Annotated[
    list[str] | None,
    typer.Option(help="Add a tag; may be repeated.", autocompletion=feed_tags, metavar="WORD"),
]
Untag = Annotated[
    list[str] | None,
    typer.Option(help="Remove a tag; may be repeated.", autocompletion=feed_tags, metavar="WORD"),
]
Header = Annotated[
    list[str] | None,
    typer.Option(
        help='Send a header with each request, as "Name: value"; "Name:" removes it.',
        metavar="HEADER",
    ),
]
Url = Annotated[str | None, typer.Option(help="Its new address; its items stay.", metavar="URL")]


def edit(
    ctx: typer.Context,
    feed: Feed,
    title: Title = None,
    outlet: Outlet = None,
    lang: Language = None,
    tag: Tag = None,
    untag: Untag = None,
    header: Header = None,
    url: Url = None,
) -> None:
    """Change how a feed is listed.

    Only what is changed is written to feeds.yaml; comments and order stay.
    """
    from tracker.config import edit_feed
    from tracker.errors import UsageError
    from tracker.views.polling.feed_lists import edited

    changes: dict[str, Any] = {"title": title, "outlet": outlet, "url": url}
    changes["language"] = lang and lang.lower()
    changes = {key: value.strip() or None for key, value in changes.items() if value is not None}
    headers = dict(map(_header, header or ()))
    if not (changes or tag or untag or headers):
        raise UsageError("Nothing is to be changed; see tracker feeds edit --help.")

    def change(source: FeedSource) -> FeedSource:
        tags = dict.fromkeys([*source.tags, *(tag or ())])
        kept = tuple(each for each in tags if each not in (untag or ()))
        return source._replace(tags=kept, headers=_headers(source, headers), **changes)

    here = session(ctx)
    feed = address_of(here, feed)
    if changes.get("url"):
        changes["url"] = _moved(here, feed, changes["url"])
    before, after = edit_feed(here.feeds_path, feed, change)
    here.show(edited(before, after))
    take_in(here, "A poll holds the database; the next one knows the change.")


def _moved(here: Session, feed: str, url: str) -> str:
    """Tell the database that the feed moves, so that its items stay with it; return its new URL.

    A user name and password go with it within its host. The database is told before the list is
    changed: after an interruption in between, the feed is asked at its new address all the same.
    """
    from tracker.config import load_feeds
    from tracker.store.polling import moves

    sources = load_feeds(here.feeds_path).sources
    named = [s.url for s in sources if feed in (s.url, s.title, s.shown_url)]
    if len(named) != 1:  # whatever is wrong with the name, the change of the list says it
        return url
    url = _with_credentials(url, named[0])
    if here.db_path.exists() and url not in {s.url for s in sources}:
        with here.database() as db:
            moves.announce(db, named[0], url)
    return url


def _with_credentials(url: str, before: str) -> str:
    """Return a URL that names no user with the credentials of another one of the same host."""
    scheme, mark, rest = url.partition("://")
    userinfo, at, _ = before.partition("://")[2].partition("/")[0].rpartition("@")
    if not mark or not at or without_credentials(url) != url or host_of(url) != host_of(before):
        return url
    return f"{scheme}://{userinfo}@{rest}"


def _header(typed: str) -> tuple[str, str]:
    from tracker.errors import UsageError

    name, colon, value = typed.partition(":")
    if not colon or not name.strip():
        raise UsageError('A --header is written "Name: value", or "Name:" to remove it.')
    return name.strip(), value.strip()


def _headers(source: FeedSource, changes: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the headers of a feed after changes; their names are the same in any case."""
    changed = {name.lower() for name in changes}
    kept = [pair for pair in source.headers if pair[0].lower() not in changed]
    return (*kept, *((name, value) for name, value in changes.items() if value))


def address_of(here: Session, feed: str) -> str:
    """Return the address of the feed that calls itself so, as `feeds ls` shows it; else `feed`.

    What feeds.yaml has of a feed is its address, and a title only if the user gave one.
    """
    from tracker.store.polling.feeds import urls_titled

    if "://" in feed or not here.db_path.exists():
        return feed
    with here.database() as db:
        found = urls_titled(db, feed)
    return found[0] if len(found) == 1 else feed


def take_in(here: Session, while_polling: str) -> None:
    """Tell the database, if there is one, that the list changed; say so if a poll holds it."""
    from tracker.errors import LockedError
    from tracker.services import poll

    if here.db_path.exists():
        try:
            with here.database() as db:
                poll.take_in(db, here.feeds_path)
        except LockedError:
            complain(while_polling)


def register(app: typer.Typer) -> None:
    """Add the command to the group `feeds`."""
    app.command(
        "edit",
        cls=Command,
        epilog=examples(
            'tracker feeds edit https://www.theverge.com/rss/index.xml --title "The Verge"',
            'tracker feeds edit "heise online" --tag it --untag news',
            "tracker feeds edit https://old.example/feed --url https://new.example/feed",
        ),
    )(edit)
