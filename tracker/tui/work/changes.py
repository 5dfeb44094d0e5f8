"""What the user changes, and how each change is taken back.

A change keeps what was stored before it and after it. It is taken back only while what it changed
still is as it left it; what another process did since is never overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.errors import NotFoundError, TrackerError
from tracker.model.core import State, Status
from tracker.plain_text import plain
from tracker.store.following import decisions, standing, stories
from tracker.views.text import cut
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tracker.model.core import Item, Link, Story
    from tracker.model.corrections import Correction
    from tracker.store.database import Database
    from tracker.store.following.decisions import StoryState
    from tracker.store.following.standing import Standing


_TITLE = 50


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a story.

    `done` and `undone` are sentences for the status line; `event` is what it was about, if it was
    about one. `decisions` are the ids of the decisions it made, oldest first; `standings` and
    `links` are before and after it, None where not touched.
    """

    story: Story
    done: str
    undone: str
    event: int | None = None
    decisions: tuple[int, ...] = ()
    standings: tuple[Standing, Standing] | None = None
    links: tuple[StoryState, StoryState] | None = None

    @property
    def of_seen(self) -> bool:
        """Whether it changed up to where the story was seen."""
        return len({each.seen_arrival for each in self.standings or ()}) > 1


def decide(
    db: Database, story: Story, chosen: Sequence[Link], status: Status, now: datetime
) -> Change | None:
    """Accept or reject linked items, all or none; None where all had been decided so before."""
    from tracker.services import feedback

    made, moved = [], 0
    with db.transaction():
        for link in chosen:
            for correction in feedback.decide(db, story, [link.item], status, now):
                if correction.changes:
                    made.append(decisions.last(db).id)
                    moved += len(correction.moves)
    if not made:
        return None
    verb = "belongs" if status is Status.ACCEPTED else "does not belong"
    what = "It" if len(chosen) == 1 else f"Each of {len(chosen)} reports"
    more = f", and {count(moved, 'other report')} moved with it" if moved else ""
    return Change(
        story,
        f"{what} {verb}{more}; z takes that back.",
        f"Taken back: the decision on “{cut(plain(chosen[0].item.title), _TITLE)}”.",
        chosen[0].event,
        decisions=tuple(made),
    )


def answer(db: Database, story: Story, item: Item, status: Status, now: datetime) -> Change | None:
    """Accept or reject the item of a question; None where it had been decided so meanwhile."""
    from tracker.services import feedback
    from tracker.views.review import answered

    (correction,) = feedback.decide(db, story, [item], status, now)
    return _of_question(db, correction, answered(correction).plain) if correction.changes else None


def skip(db: Database, story: Story, item: Item, now: datetime) -> Change | None:
    """Ask no more about the item of a question; None where it had been skipped meanwhile."""
    from tracker.services import review
    from tracker.views.review import answered

    (correction,) = review.skip(db, story, [item], now)
    return _of_question(db, correction, answered(correction).plain) if correction.changes else None


def _of_question(db: Database, correction: Correction, done: str) -> Change:
    return Change(
        correction.story,
        done,
        f"Taken back: the answer on “{cut(plain(correction.item.title), _TITLE)}”.",
        decisions=(decisions.last(db).id,),
    )


def mark_seen(db: Database, story: Story, arrival: int, now: datetime) -> Change | None:
    """Mark a story as seen up to an arrival; None where it had been seen so far already.

    Raises TrackerError where the database cannot be written.
    """
    if not db.writable:
        why = "The disk is full" if db.full else "The database can only be read"
        raise TrackerError(f"{why}; what you read stays marked as new.")
    with db.impatient():
        change = _changed(
            db, story, lambda: stories.mark_seen(db, story.id, arrival, now), now, seen=True
        )
    if not change.of_seen:
        return None
    title = plain(story.title)
    return replace(
        change,
        done=f"All of {title} is seen; z takes that back.",
        undone=f"Taken back: {title} is as new as it was.",
    )


def mute(db: Database, story: Story, until: datetime | None, now: datetime) -> Change:
    """Mute a story until then, for good where that is None."""
    from tracker.services import follow

    change = _changed(db, story, lambda: follow.mute(db, story, until, now), now)
    return _told(change, "is muted")


def reopen(db: Database, story: Story, now: datetime) -> Change:
    """Follow a muted or closed story again."""
    from tracker.services import follow

    return _told(_changed(db, story, lambda: follow.reopen(db, story, now), now), "is open again")


def close(db: Database, story: Story, now: datetime) -> Change:
    """Close a story."""
    from tracker.services import follow

    return _told(_changed(db, story, lambda: follow.close(db, story, now), now), "is closed")


def _told(change: Change, what: str) -> Change:
    title = plain(change.story.title)
    return replace(
        change,
        done=f"{title} {what}; z takes that back.",
        undone=f"Taken back: {title} is {change.story.state} again.",
    )


def _changed(
    db: Database,
    story: Story,
    change: Callable[[], object],
    now: datetime,
    *,
    seen: bool = False,
) -> Change:
    """Make a change within one transaction, and keep how the story was and is.

    The links change only where a closed story takes up what it missed.
    """
    with db.transaction():
        story = stories.still(db, story, now)
        closed = story.state is State.CLOSED and not seen
        before = standing.standing(db, story.id)
        linked = decisions.state(db, story.id) if closed else None
        change()
        after = standing.standing(db, story.id)
        links = (linked, decisions.state(db, story.id)) if linked else None
    if before is None or after is None:
        raise NotFoundError("story", story.slug)
    return Change(story, "", "", standings=(before, after), links=links)


def take_back(db: Database, change: Change, now: datetime) -> None:
    """Restore what a change had changed, row for row.

    Raises TrackerError where another process has changed the same since.
    """
    if change.decisions:
        _take_decisions_back(db, change.decisions, now)
    if change.standings is None:
        return
    with db.transaction():
        if not standing.put_back(db, change.story.id, *change.standings) or (
            change.links and not standing.put_links_back(db, change.story.id, *change.links)
        ):
            raise TrackerError(
                "The story was changed elsewhere since; it stays as it is. z takes back what was"
                " before."
            )


def _take_decisions_back(db: Database, made: Sequence[int], now: datetime) -> None:
    from tracker.services import feedback

    for decision in reversed(made):
        try:
            last = decisions.last(db).id
        except NotFoundError:
            last = None
        if last != decision:
            raise TrackerError(
                "Another decision was made elsewhere since; tracker undo takes that one back first."
            )
        feedback.undo(db, now)
