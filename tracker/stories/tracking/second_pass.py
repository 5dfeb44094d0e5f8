"""A second look at uncertain candidates: sentence similarity, and the nearest sure report."""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING

from tracker.stories.scoring.statistics import chance_of, log_odds
from tracker.stories.text.documents import without_outlet
from tracker.stories.tracking.candidates import is_sure
from tracker.stories.tracking.learning import count_all, judge_again
from tracker.stories.tracking.neighbours import REACH_IN_DAYS, Neighbours

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.stories.scoring.profile import Profile
    from tracker.stories.scoring.scorer import Judge
    from tracker.stories.text.documents import AnalyzedItem
    from tracker.stories.tracking.candidates import Case
    from tracker.stories.tracking.story_matcher import Matcher


def reconsider(judge: Judge, profile: Profile, cases: Sequence[Case]) -> None:
    """Judge cases again of which more is known now, and count those that become linked."""
    judge_again(judge, profile, [(case, judge.weights.linked) for case in cases], recount=False)


def may_join(judge: Judge, case: Case) -> bool:
    """Tell whether a case that is not linked would be if it were wholly like a sure report."""
    undecided = not case.linked and case.said is None and case.score > 0.0
    return undecided and judge.beside(case.score, 1.0) >= judge.weights.linked


def join(judge: Judge, profile: Profile, cases: Sequence[Case], neighbours: Neighbours) -> None:
    """Link those cases that are enough like a sure report of their days, and count them.

    The others stay as they are, so that nothing is doubtful for another report's sake.
    """
    joined = []
    for case in cases:
        if nearest := neighbours.nearest(case.sighting):
            score = judge.beside(case.score, nearest.likeness)
            if score >= judge.weights.linked:
                case.score, case.linked, case.neighbour = score, True, nearest
                joined.append(case)
    count_all(judge, judge.standing(profile), joined)


def may_part(judge: Judge, case: Case) -> bool:
    """Tell whether a case is linked for its names and its days alone, and hardly so."""
    if not case.linked or case.neighbour or is_sure(case):
        return False
    weights = judge.weights
    if case.sighting.affair > weights.kin / 2:
        return False
    return case.score < chance_of(log_odds(weights.linked) + weights.unlike)


def part(judge: Judge, profile: Profile, cases: Sequence[Case], neighbours: Neighbours) -> None:
    """Let go of those cases that are like no sure report and are not probable enough without.

    They are counted anew: what goes on about the names besides speaks for no further report.
    """
    weights, parted = judge.weights, []
    for case in cases:
        likeness = neighbours.likeness(case.sighting, weights.unlike_under)
        against = weights.unlike * (1.0 - likeness / weights.unlike_under)
        score = chance_of(log_odds(case.score) - against)
        if score < weights.linked:
            case.score, case.linked, case.unlike = score, False, against
            parted.append(case)
    count_all(judge, judge.standing(profile), parted)


_KNOWN = 10
"""From so many sure reports on it says something to be like none. With 5 to 8, the twelve real
stories lose .006 to .010 of F1 for what a story tells of next."""


def look_around(
    matcher: Matcher,
    profile: Profile,
    cases: Sequence[tuple[AnalyzedItem, Case]],
    stored: Iterable[tuple[AnalyzedItem, Case]] = (),
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


ASKED = 500
"""Of how many reports at a time it is asked what their titles mean: 1 s at the most."""
BEST_KNOWN = "en"
"""The language that the vocabulary was written in first."""
UNLIKELY = 0.05
"""What scores less by its words belongs to a story hardly ever, whatever its title means."""


def ask(matcher: Matcher, cases: Iterable[tuple[AnalyzedItem, Case]]) -> list[Case]:
    """Note how alike in meaning the titles of doubtful cases are; give those that were asked for.

    None without an encoder. Of many the surest are asked. None in English, which the vocabulary
    knows best, unless the query has no name: of 24 of those F1 rises from .714 to .735; with the
    others, of 100 stories, by .003, but it is lower in four of eight sets of them, by .022 in one.
    """
    if matcher.likeness is None:
        return []
    doubtful = [
        (reading, case)
        for reading, case in cases
        if not case.linked
        and case.score >= UNLIKELY
        and (reading.text.language != BEST_KNOWN or not matcher.judge.named)
        and not case.sighting.barred
    ]
    doubtful = nlargest(ASKED, doubtful, key=lambda pair: pair[1].score)
    asked = [reading.item for reading, _ in doubtful]
    titles = [without_outlet(item.title, item.source) for item in asked]
    for (_, case), likeness in zip(doubtful, matcher.likeness.of(titles), strict=True):
        case.sighting.evidence.likeness = round(likeness, 4)
    return [case for _, case in doubtful]
