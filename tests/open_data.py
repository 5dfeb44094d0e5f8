"""A database of the bundled archive, for tests of what other programs read in it."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
from contextlib import closing, redirect_stdout
from pathlib import Path
from typing import Any

from tracker.cli.commands.demo import live_through, stage
from tracker.cli.invocation.context import Session
from tracker.demo.archive import MOMENTS
from tracker.store.database import opened
from tracker.store.schema_views import VIEWS


def make(folder: Path) -> Path:
    """Live through the bundled archive; return the path of its database, beside its feeds.yaml."""
    path = folder / "tracker.db"
    with stage(Session(None, None, no_color=True, now=MOMENTS[-1])) as (here, server):
        with redirect_stdout(io.StringIO()), opened(here.db_path) as db:
            live_through(db, here, server, MOMENTS)
        shutil.copy(here.db_path, path)
        shutil.copy(here.feeds_path, folder / "feeds.yaml")
    return path


def rows(path: Path, sql: str, *values: object) -> list[dict[str, Any]]:
    """Return the rows of a query, read as another program does: without tracker's functions."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(sql, values)]


def everything(path: Path) -> str:
    """Return all cells of all views as one text."""
    return "\n".join(
        "\t".join(map(str, row.values()))
        for view in VIEWS
        for row in rows(path, f"SELECT * FROM {view}")  # noqa: S608 - a name of ours
    )


def environment(folder: Path, path: Path) -> dict[str, str]:
    """Return an environment in which commands find the database, and nothing of the user's."""
    kept = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    kept |= {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    return kept | {
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TRACKER_DB": str(path),
        "TRACKER_FEEDS": str(folder / "feeds.yaml"),
    }
