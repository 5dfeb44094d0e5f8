"""Views for other programs, and a schema that datasette and sqlite-utils can read.

The views are a promise to users (docs/database.md); the tables are not. Their SQL needs none of
tracker's own functions, so that every program with SQLite 3.38 or later can read them.

A later migration changes a view by DROP VIEW and CREATE VIEW, with a text of its own. It may add
columns behind the others; it may not rename, remove or reorder any. A migration that drops or
renames a column of a table drops the views that read it before: SQLite refuses it else.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from tracker.store import public_urls
from tracker.store.schema import migrations

if TYPE_CHECKING:
    import sqlite_utils


def _iso(column: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, 'unixepoch')"


_REST = "substr(items.url, instr(items.url, '://') + 3)"
_END = (
    f"min(instr({_REST} || '/', '/'), instr({_REST} || '?', '?'), instr({_REST} || '#', '#')) - 1"
)
_AUTHORITY = f"substr({_REST}, 1, {_END})"
# The characters of a user name and a password, up to the last @ before the path.
_USERINFO = f"length(rtrim({_AUTHORITY}, replace({_AUTHORITY}, '@', '')))"
_WITHOUT_USERINFO = (
    f"substr(items.url, 1, instr(items.url, '://') + 2) || substr({_REST}, {_USERINFO} + 1)"
)
# A link may repeat a secret of its feed's address, as one that names no page of its own does.
_URL = f"""CASE
        WHEN feeds.secret_parameters IS NOT NULL AND EXISTS (
            SELECT 1 FROM json_each(feeds.secret_parameters) AS secret
            WHERE instr(items.url, secret.value)
        ) THEN CASE WHEN items.url LIKE '%?%' AND items.url NOT LIKE '%@%?%'
            THEN substr(items.url, 1, instr(items.url, '?') - 1) ELSE feeds.public_url END
        WHEN items.url LIKE '%://%@%' THEN {_WITHOUT_USERINFO}
        ELSE items.url
    END"""
_FEED = "coalesce(feeds.title, feeds.own_title, feeds.public_url)"
_SOURCE = f"coalesce(feeds.outlet_name, {_FEED})"
_SURE = "('linked', 'accepted')"
_COPIES = "(SELECT count(*) FROM items AS copy WHERE copy.article = items.id)"

VIEWS = {
    "reports": f"""
SELECT
    items.id,
    {_iso("items.published")} AS published,
    {_SOURCE} AS source,
    items.title,
    {_URL} AS url,
    items.summary,
    items.author,
    items.language,
    {_FEED} AS feed,
    {_iso("items.first_seen")} AS stored,
    {_COPIES} AS copies
FROM items JOIN feeds ON feeds.id = items.feed_id
WHERE items.article IS NULL""",
    "story_reports": f"""
SELECT
    stories.slug AS story,
    items.id,
    {_iso("items.published")} AS published,
    {_SOURCE} AS source,
    items.title,
    {_URL} AS url,
    items.language,
    {_FEED} AS feed,
    links.status,
    round(links.score, 4) AS score,
    links.event,
    {_iso("links.linked")} AS linked,
    links.arrival > stories.seen_arrival AS new,
    {_COPIES} AS copies,
    (
        SELECT json_group_array(json_object(
            'part', json_extract(reason.value, '$[0]'),
            'kind', json_extract(reason.value, '$[1]'),
            'found', json_extract(reason.value, '$[2]'),
            'field', json_extract(reason.value, '$[3]'),
            'worth', json_extract(reason.value, '$[4]')
        )) FROM json_each(links.reasons) AS reason
    ) AS why
FROM links
JOIN stories ON stories.id = links.story_id
JOIN items ON items.id = links.item_id
JOIN feeds ON feeds.id = items.feed_id""",
    "developments": f"""
SELECT
    stories.slug AS story,
    links.event,
    {_iso("links.published")} AS first,
    {_SOURCE} AS source,
    items.title,
    {_URL} AS url,
    items.id,
    (
        SELECT count(*) FROM links AS other INDEXED BY links_of_event
        WHERE other.story_id = links.story_id AND other.event = links.event
        AND other.status IN {_SURE}
    ) AS reports,
    (
        SELECT count(DISTINCT coalesce(teller.outlet_key, teller.id))
        FROM links AS other INDEXED BY links_of_event
        JOIN items AS told ON told.id = other.item_id
        JOIN feeds AS teller ON teller.id = told.feed_id
        WHERE other.story_id = links.story_id AND other.event = links.event
        AND other.status IN {_SURE}
    ) AS outlets,
    (
        SELECT {_iso("max(other.published)")} FROM links AS other INDEXED BY links_of_event
        WHERE other.story_id = links.story_id AND other.event = links.event
        AND other.status IN {_SURE}
    ) AS last,
    (
        SELECT max(other.arrival) FROM links AS other INDEXED BY links_of_event
        WHERE other.story_id = links.story_id AND other.event = links.event
        AND other.status IN {_SURE}
    ) > stories.seen_arrival AS new
