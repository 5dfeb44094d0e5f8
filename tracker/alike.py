"""Doubtful reports beside those that surely belong: which tell the same, which are like none."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.model import Status
from tracker.store import links
from tracker.stored import case_of
from tracker.stories.learn import is_sure, join, may_join, may_part, part
from tracker.stories.neighbours import REACH_IN_DAYS, Neighbours

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.store.database import Database
    from tracker.stories.learn import Case
    from tracker.stories.matcher import Matcher, Reading
    from tracker.stories.profile import Profile

_COMPARED = 200
"""With how many stored links doubtful reports are compared; of more, the latest."""
_KNOWN = 10
"""From so many sure reports on it says something to be like none. With 5 to 8, the twelve real
stories lose .003 to .010 of F1 for what a story tells of next."""


def look_around(
    matcher: Matcher,
    profile: Profile,
    cases: Sequence[tuple[Reading, Case]],
    stored: Iterable[tuple[Reading, Case]] = (),
) -> None:
    """Link what is doubtful by itself and tells the same as a report that surely belongs.

    Such reports are among the cases, or `stored`, and so are those that surely do not. What is
    linked so is counted, as its score says.
    """
    doubtful = [case for _, case in cases if may_join(matcher.judge, case)]
    if not doubtful:
        return
    days = {case.sighting.day for case in doubtful}
    reached = {day + apart for day in days for apart in range(-REACH_IN_DAYS, REACH_IN_DAYS + 1)}
    neighbours = Neighbours(profile)
    for reading, case in (*cases, *stored):
        if is_sure(case) and case.sighting.day in reached:
            neighbours.add(case.sighting, reading.item.title, belongs=case.said != 0.0)
    join(matcher.judge, profile, doubtful, neighbours)


def look_apart(
    matcher: Matcher,
    profile: Profile,
    cases: Sequence[tuple[Reading, Case]],
    stored: Iterable[tuple[Reading, Case]] = (),
) -> None:
    """Let go of what is linked for its names and days alone and like no report that surely belongs.

    Such reports are among the cases, or `stored`.
    """
    untold = [case for _, case in cases if may_part(matcher.judge, case)]
    if not untold:
        return
    sure = [each for each in (*stored, *cases) if is_sure(each[1]) and each[1].said != 0.0]
    if len(sure) < _KNOWN:
        return
    neighbours = Neighbours(profile)
    for reading, case in sure:
        neighbours.add(case.sighting, reading.item.title)
    part(matcher.judge, profile, untold, neighbours)


def latest_sure(
    db: Database, story_id: int, matcher: Matcher, cases: Iterable[tuple[Reading, Case]]
) -> list[tuple[Reading, Case]]:
    """Return the latest stored links of which it is sure, if `look_apart` asks for them."""
    if not any(may_part(matcher.judge, case) for _, case in cases):
        return []
    belong = (Status.LINKED, Status.ACCEPTED)
    latest = links.of_story(db, story_id, statuses=belong, limit=_COMPARED)
    sure = [link for link in latest if link.share >= 1.0 or link.status is Status.ACCEPTED]
    return [case_of(matcher, link) for link in sure]


def sure_ones(
    db: Database, story_id: int, matcher: Matcher, cases: Iterable[tuple[Reading, Case]]
) -> list[tuple[Reading, Case]]:
    """Return the stored links of which it is sure, of the days about what is doubtful of cases."""
    times = [reading.item.published for reading, case in cases if may_join(matcher.judge, case)]
    if not times:
        return []
    reach = timedelta(days=REACH_IN_DAYS + 1)  # days are told apart by the calendar
    stored = links.of_story(
        db,
        story_id,
        statuses=(Status.LINKED, *links.USER_SAID),
        since=min(times) - reach,
        until=max(times) + reach,
        limit=_COMPARED,
    )
    return [case_of(matcher, link) for link in stored]
