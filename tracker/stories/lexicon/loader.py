"""Reading the vocabulary from its ini files, and what is out of form in them."""

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
    """Read all files of a folder; ConfigError for the first that is not in form."""
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
        for kin in concept.related:
            if kin not in concepts:
                raise ConfigError(folder, f"kin {kin!r} is no concept", key=f"[{concept.id}]")
    bonds = _bonds(folder / "bonds.ini", entities)
    gazetteer = Gazetteer(entities, bonds)
    return Lexicon(
        concepts,
        gazetteer,
        Hyponyms(folder / "kinds.tsv", entities),
        Dictionary(folder / "dictionary.tsv"),
        Geography(folder / "homes.ini", gazetteer),
        expressions=FixedExpressions(folder / "idioms.ini", concepts),
    )


def _bonds(path: Path, entities: dict[str, Entity]) -> dict[str, tuple[str, ...]]:
    """Read who is bound to whom; a vocabulary without the file has no bonds."""
    if not path.exists():
        return {}
    told = read_sections(path).get("bonds", {})
    bonds = {entity: split_list(others) for entity, others in told.items()}
    for entity, others in bonds.items():
        for name in (entity, *others):
            if name not in entities:
                raise ConfigError(path, f"there is no {name!r} among the names", key=entity)
    return bonds


def _concept(path: Path, name: str, section: dict[str, str]) -> Concept:
    written = {
        key: _worded(path, value, f"[{name}] {key}")
        for key, value in section.items()
        if key in SNOWBALL
    }
    odd = section.keys() - written.keys() - {"about", "kin", "of"}
    if odd:
        raise ConfigError(path, "there is no such key", key=f"[{name}] {min(odd)}")
    if not section.get("about", "").strip():
        raise ConfigError(path, "says nothing in about", key=f"[{name}]")
    if not written:
        raise ConfigError(path, "has no forms", key=f"[{name}]")
    of = split_list(section.get("of", ""))
    for kind in of:
        if kind not in KINDS:
            raise ConfigError(path, f"{kind!r} is no kind", key=f"[{name}] of")
    kin = split_list(section.get("kin", ""))
    return Concept(name, section["about"], kin, frozenset(of), Lists(written))


def _entity(path: Path, name: str, section: dict[str, str]) -> Entity:
    aliases: dict[str, None] = {}  # many are the same in several languages
    for key, value in section.items():
        if key == ANY_LANGUAGE or key in SNOWBALL:
            aliases |= dict.fromkeys(split_list(_worded(path, value, f"[{name}] {key}")))
        elif key != "kind":
            raise ConfigError(path, "there is no such key", key=f"[{name}] {key}")
    kind = section.get("kind", "")
    if kind not in KINDS:
        raise ConfigError(path, f"{kind!r} is no kind", key=f"[{name}] kind")
    if not aliases:
        raise ConfigError(path, "has no aliases", key=f"[{name}]")
    return Entity(name, kind, tuple(aliases))


def _worded(path: Path, value: str, key: str) -> str:
    """Give a value; ConfigError for the first that it lists without a letter or a figure."""
    # As nearly all are; to look for signs takes a sixth of the time that it takes to look at all.
    if value[:1].isalnum() and not _BEGINS_WITH_A_SIGN.search(value):
        return value
    for each in split_list(value):
        if not any(map(str.isalnum, each)):
            raise ConfigError(path, f"{each!r} has no words", key=key)
    return value


_BEGINS_WITH_A_SIGN = re.compile(r",\s*+[\W_]")
