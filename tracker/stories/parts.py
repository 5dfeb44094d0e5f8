"""The parts of a query, and how one is made of words that the vocabulary does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.stories.name_words import name_words
from tracker.stories.short_names import shorter
from tracker.stories.text import FIGURE, UPPER, Word, spelled_apart
from tracker.stories.vocabulary import ANY, Form

if TYPE_CHECKING:
    from tracker.stories.vocabulary import Sense

NAME, CONCEPT, WORD, PHRASE = "name", "concept", "word", "phrase"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a query: `forms` are the words as typed and, of a name, what else it is called.

    `known` is whether the vocabulary has it; `concepts` are the ids of its concepts, and `senses`
    what they stand for; `context` is true for a name that does not make a story; `bound` for one
    that the query names together with what belongs to it anyway (Apple iPhone).
    """

    text: str
    kind: str
    forms: dict[str, tuple[Form, ...]]
    known: bool = False
    concepts: tuple[str, ...] = ()
    entity: str = ""
    senses: tuple[Sense, ...] = ()
    context: bool = False
    field: str = ""
    required: bool = False
    bound: bool = False


def plain(word: Word) -> Part:
    """Make a part of a word that the vocabulary does not know."""
    return Part(word.surface, WORD, {ANY: (Form(word.surface, (word.fold,)),)})


def names(run: list[Word]) -> list[Part]:
    """Make names of a run of words with capitals that the vocabulary does not know.

    It is cut before each given name; two words alone are one name, unless one is an acronym.
    """
    pair = 2
    if len(run) == pair and not any(word.shape == UPPER for word in run):
        return [name(tuple(run))]
    found: list[list[Word]] = []
    for word in run:
        figure = word.shape == FIGURE and found
        if figure or (
            found
            and found[-1][0].fold in name_words("given")
            and word.fold not in name_words("given")
        ):
            found[-1].append(word)
        else:
            found.append([word])
    return [name(tuple(one)) for one in found]


def name(typed: tuple[Word, ...]) -> Part:
    """Make a part of a name; its shorter forms stand for it weakly."""
    text = " ".join(word.surface for word in typed)
    forms = [Form(text, tuple(word.fold for word in typed))]
    for short, level in shorter(typed):
        written = " ".join(word.surface for word in short)
        forms.append(Form(written, tuple(word.fold for word in short), weak=True, level=level))
    if len(typed) == 1 and len(apart := spelled_apart(typed[0].surface)) > 1:
        forms.append(Form(" ".join(apart), apart))
    return Part(text, NAME, {ANY: tuple(forms)})
