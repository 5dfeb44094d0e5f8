"""`feeds import` and `feeds export` as they are typed, on the user's own files."""

from __future__ import annotations

import json
import stat
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from tracker.cli.app import app
from tracker.config import add_feeds, load_feeds
from tracker.feeds.listing.opml import read
from tracker.model.polling import FeedSource

if TYPE_CHECKING:
    from typer.testing import Result

LISTS = Path(__file__).resolve().parents[2] / "shared" / "feeds" / "opml"
LIST = (
    '<opml version="2.0"><body><outline text="Tech">'
    '<outline text="Gazette" type="rss" xmlUrl="https://g.example/f"/>'
    '<outline text="Herald" type="rss" xmlUrl="https://h.example/f"/>'
    '<outline text="All" type="vfolder" xmlUrl="vfolder"/></outline></body></opml>'
)
SECRET = (
    FeedSource("https://me:s3cret@g.example/f", title="Gazette", tags=("tech", "daily")),
    FeedSource("https://www.reddit.com/.rss?feed=t0ken&user=myself"),
    FeedSource("https://h.example/f?x=1", title="Herald", headers=(("X-Key", "h3ader"),)),
    FeedSource("https://i.example/?feed=atom", title="Item", language="en"),
)


@dataclass(frozen=True)
class Home:
    folder: Path

    @property
    def feeds(self) -> Path:
        return self.folder / "feeds.yaml"

    def run(self, *words: str, given: str | None = None) -> Result:
        environment = {
            "HOME": str(self.folder),
            "TRACKER_DB": str(self.folder / "tracker.db"),
            "TRACKER_FEEDS": str(self.feeds),
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "no_proxy": "127.0.0.1",
        }
        runner = CliRunner(env=environment)
        return runner.invoke(app, list(words), given, prog_name="tracker", catch_exceptions=False)

    def ok(self, *words: str, given: str | None = None) -> str:
        done = self.run(*words, given=given)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    def fails(self, code: int, *words: str) -> str:
        done = self.run(*words)
        assert done.exit_code == code, done.output
        assert done.stdout == ""
        return " ".join(done.stderr.split())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "list.opml").write_text(LIST, "utf-8")
    return Home(tmp_path)


# --- import ----------------------------------------------------------------------------------


def test_the_feeds_of_a_list_are_added_with_their_folders(home: Home) -> None:
    said = home.ok("feeds", "import", str(home.folder / "list.opml"))
    assert said.startswith("2 feeds added, 1 skipped: no address.\n")
    assert load_feeds(home.feeds).sources == (
        FeedSource("https://g.example/f", title="Gazette", tags=("Tech",)),
        FeedSource("https://h.example/f", title="Herald", tags=("Tech",)),
    )


def test_comments_and_listed_feeds_stay_as_they_are(home: Home) -> None:
    before = "# mine\nfeeds:  # all\n- url: https://h.example/f  # good\n\nsettings: {workers: 1}\n"
    home.feeds.write_text(before, "utf-8")
    said = home.ok("feeds", "import", str(home.folder / "list.opml"))
    assert said.startswith("1 feed added, 1 already listed, 1 skipped: no address.\n")
    after = home.feeds.read_text("utf-8")
    assert after == before.replace(
        "# good\n", "# good\n- url: https://g.example/f\n  title: Gazette\n  tags:\n    - Tech\n"
    )
    said = home.ok("feeds", "import", str(home.folder / "list.opml"))
    assert said.startswith("0 feeds added, 2 already listed, 1 skipped: no address.\n")
    assert home.feeds.read_text("utf-8") == after


def test_lists_may_be_several_and_get_a_tag(home: Home) -> None:
    name = str(home.folder / "list.opml")
    done = json.loads(home.ok("feeds", "import", name, "-", "--tag", "x", "--json", given=LIST))
    assert [feed["tags"] for feed in done["added"]] == [["Tech", "x"], ["Tech", "x"]]
    assert (done["repeated"], done["skipped"]) == (2, {"no address": 2})


def test_a_dry_run_adds_nothing(home: Home) -> None:
    said = home.ok("feeds", "import", str(home.folder / "list.opml"), "--dry-run")
    assert said == "2 feeds would be added, 1 skipped: no address.\n"
    assert not home.feeds.exists()


