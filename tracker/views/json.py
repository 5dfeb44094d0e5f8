"""What `--json` prints, as plain values; scripts depend on every key (more may come, none may go).

Times are ISO 8601 in UTC ("2020-08-02T14:30:00Z"), scores and worths have four decimals.
"""

from __future__ import annotations

import json
import re
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from tracker.model.core import (
        Item,
        Link,
        Outage,
        Reason,
        Report,
        Story,
        StorySummary,
        Timeline,
        Verdict,
    )
    from tracker.model.corrections import Correction
    from tracker.model.polling import FeedRow, PollReport
    from tracker.model.preview import Finding, Part, Preview, ProfileTerm
    from tracker.model.review import Review
    from tracker.model.schedule import JobState, Schedule

Json = dict[str, Any]
# json escapes the first 32 characters alone: the others that steer a terminal or turn the direction
# of a text are escaped here, so that the value stays what it was.
_STEERING = re.compile(r"[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def dumps(value: object, *, ascii_only: bool = False) -> str:
    """Return a value as JSON that can be printed: every control character in it is escaped."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=2)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def moment(value: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC, None for None."""
    return (
        value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        if value
        else None
    )


def story(value: Story) -> Json:
    """Return a story."""
    return {
        "slug": value.slug,
        "title": value.title,
        "query": value.query,
        "state": str(value.state),
        "created": moment(value.created),
        "since": moment(value.since),
        "languages": list(value.languages),
        "muted_until": moment(value.muted_until),
        "seen": moment(value.seen),
    }


def item(value: Item) -> Json:
    """Return an item."""
    return {
        "id": value.id,
        "url": value.url,
        "title": value.title,
        "source": value.source,
        "feed": value.feed,
        "published": moment(value.published),
        "language": value.language,
    }


def copies(values: Iterable[Item]) -> list[Json]:
    """Return the other items of an article, for which one item stands."""
    return [{"id": each.id, "url": each.url, "feed": each.feed} for each in values]


def reasons(values: Iterable[Reason]) -> list[Json]:
    """Return the parts of a score."""
    return [
        {
            "part": r.part,
            "kind": r.kind,
            "found": r.found,
            "field": r.field,
            "worth": round(r.worth, 4),
        }
        for r in values
    ]


def link(value: Link) -> Json:
    """Return a link with its item and its reasons."""
    return item(value.item) | {
        "status": str(value.status),
        "score": round(value.score, 4),
        "event": value.event,
        "linked": moment(value.linked),
        "why": reasons(value.reasons),
    }


def report(value: Report) -> Json:
    """Return a report of a timeline."""
    return link(value.link) | {
        "new": value.new,
        "was": [{"title": r.title, "replaced": moment(r.replaced)} for r in value.revisions],
        "copies": copies(value.copies),
    }


def outage(value: Outage) -> Json:
    """Return a stretch of time in which a feed failed."""
    return {
        "feed": value.feed,
        "since": moment(value.since),
        "until": moment(value.until),
        "reason": value.reason,
    }


def timeline(value: Timeline) -> Json:
    """Return a timeline, newest report first."""
    return {
        "story": story(value.story),
        "items": [report(r) for r in value.reports],
        "outages": [outage(o) for o in value.outages],
        "volume": list(value.volume),
        "last_development": moment(value.last_development),
        "hidden": value.hidden,
        "doubtful": value.doubtful,
        "unread": value.unread,
    }


def news(values: Sequence[Timeline]) -> Json:
    """Return the news of all stories, each as its own timeline would be."""
    return {"stories": [timeline(value) for value in values]}


def summaries(values: Sequence[StorySummary]) -> Json:
    """Return the dashboard."""
    return {
        "stories": [
            story(s.story)
            | {
                "unread": s.unread,
                "events": s.events,
                "reports": s.reports,
                "maybe": s.maybe,
                "last_development": moment(s.last_development),
                "last_title": s.last_title,
                "volume": list(s.volume),
                "proposals": list(s.proposals),
            }
            for s in values
        ]
    }


def part(value: Part) -> Json:
    """Return a part of a query."""
    return {
        "text": value.text,
        "kind": value.kind,
        "weight": round(value.weight, 4),
        "forms": {language or "any": list(forms) for language, forms in value.forms},
        "excluded": value.excluded,
        "found": value.found,
        "more": value.more,
        "note": value.note,
    }


def verdict(value: Verdict) -> Json:
    """Return what the matcher thinks; the status is null for an item that does not belong."""
    return {
        "status": str(value.status) if value.status else None,
        "score": round(value.score, 4),
        "why": reasons(value.reasons),
    }


def finding(value: Finding) -> Json:
    """Return an item and what the matcher thinks of it."""
    return item(value.item) | verdict(value.verdict) | {"copies": copies(value.copies)}


def preview(value: Preview, limit: int = 0) -> Json:
    """Return what following a query would bring (`follow --dry-run`) or finds (`search`).

    Items come newest first. Where `limit` is not 0, doubtful ones are left out before sure ones.
    """
    value = value.first(limit)
    items = sorted(
        (*value.linked, *value.maybe), key=lambda f: (f.item.published, f.item.id), reverse=True
    )
    return {
        "query": value.query,
        "terms": [part(p) for p in value.parts],
        "left_out": list(value.left_out),
        "since": moment(value.since),
        "searched": value.items - value.waiting,
        "waiting": value.waiting,
        "linked": value.linked_count,
        "maybe": value.maybe_count,
        "events": value.events,
        "items": [finding(f) for f in items],
    }


def follow(value: Story, found: Preview) -> Json:
    """Return a story just begun: how it was understood, and how many items it took up."""
    return {
        "story": story(value),
        "terms": [part(p) for p in found.parts],
        "left_out": list(found.left_out),
        "linked": found.linked_count,
        "maybe": found.maybe_count,
        "events": found.events,
        "waiting": found.waiting,
    }


def why(value: Story, subject: Item, judged: Verdict, link_: Link | None) -> Json:
    """Return the reasons of a link, or what the matcher thinks of an item without one.

    Then its `linked` is null.
    """
    said = link(link_) if link_ else item(subject) | verdict(judged) | {"linked": None}
    return {"story": story(value), "item": said}


def correction(value: Correction) -> Json:
    """Return a decision that was made or taken back, with all that changed besides the item."""
    return {
        "story": story(value.story),
        "item": item(value.item),
        "was": value.was,
        "now": value.now,
        "copies": [item(each) for each in value.copies],
        "moves": [{"id": m.item_id, "was": m.was, "now": m.now} for m in value.moves],
    }


def corrections(values: Sequence[Correction]) -> Json:
    """Return decisions that were made at once (`accept`, `reject`)."""
    return {"corrections": [correction(each) for each in values]}


def review(value: Review) -> Json:
    """Return the questions of a review, and how much of the story is found."""
    return {
        "story": story(value.story),
        "items": [
            {
                "id": each.item.id,
                "url": each.item.url,
                "title": each.item.title,
                "source": each.item.source,
                "published": moment(each.item.published),
                "score": round(each.score, 4),
                "status": each.status,
            }
            for each in value.questions
        ],
        "open": value.open,
        "linked": value.linked,
        "expected": value.expected,
        "found": value.found,
        "low": value.low,
        "high": value.high,
        "answers": value.answers,
    }


def profile(value: Story, terms: Sequence[ProfileTerm]) -> Json:
    """Return a story and what it has learned."""
    return {
        "story": story(value),
        "profile": [
            {
                "text": t.text,
                "kind": t.kind,
                "weight": round(t.weight, 4),
                "since": moment(t.since),
                "items": t.items,
                "proposed": t.proposed,
                "given": t.given,
            }
            for t in terms
        ],
    }


def poll(value: PollReport) -> Json:
    """Return a poll."""
    return {
        "feeds": value.feeds,
        "not_modified": value.not_modified,
        "unchanged": value.unchanged,
        "changed": value.changed,
        "failed": value.failed,
        "new_items": value.new_items,
        "new_links": value.new_links,
        "seconds": round(value.seconds, 3),
        "started": moment(value.started),
        "failures": [{"url": f.url, "reason": f.reason} for f in value.failures],
    }


def feeds(values: Sequence[FeedRow]) -> Json:
    """Return the feed list; headers and user names are left out, since they may be credentials."""
    return {
        "feeds": [
            {
                "url": f.state.source.shown_url,
                "title": f.title,
                "outlet": f.outlet,
                "language": f.state.source.language,
                "tags": list(f.state.source.tags),
                "listed": f.listed,
                "items": f.items,
                "items_a_week": round(f.activity.items_a_week, 2),
                "rhythm_in_seconds": _seconds(f.activity.rhythm),
                "items_in_stories": f.activity.in_stories,
                "share_in_stories": _rounded(f.share_in_stories),
                "newest": moment(f.activity.newest),
                "last_polled": moment(f.last_polled),
                "last_ok": moment(f.last_ok),
                "last_new": moment(f.last_new),
                "failures": f.state.failures,
                "failing_since": moment(f.failing_since),
                "failure": f.failure,
                "gone": f.state.gone,
                "next_poll": moment(f.state.next_poll),
                "next_poll_why": f.state.next_poll_why,
            }
            for f in values
        ]
    }


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def schedule(value: Schedule, jobs: Iterable[JobState]) -> Json:
    """Return what is scheduled; `hours` and `minutes` are local times, null where unreadable."""
    return {
        "jobs": [_job(state) for state in jobs],
        "others": [
            {"scheduler": str(other.scheduler), "place": other.place, "command": other.text}
            for other in value.others
        ],
        "notes": list(value.notes),
    }


def _job(state: JobState) -> Json:
    job, times = state.installed.job, state.installed.job.times
    return {
        "name": job.name,
        "scheduler": str(state.installed.scheduler),
        "place": state.installed.place,
        "command": list(job.words),
        "hours": list(times.hours) if times else None,
        "minutes": list(times.minutes) if times else None,
        "interval_in_minutes": times.interval_in_minutes if times else None,
        "problem": state.installed.problem or None,
        "last_poll": poll(state.last_poll) if state.last_poll else None,
        "last_started": moment(state.last_poll.started) if state.last_poll else None,
        "missed": moment(state.missed),
        "next_start": moment(state.next_start),
    }
