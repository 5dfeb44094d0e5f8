"""The home country of outlets, and which place lies in which."""

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
_PLACELESS_KINDS = frozenset({"acronym", "technology"})
_SITES_KEPT = 32_768
"""Sites whose country is cached: each site has many reports."""


class Geography:
    """Countries of outlets and containment of places, read from a file at the first look-up.

    Countries and places are entity ids.
    """

    def __init__(self, path: Path, gazetteer: Gazetteer) -> None:
        """Take the path of the file; without it no outlet has a home country."""
        self._path = path
        self._gazetteer = gazetteer
        self._cached_country = lru_cache(_SITES_KEPT)(self._country_of_site)

    def country_of(self, url: str, language: str) -> str:
        """Return the home country of a report's outlet; "" if unknown.

        The host of its URL decides: a listed outlet or a country's domain, else the language (two
        letters) of the report. ConfigError for a malformed file.
        """
        path = url.find("/", _SCHEME)
        return self._cached_country(url[:path] if path > 0 else url, language)

    def _country_of_site(self, site: str, language: str) -> str:
        host = host_of(site)
        while host:  # from news.gazette.com to gazette.com to com
            if country := self._hosts.get(host):
                return country
            host = host.partition(".")[2]
        return self._languages.get(language, "")

    def is_everywhere(self, entity: str) -> bool:
        """Return whether an entity is not bound to a place.

        For example: a disease, a technology.
        """
        return self._gazetteer.kind(entity) in _PLACELESS_KINDS

    def has(self, country: str) -> bool:
        """Return whether any outlet can have this home country."""
        return country in self._countries

    def countries_named(self, words: Sequence[Token]) -> set[str]:
        """Return the countries and world regions that some tokens name."""
        return _countries_in(words, self._countries_by_name)

    def countries_named_by_parts(self, words: Sequence[Token]) -> set[str]:
        """Return the countries of which some tokens name a part. For example: California."""
        return _countries_in(words, self._countries_by_part)

    def around(self, place: str) -> set[str]:
        """Return a place, all places that contain it, and their world regions."""
        return {place}.union(*map(self.around, self._wholes.get(place, ())))

    def inside(self, place: str) -> set[str]:
        """Return a place and all places in it; a world region contains its countries."""
        return {place}.union(*map(self.inside, self._parts.get(place, ())))

    @cached_property
    def between(self) -> frozenset[str]:
        """The ids of concepts that happen between countries: a title may omit the outlet's own."""
        return frozenset(split_list(self._sections.get("affairs", {}).get("between", "")))

    @cached_property
    def _sections(self) -> dict[str, dict[str, str]]:
        return read_sections(self._path) if self._path.exists() else {}

    @cached_property
    def _hosts(self) -> dict[str, str]:
        """Country by host suffix: an outlet's host or a country's domain."""
        found = dict(self._sections.get("domains", {}))
        for country, hosts in self._sections.get("outlets", {}).items():
            for host in split_list(hosts):
                if found.setdefault(host, country) != country:
                    raise ConfigError(self._path, f"{host!r} is at home twice", key=country)
        return self._checked(found)

    @cached_property
    def _languages(self) -> dict[str, str]:
        return self._checked(self._sections.get("languages", {}))

    def _checked(self, countries: dict[str, str]) -> dict[str, str]:
        """Return the mapping; ConfigError if a value is not a country of the gazetteer."""
        for key, country in countries.items():
            if (
                country not in self._gazetteer.entities
                or self._gazetteer.kind(country) != "country"
            ):
                problem = f"{country!r} is no country among the names"
                raise ConfigError(self._path, problem, key=key)
        return countries

    @cached_property
    def _countries(self) -> frozenset[str]:
        return frozenset((*self._hosts.values(), *self._languages.values()))

    @cached_property
    def _regions(self) -> dict[str, frozenset[str]]:
        listed = self._sections.get("regions", {})
        for region in listed.keys() - self._gazetteer.entities.keys():
            raise ConfigError(self._path, "there is no such name", key=region)
        return {
            region: frozenset(self._checked({c: c for c in split_list(countries)}))
            for region, countries in listed.items()
        }

    @cached_property
    def _parts(self) -> dict[str, set[str]]:
        """The ids of places inside a place, by its id.

        ConfigError for an id that is not a place.
        """
        gazetteer = self._gazetteer
        found = {
            whole: set(filter(gazetteer.is_place, gazetteer.related(whole)))
            for whole in filter(gazetteer.is_place, gazetteer.entities)
        }
        for region, countries in self._regions.items():
            found.setdefault(region, set()).update(countries)
        for whole, parts in self._sections.get("within", {}).items():
            for place in (whole, *split_list(parts)):
                if place not in gazetteer.entities or not gazetteer.is_place(place):
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
    def _countries_by_name(self) -> _PlaceNames:
        countries = [e.id for e in self._gazetteer.entities.values() if e.kind == "country"]
        names = [(form.tokens, c) for c in countries for form in self._gazetteer.aliases(c)]
        return _by_first_token(
            names + self._unambiguous_names((region, region) for region in self._regions)
        )

    @cached_property
    def _countries_by_part(self) -> _PlaceNames:
        entities = self._gazetteer.entities.values()
        parts = ((part, e.id) for e in entities for part in self._gazetteer.related(e.id))
        return _by_first_token(
            self._unambiguous_names((p, c) for p, c in parts if self._gazetteer.kind(p) == "place")
        )

    def _unambiguous_names(
        self, places: Iterable[tuple[str, str]]
    ) -> list[tuple[tuple[str, ...], str]]:
        """Return the unambiguous aliases of places, each with the country given for the place.

        An ambiguous one does not name its place. For example: Austin is also a given name.
        """
        return [
            (form.tokens, country)
            for place, country in places
            for form in self._gazetteer.aliases(place)
            if not form.ambiguous
        ]


_PlaceNames = dict[str, list[tuple[tuple[str, ...], str]]]
"""Aliases of places, as normalised tokens, with their country; by first token."""


def _by_first_token(names: Iterable[tuple[tuple[str, ...], str]]) -> _PlaceNames:
    found: _PlaceNames = {}
    for key, country in names:
        found.setdefault(key[0], []).append((key, country))
    return found


def _countries_in(words: Sequence[Token], place_names: _PlaceNames) -> set[str]:
    """Return the countries of the place names in some tokens."""
    norms = tuple(word.norm for word in words)
    return {
        country
        for place, norm in enumerate(norms)
        for key, country in place_names.get(norm, ())
        if norms[place : place + len(key)] == key
    }
