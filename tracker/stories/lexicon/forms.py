"""Surface forms: one way to write a concept or a name, with its marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.text.tokenization import UPPER, tokenize

if TYPE_CHECKING:
    from tracker.stories.text.tokenization import Token


ANY_LANGUAGE = "any"
"""The key of aliases that hold in every language."""
AMBIGUOUS_MARK, PREFERRED_MARK = MARKS = "?!"
"""What a form of the data files may end in: a weak form says something only beside other evidence;
one that names its concept does so wherever it stands in the list, and a weak one its country."""
ADJACENT = "_"
"""What an anchor has between two words that stand side by side; no word has it in itself."""
_SHORT = 3
"""Names of up to as many letters, all upper case, are found in upper case only."""
_PLURAL_FROM = 3
"""Names of more letters have a plural."""


class SurfaceForm(NamedTuple):
    """One way to say something: stems for a concept, folded words for a name.

    A `weak` one says something only beside other evidence; `upper` is found in upper case only;
    `naming` is for what names its concept wherever it stands in the list. `level` is how well it
    stands for the part of a query that it belongs to, in 0..1.
    """

    text: str
    tokens: tuple[str, ...]
    ambiguous: bool = False
    case_sensitive: bool = False
    level: float = 1.0
    preferred: bool = False

    @property
    def is_lower_case(self) -> bool:
        """Whether it is written in small letters, and so found in them within a sentence too."""
        return self.text.islower()

    def at_level(self, level: float) -> SurfaceForm:
        """Give the form as it stands at another level."""
        return self if level == self.level else self._replace(level=level)


def is_ambiguous(written: str) -> bool:
    """Tell whether a form of the data files is marked as weak."""
    return AMBIGUOUS_MARK in written[-2:]


def parse_form(written: str, language: str) -> SurfaceForm:
    """Make a form of one that the data files have, with its marks."""
    text, naming = written.rstrip(MARKS), written[-1] == PREFERRED_MARK
    read = tokenize(text, "" if language == ANY_LANGUAGE else language)
    if language != ANY_LANGUAGE:
        return SurfaceForm(
            text, tuple([word.stem for word in read]), is_ambiguous(written), preferred=naming
        )
    folds = tuple([word.norm for word in read])
    return SurfaceForm(text, folds, is_ambiguous(written), is_short_acronym(read), preferred=naming)


def is_short_acronym(read: tuple[Token, ...]) -> bool:
    """Tell whether a name is found in upper case only: US is no us, RAM no Ram."""
    letters = "".join([word.text for word in read]) if len(read) <= _SHORT else ""
    if not letters.isupper() or len(letters) > _SHORT:
        return False
    return read[0].shape == UPPER or len(letters) == 1  # 5G and F-35 are of no case


def plural_or_genitive(word: str) -> str:
    """Give the last word of a name in the plural, or in the genitive without its apostrophe.

    "" for a short one: Apples and Arms, but no USs.
    """
    return word + "s" if len(word) > _PLURAL_FROM else ""
