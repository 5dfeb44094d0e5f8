"""A story as page, Markdown, CSV and Atom: what each says, for full, empty and closed stories."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import feedparser
import pytest
from exporting import NOW, REPORTS, STORY, TIMELINE, at, events_of, report
from markdown_it import MarkdownIt

from tracker.export.addresses import web_address
from tracker.export.atom import atom
from tracker.export.csv import COLUMNS, cell, comma_separated
from tracker.export.html import index_page, story_page
from tracker.export.markdown import escaped, markdown
from tracker.export.page_model import page_of
from tracker.export.volume import MOST_BARS, chart
from tracker.model.core import Report, State, Status, StorySummary, Timeline

PARIS = timezone(timedelta(hours=1))
SUM = (
    "5 developments in 6 reports by 3 outlets, in 3 languages, 4 Jan to 14 Mar 2031;"
    " last development 6 days ago"
)
URL = "https://example.org"
EMPTY = Timeline(replace(STORY, seen=None), ())


def page(value: Timeline = TIMELINE, **options: Any) -> str:
    return story_page(value, now=NOW, zone=UTC, **options)


def lines(value: Timeline = TIMELINE) -> list[str]:
    return markdown(value, now=NOW, zone=UTC).splitlines()


class Elements(HTMLParser):
    """The start tags of a page, with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_has_its_sections_in_order() -> None:
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page())
    assert headings == [
        "New since 14 Mar 2031 00:00",
        "Most reported",
        "Volume",
        "Timeline",
        "Outlets",
        "Doubtful",
        "Feeds that failed meanwhile",
    ]


def test_a_page_sums_the_story_up_in_a_sentence() -> None:
    assert f"{SUM}." in page()


def test_a_page_names_the_language_of_every_headline() -> None:
    tags = Elements(page()).tags
    spoken = {a["lang"] for tag, a in tags if tag in {"a", "span", "q"} and "lang" in a}
    assert spoken == {"en", "fr", "he", ""}
    links = [a for tag, a in tags if tag == "a" and (a["href"] or "").startswith("http")]
    assert all("lang" in attributes for attributes in links)


def test_a_page_links_to_web_addresses_alone() -> None:
    found = [a["href"] or "" for tag, a in Elements(page()).tags if tag == "a"]
    assert all(href.startswith(("https://", "#")) for href in found)
    assert "A report without a link" in page()


def test_every_reference_within_a_page_leads_somewhere() -> None:
    tags = Elements(page()).tags
    ids = [a["id"] for _, a in tags if "id" in a]
    assert len(ids) == len(set(ids))
    inner = {(a["href"] or "")[1:] for _, a in tags if (a.get("href") or "").startswith("#")}
    assert inner <= set(ids)
    labels = {i for _, a in tags for i in (a.get("aria-labelledby") or "").split()}
    assert labels <= set(ids)


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    text = page()
    assert "default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;" in text
    tags = Elements(text).tags
    assert not {"script", "img", "iframe", "object", "base"} & {tag for tag, _ in tags}
    assert not [a for _, a in tags if "src" in a or any(name.startswith("on") for name in a)]
    assert "url(" not in text
    assert "@import" not in text


def test_the_times_of_a_page_are_those_of_the_zone() -> None:
    text = story_page(TIMELINE, now=NOW, zone=PARIS)
    assert '<time datetime="2031-03-14T07:00+01:00">07:00</time>' in text
    assert "As of 20 Mar 2031 13:00 UTC+01:00" in text


def test_a_report_of_another_day_shows_its_date() -> None:
    late = report(110, "A day later", at(15, 1), event=103)
    assert "15 Mar 01:00" in page(replace(TIMELINE, reports=(late, *REPORTS)))


