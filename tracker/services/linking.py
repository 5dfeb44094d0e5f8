"""Linking: from stored items to links, the same way for a poll, a new story and a rematch.

A poll takes the items that wait in the queue, batch by batch: each batch is indexed, judged,
learned from and taken off the queue in one transaction. A story that is followed late takes what
is stored in the order of its dates, as polls would have brought it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from tracker.gc_pause import collector_off
from tracker.model import USER_DECIDED, Status
from tracker.services.event_grouping import group, near
from tracker.services.registry import Followed
from tracker.services.revisions import retell
from tracker.store import items, links, queue, stories
from tracker.stories.text.documents import AnalyzedItem, prepare
from tracker.stories.text.language_id import detect_together
from tracker.stories.tracking.candidates import Judged, is_pending, verdict
from tracker.stories.tracking.learning import PENDING, backfill, take
from tracker.stories.tracking.neighbours import REACH_IN_DAYS
from tracker.stories.tracking.second_pass import ask, look_around, may_join, may_part, reconsider
from tracker.stories.tracking.story_matcher import case_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.model import Item, Link
    from tracker.services.event_grouping import Groups
    from tracker.store.database import Database
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.tracking.candidates import Case
    from tracker.stories.tracking.story_matcher import Matcher


BATCH = 10_000
TOLD_BY = 20
"""By so many of a feed's latest items it is told what language a new one is in."""


class Linker:
    """Links what waits in the queue, as often as it is asked to; `new_links` counts what is new.

    `tell` is called with how many items were linked and how many are known of, after every batch.
    """

    def __init__(self, db: Database, now: datetime, tell: Callable[[int, int], None]) -> None:
        self.new_links = 0
        self._db = db
        self._now = now
        self._tell = tell
        self._done = 0
        self._followed: Followed | None = None

    @collector_off()
    def link(self) -> None:
        """Index and link the queue; an interruption leaves the rest in it.

        The collector of cycles would walk through all that is remembered: what a batch leaves
        behind ends in no circle, and is gone without it.
        """
        waiting = queue.ids(self._db)
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            self._link(batch)
            self._done += len(batch)
            self._tell(self._done, self._done + len(waiting) - start - len(batch))

    def _link(self, batch: Sequence[int]) -> None:
        db, now = self._db, self._now
        followed = self._followed or Followed.load(db)
        with db.transaction():
            # A story followed since: either it saw these items in the index, or it is seen here.
            if followed.version != stories.version(db):
                followed = Followed.load(db)
            queue.index(db, batch)
            tell_languages(db, batch)
            before = queue.take_matched_before(db, batch)
            if followed.engine:
                self.new_links += _link(db, followed, batch, before, now)
            retell(db, followed, before, now)
        followed.forget()
        self._followed = followed


def _link(
    db: Database,
    followed: Followed,
    batch: Sequence[int],
    before: Mapping[int, tuple[str, str, str]],
    now: datetime,
) -> int:
    """Link a batch; `before` has the words by which some of it were matched; count new links."""
    readings = _readings(db, followed, batch)
    followed.read(db, readings, now)
    known, begun = links.of_items(db, batch), links.begun(db, readings)
    new_links, arrival = 0, 0
    learned: list[tuple[int, Profile]] = []
    for story_id, found in readings.items():
        matcher, stored = followed.matchers[story_id], db if story_id in begun else None
        statuses = known.get(story_id, {})
        fresh = _fresh(matcher, found, statuses, before)
        if not fresh and Status.MAYBE not in statuses.values():
            continue
        profile = followed.profile(db, story_id)
        learned.append((story_id, profile))
        doubtful = pending(stored, story_id, matcher) if stored else []
        if judged := judge(stored, story_id, matcher, profile, fresh=fresh, doubtful=doubtful):
            arrival = arrival or links.next_arrival(db)
            beside = near(stored, story_id, judged) if stored else []
            groups = group(matcher, judged, beside, now)
            # What is fresh is no link yet, and the rest doubtful: none is linked or decided.
            new_links += keep(
                db, story_id, judged, groups, arrival=arrival, now=now, undecided=True
            )
        # What the story has learned to be about something else is not doubtful any more.
        least = matcher.judge.weights.maybe
        links.drop(db, [(story_id, case.key) for _, case in doubtful if case.score < least])
    stories.save_profiles(db, ((story_id, profile.to_json()) for story_id, profile in learned))
    return new_links


