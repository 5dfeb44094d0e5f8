"""Feed lists in words: what import, export and edit did, and the bundled packs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.text import Text

from tracker.model.polling import FeedSource
from tracker.plain_text import plain
from tracker.views.text import FAINT, HEADING, WARNING, file_row, hint, lines
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMED_AT_MOST = 20


class Import(NamedTuple):
    """The result of an import.

    `repeated` counts outlines of feeds that an earlier outline names; `skipped` counts outlines by
    the reason why their address cannot be polled. `dry_run` is true if nothing was added, `cut_off`
    if a list has no end.
    """

    added: Sequence[FeedSource]
    listed_before: int
    repeated: int
    skipped: Mapping[str, int]
    dry_run: bool
    cut_off: bool = False


def imported(done: Import, path: str) -> Text:
    """Return the counts of an import, and the command that fetches the new feeds."""
    would = "would be added" if done.dry_run else "added"
    parts = [f"{count(len(done.added), 'feed')} {would}"]
    parts += [f"{done.listed_before:,} already listed"] if done.listed_before else []
    parts += [f"{done.repeated:,} listed twice"] if done.repeated else []
    parts += [f"{number:,} skipped: {reason}" for reason, number in done.skipped.items()]
    found = [Text(f"{', '.join(parts)}.")]
    if done.cut_off:
        found.append(Text("The list ends without </opml>: it may have been cut off.", WARNING))
    if done.added and not done.dry_run:
        found.append(file_row(path))
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
        "cut_off": done.cut_off,
    }


def edited(before: FeedSource, after: FeedSource) -> Text:
    """Return what `feeds edit` changed; of headers only the names, since they may be secret."""
    name = plain(after.title or after.shown_url)
    found = [
        Text(f"  {what}: {old or 'none'} → {new or 'none'}", FAINT)
        for what, old, new in zip(
            ("address", "title", "outlet", "language", "tags", "headers"),
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
    names = source.title or "", source.outlet or "", source.language or ""
    return tuple(map(plain, (source.shown_url, *names, tags, headers)))


Packs = Sequence[tuple[str, str, str, Sequence[FeedSource]]]
"""Packs of bundled feeds: name, topic, language, feeds."""


def packs(values: Packs, *, width: int) -> Text:
    """Return the packs as a table: a row for each topic, a column for each language."""
    number = {(topic, language): len(feeds) for _, topic, language, feeds in values}
    topics = sorted({topic for topic, _ in number})
    languages = sorted({language for _, language in number}, key=lambda code: (code != "en", code))
    first = max(map(len, topics))
    cells = 5 if first + 5 * len(languages) <= width else 4
    rows = [Text(f"{'topic':<{first}}{''.join(f'{code:>{cells}}' for code in languages)}", FAINT)]
    for topic in topics:
        shown = "".join(f"{number.get((topic, code), '-'):>{cells}}" for code in languages)
        rows.append(Text(f"{topic:<{first}}{shown}"))
    rows.append(Text())
    rows.append(
        Text(f"{count(sum(number.values()), 'feed')} in {count(len(values), 'pack')}.", FAINT)
    )
    return lines([*rows, hint("", "tracker feeds packs add technology-fr", " adds one.")])


def pack(values: Packs) -> Text:
    """Return the feeds of packs, each with its address."""
    rows: list[Text] = []
    for name, _, _, feeds in values:
        rows.append(Text(name, HEADING))
        for source in feeds:
            rows.append(Text(f"  {plain(source.title or '')}"))
            rows.append(Text(f"    {plain(source.shown_url)}", FAINT))
    names = {name for name, *_ in values}
    command = f"tracker feeds packs add {next(iter(names))}" if len(names) == 1 else ""
    return lines([*rows, Text(), hint("", command, " adds them.")] if command else rows)


def packs_json(values: Packs) -> dict[str, Any]:
    """Return packs for scripts."""
    return {
        "packs": [
            {
                "name": name,
                "topic": topic,
                "language": language,
                "feeds": [{"url": s.shown_url, "title": s.title} for s in feeds],
            }
            for name, topic, language, feeds in values
        ]
    }


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
