"""The gazetteer: entities with their aliases, and relations between entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY_LANGUAGE, parse_form
from tracker.stories.lexicon.prefix_index import PrefixColumn, first_norm, prefix_of
from tracker.stories.text.normalization import normalize
from tracker.stories.text.tokenization import UPPER
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

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
_MANY_SIDED = frozenset({*_PLACES, "government", "organisation", "technology"})
"""Kinds of names that are in the news for many affairs, whatever their names are."""
Index = dict[str, list[tuple[str, str]]]
"""Aliases as listed, each with its entity's id, by first token."""
_MOST_PREFIXES = 16
"""Prefixes that are looked up one by one, 2 ms each; the whole index takes 37 ms."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A named entity.

    `written` are its listed aliases of all languages, `kind` is one of `KINDS`.
    """

    id: str
    kind: str
    written: tuple[str, ...]


class Gazetteer:
    """Entities by id, and their aliases by first token.

    Aliases are parsed only when a look-up asks for them: a query needs few of thousands.
    """

    def __init__(
        self, entities: Mapping[str, Entity], related: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.entities = entities
        self._related = related
        self._aliases: dict[str, tuple[SurfaceForm, ...]] = {}
        self._related_by: dict[str, list[str]] | None = None
        self._ids = list(entities)
        self._column: PrefixColumn | None = None
        self._listed_by_prefix: dict[str, Index] = {}
        self._lines: list[tuple[str, str]] = []
        self._listed: Index | None = None
        self._by_first_token: dict[str, list[tuple[SurfaceForm, str]]] = {}

    def kind(self, entity: str) -> str:
        """Return the kind of an entity (one of `KINDS`); "" for the id ""."""
        return self.entities[entity].kind if entity else ""

    def is_place(self, entity: str) -> bool:
        """Return whether an entity is a country or a place; False for the id ""."""
        return self.kind(entity) in _PLACES

    def is_many_sided(self, entity: str) -> bool:
        """Return whether an entity is in the news for many affairs.

        It is a place, a body, a technology, or of the list `giants`. False for the id "".
        """
        return self.kind(entity) in _MANY_SIDED or entity in word_list("giants")

    def aliases(self, entity: str) -> tuple[SurfaceForm, ...]:
        """Return the aliases of an entity, its display name first."""
        aliases = self._aliases.get(entity)
        if aliases is None:
            listed = self.entities[entity].written
            aliases = self._aliases[entity] = tuple(
                [parse_form(alias, ANY_LANGUAGE) for alias in listed]
            )
        return aliases

    def related(self, entity: str) -> tuple[str, ...]:
        """Return the entities that a company or authority is led by or known for."""
        return self._related.get(entity, ())

    def related_by(self, entity: str) -> list[str]:
        """Return the entities that list this one in `related`."""
        if self._related_by is None:
            self._related_by = {}
            for source, targets in self._related.items():
                for target in targets:
                    self._related_by.setdefault(target, []).append(source)
        return self._related_by.get(entity, [])

    def longer_aliases(self, tokens: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
        """Return the aliases that contain given tokens side by side and more, with their entities.

        For example: "Epstein-Barr virus" for "Epstein", "Michael Jordan" for "Jordan".
        """
        if not self._lines:
            listed = self.entities.items()
            self._lines = [(normalize(", ".join(e.written)), key) for key, e in listed]
        size, found = len(tokens), []
        for entity in [key for line, key in self._lines if tokens[0] in line]:
            for form in self.aliases(entity):
                starts = range(len(form.tokens) - size + 1)
                if len(form.tokens) > size and any(
                    form.tokens[at : at + size] == tokens for at in starts
                ):
                    found.append((form.tokens, entity))
        return found

    def starting(self, word: str) -> list[tuple[SurfaceForm, str]]:
        """Return the aliases that begin with a normalised token, each with its entity's id.

        The longest come first, unambiguous ones before ambiguous ones of the same length.
        """
        listed = self._listed_aliases(word).get(word)
        if listed is None:  # not cached: the number of unknown words is unbounded
            return []
        parsed = self._by_first_token.get(word)
        if parsed is None:
            parsed = [(parse_form(written, ANY_LANGUAGE), entity) for written, entity in listed]
            parsed.sort(key=lambda entry: (-len(entry[0].tokens), entry[0].ambiguous))
            self._by_first_token[word] = parsed
        return parsed

    def first_tokens(self) -> AbstractSet[str]:
        """Return the first tokens of all aliases; `starting` has the aliases of one."""
        return self._every_alias().keys()

    def _every_alias(self) -> Index:
        if self._listed is None:
            entities = self.entities.values()
            self._listed = _by_token((alias, one.id) for one in entities for alias in one.written)
            self._listed_by_prefix.clear()
        return self._listed

    def _listed_aliases(self, word: str) -> Index:
        """Return the listed aliases by first token, with their entities: those like a word, or all.

        The first words are looked up prefix by prefix, which suits a query. Of many words the whole
        index costs less.
        """
        if self._listed is not None:
            return self._listed
        prefix = prefix_of(word, "")
        index = self._listed_by_prefix.get(prefix)
        if index is not None:
            return index
        if len(self._listed_by_prefix) == _MOST_PREFIXES:
            return self._every_alias()
        if self._column is None:
            written = (", ".join(entity.written) for entity in self.entities.values())
            self._column = PrefixColumn(written)
        listed = self._column.beginning(prefix, "")
        found = _by_token((alias, self._ids[line]) for alias, line in listed)
        self._listed_by_prefix[prefix] = found
        return found


def _by_token(listed: Iterable[tuple[str, str]]) -> Index:
    """Return aliases, given with their entities, by first token."""
    index: Index = {}
    for alias, entity in listed:
        index.setdefault(first_norm(alias), []).append((alias, entity))
    return index


def is_an_alias(word: Token, names: Gazetteer) -> bool:
    """Return whether a token is an alias by itself, ambiguous or not."""
    return any(
        len(form.tokens) == 1 and (not form.case_sensitive or word.shape == UPPER)
        for form, _ in names.starting(word.norm)
    )
