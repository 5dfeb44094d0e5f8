"""The addresses of feeds as others may see them, kept for readers without Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.hosts import bare_url, secret_parameters

if TYPE_CHECKING:
    from sqlite3 import Connection


def renew(db: Connection) -> None:
    """Save the public URL and the secret parameters of each feed whose address changed.

    `secret_parameters` is a JSON list of what the URL lacks, as "token=abc"; NULL if it lacks none.
    """
    import json  # polls that find feeds.yaml unchanged need none of it

    changed = []
    for feed_id, url, *before in db.execute(
        "SELECT id, url, public_url, secret_parameters FROM feeds"
    ).fetchall():
        secrets = secret_parameters(url)
        after = [bare_url(url)[0], json.dumps(secrets, ensure_ascii=False) if secrets else None]
        if after != before:
            changed.append((*after, feed_id))
    db.executemany("UPDATE feeds SET public_url = ?, secret_parameters = ? WHERE id = ?", changed)
