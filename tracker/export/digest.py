"""A digest as rows, plain text and Markdown: the developments in the order in which they came."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tracker import when
from tracker.developments import fold
from tracker.export.addresses import web_address
from tracker.export.headlines import earlier, headline, languages, outlet
from tracker.export.markdown import escaped
from tracker.model.digest import Row, RowKind
from tracker.plain_text import plain
from tracker.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from tracker.developments import Development
    from tracker.model.core import Outage
    from tracker.model.digest import Digest, StoryNews

_SHORT = timedelta(hours=1)
_FAILING_NAMED = 5
_PREFIX = {
    RowKind.NEW: "- ",
    RowKind.MORE: "- ",
    RowKind.WAS: "    was: ",
    RowKind.NOTE: "- ",
    RowKind.FAILING: "- ",
}


def title(value: Digest, zone: tzinfo | None) -> str:
    """Return "Digest: 7 developments in 2 stories", with the day."""
    told = [each for each in value.news if each.told.reports]
    day = when.full_date(value.made.astimezone(zone).date())
    if not told:
        return f"{day}: nothing new"
    stories = count(len(told), "story", "stories")
    return f"{day}: {count(value.developments, 'development')} in {stories}"


def rows(value: Digest, zone: tzinfo | None) -> list[Row]:
    """Return a digest as rows; times are those of `zone`."""
    since = when.stamp(value.since, zone, value.made)
    found = [Row(RowKind.TITLE, title(value, zone)), Row(RowKind.FACTS, f"Since {since}")]
    for each in value.news:
        found += _story(each, value, zone)
    if value.silent:
        found.append(Row(RowKind.HEADING, "Fell silent"))
        found += [
            Row(
                RowKind.NOTE,
                f"{plain(s.story.title)}: last development {when.ago(s.last, value.made)}",
            )
            for s in value.silent
        ]
    return found + list(_failing(value.failing, value.made))


def _story(news: StoryNews, value: Digest, zone: tzinfo | None) -> Iterator[Row]:
    yield Row(RowKind.STORY, plain(news.told.story.title))
    if news.burst:
        usual = f"{news.burst.usual:.0f}" if news.burst.usual >= 1 else "less than one"
        reports = count(news.burst.reports, "report")
        yield Row(RowKind.NOTE, f"A burst: {reports} in 24 hours, usually {usual} a day")
    for development in reversed(fold(news.told.reports)):
        yield from _development(development, value, zone)
    if news.late:
        older = count(news.late, "older development")
        slug = news.told.story.slug
        yield Row(RowKind.NOTE, f"{older} found late; tracker timeline {slug} shows all")


def _development(development: Development, value: Digest, zone: tzinfo | None) -> Iterator[Row]:
    first = development.first
    item = first.link.item
    reports = (first, *development.others)
    begun = all(report.new for report in reports)
    lead = when.listed(item.published, zone, value.made)
    tail = _outlets(development)
    if not begun:
        tail += f"; {count(sum(r.new for r in reports), 'new report')}"
    kind = RowKind.NEW if begun else RowKind.MORE
    yield Row(kind, headline(item), lead, tail, web_address(item.url) or "")
    yield from (Row(RowKind.WAS, old) for old in earlier(first))


def _outlets(development: Development) -> str:
    """Return "The Wire and 4 other outlets, in de and en"."""
    items = [r.link.item for r in (development.first, *development.others)]
    own = outlet(items[0])
    others = len({outlet(item) for item in items} - {own})
    words = f"{own} and {count(others, 'other outlet')}" if others else own
    spoken = languages(items)
    return f"{words}, in {listed(spoken)}" if len(spoken) > 1 else words


def _failing(found: Sequence[Outage], now: datetime) -> Iterator[Row]:
    lasting = [each for each in found if now - each.since >= _SHORT]
    if not lasting:
        return
    yield Row(RowKind.HEADING, f"{count(len(lasting), 'feed')} failing")
    for each in lasting[:_FAILING_NAMED]:
        span = when.span(now - each.since)
        yield Row(RowKind.FAILING, f"{plain(each.feed)}, for {span}: {plain(each.reason)}")
    if len(lasting) > _FAILING_NAMED:
        more = f"{len(lasting) - _FAILING_NAMED:,} more; tracker feeds ls --failing"
        yield Row(RowKind.FAILING, more)


def text(found: Iterable[Row]) -> str:
    """Return rows as plain text for a message; lines are not broken."""
    lines: list[str] = []
    for row in found:
        if row.kind in {RowKind.STORY, RowKind.HEADING}:
            lines.append("")
        lines.append(written(row))
    return "\n".join(lines)


def written(row: Row) -> str:
    """Return one row as a line of plain text."""
    lead = f"{row.lead} " if row.lead else ""
    tail = f" ({row.tail})" if row.tail else ""
    return f"{_PREFIX.get(row.kind, '')}{lead}{row.text}{tail}"


def markdown(found: Iterable[Row]) -> str:
    """Return rows as Markdown (CommonMark); headlines are links."""
    lines: list[str] = []
    for row in found:
        said = escaped(row.text)
        if row.kind is RowKind.TITLE:
            lines += [f"# {said}", ""]
        elif row.kind is RowKind.FACTS:
            lines.append(said)
        elif row.kind in {RowKind.STORY, RowKind.HEADING}:
            lines += ["", f"## {said}", ""]
        elif row.kind is RowKind.WAS:
            lines.append(f"  - was: {said}")
        else:
            lead = f"{row.lead} " if row.lead else ""
            tail = f" ({escaped(row.tail)})" if row.tail else ""
            lines.append(f"- {lead}{f'[{said}](<{row.url}>)' if row.url else said}{tail}")
    return "\n".join(lines) + "\n"