def tell_languages(db: Database, batch: Sequence[int]) -> None:
    """Give items whose feeds name no language the one that they are in, feed by feed.

    It is kept: a headline alone tells less than all that its feed brought with it and before it.
    """
    unknown = groupby(list(items.without_language(db, batch)), key=itemgetter(1))
    for feed_id, rows in unknown:
        found = {number: f"{title} {summary}".strip() for number, _, title, summary in rows}
        before = items.latest_languages(db, feed_id, TOLD_BY)
        languages = detect_together(list(found.values()), before)
        items.set_languages(db, zip(found, languages, strict=True))


def _readings(
    db: Database, followed: Followed, batch: Sequence[int]
) -> dict[int, list[AnalyzedItem]]:
    """Read the items that some story may want, by story, oldest first; most are no story's."""
    wanted: dict[int, set[int]] = {}
    for item_id, url, title, summary, language, source, address in items.texts(db, batch):
        if found := followed.asking(url, prepare(title, summary, language, source, address)):
            wanted[item_id] = found
    readings: dict[int, list[AnalyzedItem]] = {}
    for item in items.load(db, wanted):
        reading = AnalyzedItem.of(item)
        for story_id in wanted[item.id]:
            readings.setdefault(story_id, []).append(reading)
    return readings


def _fresh(
    matcher: Matcher,
    readings: Iterable[AnalyzedItem],
    known: Mapping[int, Status],
    before: Mapping[int, tuple[str, str, str]],
) -> list[tuple[AnalyzedItem, Case]]:
    """Look at the items that are candidates and no links of the story.

    One that was a candidate by the words that it had `before` has been counted by these.
    """
    found = [
        (reading, case)
        for reading in readings
        if reading.item.id not in known and (case := matcher.case(reading)) is not None
    ]
    for reading, case in found if before else ():
        if words := before.get(reading.item.id):
            title, summary, address = words
            old = replace(reading.item, title=title, summary=summary, address=address)
            case.again = matcher.case(AnalyzedItem.of(old)) is not None
    return found


def judge(
    db: Database | None,
    story_id: int,
    matcher: Matcher,
    profile: Profile,
    *,
    fresh: list[tuple[AnalyzedItem, Case]],
    doubtful: list[tuple[AnalyzedItem, Case]],
) -> list[Judged]:
    """Judge and learn from new items; return those to store, doubtful ones of before included.

    An item that was linked when its words changed keeps its link (see `retold`); a doubtful one is
    looked at again with the other doubtful ones. What the profile counts of these is noted at once,
    within the caller's transaction: the next look takes it back before it counts anew. `db` is None
    for a story that has no links yet.
    """
    before = [case.share for _, case in doubtful]
    take(matcher.judge, profile, [case for _, case in fresh], [case for _, case in doubtful])
    look_closer(matcher, profile, fresh)
    asked = fresh + doubtful
    stored = sure_ones(db, story_id, matcher, asked) if db else ()
    look_around(matcher, profile, asked, stored)
    counted = [
        (case.key, case.share)
        for (_, case), share in zip(doubtful, before, strict=True)
        if case.share != share
    ]
    if db:
        links.recount(db, story_id, counted)
    chosen = fresh + [(reading, case) for reading, case in doubtful if case.linked]
    return belonging(matcher, profile, chosen)


