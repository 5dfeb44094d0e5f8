from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tracker.config import (
    add_feed,
    database_path,
    digest_of,
    feeds_path,
    load_feeds,
    remove_feed,
)
from tracker.errors import ConfigError, NotFoundError, UsageError
from tracker.model.polling import FeedSource
from tracker.settings import MAIN_SECTION, SETTINGS
from tracker.yaml_files import write

LISTED = """\
# my feeds
feeds:
  # the good one
  - url: https://a.example/feed.xml
    title: "A"
    language: en
    tags: [tech, news]
  - url: https://b.example/rss  # the other
    headers:
      X-Key: secret
settings:
  per_host: 3
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text(LISTED, "utf-8")
    return path


def test_a_feed_is_read_with_all_its_keys(listed: Path) -> None:
    assert load_feeds(listed).sources == (
        FeedSource("https://a.example/feed.xml", "A", "en", ("tech", "news")),
        FeedSource("https://b.example/rss", headers=(("X-Key", "secret"),)),
    )


def test_settings_keep_their_defaults_where_nothing_is_said(listed: Path) -> None:
    settings = load_feeds(listed).settings
    assert (settings.per_host, settings.timeout_in_seconds) == (3, 30)


@pytest.mark.parametrize("contact", ["me@example.org", "https://example.org/@me?a=b"])
def test_a_contact_is_an_address_or_a_page(tmp_path: Path, contact: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(f"settings:\n  contact: {contact}\n", "utf-8")
    assert load_feeds(path).settings.contact == contact


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("feeds:\n  - url: ftp://a.example/\n", 2, "url"),
        ("feeds:\n  - url: https:///nohost\n", 2, "url"),
        ("feeds:\n  - title: no address\n", 2, "url"),
        ("feeds:\n  - url: http://[bad\n", 2, "url"),
        ("feeds:\n  - url: http://a.example:99999/\n", 2, "url"),
        ('feeds:\n  - url: "http://a.example/\\udcff"\n', 2, "url"),
        ('feeds:\n  - url: http://a.example/\n    tags: ["\\udcff"]\n', 3, "tags"),
        ('feeds:\n  - url: http://a.example/\n    headers: {K: "\\udcff"}\n', 3, "headers"),
        ("feeds:\n  - url: https://a.example/\n    titel: A\n", 3, "titel"),
        ("feeds:\n  - url: https://a.example/\n    title: 7\n", 3, "title"),
        ("feeds:\n  - url: https://a.example/\n    language: English\n", 3, "language"),
        ("feeds:\n  - url: https://a.example/\n    language: eng\n", 3, "language"),
        ("feeds:\n  - url: https://a.example/\n    tags: tech\n", 3, "tags"),
        ("feeds:\n  - url: https://a.example/\n    headers: [x]\n", 3, "headers"),
        ('feeds:\n  - url: http://a.example/\n    headers: {K: "a\\nB: c"}\n', 3, "headers"),
        ('feeds:\n  - url: http://a.example/\n    headers: {"K\\nB": c}\n', 3, "headers"),
        ("feeds:\n  - url: http://a.example/\n    headers: {K: 7}\n", 3, "headers"),
        ("feeds:\n  - url: http://a.example/\n    tags: [7]\n", 3, "tags"),
        ("feeds:\n  - url: http://a.example/\n    language: EN\n", 3, "language"),
        ("feeds:\n  - url: 7\n", 2, "url"),
        ("feeds:\n  - https://a.example/\n", 2, "feeds"),
        ("feeds: https://a.example/\n", 1, "feeds"),
        ("feed:\n  - url: https://a.example/\n", 1, "feed"),
        ("feeds: []\nsettings:\n  per_hots: 2\n", 3, "per_hots"),
        ("feeds: []\nsettings:\n  per_host: many\n", 3, "per_host"),
        ("feeds: []\nsettings:\n  per_host: 0\n", 3, "per_host"),
        ("feeds: []\nsettings:\n  contact: 7\n", 3, "contact"),
        ("feeds: []\nsettings:\n  contact: me\n", 3, "contact"),
        ("feeds: []\nsettings:\n  contact: ftp://a.example/\n", 3, "contact"),
        ("feeds: []\nsettings:\n  contact: https://a.example/)x\n", 3, "contact"),
        ("feeds: []\nsettings:\n  contact: https://u:p@a.example/\n", 3, "contact"),
        ('feeds: []\nsettings:\n  contact: "me@a.example\\n"\n', 3, "contact"),
        ("feeds: []\nsettings:\n  per_host: true\n", 3, "per_host"),
        ("feeds: []\nsettings:\n  per_host: 1.5\n", 3, "per_host"),
        ("feeds: []\nsettings: [per_host]\n", 2, "settings"),
        ("feeds: []\nsettings:\n  shortest_in_minutes: 2000\n", 3, "shortest_in_minutes"),
        ("feeds: []\nsettings:\n  connections: 257\n", 3, "connections"),
        ("feeds: []\nsettings:\n  longest_in_minutes: 9999999999999\n", 3, "longest_in_minutes"),
        ("feeds: []\nsettings:\n  longest_in_minutes: 5\n", 3, "shortest_in_minutes"),
        ("feeds:\n  - url: https://a.example/\n  - url: https://a.example/\n", 3, "url"),
        ("- a\n- b\n", 1, None),
        ("feeds:\n  - url: [\n", 3, None),
        ("feeds:\n\t- url: x\n", 2, None),
        ("feeds: !!python/object/apply:os.system [id]\n", None, "feeds"),
        (f"feeds: {'[' * 3000}{']' * 3000}\n", None, None),
    ],
)
def test_a_mistake_is_shown_where_it_stands(
    tmp_path: Path, text: str, line: int, key: str | None
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_feeds(path)
    assert (caught.value.line, caught.value.key) == (line, key)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "bounds"),
    [(each.name, each.bounds) for each in SETTINGS if each.section == MAIN_SECTION and each.bounds],
)
def test_a_setting_may_be_as_little_and_as_much_as_its_bounds(
    tmp_path: Path, name: str, bounds: tuple[int, int]
) -> None:
    path = tmp_path / "feeds.yaml"
    beside = {
        "shortest_in_minutes": "\n  longest_in_minutes: 527040",
        "longest_in_minutes": "\n  shortest_in_minutes: 1",
    }
    for value in bounds:
        path.write_text(f"settings:\n  {name}: {value}{beside.get(name, '')}\n", "utf-8")
        assert getattr(load_feeds(path).settings, name) == value
    for value in (bounds[0] - 1, bounds[1] + 1):
        path.write_text(f"settings:\n  {name}: {value}\n", "utf-8")
        with pytest.raises(ConfigError, match=f"from {bounds[0]} to {bounds[1]}"):
            load_feeds(path)


def test_a_feed_list_is_known_by_the_digest_of_its_bytes(listed: Path) -> None:
    digest = load_feeds(listed).digest
    assert digest_of(listed) == digest
    listed.write_bytes(listed.read_bytes() + b"# more\n")
    assert digest_of(listed) != digest


def test_the_users_own_files_are_in_the_folders_of_the_system(tmp_path: Path) -> None:
    assert database_path(None, {}).parent.name == "tracker"
    assert feeds_path(None, {}, tmp_path).parts[-2:] == ("tracker", "feeds.yaml")
    assert database_path(Path("~/t.db"), {}) == Path.home() / "t.db"
    assert feeds_path(Path("~/f.yaml"), {}, tmp_path) == Path.home() / "f.yaml"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("feeds:\n\t- url: http://a.example/\n", "indent with spaces instead of tabs"),
        ("feeds:\n  - url: http://a.example/\n\ttitle: A\n", "indent with spaces instead of tabs"),
        (
            "feeds:\n  - url: http://a.example/\n    title: A: B\n",
            "put a text with a colon in quotes",
        ),
        (
            "feeds:\n  - url: http://a.example/\n    title: @A\n",
            "put a text that begins so in quotes",
        ),
        (
            "feeds:\n  - url: http://a.example/\n    title: `A`\n",
            "put a text that begins so in quotes",
        ),
        ('feeds:\n  - url: "http://a.example/\n', "a quotation mark is not closed"),
        ("feeds:\n  - url: http://a.example/\n   title: A\n", "indent it as the lines around it"),
        ("feeds:\n  - url: http://a.example/\n    title A\n    tags: [a]\n", "after each name"),
    ],
)
def test_a_slip_in_yaml_is_told_with_what_to_do(tmp_path: Path, text: str, advice: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=f"is not valid YAML: .*; .*{advice}"):
        load_feeds(path)


def test_text_that_is_not_utf_8_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(b"feeds:\n  # caf\xe9\n")
    with pytest.raises(ConfigError, match="line 2: is not UTF-8 text; save it as UTF-8"):
        load_feeds(path)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="tracker feeds add"):
        load_feeds(tmp_path / "feeds.yaml")


def test_an_empty_file_lists_no_feeds(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("# nothing yet\n", "utf-8")
    assert load_feeds(path).sources == ()


def test_adding_a_feed_keeps_comments_and_order(listed: Path) -> None:
    assert add_feed(listed, FeedSource("https://c.example/", "C", "fr", ("presse",)))
    text = listed.read_text("utf-8")
    assert text.startswith(LISTED[: LISTED.index("settings")].rstrip())
    assert "# the other" in text
    assert load_feeds(listed).sources[2] == FeedSource("https://c.example/", "C", "fr", ("presse",))


ADDED = "  - url: https://c.example/\n    title: C\n"
FLUSH = "- url: https://c.example/\n  title: C\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"feeds:\n{ADDED}"),
        ("# Only a comment\n", f"# Only a comment\nfeeds:\n{ADDED}"),
        ("# No end of line", f"# No end of line\nfeeds:\n{ADDED}"),
        ("feeds: []  # none\n", f"feeds:  # none\n{ADDED}"),
        ("feeds: null\n\n# end\n", f"feeds:\n{ADDED}\n# end\n"),
        ("feeds:\nsettings: {}\n", f"feeds:\n{ADDED}settings: {{}}\n"),
        ("settings:\n  per_host: 1  # few\n", f"settings:\n  per_host: 1  # few\nfeeds:\n{ADDED}"),
        (
            "feeds:\n  - url: http://a\n    title:\n\n  # end\n",
            f"feeds:\n  - url: http://a\n    title:\n{ADDED}\n  # end\n",
        ),
        (
            "feeds:\n- url: http://a\n  tags: &t\n  - x\n- url: http://b\n  tags: *t\n#",
            f"feeds:\n- url: http://a\n  tags: &t\n  - x\n- url: http://b\n  tags: *t\n{FLUSH}#",
        ),
        (
            "feeds: [{url: http://a}] # a\n",
            'feeds: [{url: http://a}, {"url": "https://c.example/", "title": "C"}] # a\n',
        ),
        ('{"feeds": []}', '{"feeds": [{"url": "https://c.example/", "title": "C"}]}'),
        (
            "feeds:\r\n  - url: http://a # a\r\n",
            "feeds:\r\n  - url: http://a # a\r\n" + ADDED.replace("\n", "\r\n"),
        ),
    ],
)
def test_adding_a_feed_adds_its_lines_alone(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(before.encode())
    assert add_feed(path, FeedSource("https://c.example/", "C"))
    assert path.read_bytes().decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "feeds:\n  # news\n  - url: http://a\n\n  # sport\n  - url: http://b\n",
            "feeds:\n  # news\n\n  # sport\n  - url: http://b\n",
        ),
        (
            "feeds:\n- # a\n  url: http://a # A\n  # own\n  tags: [b,\n   c]\n# end\n",
            "feeds:\n# end\n",
        ),
        (
            "feeds:\n  -\n    url: http://a\n    title: |\n      A\n\n  - url: http://b",
            "feeds:\n\n  - url: http://b",
        ),
        ("feeds:\r\n  # a\r\n  - url: http://a\r\n", "feeds:\r\n  # a\r\n"),
        (
            "feeds:\n- url: http://b\n-\n\n# -\n  url: http://a\n  title: >\n    A\n# b\n\n  # c\n",
            "feeds:\n- url: http://b\n# b\n\n  # c\n",
        ),
        ("\ufefffeeds:\n  - url: http://a\n", "\ufefffeeds:\n"),
        (
            "feeds: [ {url: http://a} # a, b\n , {url: http://b}]\n",
            "feeds: [  # a, b\n {url: http://b}]\n",
        ),
        ("feeds: [{url: http://a}]\n", "feeds: []\n"),
    ],
)
def test_removing_a_feed_removes_its_lines_alone(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(before.encode())
    remove_feed(path, "http://a")
    assert path.read_bytes().decode() == after


def test_the_last_feed_of_a_list_in_brackets_is_removed_with_the_comma_before_it(
    listed: Path,
) -> None:
    listed.write_text("feeds: [{url: http://b}, {url: http://a}]\n", "utf-8")
    remove_feed(listed, "http://a")
    assert listed.read_text("utf-8") == "feeds: [{url: http://b}]\n"


def test_a_list_that_others_of_its_lines_lean_on_is_left_as_it_is(listed: Path) -> None:
    text = "feeds:\n  - url: http://a\n    tags: &t [x]\n  - url: http://b\n    tags: *t\n"
    listed.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="edit it yourself"):
        remove_feed(listed, "http://a")
    assert listed.read_text("utf-8") == text


def test_a_feed_is_not_added_twice(listed: Path) -> None:
    before = listed.read_bytes()
    assert not add_feed(listed, FeedSource("https://b.example/rss"))
    assert listed.read_bytes() == before


def test_the_first_feed_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "config" / "feeds.yaml"
    assert add_feed(path, FeedSource("https://c.example/"))
    assert load_feeds(path).sources == (FeedSource("https://c.example/"),)


def test_a_feed_is_removed_by_its_title(listed: Path) -> None:
    assert remove_feed(listed, "A").url == "https://a.example/feed.xml"
    assert [source.url for source in load_feeds(listed).sources] == ["https://b.example/rss"]


def test_of_two_feeds_of_one_title_none_is_removed_and_both_are_named(listed: Path) -> None:
    listed.write_text("feeds:\n- {url: http://a, title: A}\n- {url: http://b, title: A}\n", "utf-8")
    before = listed.read_bytes()
    with pytest.raises(UsageError, match="2 feeds are called 'A', http://a and http://b; name one"):
        remove_feed(listed, "A")
    assert listed.read_bytes() == before
    assert remove_feed(listed, "http://b").url == "http://b"


def test_removing_an_unknown_feed_names_the_nearest(listed: Path) -> None:
    with pytest.raises(NotFoundError, match=r"https://b\.example/rss"):
        remove_feed(listed, "https://b.example/rs")


def test_a_broken_file_is_not_overwritten_by_adding(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds:\n  - url: [\n", "utf-8")
    with pytest.raises(ConfigError):
        add_feed(path, FeedSource("https://c.example/"))
    assert path.read_text("utf-8") == "feeds:\n  - url: [\n"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (FeedSource("https://"), "url names no host"),
        (FeedSource("http://[bad"), r"url cannot be read"),
        (FeedSource("https://c.example/", "\udcff"), "title holds half a character"),
        (FeedSource("https://c.example/", language="English"), "language must be a code"),
        (FeedSource("https://c.example/", language="eng"), "language must be a code"),
    ],
)
def test_what_could_not_be_read_again_is_not_added(
    listed: Path, source: FeedSource, problem: str
) -> None:
    before = listed.read_bytes()
    with pytest.raises(UsageError, match=f"The feed's {problem}"):
        add_feed(listed, source)
    assert listed.read_bytes() == before


ADD = """
import sys
from pathlib import Path
from tracker.config import add_feed
from tracker.model.polling import FeedSource
for number in range(5):
    add_feed(Path(sys.argv[1]), FeedSource(f"https://{sys.argv[2]}.example/{number}"))
