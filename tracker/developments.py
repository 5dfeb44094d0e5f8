"""Reports of a story, folded into its developments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tracker.model.core import Item, Report


@dataclass(frozen=True, slots=True)
class Development:
    """Reports of one event: the first reporter's, and the others in the order they came."""

    first: Report
    others: tuple[Report, ...]

    @property
    def new(self) -> bool:
        """Whether something of it is new since the last look."""
        return self.first.new or any(report.new for report in self.others)

    @property
    def other_outlets(self) -> frozenset[str]:
        """The outlets that reported it besides the first."""
        first, *others = self._items()
        return frozenset(item.outlet for item in others) - {first.outlet}

    @property
    def other_languages(self) -> frozenset[str]:
        """The known languages that it was reported in besides the first report's."""
        first, *others = self._items()
        return frozenset(item.language for item in others if item.language) - {first.language}

    def _items(self) -> list[Item]:
        return [report.link.item for report in (self.first, *self.others)]

    @property
    def published(self) -> datetime:
        """When the first reporter published it."""
        return self.first.link.item.published


def fold(reports: Iterable[Report]) -> list[Development]:
    """Fold reports into developments, the newest first; the earliest report of each heads it."""
    events: dict[int, list[Report]] = {}
    for report in reports:
        events.setdefault(report.link.event, []).append(report)
    found = []
    for group in events.values():
        group.sort(key=lambda r: (r.link.item.published, r.link.item.id))
        found.append(Development(group[0], tuple(group[1:])))
    found.sort(key=lambda d: (d.published, d.first.link.item.id), reverse=True)
    return found
