"""Why an item has its score: contributions that add up to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.model import Reason
from tracker.stories.scoring.statistics import chance_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.stories.matching.evidence import Hit
    from tracker.stories.scoring.estimates import Shaped
    from tracker.stories.scoring.features import Sighting, Weigher


_DAYS = "reports of these days", "more reports than usual"


class Added(NamedTuple):
    """What adds to the log-odds of one item, of which its score and its reasons are made."""

    shaped: Shaped
    learned: list[tuple[str, float]]
    days: tuple[float, float]
    meaning: float

    def chance(self, start: float) -> float:
        """Give the score, where one begins with these log-odds."""
        start += self.shaped.total + sum([worth for _, worth in self.learned])
        return chance_of(start + sum(self.days) + self.meaning)


def reasons(weigher: Weigher, sighting: Sighting, found: Added) -> Iterator[Reason]:
    """Give the reasons in order; each is worth the difference it makes to the chance."""
    added = weigher.weights.start
    chance = chance_of(added)
    yield Reason("any report", "start", "", "", chance)
    for part, kind, hit, worth in _contributions(weigher, sighting, found):
        added += worth
        before, chance = chance, chance_of(added)
        yield Reason(
            part, kind, hit.found if hit else "", hit.field if hit else "", chance - before
        )


def _contributions(
    weigher: Weigher, sighting: Sighting, found: Added
) -> Iterator[tuple[str, str, Hit | None, float]]:
    """Give everything that adds to the log-odds: what about, its kind, where, how much."""
    evidence, typed = sighting.evidence, found.shaped.typed
    shown = [(n, told) for (n, _), told in zip(weigher.affair, found.shaped.told, strict=True)]
    held = list(zip(weigher.subjects, found.shaped.held, strict=True))
    groups = [(held, typed["names"]), (shown, typed["affair"])]
    if not weigher.apart:  # its subject is its affair
        groups = [(held, typed["names"] + typed["affair"])]
    for numbered, whole in groups:
        total = sum(share for _, share in numbered)
        if whole and numbered and not total:
            told = "told in other words" if whole > 0 else "of which nothing is told"
            yield f"the affair, {told}", "start", None, whole
        for number, share in numbered:
            title, summary = evidence.hits[number]
            hit = title if title and (not summary or title.level >= summary.level) else summary
            part = weigher.parts[number]
            worth = whole * share / total if total else 0.0
            kind, instead = part.kind if hit else "missing", sighting.elsewhere
            if instead and number in instead.numbers:
                kind, hit = "elsewhere", instead.hit
            yield part.text, kind, hit, worth
    if not weigher.affair:
        yield "no affair in the query", "start", None, typed["affair"]
    near = [(what, typed[what]) for what in ("near", "title", "every name")]
    near.append(("meaning", found.meaning))
    profile = [(evidence.shown.get(stem, stem), worth) for stem, worth in found.learned]
    profile += found.shaped.habits.items()
    profile += zip(_DAYS, found.days, strict=True)
    for kind, several in (("near", near), ("profile", profile)):
        for what, worth in several:
            if worth:
                yield what, kind, None, worth
