"""The Python interface: what the commands do, as methods that return frozen objects.

    import tracker

    with tracker.open() as t:
        for found in t.news():
            for development in t.developments(found):
                print(development.first.link.item.title)

What is returned is of `tracker.model`, and what is raised of `tracker.errors`. Reading marks
nothing as seen. A `Tracker` belongs to the thread that opened it; other threads and processes may
open the same database at the same time.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tracker.errors import DatabaseError
from tracker.model.core import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import tzinfo
    from types import TracebackType

    from tracker.developments import Development
    from tracker.model.core import Item, Link, Story, StorySummary, Timeline, Verdict
    from tracker.model.corrections import Correction
    from tracker.model.polling import FeedRow, PollReport
    from tracker.model.preview import Preview
    from tracker.model.review import Review
    from tracker.store.database import Database
    from tracker.store.following.timelines import Window

__all__ = ["Tracker", "open"]


def open(  # noqa: A001 - as `gzip.open` and `dbm.open` are called
    path: str | os.PathLike[str] | None = None,
    *,
    feeds: str | os.PathLike[str] | None = None,
    create: bool = False,
    zone: tzinfo | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Tracker:
    """Open a database of tracker.

    Without `path` and `feeds` the database and the feed list are those that the command uses.
    Days are those of `zone`, None for the computer's own. `clock` returns the present as an aware
    datetime; None for the real one. Raises DatabaseError for a file that is missing, unless it may
    be made (`create`), NotOursError for one that is not a database of tracker, NewerDatabaseError
    for one that a later version wrote, LockedError for one that stays locked for ten seconds.
    """
    from tracker.config import database_path, feeds_path
    from tracker.store.database import connect

    where = database_path(Path(path) if path is not None else None, os.environ)
    missing = False
    with suppress(OSError):  # `connect` names a folder that cannot be searched
        missing = not where.exists()
    if missing and not create:
        raise DatabaseError(
            where, "there is no database; `tracker poll` makes one, as open(…, create=True) does."
        )
    listed = feeds_path(Path(feeds) if feeds is not None else None, os.environ, Path.cwd())
    return Tracker(connect(where), listed, zone, clock or _utc_now)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Tracker:
    """An open database of tracker; `tracker.open` makes it.

    A story is named by its slug, title or query, or by a `Story`; an item by its number or address,
    or by an `Item`. NotFoundError, with the nearest name, is raised where there is none.
    """

    def __init__(
        self, db: Database, feeds: Path, zone: tzinfo | None, clock: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._feeds = feeds
        self._zone = zone
        self._clock = clock

    def __enter__(self) -> Self:
        """Return itself; the database is closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the database."""
        self.close()

    def __repr__(self) -> str:
        return f"<Tracker {str(self.path)!r}>"

    @property
    def path(self) -> Path:
        """The file of the database."""
        return self._db.path

    def close(self) -> None:
        """Close the database; what was changed is kept already."""
        self._db.close()

    # --- reading ---------------------------------------------------------------------------------

    def stories(self) -> tuple[StorySummary, ...]:
        """Return all stories with their counts, those with news first.

        `unread` counts the developments with something new since the last look.
        """
        from tracker.store.following import timelines

        return tuple(timelines.summaries(self._db, self._clock(), self._zone))

    def story(self, name: str | Story) -> Story:
        """Return a story as it is now."""
        from tracker.store.following import stories

        given = name if isinstance(name, str) else name.slug
        return stories.find(self._db, given, self._clock())

    def item(self, reference: int | str | Item) -> Item:
        """Return a stored item."""
        from tracker.store.archive import items

        given = reference if isinstance(reference, int | str) else reference.id
        return items.find(self._db, str(given))

    def timeline(
        self,
        story: str | Story,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        only_new: bool = False,
        maybe: bool = False,
        limit: int = 0,
        tags: Iterable[str] = (),
    ) -> Timeline:
        """Return the reports of a story, the newest first, whole developments at a time.

        `since` and `until` bound the publication of reports, `only_new` leaves out developments
        without anything new since the last look, `maybe` adds the doubtful reports. `limit` counts
        developments, 0 for all. With `tags` only reports of feeds with one of them are returned;
        NotFoundError for a tag that no feed has.
        """
        from tracker.store.following import timelines

        window = self._window(since, until, tags, only_new=only_new, maybe=maybe, limit=limit)
        subject = self.story(story)
        return timelines.timeline(self._db, subject, window, self._clock(), self._zone)

    def news(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 0,
        tags: Iterable[str] = (),
    ) -> tuple[Timeline, ...]:
        """Return what is new in each open story since it was last looked at; bounds as above.

        Stories without news are left out.
        """
        from tracker.store.following import timelines

        window = self._window(since, until, tags, only_new=True, limit=limit)
        return tuple(timelines.news(self._db, window, self._clock(), self._zone))

    def developments(self, timeline: Timeline) -> tuple[Development, ...]:
        """Fold the reports of a timeline into developments, the newest first.

        The earliest report of each is its `first`; those that are doubtful are folded too.
        """
        from tracker.developments import fold

        return tuple(fold(timeline.reports))

    def search(
        self, query: str, *, since: datetime | None = None, tags: Iterable[str] = ()
    ) -> Preview:
        """Return the stored items that match a query, the newest first; nothing is learned.

        QueryError, with the position, for a query that cannot be parsed.
        """
        from tracker.services import follow
        from tracker.store.polling.tags import feeds_with

        among = feeds_with(self._db, tuple(tags))
        return follow.search(self._db, query, self._clock(), since=since, feeds=among)

    def why(self, story: str | Story, item: int | str | Item) -> Link | Verdict:
        """Return the link of an item to a story with its reasons.

        Where there is no link, it is the verdict: what the item lacks.
        """
        from tracker.services import follow

        return follow.why(self._db, self.story(story), self.item(item))

    def feeds(self) -> tuple[FeedRow, ...]:
        """Return the feeds with their health, as the last poll knew them."""
        from tracker.store.polling import feeds

        return tuple(feeds.listing(self._db, self._clock()))

    def last_poll(self) -> PollReport | None:
        """Return the report of the last poll, None before the first."""
        from tracker.store.polling import polls

        return polls.last(self._db)

    # --- following -------------------------------------------------------------------------------

    def preview(
        self, query: str, *, languages: Sequence[str] = (), since: datetime | None = None
    ) -> Preview:
        """Return what a story of this query would find; nothing of it is kept.

        Only items from `since` on are searched, None for all, and only those in `languages`
        (two-letter codes), () for all. Raises QueryError.
        """
        from tracker.services import follow

        return follow.preview(self._db, query, self._clock(), languages=languages, since=since)

    def follow(
        self,
        query: str,
        *,
        title: str | None = None,
        slug: str | None = None,
        languages: Sequence[str] = (),
        since: datetime | None = None,
    ) -> Story:
        """Begin a story and link what is stored already; bounds are as in `preview`.

        Raises QueryError, UsageError for a slug that is taken or malformed; no story is begun then.
        """
        from tracker.services import follow

        begun = follow.follow(
            self._db,
            query,
            self._clock(),
            slug=slug,
            title=title,
            languages=languages,
            since=since,
        )
        return begun.story

    def poll(
        self, *, force: bool = False, feed: str | None = None, tags: Sequence[str] = ()
    ) -> PollReport:
        """Fetch the feeds that are due, store and link what is new.

        `force` asks all feeds, `feed` one, by its URL, whether due or not, `tags` those with one
        of them. Settings are those of the feed list and of the environment. Alerts are sent by the
        next `tracker poll`. Raises ConfigError, with line and key, for a mistake in the feed list,
        BusyError while another poll is running.
        """
        from tracker.services import poll
        from tracker.settings import from_environment

        return poll.poll(
            self._db,
            self._feeds,
            self._clock(),
            force=force,
            url=feed,
            tags=tags,
            overrides=from_environment(os.environ),
        )

    def mark_seen(self, timeline: Timeline) -> None:
        """Mark as seen what a timeline shows, as `tracker timeline` does.

        A timeline that left out something new (`unread`) is not marked, so that it stays new. Do
        not mark one that was asked for by tags: it may show a part of a development only.
        """
        from tracker.store.following import stories

        if not timeline.unread:
            stories.mark_seen(self._db, timeline.story.id, timeline.arrival, self._clock())

    def accept(self, story: str | Story, *items: int | str | Item) -> tuple[Correction, ...]:
        """Say that items belong to a story, which learns from that; return what changed."""
        return self._decide(story, items, Status.ACCEPTED)

    def reject(self, story: str | Story, *items: int | str | Item) -> tuple[Correction, ...]:
        """Say that items do not belong to a story, which learns from that; return what changed."""
        return self._decide(story, items, Status.REJECTED)

    def review(self, story: str | Story, limit: int = 10) -> Review:
        """Return at most `limit` reports whose answer teaches the story most, the best first.

        It says how much of the story is found, too. Answer with `accept`, `reject` or `skip`, and
        ask again: each answer changes what is worth asking.
        """
        from tracker.services import review

        return review.review(self._db, self.story(story), limit=limit)

    def skip(self, story: str | Story, *items: int | str | Item) -> tuple[Correction, ...]:
        """Let `review` ask no more about items of a story, which stay as they are."""
        from tracker.services import review

        subject, about = self.story(story), [self.item(each) for each in items]
        return tuple(review.skip(self._db, subject, about, self._clock()))

    def undo(self) -> Correction:
        """Take back the last accept, reject or skip, each time the one before.

        Raises NotFoundError where there is none left.
        """
        from tracker.services import feedback

        return feedback.undo(self._db, self._clock())

    def mute_story(self, story: str | Story, until: datetime | None = None) -> Story:
        """Keep a story up to date but out of the news, until then or for good (None)."""
        from tracker.services import follow

        follow.mute(self._db, self.story(story), until, self._clock())
        return self.story(story)

    def close_story(self, story: str | Story) -> Story:
        """Let a story take up nothing more; what it has is kept."""
        from tracker.services import follow

        follow.close(self._db, self.story(story), self._clock())
        return self.story(story)

    def reopen_story(self, story: str | Story) -> Story:
        """Follow a muted or closed story again; it takes up what came while it was closed."""
        from tracker.services import follow

        follow.reopen(self._db, self.story(story), self._clock())
        return self.story(story)

    def remove_story(self, story: str | Story) -> None:
        """Remove a story and what it has learned; items stay."""
        from tracker.store.following import stories

        stories.remove(self._db, self.story(story).id)

    def _decide(
        self, story: str | Story, items: Iterable[int | str | Item], status: Status
    ) -> tuple[Correction, ...]:
        from tracker.services import feedback

        subject, about = self.story(story), [self.item(each) for each in items]
        return tuple(feedback.decide(self._db, subject, about, status, self._clock()))

    def _window(
        self,
        since: datetime | None,
        until: datetime | None,
        tags: Iterable[str],
        *,
        only_new: bool,
        limit: int,
        maybe: bool = False,
    ) -> Window:
        from tracker.store.following.timelines import Window
        from tracker.store.polling.tags import feeds_with

        return Window(
            since=since,
            until=until,
            only_new=only_new,
            maybe=maybe,
            limit=limit,
            feeds=feeds_with(self._db, tuple(tags)),
        )
