"""The `alerts:` of the feeds.yaml that was taken in last, and what the environment says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.model.alerts import AlertLimits
    from tracker.store.database import Database


def keep(db: Database, limits: AlertLimits) -> None:
    """Keep the settings of alerts for polls that find feeds.yaml unchanged."""
    import json

    value = json.dumps([limits.cap, limits.quiet, limits.languages])
    with db.transaction():
        db.execute("INSERT OR REPLACE INTO meta VALUES ('alerts', ?)", (value,))


def override(db: Database, values: Mapping[str, Any]) -> None:
    """Keep what the environment says of alerts, by key; it counts more than the feed list."""
    before = db.execute("SELECT value FROM meta WHERE key = 'alerts_overrides'").fetchone()
    if not values:
        if before:
            db.execute("DELETE FROM meta WHERE key = 'alerts_overrides'")
        return
    import json

    value = json.dumps(dict(values))
    if before is None or before[0] != value:
        db.execute("INSERT OR REPLACE INTO meta VALUES ('alerts_overrides', ?)", (value,))


def stored(db: Database) -> AlertLimits:
    """Return the settings of alerts, the defaults before the first feeds.yaml."""
    import json

    from tracker.alert_settings import alert_limits
    from tracker.model.alerts import AlertLimits

    found = dict(
        db.execute(
            "SELECT key, value FROM meta WHERE key IN ('alerts', 'alerts_overrides')"
        ).fetchall()
    )
    limits = AlertLimits()
    if "alerts" in found:
        cap, quiet, languages = json.loads(found["alerts"])
        limits = AlertLimits(cap, quiet, tuple(languages))
    values = json.loads(found.get("alerts_overrides", "{}"))
    return alert_limits(
        {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}, limits
    )
