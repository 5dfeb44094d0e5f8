"""Poll side by side: tracker, newsboat, sfeed, reader and a plain feedparser script.

  python benchmarks/poll.py [--feeds 200] [--rounds 5] [--only tracker,…] [--keep FILE]
  python benchmarks/poll.py --latency
  python benchmarks/poll.py --growth
  python benchmarks/poll.py --crowd

A server of its own process gives every feed from memory, on loopback. The scenarios:

  cold     an empty database, everything is new
  304      the same again, with validators
  same     the same again from feeds that give no validators
  new      one new entry in each feed
  latency  cold and 304 with every answer 100 ms late, each feed on its own address
  growth   tracker alone with 2,000 and 10,000 feeds, time and memory from one run
  crowd    tracker alone, 1,250 to 5,000 near-identical entries that concern all 20 stories

There are two loads. Of "plain" all feeds are RSS of invented words, and nearly no entry concerns a
story. Of "news" every second feed is Atom, the words are real, and one entry in ten names the
subject of a story.

tracker follows 20 stories, matches what is new and writes with full durability. In every round
the programs run one after the other; the table shows the median of each in wall seconds, and its
ratio to newsboat's in the same round. Memory is the peak of the proportional set sizes (PSS) of all
processes of a program, from a run of its own. Programs that are not installed are left out; reader
is looked for in the environment that READER_PYTHON names (its interpreter). FILE keeps what was
measured, a file of its own for each load, so that rounds can be run at different times: the table
is of all that it holds.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import news
from memory import family, pss
from publisher import ENTRIES, STORIES, document, serve

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
GROWN = (2_000, 10_000)
CROWDS = tuple(entries // ENTRIES for entries in (1_250, 2_500, 5_000))
PLAIN = """
import io, sqlite3, sys, urllib.request
from concurrent.futures import ThreadPoolExecutor
import feedparser
db = sqlite3.connect(sys.argv[1])
db.execute("create table if not exists feed (url primary key, etag)")
db.execute("create table if not exists item "
           "(feed, id, title, url, summary, primary key (feed, id))")
known = dict(db.execute("select url, etag from feed"))
def get(url):
    headers = {"If-None-Match": known[url]} if known.get(url) else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return url, answer.headers["ETag"], answer.read()
    except urllib.error.HTTPError:
        return url, None, None
with ThreadPoolExecutor(8) as pool:
    for url, etag, body in pool.map(get, open(sys.argv[2]).read().split()):
        if body is None:
            continue
        found = feedparser.parse(io.BytesIO(body))
        with db:
            db.execute("insert or replace into feed values (?, ?)", (url, etag))
            db.executemany("insert or replace into item values (?, ?, ?, ?, ?)", [
                (url, e.get("id"), e.get("title"), e.get("link"), e.get("summary"))
                for e in found.entries])
"""
READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1], feed_root="")
for url in open(sys.argv[2]).read().split():
    reader.add_feed(url, exist_ok=True)
reader.update_feeds(workers=10, scheduled=False)
"""


@dataclass(frozen=True)
class Load:
    """What is polled: `write` makes a feed's document; tracker follows the `stories`."""

    name: str
    write: Callable[[int, int], bytes]
    stories: list[str]


LOADS = [Load("plain", document, STORIES), Load("news", news.document, news.STORIES)]
CROWD = Load("crowd", news.crowded_document, news.CROWDED)


@dataclass(frozen=True)
class Program:
    """A program to be measured; `prepare` writes its files, `command` polls once."""

    name: str
    prepare: Callable[[Path, list[str]], None]
    command: Callable[[Path], list[str]]


def tracker_files(stories: list[str]) -> Callable[[Path, list[str]], None]:
    """Write feeds.yaml and follow the stories."""

    def write(folder: Path, urls: list[str]) -> None:
        lines = "".join(f"  - url: {json.dumps(url)}\n" for url in urls)
        (folder / "feeds.yaml").write_text(f"feeds:\n{lines}")
        for story in stories:
            run([*tracker_command(folder)[:-3], "follow", story], folder)

    return write


def tracker_command(folder: Path) -> list[str]:
    """Poll all feeds, due or not."""
    db, feeds = folder / "tracker.db", folder / "feeds.yaml"
    start = [sys.executable, "-m", "tracker", "--db", str(db), "--feeds", str(feeds)]
    return [*start, "poll", "--force", "--quiet"]


def newsboat_files(folder: Path, urls: list[str]) -> None:
    """Write the list of feeds and a configuration with 16 threads."""
    (folder / "urls").write_text("\n".join(urls) + "\n")
    (folder / "config").write_text("reload-threads 16\ncache-file cache.db\nmax-items 0\n")


