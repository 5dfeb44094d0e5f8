"""A story as CSV (RFC 4180): a row a report, that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv as standard
import io
from datetime import UTC
from typing import TYPE_CHECKING

from tracker.export.headlines import headline, language, outlet
from tracker.hosts import without_credentials
from tracker.plain_text import plain

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.core import Report, Timeline

COLUMNS = (
    "event",
    "item",
    "published",
    "outlet",
    "language",
    "title",
    "url",
    "status",
    "score",
    "new",
    "was",
)
# https://owasp.org/www-community/attacks/CSV_Injection; the wide ones count in East Asian locales.
_BEGIN_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(text: str) -> str:
    """Return text for a cell: one safe line, with ' before what a spreadsheet would compute."""
    line = plain(text)
    return f"'{line}" if line.startswith(_BEGIN_A_FORMULA) else line


def comma_separated(value: Timeline) -> str:
    """Return the reports of a timeline, newest first, below a row of COLUMNS; lines end in CRLF.

    Times are ISO 8601 in UTC; `new` is yes or no; `was` are the earlier headlines, the oldest
    first, with " | " between them.
    """
    text = io.StringIO()
    rows = standard.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows(_row(report) for report in value.reports)
    return text.getvalue()


def _row(report: Report) -> list[object]:
    link, item = report.link, report.link.item
    return [
        link.event,
        item.id,
        _moment(item.published),
        cell(outlet(item)),
        language(item),
        cell(headline(item)),
        cell(without_credentials(item.url)),
        str(link.status),
        round(link.score, 4),
        "yes" if report.new else "no",
        cell(" | ".join(plain(revision.title) for revision in report.revisions)),
    ]


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
