"""Where outlets are at home, and which place lies in which."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.hosts import host_of
from tracker.stories.resources import read_sections, split_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tracker.stories.lexicon.gazetteer import Gazetteer
    from tracker.stories.text.tokenization import Token


_SCHEME = len("https://")
_MATTERS = frozenset({"acronym", "technology"})
_KEPT = 32_768
"""Sites of which it is remembered where they are at home: each brings many reports."""


class Geography:
    """The countries of outlets, as ids of entities; its file is read once one is asked for."""

    def __init__(self, path: Path, names: Gazetteer) -> None:
        """Take the file that lists them; without it no outlet is at home anywhere."""
        self._path = path
        self._names = names
        self._found = lru_cache(_KEPT)(self._look)

    def country_of(self, url: str, language: str) -> str:
        """Give the country that the outlet of a report is at home in; "" where nothing tells.

        The host of its URL tells, by the outlets that are listed or its domain, or else the
        language (two letters) that it is in. ConfigError where the file is out of form.
        """
        path = url.find("/", _SCHEME)
        return self._found(url[:path] if path > 0 else url, language)

    def _look(self, site: str, language: str) -> str:
        told = host_of(site)
        while told:  # news.gazette.com, gazette.com, com
            if country := self._hosts.get(told):
                return country
            told = told.partition(".")[2]
        return self._languages.get(language, "")

    def is_everywhere(self, entity: str) -> bool:
        """Tell whether a name is of a disease, a technology and the like, which is everywhere."""
        return self._names.kind(entity) in _MATTERS

    def has(self, country: str) -> bool:
        """Tell whether outlets of a country are told from others."""
        return country in self._countries

    def countries_named(self, words: Sequence[Token]) -> set[str]:
        """Give the countries that some words name, and the parts of the world."""
        return _found(words, self._called)

    def countries_named_by_parts(self, words: Sequence[Token]) -> set[str]:
        """Give the countries of which some words name a part, as California."""
        return _found(words, self._called_by_parts)

    def around(self, place: str) -> set[str]:
        """Give a place, all that it is in, and the parts of the world that those are in."""
        return {place}.union(*map(self.around, self._wholes.get(place, ())))

    def inside(self, place: str) -> set[str]:
        """Give a place and all that is in it; the countries of a part of the world are."""
        return {place}.union(*map(self.inside, self._parts.get(place, ())))

    @cached_property
    def between(self) -> frozenset[str]:
        """The concepts of affairs between countries, which a title may name without its own."""
        return frozenset(split_list(self._sections.get("affairs", {}).get("between", "")))

    @cached_property
    def _sections(self) -> dict[str, dict[str, str]]:
        return read_sections(self._path) if self._path.exists() else {}

    @cached_property
    def _hosts(self) -> dict[str, str]:
        """The countries by the ends of hosts: of one outlet, or a domain that is a country's."""
        found = dict(self._sections.get("domains", {}))
        for country, hosts in self._sections.get("outlets", {}).items():
            for host in split_list(hosts):
                if found.setdefault(host, country) != country:
                    raise ConfigError(self._path, f"{host!r} is at home twice", key=country)
        return self._checked(found)

    @cached_property
    def _languages(self) -> dict[str, str]:
        return self._checked(self._sections.get("languages", {}))

    def _checked(self, homes: dict[str, str]) -> dict[str, str]:
        """Give them; ConfigError where one is no country."""
        for key, country in homes.items():
            if country not in self._names.entities or self._names.kind(country) != "country":
                problem = f"{country!r} is no country among the names"
                raise ConfigError(self._path, problem, key=key)
        return homes

    @cached_property
    def _countries(self) -> frozenset[str]:
        return frozenset((*self._hosts.values(), *self._languages.values()))

    @cached_property
    def _regions(self) -> dict[str, frozenset[str]]:
        told = self._sections.get("regions", {})
        for region in told.keys() - self._names.entities.keys():
            raise ConfigError(self._path, "there is no such name", key=region)
        return {
            region: frozenset(self._checked({c: c for c in split_list(countries)}))
            for region, countries in told.items()
        }

    @cached_property
    def _parts(self) -> dict[str, set[str]]:
        """The ids of what is in a place, by its own; ConfigError where one is none."""
        names = self._names
        found = {
            whole: set(filter(names.is_place, names.related(whole)))
            for whole in filter(names.is_place, names.entities)
        }
        for region, countries in self._regions.items():
            found.setdefault(region, set()).update(countries)
        for whole, parts in self._sections.get("within", {}).items():
            for place in (whole, *split_list(parts)):
                if place not in names.entities or not names.is_place(place):
                    problem = f"{place!r} is no place among the names"
                    raise ConfigError(self._path, problem, key=whole)
            found[whole].update(split_list(parts))
        return found

    @cached_property
    def _wholes(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for whole, parts in self._parts.items():
            for part in parts:
                found.setdefault(part, set()).add(whole)
        return found

    @cached_property
    def _called(self) -> _Called:
        countries = [e.id for e in self._names.entities.values() if e.kind == "country"]
        called = [(form.tokens, c) for c in countries for form in self._names.aliases(c)]
        return _by_first(called + self._strongly((region, region) for region in self._regions))

    @cached_property
    def _called_by_parts(self) -> _Called:
        every = self._names.entities.values()
        bound = ((part, e.id) for e in every for part in self._names.related(e.id))
        return _by_first(self._strongly((p, c) for p, c in bound if self._names.kind(p) == "place"))

    def _strongly(self, places: Iterable[tuple[str, str]]) -> list[tuple[tuple[str, ...], str]]:
        """Give what places are called, with what each stands for.

        Without weak aliases: Austin of Texas is a given name as well.
        """
        return [
            (form.tokens, told)
            for place, told in places
            for form in self._names.aliases(place)
            if not form.ambiguous
        ]


_Called = dict[str, list[tuple[tuple[str, ...], str]]]
"""What places are called, as folded words, by the first, with the country that each tells of."""


def _by_first(called: Iterable[tuple[tuple[str, ...], str]]) -> _Called:
    found: _Called = {}
    for key, country in called:
        found.setdefault(key[0], []).append((key, country))
    return found


def _found(words: Sequence[Token], called: _Called) -> set[str]:
    """Give what some words tell of."""
    folds = tuple(word.norm for word in words)
    return {
        country
        for place, fold in enumerate(folds)
        for key, country in called.get(fold, ())
        if folds[place : place + len(key)] == key
    }
