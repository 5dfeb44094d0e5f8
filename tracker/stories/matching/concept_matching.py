"""Matching concepts in a field: forms, halves of compounds, the words of a phrase apart."""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from tracker.stories.levels import AMBIGUOUS, EXACT, INSTANCE, RELATED
from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm
from tracker.stories.lexicon.idioms import Place, is_within_expression, shared_phrases
from tracker.stories.text.morphology import COMPOUNDING, compound_parts, separable_verb_stems
from tracker.stories.text.stopwords import fillers, stop_words
from tracker.stories.text.tokenization import FIGURE, stems_of, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tracker.stories.lexicon.concepts import Index, WeightedConcepts
    from tracker.stories.lexicon.idioms import Phrases
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.tokenization import Token


Found = tuple[float, int, int]
"""What was found in a field: how well it stands for a part, its place, how many words it takes."""


class ConceptMatcher:
    """How the parts of a query that are no names are told in one language, by their numbers.

    `phrases` are the stems of a part's words, where it is a phrase: one of them alone tells a part
    of it, as not every fire is a bar fire. In none of its `idioms` a part is told as it was typed.
    """

    def __init__(self, segments: Mapping[int, QuerySegment], language: str) -> None:
        self.language = language
        self._parts = segments
        self.expressions = {
            number: _expressions_of(segment, language) for number, segment in segments.items()
        }
        self.indexes: dict[int, list[Index]] = {
            number: [
                _typed_forms(segment, language, self.expressions[number]),
                *(sense.index(language) for sense in segment.senses),
            ]
            for number, segment in segments.items()
        }
        self.phrases = {
            number: frozenset(
                stem for typed, _ in segment.loose for stem in stems_of(typed, language)
            )
            for number, segment in segments.items()
        }
        every = chain.from_iterable(self.indexes.values())
        loose = [
            sense.index(language)
            for segment in segments.values()
            for _, sense in segment.loose
            if sense
        ]
        self._stems = frozenset(chain.from_iterable(chain(every, loose, self.phrases.values())))

    @cached_property
    def typed(self) -> frozenset[str]:
        """The words, folded, that were typed of the parts."""
        typed = (tokenize(segment.text, self.language) for segment in self._parts.values())
        return frozenset(word.norm for word in chain.from_iterable(typed))

    def may_stand_in(self, words: Iterable[Token]) -> bool:
        """Tell whether a field may tell anything of it; most do not, and are not looked at."""
        compounding = self.language in COMPOUNDING
        return compounding or not self._stems.isdisjoint([stem for _, _, stem, _ in words])

    def matches(self, field: FieldMatcher) -> dict[int, list[Found]]:
        """Find what tells each part in a field of this language.

        What tells one of them outright is no kin of another: a fine for cookies tells nothing of
        the rights of publishers, though these are fined for. And what is kin of two is so of the
        first: a vote tells of a constitution or of a referendum, and not half of each.
        """
        found = {
            number: list(chain.from_iterable(map(field.matches, indexes)))
            for number, indexes in self.indexes.items()
        }
        if len(found) == 1:
            return found
        outright = {
            number: {place for level, place, _ in matches if level > RELATED}
            for number, matches in found.items()
        }
        told: dict[int, list[Found]] = {}
        kin: set[int] = set()
        for number, matches in found.items():
            others = kin | _is_of_others(outright, number)
            told[number] = [
                match for match in matches if match[0] > RELATED or match[1] not in others
            ]
            kin.update(place for level, place, _ in told[number] if level in (RELATED, RELATED / 2))
        return told


def _typed_forms(segment: QuerySegment, language: str, phrases: Phrases) -> Index:
    """Give the words of a part as typed, with the phrases in which they do not tell it."""
    index: Index = {}
    for form in segment.forms.get(ANY_LANGUAGE, ()) + segment.forms.get(language, ()):
        key = stems_of(form.text, language)
        if key and not form.case_sensitive and form.level != INSTANCE:  # a name
            level = min(form.level, AMBIGUOUS if form.ambiguous else EXACT)
            index.setdefault(key[0], []).append((SurfaceForm(form.text, key), level, phrases))
    return index


def _expressions_of(segment: QuerySegment, language: str) -> Phrases:
    """Give the phrases in which a part, as typed, tells none of what it may mean."""
    return shared_phrases([sense.idioms(language) for sense in segment.senses])


