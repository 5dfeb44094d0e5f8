"""What a story has learned: which words go with it, which only with its names, and when.

A profile counts, over the reports that hold a name of the story, in how many that show the affair
itself (or were linked) each word stands ("on"), and in how many of the others ("off"). From this
come log-odds as of a naive Bayes classifier with positive and unlabelled examples (Elkan and Noto,
2008, "Learning classifiers from only positive and unlabeled data"). It is bounded against drift:
what was linked only because of what was learned counts in part, a word must have been seen in two
reports, its weight has a ceiling, and counts fade.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from tracker.model_preview import ProfileTerm
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.tokenization import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tracker.stories.scoring.features import Features


MOST_TERMS = 400
MOST_DAYS = 400
HALF_LIFE_IN_DAYS = 365.0
_GONE = 0.2
"""A count below this is forgotten."""
_NAMED = 0.34
"""How fast it is learned that a word is written as a name."""
_A_NAME = 0.5
_SEEN = 2.0
_SAYS = 0.3
_YEAR_IN_DAYS = 365.0
_ASSUMED_IN_DAYS = 100.0
_BESIDE = 5.0
"""So many reports without the other name are assumed beside those that were seen."""
_UNSEEN, _TELL = 10.0, 0.35
"""So many reports are assumed beside those that were seen, this share of which tells a part."""
_WIDENS = 0.15
"""A name in this share of a story's reports is proposed for its query."""


@dataclass(slots=True)
class Term:
    """Counts of one word: with the affair, without it; days (ordinals) of first and last sight."""

    on: float = 0.0
    off: float = 0.0
    since: int = 0
    last: int = 0
    shown: str = ""
    name: float = 0.0


