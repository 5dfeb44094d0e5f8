"""The bundled archive: what it holds, how its documents read, and how they are served."""

from __future__ import annotations

import html
import http.client
import io
import json
import re
import threading
import warnings
from calendar import timegm
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import feedparser
import pytest

from tracker.demo.archive import MOMENTS, Outlet, Report, documents, outlets, sources
from tracker.demo.server import ArchiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EVERYTHING = [(outlet, report) for outlet in outlets() for report in outlet.reports]
ZONES = {
    "en": "UTC",
    "en-GB": "Europe/London",
    "en-US": "America/New_York",
    "fr": "Europe/Paris",
    "fr-FR": "Europe/Paris",
    "de": "Europe/Berlin",
    "de-DE": "Europe/Berlin",
    "es": "Europe/Madrid",
    "es-ES": "Europe/Madrid",
}
FEEDS = pytest.mark.parametrize("outlet", outlets(), ids=lambda outlet: outlet.path)


class Read(NamedTuple):
    """An entry as a feed reader finds it; `when` is None where there is no date to be read."""

    title: str
    link: str
    when: datetime | None


def read(outlet: Outlet, moment: datetime) -> list[Read]:
    body = outlet.document(moment)
    if outlet.channel.format == "json":
        items = json.loads(body)["items"]
        return [
            Read(item["title"], item["url"], datetime.fromisoformat(item["date_published"]))
            for item in items
        ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # feedparser's own
        document = feedparser.parse(io.BytesIO(body))
        assert not document.bozo, document.bozo_exception
        assert document.feed.title == outlet.channel.title
        assert document.feed.language == outlet.channel.language
        return [Read(html.unescape(e.title), e.link, published(e)) for e in document.entries]


def published(entry: Mapping[str, Any]) -> datetime | None:
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    return datetime.fromtimestamp(timegm(when), UTC) if when else None


def outlet_at(path: str) -> Outlet:
    return next(outlet for outlet in outlets() if outlet.path == path)


def shown(outlet: Outlet, moment: datetime) -> list[Report]:
    return [report for report in outlet.reports if report.at <= moment][-outlet.shown :]


def mentions(report: Report, *words: str) -> bool:
    text = f"{report.title} {report.summary}".lower()
    return all(word in text for word in words)


# --- what it holds -------------------------------------------------------------------------------


def test_the_archive_is_of_the_size_that_a_demo_needs() -> None:
    assert len(outlets()) == 12
    assert 160 <= len(EVERYTHING) <= 400


def test_most_entries_are_not_about_the_affair() -> None:
    of_tiktok = [report for _, report in EVERYTHING if mentions(report, "tiktok")]

    assert len(of_tiktok) < 0.45 * len(EVERYTHING)


def test_four_languages_have_their_outlets() -> None:
    spoken = Counter(outlet.channel.language[:2] for outlet in outlets())

    assert spoken["en"] >= 4
    assert spoken["fr"] >= 3
    assert spoken["de"] >= 2
    assert spoken["es"] >= 2


def test_every_kind_of_feed_is_there() -> None:
    assert {outlet.channel.format for outlet in outlets()} == {"rss", "atom", "rdf", "json"}


def test_oracles_win_is_reported_in_four_languages_on_one_day() -> None:
    day = [
        outlet
        for outlet, report in EVERYTHING
        if report.at.astimezone(UTC).date() == date(2020, 9, 14)
        and mentions(report, "oracle", "tiktok", "microsoft")
    ]

    assert len({outlet.path for outlet in day}) >= 6
    assert {outlet.channel.language[:2] for outlet in day} == {"en", "fr", "de", "es"}


def test_entries_lie_in_the_second_half_of_2020() -> None:
    assert {report.at.astimezone(UTC).year for _, report in EVERYTHING} == {2020}
    assert {report.at.astimezone(UTC).month for _, report in EVERYTHING} == set(range(7, 13))


@FEEDS
def test_local_times_follow_the_clock_of_the_place(outlet: Outlet) -> None:
    try:
        zone = ZoneInfo(ZONES[outlet.channel.language])
    except ZoneInfoNotFoundError:
        pytest.skip("this machine has no time zone database")

    for report in outlet.reports:
        assert report.at.utcoffset() == report.at.astimezone(zone).utcoffset(), report.title


def test_no_two_entries_share_a_link() -> None:
    links = Counter(
        outlet.edition(report, MOMENTS[-1]).link.partition("?")[0] for outlet, report in EVERYTHING
    )

    assert max(links.values()) == 1


@pytest.mark.parametrize(
    "words",
    [("fund", "creator"), ("reels",), ("youtube shorts",), ("pakistan",), ("cranberry",)],
)
def test_tiktok_is_in_the_news_for_other_reasons_too(words: tuple[str, ...]) -> None:
    assert any(mentions(report, "tiktok", *words) for _, report in EVERYTHING)


@pytest.mark.parametrize("name", ["oracle", "microsoft", "walmart", "bytedance", "trump"])
def test_its_names_are_in_other_news_too(name: str) -> None:
    others = [r for _, r in EVERYTHING if mentions(r, name) and not mentions(r, "tiktok")]

    assert others


# --- how the documents read ----------------------------------------------------------------------


@FEEDS
def test_a_document_declares_and_uses_its_encoding(outlet: Outlet) -> None:
    body = outlet.document(MOMENTS[-1])

    body.decode(outlet.channel.encoding)
    if outlet.channel.format != "json":
        assert f'encoding="{outlet.channel.encoding}"'.encode() in body[:80]
    if outlet.channel.encoding != "utf-8":
        with pytest.raises(UnicodeDecodeError):
            body.decode("utf-8")


def test_three_encodings_are_in_use() -> None:
    used = {outlet.channel.encoding for outlet in outlets()}

    assert used == {"utf-8", "iso-8859-1", "windows-1252"}


@FEEDS
def test_a_document_holds_the_latest_entries_with_their_headlines(outlet: Outlet) -> None:
    for moment in MOMENTS:
        titles = [entry.title for entry in read(outlet, moment)]
        wanted = [html.unescape(r.headline(moment)) for r in reversed(shown(outlet, moment))]
        assert list(dict.fromkeys(titles)) == wanted


@FEEDS
def test_a_document_says_when_its_entries_appeared(outlet: Outlet) -> None:
    when = {entry.title: entry.when for entry in read(outlet, MOMENTS[-1])}

    for report in shown(outlet, MOMENTS[-1]):
        if report.date == "machine":
            assert when[html.unescape(report.headline(MOMENTS[-1]))] == report.at


def test_one_date_is_in_french_words() -> None:
    body = documents(MOMENTS[12])["/gazette-du-net/rss"][0].decode()

    assert "<pubDate>lundi 14 septembre 2020 à 08h12</pubDate>" in body


def test_some_entries_have_no_date() -> None:
    assert any(report.date == "none" for _, report in EVERYTHING)


def test_one_feed_gives_no_ids() -> None:
    body = documents(MOMENTS[-1])["/gazette-du-net/rss"][0]

    assert b"<item>" in body
    assert b"<guid" not in body


def test_an_entry_may_be_listed_twice() -> None:
    titles = Counter(entry.title for entry in read(outlet_at("/fil-numerique.rss"), MOMENTS[14]))
    twice = [title for title, times in titles.items() if times == 2]

    assert twice == ["Trump approuve l'accord entre TikTok, Oracle et Walmart"]


def test_links_of_some_feeds_carry_tracking_parameters() -> None:
    entries = read(outlet_at("/daily-circuit.rss"), MOMENTS[-1])

    assert all("utm_source=rss" in entry.link for entry in entries)


def test_summaries_have_markup_and_entities() -> None:
    summaries = " ".join(report.summary for _, report in EVERYTHING)

    assert {"<p>", "<a href=", "<em>", "&nbsp;", "&eacute;", "&#8239;"} <= set(
        re.findall(r"<a href=|<\w+>|&#?\w+;", summaries)
    )


# --- how they change -----------------------------------------------------------------------------


@FEEDS
def test_polling_at_each_moment_loses_no_entry(outlet: Outlet) -> None:
    seen = {report.title for moment in MOMENTS for report in shown(outlet, moment)}

    assert seen == {report.title for report in outlet.reports}


@FEEDS
def test_a_feed_is_never_empty(outlet: Outlet) -> None:
    assert shown(outlet, MOMENTS[0])


def test_every_changed_headline_is_seen_before_and_after() -> None:
    changed = [(outlet, report) for outlet, report in EVERYTHING if report.changes]

    assert len(changed) >= 8
    for outlet, report in changed:
        seen = [report.headline(m) for m in MOMENTS if report in shown(outlet, m)]
        assert list(dict.fromkeys(seen)) == [report.title, *(t for _, t in report.changes)]


def test_every_moment_brings_something() -> None:
    times = sorted(report.at for _, report in EVERYTHING)

    assert list(MOMENTS) == sorted(set(MOMENTS))
    for before, after in pairwise(MOMENTS):
        assert any(before < at <= after for at in times)


def test_a_feed_without_news_stays_the_same_to_the_byte() -> None:
    moment = MOMENTS[3]

    assert documents(moment) == documents(moment + timedelta(seconds=1))


# --- how they are served -------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[ArchiveServer]:
    with ArchiveServer(MOMENTS[0]) as running:
        yield running


@pytest.fixture
def client(server: ArchiveServer) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=10)
    yield connection
    connection.close()