def test_a_list_that_was_cut_off_is_imported_and_said_to_be(home: Home, tmp_path: Path) -> None:
    (tmp_path / "cut.opml").write_text(LIST[: LIST.index("Herald")], "utf-8")
    assert home.ok("feeds", "import", str(tmp_path / "cut.opml")).splitlines() == [
        "1 feed added.",
        "The list ends without </opml>: it may have been cut off.",
        f"  {home.feeds}",
        "tracker poll fetches them.",
    ]
    told = json.loads(home.ok("feeds", "import", str(tmp_path / "cut.opml"), "--json"))
    assert told["cut_off"] is True
    told = json.loads(home.ok("feeds", "import", str(tmp_path / "list.opml"), "--json"))
    assert told["cut_off"] is False


def test_what_is_no_list_is_named_and_nothing_is_added(home: Home) -> None:
    page = home.folder / "page.html"
    page.write_text("<html><title>Hello</title></html>", "utf-8")
    said = home.fails(1, "feeds", "import", str(home.folder / "list.opml"), str(page))
    assert said.endswith("page.html: it is an HTML page titled “Hello”, not an OPML list.")
    assert not home.feeds.exists()
    assert "no such file" in home.fails(1, "feeds", "import", str(home.folder / "none.opml"))
    assert "not a regular file" in home.fails(1, "feeds", "import", str(home.folder))


class Publisher(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/list.opml" else 404)
        self.end_headers()
        self.wfile.write(LIST.encode())

    def log_message(self, *_: object) -> None:
        pass


def test_a_list_is_fetched_from_its_address(home: Home) -> None:
    with HTTPServer(("127.0.0.1", 0), Publisher) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        base = f"http://127.0.0.1:{server.server_address[1]}"
        said = home.ok("feeds", "import", f"{base}/list.opml")
        failure = home.fails(1, "feeds", "import", f"{base}/none.opml")
        server.shutdown()
        thread.join()
    assert said.startswith("2 feeds added")
    assert "there is nothing at this address (404)" in failure


@pytest.mark.long
@pytest.mark.repeats
@pytest.mark.skipif(not LISTS.is_dir(), reason="the published lists are not here")
def test_published_lists_are_imported_together(home: Home) -> None:
    lists = sorted(map(str, LISTS.glob("*.opml")))
    said = home.ok("feeds", "import", *lists)
    assert said.startswith("855 feeds added, 94 listed twice, 18 skipped: no address.\n")
    assert len(load_feeds(home.feeds).sources) == 855
    exported = home.folder / "out.opml"
    home.ok("feeds", "export", str(exported), "--with-secrets")
    before = {source.url: source for source in load_feeds(home.feeds).sources}
    assert {source.url: source for source in read(exported.read_bytes()).sources} == before


# --- export ----------------------------------------------------------------------------------


def test_an_export_is_imported_as_it_was(home: Home, tmp_path: Path) -> None:
    add_feeds(home.feeds, SECRET)
    home.ok("feeds", "export", str(tmp_path / "out.opml"), "--with-secrets")
    other = tmp_path / "other.yaml"
    home.ok("--feeds", str(other), "feeds", "import", str(tmp_path / "out.opml"))
    assert sorted(load_feeds(other).sources) == sorted(SECRET)


def test_an_export_holds_no_secret_and_says_of_which_feeds(home: Home) -> None:
    add_feeds(home.feeds, SECRET)
    done = home.run("feeds", "export")
    assert done.exit_code == 0
    listed = {source.url for source in read(done.stdout.encode()).sources}
    assert listed == {
        "https://g.example/f",
        "https://www.reddit.com/.rss",
        "https://h.example/f?x=1",
        "https://i.example/?feed=atom",
    }
    for secret in ("s3cret", "t0ken", "myself", "h3ader"):
        assert secret not in done.stdout + done.stderr
    assert done.stderr.splitlines() == [
        "Secrets of 3 feeds are left out (--with-secrets):",
        "  https://g.example/f: password",
        "  https://www.reddit.com/.rss: feed=, user=",
        "  https://h.example/f?x=1: headers",
    ]


def test_a_file_with_secrets_is_the_users_alone(home: Home, tmp_path: Path) -> None:
    add_feeds(home.feeds, SECRET)
    said = home.ok("feeds", "export", str(tmp_path / "out.opml"), "--with-secrets")
    assert " ".join(said.split()) == f"Wrote 4 feeds to {tmp_path / 'out.opml'}."
    assert stat.S_IMODE((tmp_path / "out.opml").stat().st_mode) == 0o600
    assert "s3cret" in (tmp_path / "out.opml").read_text("utf-8")


def test_an_export_that_cannot_be_written_leaves_the_file(home: Home, tmp_path: Path) -> None:
    add_feeds(home.feeds, SECRET)
    said = home.fails(1, "feeds", "export", str(tmp_path / "list.opml" / "out.opml"))
    assert "cannot be written" in said
    assert (tmp_path / "list.opml").read_text("utf-8") == LIST
