"""The document frequencies of the stored items, over a sample that grows with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tracker.store.archive import items
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.vectors import DocumentFrequencies

if TYPE_CHECKING:
    from tracker.store.database import Database


SAMPLE = 2_000
"""The items that are counted, at the most."""
_KEY = "document_frequencies"
_GROWTH = 2
"""How many times as many items there are when a new sample is taken."""


def document_frequencies(db: Database) -> DocumentFrequencies:
    """Return the document frequencies, counted anew after the number of items has doubled.

    They are stored where the database can be written.
    """
    row = db.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
    kept: dict[str, Any] = json.loads(row[0]) if row else {"items": 0, "sampled": 0, "counts": {}}
    there = items.total(db)
    if there < _GROWTH * kept["items"] or kept["sampled"] >= SAMPLE <= there:
        return DocumentFrequencies(kept["sampled"], kept["counts"])
    found = DocumentFrequencies.of(AnalyzedItem.of(item).text for item in items.sample(db, SAMPLE))
    if db.writable and there:
        value = {"items": there, "sampled": found.sampled, "counts": found.counts}
        with db.transaction():
            db.execute(
                "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
                (_KEY, json.dumps(value, ensure_ascii=False, separators=(",", ":"))),
            )
    return found
