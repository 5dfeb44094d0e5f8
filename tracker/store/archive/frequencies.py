"""The document frequencies that were counted last, as text of the caller's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.store.database import Database


_KEY = "document_frequencies"


def stored(db: Database) -> str | None:
    """Return what was kept last, None if nothing was."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
    return row[0] if row else None


def keep(db: Database, text: str) -> None:
    """Keep a text in place of the last one."""
    with db.transaction():
        db.execute(
            "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
            (_KEY, text),
        )
