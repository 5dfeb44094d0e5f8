"""A part of a query that names a kind of affair: what its words mean, alone and together."""

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
    from tracker.stories.text.tokenization import Token


def link_concept(
    run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon
) -> tuple[int, QuerySegment | None]:
    """Make a part of a concept; the words as typed stand for it best."""
    meanings = lexicon.meanings(tuple(word.text for word in run[place:]), language)
    word = run[place]
    size = max((meaning.size for meaning in meanings), default=0)
    name_like = _is_written_as_a_name(run, place, meanings, language, lexicon)
    person = _is_part_of_person_name(run, place, meanings, language, lexicon)
    alone = size == 1 and (is_stop_word_here_or_in_english(word, language) or person)
    if not meanings or name_like or alone:
        return 0, None
    typed = run[place : place + size]
    named = [_concepts_named_by(each, language, lexicon) for each in typed if size > 1]
    behind = tuple(filter(None, named[1:]))
    ids = _concept_levels(meanings, behind)
    if (
        size > 1 and max(ids.values()) < NEAR_SYNONYM
    ):  # travel ban: its words name affairs, it does not
        content = [
            found
            for each, found in zip(typed, named, strict=True)
            if not is_stop_word_here_or_in_english(each, language)
        ]
        if all(content):
            if frozenset().union(*content) & ids.keys() or not any(map(_is_as_listed, meanings)):
                return link_concept(run[: place + 1], place, language, lexicon)
            ids = {
                m.concept: NEAR_SYNONYM for m in meanings if _is_as_listed(m)
            }  # a hearing aid is neither
    ids = _narrow_if_ambiguous(ids)
    apart = _loose_words(typed, language, lexicon)
    if len(apart) > 1 and max(ids.values()) < NEAR_SYNONYM:
        ids = _add_head_concepts(ids, apart, language, lexicon)
    least = NEAR_SYNONYM if max(ids.values()) >= NEAR_SYNONYM else AMBIGUOUS
    ids = {c: level for c, level in ids.items() if level >= least}  # others are not meant
    ids = dict(sorted(ids.items(), key=lambda found: -found[1]))  # the best is shown first
    text = " ".join(word.text for word in typed)
    return size, QuerySegment(
        text,
        CONCEPT,
        {ANY_LANGUAGE: (SurfaceForm(text, tuple(word.norm for word in typed)),)},
        is_known=True,
        concepts=tuple(ids),
        senses=(lexicon.weighted(tuple(ids.items())),),
        loose=apart if len(apart) > 1 else (),
    )


def _concept_levels(
    meanings: Sequence[ConceptMatch], behind: tuple[frozenset[str], ...]
) -> dict[str, float]:
    """Give how well concepts stand for what was typed; `behind` is what the words behind it name.

    Of several languages, the one that has it at the head counts. What only begins like the name of
    a concept is less where another has it by name.
    """
    by_name = any(map(_is_proper_term, meanings))
    ids: dict[str, float] = {}
    for meaning in meanings:
        level = _concept_level(meaning, behind)
        if by_name and meaning.status.extends:
            level = min(level, NARROWER)
        ids[meaning.concept] = max(level, ids.get(meaning.concept, 0.0))
    return ids


def _is_proper_term(meaning: ConceptMatch) -> bool:
    """Tell whether a form is a name of its own, and neither begins like one nor needs a mark."""
    naming = meaning.status
    return naming.preferred and not naming.extends and not naming.marked


def _is_as_listed(meaning: ConceptMatch) -> bool:
    return meaning.exact and not meaning.foreign


def _is_written_as_a_name(
    run: tuple[Token, ...],
    place: int,
    meanings: Sequence[ConceptMatch],
    language: str,
    lexicon: Lexicon,
) -> bool:
    """Tell whether the letters of a word say that it is a name, though it may tell an affair.

    They do behind another word if only an inflection of it tells one, but in German, where every
    noun has a capital, and with a capital within (TriFold), though not several CEOs. Of what the
    vocabulary has as a name too, they do before another capital (Galaxy S26) if it tells the affair
    weakly, in capitals (TAP) if it names none, and with one if it tells the affair in a foreign
    language (Luna, a moon). A phrase is read likewise if it begins with such a name: a Quux Arm
    deal is no arms deal.
    """
    word, following = run[place], run[place + 1 : place + 2]
    size = max((meaning.size for meaning in meanings), default=0)
    if size > 1:
        inflected = not any(m.exact for m in meanings if m.size == size)
        return (
            bool(place)
            and word.shape == CAPITAL
            and inflected
            and is_an_alias(word, lexicon.gazetteer)
        )
    if word.shape == MIXED:
        return not is_plural_acronym(word)
    inflected = language != "de" and not any(m.exact for m in meanings)
    if word.shape == CAPITAL and place and inflected:
        return True
    if word.shape == CAPITAL and all(m.foreign for m in meanings):
        return is_an_alias(word, lexicon.gazetteer)
    begins = word.shape == CAPITAL and bool(following) and following[0].shape != LOWER
    if begins and any(m.exact and not m.ambiguous for m in meanings):
        return False
    acronym = word.shape == UPPER and all(
        _concept_level(meaning) < NEAR_SYNONYM for meaning in meanings
    )
    return (begins or acronym) and is_an_alias(word, lexicon.gazetteer)


def _concepts_named_by(word: Token, language: str, lexicon: Lexicon) -> frozenset[str]:
    if is_stop_word_here_or_in_english(word, language):
        return frozenset()
    alone = lexicon.meanings((word.text,), language)
    return frozenset(
        each.concept for each in alone if each.exact and _concept_level(each) >= NEAR_SYNONYM
    )


