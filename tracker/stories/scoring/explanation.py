"""Why an item has its score: contributions that add up to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.model import Reason
from tracker.stories.scoring.statistics import probability

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.stories.matching.evidence import TermMatch
    from tracker.stories.scoring.estimates import QueryContribution
    from tracker.stories.scoring.features import FeatureExtractor, Features


_DAYS = "reports of these days", "more reports than usual"


class LogOdds(NamedTuple):
    """What adds to the log-odds of one item, of which its score and its reasons are made."""

    shaped: QueryContribution
    learned: list[tuple[str, float]]
    days: tuple[float, float]
    meaning: float

    def chance(self, start: float) -> float:
        """Give the score, where one begins with these log-odds."""
        start += self.shaped.total + sum([worth for _, worth in self.learned])
        return probability(start + sum(self.days) + self.meaning)


def reasons(weigher: FeatureExtractor, features: Features, found: LogOdds) -> Iterator[Reason]:
    """Give the reasons in order; each is worth the difference it makes to the chance."""
    added = weigher.weights.start
    chance = probability(added)
    yield Reason("any report", "start", "", "", chance)
    for segment, kind, match, worth in _contributions(weigher, features, found):
        added += worth
        before, chance = chance, probability(added)
        yield Reason(
            segment,
            kind,
            match.found if match else "",
            match.field if match else "",
            chance - before,
        )


def _contributions(
    weigher: FeatureExtractor, features: Features, found: LogOdds
) -> Iterator[tuple[str, str, TermMatch | None, float]]:
    """Give everything that adds to the log-odds: what about, its kind, where, how much."""
    evidence, typed = features.evidence, found.shaped.typed
    shown = [(n, told) for (n, _), told in zip(weigher.aspects, found.shaped.told, strict=True)]
    held = list(zip(weigher.focus, found.shaped.held, strict=True))
    groups = [(held, typed["names"]), (shown, typed["affair"])]
    if not weigher.apart:  # its subject is its affair
        groups = [(held, typed["names"] + typed["affair"])]
    for numbered, whole in groups:
        total = sum(share for _, share in numbered)
        if whole and numbered and not total:
            told = "told in other words" if whole > 0 else "of which nothing is told"
            yield f"the affair, {told}", "start", None, whole
        for number, share in numbered:
            title, summary = evidence.matches[number]
            match = title if title and (not summary or title.level >= summary.level) else summary
            segment = weigher.segments[number]
            worth = whole * share / total if total else 0.0
            kind, instead = segment.kind if match else "missing", features.conflicting_place
            if instead and number in instead.numbers:
                kind, match = "elsewhere", instead.match
            yield segment.text, kind, match, worth
    if not weigher.aspects:
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
