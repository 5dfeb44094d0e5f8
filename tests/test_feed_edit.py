"""A feed is changed in feeds.yaml: what is not changed keeps its bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.config import edit_feed, load_feeds
from tracker.errors import ConfigError, NotFoundError, UsageError
from tracker.model.polling import FeedSource

LIST = """\
# mine
feeds:  # all of them
  - url: https://a.example/f   # the first
    title: "A: daily"          # its name
    tags: [x, y]               # mine

  # the second
  - title: B
    url: https://b.example/f
    tags:
      - one   # why
      - two
    headers:
      X-Key: secret
  - {url: https://c.example/f, title: C, language: fr}
  - url: https://d.example/f
settings: {workers: 1}  # end
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "feeds.yaml"
    found.write_text(LIST, "utf-8")
    return found


def edited(path: Path, name: str, **changes: object) -> str:
    edit_feed(path, name, lambda source: source._replace(**changes))  # type: ignore[arg-type]
    return path.read_bytes().decode()


@pytest.mark.parametrize(
    ("name", "changes", "old", "new"),
    [
        ("https://a.example/f", {"title": "Α & Ω"}, 'title: "A: daily"', "title: Α & Ω"),
        ("https://a.example/f", {"title": "#1: x"}, 'title: "A: daily"', "title: '#1: x'"),
        ("https://a.example/f", {"title": None}, '    title: "A: daily"          # its name\n', ""),
        ("https://a.example/f", {"tags": ("z", "a, b")}, "tags: [x, y]", 'tags: ["z", "a, b"]'),
        ("https://a.example/f", {"tags": ()}, "    tags: [x, y]               # mine\n", ""),
        (
            "https://a.example/f",
            {"language": "en"},
            "# mine\n\n",
            "# mine\n    language: en\n\n",
        ),
        (
            "https://a.example/f",
            {"url": "https://a.example/g#x"},
            "https://a.example/f ",
            "https://a.example/g#x ",
        ),
        ("B", {"title": None}, "- title: B\n    url", "- url"),
        (
            "B",
            {"tags": ("one",)},
            "tags:\n      - one   # why\n      - two\n",
            'tags: ["one"]\n',
        ),
        ("B", {"headers": ()}, "    headers:\n      X-Key: secret\n", ""),
        (
            "B",
            {"headers": (("X-Key", "no: 1"),)},
            "headers:\n      X-Key: secret\n",
            'headers: {"X-Key": "no: 1"}\n',
        ),
        ("C", {"title": "Ç"}, "title: C,", 'title: "Ç",'),
        ("C", {"title": None}, "title: C, ", ""),
        ("C", {"language": None}, ", language: fr}", "}"),
        ("C", {"tags": ("q",)}, "language: fr}", 'language: fr, tags: ["q"]}'),
        (
            "https://d.example/f",
            {"title": "D", "language": "de"},
            "d.example/f\n",
            "d.example/f\n    title: D\n    language: de\n",
        ),
    ],
)
def test_only_what_is_changed_is_written(
    path: Path, name: str, changes: dict[str, object], old: str, new: str
) -> None:
    assert LIST.count(old) == 1
    assert edited(path, name, **changes) == LIST.replace(old, new)


def test_several_keys_are_changed_at_once(path: Path) -> None:
    after = edited(path, "C", title=None, language="it", tags=("q",))
    line = '  - {url: https://c.example/f, language: "it", tags: ["q"]}\n'
    assert line in after
    assert load_feeds(path).sources[2] == FeedSource(
        "https://c.example/f", language="it", tags=("q",)
    )


@pytest.mark.parametrize(
    ("tags", "line"),
    [
        ((), "  - {url: https://c.example/f}\n"),
        (("q",), '  - {url: https://c.example/f, tags: ["q"]}\n'),
    ],
)
def test_all_keys_behind_the_address_are_removed_at_once(
    path: Path, tags: tuple[str, ...], line: str
) -> None:
    assert line in edited(path, "C", title=None, language=None, tags=tags)
    assert load_feeds(path).sources[2] == FeedSource("https://c.example/f", tags=tags)


def test_a_comment_below_a_key_that_is_removed_stays(path: Path) -> None:
    text = "feeds:\n  - title: B # its name\n    # its address\n    url: https://b.example/\n"
    path.write_text(text, "utf-8")
    after = edited(path, "B", title=None)
    assert after == "feeds:\n  - \n    # its address\n    url: https://b.example/\n"


def test_line_ends_of_windows_stay(path: Path) -> None:
    path.write_bytes(LIST.replace("\n", "\r\n").encode())
    edited(path, "https://d.example/f", title="D")
    expected = LIST.replace("d.example/f\n", "d.example/f\n    title: D\n")
    assert path.read_bytes() == expected.replace("\n", "\r\n").encode()


def test_an_empty_value_is_filled(path: Path) -> None:
    path.write_text(
        "feeds:\n- url: https://a.example/\n  title:   # none yet\n- url: https://b.example/\n"
    )
    after = edited(path, "https://a.example/", title="A")
    assert after.startswith("feeds:\n- url: https://a.example/\n  title: A   # none yet\n- url")


def test_a_change_of_nothing_leaves_the_file_alone(path: Path) -> None:
    before = path.stat().st_ino
    assert edited(path, "C", title="C") == LIST
    assert path.stat().st_ino == before


def test_a_file_that_has_a_header_now_is_private(path: Path) -> None:
    path.chmod(0o644)
    edited(path, "https://d.example/f", headers=(("X", "y"),))
    assert path.stat().st_mode & 0o077 == 0


def test_what_cannot_be_spliced_is_refused_and_left_as_it_is(path: Path) -> None:
    text = (
        "feeds:\n  - url: https://a.example/\n    tags: &t [a]\n"
        "  - url: https://b.example/\n    tags: *t\n"
    )
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="edit it yourself"):
        edited(path, "https://a.example/", tags=("n",))
    assert path.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"language": "french"}, "language must be a code"),
        ({"url": "ftp://x"}, "url must be an address"),
        ({"url": "https://a.example/f"}, "is listed already"),
        ({"headers": (("A", "b\nc"),)}, "headers must be"),
    ],
)
def test_a_feed_that_cannot_be_listed_is_refused(
    path: Path, changes: dict[str, object], problem: str
) -> None:
    with pytest.raises(UsageError, match=problem):
        edited(path, "C", **changes)
    assert path.read_text("utf-8") == LIST


def test_an_unknown_feed_is_named_with_the_nearest(path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"b\.example/f"):
        edited(path, "https://b.example/ff", title="x")
