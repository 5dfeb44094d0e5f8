"""Reports that no person would link: `traps.tsv`, and reports that have to stay linked beside them.

Each line of the file has a query, a mark, a language, a title and a summary. `sure` are reports
that the story learns from. `trap` and `linked` share a name or a word with the query and nothing of
its affair: those marked `linked` are linked all the same, and a matcher that does not link them
marks them `trap`. `true` belong to the story in unusual words, and so do `missed`, which are not
linked. All are invented.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from making import make_item

from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.scoring.profile import Profile
from tracker.stories.scoring.profile_codec import profile_from_json, profile_to_json
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.learning import backfill, learn_batch
from tracker.stories.tracking.second_pass import certain_items, neighbour_pass
from tracker.stories.tracking.story_matcher import StoryMatcher

if TYPE_CHECKING:
    from tracker.stories.tracking.candidates import Candidate

FILE = Path(__file__).with_name("traps.tsv")
LANGUAGES = {"de", "en", "es", "fr", "it", "nl", "pt"}
DAY = datetime(2031, 3, 1, 12, tzinfo=UTC)
QUIET_IN_DAYS = 90
ROUNDS = 4
"""How often the sure reports of a story are repeated, by other outlets, on four days."""


class Row(NamedTuple):
    query: str
    mark: str
    language: str
    title: str
    summary: str


@cache
def rows() -> tuple[Row, ...]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(Row(**row) for row in csv.DictReader(lines, delimiter="\t", quoting=3))


@cache
def queries() -> dict[str, tuple[Row, ...]]:
    return {query: tuple(found) for query, found in groupby(rows(), lambda row: row.query)}


def analyzed(row: Row, number: int, day: int) -> AnalyzedItem:
    published = DAY + timedelta(days=day)
    return AnalyzedItem.of(
        make_item(row.title, row.summary, number=number, published=published, language=row.language)
    )


Cases = list[tuple[AnalyzedItem, "Candidate"]]


def candidates(matcher: StoryMatcher, items: list[AnalyzedItem]) -> Cases:
    return [(item, found) for item in items if (found := matcher.candidate(item))]


def polled(matcher: StoryMatcher, profile: Profile, fresh: Cases, stored: Cases) -> None:
    """Score the candidates that a poll brings to what is stored, and learn from them."""
    learn_batch(matcher.scorer, profile, [found for _, found in fresh], [])
    neighbour_pass(matcher, profile, fresh, certain_items(stored))


@cache
def linked() -> dict[str, set[tuple[str, str]]]:
    """Return which reports are linked, as query and title, by the way in which they came.

    `first` came to a story without any other report, `later` after the story had learned from its
    sure reports, `late` are those of a story followed when all reports were stored.
    """
    ways: dict[str, set[tuple[str, str]]] = {"first": set(), "later": set(), "late": set()}
    for query, found in queries().items():
        matcher = StoryMatcher.of(query, load_lexicon())
        sure = [row for row in found if row.mark == "sure"]
        learned, start = Profile(DAY.toordinal() - QUIET_IN_DAYS), 1000
        stored: Cases = []
        for day in range(ROUNDS):
            items = [analyzed(row, start + day * 100 + n, day) for n, row in enumerate(sure)]
            fresh = candidates(matcher, items)
            polled(matcher, learned, fresh, stored)
            stored += fresh
        kept = profile_to_json(learned)
        asked = [analyzed(row, n, ROUNDS - 1) for n, row in enumerate(found, 1)]
        for item in asked:
            for way, profile, before in (
                ("first", Profile(), []),
                ("later", profile_from_json(kept), stored),
            ):
                fresh = candidates(matcher, [item])
                polled(matcher, profile, fresh, before)
                ways[way].update((query, item.item.title) for _, each in fresh if each.linked)
        profile, late = Profile(DAY.toordinal() - QUIET_IN_DAYS), candidates(matcher, asked)
        late += candidates(matcher, [item for item, _ in stored])
        late.sort(key=lambda case: case[0].item.published)
        backfill(matcher.scorer, profile, [each for _, each in late])
        neighbour_pass(matcher, profile, late)
        ways["late"].update((query, item.item.title) for item, each in late if each.linked)
    return ways


def of_mark(mark: str) -> set[tuple[str, str]]:
    return {(row.query, row.title) for row in rows() if row.mark == mark}


def test_there_are_traps_enough_in_seven_languages() -> None:
    counts = Counter(row.language for row in rows() if row.mark in {"trap", "linked"})
    assert counts.keys() == LANGUAGES
    assert min(counts.values()) >= 20


def test_no_more_traps_are_linked_than_were() -> None:
    assert len(of_mark("linked")) <= 29
    assert len(of_mark("trap")) >= 357
    assert len(of_mark("true")) >= 79
    assert len(of_mark("missed")) <= 1


@pytest.mark.repeats
@pytest.mark.parametrize("way", ["first", "later", "late"])
def test_no_trap_that_was_avoided_is_linked(way: str) -> None:
    assert of_mark("trap") & linked()[way] == set()


@pytest.mark.long
@pytest.mark.repeats
def test_what_belongs_in_unusual_words_stays_linked() -> None:
    assert of_mark("true") - linked()["later"] == set()
