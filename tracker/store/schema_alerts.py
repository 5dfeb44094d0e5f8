"""The tables of alerts: targets, the outbox of messages, and which developments were told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.schema import migrations

if TYPE_CHECKING:
    import sqlite_utils

ALERTS = """
CREATE TABLE targets (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    shown TEXT NOT NULL,
    all_stories INTEGER NOT NULL,
    takes TEXT NOT NULL CHECK (takes IN ('all', 'alerts', 'digests')),
    quiet TEXT,
    added INTEGER NOT NULL,
    replaces INTEGER NOT NULL DEFAULT 0,
    digest_arrival INTEGER,
    digest_made INTEGER
);

CREATE TABLE target_stories (
    target_id INTEGER NOT NULL REFERENCES targets(id) ON DELETE CASCADE,
    story_id INTEGER NOT NULL REFERENCES stories(id) ON DELETE CASCADE,
    PRIMARY KEY (target_id, story_id)
) WITHOUT ROWID;
CREATE INDEX target_stories_of_story ON target_stories (story_id);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    target_id INTEGER NOT NULL REFERENCES targets(id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('alert', 'more', 'summary', 'update', 'digest')),
    story_id INTEGER REFERENCES stories(id) ON DELETE CASCADE,
    made INTEGER NOT NULL,
    due INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'sending', 'sent', 'doubt', 'failed', 'dropped')),
    tries INTEGER NOT NULL DEFAULT 0,
    settled INTEGER,
    why TEXT NOT NULL DEFAULT '',
    content TEXT
);
CREATE INDEX messages_to_send ON messages (due) WHERE state IN ('waiting', 'sending');
CREATE INDEX messages_of_target ON messages (target_id, state);
CREATE INDEX messages_of_story ON messages (story_id);

CREATE TABLE alerts (
    target_id INTEGER NOT NULL REFERENCES targets(id) ON DELETE CASCADE,
    story_id INTEGER NOT NULL REFERENCES stories(id) ON DELETE CASCADE,
    event INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    message_id INTEGER REFERENCES messages(id) ON DELETE SET NULL,
    PRIMARY KEY (target_id, story_id, event)
) WITHOUT ROWID;
CREATE INDEX alerts_of_message ON alerts (message_id);
CREATE INDEX alerts_of_story ON alerts (story_id);

CREATE TABLE backfill_news (
    story_id INTEGER NOT NULL REFERENCES stories(id) ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
    PRIMARY KEY (story_id, item_id)
) WITHOUT ROWID;
CREATE INDEX backfill_news_of_item ON backfill_news (item_id);
"""


@migrations()
def m019_alerts(db: sqlite_utils.Database) -> None:
    """Keep where alerts go, what is to be sent, and each development that was told.

    A row of `alerts` stays for ever: it keeps a development from being told twice. `item_id` is the
    report that made it due, by which its development is found if events merge. `backfill_news` are
    items that are news, of stories that take up all that is stored in the same poll.
    """
    for statement in ALERTS.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)
