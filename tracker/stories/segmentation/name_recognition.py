"""Name recognition: names that the lexicon does not hold, from word lists and capitals.

Input: consecutive tokens of a query that are written as a name. Output: NAME segments.
`name_segments` cuts the tokens into persons, titles, products and other names; `name_segment`
builds one of them with its short forms; `law_or_body_length` recognises laws ("Chapter 11") and
public bodies ("Peace Corps").
"""

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
    """Return the short forms of a longer name, each as tokens with a match level.

    At EXACT: the surname of a person, and a company without its suffix. At PARTIAL: a surname that
    is a given name too, either token of a two-token name, and each pair of neighbours of a longer
    one; for example: "Steam Machine" is one name, "Veolia Suez" are two. Geographic nouns ("River")
    and names with a lower-case token ("Isle of Wight") have no short form.
    """
    if len(name) == 1 or FIGURE in (name[0].shape, name[-1].shape):
        return []
    if name[0].norm in word_list("binds-next") or any(word.shape == LOWER for word in name):
        return []
    if name[0].norm in word_list("given") | word_list("titles"):
        return _surname_forms(name)
    without_suffix = tuple(takewhile(lambda word: word.norm not in word_list("binds-before"), name))
    if without_suffix and len(without_suffix) < len(name):
        return [(name[:size], EXACT) for size in range(len(without_suffix), len(name))]
    if len(name) > _TWO_TOKENS:
        return [(pair, PARTIAL) for pair in pairwise(name)]
    excluded = word_list("given") | word_list("grounds")
    return [((word,), PARTIAL) for word in name if word.norm not in excluded]


def _surname_forms(name: tuple[Token, ...]) -> list[tuple[tuple[Token, ...], float]]:
    """Return the tokens behind a person's given name, or behind two: "Jean-Marc Quux"."""
    given = word_list("given")
    if name[-1].norm in given:
        return [(name[1:], PARTIAL)] if len(name) == _TWO_TOKENS else []
    two_given_names = len(name) > _TWO_TOKENS and name[1].norm in given
    return [(name[_TWO_TOKENS:] if two_given_names else name[1:], EXACT)]


_TWO_TOKENS = 2
"""A name of more tokens than this has no short form of one token."""


def law_or_body_length(tokens: tuple[Token, ...], position: int) -> int:
    """Return how many tokens at a position are a name that ends with a listed word; else 0.

    For example: "Peace Corps", "Respect for Quux Act". All tokens have capitals, except for listed
    function words inside.
    """
    length = 0
    connectors = word_list("inside") | word_list("inside-bodies")
    for count, word in enumerate(tokens[position:], 1):
        if word.shape in (LOWER, FIGURE) and (count == 1 or word.norm not in connectors):
            break
        if count > 1 and word.norm in word_list("bodies"):
            length = count
    return length


_DOUBLE_GIVEN_NAME = 3
"""The number of tokens of a person with two given names."""
_ONE_NAME = 2
"""Two capitalised tokens are one name, even if the second is a given name too: Elton John."""


def name_segments(tokens: list[Token]) -> list[QuerySegment]:
    """Cut the tokens of an unknown name into name segments.

    - A person is a given name and the next token, or three tokens of which two are given names
      ("Jean-Marc Quux"). Given names and surnames in turn are several persons ("Mark Kelly Anna
      Quux").
    - A title before a person is dropped: "Senator Anna Quux".
    - A figure belongs to the token before it, but behind a person it begins another name ("Anna
      Quux 60 Minutes").
    - A year or a month alone is a plain word, and so is a month at the end ("SNAP November").
    - An acronym begins a new name.
    - All other neighbours form one name.
    """
    if len(tokens) == 1 and is_date_token(tokens[0]):
        return [word_segment(tokens[0])]
    given = word_list("given")
    if len(tokens) > 1 and tokens[-1].norm in MONTHS and tokens[-1].norm not in given:
        return [*name_segments(tokens[:-1]), word_segment(tokens[-1])]
    pairs = list(zip(tokens[::2], tokens[1::2], strict=False))
    if len(tokens) == 2 * len(pairs) > _ONE_NAME and all(first.norm in given for first, _ in pairs):
        return [name_segment(pair) for pair in pairs]
    names: list[list[Token]] = []
    for position, word in enumerate(tokens):
        last = names[-1] if names else []
        if _joins_name(tokens, position, last):
            last.append(word)
        elif len(last) == 1 and last[0].norm in word_list("titles") - given:
            names[-1] = [word]
        else:
            names.append([word])
    return [name_segment(tuple(name)) for name in names]


def _joins_name(tokens: list[Token], position: int, name: list[Token]) -> bool:
    """Return whether the token at a position continues the name before it.

    `name` holds the tokens of that name so far; empty at the beginning.
    """
    word, is_last = tokens[position], position + 1 == len(tokens)
    given = word_list("given")
    is_person = bool(name) and name[0].norm in given
    if word.shape == FIGURE:
        return bool(name) and not (is_person and len(name) > 1 and not is_last)
    if is_person:
        if is_last and all(each.norm in given for each in tokens[:position]):
            return True  # for example: "Jean Marc Quux"
        is_complete = len([each for each in name if len(each.norm) > 1]) > 1
        second_given_name = (
            len(tokens) == _DOUBLE_GIVEN_NAME and position == 1 and tokens[2].norm not in given
        )
        return not is_complete and (word.norm not in given or is_last or second_given_name)
    # "Glória" of "Elevador da Glória" belongs to the name before the connector.
    after_connector = bool(name) and name[-1].shape == LOWER
    begins_person = word.norm in given and len(tokens) > _ONE_NAME and not after_connector
    is_acronym = word.shape == UPPER and not is_model_token(word)
    separate_acronym = is_acronym and bool(name) and name[0].shape != FIGURE
    return bool(name) and not begins_person and not separate_acronym


def is_model_token(word: Token) -> bool:
    """Return whether a token is the letter or number of a model: "R1", "Z" in "Galaxy Z"."""
    return len(word.norm) == 1 or any(map(str.isdigit, word.norm))


def name_segment(typed: tuple[Token, ...]) -> QuerySegment:
    """Build the segment of one unknown name, with its short forms as ambiguous forms.

    A name in camel case gets its parts as a further form; for example: "TikTok" gets "Tik Tok".
    """
    text = " ".join(word.text for word in typed)
    forms = [
        SurfaceForm(
            text, tuple(word.norm for word in typed), case_sensitive=is_short_acronym(typed)
        )
    ]
    for short_form, level in short_forms(typed):
        written = " ".join(word.text for word in short_form)
        forms.append(
            SurfaceForm(
                written, tuple(word.norm for word in short_form), ambiguous=True, level=level
            )
        )
    if len(typed) == 1 and len(parts := camel_case_parts(typed[0].text)) > 1:
        forms.append(SurfaceForm(" ".join(parts), parts))
    return QuerySegment(text, NAME, {ANY_LANGUAGE: tuple(forms)})
