"""Compounds in a query that say what two segments would."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm
from tracker.stories.query.model import plain
from tracker.stories.segmentation.concept_linking import concept_part, named_concepts
from tracker.stories.segmentation.dictionary_linking import found_in, thing, translated
from tracker.stories.segmentation.entity_linking import alias
from tracker.stories.text.morphology import COMPOUNDING, without_joint
from tracker.stories.text.tokenization import tokenize
from tracker.stories.text.wordlists import open_words, word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import Part
    from tracker.stories.text.tokenization import Token


def compound(word: Token, language: str, vocabulary: Lexicon) -> list[Part]:
    """Cut a compound that is unknown as a whole into two parts that are known: Pilz, Mord.

    Of all ways to cut it, the one with the longest head counts. None where nothing is known.
    """
    if language not in COMPOUNDING or not word.norm.isalpha():
        return []
    for cut in range(_PIECE, len(word.text) - _PIECE + 1):
        modifier, head = word.text[:cut], _piece(word.text[cut:], language, vocabulary)
        alone = (*without_joint(modifier), f"{modifier}e") if head else ()  # Schul-, of Schule
        found = (_piece(surface, language, vocabulary) for surface in alone)
        first = next(filter(None, found), None)
        if head and first:
            whole = SurfaceForm(word.text, (word.norm,))
            return [
                replace(
                    part,
                    forms={**part.forms, ANY_LANGUAGE: (*part.forms.get(ANY_LANGUAGE, ()), whole)},
                )
                for part in (first, head)
            ]
    return []


def is_told_by_a_half(part: Part, halves: list[Part], language: str, vocabulary: Lexicon) -> bool:
    """Tell whether a part, a compound of these halves, is known by one of them: Kitastreik."""
    read = tokenize(part.text, language)
    if part.entity or len(read) > 1 or not part.senses:
        return False
    if _is_told_by_its_first_half(part, halves) or _is_told_by_its_head(part, halves):
        return True
    return (
        not any(
            form.tokens == (read[0].stem,)
            for form, _, _ in vocabulary.concepts_from(read[0].stem, language)
        )
        and not found_in(read, language, vocabulary)[0]
    )


def _is_told_by_its_first_half(part: Part, halves: list[Part]) -> bool:
    """Tell whether a compound is listed for its first half only, and a state acts on that.

    A Böllerverbot is a ban, though it stands among the words for fireworks.
    """
    first, head = halves
    return named_concepts(part) == named_concepts(first) and bool(
        named_concepts(head) & word_list("acts")
    )


def _is_told_by_its_head(part: Part, halves: list[Part]) -> bool:
    """Tell whether a compound is listed for its head only, and something is known of the rest.

    A Bahnstreik stands among the words for strikes, and is one on the railways.
    """
    first, head = halves
    listed = {concept for sense in part.senses for concept, _ in sense.concepts}
    known = bool(named_concepts(first) or first.entity)
    return known and not named_concepts(part) and bool(named_concepts(head) & listed)


def _piece(surface: str, language: str, vocabulary: Lexicon) -> Part | None:
    """Make a part of a half of a compound, if it is listed so; None for what is not."""
    if len(surface) < _PIECE:
        return None
    read = tokenize(surface.capitalize() if language == "de" else surface, language)
    if named := alias(read, 0, language, vocabulary):
        return named[1] if named[0] == len(read) else None
    size, part = concept_part(read, 0, language, vocabulary)
    if part and size == len(read) and vocabulary.concepts_from(read[0].stem, language):
        return translated(part, language, vocabulary)
    size, part = thing(read, 0, language, vocabulary)
    if part is None and len(read) == 1 and read[0].norm in open_words(language):
        return plain(read[0])
    return part if size == len(read) else None


_PIECE = 4
"""Letters from which on a half of a compound is looked up."""