def _loose_words(
    typed: tuple[Token, ...], language: str, lexicon: Lexicon
) -> tuple[tuple[str, WeightedConcepts | None], ...]:
    """Give the words of a phrase that say something, each with what it means alone."""
    found: list[tuple[str, WeightedConcepts | None]] = []
    for word in typed if len(typed) > 1 else ():
        if is_stop_word_here_or_in_english(word, language):
            continue
        alone = lexicon.meanings((word.text,), language)
        ids = {each.concept: NARROWER for each in alone if each.exact and not each.ambiguous}
        found.append((word.text, lexicon.weighted(tuple(ids.items())) if ids else None))
    return tuple(found)


def _add_head_concepts(
    ids: dict[str, float],
    apart: tuple[tuple[str, WeightedConcepts | None], ...],
    language: str,
    lexicon: Lexicon,
) -> dict[str, float]:
    """Let what the head of a phrase names stand for it weakly, where it names nothing itself.

    A skilled worker visa is a visa, and headlines call it so; kin tell that it is meant so: a
    utility bill is none of a parliament's. Of phrases that name an affair F1 falls with it: what
    tells of security tells nothing of airport security.
    """
    head, _ = apart[0 if language in HEAD_FIRST else -1]
    kin = {other for concept in ids for other in lexicon.concepts[concept].related}
    for each in lexicon.meanings((head,), language):
        if each.exact and _concept_level(each) >= NEAR_SYNONYM and each.concept not in ids:
            related = kin | set(lexicon.concepts[each.concept].related)
            if each.concept in kin or not related.isdisjoint(ids):
                ids[each.concept] = AMBIGUOUS
    return ids


def _is_part_of_person_name(
    run: tuple[Token, ...],
    place: int,
    meanings: Sequence[ConceptMatch],
    language: str,
    lexicon: Lexicon,
) -> bool:
    """Tell whether a word is a surname behind a given name, or one before an unknown surname.

    A German noun has its capital anyway.
    """
    given = word_list("given")
    if run[place].shape != CAPITAL or (language == "de" and any(map(_is_as_listed, meanings))):
        return False
    if place and run[place - 1].norm in given:
        return True
    following = run[place + 1 : place + 2]
    return (
        run[place].norm in given
        and bool(following)
        and following[0].shape == CAPITAL
        and not lexicon.gazetteer.starting(following[0].norm)
        and not lexicon.meanings((following[0].text,), language)
    )


def _concept_level(meaning: ConceptMatch, others: tuple[frozenset[str], ...] = ()) -> float:
    """Give how well a concept stands for what was typed; `others` are what words behind it name."""
    if meaning.ambiguous and not meaning.status.preferred and meaning.size == 1:
        return NO_MATCH
    begun = meaning.status.extends and all(meaning.concept in named for named in others)
    if meaning.ambiguous or not (meaning.status.preferred or begun):
        return NARROWER
    return NEAR_SYNONYM if meaning.status.marked else SYNONYM


def _narrow_if_ambiguous(ids: dict[str, float]) -> dict[str, float]:
    """Let a word that names nothing, and is a weak form of what it may mean, mean a part of it."""
    return dict.fromkeys(ids, NARROWER) if max(ids.values()) == NO_MATCH else ids


def restrict_to_name_kinds(
    segment: QuerySegment, kinds: frozenset[str], lexicon: Lexicon
) -> QuerySegment:
    """Leave out of a part what does not happen to names of these kinds.

    The takeover of a city is no acquisition. Where nothing would be left, everything stays, and the
    word leaves open what it means here: the split of two persons is no company's.
    """
    concepts = lexicon.concepts

    def happens(concept: str, _: float) -> bool:
        return not concepts[concept].applies_to or bool(concepts[concept].applies_to & kinds)

    found = _keep_concepts(segment, happens, lexicon)
    return replace(segment, optional=True) if segment.senses and not found.senses else found


def without_concepts_of(
    segment: QuerySegment, others: Sequence[QuerySegment], lexicon: Lexicon
) -> QuerySegment:
    """Leave out of a part what others mean, so that no word tells two of them: drug boat strikes.

    What the part means best stays.
    """
    meant = {concept for other in others for sense in other.senses for concept, _ in sense.concepts}
    best = max((level for sense in segment.senses for _, level in sense.concepts), default=0.0)
    return _keep_concepts(segment, lambda c, level: c not in meant or level == best, lexicon)


def _keep_concepts(
    segment: QuerySegment, stays: Callable[[str, float], bool], lexicon: Lexicon
) -> QuerySegment:
    """Give a part with those concepts of its senses, by their levels, that stay."""
    senses = []
    for sense in segment.senses:
        ids = [(concept, level) for concept, level in sense.concepts if stays(concept, level)]
        if len(ids) == len(sense.concepts):
            senses.append(sense)
        elif ids:
            senses.append(lexicon.weighted(tuple(ids)))
    if tuple(senses) == segment.senses:
        return segment
    left = {concept for sense in senses for concept, _ in sense.concepts}
    kept = tuple(concept for concept in segment.concepts if concept in left)
    return replace(segment, senses=tuple(senses), concepts=kept)


def named_concepts(segment: QuerySegment) -> frozenset[str]:
    """Give the concepts that a part without limits names itself."""
    if segment.kind != CONCEPT or segment.is_required:
        return frozenset()
    return frozenset(
        concept
        for sense in segment.senses
        for concept, level in sense.concepts
        if level >= NEAR_SYNONYM
    )


def merge_segments(one: QuerySegment, other: QuerySegment) -> QuerySegment:
    """Make one part of two that name the same concept: an astronaut of the space station."""
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