def pending(db: Database, story_id: int, matcher: Matcher) -> list[tuple[AnalyzedItem, Case]]:
    """Return a story's latest doubtful items, oldest first, as they were counted."""
    latest = links.of_story(db, story_id, statuses=(Status.MAYBE,), limit=PENDING)
    return [case_of(matcher, link) for link in reversed(latest)]


def cases_of(
    matcher: Matcher, found: Iterable[Item], said: Mapping[int, float]
) -> list[tuple[AnalyzedItem, Case]]:
    """Look at stored items, in the order given; leave out those that are no candidates.

    `said` has the shares (`Case.said`) of those that the user decided: they are cases anyway.
    """
    cases = []
    for reading in map(AnalyzedItem.of, found):
        share = said.get(reading.item.id)
        case = matcher.case(reading) if share is None else matcher.any_case(reading)
        if case is not None:
            case.said = share
            cases.append((reading, case))
    return cases


def look_back(
    matcher: Matcher, profile: Profile, cases: Sequence[tuple[AnalyzedItem, Case]]
) -> list[Judged]:
    """Judge stored items, oldest first, as polls would have; `profile` learns from them.

    Gives what belongs of those that the user did not decide.
    """
    backfill(matcher.judge, profile, [case for _, case in cases])
    undecided = [each for each in cases if each[1].said is None]
    look_closer(matcher, profile, undecided)
    look_around(matcher, profile, cases)
    return belonging(matcher, profile, undecided)


def look_closer(
    matcher: Matcher, profile: Profile, cases: Sequence[tuple[AnalyzedItem, Case]]
) -> None:
    """Ask what the titles mean of what is doubtful by its words, and judge that again."""
    if asked := ask(matcher, cases):
        reconsider(matcher.judge, profile, asked)


def belonging(
    matcher: Matcher, profile: Profile, cases: Sequence[tuple[AnalyzedItem, Case]]
) -> list[Judged]:
    """Return what is linked or doubtful among cases, with its verdict.

    Of what was judged to be neither nobody asks why.
    """
    asked = [
        (reading, case)
        for reading, case in cases
        if case.score < 0.0 or case.linked or is_pending(matcher.judge, case)
    ]
    told = verdicts(matcher, profile, asked)
    return [each for each in told if each.verdict.status is not None]


def verdicts(
    matcher: Matcher, profile: Profile, cases: Sequence[tuple[AnalyzedItem, Case]]
) -> Iterator[Judged]:
    """Give cases with their verdicts as the profile is now."""
    standing = matcher.judge.standing(profile, len(cases))
    for reading, case in cases:
        found = verdict(matcher.judge, profile, case, standing)
        yield Judged(reading, found, case.share, case.sighting.evidence.likeness)


def candidates(db: Database, matcher: Matcher) -> list[Item]:
    """Return the indexed items that a story may want, oldest first; of very many the latest."""
    return items.candidates(db, matcher.candidates(items.languages(db)), since=matcher.since)


def keep(
    db: Database,
    story_id: int,
    judged: Sequence[Judged],
    groups: Groups,
    *,
    arrival: int,
    now: datetime,
    undecided: bool = False,
) -> int:
    """Store links with their events, within the caller's transaction; return how many are new.

    `undecided` says that the caller knows of no link of these items that is more than doubtful.
    """
    found = [new_link(story_id, each, groups.events[each.item.id]) for each in judged]
    count = links.save(db, found, arrival, now, undecided=undecided)
    links.move(db, story_id, groups.moved)
    return count


def new_link(story_id: int, judged: Judged, event: int) -> links.NewLink:
    """Give what the store takes of a judged item."""
    return links.NewLink(
        story_id, judged.item, judged.verdict, event, judged.share, judged.likeness
    )


_COMPARED = 200
"""With how many stored links doubtful reports are compared; of more, the latest."""


def sure_ones(
    db: Database, story_id: int, matcher: Matcher, cases: Iterable[tuple[AnalyzedItem, Case]]
) -> list[tuple[AnalyzedItem, Case]]:
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
