"""Surface forms: one spelling of a concept or of an entity, with its marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.text.tokenization import UPPER, tokenize

if TYPE_CHECKING:
    from tracker.stories.text.tokenization import Token


ANY_LANGUAGE = "any"
"""The key of aliases that are valid in every language."""
AMBIGUOUS_MARK, PREFERRED_MARK = MARKS = "?!"
"""The marks at the end of a listed form. "?": ambiguous, counts only beside other evidence. "!": a
preferred term wherever it is listed.

With "?!" an ambiguous alias that denotes its country.
"""
ADJACENT = "_"
"""Separates two adjacent words in an anchor key; no token contains it."""
_LONGEST_ACRONYM = 3
"""Acronyms of at most so many letters match upper case only."""
_LONGEST_WITHOUT_PLURAL = 3
"""Names of more than so many letters have a plural."""


class SurfaceForm(NamedTuple):
    """One way to write a concept (as stems) or an entity (as normalised tokens).

    An `ambiguous` form counts only beside other evidence; a `case_sensitive` one matches upper case
    only; a `preferred` one carries the mark "!". `level` is its match level for the query segment
    that it belongs to, in 0..1.
    """

    text: str
    tokens: tuple[str, ...]
    ambiguous: bool = False
    case_sensitive: bool = False
    level: float = 1.0
    preferred: bool = False

    @property
    def is_lower_case(self) -> bool:
        """Whether the form is listed in lower case, and so matches any case."""
        return self.text.islower()

    def at_level(self, level: float) -> SurfaceForm:
        """Return the form with another match level."""
        return self if level == self.level else self._replace(level=level)


def is_ambiguous(written: str) -> bool:
    """Return whether a listed form carries the mark "?"."""
    return AMBIGUOUS_MARK in written[-2:]


def parse_form(written: str, language: str) -> SurfaceForm:
    """Parse a listed form with its marks; `language` may be `ANY_LANGUAGE`."""
    text, preferred = written.rstrip(MARKS), written[-1] == PREFERRED_MARK
    tokens = tokenize(text, "" if language == ANY_LANGUAGE else language)
    if language != ANY_LANGUAGE:
        return SurfaceForm(
            text, tuple([word.stem for word in tokens]), is_ambiguous(written), preferred=preferred
        )
    norms = tuple([word.norm for word in tokens])
    return SurfaceForm(
        text, norms, is_ambiguous(written), is_short_acronym(tokens), preferred=preferred
    )


def is_short_acronym(tokens: tuple[Token, ...]) -> bool:
    """Return whether a name matches upper case only.

    For example: US (not "us"), RAM (not "Ram").
    """
    letters = "".join([word.text for word in tokens]) if len(tokens) <= _LONGEST_ACRONYM else ""
    if not letters.isupper() or len(letters) > _LONGEST_ACRONYM:
        return False
    return tokens[0].shape == UPPER or len(letters) == 1  # 5G and F-35 match any case


def plural_or_genitive(word: str) -> str:
    """Return a name's last word with an s (plural, or genitive without apostrophe).

    "" for a short word: "Apples" and "Arms", but no "USs".
    """
    return word + "s" if len(word) > _LONGEST_WITHOUT_PLURAL else ""
