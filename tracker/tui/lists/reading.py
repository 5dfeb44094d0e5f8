"""The reading pane: one development with its summary, its other reports, and why it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.model.core import Link, Status, Verdict
from tracker.plain_text import plain
from tracker.tui.lists.timeline import Line
from tracker.views.text import DOUBT, FAINT, HEADING, MARK, OUTLET, hanging, wrap, wrapped
from tracker.views.why import explanation
from tracker.wording import count

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tracker.model.core import Report, Story
    from tracker.tui.lists.shown import Selected

WIDEST = 88
"""Longer lines are hard to read."""


def lines(
    selected: Selected,
    story: Story,
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    why: Link | Verdict | None = None,
) -> list[Line]:
    """Return the lines of the pane; `why` adds the reasons in front of the reports."""
    room = _room(width)
    found = _report(selected.lead, now, zone, room)
    if why is not None:
        found += [Text(), *_why(story, why, room)]
    others = [r for r in _all(selected) if r is not selected.lead]
    if others:
        found += [Text(), Text(f"{count(len(others), 'other report')}", HEADING)]
        found += [row for each in others for row in _other(each, now, zone, room)]
    return [Line(Text(" ").append_text(row)) for row in found]


def reasons(
    selected: Selected,
    story: Story,
    why: Link | Verdict,
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
) -> range:
    """Return which lines of the pane hold the reasons, in a pane that shows them."""
    room = _room(width)
    first = len(_report(selected.lead, now, zone, room)) + 1
    return range(first, first + len(_why(story, why, room)))


def _room(width: int) -> int:
    return max(min(width - 1, WIDEST), 10)


def _all(selected: Selected) -> tuple[Report, ...]:
    return (selected.development.first, *selected.development.others)


def _report(report: Report, now: datetime, zone: tzinfo | None, room: int) -> list[Text]:
    item = report.link.item
    words = plain(item.title) or "(no headline)"
    found = [Text(row, HEADING) for row in wrap(words, room)]
    facts = [
        when.stamp(item.published, zone, now),
        *([plain(item.language)] if item.language else []),
    ]
    about = Text.assemble((plain(item.source), OUTLET), (f" · {' · '.join(facts)}", FAINT))
    found += wrapped(about, room)
    found += _status(report)
    for revision in reversed(report.revisions):
        found += hanging(f"was: {plain(revision.title)}", room, 2, "dim italic")
    if item.summary:
        found += [Text(), *(Text(row) for row in wrap(plain(item.summary), room))]
    if item.url:
        found += [Text(), *(Text(row, FAINT) for row in wrap(plain(item.url), room))]
    return found


def _status(report: Report) -> list[Text]:
    said = {
        Status.MAYBE: Text("? doubtful: a says that it belongs, x that it does not", DOUBT),
        Status.ACCEPTED: Text("✓ you said that it belongs", FAINT),
    }
    found = [Text("● new since your last look", MARK)] if report.new else []
    return [*found, said[report.link.status]] if report.link.status in said else found


def _why(story: Story, found: Link | Verdict, room: int) -> list[Text]:
    decided = found.status in {Status.ACCEPTED, Status.REJECTED}
    judged = Verdict(found.score, found.status, found.reasons)
    return explanation(
        story,
        judged,
        width=room,
        decided=judged.status if decided else None,
        linked=isinstance(found, Link),
    )


def _other(report: Report, now: datetime, zone: tzinfo | None, room: int) -> list[Text]:
    item = report.link.item
    facts = [
        when.listed(item.published, zone, now),
        *([plain(item.language)] if item.language else []),
    ]
    about = Text.assemble((plain(item.source), OUTLET), (f" · {' · '.join(facts)}", FAINT))
    if report.new:
        about.append(" · new", MARK)
    rows = wrapped(about, room - 2)
    words = plain(item.title) or plain(item.url) or "(no headline)"
    return [*(Text("  ").append_text(row) for row in rows), *hanging(words, room, 4)]