def test_only_the_first_new_developments_are_listed_and_the_others_counted() -> None:
    many = tuple(
        report(n, f"News {n}", at(19) - timedelta(hours=n), new=True) for n in range(1, 31)
    )
    text = page(replace(TIMELINE, reports=many))
    assert "And 10 more, marked as new in the timeline." in text
    assert "Nothing new since" not in text


def test_a_page_without_news_says_so() -> None:
    old = tuple(replace(r, new=False) for r in REPORTS)
    assert '<h2 id="new">Nothing new since 14 Mar 2031 00:00</h2>' in page(
        replace(TIMELINE, reports=old)
    )


def test_a_page_of_a_story_never_looked_at_has_no_news() -> None:
    assert "ew since" not in page(replace(TIMELINE, story=replace(STORY, seen=None)))


def test_a_muted_and_a_closed_story_say_so_everywhere() -> None:
    muted = replace(STORY, state=State.MUTED, muted_until=NOW + timedelta(days=3))
    closed = replace(STORY, state=State.CLOSED)
    for story, words in ((muted, "muted until 23 Mar"), (closed, "closed")):
        value = replace(TIMELINE, story=story)
        assert f'<span class="tag state">{words}</span>' in page(value)
        assert lines(value)[0] == f"# Bridge repair ({words})"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (EMPTY, "Nothing yet. `tracker poll` fetches what your feeds have;"),
        (
            replace(EMPTY, story=replace(STORY, state=State.CLOSED)),
            "`tracker story reopen bridge-repair` follows it again.",
        ),
        (replace(EMPTY, last_development=at(1)), "Nothing in the time that was asked for;"),
    ],
)
def test_an_empty_story_says_what_to_do(value: Timeline, words: str) -> None:
    assert words.replace("`", "") in Elements(page(value)).text
    assert any(words in line for line in lines(value))
    assert words in atom(value, now=NOW, zone=UTC)
    assert comma_separated(value) == ",".join(COLUMNS) + "\r\n"


def test_one_report_makes_a_page_without_chart_or_ranking() -> None:
    text = page(replace(TIMELINE, reports=REPORTS[3:4]))
    assert "1 development by 1 outlet, 13 Mar 2031;" in text
    assert "<svg" not in text
    assert "Most reported" not in text
    assert '<article id="e99"' in text


# --- volume --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "unit"),
    [
        (date(2031, 1, 2), "day"),
        (date(2031, 3, 3), "day"),
        (date(2031, 3, 4), "week"),
        (date(2032, 2, 1), "week"),
        (date(2033, 1, 1), "month"),
        (date(2040, 1, 1), "year"),
    ],
)
def test_the_unit_of_a_chart_is_the_smallest_that_fits(last: date, unit: str) -> None:
    found = chart([date(2031, 1, 1), last, last])
    assert found is not None
    assert (found.unit, len(found.bars) <= MOST_BARS) == (unit, True)
    assert sum(bar.reports for bar in found.bars) == 3
    assert found.peak.reports == 2
    assert all(a.last + timedelta(days=1) == b.first for a, b in pairwise(found.bars))


def test_a_chart_of_one_day_is_none() -> None:
    assert chart([date(2031, 1, 1)] * 3) is None
    assert chart([]) is None


def test_a_bar_has_at_least_two_units_and_the_peak_the_whole_height() -> None:
    found = chart([date(2031, 1, 1), *[date(2031, 1, 2)] * 500])
    assert found is not None
    assert [(y, height) for _, y, _, height in found.shapes] == [(58, 2), (0, 60)]


def test_the_chart_says_what_it_shows_and_a_table_says_it_again() -> None:
    text = page()
    assert '<svg role="img" aria-labelledby="chart-title chart-desc"' in text
    assert "<desc" in text
    assert "the peak is week of 10 Mar 2031 with 5 reports." in text
    assert '<th scope="row"><a href="#d2031-03-12">week of 10 Mar 2031</a></th><td>5</td>' in text


# --- Markdown ------------------------------------------------------------------------------------


