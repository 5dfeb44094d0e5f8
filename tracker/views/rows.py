"""A development as rows of a listing: number, time, outlet, headline, and what is to be known."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from tracker import signs
from tracker.model.core import Status
from tracker.plain_text import plain
from tracker.views.text import (
    DOUBT,
    FAINT,
    MARK,
    MATCHED,
    NEW,
    OUTLET,
    column,
    cut,
    width_of,
    wrap,
)
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tracker.developments import Development
    from tracker.model.core import Item, Link, Report

    Address = Callable[[str], str | None]
    """What gives the address to link to for an item's URL, None for one that is not linked to."""

# Below this many cells a row cannot hold columns and a headline side by side.
NARROW = 60
_HEADLINE_LINES = 2
# The most that an outlet's name may take of lines up to so many cells.
_OUTLET = ((99, 14), (139, 18))
_WIDEST_OUTLET = 24
# The kinds of reasons that name words which the query asks for.
_ASKED = frozenset({"name", "concept", "word", "phrase"})
# What stands between an outlet and its section: "Example - World", "Example: World".
_SECTION = re.compile(r"\s*(?:[-–—|/»>:]\s|\s[-–—|/»>:])\s*")
_SHORTEST_OUTLET = 3


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide the columns of a listing are, in cells; `width` is that of the whole line.

    `address` makes the headlines links of the terminal (OSC 8); without it they are plain.
    """

    width: int
    number: int
    time: int
    outlet: int
    address: Address | None = None

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


def columns(
    items: Sequence[Item], width: int, time: int = 5, *, address: Address | None = None
) -> Columns:
    """Fit the columns to what they will hold: at 80 cells the outlet has at most 14."""
    most = next((room for line, room in _OUTLET if width <= line), _WIDEST_OUTLET)
    outlet = max((width_of(outlet_name(item.source, most)) for item in items), default=0)
    number = max((len(str(item.id)) for item in items), default=1)
    return Columns(width, number, time, max(min(outlet, most), 1), address)


def columns_of(
    reports: Sequence[Report], width: int, time: int = 5, *, address: Address | None = None
) -> Columns:
    """Fit the columns to reports: as `columns`, and no sign of a status touches a number."""
    shape = columns([report.link.item for report in reports], width, time, address=address)
    signed = (r.link.item.id for r in reports if r.link.status is not Status.LINKED)
    touched = max((len(str(number)) for number in signed), default=0) == shape.number
    return replace(shape, number=shape.number + 1) if touched else shape


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
    since: datetime | None = None,
) -> list[Text]:
    """Return a development as a row, with its earlier headlines below, and reports of it.

    They are all others with `unfold`. Without it, it is the one of `newest`, if any.
    """
    first = development.first
    found = item_rows(
        first.link.item,
        shape,
        time,
        mark=_mark(first),
        new=first.new,
        suffix=others(development, shape.room // 2),
        matched=matched(first.link),
    )
    found += _earlier(first, shape)
    for report in development.others if unfold else newest(development, since):
        found += item_rows(
            report.link.item,
            shape,
            time,
            mark=_mark(report, under=first),
            new=report.new,
            matched=matched(report.link),
            language=report.link.item.language != first.link.item.language,
        )
        found += _earlier(report, shape)
    return found


def newest(development: Development, since: datetime | None = None) -> list[Report]:
    """Return the newest report of what is new in a development, where its first is older.

    New is what the last look did not see, else what was published from `since` on.
    """
    first = development.first
    if first.new:
        return []
    unseen = [report for report in development.others if report.new]
    if unseen or since is None or first.link.item.published >= since:
        return unseen[-1:]
    return [r for r in development.others if r.link.item.published >= since][-1:]


def item_rows(
    item: Item,
    shape: Columns,
    time: Callable[[datetime], str],
    *,
    mark: Text | None = None,
    new: bool = False,
    suffix: Text | None = None,
    matched: tuple[str, ...] = (),
    language: bool = False,
) -> list[Text]:
    """Return an item as a row: `mark` takes two cells in front, `suffix` follows the headline.

    `matched` are words of the headline to be highlighted.
    """
    lead = (mark or Text("  ")).copy()
    stamp = time(item.published)
    headline = plain(item.title) or plain(item.url) or "(no headline)"
    if language and item.language:
        headline = f"{plain(item.language)} · {headline}"
    body = _headline(headline, suffix or Text(), shape.room, NEW if new else "")
    _highlight(body, matched)
    if shape.address and (address := shape.address(item.url)):
        link = Style(link=address)
        for row in body:
            row.stylize(link, 0, len(row) - _tail(row, suffix))
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
    other = signs.OTHER if under else " "
    new = Text.assemble((signs.NEW, MARK) if marked else (other, FAINT))
    status = report.link.status
    if status is Status.MAYBE:
        return new.append("?", DOUBT)
    return new.append(signs.ACCEPTED, FAINT) if status is Status.ACCEPTED else new.append(" ")


def matched(link: Link) -> tuple[str, ...]:
    """Return the words of an item's title that the query asks for, the longest first."""
    found = {
        plain(r.found) for r in link.reasons if r.field == "title" and r.kind in _ASKED and r.found
    }
    return tuple(sorted(found, key=lambda words: (-len(words), words)))


def _highlight(body: Sequence[Text], words: tuple[str, ...]) -> None:
    # Not by a pattern: to compile one for each story's words took an eighth of a long listing.
    for row in body if words else ():
        told = _small(row.plain)
        for word in map(_small, words):
            start = told.find(word)
            while start >= 0:
                end = start + len(word)
                if not (_is_letter(told, start - 1) or _is_letter(told, end)):
                    row.stylize(MATCHED, start, end)
                start = told.find(word, end)


def _small(text: str) -> str:
    """Return a text in small letters, as long as it was: only İ becomes two characters."""
    return text.replace("\u0130", "i").lower()


def _is_letter(text: str, place: int) -> bool:
    """Return whether a letter, a digit or "_" stands at `place`, which may lie outside the text."""
    return 0 <= place < len(text) and (text[place].isalnum() or text[place] == "_")


def _tail(row: Text, suffix: Text | None) -> int:
    """Return how many characters of a row belong to the suffix and the space in front of it."""
    return len(suffix) + 1 if suffix and row.plain.endswith(f" {suffix.plain}") else 0


def others(development: Development, room: int) -> Text:
    """Return "+4 de fr": how many other outlets reported a development, and their languages.

    The languages are those that the first report is not in; what does not fit into `room` cells
    is left out. "(2 new)" counts the new reports of an old development.
    """
    if not development.others:
        return Text()
    outlets = len(development.other_outlets)
    text = Text(f"+{outlets:,}" if outlets else "", FAINT)
    new = sum(report.new for report in development.others)
    # Where the development itself is new, so are its reports; that needs no saying.
    if new and not development.first.new:
        text.append("\u00a0" if outlets else "").append(f"({new:,}\u00a0new)", MARK)
    codes = "".join(f"\u00a0{plain(code)}" for code in sorted(development.other_languages))
    if outlets and width_of(text.plain + codes) <= room:
        text.append(codes, FAINT)
    return text


def _earlier(report: Report, shape: Columns) -> list[Text]:
    if not report.revisions:
        return []
    more = len(report.revisions) - 1
    tail = f"; {count(more, 'change')} before)" if more else ")"
    words = cut(f"(was: {plain(report.revisions[-1].title)}", max(shape.room - len(tail), 2)) + tail
    return [Text(" " * shape.headline).append(words, "dim italic")]
