"""The digest: what arrived since the last one, to be shown, written or sent.

Arrival numbers say what is new, not clocks: a day without a digest is caught up by the next one,
and two digests in a day tell nothing twice. The terminal and files have one mark, and each target
has its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.alerts import messages
from tracker.errors import UsageError
from tracker.export import digest as written
from tracker.model.alerts import Takes
from tracker.store.alerts import digests, outbox, targets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model.alerts import Target
    from tracker.model.digest import Digest
    from tracker.services.alerts import Encoder
    from tracker.store.database import Database


def read(
    db: Database, now: datetime, zone: tzinfo | None = None, *, since: datetime | None = None
) -> Digest:
    """Return the digest for the terminal or a file; nothing is marked as told.

    It reaches back to the last one that was marked by `mark`, a day if there is none, or to
    `since`.
    """
    db.execute("BEGIN")
    try:
        begin, after = _from(db, digests.last(db), since, now)
        return digests.collect(db, begin, after, now, zone)
    finally:
        db.execute("COMMIT")


def mark(db: Database, shown: Digest) -> None:
    """Note that a digest was shown or written: the next one begins behind it."""
    digests.note(db, shown.until, shown.made)


def queue(
    db: Database,
    names: Sequence[str],
    now: datetime,
    encode: Encoder,
    zone: tzinfo | None = None,
    *,
    since: datetime | None = None,
) -> list[int]:
    """Queue the digest for targets, all that take digests for no names; return the message ids.

    Each target gets what arrived since its own last digest, and nothing if that holds no
    development. Raises NotFoundError for a name, UsageError if there is no target.
    """
    chosen = [targets.find(db, name) for name in names] or [
        target for target in targets.everything(db) if target.takes is not Takes.ALERTS
    ]
    if not chosen:
        raise UsageError("No target takes digests; `tracker notify add` adds one.")
    ids = []
    for target in chosen:
        with db.transaction():
            ids += _queue(db, target, now, encode, zone, since)
    return ids


def _queue(  # noqa: PLR0917 - the arguments of `queue`
    db: Database,
    target: Target,
    now: datetime,
    encode: Encoder,
    zone: tzinfo | None,
    since: datetime | None,
) -> list[int]:
    told = None
    if target.digest_arrival is not None and target.digest_made is not None:
        told = target.digest_arrival, target.digest_made
    begin, after = _from(db, told, since, now)
    found = digests.collect(db, begin, after, now, zone, slugs=target.stories)
    targets.note_digest(db, target.id, found.until, now)
    if not found.developments:
        return []
    rows = written.rows(found, zone)
    notice = messages.digest(
        rows[0].text,
        written.text(rows[1:]),
        messages.key_of("digest", target.name, target.added.isoformat(), found.until),
        [each.told for each in found.news if each.told.reports],
        encode,
    )
    return [outbox.add_digest(db, target.id, messages.to_store(notice), now)]


def _from(
    db: Database, told: tuple[int, datetime] | None, since: datetime | None, now: datetime
) -> tuple[datetime, int]:
    """Return time and arrival from which a digest reaches on."""
    if since is not None or told is None:
        begin = since or now - digests.FIRST
        return begin, digests.arrival_at(db, begin)
    return told[1], told[0]
