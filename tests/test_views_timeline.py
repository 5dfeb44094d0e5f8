"""The timeline and the news as text at fixed widths."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from rich.text import Text

from tracker.developments import fold
from tracker.model.core import (
    Item,
    Link,
    Outage,
    Reason,
    Report,
    Revision,
    State,
    Status,
    Story,
    StorySummary,
    Timeline,
)
from tracker.views.news import news
from tracker.views.rows import outlet_name
from tracker.views.text import MATCHED, width_of
from tracker.views.timeline import timeline
from tracker.views.volume import surge, volume

NOW = datetime(2031, 3, 20, 12, 0, tzinfo=UTC)
STORY = Story(
    1,
    "bridge-repair",
    "Bridge repair",
    "bridge repair",
    State.OPEN,
    NOW - timedelta(days=60),
    seen=NOW - timedelta(hours=3),
)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2031, 3, day, hour, minute, tzinfo=UTC)


def report(
    number: int,
    title: str,
    published: datetime,
    *,
    source: str = "Daily Example",
    event: int = 0,
    new: bool = False,
    status: Status = Status.LINKED,
    language: str | None = "en",
    was: tuple[str, ...] = (),
) -> Report:
    item = Item(number, 1, source, f"https://example.org/{number}", title, "", published, language)
    link = Link(1, item, status, 0.8, (), event or number, published)
    return Report(link, new, tuple(Revision(title, published) for title in was))


REPORTS = (
    report(104, "Le pont sera réparé", at(14, 7), source="Le Exemple", event=7, language="fr"),
    report(
        103, "Bridge will be repaired", at(14, 6), event=7, new=True, was=("Bridge is cracked",)
    ),
    report(99, "Council argues about the bridge", at(13, 21), status=Status.ACCEPTED),
)
TIMELINE = Timeline(STORY, REPORTS, volume=(0, 0, 1, 2), last_development=at(14, 7), hidden=4)


def shown(value: Timeline, width: int = 80, **options: Any) -> list[str]:
    text = timeline(value, now=NOW, zone=UTC, width=width, **options)
    return text.plain.split("\n")


def test_a_timeline_at_80_columns() -> None:
    assert shown(TIMELINE) == [
        "Bridge repair",
        "6 developments · 1 new · last development 6 days ago",
        "▁▁▅█  last 4 days · peak 2 reports on 20 Mar",
        "",
        "Friday 14 Mar",
        "● 103  06:00  Daily Example  Bridge will be repaired +1\u00a0fr",
        "                             (was: Bridge is cracked)",
        "",
        "▲ new since 20 Mar 09:00 " + 55 * "─",
        "",
        "Thursday 13 Mar",
        " ✓ 99  21:00  Daily Example  Council argues about the bridge",
        "",
        "4 older developments not shown; --limit 0 shows all",
    ]


def test_the_line_of_the_last_look_ends_where_a_screen_does() -> None:
    (line,) = (row for row in shown(TIMELINE, 400) if "new since" in row)

    assert len(line) == 120


def test_five_thousand_developments_are_all_shown() -> None:
    reports = tuple(
        report(n, f"News {n}", at(1) + timedelta(minutes=n)) for n in range(5000, 0, -1)
    )

    rows = shown(replace(TIMELINE, reports=reports, hidden=0))

    assert rows[1].startswith("5,000 developments")
    assert sum("News" in row for row in rows) == 5000


def test_a_timeline_at_40_columns() -> None:
    assert shown(replace(TIMELINE, hidden=0), 40)[1:] == [
        "2 developments in 3 reports · 1 new",
        "last development 6 days ago",
        "▁▁▅█",
        "last 4 days · peak 2 reports on 20 Mar",
        "",
        "Friday 14 Mar",
        "● 06:00 Daily Example 103",
        "  Bridge will be repaired +1\u00a0fr",
        "  (was: Bridge is cracked)",
        "",
        "▲ new since 20 Mar 09:00 ───────────────",
        "",
        "Thursday 13 Mar",
        " ✓21:00 Daily Example 99",
        "  Council argues about the bridge",
    ]


def test_unfolded_reports_stand_below_the_first_with_their_language() -> None:
    rows = shown(TIMELINE, unfold=True)
    assert "└ 104  07:00  Le Exemple     fr · Le pont sera réparé" in rows


def test_colour_has_a_meaning_and_does_not_run_over_the_row() -> None:
    row = timeline(TIMELINE, now=NOW, zone=UTC, width=80).split("\n")[5]
    styles = {row.plain[span.start : span.end].strip(): str(span.style) for span in row.spans}
    assert styles == {
        "●": "bold green",
        "103": "dim",
        "06:00": "dim",
        "Daily Example": "cyan",
        "Bridge will be repaired": "bold",
        "+1\u00a0fr": "dim",
        "fr": "dim",
    }


def test_an_unfolded_report_of_another_day_shows_its_date() -> None:
    late = report(105, "Still to be repaired", at(16), source="Le Exemple", event=7)
    rows = shown(replace(TIMELINE, reports=(late, *REPORTS)), unfold=True)
    assert "└ 105  16 Mar  Le Exemple     Still to be repaired" in rows


def test_the_earliest_report_heads_the_development() -> None:
    folded = fold(REPORTS)
    assert [d.first.link.item.id for d in folded] == [103, 99]
    assert [[r.link.item.id for r in d.others] for d in folded] == [[104], []]


def test_new_reports_of_an_old_development_are_counted() -> None:
    reports = (replace(REPORTS[0], new=True), replace(REPORTS[1], new=False))
    assert any("repaired +1\u00a0(1\u00a0new)" in row for row in shown(Timeline(STORY, reports)))


def test_the_newest_new_report_stands_below_a_development_that_was_seen() -> None:
    reports = (
        report(107, "Crane lifts the last piece", at(16, 8), event=7, new=True),
        report(106, "Bridge repair goes on", at(15, 8), event=7, new=True),
        replace(REPORTS[1], new=False),
    )
    assert shown(Timeline(STORY, reports))[-3:] == [
        "  103  06:00   Daily Example  Bridge will be repaired (2\u00a0new)",
        "                              (was: Bridge is cracked)",
        "● 107  16 Mar  Daily Example  Crane lifts the last piece",
    ]


def test_the_newest_report_stands_below_a_development_that_began_before_the_period() -> None:
    seen = tuple(replace(each, new=False) for each in REPORTS)
    reports = (
        report(107, "Crane lifts the last piece", at(16, 8), event=7),
        report(106, "Bridge repair goes on", at(15, 8), event=7),
        *seen,
    )

    rows = shown(Timeline(STORY, reports), since=at(15, 0))

    assert "└ 107  16 Mar  Daily Example  Crane lifts the last piece" in rows
    assert not any("goes on" in row for row in rows)
    assert not any("107" in row for row in shown(Timeline(STORY, reports), since=at(14, 5)))


def test_days_are_those_of_the_zone() -> None:
    value = Timeline(STORY, (report(1, "Late", at(13, 23, 30)),))
    east = timezone(timedelta(hours=2))
    text = timeline(value, now=NOW, zone=east, width=80).plain
    assert "Friday 14 Mar" in text
    assert "01:30" in text


def test_doubtful_reports_stand_apart_with_what_decides_them() -> None:
    unsure = report(98, "A bridge too far", at(12), status=Status.MAYBE)
    rows = shown(replace(TIMELINE, reports=(*REPORTS, unsure), hidden=0))
    assert rows[-5:] == [
        "",
        "Doubtful",
        " ? 98  12 Mar 09:00  Daily Example  A bridge too far",
        "",
        "To decide: tracker accept bridge-repair 98 or reject bridge-repair 98",
    ]


def test_what_decides_a_report_of_a_long_slug_takes_rows_of_its_own() -> None:
    story = replace(STORY, slug="bridge-repair-and-all-that-comes-of-it")
    unsure = report(98, "A bridge too far", at(12), status=Status.MAYBE)
    rows = shown(replace(TIMELINE, story=story, reports=(unsure,), hidden=0))
    assert rows[-3:] == [
        "To decide:",
        "  tracker accept bridge-repair-and-all-that-comes-of-it 98",
        "  tracker reject bridge-repair-and-all-that-comes-of-it 98",
    ]


def test_what_is_doubtful_and_left_out_is_counted() -> None:
    value = replace(TIMELINE, doubtful=3)
    assert shown(value)[-1] == "3 doubtful reports left out; --maybe shows them"
    assert shown(replace(value, doubtful=1))[-1] == "1 doubtful report left out; --maybe shows it"


def test_what_is_new_and_left_out_is_counted() -> None:
    rows = shown(replace(TIMELINE, unread=2, left_new=2))
    assert rows[1].startswith("6 developments · 3 new")
    assert rows[-1] == "2 developments with something new not shown; --new shows them"


def test_many_new_developments_are_counted_with_commas() -> None:
    rows = shown(replace(TIMELINE, hidden=3_017, unread=3_018, left_new=3_018))
    assert rows[1].startswith("3,019 developments · 3,019 new")


def test_the_feed_that_fails_is_named_with_its_reason() -> None:
    outages = (Outage("Example TV", at(18), None, "the server answered 503"),)
    assert (
        shown(replace(TIMELINE, outages=outages))[3]
        == "! Example TV failing for 2 days: the server answered 503"
    )


@pytest.mark.parametrize(
    ("width", "row"),
    [
        (80, "! 3 feeds failing, Feed 1 for 19 days; tracker feeds ls"),
        (50, "! 3 feeds failing; tracker feeds ls"),
        (30, "! 3 feeds failing"),
    ],
)
def test_failing_feeds_take_one_row_that_names_the_worst(width: int, row: str) -> None:
    outages = tuple(Outage(f"Feed {n} of a town", at(n), None, "gone") for n in (3, 1, 2))
    row = row.replace("Feed 1", "Feed 1 of a town")
    assert row in shown(replace(TIMELINE, outages=outages), width)


def test_feeds_that_failed_meanwhile_are_counted() -> None:
    outages = (
        *(Outage(f"Feed {n}", at(n), at(n), "gone") for n in range(1, 4)),
        Outage("Le Exemple", at(10), at(12), "connection refused"),
    )
    rows = shown(replace(TIMELINE, outages=outages))
    assert rows[3] == "! 4 feeds failed meanwhile, Le Exemple 10 Mar to 12 Mar; tracker feeds ls"


@pytest.mark.parametrize(
    ("ends", "row"),
    [
        ((11, 14), "! 2 feeds failed meanwhile, Long 2 Mar to 9 Mar; tracker feeds ls"),
        ((11, None), "! Short failing for 12 days: gone"),
    ],
)
def test_a_feed_that_fails_now_goes_before_those_that_failed(
    ends: tuple[int, int | None], row: str
) -> None:
    short = at(ends[1]) if ends[1] else None
    outages = Outage("Long", at(2), at(9), "gone"), Outage("Short", at(8), short, "gone")
    assert shown(replace(TIMELINE, outages=outages))[3] == row


def test_a_feed_that_fails_again_is_not_counted_among_those_that_failed() -> None:
    outages = (
        Outage("A", at(2), at(9), "gone"),
        Outage("A", at(15), None, "gone"),
        Outage("B", at(16), None, "gone"),
    )
    row = "! 2 feeds failing, A for 5 days; tracker feeds ls"
    assert shown(replace(TIMELINE, outages=outages))[3] == row


def test_a_feed_that_failed_twice_is_counted_once_by_the_longer_time() -> None:
    outages = Outage("A", at(2), at(3), "gone"), Outage("A", at(5), at(9), "gone")
    row = "! 1 feed failed meanwhile, A 5 Mar to 9 Mar; tracker feeds ls"
    assert shown(replace(TIMELINE, outages=outages))[3] == row


def test_an_outage_of_one_day_names_it_once() -> None:
    row = "! 1 feed failed meanwhile, A 5 Mar; tracker feeds ls"
    assert shown(replace(TIMELINE, outages=(Outage("A", at(5), at(5, 11), "x"),)))[3] == row


def test_feeds_that_began_to_fail_this_moment_have_no_time() -> None:
    outages = tuple(Outage(name, NOW, None, "gone") for name in "AB")
    assert shown(replace(TIMELINE, outages=outages))[3] == (
        "! 2 feeds failing, A; tracker feeds ls"
    )


def test_developments_are_counted_with_their_reports() -> None:
    assert shown(replace(TIMELINE, hidden=0))[1].startswith("2 developments in 3 reports · 1 new ")
    alone = replace(TIMELINE, hidden=0, reports=REPORTS[1:])
    assert shown(alone)[1].startswith("2 developments · 1 new ")


def test_new_developments_are_those_that_are_shown_and_those_that_are_not() -> None:
    assert "· 3 new ·" in shown(replace(TIMELINE, left_new=2))[1]
    old = tuple(replace(each, new=False) for each in REPORTS)
    assert "new" not in shown(replace(TIMELINE, reports=old))[1]


@pytest.mark.parametrize(("hours", "heading"), [(0, "Today, Thursday 20 Mar"), (-13, "Tomorrow")])
def test_today_is_that_of_the_zone(hours: int, heading: str) -> None:
    zone = timezone(timedelta(hours=hours))
    value = Timeline(STORY, (report(1, "Now", NOW),))
    found = timeline(value, now=NOW, zone=zone, width=80).plain
    assert heading.replace("Tomorrow", "Today, Wednesday 19 Mar") in found


def test_yesterday_is_the_day_before_in_the_zone() -> None:
    value = Timeline(STORY, (report(1, "Late", at(20, 1)),))
    west = timezone(timedelta(hours=-3))
    assert "Yesterday, Wednesday 19 Mar" in timeline(value, now=NOW, zone=west, width=80).plain


def test_what_stays_empty_before_a_first_look_is_not_called_read() -> None:
    never = Timeline(replace(STORY, seen=None), (), last_development=at(1))
    assert "Nothing in what you asked for." in shown(never, only_new=True)


def test_doubtful_reports_that_were_cut_off_are_shown_by_the_limit() -> None:
    unsure = report(98, "A bridge too far", at(12), status=Status.MAYBE)
    rows = shown(replace(TIMELINE, reports=(*REPORTS, unsure), doubtful=2, hidden=0))
    assert "2 doubtful reports left out; --limit 0 shows them" in rows


def test_unfolded_reports_of_the_same_day_take_no_more_room() -> None:
    rows = shown(TIMELINE, unfold=True)
    assert "● 103  06:00  Daily Example  Bridge will be repaired +1\u00a0fr" in rows
    late = report(105, "Still to be repaired", at(16), source="Le Exemple", event=7)
    rows = shown(replace(TIMELINE, reports=(late, *REPORTS)), unfold=True)
    # Both others are of one outlet.
    assert "● 103  06:00   Daily Example  Bridge will be repaired +1\u00a0fr" in rows


def test_a_muted_story_whose_title_fills_the_row_has_its_state_below() -> None:
    story = replace(STORY, title="Bridge " * 5 + "x", state=State.CLOSED)
    assert shown(replace(TIMELINE, story=story), 40)[:2] == ["Bridge " * 5 + "x", "closed"]
    fits = replace(story, title="Bridge " * 4 + "1234")
    assert shown(replace(TIMELINE, story=fits), 40)[0] == "Bridge " * 4 + "1234  closed"


def test_a_query_that_differs_from_the_title_by_its_case_is_not_repeated() -> None:
    story = replace(STORY, title="BRIDGE Repair")
    assert shown(replace(TIMELINE, story=story))[1].startswith("6 developments")


def test_an_outlet_is_named_without_its_section_where_that_is_too_long() -> None:
    assert outlet_name("The Example - News of the world", 14) == "The Example"
    assert outlet_name("Example- World and all", 14) == "Example"
    assert outlet_name("The Example - News", 18) == "The Example - News"
    assert outlet_name("Die-Zeitung-ohne-Leerzeichen", 14) == "Die-Zeitung-o…"
    assert outlet_name("https://example.org/feed", 16) == "example.org/feed"


def test_silence_is_named() -> None:
    assert "quiet for 9 days" in shown(replace(TIMELINE, last_development=NOW - timedelta(9)))[1]


def test_a_state_other_than_open_stands_beside_the_title() -> None:
    muted = replace(STORY, state=State.MUTED, muted_until=at(28))
    assert shown(replace(TIMELINE, story=muted))[0] == "Bridge repair  muted until 28 Mar"
    for until in (None, at(28)):  # a story that was closed while it was muted
        closed = replace(STORY, state=State.CLOSED, muted_until=until)
        assert shown(replace(TIMELINE, story=closed))[0] == "Bridge repair  closed"


def test_a_query_that_is_not_the_title_is_shown() -> None:
    story = replace(STORY, title="The bridge")
    assert shown(replace(TIMELINE, story=story))[:2] == ["The bridge", "bridge repair"]


@pytest.mark.parametrize(
    ("value", "options", "words"),
    [
        (Timeline(STORY, ()), {}, "tracker poll fetches what your feeds have;"),
        (
            Timeline(STORY, (), last_development=at(1)),
            {"only_new": True},
            "Nothing new since you last looked, 3 hours ago.",
        ),
        (Timeline(STORY, (), last_development=at(1)), {}, "Nothing in what you asked for."),
        (
            Timeline(replace(STORY, state=State.CLOSED), ()),
            {},
            "Nothing was found before it was closed. tracker story reopen bridge-repair",
        ),
    ],
)
def test_an_empty_timeline_teaches_the_next_step(
    value: Timeline, options: dict[str, Any], words: str
) -> None:
    assert words in shown(value, **options)


def test_a_long_headline_is_cut_before_its_count() -> None:
    long = report(1, "word " * 60, at(14, 5), event=7)
    rows = shown(Timeline(STORY, (long, REPORTS[0])))
    assert rows[-1].endswith("… +1\u00a0fr")
    assert len(rows) == 6


def test_a_headline_without_words_shows_its_address() -> None:
    bare = report(1, "\x1b[2J", at(14))
    assert "https://example.org/1" in shown(Timeline(STORY, (bare,)))[-1]


@pytest.mark.repeats
@pytest.mark.parametrize("width", [40, 80, 120, 200])
@given(title=st.text(max_size=300), source=st.text(max_size=40), was=st.text(max_size=80))
def test_no_line_is_wider_than_the_terminal(width: int, title: str, source: str, was: str) -> None:
    reports = (
        report(123456, title, at(14), source=source, event=7, new=True, was=(was, was)),
        report(123457, title, at(15), source=source, event=7, language="fr"),
        report(12, title, at(13), source=source, status=Status.MAYBE),
    )
    value = Timeline(
        replace(STORY, title=title or "x"), reports, (Outage(source, at(1), None, title),), (1, 2)
    )
    for unfold in (False, True):
        for row in shown(value, width, unfold=unfold):
            assert width_of(row) <= width


def summary(
    number: int,
    title: str,
    last: datetime | None,
    *,
    unread: int = 0,
    state: State = State.OPEN,
) -> StorySummary:
    story = replace(STORY, id=number, title=title, state=state)
    return StorySummary(story, unread, 3, 4, 0, last, "x")


def test_the_news_of_all_stories_at_80_columns() -> None:
    value = Timeline(STORY, REPORTS[:2], hidden=3)
    stories = [
        summary(STORY.id, "Bridge repair", at(14)),
        summary(2, "Old mill", NOW - timedelta(days=30)),
        summary(3, "New mill", None),
    ]
    text = news([value], stories, now=NOW, zone=UTC, width=80)
    assert text.plain.split("\n") == [
        "Bridge repair  4 new",
        "● 103  14 Mar 06:00  Daily Example  Bridge will be repaired +1\u00a0fr",
        "                                    (was: Bridge is cracked)",
        "  3 more in tracker timeline bridge-repair",
        "",
        "Nothing new in",
        "  Old mill  quiet for 4 weeks",
        "  New mill  no development yet",
    ]


def test_a_story_whose_news_are_of_another_time_is_named_among_the_quiet_ones() -> None:
    stories = [summary(STORY.id, "Bridge", at(10), unread=2)]
    text = news([], stories, now=NOW, zone=UTC, width=80)
    assert text.plain.split("\n") == [
        "Nothing new in what you asked for.",
        "  Bridge  2 new left out, quiet for 10 days",
    ]


def test_a_story_whose_news_are_of_another_time_stands_below_those_that_are_shown() -> None:
    shown_one = Timeline(replace(STORY, id=2, title="Mill"), (report(2, "b", at(19)),))
    stories = [summary(2, "Mill", at(19), unread=1), summary(1, "Bridge", at(10), unread=2)]
    text = news([shown_one], stories, now=NOW, zone=UTC, width=80)
    assert text.plain.split("\n")[-2:] == [
        "Nothing new in",
        "  Bridge  2 new left out, quiet for 10 days",
    ]


def test_where_no_story_is_open_there_is_nothing_new() -> None:
    stories = [summary(1, "Bridge", at(18), state=State.CLOSED)]
    assert news([], stories, now=NOW, zone=UTC, width=80).plain == "Nothing new."


@pytest.mark.parametrize("width", [40, 80])
def test_no_line_about_a_quiet_story_is_wider_than_the_terminal(width: int) -> None:
    stories = [summary(1, "Bridge " * 20, at(10), unread=1234), summary(2, "Mill " * 20, at(11))]
    for row in news([], stories, now=NOW, zone=UTC, width=width).plain.split("\n"):
        assert width_of(row) <= width


def test_without_a_story_the_news_teach_how_to_follow_one() -> None:
    text = news([], [], now=NOW, zone=UTC, width=80).plain
    assert text == 'You follow no story yet.\nBegin with one: tracker follow "TikTok acquisition"'


# --- what is new ----------------------------------------------------------------------------------


def order(value: Timeline, **options: Any) -> list[str]:
    """Return the headlines and the line of the last look, from the top."""
    rows = shown(value, 80, **options)
    return [row.split("  ")[-1].strip(" ─") for row in rows if row[:1] in "●▲▼ " and row.strip()]


def since_noon(*news: tuple[str, int, bool]) -> Timeline:
    """Return a timeline last looked at on 18 March at noon, with reports of days, new or not."""
    story = replace(STORY, seen=at(18, 12))
    reports = [report(100 + n, title, at(day), new=new) for n, (title, day, new) in enumerate(news)]
    return Timeline(story, tuple(reports))


def test_a_line_stands_where_the_new_begins() -> None:
    value = since_noon(("Newest", 20, True), ("New", 19, True), ("Old", 17, False))
    line = "new since 18 Mar 12:00"
    assert order(value) == ["Newest", "New", f"▲ {line}", "Old"]
    assert order(value, oldest_first=True) == ["Old", f"▼ {line}", "New", "Newest"]


def test_a_report_that_came_late_is_above_the_line_where_it_adjoins_the_new() -> None:
    value = since_noon(("New", 19, True), ("Late", 17, True), ("Old", 16, False), ("L", 15, True))
    assert order(value) == ["New", "Late", "▲ new since 18 Mar 12:00", "Old", "L"]


@pytest.mark.parametrize(
    ("news", "options"),
    [
        ((("New", 19, True), ("Newer", 20, True)), {}),
        ((("Old", 16, False), ("Older", 15, False)), {}),
        ((("Old", 16, False), ("Late", 15, True)), {}),
        ((("New", 19, True), ("Old", 16, False)), {"only_new": True}),
    ],
)
def test_there_is_no_line_where_nothing_is_on_one_side(news: Any, options: Any) -> None:
    assert not any("new since" in row for row in order(since_noon(*news), **options))


def test_a_story_that_was_never_looked_at_has_no_line() -> None:
    value = since_noon(("New", 19, True), ("Old", 16, False))
    value = replace(value, story=replace(value.story, seen=None))
    assert order(value) == ["New", "Old"]


def test_the_oldest_comes_first_within_a_day_and_among_the_doubtful() -> None:
    reports = [report(n, f"At {n}", at(14, n)) for n in (9, 8, 7)]
    reports += [report(n, f"Doubt {n}", at(13, n), status=Status.MAYBE) for n in (5, 4)]
    value = Timeline(STORY, tuple(reports))
    told = [row.split("  ")[-1] for row in shown(value, oldest_first=True) if "Daily" in row]
    assert told == ["At 7", "At 8", "At 9", "Doubt 4", "Doubt 5"]


# --- behind a headline, and in it -----------------------------------------------------------------


def with_others(*others: tuple[str, str | None]) -> Timeline:
    reports = [report(1, "Bridge", at(14), event=1, source="A", language="en")]
    for number, (source, language) in enumerate(others, 2):
        reports.append(report(number, "x", at(14, 10), event=1, source=source, language=language))
    return Timeline(STORY, tuple(reports))


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ((), "Bridge"),
        ((("B", "en"),), "Bridge +1"),
        ((("B", None),), "Bridge +1"),
        ((("B", "fr"), ("C", "de"), ("C", "fr")), "Bridge +2 de fr"),
        ((("A", "en"),), "Bridge"),
        ((("A", "en"), ("B", "en")), "Bridge +1"),
    ],
)
def test_other_outlets_are_counted_with_their_languages(
    others: tuple[tuple[str, str | None], ...], said: str
) -> None:
    row = shown(with_others(*others), 100)[-1].replace("\u00a0", " ")
    assert row.endswith(f"  A  {said}")


def test_what_has_no_room_behind_the_number_of_other_reports_is_left_out() -> None:
    value = with_others(*((f"Outlet {n}", "fr") for n in range(40)))
    assert shown(value, 24)[-1].strip() == "Bridge +40\u00a0fr"


@pytest.mark.parametrize(
    ("status", "row"),
    [
        (Status.LINKED, "  1103  09:00  Daily Example  Bridge will be repaired"),
        (Status.ACCEPTED, " ✓ 1103  09:00  Daily Example  Bridge will be repaired"),
        (Status.MAYBE, " ? 1103  14 Mar 09:00  Daily Example  Bridge will be repaired"),
    ],
)
def test_the_sign_of_a_status_does_not_touch_the_number(status: Status, row: str) -> None:
    value = Timeline(STORY, (report(1103, "Bridge will be repaired", at(14), status=status),))
    assert row in shown(value)


def test_numbers_are_one_column_whether_they_have_signs_or_not() -> None:
    reports = (
        report(1103, "Bridge will be repaired", at(14), status=Status.ACCEPTED, event=2),
        report(99, "Bridge is cracked", at(14), event=1),
    )
    found = [row for row in shown(Timeline(STORY, reports)) if "09:00" in row]
    assert [row.index("  09:00") for row in found] == [7, 7]


def matching(title: str, *found: tuple[str, str, str]) -> Text:
    base = report(1, title, at(14))
    reasons = tuple(Reason("part", kind, words, field, 0.1) for kind, words, field in found)
    value = Timeline(STORY, (replace(base, link=replace(base.link, reasons=reasons)),))
    return timeline(value, now=NOW, zone=UTC, width=80)


def highlighted(text: Text) -> list[str]:
    return [text.plain[s.start : s.end] for s in text.spans if s.style == MATCHED]


def test_the_words_that_the_query_asks_for_are_highlighted() -> None:
    text = matching(
        "Talks to buy TikTok, says tiktok",
        ("name", "TikTok", "title"),
        ("concept", "talks to buy", "title"),
    )
    assert highlighted(text) == ["Talks to buy", "TikTok", "tiktok"]


@pytest.mark.parametrize("title", ["İzmir: TikTok gone", "TikTok: TikTokers", "#TikTok", "TikTok"])
def test_what_is_highlighted_stands_where_the_word_does(title: str) -> None:
    assert highlighted(matching(title, ("name", "tiktok", "title"))) == ["TikTok"]


@pytest.mark.parametrize(
    "found",
    [("profile", "TikTok", "title"), ("name", "TikTok", "summary"), ("concept", "Tik", "title")],
)
def test_what_the_query_does_not_ask_for_or_is_part_of_a_word_is_not_highlighted(
    found: tuple[str, str, str],
) -> None:
    assert highlighted(matching("Talks about TikTok", found)) == []


def links_of(text: Text) -> list[tuple[str, str]]:
    return [
        (text.plain[s.start : s.end], s.style.link)
        for s in text.spans
        if isinstance(s.style, Style) and s.style.link
    ]


def test_a_headline_links_to_its_address_without_the_other_reports() -> None:
    text = timeline(TIMELINE, now=NOW, zone=UTC, width=80, address=lambda url: url + "#x")
    assert links_of(text) == [
        ("Bridge will be repaired", "https://example.org/103#x"),
        ("Council argues about the bridge", "https://example.org/99#x"),
    ]


def test_a_headline_of_two_rows_links_in_both() -> None:
    value = Timeline(STORY, (report(1, "word " * 20, at(14)),))
    text = timeline(value, now=NOW, zone=UTC, width=80, address=lambda url: url)
    assert len({link for _, link in links_of(text)}) == 1
    assert len(links_of(text)) == 2


def test_without_addresses_nothing_links() -> None:
    assert links_of(timeline(TIMELINE, now=NOW, zone=UTC, width=80)) == []
    text = timeline(TIMELINE, now=NOW, zone=UTC, width=80, address=lambda _: None)
    assert links_of(text) == []


# --- volume ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((1,) * 28 + (0, 4), ("today", 4)),
        ((1,) * 28 + (9, 4), ("yesterday", 9)),
        ((1,) * 28 + (0, 1), None),
        ((2,) * 28 + (3, 3), None),
        ((0,) * 28 + (0, 9), None),
        ((1,) * 6 + (0, 9), None),
        ((), None),
    ],
)
def test_a_surge_is_at_least_twice_the_usual(
    counts: tuple[int, ...], said: tuple[str, int] | None
) -> None:
    assert surge(counts) == said


def test_the_bars_have_a_scale_and_say_what_is_unusual() -> None:
    counts = (1,) * 28 + (0, 4)
    (row,) = volume(counts, now=NOW, zone=UTC, width=100)
    assert str(row) == (
        "▃" * 28 + "▁█  last 30 days · peak 4 reports on 20 Mar · today 4 × the usual"
    )
    rows = volume(counts, now=NOW, zone=UTC, width=60)
    assert [str(each) for each in rows][1:] == [
        "last 30 days · peak 4 reports on 20 Mar",
        "today 4 × the usual",
    ]
    assert volume((0, 0), now=NOW, zone=UTC, width=80) == []


def test_the_first_and_the_last_day_of_a_story_are_named() -> None:
    value = replace(TIMELINE, first_development=at(2))
    assert "2 Mar to 14 Mar 2031" in shown(value, 100)[1]


# --- widths ---------------------------------------------------------------------------------------

WIDE = (
    "❤️ für 中国の記事 " * 8,
    "👩‍🔬 finds 1️⃣ cure " * 8,
    "हिन्दी समाचार " * 12,
    "e\u0301te\u0301 a\u0308rger " * 12,
)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("title", WIDE)
def test_rows_of_emoji_wide_and_combining_characters_fit(width: int, title: str) -> None:
    reports = (
        report(1, title, at(14), source=title, new=True, event=1),
        report(2, title, at(14), language="ja", event=1),
        report(3, title, at(13), source=title),
    )
    value = Timeline(replace(STORY, title=title), reports, volume=(0, 1, 2))
    rows = shown(value, width, unfold=True, address=lambda url: url)
    assert max(map(width_of, rows)) <= width


@pytest.mark.parametrize(
    ("text", "cells"), [("❤️", 2), ("👩‍🔬", 2), ("1️⃣", 2), ("中", 2), ("e\u0301", 1)]
)
def test_a_character_of_several_code_points_is_as_wide_as_the_terminal_draws_it(
    text: str, cells: int
) -> None:
    assert width_of(text) == cells
