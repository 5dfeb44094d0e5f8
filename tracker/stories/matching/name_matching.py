"""How well a name that stands in a text is one that a query asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.levels import COMPARISON, INSTANCE, NO_MATCH, PARTIAL, SHORT_FORM
from tracker.stories.text.tokenization import CAPITAL, LOWER, UPPER
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.text.tokenization import Token


def name_level(
    words: tuple[Token, ...], place: int, size: int, form: SurfaceForm, *, cased: bool
) -> float:
    """Give how well so many words at a place stand for a name's form, 0.0 for not at all.

    `cased` tells whether capitals say something there.
    """
    word = words[place]
    if _only_compared(words, place, size):
        return NO_MATCH if form.ambiguous else COMPARISON
    if form.case_sensitive and word.shape != UPPER and not _is_a_lone_letter(words, place):
        return NO_MATCH
    if cased and word.shape == LOWER and size == 1 and not form.is_lower_case:
        return NO_MATCH
    return _weak_level(words, place, form, cased=cased) if form.ambiguous else form.level


def member_level(
    words: tuple[Token, ...], place: int, size: int, form: SurfaceForm, *, cased: bool
) -> float:
    """Give how well so many words at a place stand for one of a kind, as `name_level` does.

    What is a word as well (Zoom, Clubhouse) is a name where capitals tell names, and where it ends
    no other: Metal Gear Solid Delta.
    """
    if form.ambiguous and (not cased or _ends_a_name(words, place)):
        return NO_MATCH
    level = name_level(words, place, size, form, cased=cased)
    return INSTANCE if level > COMPARISON else level


def _ends_a_name(words: tuple[Token, ...], place: int) -> bool:
    """Tell whether the word before has a capital that is not the first word's."""
    return place > 1 and words[place - 1].shape in (CAPITAL, UPPER)


def _weak_level(words: tuple[Token, ...], place: int, form: SurfaceForm, *, cased: bool) -> float:
    """Give how well a short name stands for a longer one: Taylor, but of no other Taylor."""
    if len(form.tokens) > 1:
        return min(form.level, SHORT_FORM)
    if cased and _is_of_a_place(words, place):
        return NO_MATCH
    behind = _is_behind_a_given_name(words, place)
    if form.level != PARTIAL:
        return NO_MATCH if behind else min(form.level, SHORT_FORM)
    if words[place].norm not in word_list("given"):
        return form.level
    following = words[place + 1].shape if place + 1 < len(words) else LOWER
    alone = following == LOWER and not behind  # a boxer called Joshua, but no Joshua Quux
    return form.level if cased and alone else NO_MATCH


def _is_of_a_place(words: tuple[Token, ...], place: int) -> bool:
    """Tell whether a place or an institution has the name: Holmes County is of no Holmes."""
    following = words[place + 1] if place + 1 < len(words) else None
    return (
        following is not None
        and following.shape == CAPITAL
        and following.norm in word_list("named-places")
    )


def _is_behind_a_given_name(words: tuple[Token, ...], place: int) -> bool:
    if not place:
        return False
    before = words[place - 1]
    return before.shape == CAPITAL and before.norm in word_list("given")


def _is_a_lone_letter(words: tuple[Token, ...], place: int) -> bool:
    """Tell whether a capital letter stands for itself: X said, but not Generation X."""
    before = words[place - 1].shape if place else LOWER
    return len(words[place].norm) == 1 and words[place].shape == CAPITAL and before == LOWER


def _only_compared(words: tuple[Token, ...], place: int, size: int) -> bool:
    """Tell whether a name is there only to compare something else with it."""
    end = place + size
    if end < len(words) and words[end].norm in word_list("compared-after"):
        return True
    before = place - 1
    return (
        before > 0
        and words[before].norm in word_list("links")
        and words[before - 1].norm in word_list("compared-before")
    )
