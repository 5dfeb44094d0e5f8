"""`follow` begins a story; `rematch` looks through everything again."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import Forms, Json, Languages, Query, languages, titled, worded

if TYPE_CHECKING:
    from tracker.store.database import Database

PREVIEW_DAYS = 90
WORTH_ASKING = 5
"""Doubtful reports of a new story from which on a review is offered."""


class Wishes(NamedTuple):
    """What the user wants of a story beyond its query; None and () leave it to tracker.

    `forms` asks for every word that the query stands for; `typed` are the options that wish for
    the rest, as words of a command.
    """

    slug: str | None
    title: str | None
    languages: tuple[str, ...]
    since: datetime | None
    forms: bool
    typed: tuple[str, ...]


def register(app: typer.Typer) -> None:
    """Add the command that begins a story."""
    app.command(
        "follow",
        cls=Command,
        rich_help_panel="Follow",
        epilog=examples(
            'tracker follow "TikTok acquisition"',
            "tracker follow rachat de TikTok --dry-run",
            'tracker follow Apple OR Google --exclude music --since "2 months ago"',
            "tracker follow https://example.org/an-article-that-ends-in-to-be-continued",
        ),
    )(follow)


def register_rematch(app: typer.Typer) -> None:
    """Add the command that looks through everything again."""
    app.command(
        "rematch",
        cls=Command,
        rich_help_panel="Stories",
        epilog=examples("tracker rematch"),
    )(rematch)


def follow(
    ctx: typer.Context,
    query: Query,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what it would find, and how.")
    ] = False,
    slug: Annotated[
        str | None, typer.Option(help="The story's short name.", metavar="NAME")
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="The story's title.", metavar="TEXT", callback=titled)
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Take up items from then on, or all.", metavar="DATE")
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            help="Leave out items with this word; may be repeated.", metavar="WORD", callback=worded
        ),
    ] = None,
    lang: Languages = None,
    forms: Forms = False,
    json: Json = False,
) -> None:
    """Begin to follow a story.

    A few words are enough: names, and what kind of affair it is, in any language. What is stored
    already is searched at once; what polls bring is linked as it comes. The address or the number
    of an article stands for its words.
    """
    from tracker.cli.invocation.dates import parse_since

    here = session(ctx)
    start = parse_since(since, here.now, here.zone) if since is not None else None
    codes = languages(lang) or ()
    options = [("--slug", slug), ("--title", title), ("--since", since)]
    options += [("--lang", code) for code in codes]
    typed = tuple(word for flag, value in options if value for word in (flag, value))
    wishes = Wishes(slug, title, codes, start, forms, typed)
    with here.database() as db:
        words = _query(here, db, query, exclude or [])
        if dry_run:
            _preview(db, here, words, wishes, json=json)
        else:
            _begin(db, here, words, wishes, json=json)


def _preview(db: Database, here: Session, words: str, wishes: Wishes, *, json: bool) -> None:
    from tracker.services import follow as use_case
    from tracker.views import json as as_json
    from tracker.views.follow import preview as view

    since = wishes.since
    if "--since" not in wishes.typed:  # which may say "all"
        since = here.now - timedelta(days=PREVIEW_DAYS)
    found = use_case.preview(db, words, here.now, languages=wishes.languages, since=since)
    if json:
        here.show_json(as_json.preview(found))
        return
    here.show(
        view(
            found,
            now=here.now,
            zone=here.zone,
            width=here.width,
            forms=wishes.forms,
            options=wishes.typed,
        )
    )


def _begin(db: Database, here: Session, words: str, wishes: Wishes, *, json: bool) -> None:
    from tracker.services import follow as use_case
    from tracker.store.following import stories
    from tracker.views import json as as_json
    from tracker.views.follow import followed as view
    from tracker.views.review import offer

    same = (s for s in stories.everything(db, here.now) if s.query.casefold() == words.casefold())
    twin = next(same, None)
    begun = use_case.follow(
        db,
        words,
        here.now,
        slug=wishes.slug,
        title=wishes.title,
        languages=wishes.languages,
        since=wishes.since,
    )
    if json:
        here.show_json(as_json.follow(begun.story, begun.preview))
    else:
        here.show(view(begun.story, begun.preview, width=here.width, forms=wishes.forms, twin=twin))
        if sys.stdout.isatty() and begun.preview.maybe_count >= WORTH_ASKING:
            here.show(offer(begun.story))


def rematch(ctx: typer.Context) -> None:
    """Match everything stored again.

    It is needed after an edit of the vocabulary. What you accepted or rejected stays as you said.
    """
    from rich.text import Text

    from tracker.cli.invocation.progress import counted
    from tracker.services import follow as use_case
    from tracker.store.archive import queue
    from tracker.store.following import stories
    from tracker.views.follow import waiting
    from tracker.views.text import lines
    from tracker.wording import count

    here = session(ctx)
    with here.database() as db, counted("rematching", no_color=here.no_color) as progress:
        links = use_case.rematch(db, here.now, progress=progress)
        followed, left = len(stories.slugs(db)), queue.size(db)
    words = f"{count(followed, 'story', 'stories')} matched again: {count(links, 'report')} linked."
    here.show(lines([Text(words), *waiting(left, here.width)]))


def _query(here: Session, db: Database, words: list[str], exclude: list[str]) -> str:
    """Return the query that the words on the command line mean."""
    from tracker.errors import NotFoundError
    from tracker.services import follow as use_case

    query = " ".join(words)
    if address := _address(query):
        query = use_case.article_query(db, address, contact=here.contact_override)
    elif len(words) == 1 and query.removeprefix("#").isdecimal():
        # A number is an item's only where there is such an item: "737" is an aeroplane, too.
        try:
            query = use_case.article_query(db, query)
        except NotFoundError:
            if query.startswith("#"):
                raise
    return " ".join([query, *(f'-"{w}"' if " " in w else f"-{w}" for w in exclude)])


def _address(query: str) -> str | None:
    """Return the address that a query is, with its scheme in small letters; None for any other."""
    from tracker.stories.query.syntax import is_address

    typed = query.strip()
    if not is_address(typed):
        return None
    scheme, mark, rest = typed.partition("://")
    return f"{scheme.lower()}{mark}{rest}" if mark else f"https://{typed}"
