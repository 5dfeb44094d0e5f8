"""The parts of a query, and how one is made of words that the vocabulary does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY, Form, is_short_acronym
from tracker.stories.short_names import shorter
from tracker.stories.text.quantities import MONTHS
from tracker.stories.text.tokenization import FIGURE, LOWER, UPPER, Word, spelled_apart, words
from tracker.stories.text.wordlists import name_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.lexicon.concepts import Sense

NAME, CONCEPT, WORD, PHRASE = "name", "concept", "word", "phrase"
HEAD_FIRST = frozenset({"es", "fr", "it", "pt"})
"""Languages that say first what it is or what happens: visa de travail, grève éboueurs."""
YEAR = 4
"""Figures of so many are the year of an affair, not a part of a name."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a query: `forms` are the words as typed and, of a name, what else it is called.

    `known` is whether the vocabulary has it; `concepts` are the ids of its concepts, and `senses`
    what they stand for; `context` is true for a name that does not make a story; `bound` for one
    that the query names together with what belongs to it anyway (Apple iPhone); `open` for a word
    that leaves open what kind of affair it is (fight). `person` and `place` are for what the
    vocabulary has as one, a country among the places. `apart` are the words of a phrase, each with
    what it means by itself, if the vocabulary knows it: they may stand in another order. `happens`
    is for what is typed first in a language that says so what happens (grève éboueurs), and `thing`
    for what tells no affair and so makes the story where no name does: radioactive shrimp.
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
    person: bool = False
    place: bool = False
    open: bool = False
    apart: tuple[tuple[str, Sense | None], ...] = ()
    happens: bool = False
    thing: bool = False


def subjects(parts: Sequence[Part]) -> list[int]:
    """Give the numbers of the parts that make a story: its names.

    In a query without any they are all but the last, as that one says what happens in the short way
    of headlines (offshore wind halt), or the first, where it `happens`. A technology says of none
    what happens to it: ban on AI. One alone is both. Dates make no story (solar eclipse 2026), nor
    does who decides on it (senate stablecoin bill), nor what is open: troops in cities.
    """
    names = [number for number, part in enumerate(parts) if part.kind == NAME]
    told = [number for number, part in enumerate(parts) if not is_date(part)]
    told = told or list(range(len(parts)))
    told = [number for number in told if not is_office(parts[number])] or told
    told = [n for n in told if n == told[-1] or not (parts[n].open and parts[n].kind == WORD)]
    things = [number for number in told if parts[number].thing]
    if names or things or len(told) == 1:
        return names or things or told
    last = next((number for number in reversed(told) if not parts[number].entity), told[-1])
    happens = next((number for number in told if parts[number].happens), last)
    rest = [n for n in told if n != happens and not (parts[n].open and parts[n].kind == WORD)]
    return rest or [happens]


def told_by_most(parts: Sequence[Part]) -> list[int]:
    """Give the numbers of the parts of which most make the story, of a query of three and more.

    None where it has a name. "Bankeinbruch Tresorraum Millionenbeute" is told without the loot.
    """
    told = [number for number, part in enumerate(parts) if not part.open]
    named = any(part.kind == NAME for part in parts)
    return [] if named or len(told) < _SEVERAL else told


def anchoring(parts: Sequence[Part]) -> list[int]:
    """Give the numbers of the parts of which a candidate shows at least one."""
    if most := told_by_most(parts):
        return most
    return [n for n in subjects(parts) if not parts[n].context] or list(range(len(parts)))


_SEVERAL = 3
_DOUBLED = 3
"""Words of a person with two given names."""
_PAIR = 2
"""Two words with capitals are one name, though the second may be a given name: Elton John."""


def plain(*typed: Word) -> Part:
    """Make a part of words that the vocabulary does not know."""
    text = " ".join([word.surface for word in typed])
    return Part(text, WORD, {ANY: (Form(text, tuple([word.fold for word in typed])),)})


