"""Keeping what the full-text index is given of an item in other letters than plain ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.plain_letters import in_plain_letters

if TYPE_CHECKING:
    from tracker.store.database import Database


def note_letters(db: Database, item_id: int, title: str, summary: str) -> None:
    """Keep what is indexed of an item that is in other letters than plain ones."""
    db.execute("DELETE FROM plain_letters WHERE item_id = ?", (item_id,))
    plain = in_plain_letters(title), in_plain_letters(summary)
    if plain != (title, summary):
        db.execute("INSERT INTO plain_letters VALUES (?, ?, ?)", (item_id, *plain))
