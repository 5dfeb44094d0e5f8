"""Replay the demo's half year poll by poll, and kill the polling process while it works.

    benchmarks/alerts_replay.py --kills 50 --seed 1

The half year is lived through once in peace, to see which polls bring an alert; the processes of
these polls are killed in the second run, each after a random time. A webhook and an ntfy server on
loopback count what arrives. After each process, whether it ended or
was killed, the links of the database are read, and from these alone it is worked out which
developments are due: those whose first sure reports arrived by a poll, after the story was begun,
less than two days after they were published. At the end each is looked for among what arrived and
what `tracker notify ls` names as in doubt.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.demo.archive import MOMENTS, sources
from tracker.demo.server import ArchiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.store.database import Database

QUERY = "TikTok acquisition"
FOLLOWED = datetime(2020, 8, 3, 20, tzinfo=UTC)
"""When the story is begun."""
DAYS = (*(m for m in MOMENTS if m < FOLLOWED), *(FOLLOWED + timedelta(n) for n in range(151)))
"""The moments of the polls: those of the demo before the story is begun, then each evening."""
TOLD_FOR_IN_SECONDS = 48 * 3600
CAP = 3
SPARE = 2.0
"""How many times as many kills are meant for a poll as its share is."""
ANSWER_IN_SECONDS = 0.2
"""Time that the receivers take to answer, so that some processes are killed in between."""


class Receiver(ThreadingHTTPServer):
    """Keeps the body of each POST, by path, as soon as it has arrived."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: defaultdict[str, list[Any]] = defaultdict(list)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies[self.path].append(json.loads(body))
        time.sleep(ANSWER_IN_SECONDS)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Stay quiet."""

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return  # the client was killed


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Give a receiver that runs as long as the block."""
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()


class Message(NamedTuple):
    """A message as the database has it: its key for receivers, its state, the items it is of."""

    key: str
    state: str
    items: frozenset[int]


class Due(NamedTuple):
    """A development that is due: the story, and the items (ids) that arrived first."""

    story: int
    items: frozenset[int]


@dataclass
class Found:
    """What a replay found; `doubtful` counts messages in doubt, `arrived` those that had arrived.

    `busy` are the moments whose polls brought an alert.
    `unnamed` are messages in doubt that `notify ls` does not name. `past` are developments that
    were told and were not due.
    """

    kills: int = 0
    busy: tuple[datetime, ...] = ()
    while_sending: int = 0
    due: int = 0
    told: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    past: list[str] = field(default_factory=list)
    doubtful: int = 0
    arrived: int = 0
    unnamed: list[int] = field(default_factory=list)
    over_the_cap: int = 0


def step(db_path: Path, feeds: Path, moment: datetime) -> None:
    """Poll and send once, as `tracker poll` does; `moment` is now."""
    from tracker.config import alerts_path
    from tracker.services import alerts
    from tracker.services.poll import poll
    from tracker.store.alerts.work import has_work
    from tracker.store.database import opened
    from tracker.views import json as as_json

    with opened(db_path) as db:
        poll(db, feeds, moment, force=True)
        if has_work(db, moment):
            alerts.send(db, alerts.Courier(alerts_path(feeds), as_json.timeline), moment)


