"""What the shell may complete: story slugs, from the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator


def story_slugs(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the slugs that begin with what is typed; none where anything goes wrong."""
    return [slug for slug in _slugs(ctx) if slug.startswith(incomplete)]


def _slugs(ctx: typer.Context) -> Iterator[str]:
    from tracker.cli.invocation.context import session
    from tracker.store.database import connect
    from tracker.store.following import stories

    try:
        path = session(ctx).db_path
        if not path.exists():
            return
        # A person waits for the next key: a database that is busy completes nothing.
        db = connect(path, timeout=0.1)
        try:
            yield from stories.slugs(db)
        finally:
            db.close()
    except Exception:  # noqa: BLE001 - whatever it is, the line that is being typed is no place for it
        return
