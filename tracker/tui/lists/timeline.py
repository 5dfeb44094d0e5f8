"""The rows of a story's timeline, for a width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from tracker import when
from tracker.model.core import Status
from tracker.plain_text import plain
from tracker.stories.text.normalization import normalize
from tracker.tui.lists.shown import Selected
from tracker.views.rows import outlet_name
from tracker.views.text import DAY, DOUBT, FAINT, MARK, NEW, OUTLET, column, cut, width_of
from tracker.views.timeline import header

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence
    from datetime import date, datetime, tzinfo

    from tracker.developments import Development
    from tracker.model.core import Item, Report
    from tracker.tui.lists.rows import Row
    from tracker.tui.lists.shown import Shown

TWO_LINES_BELOW = 84
"""In a pane of fewer cells the headline has a line of its own."""
_LOW = 14
"""In a pane of fewer lines the header is one line."""
_OUTLET = 18


class Shape(NamedTuple):
    """How a timeline is shown; `words` is the filter, "" for none."""

    width: int
    height: int
    now: datetime
    zone: tzinfo | None
    oldest_first: bool = False
    unfolded: bool = False
    doubtful: bool = False
    words: str = ""

    @property
    def two_lines(self) -> bool:
        """Whether a development has two lines."""
        return self.width < TWO_LINES_BELOW


@dataclass(frozen=True, slots=True)
class Line:
    """A line that cannot be selected."""

    text: Text
    key: None = None
    height: int = 1

    def lines(self, width: int) -> list[Text]:
        """Return the line; what does not fit is cut off."""
        del width
        return [self.text]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A development under its first report, or another report of it."""

    key: Hashable
    selected: Selected
    shape: Shape

    @property
    def height(self) -> int:
        """How many lines it has."""
        return 2 if self.shape.two_lines else 1

    def lines(self, width: int) -> list[Text]:
        """Lay the row out."""
        report, folded = self.selected.lead, self.selected.report is None
        other = not folded and report is not self.selected.development.first
        mark = _mark(report, new=self.selected.development.new if folded else report.new)
        mark = Text.assemble(("└" if other else " ", FAINT), mark)
        suffix = _others(self.selected.development) if folded else _language(report, other=other)
        stamp = self._time(report.link.item)
        words = plain(report.link.item.title) or plain(report.link.item.url) or "(no headline)"
        style = NEW if report.new or (folded and self.selected.development.new) else ""
        if self.shape.two_lines:
            room = max(width - 4 - len(stamp) - 1 - width_of(suffix.plain) - 1, 4)
            outlet = outlet_name(report.link.item.source, room)
            first = Text.assemble(mark, " ", (f"{stamp} ", FAINT), (column(outlet, room), OUTLET))
            first.append(" ").append_text(suffix)
            return [first, Text("    ").append(cut(words, max(width - 4, 1)), style)]
        lead = Text.assemble(mark, " ", (f"{stamp:>6} ", FAINT))
        outlet = outlet_name(report.link.item.source, _OUTLET)
        lead.append(f"{column(outlet, _OUTLET)} ", OUTLET)
        room = max(width - width_of(lead.plain) - width_of(suffix.plain) - (1 if suffix else 0), 4)
        lead.append(cut(words, room), style)
        return [lead.append(" ").append_text(suffix) if suffix else lead]

    def _time(self, item: Item) -> str:
        shape = self.shape
        if self.selected.development.first.link.status is Status.MAYBE:
            return when.short_date(item.published, shape.zone, shape.now)
        day = when.local(self.selected.development.published, shape.zone).date()
        if when.local(item.published, shape.zone).date() == day:
            return when.clock(item.published, shape.zone)
        return when.short_date(item.published, shape.zone, item.published)


def _mark(report: Report, *, new: bool) -> Text:
    if report.link.status is Status.MAYBE:
        return Text(" ?", DOUBT)  # what is doubtful is no news
    text = Text.assemble(("●" if new else " ", MARK))
    return text.append("✓" if report.link.status is Status.ACCEPTED else " ", FAINT)


