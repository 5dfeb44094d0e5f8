"""Kinds of things and the best known of each: what is told of a PlayStation is told of consoles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.forms import ANY, BOUND
from tracker.stories.parts import NAME, Part
from tracker.stories.text import words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tracker.stories.vocabulary import Vocabulary


class Kinds:
    """Kinds by their English words; their stems are made when the first is asked for."""

    def __init__(self, listed: Mapping[str, tuple[str, ...]]) -> None:
        """Take what each kind is called, in lower case, with the ids of those of the kind."""
        self._listed = listed
        self._by_stems: dict[tuple[str, ...], tuple[str, ...]] | None = None

    def of(self, stems: tuple[str, ...]) -> tuple[str, ...]:
        """Give the ids of those of a kind, by the English stems of its words; none for no kind."""
        if self._by_stems is None:
            self._by_stems = {_stems(kind): ids for kind, ids in self._listed.items()}
        return self._by_stems.get(stems, ())


def _stems(text: str) -> tuple[str, ...]:
    return tuple([word.stem for word in words(text, "en")])


def with_those_of_its_kind(
    part: Part, named: Collection[str], language: str, vocabulary: Vocabulary
) -> Part:
    """Add to a kind of things the names of the best known, each of which is a part of it.

    Not where the query names one of these (`named`, by id, "" for an unknown name): Netflix is what
    makes that story. Beside a company, the other companies of the kind are its rivals.
    """
    if part.kind == NAME or part.required or part.field:
        return part
    english = [_stems(part.text)] if language == "en" else []
    english += [form.key for form in part.forms.get("en", ())]
    known = {entity: None for stems in english for entity in vocabulary.kinds.of(stems)}
    if not known or not known.keys().isdisjoint(named):
        return part
    kind = vocabulary.names.kind
    rivals = "company" if {"", "company"}.intersection(map(kind, named)) else ""
    forms = [
        form.at(BOUND)
        for entity in known
        if kind(entity) != rivals
        for form in vocabulary.names.aliases(entity)
        if not form.weak
    ]
    return replace(part, forms={**part.forms, ANY: (*part.forms[ANY], *forms)})
