"""The findings of `tracker doctor`, each with what mends it, and one verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker.model.care import Level
from tracker.plain_text import plain
from tracker.views.text import BAD, COMMAND, FAINT, MARK, WARNING, file_row, hanging, lines
from tracker.wording import count, listed

if TYPE_CHECKING:
    from tracker.model.care import Diagnosis, Finding, Repair

_STYLES = {Level.ERROR: BAD, Level.WARNING: WARNING}


def diagnosis(value: Diagnosis, *, width: int) -> Text:
    """Return what is wrong, and a verdict as the last line; of a healthy one that line alone."""
    rows = [row for finding in value.findings for row in _finding(finding, width)]
    return lines([*rows, verdict(value)])


def _finding(value: Finding, width: int) -> list[Text]:
    mark = "error" if value.level is Level.ERROR else "warning"
    rows = hanging(f"{mark}: {plain(value.detail)}", width, 0)
    rows[0].stylize(_STYLES[value.level], 0, len(mark) + 1)
    if value.command:
        # Not broken, so that it can be copied.
        rows.append(Text.assemble("  ", (plain(value.command), COMMAND)))
    return rows


def verdict(value: Diagnosis) -> Text:
    """Return "All is well: …", or how many errors and warnings there are."""
    if not value.findings:
        return Text.assemble(("All is well", MARK), (f"{_holds(value)}.", FAINT))
    numbers = [
        count(number, str(level))
        for level in (Level.ERROR, Level.WARNING)
        if (number := value.count(level))
    ]
    style = BAD if value.count(Level.ERROR) else WARNING
    return Text(f"{listed(numbers)}.", style)


def _holds(value: Diagnosis) -> str:
    if value.stories is None or value.items is None or value.feeds is None:
        return ""
    numbers = [
        count(value.stories, "story", "stories"),
        count(value.items, "item"),
        count(value.feeds, "feed"),
    ]
    return f": {listed(numbers)}"


def repaired(value: Repair) -> Text:
    """Return what a repair did."""
    done = [
        f"removed {count(value.removed, 'row')} without an owner" if value.removed else "",
        f"indexed {count(value.indexed, 'item')} anew" if value.indexed else "",
    ]
    told = listed(filter(None, done)) or "nothing was broken"
    return lines(
        [
            Text(f"{told[0].upper()}{told[1:]}."),
            Text("The database as it was before:"),
            file_row(str(value.kept)),
        ]
    )
