"""A story's timeline: newest development first, day by day, each a row under its first reporter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from tracker import signs, when
from tracker.developments import fold
from tracker.model.core import State, Status
from tracker.plain_text import plain
from tracker.views.rows import Columns, columns_of, newest, rows
from tracker.views.text import (
    DAY,
    DOUBT,
    FAINT,
    HEADING,
    MARK,
    WARNING,
    cut,
    feed_name,
    hanging,
    hint,
    joined,
    lines,
    width_of,
    wrap,
)
from tracker.views.volume import volume
from tracker.wording import count, listed, state_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.developments import Development
    from tracker.model.core import Outage, Story, Timeline
    from tracker.views.rows import Address


# Less of a feed's name tells nothing.
_SHORTEST_NAME = 10
_LONGEST_RULE = 120  # columns: what is piped is shown at a width that no screen has


def timeline(
    value: Timeline,
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    unfold: bool = False,
    only_new: bool = False,
    oldest_first: bool = False,
    since: datetime | None = None,
    address: Address | None = None,
) -> Text:
    """Return the timeline as text; days and times are those of `zone`.

    `unfold` shows every report of a development, `only_new` says that the timeline was asked for
    nothing else. Below a development that began before `since` stands its newest report. `address`
    makes headlines links of the terminal (`rows.Columns`).
    """
    sure = fold(r for r in value.reports if r.link.status is not Status.MAYBE)
    unsure = fold(r for r in value.reports if r.link.status is Status.MAYBE)
    found = header(value, sure, now=now, zone=zone, width=width)
    shape = columns_of(
        value.reports,
        width,
        _time_width(sure, zone, unfold=unfold, since=since),
        address=address,
    )
    line = new_since(value.story.seen or now, now, zone, width, oldest_first=oldest_first)
    place = divider(sure, None if only_new else value.story.seen)
    if oldest_first:
        sure, unsure = sure[::-1], unsure[::-1]
        place = None if place is None else len(sure) - place
    if not value.reports:
        found += ["", *_empty(value, now, only_new=only_new)]
    for number, part in enumerate((sure[:place], sure[place:]) if place else (sure,)):
        found += ["", line] if number else []
        found += _by_day(part, shape, now, zone, unfold=unfold, since=since)
    if unsure:
        found += ["", Text("Doubtful", f"{DOUBT} bold")]
        found += _dated(unsure, shape, now, zone, unfold=unfold, since=since)
    found += _footer(value, unsure, width)
    return lines(Text(row) if isinstance(row, str) else row for row in found)


def header(
    value: Timeline,
    developments: Sequence[Development],
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
) -> list[Text | str]:
    """Return the rows above a timeline: title, state, counts, silence, volume and outages."""
    story = value.story
    found: list[Text | str] = [*title(story, now, zone, width)]
    if plain(story.query).casefold() != plain(story.title).casefold():
        found += hanging(plain(story.query), width, 0, FAINT)
    facts = _facts(value, developments)
    if value.first_development and value.last_development:
        days = [
            when.local(each, zone).date()
            for each in (value.first_development, value.last_development)
        ]
        facts.append(when.period(*days))
    facts.append(when.silence(value.last_development, now))
    found += [_green_new(row) for row in joined(facts, width)]
    found += volume(value.volume, now=now, zone=zone, width=width)
    return found + outages(value.outages, now=now, zone=zone, width=width)


def divider(developments: Sequence[Development], seen: datetime | None) -> int | None:
    """Return how many developments, the newest first, stand above the line of the last look.

    These are the ones published since, and new ones that adjoin them: a poll may bring a report
    late. None where nothing is new, or all is, or the story was never looked at.
    """
    if seen is None or not any(each.new for each in developments):
        return None
    place = sum(each.published > seen for each in developments)
    while place < len(developments) and developments[place].new:
        place += 1
    return place if 0 < place < len(developments) else None


def new_since(
    seen: datetime, now: datetime, zone: tzinfo | None, width: int, *, oldest_first: bool
) -> Text:
    """Return the line between what is new and what was there at the last look."""
    sign = signs.BELOW if oldest_first else signs.ABOVE
    words = cut(f"{sign} new since {when.stamp(seen, zone, now)} ", width)
    rule = signs.RULE * max(min(width, _LONGEST_RULE) - width_of(words), 0)
    return Text(words + rule, MARK)


def title(story: Story, now: datetime, zone: tzinfo | None, width: int) -> list[Text]:
    """Return the story's title, and its state behind it where it is not simply open."""
    rows_ = [Text(row, HEADING) for row in wrap(plain(story.title), width)]
    state = state_words(story, now, zone)
    if state and width_of(rows_[-1].plain) + 2 + len(state) <= width:
        rows_[-1] = Text.assemble(rows_[-1], "  ", (state, WARNING))
    elif state:
        rows_.append(Text(state, WARNING))
    return rows_