class Profile:
    """Counts that a story keeps.

    `first` is the day (an ordinal) from which on reports are known, 0 for that of the first one.
    `said` holds weights (-1..1) that the user set by hand, by word as typed; `edited` by stem.
    """

    __slots__ = (
        "_at_home",
        "aspect_counts",
        "days",
        "edited",
        "first",
        "last",
        "manual",
        "name_counts",
        "off",
        "on",
        "pattern_counts",
        "seen",
        "terms",
    )

    def __init__(self, first: int = 0) -> None:
        self.on = 0.0
        self.off = 0.0
        self.terms: dict[str, Term] = {}
        self.pattern_counts: dict[str, list[float]] = {}
        self.name_counts: dict[int, float] = {}  # reports by which names they hold: Sighting.held
        self.days: dict[int, list[float]] = {}  # on, off, and how many tell the affair
        self.seen = 0.0
        self.aspect_counts: dict[
            int, float
        ] = {}  # of the reports seen, by which parts: Sighting.tells
        self.manual: dict[str, float] = {}
        self.edited: dict[str, float] = {}
        self.first = self.last = first
        self._at_home: Profile | None = None

    def domestic(self) -> Profile:
        """Give what is learned of the sightings that are `at_home`; the user's words hold there."""
        found = self._at_home = self._at_home or Profile(self.first)
        found.manual, found.edited = self.manual, self.edited
        return found

    # --- learning --------------------------------------------------------------------------------

    def update(self, features: Features, on: float, off: float) -> None:
        """Count a report as on the story and as off it; below 0 to take it back."""
        evidence, day = features.evidence, features.day
        known, names = self.terms.get, evidence.names
        for stem, weight in evidence.terms.items():
            term = known(stem)
            if term is None:
                if on + off <= 0.0:
                    continue
                shown = evidence.shown.get(stem, stem)
                term = self.terms[stem] = Term(since=day, shown=shown)
            if off:
                counted = term.off + off * weight
                term.off = counted if counted > 0.0 else 0.0  # noqa: FURB136 - thrice as fast
            if on:
                counted = term.on + on * weight
                term.on = counted if counted > 0.0 else 0.0  # noqa: FURB136 - thrice as fast
            if on > 0.0:
                if day > term.last:  # noqa: PLR1730 - thrice as fast
                    term.last = day
                term.name += ((1.0 if stem in names else 0.0) - term.name) * _NAMED
        self.on = max(0.0, self.on + on)
        self.off = max(0.0, self.off + off)
        for counts in (
            self.pattern_counts.setdefault(features.pattern, [0.0, 0.0]),
            self.days.setdefault(day, [0.0, 0.0, 0.0]),
        ):
            counts[0] = max(0.0, counts[0] + on)
            counts[1] = max(0.0, counts[1] + off)

    def observe(self, features: Features, weight: float, times: float = 1.0) -> None:
        """Note a report once, before it is counted: its day, its names, if it tells the affair.

        `times` is what is left of it by now (0..1), below 0 to take it back.
        """
        day, weight = features.day, weight * times
        self.first = min(self.first or day, day)
        self.last = max(self.last, day)
        self.name_counts[features.names_held] = max(
            0.0, self.name_counts.get(features.names_held, 0.0) + times
        )
        self.seen = max(0.0, self.seen + weight)
        for number in features.aspects_shown:
            self.aspect_counts[number] = max(0.0, self.aspect_counts.get(number, 0.0) + weight)
        if features.aspect_in_title:
            counts = self.days.setdefault(day, [0.0, 0.0, 0.0])
            counts[2] = max(0.0, counts[2] + weight)

    def yearly(self, held: int, usual: float) -> float:
        """Estimate how many reports a year hold at least these names (`Sighting.held`); above 0.

        What was seen fades, and so do the days in which it was. As many reports as are `usual` are
        assumed for some days more, so that the first week does not speak for the year.
        """
        seen = sum(count for other, count in self.name_counts.items() if other & held == held)
        rate = math.log(2.0) / HALF_LIFE_IN_DAYS
        days = -math.expm1(-rate * (self.last - self.first)) / rate
        assumed = usual * _ASSUMED_IN_DAYS / _YEAR_IN_DAYS
        return (seen + assumed) / (days + _ASSUMED_IN_DAYS) * _YEAR_IN_DAYS

    def cooccurrence(self, held: int, name: int) -> float:
        """Estimate how many of the reports with some names hold another one too, in 0..1.

        Both are given as bits of `Sighting.held`.
        """
        beside = [
            (other, count) for other, count in self.name_counts.items() if other & held == held
        ]
        seen = sum([count for _, count in beside])
        both = sum([count for other, count in beside if other & name == name])
        return both / (seen + _BESIDE)

    def aspect_share(self, number: int) -> float:
        """Estimate how many of the reports with the names tell a part of the affair, in 0..1."""
        told = self.aspect_counts.get(number, 0.0) + _TELL * _UNSEEN
        return told / (self.seen + _UNSEEN)

    def maturity(self, days: int) -> float:
        """Give how much is known of what takes so many days to know, in 0..1."""
        return min(1.0, (self.last - self.first) / days)

    def decay_since(self, day: int) -> float:
        """Give what is left by now of what was counted on a day, in 0..1."""
        return _left_after(max(0, self.last - day))

    def decay(self, day: int) -> None:
        """Let everything counted before a day weigh less; does nothing for a day gone by."""
        if self._at_home:
            self._at_home.decay(day)
        if self.last and day > self.last:
            factor = _left_after(day - self.last)
            self.on *= factor
            self.off *= factor
            for term in self.terms.values():
                term.on *= factor
                term.off *= factor
            for held in self.name_counts:
                self.name_counts[held] *= factor
            self.seen *= factor
            for number in self.aspect_counts:
                self.aspect_counts[number] *= factor
            for counts in self.pattern_counts.values():
                counts[0] *= factor
                counts[1] *= factor
        self.last = max(self.last, day)

    def prune(self) -> None:
        """Keep the profile small: forget faint words, and the oldest days."""
        if self._at_home:
            self._at_home.prune()
        kept = [(s, t) for s, t in self.terms.items() if t.on + t.off >= _GONE]
        if len(kept) > MOST_TERMS:
            ranked = [(-max(term.on * 2, term.off), stem) for stem, term in kept]
            ranked.sort()  # tuples by themselves take half the time that a key takes
            kept = [(stem, self.terms[stem]) for _, stem in ranked[:MOST_TERMS]]
        self.terms = dict(kept)
        if len(self.days) > MOST_DAYS:
            self.days = {day: self.days[day] for day in sorted(self.days)[-MOST_DAYS:]}

    def edit(self, word: str, weight: float | None) -> None:
        """Set the weight of a word (-1..1; 0 to ignore it), or leave it to learning (None).

        It counts in all its inflections, of whatever language, be they seen already or not. What
        another word that was set holds as well goes on counting as that says.
        """
        for said in [said for said in self.manual if normalize(said) == normalize(word)]:
            del self.manual[said]
        if weight is not None:
            self.manual[word] = max(-1.0, min(1.0, weight))
        self.edited.clear()
        for said, given in self.manual.items():
            self.edited.update(dict.fromkeys(self._stems(said), given))

    def _stems(self, word: str) -> set[str]:
        return {read.stem for code in ("", *SNOWBALL) for read in tokenize(word, code)}

    def top_terms(self, most: int = 40) -> tuple[ProfileTerm, ...]:
        """Give what the user set by hand, then what was learned, the strongest first.

        A proposal is a name that stands in many reports of the story: the user may add it to the
        query, which would then also take reports without the names typed so far.
        """
        said = [self._said(word, weight) for word, weight in self.manual.items()]
        found: dict[str, ProfileTerm] = {}
        for told in chain.from_iterable(side.strong_terms() for side in self.sides()):
            # Languages cut different stems from one name; the most frequent stands for them.
            other = found.get(normalize(told.text))
            if other is None or (told.proposed, told.items) > (other.proposed, other.items):
                found[normalize(told.text)] = told
        ranked = sorted(found.values(), key=lambda t: -abs(t.weight) * math.log1p(t.items + 1))
        return (*said, *ranked[:most])

    def strong_terms(self) -> Iterator[ProfileTerm]:
        """Give the words that were learned here, not at home, to say something, a stem each."""
        for stem, term in self.terms.items():
            weight = self.lean(term)
            named = term.name > _A_NAME
            if stem not in self.edited and (
                (term.on >= _SEEN and weight > _SAYS) or (term.off >= _SEEN and weight < -_SAYS)
            ):
                proposed = named and weight > _SAYS and term.on >= max(_SEEN, self.on * _WIDENS)
                kind, since, items = "name" if named else "word", term.since, round(term.on)
                yield ProfileTerm(
                    term.shown, kind, weight, _moment(since), items, proposed=proposed
                )

    def sides(self) -> list[Profile]:
        """Give this profile, and that of the sightings at home where there is one."""
        return [self, self._at_home] if self._at_home else [self]

    def _said(self, word: str, weight: float) -> ProfileTerm:
        stems, sides = self._stems(word), self.sides()
        seen = [side.terms[stem] for side in sides for stem in stems if stem in side.terms]
        held = [term for term in seen if term.on > 0.0]
        named = any(term.name > _A_NAME for term in held)
        since = _moment(min(term.since for term in held)) if held else None
        items = round(max((term.on for term in held), default=0.0))
        return ProfileTerm(word, "name" if named else "word", weight, since, items, given=True)

    def lean(self, term: Term) -> float:
        """Give how far a word leans to the story, in -1..1."""
        on = (term.on + 0.5) / (self.on + 1.0)
        off = (term.off + 0.5) / (self.off + 1.0)
        return math.tanh(math.log(on / off) / 2.0)

    # --- as a value ------------------------------------------------------------------------------

    def copy(self) -> Profile:
        """Give a profile that can change without changing this one."""
        return Profile.from_json(self.to_json())

    def to_json(self) -> str:
        """Give the profile as text that `from_json` reads."""
        values = self.counted() | {"v": 1, "said": self.manual, "edited": self.edited}
        if self._at_home and self._at_home.name_counts:
            values["at_home"] = self._at_home.counted()
        return _ENCODER.encode(values)

    def counted(self) -> dict[str, Any]:
        """Give what was counted here, not at home, as JSON has it."""
        return {
            "on": round(self.on, 6),
            "off": round(self.off, 6),
            "first": self.first,
            "last": self.last,
            "terms": {
                s: (
                    t.on and round(t.on, 6),  # most are 0: half the time
                    t.off and round(t.off, 6),
                    t.since,
                    t.last,
                    t.shown,
                    t.name and round(t.name, 2),
                )
                for s, t in self.terms.items()
            },
            "patterns": {k: [round(c, 6) for c in v] for k, v in self.pattern_counts.items()},
            "held": {str(k): round(c, 6) for k, c in self.name_counts.items()},
            "seen": round(self.seen, 6),
            "told": {str(k): round(c, 6) for k, c in self.aspect_counts.items()},
            "days": {str(k): [c and round(c, 6) for c in v] for k, v in self.days.items()},
        }

    @classmethod
    def from_json(cls, text: str | None, first: int = 0) -> Profile:
        """Read what `to_json` wrote; an empty profile for None, "" and another version's.

        `first` is as in `Profile`, for a story that knew of no report yet.
        """
        profile = cls(first)
        data: dict[str, Any] = json.loads(text) if text else {}
        if data.get("v") != 1:
            return profile
        profile.restore(data)
        profile.edited = data["edited"]
        profile.manual = dict(data.get("said", profile.edited))
        if "at_home" in data:
            profile.domestic().restore(data["at_home"])
        return profile

    def restore(self, counted: dict[str, Any]) -> None:
        """Take what `counted` gave, or did in an earlier version."""
        self.on, self.off = counted["on"], counted["off"]
        self.first, self.last = counted.get("first") or self.first, counted["last"] or self.last
        self.terms = {s: Term(*values) for s, values in counted["terms"].items()}
        self.pattern_counts = counted["patterns"]
        self.name_counts = (
            {int(held): count for held, count in counted["held"].items()}
            if "held" in counted
            else _held(self.pattern_counts)
        )
        self.seen = counted.get("seen", 0.0)
        self.aspect_counts = {
            int(number): count for number, count in counted.get("told", {}).items()
        }
        self.days = {int(day): [*counts, 0.0][:3] for day, counts in counted["days"].items()}
        if 0 < self.first < _EARLIEST:
            self.days = {day: counts for day, counts in self.days.items() if day >= _EARLIEST}
            self.first = min(self.days, default=self.last)


_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC).toordinal()
"""No day before this one counts: reports of a clock's zero were once dated by the year 1."""


def _left_after(days: int) -> float:
    """Give what is left of a count after so many days, in 0..1."""
    return math.exp2(-days / HALF_LIFE_IN_DAYS)


_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def _held(patterns: dict[str, list[float]]) -> dict[int, float]:
    """Estimate which names were held, for a profile written before that was counted."""
    found: dict[int, float] = {}
    for pattern, (on, off) in patterns.items():
        marks = enumerate(pattern.split("|")) if pattern else ()
        held = sum((0 if mark == "-" else 3) << 2 * place for place, mark in marks)
        found[held] = found.get(held, 0.0) + on + off
    return found


def _moment(day: int) -> datetime:
    return datetime.fromordinal(max(1, day)).replace(tzinfo=UTC)