def newsboat_command(folder: Path) -> list[str]:
    """Reload all feeds and exit."""
    files = ["-u", "urls", "-c", "cache.db", "-C", "config"]
    return ["newsboat", *[str(folder / part) if part[0] != "-" else part for part in files],
            "-x", "reload"]  # fmt: skip


def sfeed_files(folder: Path, urls: list[str]) -> None:
    """Write its configuration, a shell script."""
    (folder / "feeds").mkdir(exist_ok=True)
    lines = [f"  feed 'feed{number}' '{url}'" for number, url in enumerate(urls)]
    script = [f"sfeedpath='{folder / 'feeds'}'", "feeds() {", *lines, "}", ""]
    (folder / "sfeedrc").write_text("\n".join(script))


def script_files(code: str) -> Callable[[Path, list[str]], None]:
    """Write a Python script and the list of feeds."""

    def write(folder: Path, urls: list[str]) -> None:
        (folder / "script.py").write_text(code)
        (folder / "urls").write_text("\n".join(urls) + "\n")

    return write


def script_command(interpreter: str) -> Callable[[Path], list[str]]:
    """Run the script on its database and list."""
    return lambda folder: [
        interpreter, str(folder / "script.py"), str(folder / "script.db"), str(folder / "urls"),
    ]  # fmt: skip


def programs(load: Load) -> list[Program]:
    """Return those that are installed, tracker first."""
    found = [Program("tracker", tracker_files(load.stories), tracker_command)]
    if shutil.which("newsboat"):
        found.append(Program("newsboat", newsboat_files, newsboat_command))
    if shutil.which("sfeed_update"):
        command = lambda folder: ["sfeed_update", str(folder / "sfeedrc")]  # noqa: E731 - as short as the others
        found.append(Program("sfeed", sfeed_files, command))
    if reader := os.environ.get("READER_PYTHON"):
        found.append(Program("reader", script_files(READER), script_command(reader)))
    found.append(Program("plain script", script_files(PLAIN), script_command(sys.executable)))
    return found