def _is_of_others(places: Mapping[int, set[int]], number: int) -> set[int]:
    """Give the places of all parts but one."""
    return set().union(*(found for other, found in places.items() if other != number))


@lru_cache(maxsize=1 << 14)
def _content_places(text: str, language: str) -> frozenset[str]:
    """Give the stems of a form's words that are no function words."""
    functions = stop_words(language)
    return frozenset(word.stem for word in tokenize(text, language) if word.norm not in functions)


_BETWEEN = 5
"""So many words at most may stand within a form of several words."""
_APART = 6
"""So far from the nearest other one is a word of a phrase whose words stand apart, at most."""


class FieldMatcher:
    """A title, a summary or an address, stemmed in its `language`.

    What is found is given by its level, its place, and how many words it takes up. `named` are the
    words of the story's names. At `taken` places stand names of the story, which tell no affair by
    themselves: measles are no outbreak. `typed` are the words of the affair as typed, folded.
    """

    def __init__(
        self,
        words: tuple[Token, ...],
        language: str,
        named: frozenset[str],
        taken: frozenset[int],
        typed: frozenset[str],
    ) -> None:
        self.words = words
        self.language = language
        self._taken = taken
        self._typed = typed
        self._functions = stop_words(language)
        self._between = fillers(language) | named
        self._stems = [stem for _, _, stem, _ in words]
        self._halves = list(compound_parts(self._stems, language))

    def matches(self, index: Index) -> Iterator[Found]:
        """Give the forms of an index (by their first stems) that stand here."""
        for place, half, most in self._halves:
            for form, level, _ in index.get(half, ()):
                if len(form.tokens) == 1:
                    yield min(level, most), place, 1
        if index.keys().isdisjoint(self._stems):  # as most: a fifth of the time of a closer look
            return
        for place, stem in enumerate(self._stems):
            for form, level, phrases in index.get(stem, ()):
                if place in self._taken or self._is_another(place, form):
                    continue
                size = self._span(place, form.tokens)
                size = size or separable_verb_stems(self.words, place, form.tokens, self.language)
                if size and not (phrases and self._is_idiom(place, size, form, phrases)):
                    yield level, place, size

    def loose_match(self, phrase: Iterable[tuple[str, WeightedConcepts | None]]) -> int | None:
        """Give where the words of a phrase begin that stand near each other in whatever order.

        Each is there as it was typed or as what it means: a ban on mobiles in schools is a school
        phone ban. None where one of them is missing, and for an empty phrase.
        """
        taken: list[int] = []
        for typed, sense in phrase:
            places = self._alone(typed, sense).difference(taken)
            near = [(min((abs(p - t) for t in taken), default=0), p) for p in places]
            if not near or min(near)[0] > _APART:
                return None
            taken.append(min(near)[1])
        return min(taken, default=None)

    def _alone(self, typed: str, sense: WeightedConcepts | None) -> set[int]:
        """Give the places of a word of a phrase."""
        stems = {word.stem for word in tokenize(typed, self.language)}
        places = {place for place, stem in enumerate(self._stems) if stem in stems}
        if sense:
            places.update(place for _, place, _ in self.matches(sense.index(self.language)))
        return places

    def _is_idiom(self, place: int, size: int, form: SurfaceForm, phrases: Phrases) -> bool:
        at = Place(place, size, len(form.tokens))
        return is_within_expression(self.words, at, phrases, self._typed)

    def _is_another(self, place: int, form: SurfaceForm) -> bool:
        """Tell whether a function word only has the stem of a form's first word: para, a paro.

        Not in English, where "takes" is one, but not the "taking" of the same form.
        """
        fold = self.words[place].norm
        return (
            self.language != "en"
            and fold in self._functions
            and self._stems[place] in _content_places(form.text, self.language)
        )

    def _span(self, place: int, key: tuple[str, ...]) -> int:
        """Give how many words a form takes up from a place on, 0 where it does not stand there.

        Figures, the story's names and words that fill may stand within it: "cut up to 15,000 jobs",
        "new Nokia chief".
        """
        words = self.words
        at, skipped = place + 1, 0
        for stem in key[1:]:
            while at < len(words) and words[at].stem != stem:
                filling = words[at].shape == FIGURE or words[at].norm in self._between
                if skipped == _BETWEEN or not filling:
                    return 0
                at, skipped = at + 1, skipped + 1
            if at == len(words):
                return 0
            at += 1
        return at - place
