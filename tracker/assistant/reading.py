"""What an assistant reads: each function is given a connection that cannot write."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from tracker.assistant import answers, shaping
from tracker.assistant.cursors import page
from tracker.assistant.quoting import NOTICE
from tracker.developments import fold
from tracker.errors import UsageError
from tracker.store.following import links, stories, timelines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from tracker.assistant.cursors import Asked, Key
    from tracker.developments import Development
    from tracker.model.core import Story
    from tracker.model.preview import Finding
    from tracker.store.database import Database

PREVIEW_DAYS = 90
_PREVIEWED, _OUTAGES = 20, 10


def moment(text: str | None, zone: tzinfo | None, *, end: bool = False) -> datetime | None:
    """Return the time that an ISO 8601 date or time means, None for None.

    A date is its first moment in `zone` (None for the computer's), or its last with `end`. Raises
    UsageError.
    """
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        if len(text.strip()) <= len("2020-08-02"):
            found = datetime.combine(found, time.max if end else time.min)
        return found if found.tzinfo else found.replace(tzinfo=zone).astimezone(zone)
    except (ValueError, OverflowError):
        raise UsageError(
            f"{text[:40]!r} is not a date; write 2020-08-02 or 2020-08-02T14:30:00Z."
        ) from None


def period(
    since: str | None, until: str | None, zone: tzinfo | None
) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last moment of a period; raises UsageError as `moment` does.

    So does a period that ends before it begins.
    """
    first, last = moment(since, zone), moment(until, zone, end=True)
    if first and last and first > last:
        raise UsageError(f"since {since!r} is later than until {until!r}; exchange them.")
    return first, last


def story_list(
    db: Database, asked: Asked, now: datetime, zone: tzinfo | None = None
) -> answers.Stories:
    """Return the stories, those with news first."""
    lines = list(enumerate(timelines.summaries(db, now, zone)))
    shown, cursor = page(
        asked, lines, lambda line: (-line[0],), lambda line: shaping.story_line(line[1])
    )
    return answers.Stories(NOTICE, shown, cursor)


def _order(development: Development) -> Key:
    return int(development.published.timestamp()), development.first.link.item.id


def news(
    db: Database, story: str | None, asked: Asked, now: datetime, zone: tzinfo | None = None
) -> answers.News:
    """Return what is new since the user's last look, of one story or of all that are open."""
    window = timelines.Window(only_new=True)
    if story is None:
        told = timelines.news(db, window, now, zone)
    else:
        told = [timelines.timeline(db, stories.find(db, story, now), window, now, zone)]
    rows = [(value.story, each) for value in told for each in fold(value.reports)]
    rows.sort(key=_story_order, reverse=True)
    shown, cursor = page(asked, rows, _story_order, lambda row: shaping.development(*row))
    named = {each.story for each in shown}
    names = (shaping.story_name(v) for v in told if v.story.slug in named or story is not None)
    return answers.News(NOTICE, tuple(names), shown, cursor)


def _story_order(row: tuple[Story, Development]) -> Key:
    return *_order(row[1]), row[0].id


def timeline(
    db: Database,
    story: Story,
    window: timelines.Window,
    asked: Asked,
    now: datetime,
    *,
    zone: tzinfo | None = None,
) -> answers.Timeline:
    """Return what a window shows of a story, the newest development first."""
    found = timelines.timeline(db, story, window, now, zone)
    shown, cursor = page(
        asked, fold(found.reports), _order, lambda each: shaping.development(story, each)
    )
    return answers.Timeline(
        NOTICE,
        shaping.story_name(found),
        shown,
        found.doubtful,
        shaping.known(found.last_development) if found.last_development else None,
        tuple(shaping.outage(each) for each in found.outages[:_OUTAGES]),
        cursor,
    )


def why(db: Database, story: str, reference: str, now: datetime) -> answers.Why:
    """Return why an item belongs to a story, or what it lacks."""
    from tracker.services import follow as use_case
    from tracker.store.archive import items

    subject, item = stories.find(db, story, now), items.find(db, reference)
    judged = use_case.why(db, subject, item)
    return shaping.why(subject, item, judged, items.revisions(db, [item.id]).get(item.id, ()))


def search(
    db: Database, query: str, since: datetime | None, asked: Asked, now: datetime
) -> answers.Search:
    """Return what a query finds among all that is stored, newest first."""
    from tracker.services import follow as use_case

    found = use_case.search(db, query, now, since=since)
    shown, cursor = page(asked, _newest([*found.linked, *found.maybe]), _found_order, shaping.found)
    return answers.Search(
        NOTICE,
        shaping.words([query])[0],
        shaping.terms(found.parts),
        shaping.words(found.left_out),
        found.linked_count + found.maybe_count,
        found.waiting,
        shown,
        cursor,
    )


def _found_order(finding: Finding) -> Key:
    return int(finding.item.published.timestamp()), finding.item.id


def _newest(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=_found_order, reverse=True)


def preview(db: Database, query: str, since: datetime | None, now: datetime) -> answers.Preview:
    """Return what following a query would bring since then, by default in 90 days."""
    from tracker.services import follow as use_case

    start = since or now - timedelta(days=PREVIEW_DAYS)
    found = use_case.preview(db, query, now, since=start)
    newest = _newest([*found.linked, *found.maybe])[:_PREVIEWED]
    return answers.Preview(
        NOTICE,
        shaping.words([query])[0],
        shaping.terms(found.parts),
        shaping.words(found.left_out),
        shaping.known(found.since) if found.since else None,
        found.linked_count,
        found.maybe_count,
        found.events,
        tuple(shaping.found(each) for each in newest),
    )


def review(db: Database, story: str, limit: int, now: datetime) -> answers.Review:
    """Return the reports whose answer teaches a story most, and how much of it is found."""
    from tracker.services import review as use_case

    found = use_case.review(db, stories.find(db, story, now), limit=limit)
    return answers.Review(
        NOTICE,
        found.story.slug,
        tuple(shaping.asked(each) for each in found.questions),
        found.open,
        found.linked,
        found.expected,
        found.found,
        found.low,
        found.high,
    )


def article(db: Database, reference: str, now: datetime) -> answers.Article:
    """Return a stored item with its summary, its earlier titles, and the stories that have it."""
    from tracker.store.archive import articles, items

    item = items.find(db, reference)
    first = articles.first(db, item)
    of_article = [first, *articles.copies(db, [first.id]).get(first.id, ())]
    ids = [each.id for each in of_article]
    statuses = {
        story_id: next(iter(each.values())) for story_id, each in links.of_items(db, ids).items()
    }
    having = [(each, statuses[each.id]) for each in stories.by_ids(db, statuses, now)]
    others = [each for each in of_article if each.id != item.id]
    return shaping.article(item, items.revisions(db, [item.id]).get(item.id, ()), others, having)


def feed_list(db: Database, asked: Asked, now: datetime, *, failing: bool) -> answers.Feeds:
    """Return the feeds and their health, those that fail first; with `failing` only these."""
    from tracker.store.polling import feeds, polls

    every = feeds.listing(db, now)
    ill = [row for row in every if row.listed and (row.failure or row.state.gone)]
    known = {row.state.id for row in ill}
    rows = ill if failing else [*ill, *(row for row in every if row.state.id not in known)]
    shown, cursor = page(
        asked,
        list(enumerate(rows)),
        lambda line: (-line[0],),
        lambda line: shaping.feed(line[1]),
    )
    last = polls.last(db)
    return answers.Feeds(
        NOTICE,
        sum(row.listed for row in every),
        len(ill),
        shaping.known(last.started) if last else None,
        shown,
        cursor,
    )
