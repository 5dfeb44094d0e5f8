"""Where outlets are at home: a country goes unsaid in reports of its own.

Who follows "Spain doctors strike" from abroad types a name that Spanish outlets leave out. There
the story is read without it, and learns apart from what it learns elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from tracker.errors import ConfigError
from tracker.hosts import host_of
from tracker.stories.columns import listed
from tracker.stories.parts import anchoring
from tracker.stories.sections import sections

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tracker.stories.entities import Names
    from tracker.stories.match import Judge
    from tracker.stories.matcher import Reading
    from tracker.stories.parts import Part
    from tracker.stories.sighting import Sighting
    from tracker.stories.text import Word
    from tracker.stories.understand import Understanding

_SCHEME = len("https://")
_KEPT = 32_768
"""Sites of which it is remembered where they are at home: each brings many reports."""


class Homes:
    """The countries of outlets, as ids of entities; its file is read once one is asked for."""

    def __init__(self, path: Path, names: Names) -> None:
        """Take the file that lists them; without it no outlet is at home anywhere."""
        self._path = path
        self._names = names
        self._found = lru_cache(_KEPT)(self._look)

    def of(self, url: str, language: str) -> str:
        """Give the country that the outlet of a report is at home in; "" where nothing tells.

        The domain of its URL tells, or else the language (two letters) that it is in. ConfigError
        where the file is out of form.
        """
        path = url.find("/", _SCHEME)
        return self._found(url[:path] if path > 0 else url, language)

    def _look(self, site: str, language: str) -> str:
        domain = host_of(site).rpartition(".")[2]
        domains, languages = self._told
        return domains.get(domain) or languages.get(language, "")

    def has(self, country: str) -> bool:
        """Tell whether outlets of a country are told from others."""
        return country in self._countries

    def named(self, words: Sequence[Word]) -> set[str]:
        """Give the countries that some words name."""
        folds = tuple(word.fold for word in words)
        return {
            country
            for place, fold in enumerate(folds)
            for key, country in self._aliases.get(fold, ())
            if folds[place : place + len(key)] == key
        }

    @cached_property
    def between(self) -> frozenset[str]:
        """The concepts of affairs between countries, which a title may name without its own."""
        return frozenset(listed(self._sections.get("affairs", {}).get("between", "")))

    @cached_property
    def _sections(self) -> dict[str, dict[str, str]]:
        return sections(self._path) if self._path.exists() else {}

    @cached_property
    def _told(self) -> tuple[dict[str, str], dict[str, str]]:
        """The countries by domain and by language."""
        domains, languages = (self._sections.get(key, {}) for key in ("domains", "languages"))
        for code, country in (*domains.items(), *languages.items()):
            if country not in self._names.entities or self._names.kind(country) != "country":
                problem = f"{country!r} is no country among the names"
                raise ConfigError(self._path, problem, key=code)
        return domains, languages

    @cached_property
    def _countries(self) -> frozenset[str]:
        return frozenset(country for listed in self._told for country in listed.values())

    @cached_property
    def _aliases(self) -> dict[str, list[tuple[tuple[str, ...], str]]]:
        """What countries are called, as folded words, by the first."""
        found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for entity in self._names.entities.values():
            if entity.kind == "country":
                for form in self._names.aliases(entity.id):
                    found.setdefault(form.key[0], []).append((form.key, entity.id))
        return found


@dataclass(frozen=True, slots=True)
class AtHome:
    """How a story that names one country is read in reports of that country's outlets.

    `judge` is the story's `Judge.at_home`; `anchored` are the parts of which a report shows at
    least one, by their `numbers`. A title that names countries names one of the query (`typed`), be
    it by another name (Trump), but where the affair is one `between` countries.
    """

    country: str
    homes: Homes
    judge: Judge
    numbers: tuple[int, ...]
    typed: tuple[Word, ...]
    between: bool

    @classmethod
    def of(
        cls, understanding: Understanding, judge: Judge, homes: Homes, typed: tuple[Word, ...]
    ) -> AtHome | None:
        """Give how a query of these words is read at home; None where that makes no difference."""
        if judge.at_home is None:
            return None
        parts, country = judge.at_home.parts, understanding.country
        between = any(not homes.between.isdisjoint(part.concepts) for part in parts)
        return cls(country, homes, judge.at_home, tuple(anchoring(parts)), typed, between)

    @property
    def anchored(self) -> list[Part]:
        """The parts of which a report of an outlet at home shows at least one."""
        return [self.judge.parts[number] for number in self.numbers]

    def anchors(self) -> frozenset[str]:
        """Give what such a report holds at least one of (`Observer.anchors`)."""
        return frozenset().union(*map(self.judge.observer.anchors, self.numbers))

    def takes(self, reading: Reading) -> bool:
        """Tell whether a report is of an outlet at home.

        Where the query has another name too, one that is no candidate so may still be as others.
        """
        return self.homes.of(reading.item.url, reading.text.language) == self.country

    def sight(self, reading: Reading) -> Sighting | None:
        """Look at a report of an outlet at home; None where it is no candidate."""
        evidence = self.judge.observer.observe_any(reading.text, self.numbers)
        if evidence is None or self._is_of_elsewhere(reading.text.title):
            return None
        day = reading.item.published.toordinal()
        return self.judge.weigh(evidence, day)._replace(at_home=True)

    def _is_of_elsewhere(self, title: Sequence[Word]) -> bool:
        """Tell whether a title names other countries only, and so is told of these."""
        named = set() if self.between else self.homes.named(title)
        return bool(named) and named.isdisjoint({self.country, *self.homes.named(self.typed)})
