"""What is said after a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker.model.core import Status
from tracker.model.corrections import Correction, Move
from tracker.plain_text import plain
from tracker.views.text import BAD, HEADING, MARK, hanging, hint, lines, wrapped
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model.core import Item, Story

_SAID = {Status.ACCEPTED: ("belongs to", MARK), Status.REJECTED: ("does not belong to", BAD)}
_NOW = {
    Status.LINKED: "linked again",
    Status.MAYBE: "doubtful again",
    Status.ACCEPTED: "accepted again",
    Status.REJECTED: "rejected again",
    None: "without a link again",
}
_MOVED: dict[tuple[Status | None, Status | None], tuple[str, str]] = {
    (Status.MAYBE, Status.LINKED): (
        "{} doubtful report is now linked",
        "{} doubtful reports are now linked",
    ),
    (None, Status.LINKED): ("{} more report is linked", "{} more reports are linked"),
    (None, Status.MAYBE): ("{} more report is doubtful", "{} more reports are doubtful"),
    (Status.LINKED, Status.MAYBE): (
        "{} linked report is now doubtful",
        "{} linked reports are now doubtful",
    ),
    (Status.LINKED, None): (
        "{} linked report is no longer in the story",
        "{} linked reports are no longer in the story",
    ),
    (Status.MAYBE, None): (
        "{} doubtful report is no longer in the story",
        "{} doubtful reports are no longer in the story",
    ),
}


# As many numbers of moved reports are shown.
_SHOWN = 10


def decided(
    story: Story,
    corrections: Sequence[Correction],
    status: Status,
    *,
    known: Sequence[Item] = (),
    width: int,
) -> Text:
    """Return what was accepted or rejected, what changed besides, and how to take it back.

    Items that are `known` had been decided so before; there is no decision to take back.
    """
    items = [each.item for each in corrections]
    found = _new(story, items, status, width) if items else []
    found += _copies([copy for each in corrections for copy in each.copies], width)
    found += _moves(_together(corrections), width)
    if known:
        found += hanging(f"You {status} before, in {plain(story.title)}:", width, 0)
        found += _titles(known, width)
    if items:
        found.append(hint("", "tracker undo", " takes the last one back."))
    return lines(found)


def skipped(story: Story, corrections: Sequence[Correction], *, width: int) -> Text:
    """Return what is not asked about again, and how to take it back."""
    head = Text.assemble("Not asked about again in ", (plain(story.title), HEADING), ":")
    rows = [*wrapped(head, width), *_titles([each.item for each in corrections], width)]
    if any(each.changes for each in corrections):
        rows.append(hint("", "tracker undo", " takes the last one back."))
    return lines(rows)


def _new(story: Story, items: Sequence[Item], status: Status, width: int) -> list[Text]:
    said, style = _SAID[status]
    verb = said if len(items) == 1 else said.replace("does", "do").replace("belongs", "belong")
    who = "This" if len(items) == 1 else f"These {count(len(items), 'item')}"
    head = Text.assemble(f"{who} ", (verb, style), " ", (plain(story.title), HEADING))
    return [*wrapped(head, width), *_titles(items, width)]


def _titles(items: Sequence[Item], width: int) -> list[Text]:
    return [row for item in items for row in hanging(plain(item.title), width, 2)]


def undone(back: Correction, *, width: int) -> Text:
    """Return what was taken back, how the item stands since, and what changed besides."""
    if back.skipped:
        head = Text.assemble("Asked about again in ", (plain(back.story.title), HEADING), ":")
        return lines([*wrapped(head, width), *_titles([back.item], width)])
    head = Text(f"No longer {back.was or 'decided'}, and {_NOW[back.now]}, in ").append(
        plain(back.story.title), HEADING
    )
    found = [*wrapped(head, width), *hanging(plain(back.item.title), width, 2)]
    return lines([*found, *_copies(back.copies, width), *_moves(back.moves, width)])


def _copies(items: Sequence[Item], width: int) -> list[Text]:
    if not items:
        return []
    verb = "follows" if len(items) == 1 else "follow"
    noun = "copy" if len(items) == 1 else "copies"
    numbers = _numbers([each.id for each in items])
    return hanging(f"{len(items)} {noun} in other feeds {verb}: {numbers}", width, 0)


def _together(corrections: Sequence[Correction]) -> list[Move]:
    """Return the moves of several corrections as one: what changed twice is told once."""
    decided = {item.id for each in corrections for item in (each.item, *each.copies)}
    found: dict[int, Move] = {}
    for move in (move for each in corrections for move in each.moves):
        first = found.get(move.item_id, move)
        found[move.item_id] = Move(move.item_id, first.was, move.now)
    return [m for m in found.values() if m.was is not m.now and m.item_id not in decided]


def _moves(moves: Sequence[Move], width: int) -> list[Text]:
    """Return how many reports changed their status besides, with their numbers."""
    found: list[Text] = []
    for (was, now), words in _MOVED.items():
        if ids := [move.item_id for move in moves if (move.was, move.now) == (was, now)]:
            told = words[len(ids) > 1].format(f"{len(ids):,}")
            found += hanging(f"{told}: {_numbers(ids)}", width, 0)
    return found


def _numbers(ids: Sequence[int]) -> str:
    shown = ", ".join(map(str, ids[:_SHOWN]))
    return f"{shown} and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else shown
