"""A query that takes up more: another name beside the one that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.query.model import NAME
from tracker.stories.query.syntax import parse
from tracker.stories.understand import understand

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Vocabulary


def widen(query: str, name: str, vocabulary: Vocabulary) -> str | None:
    """Give a query to which another name will do as well as its first one.

    None where it has none that is one bare word (or several joined by OR): of "Elizabeth Holmes"
    an OR would take the last word only.
    """
    parsed = parse(query, strict=False)
    names = {
        part.text
        for part in understand(parsed, vocabulary).parts
        if part.kind == NAME and not part.context and not part.field and not part.required
    }
    said = [str(clause) for clause in parsed.clauses]
    place = next((n for n, clause in enumerate(said) if clause in names), None)
    if place is None:
        return None
    said[place] += f" OR {name}"
    return " ".join(said)
