"""What a story is made of: its query, what it has learned, and what it would like to learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker.views import when
from tracker.views.follow import more_forms, parts
from tracker.views.text import (
    BAD,
    DOUBT,
    FAINT,
    HEADING,
    column,
    count,
    hanging,
    hint,
    lines,
    plain,
    width_of,
)
from tracker.views.timeline import title

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model import StorySummary
    from tracker.shown import Part, ProfileTerm


def story(
    summary: StorySummary,
    understood: Sequence[Part],
    profile: Sequence[ProfileTerm],
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    forms: bool = False,
) -> Text:
    """Return a story, how its query is understood, its profile and its proposals.

    `forms` shows every word that stands for a part of the query.
    """
    value = summary.story
    found = title(value, now, zone, width)
    facts = [plain(value.slug), f"followed for {when.span(now - value.created)}"]
    if value.since:
        facts.append(f"since {when.short_date(value.since, zone, now)}")
    facts += [" ".join(value.languages)] if value.languages else []
    found += hanging(" · ".join(facts), width, 0, FAINT)
    sums = f"{count(summary.events, 'development')} in {count(summary.reports, 'report')}"
    sums += f", {summary.maybe:,} doubtful" if summary.maybe else ""
    found += hanging(f"{sums}; {when.silence(summary.last_development, now)}", width, 0, FAINT)
    found += [Text(), Text("Asked for", HEADING)]
    if plain(value.query).casefold() != plain(value.title).casefold():
        found += hanging(plain(value.query), width, 2)
    found += [*parts(understood, width, forms=forms), *more_forms(understood, width, forms=forms)]
    learned = [t for t in profile if not t.proposed]
    proposed = [t for t in profile if t.proposed]
    found += [Text(), Text("Learned", HEADING)]
    found += _terms(learned, now, zone, width) or [
        Text("  nothing yet: it learns from what is linked and accepted", FAINT)
    ]
    if proposed:
        found += [Text(), Text("Proposed", f"bold {DOUBT}"), *_terms(proposed, now, zone, width)]
        found.append(
            hint("  To agree: ", f"tracker story edit {value.slug} --learn {_quoted(proposed[0])}")
        )
    return lines(found)


def _quoted(term: ProfileTerm) -> str:
    words = plain(term.text)
    return f"'{words}'" if " " in words else words


def _terms(
    values: Sequence[ProfileTerm], now: datetime, zone: tzinfo | None, width: int
) -> list[Text]:
    if not values:
        return []
    name = min(max(width_of(plain(t.text)) for t in values), max(width // 3, 10))
    kind = max(width_of(plain(t.kind)) for t in values)
    found = []
    for term in sorted(values, key=lambda t: -abs(t.weight)):
        row = Text("  ").append(column(plain(term.text), name), "bold")
        row.append(f"  {plain(term.kind):<{kind}}", FAINT)
        row.append(f"  {term.weight:+.2f}", BAD if term.weight < 0 else "")
        rest = f"  in {count(term.items, 'item')}, since {when.short_date(term.since, zone, now)}"
        if width_of(row.plain) + len(rest) <= width:
            row.append(rest, FAINT)
        found.append(row)
    return found
