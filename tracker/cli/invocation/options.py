"""Options and arguments that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.invocation.complete import feed_addresses, feed_tags, story_slugs

ALL = "all"
"""What lifts a limit: no language, and no date."""


def languages(given: list[str] | None) -> tuple[str, ...] | None:
    """Return the codes that --lang names: () for all, None where it does not stand."""
    if not given:
        return None
    return () if given == [ALL] else tuple(given)


def _codes(given: list[str] | None) -> list[str]:
    """Return the codes of languages as items have them, each once, or ALL.

    Raises UsageError for what is no code: no item is in such a language.
    """
    import re

    from tracker.config import LANGUAGE
    from tracker.errors import UsageError

    codes = {typed.strip().lower(): typed for typed in given or ()}
    if ALL in codes and len(codes) > 1:
        raise UsageError("--lang all is every language; leave it out, or the other --lang.")
    for code, typed in codes.items():
        if code != ALL and not re.fullmatch(LANGUAGE, code):
            raise UsageError(
                f"--lang {typed!r} is not a language; write a code of two letters such as en or"
                " fr, and --lang again for another."
            )
    return list(codes)


def titled(given: str | None) -> str | None:
    """Return a title as it was given; raises UsageError for one that shows nothing."""
    from tracker.errors import UsageError

    if given is not None and not given.strip():
        raise UsageError(f"--title {given!r} is empty; write a word, or leave it out.")
    return given


def worded(param: typer.CallbackParam, given: list[str] | None) -> list[str] | None:
    """Return words as they were given; raises UsageError for what no report can hold as a word."""
    from tracker.errors import UsageError

    for word in given or ():
        if not any(map(str.isalnum, word)):
            raise UsageError(
                f"{param.opts[0]} {word!r} is not a word; give it a letter or a digit."
            )
    return given


Story = Annotated[
    str,
    typer.Argument(help="The story's slug or title.", autocompletion=story_slugs, metavar="STORY"),
]
Items = Annotated[
    list[str],
    typer.Argument(help="The number that timeline shows, or the URL.", metavar="ITEM..."),
]
Feed = Annotated[
    str,
    typer.Argument(help="Its address or title.", autocompletion=feed_addresses, metavar="FEED"),
]
FeedTags = Annotated[
    list[str] | None,
    typer.Option(
        "--tag",
        help="Only feeds with this tag; if repeated, with one of the tags.",
        autocompletion=feed_tags,
        metavar="WORD",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Pager = Annotated[
    bool,
    typer.Option(
        "--pager/--no-pager",
        help="Use TRACKER_PAGER, PAGER or less for what is longer than the screen. [default: yes]",
        show_default=False,
    ),
]
Query = Annotated[
    list[str],
    typer.Argument(
        help='Words, names, "phrases", OR, title:word; behind --, -word as well.',
        metavar="QUERY...",
    ),
]
Languages = Annotated[
    list[str] | None,
    typer.Option(
        "--lang",
        help="Only this language, in two letters (en, fr, …), or all; may be repeated.",
        metavar="CODE",
        callback=_codes,
    ),
]
Forms = Annotated[
    bool, typer.Option("--forms", help="Show every word that a part of the query stands for.")
]
