"""A review: one question, what an answer changed, and how much of the story is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.model.core import Status
from tracker.plain_text import plain
from tracker.views.text import (
    BAD,
    COMMAND,
    FAINT,
    HEADING,
    MARK,
    OUTLET,
    PATH,
    hanging,
    hint,
    lines,
    wrap,
    wrapped,
)
from tracker.wording import count

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tracker.model.core import Story
    from tracker.model.corrections import Correction
    from tracker.model.review import Question, Review

_STATUS = {Status.LINKED: "linked", Status.MAYBE: "doubtful", None: "not linked"}
_KEYS = (("y", "yes"), ("n", "no"), ("s", "skip"), ("u", "undo"), ("q", "quit"))
_SHOWN = (Status.LINKED, Status.ACCEPTED)
_SUMMARY_LINES = 3


def question(
    value: Review, *, now: datetime, zone: tzinfo | None, width: int, left: int = 0
) -> Text:
    """Return the first question of a review; `left` are the questions to come at the most."""
    asked, more = value.questions[0], f" {count(left, 'more question')} at the most." * (left > 0)
    head = Text.assemble("Does it belong to ", (plain(value.story.title), HEADING), f"?{more}")
    return lines([Text(), *wrapped(head, width), *_item(asked, now, zone, width), _keys()])


def _item(asked: Question, now: datetime, zone: tzinfo | None, width: int) -> list[Text]:
    item = asked.item
    stamp, status = when.stamp(item.published, zone, now), _STATUS.get(asked.status, "not linked")
    told = f"{plain(item.source)} · {stamp} · {status}, score {asked.score:.2f}"
    found = [*hanging(plain(item.title), width, 2, HEADING), *hanging(told, width, 2, OUTLET)]
    if summary := plain(item.summary):
        found += [Text(f"  {row}") for row in wrap(summary, width - 2, _SUMMARY_LINES)]
    if item.url:
        found.append(Text.assemble("  ", (plain(item.url), PATH)))
    return found


def _keys() -> Text:
    found = Text()
    for key, word in _KEYS:
        found.append("  ").append(key, COMMAND).append(f" {word}", FAINT)
    return found


def answered(value: Correction, *, undone: bool = False) -> Text:
    """Return what an answer, or taking it back, changed in the story."""
    more, less = 0, 0
    for was, now in [(value.was, value.now), *((move.was, move.now) for move in value.moves)]:
        more += now in _SHOWN and was not in _SHOWN
        less += was in _SHOWN and now not in _SHOWN
    if value.skipped:
        return Text("Asked again." if undone else "Skipped: not asked again.")
    head = Text("Taken back: ") if undone else _said(value.now)
    parts = [f"+{count(more, 'report')}"] if more else []
    parts += [f"−{less:,}" if more else f"−{count(less, 'report')}"] if less else []
    return head.append(", ".join(parts) if parts else "nothing else changes").append(".")


def _said(status: Status | None) -> Text:
    yes = status is Status.ACCEPTED
    return Text.assemble(("Yes", MARK) if yes else ("No", BAD), ": ")


def nothing_to_undo() -> Text:
    """Return what is said where no answer of this review is left to take back."""
    return Text("No answer of this review is left to take back.", FAINT)


def standing(value: Review, *, width: int) -> Text:
    """Return how much of the story is found, and whether more is to be asked."""
    rows = hanging(found_of(value), width, 0)
    if value.questions:
        rows.append(hint("", f"tracker review {value.story.slug}", " goes on asking."))
    else:
        rows += hanging("Little is left to learn from answers for now.", width, 0, FAINT)
    return lines(rows)


def found_of(value: Review) -> str:
    """Return "41 reports are linked: about 34 of the 37 (26 to 55) that there are."."""
    verb = "is" if value.linked == 1 else "are"
    return (
        f"{count(value.linked, 'report')} {verb} linked: about {value.found:,} of the"
        f" {value.expected:,} ({value.low:,} to {value.high:,}) that there are."
    )


def offer(story: Story) -> Text:
    """Return the line after `follow` that offers a review."""
    return hint("", f"tracker review {story.slug}", " asks about the most doubtful ones.")
