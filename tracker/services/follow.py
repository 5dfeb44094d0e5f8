"""Following a story: preview, follow, search, explain, edit, reopen and rematch it.

All of these score items by the same functions as a poll, and differ in what they save. Items that
an interrupted poll left in the queue are linked first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.hosts import host_of, without_credentials
from tracker.model.core import State, Status
from tracker.model.preview import Finding, Preview
from tracker.services import backfill, evaluation, feedback
from tracker.services.cases import Desk, stored_cases
from tracker.services.collection import document_frequencies
from tracker.services.event_grouping import AnalysisCache
from tracker.services.linking import catch_up
from tracker.services.registry import compile_query, matcher_of
from tracker.services.retrieval import candidates_among, stored_candidates
from tracker.store.archive import articles, items
from tracker.store.following import links, stories
from tracker.store.polling.feeds import stored_settings
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.syntax import parse
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.presentation import ignored_words, shown_parts
from tracker.stories.tracking.profile import profile_from_json, shown_terms
from tracker.stories.tracking.story_model import words_of
from tracker.stories.understanding.pipeline import add_alternative

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from tracker.model.core import Item, Link, Story, Verdict
    from tracker.model.preview import Part, ProfileTerm
    from tracker.store.database import Database
    from tracker.stories.tracking.candidates import ScoredItem
    from tracker.stories.tracking.story_matcher import StoryMatcher


COUNTED = 1_000
"""Where the count of a part of a query stops: so many items are read in 0.1 s."""


@dataclass(frozen=True, slots=True)
class FollowResult:
    """A story that was begun, and what it found among the stored items."""

    story: Story
    preview: Preview


def preview(
    db: Database,
    query: str,
    now: datetime,
    *,
    languages: Sequence[str] = (),
    since: datetime | None = None,
) -> Preview:
    """Return what a story of this query would link; nothing of it is saved.

    Only items from `since` on are searched, all of them for None. Raises QueryError.
    """
    waiting = catch_up(db, now)
    matcher = compile_query(query, languages=tuple(languages), since=since)
    found = backfill.judge_stored(db, matcher, now)
    return _preview(db, query, matcher, found.judged, found.groups.events, waiting=waiting)


def follow(
    db: Database,
    query: str,
    now: datetime,
    *,
    slug: str | None = None,
    title: str | None = None,
    languages: Sequence[str] = (),
    since: datetime | None = None,
) -> FollowResult:
    """Begin a story and link the stored items.

    Raises QueryError, or UsageError for a slug that is taken; nothing is saved then.
    """
    waiting = catch_up(db, now)
    matcher = compile_query(query, languages=tuple(languages), since=since)
    found = backfill.judge_stored(db, matcher, now)
    with db.transaction():
        story = stories.create(
            db, query, now, slug=slug, title=title, languages=languages, since=since
        )
        found = backfill.apply(db, story, found, now)
    shown = _preview(db, query, matcher, found.judged, found.groups.events, waiting=waiting)
    return FollowResult(story, shown)


def search(
    db: Database,
    query: str,
    now: datetime,
    *,
    since: datetime | None = None,
    feeds: Collection[int] | None = None,
) -> Preview:
    """Return the stored items that match a query by its own words; nothing is learned.

    `feeds` leaves out the items of other feeds (ids), None leaves out none. Raises QueryError.
    """
    waiting = catch_up(db, now)
    matcher = compile_query(query, since=since)
    stored = stored_candidates(db, matcher)
    among = [item for item in stored if feeds is None or item.feed_id in feeds]
    found = candidates_among(matcher, map(AnalyzedItem.of, among), {})
    judged = evaluation.match_all(matcher, found)
    events = {each.item.id: each.item.id for each in judged}
    return _preview(db, query, matcher, judged, events, waiting=waiting)


def article_query(db: Database, reference: str, *, contact: str | None = None) -> str:
    """Return a query made of an article's words; `reference` is a stored item's number or URL.

    A URL that is not stored is fetched; its publisher is told `contact`, None for that of the feed
    list. Raises NotFoundError for a number that is no item's,
    TrackerError, with the URL, for a page that cannot be read.
    """
    from tracker.errors import FeedError, NotFoundError, TrackerError
    from tracker.stories.understanding.from_article import query_from_article

    try:
        item = items.find(db, reference)
        outlets = item.source, host_of(item.url)
        return query_from_article(item.title, item.summary, item.language, load_lexicon(), outlets)
    except NotFoundError:
        if not reference.startswith(("http://", "https://")):
            raise
    from tracker.feeds.finding.discover import read_article

    if contact is None:
        contact = stored_settings(db).get("contact", "")
    try:
        page = read_article(reference, contact=contact)
    except FeedError as error:
        shown = without_credentials(reference)
        raise TrackerError(f"{shown}: {error.reason.rstrip('.')}.") from error
    outlets = page.site, host_of(reference)
    return query_from_article(page.title, page.summary, page.language, load_lexicon(), outlets)


def why(db: Database, story: Story, item: Item) -> Link | Verdict:
    """Return the link with its reasons, or the verdict on an item that is not linked.

    A copy of an article is explained as its first item is.
    """
    item = articles.first(db, item)
    link = links.find(db, story.id, item.id)
    if link and link.reasons:
        return link
    matcher, profile = matcher_of(db, story), profile_from_json(stories.profile(db, story.id))
    desk = Desk(AnalysisCache(), document_frequencies(db))
    judged, is_found = evaluation.judge_one(db, story.id, matcher, profile, desk, item=item)
    found = judged.verdict
    if link:
        return replace(link, score=found.score, reasons=found.reasons)
    return found if is_found else replace(found, status=None)


def edit(
    db: Database,
    story: Story,
    now: datetime,
    *,
    query: str | None = None,
    title: str | None = None,
    slug: str | None = None,
    languages: Sequence[str] | None = None,
    since: datetime | None = None,
    words: Mapping[str, float | None] | None = None,
) -> Story:
    """Change a story, all of it or nothing; return the changed story.

    None leaves a value as it is; `words` are as in `feedback.set_terms`. After a change of query,
    languages or date the stored items are linked again, for a closed story when it is reopened.
    Raises QueryError, UsageError for a slug that is taken or malformed, NotFoundError if the story
    is gone.
    """
    given = {"query": query, "title": title, "languages": languages, "since": since}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    found = _with_changes(db, story, now, changes)
    if query is not None and title is None and story.title == story.query:
        changes["title"] = query
    if slug is not None and slug != story.slug:
        changes["slug"] = slug
    with db.transaction():
        story = stories.still(db, story, now)
        if "slug" in changes:
            stories.checked_slug(db, changes["slug"], story.title)
        if changes:
            stories.change(db, story.id, **changes)
        story = stories.still(db, story, now)
        if found:
            backfill.apply(db, story, found, now)
        if words:
            feedback.set_terms(db, story, words, now)
    return story


def _with_changes(
    db: Database, story: Story, now: datetime, changes: Mapping[str, Any]
) -> backfill.BackfillResult | None:
    """Backfill a changed story without saving it; None for other changes and for a closed story.

    Raises QueryError.
    """
    asks = {name: changes[name] for name in ("query", "languages", "since") if name in changes}
    if not asks:
        return None
    draft = replace(story, **asks)
    languages = tuple(draft.languages)
    query = parse(draft.query, strict="query" in asks)
    matcher = compile_query(query, languages=languages, since=draft.since)
    if story.state is State.CLOSED:
        return None
    return backfill.judge_stored(db, matcher, now, story_id=story.id)


def reopen(db: Database, story: Story, now: datetime) -> int:
    """Follow a story again; return how many more reports it shows than before.

    Items that were stored while it was closed are linked. Raises NotFoundError if the story is
    gone.
    """
    return _follow_again(db, story, now, state=State.OPEN.value, muted_until=None)


def mute(db: Database, story: Story, until: datetime | None, now: datetime) -> int:
    """Keep a story out of the news until then, for good if None; return as `reopen` does.

    Polls link items to a muted story, so a closed story takes up what it missed when it is muted.
    """
    return _follow_again(db, story, now, state=State.MUTED.value, muted_until=until)


def close(db: Database, story: Story, now: datetime) -> None:
    """Let a story take up nothing more; what it has is kept.

    Raises NotFoundError if the story is gone.
    """
    with db.transaction():
        story = stories.still(db, story, now)
        stories.change(db, story.id, state=State.CLOSED.value, muted_until=None)


def _follow_again(
    db: Database, story: Story, now: datetime, **changes: str | datetime | None
) -> int:
    closed = story.state is State.CLOSED
    found = (
        backfill.judge_stored(db, matcher_of(db, story), now, story_id=story.id) if closed else None
    )
    with db.transaction():
        story = stories.still(db, story, now)
        stories.change(db, story.id, **changes)
        before = links.shown(db, story.id)
        if found:
            backfill.apply(db, story, found, now)
        return links.shown(db, story.id) - before


def rematch(db: Database, now: datetime, progress: Callable[[int, int], None]) -> int:
    """Link all stored items again, story by story; return the number of linked reports.

    Decisions of the user stay, and closed stories are left alone. `progress` is called with the
    number of stories done and of all.
    """
    catch_up(db, now)
    everything, count = stories.everything(db, now), 0
    progress(0, len(everything))
    for done, story in enumerate(everything, 1):
        if story.state is not State.CLOSED:
            _rematch(db, story, now)
        count += links.shown(db, story.id)
        progress(done, len(everything))
    return count


def _rematch(db: Database, story: Story, now: datetime) -> None:
    found = backfill.judge_stored(db, matcher_of(db, story), now, story_id=story.id)
    with db.transaction():
        for there in stories.by_ids(db, [story.id], now):  # unless it is gone by now
            backfill.apply(db, there, found, now)


def learned(db: Database, story: Story) -> tuple[ProfileTerm, ...]:
    """Return the words that a story has learned or proposes, the strongest first."""
    profile, matcher = profile_from_json(stories.profile(db, story.id)), matcher_of(db, story)
    desk = Desk(AnalysisCache(), document_frequencies(db))
    known = stored_cases(db, story.id, matcher, profile, desk)
    words = words_of(profile, (each.case for each in known.values()))
    return shown_terms(profile, words, matcher.index_terms())


def widened(query: str, name: str) -> str | None:
    """Return a query that asks for another name as an alternative to its own.

    None for a query without a name of one bare word, to which OR could be added.
    """
    return add_alternative(query, name, load_lexicon())


def _preview(
    db: Database,
    query: str,
    matcher: StoryMatcher,
    judged: Sequence[ScoredItem],
    events: Mapping[int, int],
    *,
    waiting: int,
) -> Preview:
    newest = sorted(judged, key=lambda each: (each.item.published, each.item.id), reverse=True)
    linked = [each for each in newest if each.verdict.status is Status.LINKED]
    maybe = [each for each in newest if each.verdict.status is Status.MAYBE]
    copies = articles.copies(db, [each.item.id for each in newest])
    return Preview(
        query,
        _counted_parts(db, matcher),
        matcher.since,
        items.total(db),
        len(linked),
        len(maybe),
        len({events[each.item.id] for each in linked}),
        tuple(Finding(each.item, each.verdict, copies.get(each.item.id, ())) for each in linked),
        tuple(Finding(each.item, each.verdict, copies.get(each.item.id, ())) for each in maybe),
        ignored_words(matcher.query, matcher.interpretation),
        waiting,
    )


def _counted_parts(db: Database, matcher: StoryMatcher) -> tuple[Part, ...]:
    """Count for each part of a query the stored items that match it.

    The index finds more than that (for example: any "C" for "C++"), so its newest items are read.
    """
    expressions = matcher.segment_expressions(items.languages(db))
    matches: dict[int, list[bool]] = {}
    counted = []
    for number, (part, expression) in enumerate(
        zip(shown_parts(matcher.interpretation), expressions, strict=True)
    ):
        if not expression:
            counted.append(part)
            continue
        candidates = items.candidates(db, expression, limit=COUNTED)
        for item in candidates:
            if item.id not in matches:
                matches[item.id] = matcher.segments_in(AnalyzedItem.of(item))
        found = sum(matches[item.id][number] for item in candidates)
        counted.append(replace(part, found=found, more=len(candidates) == COUNTED))
    return tuple(counted)
