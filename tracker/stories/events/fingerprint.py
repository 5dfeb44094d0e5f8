"""What of a report tells which development it is about, once the story's own words are out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
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
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from tracker.model import Item
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QueryInterpretation
    from tracker.stories.text.documents import AnalyzedText
    from tracker.stories.text.tokenization import Token


_SUMMARY = 0.7
"""What a word of the summary weighs beside one of the title."""
_SUMMARY_WORDS, _SUMMARY_CHARACTERS = 20, 160
"""A summary's opening tells the development, what follows is the background of all reports."""
_FIGURE = 1.5
"""An amount tells a development better than a word, and costs no translation."""
_UNSURE_NAME = 0.5
"""A capital where most words have one, as in German and in English headlines."""
_COMMON = 0.1
"""A word without a capital, which two languages may spell alike: robotaxi, virus."""
_WEAK = 0.4
"""A form that the vocabulary calls weak."""
_SAME_AFFAIR = 0.3
"""Two reports in one language may say in other words what happened: approves, signs off."""
_CONCEPT_MARK = "~"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A report as the grouping sees it; cheap to make again from the item, so not stored.

    `words` are stems, figures and concepts, to compare with reports in the same language; `marks`
    are what other languages share: names, figures, dates, concepts. Both map to weights above 0.
    `outlet` is whose report it is.
    """

    published: datetime
    language: str
    outlet: str
    words: Mapping[str, float]
    interlingual: Mapping[str, float]


def fingerprint(
    item: Item,
    text: AnalyzedText,
    lexicon: Lexicon,
    ignored: Collection[str] = (),
    *,
    alone: bool = False,
) -> Fingerprint:
    """Sketch an item from its reading; `ignored` is what `story_words` gives for its story.

    Where its language is `alone`, nothing is compared by marks, and there are none.
    """
    own: dict[str, float] = {}
    marks: dict[str, float] = {}
    opening = text.summary[:_SUMMARY_WORDS]
    skip = stop_words(text.language)
    for weight, field, raw in (
        (_SUMMARY, opening, item.summary[:_SUMMARY_CHARACTERS]),
        (1.0, text.title, item.title),
    ):
        unsure = not alone and (text.language == "de" or is_title_case(field))
        for _, fold, stem, shape in field:
            if shape == FIGURE or len(fold) == 1 or (fold in skip and shape != UPPER):
                continue
            own[stem] = weight
            if not alone:
                marks[fold] = weight * (_COMMON if shape == LOWER else _like_a_name(shape, unsure))
        for name, worth in quantities(raw, text.language).items():
            own[name] = marks[name] = weight * worth * _FIGURE
        for name, worth in _concepts(field, text.language, lexicon):
            marks[name] = max(weight * worth, marks.get(name, 0.0))
            own[name] = max(weight * worth * _SAME_AFFAIR, own.get(name, 0.0))
        for name, worth in () if alone else _entities(field, lexicon):
            marks[name] = max(weight * worth, marks.get(name, 0.0))
    for name in own.keys() & ignored:
        del own[name]
    for name in marks.keys() & ignored:
        del marks[name]
    outlet = (host_of(item.url) or item.source).removeprefix("www.")
    return Fingerprint(item.published, text.language, outlet, own, {} if alone else marks)


def story_terms(interpretation: QueryInterpretation) -> frozenset[str]:
    """Give what all reports of a story share and none is told apart by: what the query names."""
    ignored: set[str] = set()
    for segment in interpretation.segments:
        ignored.update(map(_concept, segment.concepts))
        if segment.entity:
            ignored.add(_entity(segment.entity))
        spellings = [segment.text]
        if segment.kind == NAME:
            spellings += [form.text for forms in segment.forms.values() for form in forms]
        for word in tokenize(" ".join(spellings), ""):
            ignored |= _forms_of(word)
    return frozenset(ignored)


@lru_cache(maxsize=4096)
def _forms_of(word: Token) -> frozenset[str]:
    """Give a word and its stems in all languages; stories share the words of known names."""
    return frozenset((word.norm, *stems_in_all_languages(word)))


def _like_a_name(shape: int, unsure: bool) -> float:  # noqa: FBT001
    """Weigh how likely another language spells a word that is not in lower case the same."""
    return _UNSURE_NAME if unsure and shape == CAPITAL else 1.0


def _concepts(
    field: tuple[Token, ...], language: str, lexicon: Lexicon
) -> Iterator[tuple[str, float]]:
    """Find the vocabulary's concepts in a field, and what each find is worth."""
    stems = tuple([word.stem for word in field])
    first = lexicon.first_stems(language)
    for place, stem in enumerate(stems):
        if stem not in first:
            continue
        for form, concept, _ in lexicon.concepts_from(stem, language):
            size = len(form.tokens)
            if size == 1 or form.tokens == stems[place : place + size]:
                yield _concept(concept), _WEAK if form.ambiguous else 1.0


def _entities(field: tuple[Token, ...], lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    """Find the vocabulary's entities in a field, and what each find is worth."""
    folds = tuple([word.norm for word in field])
    for place, word in enumerate(field):
        if word.shape == LOWER:
            continue
        for form, entity in lexicon.gazetteer.starting(word.norm):
            upper = word.shape == UPPER or not form.case_sensitive
            if upper and form.tokens == folds[place : place + len(form.tokens)]:
                yield _entity(entity), _WEAK if form.ambiguous else 1.0


def _concept(name: str) -> str:
    return f"{_CONCEPT_MARK}{name}"


def _entity(name: str) -> str:
    return f"={name}"
