"""Fingerprints: the features by which reports of one development are recognized."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from tracker.hosts import host_of
from tracker.stories.query.model import NAME
from tracker.stories.text.casing import is_title_case
from tracker.stories.text.quantities import quantities
from tracker.stories.text.stopwords import stop_words
from tracker.stories.text.tokenization import (
    CAPITAL,
    FIGURE,
    LOWER,
    UPPER,
    stems_in_all_languages,
    tokenize,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from tracker.model.core import Item
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QueryInterpretation
    from tracker.stories.text.documents import AnalyzedText
    from tracker.stories.text.tokenization import Token


_SUMMARY_WEIGHT = 0.7
"""Weight of a feature of the summary; that of the title is 1."""
_SUMMARY_TOKENS, _SUMMARY_CHARACTERS = 20, 160
"""The tokens of a summary that are used; what follows is background to the story."""
_FIGURE_WEIGHT = 1.5
"""Weight of a figure: it identifies a development better than a word, in any language."""
_UNCERTAIN_NAME_WEIGHT = 0.5
"""Weight of a capitalized word where most are, as in German or in English headlines."""
_LOWER_CASE_WEIGHT = 0.1
"""Interlingual weight of a word in lower case, which another language may share."""
_AMBIGUOUS_WEIGHT = 0.4
"""Weight of an ambiguous form of a concept or an entity."""
_SAME_LANGUAGE_CONCEPT_WEIGHT = 0.3
"""Weight of a concept within one language, where synonyms vary: approves, signs off."""
_CONCEPT_PREFIX = "~"
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_ENCODED_WORDS = 25
"""The words of a summary that a sentence encoder reads after the title."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The features of a report, for clustering; computed from the item when needed, not stored.

    `terms` are stems, figures and concepts, compared within one language; `interlingual` are names,
    figures, dates and concepts, compared across languages. Both map to weights above 0. `outlet` is
    the host of the report's site, or its source. `title` are the stems of the title without figures
    and stop words. `figures` are the numbers of title and opening, as written. `texts` are what a
    sentence encoder reads: the title, and the title with the opening of the summary.
    """

    published: datetime
    language: str
    outlet: str
    terms: Mapping[str, float]
    interlingual: Mapping[str, float]
    title: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    texts: tuple[str, str] = ("", "")

    def without(self, ignored: AbstractSet[str]) -> Fingerprint:
        """Return it without features, for example without those that `story_terms` returns."""
        return Fingerprint(
            self.published,
            self.language,
            self.outlet,
            {name: weight for name, weight in self.terms.items() if name not in ignored},
            {name: weight for name, weight in self.interlingual.items() if name not in ignored},
            self.title - ignored,
            self.figures,
            self.texts,
        )


def fingerprint(item: Item, text: AnalyzedText, lexicon: Lexicon) -> Fingerprint:
    """Return the fingerprint of an item."""
    terms: dict[str, float] = {}
    interlingual: dict[str, float] = {}
    opening = text.summary[:_SUMMARY_TOKENS]
    ignored_norms = stop_words(text.language)
    encoded = item.summary.split(None, _ENCODED_WORDS)[:_ENCODED_WORDS]
    for weight, field, raw in (
        (_SUMMARY_WEIGHT, opening, item.summary[:_SUMMARY_CHARACTERS]),
        (1.0, text.title, item.title),
    ):
        uncertain = text.language == "de" or is_title_case(field)
        for _, norm, stem, shape in field:
            if shape == FIGURE or len(norm) == 1 or (norm in ignored_norms and shape != UPPER):
                continue
            terms[stem] = weight
            interlingual[norm] = weight * (
                _LOWER_CASE_WEIGHT if shape == LOWER else _name_weight(shape, uncertain)
            )
        for name, value in quantities(raw, text.language).items():
            terms[name] = interlingual[name] = weight * value * _FIGURE_WEIGHT
        for name, value in _concepts(field, text.language, lexicon):
            interlingual[name] = max(weight * value, interlingual.get(name, 0.0))
            terms[name] = max(weight * value * _SAME_LANGUAGE_CONCEPT_WEIGHT, terms.get(name, 0.0))
        for name, value in _entities(field, lexicon):
            interlingual[name] = max(weight * value, interlingual.get(name, 0.0))
    return Fingerprint(
        item.published,
        text.language,
        (host_of(item.url) or item.source).removeprefix("www."),
        terms,
        interlingual,
        frozenset(
            [s for _, n, s, shape in text.title if shape != FIGURE and n not in ignored_norms]
        ),
        frozenset(_NUMBER.findall(f"{item.title} {item.summary[:_SUMMARY_CHARACTERS]}")),
        (item.title, f"{item.title}. {' '.join(encoded)}"),
    )


def story_terms(interpretation: QueryInterpretation) -> frozenset[str]:
    """Return the features that all reports of a story share: those of its query."""
    ignored: set[str] = set()
    for segment in interpretation.segments:
        ignored.update(map(_concept, segment.concepts))
        if segment.entity:
            ignored.add(_entity(segment.entity))
        spellings = [segment.text]
        if segment.kind == NAME:
            spellings += [form.text for forms in segment.forms.values() for form in forms]
        for word in tokenize(" ".join(spellings), ""):
            ignored |= _norm_and_stems(word)
    return frozenset(ignored)


@lru_cache(maxsize=4096)
def _norm_and_stems(word: Token) -> frozenset[str]:
    """Return a token and its stems in all languages; cached, as stories share names."""
    return frozenset((word.norm, *stems_in_all_languages(word)))


def _name_weight(shape: int, uncertain: bool) -> float:  # noqa: FBT001
    """Return the interlingual weight of a word that is not in lower case."""
    return _UNCERTAIN_NAME_WEIGHT if uncertain and shape == CAPITAL else 1.0


def _concepts(
    field: tuple[Token, ...], language: str, lexicon: Lexicon
) -> Iterator[tuple[str, float]]:
    """Yield the concepts in a field with their weights."""
    stems = tuple([word.stem for word in field])
    first = lexicon.first_stems(language)
    for place, (stem, following) in enumerate(pairwise((*stems, ""))):
        if stem not in first:
            continue
        for form, concept in lexicon.forms_from(stem, language):
            size = len(form.tokens)
            if size == 1 or (
                form.tokens[1] == following and form.tokens == stems[place : place + size]
            ):
                yield _concept(concept), _AMBIGUOUS_WEIGHT if form.ambiguous else 1.0


def _entities(field: tuple[Token, ...], lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    """Yield the entities in a field with their weights."""
    norms = tuple([word.norm for word in field])
    first = lexicon.gazetteer.first_tokens()
    for place, word in enumerate(field):
        if word.shape == LOWER or word.norm not in first:
            continue
        for form, entity in lexicon.gazetteer.starting(word.norm):
            upper = word.shape == UPPER or not form.case_sensitive
            if upper and form.tokens == norms[place : place + len(form.tokens)]:
                yield _entity(entity), _AMBIGUOUS_WEIGHT if form.ambiguous else 1.0


def _concept(name: str) -> str:
    return f"{_CONCEPT_PREFIX}{name}"


def _entity(name: str) -> str:
    return f"={name}"
