"""Unknown names: how a run of words with capitals that the lexicon lacks is cut into names."""

from __future__ import annotations

from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from tracker.stories.levels import EXACT, PARTIAL
from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm, is_short_acronym
from tracker.stories.query.model import NAME, QuerySegment, is_date_token, word_segment
from tracker.stories.text.quantities import MONTHS
from tracker.stories.text.tokenization import FIGURE, LOWER, UPPER, camel_case_parts
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.text.tokenization import Token


def short_forms(name: tuple[Token, ...]) -> list[tuple[tuple[Token, ...], float]]:
    """Give what stands for a longer name, and how well.

    A surname and a company without its kind do in full; a surname that is a given name as well,
    either word of two unknown ones, and any two neighbours of more, do by half: "Steam Machine" is
    one name, "Veolia Suez" are two; no river stands for the Quux River. Nothing stands for what has
    small letters within: the Isle of Wight is no Isle.
    """
    if len(name) == 1 or FIGURE in (name[0].shape, name[-1].shape):
        return []
    if name[0].norm in word_list("binds-next") or any(word.shape == LOWER for word in name):
        return []
    if name[0].norm in word_list("given") | word_list("titles"):
        return _surname_forms(name)
    short = tuple(takewhile(lambda word: word.norm not in word_list("binds-before"), name))
    if short and len(short) < len(name):
        return [(name[:size], EXACT) for size in range(len(short), len(name))]
    if len(name) > _TWO:
        return [(pair, PARTIAL) for pair in pairwise(name)]
    kinds = word_list("given") | word_list("grounds")
    return [((word,), PARTIAL) for word in name if word.norm not in kinds]


def _surname_forms(name: tuple[Token, ...]) -> list[tuple[tuple[Token, ...], float]]:
    """Give what is behind the given name of a person, or behind two of them: Jean-Marc Quux."""
    given = word_list("given")
    if name[-1].norm in given:
        return [(name[1:], PARTIAL)] if len(name) == _TWO else []
    doubled = len(name) > _TWO and name[1].norm in given
    return [(name[_TWO:] if doubled else name[1:], EXACT)]


_TWO = 2
"""Of a longer name one word says too little."""


def law_or_body_length(run: tuple[Token, ...], place: int) -> int:
    """Give how many words are one name by the last of them: Peace Corps, Respect for Quux Act.

    All have capitals but for the small words between.
    """
    size = 0
    within = word_list("inside") | word_list("inside-bodies")
    for at, word in enumerate(run[place:], 1):
        if word.shape in (LOWER, FIGURE) and (at == 1 or word.norm not in within):
            break
        if at > 1 and word.norm in word_list("bodies"):
            size = at
    return size


_DOUBLED = 3
"""Words of a person with two given names."""
_PAIR = 2
"""Two words with capitals are one name, though the second may be a given name: Elton John."""


def name_segments(run: list[Token]) -> list[QuerySegment]:
    """Make names of a run of words with capitals that the vocabulary does not know.

    A person is a given name and the word behind it, or two and the last word of three (Jean-Marc
    Quux); what stands side by side otherwise is one name.
    A title alone names nobody beside a person: Senator Anna Quux.
    A figure belongs to what is before it, but behind a person it begins another name (Anna Quux 60
    Minutes). A year or a month alone is none: headlines seldom say it.
    """
    if len(run) == 1 and is_date_token(run[0]):
        return [word_segment(run[0])]
    given = word_list("given")
    if len(run) > 1 and run[-1].norm in MONTHS and run[-1].norm not in given:  # SNAP November
        return [*name_segments(run[:-1]), word_segment(run[-1])]
    pairs = list(zip(run[::2], run[1::2], strict=False))
    if len(run) == 2 * len(pairs) > _PAIR and all(first.norm in given for first, _ in pairs):
        return [
            name_segment(pair) for pair in pairs
        ]  # Mark Kelly Anna Quux: Kelly is a given name too
    found: list[list[Token]] = []
    for place, word in enumerate(run):
        last = found[-1] if found else []
        person = bool(last) and last[0].norm in given
        if word.shape == FIGURE:
            joins = bool(last) and not (person and len(last) > 1 and place + 1 < len(run))
        elif person and all(each.norm in given for each in run[:place]) and place + 1 == len(run):
            joins = True  # Jean Marc Quux
        elif person:
            full = len([each for each in last if len(each.norm) > 1]) > 1
            doubled = len(run) == _DOUBLED and place == 1 and run[2].norm not in given
            joins = not full and (word.norm not in given or place + 1 == len(run) or doubled)
        else:
            within = bool(last) and last[-1].shape == LOWER  # the Glória of Elevador da Glória
            begins = word.norm in given and len(run) > _PAIR and not within
            acronym = word.shape == UPPER and not is_model_token(word)
            apart = acronym and bool(last) and last[0].shape != FIGURE
            joins = bool(last) and not begins and not apart
        if joins:
            last.append(word)
        elif len(last) == 1 and last[0].norm in word_list("titles") - given:
            found[-1] = [word]
        else:
            found.append([word])
    return [name_segment(tuple(one)) for one in found]


def is_model_token(word: Token) -> bool:
    """Tell whether a word is a model's letter or number, and no acronym: Rabbit R1, Galaxy Z."""
    return len(word.norm) == 1 or any(map(str.isdigit, word.norm))


def name_segment(typed: tuple[Token, ...]) -> QuerySegment:
    """Make a part of a name; its shorter forms stand for it weakly."""
    text = " ".join(word.text for word in typed)
    forms = [
        SurfaceForm(
            text, tuple(word.norm for word in typed), case_sensitive=is_short_acronym(typed)
        )
    ]
    for short, level in short_forms(typed):
        written = " ".join(word.text for word in short)
        forms.append(
            SurfaceForm(written, tuple(word.norm for word in short), ambiguous=True, level=level)
        )
    if len(typed) == 1 and len(apart := camel_case_parts(typed[0].text)) > 1:
        forms.append(SurfaceForm(" ".join(apart), apart))
    return QuerySegment(text, NAME, {ANY_LANGUAGE: tuple(forms)})