def test_a_story_as_markdown() -> None:
    assert lines()[:14] == [
        "# Bridge repair",
        "",
        "Query: bridge (repair OR closure)",
        "",
        f"{SUM}.",
        "",
        "As of 20 Mar 2031 12:00 UTC",
        "",
        "## Friday 14 Mar 2031",
        "",
        f"- 06:00 [Bridge will be repaired](<{URL}/103>) (Daily Example, en) **new** `e103`",
        "  - was: Bridge is cracked",
        "  - 07:00 [Le pont sera réparé](<https://example.org/104>) (Le Exemple, fr)",
        "- 05:00 [הגשר ייסגר](<https://example.org/102>) (דוגמה, he) `e102`",
    ]
    assert "- Le Exemple: 12 Mar 2031 (does not answer)" in lines()


@pytest.mark.parametrize(
    "title",
    ["# a", "- a", "+ a", "= a", "1. a", "1) a", "> a", "* a", "---", "| a |", "`a`", "&lt;"],
)
def test_a_title_means_nothing_in_markdown_wherever_it_stands(title: str) -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(escaped(title))
    assert re.sub(r"</?p>|\n", "", html) == title.replace("&", "&amp;").replace(">", "&gt;")


# --- CSV -----------------------------------------------------------------------------------------


def test_a_row_of_csv_is_a_report() -> None:
    rows = list(csv.DictReader(io.StringIO(comma_separated(TIMELINE), newline="")))
    assert [row["item"] for row in rows] == [str(r.link.item.id) for r in REPORTS]
    assert rows[1] == {
        "event": "103",
        "item": "103",
        "published": "2031-03-14T06:00:00Z",
        "outlet": "Daily Example",
        "language": "en",
        "title": "Bridge will be repaired",
        "url": "https://example.org/103",
        "status": "linked",
        "score": "0.8",
        "new": "yes",
        "was": "Bridge is cracked",
    }


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1", " =1"])
def test_what_would_begin_a_formula_is_text(text: str) -> None:
    assert cell(text).startswith("'")


def test_markdown_says_which_report_is_confirmed_and_dates_those_of_other_days() -> None:
    late = replace(REPORTS[3], new=True)
    value = replace(TIMELINE, reports=(late, report(90, "Council meets", at(12, 8), event=99)))
    assert lines(value)[8:12] == [
        "## Wednesday 12 Mar 2031",
        "",
        f"- 08:00 [Council meets](<{URL}/90>) (Daily Example, en) `e99`",
        (
            f"  - 13 Mar 2031 21:00 [Council argues about the bridge](<{URL}/99>)"
            " (Daily Example, en) (confirmed) **new**"
        ),
    ]


# --- what a page is made of -----------------------------------------------------------------------


def test_a_query_that_says_what_the_title_does_is_left_out() -> None:
    for query, shown in (("bridge REPAIR", ""), ("bridge", "bridge")):
        value = replace(TIMELINE, story=replace(STORY, query=query))
        assert page_of(value, now=NOW, zone=UTC).query == shown


def test_of_a_new_development_the_first_report_alone_is_marked() -> None:
    both = tuple(replace(each, new=True) for each in REPORTS[:2])
    (day,) = page_of(replace(TIMELINE, reports=both), now=NOW, zone=UTC).days
    (entry,) = day.entries
    assert (entry.first.new, [line.new for line in entry.others]) == (True, [False])
    assert entry.others_words == "1 other report in fr"


def test_new_reports_of_a_development_that_was_seen_are_marked_and_counted() -> None:
    late = (replace(REPORTS[0], new=True), replace(REPORTS[1], new=False))
    (day,) = page_of(replace(TIMELINE, reports=late), now=NOW, zone=UTC).days
    (entry,) = day.entries
    assert (entry.first.new, [line.new for line in entry.others]) == (False, [True])
    assert entry.others_words == "1 other report in fr, 1 new"


