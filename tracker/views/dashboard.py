"""The first page: what is new, story by story, and what may be typed next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.developments import fold
from tracker.model.core import State, Status
from tracker.views.news import heading, quiet
from tracker.views.rows import columns_of, rows
from tracker.views.text import FAINT, HEADING, MARK, commands, hint, lines
from tracker.views.timeline import outages
from tracker.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model.core import Outage, StorySummary, Timeline
    from tracker.views.rows import Address

# A poll that is older than this was not started by a schedule.
_OLD_POLL = timedelta(days=1)
_MOST_QUIET = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """What the first page says besides the news of the stories.

    `has_feeds` is false where no feed is listed yet. `polled` is when the last poll began, None
    before the first. `outages` are the feeds that fail now.
    """

    has_feeds: bool
    polled: datetime | None
    outages: tuple[Outage, ...] = ()


def dashboard(
    values: Sequence[Timeline],
    stories: Sequence[StorySummary],
    standing: Standing,
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    address: Address | None = None,
) -> Text:
    """Return the first page.

    Each of `values` holds the newest of one story's new reports, in the order in which they are
    shown. `stories` are all that are followed, in any state, as `tracker stories` orders them.
    """
    found: list[Text] = []
    if stories:
        found += [_summary(stories, standing, now), Text()]
        found += _news(values, now=now, zone=zone, width=width, address=address)
        found += _rest(values, stories, now, width)
    rows_ = outages(standing.outages, now=now, zone=zone, width=width)
    found += [row if isinstance(row, Text) else Text(row) for row in rows_]
    found += [Text()] if rows_ else []
    return lines([*found, *_next(values, stories, standing, now, width)])


def _summary(stories: Sequence[StorySummary], standing: Standing, now: datetime) -> Text:
    unread = [s.unread for s in stories if s.unread and s.story.state is State.OPEN]
    text = Text.assemble(
        (f"{count(sum(unread), 'new development')}", MARK),
        (f" in {count(len(unread), 'story', 'stories')}", FAINT),
    )
    if not unread:
        text = Text("Nothing new", FAINT)
    ago = f"last poll {when.ago(standing.polled, now)}" if standing.polled else "never polled"
    return text.append(f" · {ago}", FAINT)


def _news(
    values: Sequence[Timeline],
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    address: Address | None,
) -> list[Text]:
    def time(moment: datetime) -> str:
        return when.listed(moment, zone, now)

    sure = [[r for r in v.reports if r.link.status is not Status.MAYBE] for v in values]
    every = [report for reports in sure for report in reports]
    room = max((len(time(report.link.item.published)) for report in every), default=12)
    shape = columns_of(every, width, room, address=address)
    found: list[Text] = []
    for value, reports in zip(values, sure, strict=True):
        developments = fold(reports)
        found += heading(value, len(developments) + value.hidden, width)
        found += [row for each in developments for row in rows(each, shape, time)]
        if value.hidden:
            command = f"tracker timeline {value.story.slug}"
            found.append(hint(f"  {value.hidden:,} more in ", command))
        found.append(Text())
    return found


def _rest(
    values: Sequence[Timeline], stories: Sequence[StorySummary], now: datetime, width: int
) -> list[Text]:
    """Count the stories that are not shown, and name open ones without news, last changed first."""
    shown = {value.story.id for value in values}
    left = [s for s in stories if s.story.state is State.OPEN and s.story.id not in shown]
    still = [s for s in left if not s.unread]
    found = []
    if with_news := len(left) - len(still):
        words = f"{count(with_news, 'more story', 'more stories')} with news: "
        found = [hint(words, "tracker timeline"), *([Text()] if still else [])]
    found += quiet(still[:_MOST_QUIET], now, width)
    more = [f"{len(still) - _MOST_QUIET:,} more"] if len(still) > _MOST_QUIET else []
    for state in (State.MUTED, State.CLOSED):
        number = sum(s.story.state is state for s in stories)
        more += [f"{number:,} {state}"] if number else []
    if more:
        found.append(hint(f"  {listed(more)}: ", "tracker stories"))
    return [*found, Text()] if found else []


def _next(
    values: Sequence[Timeline],
    stories: Sequence[StorySummary],
    standing: Standing,
    now: datetime,
    width: int,
) -> list[Text]:
    typed: list[tuple[str, str]] = []
    if values:
        slug = values[0].story.slug
        typed.append((f"tracker timeline {slug}", "reads it, and marks it as seen"))
    elif not stories:
        typed.append(('tracker follow "TikTok acquisition"', "begins with a story"))
    elif doubtful := next((s for s in stories if s.maybe and s.story.state is State.OPEN), None):
        command = f"tracker timeline {doubtful.story.slug} --maybe"
        typed.append((command, f"shows {count(doubtful.maybe, 'doubtful report')}"))
    if not standing.has_feeds:
        typed.insert(0, ("tracker feeds add https://www.theverge.com", "finds a site's feed"))
    if standing.polled is None:
        typed.append(("tracker poll", "fetches what your feeds have"))
    elif now - standing.polled >= _OLD_POLL:
        typed.append(("tracker poll", f"was last done {when.ago(standing.polled, now)}"))
        typed.append(("tracker schedule install --every 20m", "polls by itself from now on"))
    if not stories:
        typed.append(("tracker demo", "shows it all on a bundled archive"))
    elif not values:
        typed.append(("tracker follow WORDS", "follows another story"))
    typed.append(("tracker --help", "lists all commands"))
    head = Text(
        "You follow no story yet." if not stories else "Next", "" if not stories else HEADING
    )
    return [head, *commands(typed, width)]
