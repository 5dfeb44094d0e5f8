"""What is said after a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker.model import Status
from tracker.plain_text import plain
from tracker.views.text import BAD, HEADING, MARK, hanging, hint, lines, wrapped
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Item, Story

_SAID = {Status.ACCEPTED: ("belongs to", MARK), Status.REJECTED: ("does not belong to", BAD)}
_NOW = {
    Status.LINKED: "linked again",
    Status.MAYBE: "doubtful again",
    Status.ACCEPTED: "accepted again",
    Status.REJECTED: "rejected again",
    None: "without a link again",
}


def decided(
    story: Story,
    items: Sequence[Item],
    status: Status,
    *,
    known: Sequence[Item] = (),
    width: int,
) -> Text:
    """Return what was accepted or rejected, and how to take it back.

    Of what is `known` the user has said so before; that is no decision to take back.
    """
    found = _new(story, items, status, width) if items else []
    if known:
        found += hanging(f"You {status} before, in {plain(story.title)}:", width, 0)
        found += _titles(known, width)
    if items:
        found.append(hint("", "tracker undo", " takes the last one back."))
    return lines(found)


def _new(story: Story, items: Sequence[Item], status: Status, width: int) -> list[Text]:
    said, style = _SAID[status]
    verb = said if len(items) == 1 else said.replace("does", "do").replace("belongs", "belong")
    who = "This" if len(items) == 1 else f"These {count(len(items), 'item')}"
    head = Text.assemble(f"{who} ", (verb, style), " ", (plain(story.title), HEADING))
    return [*wrapped(head, width), *_titles(items, width)]


def _titles(items: Sequence[Item], width: int) -> list[Text]:
    return [row for item in items for row in hanging(plain(item.title), width, 2)]


def undone(story: Story, item: Item, was: Status | None, now: Status | None, *, width: int) -> Text:
    """Return what was taken back, and how the item stands in the story since."""
    head = Text(f"No longer {was or 'decided'}, and {_NOW[now]}, in ").append(
        plain(story.title), HEADING
    )
    return lines([*wrapped(head, width), *hanging(plain(item.title), width, 2)])