class Replay:
    """One replay in a folder, with its receivers."""

    def __init__(self, folder: Path, receiver: Receiver, seed: int) -> None:
        self.found = Found()
        self._db = folder / "t.db"
        self._feeds = folder / "feeds.yaml"
        self._receiver = receiver
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._due: list[Due] = []
        self._arrival = 0
        self._took = 1.0
        # Messages are forgotten after a month: what there was is kept here, by channel.
        self._kept: dict[str, dict[int, Message]] = {"webhook": {}, "ntfy": {}}
        self._made: set[int] = set()
        self._named: set[int] = set()

    def run(self, moments: Sequence[datetime], kills: int, busy: Sequence[datetime] = ()) -> Found:
        """Live through the moments, with `kills` kills spread over those that are `busy`."""
        from tracker.store.database import opened

        with ArchiveServer(moments[0]) as server:
            lines = "".join(f"  - url: {s.url}\n" for s in sources(server.base_url))
            self._feeds.write_text(f"feeds:\n{lines}", "utf-8")
            with opened(self._db) as db:
                for moment in moments:
                    server.step(moment)
                    if moment == FOLLOWED:
                        self._begin(db, moment)
                    rest = sum(each >= moment for each in busy)
                    share = (kills - self.found.kills) / rest if moment in busy else 0
                    # Some processes end before they are killed.
                    chosen = min(math.ceil(SPARE * share), kills - self.found.kills)
                    self._live(db, moment, chosen)
                    self._remember(db)
                self._judge()
        return self.found

    def _begin(self, db: Database, moment: datetime) -> None:
        from tracker.config import alerts_path
        from tracker.services import targets
        from tracker.services.follow import follow

        follow(db, QUERY, moment)
        for channel, path in (("webhook", "/hook"), ("ntfy", "/topic")):
            new = targets.NewTarget(channel, [self._receiver.url(path)])
            targets.add(db, alerts_path(self._feeds), new, moment)

    def _live(self, db: Database, moment: datetime, kills: int) -> None:
        """Run processes for a moment until so many were killed and one ended by itself.

        Without kills, this process polls itself.
        """
        done = 0
        while done < kills:
            killed = self._process(db, moment, self._random.uniform(0.3, self._took))
            done += killed
            if not killed:  # it was faster; the next poll of this moment has nothing to do
                break
        if kills:
            begun = time.monotonic()
            if self._process(db, moment, None):
                raise AssertionError("a process that nobody killed did not end well")
            self._took = max(1.0, 0.7 * self._took, time.monotonic() - begun)
        else:
            step(self._db, self._feeds, moment)
            self._read_due(db)

    def _process(self, db: Database, moment: datetime, killed_after: float | None) -> bool:
        """Run a process and return whether it was killed; then read what is due by now."""
        words = [sys.executable, __file__, "--step", str(self._db), str(self._feeds)]
        process = subprocess.Popen(
            [*words, moment.isoformat()], env={**os.environ, "no_proxy": "127.0.0.1"}
        )
        try:
            process.wait(killed_after)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        killed = process.returncode < 0
        if process.returncode > 0:
            raise AssertionError(f"the process ended with {process.returncode}")
        self.found.kills += killed
        sending = db.execute("SELECT count(*) FROM messages WHERE state = 'sending'").fetchone()[0]
        self.found.while_sending += sending
        self._read_due(db)
        return killed

    def _read_due(self, db: Database) -> None:
        """Work out from the links which developments have become due since the last time."""
        past = {row[0]: row[1] for row in db.execute("SELECT id, past FROM stories")}
        rows = db.execute(
            "SELECT story_id, event, item_id, arrival, status, published, linked FROM links"
            " WHERE status = 'linked'"
        ).fetchall()
        by_event: defaultdict[tuple[int, int], list[Any]] = defaultdict(list)
        for row in rows:
            by_event[row[0], row[1]].append(row)
        latest = self._arrival
        for (story, _), links in by_event.items():
            first = min(row[3] for row in links)
            latest = max(latest, *(row[3] for row in links))
            fresh = [
                row[2]
                for row in links
                if row[3] == first and row[5] >= row[6] - TOLD_FOR_IN_SECONDS
            ]
            if fresh and first > max(self._arrival, past[story]):
                self._due.append(Due(story, frozenset(fresh)))
        self._arrival = latest

    def _remember(self, db: Database) -> None:
        """Keep what the database has of messages now, and which doubts are named."""
        for channel, kept in self._kept.items():
            kept.update(self._messages(db, channel))
        self._made.update(row[0] for row in db.execute("SELECT DISTINCT made FROM messages"))
        self.found.over_the_cap = max(self.found.over_the_cap, self._over_the_cap(db))
        if self._doubtful() - self._named:
            self._named |= self._names()

    def _doubtful(self) -> set[int]:
        return {n for kept in self._kept.values() for n, m in kept.items() if m.state == "doubt"}

    def _judge(self) -> None:
        """Compare what is due with what arrived, and with what was named as in doubt."""
        found = self.found
        found.due = len(self._due)
        found.busy = tuple(datetime.fromtimestamp(made, UTC) for made in sorted(self._made))
        found.doubtful = len(self._doubtful())
        found.unnamed = sorted(self._doubtful() - self._named)
        for channel, path in (("webhook", "/hook"), ("ntfy", "/")):
            self._judge_channel(channel, self._receiver.bodies[path])

    def _judge_channel(self, channel: str, bodies: list[Any]) -> None:
        found, name = self.found, "id" if channel == "webhook" else "sequence_id"
        keys = Counter(body[name] for body in bodies)
        found.twice += [f"{channel}: {key}" for key, count in keys.items() if count > 1]
        by_key = {body[name]: body for body in bodies}
        covered: Counter[int] = Counter()
        for number, (key, state, items) in self._kept[channel].items():
            came = key in by_key
            found.arrived += state == "doubt" and came
            whom = [n for n, due in enumerate(self._due) if due.items & items]
            if state == "sent" and not came:
                found.lost.append(f"{channel}: message {number} was settled and never arrived")
            if not whom:
                found.past.append(f"{channel}: message {number}")
            if came or state == "doubt":
                covered.update(whom)
        found.told += sum(covered.values())
        for n, due in enumerate(self._due):
            if covered[n] != 1:
                problem = found.lost if not covered[n] else found.twice
                problem.append(f"{channel}: the development of {sorted(due.items)}")
        strangers = keys.keys() - {message.key for message in self._kept[channel].values()}
        found.past += [f"{channel}: {key} is no message" for key in strangers]

    def _messages(self, db: Database, channel: str) -> dict[int, Message]:
        """Return the messages of a channel that the database has, by number."""
        from tracker.alerts.messages import key_of
        from tracker.store.times import moment

        rows = db.execute(
            "SELECT messages.id, targets.added, messages.state, targets.name,"
            " alerts.story_id, alerts.event, alerts.item_id, stories.created FROM messages"
            " JOIN targets ON targets.id = messages.target_id AND targets.channel = ?"
            " JOIN alerts ON alerts.message_id = messages.id"
            " JOIN stories ON stories.id = alerts.story_id",
            (channel,),
        ).fetchall()
        grouped: defaultdict[tuple[int, int, str, str], list[Any]] = defaultdict(list)
        for row in rows:
            grouped[row[:4]].append(row)
        messages = {}
        for (number, added, state, name), alerts in grouped.items():
            _, _, _, _, story, event, _, created = alerts[0]
            key = (
                key_of(story, moment(created).isoformat(), event)
                if len(alerts) == 1
                else key_of(number, name, moment(added).isoformat())
            )
            messages[number] = Message(key, state, frozenset(row[6] for row in alerts))
        return messages

    def _names(self) -> set[int]:
        """Return the numbers of the messages that `tracker notify ls` names as in doubt."""
        words = [sys.executable, "-m", "tracker", "notify", "ls"]
        files = ["--db", str(self._db), "--feeds", str(self._feeds)]
        said = subprocess.run([*words, *files], capture_output=True, text=True, check=True).stdout
        rows = said.partition("In doubt: ")[2].partition("\n\n")[0].splitlines()[1:]
        return {int(row.split()[0]) for row in rows if row.split()[0].isdecimal()}

    def _over_the_cap(self, db: Database) -> int:
        row = db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM messages WHERE kind = 'alert'"
            " GROUP BY target_id, story_id, made HAVING count(*) > ?)",
            (CAP,),
        ).fetchone()
        return int(row[0])


