"""Companies that are called by a word: who types "visa antitrust" means Visa, and no visa."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.known_names import entity_part, is_but_for_its_kind
from tracker.stories.meanings import concept_part
from tracker.stories.named import alias
from tracker.stories.text.casing import is_small
from tracker.stories.text.tokenization import LOWER, UPPER
from tracker.stories.text.wordlists import name_words

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Vocabulary
    from tracker.stories.query.model import Part
    from tracker.stories.text.tokenization import Word


def firm(
    run: tuple[Word, ...], place: int, language: str, vocabulary: Vocabulary
) -> tuple[int, Part] | None:
    """Find a company that is called by the one word at a place, where the rest says it is one.

    So it is with the first word of what befalls companies (target boycott), and with the word
    beside another company in what they have with each other (nvidia arm deal).
    """
    may_be = run[place].shape != LOWER or is_small(run)
    entity = _called(run[place], vocabulary) if may_be else ""
    if not entity:
        return None
    beside = _is_firm(run, place + 1, 1, vocabulary, language) or any(
        _is_firm(run, place - size, size, vocabulary, language) for size in (1, 2)
    )
    affairs = name_words("of-firms") if beside or not place else frozenset[str]()
    if beside:
        affairs |= name_words("between-firms")
    if affairs.isdisjoint(_affairs(run, place, language, vocabulary)):
        return None
    return 1, entity_part(entity, run[place : place + 1], vocabulary, None)


def _called(word: Word, vocabulary: Vocabulary) -> str:
    """Give the only company that is called by a word, alone or with what kind it is; "" for none.

    An acronym is in capitals, or in small letters with the rest of the query.
    """
    firms = {
        entity
        for form, entity in vocabulary.names.starting(word.fold)
        if is_but_for_its_kind(form)
        if not form.upper or word.shape in (LOWER, UPPER)
        if vocabulary.names.kind(entity) == "company"
    }
    return firms.pop() if len(firms) == 1 else ""


def _is_firm(
    run: tuple[Word, ...], place: int, size: int, vocabulary: Vocabulary, language: str
) -> bool:
    """Tell whether the name of a company has so many words at a place."""
    if not 0 <= place < len(run):
        return False
    found = alias(run, place, language, vocabulary)
    return bool(found and found[0] >= size and vocabulary.names.kind(found[1].entity) == "company")


def _affairs(run: tuple[Word, ...], place: int, language: str, vocabulary: Vocabulary) -> set[str]:
    """Give the concepts of the words behind a place, each word and each phrase."""
    return {
        concept
        for at in range(place + 1, len(run))
        if (part := concept_part(run, at, language, vocabulary)[1])
        for concept in part.concepts
    }
