"""The vocabulary: kinds of affairs in seven languages, and the aliases of names.

It lives in the ini files of data/, which docs/matching.md explains. A concept has forms by
language ("acquisition": buy, takeover, rachat, Übernahme); an entity has aliases. A form or alias
that ends in "?" is weak: it says something only beside other evidence.
"""

from __future__ import annotations

import configparser
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tracker.errors import ConfigError
from tracker.stories.text import SNOWBALL, words

DATA = Path(__file__).parent / "data"
ANY = "any"
"""The key of aliases that hold in every language."""
_SHORT = 3
"""Aliases of up to as many letters, all upper case, are found in upper case only."""

KINDS = frozenset(
    {"country", "government", "company", "product", "person", "organisation", "acronym", "place"}
)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say something: stems for a concept, folded words for a name."""

    text: str
    key: tuple[str, ...]
    weak: bool = False
    upper: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """A kind of affair; `forms` by language, `kin` are ids of concepts that often go with it."""

    id: str
    about: str
    kin: tuple[str, ...]
    forms: dict[str, tuple[Form, ...]]


@dataclass(frozen=True, slots=True)
class Entity:
    """Something with a name; `aliases` of all languages, the first one is how it is shown."""

    id: str
    kind: str
    aliases: tuple[Form, ...]
    related: tuple[str, ...] = ()


class Vocabulary:
    """Concepts and entities, with the look-ups that queries and items need."""

    def __init__(self, concepts: dict[str, Concept], entities: dict[str, Entity]) -> None:
        self.concepts = concepts
        self.entities = entities
        self._stems: dict[str, dict[str, list[tuple[Form, str]]]] = {}
        self._names: dict[str, list[tuple[Form, str]]] = {}
        for entity in entities.values():
            for form in entity.aliases:
                self._names.setdefault(form.key[0], []).append((form, entity.id))
        for found in self._names.values():
            found.sort(key=_longest_first)

    def names_from(self, fold: str) -> list[tuple[Form, str]]:
        """Give the aliases, with their entities' ids, that begin with a folded word."""
        return self._names.get(fold, [])

    def forms_from(self, language: str, stem: str) -> list[tuple[Form, str]]:
        """Give the forms, with their concepts' ids, that begin with a stem; the longest first."""
        index = self._stems.get(language)
        if index is None:
            index = self._stems[language] = {}
            for concept in self.concepts.values():
                for form in concept.forms.get(language, ()):
                    index.setdefault(form.key[0], []).append((form, concept.id))
            for found in index.values():
                found.sort(key=_longest_first)
        return index.get(stem, [])


def _longest_first(entry: tuple[Form, str]) -> tuple[int, bool]:
    return -len(entry[0].key), entry[0].weak


@lru_cache(maxsize=4)
def load(folder: Path = DATA) -> Vocabulary:
    """Read all files of a folder; ConfigError for the first that is not in form."""
    concepts: dict[str, Concept] = {}
    entities: dict[str, Entity] = {}
    for path in sorted([*folder.glob("concepts-*.ini"), *folder.glob("names*.ini")]):
        parser = _parsed(path)
        for section in parser.sections():
            if section in concepts or section in entities:
                raise ConfigError(path, "is defined twice", key=f"[{section}]")
            if path.name.startswith("names"):
                entities[section] = _entity(path, section, parser[section])
            else:
                concepts[section] = _concept(path, section, parser[section])
    for concept in concepts.values():
        for kin in concept.kin:
            if kin not in concepts:
                raise ConfigError(folder, f"kin {kin!r} is no concept", key=f"[{concept.id}]")
    return Vocabulary(concepts, entities)


def _parsed(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(
        interpolation=None, delimiters=("=",), comment_prefixes=("#",), strict=True
    )
    try:
        parser.read_string(path.read_text("utf-8"), source=str(path))
    except configparser.Error as error:
        line = getattr(error, "lineno", None)
        raise ConfigError(path, error.message.splitlines()[0], line=line) from error
    except UnicodeDecodeError as error:
        raise ConfigError(path, f"is not UTF-8 ({error.reason})") from error
    return parser


def _concept(path: Path, name: str, section: configparser.SectionProxy) -> Concept:
    forms: dict[str, tuple[Form, ...]] = {}
    for key, value in section.items():
        if key in SNOWBALL:
            forms[key] = tuple(_forms(path, f"[{name}] {key}", value, key))
        elif key not in {"about", "kin"}:
            raise ConfigError(path, "there is no such key", key=f"[{name}] {key}")
    if not section.get("about", "").strip():
        raise ConfigError(path, "says nothing in about", key=f"[{name}]")
    if not forms:
        raise ConfigError(path, "has no forms", key=f"[{name}]")
    return Concept(name, section["about"], _listed(section.get("kin", "")), forms)


def _entity(path: Path, name: str, section: configparser.SectionProxy) -> Entity:
    aliases: list[Form] = []
    for key, value in section.items():
        if key == ANY or key in SNOWBALL:
            aliases.extend(_forms(path, f"[{name}] {key}", value, ANY))
        elif key not in {"kind", "related"}:
            raise ConfigError(path, "there is no such key", key=f"[{name}] {key}")
    kind = section.get("kind", "")
    if kind not in KINDS:
        raise ConfigError(path, f"{kind!r} is no kind", key=f"[{name}] kind")
    if not aliases:
        raise ConfigError(path, "has no aliases", key=f"[{name}]")
    return Entity(name, kind, tuple(aliases), _listed(section.get("related", "")))


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part for part in (p.strip() for p in value.replace("\n", " ").split(",")) if part)


def _forms(path: Path, key: str, value: str, language: str) -> list[Form]:
    forms = []
    for written in _listed(value):
        text = written.removesuffix("?").strip()
        read = words(text, "" if language == ANY else language)
        if not read:
            raise ConfigError(path, f"{written!r} has no words", key=key)
        tokens = tuple(w.fold if language == ANY else w.stem for w in read)
        letters = "".join(w.surface for w in read)
        upper = language == ANY and letters.isupper() and len(letters) <= _SHORT
        forms.append(Form(text, tokens, written.endswith("?"), upper))
    return forms
