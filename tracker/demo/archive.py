"""The bundled archive: a dozen invented outlets from July to December 2020, as feed documents.

Each file of outlets/ is one outlet with its entries; all that they report is true to the facts and
dates of that half year, all words are the project's own. `documents(moment)` gives every feed as
it stood at that moment, byte for byte the same as long as nothing in it changed.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from tracker.demo.render import Channel, Edition, render
from tracker.model.polling import FeedSource

if TYPE_CHECKING:
    from collections.abc import Mapping

MOMENTS: tuple[datetime, ...] = tuple(
    datetime(2020, month, day, hour, tzinfo=UTC)
    for month, day, hour in (
        (7, 8, 18),
        (7, 16, 18),
        (7, 24, 18),
        (7, 31, 23),
        (8, 3, 23),
        (8, 7, 20),
        (8, 14, 23),
        (8, 19, 20),
        (8, 25, 20),
        (8, 28, 22),
        (9, 4, 20),
        (9, 14, 10),
        (9, 14, 22),
        (9, 18, 22),
        (9, 21, 22),
        (9, 28, 20),
        (10, 9, 20),
        (10, 22, 20),
        (10, 31, 20),
        (11, 10, 23),
        (11, 17, 20),
        (11, 27, 20),
        (12, 5, 20),
        (12, 11, 20),
        (12, 31, 20),
    )
)
"""Steps in time, oldest first: a poll at each of them sees every entry of the archive."""


@dataclass(frozen=True, slots=True)
class Report:
    """An entry of an outlet.

    `at` is when it appeared, with the outlet's own offset from UTC; `summary` is HTML as the
    outlet writes it, "" for none; `changes` are later headlines with their time, oldest first.
    `date` says how the document dates it: "machine", "words" or "none"; `twice` is true where it
    lists the entry two times.
    """

    at: datetime
    title: str
    summary: str
    changes: tuple[tuple[datetime, str], ...]
    date: str
    twice: bool
    author: str | None

    def headline(self, moment: datetime) -> str:
        """Give the headline as it read at `moment`."""
        said = [title for since, title in self.changes if since <= moment]
        return said[-1] if said else self.title

    def updated(self, moment: datetime) -> datetime:
        """Give when the entry was last touched as seen at `moment`."""
        return max([self.at, *(since for since, _ in self.changes if since <= moment)])


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet; `path` is its feed's path on the server, `shown` how many entries that holds.

    `guids` is false where the document gives no ids; `tracking` is a query string added to every
    link, "" for none; `reports` are oldest first.
    """

    path: str
    channel: Channel
    tags: tuple[str, ...]
    shown: int
    guids: bool
    tracking: str
    reports: tuple[Report, ...]

    def document(self, moment: datetime) -> bytes:
        """Give the feed as it stood at `moment`: the latest entries, newest first."""
        latest = [report for report in self.reports if report.at <= moment][-self.shown :]
        editions = [self.edition(report, moment) for report in reversed(latest)]
        twice = {edition.link for edition, r in zip(editions, latest[::-1], strict=True) if r.twice}
        return render(self.channel, [e for e in editions for _ in range(1 + (e.link in twice))])

    def edition(self, report: Report, moment: datetime) -> Edition:
        """Give one entry as this outlet's document has it at `moment`."""
        page = f"{self.channel.site}/{report.at:%Y/%m/%d}/{_slug(report.title)}"
        return Edition(
            id=page if self.guids else None,
            link=page + (f"?{self.tracking}" if self.tracking else ""),
            title=report.headline(moment),
            summary=report.summary,
            published=report.at,
            updated=report.updated(moment),
            date=report.date,
            author=report.author,
        )


@cache
def outlets() -> tuple[Outlet, ...]:
    """Read the archive's outlets, in the order of their file names."""
    folder = resources.files("tracker.demo") / "outlets"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")),
        key=lambda file: file.name,
    )
    return tuple(_outlet(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files)


def documents(moment: datetime) -> dict[str, tuple[bytes, str]]:
    """Give each feed as it stood at `moment`: path → (body, content type)."""
    return {
        outlet.path: (outlet.document(moment), outlet.channel.content_type) for outlet in outlets()
    }


def sources(base_url: str) -> list[FeedSource]:
    """List the feeds as a feeds.yaml would; `base_url` is the server's, without a last slash."""
    return [
        FeedSource(
            url=base_url + outlet.path,
            title=outlet.channel.title,
            language=outlet.channel.language[:2],
            tags=outlet.tags,
        )
        for outlet in outlets()
    ]


def _outlet(data: Mapping[str, Any]) -> Outlet:
    channel = Channel(
        format=data["format"],
        title=data["title"],
        description=data["description"],
        site=data["site"],
        language=data["language"],
        encoding=data["encoding"],
        cdata=data.get("cdata", False),
    )
    return Outlet(
        path=data["path"],
        channel=channel,
        tags=tuple(data["tags"]),
        shown=data["shown"],
        guids=data.get("guids", True),
        tracking=data.get("tracking", ""),
        reports=tuple(sorted(map(_report, data["entry"]), key=lambda report: report.at)),
    )


def _report(data: Mapping[str, Any]) -> Report:
    return Report(
        at=data["at"],
        title=data["title"],
        summary=data.get("summary", ""),
        changes=tuple((change["at"], change["title"]) for change in data.get("changed", ())),
        date=data.get("date", "machine"),
        twice=data.get("twice", False),
        author=data.get("author"),
    )


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title.replace("ß", "ss"))
    words = re.findall(r"[a-z0-9]+", "".join(c for c in plain.lower() if c.isascii()))
    return "-".join(words[:9])
