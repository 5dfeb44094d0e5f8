"""The tables, as numbered migrations that are never edited once released.

Times are whole seconds since 1970 in UTC. `queue` holds the items that are stored and not yet
matched; an item is in the full-text index if and only if it is not in `queue`. `items.address` are
the words that a URL tells of an item without a summary (`address`). `links.arrival`
numbers the transactions that linked: what is new since the last look is what has a higher number
than the look saw, whatever the clocks of a poll and a look say. `links.event` is the id of the
item that was the event's first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlite_utils.migrations import Migrations

from tracker.store.address import told_by
from tracker.store.plain_letters import BESIDE, COLUMNS, in_plain_letters
from tracker.store.times import BEGINNING, seconds

if TYPE_CHECKING:
    import sqlite_utils


class NumberedMigrations(Migrations):
    """Migrations that are applied in the order of their names: m001 first.

    They are registered in the order in which their modules are imported, which differs.
    """

    def pending(self, db: sqlite_utils.Database) -> list[Any]:
        """Return the migrations that the database has not seen, in their order."""
        return sorted(super().pending(db), key=lambda each: each.name)


migrations = NumberedMigrations("tracker")

INITIAL = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    title TEXT,
    own_title TEXT,
    site_url TEXT,
    language TEXT,
    tags TEXT NOT NULL DEFAULT '[]',
    headers TEXT NOT NULL DEFAULT '[]',
    listed INTEGER NOT NULL DEFAULT 1,
    etag TEXT,
    last_modified TEXT,
    body_hash BLOB,
    entry_hashes BLOB NOT NULL DEFAULT x'',
    failures INTEGER NOT NULL DEFAULT 0,
    rhythm_in_seconds INTEGER,
    next_poll INTEGER,
    next_poll_why TEXT NOT NULL DEFAULT '',
    gone INTEGER NOT NULL DEFAULT 0,
    moved_to TEXT,
    items INTEGER NOT NULL DEFAULT 0,
    last_polled INTEGER,
    last_ok INTEGER,
    last_new INTEGER
);
CREATE INDEX feeds_due ON feeds (listed, next_poll);

CREATE TABLE outages (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    since INTEGER NOT NULL,
    until INTEGER,
    reason TEXT NOT NULL
);
CREATE INDEX outages_of_feed ON outages (feed_id, since);
CREATE INDEX outages_by_end ON outages (until);

CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    entry_id TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    author TEXT,
    language TEXT,
    published INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    UNIQUE (feed_id, entry_id)
);
CREATE INDEX items_by_url ON items (url);
CREATE INDEX items_by_time ON items (published);

CREATE VIRTUAL TABLE items_fts USING fts5 (
    title, summary, content='items', content_rowid='id',
    tokenize="unicode61 remove_diacritics 2"
);

CREATE TABLE queue (item_id INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE);

CREATE TABLE revisions (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
    title TEXT NOT NULL,
    replaced INTEGER NOT NULL
);
CREATE INDEX revisions_of_item ON revisions (item_id, replaced);

CREATE TABLE stories (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    query TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'muted', 'closed')),
    created INTEGER NOT NULL,
    languages TEXT NOT NULL DEFAULT '[]',
    since INTEGER,
    muted_until INTEGER,
    seen INTEGER,
    seen_arrival INTEGER NOT NULL DEFAULT 0,
    profile TEXT
);

CREATE TABLE links (
    story_id INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('linked', 'maybe', 'accepted', 'rejected')),
    score REAL NOT NULL,
    reasons TEXT NOT NULL,
    share REAL NOT NULL,
    event INTEGER NOT NULL,
    published INTEGER NOT NULL,
    linked INTEGER NOT NULL,
    arrival INTEGER NOT NULL,
    PRIMARY KEY (story_id, item_id)
) WITHOUT ROWID;
CREATE INDEX links_by_time ON links (story_id, published, status, event, arrival);
CREATE INDEX links_by_arrival ON links (story_id, arrival, status, event);
CREATE INDEX links_of_event ON links (story_id, event);
CREATE INDEX links_of_item ON links (item_id);

CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    story_id INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
    made INTEGER NOT NULL,
    status TEXT NOT NULL,
    before TEXT
);
CREATE INDEX decisions_of_story ON decisions (story_id);
CREATE INDEX decisions_of_item ON decisions (item_id);

CREATE TABLE polls (
    id INTEGER PRIMARY KEY,
    started INTEGER NOT NULL,
    seconds REAL NOT NULL,
    feeds INTEGER NOT NULL,
    not_modified INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    new_items INTEGER NOT NULL,
    new_links INTEGER NOT NULL,
    failures TEXT NOT NULL
);
"""


