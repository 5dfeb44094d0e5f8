"""Reading in worker processes: the same results, and nothing left behind whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Timer

import pytest
from publishing import Publisher, Reply, serving

from tracker.feeds import harvest as harvesting
from tracker.feeds import worker
from tracker.feeds.fetching.limits import Limits
from tracker.feeds.read import Job, Reading, read
from tracker.feeds.workers import Pool
from tracker.model.polling import Changed, FeedSource, FeedState, Outcome, Unchanged

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")
NOW = datetime(2020, 8, 5, 12, tzinfo=UTC)


def document(feed: int, entries: int = 25) -> bytes:
    items = "".join(
        f"<item><title>Report {feed}.{n}</title><guid>{feed}-{n}</guid><link>/{n}</link>"
        f"<description>{'&lt;p&gt;Words of it. ' * 40}</description></item>"
        for n in range(entries)
    )
    return f"<rss version='2.0'><channel><title>F{feed}</title>{items}</channel></rss>".encode()


def job(key: int, body: bytes | None = None) -> Job:
    return Job(key, document(key) if body is None else body, "http://a.example/", "", b"")


def harvest(feeds: list[FeedState], limits: Limits) -> list[Outcome]:
    return [each for ready in harvesting.harvest(feeds, limits=limits, now=NOW) for each in ready]


def drain(pool: Pool, jobs: list[Job]) -> list[Reading]:
    backlog, readings = deque(jobs), list[Reading]()
    deadline = time.monotonic() + 30
    while (backlog or pool.busy) and time.monotonic() < deadline:
        pool.fill(backlog)
        readings += pool.collect()
        time.sleep(0.001)
    assert not backlog, "the workers take longer than 30 s"
    return sorted(readings)


@pytest.fixture(params=["forked", "started anew"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    forked = request.param == "forked"
    monkeypatch.setattr(worker, "_may_fork", lambda: forked)
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_workers_read_as_this_process_does() -> None:
    jobs = [*map(job, range(20)), job(20, b"no feed"), job(21, document(21, 4000))]
    with Pool(2, 30.0) as pool:
        pool.start()
        assert drain(pool, jobs) == [read(each) for each in jobs]


@pytest.mark.usefixtures("way")
def test_a_document_that_kills_its_worker_fails_alone() -> None:
    with Pool(1, 30.0) as pool:
        pool.start()
        (worker,) = pool._workers  # noqa: SLF001 - to kill it as the kernel would
        os.kill(worker.pid, signal.SIGSTOP)
        worker.give(job(0))
        os.kill(worker.pid, signal.SIGKILL)
        readings = drain(pool, [job(1), job(2)])
    assert readings[0].failure == "reading it made the parser crash"
    assert [reading.failure for reading in readings[1:]] == [None, None]


def test_a_document_that_takes_too_long_fails_alone() -> None:
    with Pool(1, 2.0) as pool:
        pool.start()
        (worker,) = pool._workers  # noqa: SLF001 - to stop it as an endless document would
        os.kill(worker.pid, signal.SIGSTOP)
        readings = drain(pool, [job(1), job(2)])
    assert readings[0].failure == "reading it takes longer than 2 s"
    assert readings[1].failure is None


@pytest.mark.usefixtures("way")
def test_leaving_ends_all_workers() -> None:
    with Pool(2, 30.0) as pool:
        pool.start()
        pids = [worker.pid for worker in pool._workers]  # noqa: SLF001 - to see them go
        pool.fill(deque(map(job, range(50))))
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


# --- with transfers ----------------------------------------------------------------------------


class Archive(Publisher):
    """Has a document at every path of numbers: of that feed, with so many entries."""

    def reply(self, request: BaseHTTPRequestHandler) -> Reply:
        return Reply(body=document(*map(int, request.path[1:].split("/"))))


@pytest.fixture
def origin() -> Iterator[str]:
    with serving(Archive()) as running:
        yield running.url()


def states(origin: str, count: int) -> list[FeedState]:
    return [FeedState(n, FeedSource(f"{origin}/{n}")) for n in range(count)]


def test_a_large_harvest_gives_every_feed_one_outcome(origin: str) -> None:
    feeds = states(origin, 60)
    outcomes = harvest(feeds, Limits(workers=2))
    assert sorted(outcome.feed.id for outcome in outcomes) == list(range(60))
    assert all(isinstance(each, Changed) and len(each.document.entries) == 25 for each in outcomes)


def test_outcomes_are_the_same_with_and_without_workers(origin: str) -> None:
    feeds = states(origin, 30)

    def told(count: int) -> dict[int, object]:
        found = harvest(feeds, Limits(workers=count))
        return {o.feed.id: (o.document, o.entry_hashes) for o in found if isinstance(o, Changed)}

    assert told(0) == told(2)


def test_the_second_harvest_reads_nothing(origin: str) -> None:
    feeds = states(origin, 5)
    first = harvest(feeds, Limits(workers=0))
    again = [
        FeedState(o.feed.id, o.feed.source, body_hash=o.body_hash, entry_hashes=o.entry_hashes)
        for o in first
        if isinstance(o, Changed)
    ]
    second = harvest(again, Limits(workers=0))
    assert len(second) == 5
    assert all(isinstance(outcome, Unchanged) for outcome in second)


def children() -> set[int]:
    return {
        int(pid)
        for pid in Path("/proc/self/task", str(os.getpid()), "children").read_text().split()
    }


def test_while_documents_are_read_a_lull_is_told_once(origin: str) -> None:
    feeds = [FeedState(n, FeedSource(f"{origin}/{n}/250")) for n in range(6)]
    before, outcomes = children(), 0
    lulls: list[int] = []  # how many outcomes there were at each
    for ready in harvesting.harvest(feeds, limits=Limits(workers=1), now=NOW):
        if ready and not outcomes:
            (reader,) = children() - before
            os.kill(reader, signal.SIGSTOP)
            Timer(3.2, os.kill, (reader, signal.SIGCONT)).start()
        outcomes += len(ready)
        lulls += [] if ready else [outcomes]
    assert outcomes == 6
    assert lulls.count(lulls[0]) == 1


# Documents of 245 kB, each alone worth workers: they run once there is one outcome.
INTERRUPTED = """
import sys
from datetime import UTC, datetime
from tracker.feeds.harvest import harvest
from tracker.feeds.fetching.limits import Limits
from tracker.model.polling import FeedSource, FeedState
feeds = [FeedState(n, FeedSource(f"{sys.argv[1]}/{n}/250")) for n in range(3000)]
try:
    number = 0
    for ready in harvest(feeds, limits=Limits(workers=2), now=datetime.now(UTC)):
        if number <= 30 < (number := number + len(ready)):
            print("going", flush=True)
except KeyboardInterrupt:
    print("left", flush=True)
"""


def heed_interrupts() -> None:
    """Undo what a shell does to its background jobs: their children are born deaf to SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_leaves_no_process_behind(origin: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, origin],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509 - what it does is safe beside threads
        cwd=Path(__file__).parents[1],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "going\n"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read() == "left\n"
        assert process.wait(10) == 0
    assert len(children) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
