"""The feed list: what each feed brings, and in words how it is."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from rich.text import Text

from tracker import when
from tracker.model.activity import FeedOrder
from tracker.plain_text import plain
from tracker.views.text import (
    BAD,
    FAINT,
    HEADING,
    OUTLET,
    WARNING,
    column,
    cut,
    feed_name,
    hanging,
    hint,
    lines,
    width_of,
)
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta, tzinfo

    from tracker.model.polling import FeedRow, FeedSource, FoundFeed

_NARROW, _WIDE = 60, 80
_NEWS, _STATE = 4, 5  # columns that hold words
_ROUND = 9.95  # items a week, from which on decimals say nothing
_PERCENT = 0.01
# A line of more cells than a terminal has goes to a pipe.
_ENDLESS = 300
_NAME_IN_PIPE = 32


def ordered(values: Sequence[FeedRow], order: FeedOrder, *, reverse: bool = False) -> list[FeedRow]:
    """Return the rows, which come by title, in another order; those without a value stand last."""
    keys: dict[FeedOrder, Callable[[FeedRow], Any]] = {
        FeedOrder.ITEMS: lambda row: -row.items,
        FeedOrder.WEEK: lambda row: -row.activity.items_a_week,
        FeedOrder.RHYTHM: lambda row: row.activity.rhythm,
        FeedOrder.STORIES: lambda row: None if not row.items else -(row.share_in_stories or 0.0),
        FeedOrder.NEWS: lambda row: None if row.last_new is None else -row.last_new.timestamp(),
        FeedOrder.STATE: _severity,
    }
    if order is FeedOrder.TITLE:
        return list(reversed(values)) if reverse else list(values)
    key = keys[order]
    known = [row for row in values if key(row) is not None]
    # Rows that are equal stay by title, also where the order is reversed.
    return [
        *sorted(known, key=key, reverse=reverse),
        *(row for row in values if key(row) is None),
    ]


def _severity(row: FeedRow) -> int:
    """Return 0 for a feed that is gone or failing, then 1 for one not polled yet, 2 for a well one.

    3 is for feeds that are not listed any more.
    """
    if not row.listed:
        return 3
    if row.state.gone or row.failure is not None:
        return 0
    return 1 if row.last_polled is None else 2


def feeds(values: Sequence[FeedRow], *, now: datetime, width: int) -> Text:
    """Return the feeds as a table; on narrow terminals as two lines each.

    The columns are title, items, items a week, time between two items, share of the items that
    reached a story, how long ago something new came, and state.
    """
    if not values:
        return no_feeds()
    found: list[Text] = []
    if width < _NARROW:
        for value in values:
            words, style = state_words(value, now)
            found.append(Text(feed_name(value.title, width)))
            told = f"{count(value.items, 'item')}, {_news(value, now)}; {words}"
            found += hanging(told, width, 2, style)
    else:
        found = _table(values, now, width)
    return lines([*found, Text(), _total(values, "tracker feeds ls --failing --long")])


def _table(values: Sequence[FeedRow], now: datetime, width: int) -> list[Text]:
    # Where the line has no end, as in a pipe, the state says why a feed fails in the same line, and
    # a long name is not cut but need not move the others.
    endless = width > _ENDLESS
    heads = ("items", "a week", "every", "stories", "news", "state")
    cells = [_cells(value, now, whole=endless) for value in values]
    shown = [n for n in range(len(heads)) if width >= _WIDE or heads[n] != "every"]
    widths = {n: max(len(heads[n]), *(width_of(row[n]) for row in cells)) for n in shown}
    taken = sum(widths[n] + 2 for n in shown)
    longest = max(width_of(feed_name(v.title, width)) for v in values)
    title = max(min(longest, width - taken, _NAME_IN_PIPE if endless else width), 10)
    found = [Text(f"{'feed':<{title}}{_row(heads, widths)}".rstrip(), FAINT)]
    for value, row in zip(values, cells, strict=True):
        name = feed_name(value.title, width if endless else title)
        line = Text(column(name, max(title, width_of(name))))
        words, style = state_words(value, now)
        line.append(_row(row, {n: w for n, w in widths.items() if n != _STATE}), FAINT)
        found.append(line.append(f"  {row[_STATE]}", style))
        if not endless and row[_STATE] != words:
            found += hanging(words, width, 2, style)
    return found


def _row(cells: Sequence[str], widths: Mapping[int, int]) -> str:
    """Return the cells in their columns: numbers to the right, words to the left."""
    return "".join(
        f"  {cells[n]:<{width}}" if n >= _NEWS else f"  {cells[n]:>{width}}"
        for n, width in widths.items()
    )


def _cells(value: FeedRow, now: datetime, *, whole: bool) -> tuple[str, ...]:
    activity, share = value.activity, value.share_in_stories
    week = activity.items_a_week
    return (
        f"{value.items:,}",
        f"{week:,.0f}" if week >= _ROUND or not week else f"{week:.1f}",
        _short(activity.rhythm) if activity.rhythm is not None else "-",
        "-" if share is None else f"{share:.0%}" if share >= _PERCENT or not share else "<1%",
        _news(value, now),
        state_words(value, now)[0] if whole else _state(value),
    )


def _state(value: FeedRow) -> str:
    """Return how a feed is, in one word or two."""
    if not value.listed:
        return "not listed"
    if value.state.gone:
        return "gone"
    if value.failure is not None:
        return "failing"
    return "not polled yet" if value.last_polled is None else "well"


def _news(value: FeedRow, now: datetime) -> str:
    return when.ago(value.last_new, now) if value.last_new else "never"


def _short(span: timedelta) -> str:
    """Return "14 min", "5 h" or "3 days"."""
    minutes = round(span / when.MINUTE)
    if span < 2 * when.HOUR:
        return f"{minutes} min"
    if span < 2 * when.DAY:
        return f"{round(span / when.HOUR)} h"
    return f"{round(span / when.DAY)} days"


def feeds_long(
    values: Sequence[FeedRow], *, now: datetime, zone: tzinfo | None, width: int
) -> Text:
    """Return the feeds with all that is known of each: address, rhythm, next poll and why."""
    if not values:
        return no_feeds()
    found: list[Text] = []
    for value in values:
        words, style = state_words(value, now)
        found.append(Text(plain(value.title), HEADING))
        if value.outlet not in {"", value.title, value.state.source.shown_url}:
            found.append(Text(f"  {plain(value.outlet)}", OUTLET))
        if value.title != value.state.source.shown_url:
            found.append(Text(f"  {plain(value.state.source.shown_url)}", FAINT))
        found += hanging(words, width, 2, style)
        facts = [count(value.items, "item")]
        facts.append(f"last new {_ago(value.last_new, now)}")
        facts.append(f"last polled {_ago(value.last_polled, now)}")
        if value.activity.rhythm is not None:
            facts.append(f"{value.activity.items_a_week:,.1f} items a week")
            facts.append(f"one {when.every(value.activity.rhythm)}")
        if value.share_in_stories:
            facts.append(f"{value.activity.in_stories:,} in stories")
        found += hanging(", ".join(facts), width, 2, FAINT)
        tags = [*filter(None, [value.state.source.language]), *value.state.source.tags]
        found += hanging(", ".join(plain(t) for t in tags), width, 2, FAINT) if tags else []
        if value.listed and not value.state.gone:
            found += hanging(_next(value, now, zone), width, 2, FAINT)
        found.append(Text())
    return lines([*found, _total(values)])


def added(
    source: FeedSource,
    path: str,
    others: Sequence[FeedSource],
    *,
    new: bool,
    asked: bool = False,
) -> Text:
    """Return what `feeds add` did, and the other feeds of the site that it found.

    `asked` is true if a title, a language or a tag was typed, which a listed feed does not get.
    """
    name = plain(source.title or source.shown_url)
    if new:
        found = [Text(f"Added {name} to {plain(path)}.")]
        found.append(Text(f"  {plain(source.shown_url)}", FAINT))
    elif asked:
        url = plain(source.shown_url)
        found = [Text(f"{url} is listed already, and stays as it is.")]
        found.append(hint("", f"tracker feeds edit {shlex.quote(url)}", " changes it."))
    else:
        found = [Text(f"{plain(source.shown_url)} is listed already.")]
    if others:
        found.append(Text("The site has others, too:", FAINT))
        for other in others:
            title = f"  {plain(other.title)}" if other.title else ""
            found.append(Text(f"  {plain(other.shown_url)}").append(title, FAINT))
    return lines([*found, hint("", "tracker poll", " fetches it.")] if new else found)


def choices(found: Sequence[FoundFeed], *, now: datetime, width: int) -> Text:
    """Return the feeds of a site, numbered, with what each brought last."""
    rows = [Text(f"{count(len(found), 'feed')} found:")]
    for number, feed in enumerate(found, 1):
        name = plain(feed.source.title or feed.source.shown_url)
        rows.append(Text(cut(f"{number:>3}  {name}", width)))
        rows.append(Text(cut(f"     {plain(feed.source.shown_url)}", width), FAINT))
        last = f"{when.ago(feed.newest, now)}: " if feed.newest else ""
        brought = f"{last}{plain(feed.headline)}" if feed.headline else "nothing in it yet"
        rows.append(Text(cut(f"     {brought}", width), FAINT))
    return lines(rows)


def no_feeds() -> Text:
    """Return what is said where no feed is listed."""
    return lines(
        [
            Text("No feed is listed."),
            hint("Add one: ", "tracker feeds add https://www.theverge.com"),
        ]
    )


def none_failing() -> Text:
    """Return what is said where feeds are listed, and none of them fails."""
    return Text("No feed is failing.")


def state_words(value: FeedRow, now: datetime) -> tuple[str, str]:
    """Return how a feed is, in words, and the style to show it in."""
    if not value.listed:
        return "no longer listed; its items are kept", FAINT
    if value.state.gone:
        return "gone: the publisher has ended it (410)", BAD
    if value.failure is not None:
        reason = plain(value.failure)
        if value.failing_since is None or now - value.failing_since < when.MINUTE:
            return f"failing: {reason}", BAD
        return f"failing for {when.span(now - value.failing_since)}: {reason}", BAD
    return ("not polled yet", WARNING) if value.last_polled is None else ("well", FAINT)


def _ago(moment: datetime | None, now: datetime) -> str:
    return when.ago(moment, now) if moment else "never"


def _next(value: FeedRow, now: datetime, zone: tzinfo | None) -> str:
    if value.state.next_poll is None:
        return "due at the next poll"
    due = value.state.next_poll
    words = (
        f"due {when.until(due, now)}"
        if due <= now
        else (f"due {when.until(due, now)}, {when.stamp(due, zone, now)}")
    )
    return f"{words}; {plain(value.state.next_poll_why)}" if value.state.next_poll_why else words


def _total(values: Sequence[FeedRow], command: str = "") -> Text:
    failing = sum(v.listed and (v.failure is not None or v.state.gone) for v in values)
    words = f"{count(sum(v.listed for v in values), 'feed')}, "
    words += count(sum(v.items for v in values), "item")
    total = Text.assemble((words, FAINT))
    if not failing:
        return total
    total.append(f", {failing:,} failing", BAD)
    return total.append_text(hint("; ", command, " says why")) if command else total
