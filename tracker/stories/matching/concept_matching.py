"""Matching concepts in one field of an item.

A concept matches by its surface forms, by the parts of compounds, or by the words of a phrase in
any order.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.levels import AMBIGUOUS, EXACT, INSTANCE, RELATED
from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm
from tracker.stories.lexicon.idioms import Place, is_within_expression, shared_phrases
from tracker.stories.text.morphology import compound_parts, separable_verb_stems
from tracker.stories.text.stopwords import fillers, stop_words
from tracker.stories.text.tokenization import FIGURE, stems_of, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.stories.lexicon.concepts import Index
    from tracker.stories.lexicon.idioms import Phrases
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.tokenization import Token


FieldMatch = tuple[float, int, int]
"""A match in a field: its level (0..1), the position of its first token, its number of tokens."""
LooseWord = tuple[frozenset[str], "Index"]
"""A word of a phrase in any order: its stems, and the forms of its sense."""


class StemPlaces(NamedTuple):
    """The positions of a query's stems in a field: of whole words, and of parts of compounds.

    A part has the highest level (0..1) of its matches too. `later` are the stems in the field with
    which a form of several words goes on.
    """

    words: list[tuple[int, str]]
    parts: list[tuple[int, str, float]]
    later: frozenset[str]


class ConceptMatcher:
    """Matches the segments of a query that are not names, in texts of one language.

    All mappings have segment numbers as keys. `expressions` are the fixed expressions in which the
    typed words do not have their usual sense. `indexes` map first stems to surface forms. `loose`
    are the words of a segment of several words, `phrases` their stems: a match of only one of them
    is NARROWER (not every fire is a bar fire). `names` are forms of the query's names, which match
    no concept: "Livret A" is listed as a form of a cut of rates.
    """

    def __init__(
        self, segments: Mapping[int, QuerySegment], names: Iterable[SurfaceForm], language: str
    ) -> None:
        self.language = language
        self._segments = segments
        self.expressions = {
            number: _idioms_of(segment, language) for number, segment in segments.items()
        }
        own = frozenset(stems_of(form.text, language) for form in names)
        self.indexes: dict[int, list[Index]] = {
            number: [
                _typed_forms(segment, language, self.expressions[number]),
                *(_without(own, sense.index(language)) for sense in segment.senses),
            ]
            for number, segment in segments.items()
        }
        self.loose: dict[int, list[LooseWord]] = {
            number: [
                (
                    frozenset(stems_of(typed, language)),
                    _without(own, sense.index(language)) if sense else {},
                )
                for typed, sense in segment.loose
            ]
            for number, segment in segments.items()
        }
        self.phrases = {
            number: frozenset().union(*(stems for stems, _ in words))
            for number, words in self.loose.items()
        }
        every = chain.from_iterable(self.indexes.values())
        loose = (index for words in self.loose.values() for _, index in words)
        indexes = [*every, *loose]
        self._stems = frozenset(chain.from_iterable([*indexes, *self.phrases.values()]))
        self._later_stems = frozenset(
            stem
            for index in indexes
            for postings in index.values()
            for form, _, _ in postings
            for stem in form.tokens[1:]
        )

    @cached_property
    def query_norms(self) -> frozenset[str]:
        """The normalized tokens of the typed segments."""
        typed = (tokenize(segment.text, self.language) for segment in self._segments.values())
        return frozenset(word.norm for word in chain.from_iterable(typed))

    def places(self, stems: Sequence[str]) -> StemPlaces | None:
        """Return where stems of the query stand in a field; None if nothing can match there."""
        known = self._stems
        parts = [part for part in compound_parts(stems, self.language) if part[1] in known]
        if not parts and known.isdisjoint(stems):
            return None
        words = [(at, stem) for at, stem in enumerate(stems) if stem in known]
        return StemPlaces(words, parts, self._later_stems.intersection(stems))

    def matches(self, field: FieldMatcher) -> dict[int, list[FieldMatch]]:
        """Return the matches of each segment in a field of this language.

        A token that matches one segment directly does not count as RELATED to another: a fine for
        cookies says nothing about the rights of publishers, though these are fined for. A token
        that is RELATED to several segments counts for the first one only.
        """
        found = {
            number: list(chain.from_iterable(map(field.matches, indexes)))
            for number, indexes in self.indexes.items()
        }
        related = [match for matches in found.values() for match in matches if match[0] <= RELATED]
        if len(found) == 1 or not related:
            return found
        direct_places = {
            number: {place for level, place, _ in matches if level > RELATED}
            for number, matches in found.items()
        }
        matches_by_segment: dict[int, list[FieldMatch]] = {}
        related_places: set[int] = set()
        for number, matches in found.items():
            others = related_places | _places_of_others(direct_places, number)
            matches_by_segment[number] = [
                match for match in matches if match[0] > RELATED or match[1] not in others
            ]
            related_places.update(
                place
                for level, place, _ in matches_by_segment[number]
                if level in (RELATED, RELATED / 2)
            )
        return matches_by_segment


def _without(names: frozenset[tuple[str, ...]], index: Index) -> Index:
    """Return an index without the forms that are names, given as stems."""
    if not any(name and name[0] in index for name in names):
        return index
    return {
        first: kept
        for first, postings in index.items()
        if (kept := [posting for posting in postings if posting[0].tokens not in names])
    }


def _typed_forms(segment: QuerySegment, language: str, phrases: Phrases) -> Index:
    """Return the typed words of a segment, with the expressions that exclude them."""
    index: Index = {}
    for form in segment.forms.get(ANY_LANGUAGE, ()) + segment.forms.get(language, ()):
        key = stems_of(form.text, language)
        if key and not form.case_sensitive and form.level != INSTANCE:  # instances are names
            level = min(form.level, AMBIGUOUS if form.ambiguous else EXACT)
            index.setdefault(key[0], []).append((SurfaceForm(form.text, key), level, phrases))
    return index


def _idioms_of(segment: QuerySegment, language: str) -> Phrases:
    """Return the fixed expressions in which the typed words have none of their senses."""
    return shared_phrases([sense.idioms(language) for sense in segment.senses])


def _places_of_others(places: Mapping[int, set[int]], number: int) -> set[int]:
    """Return the positions of the matches of all segments but one."""
    return set().union(*(found for other, found in places.items() if other != number))


@lru_cache(maxsize=1 << 14)
def _content_stems(text: str, language: str) -> frozenset[str]:
    """Return the stems of the content words of a form."""
    functions = stop_words(language)
    return frozenset(word.stem for word in tokenize(text, language) if word.norm not in functions)


_MAX_GAP = 5
"""The most tokens that may stand inside a form of several words."""
_MAX_DISTANCE = 6
"""The most tokens between neighbouring words of a phrase in any order."""


class FieldMatcher:
    """Matches surface forms in a title, a summary or an address.

    `places` are those of the query's stems, `language` is that of the stems. `named` are the tokens
    of the story's names, which may stand inside a form. `places_taken` are the positions of matched
    names, which are not matched as concepts: the disease in "measles outbreak" is not an outbreak
    by itself. `typed` are the normalized tokens of the query's other segments.
    """

    def __init__(
        self,
        words: tuple[Token, ...],
        places: StemPlaces,
        language: str,
        *,
        named: frozenset[str],
        places_taken: frozenset[int],
        typed: frozenset[str],
    ) -> None:
        self.words = words
        self.language = language
        self._name_places = places_taken
        self._query_norms = typed
        self._functions = stop_words(language)
        self._gap_norms = fillers(language) | named
        self._places = places

    def matches(self, index: Index) -> Iterator[FieldMatch]:
        """Yield the matches of the forms in an index by first stem."""
        words, parts, later = self._places
        for place, part, cap in parts:
            for form, level, _ in index.get(part, ()):
                if len(form.tokens) == 1:
                    yield min(level, cap), place, 1
        for place, stem in words:
            for form, level, phrases in index.get(stem, ()):
                if len(form.tokens) > 1 and not later.issuperset(form.tokens[1:]):
                    continue
                if place in self._name_places or self._is_homograph(place, form):
                    continue
                size = self._span(place, form.tokens)
                size = size or separable_verb_stems(self.words, place, form.tokens, self.language)
                if size and not (phrases and self._is_idiom(place, size, form, phrases)):
                    yield level, place, size

    def loose_match(self, phrase: Iterable[LooseWord]) -> int | None:
        """Return the position of a phrase whose words stand near each other in any order.

        Each word matches as typed or by its sense: "ban on mobiles in schools" matches "school
        phone ban". None if one of the words is missing, and for an empty phrase.
        """
        places_taken: list[int] = []
        for stems, index in phrase:
            places = self._word_places(stems, index).difference(places_taken)
            near = [(min((abs(p - t) for t in places_taken), default=0), p) for p in places]
            if not near or min(near)[0] > _MAX_DISTANCE:
                return None
            places_taken.append(min(near)[1])
        return min(places_taken, default=None)

    def _word_places(self, stems: frozenset[str], index: Index) -> set[int]:
        """Return the positions at which a word of a phrase matches, as typed or by its sense."""
        places = {place for place, stem in self._places.words if stem in stems}
        places.update(place for _, place, _ in self.matches(index))
        return places

    def _is_idiom(self, place: int, size: int, form: SurfaceForm, phrases: Phrases) -> bool:
        at = Place(place, size, len(form.tokens))
        return is_within_expression(self.words, at, phrases, self._query_norms)

    def _is_homograph(self, place: int, form: SurfaceForm) -> bool:
        """Return whether a function word only shares the stem of a form's first word.

        For example: the preposition "para" and the noun "paro". English is exempt, where a function
        word can be an inflection of a form: "takes", "taking".
        """
        norm = self.words[place].norm
        return (
            self.language != "en"
            and norm in self._functions
            and self.words[place].stem in _content_stems(form.text, self.language)
        )

    def _span(self, place: int, key: tuple[str, ...]) -> int:
        """Return the number of tokens of a form at a position, 0 for no match.

        Figures, the story's names and filler words may stand inside: "cut up to 15,000 jobs".
        """
        words = self.words
        at, skipped = place + 1, 0
        for stem in key[1:]:
            while at < len(words) and words[at].stem != stem:
                filling = words[at].shape == FIGURE or words[at].norm in self._gap_norms
                if skipped == _MAX_GAP or not filling:
                    return 0
                at, skipped = at + 1, skipped + 1
            if at == len(words):
                return 0
            at += 1
        return at - place
