"""Who and what news is about: entities with their aliases, and what is related to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY_LANGUAGE, parse_form
from tracker.stories.lexicon.prefix_index import PrefixColumn, first_norm, prefix_of
from tracker.stories.text.tokenization import UPPER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.text.tokenization import Token


KINDS = frozenset(
    {
        "country",
        "government",
        "company",
        "product",
        "person",
        "organisation",
        "acronym",
        "place",
        "technology",
    }
)
_PLACES = frozenset({"country", "place"})


@dataclass(frozen=True, slots=True)
class Entity:
    """Something with a name; `written` are its aliases as they are listed, of all languages."""

    id: str
    kind: str
    written: tuple[str, ...]


class Gazetteer:
    """Entities by their ids and by how their aliases begin.

    Forms are made of those aliases only that are asked for: a query asks for few of thousands.
    """

    def __init__(
        self, entities: Mapping[str, Entity], bonds: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.entities = entities
        self._bonds = bonds
        self._aliases: dict[str, tuple[SurfaceForm, ...]] = {}
        self._led_by: dict[str, list[str]] | None = None
        self._ids = list(entities)
        self._column: PrefixColumn | None = None
        self._by_word: dict[str, dict[str, list[tuple[str, str]]]] = {}
        self._starting: dict[str, list[tuple[SurfaceForm, str]]] = {}

    def kind(self, entity: str) -> str:
        """Give what kind of name an entity is (`KINDS`); "" for no entity ("")."""
        return self.entities[entity].kind if entity else ""

    def is_place(self, entity: str) -> bool:
        """Tell whether an entity is where something happens; "" is nowhere."""
        return self.kind(entity) in _PLACES

    def aliases(self, entity: str) -> tuple[SurfaceForm, ...]:
        """Give the forms of an entity, as it is shown first."""
        found = self._aliases.get(entity)
        if found is None:
            written = self.entities[entity].written
            found = self._aliases[entity] = tuple(
                [parse_form(each, ANY_LANGUAGE) for each in written]
            )
        return found

    def related(self, entity: str) -> tuple[str, ...]:
        """Give the entities that lead another one, or that it is known for."""
        return self._bonds.get(entity, ())

    def related_by(self, entity: str) -> list[str]:
        """Give the entities that one leads, or that are known for it: the bonds the other way."""
        if self._led_by is None:
            self._led_by = {}
            for firm, bound in self._bonds.items():
                for other in bound:
                    self._led_by.setdefault(other, []).append(firm)
        return self._led_by.get(entity, [])

    def starting(self, word: str) -> list[tuple[SurfaceForm, str]]:
        """Give the aliases that begin with a folded word, the longest first, with entities' ids."""
        listed = self._begun_by(prefix_of(word, "")).get(word)
        if listed is None:  # and not remembered: what is asked for has no end
            return []
        found = self._starting.get(word)
        if found is None:
            found = [(parse_form(written, ANY_LANGUAGE), entity) for written, entity in listed]
            found.sort(key=lambda entry: (-len(entry[0].tokens), entry[0].ambiguous))
            self._starting[word] = found
        return found

    def _begun_by(self, letters: str) -> dict[str, list[tuple[str, str]]]:
        """Give the aliases that begin with some letters, as written, by their first folded word."""
        index = self._by_word.get(letters)
        if index is None:
            index = self._by_word[letters] = {}
            if self._column is None:
                written = (", ".join(entity.written) for entity in self.entities.values())
                self._column = PrefixColumn(written)
            for alias, line in self._column.beginning(letters, ""):
                index.setdefault(first_norm(alias), []).append((alias, self._ids[line]))
        return index


def is_an_alias(word: Token, names: Gazetteer) -> bool:
    """Tell whether there is a name of this one word, written as it is, weak or not."""
    return any(
        len(form.tokens) == 1 and (not form.case_sensitive or word.shape == UPPER)
        for form, _ in names.starting(word.norm)
    )
