"""Evaluation of items for one story, as polls, backfills, searches and answers share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model.core import Status
from tracker.services.cases import Desk, KnownLink, stored_cases
from tracker.services.retrieval import found_by_words
from tracker.store.following import links
from tracker.stories.scoring import first_contact
from tracker.stories.scoring.candidate_counts import CandidateCounts
from tracker.stories.tracking import story_model
from tracker.stories.tracking.candidates import Candidate, ScoredItem, status_of, verdict
from tracker.stories.tracking.profile import shown_terms

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tracker.model.core import Item, Link
    from tracker.services.event_grouping import EventAssignment
    from tracker.store.database import Database
    from tracker.stories.scoring.features import Features
    from tracker.stories.scoring.first_contact import Contact
    from tracker.stories.text.documents import AnalyzedItem
    from tracker.stories.tracking.neighbourhood import Case
    from tracker.stories.tracking.profile import Profile
    from tracker.stories.tracking.story_matcher import StoryMatcher
    from tracker.stories.tracking.story_model import Judgement


_FOLDED_FROM = 200
"""Links since the day that a profile is folded to, from which on it is folded to a later one."""
KEPT_FROM = 0.3
"""Score from which on a backfill keeps a link that the user has looked at."""


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a poll finds for one story: the items to be saved, and doubtful links.

    `judged` are new links, and doubtful ones that are taken up. `rescored` are the new scores of
    doubtful links by item id, `dropped` those that score too low by now.
    """

    judged: list[ScoredItem]
    rescored: dict[int, float]
    dropped: list[int]


def judge_new(
    db: Database | None,
    story_id: int,
    matcher: StoryMatcher,
    profile: Profile,
    desk: Desk,
    *,
    fresh: Sequence[tuple[AnalyzedItem, Features]],
    by_words: Iterable[AnalyzedItem] = (),
    counted: Collection[int] = (),
) -> PollResult:
    """Judge new items, and the doubtful links that these may change; the profile learns from them.

    `fresh` are items that match the query, oldest first, `by_words` others that may be near to the
    story's vocabulary, `counted` those (ids) that the profile counts already. `db` is None for a
    story that has no links yet.
    """
    stored = stored_cases(db, story_id, matcher, profile, desk) if db else {}
    known = {item_id: each.case for item_id, each in stored.items()}
    asked: dict[int, tuple[AnalyzedItem, Candidate, Case]] = {}
    contacts = _contacts(matcher, profile.counts, fresh, counted)
    for analyzed, features in fresh:
        item_id = analyzed.item.id
        if (contact := contacts.get(item_id)) is None:
            continue
        case = desk.case(matcher, analyzed, contact)
        asked[item_id] = analyzed, Candidate(item_id, features, contact), case
        known[item_id] = case
    words = story_model.vocabulary(story_model.words_of(profile, known.values()))
    for analyzed, candidate, case in _near_to(words, matcher, desk, by_words):
        asked[candidate.item_id] = analyzed, candidate, case
    if not asked:
        return PollResult([], {}, [])
    pending = _pending(stored, min(case.day for _, _, case in asked.values()))
    cases = [case for _, _, case in asked.values()] + [each.case for each in pending]
    judgements = story_model.judge(profile, known.values(), cases)
    judged = _scored(matcher, judgements, ((a, c) for a, c, _ in asked.values()))
    rescored, dropped = {}, []
    for each in pending:
        item_id, score = each.link.item.id, judgements[each.link.item.id].score
        if status_of(score) is Status.LINKED:
            judged += _scored(matcher, judgements, [_candidate_of_link(matcher, each.link, desk)])
        elif status_of(score) is None:
            dropped.append(item_id)
        elif round(score, 2) != round(each.link.score, 2):
            rescored[item_id] = score
    fold(profile, known.values(), matcher.index_terms())
    return PollResult(judged, rescored, dropped)


def _pending(stored: Mapping[int, KnownLink], first: int) -> list[KnownLink]:
    """Return the doubtful links that items from the day `first` on may change."""
    return [
        each
        for each in stored.values()
        if each.link.status is Status.MAYBE and each.case.day >= first - story_model.LOOK_AHEAD
    ]


def _near_to(
    words: Mapping[str, float], matcher: StoryMatcher, desk: Desk, found: Iterable[AnalyzedItem]
) -> Iterator[tuple[AnalyzedItem, Candidate, Case]]:
    """Yield those of some items that are near to a vocabulary, and that nothing rules out."""
    for analyzed in found if words else ():
        case = desk.case(matcher, analyzed, None)
        if story_model.shows_vocabulary(case.vector, words):
            features = matcher.features_anyway(analyzed)
            if not features.excluded:
                yield analyzed, Candidate(analyzed.item.id, features), case


