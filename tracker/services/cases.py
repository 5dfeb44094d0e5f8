"""A story's links as cases for its model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tracker.model.core import USER_DECIDED, Status
from tracker.store.following import links
from tracker.stories.scoring.first_contact import Contact
from tracker.stories.tracking.neighbourhood import Case
from tracker.stories.tracking.vectors import without_stems

if TYPE_CHECKING:
    from tracker.model.core import Link
    from tracker.services.event_grouping import AnalysisCache
    from tracker.store.database import Database
    from tracker.stories.text.documents import AnalyzedItem
    from tracker.stories.tracking.profile import Profile
    from tracker.stories.tracking.story_matcher import StoryMatcher
    from tracker.stories.tracking.vectors import DocumentFrequencies


MOST_RECENT = 300
"""Stored links that are read with a poll at the most, the latest."""
MOST_ANSWERS = 50
"""Answers of the user that count, the latest."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What all evaluations of a run share: analyses, and the weights of words."""

    cache: AnalysisCache
    frequencies: DocumentFrequencies

    def case(
        self,
        matcher: StoryMatcher,
        analyzed: AnalyzedItem,
        contact: Contact | None,
        decided: float | None = None,
    ) -> Case:
        """Return an item as a case for a story's model, without the words of its query."""
        item, terms = analyzed.item, analyzed.text.learnable_terms
        vector = without_stems(self.frequencies.vector(analyzed.text), matcher.index_terms())
        day = item.published.toordinal()
        return Case(item.id, day, vector, terms, item.title, contact, decided)

    def case_of_link(self, matcher: StoryMatcher, link: Link) -> Case:
        """Return a stored link as a case."""
        contact = Contact(link.first_odds, link.match_odds) if link.first_odds is not None else None
        decided = float(link.status is Status.ACCEPTED) if link.status in USER_DECIDED else None
        return self.case(matcher, self.cache.analyzed(link.item), contact, decided)


def stored_cases(
    db: Database, story_id: int, matcher: StoryMatcher, profile: Profile, desk: Desk
) -> dict[int, KnownLink]:
    """Return a story's links since its profile was folded, and its answers, by item id."""
    since = datetime.fromordinal(max(1, profile.folded)).replace(tzinfo=UTC)
    found = links.of_story(db, story_id, since=since, limit=MOST_RECENT)
    answers = links.of_story(db, story_id, statuses=USER_DECIDED, limit=MOST_ANSWERS)
    return {
        link.item.id: KnownLink(link, desk.case_of_link(matcher, link))
        for link in (*answers, *found)
    }


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A stored link, and the case that it is."""

    link: Link
    case: Case
