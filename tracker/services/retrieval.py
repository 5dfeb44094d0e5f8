"""Retrieval: the stored items that a story's query or its vocabulary finds."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from tracker.store.archive import items
from tracker.stories.matching.fulltext import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.model.core import Item
    from tracker.store.database import Database
    from tracker.stories.scoring.features import Features
    from tracker.stories.text.documents import AnalyzedItem
    from tracker.stories.tracking.story_matcher import StoryMatcher


_FOUND_BY_WORDS = 2_000
"""Items that a story's vocabulary finds at the most, those stored last."""
_PREFIX = 4
"""The shortest stem that is searched as a prefix."""


def stored_candidates(db: Database, matcher: StoryMatcher) -> list[Item]:
    """Return the indexed items that a query finds, oldest first; the latest of very many.

    What may be domestic is looked up by itself: its words ("election") are in many items, of which
    few are from outlets of the query's country.
    """
    languages, since = items.languages(db), matcher.since
    found = items.candidates(db, matcher.fulltext_expression(languages), since=since)
    if not (home := matcher.domestic):
        return found
    known = {item.id for item in found}
    addresses = items.addresses(db, matcher.domestic_expression(languages), since=since)
    at_home = [
        item_id
        for item_id, url, language in addresses
        if item_id not in known and home.may_be_domestic(url, language)
    ]
    return sorted([*found, *items.load(db, at_home)], key=attrgetter("order"))


def candidates_among(
    matcher: StoryMatcher, found: Iterable[AnalyzedItem], said: Mapping[int, float]
) -> list[tuple[AnalyzedItem, Features]]:
    """Return the items that match a query among stored ones, with their features, in order.

    `said` has the answers (`Case.decided`) on items that the user decided; all of these are
    candidates.
    """
    cases = []
    for analyzed in found:
        features = (
            matcher.features_anyway(analyzed)
            if analyzed.item.id in said
            else matcher.features(analyzed)
        )
        if features is not None:
            cases.append((analyzed, features))
    return cases


def found_by_words(db: Database, matcher: StoryMatcher, words: Mapping[str, float]) -> list[Item]:
    """Return stored items with at least two words of a vocabulary, in their order."""
    ranked = [
        f"{quoted((stem,))}*" if len(stem) >= _PREFIX else quoted((stem,))
        for stem, _ in sorted(words.items(), key=lambda pair: -pair[1])
    ]
    pairs = [
        f"({phrase} AND ({' OR '.join(ranked[number + 1 :])}))"
        for number, phrase in enumerate(ranked[:-1])
    ]
    if not pairs:
        return []
    return items.candidates(db, " OR ".join(pairs), since=matcher.since, limit=_FOUND_BY_WORDS)