def _candidate_of_link(
    matcher: StoryMatcher, link: Link, desk: Desk
) -> tuple[AnalyzedItem, Candidate]:
    """Return a link's item, analyzed, and its candidate, with the stored outcome of contact.

    It is a candidate even if the item's text has changed so that it no longer matches.
    """
    analyzed = desk.cache.analyzed(link.item)
    case = desk.case_of_link(matcher, link)
    features = matcher.features_anyway(analyzed)
    return analyzed, Candidate(link.item.id, features, case.contact, case.decided)


def _scored(
    matcher: StoryMatcher,
    judgements: Mapping[int, Judgement],
    asked: Iterable[tuple[AnalyzedItem, Candidate]],
) -> list[ScoredItem]:
    """Return the linked and doubtful ones of judged items; reasons of others are not computed."""
    return [
        ScoredItem(
            analyzed,
            verdict(matcher.scorer, analyzed, candidate, judgements[candidate.item_id]),
            candidate.contact,
        )
        for analyzed, candidate in asked
        if status_of(judgements[candidate.item_id].score) is not None
    ]


def fold(profile: Profile, known: Iterable[Case], asked: Container[str]) -> None:
    """Let a profile take in the reports with which no later item is compared one by one.

    `asked` are the stems of the query, which are not proposed for it.
    """
    known = list(known)
    reports = sorted([case for case in known if case.weight], key=lambda c: (c.day, c.item_id))
    if not reports:
        return
    words = story_model.words_of(profile, known)
    profile.vocabulary = story_model.vocabulary(words)
    profile.proposals = [term.text for term in shown_terms(profile, words, asked) if term.proposed]
    late = [case for case in reports if case.day >= profile.folded]
    day = reports[-1].day - story_model.NEAR - story_model.LOOK_AHEAD
    if len(late) > _FOLDED_FROM:
        day = max(day, late[-_FOLDED_FROM].day)
    day = max(day, profile.folded)
    # A report of a day before that was folded to is new: stored ones of such days are not known,
    # except for answers, which were folded with the others.
    for case in reports:
        if case.day < day and (case.day >= profile.folded or case.decided is None):
            profile.words.add(case.vector, case.weight, case.day, case.terms)
            profile.last = max(profile.last, case.day)
    profile.folded = day


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What a backfill finds: linked and doubtful items, and those that the user decided.

    `decided` have the verdicts that they would have without that.
    """

    judged: list[ScoredItem]
    decided: list[ScoredItem]


def judge_all(
    db: Database,
    matcher: StoryMatcher,
    profile: Profile,
    desk: Desk,
    found: Sequence[tuple[AnalyzedItem, Features]],
    *,
    said: Mapping[int, float],
    keep: Collection[int] = (),
    contacts: Mapping[int, Contact | None] | None = None,
) -> Backfilled:
    """Judge stored items, oldest first; an empty profile learns from them.

    `said` has the answers (`Case.decided`) by item id. Items of `keep` (ids) stay linked if they
    score KEPT_FROM. With `contacts`, the outcomes of first contact by item id, only these items are
    judged; else others that are near to the story's vocabulary are searched, too.
    """
    asked, judgements = weigh_all(db, matcher, profile, desk, found, said=said, contacts=contacts)
    undecided = ((a, c) for a, c, _ in asked.values() if c.decided is None)
    judged = _kept(_scored(matcher, judgements, undecided), keep)
    decided = [
        ScoredItem(a, verdict(matcher.scorer, a, c, judgements[c.item_id]), c.contact)
        for a, c, _ in asked.values()
        if c.decided is not None
    ]
    return Backfilled(sorted(judged, key=lambda each: each.item.order), decided)


def weigh_all(
    db: Database,
    matcher: StoryMatcher,
    profile: Profile,
    desk: Desk,
    found: Sequence[tuple[AnalyzedItem, Features]],
    *,
    said: Mapping[int, float],
    contacts: Mapping[int, Contact | None] | None = None,
) -> tuple[dict[int, tuple[AnalyzedItem, Candidate, Case]], dict[int, Judgement]]:
    """Return what is judged and the judgements, by item id; the arguments are as in `judge_all`."""
    asked: dict[int, tuple[AnalyzedItem, Candidate, Case]] = {}
    met = _contacts(matcher, profile.counts, found) if contacts is None else contacts
    for analyzed, features in found:
        item_id = analyzed.item.id
        if features.excluded and item_id not in said and contacts is None:
            continue
        contact = met.get(item_id)
        answer = said.get(item_id)
        candidate = Candidate(item_id, features, contact, answer)
        asked[item_id] = analyzed, candidate, desk.case(matcher, analyzed, contact, answer)
    known = [case for _, _, case in asked.values()]
    if contacts is None:
        words = story_model.vocabulary(story_model.words_of(profile, known))
        others = (
            desk.cache.analyzed(item)
            for item in found_by_words(db, matcher, words)
            if item.id not in asked
        )
        for analyzed, candidate, case in _near_to(words, matcher, desk, others):
            asked[candidate.item_id] = analyzed, candidate, case
    judgements = story_model.judge_as_polls(profile, known, [c for _, _, c in asked.values()])
    fold(profile, known, matcher.index_terms())
    return asked, judgements


def _contacts(
    matcher: StoryMatcher,
    counts: CandidateCounts,
    found: Sequence[tuple[AnalyzedItem, Features]],
    counted: Container[int] = (),
) -> dict[int, Contact]:
    """Count candidates, oldest first; return the outcomes of first contact by item id.

    Those of `counted` (ids) are counted already.
    """
    candidates = {analyzed.item.id: each for analyzed, each in found if not each.excluded}
    known = [item_id in counted for item_id in candidates]
    values = first_contact.count(counts, matcher.scorer, candidates.values(), known)
    return dict(zip(candidates, map(first_contact.contact, values), strict=True))


def _kept(judged: list[ScoredItem], keep: Collection[int]) -> list[ScoredItem]:
    """Link the doubtful ones of `keep` (ids) that score KEPT_FROM."""
    return [
        each.linked() if each.item.id in keep and each.verdict.score >= KEPT_FROM else each
        for each in judged
    ]


def match_all(
    matcher: StoryMatcher, found: Iterable[tuple[AnalyzedItem, Features]]
) -> list[ScoredItem]:
    """Return the linked and doubtful ones of stored items, oldest first, by first contact alone."""
    candidates, judged = list(found), []
    contacts = _contacts(matcher, CandidateCounts(), candidates)
    for analyzed, features in candidates:
        contact = contacts.get(analyzed.item.id)
        if contact is None:
            continue
        candidate = Candidate(analyzed.item.id, features, contact)
        judgement = story_model.first_judgement(contact)
        if status_of(judgement.score) is not None:
            told = verdict(matcher.scorer, analyzed, candidate, judgement)
            judged.append(ScoredItem(analyzed, told, contact))
    return judged


def judge_one(
    db: Database,
    story_id: int,
    matcher: StoryMatcher,
    profile: Profile,
    desk: Desk,
    *,
    item: Item,
    anew: bool = False,
) -> tuple[ScoredItem, bool]:
    """Judge any item for a story as it is; return it, and whether a poll could find it.

    Nothing is learned. An item with a link is judged by the stored outcome of first contact, unless
    it is to be judged `anew`.
    """
    stored = stored_cases(db, story_id, matcher, profile, desk)
    analyzed = desk.cache.analyzed(item)
    link = links.find(db, story_id, item.id)
    if link and link.first_odds is not None and not anew:
        analyzed, candidate = _candidate_of_link(matcher, link, desk)
    else:
        features = matcher.features_anyway(analyzed)
        matched = matcher.is_found_by_polls(analyzed)
        values = first_contact.measure(profile.counts, matcher.scorer, features)
        contact = first_contact.contact(values) if matched else None
        candidate = Candidate(item.id, features, contact)
    case = desk.case(matcher, analyzed, candidate.contact)
    known = [each.case for each in stored.values()]
    words = story_model.vocabulary(story_model.words_of(profile, known))
    is_near = candidate.contact is not None or story_model.shows_vocabulary(case.vector, words)
    judgement = story_model.judge(profile, known, [case])[item.id]
    found = verdict(matcher.scorer, analyzed, candidate, judgement)
    return ScoredItem(analyzed, found, candidate.contact), is_near


def save_links(
    db: Database,
    story_id: int,
    judged: Sequence[ScoredItem],
    groups: EventAssignment,
    *,
    arrival: int,
    now: datetime,
    undecided: bool = False,
) -> int:
    """Save links with their events, within the caller's transaction; return how many are new.

    `undecided` is as in `links.save`.
    """
    found = [new_link(story_id, each, groups.events[each.item.id]) for each in judged]
    count = links.save(db, found, arrival, now, undecided=undecided)
    links.move(db, story_id, groups.moved)
    return count


def new_link(story_id: int, judged: ScoredItem, event: int) -> links.NewLink:
    """Return a scored item as the store takes it."""
    first, match = judged.contact or (None, 0.0)
    return links.NewLink(story_id, judged.item, judged.verdict, event, first, match)
