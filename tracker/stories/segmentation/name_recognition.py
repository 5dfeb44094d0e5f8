"""Unknown names: how a run of words with capitals that the lexicon lacks is cut into names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY, Form, is_short_acronym
from tracker.stories.query.model import NAME, Part, _is_date, plain
from tracker.stories.short_names import shorter
from tracker.stories.text.quantities import MONTHS
from tracker.stories.text.tokenization import FIGURE, LOWER, UPPER, spelled_apart
from tracker.stories.text.wordlists import name_words

if TYPE_CHECKING:
    from tracker.stories.text.tokenization import Word


_DOUBLED = 3
"""Words of a person with two given names."""
_PAIR = 2
"""Two words with capitals are one name, though the second may be a given name: Elton John."""


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
