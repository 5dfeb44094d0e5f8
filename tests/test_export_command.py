"""`tracker export` on a real database, filled by real polls of the bundled archive on loopback."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import pytest
from typer.testing import CliRunner

from tracker.cli.app import app
from tracker.config import add_feed
from tracker.demo.archive import sources
from tracker.demo.server import ArchiveServer
from tracker.services.poll import poll
from tracker.services.site import MARKER
from tracker.store.database import opened

if TYPE_CHECKING:
    from typer.testing import Result

MOMENT = datetime(2020, 9, 14, 22, tzinfo=UTC)
SLUG = "tiktok-acquisition"
FORMATS = ("html", "md", "json", "csv", "atom")


@dataclass(frozen=True)
class Home:
    """A user's files; `run` runs a command on them as `tracker …` would in a terminal of 80."""

    folder: Path

    def run(self, *words: str, **env: str) -> Result:
        environment = {
            "HOME": str(self.folder),
            "TRACKER_DB": str(self.folder / "tracker.db"),
            "TRACKER_FEEDS": str(self.folder / "feeds.yaml"),
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "FORCE_COLOR": "",
        }
        runner = CliRunner(env=environment | env)
        return runner.invoke(app, list(words), prog_name="tracker", catch_exceptions=False)

    def ok(self, *words: str, **env: str) -> str:
        done = self.run(*words, **env)
        assert done.exit_code == 0, done.stderr
        return done.stdout_bytes.decode()

    def fails(self, code: int, *words: str) -> str:
        done = self.run(*words)
        assert done.exit_code == code, done.output
        assert done.stdout == ""
        return done.stderr


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Poll the archive and follow a story once; every test gets a copy of the files."""
    folder = tmp_path_factory.mktemp("begun") / "home"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch, ArchiveServer(MOMENT) as server:
        patch.setenv("no_proxy", "127.0.0.1")
        for source in sources(server.base_url):
            add_feed(folder / "feeds.yaml", source)
        with opened(folder / "tracker.db") as db:
            poll(db, folder / "feeds.yaml", MOMENT, force=True)
    Home(folder).ok("follow", "TikTok", "acquisition")
    return folder


@pytest.fixture
def home(tmp_path: Path, begun: Path) -> Home:
    shutil.copytree(begun, tmp_path / "home")
    return Home(tmp_path / "home")


def events(name: str, text: str) -> set[int]:
    """Return the ids of the developments in an export."""
    if name == "json":
        return {item["event"] for item in json.loads(text)["items"]}
    if name == "csv":
        return {int(row["event"]) for row in csv.DictReader(io.StringIO(text, newline=""))}
    if name == "atom":
        found = feedparser.parse(io.BytesIO(text.encode()))
        assert not found.bozo
        terms = {tag.term for entry in found.entries for tag in entry.tags}
        return {int(term[1:]) for term in terms if term != "doubtful"}
    pattern = r'<article id="e(\d+)"' if name == "html" else r"`e(\d+)`"
    return {int(number) for number in re.findall(pattern, text)}


def test_all_formats_have_the_events_of_the_timeline(home: Home) -> None:
    timeline = events("json", home.ok("timeline", SLUG, "--json", "--limit", "0", "--peek"))
    assert len(timeline) > 10
    for name in FORMATS:
        assert events(name, home.ok("export", SLUG, "--format", name)) == timeline, name


def test_all_formats_have_the_doubtful_events_if_asked(home: Home) -> None:
    words = ("timeline", SLUG, "--json", "--limit", "0", "--peek", "--maybe")
    timeline = events("json", home.ok(*words))
    assert timeline > events("json", home.ok("export", SLUG, "--format", "json"))
    for name in ("md", "json", "csv", "atom"):
        assert events(name, home.ok("export", SLUG, "--format", name, "--maybe")) == timeline, name
    text = home.ok("export", SLUG, "--format", "html", "--maybe")
    doubtful = {int(number) for number in re.findall(r'data-event="(\d+)"', text)}
    assert events("html", text) | doubtful == timeline


def test_json_is_that_of_the_timeline(home: Home) -> None:
    exported = json.loads(home.ok("export", SLUG, "--format", "json"))
    shown = json.loads(home.ok("timeline", SLUG, "--json", "--limit", "0", "--peek"))
    # The timeline has the outages of the last 30 days, the file those of its whole time.
    del exported["outages"], shown["outages"]
    assert exported == shown


def test_a_file_has_the_outages_of_its_whole_time(home: Home) -> None:
    with opened(home.folder / "tracker.db") as db, db.transaction():
        for month in (7, 8, 9):
            since = int(datetime(2020, month, 20, tzinfo=UTC).timestamp())
            db.execute(
                "INSERT INTO outages (feed_id, since, until, reason) VALUES (1, ?, ?, ?)",
                (since, since + 3600, f"failed in month {month}"),
            )

    def reasons(*words: str) -> list[str]:
        outages = json.loads(home.ok(*words))["outages"]
        return [each["reason"] for each in outages if each["reason"].startswith("failed in month")]

    assert reasons("timeline", SLUG, "--json", "--peek") == []
    whole = ("export", SLUG, "--format", "json", "--since", "2020-08-01")
    assert reasons(*whole) == ["failed in month 9", "failed in month 8"]
    assert reasons(*whole, "--until", "2020-09-14") == ["failed in month 8"]
    assert "(failed in month 9)" in home.ok("export", SLUG, "--format", "html")


def test_since_and_until_bound_every_format(home: Home) -> None:
    window = ("--since", "2020-08-10", "--until", "2020-09-01")
    whole = events("json", home.ok("export", SLUG, "--format", "json"))
    part = events("json", home.ok("timeline", SLUG, "--json", "--limit", "0", "--peek", *window))
    assert whole > part > set()
    for name in FORMATS:
        assert events(name, home.ok("export", SLUG, "--format", name, *window)) == part, name


def test_nothing_is_marked_as_seen(home: Home) -> None:
    before = json.loads(home.ok("stories", "--json"))
    for name in FORMATS:
        home.ok("export", SLUG, "--format", name)
    home.ok("export", "--all", "--output", str(home.folder / "site"))
    assert json.loads(home.ok("stories", "--json")) == before


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.html", "<!DOCTYPE html>"),
        ("a.HTM", "<!DOCTYPE html>"),
        ("a.md", "# TikTok acquisition"),
        ("a.json", "{"),
        ("a.csv", "event,item,"),
        ("a.atom", '<?xml version="1.0" encoding="utf-8"?>'),
        ("a.xml", '<?xml version="1.0" encoding="utf-8"?>'),
    ],
)
def test_the_ending_of_the_file_tells_the_format(home: Home, name: str, start: str) -> None:
    path = home.folder / name
    said = home.ok("export", SLUG, "--output", str(path))
    # Where the row breaks depends on how long the path is.
    words = " ".join(said.split())
    assert re.fullmatch(r"Wrote .*: \d+ developments, \d+ kB\.", words)
    assert path.read_text("utf-8").startswith(start)


def test_without_output_it_goes_to_stdout_as_markdown(home: Home) -> None:
    assert home.ok("export", SLUG).startswith("# TikTok acquisition\n")
    assert home.ok("export", SLUG, "--output", "-") == home.ok("export", SLUG)


def test_the_file_and_stdout_are_the_same_bytes_in_utf_8(home: Home) -> None:
    path = home.folder / "a.csv"
    home.ok("export", SLUG, "--output", str(path))
    printed = subprocess.run(
        [sys.executable, "-m", "tracker", "export", SLUG, "--format", "csv"],
        env={
            "TRACKER_DB": str(home.folder / "tracker.db"),
            "HOME": str(home.folder),
            "PYTHONIOENCODING": "latin-1",
        },
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert printed.stdout == path.read_bytes()
    assert "é" in printed.stdout.decode()


def test_two_exports_are_the_same_but_for_the_moment(home: Home) -> None:
    for name in ("csv", "atom", "json"):
        words = ("export", SLUG, "--format", name)
        first, second = home.ok(*words), home.ok(*words)
        silence = re.compile("(last development|quiet for)[^<]*")
        assert silence.sub("", first) == silence.sub("", second)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name a story, or write --all for every story."),
        (("--all",), "--all needs --output DIR"),
        (("--all", SLUG), "--all writes every story as page and feed; give only --output DIR."),
        (("--all", "--format", "md"), "--all writes every story as page and feed"),
        ((SLUG, "--output", "story.pdf"), "does not tell its format; add --format html"),
        ((SLUG, "--format", "pdf"), "Invalid value for '--format'"),
        ((SLUG, "--since", "whenever"), "'whenever' is not a date"),
    ],
)
def test_wrong_use_is_one_sentence(home: Home, words: tuple[str, ...], said: str) -> None:
    assert said in home.fails(2, "export", *words)


def test_a_story_that_is_not_there_is_named(home: Home) -> None:
    path = home.folder / "a.md"
    assert "There is no story 'x-y'" in home.fails(1, "export", "x-y", "--output", str(path))
    assert not path.exists()


def test_only_regular_files_are_replaced(home: Home) -> None:
    said = home.fails(1, "export", SLUG, "--format", "md", "--output", str(home.folder))
    assert "is not a regular file; name another one." in said
    assert home.folder.is_dir()


def test_an_empty_story_makes_a_file_that_says_what_to_do(home: Home) -> None:
    home.ok("follow", "Zugspitze cable car")
    said = home.ok("export", "zugspitze-cable-car")
    assert "Nothing yet. `tracker poll` fetches what your feeds have;" in said


# --- a site of all stories -----------------------------------------------------------------------


def files(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_a_site_has_a_page_of_all_and_of_each_story_page_and_feed(home: Home) -> None:
    home.ok("follow", "Zugspitze cable car")
    site = home.folder / "site"
    said = home.ok("export", "--all", "--output", str(site))
    assert said.replace("\n", " ").endswith("index.html and 2 stories. ")
    assert files(site) == {
        "index.html",
        *(f"{SLUG}/index.html", f"{SLUG}/feed.atom"),
        *("zugspitze-cable-car/index.html", "zugspitze-cable-car/feed.atom"),
    }
    page = (site / SLUG / "index.html").read_text("utf-8")
    assert 'href="../index.html"' in page
    assert 'type="application/atom+xml"' in page
    assert events("html", page) == events("atom", (site / SLUG / "feed.atom").read_text("utf-8"))
    assert f'href="{SLUG}/index.html"' in (site / "index.html").read_text("utf-8")


def test_the_files_of_a_story_that_is_gone_are_removed_and_no_others(home: Home) -> None:
    home.ok("follow", "Zugspitze cable car")
    site = home.folder / "site"
    home.ok("export", "--all", "--output", str(site))
    (site / "own").mkdir()
    (site / "empty").mkdir()
    for path in (site / "own" / "index.html", site / "own.txt", site / SLUG / "notes.txt"):
        path.write_text("mine")
    home.ok("story", "rm", SLUG, "--yes")
    said = home.ok("export", "--all", "--output", str(site)).replace("\n", " ")
    assert "1 story, 2 files of stories gone removed." in said
    assert files(site) == {
        "index.html",
        "own/index.html",
        "own.txt",
        f"{SLUG}/notes.txt",
        "zugspitze-cable-car/index.html",
        "zugspitze-cable-car/feed.atom",
    }
    home.ok("story", "rm", "zugspitze-cable-car", "--yes")
    home.ok("export", "--all", "--output", str(site))
    assert not (site / "zugspitze-cable-car").exists()
    assert (site / "empty").is_dir()
    assert "tracker follow" in (site / "index.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["index.html", f"{SLUG}/index.html", f"{SLUG}/feed.atom"])
def test_a_file_in_the_way_stops_the_site_before_anything_is_written(home: Home, name: str) -> None:
    path = home.folder / "site" / name
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    said = home.fails(1, "export", "--all", "--output", str(home.folder / "site"))
    assert "was not made by tracker; move it away, or name another folder." in said
    assert files(home.folder / "site") == {name}
    assert path.read_text() == "mine"


def test_every_file_of_a_site_says_that_it_is_replaced(home: Home) -> None:
    site = home.folder / "site"
    home.ok("export", "--all", "--output", str(site))
    assert all(MARKER in (site / name).read_text("utf-8")[:400] for name in files(site))
    home.ok("export", "--all", "--output", str(site))


# --- demo ----------------------------------------------------------------------------------------


def test_the_demo_writes_its_story_as_a_page_and_names_export(home: Home) -> None:
    path = home.folder / "demo.html"
    said = home.ok("demo", "--html", str(path), no_proxy="")
    assert "Wrote" in said
    assert said.splitlines()[-1].strip().startswith(f"tracker export {SLUG}")
    page = path.read_text("utf-8")
    assert "New since 31 Oct 2020 20:00" in page
    assert len(events("html", page)) > 20
