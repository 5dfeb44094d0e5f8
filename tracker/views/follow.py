"""How a query was understood, what it finds, and what following it brought or would bring."""

from __future__ import annotations

import shlex
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.plain_text import plain
from tracker.views.rows import columns, item_rows
from tracker.views.text import (
    DOUBT,
    FAINT,
    HEADING,
    MARK,
    WARNING,
    column,
    cut,
    hanging,
    hint,
    lines,
    width_of,
    wrap,
)
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model.core import Story
    from tracker.model.preview import Finding, Part, Preview

# A dry run shows so many of what it would link, and of what is doubtful.
_PREVIEWED = 10
# However wide the line is, more forms than so many cells hold are not read.
_ROW_OF_FORMS = 100


def followed(
    story: Story,
    found: Preview,
    *,
    width: int,
    forms: bool = False,
    twin: Story | None = None,
) -> Text:
    """Return what is said after `follow`: the story, its parts, and what it took up.

    `forms` shows every word that stands for a part; `twin` is a story that asks for the same.
    """
    head = Text.assemble("Following ", (plain(story.title), HEADING))
    head.append(f"  {plain(story.slug)}", FAINT)
    rows = [head, *_twin(story, twin, width), Text(), *parts(found.parts, width, forms=forms)]
    rows += _left_out(found.left_out, width)
    rows += [*more_forms(found.parts, width, forms=forms), Text()]
    if found.items == 0:
        rows.append(Text("Nothing is stored yet."))
        rows.append(hint("", "tracker poll", " fetches what your feeds have."))
        return lines(rows)
    rows += [*_sums(found, "Linked", width), *waiting(found.waiting, width)]
    if found.linked_count:
        rows.append(hint("Read it: ", f"tracker timeline {story.slug}"))
    else:
        rows.append(Text("New reports are linked as they are polled.", FAINT))
    return lines(rows)


def preview(
    found: Preview,
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    forms: bool = False,
    options: Sequence[str] = (),
) -> Text:
    """Return what `follow --dry-run` shows: parts, what would be linked, and what is doubtful.

    `forms` shows every word that stands for a part; `options` are the words that follow needs
    beside the query to begin the same story.
    """
    head = Text.assemble("Would follow ", (plain(found.query), HEADING))
    rows = [head, Text(), *parts(found.parts, width, forms=forms)]
    rows += _left_out(found.left_out, width)
    rows += [*more_forms(found.parts, width, forms=forms), Text()]
    since = when.short_date(found.since, zone, now) if found.since else None
    rows += [*_sums(found, "Would link", width, since), *waiting(found.waiting, width)]
    if since and not found.linked_count:
        rows.append(hint("", "--since DATE", " looks further back."))
    sure, unsure = found.linked[:_PREVIEWED], found.maybe[:_PREVIEWED]
    for title, shown, total, style in (
        ("Linked", sure, found.linked_count, HEADING),
        ("Doubtful", unsure, found.maybe_count, f"bold {DOUBT}"),
    ):
        if shown:
            rows += [Text(), Text(title, style)]
            rows += finding_rows(shown, (*sure, *unsure), now=now, zone=zone, width=width)
            if total > len(shown):
                rows.append(Text(f"  and {total - len(shown):,} more", FAINT))
    query = plain(found.query).replace("'", "'\\''")
    # What begins with an excluded word is no option where -- stands before it.
    before = [*map(shlex.quote, map(plain, options)), *(["--"] if query.startswith("-") else [])]
    command = " ".join(["tracker follow", *before, f"'{query}'"])
    older = found.since is not None and "--since" not in options
    lead = "To follow it, and link older reports too: " if older else "To follow it: "
    return lines([*rows, Text(), hint(lead, command)])


def results(
    found: Preview, *, now: datetime, zone: tzinfo | None, width: int, limit: int = 0
) -> Text:
    """Return what `search` found, newest first, with what has only a part of the query last.

    Only the first `limit` are shown where that is not 0.
    """
    shown = found.first(limit)
    if not (shown.linked or shown.maybe):
        rows = [Text(f"Nothing matches {plain(found.query)!r}.")]
        rows += [*parts(found.parts, width), *waiting(found.waiting, width)]
        if not found.items:
            rows.append(hint("Nothing is stored yet; ", "tracker poll", " fetches your feeds."))
        return lines(rows)
    # Nothing is decided by the score of a search, so it is not shown.
    every = (*shown.linked, *shown.maybe)
    rows = []
    for findings in filter(None, (shown.linked, shown.maybe)):
        if findings is shown.maybe:
            rows += [Text()] if rows else []
            rows.append(Text("Doubtful", f"bold {DOUBT}"))
        rows += finding_rows(findings, every, now=now, zone=zone, width=width, score=False)
    rows += [Text(), *waiting(found.waiting, width)] if found.waiting else []
    return lines([*rows, Text(), _counted(found, len(every))])


def _counted(found: Preview, shown: int) -> Text:
    """Return how many items were found, how many of them are doubtful, and how many are shown."""
    total = found.linked_count + found.maybe_count
    words = f"{count(total, 'item')} of {found.items - found.waiting:,}"
    if found.maybe_count and found.linked_count:
        words += f", {found.maybe_count:,} of them doubtful"
    elif found.maybe_count:
        words += ", all doubtful" if total > 1 else ", doubtful"
    if total > shown:
        return hint(f"{words}, {shown:,} shown; ", "--limit 0", " shows all")
    return Text(words, FAINT)