def replay(folder: Path, *, moments: Sequence[datetime], kills: int, seed: int) -> Found:
    """Run a replay in peace and one with kills, each in a folder below this one."""
    for name in ("peace", "kills"):
        (folder / name).mkdir()
    with receiving() as receiver:
        peace = Replay(folder / "peace", receiver, seed).run(moments, 0)
    if peace.lost or peace.twice or peace.past or peace.doubtful:
        return peace
    with receiving() as receiver:
        return Replay(folder / "kills", receiver, seed).run(moments, kills, peace.busy)


def main() -> None:
    """Read the command line, replay, and print the figures."""
    if sys.argv[1:2] == ["--step"]:
        step(Path(sys.argv[2]), Path(sys.argv[3]), datetime.fromisoformat(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tracker-replay-"))
    try:
        found = replay(folder, moments=DAYS, kills=given.kills, seed=given.seed)
    finally:
        shutil.rmtree(folder)
    print(
        f"processes killed         {found.kills} (while a message was sent: {found.while_sending})"
    )
    print(f"polls with an alert      {len(found.busy)} of {len(DAYS)}")
    print(f"developments due         {found.due}, for two targets")
    print(f"told or in doubt         {found.told}")
    print(f"lost                     {len(found.lost)}", *found.lost, sep="\n  ")
    print(f"told twice               {len(found.twice)}", *found.twice, sep="\n  ")
    print(f"told and not due         {len(found.past)}", *found.past, sep="\n  ")
    print(f"in doubt                 {found.doubtful}, of which {found.arrived} had arrived")
    print(f"in doubt and not named   {len(found.unnamed)}", *found.unnamed, sep="\n  ")
    print(f"polls over the cap       {found.over_the_cap}")
    sys.exit(bool(found.lost or found.twice or found.past or found.unnamed or found.over_the_cap))


if __name__ == "__main__":
    main()