def _others(development: Development) -> Text:
    """Return how many other outlets reported it, and in which other languages."""
    outlets, languages = development.other_outlets, development.other_languages
    if not outlets:
        return Text()
    return Text(" ".join([f"+{len(outlets):,}", *map(plain, sorted(languages))]), FAINT)


def _language(report: Report, *, other: bool) -> Text:
    code = report.link.item.language
    return Text(plain(code), FAINT) if other and code else Text()


def rows(shown: Shown, shape: Shape) -> list[Row]:
    """Return a story's header, its developments by day, the line "new since", and the doubtful."""
    kept = [each for each in shown.sure if _matches(each, shape.words)]
    found: list[Row] = [*_header(shown, shape)]
    found += _by_day(shown, list(reversed(kept)) if shape.oldest_first else kept, shape)
    if shape.doubtful:
        doubtful = [each for each in shown.doubtful if _matches(each, shape.words)]
        found += [Line(Text()), Line(Text("Doubtful", f"{DOUBT} bold"))]
        found += [row for each in doubtful for row in _development(each, shape)]
        if not doubtful:
            found.append(Line(Text("Nothing is doubtful.", FAINT)))
    return found


def _header(shown: Shown, shape: Shape) -> Iterable[Line]:
    if shape.height < _LOW:
        return [Line(Text(cut(plain(shown.value.story.title), shape.width), "bold"))]
    above = header(shown.value, shown.sure, now=shape.now, zone=shape.zone, width=shape.width)
    return [Line(Text(row) if isinstance(row, str) else row) for row in above]


def _by_day(shown: Shown, developments: Sequence[Development], shape: Shape) -> list[Row]:
    found: list[Row] = []
    day: date | None = None
    today = when.local(shape.now, shape.zone).date()
    divider = _divider(shown, developments, shape)
    for place, development in enumerate(developments):
        if place == divider:
            found.append(Line(_new_since(shown, shape)))
        its = when.local(development.published, shape.zone).date()
        if its != day:
            if place != divider:
                found.append(Line(Text()))
            found.append(Line(Text(when.day_heading(its, today), DAY)))
            day = its
        found += _development(development, shape)
    return found


def _divider(shown: Shown, developments: Sequence[Development], shape: Shape) -> int | None:
    """Return before which development the line stands: between the last look and what came later.

    None where all is on one side of it.
    """
    since = shown.since
    if since is None or shape.words:
        return None
    later = sum(each.published > since for each in developments)
    if not 0 < later < len(developments):
        return None
    return len(developments) - later if shape.oldest_first else later


def _new_since(shown: Shown, shape: Shape) -> Text:
    since = when.stamp(shown.since or shape.now, shape.zone, shape.now)
    words = f"{'▼' if shape.oldest_first else '▲'} new since {since} "
    return Text(words + "─" * max(shape.width - width_of(words), 0), MARK)


def _development(development: Development, shape: Shape) -> list[Row]:
    first = development.first.link
    key: Hashable = ("doubtful", first.event) if first.status is Status.MAYBE else first.event
    if not shape.unfolded or not development.others:
        return [ReportRow(key, Selected(development), shape)]
    reports = (development.first, *development.others)
    return [
        ReportRow(
            key if report is development.first else ("report", report.link.item.id),
            Selected(development, report),
            shape,
        )
        for report in reports
    ]


def _matches(development: Development, words: str) -> bool:
    """Tell whether a development has all words of the filter in its headlines and outlets."""
    wanted = normalize(words).split()
    if not wanted:
        return True
    items = [r.link.item for r in (development.first, *development.others)]
    text = normalize(" ".join(f"{item.title} {item.source}" for item in items))
    return all(word in text for word in wanted)


def selected(row: Row | None) -> Selected | None:
    """Return what a row of a timeline stands for."""
    return row.selected if isinstance(row, ReportRow) else None
