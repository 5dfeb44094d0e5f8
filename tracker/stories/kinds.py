"""Query expansion: a class of things also stands for its best-known members."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.levels import MEMBER
from tracker.stories.lexicon.forms import ANY, form_of
from tracker.stories.query.model import NAME
from tracker.stories.text.tokenization import stems_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tracker.stories.lexicon.forms import Form
    from tracker.stories.lexicon.lexicon import Vocabulary
    from tracker.stories.query.model import Part


def with_those_of_kinds(parts: Sequence[Part], language: str, vocabulary: Vocabulary) -> list[Part]:
    """Add to kinds of things the names of the best known, each of which is a part of the kind.

    Of two parts without a name, a kind makes the story: aerolíneas nuevas rutas.
    """
    named = {part.entity for part in parts if part.kind == NAME}
    found = [_with_those_of_its_kind(part, named, language, vocabulary) for part in parts]
    if named or len([part for part in parts if not part.open]) != _PAIR:
        return found
    return [
        part if part is before else replace(part, thing=True)
        for part, before in zip(found, parts, strict=True)
    ]


_PAIR = 2
"""Parts of a query for a kind and what befalls it."""


def _with_those_of_its_kind(
    part: Part, named: Collection[str], language: str, vocabulary: Vocabulary
) -> Part:
    """Add to a kind of things those of the kind.

    Not where the query names one of these (`named`, by id, "" for an unknown name): Netflix is what
    makes that story. Beside any name but a place's only products are added: companies and bodies of
    the kind are others than it, its rivals.
    """
    if part.kind == NAME or part.required or part.field:
        return part
    english = [stems_of(part.text, "en")] if language == "en" else []
    english += [form.key for form in part.forms.get("en", ())]
    known = {entity: None for stems in english for entity in vocabulary.kinds.of(stems)}
    if not known or not known.keys().isdisjoint(named):
        return part
    rivalled = not all(map(vocabulary.names.is_place, named))
    forms = [
        form.at(MEMBER)
        for member in known
        for kind, called in [_called(member, vocabulary)]
        if kind == "product" or not rivalled
        for form in called
    ]
    return replace(part, forms={**part.forms, ANY: (*part.forms[ANY], *forms)})


def _called(member: str, vocabulary: Vocabulary) -> tuple[str, tuple[Form, ...]]:
    """Give of which kind a member is, "" where the names do not have it, and its forms."""
    if member in vocabulary.names.entities:
        return vocabulary.names.kind(member), vocabulary.names.aliases(member)
    return "", (form_of(member, ANY),)
