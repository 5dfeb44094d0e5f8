"""The database in the hands of other programs, and every line of the document that says how."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import open_data
import pytest
from open_data import environment, rows

from tracker.store.database import opened
from tracker.store.schema_views import VIEWS

if TYPE_CHECKING:
    from datasette.app import Datasette

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "database.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", DOCUMENT, re.DOTALL)
QUERIES = [text for language, text in BLOCKS if language == "sql"]
LINES = [
    line
    for language, text in BLOCKS
    if language == "sh"
    for line in text.replace("\\\n", "").splitlines()
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_data.make(tmp_path_factory.mktemp("archive"))


@pytest.fixture
def copy(archive: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(archive, tmp_path / "tracker.db"))


# --- datasette ------------------------------------------------------------------------------------


@pytest.fixture
def served(copy: Path) -> Datasette:
    pytest.importorskip("datasette", reason="datasette is not installed")
    from datasette.app import Datasette

    return Datasette([str(copy)])


def answers(served: Datasette, paths: list[str]) -> dict[str, tuple[int, str]]:
    """Return status and text of each page."""

    async def ask() -> dict[str, tuple[int, str]]:
        await served.invoke_startup()
        return {
            path: (answer.status_code, answer.text)
            for path in paths
            for answer in [await served.client.get(path)]
        }

    return asyncio.run(ask())


def test_datasette_shows_every_table_every_view_and_their_rows(
    copy: Path, served: Datasette
) -> None:
    with opened(copy) as db:
        db.execute("INSERT INTO outages (feed_id, since, reason) VALUES (1, 0, 'no such host')")
    names = [
        row["name"]
        for row in rows(copy, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
    ]
    assert VIEWS.keys() <= set(names)
    paths = ["/", "/tracker", "/tracker/items/1", "/tracker/feeds/1", "/tracker/stories/1"]
    paths += [f"/tracker/{name}{form}" for name in names for form in ("", ".json", ".csv")]
    found = answers(served, paths)
    assert {path: status for path, (status, _) in found.items() if status != 200} == {}
    assert len(json.loads(found["/tracker/developments.json"][1])["rows"]) > 10


def test_datasette_searches_the_items(served: Datasette) -> None:
    search = "/tracker/items.json?_search=walmart&_shape=objects"
    found = answers(served, ["/tracker/items", search])
    assert 'name="_search"' in found["/tracker/items"][1]
    told = json.loads(found[search][1])["rows"]
    assert told
    assert all("walmart" in (row["title"] + row["summary"]).casefold() for row in told)


# --- sqlite-utils and sqlite3 ---------------------------------------------------------------------


def run(command: list[str], folder: Path, path: Path) -> str:
    done = subprocess.run(
        command,
        env=environment(folder, path) | {"PATH": f"{Path(sys.executable).parent}:{os.defpath}"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_sqlite_utils_searches_the_items(copy: Path) -> None:
    words = ["search", str(copy), "items", "walmart", "-c", "id"]
    found = json.loads(run([sys.executable, "-m", "sqlite_utils", *words], copy.parent, copy))
    expected = rows(copy, "SELECT rowid AS id FROM items_fts WHERE items_fts MATCH 'walmart'")
    assert {row["id"] for row in found} == {row["id"] for row in expected} != set()


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="sqlite3 is not installed")
@pytest.mark.parametrize("view", VIEWS)
def test_the_command_line_of_sqlite_reads_every_view(copy: Path, view: str) -> None:
    query = f"SELECT * FROM {view}"  # noqa: S608 - a name of ours
    shown = json.loads(run(["sqlite3", "-readonly", "-json", str(copy), query], copy.parent, copy))
    assert len(shown) == len(rows(copy, query)) > 0


def test_a_view_is_read_while_a_poll_writes(copy: Path) -> None:
    with opened(copy) as db, db.transaction():
        db.execute("DELETE FROM links")
        assert len(rows(copy, "SELECT * FROM story_reports")) > 50


def test_no_view_needs_a_function_of_ours_or_may_be_written(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as db:
        for view in VIEWS:
            with pytest.raises(sqlite3.OperationalError, match="because it is a view"):
                db.execute(f"DELETE FROM {view}")  # noqa: S608 - a name of ours


# --- the document ---------------------------------------------------------------------------------


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_document_finds_something(archive: Path, query: str) -> None:
    assert rows(archive, query)


def test_the_document_has_a_query_for_every_view() -> None:
    assert {view for view in VIEWS if not any(view in query for query in QUERIES)} == set()


@pytest.mark.parametrize("view", VIEWS)
def test_the_document_names_the_columns_of_a_view(archive: Path, view: str) -> None:
    told = DOCUMENT.partition(f"**`{view}`**")[2].partition("All columns:")[2].partition(".\n")[0]
    assert re.findall(r"`(\w+)`", told) == list(rows(archive, f"SELECT * FROM {view}")[0])  # noqa: S608


def test_the_lines_of_the_document_work_in_a_shell(copy: Path, tmp_path: Path) -> None:
    for program in ("datasette", "sqlite3"):
        if shutil.which(program, path=f"{Path(sys.executable).parent}:{os.defpath}") is None:
            pytest.skip(f"{program} is not installed")
    # A server would not end: it is asked for one page.
    script = [re.sub(r"^datasette serve (.*)$", r"datasette serve \1 --get /", n) for n in LINES]
    said = run(["/bin/sh", "-ec", "\n".join(script)], tmp_path, copy)
    assert "Microsoft" in said
    (handed_on,) = rows(tmp_path / "public.db", "SELECT count(*) AS number FROM reports")
    assert handed_on["number"] > 50