def test_the_most_reported_developments_come_with_the_number_of_their_reports() -> None:
    more = tuple(report(90 + n, f"Council votes {n}", at(13, n), event=90) for n in range(3))
    value = replace(TIMELINE, reports=(*REPORTS, *more))
    found = page_of(value, now=NOW, zone=UTC).most_reported
    assert [(entry.first.event, number) for entry, number in found] == [(90, 3), (103, 2)]


# --- Atom ----------------------------------------------------------------------------------------


def entries(value: Timeline = TIMELINE) -> list[Any]:
    found = feedparser.parse(io.BytesIO(atom(value, now=NOW, zone=UTC).encode()))
    assert not found.bozo
    return list(found.entries)


def test_an_entry_of_atom_is_a_development_with_all_that_reported_it() -> None:
    first = entries()[0]
    assert first.title == "Bridge will be repaired"
    assert first.title_detail.language == "en"
    assert first.author == "Daily Example"
    assert first.published == "2031-03-14T06:00:00Z"
    assert [(each.rel, each.href, each.hreflang) for each in first.links] == [
        ("alternate", "https://example.org/103", "en"),
        ("related", "https://example.org/104", "fr"),
    ]
    assert "(was: Bridge is cracked)" in first.content[0].value
    assert 'href="https://example.org/104"' in first.content[0].value


def test_a_feed_says_what_made_it_and_when_it_last_changed() -> None:
    found = feedparser.parse(io.BytesIO(atom(TIMELINE, now=NOW, zone=UTC).encode())).feed
    assert (found.updated, found.generator) == ("2031-03-14T07:00:00Z", "tracker")


def test_the_content_of_an_entry_lists_its_reports_in_their_languages() -> None:
    found = ET.fromstring(atom(TIMELINE, now=NOW, zone=UTC))  # noqa: S314 - our own
    rows = list(found.iter("{http://www.w3.org/1999/xhtml}li"))
    assert ["".join(row.itertext()).strip() for row in rows[:2]] == [
        "Daily Example: Bridge will be repaired (was: Bridge is cracked)",
        "Le Exemple: Le pont sera réparé",
    ]
    spoken = {(row[0].get("lang"), row[0].get("{http://www.w3.org/XML/1998/namespace}lang"))
              for row in rows}  # fmt: skip
    assert spoken == {("en", "en"), ("fr", "fr"), ("he", "he"), (None, None)}


def test_a_link_of_atom_names_no_language_that_is_unknown() -> None:
    value = replace(TIMELINE, reports=(report(5, "Bridge", at(12), language=None),))
    assert "hreflang" not in entries(value)[0].links[0]


def test_atom_names_the_language_of_titles() -> None:
    found = ET.fromstring(atom(TIMELINE, now=NOW, zone=UTC))  # noqa: S314 - our own
    name = "{http://www.w3.org/2005/Atom}"
    spoken = [
        title.get("{http://www.w3.org/XML/1998/namespace}lang")
        for title in found.findall(f"{name}entry/{name}title")
    ]
    assert spoken == ["en", "he", "en", None, "en", "en"]


def test_what_rfc_4287_requires_is_there_once() -> None:
    found = ET.fromstring(atom(TIMELINE, now=NOW, zone=UTC))  # noqa: S314 - our own
    name = "{http://www.w3.org/2005/Atom}"
    for element in (found, *found.findall(f"{name}entry")):
        for required in ("id", "title", "updated", "author"):
            assert len(element.findall(f"{name}{required}")) == 1
    ids = [each.text for each in found.iter(f"{name}id")]
    assert len(ids) == len(set(ids)) == 1 + len(entries())
    assert all(str(each).startswith("urn:uuid:") for each in ids)


