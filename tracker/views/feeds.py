"""The feed list: what each feed brings, and in words how it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.model.polling import UNKNOWN_RHYTHM
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
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model.polling import FeedRow, FeedSource, FoundFeed

_NARROW = 60
# A line of more cells than a terminal has goes to a pipe.
_ENDLESS = 300
_NAME_IN_PIPE = 32


def feeds(values: Sequence[FeedRow], *, now: datetime, width: int) -> Text:
    """Return the feeds as a table: title, items, how long ago something new came, and state."""
    if not values:
        return no_feeds()
    state = [state_words(v, now) for v in values]
    age = [when.ago(v.last_new, now) if v.last_new else "never" for v in values]
    items = max(len(f"{v.items:,}") for v in values)
    ages = max(len(a) for a in age)
    longest = max(width_of(feed_name(v.title, width)) for v in values)
    # The state of a feed that fails says why, in a sentence: it has up to half of the line.
    told = min(max(width_of(words) for words, _ in state), width // 2)
    title = max(min(longest, width - told - max(items, 5) - ages - 6), 10)
    # Where the line has no end, as in a pipe, a long name is not cut but need not move the others.
    filled = min(title, _NAME_IN_PIPE) if width > _ENDLESS else title
    found: list[Text] = []
    if width >= _NARROW:
        found.append(
            Text(f"{'feed':<{filled}}  {'items':>{max(items, 5)}}  {'news':<{ages}}  state", FAINT)
        )
    for value, (words, style), last in zip(values, state, age, strict=True):
        if width < _NARROW:
            found.append(Text(feed_name(value.title, width)))
            found += hanging(f"{count(value.items, 'item')}, {last}; {words}", width, 2, style)
            continue
        name = feed_name(value.title, title)
        row = Text(column(name, max(filled, width_of(name))))
        row.append(f"  {value.items:>{max(items, 5)},}")
        row.append(f"  {last:<{ages}}  ", FAINT)
        found.append(row.append(cut(words, max(width - width_of(row.plain), 8)), style))
    return lines([*found, Text(), _total(values, "tracker feeds ls --failing --long")])


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
        if value.state.rhythm and not value.state.next_poll_why.endswith(UNKNOWN_RHYTHM):
            facts.append(f"something new every {when.span(value.state.rhythm)}")
        found += hanging(", ".join(facts), width, 2, FAINT)
        tags = [*filter(None, [value.state.source.language]), *value.state.source.tags]
        found += hanging(", ".join(plain(t) for t in tags), width, 2, FAINT) if tags else []
        if value.listed and not value.state.gone:
            found += hanging(_next(value, now, zone), width, 2, FAINT)
        found.append(Text())
    return lines([*found, _total(values)])


def added(source: FeedSource, path: str, others: Sequence[FeedSource], *, new: bool) -> Text:
    """Return what `feeds add` did, and the other feeds of the site that it found."""
    name = plain(source.title or source.shown_url)
    if new:
        found = [Text(f"Added {name} to {plain(path)}.")]
        found.append(Text(f"  {plain(source.shown_url)}", FAINT))
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
        if value.failing_since is None:
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
