"""The digest in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker.model.digest import RowKind
from tracker.views.text import BAD, FAINT, HEADING, MARK, hanging, lines, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.model.digest import Row

_INDENT = 2
_STYLES = {
    RowKind.TITLE: HEADING,
    RowKind.FACTS: FAINT,
    RowKind.STORY: HEADING,
    RowKind.HEADING: HEADING,
    RowKind.NOTE: FAINT,
    RowKind.WAS: FAINT,
    RowKind.FAILING: BAD,
}


def digest(rows: Iterable[Row], width: int) -> Text:
    """Return the rows of a digest, the outlets of each development below its headline."""
    found: list[Text] = []
    for row in rows:
        style = _STYLES.get(row.kind, "")
        if row.kind in {RowKind.STORY, RowKind.HEADING}:
            found.append(Text())
        if row.kind in {RowKind.TITLE, RowKind.FACTS, RowKind.STORY, RowKind.HEADING}:
            found += [Text(each, style) for each in wrap(row.text, width)]
        elif row.kind in {RowKind.NEW, RowKind.MORE}:
            found += _development(row, width)
        else:
            was = "was: " if row.kind is RowKind.WAS else ""
            found += hanging(f"{was}{row.text}", width, _INDENT * (3 if was else 1), style)
    return lines(found)


def _development(row: Row, width: int) -> list[Text]:
    mark = "●" if row.kind is RowKind.NEW else "+"
    first, *rest = wrap(f"{row.lead}  {row.text}", width - 3 * _INDENT)
    found = [Text.assemble("  ", (mark, MARK), " ", first)]
    found += [Text("      ").append(each) for each in rest]
    return found + hanging(row.tail, width, 3 * _INDENT, FAINT)
