"""The tags that the user gives to feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.store.database import Database


def feeds_with(db: Database, tags: Sequence[str]) -> frozenset[int] | None:
    """Return the ids of the feeds, listed or not, that have one of `tags` in any case of letters.

    None, for all feeds, if no tag is given. Raises NotFoundError for a tag that no feed has.
    """
    if not tags:
        return None
    import json  # a poll without tags needs none of it

    known: dict[str, set[int]] = {}
    spelled: dict[str, str] = {}
    for number, text in db.execute("SELECT id, tags FROM feeds WHERE tags <> '[]'"):
        for tag in json.loads(text):
            known.setdefault(tag.casefold(), set()).add(number)
            spelled.setdefault(tag.casefold(), tag)
    for tag in tags:
        if tag.casefold() not in known:
            import difflib

            nearest = difflib.get_close_matches(tag.casefold(), known, 1)
            raise NotFoundError("tag", tag, spelled[nearest[0]] if nearest else None)
    return frozenset().union(*(known[tag.casefold()] for tag in tags))
