"""Pages of HTML: one file without scripts, that loads nothing. This module owns Jinja2."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracker import when
from tracker.export.page_model import NEWS_SHOWN, OUTLETS_SHOWN, page_of
from tracker.export.volume import HEIGHT, STEP
from tracker.model.digest import RowKind
from tracker.plain_text import plain
from tracker.version import __version__
from tracker.wording import count, state_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model.core import StorySummary, Timeline
    from tracker.model.digest import Row

# No script runs and nothing is loaded, whatever a feed says: only the page's own style applies.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("tracker.export"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def story_page(
    value: Timeline,
    *,
    now: datetime,
    zone: tzinfo | None,
    marker: str = "",
    index: str = "",
    feed: str = "",
) -> str:
    """Return the page of a story; days and times are those of `zone`.

    `marker` is a comment at its top, `index` and `feed` are relative addresses of the page of all
    stories and of the story's Atom feed; each is left out where it is "".
    """
    return (
        _templates()
        .get_template("story.html")
        .render(
            page=page_of(value, now=now, zone=zone),
            outlets_shown=OUTLETS_SHOWN,
            news_shown=NEWS_SHOWN,
            chart_height=HEIGHT,
            chart_step=STEP,
            count=count,
            marker=marker,
            index=index,
            feed=feed,
            policy=POLICY,
            version=__version__,
        )
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A story on the page of all."""

    title: str
    state: str
    page: str
    feed: str
    facts: str
    headline: str
    unread: int
    bars: tuple[tuple[int, float], ...]


def index_page(
    values: Sequence[StorySummary], *, now: datetime, zone: tzinfo | None, marker: str = ""
) -> str:
    """Return the page that links to each story's, in the order given.

    A story's page is at SLUG/index.html, its feed at SLUG/feed.atom.
    """
    return (
        _templates()
        .get_template("index.html")
        .render(
            rows=[_row(value, now, zone) for value in values],
            as_of=f"{when.full_stamp(now, zone)} {now.astimezone(zone).tzname() or ''}".strip(),
            height=HEIGHT,
            marker=marker,
            policy=POLICY,
            version=__version__,
            count=count,
        )
    )


def digest_page(rows: Sequence[Row]) -> str:
    """Return the page of a digest, given its rows."""
    parts: list[tuple[str, list[Row]]] = []
    for row in rows[2:]:
        if row.kind in {RowKind.STORY, RowKind.HEADING}:
            parts.append((row.text, []))
        else:
            shown = row._replace(lead="was:") if row.kind is RowKind.WAS else row
            parts[-1][1].append(shown)
    return (
        _templates()
        .get_template("digest.html")
        .render(
            title=rows[0].text,
            facts=rows[1].text,
            parts=parts,
            marker="",
            policy=POLICY,
            version=__version__,
        )
    )


def _row(value: StorySummary, now: datetime, zone: tzinfo | None) -> _Row:
    facts = [when.silence(value.last_development, now)]
    if value.events:
        facts.insert(0, f"{count(value.events, 'development')}")
        if value.reports > value.events:
            facts[0] += f" in {count(value.reports, 'report')}"
    most = max(value.volume, default=0)
    bars = [(place * STEP, HEIGHT * n / most) for place, n in enumerate(value.volume) if n]
    folder = quote(value.story.slug)
    return _Row(
        plain(value.story.title),
        state_words(value.story, now, zone),
        f"{folder}/index.html",
        f"{folder}/feed.atom",
        " · ".join(facts),
        plain(value.last_title or ""),
        value.unread,
        tuple((x, round(max(height, 2), 1)) for x, height in bars),
    )