def ask(
    client: http.client.HTTPConnection, path: str, **headers: str
) -> tuple[int, bytes, http.client.HTTPMessage]:
    client.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    response = client.getresponse()
    return response.status, response.read(), response.headers


def test_sources_name_every_feed(server: ArchiveServer) -> None:
    listed = sources(server.base_url)

    assert [source.url for source in listed] == [server.base_url + o.path for o in outlets()]
    assert all(source.title and source.language and source.tags for source in listed)
    assert {len(source.language or "") for source in listed} == {2}


def test_every_source_is_served(server: ArchiveServer, client: http.client.HTTPConnection) -> None:
    for source in sources(server.base_url):
        path = urlsplit(source.url).path
        status, body, headers = ask(client, path)
        assert (status, body, headers["Content-Type"]) == (200, *documents(MOMENTS[0])[path])


def test_the_known_etag_is_answered_with_304(client: http.client.HTTPConnection) -> None:
    _, _, headers = ask(client, "/netzblick.rdf")

    status, body, again = ask(client, "/netzblick.rdf", If_None_Match=headers["ETag"])

    assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])


def test_the_known_date_is_answered_with_304(client: http.client.HTTPConnection) -> None:
    _, _, headers = ask(client, "/netzblick.rdf")

    status, body, _ = ask(client, "/netzblick.rdf", If_Modified_Since=headers["Last-Modified"])

    assert (status, body) == (304, b"")


