"""Reports that no person would link: `traps.tsv`, and reports that have to stay linked beside them.

Each line of the file has a query, a mark, a language, a title and a summary. `sure` are reports
that the story learns from. `trap` share a name or a word with the query and nothing of its affair.
`true` belong to the story in unusual words. All are invented.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest
from judging import is_candidate, verdicts
from making import make_item

from tracker.model.core import Item, Status

FILE = Path(__file__).with_name("traps.tsv")
LANGUAGES = {"de", "en", "es", "fr", "it", "nl", "pt"}
DAY = datetime(2031, 3, 1, 12, tzinfo=UTC)
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


def item_of(row: Row, number: int, day: int) -> Item:
    published = DAY + timedelta(days=day)
    return make_item(
        row.title, row.summary, number=number, published=published, language=row.language
    )


@cache
def linked() -> dict[str, set[tuple[str, str]]]:
    """Return which reports are linked, as query and title, by the way in which they came.

    `first` came to a story without any other report, `later` to one that has its sure reports.
    """
    ways: dict[str, set[tuple[str, str]]] = {"first": set(), "later": set()}
    for query, found in queries().items():
        sure = [row for row in found if row.mark == "sure"]
        known = [
            item_of(row, 1000 + day * 100 + n, day)
            for day in range(ROUNDS)
            for n, row in enumerate(sure)
        ]
        for n, row in enumerate(found, 1):
            item = item_of(row, n, ROUNDS - 1)
            for way, before in (("first", []), ("later", known)):
                if (
                    is_candidate(query, item)
                    and verdicts(query, [*before, item])[-1].status is Status.LINKED
                ):
                    ways[way].add((query, row.title))
    return ways


def of_mark(mark: str) -> set[tuple[str, str]]:
    return {(row.query, row.title) for row in rows() if row.mark == mark}


def test_there_are_traps_enough_in_seven_languages() -> None:
    counts = Counter(row.language for row in rows() if row.mark == "trap")
    assert counts.keys() == LANGUAGES
    assert min(counts.values()) >= 20
    assert len(of_mark("true")) >= 80


@pytest.mark.repeats
@pytest.mark.parametrize(("way", "missed"), [("first", 2), ("later", 0)])
def test_no_more_is_missed_than_was(way: str, missed: int) -> None:
    assert len(of_mark("true") - linked()[way]) <= missed


_MORE = pytest.mark.xfail(strict=True, reason="227: the lower threshold finds more")


@pytest.mark.repeats
@pytest.mark.parametrize(("way", "traps"), [("first", 25), pytest.param("later", 217, marks=_MORE)])
def test_no_more_traps_are_linked_than_was(way: str, traps: int) -> None:
    assert len(of_mark("trap") & linked()[way]) <= traps