@migrations()
def m001_initial(db: sqlite_utils.Database) -> None:
    """Make the tables of the first release."""
    for statement in INITIAL.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)


@migrations()
def m002_wishes(db: sqlite_utils.Database) -> None:
    """Keep what a feed's document asks of those who poll it, for polls that get no document."""
    db.conn.execute("ALTER TABLE feeds ADD COLUMN wishes TEXT")


@migrations()
def m003_index_memory(db: sqlite_utils.Database) -> None:
    """Let the full-text index gather 8 MiB before it writes: a poll's items are one segment then.

    At its own 1 MiB, 10,000 items are written in pieces that are merged again at once: a quarter
    more processor time, merging included (26 us an item instead of 21, over 200,000 items).
    """
    db.conn.execute("INSERT INTO items_fts (items_fts, rank) VALUES ('hashsize', 8 << 20)")


@migrations()
def m004_index_merges(db: sqlite_utils.Database) -> None:
    """Let eight pieces of the full-text index gather before they are merged, instead of four.

    Each item is merged fewer times then: 7.8 us of processor time an item instead of 10.4 over
    200,000 items in batches of 10,000, and 9.6 instead of 10.8 in batches of 1,000. A look-up takes
    as long.
    """
    db.conn.execute("INSERT INTO items_fts (items_fts, rank) VALUES ('automerge', 8)")


@migrations()
def m005_decided_shares(db: sqlite_utils.Database) -> None:
    """Keep beside a decision how the profile counted the item before, to be given back exactly.

    NULL where it was no link, or where the decision is older than this column.
    """
    db.conn.execute("ALTER TABLE decisions ADD COLUMN share REAL")


@migrations()
def m006_addresses(db: sqlite_utils.Database) -> None:
    """Keep and index what the addresses of items without a summary tell of them.

    The index is made anew for its third column: once, 8 s for a million items of 29 words.
    """
    conn = db.conn
    conn.execute("ALTER TABLE items ADD COLUMN address TEXT NOT NULL DEFAULT ''")
    conn.create_function("told_by", 1, told_by, deterministic=True)
    conn.execute("UPDATE items SET address = told_by(url) WHERE summary = ''")
    conn.execute("DROP TABLE items_fts")
    conn.execute(
        "CREATE VIRTUAL TABLE items_fts USING fts5 (title, summary, address,"
        " content='items', content_rowid='id', tokenize=\"unicode61 remove_diacritics 2\")"
    )
    m003_index_memory(db)
    m004_index_merges(db)
    conn.execute(
        "INSERT INTO items_fts (rowid, title, summary, address)"
        " SELECT id, title, summary, address FROM items"
        " WHERE id NOT IN (SELECT item_id FROM queue) ORDER BY id"
    )


@migrations()
def m007_compiled(db: sqlite_utils.Database) -> None:
    """Keep how stories are understood: to find it takes 0.7 ms a story, to read it 0.01 ms."""
    db.conn.execute(
        "CREATE TABLE compiled (story_id INTEGER PRIMARY KEY REFERENCES stories ON DELETE CASCADE,"
        " made_by TEXT NOT NULL, anchors TEXT NOT NULL, understanding TEXT NOT NULL)"
    )
    db.conn.execute(
        "CREATE TRIGGER compiled_of_query AFTER UPDATE OF query ON stories"
        " BEGIN DELETE FROM compiled WHERE story_id = new.id; END"
    )


@migrations()
def m008_likeness(db: sqlite_utils.Database) -> None:
    """Keep how alike a title is to a story's query in meaning: to find it takes 2 ms.

    NULL where it was not asked for, as without the extra that finds it, and of a changed title.
    """
    db.conn.execute("ALTER TABLE links ADD COLUMN likeness REAL")
    db.conn.execute(
        "CREATE TRIGGER likeness_of_title AFTER UPDATE OF title ON items"
        " WHEN new.title != old.title"
        " BEGIN UPDATE links SET likeness = NULL WHERE item_id = new.id; END"
    )


@migrations()
def m009_years(db: sqlite_utils.Database) -> None:
    """Date what stands before 1900 by when it was seen first: by a clock's zero it was the year 1.

    There is no day before that one, so that whoever looks back from it fails.
    """
    conn = db.conn
    earliest = (seconds(BEGINNING),)
    conn.execute("UPDATE items SET published = first_seen WHERE published < ?", earliest)
    conn.execute(
        "UPDATE links SET published = (SELECT items.published FROM items WHERE items.id = item_id)"
        " WHERE published < ?",
        earliest,
    )


@migrations()
def m010_items_of_feed(db: sqlite_utils.Database) -> None:
    """Index a feed's items in the order in which they were stored.

    That is asked of each feed that names no language, with every batch: of 500,000 items it took
    0.4 s to sort them for their last 20. For a million items the index is made in 0.5 s, once, has
    10 MB, and adds 0.6 us to the 5 that it takes to store one.
    """
    db.conn.execute("CREATE INDEX items_of_feed ON items (feed_id)")


