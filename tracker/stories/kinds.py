"""Kinds of things and the best known of each: what is told of a PlayStation is told of consoles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.stories.columns import Column, letters_of, listed
from tracker.stories.forms import ANY, BOUND, form_of
from tracker.stories.parts import NAME, Part
from tracker.stories.text import words

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from tracker.stories.forms import Form
    from tracker.stories.vocabulary import Vocabulary


class Kinds:
    """Reads its file once a query asks for a kind."""

    def __init__(self, path: Path, entities: Collection[str]) -> None:
        """Take a file of kinds, which may be missing, and the ids that it may refer to."""
        self._path = path
        self._entities = entities
        self._column: Column | None = None
        self._members: list[str] = []

    def of(self, stems: tuple[str, ...]) -> tuple[str, ...]:
        """Give those of a kind, by the English stems of its words; none for no kind.

        Each is the id of an entity, in small letters, or a name as it is written, with a capital.
        ConfigError for a line that is out of form.
        """
        column = self._column or self._read()
        for called, line in column.beginning(letters_of(stems[0], "en") if stems else "", "en"):
            if _stems(called) == stems:
                return listed(self._members[line])
        return ()

    def _read(self) -> Column:
        text = self._path.read_text("utf-8") if self._path.exists() else ""
        called: list[str] = []
        for number, line in enumerate(text.splitlines(), 1):
            if line[:1] in ("", "#"):
                continue
            kind, _, members = line.partition("\t")
            if not listed(kind) or not listed(members):
                problem = "has to have words for a kind, a tab, and those of the kind"
                raise ConfigError(self._path, problem, line=number)
            for member in listed(members):
                if member not in self._entities and member == member.lower():
                    problem = f"there is no {member!r} among the names"
                    raise ConfigError(self._path, problem, line=number)
            called.append(kind)
            self._members.append(members)
        self._column = Column(called)
        return self._column


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
    beside_a_company = not _COMPANY.isdisjoint(map(vocabulary.names.kind, named))
    forms = [
        form.at(BOUND)
        for member in known
        for kind, forms in [_called(member, vocabulary)]
        if not (beside_a_company and kind in _COMPANY)
        for form in forms
        if not form.weak
    ]
    return replace(part, forms={**part.forms, ANY: (*part.forms[ANY], *forms)})


def _called(member: str, vocabulary: Vocabulary) -> tuple[str, tuple[Form, ...]]:
    """Give of which kind a member is, "" where the names do not have it, and its forms."""
    if member in vocabulary.names.entities:
        return vocabulary.names.kind(member), vocabulary.names.aliases(member)
    return "", (form_of(member, ANY),)


_COMPANY = frozenset({"", "company"})
"""What an unknown name may be, and its rivals."""
