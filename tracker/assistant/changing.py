"""What an assistant changes, where the user allowed it: each function calls one use case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.assistant import answers, shaping
from tracker.assistant.quoting import NOTICE
from tracker.errors import TrackerError, UsageError
from tracker.store.archive import items
from tracker.store.following import links, stories, timelines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tracker.assistant.desk import Desk
    from tracker.model.core import Status, Story
    from tracker.model.corrections import Correction
    from tracker.store.database import Database

_FAILURES = 20


def follow(
    db: Database, query: str, title: str | None, since: datetime | None, now: datetime
) -> answers.Followed:
    """Begin a story; an address or "#" with a number stands for the words of a stored item.

    No address is fetched: NotFoundError for one that is not stored. Raises QueryError for a query
    that cannot be parsed, UsageError for an empty title.
    """
    from tracker.services import follow as use_case
    from tracker.stories.query.syntax import is_address

    words = query.strip()
    if is_address(words) or (words.startswith("#") and words[1:].isdecimal()):
        words = use_case.article_query(db, str(items.find(db, words).id))
    if title is not None and not title.strip():
        raise UsageError("The title is empty; give a word, or leave it out.")
    begun = use_case.follow(db, words, now, title=title, since=since)
    return answers.Followed(
        begun.story.slug,
        shaping.title(begun.story),
        begun.preview.linked_count,
        begun.preview.maybe_count,
        begun.preview.events,
        shaping.words(begun.preview.left_out),
    )


def decide(
    db: Database, story: str, references: Sequence[int], status: Status, now: datetime
) -> answers.Decided:
    """Accept or reject items of a story for the user."""
    from tracker.services import feedback

    subject = stories.find(db, story, now)
    chosen = [items.find(db, str(reference)) for reference in references]
    return _decided(subject, feedback.decide(db, subject, chosen, status, now))


def skip(db: Database, story: str, references: Sequence[int], now: datetime) -> answers.Decided:
    """Let reviews ask no more about items of a story."""
    from tracker.services import review

    subject = stories.find(db, story, now)
    chosen = [items.find(db, str(reference)) for reference in references]
    return _decided(subject, review.skip(db, subject, chosen, now))


def undo(db: Database, now: datetime) -> answers.Decided:
    """Take the last decision back, whoever made it; NothingToUndoError if none is left."""
    from tracker.services import feedback

    back = feedback.undo(db, now)
    return _decided(back.story, [back])


def _decided(story: Story, corrections: Sequence[Correction]) -> answers.Decided:
    moved = {move.item_id for each in corrections for move in each.moves}
    return answers.Decided(
        story.slug,
        tuple(
            answers.Decision(each.item.id, _word(each.was), _word(each.now)) for each in corrections
        ),
        len(moved),
    )


def _word(status: Status | None) -> str | None:
    return None if status is None else str(status)


def mute(db: Database, story: str, until: datetime | None, now: datetime) -> answers.Changed:
    """Keep a story out of the news until then, for good if None; UsageError for the past."""
    from tracker.services import follow as use_case

    if until is not None and until <= now:
        raise UsageError("The date until which the story is muted is past; give a later one.")
    subject = stories.find(db, story, now)
    return _changed(db, subject, use_case.mute(db, subject, until, now), now)


def close(db: Database, story: str, now: datetime) -> answers.Changed:
    """Let a story take up nothing more."""
    from tracker.services import follow as use_case

    subject = stories.find(db, story, now)
    use_case.close(db, subject, now)
    return _changed(db, subject, 0, now)


def reopen(db: Database, story: str, now: datetime) -> answers.Changed:
    """Follow a muted or closed story again; what was stored meanwhile is linked."""
    from tracker.services import follow as use_case

    subject = stories.find(db, story, now)
    return _changed(db, subject, use_case.reopen(db, subject, now), now)


def _changed(db: Database, story: Story, more: int, now: datetime) -> answers.Changed:
    after = stories.still(db, story, now)
    until = shaping.known(after.muted_until) if after.muted_until else None
    return answers.Changed(after.slug, str(after.state), until, more)


def mark_seen(db: Database, story: str, arrival: int, now: datetime) -> answers.Seen:
    """Mark what an answer had shown of a story as seen by the user."""
    subject = stories.find(db, story, now)
    with db.transaction():
        stories.mark_seen(db, subject.id, min(arrival, links.last_arrival(db)), now)
    return answers.Seen(subject.slug, timelines.summary(db, subject, now).unread)


def poll(db: Database, desk: Desk, now: datetime) -> answers.Polled:
    """Fetch the feeds that are due and link what is new; alerts wait for the user's next poll.

    Raises TrackerError if every feed failed.
    """
    from tracker.services import poll as use_case

    report = use_case.poll(db, desk.feeds_path, now, overrides=desk.overrides)
    if report.all_failed:
        raise TrackerError(f"All {report.feeds:,} feeds failed; feeds says why.")
    return answers.Polled(
        NOTICE,
        report.feeds,
        report.failed,
        report.new_items,
        report.new_links,
        round(report.seconds, 1),
        tuple(shaping.failure(each) for each in report.failures[:_FAILURES]),
    )
