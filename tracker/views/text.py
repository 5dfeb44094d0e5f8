"""Text for a terminal: what feeds say is data, and widths are counted in cells, not characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.text import Span, Text

from tracker.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


# "Pourquoi ?", « oui », 5 %.
_UNBREAKABLE = re.compile(r"(?<=«) (?=\S)| (?=[?!:;»%€](?:\s|$|[.,…)]))")
NEW = "bold"
MARK = "bold green"
FAINT = "dim"
OUTLET = "cyan"
MATCHED = "magenta"
BAR = "cyan"
DOUBT = "yellow"
WARNING = "yellow"
BAD = "red"
HEADING = "bold"
DAY = "bold blue"
COMMAND = "bold"
PATH = "not bold dim"  # looks like FAINT
_WHOLE = {COMMAND, PATH}
BARS = 14
"""How many cells the bars of a story take in a list of stories."""


def width_of(text: str) -> int:
    """Return how many terminal cells `text` takes; a Chinese character takes two."""
    # Most text is printable ASCII, for which rich's own count takes five times as long.
    return len(text) if text.isascii() and text.isprintable() else cell_len(text)


def cut(text: str, width: int) -> str:
    """Return `text` shortened to at most `width` cells, its end replaced by "…" where it is not."""
    if width_of(text) <= width:
        return text
    if width <= 1:
        return "…"[: max(width, 0)]
    return set_cell_size(text, width - 1).rstrip() + "…"


def feed_name(name: str, width: int) -> str:
    """Return a feed's name in at most `width` cells; of an address the end says which feed it is.

    An address stands for the name of a feed that never answered.
    """
    name = plain(name)
    address = name.removeprefix("https://").removeprefix("http://")
    if address == name or width_of(address) <= width:
        return cut(address, width)
    return (
        "…" + set_cell_size(address[::-1], max(width - 1, 0))[::-1]
        if width > 1
        else cut(name, width)
    )


def column(text: str, width: int) -> str:
    """Return `text` cut or filled to exactly `width` cells."""
    return set_cell_size(cut(text, width), width)


def wrap(text: str, width: int, lines: int | None = None) -> list[str]:
    """Break `text` at spaces into lines of at most `width` cells; at least one line comes back.

    No line begins with a mark that French sets behind a space.
    A word longer than a line is broken inside. Where `lines` is given and not enough, the last
    line ends in "…".
    """
    width = max(width, 2)
    rows: list[str] = []
    row = ""
    for word in _UNBREAKABLE.sub("\u00a0", text).split(" "):
        for piece in chop_cells(word, width) if width_of(word) > width else [word]:
            longer = f"{row} {piece}" if row else piece
            if width_of(longer) <= width:
                row = longer
            else:
                rows.append(row)
                row = piece
    rows.append(row)
    rows = [each.replace("\u00a0", " ") for each in rows]
    if lines is not None and len(rows) > lines:
        rest = " ".join(rows[lines - 1 :])
        rows = [*rows[: lines - 1], cut(rest, width)]
    return rows


def joined(words: Sequence[str], width: int) -> list[str]:
    """Join words by " · " into rows of at most `width` cells, broken between them if they fit."""
    found: list[str] = []
    for each in words:
        if found and width_of(f"{found[-1]} · {each}") <= width:
            found[-1] += f" · {each}"
        else:
            found.append(each)
    return [row for each in found for row in wrap(each, width)]


def wrapped(text: Text, width: int) -> list[Text]:
    """Break a text that `plain` has made one line as `wrap` does; its styles stay."""
    rows, place = [], 0
    for row in wrap(text.plain, width):
        place = text.plain.index(row, place)
        rows.append(text[place : place + len(row)])
        place += len(row)
    return rows


def fitted(text: Text, width: int) -> Text:
    """Break rows wider than `width` cells at spaces, and repeat their indent.

    A command to be typed (style COMMAND) and a file (PATH) are not broken, so that they can be
    copied.
    """
    if all(width_of(row) <= width for row in text.plain.split("\n")):
        return text
    rows = text.split("\n", allow_blank=True)
    return lines(piece for row in rows for piece in _broken(row, width))


def _broken(row: Text, width: int) -> list[Text]:
    told = row.plain
    whole = [range(span.start, span.end) for span in row.spans if span.style in _WHOLE]
    indent = len(told) - len(told.lstrip(" "))
    breaks = [
        found.span()
        for found in re.finditer(" +", told)
        if found.start() >= indent and not any(found.start() in span for span in whole)
    ]
    pieces: list[Text] = []
    start = end = following = 0
    for place, after in [*breaks, (len(told), len(told))]:
        lead = indent if pieces else 0
        if end and width_of(told[start:place]) + lead > width:
            pieces.append(row[start:end])
            start = following
        end, following = place, after
    pieces.append(row[start:end])
    return [pieces[0], *(Text(" " * indent).append_text(piece) for piece in pieces[1:])]


def translated(text: Text, table: Mapping[int, str]) -> Text:
    """Return a text with characters replaced as `str.translate` does; its styles stay."""
    if not any(ord(character) in table for character in set(text.plain)):
        return text
    longer = {chr(key): value for key, value in table.items() if len(value) > 1}
    pieces = text.divide(
        sorted({edge for n, c in enumerate(text.plain) if c in longer for edge in (n, n + 1)})
    )
    found = Text()
    for piece in pieces:
        spans = [Span(0, len(longer.get(piece.plain, piece.plain)), s.style) for s in piece.spans]
        spans = spans if piece.plain in longer else list(piece.spans)
        found.append_text(Text(piece.plain.translate(table), piece.style, spans=spans))
    return found


def lines(rows: Iterable[Text]) -> Text:
    """Join rows into the one text that a view returns."""
    return Text("\n").join(rows)


def hanging(text: str, width: int, indent: int, style: str = "") -> list[Text]:
    """Return `text` wrapped to `width` cells in all, each row behind `indent` spaces."""
    return [Text(" " * indent).append(row, style) for row in wrap(text, width - indent)]


def file_row(path: str) -> Text:
    """Return the row of a file, which is faint."""
    return Text.assemble("  ", (plain(path), PATH))


def hint(before: str, command: str, after: str = "") -> Text:
    """Return a faint sentence with the command in it that the user may type next."""
    return Text.assemble((before, FAINT), (command, COMMAND), (after, FAINT))


def commands(values: Sequence[tuple[str, str]], width: int) -> list[Text]:
    """Return commands, each with what it does beside it, or below where a row cannot hold both."""
    room = max(width_of(command) for command, _ in values)
    beside = all(room + 4 + width_of(words) <= width for _, words in values)
    found = []
    for command, words in values:
        row = Text.assemble("  ", (command, COMMAND))
        if beside:
            row.append(" " * (room - width_of(command) + 2)).append(words, FAINT)
        found += [row] if beside else [row, Text(f"    {words}", FAINT)]
    return found
