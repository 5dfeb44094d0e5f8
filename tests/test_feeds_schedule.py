"""When a feed is asked next, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.feeds.schedule import duration, next_poll
from tracker.model.polling import (
    Changed,
    Document,
    Entry,
    Failed,
    FeedSource,
    FeedState,
    NextPoll,
    NotModified,
    Outcome,
    Transfer,
    Unchanged,
    Wishes,
)
from tracker.settings import find

NOW = datetime(2020, 8, 5, 12, tzinfo=UTC)  # a Wednesday
HOUR = timedelta(hours=1)
AFTER = datetime(2020, 8, 5, 15, tzinfo=UTC)
SHORTEST, LONGEST = HOUR / 4, 24 * HOUR


def state(**known: object) -> FeedState:
    return FeedState(1, FeedSource("http://a.example/f"), **known)  # type: ignore[arg-type]


def transfer(**known: object) -> Transfer:
    return Transfer(200, 0.1, **known)  # type: ignore[arg-type]  # fields by name


def document(*hours_ago: float, **known: object) -> Document:
    entries = tuple(
        Entry(str(n), "", "t", "", published=NOW - hours * HOUR)
        for n, hours in enumerate(hours_ago)
    )
    return Document("T", None, None, entries, **known)  # type: ignore[arg-type]


def changed(found: Document, cut: int = 0, **known: object) -> Changed:
    return Changed(state(**known), transfer(), found, b"", b"", cut)


def plan(outcome: Outcome, jitter: float = 0.0) -> NextPoll:
    return next_poll(outcome, now=NOW, shortest=SHORTEST, longest=LONGEST, jitter=jitter)


def test_a_feed_is_asked_at_half_its_rhythm() -> None:
    found = plan(changed(document(0, 4, 8, 12)))
    assert found.at == NOW + 2 * HOUR
    assert found.why == "every 2 h: its own rhythm"
    assert found.rhythm == 4 * HOUR


def test_a_feed_that_fell_silent_is_asked_less() -> None:
    assert plan(changed(document(300, 301, 302))).at == NOW + LONGEST


def test_a_busy_feed_is_not_asked_more_often_than_the_user_allows() -> None:
    assert plan(changed(document(0, 0.01, 0.02))).at == NOW + SHORTEST


def test_entries_of_the_future_do_not_count() -> None:
    assert plan(changed(document(-900, 0, 4, 8))).rhythm == 4 * HOUR


def test_without_dates_the_rhythm_is_not_known() -> None:
    found = plan(changed(Document("T", None, None, ())))
    assert found.at == NOW + HOUR
    assert found.why == "every 1 h: its rhythm is not known yet"


def test_a_quiet_poll_slows_the_rhythm_down() -> None:
    found = plan(NotModified(state(rhythm=4 * HOUR), transfer()))
    assert found.rhythm == 5 * HOUR


def test_a_quiet_poll_before_its_time_does_not() -> None:
    feed = state(rhythm=4 * HOUR, next_poll=NOW + HOUR)
    assert plan(NotModified(feed, transfer())).rhythm == 4 * HOUR


def test_one_new_entry_quickens_the_rhythm() -> None:
    rhythm = plan(changed(document(0), cut=20, rhythm=5 * HOUR)).rhythm
    assert rhythm == 4 * HOUR


def test_several_new_entries_of_a_cut_document_correct_the_rhythm() -> None:
    assert plan(changed(document(0, 1, 2), cut=20, rhythm=5 * HOUR)).rhythm == 3 * HOUR


def test_a_changed_entry_without_a_new_one_quickens_nothing() -> None:
    assert plan(changed(document(), cut=20, rhythm=5 * HOUR)).rhythm == 5 * HOUR


def test_one_dated_entry_quickens_a_known_rhythm_and_gives_none() -> None:
    assert plan(changed(document(0), rhythm=5 * HOUR)).rhythm == 4 * HOUR
    assert plan(changed(document(0))).rhythm == 2 * HOUR


def test_only_the_newest_dates_count() -> None:
    assert plan(changed(document(*range(20), 9000))).rhythm == HOUR


def test_entries_of_one_date_count_as_one() -> None:
    assert plan(changed(document(0, 0, 0, 4, 8))).rhythm == 4 * HOUR


def test_the_silence_since_the_last_entry_counts() -> None:
    assert plan(changed(document(10, 11))).rhythm == 5.5 * HOUR


def test_an_entry_without_a_date_among_others_does_not_count() -> None:
    found = document(0, 4, 8)
    bare = found.entries[0]._replace(id="bare", published=None)
    assert plan(changed(found._replace(entries=(bare, *found.entries)))).rhythm == 4 * HOUR


def test_a_304_of_a_feed_whose_rhythm_is_not_known_slows_down_what_is_assumed() -> None:
    found = plan(NotModified(state(), transfer()))
    assert found.why == "every 1 h 15 min: its rhythm is not known yet"
    assert found.at == NOW + 1.25 * HOUR


def test_a_rhythm_is_remembered_up_to_twice_the_longest_wait() -> None:
    found = plan(NotModified(state(rhythm=47 * HOUR), transfer()))
    assert (found.rhythm, found.at) == (2 * LONGEST, NOW + LONGEST)


def test_a_poll_that_was_due_this_moment_slows_the_rhythm_down() -> None:
    feed = state(rhythm=4 * HOUR, next_poll=NOW)
    assert plan(NotModified(feed, transfer())).rhythm == 5 * HOUR


def test_the_longest_of_what_the_publisher_asks_for_counts() -> None:
    wishes = Wishes(3 * HOUR)
    for age, hours in ((2 * HOUR, 3), (5 * HOUR, 5)):
        known = state(rhythm=HOUR, wishes=wishes)
        assert plan(NotModified(known, transfer(max_age=age))).at == NOW + hours * HOUR


def test_a_wish_that_is_shorter_than_the_rhythm_changes_nothing() -> None:
    found = plan(NotModified(state(rhythm=8 * HOUR, wishes=Wishes(HOUR)), transfer()))
    assert found.at == NOW + 5 * HOUR
    assert found.why == "every 5 h: its own rhythm"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (changed(document(0, 1, 2, wishes=Wishes(3 * HOUR))), "in 3 h: the feed asks for it (ttl)"),
        (
            NotModified(state(rhythm=HOUR), transfer(max_age=3 * HOUR)),
            "in 3 h: its publisher's cache header asks for it",
        ),
    ],
)
def test_what_the_publisher_asks_for_makes_it_later(wish: Outcome, words: str) -> None:
    found = plan(wish)
    assert found.at == NOW + 3 * HOUR
    assert found.why == words


def test_what_the_publisher_asks_for_stays_within_the_users_bounds() -> None:
    found = plan(NotModified(state(rhythm=HOUR), transfer(max_age=900 * HOUR)))
    assert found.at == NOW + LONGEST


def test_a_ttl_is_remembered_for_polls_that_find_nothing() -> None:
    known = state(rhythm=HOUR, wishes=Wishes(3 * HOUR))
    found = plan(NotModified(known, transfer()))
    assert found.at == NOW + 3 * HOUR
    assert found.why == "in 3 h: the feed asks for it (ttl)"
    assert plan(Unchanged(known, transfer(), b"", b"")).at == NOW + 3 * HOUR


def test_a_document_that_asks_for_nothing_any_more_is_taken_at_its_word() -> None:
    found = plan(changed(document(0, 2, 4), wishes=Wishes(9 * HOUR)))
    assert found.at == NOW + HOUR


def test_hours_and_days_to_be_skipped_are_skipped() -> None:
    hours = Wishes(skip_hours=frozenset({13, 14}))
    days = Wishes(skip_days=frozenset({3}))
    assert plan(changed(document(0, 2, 4, wishes=hours))).at == AFTER
    assert plan(changed(document(0, 2, 4, wishes=hours))).why == (
        "in 3 h: when its publisher's skipHours and skipDays are over"
    )
    assert plan(changed(document(0, 30, 60, wishes=days))).at == NOW + LONGEST


def test_they_are_remembered_for_polls_that_find_nothing() -> None:
    known = state(rhythm=2 * HOUR, wishes=Wishes(skip_hours=frozenset({13, 14})))
    assert plan(NotModified(known, transfer())).at == AFTER


def test_what_skips_every_hour_is_not_obeyed() -> None:
    always = Wishes(skip_hours=frozenset(range(24)))
    assert plan(changed(document(0, 2, 4, wishes=always))).at == NOW + HOUR


@pytest.mark.parametrize(("failures", "hours"), [(0, 0.25), (1, 0.5), (4, 4), (9, 24), (900, 24)])
def test_failures_double_the_wait_up_to_the_longest(failures: int, hours: float) -> None:
    found = plan(Failed(state(failures=failures), transfer(), "no"))
    assert found.at == NOW + hours * HOUR


def test_the_longest_wait_that_a_user_may_set_can_be_doubled() -> None:
    _, minutes = find("shortest_in_minutes").bounds or (0, 0)
    most = timedelta(minutes=minutes)
    failed = Failed(state(failures=99), transfer(), "no")
    assert next_poll(failed, now=NOW, shortest=most, longest=most, jitter=0.0).at == NOW + most


def test_jitter_shortens_a_back_off_by_up_to_a_fifth() -> None:
    failed = Failed(state(failures=4), transfer(), "no")
    assert plan(failed, 0.0).at == NOW + 4 * HOUR
    assert plan(failed, 1.0).at == NOW + 0.8 * 4 * HOUR


def test_jitter_does_not_shorten_the_shortest_wait() -> None:
    assert plan(Failed(state(), transfer(), "no"), 1.0).at == NOW + SHORTEST


def test_an_early_retry_after_does_not_shorten_a_back_off() -> None:
    failed = Failed(state(failures=4), transfer(), "no", retry_at=NOW + timedelta(minutes=1))
    assert plan(failed).at == NOW + 4 * HOUR
    assert plan(failed).why == "failed 5 times: asked again in 4 h"


@pytest.mark.parametrize("gone", [False, True])
def test_a_failure_leaves_the_rhythm(*, gone: bool) -> None:
    failed = Failed(state(rhythm=3 * HOUR), transfer(), "no", gone=gone)
    assert plan(failed).rhythm == 3 * HOUR


def test_the_reason_of_a_back_off_can_be_read() -> None:
    assert plan(Failed(state(), transfer(), "no")).why == "failed once: asked again in 15 min"
    third = plan(Failed(state(failures=2), transfer(), "no"))
    assert third.why == "failed 3 times: asked again in 1 h"


def test_retry_after_is_respected_for_a_week_at_most() -> None:
    in_two_days = plan(Failed(state(), transfer(), "no", retry_at=NOW + 48 * HOUR))
    assert in_two_days.at == NOW + 48 * HOUR
    assert "its publisher asks to come back in 2 days" in in_two_days.why
    in_a_year = plan(Failed(state(), transfer(), "no", retry_at=NOW + 9000 * HOUR))
    assert in_a_year.at == NOW + 168 * HOUR


def test_what_is_gone_is_not_asked_again() -> None:
    found = plan(Failed(state(), transfer(), "no", gone=True))
    assert found.at > NOW + timedelta(days=3650)
    assert found.why.startswith("never")


@given(st.integers(0, 500), st.floats(0, 1))
def test_no_failing_feed_is_given_up(failures: int, jitter: float) -> None:
    found = plan(Failed(state(failures=failures), transfer(), "no"), jitter)
    assert NOW + SHORTEST <= found.at <= NOW + LONGEST


@given(
    st.lists(st.floats(-100, 9000), max_size=30), st.integers(0, 1), st.none() | st.floats(0, 900)
)
def test_every_success_leads_to_a_poll_within_the_bounds(
    hours: list[float], cut: int, rhythm: float | None
) -> None:
    known = None if rhythm is None else rhythm * HOUR
    found = plan(changed(document(*hours), cut=cut, rhythm=known))
    assert NOW + SHORTEST <= found.at <= NOW + LONGEST


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=5), "1 min"),
        (HOUR / 4, "15 min"),
        (1.5 * HOUR, "1 h 30 min"),
        (24 * HOUR, "24 h"),
        (60 * HOUR, "2 days"),
    ],
)
def test_a_duration_in_words(span: timedelta, words: str) -> None:
    assert duration(span) == words
