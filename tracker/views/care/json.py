"""Backups, restores, findings and purges for scripts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.model.care import Backup, Restored


def backup(value: Backup) -> dict[str, Any]:
    """Return a backup as a mapping."""
    return {
        "path": str(value.path),
        "size_in_bytes": value.size_in_bytes,
        "contents": asdict(value.contents),
        "beside": [str(path) for path in value.beside],
        "removed": [str(path) for path in value.removed],
    }


def restored(value: Restored) -> dict[str, Any]:
    """Return a restore as a mapping."""
    return {
        "source": str(value.source),
        "contents": asdict(value.contents),
        "kept": _text(value.kept),
        "feed_list": _text(value.feed_list),
        "other_feed_list": _text(value.other_feed_list),
    }


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