"""


def test_feeds_that_are_added_at_once_are_all_listed(listed: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", ADD, listed, host], cwd=Path(__file__).parents[1])
        for host in ("c", "d", "e")
    ]
    assert [process.wait(30) for process in running] == [0, 0, 0]
    assert len(load_feeds(listed).sources) == 2 + 3 * 5


def test_a_link_to_a_feed_list_stays_a_link(listed: Path) -> None:
    link = listed.with_name("link.yaml")
    link.symlink_to(listed.name)
    assert add_feed(link, FeedSource("https://c.example/"))
    assert remove_feed(link, "A").title == "A"
    assert link.is_symlink()
    assert [source.url for source in load_feeds(listed).sources] == [
        "https://b.example/rss",
        "https://c.example/",
    ]


def test_a_list_that_cannot_be_replaced_is_named_and_nothing_is_left_beside_it(
    listed: Path,
) -> None:
    folder = listed.with_name("folder.yaml")
    folder.mkdir()
    with pytest.raises(ConfigError, match=r"folder\.yaml: is not a regular file"):
        write(folder, b"feeds: []\n")
    assert {path.name for path in listed.parent.iterdir()} == {"feeds.yaml", "folder.yaml"}


def test_removing_from_a_list_that_is_not_there_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        remove_feed(tmp_path / "config" / "feeds.yaml", "A")
    assert not any(tmp_path.iterdir())


def test_files_named_by_option_go_before_the_environment(tmp_path: Path) -> None:
    environ = {"TRACKER_DB": "/e.db", "TRACKER_FEEDS": "/e.yaml"}
    assert database_path(Path("/o.db"), environ) == Path("/o.db")
    assert database_path(None, environ) == Path("/e.db")
    assert feeds_path(Path("/o.yaml"), environ, tmp_path) == Path("/o.yaml")
    assert feeds_path(None, environ, tmp_path) == Path("/e.yaml")


def test_a_feeds_yaml_in_the_folder_goes_before_the_users_own(listed: Path) -> None:
    assert feeds_path(None, {}, listed.parent) == listed
    assert feeds_path(None, {}, listed.parent / "elsewhere").name == "feeds.yaml"
    assert database_path(None, {}).name == "tracker.db"


@pytest.mark.parametrize("mark", ["&all", "!!seq"])
def test_a_list_with_an_anchor_or_a_tag_is_edited_or_refused_in_words(
    tmp_path: Path, mark: str
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(f"feeds: {mark}\n  - url: https://a.example/\n", "utf-8")
    add_feed(path, FeedSource("https://b.example/"))
    assert [source.url for source in load_feeds(path).sources] == [
        "https://a.example/",
        "https://b.example/",
    ]
    with suppress(ConfigError):
        remove_feed(path, "https://a.example/")
