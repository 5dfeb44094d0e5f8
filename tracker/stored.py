"""Stored links, read again as the cases that they were when they were counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import USER_DECIDED, Status
from tracker.stories.text.documents import Reading

if TYPE_CHECKING:
    from tracker.model import Link
    from tracker.stories.learn import Case
    from tracker.stories.matcher import Matcher


def case_of(matcher: Matcher, link: Link) -> tuple[Reading, Case]:
    """Give a link's item with its case.

    One whose words have changed may be no candidate any more; it is a case all the same.
    """
    reading = Reading.of(link.item)
    case = matcher.any_case(reading)
    case.score, case.share = link.score, link.share
    case.linked = link.status in (Status.LINKED, Status.ACCEPTED)
    if link.status in USER_DECIDED:
        case.said = float(link.status is Status.ACCEPTED)
    case.sighting.evidence.likeness = link.likeness
    return reading, case
