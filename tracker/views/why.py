"""Why an item belongs to a story or does not: sentences whose worths add up to the score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.model.core import ReasonKind, ReasonPart, State, Status
from tracker.plain_text import plain
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
    width_of,
    wrap,
    wrapped,
)
from tracker.wording import listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model.core import Item, Reason, Story, Verdict

_SAID = {
    Status.LINKED: ("belongs to", MARK),
    Status.MAYBE: ("is doubtful for", DOUBT),
    Status.ACCEPTED: ("belongs to", MARK),
    Status.REJECTED: ("does not belong to", BAD),
    None: ("does not belong to", BAD),
}
_WOULD = {
    Status.LINKED: ("would belong to", MARK),
    Status.MAYBE: ("would be doubtful for", DOUBT),
}

# What a reason that is no part of the query says, for and against, and what a trace is called.
_SENTENCES: dict[tuple[str, str], tuple[str, str, str]] = {
    (ReasonKind.START, ReasonPart.ANY_REPORT): (
        "every report begins with this",
        "",
        "the beginning",
    ),
    (ReasonKind.START, ReasonPart.IMPLICIT_ASPECT): (
        "reports with these names tell the affair in other words",
        "",
        "other words",
    ),
    (ReasonKind.START, ReasonPart.NO_ASPECT): (
        "of an affair of several parts nothing is told",
        "",
        "nothing of the affair",
    ),
    (ReasonKind.START, ReasonPart.NO_ASPECT_IN_QUERY): (
        "the query names no affair",
        "",
        "no affair asked for",
    ),
    (ReasonKind.NEAR, ReasonPart.TITLE): ("the subject stands in the title", "", "the title"),
    (ReasonKind.NEAR, ReasonPart.PROXIMITY): (
        "subject and affair stand close together",
        "",
        "closeness",
    ),
    (ReasonKind.NEIGHBOUR, ReasonPart.NEIGHBOUR): (
        "a report that belongs tells the same: “{found}”",
        "",
        "a report that tells the same",
    ),
    (ReasonKind.NEIGHBOUR, ReasonPart.NO_NEIGHBOUR): (
        "",
        "it is like no report that surely belongs",
        "likeness to reports that belong",
    ),
    (ReasonKind.START, ReasonPart.NO_MATCH): (
        "it shows nothing of what was asked for",
        "it shows nothing of what was asked for",
        "nothing of the query",
    ),
    (ReasonKind.PROFILE, ReasonPart.RARITY): (
        "few reports of late name it: they are mostly of one affair",
        "many reports of late name it",
        "how many name it",
    ),
    (ReasonKind.PROFILE, ReasonPart.OTHER_WORDS): (
        "other words go with this story",
        "other words do not go with this story",
        "other words",
    ),
    (ReasonKind.PROFILE, ReasonPart.DAY_RATE): (
        "the story's reports of these days count for it",
        "the story's reports of these days count against it",
        "the date",
    ),
    (ReasonKind.PROFILE, ReasonPart.ANSWERS): (
        "you accepted reports like it",
        "you rejected reports like it",
        "your answers",
    ),
    (ReasonKind.PROFILE, ReasonPart.WEIGHED): (
        "the match counts more, by what the story's reports are like",
        "the match counts less, by what the story's reports are like",
        "how much the match counts",
    ),
    (ReasonKind.PROFILE, ReasonPart.KEPT): (
        "it was shown before, and stays",
        "",
        "that it was shown before",
    ),
}
_LEARNED = frozenset({ReasonKind.PROFILE, ReasonKind.NEIGHBOUR})
"""What comes from other reports of the story."""


def why(
    story: Story,
    item: Item,
    verdict: Verdict,
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    decided: Status | None = None,
    linked: bool = True,
) -> Text:
    """Return the reasons of a verdict; `decided` is ACCEPTED or REJECTED where the user said so.

    `linked` is false for what the story keeps no link of, whatever the verdict.
    """
    status = decided or verdict.status
    missed = not linked and status in _WOULD
    found = [*_item(item, now, zone, width), Text()]
    found += explanation(story, verdict, width=width, decided=decided, linked=linked)
    return lines(
        [*found, Text(), *(_missed(story, item) if missed else _next(story, item, status))]
    )


def explanation(
    story: Story,
    verdict: Verdict,
    *,
    width: int,
    decided: Status | None = None,
    linked: bool = True,
) -> list[Text]:
    """Return what `why` says of a verdict, without the item and without what may be typed next."""
    status = decided or verdict.status
    missed = not linked and status in _WOULD
    said, style = _WOULD[status] if missed and status else _SAID[status]
    head = Text.assemble(
        ("It ", ""), (said, style), " ", (plain(story.title), HEADING), f": {verdict.score:.2f}"
    )
    if decided:
        head.append(" (you said so)", FAINT)
    if missed:
        closed = ": the story is closed" if story.state is State.CLOSED else ""
        head.append(f", but is not linked{closed}")
    return [*wrapped(head, width), Text(), *_reasons(verdict, width)]


def _reasons(verdict: Verdict, width: int) -> list[Text]:
    """Return what counts, by where it comes from; what is shown of it adds up to the score."""
    if not verdict.reasons:
        return [Text("Nothing of it was found.", FAINT)]
    worths = add_up([r.worth for r in verdict.reasons], verdict.score)
    counted = list(zip(verdict.reasons, worths, strict=True))
    found: list[Text] = []
    barred = [plain(r.part) for r in verdict.reasons if r.kind == ReasonKind.NEGATED]
    if barred:
        found += [Text("Ruled out by", HEADING), *hanging(listed(barred), width, 2, BAD)]
    asked = [(r, w) for r, w in counted if r.kind not in _LEARNED | {ReasonKind.NEGATED}]
    learned = [(r, w) for r, w in counted if r.kind in _LEARNED]
    label = max((width_of(plain(r.part)) for r, _ in asked if not _sentence(r)), default=0)
    label = min(label, max(width // 3, 8))
    for heading, rows in (("Asked for", asked), ("Learned", learned)):
        shown = [row for pair in _in_order(rows) for row in _row(*pair, label, width)]
        traces = [_trace(r) for r, worth in rows if r.worth and not worth]
        if traces:
            shown += hanging(f"and traces of {listed(traces)}", width, _INDENT, FAINT)
        if shown:
            found += [Text(heading, HEADING), *shown]
    total = Text.assemble((f"   {verdict.score:.2f}  ", HEADING), ("in all", FAINT))
    return [*found, total]


# Where the words begin, behind "  +0.54  ".
_INDENT = 9


def _in_order(rows: Sequence[tuple[Reason, float]]) -> list[tuple[Reason, float]]:
    """Return what speaks for it, what speaks against it, and what was asked for and is missing."""
    seen = [(r, worth) for r, worth in rows if worth]
    missing = [(r, worth) for r, worth in rows if not r.worth and _is_part(r)]
    return sorted(seen, key=lambda pair: (pair[1] < 0, -abs(pair[1]))) + missing


def _row(reason: Reason, worth: float, label: int, width: int) -> list[Text]:
    lead = f"{worth:+.2f}" if worth else "  –  "
    row = Text("  ").append(lead, MARK if worth > 0 else BAD).append("  ")
    words = _sentence(reason) or ""
    if not words and reason.kind not in _LEARNED:
        row.append(column(plain(reason.part), label), "bold").append("  ")
        words = _evidence(reason)
    elif not words:
        goes = "goes" if worth > 0 else "does not go"
        words = f"“{plain(reason.part)}” {goes} with this story"
    room = width - width_of(row.plain)
    if room >= width // 3:
        first, *rest = wrap(words, room)
        return [row.append(first), *(Text(" " * (width - room)).append(more) for more in rest)]
    return [row, *hanging(words, width, _INDENT)]


def _is_part(reason: Reason) -> bool:
    """Tell whether a reason is a part of the query."""
    return not _sentence(reason) and reason.kind not in _LEARNED


def _sentence(reason: Reason) -> str | None:
    told = _SENTENCES.get((reason.kind, reason.part))
    said = told[reason.worth < 0] or told[0] if told else None
    return said and said.format(found=plain(reason.found))


def _trace(reason: Reason) -> str:
    told = _SENTENCES.get((reason.kind, reason.part))
    return told[2] if told else f"“{plain(reason.part)}”"


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
    """Return in which words an item shows a part of the query, and where."""
    if reason.kind == ReasonKind.HOME:
        return "goes unsaid: the outlet is at home there"
    if reason.kind == ReasonKind.ELSEWHERE:
        return f"not there: it tells of “{plain(reason.found)}”"
    if not reason.worth and not reason.found:
        return "not there"
    if not reason.found and not reason.field:
        return "not there, but it may be told in any words"
    found = f"“{plain(reason.found)}”" if reason.found else ""
    where = f"in the {plain(reason.field)}" if reason.field else ""
    return " ".join(filter(None, (found, where))) or plain(reason.kind)


def _item(item: Item, now: datetime, zone: tzinfo | None, width: int) -> list[Text]:
    found = [Text(row, HEADING) for row in wrap(plain(item.title), width)]
    facts = [f"number {item.id}", when.stamp(item.published, zone, now)]
    facts += [item.language] if item.language else []
    about = Text.assemble((plain(item.source), OUTLET), (f" · {' · '.join(facts)}", FAINT))
    found += wrapped(about, width)
    return [*found, Text(plain(item.url), FAINT)] if item.url else found


def _missed(story: Story, item: Item) -> list[Text]:
    """Return how to have an item linked that would belong."""
    if story.state is State.CLOSED:
        how = hint("", f"tracker story reopen {story.slug}", " takes it up.")
    else:
        how = hint("", "tracker rematch", " looks again at all that is stored.")
    return [how, hint("It does belong? ", f"tracker accept {story.slug} {item.id}")]


def _next(story: Story, item: Item, status: Status | None) -> list[Text]:
    if status in (Status.ACCEPTED, Status.REJECTED):
        return [hint("Changed your mind? ", "tracker undo", " takes the last one back.")]
    if status is Status.LINKED:
        return [hint("Wrong? ", f"tracker reject {story.slug} {item.id}")]
    rows = [hint("It does belong? ", f"tracker accept {story.slug} {item.id}")]
    if status is Status.MAYBE:
        rows.append(hint("It does not? ", f"tracker reject {story.slug} {item.id}"))
    return rows
