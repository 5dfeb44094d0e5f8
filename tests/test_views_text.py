"""Text, times and bars as views write them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from tracker import when
from tracker.plain_text import plain, safe
from tracker.signs import replacements
from tracker.views.care.backups import size
from tracker.views.spark import sparkline
from tracker.views.text import (
    column,
    cut,
    file_row,
    fitted,
    hint,
    lines,
    translated,
    width_of,
    wrap,
)
from tracker.wording import count, listed

NOW = datetime(2020, 9, 20, 12, 0, tzinfo=UTC)
PARIS = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;owned\x07title", "title"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("\x1bPq#0;2\x1b\\sixel", "sixel"),
        ("un\x1b]never ended", "unnever ended"),
        ("\x1bcreset", "reset"),
        ("a\x00b\x08c\x7fd", "abcd"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u2066b\u2069c", "abc"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("soft\xadhyphen", "softhyphen"),
        ("half \ud83d pair", "half pair"),
        ("tab\tand\nline\u2028end", "tab and line end"),
        ("[bold]not markup[/bold] :smile:", "[bold]not markup[/bold] :smile:"),
        ("Übernahme, 中国, 👩‍💻", "Übernahme, 中国, 👩‍💻"),
    ],
)
def test_what_a_feed_says_cannot_steer_the_terminal(said: str, shown: str) -> None:
    assert plain(said) == shown


@given(st.text())
def test_plain_text_has_no_control_character_and_no_direction_override(said: str) -> None:
    shown = plain(said)
    assert not {c for c in shown if unicodedata.category(c) in {"Cc", "Cs"}}
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text())
def test_plain_text_stays_as_it_is(said: str) -> None:
    assert plain(plain(said)) == plain(said)


def test_cleaning_takes_time_in_proportion() -> None:
    assert plain("\x1b]" * 200_000) == ""


def test_an_error_keeps_its_lines_and_indents_but_no_control() -> None:
    assert safe("bad\n  TikTok\x1b[2J\n  ^") == "bad\n  TikTok\n  ^"


@given(st.text(), st.integers(0, 60))
def test_a_cut_text_fits(text: str, width: int) -> None:
    assert width_of(cut(plain(text), width)) <= width


@given(st.text(), st.integers(1, 60))
def test_a_column_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    assert width_of(column(plain(text), width)) == width


def test_a_cut_text_says_so() -> None:
    assert cut("Oracle wins", 8) == "Oracle…"


@given(st.text(), st.integers(2, 60), st.none() | st.integers(1, 4))
def test_wrapped_lines_fit(text: str, width: int, lines: int | None) -> None:
    rows = wrap(plain(text), width, lines)
    assert rows
    assert all(width_of(row) <= width for row in rows)
    assert lines is None or len(rows) <= lines


@given(st.text(alphabet="ab 中é", max_size=60), st.integers(2, 30))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    joined = "".join(wrap(plain(text), width))
    assert joined.replace(" ", "") == plain(text).replace(" ", "")


def test_no_line_begins_with_a_mark_behind_a_french_space() -> None:
    assert wrap("Pourquoi Trump ? « Non »", 14) == ["Pourquoi", "Trump ?", "« Non »"]
    assert wrap("plus de 12 %, dit-il", 10) == ["plus de", "12 %,", "dit-il"]


def test_wide_characters_count_twice() -> None:
    assert wrap("中国中国 中国", 8) == ["中国中国", "中国"]


def test_numbers_and_lists_read_well() -> None:
    assert (count(1, "report"), count(12345, "report")) == ("1 report", "12,345 reports")
    assert count(2, "story", "stories") == "2 stories"
    assert [listed("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "a moment"),
        (timedelta(days=-3), "a moment"),
        (timedelta(seconds=119), "1 minute"),
        (timedelta(hours=23), "23 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=20), "20 days"),
        (timedelta(days=21), "3 weeks"),
        (timedelta(days=59), "8 weeks"),
        (timedelta(days=60), "2 months"),
        (timedelta(days=729), "24 months"),
        (timedelta(days=800), "2 years"),
    ],
)
def test_a_span_is_said_in_its_largest_telling_unit(length: timedelta, words: str) -> None:
    assert when.span(length) == words


def test_what_lies_ahead_of_the_clock_is_now() -> None:
    assert when.ago(NOW + timedelta(days=1), NOW) == "just now"
    assert when.until(NOW - timedelta(days=1), NOW) == "now"
    assert when.until(NOW + timedelta(hours=2), NOW) == "in 2 hours"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2020, 9, 20), "Today, Sunday 20 Sep"),
        (date(2020, 9, 19), "Yesterday, Saturday 19 Sep"),
        (date(2020, 9, 14), "Monday 14 Sep"),
        (date(2019, 12, 31), "Tuesday 31 Dec 2019"),
    ],
)
def test_a_day_is_named(day: date, words: str) -> None:
    assert when.day_heading(day, NOW.date()) == words


def test_a_moment_is_shown_in_its_zone() -> None:
    late = datetime(2019, 12, 31, 23, 30, tzinfo=UTC)
    assert when.stamp(late, UTC, NOW) == "31 Dec 2019 23:30"
    assert when.stamp(late, PARIS, NOW) == "1 Jan 01:30"


def test_a_listed_moment_of_another_year_has_its_year_for_its_time() -> None:
    late = datetime(2019, 12, 31, 23, 30, tzinfo=UTC)
    assert when.listed(late, UTC, NOW) == "31 Dec 2019"
    assert when.listed(late, PARIS, NOW) == "1 Jan 01:30"


def test_a_week_without_a_development_is_quiet() -> None:
    assert when.silence(None, NOW) == "no development yet"
    assert when.silence(NOW - timedelta(days=6), NOW) == "last development 6 days ago"
    assert when.silence(NOW - timedelta(days=9), NOW) == "quiet for 9 days"


def test_bars_tell_nothing_from_little() -> None:
    assert sparkline([0, 1, 500, 1000], 10) == "▁▂▅█"


def test_days_share_bars_where_there_are_too_many() -> None:
    assert sparkline([1] + [0] * 8 + [2, 2], 4) == "▃▁▁█"


def test_no_volume_is_no_bars() -> None:
    assert (sparkline([], 10), sparkline([1], 0), sparkline([0, 0], 9)) == ("", "", "▁▁")


@given(st.lists(st.integers(0, 10**6), max_size=400), st.integers(1, 100))
def test_bars_fit_and_the_highest_is_full(volume: list[int], width: int) -> None:
    bars = sparkline(volume, width)
    assert len(bars) <= width
    assert ("█" in bars) == any(volume)


def test_a_row_is_broken_at_spaces_behind_its_indent() -> None:
    text = Text.assemble("short\n", ("  one two three", "dim"), "  four")
    assert fitted(text, 10).plain == "short\n  one two\n  three\n  four"
    path = lines([Text("It is there:"), file_row("/home/Jörg Müller/feeds.yaml")])
    assert fitted(path, 12).plain == "It is there:\n  /home/Jörg Müller/feeds.yaml"
    assert fitted(text, 40) == text


def test_a_command_is_never_broken() -> None:
    text = hint("To follow it: ", "tracker follow x", " and more words")
    assert fitted(text, 20).plain == "To follow it:\ntracker follow x and\nmore words"
    assert fitted(text, 10).plain == "To follow\nit:\ntracker follow x\nand more\nwords"


# --- signs that an encoding lacks -----------------------------------------------------------------


def test_a_sign_that_an_encoding_holds_stays() -> None:
    assert replacements("utf-8") == {}
    assert ord("·") not in replacements("latin-1")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "cp1252"])
def test_no_sign_of_ours_becomes_the_one_for_doubtful(encoding: str) -> None:
    table = replacements(encoding)
    signs_of_ours = "●✓└─▲▼…·×–—“”‘’▁▂▃▄▅▆▇█"
    sent = signs_of_ours.translate(table).encode(encoding, "replace").decode(encoding)
    assert "?" not in sent


def test_bars_become_digits_all_of_them_or_none() -> None:
    assert sparkline([0, 1, 500, 1000], 10).translate(replacements("cp437")) == "0159"


def test_a_text_keeps_its_styles_where_signs_are_replaced() -> None:
    text = Text.assemble(("● new…", "bold"), (" x…", "dim"), " end", style="italic")
    found = translated(text, replacements("ascii"))
    assert found.plain == "* new... x... end"
    styles = [
        "".join(found.plain[s.start : s.end] for s in found.spans if s.style == style)
        for style in ("bold", "dim")
    ]
    assert styles == ["* new...", " x..."]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1.0 KiB"),
        (10 * 1024, "10 KiB"),
        (1024**2, "1.0 MiB"),
        (59 * 1024**2, "59 MiB"),
        (5 * 1024**3 // 4, "1.2 GiB"),
    ],
)
def test_a_size_has_one_digit_behind_the_point_below_ten(number: int, shown: str) -> None:
    assert size(number) == shown
