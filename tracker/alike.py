"""Doubtful reports beside those that surely belong: which tell the same, which are like none."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from tracker.model import USER_DECIDED, Status
from tracker.store import links
from tracker.stored import case_of
from tracker.stories.learn import is_sure, join, may_join, may_part, part
from tracker.stories.neighbours import REACH_IN_DAYS, Neighbours

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.model import Link
    from tracker.store.database import Database
    from tracker.stories.learn import Case
    from tracker.stories.matcher import Matcher
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.text.documents import Reading

_COMPARED = 200
"""With how many stored links doubtful reports are compared; of more, the latest."""
_KNOWN = 10
"""From so many sure reports on it says something to be like none. With 5 to 8, the twelve real
stories lose .006 to .010 of F1 for what a story tells of next."""


def look_around(
    matcher: Matcher,
    profile: Profile,
    cases: Sequence[tuple[Reading, Case]],
    stored: Iterable[tuple[Reading, Case]] = (),
) -> None:
    """Link what is doubtful by itself and tells the same as a report that surely belongs.

    And let go of what is linked for its names and days alone and is like none of any day. Such
    reports are among the cases, or `stored`, and so are those that surely do not belong. What is
    linked or let go so is counted, as its score says.
    """
    judge = matcher.judge
    untold = [case for _, case in cases if may_part(judge, case)]
    doubtful = [case for _, case in cases if may_join(judge, case)]
    if not untold and not doubtful:
        return
    sure = [(reading.item.title, case) for reading, case in (*cases, *stored) if is_sure(case)]
    if untold and sum(case.said != 0.0 for _, case in sure) < _KNOWN:
        untold = []
    if not untold:
        days = {case.sighting.day for case in doubtful}
        reach = range(-REACH_IN_DAYS, REACH_IN_DAYS + 1)
        reached = {day + apart for day in days for apart in reach}
        sure = [(title, case) for title, case in sure if case.sighting.day in reached]
    neighbours = Neighbours(profile)
    for title, case in sure:
        neighbours.add(case.sighting, title, belongs=case.said != 0.0)
    part(judge, profile, untold, neighbours)
    join(judge, profile, doubtful, neighbours)


def sure_ones(
    db: Database, story_id: int, matcher: Matcher, cases: Iterable[tuple[Reading, Case]]
) -> list[tuple[Reading, Case]]:
    """Return the stored links of which it is sure that `look_around` may ask for.

    They are of the days about what is doubtful, and the latest where something may be let go.
    """
    judge, statuses = matcher.judge, (Status.LINKED, *USER_DECIDED)
    find = partial(links.of_story, db, story_id, statuses=statuses, limit=_COMPARED)
    found: list[Link] = []
    if times := [reading.item.published for reading, case in cases if may_join(judge, case)]:
        reach = timedelta(days=REACH_IN_DAYS + 1)  # days are told apart by the calendar
        found += find(since=min(times) - reach, until=max(times) + reach)
    if any(may_part(judge, case) for _, case in cases):
        found += find()
    sure = {
        link.item.id: link for link in found if link.share >= 1.0 or link.status in USER_DECIDED
    }
    return [case_of(matcher, link) for link in sure.values()]
