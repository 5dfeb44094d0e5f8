"""What `feeds import`, `feeds export` and `feeds edit` did, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rich.text import Text

from tracker.plain_text import plain
from tracker.views.text import FAINT, hint, lines
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.model.polling import FeedSource

_NAMED_AT_MOST = 20


class Import(NamedTuple):
    """The result of an import.

    `repeated` counts outlines of feeds that an earlier outline names; `skipped` counts outlines by
    the reason why their address cannot be polled. `dry_run` is true if nothing was added.
    """

    added: Sequence[FeedSource]
    listed_before: int
    repeated: int
    skipped: Mapping[str, int]
    dry_run: bool


def imported(done: Import, path: str) -> Text:
    """Return the counts of an import, and the command that fetches the new feeds."""
    would = "would be added" if done.dry_run else "added"
    parts = [f"{count(len(done.added), 'feed')} {would}"]
    parts += [f"{done.listed_before:,} already listed"] if done.listed_before else []
    parts += [f"{done.repeated:,} listed twice"] if done.repeated else []
    parts += [f"{number:,} skipped: {reason}" for reason, number in done.skipped.items()]
    found = [Text(f"{', '.join(parts)}.")]
    if done.added and not done.dry_run:
        found.append(Text(f"  {plain(path)}", FAINT))
        found.append(hint("", "tracker poll", " fetches them."))
    return lines(found)


def import_json(done: Import) -> dict[str, Any]:
    """Return the counts of an import for scripts."""
    return {
        "added": [
            {"url": s.shown_url, "title": s.title, "language": s.language, "tags": list(s.tags)}
            for s in done.added
        ],
        "listed_before": done.listed_before,
        "repeated": done.repeated,
        "skipped": dict(done.skipped),
        "dry_run": done.dry_run,
    }


def edited(before: FeedSource, after: FeedSource) -> Text:
    """Return what `feeds edit` changed; of headers only the names, since they may be secret."""
    name = plain(after.title or after.shown_url)
    found = [
        Text(f"  {what}: {old or 'none'} → {new or 'none'}", FAINT)
        for what, old, new in zip(
            ("address", "title", "language", "tags", "headers"),
            _shown(before),
            _shown(after),
            strict=True,
        )
        if old != new
    ]
    if not found and before != after:
        found.append(Text("  headers", FAINT))
    if not found:
        return Text(f"{name} is listed so already.")
    return lines([Text(f"Changed {name}."), *found])


def _shown(source: FeedSource) -> tuple[str, ...]:
    tags, headers = ", ".join(source.tags), ", ".join(name for name, _ in source.headers)
    values = source.shown_url, source.title or "", source.language or "", tags, headers
    return tuple(map(plain, values))


def exported(number: int, path: str) -> Text:
    """Return how many feeds were written, and where."""
    return Text(f"Wrote {count(number, 'feed')} to {plain(path)}.")


def kept_back(feeds: Sequence[tuple[str, tuple[str, ...]]]) -> Text:
    """Return which secrets of which feeds the list does not hold."""
    found = [Text(f"Secrets of {count(len(feeds), 'feed')} are left out (--with-secrets):")]
    for name, kinds in feeds[:_NAMED_AT_MOST]:
        found.append(Text(f"  {plain(name)}: {', '.join(map(plain, kinds))}"))
    if len(feeds) > _NAMED_AT_MOST:
        found.append(Text(f"  and {len(feeds) - _NAMED_AT_MOST:,} more"))
    return lines(found)
