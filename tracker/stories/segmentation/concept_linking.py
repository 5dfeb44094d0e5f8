"""Concept linking: from the tokens of a query to the concepts that they denote.

Input: a query and a position. Output: a segment with the concepts and, for each, a
match level (`levels.py`): how well the concept stands for the typed words. The steps of
`link_concept`:

1. Look up the longest listed form at the position (`Lexicon.meanings`).
2. Reject tokens that are written as a name, stop words, and parts of a person's name.
3. Assign a level to each concept (`_concept_levels`).
4. For a phrase, compare with the concepts that its tokens name alone.
5. Drop the concepts that are not meant (`_rank_levels`).

The other functions restrict, compare and merge the concepts of segments.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.levels import AMBIGUOUS, NARROWER, NEAR_SYNONYM, NO_MATCH, SYNONYM
from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm
from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.query.model import CONCEPT, HEAD_FIRST, QuerySegment
from tracker.stories.text.casing import is_plural_acronym
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english
from tracker.stories.text.tokenization import CAPITAL, LOWER, MIXED, UPPER
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tracker.stories.lexicon.concepts import ConceptMatch, WeightedConcepts
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.segmentation.query_text import QueryText
    from tracker.stories.text.tokenization import Token


def link_concept(query: QueryText, position: int) -> tuple[int, QuerySegment | None]:
    """Return the longest concept at a position: its number of tokens and its segment.

    (0, None) where no concept is listed, or where the tokens are written as a name. A phrase that
    does not name a concept itself is cut to its first token, if its tokens do and one of them
    agrees with the phrase, or the phrase matches only by its stems; for example: "travel ban".
    """
    meanings = query.lexicon.meanings(
        tuple(word.text for word in query.tokens[position:]), query.language
    )
    length = max((meaning.size for meaning in meanings), default=0)
    if not meanings or _is_written_as_a_name(query, position, meanings):
        return 0, None
    if length == 1 and (
        is_stop_word_here_or_in_english(query.at(position), query.language)
        or _is_part_of_person_name(query, position, meanings)
    ):
        return 0, None
    typed = query.span(position, length)
    token_concepts = [_concepts_named_by(each, query) for each in typed if length > 1]
    following = tuple(filter(None, token_concepts[1:]))
    levels = _concept_levels(meanings, following)
    # The phrase names no concept, but its words may; for example: "travel ban".
    if length > 1 and max(levels.values()) < NEAR_SYNONYM:
        content_concepts = [
            found
            for each, found in zip(typed, token_concepts, strict=True)
            if not is_stop_word_here_or_in_english(each, query.language)
        ]
        if all(content_concepts):
            if frozenset().union(*content_concepts) & levels.keys() or not any(
                map(_is_exact_match, meanings)
            ):
                return link_concept(query.with_tokens(query.tokens[: position + 1]), position)
            # A "hearing aid" is neither a hearing nor aid: the listed phrase wins.
            levels = {m.concept: NEAR_SYNONYM for m in meanings if _is_exact_match(m)}
    loose = _loose_words(typed, query)
    levels = _rank_levels(_narrow_if_ambiguous(levels), loose, query)
    text = " ".join(word.text for word in typed)
    return length, QuerySegment(
        text,
        CONCEPT,
        {ANY_LANGUAGE: (SurfaceForm(text, tuple(word.norm for word in typed)),)},
        is_known=True,
        concepts=tuple(levels),
        senses=(query.lexicon.weighted(tuple(levels.items())),),
        loose=loose if len(loose) > 1 else (),
    )


def _rank_levels(
    levels: dict[str, float],
    loose: tuple[tuple[str, WeightedConcepts | None], ...],
    query: QueryText,
) -> dict[str, float]:
    """Keep the concepts that are meant, ordered by level, the best first."""
    if len(loose) > 1 and max(levels.values()) < NEAR_SYNONYM:
        levels = _add_head_concepts(levels, loose, query)
    # Beside a concept that the words name, no other one is meant.
    least = NEAR_SYNONYM if max(levels.values()) >= NEAR_SYNONYM else AMBIGUOUS
    levels = {c: level for c, level in levels.items() if level >= least}
    return dict(sorted(levels.items(), key=lambda item: -item[1]))


def _concept_levels(
    meanings: Sequence[ConceptMatch], following: tuple[frozenset[str], ...]
) -> dict[str, float]:
    """Return the match level of each concept for the typed words.

    `following` holds the concepts that the later tokens of a phrase name. A concept that several
    languages list gets its best level. A form that only extends a preferred term is at most
    NARROWER if another concept has a proper preferred term here.
    """
    by_name = any(map(_is_proper_term, meanings))
    levels: dict[str, float] = {}
    for meaning in meanings:
        level = _concept_level(meaning, following)
        if by_name and meaning.status.extends:
            level = min(level, NARROWER)
        levels[meaning.concept] = max(level, levels.get(meaning.concept, 0.0))
    return levels


def _is_proper_term(meaning: ConceptMatch) -> bool:
    """Return whether a form is a preferred term by its position in the list.

    Neither a form that extends another term nor one that only its mark makes preferred.
    """
    status = meaning.status
    return status.preferred and not status.extends and not status.marked


def _is_exact_match(meaning: ConceptMatch) -> bool:
    """Return whether the words are listed as typed, in the query's language or English."""
    return meaning.exact and not meaning.foreign


