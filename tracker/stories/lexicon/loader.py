"""Loading of the lexicon from its data files, and the checks of their format."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.stories.lexicon.concepts import Concept
from tracker.stories.lexicon.dictionary import Dictionary
from tracker.stories.lexicon.forms import ANY_LANGUAGE
from tracker.stories.lexicon.gazetteer import KINDS, Entity, Gazetteer
from tracker.stories.lexicon.geography import Geography
from tracker.stories.lexicon.hyponyms import Hyponyms
from tracker.stories.lexicon.idioms import FixedExpressions
from tracker.stories.lexicon.lexicon import Lexicon
from tracker.stories.resources import DATA, Lists, read_sections, split_list
from tracker.stories.text.stemming import SNOWBALL

if TYPE_CHECKING:
    from pathlib import Path


@lru_cache(maxsize=4)
def load_lexicon(folder: Path = DATA) -> Lexicon:
    """Load the lexicon from a folder; ConfigError for the first malformed file.

    The data files that only some queries need are read at their first use.
    """
    concepts: dict[str, Concept] = {}
    entities: dict[str, Entity] = {}
    for path in sorted([*folder.glob("concepts-*.ini"), *folder.glob("names*.ini")]):
        for section, values in read_sections(path).items():
            if section in concepts or section in entities:
                raise ConfigError(path, "is defined twice", key=f"[{section}]")
            if path.name.startswith("names"):
                entities[section] = _entity(path, section, values)
            else:
                concepts[section] = _concept(path, section, values)
    for concept in concepts.values():
        for other in concept.related:
            if other not in concepts:
                raise ConfigError(folder, f"kin {other!r} is no concept", key=f"[{concept.id}]")
    related = _related_entities(folder / "bonds.ini", entities)
    gazetteer = Gazetteer(entities, related)
    return Lexicon(
        concepts,
        gazetteer,
        Hyponyms(folder / "kinds.tsv", entities),
        Dictionary(folder / "dictionary.tsv"),
        Geography(folder / "homes.ini", gazetteer),
        expressions=FixedExpressions(folder / "idioms.ini", concepts),
    )


def _related_entities(path: Path, entities: dict[str, Entity]) -> dict[str, tuple[str, ...]]:
    """Return the related entities by entity id; empty if the file is missing."""
    if not path.exists():
        return {}
    listed = read_sections(path).get("bonds", {})
    related = {entity: split_list(others) for entity, others in listed.items()}
    for entity, others in related.items():
        for name in (entity, *others):
            if name not in entities:
                raise ConfigError(path, f"there is no {name!r} among the names", key=entity)
    return related


def _concept(path: Path, name: str, section: dict[str, str]) -> Concept:
    written = {
        key: _checked_value(path, value, f"[{name}] {key}")
        for key, value in section.items()
        if key in SNOWBALL
    }
    unknown = section.keys() - written.keys() - {"about", "kin", "of"}
    if unknown:
        raise ConfigError(path, "there is no such key", key=f"[{name}] {min(unknown)}")
    if not section.get("about", "").strip():
        raise ConfigError(path, "says nothing in about", key=f"[{name}]")
    if not written:
        raise ConfigError(path, "has no forms", key=f"[{name}]")
    applies_to = split_list(section.get("of", ""))
    for kind in applies_to:
        if kind not in KINDS:
            raise ConfigError(path, f"{kind!r} is no kind", key=f"[{name}] of")
    related = split_list(section.get("kin", ""))
    return Concept(name, section["about"], related, frozenset(applies_to), Lists(written))


def _entity(path: Path, name: str, section: dict[str, str]) -> Entity:
    aliases: dict[str, None] = {}  # without duplicates: many are equal in several languages
    for key, value in section.items():
        if key == ANY_LANGUAGE or key in SNOWBALL:
            aliases |= dict.fromkeys(split_list(_checked_value(path, value, f"[{name}] {key}")))
        elif key != "kind":
            raise ConfigError(path, "there is no such key", key=f"[{name}] {key}")
    kind = section.get("kind", "")
    if kind not in KINDS:
        raise ConfigError(path, f"{kind!r} is no kind", key=f"[{name}] kind")
    if not aliases:
        raise ConfigError(path, "has no aliases", key=f"[{name}]")
    return Entity(name, kind, tuple(aliases))


def _checked_value(path: Path, value: str, key: str) -> str:
    """Return a value; ConfigError if it lists a form without a letter or a digit."""
    # The common case, decided in a sixth of the time.
    if value[:1].isalnum() and not _FORM_BEGINS_WITH_A_SIGN.search(value):
        return value
    for form in split_list(value):
        if not any(map(str.isalnum, form)):
            raise ConfigError(path, f"{form!r} has no words", key=key)
    return value


_FORM_BEGINS_WITH_A_SIGN = re.compile(r",\s*+[\W_]")
