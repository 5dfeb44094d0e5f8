"""Surface forms: one way to write a concept or a name, with its marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.text.tokenization import UPPER, tokenize

if TYPE_CHECKING:
    from tracker.stories.text.tokenization import Token


ANY = "any"
"""The key of aliases that hold in every language."""
WEAK_MARK, NAMING_MARK = MARKS = "?!"
"""What a form of the data files may end in: a weak form says something only beside other evidence;
one that names its concept does so wherever it stands in the list, and a weak one its country."""
BESIDE = "_"
"""What an anchor has between two words that stand side by side; no word has it in itself."""
_SHORT = 3
"""Names of up to as many letters, all upper case, are found in upper case only."""
_PLURAL_FROM = 3
"""Names of more letters have a plural."""


class Form(NamedTuple):
    """One way to say something: stems for a concept, folded words for a name.

    A `weak` one says something only beside other evidence; `upper` is found in upper case only;
    `naming` is for what names its concept wherever it stands in the list. `level` is how well it
    stands for the part of a query that it belongs to, in 0..1.
    """

    text: str
    key: tuple[str, ...]
    weak: bool = False
    upper: bool = False
    level: float = 1.0
    naming: bool = False

    @property
    def small(self) -> bool:
        """Whether it is written in small letters, and so found in them within a sentence too."""
        return self.text.islower()

    def at(self, level: float) -> Form:
        """Give the form as it stands at another level."""
        return self if level == self.level else self._replace(level=level)


def is_weak(written: str) -> bool:
    """Tell whether a form of the data files is marked as weak."""
    return WEAK_MARK in written[-2:]


def form_of(written: str, language: str) -> Form:
    """Make a form of one that the data files have, with its marks."""
    text, naming = written.rstrip(MARKS), written[-1] == NAMING_MARK
    read = tokenize(text, "" if language == ANY else language)
    if language != ANY:
        return Form(text, tuple([word.stem for word in read]), is_weak(written), naming=naming)
    folds = tuple([word.norm for word in read])
    return Form(text, folds, is_weak(written), is_short_acronym(read), naming=naming)


def is_short_acronym(read: tuple[Token, ...]) -> bool:
    """Tell whether a name is found in upper case only: US is no us, RAM no Ram."""
    letters = "".join([word.text for word in read]) if len(read) <= _SHORT else ""
    if not letters.isupper() or len(letters) > _SHORT:
        return False
    return read[0].shape == UPPER or len(letters) == 1  # 5G and F-35 are of no case


def with_s(word: str) -> str:
    """Give the last word of a name in the plural, or in the genitive without its apostrophe.

    "" for a short one: Apples and Arms, but no USs.
    """
    return word + "s" if len(word) > _PLURAL_FROM else ""