def parts(values: Sequence[Part], width: int, *, forms: bool = False) -> list[Text]:
    """Return the parts of a query: text, kind, weight, what each finds alone, and its forms.

    Of the forms as many as one row holds are shown, or with `forms` all of them.
    """
    if not values:
        return []
    name = min(max(width_of(_name(p)) for p in values), max(width // 3, 10))
    kind = max(width_of(plain(p.kind)) for p in values)
    found: list[Text] = []
    for value in values:
        row = Text("  ").append(
            column(_name(value), name), "bold red" if value.excluded else "bold"
        )
        row.append(f"  {plain(value.kind):<{kind}}", FAINT)
        row.append(f"  {value.weight:>4.0%}" if value.weight else " " * 6)
        if value.found is not None:
            row.append(f"  {_found_words(value)}", "" if value.found else WARNING)
        found.append(row)
        found += _all_forms(value, width) if forms else _some_forms(value, width)
        if value.note:
            found += hanging(plain(value.note), width, 4, WARNING)
    return found


def finding_rows(
    values: Sequence[Finding],
    every: Sequence[Finding],
    *,
    now: datetime,
    zone: tzinfo | None,
    width: int,
    score: bool = True,
) -> list[Text]:
    """Return findings as rows, each with its date, and its `score` behind the headline.

    The columns fit `every` finding of the listing, of which these may be a part.
    """

    def time(moment: datetime) -> str:
        return when.listed(moment, zone, now)

    items = [f.item for f in every]
    shape = columns(items, width, max(len(time(i.published)) for i in items))
    found: list[Text] = []
    for value in values:
        suffix = Text(f"{value.verdict.score:.2f}", FAINT) if score else None
        found += item_rows(value.item, shape, time, suffix=suffix)
    return found


def _found_words(value: Part) -> str:
    """Return "3 items", "1,000+ items" where not all were read, or "nothing stored"."""
    if value.more:
        return f"{value.found:,}+ items"
    return count(value.found, "item") if value.found else "nothing stored"


def _name(value: Part) -> str:
    return f"-{plain(value.text)}" if value.excluded else plain(value.text)


def _twin(story: Story, twin: Story | None, width: int) -> list[Text]:
    if twin is None:
        return []
    words = f"{twin.slug} asks for the same; tracker story rm {story.slug} ends this one."
    return [Text(row, WARNING) for row in wrap(words, width)]


def _different(value: Part) -> list[tuple[str, list[str]]]:
    """Return the forms by language, each once whatever its capitals, and not what was typed."""
    said = plain(value.text).casefold()
    found = []
    for language, forms in value.forms:
        different: dict[str, str] = {}
        for form in map(plain, forms):
            different.setdefault(form.casefold(), form)
        different.pop(said, None)
        if different:
            found.append((plain(language), list(different.values())))
    return found


def _all_forms(value: Part, width: int) -> list[Text]:
    found: list[Text] = []
    for language, forms in _different(value):
        first, *rest = wrap(", ".join(forms), width - 7)
        found.append(Text.assemble("    ", (f"{language:<2} ", "cyan"), (first, FAINT)))
        found += [Text(" " * 7).append(row, FAINT) for row in rest]
    return found


def _chosen(value: Part, width: int) -> dict[str, list[str]]:
    """Return the forms that one row holds with their languages: each one's first, then its second.

    "es it pt guerra": what is the same word in several languages stands once.
    """
    chosen: dict[str, list[str]] = {}
    taken, width = 4, min(width, _ROW_OF_FORMS)
    ranks = zip_longest(*([(language, f) for f in forms] for language, forms in _different(value)))
    for language, form in (pair for rank in ranks for pair in rank if pair):
        needs = len(language) + 1 if form in chosen else len(language) + width_of(form) + 4
        if taken + needs > width and chosen:
            break
        taken += needs
        chosen.setdefault(form, []).append(language)
    return chosen


def _some_forms(value: Part, width: int) -> list[Text]:
    chosen = _chosen(value, width)
    if not chosen:
        return []
    row = Text("   ")
    for place, (form, languages) in enumerate(chosen.items()):
        row.append(" · " if place else " ", FAINT)
        row.append("".join(f"{language} " for language in languages if language), "cyan")
        row.append(cut(form, width - 8), FAINT)
    return [row]


def more_forms(values: Sequence[Part], width: int, *, forms: bool) -> list[Text]:
    """Return how to see the forms that `parts` left out, where it did."""
    shown = sum(len(languages) for v in values for languages in _chosen(v, width).values())
    if forms or shown == sum(len(words) for v in values for _, words in _different(v)):
        return []
    return [hint("  ", "--forms", " shows every word that is looked for.")]


def waiting(items: int, width: int) -> list[Text]:
    """Return how many items wait to be linked, nothing for 0."""
    if not items:
        return []
    verb = "waits" if items == 1 else "wait"
    return [
        Text(row, WARNING)
        for row in wrap(f"{count(items, 'item')} {verb} for the next poll.", width)
    ]


def _left_out(words: Sequence[str], width: int) -> list[Text]:
    if not words:
        return []
    return hanging(f"Not looked for: {', '.join(map(plain, words))}", width, 2, FAINT)


def _sums(found: Preview, verb: str, width: int, since: str | None = None) -> list[Text]:
    of = f"what came since {since}" if since else count(found.items - found.waiting, "stored item")
    words = f"{verb} {found.linked_count:,} of {of}"
    if found.linked_count:
        words += f", {count(found.events, 'development')}"
    if found.maybe_count:
        words += f"; {found.maybe_count:,} doubtful"
    return [Text(row, MARK if found.linked_count else WARNING) for row in wrap(f"{words}.", width)]
