"""Measure matching: how many items a second, and how it grows with the stories that are followed.

    python benchmarks/matching.py [--stories 10 100 1000 10000 100000] [--items 50000]
                                  [--million FILE] [--no-million]

Each number of stories is measured in a process of its own, on one core, with generated queries (a
name that nobody else has and an affair of the vocabulary; one in five names a company, a person or
a country that the vocabulary knows) and generated items (a title of 9 words and a summary of 20,
drawn from 50,000 words whose frequencies fall as in real text; one in four tells of some affair).
Of the "none" items not one belongs to a story; of the "few" items one in 25 tells of a story, half
of them of its affair.

"first" is what it takes to find by which words the stories are found, which is then kept; "load"
what it takes any later poll to read that.

"read" is what splitting every item into words would take, as is done with those that are found;
"find" looks up which stories an item may belong to; "index" is the full-text index alone, the least
that SQLite asks for; "all" is linking as a poll does it, index and outcome included.

The baseline is the loop that everybody would write first: it cuts each lower-cased item at white
space and intersects its words with the set of the names looked for. It does not fold, stem, score,
learn, group, or write anything.

The last lines tell how long it takes to follow a new story in a database of a million items, built
as benchmarks/million.py builds it (or kept in FILE).
"""

from __future__ import annotations

import argparse
import collections
import gc
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from million import START, build, follow, lexicon

from tracker.model.polling import FeedSource
from tracker.services.linking import BATCH, Linker
from tracker.services.registry import StoryRegistry
from tracker.store.archive import items, queue
from tracker.store.database import connect
from tracker.store.following import stories
from tracker.store.polling import feeds
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.text.documents import AnalyzedItem, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tracker.store.database import Database

SIZES = (10, 100, 1_000, 10_000, 100_000)
KNOWN_NAMES = 5
"""One in so many stories is about a name of the vocabulary."""
TOLD = 25
"""One in so many of the "few" items tells of a story."""
AFFAIRS = 4
"""One in so many items tells of an affair, of a story or not."""
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def queries(count: int, chance: random.Random) -> Iterator[str]:
    """Generate so many queries; no two name the same, but for the names of the vocabulary."""
    vocabulary = load_lexicon()
    affairs = [
        concept.written["en"][0].rstrip("?")
        for concept in vocabulary.concepts.values()
        if "en" in concept.written
    ]
    known = [
        entity.written[0]
        for entity in vocabulary.gazetteer.entities.values()
        if entity.kind in {"company", "person", "country"} and not entity.written[0].endswith("?")
    ]
    for number in range(count):
        affair = chance.choice(affairs)
        if number % KNOWN_NAMES == 0:
            yield f"{chance.choice(known)} {affair}"
        else:
            yield f"{story_name(number)} {affair}"


def story_name(number: int) -> str:
    """Give the name that a story is about; one in ten has two words, of which one is common."""
    digits = "ba ce di fo gu ka le mi no pu".split()
    name = "Xy" + "".join(digits[int(digit)] for digit in str(number))
    return f"New {name}" if number % 10 == 1 else name


