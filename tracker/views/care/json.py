"""Backups, restores, findings and purges for scripts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tracker.model.care import CHECKS, Level
from tracker.views.json import moment

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.model.care import Backup, Diagnosis, Purge, Repair, Restored


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


def diagnosis(value: Diagnosis) -> dict[str, Any]:
    """Return all checks: those that found nothing as well."""
    found = [
        {
            "name": each.name,
            "ok": False,
            "level": str(each.level),
            "detail": each.detail,
            "command": each.command,
        }
        for each in value.findings
    ]
    wrong = {each.name for each in value.findings}
    well = [
        {"name": name, "ok": True, "level": None, "detail": f"{what}", "command": ""}
        for name, what in CHECKS.items()
        if name not in wrong
    ]
    return {
        "ok": not value.findings,
        "errors": value.count(Level.ERROR),
        "warnings": value.count(Level.WARNING),
        "stories": value.stories,
        "items": value.items,
        "feeds": value.feeds,
        "findings": found,
        "checks": [*found, *well],
    }


def repair(value: Repair) -> dict[str, Any]:
    """Return a repair as a mapping."""
    return {"kept": str(value.kept), "removed": value.removed, "indexed": value.indexed}


def purge(value: Purge, *, done: bool) -> dict[str, Any]:
    """Return a purge as a mapping; `done` is false where nothing was changed."""
    return {
        "done": done,
        "cutoff": moment(value.cutoff),
        "items": value.items,
        "kept": value.kept,
        "size_in_bytes": value.size_in_bytes,
        "feeds": [{"title": title, "items": number} for title, number in value.by_feed],
        "freed_in_bytes": value.freed_in_bytes,
    }


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
