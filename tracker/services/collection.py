"""The document frequencies of the stored items, over a sample that grows with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tracker.store.archive import frequencies, items
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.vectors import DocumentFrequencies

if TYPE_CHECKING:
    from tracker.store.database import Database


SAMPLE = 2_000
"""The items that are counted, at the most."""
_GROWTH = 1.25
"""How many times as many items there are when a new sample is taken: affairs bring new words."""


def document_frequencies(db: Database) -> DocumentFrequencies:
    """Return the document frequencies.

    They are counted anew when there are a quarter more items, and stored where the database can be
    written.
    """
    text = frequencies.stored(db)
    kept: dict[str, Any] = json.loads(text) if text else {"items": 0, "sampled": 0, "counts": {}}
    there = items.total(db)
    if there < _GROWTH * kept["items"]:
        return DocumentFrequencies(kept["sampled"], kept["counts"])
    found = DocumentFrequencies.of(AnalyzedItem.of(item).text for item in items.sample(db, SAMPLE))
    if db.writable and there:
        value = {"items": there, "sampled": found.sampled, "counts": found.counts}
        frequencies.keep(db, json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return found
