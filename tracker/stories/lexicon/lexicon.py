"""The lexicon: what the words of queries and reports may denote.

It combines concepts with their surface forms in seven languages, entities with their aliases, word
classes, a dictionary, the geography of outlets, and fixed expressions. The ini files of data/ hold
all of it; docs/matching.md explains them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.lexicon.concept_index import ConceptIndex
from tracker.stories.lexicon.concept_lookup import ConceptLookup
from tracker.stories.lexicon.concepts import WeightedConcepts
from tracker.stories.text.tokenization import tokenize
from tracker.stories.text.wordlists import plain_words

if TYPE_CHECKING:
    from tracker.stories.lexicon.concepts import Concept, ConceptMatch, TermStatus
    from tracker.stories.lexicon.dictionary import Dictionary
    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.lexicon.gazetteer import Gazetteer
    from tracker.stories.lexicon.geography import Geography
    from tracker.stories.lexicon.hyponyms import Hyponyms
    from tracker.stories.lexicon.idioms import FixedExpressions
    from tracker.stories.lexicon.prefix_index import Index


class Lexicon:
    """The one object through which the other packages read the lexicon.

    `concepts` are by id. The parts that have look-ups of their own are attributes.
    """

    def __init__(
        self,
        concepts: dict[str, Concept],
        gazetteer: Gazetteer,
        hyponyms: Hyponyms,
        dictionary: Dictionary,
        geography: Geography,
        *,
        expressions: FixedExpressions,
    ) -> None:
        self.concepts = concepts
        self.gazetteer = gazetteer
        self.hyponyms = hyponyms
        self.dictionary = dictionary
        self.geography = geography
        self.expressions = expressions
        self._index = ConceptIndex(concepts)
        self._lookup = ConceptLookup(self._index, dictionary)
        self._weighted: dict[tuple[tuple[str, float], ...], WeightedConcepts] = {}

    def weighted(self, ids: tuple[tuple[str, float], ...]) -> WeightedConcepts:
        """Return the concepts of a query segment with their levels; equal ids share one object."""
        if ids not in self._weighted:
            self._weighted[ids] = WeightedConcepts(self, ids)
        return self._weighted[ids]

    def meanings(self, run: tuple[str, ...], language: str) -> list[ConceptMatch]:
        """Return the best matches for the first words of a typed run; empty for none."""
        return self._lookup.meanings(run, language)

    def count_forms(self, text: str, language: str) -> int:
        """Count the words of a text at which a concept's form or compound begins."""
        return self._lookup.count_forms(text, language)

    def forms(self, concept: str, language: str) -> tuple[SurfaceForm, ...]:
        """Return a concept's forms in one language; empty where it has none."""
        return self._index.forms(concept, language)

    def loose_forms(self, concept: str, language: str) -> list[SurfaceForm]:
        """Return `forms` without stop words, where at least two other words remain."""
        return self._index.loose_forms(concept, language)

    def specific_forms(self, concept: str, language: str) -> list[bool]:
        """Return, for each of `forms`, whether it denotes the whole concept in a report."""
        return self._index.specific_forms(concept, language)

    def concepts_from(self, stem: str, language: str) -> list[tuple[SurfaceForm, str, TermStatus]]:
        """Return the forms that begin with a stem, each with its concept and its status."""
        return self._index.starting_with_stem(stem, language)

    def forms_from(self, stem: str, language: str) -> list[tuple[SurfaceForm, str]]:
        """Return the forms that begin with a stem, each with its concept."""
        return self._index.beginning_with(stem, language)

    def first_stems(self, language: str) -> Index:
        """Return the whole inverted index of a language: concept ids by first stem."""
        return self._index.first_stems(language)

    def languages_of_prefix(self, word: str) -> frozenset[str]:
        """Return the languages in which a form begins with a normalised word."""
        return self._index.languages_of_prefix(word)

    def is_common(self, word: str, language: str) -> bool:
        """Return whether every token of a word, by its stem, is a common word of a language.

        Common words are those of the list of plain words and of the concepts' forms, acronyms
        excepted: "EU tariffs" does not make "eu" common.
        """
        plain = plain_words(language)
        return all(
            token.stem in plain or self._index.is_in_a_form(token, language)
            for token in tokenize(word, language)
        )
