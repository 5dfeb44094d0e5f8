"""Rows to model objects, and lists as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tracker.model.core import Item, Reason, State, Story
from tracker.store.outlet_names import FEED_NAME, OUTLET_KEY, SOURCE
from tracker.store.times import moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

ITEM_COLUMNS = (
    f"items.id, items.feed_id, {SOURCE}, items.url, "
    "items.title, items.summary, items.published, items.language, items.address, "
    f"{OUTLET_KEY}, {FEED_NAME}"
)
STORY_COLUMNS = (
    "stories.id, stories.slug, stories.title, stories.query, stories.state, stories.created, "
    "stories.languages, stories.since, stories.muted_until, stories.seen"
)


def item(row: Sequence[Any]) -> Item:
    """Return the item of a row of ITEM_COLUMNS."""
    number, feed_id, source, url, title, summary, published, language, address, key, feed = row[:11]
    when = moment(published)
    return Item(number, feed_id, source, url, title, summary, when, language, address, key, feed)


def story(row: Sequence[Any], now: datetime) -> Story:
    """Return the story of a row of STORY_COLUMNS; a mute that has run out is open again."""
    state, muted_until = State(row[4]), moment(row[8])
    if state is State.MUTED and muted_until is not None and muted_until <= now:
        state, muted_until = State.OPEN, None
    return Story(
        row[0],
        row[1],
        row[2],
        row[3],
        state,
        moment(row[5]),
        tuple(json.loads(row[6])),
        moment(row[7]),
        muted_until,
        moment(row[9]),
    )


def dump_reasons(reasons: Sequence[Reason]) -> str:
    """Return the reasons as they are stored: a JSON list of lists."""
    return _ENCODER.encode(
        [(part, kind, found, field, round(worth, 4)) for part, kind, found, field, worth in reasons]
    )


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def load_reasons(text: str) -> tuple[Reason, ...]:
    """Return the reasons that `dump_reasons` stored."""
    return tuple(Reason(*parts) for parts in json.loads(text))
