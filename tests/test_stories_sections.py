"""The reader of the data files."""

from configparser import ConfigParser
from pathlib import Path

import pytest

from tracker.errors import ConfigError
from tracker.stories.resources import DATA, read_sections


@pytest.mark.parametrize("path", sorted(DATA.glob("*.ini")), ids=lambda path: path.name)
def test_a_data_file_says_the_same_as_to_configparser(path: Path) -> None:
    parser = ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.read_string(path.read_text("utf-8"))
    expected = {
        name: {key: value.split() for key, value in parser[name].items()}
        for name in parser.sections()
    }
    read = read_sections(path)
    assert {
        name: {key: value.split() for key, value in values.items()} for name, values in read.items()
    } == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("key = value\n", "before any"),
        ("[a]\nvalue\n", "no 'key"),
        ("[a]\n= value\n", "no 'key"),
        ("[a]\nkey = 1\nKEY = 2\n", "again"),
        ("[a]\n[a]\n", "already"),
        ("[a]\n  more\n", "nothing"),
    ],
)
def test_a_line_out_of_form_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "x.ini"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=says) as caught:
        read_sections(path)
    assert "x.ini" in str(caught.value)