FROM links
JOIN stories ON stories.id = links.story_id
JOIN items ON items.id = links.item_id
JOIN feeds ON feeds.id = items.feed_id
WHERE links.status IN {_SURE} AND links.item_id = (
    SELECT other.item_id FROM links AS other INDEXED BY links_of_event
    WHERE other.story_id = links.story_id AND other.event = links.event
    AND other.status IN {_SURE}
    ORDER BY other.published, other.item_id LIMIT 1
)""",
    "changed_headlines": f"""
SELECT
    items.id,
    {_iso("revisions.replaced")} AS changed,
    {_SOURCE} AS source,
    revisions.title AS was,
    coalesce(
        (
            SELECT next.title FROM revisions AS next WHERE next.item_id = revisions.item_id
            AND (next.replaced, next.id) > (revisions.replaced, revisions.id)
            ORDER BY next.replaced, next.id LIMIT 1
        ),
        items.title
    ) AS became,
    items.title,
    {_URL} AS url,
    {_iso("items.published")} AS published
FROM revisions
JOIN items ON items.id = revisions.item_id
JOIN feeds ON feeds.id = items.feed_id
WHERE items.article IS NULL""",
    "feed_health": f"""
SELECT
    {_FEED} AS title,
    coalesce(feeds.public_url, '') AS url,
    {_SOURCE} AS outlet,
    feeds.language,
    feeds.tags,
    feeds.listed,
    feeds.items,
    coalesce(told.items, 0) AS items_in_stories,
    (
        SELECT {_iso("max(latest.published)")} FROM (
            SELECT published FROM items WHERE items.feed_id = feeds.id ORDER BY id DESC LIMIT 60
        ) AS latest WHERE latest.published <= strftime('%s', 'now') + 0
    ) AS newest,
    {_iso("feeds.last_polled")} AS last_polled,
    {_iso("feeds.last_ok")} AS last_ok,
    {_iso("feeds.last_new")} AS last_new,
    feeds.failures,
    {_iso("outages.since")} AS failing_since,
    outages.reason AS failure,
    feeds.gone,
    {_iso("feeds.next_poll")} AS next_poll,
    feeds.next_poll_why
FROM feeds
LEFT JOIN outages ON outages.feed_id = feeds.id AND outages.until IS NULL
LEFT JOIN (
    SELECT items.feed_id, count(DISTINCT links.item_id) AS items
    FROM links JOIN items ON items.id = links.item_id
    WHERE links.status IN {_SURE} GROUP BY items.feed_id
) AS told ON told.feed_id = feeds.id
WHERE feeds.listed OR feeds.items""",
    "poll_log": f"""
SELECT
    id,
    {_iso("started")} AS started,
    seconds,
    feeds,
    not_modified,
    unchanged,
    changed,
    json_array_length(failures) AS failed,
    new_items,
    new_links
FROM polls""",
}


@migrations()
def m020_views(db: sqlite_utils.Database) -> None:
    """Make the views, and the schema's text what datasette and sqlite-utils understand.

    `feeds.public_url` and `feeds.secret_parameters` are what the views need of secrets, which SQL
    alone does not find (`store.public_urls`).
    """
    conn = db.conn
    conn.execute("ALTER TABLE feeds ADD COLUMN public_url TEXT")
    conn.execute("ALTER TABLE feeds ADD COLUMN secret_parameters TEXT")
    public_urls.renew(conn)
    _rewrite_schema(conn)
    for name, query in VIEWS.items():
        conn.execute(f"CREATE VIEW {name} AS{query}")


def _rewrite_schema(conn: sqlite3.Connection) -> None:
    """Name the column of foreign keys, and put the indexed table in double quotes.

    Both tools look for these forms in the text of the schema. The meaning is the same, so that no
    table is made anew: https://www.sqlite.org/lang_altertable.html (the end of section 7).
    A SQLite in defensive mode, as some builds for macOS are, forbids it without an error; then
    datasette can show the views alone (https://github.com/simonw/sqlite-utils/issues/235).
    """
    defensive = getattr(sqlite3, "SQLITE_DBCONFIG_DEFENSIVE", None)  # since Python 3.12
    if defensive is not None:
        conn.setconfig(defensive, False)  # type: ignore[attr-defined] # noqa: FBT003
    conn.execute("PRAGMA writable_schema = ON")
    try:
        if conn.execute("PRAGMA writable_schema").fetchone()[0]:
            conn.execute(
                "UPDATE sqlite_schema SET sql = replace(replace(replace(replace(sql,"
                " 'REFERENCES feeds ON', 'REFERENCES feeds(id) ON'),"
                " 'REFERENCES items ON', 'REFERENCES items(id) ON'),"
                " 'REFERENCES stories ON', 'REFERENCES stories(id) ON'),"
                " 'content=''items''', 'content=\"items\"')"
                " WHERE type = 'table' AND sql <> ''"
            )
    finally:
        conn.execute("PRAGMA writable_schema = OFF")
