"""The digest: what it tells, and that it tells nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from alerting import HEADLINES, NOW, come, courier, feed, followed, link, send, target
from exporting import TIMELINE, hostile
from making import bring
from receiving import Receiver, receiving

from tracker.errors import NotFoundError, UsageError
from tracker.export import digest as written
from tracker.export.html import digest_page
from tracker.model.core import Outage
from tracker.model.digest import Burst, Digest, StoryNews
from tracker.services import alerts
from tracker.services import digest as use_case
from tracker.services import follow as following
from tracker.store.alerts import outbox
from tracker.store.database import Database
from tracker.store.following import stories
from tracker.views import json as as_json
from tracker.views.alerts.digest import digest as view

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def story(db: Database) -> Database:
    followed(db)
    return db


def told(found: Digest) -> list[str]:
    """Return the headlines of a digest, in the order of its text."""
    return [row.text for row in written.rows(found, UTC) if row.kind in {"new", "more"}]


def mark_read(db: Database, now: datetime) -> Digest:
    found = use_case.read(db, now, UTC)
    use_case.mark(db, found)
    return found


def test_the_developments_stand_in_the_order_in_which_they_came(story: Database) -> None:
    bring(story, HEADLINES[1], at=NOW - HOUR)
    bring(story, HEADLINES[0], at=NOW - 3 * HOUR)
    link(story)
    assert told(use_case.read(story, NOW, UTC)) == [HEADLINES[0], HEADLINES[1]]


def test_the_story_with_the_newest_report_is_the_first(story: Database) -> None:
    followed(story, "Nokia layoffs")
    bring(story, HEADLINES[0], at=NOW - 10 * HOUR)
    bring(story, "Nokia layoffs reach Finland", at=NOW - 5 * HOUR)
    bring(story, HEADLINES[1], at=NOW - HOUR)
    link(story)
    news = use_case.read(story, NOW, UTC).news
    assert [each.told.story.title for each in news] == ["TikTok acquisition", "Nokia layoffs"]


def test_the_past_of_a_story_that_was_begun_since_is_not_told(story: Database) -> None:
    assert use_case.read(story, NOW, UTC).developments == 0


def test_what_one_digest_told_the_next_one_does_not(story: Database) -> None:
    come(story, HEADLINES[0])
    assert told(mark_read(story, NOW)) == [HEADLINES[0]]
    come(story, HEADLINES[1], now=NOW + HOUR)
    assert told(mark_read(story, NOW + 2 * HOUR)) == [HEADLINES[1]]
    assert mark_read(story, NOW + 3 * HOUR).developments == 0


def test_a_day_that_was_missed_is_caught_up(story: Database) -> None:
    mark_read(story, NOW)
    come(story, HEADLINES[0], now=NOW + DAY)
    come(story, HEADLINES[1], now=NOW + 2 * DAY)
    assert told(use_case.read(story, NOW + 3 * DAY, UTC)) == [HEADLINES[0], HEADLINES[1]]


def test_clocks_that_were_wrong_lose_nothing(story: Database) -> None:
    mark_read(story, NOW + 9 * DAY)  # the clock was ahead
    come(story, HEADLINES[0])
    assert told(use_case.read(story, NOW + HOUR, UTC)) == [HEADLINES[0]]


def test_reading_marks_nothing(story: Database) -> None:
    come(story, HEADLINES[0])
    for _ in range(2):
        assert use_case.read(story, NOW, UTC).developments == 1


def test_a_date_reaches_back_behind_the_last_digest(story: Database) -> None:
    come(story, HEADLINES[0], now=NOW - 2 * HOUR)
    mark_read(story, NOW)
    come(story, HEADLINES[1], now=NOW + HOUR)
    found = use_case.read(story, NOW + HOUR, UTC, since=NOW - 3 * HOUR)
    assert told(found) == [HEADLINES[0], HEADLINES[1]]


def test_more_reports_of_an_old_development_are_told_as_such(story: Database) -> None:
    feed(story, "Herald", feed_id=2)
    come(story, HEADLINES[0])
    mark_read(story, NOW)
    bring(story, HEADLINES[0] + " deal", at=NOW + HOUR, feed=2)
    link(story, NOW + 2 * HOUR)
    rows = written.rows(use_case.read(story, NOW + 2 * HOUR, UTC), UTC)
    (row,) = [row for row in rows if row.kind == "more"]
    assert (row.text, row.tail) == (HEADLINES[0], "Gazette and 1 other outlet; 1 new report")


def test_a_changed_headline_is_told(story: Database) -> None:
    (number,) = come(story, HEADLINES[0])
    story.execute(
        "INSERT INTO revisions (item_id, title, replaced) VALUES (?, 'Oracle may win', ?)",
        (number, int(NOW.timestamp())),
    )
    assert "    was: Oracle may win" in written.text(
        written.rows(use_case.read(story, NOW, UTC), UTC)
    )


@pytest.mark.parametrize("state", ["muted", "closed"])
def test_stories_that_are_not_open_are_left_out(story: Database, state: str) -> None:
    come(story, HEADLINES[0])
    story.execute("UPDATE stories SET state = ?", (state,))
    assert use_case.read(story, NOW, UTC).news == ()


def test_doubtful_reports_are_left_out(story: Database) -> None:
    come(story, "ByteDance opens a school")
    assert use_case.read(story, NOW, UTC).developments == 0


def test_old_reports_that_are_found_late_are_counted(story: Database) -> None:
    mark_read(story, NOW)
    bring(story, *HEADLINES[:2], at=NOW - 5 * DAY)
    link(story, NOW + HOUR)
    found = use_case.read(story, NOW + HOUR, UTC)
    assert (found.developments, found.news[0].late) == (0, 2)
    assert "2 older developments found late" in written.text(written.rows(found, UTC))


def test_a_story_that_fell_silent_is_told_once(story: Database) -> None:
    mark_read(story, NOW)
    week = NOW + 6 * DAY + 20 * HOUR
    found = mark_read(story, week)
    assert [s.story.slug for s in found.silent] == ["tiktok-acquisition"]
    assert [(row.kind, row.text) for row in written.rows(found, UTC)[-2:]] == [
        ("heading", "Fell silent"),
        ("note", "TikTok acquisition: last development 7 days ago"),
    ]
    assert use_case.read(story, week + DAY, UTC).silent == ()


def test_a_burst_is_told(story: Database) -> None:
    bring(story, *HEADLINES[:7], at=NOW - HOUR)
    link(story)
    (news,) = use_case.read(story, NOW, UTC).news
    assert news.burst is not None
    assert news.burst.reports == 7
    assert "A burst: 7 reports in 24 hours" in written.text(
        written.rows(use_case.read(story, NOW, UTC), UTC)
    )


def test_what_is_usual_is_no_burst(story: Database) -> None:
    for day in range(1, 15):
        bring(story, *HEADLINES[:4], at=NOW - day * DAY - HOUR)
    bring(story, *HEADLINES[:7], at=NOW - HOUR)
    link(story)
    (news,) = use_case.read(story, NOW, UTC).news
    assert news.burst is None


@pytest.mark.parametrize(("usual", "says"), [(1.0, "usually 1 a day"), (0.9, "less than one")])
def test_a_burst_says_what_is_usual(usual: float, says: str) -> None:
    burst = StoryNews(TIMELINE, burst=Burst(9, usual))
    rows = written.rows(Digest(NOW - DAY, NOW, 0, 1, (burst,)), UTC)
    assert [says in row.text for row in rows if row.text.startswith("A burst")] == [True]


@pytest.mark.parametrize(("minutes", "is_told"), [(60, True), (59, False)])
def test_a_feed_that_has_just_begun_to_fail_is_not_told(
    minutes: int,
    is_told: bool,  # noqa: FBT001
) -> None:
    outage = Outage("Gazette", NOW - timedelta(minutes=minutes), None, "HTTP 500")
    text = written.text(written.rows(Digest(NOW - DAY, NOW, 0, 1, failing=(outage,)), UTC))
    assert ("1 feed failing" in text) is is_told


def test_feeds_that_fail_are_told(story: Database) -> None:
    story.execute(
        "INSERT INTO outages (feed_id, since, reason) VALUES (1, ?, 'HTTP \x1b[31m500')",
        (int((NOW - 3 * DAY).timestamp()),),
    )
    text = written.text(written.rows(use_case.read(story, NOW, UTC), UTC))
    assert text.endswith("1 feed failing\n- Gazette, for 3 days: HTTP 500")


def test_each_target_gets_what_arrived_since_its_own_last_digest(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url("/a"), name="a")
    come(story, HEADLINES[0])
    send_digest(story, tmp_path, NOW)
    target(story, tmp_path, "webhook", receiver.url("/b"), name="b")
    come(story, HEADLINES[1], now=NOW + HOUR)
    send_digest(story, tmp_path, NOW + 2 * HOUR)
    texts = [(post.path, post.json["message"]) for post in receiver.posts]
    assert [(path, [h in text for h in HEADLINES[:2]]) for path, text in texts] == [
        ("/a", [True, False]),
        ("/a", [False, True]),
        ("/b", [True, True]),
    ]


def send_digest(db: Database, folder: Path, now: datetime, *names: str) -> int:
    ids = use_case.queue(db, names, now, as_json.timeline, UTC)
    return alerts.send(db, courier(folder), now, chosen=ids).sent


def test_two_digests_a_day_send_one(story: Database, tmp_path: Path, receiver: Receiver) -> None:
    target(story, tmp_path, "webhook", receiver.url())
    come(story, HEADLINES[0])
    assert (send_digest(story, tmp_path, NOW), send_digest(story, tmp_path, NOW + HOUR)) == (1, 0)
    (post,) = receiver.posts
    assert (post.json["kind"], post.json["title"]) == (
        "digest",
        "14 Sep 2020: 1 development in 1 story",
    )
    assert [i["title"] for i in post.json["stories"][0]["items"]] == [HEADLINES[0]]


def test_a_digest_that_failed_is_sent_later_as_it_was(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url(), takes="digests")
    come(story, HEADLINES[0])
    receiver.says(500)
    assert send_digest(story, tmp_path, NOW) == 0
    receiver.says(200)
    come(story, HEADLINES[1], now=NOW + HOUR)
    assert send(story, tmp_path, NOW + HOUR).sent == 1
    first, second = receiver.posts
    assert first.body == second.body


def test_a_digest_is_sent_in_quiet_hours(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    target(story, tmp_path, "webhook", receiver.url(), quiet="11:00-18:00")
    come(story, HEADLINES[0])
    assert send_digest(story, tmp_path, NOW) == 1


def test_a_target_takes_alerts_or_digests_or_both(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    for takes in ("all", "alerts", "digests"):
        target(story, tmp_path, "webhook", receiver.url(f"/{takes}"), name=takes, takes=takes)
    come(story, HEADLINES[0])
    send(story, tmp_path)
    send_digest(story, tmp_path, NOW)
    assert [(post.path, post.json["kind"]) for post in receiver.posts] == [
        ("/all", "alert"),
        ("/alerts", "alert"),
        ("/all", "digest"),
        ("/digests", "digest"),
    ]


def test_a_target_of_one_story_gets_the_digest_of_that_one(
    story: Database, tmp_path: Path, receiver: Receiver
) -> None:
    following.follow(story, "Nokia layoffs", NOW)
    target(story, tmp_path, "webhook", receiver.url(), stories=["nokia-layoffs"])
    come(story, HEADLINES[0], "Nokia layoffs hit 600 workers in Oulu")
    send_digest(story, tmp_path, NOW)
    assert [s["story"]["slug"] for s in receiver.posts[0].json["stories"]] == ["nokia-layoffs"]


def test_a_digest_for_nobody_is_an_error(story: Database, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No target takes digests"):
        use_case.queue(story, [], NOW, as_json.timeline)
    target(story, tmp_path, "exec", "true", takes="alerts")
    with pytest.raises(UsageError, match="No target takes digests"):
        use_case.queue(story, [], NOW, as_json.timeline)
    with pytest.raises(NotFoundError):
        use_case.queue(story, ["x"], NOW, as_json.timeline)


def test_a_digest_that_waits_is_named(story: Database, tmp_path: Path) -> None:
    target(story, tmp_path, "exec", "true")
    come(story, HEADLINES[0])
    use_case.queue(story, [], NOW, as_json.timeline)
    assert [row.message.kind for row in outbox.rows(story)] == ["alert", "digest"]


HOSTILE = Digest(
    NOW - DAY,
    NOW,
    0,
    1,
    (StoryNews(hostile(300), 1, Burst(9, 0.5)),),
    (),
    hostile(3).outages,
)


def test_no_text_of_a_hostile_digest_holds_a_control_character() -> None:
    rows = written.rows(HOSTILE, UTC)
    for text in (
        written.text(rows),
        written.markdown(rows),
        digest_page(rows),
        view(rows, 80).plain,
    ):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            if name == "href":
                self.links.add(value or "")


def test_a_page_of_a_hostile_digest_has_only_its_own_elements() -> None:
    found = Tags(digest_page(written.rows(HOSTILE, UTC)))
    assert found.tags <= {
        *("html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p"),
        *("main", "section", "ul", "li", "span", "a", "footer"),
    }
    assert len(found.links) > 20
    assert all(link.startswith(("http://", "https://")) for link in found.links)


def test_markdown_of_a_hostile_digest_has_only_its_own_links_and_no_html() -> None:
    from markdown_it import MarkdownIt

    page = Tags(MarkdownIt().render(written.markdown(written.rows(HOSTILE, UTC))))
    assert page.tags <= {"h1", "h2", "p", "ul", "li", "a"}
    assert all(link.startswith(("http://", "https://")) for link in page.links)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_row_is_wider_than_the_terminal(width: int) -> None:
    from tracker.views.text import width_of

    text = view(written.rows(HOSTILE, UTC), width).plain
    assert max(map(width_of, text.splitlines())) <= width


def test_a_digest_reads_like_this(story: Database) -> None:
    feed(story, "Netzblick", feed_id=2)
    bring(story, HEADLINES[0], at=NOW - 2 * HOUR)
    link(story)
    bring(story, HEADLINES[0] + " deal", at=NOW - HOUR, feed=2, language="en")
    bring(story, HEADLINES[1], at=NOW - HOUR)
    link(story)
    assert stories.everything(story, NOW)
    text = written.text(written.rows(use_case.read(story, NOW, UTC), UTC))
    assert text.splitlines() == [
        "14 Sep 2020: 2 developments in 1 story",
        "Since 13 Sep 12:00",
        "",
        "TikTok acquisition",
        f"- 14 Sep 10:00 {HEADLINES[0]} (Gazette and 1 other outlet)",
        f"- 14 Sep 11:00 {HEADLINES[1]} (Gazette)",
    ]
