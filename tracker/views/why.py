"""Why an item belongs to a story or does not: a table that adds up to the score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.text import Text

from tracker.model import Status
from tracker.views import when
from tracker.views.text import (
    BAD,
    DOUBT,
    FAINT,
    HEADING,
    MARK,
    OUTLET,
    column,
    hanging,
    hint,
    lines,
    listed,
    plain,
    width_of,
    wrap,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model import Item, Reason, Story, Verdict

_SAID = {
    Status.LINKED: ("belongs to", MARK),
    Status.MAYBE: ("is doubtful for", DOUBT),
    Status.ACCEPTED: ("belongs to", MARK),
    Status.REJECTED: ("does not belong to", BAD),
    None: ("does not belong to", BAD),
}


# Kinds of reasons that the query does not name.
_BESIDES = {"profile", "start", "near"}


def why(
    story: Story,
    item: Item,
    verdict: Verdict,
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    decided: Status | None = None,
) -> Text:
    """Return the reasons of a verdict; `decided` is ACCEPTED or REJECTED where the user said so."""
    found = _item(item, now, zone, width)
    status = decided or verdict.status
    said, style = _SAID[status]
    head = Text.assemble(
        ("It ", ""), (said, style), " ", (plain(story.title), HEADING), f": {verdict.score:.2f}"
    )
    if decided:
        head.append(" (you said so)", FAINT)
    found += [Text(), head, Text()]
    for_it = [r for r in verdict.reasons if r.worth > 0]
    against = [r for r in verdict.reasons if r.worth < 0]
    missing = [r for r in verdict.reasons if r.worth == 0]
    counted = sorted(for_it, key=lambda r: -r.worth) + sorted(against, key=lambda r: r.worth)
    found += reasons(counted, verdict.score, width)
    # What was asked for and is not there matters; what was learned besides is told in a line.
    besides = [plain(r.part) for r in missing if r.kind in _BESIDES]
    missing = [r for r in missing if r.kind not in _BESIDES]
    if missing:
        found += [Text(), Text("What was missing", HEADING)]
        for reason in missing:
            words = plain(reason.part)
            if reason.found:
                words += f"  {plain(reason.found)}"
            elif reason.kind not in ("", "missing"):
                words += f"  ({plain(reason.kind)})"
            found += hanging(words, width, 2)
    if besides:
        found += hanging(f"nor {listed(besides, 'or')}", width, 2, FAINT)
    return lines([*found, *_next(story, item, status)])


def reasons(values: Sequence[Reason], score: float, width: int) -> list[Text]:
    """Return the table of the reasons that count; what is shown of them adds up to the score."""
    if not values:
        return [Text("  Nothing of it was found.", FAINT)]
    worths = add_up([r.worth for r in values], score)
    part = min(max(width_of(plain(r.part)) for r in values), max(width // 3, 8))
    kind = max(width_of(plain(r.kind)) for r in values)
    found = []
    traces = []
    for reason, worth in zip(values, worths, strict=True):
        if not worth:
            traces.append(plain(reason.part))
            continue
        row = Text.assemble((f"  {worth:+.2f}  ", MARK if worth > 0 else BAD))
        row.append(column(plain(reason.part), part), "bold")
        words = _evidence(reason)
        row.append(f"  {plain(reason.kind):<{kind if words else 0}}", FAINT)
        room = width - width_of(row.plain) - 2
        if room >= width_of(words) or room >= width // 3:
            first, *rest = wrap(words, room)
            found.append(row.append(f"  {first}" if first else ""))
            found += [Text(" " * (width - room)).append(more) for more in rest]
        else:
            found.append(row)
            found += hanging(words, width, 9)
    if traces:
        found += hanging(f"and traces of {listed(traces)}", width, 9, FAINT)
    total = Text.assemble((f"   {score:.2f}  ", HEADING), ("in all", FAINT))
    return [*found, total]


def add_up(worths: Sequence[float], total: float) -> list[float]:
    """Round to hundredths so that the sum is `total` rounded, moving each by less than 0.01 more.

    The largest remainders are rounded up (Hamilton's method). Where the worths do not add up to
    the total, as after a score was cut off at 1, they are only rounded.
    """
    if not math.isclose(sum(worths), total, abs_tol=0.005):
        return [round(w, 2) for w in worths]
    floors = [math.floor(w * 100) for w in worths]
    lacking = min(max(round(round(total, 2) * 100) - sum(floors), 0), len(floors))
    order = sorted(range(len(worths)), key=lambda i: floors[i] - worths[i] * 100)
    raised = set(order[:lacking])
    return [(floor + (i in raised)) / 100 for i, floor in enumerate(floors)]


def _evidence(reason: Reason) -> str:
    found = f"“{plain(reason.found)}”" if reason.found else ""
    where = f"in the {plain(reason.field)}" if reason.field else ""
    return " ".join(filter(None, (found, where)))


def _item(item: Item, now: datetime, zone: tzinfo | None, width: int) -> list[Text]:
    found = [Text(row, HEADING) for row in wrap(plain(item.title), width)]
    facts = [f"number {item.id}", when.stamp(item.published, zone, now)]
    facts += [item.language] if item.language else []
    found.append(Text.assemble((plain(item.source), OUTLET), (f" · {' · '.join(facts)}", FAINT)))
    return [*found, Text(plain(item.url), FAINT)] if item.url else found


def _next(story: Story, item: Item, status: Status | None) -> list[Text]:
    if status in (Status.ACCEPTED, Status.REJECTED):
        return [Text(), hint("Changed your mind? ", "tracker undo", " takes the last one back.")]
    if status is Status.LINKED:
        return [Text(), hint("Wrong? ", f"tracker reject {story.slug} {item.id}")]
    rows = [Text(), hint("It does belong? ", f"tracker accept {story.slug} {item.id}")]
    if status is Status.MAYBE:
        rows.append(hint("It does not? ", f"tracker reject {story.slug} {item.id}"))
    return rows
