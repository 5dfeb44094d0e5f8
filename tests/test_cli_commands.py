"""The commands on a real database, filled by real polls of the bundled archive on loopback."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from publishing import Publisher
from typer.testing import CliRunner

from tracker.cli.app import app
from tracker.config import add_feed
from tracker.demo.archive import sources
from tracker.demo.server import ArchiveServer
from tracker.services.poll import poll
from tracker.store.database import connect, only_one, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer.testing import Result

# The evening of a day on which many outlets report the same.
MOMENT = datetime(2020, 9, 14, 22, tzinfo=UTC)
SLUG = "tiktok-acquisition"


@dataclass(frozen=True)
class Home:
    """A user's files; `run` runs a command on them as `tracker …` would in a terminal of 80."""

    folder: Path

    @property
    def db(self) -> Path:
        return self.folder / "tracker.db"

    @property
    def feeds(self) -> Path:
        return self.folder / "feeds.yaml"

    def run(self, *words: str, **env: str) -> Result:
        environment = {
            "HOME": str(self.folder),
            "TRACKER_DB": str(self.db),
            "TRACKER_FEEDS": str(self.feeds),
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "FORCE_COLOR": "",
            "no_proxy": "127.0.0.1",
        }
        runner = CliRunner(env=environment | env)
        return runner.invoke(app, list(words), prog_name="tracker", catch_exceptions=False)

    def ok(self, *words: str, **env: str) -> str:
        done = self.run(*words, **env)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    def json(self, *words: str) -> Any:
        return json.loads(self.ok(*words, "--json"))

    def fails(self, code: int, *words: str) -> str:
        done = self.run(*words)
        assert done.exit_code == code, done.output
        assert done.stdout == ""
        assert done.stderr.startswith("tracker: ")
        return done.stderr


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Poll the archive once; every test gets a copy of the files."""
    folder = tmp_path_factory.mktemp("polled")
    with pytest.MonkeyPatch.context() as patch, ArchiveServer(MOMENT) as server:
        patch.setenv("no_proxy", "127.0.0.1")
        for source in sources(server.base_url):
            add_feed(folder / "feeds.yaml", source)
        with opened(folder / "tracker.db") as db:
            report = poll(db, folder / "feeds.yaml", MOMENT, force=True)
    assert report.new_items > 50
    assert not report.failures
    return folder


@pytest.fixture
def home(tmp_path: Path, polled: Path) -> Home:
    shutil.copytree(polled, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, polled: Path) -> Path:
    """Follow a story once; every test gets a copy of the files."""
    folder = tmp_path_factory.mktemp("begun") / "home"
    shutil.copytree(polled, folder)
    Home(folder).ok("follow", "TikTok", "acquisition")
    return folder


@pytest.fixture
def following(tmp_path: Path, begun: Path) -> Home:
    shutil.copytree(begun, tmp_path / "following")
    return Home(tmp_path / "following")


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    return Home(tmp_path)


def items_of(home: Home, *options: str) -> list[Any]:
    found: list[Any] = home.json("timeline", SLUG, "--limit", "0", "--peek", *options)["items"]
    return found


# --- follow --------------------------------------------------------------------------------------


def test_follow_joins_the_words_and_says_how_it_understood_them(home: Home) -> None:
    said = home.ok("follow", "TikTok", "acquisition")
    assert said.startswith("Following TikTok acquisition  tiktok-acquisition\n\n  TikTok ")
    assert "tracker timeline tiktok-acquisition" in said


def test_follow_prints_the_keys_that_scripts_depend_on(home: Home) -> None:
    said = home.json("follow", "TikTok acquisition")
    assert (
        said["story"] | {"slug": SLUG, "query": "TikTok acquisition", "state": "open"}
        == said["story"]
    )
    assert said["linked"] == len(items_of(home)) > 5
    assert [term["text"] for term in said["terms"]] == ["TikTok", "acquisition"]


def test_a_dry_run_keeps_nothing(home: Home) -> None:
    said = home.ok("follow", "TikTok", "acquisition", "--dry-run", "--since", "2020-07-01")
    assert "Would link" in said
    assert "\nLinked\n" in said
    assert home.json("stories") == {"stories": []}


@pytest.mark.parametrize(
    "words",
    [
        ("TikTok", "--lang", "fr", "--lang", "en", "--slug", "tt", "--title", "It's the affair"),
        ("TikTok", "--since", "8 August 2020", "--exclude", "music"),
        ("--", "-source:Gazette", "TikTok", "acquisition"),
    ],
)
def test_a_dry_run_ends_in_the_command_that_begins_the_same_story(
    home: Home, words: tuple[str, ...]
) -> None:
    def begun(*command: str) -> list[Any]:
        home.ok(*command)
        (story,) = home.json("stories")["stories"]
        home.ok("story", "rm", story["slug"], "--yes")
        return [story[key] for key in ("slug", "title", "query", "languages", "since")]

    last = home.ok("follow", "--dry-run", *words, COLUMNS="400").splitlines()[-1]
    lead, _, command = last.partition(": tracker ")
    assert lead.endswith(" older reports too") == ("--since" not in words)
    told = shlex.split(command)
    assert begun(*told) == begun("follow", *words)


def test_a_dry_run_looks_back_90_days_unless_told_otherwise(home: Home) -> None:
    said = home.json("follow", "TikTok", "--dry-run")
    since = datetime.fromisoformat(said["since"])
    assert 89 <= (datetime.now(UTC) - since).days <= 90


def test_follow_takes_the_names_that_it_is_given(home: Home) -> None:
    said = home.json("follow", "TikTok", "--slug", "tt", "--title", "The affair", "--lang", "fr")
    assert said["story"]["slug"] == "tt"
    assert said["story"]["title"] == "The affair"
    assert said["story"]["languages"] == ["fr"]


@pytest.mark.parametrize("code", ["english", "eng", "en,fr", "fr-CA", "e", "é1", ""])
@pytest.mark.parametrize("words", [("follow", "TikTok"), ("story", "edit", SLUG)])
def test_what_is_no_code_of_a_language_is_refused(
    following: Home, words: tuple[str, ...], code: str
) -> None:
    said = following.fails(2, *words, "--lang", code)
    assert said.startswith(f"tracker: --lang {code!r} is not a language; ")
    (summary,) = following.json("stories")["stories"]
    assert summary["languages"] == []


def test_a_code_of_a_language_may_be_in_capitals(home: Home) -> None:
    said = home.json("follow", "TikTok acquisition", "--lang", "EN", "--lang", "en")
    assert said["story"]["languages"] == ["en"]
    assert said["linked"] > 0


def test_what_is_excluded_is_part_of_the_query(home: Home) -> None:
    said = home.json("follow", "TikTok", "--exclude", "music", "--exclude", "data centre")
    assert said["story"]["query"] == 'TikTok -music -"data centre"'


def test_what_is_left_out_of_titles_is_shown_so(home: Home) -> None:
    said = home.ok(
        "follow", "--dry-run", "--", "TikTok", "-title:lab", '-title:"board game"', "-cat"
    )
    shown = [row.split("  ")[1] for row in said.splitlines() if row.startswith("  -")]
    assert shown == ["-title:lab", '-title:"board game"', "-cat"]


@pytest.mark.parametrize("word", ["", " ", "!"])
def test_nothing_cannot_be_excluded(home: Home, word: str) -> None:
    said = home.fails(2, "follow", "TikTok", "--exclude", word)
    assert said.startswith(f"tracker: --exclude {word!r} is not a word; ")
    assert home.json("stories") == {"stories": []}


def test_follow_takes_the_words_of_an_article_that_is_stored(following: Home) -> None:
    item = items_of(following)[0]
    by_number = following.json("follow", str(item["id"]), "--slug", "by-number")
    by_url = following.json("follow", item["url"], "--slug", "by-url")
    assert by_number["story"]["query"] == by_url["story"]["query"]
    assert "TikTok" in by_number["story"]["query"]


def test_an_address_in_capitals_or_with_spaces_around_it_is_an_articles(following: Home) -> None:
    item = items_of(following)[0]
    shouted = item["url"].replace("http", "HTTP", 1)
    said = following.json("follow", f" {shouted} ", "--slug", "by-url")
    assert "TikTok" in said["story"]["query"]
    assert "http" not in said["story"]["query"].lower()


def test_an_address_beside_words_begins_no_story(home: Home) -> None:
    said = home.fails(2, "follow", "TikTok", "https://example.org/a")
    assert "An address is an article only alone, in follow" in said
    assert home.json("stories") == {"stories": []}


def test_an_address_without_a_scheme_is_an_articles(following: Home) -> None:
    with closing(sqlite3.connect(following.db)) as db, db:
        db.execute("UPDATE items SET url = 'https://www.example.org/7' WHERE id = 7")
        (title,) = db.execute("SELECT title FROM items WHERE id = 7").fetchone()
    query = following.json("follow", "www.example.org/7", "--slug", "s")["story"]["query"]
    assert query.split()[0].casefold() in title.casefold()


def test_a_number_that_is_no_items_is_a_word(home: Home) -> None:
    assert home.json("follow", "99999")["story"]["query"] == "99999"
    assert "There is no item" in home.fails(1, "follow", "#99999")


def test_a_query_that_cannot_be_read_is_pointed_at(home: Home) -> None:
    said = home.fails(2, "follow", 'TikTok "acqui')
    assert '\n  TikTok "acqui\n         ^' in said
    assert home.json("stories") == {"stories": []}


@pytest.mark.parametrize(
    ("query", "shown", "before"),
    [
        ('日本 "地震', '日本 "地震', 5),  # each takes two cells
        ('pe\u0301ril "x', 'pe\u0301ril "x', 6),  # an accent of its own takes none
        ('a\n\t"b', 'a  "b', 3),
        ('a \x1b[31m"b', 'a "b', 2),
    ],
)
def test_a_mistake_in_a_query_is_marked_where_the_terminal_shows_it(
    home: Home, query: str, shown: str, before: int
) -> None:
    said = home.fails(2, "search", query)
    assert said == f"tracker: A quotation mark is not closed.\n  {shown}\n  {' ' * before}^\n"


@pytest.mark.parametrize("query", ["", "  "])
def test_nothing_is_marked_in_an_empty_query(home: Home, query: str) -> None:
    assert home.fails(2, "search", query) == "tracker: The query has no words.\n"


def test_a_slug_that_is_taken_is_refused(following: Home) -> None:
    assert "already" in following.fails(2, "follow", "Huawei", "--slug", SLUG)
    assert len(following.json("stories")["stories"]) == 1


def test_an_unreadable_date_changes_nothing(home: Home) -> None:
    assert "'soon' is not a date" in home.fails(2, "follow", "TikTok", "--since", "soon")
    assert home.json("stories") == {"stories": []}


@pytest.mark.parametrize(
    "words",
    [
        ("follow", "Oracle", "--since", ""),
        ("timeline", SLUG, "--since", ""),
        ("timeline", "--until", ""),
        ("story", "edit", SLUG, "--since", ""),
        ("story", "mute", SLUG, "--until", ""),
    ],
)
def test_an_empty_date_is_none(following: Home, words: tuple[str, ...]) -> None:
    assert following.fails(2, *words).startswith("tracker: '' is not a date; ")


@pytest.mark.parametrize("words", [("follow", "Oracle"), ("story", "edit", SLUG)])
@pytest.mark.parametrize("date", ["2999-01-01", "tomorrow"])
def test_a_story_cannot_begin_in_time_to_come(
    following: Home, words: tuple[str, ...], date: str
) -> None:
    before = following.json("stories")
    assert f"'{date}' lies ahead" in following.fails(2, *words, "--since", date)
    assert following.json("stories") == before


def test_all_is_no_limit_for_a_new_story_either(home: Home) -> None:
    assert home.json("follow", "TikTok", "--since", "All")["story"]["state"] == "open"
    assert home.json("stories")["stories"][0]["since"] is None


# --- timeline ------------------------------------------------------------------------------------


def test_the_timeline_has_the_keys_that_scripts_depend_on(following: Home) -> None:
    said = following.json("timeline", SLUG)
    assert {"slug", "title", "query", "state"} <= said["story"].keys()
    for item in said["items"]:
        assert {
            "id",
            "url",
            "title",
            "source",
            "published",
            "status",
            "score",
            "event",
            "new",
            "why",
        } <= item.keys()
        assert item["published"].endswith("Z")


def test_the_timeline_is_what_it_should_look_like(following: Home) -> None:
    rows = following.ok("timeline", SLUG).splitlines()
    assert rows[0] == "TikTok acquisition"
    assert "22 Jul to 14 Sep 2020" in rows[1]
    assert "quiet for" in rows[2]
    assert "Monday 14 Sep 2020" in rows
    assert any(row.startswith("● ") for row in rows)
    assert max(map(len, rows)) <= 80


def test_what_was_looked_at_is_not_new_again(following: Home) -> None:
    assert all(item["new"] for item in items_of(following))
    following.ok("timeline", SLUG)
    assert not any(item["new"] for item in items_of(following))
    assert "Nothing new since you last looked" in following.ok("timeline", SLUG, "--new")


def test_a_peek_leaves_the_marks(following: Home) -> None:
    following.ok("timeline", SLUG, "--peek")
    following.ok("timeline", SLUG, "--until", "2020-08-10")
    assert all(item["new"] for item in items_of(following))


def test_a_limit_counts_developments_and_names_the_rest(following: Home) -> None:
    said = following.json("timeline", SLUG, "--limit", "2", "--peek")
    assert len({item["event"] for item in said["items"]}) == 2
    assert said["hidden"] > 0
    assert f"{said['hidden']:,} older development" in following.ok("timeline", SLUG, "--limit", "2")


def test_new_developments_that_the_user_left_out_stay_new(following: Home) -> None:
    following.ok("timeline", SLUG, "--since", "2020-09-10")
    assert "with something new not shown; --new shows them" in following.ok(
        "timeline", SLUG, "--limit", "1"
    )
    assert all(item["new"] for item in items_of(following))
    following.ok("timeline", SLUG, "--new")
    assert not any(item["new"] for item in items_of(following))


def test_the_first_look_has_seen_the_past_of_a_story(following: Home) -> None:
    assert "--new shows them" not in following.ok("timeline", SLUG)
    assert following.json("timeline") == {"stories": []}


def test_what_a_poll_brought_and_the_first_look_left_out_stays_new(empty: Home) -> None:
    with ArchiveServer(MOMENT) as server:
        for source in sources(server.base_url):
            add_feed(empty.feeds, source)
        empty.ok("follow", "TikTok")
        empty.ok("poll")
    unread = empty.json("stories")["stories"][0]["unread"]
    first = empty.ok("timeline", "tiktok")
    assert f" {unread} new" in first
    assert f"{unread - 30} developments with something new not shown; --new shows them" in first
    assert empty.json("stories")["stories"][0]["unread"] == unread
    empty.ok("timeline", "tiktok", "--new")
    assert empty.json("stories")["stories"][0]["unread"] == 0


def test_a_timeline_can_be_bounded(following: Home) -> None:
    days = {
        item["published"][:10]
        for item in items_of(following, "--since", "2020-08-01", "--until", "2020-08-31")
    }
    assert days
    assert all("2020-07-25" <= day <= "2020-09-07" for day in days)


def test_a_period_that_ends_before_it_begins_is_refused(following: Home) -> None:
    said = following.fails(2, "timeline", SLUG, "--since", "2020-09-10", "--until", "9 Sep 2020")
    assert said == (
        "tracker: --since '2020-09-10' is later than --until '9 Sep 2020'; exchange them.\n"
    )
    following.ok("timeline", SLUG, "--since", "2020-09-10", "--until", "10 Sep 2020", "--peek")


def test_a_day_is_shown_to_its_end(following: Home) -> None:
    day = items_of(following)[0]["published"][:10]
    shown = items_of(following, "--since", day, "--until", day)
    assert day in {item["published"][:10] for item in shown}


def test_unfolding_shows_every_report(following: Home) -> None:
    folded = following.ok("timeline", SLUG, "--peek", "--limit", "0")
    unfolded = following.ok("timeline", SLUG, "--peek", "--limit", "0", "--reports")
    assert "└" not in folded
    counts = re.search(r"(\d+) developments in (\d+) reports", folded)
    assert counts
    assert unfolded.count("└") == int(counts[2]) - int(counts[1])


def test_doubtful_reports_are_shown_when_asked_for(following: Home) -> None:
    assert {item["status"] for item in items_of(following)} == {"linked"}
    with_doubts = {item["status"] for item in items_of(following, "--maybe")}
    assert with_doubts == {"linked", "maybe"}
    assert "\nDoubtful\n" in following.ok("timeline", SLUG, "--maybe")


def test_an_unknown_story_is_named_with_the_nearest(following: Home) -> None:
    said = following.fails(1, "timeline", "tiktok-aquisition")
    assert said == (
        "tracker: There is no story 'tiktok-aquisition'; did you mean 'tiktok-acquisition'?\n"
    )
    said = following.fails(1, "timeline", "zzz")
    assert said == "tracker: There is no story 'zzz'; tracker stories lists yours.\n"


def test_the_news_of_all_stories_end_once_they_are_read(following: Home) -> None:
    following.ok("follow", "Huawei ban")
    assert "TikTok acquisition  " in following.ok("timeline", "--limit", "0")
    said = following.ok("timeline")
    assert said.startswith("Nothing new.\n")
    assert following.json("timeline") == {"stories": []}


def test_news_that_were_not_all_shown_stay_new(following: Home) -> None:
    said = following.ok("timeline", "--limit", "1")
    assert "more in tracker timeline tiktok-acquisition" in said
    assert all(item["new"] for item in items_of(following))


def test_news_of_another_time_than_was_asked_for_stay_new(following: Home) -> None:
    said = following.ok("timeline", "--since", "yesterday")
    assert said.startswith("Nothing new in what you asked for.\n  TikTok acquisition  ")
    assert " new left out, quiet for " in said
    assert all(item["new"] for item in items_of(following))


def test_the_news_as_json_leave_out_what_the_text_leaves_out(following: Home) -> None:
    assert following.json("timeline", "--since", "2020-09-20") == {"stories": []}


def test_the_news_are_marked_as_seen_all_at_once(following: Home) -> None:
    following.ok("follow", "Huawei ban")
    before = following.json("timeline", "--peek")
    assert len(before["stories"]) == 2
    with opened(following.db) as db:
        db.execute(
            "CREATE TRIGGER broken AFTER UPDATE OF seen ON stories"
            " WHEN (SELECT count(seen) FROM stories) > 1 BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    with pytest.raises(sqlite3.IntegrityError, match="broken"):
        following.run("timeline", "--limit", "0")
    assert following.json("timeline", "--peek") == before


def test_without_stories_the_news_teach_how_to_follow(empty: Home) -> None:
    assert empty.ok("timeline").startswith("You follow no story yet.")
    assert empty.ok("stories").startswith("You follow no story yet.")


# --- stories, why and corrections ----------------------------------------------------------------


def test_the_dashboard_counts_what_is_unread(following: Home) -> None:
    (summary,) = following.json("stories")["stories"]
    assert summary["unread"] == len({item["event"] for item in items_of(following)})
    assert following.ok("stories").splitlines()[0].split()[0] == str(summary["unread"])
    following.ok("timeline", SLUG)
    assert following.json("stories")["stories"][0]["unread"] == 0


def test_why_adds_up_to_the_score(following: Home) -> None:
    item = items_of(following)[0]
    said = following.json("why", SLUG, str(item["id"]))["item"]
    assert said["status"] == "linked"
    assert sum(reason["worth"] for reason in said["why"]) == pytest.approx(said["score"], abs=0.02)
    assert f"It belongs to TikTok acquisition: {said['score']:.2f}" in following.ok(
        "why", SLUG, item["url"]
    )


def test_why_tells_what_an_item_lacks(following: Home) -> None:
    linked = {item["id"] for item in items_of(following, "--maybe")}
    other = next(number for number in range(1, 1000) if number not in linked)
    said = following.ok("why", SLUG, str(other))
    assert "It does not belong to TikTok acquisition" in said
    assert f"tracker accept {SLUG} {other}" in said


@pytest.mark.parametrize("item", ["99999", "#99999", "https://example.org/none", "9" * 30])
def test_an_unknown_item_is_named(following: Home, item: str) -> None:
    said = following.fails(1, "why", SLUG, item)
    assert said == (
        f"tracker: There is no item {item!r}; tracker timeline and tracker search show their"
        " numbers.\n"
    )


def test_a_rejected_item_stays_out_until_that_is_undone(following: Home) -> None:
    item = items_of(following)[0]
    said = following.ok("reject", SLUG, str(item["id"]))
    assert said.startswith("This does not belong to TikTok acquisition\n")
    assert item["id"] not in {i["id"] for i in items_of(following, "--maybe")}
    assert "(you said so)" in following.ok("why", SLUG, str(item["id"]))
    following.ok("rematch")
    assert item["id"] not in {i["id"] for i in items_of(following, "--maybe")}
    assert following.ok("undo").startswith("No longer rejected, and linked again,")
    assert item["id"] in {i["id"] for i in items_of(following)}


def test_an_accepted_item_stays_in(following: Home) -> None:
    linked = {item["id"] for item in items_of(following, "--maybe")}
    other = next(number for number in range(1, 1000) if number not in linked)
    following.ok("accept", SLUG, str(other))
    following.ok("story", "edit", SLUG, "--query", "TikTok sale")
    accepted = [item for item in items_of(following) if item["status"] == "accepted"]
    assert [item["id"] for item in accepted] == [other]


def test_what_was_accepted_twice_is_taken_back_at_once(following: Home) -> None:
    item = items_of(following)[0]
    before = learned(following)
    for _ in range(2):
        following.ok("accept", SLUG, str(item["id"]))
    assert following.ok("undo").startswith("No longer accepted, and linked again,")
    assert learned(following) == before


def test_what_is_decided_is_told_once_and_what_was_decided_before_as_that(following: Home) -> None:
    first, second, *_ = items_of(following)
    said = following.ok("accept", SLUG, str(first["id"]), first["url"])
    assert said.startswith("This belongs to TikTok acquisition\n")
    said = following.ok("accept", SLUG, str(first["id"]))
    assert said.startswith("You accepted before, in TikTok acquisition:\n")
    assert "tracker undo" not in said
    said = following.ok("accept", SLUG, str(first["id"]), str(second["id"]))
    assert said.startswith("This belongs to TikTok acquisition\n")
    assert "You accepted before" in said


def test_several_items_are_corrected_at_once_or_not_at_all(following: Home) -> None:
    first, second, *_ = (str(item["id"]) for item in items_of(following))
    following.fails(1, "reject", SLUG, first, "99999")
    assert first in {str(item["id"]) for item in items_of(following)}
    assert following.ok("reject", SLUG, first, second).startswith("These 2 items do not belong")


@pytest.mark.parametrize("command", ["why", "accept", "reject"])
@pytest.mark.parametrize("item", ["", " "])
def test_an_empty_item_is_refused(following: Home, command: str, item: str) -> None:
    assert f"There is no item {item!r}" in following.fails(1, command, SLUG, item)


def test_corrections_have_json(following: Home) -> None:
    item = items_of(following)[0]
    said = json.loads(following.ok("reject", SLUG, str(item["id"]), "--json"))
    (told,) = said["corrections"]
    assert (told["item"]["id"], told["was"], told["now"]) == (item["id"], "linked", "rejected")
    assert all(move.keys() == {"id", "was", "now"} for move in told["moves"])
    back = json.loads(following.ok("undo", "--json"))
    assert (back["was"], back["now"], back["story"]["slug"]) == ("rejected", "linked", SLUG)
    assert {move["id"] for move in back["moves"]} == {move["id"] for move in told["moves"]}


def test_items_that_wait_are_counted_while_a_poll_is_running(following: Home) -> None:
    with closing(connect(following.db)) as db, only_one(following.db):
        with db.transaction():
            db.execute("INSERT INTO queue VALUES (1), (2)")
            db.execute(
                "INSERT INTO items_fts (items_fts, rowid, title, summary, address)"
                " SELECT 'delete', id, title, summary, address FROM items WHERE id IN (1, 2)"
            )
        for command in (["search", "TikTok"], ["rematch"], ["follow", "--dry-run", "TikTok"]):
            assert "2 items wait for the next poll." in following.ok(*command)
        assert json.loads(following.ok("search", "TikTok", "--json"))["waiting"] == 2
    assert "wait for the next poll" not in following.ok("search", "TikTok")


def test_with_nothing_to_undo_that_is_said(following: Home) -> None:
    assert "left to take back" in following.fails(1, "undo")


def test_rematching_counts_the_links(following: Home) -> None:
    said = following.ok("rematch")
    linked = len(items_of(following))
    assert said == f"1 story matched again: {linked} reports linked.\n"


# --- one story -----------------------------------------------------------------------------------


def test_a_story_shows_what_it_asks_for_and_has_learned(following: Home) -> None:
    said = following.ok("story", "show", SLUG)
    assert said.startswith("TikTok acquisition\ntiktok-acquisition · followed for a moment")
    assert "\nAsked for\n  TikTok " in said
    assert "--forms shows every word" in said
    assert "\n    nl " in following.ok("story", "show", SLUG, "--forms")
    assert "\nLearned\n" in said
    assert following.json("story", "show", SLUG)["story"]["slug"] == SLUG


def test_a_proposed_name_is_told_and_taken_up_as_told(following: Home) -> None:
    name = following.json("stories")["stories"][0]["proposals"][0]
    assert f"? could also look for {name}" in following.ok("stories")
    command = following.ok("story", "show", SLUG).splitlines()[-1]
    following.ok(*shlex.split(command)[1:])
    (summary,) = following.json("stories")["stories"]
    assert summary["query"] == f"TikTok OR {name} acquisition"
    assert name not in summary["proposals"]


def test_a_word_to_learn_is_listed_before_any_report_holds_it(following: Home) -> None:
    following.ok("story", "edit", SLUG, "--learn", "Zorblax", "--ignore", "dance")
    said = following.ok("story", "show", SLUG)
    assert "\nSet by you\n" in said
    assert "Zorblax" in said
    following.ok("story", "edit", SLUG, "--forget", "zorblax", "--forget", "dance")
    assert "Set by you" not in following.ok("story", "show", SLUG)


def test_a_story_is_edited(following: Home) -> None:
    following.ok("story", "edit", SLUG, "--title", "The sale", "--slug", "the-sale")
    (summary,) = following.json("stories")["stories"]
    assert (summary["title"], summary["slug"]) == ("The sale", "the-sale")


def test_an_edit_that_links_again_says_what_came_of_it(following: Home) -> None:
    (before,) = following.json("stories")["stories"]
    said = following.ok("story", "edit", SLUG, "--lang", "fr")
    (after,) = following.json("stories")["stories"]
    assert 0 < after["reports"] < before["reports"]
    assert f"\n{after['events']} developments in {after['reports']} reports" in said
    was = f"; before: {before['events']} developments in {before['reports']} reports"
    assert was in " ".join(said.split())
    again = following.ok("story", "edit", SLUG, "--lang", "fr")
    assert f"\n{after['events']} developments in {after['reports']} reports" in again
    assert again.endswith(", as before\n")


@pytest.mark.parametrize("words", [("--title", "The sale"), ("--slug", "the-sale")])
def test_an_edit_that_links_nothing_again_counts_nothing(
    following: Home, words: tuple[str, ...]
) -> None:
    assert "report" not in following.ok("story", "edit", SLUG, *words)


def test_the_limits_of_a_story_are_lifted(following: Home) -> None:
    before = items_of(following)
    following.ok("story", "edit", SLUG, "--lang", "fr", "--since", "2020-09-14")
    assert 0 < len(items_of(following)) < len(before)
    following.ok("story", "edit", SLUG, "--lang", "all", "--since", "all")
    (summary,) = following.json("stories")["stories"]
    assert (summary["languages"], summary["since"]) == ([], None)
    assert {item["id"] for item in items_of(following)} == {item["id"] for item in before}


def test_all_languages_are_no_language_beside_others(following: Home) -> None:
    said = following.fails(2, "story", "edit", SLUG, "--lang", "all", "--lang", "fr")
    assert said.startswith("tracker: --lang all is every language; ")


def test_editing_to_a_slug_that_is_taken_is_refused(following: Home) -> None:
    following.ok("follow", "Huawei", "--slug", "huawei")
    assert "already" in following.fails(2, "story", "edit", SLUG, "--slug", "huawei")


@pytest.mark.parametrize("slug", ["!!!", "", "Bad Slug/../x"])
@pytest.mark.parametrize("words", [("follow", "Huawei"), ("story", "edit", SLUG, "--title", "x")])
def test_what_is_no_slug_is_refused(following: Home, words: tuple[str, ...], slug: str) -> None:
    said = following.fails(2, *words, "--slug", slug)
    assert said.startswith(f"tracker: {slug!r} is not a slug; write it like ")
    (summary,) = following.json("stories")["stories"]
    assert (summary["slug"], summary["title"]) == (SLUG, "TikTok acquisition")


def test_editing_to_its_own_slug_changes_nothing(following: Home) -> None:
    following.ok("story", "edit", SLUG, "--slug", SLUG)
    assert following.json("stories")["stories"][0]["slug"] == SLUG


def test_a_name_without_letters_removes_no_story(following: Home) -> None:
    following.ok("story", "edit", SLUG, "--slug", "story")
    assert "There is no story '!!!'" in following.fails(1, "story", "rm", "!!!", "--yes")
    assert len(following.json("stories")["stories"]) == 1


@pytest.mark.parametrize("words", [("follow", "Huawei"), ("story", "edit", SLUG)])
def test_a_title_that_shows_nothing_is_refused(following: Home, words: tuple[str, ...]) -> None:
    assert "--title ' ' is empty" in following.fails(2, *words, "--title", " ")
    (summary,) = following.json("stories")["stories"]
    assert summary["title"] == "TikTok acquisition"


@pytest.mark.parametrize("option", ["--learn", "--ignore"])
@pytest.mark.parametrize("word", ["", "!!!"])
def test_what_is_no_word_cannot_be_taught(following: Home, option: str, word: str) -> None:
    said = following.fails(2, "story", "edit", SLUG, option, "oracle", option, word)
    assert said.startswith(f"tracker: {option} {word!r} is not a word; ")
    assert "Set by you" not in following.ok("story", "show", SLUG)


@pytest.mark.parametrize(
    "options", [("--learn", "--ignore"), ("--learn", "--forget"), ("--ignore", "--forget")]
)
def test_a_word_cannot_be_told_two_things_at_once(
    following: Home, options: tuple[str, str]
) -> None:
    first, second = options
    said = following.fails(2, "story", "edit", SLUG, first, "Oracle", second, "oracle")
    assert said == f"tracker: 'oracle' is in {first} and {second}; leave one of them out.\n"
    assert "Set by you" not in following.ok("story", "show", SLUG)


def test_a_word_may_be_told_twice(following: Home) -> None:
    following.ok("story", "edit", SLUG, "--learn", "Oracle", "--learn", "oracle")
    assert "Oracle  +0.50" in following.ok("story", "show", SLUG)


def test_editing_nothing_says_what_can_be_edited(following: Home) -> None:
    assert "--title" in following.fails(2, "story", "edit", SLUG)


def test_an_unreadable_query_leaves_the_story_as_it_was(following: Home) -> None:
    before = items_of(following)
    following.fails(2, "story", "edit", SLUG, "--title", "New", "--query", '"open')
    assert following.json("stories")["stories"][0]["title"] == "TikTok acquisition"
    assert items_of(following) == before


def learned(home: Home) -> dict[str, tuple[float, bool]]:
    """Return the words that a story has learned, folded, each with its weight and if it is ours."""
    said = home.json("story", "show", SLUG)["profile"]
    return {term["text"].casefold(): (term["weight"], term["given"]) for term in said}


def test_a_word_can_be_taught(following: Home) -> None:
    before = learned(following)
    following.ok("story", "edit", SLUG, "--learn", "walmart", "--ignore", "oracle")
    after = learned(following)
    assert (after["walmart"], after["oracle"]) == ((0.5, True), (0, True))
    assert not any(given for _, given in before.values())


def test_what_was_taught_is_forgotten_for_what_was_learned(following: Home) -> None:
    before = learned(following)
    following.ok("story", "edit", SLUG, "--learn", "walmart", "--ignore", "oracle")
    following.ok("story", "edit", SLUG, "--forget", "walmart", "--forget", "oracle")
    assert learned(following) == before


def test_a_muted_story_is_no_news_until_it_is_reopened(following: Home) -> None:
    said = following.ok("story", "mute", SLUG, "--until", "in 2 weeks")
    assert said.startswith("Muted TikTok acquisition (tiktok-acquisition) until ")
    assert following.json("timeline", "--peek") == {"stories": []}
    following.ok("story", "reopen", SLUG)
    assert len(following.json("timeline", "--peek")["stories"]) == 1


def test_muting_until_a_day_that_has_passed_is_refused(following: Home) -> None:
    assert "has passed" in following.fails(2, "story", "mute", SLUG, "--until", "yesterday")


def test_a_closed_story_says_so(following: Home) -> None:
    following.ok("story", "close", SLUG)
    assert following.json("stories")["stories"][0]["state"] == "closed"
    assert following.ok("timeline", SLUG).startswith("TikTok acquisition  closed\n")


def test_a_story_that_is_reopened_takes_up_what_came_while_it_was_closed(empty: Home) -> None:
    with ArchiveServer(MOMENT) as server:
        for source in sources(server.base_url):
            add_feed(empty.feeds, source)
        empty.ok("follow", "TikTok acquisition")
        said = empty.ok("story", "close", SLUG)
        assert said.endswith("tracker story reopen tiktok-acquisition follows it again.\n")
        assert empty.json("poll")["new_links"] == 0
    said = empty.ok("story", "reopen", SLUG)
    shown = len(items_of(empty))
    assert shown > 0
    assert said.endswith(f" (tiktok-acquisition), {shown} more reports\n")


def test_what_was_done_with_a_story_keeps_to_the_width_of_the_terminal(empty: Home) -> None:
    empty.ok("follow", "Zorblax acquisition of the Quux works in the northern hills of Gazonia")
    (story,) = empty.json("stories")["stories"]
    said = empty.ok("story", "mute", story["slug"], "--until", "in 3 days").splitlines()
    assert len(said) > 2
    assert max(map(len, said[:-1])) <= 80


def test_a_closed_story_that_is_muted_takes_up_what_came_while_it_was_closed(empty: Home) -> None:
    with ArchiveServer(MOMENT) as server:
        for source in sources(server.base_url):
            add_feed(empty.feeds, source)
        empty.ok("follow", "TikTok acquisition")
        empty.ok("story", "close", SLUG)
        empty.ok("poll")
    said = empty.ok("story", "mute", SLUG)
    shown = len(items_of(empty))
    assert shown > 0
    assert said.splitlines()[0] == f"Muted TikTok acquisition ({SLUG}), {shown} more reports"
    assert empty.json("stories")["stories"][0]["state"] == "muted"


def test_why_tells_that_a_closed_story_did_not_take_an_item_up(home: Home) -> None:
    home.ok("follow", "TikTok acquisition", "--slug", "twin")
    item = home.json("timeline", "twin", "--peek", "--limit", "0")["items"][-1]
    home.ok("follow", "TikTok acquisition", "--since", "2020-09-14")
    home.ok("story", "close", SLUG)
    home.ok("story", "edit", SLUG, "--since", "all")
    said = home.ok("why", SLUG, str(item["id"]))
    assert "It would belong to TikTok acquisition: 0." in said
    assert ", but is not linked: the story is closed" in " ".join(said.split())
    assert f"tracker story reopen {SLUG} takes it up." in said
    assert home.json("why", SLUG, str(item["id"]))["item"]["linked"] is None


def test_a_story_is_removed_only_when_that_is_confirmed(following: Home) -> None:
    assert "--yes" in following.fails(2, "story", "rm", SLUG)
    assert following.ok("story", "rm", SLUG, "--yes").startswith("Removed TikTok acquisition")
    assert following.json("stories") == {"stories": []}


# --- search --------------------------------------------------------------------------------------


def test_search_finds_what_is_stored(home: Home) -> None:
    said = home.json("search", "Oracle", "--limit", "3")
    assert len(said["items"]) == 3
    assert said["linked"] + said["maybe"] > 3
    assert "--limit 0 shows all" in home.ok("search", "Oracle", "--limit", "3")


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_a_day_of_a_query_is_that_of_the_timeline(
    home: Home, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    day, everything = ("after:2020-09-14", "before:2020-09-15"), ("--limit", "0")
    found = home.json("search", "TikTok", *day, *everything)["items"]
    of_that_day = {
        item["id"]
        for item in home.json("search", "TikTok", *everything)["items"]
        if datetime.fromisoformat(item["published"]).astimezone().date().isoformat() == "2020-09-14"
    }
    assert {item["id"] for item in found} == of_that_day
    assert of_that_day


def test_search_that_finds_nothing_is_no_failure(home: Home) -> None:
    assert home.ok("search", "zzyzx").startswith("Nothing matches 'zzyzx'.")


def test_search_of_an_unreadable_query_points_at_it(home: Home) -> None:
    assert "^" in home.fails(2, "search", "(")


# --- feeds and polls -----------------------------------------------------------------------------


def test_the_feeds_are_listed(home: Home) -> None:
    said = home.json("feeds", "ls")["feeds"]
    assert len(said) == 12
    assert all(feed["items"] for feed in said)
    assert home.ok("feeds", "ls").splitlines()[0].split() == (
        "feed items a week every stories news state".split()
    )
    assert "due " in home.ok("feeds", "ls", "--long")
    assert home.ok("feeds", "ls", "--failing").startswith("No feed")


def test_a_feed_is_added_and_removed_and_comments_stay(empty: Home) -> None:
    empty.feeds.write_text("# mine\nfeeds: []\n", "utf-8")
    add = ("feeds", "add", "https://example.org/feed", "--as-is")
    said = empty.ok(*add, "--title", "Example", "--lang", "en", "--tag", "local")
    assert said.startswith("Added Example to")
    assert empty.ok(*add) == "https://example.org/feed is listed already.\n"
    assert "tracker feeds edit https://example.org/feed changes it" in empty.ok(*add, "--tag", "x")
    (feed,) = empty.json("feeds", "ls")["feeds"]
    assert (feed["title"], feed["language"], feed["tags"]) == ("Example", "en", ["local"])
    assert empty.ok("feeds", "rm", "Example") == "Removed Example; its items are kept.\n"
    assert empty.feeds.read_text("utf-8").startswith("# mine\n")
    assert empty.json("feeds", "ls") == {"feeds": []}


def test_a_feed_that_answers_is_added_as_it_calls_itself(empty: Home) -> None:
    with ArchiveServer(MOMENT) as server:
        source = sources(server.base_url)[0]
        assert f"Added {source.title} to" in empty.ok("feeds", "add", source.url)
    (feed,) = empty.json("feeds", "ls")["feeds"]
    assert (feed["url"], feed["title"]) == (source.url, source.title)


def test_an_address_without_a_feed_is_refused_with_its_reason(empty: Home) -> None:
    with ArchiveServer(MOMENT) as server:
        url = f"{server.base_url}/nothing-here"
        said = empty.fails(1, "feeds", "add", url)
    assert said.startswith(f"tracker: {url}: ")
    assert said.endswith("; --as-is adds it all the same.\n")
    assert not empty.feeds.exists()


def test_what_is_no_address_is_no_feed(empty: Home) -> None:
    assert "begins with https://" in empty.fails(2, "feeds", "add", "example.org", "--as-is")
    assert not empty.feeds.exists()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "https://", "http://[bad"])
def test_what_cannot_be_listed_is_refused_without_advice_to_list_it(empty: Home, url: str) -> None:
    assert "--as-is" not in empty.fails(2, "feeds", "add", url)
    assert not empty.feeds.exists()


def test_a_scheme_in_capitals_is_one(empty: Home) -> None:
    empty.ok("feeds", "add", "HTTPS://example.org/Feed", "--as-is")
    (feed,) = empty.json("feeds", "ls")["feeds"]
    assert feed["url"] == "https://example.org/Feed"


def test_advice_to_add_a_site_without_a_scheme_gives_it_one(empty: Home) -> None:
    said = empty.fails(1, "feeds", "add", "127.0.0.1:1/feed")
    assert said.endswith(
        "; tracker feeds add https://127.0.0.1:1/feed --as-is adds it all the same.\n"
    )


def test_an_unlisted_feed_cannot_be_removed(home: Home) -> None:
    assert "There is no feed 'Exampel'" in home.fails(1, "feeds", "rm", "Exampel")


def test_a_mistake_in_the_feed_list_is_named_with_line_and_key(empty: Home) -> None:
    empty.feeds.write_text("feeds:\n  - url: https://example.org\n    titel: x\n", "utf-8")
    for words in (("poll",), ("feeds", "ls")):
        assert f"{empty.feeds}, line 3, titel: " in empty.fails(2, *words)


def test_a_poll_says_what_it_did(empty: Home) -> None:
    with ArchiveServer(MOMENT) as server:
        for source in sources(server.base_url):
            add_feed(empty.feeds, source)
        first = empty.json("poll")
        assert {"feeds", "not_modified", "unchanged", "failed"} <= first.keys()
        assert {"new_items", "new_links", "seconds", "failures"} <= first.keys()
        assert first["feeds"] == 12
        assert first["failures"] == []
        assert empty.ok("poll").startswith("No feed is due; the next one is in ")
        again = empty.ok("poll", "--force")
        assert again.startswith("12 feeds in ")
        assert "12 not modified" in again
        one = empty.json("poll", "--feed", f"{server.base_url}{sources('')[0].url}")
        assert one["feeds"] == 1
        assert empty.ok("poll", "--force", "--quiet") == ""


def test_failing_feeds_are_named_and_do_not_stop_the_rest(empty: Home) -> None:
    with ArchiveServer(MOMENT) as server:
        add_feed(empty.feeds, sources(server.base_url)[0])
        gone = f"{server.base_url}/nothing-here"
        empty.ok("feeds", "add", gone, "--as-is")
        said = empty.json("poll")
        assert [failure["url"] for failure in said["failures"]] == [gone]
        assert said["new_items"] > 0
        quiet = empty.run("poll", "--force", "--quiet")
        assert (quiet.exit_code, quiet.stdout) == (0, "")
        assert quiet.stderr.startswith(f"tracker: {gone}: ")
        strict = empty.run("poll", "--force", "--strict")
        assert strict.exit_code == 1
        assert "1 of 2 feeds failed." in strict.stderr
        assert empty.json("feeds", "ls", "--failing")["feeds"][0]["failures"] == 3


def test_a_poll_of_a_list_that_is_all_gone_says_so(empty: Home, publisher: Publisher) -> None:
    publisher.routes["/feed"] = 410
    empty.ok("feeds", "add", publisher.url("/feed"), "--as-is")
    assert empty.run("poll").exit_code == 1
    assert empty.ok("poll").startswith("The feed is gone, and none is asked any more.")


def test_a_password_in_a_feeds_address_is_never_shown(empty: Home) -> None:
    secret, shown = "http://user:hunter2@127.0.0.1:1/feed", "http://127.0.0.1:1/feed"
    runs = [
        empty.run("feeds", "add", secret),
        empty.run("feeds", "add", secret, "--as-is"),
        empty.run("feeds", "add", secret, "--as-is"),
        *(empty.run("poll", "--force", *how) for how in ((), ("--quiet",), ("--json",))),
        empty.run("poll", "--feed", f"{shown}s"),
        *(empty.run("feeds", "ls", *how) for how in ((), ("--long",), ("--json",))),
        empty.run("poll", "--feed", shown),
        empty.run("feeds", "rm", f"{shown}s"),
        empty.run("feeds", "rm", shown),
    ]
    assert [done.exit_code for done in runs] == [1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0]
    for done in runs:
        assert "127.0.0.1:1/feed" in done.output
        assert "hunter2" not in done.output


def test_a_poll_in_which_every_feed_fails_fails(empty: Home) -> None:
    with ArchiveServer(MOMENT) as server:
        empty.ok("feeds", "add", f"{server.base_url}/nothing-here", "--as-is")
        done = empty.run("poll", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["failed"] == 1
    assert done.stderr == "tracker: The feed failed.\n"


def test_a_feed_that_is_not_listed_cannot_be_polled(home: Home) -> None:
    assert "There is no feed" in home.fails(1, "poll", "--feed", "https://example.org/none")


# --- files ---------------------------------------------------------------------------------------


def test_a_file_that_is_not_ours_is_left_as_it_is(empty: Home) -> None:
    empty.db.write_text("my novel")
    assert "is not a tracker database" in empty.fails(3, "stories")
    assert empty.db.read_text() == "my novel"


def test_options_may_stand_before_and_after_the_command(following: Home) -> None:
    elsewhere = str(following.folder / "other.db")
    here = str(following.db)
    for words in (
        ("--db", elsewhere, "stories", "--json"),
        ("stories", "--json", "--db", elsewhere),
        ("--db", here, "stories", "--json", "--db", elsewhere),
    ):
        assert json.loads(following.ok(*words)) == {"stories": []}
    assert json.loads(following.ok("--db", here, "stories", "--json", TRACKER_DB=elsewhere)) != {
        "stories": []
    }


def test_without_options_the_files_are_in_the_users_folders(
    empty: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(empty.folder)
    unset = {"TRACKER_DB": "", "TRACKER_FEEDS": "", "XDG_DATA_HOME": str(empty.folder / "data")}
    empty.ok("stories", **unset)
    assert (empty.folder / "data" / "tracker" / "tracker.db").exists()


def test_a_feeds_yaml_in_the_folder_is_the_feed_list(
    empty: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(empty.folder)
    empty.feeds.write_text("feeds: []\n", "utf-8")
    said = empty.ok("feeds", "add", "https://example.org/x", "--as-is", TRACKER_FEEDS="")
    assert str(empty.feeds) in said


# --- completion ----------------------------------------------------------------------------------


def complete(home: Home, line: str, **env: str) -> list[str]:
    words = line.split(" ")
    done = home.run(
        _TRACKER_COMPLETE="complete_bash",
        COMP_WORDS=line,
        COMP_CWORD=str(len(words) - 1),
        **env,
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_story_slugs_are_completed(following: Home) -> None:
    for line in ("tracker timeline tik", "tracker story show t", "tracker why "):
        assert complete(following, line) == [SLUG]
    assert complete(following, "tracker timeline x") == []


def test_completion_uses_the_database_that_is_named(following: Home) -> None:
    line = f"tracker --db {following.db} timeline tik"
    assert complete(following, line, TRACKER_DB="/nowhere") == [SLUG]


def test_completion_is_silent_where_there_is_no_database_or_one_that_is_not_ours(
    empty: Home,
) -> None:
    assert complete(empty, "tracker timeline t") == []
    assert not empty.db.exists()
    empty.db.write_text("my novel")
    assert complete(empty, "tracker timeline t") == []


# --- demo ----------------------------------------------------------------------------------------


def test_the_demo_ends_in_a_timeline_in_four_languages_and_leaves_nothing(
    empty: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(empty.folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    said = empty.ok("demo", http_proxy="http://127.0.0.1:9", no_proxy="")
    day = said.partition("Monday 14 Sep")[2].partition("\n\n")[0]
    for words in ("Oracle l'emporte", "Oracle erhält Zuschlag", "Oracle gana", "Oracle confirms"):
        assert words in day
    assert "●" in said
    again, _, yours = said.partition("See more of it:\n")[2].partition("Now yours:\n")
    assert again.split("  ")[1] == "tracker demo --html tiktok.html"
    assert 'tracker follow "TikTok acquisition"' in yours
    assert list(empty.folder.iterdir()) == []
