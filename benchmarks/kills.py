"""Kill backup, restore and purge at random moments, and look at what is left.

    python benchmarks/kills.py [--moments 100] [--items 60000] [--seed 1] [--only purge]

Each command runs as a process on a database of generated items and is killed (SIGKILL) at a moment
drawn from the time that it takes; some end before. After each the database has to open, to be
sound, to hold every item that a story has, and to hold either what it held before or what the
command was to make of it. A backup that has its name has to be whole. Ends with 1 at the first that
is not.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker.model.polling import FeedSource
from tracker.services.follow import follow
from tracker.store.database import connect, opened
from tracker.store.polling import feeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = datetime.now(UTC)
FEEDS = 20
OLD = NOW - timedelta(days=400)


class State(NamedTuple):
    """What a database holds, to be compared."""

    items: int
    links: int
    newest: str


class Run(NamedTuple):
    """A command that was killed, or that ended before: then `said` is what it printed."""

    killed: bool
    said: str


def build(path: Path, count: int) -> None:
    """Fill a new database: nine in ten items are old, one in a hundred is in a story."""
    with opened(path) as db:
        feeds.take_in(
            db, [FeedSource(f"https://e.example/{n}", f"F{n}") for n in range(FEEDS)], {}, ""
        )
        with db.transaction():
            db.executemany(
                "INSERT INTO items (feed_id, entry_id, url, title, summary, language, published,"
                " first_seen) VALUES (?1, ?2, ?3, ?4, ?5, 'en', ?6, ?6)",
                (
                    (
                        number % FEEDS + 1,
                        f"e{number}",
                        f"https://e.example/{number}",
                        f"{'Zentara buys Quux' if number % 100 == 0 else 'Rain and snow'} {number}",
                        f"A summary of some words for item {number}. " * 4,
                        int((OLD if number % 10 else NOW - timedelta(days=1)).timestamp()) + number,
                    )
                    for number in range(count)
                ),
            )
            db.execute(
                "INSERT INTO items_fts (rowid, title, summary, address)"
                " SELECT id, title, summary, address FROM items"
            )
            db.execute("UPDATE feeds SET items = ?", (count // FEEDS,))
        follow(db, "Zentara Quux", NOW)


def state_of(path: Path) -> State:
    """Return what a database holds; fails where it does not open or is not sound."""
    connect(path).close()
    with closing(sqlite3.connect(path)) as db:
        faults = db.execute("PRAGMA quick_check").fetchall()
        require(faults == [("ok",)], f"{path.name}: {faults}")
        orphans = db.execute("PRAGMA foreign_key_check").fetchall()
        require(not orphans, f"{path.name}: rows refer to others that are gone: {orphans[:3]}")
        (items,) = db.execute("SELECT count(*) FROM items").fetchone()
        (indexed,) = db.execute("SELECT count(*) FROM items_fts_docsize").fetchone()
        require(items == indexed, f"{path.name}: {items} items, {indexed} in the index")
        (kept,) = db.execute("SELECT sum(items) FROM feeds").fetchone()
        require(items == kept, f"{path.name}: {items} items, {kept} counted of feeds")
        (links,) = db.execute("SELECT count(*) FROM links").fetchone()
        (newest,) = db.execute("SELECT title FROM items ORDER BY id DESC LIMIT 1").fetchone()
        return State(items, links, newest)


def require(condition: bool, problem: str) -> None:  # noqa: FBT001 - as assert has it
    """End the program with 1 unless the condition holds."""
    if not condition:
        print(f"FAILED: {problem}", file=sys.stderr)
        sys.exit(1)


def run(folder: Path, *words: str, after: float | None = None) -> Run:
    """Run a command in a folder, killed after so many seconds, None to let it end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "--db", "t.db", "--feeds", "feeds.yaml", *words],
        cwd=folder,
        env=os.environ | {"HOME": str(folder), "PYTHONPATH": str(Path(__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said, complaint = process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        said, complaint = process.communicate()
    killed = process.returncode == -signal.SIGKILL
    require(killed or process.returncode == 0, f"{' '.join(words)}: {complaint}")
    return Run(killed, said)


class Bench:
    """A folder with a database that can be put back, and moments to kill at."""

    def __init__(self, folder: Path, items: int, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.database = folder / "t.db"
        (folder / "feeds.yaml").write_text("feeds: []\n", "utf-8")
        build(self.database, items)
        self.pristine = folder / "pristine.db"
        shutil.copyfile(self.database, self.pristine)
        self.state = state_of(self.database)

    def reset(self) -> None:
        """Put the database back as it was built, without logs and backups."""
        for path in self.folder.glob("t.db*"):
            path.unlink()
        shutil.rmtree(self.folder / "backups", ignore_errors=True)
        shutil.copyfile(self.pristine, self.database)

    def moments(self, count: int, *words: str) -> Iterator[float]:
        """Yield moments within the time that a command takes, most of them while it works."""
        self.reset()
        begun = time.perf_counter()
        run(self.folder, "config", "path")
        idle = time.perf_counter() - begun
        begun = time.perf_counter()
        run(self.folder, *words)
        whole = time.perf_counter() - begun
        self.reset()
        for _ in range(count):
            yield self.chance.uniform(0.8 * idle, 1.05 * whole)


def kill_backups(bench: Bench, count: int) -> Counter[str]:
    """Kill backups: what has its name is whole, and the next backup works."""
    seen: Counter[str] = Counter()
    for moment in bench.moments(count, "backup", "--keep", "2"):
        done = run(bench.folder, "backup", "--keep", "2", after=moment)
        folder = bench.folder / "backups"
        parts = len(list(folder.glob("*.part")))
        seen["an unfinished copy" if parts else "killed" if done.killed else "ended"] += 1
        require(state_of(bench.database) == bench.state, "the database changed")
        named = list(folder.glob("t-*.db"))
        require(done.killed or bool(named), "a backup that was reported is gone")
        for path in named:
            copy = bench.folder / "copy.db"
            shutil.copyfile(path, copy)
            require(state_of(copy) == bench.state, f"{path.name} is not whole")
            for beside in bench.folder.glob("copy.db*"):
                beside.unlink()
        run(bench.folder, "backup", "--keep", "2")
        require(not list(folder.glob("*.part")), "an unfinished copy was left for good")
    return seen


def kill_restores(bench: Bench, count: int) -> Counter[str]:
    """Kill restores: the database is the one before or the restored one, and the former is kept."""
    seen: Counter[str] = Counter()
    bench.reset()
    with opened(bench.database) as db:
        db.execute("DELETE FROM links")
        db.execute("UPDATE items SET title = 'Restored' WHERE id = (SELECT max(id) FROM items)")
    backup = bench.folder / "backup.db"
    bench.database.rename(backup)
    after = state_of(backup)
    for moment in bench.moments(count, "restore", "backup.db"):
        bench.reset()
        leave_log(bench.database)
        before = bench.state._replace(newest="In the log")
        done = run(bench.folder, "restore", "backup.db", after=moment)
        found = state_of(bench.database)
        require(found in {before, after}, f"the database is neither: {found}")
        require(done.killed or found == after, "a restore that was reported is gone")
        kept = list((bench.folder / "backups").glob("*-before-restore.db"))
        require(found == before or bool(kept), "the database as it was is gone")
        for path in kept:
            require(state_of(path) == before, f"{path.name} is not whole")
        seen["restored" if found == after else "as before"] += 1
    return seen


def leave_log(path: Path) -> None:
    """Write into a database and die, so that what was written is in the log alone."""
    code = (
        "import os, sys; from pathlib import Path; from tracker.store.database import connect\n"
        "db = connect(Path(sys.argv[1]))\n"
        "db.execute(\"UPDATE items SET title = 'In the log'\"\n"
        '           " WHERE id = (SELECT max(id) FROM items)")\n'
        "os._exit(0)"
    )
    root = str(Path(__file__).parents[1])
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, check=True)


def kill_purges(bench: Bench, count: int) -> Counter[str]:
    """Kill purges: no item of a story is gone, and the next one ends as if there was no kill."""
    seen: Counter[str] = Counter()
    words = ("purge", "--older-than", "90d", "--yes", "--shrink")
    bench.reset()
    run(bench.folder, *words)
    last = state_of(bench.database)
    kept = linked(bench.database)
    for moment in bench.moments(count, *words):
        bench.reset()
        done = run(bench.folder, *words, after=moment)
        found = state_of(bench.database)
        require(last.items <= found.items <= bench.state.items, f"too few items: {found}")
        require(linked(bench.database) == kept, "items of a story are gone")
        require(done.killed or found == last, "a purge that was reported is gone")
        require(tombstones(bench.database) >= bench.state.items - found.items, "no tombstones")
        between = last.items < found.items < bench.state.items
        seen["between" if between else "as before" if found.items > last.items else "purged"] += 1
        run(bench.folder, *words)
        require(state_of(bench.database) == last, "the next purge ends otherwise")
    return seen


def linked(path: Path) -> set[str]:
    """Return the titles of what the stories have."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT title FROM links JOIN items ON items.id = links.item_id")
        return {row[0] for row in rows}


def tombstones(path: Path) -> int:
    """Return how many tombstones a database has."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(*) FROM purged").fetchone()[0])


KILLS: dict[str, Callable[[Bench, int], Counter[str]]] = {
    "backup": kill_backups,
    "restore": kill_restores,
    "purge": kill_purges,
}


def main() -> None:
    """Kill each command so often, and print what was found after."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moments", type=int, default=100)
    parser.add_argument("--items", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=KILLS, help="kill this command alone")
    arguments = parser.parse_args()
    for name in [arguments.only] if arguments.only else KILLS:
        with tempfile.TemporaryDirectory() as folder:
            chance = random.Random(arguments.seed)  # noqa: S311 - the same moments every time
            bench = Bench(Path(folder), arguments.items, chance)
            seen = KILLS[name](bench, arguments.moments)
        words = ", ".join(f"{number} {what}" for what, number in sorted(seen.items()))
        print(f"{name}: {sum(seen.values())} moments: {words}", flush=True)


if __name__ == "__main__":
    main()