def outages(
    found: Sequence[Outage], *, now: datetime, zone: tzinfo | None, width: int
) -> list[Text | str]:
    """Return in one row how many feeds fail or were failing, and which has for the longest."""
    failing = sorted((o for o in found if o.until is None), key=lambda o: o.since)
    names = {o.feed for o in failing}
    past = [o for o in found if o.until and o.feed not in names]
    past.sort(key=lambda o: o.since - (o.until or now))
    if failing:
        worst = failing[0]
        if len(names) == 1:
            span = when.span(now - worst.since)
            name = feed_name(worst.feed, max(width // 2, _SHORTEST_NAME))
            words = f"{name} failing for {span}: {plain(worst.reason)}"
            return [Text.assemble(("! ", WARNING), (cut(words, width - 2), FAINT))]
        lasts = f" for {when.span(now - worst.since)}" if now - worst.since >= when.MINUTE else ""
        head, tail = f"{count(len(names), 'feed')} failing", lasts
    elif past:
        worst = past[0]
        days = dict.fromkeys(
            when.short_date(t, zone, now) for t in (worst.since, worst.until or now)
        )
        others = len({o.feed for o in past})
        head, tail = f"{count(others, 'feed')} failed meanwhile", f" {' to '.join(days)}"
    else:
        return []
    command = "tracker feeds ls"
    # The name gives way first, then the command: how many is what matters.
    room = width - len(f"! {head}, {tail}; {command}")
    row = Text.assemble(("! ", WARNING), (head, FAINT))
    if room >= min(width_of(plain(worst.feed)), _SHORTEST_NAME):
        row.append(f", {feed_name(worst.feed, room)}{tail}", FAINT)
    if width_of(row.plain) + 2 + len(command) <= width:
        row.append("; ", FAINT).append(command, FAINT)
    return [row]


def _facts(value: Timeline, developments: Sequence[Development]) -> list[str]:
    total = len(developments) + value.hidden
    if not total:
        return []
    facts = [count(total, "development")]
    if not value.hidden:
        reports = sum(1 + len(d.others) for d in developments)
        facts = [f"{facts[0]} in {count(reports, 'report')}"] if reports > total else facts
    new = sum(d.new for d in developments) + value.left_new
    return [*facts, f"{new:,} new"] if new else facts


def _green_new(row: str) -> Text:
    pieces = re.split(r"([\d,]+ new)", row)
    return Text.assemble(*((p, MARK if n % 2 else FAINT) for n, p in enumerate(pieces) if p))


def _by_day(
    developments: Sequence[Development],
    shape: Columns,
    now: datetime,
    zone: tzinfo | None,
    *,
    unfold: bool,
    since: datetime | None,
) -> list[Text | str]:
    found: list[Text | str] = []
    today = when.local(now, zone).date()
    current = None
    for development in developments:
        day = when.local(development.published, zone).date()
        if day != current:
            found += ["", Text(when.day_heading(day, today), DAY)]
            current = day

        def time(moment: datetime, day: object = day) -> str:
            same = when.local(moment, zone).date() == day
            return when.clock(moment, zone) if same else when.short_date(moment, zone, moment)

        found += rows(development, shape, time, unfold=unfold, since=since)
    return found


def _dated(
    developments: Sequence[Development],
    shape: Columns,
    now: datetime,
    zone: tzinfo | None,
    *,
    unfold: bool,
    since: datetime | None,
) -> list[Text]:
    def time(moment: datetime) -> str:
        return when.listed(moment, zone, now)

    reports = [r for d in developments for r in (d.first, *d.others)]
    room = max(len(time(r.link.item.published)) for r in reports)
    wider = Columns(shape.width, shape.number, room, shape.outlet)
    return [row for d in developments for row in rows(d, wider, time, unfold=unfold, since=since)]


def _time_width(
    developments: Sequence[Development],
    zone: tzinfo | None,
    *,
    unfold: bool,
    since: datetime | None,
) -> int:
    """Return 6 ("14 Sep") where a report below another is of another day, else 5."""
    for development in developments:
        day = when.local(development.published, zone).date()
        for report in development.others if unfold else newest(development, since):
            if when.local(report.link.item.published, zone).date() != day:
                return 6
    return 5


def _empty(value: Timeline, now: datetime, *, only_new: bool) -> list[Text]:
    story = value.story
    if only_new and story.seen:
        return [
            Text(f"Nothing new since you last looked, {when.ago(story.seen, now)}."),
            hint("All of it: ", f"tracker timeline {story.slug}"),
        ]
    if value.last_development:
        return [
            Text("Nothing in what you asked for."),
            hint("All of it: ", f"tracker timeline {story.slug}"),
        ]
    if story.state is State.CLOSED:
        return [
            hint("Nothing was found before it was closed. ", f"tracker story reopen {story.slug}")
        ]
    return [
        Text("Nothing yet."),
        hint("", "tracker poll", " fetches what your feeds have;"),
        hint("", f"tracker why {story.slug} URL", " tells what an article lacks to belong."),
    ]


def _footer(value: Timeline, unsure: Sequence[Development], width: int) -> list[Text | str]:
    found: list[Text | str] = []
    slug = value.story.slug
    if value.hidden:
        words = f"{count(value.hidden, 'older development')} not shown; "
        found.append(hint(words, "--limit 0", " shows all"))
    if value.unread:
        words = f"{count(value.unread, 'development')} with something new not shown; "
        found.append(hint(words, "--new", " shows it" if value.unread == 1 else " shows them"))
    if value.doubtful:
        words = f"{count(value.doubtful, 'doubtful report')} left out; "
        them = " shows it" if value.doubtful == 1 else " shows them"
        found.append(hint(words, "--limit 0" if unsure else "--maybe", them))
    if unsure:
        number = unsure[0].first.link.item.id
        verbs = f"tracker accept {slug} {number}", f"reject {slug} {number}"
        decide = hint("To decide: ", listed(verbs, "or"))
        if width_of(decide.plain) <= width:
            found.append(decide)
        else:
            found += [
                hint("To decide:", ""),
                hint("  ", verbs[0]),
                hint("  ", f"tracker {verbs[1]}"),
            ]
    return ["", *found] if found else found
