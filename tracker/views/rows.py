"""A development as rows of a listing: number, time, outlet, headline, and what is to be known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from tracker.model.core import Status
from tracker.plain_text import plain
from tracker.views.text import DOUBT, FAINT, MARK, NEW, OUTLET, column, cut, width_of, wrap
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tracker.developments import Development
    from tracker.model.core import Item, Report

# Below this many cells a row cannot hold columns and a headline side by side.
NARROW = 60
_HEADLINE_LINES = 2
# The most that an outlet's name may take of lines up to so many cells.
_OUTLET = ((99, 14), (139, 18))
_WIDEST_OUTLET = 24
# What stands between an outlet and its section: "Example - World", "Example: World".
_SECTION = re.compile(r"\s*(?:[-–—|/»>:]\s|\s[-–—|/»>:])\s*")
_SHORTEST_OUTLET = 3


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide the columns of a listing are, in cells; `width` is that of the whole line."""

    width: int
    number: int
    time: int
    outlet: int

    @property
    def narrow(self) -> bool:
        """Whether the headline stands below the other columns instead of beside them."""
        return self.width < NARROW

    @property
    def headline(self) -> int:
        """Where the headline begins."""
        return 2 if self.narrow else 2 + self.number + 2 + self.time + 2 + self.outlet + 2

    @property
    def room(self) -> int:
        """How many cells the headline has."""
        return max(self.width - self.headline, 8)


def columns(items: Sequence[Item], width: int, time: int = 5) -> Columns:
    """Fit the columns to what they will hold: at 80 cells the outlet has at most 14."""
    most = next((room for line, room in _OUTLET if width <= line), _WIDEST_OUTLET)
    outlet = max((width_of(outlet_name(item.source, most)) for item in items), default=0)
    number = max((len(str(item.id)) for item in items), default=1)
    return Columns(width, number, time, max(min(outlet, most), 1))


def outlet_name(source: str, room: int) -> str:
    """Return the name of a feed in at most `room` cells, without what it adds to the outlet's.

    "The Example - World news" is cut to "The Example" before it is cut within words.
    """
    name = plain(source)
    name = name.removeprefix("https://").removeprefix("http://")
    if width_of(name) > room:
        outlet = _SECTION.split(name, maxsplit=1)[0]
        name = outlet if len(outlet) >= _SHORTEST_OUTLET else name
    return cut(name, room)


def rows(
    development: Development,
    shape: Columns,
    time: Callable[[datetime], str],
    *,
    unfold: bool = False,
) -> list[Text]:
    """Return a development as a row, with its earlier headlines and its other reports below."""
    first = development.first
    found = item_rows(
        first.link.item, shape, time, mark=_mark(first), new=first.new, suffix=_others(development)
    )
    found += _earlier(first, shape)
    if unfold:
        for report in development.others:
            found += item_rows(
                report.link.item,
                shape,
                time,
                mark=_mark(report, under=first),
                new=report.new,
                language=report.link.item.language != first.link.item.language,
            )
            found += _earlier(report, shape)
    return found


def item_rows(
    item: Item,
    shape: Columns,
    time: Callable[[datetime], str],
    *,
    mark: Text | None = None,
    new: bool = False,
    suffix: Text | None = None,
    language: bool = False,
) -> list[Text]:
    """Return an item as a row: `mark` takes two cells in front, `suffix` follows the headline."""
    lead = (mark or Text("  ")).copy()
    stamp = time(item.published)
    headline = plain(item.title) or plain(item.url) or "(no headline)"
    if language and item.language:
        headline = f"{plain(item.language)} · {headline}"
    body = _headline(headline, suffix or Text(), shape.room, NEW if new else "")
    if shape.narrow:
        lead.append(f"{stamp} ", FAINT)
        lead.append(
            outlet_name(item.source, max(shape.width - width_of(lead.plain) - shape.number - 2, 1)),
            OUTLET,
        )
        lead.append(f" {item.id}", FAINT)
        return [lead, *(Text(" " * shape.headline).append_text(row) for row in body)]
    lead.append(f"{item.id:>{shape.number}}  ", FAINT)
    lead.append(column(stamp, shape.time) + "  ", FAINT)
    lead.append(column(outlet_name(item.source, shape.outlet), shape.outlet) + "  ", OUTLET)
    return [
        (lead if place == 0 else Text(" " * shape.headline)).append_text(row)
        for place, row in enumerate(body)
    ]


def _headline(headline: str, suffix: Text, room: int, style: str) -> list[Text]:
    # The suffix ("+5") goes with the last word; what gives way to it is the headline.
    needs = width_of(suffix.plain) + 1 if suffix else 0
    pieces = wrap(headline, room, _HEADLINE_LINES)
    if needs and width_of(pieces[-1]) + needs > room:
        whole = pieces
        head, _, word = pieces[-1].rpartition(" ")
        pieces = [*whole[:-1], head, word] if head and len(whole) < _HEADLINE_LINES else whole
        pieces[-1] = cut(pieces[-1], max(room - needs, 1))
    found = [Text(piece, style) for piece in pieces]
    if suffix:
        found[-1] = Text.assemble(found[-1], " ", suffix)
    return found


def _mark(report: Report, under: Report | None = None) -> Text:
    # A report under a new development is new as well; that needs no second mark.
    marked = report.new and not (under and under.new)
    new = Text.assemble(("●", MARK) if marked else ("└" if under else " ", FAINT))
    status = report.link.status
    if status is Status.MAYBE:
        return new.append("?", DOUBT)
    return new.append("✓", FAINT) if status is Status.ACCEPTED else new.append(" ")


def _others(development: Development) -> Text:
    """Return how many other outlets reported a development, and how many reports are new."""
    if not development.others:
        return Text()
    outlets = {report.link.item.outlet for report in development.others}
    others = len(outlets - {development.first.link.item.outlet})
    text = Text.assemble((f"+{others:,}" if others else "", FAINT))
    new = sum(report.new for report in development.others)
    # Where the development itself is new, so are its reports; that needs no saying.
    if new and not development.first.new:
        text.append("\u00a0" if others else "").append(f"({new:,}\u00a0new)", MARK)
    return text


def _earlier(report: Report, shape: Columns) -> list[Text]:
    if not report.revisions:
        return []
    more = len(report.revisions) - 1
    tail = f"; {count(more, 'change')} before)" if more else ")"
    words = cut(f"(was: {plain(report.revisions[-1].title)}", max(shape.room - len(tail), 2)) + tail
    return [Text(" " * shape.headline).append(words, "dim italic")]
