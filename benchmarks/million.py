"""Measure reading and following on a large database.

    python benchmarks/million.py [--items 1000000] [--stories 0] [--keep FILE]

Builds a database of so many generated items over two years (headlines drawn from 50,000 words whose
frequencies fall as in real text, and 2,000 names), in which one story has a link in 1,000 items,
and prints how long the commands take, each as a whole process, best of five, beside an interpreter
that only imports typer and rich. With `--stories` so many of the names are followed as well, each
since the last tenth of the time, with some 50 links; that takes a quarter of a second a story.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.model.polling import FeedSource
from tracker.services.follow import follow as begin
from tracker.store.database import connect
from tracker.store.following import links, stories
from tracker.store.polling import feeds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.store.database import Database

START = datetime(2024, 1, 1, tzinfo=UTC)
SPAN_IN_SECONDS = 2 * 365 * 86_400
FEEDS = 500
CHUNK = 20_000
WORDS = 50_000
NAMES = 2_000
AFFAIR = ("Zentara", "acquisition")
SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo zu chan fer gris lom ner".split()


def lexicon(chance: random.Random, count: int) -> list[str]:
    """Return so many different words that look like words."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(found)


def rows(count: int, chance: random.Random) -> Iterator[tuple[object, ...]]:
    """Generate items as rows of the table, in the order of time."""
    words = lexicon(chance, WORDS)
    weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(words))))
    names = [word.capitalize() for word in lexicon(chance, NAMES)]
    for number in range(count):
        drawn = chance.choices(words, cum_weights=weights, k=28)
        title = [chance.choice(names), *drawn[:8]]
        if number % 500 == 0:
            title[0] = AFFAIR[0]
        if number % 1_000 == 0:
            title[3] = AFFAIR[1]
        moment = int(START.timestamp()) + number * SPAN_IN_SECONDS // count
        yield (
            number % FEEDS + 1,
            f"entry {number}",
            f"https://example.org/{number}",
            " ".join(title),
            " ".join(drawn[8:]),
            "en",
            moment,
            moment,
        )


def build(db: Database, count: int) -> None:
    """Fill a new database."""
    sources = [FeedSource(f"https://example.org/feed/{n}", f"Outlet {n}") for n in range(FEEDS)]
    feeds.take_in(db, sources, {}, "")
    source = rows(count, random.Random(1))  # noqa: S311 - the same items every time
    number = 0
    while chunk := list(itertools.islice(source, CHUNK)):
        with db.transaction():
            db.executemany(
                "INSERT INTO items (feed_id, entry_id, url, title, summary, language, published,"
                " first_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                chunk,
            )
            db.execute(
                "INSERT INTO items_fts (rowid, title, summary)"
                " SELECT id, title, summary FROM items WHERE id > ?",
                (number,),
            )
        number += len(chunk)
    db.execute("UPDATE feeds SET items = ?", (count // FEEDS,))


def follow_names(db: Database, count: int) -> None:
    """Follow so many of the names that the items are about, but for those already followed."""
    chance = random.Random(1)  # noqa: S311 - the names of the items
    lexicon(chance, WORDS)
    names = [word.capitalize() for word in lexicon(chance, NAMES)]
    known = {story.query for story in stories.everything(db, datetime.now(UTC))}
    since = START + timedelta(seconds=SPAN_IN_SECONDS * 0.9)
    for name in names[:count]:
        if name not in known:
            begin(db, name, datetime.now(UTC), since=since)


def follow(db: Database) -> tuple[float, int]:
    """Follow the affair within this process; return the seconds and how many links it made."""
    started = time.perf_counter()
    followed = begin(db, " ".join(AFFAIR), datetime.now(UTC))
    return time.perf_counter() - started, followed.preview.linked_count


def best(command: list[str], environment: dict[str, str], runs: int = 5) -> float:
    """Return the seconds of the fastest of several runs of a whole process."""
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        taken.append(time.perf_counter() - started)
    return min(taken)


def main() -> None:
    """Build the database where need be, measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--stories", type=int, default=0, help="follow so many names besides")
    parser.add_argument("--keep", type=Path, help="keep the database here, or use the one there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.keep or Path(folder, "large.db")
        fresh = not path.exists()
        db = connect(path)
        if fresh:
            started = time.perf_counter()
            build(db, arguments.items)
            print(f"built {arguments.items:,} items in {time.perf_counter() - started:.0f} s")
        for story in stories.everything(db, datetime.now(UTC)):
            if story.query == " ".join(AFFAIR) or not arguments.stories:
                stories.remove(db, story.id)
        follow_names(db, arguments.stories)
        seconds, linked = follow(db)
        (story,) = (
            each
            for each in stories.everything(db, datetime.now(UTC))
            if each.query == " ".join(AFFAIR)
        )
        assert len(links.of_story(db, story.id)) >= linked  # noqa: S101 - what is measured is there
        db.close()
        environment = os.environ | {"TRACKER_DB": str(path), "HOME": folder}
        program = [sys.executable, "-m", "tracker"]
        base = best([sys.executable, "-c", "import typer, rich"], environment)
        size = path.stat().st_size >> 20
        others = f" and {arguments.stories:,} other stories" if arguments.stories else ""
        print(f"{arguments.items:,} items, {size:,} MiB, a story of {linked:,} links{others}\n")
        print(f"{'command':44}{'seconds':>9}{'ratio':>8}")
        print(f"{'python, importing typer and rich':44}{base:9.3f}{1:8.1f}")
        for words in (
            ["--help"],
            ["timeline", story.slug, "--peek"],
            ["timeline", story.slug, "--peek", "--limit", "0"],
            ["timeline", "--peek"],
            ["stories"],
            ["search", AFFAIR[0]],
        ):
            taken = best([*program, *words], environment)
            print(f"{'tracker ' + ' '.join(words):44}{taken:9.3f}{taken / base:8.1f}")
        print(f"{'follow, within a process':44}{seconds:9.3f}{seconds / base:8.1f}")


if __name__ == "__main__":
    main()
