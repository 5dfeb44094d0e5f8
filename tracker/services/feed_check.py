"""Checking feeds: ask each once, store nothing, and say how it is and what mends it."""

from __future__ import annotations

import shlex
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from tracker import when
from tracker.feeds.harvest import harvest
from tracker.feeds.parsing.challenge import obstacle_in
from tracker.hosts import host_of, without_credentials
from tracker.model.activity import FeedActivity
from tracker.model.feed_check import CheckReport, Condition, FeedCheck
from tracker.model.polling import Changed, Failed, FeedState
from tracker.services.poll import limits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from tracker.model.polling import FeedRow, FeedSource, Outcome
    from tracker.settings import Settings

DEAD_AFTER = timedelta(days=7)
"""A feed that fails for so long is called dead: most outages end within days."""
MISSING_AFTER = timedelta(days=3)
"""An address with nothing at it (404) is called dead if the feed was last read so long ago."""
_MISSING = 404
_NEED_PASSWORD = frozenset({401, 407})
_REFUSING = frozenset({401, 402, 403, 407, 451})
# Hosts that only serve feeds: there is no page to search for another feed.
_FEED_HOSTS = ("feeds.", "feed.", "rss.", "newsfeed.")


class Known(NamedTuple):
    """What is known of feeds before they are asked.

    `rows` are by URL, those that the database knows; `sites` are the addresses of feeds' sites, by
    the URL of the feed; `listed` are the URLs of feeds.yaml: only these can be mended.
    """

    rows: Mapping[str, FeedRow]
    sites: Mapping[str, str]
    listed: frozenset[str]


def check(
    sources: Sequence[FeedSource],
    known: Known,
    settings: Settings,
    now: datetime,
    progress: Callable[[int, int], None],
) -> CheckReport:
    """Ask feeds and return how they are, in their order; nothing is stored.

    Feeds that polls read are asked as a poll would, with their validators. `progress` is called
    with the number of feeds done and of all. No failure of a feed raises.
    """
    states = [
        known.rows[source.url].state._replace(source=source)
        if source.url in known.rows
        else FeedState(0, source)
        for source in sources
    ]
    hosts = frozenset(map(host_of, known.listed))
    found: dict[str, FeedCheck] = {}
    progress(0, len(states))
    for outcomes in harvest(
        states,
        limits=limits_of(settings),
        now=now,
        known_hosts=hosts,
        contact=settings.contact,
    ):
        for outcome in outcomes:
            found[outcome.feed.source.url] = judge(outcome, known, now)
        progress(len(found), len(states))
    return CheckReport(tuple(found[source.url] for source in sources))


def judge(outcome: Outcome, known: Known, now: datetime) -> FeedCheck:
    """Return how a feed is, by what asking it gave and what the polls know of it."""
    source, row = outcome.feed.source, known.rows.get(outcome.feed.source.url)
    activity = _activity(outcome, row, now)
    moved_to = outcome.transfer.moved_to or outcome.feed.moved_to
    if moved_to == source.url or isinstance(outcome, Failed):
        moved_to = None
    if isinstance(outcome, Failed):
        condition, reason = _failure(outcome, row, now), outcome.reason
    elif moved_to:
        also = ", which is listed, too" if moved_to in known.listed else ""
        condition, reason = Condition.MOVED, f"to {without_credentials(moved_to)}{also}"
    else:
        condition, reason = _by_dates(outcome, activity, now)
    result = FeedCheck(
        source,
        row.title if row else source.title or source.shown_url,
        condition,
        reason,
        outcome.transfer.status,
        activity.newest,
        moved_to,
        row.failing_since if row and isinstance(outcome, Failed) else None,
    )
    return result._replace(commands=_commands(result, known))


def _activity(outcome: Outcome, row: FeedRow | None, now: datetime) -> FeedActivity:
    """Return what is known of a feed's dates, with those of the document that came."""
    before = row.activity if row else FeedActivity()
    if not isinstance(outcome, Changed):
        return before
    entries = outcome.document.entries
    return before.with_dates({e.published for e in entries if e.published is not None}, now)


def _by_dates(outcome: Outcome, activity: FeedActivity, now: datetime) -> tuple[Condition, str]:
    """Return whether a feed that answers is silent for longer than usual."""
    if activity.newest is None:
        empty = isinstance(outcome, Changed) and not outcome.document.entries and not outcome.cut
        return (Condition.SILENT, "there is nothing in it") if empty else (Condition.WELL, "")
    silence = now - activity.newest
    if silence <= activity.silent_after:
        return Condition.WELL, ""
    usual = f"; before, one {when.every(activity.rhythm)}" if activity.rhythm else ""
    return Condition.SILENT, f"its last item is {when.span(silence)} old{usual}"


def _failure(outcome: Failed, row: FeedRow | None, now: datetime) -> Condition:
    status = outcome.transfer.status
    if outcome.gone:
        return Condition.DEAD
    if obstacle := obstacle_in(outcome.reason):
        return Condition(obstacle)
    if status in _REFUSING:
        return Condition.REFUSED
    since = row.failing_since if row else None
    if since is not None and now - since >= DEAD_AFTER:
        return Condition.DEAD
    read = row.last_ok if row else None
    if status == _MISSING and (read is None or now - read >= MISSING_AFTER):
        return Condition.DEAD
    return Condition.FAILING


def _commands(check: FeedCheck, known: Known) -> tuple[str, ...]:
    """Return the commands that mend a feed, the best first; none for one that is not listed."""
    if check.condition is Condition.WELL or check.source.url not in known.listed:
        return ()
    feed = shlex.quote(check.source.shown_url)
    if check.condition is Condition.FAILING:
        return (f"tracker poll --feed {feed}",)
    remove = f"tracker feeds rm {feed}"
    if check.moved_to in known.listed:
        return (remove,)
    if check.moved_to:
        moved_to = shlex.quote(without_credentials(check.moved_to))
        return (f"tracker feeds edit {feed} --url {moved_to}",)
    return (*_instead(check, feed, known), remove)


def _instead(check: FeedCheck, feed: str, known: Known) -> list[str]:
    """Return the command that may find what a feed should bring; none without a page to search."""
    if check.status in _NEED_PASSWORD:
        return [f"tracker feeds edit {feed} --header 'Authorization: …'"]
    if check.condition is Condition.PAGE:  # it may announce where the feed is now
        return [f"tracker feeds add {feed}"]
    site = _site(check.source, known)
    return [f"tracker feeds add {shlex.quote(site)}"] if site else []


def _site(source: FeedSource, known: Known) -> str:
    """Return the address of the feed's site; "" if its host only serves feeds."""
    if site := known.sites.get(source.url):
        return without_credentials(site)
    parts = urlsplit(source.shown_url)
    return "" if parts.netloc.startswith(_FEED_HOSTS) else f"{parts.scheme}://{parts.netloc}/"
