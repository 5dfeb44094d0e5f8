"""The level at which tokens match a form of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.levels import COMPARISON, INSTANCE, NO_MATCH, PARTIAL, SHORT_FORM
from tracker.stories.text.tokenization import CAPITAL, LOWER, UPPER
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.text.tokenization import Token


def name_level(
    words: tuple[Token, ...],
    place: int,
    size: int,
    form: SurfaceForm,
    *,
    cased: bool,
    is_surname: bool = False,
) -> float:
    """Return the level (0..1) at which tokens match a name's form, 0.0 for no match.

    `cased` says whether capitals carry information in the field. `is_surname` says that the form is
    the surname of a listed full name: after a given name it is somebody else's, or a part of the
    full name, which has a form of its own.
    """
    word = words[place]
    if is_surname and cased and _follows_given_name(words, place):
        return NO_MATCH
    if _is_comparison(words, place, size):
        return NO_MATCH if form.ambiguous else COMPARISON
    if form.case_sensitive and word.shape != UPPER and not _is_single_letter_name(words, place):
        return NO_MATCH
    if cased and word.shape == LOWER and size == 1 and not form.is_lower_case:
        return NO_MATCH
    return _ambiguous_level(words, place, form, cased=cased) if form.ambiguous else form.level


def instance_level(
    words: tuple[Token, ...], place: int, size: int, form: SurfaceForm, *, cased: bool
) -> float:
    """Return the level at which tokens match an instance of the typed class.

    A name that is also a word (Zoom, Clubhouse) matches only where capitals carry information, and
    not as the end of another name (Metal Gear Solid Delta).
    """
    if form.ambiguous and (not cased or _follows_capital(words, place)):
        return NO_MATCH
    level = name_level(words, place, size, form, cased=cased)
    return INSTANCE if level > COMPARISON else level


def is_within(
    norms: Sequence[str], place: int, size: int, names: Sequence[tuple[str, ...]]
) -> bool:
    """Return whether the tokens at a position are a part of one of some longer names."""
    typed = tuple(norms[place : place + size])
    for name in names:
        for start in range(min(place, len(name) - size) + 1):
            begin = place - start
            found = tuple(norms[begin : begin + len(name)])
            if name[start : start + size] == typed and found == name:
                return True
    return False


def _follows_capital(words: tuple[Token, ...], place: int) -> bool:
    """Return whether the token before has a capital and is not the first one."""
    return place > 1 and words[place - 1].shape in (CAPITAL, UPPER)


def _ambiguous_level(
    words: tuple[Token, ...], place: int, form: SurfaceForm, *, cased: bool
) -> float:
    """Return the level of a short form of a name.

    It is 0.0 inside the name of somebody else.
    """
    if len(form.tokens) > 1:
        return min(form.level, SHORT_FORM)
    if cased and _is_part_of_place_name(words, place):
        return NO_MATCH
    follows_given = _follows_given_name(words, place)
    if form.level != PARTIAL:
        return NO_MATCH if follows_given else min(form.level, SHORT_FORM)
    if words[place].norm not in word_list("given"):
        return form.level
    following = words[place + 1].shape if place + 1 < len(words) else LOWER
    alone = following == LOWER and not follows_given  # "Joshua", but not "Joshua Quux"
    return form.level if cased and alone else NO_MATCH


def _is_part_of_place_name(words: tuple[Token, ...], place: int) -> bool:
    """Return whether a place or an institution has the name: Holmes County."""
    following = words[place + 1] if place + 1 < len(words) else None
    return (
        following is not None
        and following.shape == CAPITAL
        and following.norm in word_list("named-places")
    )


def _follows_given_name(words: tuple[Token, ...], place: int) -> bool:
    if not place:
        return False
    before = words[place - 1]
    return before.shape == CAPITAL and before.norm in word_list("given")


def _is_single_letter_name(words: tuple[Token, ...], place: int) -> bool:
    """Return whether a capital letter is a name: "X said", but not "Generation X"."""
    before = words[place - 1].shape if place else LOWER
    return len(words[place].norm) == 1 and words[place].shape == CAPITAL and before == LOWER


def _is_comparison(words: tuple[Token, ...], place: int, size: int) -> bool:
    """Return whether a name is only compared with something else: a TikTok rival."""
    end = place + size
    if end < len(words) and words[end].norm in word_list("compared-after"):
        return True
    before = place - 1
    return (
        before > 0
        and words[before].norm in word_list("links")
        and words[before - 1].norm in word_list("compared-before")
    )