def is_date(part: Part) -> bool:
    """Tell whether a word of a query is a year, a season or a month, and no name."""
    return part.kind == WORD and all(map(_is_date, words(part.text, "")))


def is_office(part: Part) -> bool:
    """Tell whether a word of a query is who decides, whoever's it is: senate, the Texas House."""
    return part.kind != CONCEPT and part.text.lower() in name_words("offices")


def is_listed(part: Part, listed: frozenset[str]) -> bool:
    """Tell whether all words of a part that is no name are among some, given folded."""
    if part.kind not in {CONCEPT, WORD}:
        return False
    return {word.fold for word in words(part.text, "")} <= listed


def _is_date(word: Word) -> bool:
    year = word.fold.isdecimal() and len(word.fold) == YEAR
    return year or word.fold in MONTHS or word.fold in name_words("seasons")


def names(run: list[Word]) -> list[Part]:
    """Make names of a run of words with capitals that the vocabulary does not know.

    A person is a given name and the word behind it, or two and the last word of three (Jean-Marc
    Quux); what stands side by side otherwise is one name.
    A title alone names nobody beside a person: Senator Anna Quux.
    A figure belongs to what is before it, but behind a person it begins another name (Anna Quux 60
    Minutes). A year or a month alone is none: headlines seldom say it.
    """
    if len(run) == 1 and _is_date(run[0]):
        return [plain(run[0])]
    given = name_words("given")
    if len(run) > 1 and run[-1].fold in MONTHS and run[-1].fold not in given:  # SNAP November
        return [*names(run[:-1]), plain(run[-1])]
    pairs = list(zip(run[::2], run[1::2], strict=False))
    if len(run) == 2 * len(pairs) > _PAIR and all(first.fold in given for first, _ in pairs):
        return [name(pair) for pair in pairs]  # Mark Kelly Anna Quux: Kelly is a given name too
    found: list[list[Word]] = []
    for place, word in enumerate(run):
        last = found[-1] if found else []
        person = bool(last) and last[0].fold in given
        if word.shape == FIGURE:
            joins = bool(last) and not (person and len(last) > 1 and place + 1 < len(run))
        elif person and all(each.fold in given for each in run[:place]) and place + 1 == len(run):
            joins = True  # Jean Marc Quux
        elif person:
            full = len([each for each in last if len(each.fold) > 1]) > 1
            doubled = len(run) == _DOUBLED and place == 1 and run[2].fold not in given
            joins = not full and (word.fold not in given or place + 1 == len(run) or doubled)
        else:
            within = bool(last) and last[-1].shape == LOWER  # the Glória of Elevador da Glória
            begins = word.fold in given and len(run) > _PAIR and not within
            acronym = word.shape == UPPER and not is_of_a_model(word)
            apart = acronym and bool(last) and last[0].shape != FIGURE
            joins = bool(last) and not begins and not apart
        if joins:
            last.append(word)
        elif len(last) == 1 and last[0].fold in name_words("titles") - given:
            found[-1] = [word]
        else:
            found.append([word])
    return [name(tuple(one)) for one in found]


def is_of_a_model(word: Word) -> bool:
    """Tell whether a word is a model's letter or number, and no acronym: Rabbit R1, Galaxy Z."""
    return len(word.fold) == 1 or any(map(str.isdigit, word.fold))


def name(typed: tuple[Word, ...]) -> Part:
    """Make a part of a name; its shorter forms stand for it weakly."""
    text = " ".join(word.surface for word in typed)
    forms = [Form(text, tuple(word.fold for word in typed), upper=is_short_acronym(typed))]
    for short, level in shorter(typed):
        written = " ".join(word.surface for word in short)
        forms.append(Form(written, tuple(word.fold for word in short), weak=True, level=level))
    if len(typed) == 1 and len(apart := spelled_apart(typed[0].surface)) > 1:
        forms.append(Form(" ".join(apart), apart))
    return Part(text, NAME, {ANY: tuple(forms)})