def test_a_strange_etag_outweighs_the_date(client: http.client.HTTPConnection) -> None:
    _, _, headers = ask(client, "/netzblick.rdf")

    status, _, _ = ask(
        client,
        "/netzblick.rdf",
        If_None_Match='"other"',
        If_Modified_Since=headers["Last-Modified"],
    )

    assert status == 200


def test_a_date_that_cannot_be_read_is_ignored(client: http.client.HTTPConnection) -> None:
    assert ask(client, "/netzblick.rdf", If_Modified_Since="yesterday")[0] == 200


def test_a_step_brings_the_next_edition(
    server: ArchiveServer, client: http.client.HTTPConnection
) -> None:
    _, before, headers = ask(client, "/netzblick.rdf")

    server.step(MOMENTS[12])
    status, after, _ = ask(client, "/netzblick.rdf", If_None_Match=headers["ETag"])

    assert status == 200
    assert after == documents(MOMENTS[12])["/netzblick.rdf"][0] != before


def test_a_step_without_news_keeps_the_validators(
    server: ArchiveServer, client: http.client.HTTPConnection
) -> None:
    _, _, headers = ask(client, "/netzblick.rdf")

    server.step(MOMENTS[0] + timedelta(seconds=5))
    _, _, again = ask(client, "/netzblick.rdf")

    assert again["Last-Modified"] == headers["Last-Modified"]
    assert again["ETag"] == headers["ETag"]


def test_an_unknown_path_is_answered_with_404(client: http.client.HTTPConnection) -> None:
    assert ask(client, "/nothing")[0] == 404


def test_leaving_ends_every_thread_even_with_a_connection_kept_alive() -> None:
    threads = set(threading.enumerate())
    with ArchiveServer(MOMENTS[0]) as running:
        connection = http.client.HTTPConnection(urlsplit(running.base_url).netloc, timeout=10)
        ask(connection, "/netzblick.rdf")

    connection.close()
    assert set(threading.enumerate()) <= threads


def test_the_server_prints_nothing(
    client: http.client.HTTPConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    ask(client, "/netzblick.rdf")
    ask(client, "/nothing")

    assert capfd.readouterr() == ("", "")


def test_a_server_that_does_not_run_has_no_address() -> None:
    with pytest.raises(RuntimeError):
        _ = ArchiveServer(MOMENTS[0]).base_url