def _is_written_as_a_name(
    query: QueryText,
    position: int,
    meanings: Sequence[ConceptMatch],
) -> bool:
    """Return whether the spelling of a token marks a name, though a concept lists the token.

    A phrase is a name if it begins inside the query with a capitalised alias and matches only by an
    inflection; for example: "Quux Arm deal" is not an arms deal. A single token is a name if

    - it has a capital inside ("TriFold") and is not a plural acronym ("CEOs");
    - it has a capital inside the query and matches only by an inflection; not in German, where
      every noun has a capital;
    - it is a capitalised alias, and only a foreign language lists it ("Luna", Spanish for moon);
    - it is an alias before another capital, and matches only ambiguously ("Galaxy S26");
    - it is an alias in upper case that names no concept itself ("TAP").
    """
    word, following = query.at(position), query.span(position + 1, 1)
    length = max((meaning.size for meaning in meanings), default=0)
    if length > 1:
        inflected = not any(m.exact for m in meanings if m.size == length)
        return (
            bool(position)
            and word.shape == CAPITAL
            and inflected
            and is_an_alias(word, query.lexicon.gazetteer)
        )
    if word.shape == MIXED:
        return not is_plural_acronym(word)
    inflected = query.language != "de" and not any(m.exact for m in meanings)
    if word.shape == CAPITAL and position and inflected:
        return True
    if word.shape == CAPITAL and all(m.foreign for m in meanings):
        return is_an_alias(word, query.lexicon.gazetteer)
    before_capital = word.shape == CAPITAL and bool(following) and following[0].shape != LOWER
    if before_capital and any(m.exact and not m.ambiguous for m in meanings):
        return False
    acronym = word.shape == UPPER and all(
        _concept_level(meaning) < NEAR_SYNONYM for meaning in meanings
    )
    return (before_capital or acronym) and is_an_alias(word, query.lexicon.gazetteer)


def _concepts_named_by(word: Token, query: QueryText) -> frozenset[str]:
    """Return the concepts that a single token names as it is typed."""
    if is_stop_word_here_or_in_english(word, query.language):
        return frozenset()
    matches = query.lexicon.meanings((word.text,), query.language)
    return frozenset(
        each.concept for each in matches if each.exact and _concept_level(each) >= NEAR_SYNONYM
    )


def _loose_words(
    typed: tuple[Token, ...], query: QueryText
) -> tuple[tuple[str, WeightedConcepts | None], ...]:
    """Return the content words of a phrase, each with the concepts that it denotes alone.

    None for a word without concepts. Empty for a single token.
    """
    loose: list[tuple[str, WeightedConcepts | None]] = []
    for word in typed if len(typed) > 1 else ():
        if is_stop_word_here_or_in_english(word, query.language):
            continue
        matches = query.lexicon.meanings((word.text,), query.language)
        levels = {each.concept: NARROWER for each in matches if each.exact and not each.ambiguous}
        loose.append((word.text, query.lexicon.weighted(tuple(levels.items())) if levels else None))
    return tuple(loose)


def _add_head_concepts(
    levels: dict[str, float],
    loose: tuple[tuple[str, WeightedConcepts | None], ...],
    query: QueryText,
) -> dict[str, float]:
    """Add the concept that the head of a phrase names as AMBIGUOUS.

    Used where the phrase names no concept itself; for example: a "skilled worker visa" is a visa.
    The concept has to be listed as related to one of the phrase's concepts, so that a "utility
    bill" is not a bill of a parliament. Phrases that do name a concept are not widened to their
    head.
    """
    head, _ = loose[0 if query.language in HEAD_FIRST else -1]
    related = {other for concept in levels for other in query.lexicon.concepts[concept].related}
    for each in query.lexicon.meanings((head,), query.language):
        if each.exact and _concept_level(each) >= NEAR_SYNONYM and each.concept not in levels:
            neighbours = related | set(query.lexicon.concepts[each.concept].related)
            if each.concept in related or not neighbours.isdisjoint(levels):
                levels[each.concept] = AMBIGUOUS
    return levels


