"""`story show`, `edit`, `mute`, `close`, `reopen` and `rm`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli.invocation.base import Command, Group, examples
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import Forms, Json, Languages, Story, languages, titled, worded

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.core import Story as Followed

# The weight in -1..1 of a word that the user wants taken up.
LEARNED = 0.5

app = typer.Typer(
    cls=Group,
    help="Show and manage one story.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=examples("tracker story show tiktok-acquisition"),
)


@app.command(
    "show",
    cls=Command,
    epilog=examples("tracker story show tiktok-acquisition"),
)
def show(ctx: typer.Context, story: Story, forms: Forms = False, json: Json = False) -> None:
    """Show how a story is understood, and what it has learned."""
    from tracker.services import follow as use_case
    from tracker.services.registry import matcher_of
    from tracker.store.following import stories, timelines
    from tracker.stories.tracking.presentation import shown_parts
    from tracker.views import json as as_json
    from tracker.views.story import story as view

    here = session(ctx)
    with here.database() as db:
        found = stories.find(db, story, here.now)
        learned = use_case.learned(db, found)
        if json:
            here.show_json(as_json.profile(found, learned))
            return
        summary = timelines.summary(db, found, here.now, here.zone)
        understood = shown_parts(matcher_of(db, found).interpretation)
    proposed = next((term.text for term in learned if term.proposed), None)
    here.show(
        view(
            summary,
            understood,
            learned,
            now=here.now,
            zone=here.zone,
            width=here.width,
            forms=forms,
            wider=use_case.widened(found.query, proposed) if proposed else None,
        )
    )


Forgotten = Annotated[
    list[str] | None,
    typer.Option(help="Undo --learn or --ignore; may be repeated.", metavar="WORD"),
]


@app.command(
    "edit",
    cls=Command,
    epilog=examples(
        'tracker story edit tiktok-acquisition --title "The sale of TikTok"',
        'tracker story edit tiktok-acquisition --query "TikTok sale -music"',
        "tracker story edit tiktok-acquisition --learn oracle --ignore walmart",
        "tracker story edit tiktok-acquisition --lang all --since all",
    ),
)
def edit(
    ctx: typer.Context,
    story: Story,
    title: Annotated[
        str | None, typer.Option(help="Another title.", metavar="TEXT", callback=titled)
    ] = None,
    slug: Annotated[str | None, typer.Option(help="Another short name.", metavar="NAME")] = None,
    query: Annotated[
        str | None, typer.Option(help="Another query; all is matched again.", metavar="QUERY")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Take up items from then on, or all.", metavar="DATE")
    ] = None,
    lang: Languages = None,
    learn: Annotated[
        list[str] | None,
        typer.Option(
            help="Take up a name or word; may be repeated.", metavar="WORD", callback=worded
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            help="Never learn a name or word; may be repeated.", metavar="WORD", callback=worded
        ),
    ] = None,
    forget: Forgotten = None,
) -> None:
    """Change a story."""
    from tracker.errors import UsageError

    here = session(ctx)
    given = {
        "title": title,
        "query": query,
        "slug": slug,
        "since": None if since is None else _since(since, here),
        "languages": languages(lang),
    }
    changes: dict[str, Any] = {n: value for n, value in given.items() if value is not None}
    words = _words(learn, ignore, forget)
    if not (changes or words):
        raise UsageError("Say what to change, such as --title TEXT; see tracker story edit --help.")
    _edit(here, story, changes, words)


def _edit(
    here: Session, story: str, changes: dict[str, Any], words: dict[str, float | None]
) -> None:
    from tracker.model.core import State
    from tracker.services import follow as use_case
    from tracker.store.following import stories, timelines
    from tracker.views.story import edited

    with here.database() as db:
        found = stories.find(db, story, here.now)
        before = timelines.summary(db, found, here.now, here.zone)
        found = use_case.edit(db, found, here.now, words=words, **changes)
        after = timelines.summary(db, found, here.now, here.zone)
    _say(here, "Changed", found)
    # A closed story is linked again when it is reopened.
    if found.state is not State.CLOSED and (words or changes.keys() - {"title", "slug"}):
        here.show(edited(before, after, here.width))


def _words(
    learn: list[str] | None, ignore: list[str] | None, forget: list[str] | None
) -> dict[str, float | None]:
    """Give the weights of words as the options say them, None for what is left to learning.

    Raises UsageError for a word of which two options say different things.
    """
    from tracker.errors import UsageError
    from tracker.stories.text.normalization import normalize

    said: dict[str, tuple[str, str, float | None]] = {}
    for option, given, weight in (
        ("--learn", learn, LEARNED),
        ("--ignore", ignore, 0.0),
        ("--forget", forget, None),
    ):
        for word in given or ():
            first, *_ = said.setdefault(normalize(word), (option, word, weight))
            if first != option:
                raise UsageError(f"{word!r} is in {first} and {option}; leave one of them out.")
    return {word: weight for _, word, weight in said.values()}


def _since(typed: str, here: Session) -> datetime:
    from tracker.cli.invocation.dates import parse_since
    from tracker.store.times import BEGINNING

    return parse_since(typed, here.now, here.zone) or BEGINNING


@app.command(
    "mute",
    cls=Command,
    epilog=examples(
        "tracker story mute tiktok-acquisition --until 2020-11-12",
        'tracker story mute tiktok-acquisition --until "in 2 weeks"',
    ),
)
def mute(
    ctx: typer.Context,
    story: Story,
    until: Annotated[
        str | None, typer.Option(help="When it is in the news again.", metavar="DATE")
    ] = None,
) -> None:
    """Keep a story up to date, but out of the news.

    It is in the news again from that date on, or once it is reopened. A closed story takes up what
    polls brought while it was closed.
    """
    from tracker.cli.invocation.dates import Toward, parse_date
    from tracker.errors import UsageError
    from tracker.services import follow as use_case
    from tracker.store.following import stories
    from tracker.when import stamp

    here = session(ctx)
    end = None
    if until is not None:
        end = parse_date(until, here.now, here.zone, toward=Toward.FUTURE)
    if end and end <= here.now:
        raise UsageError(f"{until!r} has passed; name a date ahead, such as 'in 2 weeks'.")
    with here.database() as db:
        found = stories.find(db, story, here.now)
        more = use_case.mute(db, found, end, here.now)
    until_then = f" until {stamp(end, here.zone, here.now)}" if end else ""
    _say(here, "Muted", found, until_then + _brought(more))
    _back(here, found)


@app.command("close", cls=Command, epilog=examples("tracker story close tiktok-acquisition"))
def close(ctx: typer.Context, story: Story) -> None:
    """Take up no more items; what the story has is kept."""
    from tracker.services import follow as use_case
    from tracker.store.following import stories

    here = session(ctx)
    with here.database() as db:
        found = stories.find(db, story, here.now)
        use_case.close(db, found, here.now)
    _say(here, "Closed", found)
    _back(here, found)


@app.command("reopen", cls=Command, epilog=examples("tracker story reopen tiktok-acquisition"))
def reopen(ctx: typer.Context, story: Story) -> None:
    """Follow a muted or closed story again.

    It takes up what polls brought while it was closed.
    """
    from tracker.services import follow as use_case
    from tracker.store.following import stories

    here = session(ctx)
    with here.database() as db:
        found = stories.find(db, story, here.now)
        more = use_case.reopen(db, found, here.now)
    _say(here, "Following again:", found, _brought(more))


@app.command(
    "rm",
    cls=Command,
    epilog=examples("tracker story rm tiktok-acquisition --yes"),
)
def remove(
    ctx: typer.Context,
    story: Story,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove a story and what it has learned; items stay."""
    import sys

    from tracker.errors import TrackerError, UsageError
    from tracker.store.following import stories

    here = session(ctx)
    with here.database() as db:
        found = stories.find(db, story, here.now)
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError(f"Add --yes to remove {found.slug} without being asked.")
            if not typer.confirm(f"Remove {found.slug} and all that it has learned?", err=True):
                raise TrackerError("Nothing was removed.")
        stories.remove(db, found.id)
    _say(here, "Removed", found)


def _brought(more: int) -> str:
    from tracker.wording import count

    return f", {count(more, 'more report')}" if more > 0 else ""


def _say(here: Session, said: str, found: Followed, more: str = "") -> None:
    from rich.text import Text

    from tracker.plain_text import plain
    from tracker.views.text import HEADING, lines, wrapped

    title = (plain(found.title), HEADING)
    told = Text.assemble(f"{said} ", title, f" ({plain(found.slug)}){more}")
    here.show(lines(wrapped(told, here.width)))


def _back(here: Session, found: Followed) -> None:
    from tracker.views.text import hint

    here.show(hint("", f"tracker story reopen {found.slug}", " follows it again."))
