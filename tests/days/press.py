"""Four outlets on loopback, whose feeds hold what was published by the hour of the script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from publishing import Publisher, Reply

# A feed holds its newest reports, as feeds of real outlets do.
HELD = 12
OUTLETS = {
    "ledger": ("The Daily Ledger", "en"),
    "harbour": ("Harbour Times", "en"),
    "courrier": ("Le Courrier du Rhône", "fr"),
    "bote": ("Elbe-Bote", "de"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """One report; `number` counts the reports of all outlets from 1."""

    number: int
    published: datetime
    outlet: str
    title: str
    summary: str


def reports() -> list[Report]:
    """Return all reports, oldest first."""
    rows = [
        line.split("\t")
        for line in Path(__file__).with_name("reports.tsv").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    return [
        Report(number, datetime.fromisoformat(f"{time}+00:00"), outlet, title, summary)
        for number, (time, outlet, title, summary) in enumerate(rows, 1)
    ]


class Press(Publisher):
    """Serves the feed of each outlet at /OUTLET.xml, as it is at `now`."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2020, 8, 3, 8, tzinfo=UTC)
        self._reports = reports()
        for outlet in OUTLETS:
            self.routes[f"/{outlet}.xml"] = self._answer

    def _answer(self, request: BaseHTTPRequestHandler) -> Reply:
        document = self.document(request.path.strip("/").removesuffix(".xml"))
        etag = f'"{len(document)}-{hash(document)}"'
        if request.headers["If-None-Match"] == etag:
            return Reply(304, headers={"ETag": etag})
        return Reply(200, document, {"ETag": etag, "Content-Type": "application/rss+xml"})

    def document(self, outlet: str) -> bytes:
        """Return the RSS of an outlet at `now`, newest report first."""
        title, language = OUTLETS[outlet]
        held = [r for r in self._reports if r.outlet == outlet and r.published <= self.now]
        items = "".join(
            f"<item><title>{escape(each.title)}</title><guid>{outlet}-{each.number}</guid>"
            f"<link>http://{outlet}.example/{each.number}</link>"
            f"<description>{escape(each.summary)}</description>"
            f"<pubDate>{format_datetime(each.published)}</pubDate></item>"
            for each in reversed(held[-HELD:])
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>{title}</title><link>http://{outlet}.example/</link>"
            f"<description>News</description><language>{language}</language>{items}"
            "</channel></rss>"
        ).encode()
