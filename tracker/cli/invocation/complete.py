"""What the shell may complete: slugs of stories, feeds and their tags, bundled packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.model.polling import FeedSource


def story_slugs(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the slugs that begin with what is typed; none where anything goes wrong."""
    return [slug for slug in _slugs(ctx) if slug.startswith(incomplete)]


def feed_addresses(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the addresses of feeds that begin with what is typed, without passwords."""
    found = (source.shown_url for source in _sources(ctx))
    return [url for url in found if url.startswith(incomplete)]


def feed_tags(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the tags of feeds that begin with what is typed."""
    found = {tag for source in _sources(ctx) for tag in source.tags}
    return sorted(tag for tag in found if tag.startswith(incomplete))


def pack_names(incomplete: str) -> list[str]:
    """Return the packs of bundled feeds, their topics and languages that begin with this."""
    from tracker.feeds.listing.packs import packs

    names = {each for pack in packs() for each in (pack.name, pack.topic, pack.language)}
    return sorted(name for name in names if name.startswith(incomplete.lower()))


def _sources(ctx: typer.Context) -> Sequence[FeedSource]:
    from tracker.cli.invocation.context import session
    from tracker.config import load_feeds

    try:
        return load_feeds(session(ctx).feeds_path).sources
    except Exception:  # noqa: BLE001 - the line that is being typed is no place for an error
        return ()


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
