"""A story as Markdown (CommonMark): a list of developments, day by day."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from tracker import when
from tracker.export.addresses import web_address
from tracker.export.figures import developments, empty_words, outage_words, sentence
from tracker.export.headlines import earlier, headline, language, outlet
from tracker.model.core import Status
from tracker.plain_text import plain
from tracker.wording import state_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime, tzinfo

    from tracker.developments import Development
    from tracker.model.core import Report, Timeline

# CommonMark §2.4 lets every one of these be escaped; they begin emphasis, code, links, HTML,
# entities, tables, strikethrough, headings, quotes or formulas.
_MARKUP = re.compile(r"([\\`*_\[\]<>|~&#$])")
# What begins a list, a heading or a rule if a line begins with it.
_BEGINNING = re.compile(r"^(?:([-+=])|(\d{1,9})([.)]))")


def escaped(text: str) -> str:
    """Return text as one line of Markdown that means nothing but itself, wherever it stands."""
    line = _MARKUP.sub(r"\\\1", plain(text))
    return _BEGINNING.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line)


def markdown(value: Timeline, *, now: datetime, zone: tzinfo | None) -> str:
    """Return a story as Markdown; days and times are those of `zone`.

    Each development ends in the number of its event as code, such as `e1042`.
    """
    return "\n".join(_lines(value, now, zone)) + "\n"


def _lines(value: Timeline, now: datetime, zone: tzinfo | None) -> Iterator[str]:
    story = value.story
    found, unsure = developments(value)
    state = state_words(story, now, zone)
    yield f"# {escaped(story.title)}" + (f" ({state})" if state else "")
    yield ""
    if plain(story.query).casefold() != plain(story.title).casefold():
        yield from (f"Query: {escaped(story.query)}", "")
    yield f"{sentence(value, now=now, zone=zone)}." if found else empty_words(value)
    yield ""
    yield f"As of {when.full_stamp(now, zone)} {now.astimezone(zone).tzname() or ''}".rstrip()

    def day_of(development: Development) -> date:
        return development.published.astimezone(zone).date()

    for day, of_day in groupby(found, day_of):
        yield from ("", f"## {when.full_day(day)}", "")
        yield from _developments(of_day, zone, day)
    if unsure:
        yield from ("", "## Doubtful", "")
        yield from _developments(unsure, zone, None)
    if value.outages:
        yield from ("", "## Feeds that failed meanwhile", "")
        yield from _outages(outage_words(value.outages, zone=zone))


def _outages(found: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    for feed, words, reason in found:
        yield f"- {escaped(feed)}: {words} ({escaped(reason)})"


def _developments(
    found: Iterable[Development], zone: tzinfo | None, day: date | None
) -> Iterator[str]:
    for development in found:
        first = development.first
        yield f"- {_report(first, zone, day)} `e{first.link.event}`"
        yield from _earlier(first, "  ")
        for report in development.others:
            yield f"  - {_report(report, zone, day)}"
            yield from _earlier(report, "    ")


def _earlier(report: Report, indent: str) -> Iterator[str]:
    for title in earlier(report):
        yield f"{indent}- was: {escaped(title)}"


def _report(report: Report, zone: tzinfo | None, day: date | None) -> str:
    item = report.link.item
    same = item.published.astimezone(zone).date() == day
    time = when.clock(item.published, zone) if same else when.full_stamp(item.published, zone)
    url = web_address(item.url)
    title = f"[{escaped(headline(item))}](<{url}>)" if url else escaped(headline(item))
    told = language(item)
    source = f"{escaped(outlet(item))}{f', {told}' if told else ''}"
    new = " **new**" if report.new else ""
    confirmed = " (confirmed)" if report.link.status is Status.ACCEPTED else ""
    return f"{time} {title} ({source}){confirmed}{new}"
