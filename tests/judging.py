"""Judges made-up headlines for a query, as one poll that brings them does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model.core import Verdict
from tracker.services.cases import Desk
from tracker.services.event_grouping import AnalysisCache
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.scoring import first_contact
from tracker.stories.scoring.candidate_counts import CandidateCounts
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking import story_model
from tracker.stories.tracking.candidates import Candidate, verdict
from tracker.stories.tracking.profile import Profile
from tracker.stories.tracking.story_matcher import StoryMatcher
from tracker.stories.tracking.vectors import DocumentFrequencies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.model.core import Item
    from tracker.stories.scoring.features import Features
    from tracker.stories.tracking.neighbourhood import Case

DESK = Desk(AnalysisCache(), DocumentFrequencies(0, {}))
"""A desk that has counted no items: all words weigh alike."""


def matcher_of(query: str) -> StoryMatcher:
    """Compile a query."""
    return StoryMatcher.of(query, load_lexicon())


def features_of(query: str, item: Item) -> Features:
    """Return the features of an item, whether it is a candidate or not."""
    return matcher_of(query).features_anyway(AnalyzedItem.of(item))


def is_candidate(query: str, item: Item) -> bool:
    """Return whether a poll finds an item by its query."""
    return matcher_of(query).features(AnalyzedItem.of(item)) is not None


def cases_of(matcher: StoryMatcher, items: Sequence[Item]) -> dict[int, Case]:
    """Return items as cases, by id; those that match nothing of the query have no contact."""
    analyzed = sorted(map(AnalyzedItem.of, items), key=lambda each: each.item.published)
    features = {each.item.id: matcher.features(each) for each in analyzed}
    matched = {n: each for n, each in features.items() if each and not each.excluded}
    values = first_contact.count(CandidateCounts(), matcher.scorer, matched.values())
    contacts = dict(zip(matched, map(first_contact.contact, values), strict=True))
    return {each.item.id: DESK.case(matcher, each, contacts.get(each.item.id)) for each in analyzed}


def verdicts(
    query: str,
    items: Sequence[Item],
    *,
    profile: Profile | None = None,
    answers: Mapping[int, float] | None = None,
) -> list[Verdict]:
    """Return the verdicts on items that one poll brings, in their order.

    `answers` are the user's by item id, 1.0 or 0.0.
    """
    matcher, told = matcher_of(query), answers or {}
    cases = {
        number: case._replace(decided=told.get(number))
        for number, case in cases_of(matcher, items).items()
    }
    known = profile or Profile()
    words = story_model.vocabulary(story_model.words_of(known, cases.values()))
    asked = [
        case
        for case in cases.values()
        if case.contact or story_model.shows_vocabulary(case.vector, words)
    ]
    judged = story_model.judge(known, cases.values(), asked)
    found = []
    for item in items:
        if item.id not in judged:
            found.append(Verdict(0.0, None, ()))
            continue
        analyzed = AnalyzedItem.of(item)
        candidate = Candidate(item.id, matcher.features_anyway(analyzed), cases[item.id].contact)
        found.append(verdict(matcher.scorer, analyzed, candidate, judged[item.id]))
    return found
