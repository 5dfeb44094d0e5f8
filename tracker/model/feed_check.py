"""How feeds are when they are asked without storing what they bring."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model.polling import FeedSource


class Condition(StrEnum):
    """How a feed is.

    `DEAD` is gone (410), missing (404), or failing for a week. `REFUSED` wants a password or
    forbids the request. In place of the document there is a `PAGE`, or a `CHALLENGE` that only a
    person or a browser passes. `MOVED` is a permanent redirect. `SILENT` has brought nothing for
    longer than its rhythm explains. `FAILING` may pass by itself.
    """

    DEAD = "dead"
    REFUSED = "refused"
    CHALLENGE = "challenge"
    PAGE = "page"
    MOVED = "moved"
    SILENT = "silent"
    FAILING = "failing"
    WELL = "well"


class FeedCheck(NamedTuple):
    """The result for one feed.

    `reason` is in words, "" if it is well. `status` is that of HTTP, 0 if no answer came. `newest`
    is the date of its newest item, None if unknown; `moved_to` is its new address, None if it did
    not move; `failing_since` is from the polls, None if it did not fail in the last one. `commands`
    mend it, the best first.
    """

    source: FeedSource
    title: str
    condition: Condition
    reason: str
    status: int
    newest: datetime | None = None
    moved_to: str | None = None
    failing_since: datetime | None = None
    commands: tuple[str, ...] = ()

    @property
    def needs_user(self) -> bool:
        """Whether it stays so until the user does something."""
        return self.condition not in {Condition.WELL, Condition.FAILING}


class CheckReport(NamedTuple):
    """The results for all feeds that were asked, in the order of the list."""

    checks: tuple[FeedCheck, ...]

    @property
    def offline(self) -> bool:
        """Whether several hosts were asked and none answered: the cause is on this side."""
        return len(self.checks) > 1 and all(
            check.status == 0 and check.condition is not Condition.WELL for check in self.checks
        )