def test_an_entry_keeps_its_id_and_is_updated_by_what_changes_it_alone() -> None:
    late = report(
        *(120, "Bridge repair begins", at(14, 8)), source="Gazette", event=103, linked=at(16)
    )
    before = {e.id: e.updated for e in entries()}
    after = {e.id: e.updated for e in entries(replace(TIMELINE, reports=(late, *REPORTS)))}
    assert before.keys() == after.keys()
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {entries()[0].id}
    assert {after[key] for key in changed} == {"2031-03-16T09:00:00Z"}


def test_a_changed_headline_updates_the_entry() -> None:
    changed = report(99, "New words", at(13, 21), was=("Council argues about the bridge",))
    moved = replace(changed.revisions[0], replaced=at(17))
    value = replace(TIMELINE, reports=(replace(changed, revisions=(moved,)),))
    assert entries(value)[0].updated == "2031-03-17T09:00:00Z"


def test_another_story_has_other_ids() -> None:
    other = replace(TIMELINE, story=replace(STORY, id=2))
    assert not {e.id for e in entries()} & {e.id for e in entries(other)}


def test_a_doubtful_development_has_its_category() -> None:
    doubtful = [e.title for e in entries() if "doubtful" in {tag.term for tag in e.tags}]
    assert doubtful == ["Perhaps about another bridge"]


# --- the formats agree ---------------------------------------------------------------------------


LONG = tuple(report(n, f"Bridge news {n}", at(1) + timedelta(minutes=n)) for n in range(5000))


@pytest.mark.parametrize(
    "reports",
    [
        pytest.param(tuple(r for r in REPORTS if r.link.status is not Status.MAYBE), id="few"),
        pytest.param(LONG, id="5000"),
    ],
)
def test_every_format_has_the_same_events(reports: tuple[Report, ...]) -> None:
    sure = replace(TIMELINE, reports=reports)
    wanted = events_of(sure)
    rows = csv.DictReader(io.StringIO(comma_separated(sure), newline=""))
    assert {int(row["event"]) for row in rows} == wanted
    assert {int(n) for n in re.findall(r'<article id="e(\d+)"', page(sure))} == wanted
    assert {int(n) for line in lines(sure) for n in re.findall(r"`e(\d+)`$", line)} == wanted
    assert {int(tag.term[1:]) for e in entries(sure) for tag in e.tags} == wanted


# --- the page of all stories ---------------------------------------------------------------------


def summary(**values: Any) -> StorySummary:
    story = replace(STORY, **values)
    return StorySummary(story, 2, 5, 6, 1, at(14), "Bridge <b>will</b> be repaired", (0, 3, 1))


def test_the_page_of_all_stories_links_to_each() -> None:
    closed = summary(slug="pont-réparé", title="Le pont", state=State.CLOSED)
    text = index_page([summary(), closed], now=NOW, zone=UTC)
    found = [a["href"] for tag, a in Elements(text).tags if tag == "a"]
    assert found[1:] == [
        "bridge-repair/index.html",
        "bridge-repair/feed.atom",
        "pont-r%C3%A9par%C3%A9/index.html",
        "pont-r%C3%A9par%C3%A9/feed.atom",
    ]
    assert "5 developments in 6 reports · last development 6 days ago" in text
    assert "Bridge &lt;b&gt;will&lt;/b&gt; be repaired" in text
    assert '<span class="tag state">closed</span>' in text


def test_the_page_of_no_stories_says_how_to_begin_one() -> None:
    assert "tracker follow" in index_page([], now=datetime(2031, 1, 1, tzinfo=UTC), zone=UTC)


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/ä?q=1", "https://example.org/ä?q=1"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("https://u:p@example.org/", "https://example.org/"),
        ('https://example.org/a b"<>', "https://example.org/a%20b%22%3C%3E"),
        ("https://example.org/\u202ex\x1b[0m", "https://example.org/x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("https://", None),
        ("", None),
    ],
)
def test_only_web_addresses_are_linked_to(url: str, shown: str | None) -> None:
    assert web_address(url) == shown