def _is_part_of_person_name(
    query: QueryText,
    position: int,
    meanings: Sequence[ConceptMatch],
) -> bool:
    """Return whether a token is a surname behind a given name, or a given name itself.

    A given name counts before a capitalised token that is neither an alias nor a concept. In
    German, where nouns have a capital, a token that a concept lists is never a name.
    """
    given = word_list("given")
    if query.at(position).shape != CAPITAL or (
        query.language == "de" and any(map(_is_exact_match, meanings))
    ):
        return False
    if position and query.at(position - 1).norm in given:
        return True
    following = query.span(position + 1, 1)
    return (
        query.at(position).norm in given
        and bool(following)
        and following[0].shape == CAPITAL
        and not query.lexicon.gazetteer.starting(following[0].norm)
        and not query.lexicon.meanings((following[0].text,), query.language)
    )


def _concept_level(meaning: ConceptMatch, following: tuple[frozenset[str], ...] = ()) -> float:
    """Return how well a concept stands for the typed words.

    `following` holds the concepts that the later tokens name. NO_MATCH for an ambiguous single
    token, NARROWER for a form that does not name the concept, NEAR_SYNONYM for one that its mark
    makes preferred, and SYNONYM for a preferred term.
    """
    if meaning.ambiguous and not meaning.status.preferred and meaning.size == 1:
        return NO_MATCH
    extends_all = meaning.status.extends and all(meaning.concept in named for named in following)
    if meaning.ambiguous or not (meaning.status.preferred or extends_all):
        return NARROWER
    return NEAR_SYNONYM if meaning.status.marked else SYNONYM


def _narrow_if_ambiguous(levels: dict[str, float]) -> dict[str, float]:
    """Raise all concepts to NARROWER if every one matched only through an ambiguous word."""
    return dict.fromkeys(levels, NARROWER) if max(levels.values()) == NO_MATCH else levels


def restrict_to_name_kinds(
    segment: QuerySegment, kinds: frozenset[str], lexicon: Lexicon
) -> QuerySegment:
    """Drop concepts that do not apply to names of these kinds.

    For example: the takeover of a city is not an acquisition. If no concept is left, all are kept
    and the segment becomes optional: the split of two persons is not a company's.
    """
    concepts = lexicon.concepts

    def applies(concept: str, _: float) -> bool:
        return not concepts[concept].applies_to or bool(concepts[concept].applies_to & kinds)

    restricted = _keep_concepts(segment, applies, lexicon)
    return (
        replace(segment, optional=True) if segment.senses and not restricted.senses else restricted
    )


def without_concepts_of(
    segment: QuerySegment, others: Sequence[QuerySegment], lexicon: Lexicon
) -> QuerySegment:
    """Drop concepts that other segments denote too, so that no word matches two segments.

    For example: "strikes" in "drug boat strikes". The segment keeps its best concepts.
    """
    shared = {
        concept for other in others for sense in other.senses for concept, _ in sense.concepts
    }
    best = max((level for sense in segment.senses for _, level in sense.concepts), default=0.0)
    return _keep_concepts(segment, lambda c, level: c not in shared or level == best, lexicon)


def _keep_concepts(
    segment: QuerySegment, keep: Callable[[str, float], bool], lexicon: Lexicon
) -> QuerySegment:
    """Return the segment with those concepts for which `keep(concept, level)` is true."""
    senses = []
    for sense in segment.senses:
        kept_levels = [
            (concept, level) for concept, level in sense.concepts if keep(concept, level)
        ]
        if len(kept_levels) == len(sense.concepts):
            senses.append(sense)
        elif kept_levels:
            senses.append(lexicon.weighted(tuple(kept_levels)))
    if tuple(senses) == segment.senses:
        return segment
    left = {concept for sense in senses for concept, _ in sense.concepts}
    kept = tuple(concept for concept in segment.concepts if concept in left)
    return replace(segment, senses=tuple(senses), concepts=kept)


def named_concepts(segment: QuerySegment) -> frozenset[str]:
    """Return the concepts that a segment names itself, at NEAR_SYNONYM or better.

    Empty for a segment of another kind, and for a required one (quoted or with a field).
    """
    if segment.kind != CONCEPT or segment.is_required:
        return frozenset()
    return frozenset(
        concept
        for sense in segment.senses
        for concept, level in sense.concepts
        if level >= NEAR_SYNONYM
    )


def merge_segments(one: QuerySegment, other: QuerySegment) -> QuerySegment:
    """Merge two segments that name the same concept.

    For example: "astronaut" and "space station". Two segments of equal text are one already.
    """
    if one.text.casefold() == other.text.casefold():
        return one
    return replace(
        one,
        text=f"{one.text} {other.text}",
        forms={
            code: one.forms.get(code, ()) + other.forms.get(code, ())
            for code in one.forms | other.forms
        },
        concepts=tuple(dict.fromkeys(one.concepts + other.concepts)),
        senses=one.senses + other.senses,
        optional=one.optional and other.optional,
    )
