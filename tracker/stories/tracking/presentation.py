"""How the interpretation of a query is shown to the user."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tracker.model.preview import Part as ShownPart
from tracker.stories.levels import INSTANCE
from tracker.stories.lexicon.forms import ANY_LANGUAGE
from tracker.stories.matching.fulltext import all_forms
from tracker.stories.query.model import NAME
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.stopwords import all_stop_words
from tracker.stories.text.tokenization import NUMERALS, tokenize

if TYPE_CHECKING:
    from tracker.stories.query.model import QueryInterpretation, QuerySegment
    from tracker.stories.query.syntax import Query
    from tracker.stories.text.tokenization import Token


_BACKGROUND_WEIGHT = 0.4
"""Shown weight of a background name; that of any other segment is 1."""


def shown_parts(interpretation: QueryInterpretation) -> tuple[ShownPart, ...]:
    """Return the segments, exclusions and limits of a query; `found` is not counted."""
    weights = [_shown_weight(segment) for segment in interpretation.segments]
    total = sum(weights) or 1.0
    shown = [
        ShownPart(
            segment.text,
            segment.kind,
            weight / total,
            _shown_forms(segment),
            note=_note(segment, interpretation.country),
        )
        for segment, weight in zip(interpretation.segments, weights, strict=True)
    ]
    shown += [
        ShownPart(_as_typed(segment), segment.kind, 0.0, excluded=True)
        for segment in interpretation.excluded
    ]
    shown += [
        ShownPart(" OR ".join(map(str, clause.terms)), "field", 0.0, excluded=clause.excluded)
        for clause in interpretation.limits
    ]
    return tuple(shown)


def ignored_words(query: Query, interpretation: QueryInterpretation) -> tuple[str, ...]:
    """Return the words of a query, as typed, that no segment covers.

    Function words are left out, as users do not miss them.
    """
    segments = (*interpretation.segments, *interpretation.excluded)
    covered = {
        token
        for segment in segments
        for form in segment.forms.get(ANY_LANGUAGE, ())
        for token in form.tokens
    }
    covered |= {word.norm for segment in segments for word in tokenize(segment.text, "")}
    covered |= {NUMERALS[figure] for figure in covered & NUMERALS.keys()}
    unquoted = (t for c in query.clauses for t in c.terms if not t.field and not t.quoted)
    typed = [word for term in unquoted for word in tokenize(term.text, "")]
    content_words = [word for word in typed if word.norm not in all_stop_words()]
    ignored = [
        word
        for word in content_words
        if word.norm not in covered and not _is_compound_of(word, segments)
    ]
    return tuple(dict.fromkeys(word.text for word in ignored))


def _is_compound_of(word: Token, segments: tuple[QuerySegment, ...]) -> bool:
    """Return whether a word is a compound of two adjacent segments."""
    norms = [normalize(segment.text) for segment in segments]
    return any(
        word.norm.startswith(one) and word.norm.endswith(two) for one, two in pairwise(norms)
    )


def _shown_forms(segment: QuerySegment) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the forms of a segment by language; "" stands for any language."""
    return tuple(
        ("" if code == ANY_LANGUAGE else code, tuple(form.text for form in forms))
        for code, forms in all_forms(segment, SNOWBALL)
        if code == ANY_LANGUAGE or segment.concepts or code in segment.forms
    )


def _as_typed(segment: QuerySegment) -> str:
    """Return the text of an excluded segment with its field, as in the query."""
    if not segment.field:
        return segment.text
    return f"{segment.field}:" + (f'"{segment.text}"' if " " in segment.text else segment.text)


def _note(segment: QuerySegment, country: str) -> str:
    """Return how a segment is matched, where its forms do not show it; "" for nothing."""
    if country and segment.entity == country:
        return "outlets of this country need not say it"
    if members := [form for form in segment.forms.get(ANY_LANGUAGE, ()) if form.level == INSTANCE]:
        return f"and {len(members)} names of the kind"
    if segment.kind != NAME and segment.optional:
        return "may be told in any words"
    return "" if segment.is_known or segment.kind == NAME else "not in the vocabulary"


def _shown_weight(segment: QuerySegment) -> float:
    return _BACKGROUND_WEIGHT if segment.background else 1.0
