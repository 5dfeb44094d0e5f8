"""What a story is made of: its query, what it has learned, and what it would like to learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.plain_text import plain
from tracker.views.follow import more_forms, parts
from tracker.views.text import BAD, DOUBT, FAINT, HEADING, column, hanging, hint, lines, width_of
from tracker.views.timeline import title
from tracker.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model.core import Story, StorySummary
    from tracker.model.preview import Part, ProfileTerm

_AGAINST = 12
"""So many words that speak against a story are shown."""


def story(
    summary: StorySummary,
    understood: Sequence[Part],
    profile: Sequence[ProfileTerm],
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    forms: bool = False,
    wider: str | None = None,
) -> Text:
    """Return a story, how its query is understood, its profile and its proposals.

    `forms` shows every word that stands for a part of the query; `wider` is a query that asks for
    the first proposal too, None where there is no such query.
    """
    value = summary.story
    found = title(value, now, zone, width)
    facts = [plain(value.slug), f"followed for {when.span(now - value.created)}"]
    if value.since:
        facts.append(f"since {when.short_date(value.since, zone, now)}")
    facts += [" ".join(value.languages)] if value.languages else []
    found += hanging(" · ".join(facts), width, 0, FAINT)
    found += hanging(
        f"{_sums(summary)}; {when.silence(summary.last_development, now)}", width, 0, FAINT
    )
    found += [Text(), Text("Asked for", HEADING)]
    if plain(value.query).casefold() != plain(value.title).casefold():
        found += hanging(plain(value.query), width, 2)
    found += [*parts(understood, width, forms=forms), *more_forms(understood, width, forms=forms)]
    found += _learned([t for t in profile if not t.proposed], now, zone, width)
    proposed = [t for t in profile if t.proposed]
    if proposed:
        found += [Text(), Text("Proposed", f"bold {DOUBT}"), *_terms(proposed, now, zone, width)]
        found += _to_agree(value, proposed, wider, width)
    return lines(found)


def edited(before: StorySummary, after: StorySummary, width: int) -> Text:
    """Return what a story has after an edit that linked its items again, and what it had before."""
    was, now = _sums(before), _sums(after)
    words = f"{now}, as before" if was == now else f"{now}; before: {was}"
    return lines(hanging(words, width, 0, FAINT))


def _sums(value: StorySummary) -> str:
    words = f"{count(value.events, 'development')} in {count(value.reports, 'report')}"
    return f"{words}, {value.maybe:,} doubtful" if value.maybe else words


def _learned(
    values: Sequence[ProfileTerm], now: datetime, zone: tzinfo | None, width: int
) -> list[Text]:
    given = [t for t in values if t.given]
    speaks_for = [t for t in values if t.weight > 0 and not t.given]
    against = [plain(t.text) for t in values if t.weight <= 0 and not t.given]
    found = [Text(), Text("Set by you", HEADING), *_terms(given, now, zone, width)] if given else []
    found += [Text(), Text("Learned", HEADING), *_terms(speaks_for, now, zone, width)]
    if against:
        more = len(against) - _AGAINST
        rest = [f"{more:,} more"] if more > 0 else []
        found += hanging(f"against it: {listed(against[:_AGAINST] + rest)}", width, 2, FAINT)
    if not (speaks_for or against):
        found.append(Text("  nothing yet: it learns from what is linked and accepted", FAINT))
    return found


def _to_agree(
    value: Story, proposed: Sequence[ProfileTerm], wider: str | None, width: int
) -> list[Text]:
    """Return how to take the first proposal up, and what comes of it."""
    edit = f"tracker story edit {value.slug}"
    if wider is None:
        return [
            hint("  To give it more weight: ", f"{edit} --learn {_quoted(plain(proposed[0].text))}")
        ]
    does = "Many of its reports name them. To look for one beside what you asked for:"
    return [*hanging(does, width, 2, FAINT), hint("  ", f"{edit} --query {_quoted(plain(wider))}")]


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "'\\''") + "'" if set(words) & set(" '\"") else words


def _terms(
    values: Sequence[ProfileTerm], now: datetime, zone: tzinfo | None, width: int
) -> list[Text]:
    if not values:
        return []
    name = min(max(width_of(plain(t.text)) for t in values), max(width // 3, 10))
    found = []
    for term in sorted(values, key=lambda t: -abs(t.weight)):
        row = Text("  ").append(column(plain(term.text), name), "bold")
        weight = f"{term.weight:+.2f}" if term.weight else "ignored"
        row.append(f"  {weight}", BAD if term.weight < 0 else "")
        rest = "  in none of its reports yet" if term.weight else ""
        if term.since:
            reports = count(term.items, "report")
            rest = f"  in {reports}, since {when.short_date(term.since, zone, now)}"
        if width_of(row.plain) + len(rest) <= width:
            row.append(rest, FAINT)
        found.append(row)
    return found
