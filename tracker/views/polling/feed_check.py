"""What `feeds check` found, in words: the feeds that are not well, and what mends them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rich.text import Text

from tracker import when
from tracker.hosts import without_credentials
from tracker.model.feed_check import Condition
from tracker.plain_text import plain
from tracker.views.json import moment
from tracker.views.text import BAD, FAINT, HEADING, WARNING, hanging, hint, lines
from tracker.wording import count, listed

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.feed_check import CheckReport, FeedCheck

_HEADINGS = {
    Condition.DEAD: ("Dead", BAD),
    Condition.REFUSED: ("Refused", BAD),
    Condition.CHALLENGE: ("A challenge in its place", BAD),
    Condition.PAGE: ("A page in its place", BAD),
    Condition.MOVED: ("Moved", WARNING),
    Condition.SILENT: ("Silent", WARNING),
    Condition.FAILING: ("Failing, perhaps for a while only", WARNING),
}


def checked(report: CheckReport, *, now: datetime, width: int) -> Text:
    """Return the feeds that are not well, by what they lack, and one line of counts."""
    if not report.checks:
        return Text("No feed is listed.")
    if report.offline:
        words = f"None of {len(report.checks):,} feeds answered: check this computer's connection."
        return lines([Text(words, BAD), Text(f"  {plain(report.checks[0].reason)}", FAINT)])
    found: list[Text] = []
    for condition, (heading, style) in _HEADINGS.items():
        those = [check for check in report.checks if check.condition is condition]
        if those:
            found.append(Text(heading, f"{HEADING} {style}".strip()))
            for check in those:
                found += _one(check, now, width)
            found.append(Text())
    return lines([*found, _counts(report)])


def _one(check: FeedCheck, now: datetime, width: int) -> list[Text]:
    rows = hanging(plain(check.title), width, 2)
    if check.title != check.source.shown_url:
        rows.append(Text(f"    {plain(check.source.shown_url)}", FAINT))
    failing = now - check.failing_since if check.failing_since else timedelta()
    lasts = f"; for {when.span(failing)}" if failing >= when.MINUTE else ""
    rows += hanging(plain(f"{check.reason}{lasts}"), width, 4)
    return rows + [hint("    ", plain(command)) for command in check.commands]


def _counts(report: CheckReport) -> Text:
    well = sum(check.condition is Condition.WELL for check in report.checks)
    if well == len(report.checks):
        return Text("The feed is well." if well == 1 else f"All {well:,} feeds are well.")
    parts = []
    for condition in _HEADINGS:
        if number := sum(check.condition is condition for check in report.checks):
            what = {"page": "behind a page", "challenge": "behind a challenge"}
            parts.append(f"{number:,} {what.get(condition.value, condition.value)}")
    return Text(f"{count(len(report.checks), 'feed')}: {well:,} well, {listed(parts)}.")


def checked_json(report: CheckReport) -> dict[str, Any]:
    """Return the results for scripts."""
    return {
        "checked": len(report.checks),
        "well": sum(check.condition is Condition.WELL for check in report.checks),
        "offline": report.offline,
        "feeds": [
            {
                "url": check.source.shown_url,
                "title": check.title,
                "condition": check.condition.value,
                "reason": check.reason,
                "status": check.status,
                "newest": moment(check.newest),
                "moved_to": check.moved_to and without_credentials(check.moved_to),
                "failing_since": moment(check.failing_since),
                "commands": list(check.commands),
            }
            for check in report.checks
        ],
    }