def run(command: list[str], folder: Path) -> float:
    """Run to the end and return the wall seconds; a failure is shown and ends the benchmark."""
    environment = {**os.environ, "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=False, text=True
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return seconds


def watched(command: list[str], folder: Path, *, every: float = 0.01) -> tuple[float, float]:
    """Run to the end; return the wall seconds and the peak PSS with all children in MiB.

    It is looked at `every` so many seconds, which takes a millisecond each time.
    """
    environment = {**os.environ, "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(map(pss, family(process.pid))))
            time.sleep(every)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - began, peak / 1024


class Bench:
    """One load of feeds, and what each program took for each scenario."""

    def __init__(self, origin: str, count: int, *, apart: bool = False) -> None:
        self.origin = origin
        self.count = count
        self.apart = apart
        self.seconds: dict[tuple[str, str], list[float]] = {}
        self.memory: dict[tuple[str, str], float] = {}

    def read(self, path: Path) -> None:
        """Take up what was measured at other times."""
        if path.exists():
            for name, scenario, seconds, peak in json.loads(path.read_text()):
                self.seconds[name, scenario] = seconds
                self.memory[name, scenario] = peak

    def write(self, path: Path) -> None:
        """Keep what was measured."""
        rows = [[*key, seconds, self.memory.get(key, 0.0)] for key, seconds in self.seconds.items()]
        path.write_text(json.dumps(rows))

    def urls(self, kind: str) -> list[str]:
        """List the feeds with validators ("v") or without ("n")."""
        port = self.origin.rpartition(":")[2]
        hosts = (
            f"127.{1 + n // 62500}.{n // 250 % 250}.{1 + n % 250}" if self.apart else "127.0.0.1"
            for n in range(self.count)
        )
        return [f"http://{host}:{port}/{kind}/{n}" for n, host in enumerate(hosts)]

    def control(self, **settings: float) -> None:
        """Tell the server what to give: `issue` (how many new entries) and `latency` (seconds)."""
        query = "&".join(f"{name}={value}" for name, value in settings.items())
        with urllib.request.urlopen(f"{self.origin}/-/set?{query}") as answer:  # noqa: S310 - our own server
            answer.read()

    def round(self, program: Program, scenarios: tuple[str, ...], *, memory: bool = False) -> None:
        """Run a program through the scenarios, each on what the one before left."""
        for kind in ("v", "n"):
            wanted = [name for name in scenarios if (name == "same") == (kind == "n")]
            if not wanted:
                continue
            with tempfile.TemporaryDirectory(prefix="tracker-bench-") as name:
                folder = Path(name)
                self.control(issue=0)
                program.prepare(folder, self.urls(kind))
                if wanted[0] not in {"cold", "cold late"}:
                    run(program.command(folder), folder)
                for scenario in wanted:
                    if scenario.startswith("304"):
                        # newsboat loses the validators of its first reload.
                        run(program.command(folder), folder)
                    if scenario == "new":
                        self.control(issue=1)
                    key = (program.name, scenario)
                    if memory:
                        _, self.memory[key] = watched(program.command(folder), folder)
                    else:
                        seconds = run(program.command(folder), folder)
                        self.seconds.setdefault(key, []).append(seconds)

    def table(self, scenarios: tuple[str, ...], names: list[str]) -> str:
        """Lay out the medians, with the ratio to newsboat's where it ran."""
        lines = [f"| {self.count} feeds | " + " | ".join(scenarios) + " | peak PSS |"]
        lines.append("|---" * (len(scenarios) + 2) + "|")
        for name in names:
            cells = [self.cell(name, scenario) for scenario in scenarios]
            peak = max((self.memory.get((name, each), 0.0) for each in scenarios), default=0.0)
            lines.append(f"| {name} | " + " | ".join(cells) + f" | {peak:.0f} MiB |")
        return "\n".join(lines)

    def cell(self, name: str, scenario: str) -> str:
        """Lay out one median, with its ratio."""
        mine = self.seconds.get((name, scenario), [])
        if not mine:
            return ""
        text = f"{statistics.median(mine):.2f}"
        other = self.seconds.get(("newsboat", scenario), [])
        if other and name != "newsboat":
            pairs = [a / b for a, b in zip(mine, other, strict=False)]
            text += f" (× {statistics.median(pairs):.2f})"
        return text


def measure(
    bench: Bench,
    chosen: list[Program],
    scenarios: tuple[str, ...],
    rounds: int,
    keep: Path | None = None,
) -> None:
    """Run all programs in turn, round after round, then once for their memory; print the table."""
    if keep:
        bench.read(keep)
    for number in range(rounds):
        for program in chosen if number % 2 == 0 else chosen[::-1]:
            bench.round(program, scenarios)
    for program in chosen:
        if any(not bench.memory.get((program.name, each)) for each in scenarios):
            bench.round(program, scenarios, memory=True)
    if keep:
        bench.write(keep)
    print(bench.table(scenarios, [program.name for program in chosen]), flush=True)
    print(flush=True)


def grow(bench: Bench, program: Program, scenarios: tuple[str, ...]) -> None:
    """Run a program once on many feeds, and print each result as it is there."""
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as name:
        folder = Path(name)
        bench.control(issue=0)
        program.prepare(folder, bench.urls("v"))
        for scenario in scenarios:
            if scenario == "new":
                bench.control(issue=1)
            seconds, peak = watched(program.command(folder), folder, every=0.1)
            print(f"{bench.count} feeds, {scenario}: {seconds:.1f} s, {peak:.0f} MiB", flush=True)


def compare(load: Load, options: argparse.Namespace) -> None:
    """Measure all programs with a load, and print the table."""
    names = options.only.split(",") if options.only else None
    chosen = [each for each in programs(load) if names is None or each.name in names]
    keep = options.keep and options.keep.with_suffix(f".{load.name}.json")
    print(f"{load.name}:\n")
    with serve(options.feeds, load.write) as origin:
        bench = Bench(origin, options.feeds, apart=options.latency)
        if options.latency:
            bench.control(latency=0.1)
            measure(bench, chosen, ("cold late", "304 late"), options.rounds, keep)
        else:
            measure(bench, chosen, ("cold", "304", "new", "same"), options.rounds, keep)


def main() -> None:
    """Measure what the options ask for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="names of programs, separated by commas")
    parser.add_argument("--load", choices=[each.name for each in LOADS], help="one load alone")
    parser.add_argument("--keep", type=Path, help="a file for what was measured")
    parser.add_argument("--growth", action="store_true", help="tracker at 2,000 and 10,000 feeds")
    parser.add_argument("--crowd", action="store_true", help="all entries concern all stories")
    parser.add_argument("--latency", action="store_true", help="answers that come 100 ms late")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    print(f"{time.strftime('%Y-%m-%d')}, {platform.platform()}, {cores} cores, "
          f"Python {platform.python_version()}\n")  # fmt: skip
    # As pip leaves what it installs; an editable install would be compiled at every start where
    # PYTHONDONTWRITEBYTECODE is set.
    compileall.compile_dir(ROOT / "tracker", quiet=1)
    if options.growth or options.crowd:
        load, counts = (LOADS[0], GROWN) if options.growth else (CROWD, CROWDS)
        scenarios = ("cold", "304", "new") if options.growth else ("cold",)
        with serve(counts[-1], load.write) as origin:
            for count in counts:
                grow(Bench(origin, count), programs(load)[0], scenarios)
        return
    for load in LOADS:
        if options.load in {None, load.name}:
            compare(load, options)


if __name__ == "__main__":
    main()