@migrations()
def m011_matched_before(db: sqlite_utils.Database) -> None:
    """Keep by which words items of the queue were matched before these changed.

    What the stories counted of them then is not to be counted again.
    """
    db.conn.execute(
        "CREATE TABLE matched_before"
        " (item_id INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE,"
        " title TEXT NOT NULL, summary TEXT NOT NULL, address TEXT NOT NULL)"
    )


@migrations()
def m012_past(db: sqlite_utils.Database) -> None:
    """Keep the arrival of what a story was begun with, 0 where nothing of it was stored.

    Who looks at it first has seen that, be it shown or not; what polls bring has to be shown. The
    times of both may be the same second. Of stories begun before this, all is taken for the latter.
    """
    db.conn.execute("ALTER TABLE stories ADD COLUMN past INTEGER NOT NULL DEFAULT 0")


@migrations()
def m013_moves(db: sqlite_utils.Database) -> None:
    """Index where feeds moved, which is asked at each move: few did, and the others cost nothing.

    The list of feeds is taken in anew by the next command, which joins those that moved to one
    address. Those that moved to each other's address, which nobody asked, begin at their own.
    """
    db.conn.execute(
        "UPDATE feeds SET moved_to = NULL WHERE listed AND EXISTS (SELECT 1 FROM feeds AS one"
        " JOIN feeds AS other ON other.url = one.moved_to"
        " WHERE one.url = feeds.moved_to AND one.listed AND other.listed)"
    )
    db.conn.execute("CREATE INDEX feeds_by_move ON feeds (moved_to) WHERE moved_to IS NOT NULL")
    db.conn.execute("DELETE FROM meta WHERE key = 'feeds_digest'")


@migrations()
def m014_plain_letters(db: sqlite_utils.Database) -> None:
    """Keep what is indexed of items that are in other letters than plain ones: CO₂, OʼBrien.

    To look for them takes 2 s for a million items, once; few have any.
    """
    conn = db.conn
    conn.execute(
        "CREATE TABLE plain_letters"
        " (item_id INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE,"
        " title TEXT NOT NULL, summary TEXT NOT NULL)"
    )
    conn.create_function("in_plain_letters", 1, in_plain_letters, deterministic=True)
    conn.execute(
        "INSERT INTO plain_letters"
        " SELECT id, in_plain_letters(title), in_plain_letters(summary) FROM items"
        " WHERE in_plain_letters(title) != title OR in_plain_letters(summary) != summary"
    )
    indexed = "(SELECT item_id FROM plain_letters EXCEPT SELECT item_id FROM queue)"
    conn.execute(
        "INSERT INTO items_fts (items_fts, rowid, title, summary, address)"
        f" SELECT 'delete', id, title, summary, address FROM items WHERE id IN {indexed}"
    )
    conn.execute(
        "INSERT INTO items_fts (rowid, title, summary, address)"
        f" SELECT {COLUMNS} FROM items {BESIDE} WHERE items.id IN {indexed}"
    )


@migrations()
def m015_items_by_language(db: sqlite_utils.Database) -> None:
    """Index in what languages items are, which every new story asks.

    What is looked for in one language alone takes a seventh of the time. The index of a million
    items takes 0.4 s to make and 9 MB.
    """
    db.conn.execute("CREATE INDEX items_by_language ON items (language)")


@migrations()
def m016_first_harvests(db: sqlite_utils.Database) -> None:
    """Keep which queued items are of a feed's first harvest, and which stories take these up.

    A feed's first document holds its past. A story takes that up with all that is stored, outside
    of the transaction that indexes it: until then the story is in `backfills`.
    """
    db.conn.execute(
        "CREATE TABLE first_harvest"
        " (item_id INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE)"
    )
    db.conn.execute(
        "CREATE TABLE backfills (story_id INTEGER PRIMARY KEY REFERENCES stories ON DELETE CASCADE)"
    )


@migrations()
def m017_states_before(db: sqlite_utils.Database) -> None:
    """Keep with a decision how its story was before, and a digest of how it is after.

    `leader` is the decision that this one follows, as of a copy of the same article; NULL for one
    that the user made. The share that `decisions` had is part of the state.
    """
    db.conn.execute("ALTER TABLE decisions DROP COLUMN share")
    db.conn.execute("ALTER TABLE decisions ADD COLUMN leader INTEGER")
    db.conn.execute("ALTER TABLE decisions ADD COLUMN state_before BLOB")
    db.conn.execute("ALTER TABLE decisions ADD COLUMN digest_after BLOB")
