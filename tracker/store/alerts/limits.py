"""The `alerts:` of the feeds.yaml that was taken in last."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tracker.model.alerts import AlertLimits

if TYPE_CHECKING:
    from tracker.store.database import Database


def keep(db: Database, limits: AlertLimits) -> None:
    """Keep the settings of alerts for polls that find feeds.yaml unchanged."""
    value = json.dumps([limits.cap, limits.quiet, limits.languages])
    with db.transaction():
        db.execute("INSERT OR REPLACE INTO meta VALUES ('alerts', ?)", (value,))


def stored(db: Database) -> AlertLimits:
    """Return the settings of alerts, the defaults before the first feeds.yaml."""
    row = db.execute("SELECT value FROM meta WHERE key = 'alerts'").fetchone()
    if row is None:
        return AlertLimits()
    cap, quiet, languages = json.loads(row[0])
    return AlertLimits(cap, quiet, tuple(languages))