def texts(count: int, followed: int, told: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Generate titles and summaries, of which one in `told` tells of a story; 0 for none."""
    words = lexicon(chance, 50_000)
    vocabulary = load_lexicon()
    words = [word for word in words if not vocabulary.gazetteer.starting(word)]
    weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(words))))
    names = [word.capitalize() for word in lexicon(chance, 20_000)]
    names = [name for name in names if not vocabulary.gazetteer.starting(name.lower())]
    affairs = [
        form.rstrip("?")
        for concept in vocabulary.concepts.values()
        for form in concept.written.get("en", ())
        if not any(map(vocabulary.gazetteer.starting, form.lower().split()))
    ]
    asked = list(queries(followed, random.Random(1)))  # noqa: S311 - those of `database`
    for number in range(count):
        drawn = chance.choices(words, cum_weights=weights, k=28)
        title = [chance.choice(names), *drawn[:8]]
        if number % AFFAIRS == 0:
            title[3] = chance.choice(affairs)
        if told and number % told == 0:
            story = chance.randrange(followed)
            if story % KNOWN_NAMES:
                name = story_name(story)
                affair = asked[story].removeprefix(name).strip()
                title[0] = name
                title[4] = affair if number % (2 * told) == 0 else title[4]
        yield " ".join(title), " ".join(drawn[8:]) + " and so it is all new to them."


def database(path: Path, followed: int) -> Database:
    """Make a database that follows so many stories and has no items."""
    db = connect(path)
    feeds.take_in(db, [FeedSource("https://example.org/feed", "Outlet")], {}, "")
    with db.transaction():
        db.executemany(
            "INSERT INTO stories (slug, title, query, created) VALUES (?, ?, ?, ?)",
            (
                (str(number), query, query, int(START.timestamp()))
                for number, query in enumerate(queries(followed, random.Random(1)))  # noqa: S311 - the same every time
            ),
        )
    return db


def enqueue(db: Database, found: Sequence[tuple[str, str]], label: str) -> None:
    """Store items as a poll does that was ended before it matched them."""
    moment = int(START.timestamp())
    with db.transaction():
        first = db.execute("SELECT coalesce(max(id), 0) FROM items").fetchone()[0]
        db.executemany(
            "INSERT INTO items (feed_id, entry_id, url, title, summary, language, published,"
            " first_seen) VALUES (1, ?, ?, ?, ?, 'en', ?, ?)",
            (
                (f"{label} {n}", f"https://example.org/{label}/{n}", *pair, moment + n, moment + n)
                for n, pair in enumerate(found)
            ),
        )
        db.execute("INSERT INTO queue SELECT id FROM items WHERE id > ?", (first,))


def resident() -> int:
    """Return the bytes of memory that this process holds now (0 where /proc is missing)."""
    gc.collect()
    statm = Path("/proc/self/statm")
    return int(statm.read_text("ascii").split()[1]) * PAGE if statm.exists() else 0


def seconds_of(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def linked(db: Database) -> tuple[float, int]:
    """Match the queue; return the items a second after the first batch, and the new links.

    The first batch waits for the stories to be loaded, which is measured by itself.
    """
    marks: list[tuple[float, int]] = []
    linker = Linker(
        db, datetime.now(UTC), lambda done, _: marks.append((time.process_time(), done))
    )
    linker.link()
    (begun, before), (ended, after) = marks[0], marks[-1]
    return (after - before) / (ended - begun), linker.new_links


def indexed(db: Database) -> None:
    """Take the queue into the full-text index, which linking cannot do without, and no more."""
    waiting = queue.ids(db)
    for start in range(0, len(waiting), BATCH):
        with db.transaction():
            queue.index(db, waiting[start : start + BATCH])


def baseline(found: Sequence[tuple[str, str]], names: frozenset[str]) -> int:
    """Count the items that hold a name, as a first sketch would."""
    hits = 0
    for title, summary in found:
        words = set(f"{title} {summary}".lower().split())
        hits += not words.isdisjoint(names)
    return hits


def apart(db: Database, followed: int) -> dict[str, float]:
    """Measure what linking the queue begins with, each step by itself."""
    loaded = items.load(db, queue.ids(db))
    found = [(item.title, item.summary, item.language, item.source) for item in loaded]
    taken = {"vocabulary": seconds_of(load_lexicon)}
    for item in loaded[:500]:
        AnalyzedItem.of(item)
    before, started = resident(), time.process_time()
    engine = StoryRegistry.load(db).index
    taken["load"] = time.process_time() - started
    taken["bytes"] = (resident() - before) / followed
    taken["again"] = seconds_of(lambda: StoryRegistry.load(db))
    taken["read"] = len(loaded) / seconds_of(
        lambda: collections.deque(map(AnalyzedItem.of, loaded), 0)
    )
    taken["find"] = len(loaded) / seconds_of(lambda: [engine.stories(prepare(*it)) for it in found])
    return taken


def measure(followed: int, count: int) -> dict[str, float]:
    """Measure one number of stories within this process."""
    few = list(texts(count, followed, TOLD, random.Random(2)))  # noqa: S311 - the same every time
    none = list(texts(count, followed, 0, random.Random(3)))  # noqa: S311 - the same every time
    with tempfile.TemporaryDirectory() as folder:
        db = database(Path(folder, "tracker.db"), followed)
        enqueue(db, none, "none")
        taken = apart(db, followed)
        names = frozenset(query.split()[0].lower() for query in queries(followed, random.Random(1)))  # noqa: S311 - those of `database`
        taken["baseline"] = count / seconds_of(lambda: baseline(none, names))
        taken["index"] = count / seconds_of(lambda: indexed(db))
        enqueue(db, none, "again")
        taken["linked none"], taken["links none"] = linked(db)
        enqueue(db, few, "few")
        taken["linked few"], taken["links few"] = linked(db)
        taken["links stored"] = db.execute("SELECT count(*) FROM links").fetchone()[0]
        taken["peak"] = resident()
        db.close()
    return taken


def in_own_process(followed: int, count: int) -> dict[str, float]:
    """Measure in a new process, so that no memory of another size counts."""
    command = [sys.executable, __file__, "--one", str(followed), "--items", str(count)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    measured: dict[str, float] = json.loads(told.stdout)
    return measured


def show(sizes: Sequence[int], count: int) -> None:
    """Measure every size and print the table as it grows."""
    print(f"{count:,} items on one core; items/s, and their ratio to the baseline's\n")
    print(
        f"{'stories':>8}{'first':>8}{'load':>7}{'KiB per':>9}{'baseline':>11}{'read':>9}"
        f"{'find':>14}"
        f"{'index':>9}{'all, none':>16}{'all, few':>16}{'links':>8}"
    )
    print(f"{'':>8}{'s':>8}{'s':>7}{'story':>9}")
    for followed in sizes:
        taken = in_own_process(followed, count)
        base = taken["baseline"]
        ratios = [
            f"{taken[key]:,.0f} {taken[key] / base:.2f}"
            for key in ("find", "linked none", "linked few")
        ]
        print(
            f"{followed:>8,}{taken['load']:>8.2f}{taken['again']:>7.2f}"
            f"{taken['bytes'] / 1024:>9.1f}{base:>11,.0f}"
            f"{taken['read']:>9,.0f}{ratios[0]:>14}{taken['index']:>9,.0f}"
            f"{ratios[1]:>16}{ratios[2]:>16}{taken['links few']:>8,.0f}",
            flush=True,
        )


def show_million(keep: Path | None) -> None:
    """Follow stories in a database of a million items; print how long each takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = keep or Path(folder, "large.db")
        fresh = not path.exists()
        db = connect(path)
        if fresh:
            build(db, 1_000_000)
        for story in stories.everything(db, datetime.now(UTC)):
            stories.remove(db, story.id)
        for run in ("first", "again"):
            seconds, links = follow(db)
            print(f"follow in a million items, {run}: {seconds:.2f} s, {links:,} links")
            for story in stories.everything(db, datetime.now(UTC)):
                stories.remove(db, story.id)
        db.close()


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stories", type=int, nargs="+", default=SIZES)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--million", type=Path, help="keep that database here, or use this one")
    parser.add_argument("--no-million", action="store_true")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.items <= BATCH:
        parser.error(f"--items has to be more than {BATCH:,}: the first batch is not timed")
    if arguments.one:
        print(json.dumps(measure(arguments.one, arguments.items)))
        return
    show(arguments.stories, arguments.items)
    if not arguments.no_million:
        print()
        show_million(arguments.million)


if __name__ == "__main__":
    main()
