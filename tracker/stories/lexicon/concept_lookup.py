"""Look-up of the concepts that the words of a query denote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.levels import EXACT
from tracker.stories.lexicon.concepts import ConceptMatch, TermStatus, best_matches
from tracker.stories.lexicon.german_nouns import ends_like_a_town
from tracker.stories.text.morphology import compound_parts
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stopwords import is_stop_word
from tracker.stories.text.tokenization import first_stem, stems_of, tokenize
from tracker.stories.text.wordlists import english_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tracker.stories.lexicon.concept_index import ConceptIndex
    from tracker.stories.lexicon.dictionary import Dictionary

    Candidate = tuple[int, ConceptMatch]
    """A match with the number of words that its form has."""


class ConceptLookup:
    """Looks up the concepts that the first words of a typed run denote."""

    def __init__(self, index: ConceptIndex, dictionary: Dictionary) -> None:
        self._index = index
        self._dictionary = dictionary
        self._matches: dict[tuple[tuple[str, ...], str], list[ConceptMatch]] = {}

    def meanings(self, run: tuple[str, ...], language: str) -> list[ConceptMatch]:
        """Return the best matches for the first words of a typed run; empty for none.

        The longest forms win. A form matches by its typed words in any language, or by its stems in
        `language`; stop words may be missing (for example: "queda avião"). Without such a form, a
        compound matches by its head. Results are cached: segmentation asks repeatedly.
        """
        matches = self._matches.get((run, language))
        if matches is None:
            if len(self._matches) >= _MATCHES_KEPT:
                self._matches.clear()
            matches = self._matches[run, language] = self._look_up(run, language)
        return matches

    def count_forms(self, text: str, language: str) -> int:
        """Count the words of a text at which a form of a language begins, by stems.

        A compound whose head is a form counts as well.
        """
        stems = stems_of(text, language)
        return sum(
            any(
                stems[place : place + len(key)] == key
                for key in self._index.stem_keys(stem, language)
            )
            or bool(self._by_compound_head(stem, language))
            for place, stem in enumerate(stems)
        )

    def _look_up(self, run: tuple[str, ...], language: str) -> list[ConceptMatch]:
        candidates = [*self._by_words(run, language), *self._by_stems(run, language)]
        # An English word may be a concept's own word in English: it is no chance match.
        if language != "en" and candidates and not any(match.exact for _, match in candidates):
            concepts = {match.concept for _, match in candidates}
            unrelated = self._chance_matches(run[0], language, concepts)
            candidates = [c for c in candidates if c[0] > 1 or c[1].concept not in unrelated]
        if not candidates and not self._is_german_town(run[0], language):
            candidates = self._by_compound_head(first_stem(run[0], language), language)
        longest = max((size for size, _ in candidates), default=0)
        return best_matches([match for size, match in candidates if size == longest])

    def _by_words(self, run: tuple[str, ...], language: str) -> Iterator[Candidate]:
        """Yield the forms of any language that the run begins with, word for word.

        Short words, and English words of an English query, match no form of a foreign language.
        """
        norms = tuple(map(normalize, run))
        is_english = language == "en" and norms[0] in english_words()
        for words, concept, code, ambiguous, status in self._index.typed_forms(norms[0]):
            size = len(words)
            if norms[:size] != words:
                continue
            foreign = code not in (language, "en")
            if foreign and (len(norms[0]) <= _SHORT or (is_english and size == 1)):
                continue
            yield size, ConceptMatch(size, concept, ambiguous, status, foreign=foreign)

    def _by_stems(self, run: tuple[str, ...], language: str) -> Iterator[Candidate]:
        """Yield the forms of a language that the run begins with, stem for stem."""
        first = first_stem(run[0], language)
        if not (forms := self._index.stemmed_forms(first, language)):
            return
        stems = (first, *[first_stem(word, language) for word in run[1:]])
        norm = normalize(run[0])
        plurals = {norm + "s", norm.removesuffix("s")} if run[0].islower() else set()
        for form, concept, ambiguous, status, text in forms:
            size = len(form.tokens)
            if stems[:size] == form.tokens:
                yield size, ConceptMatch(size, concept, ambiguous, status, text in plurals)

    def _by_compound_head(self, stem: str, language: str) -> list[Candidate]:
        """Return the matches of a compound's head. For example: Werkschließung, by Schließung."""
        return [
            (1, ConceptMatch(1, concept, ambiguous=False, status=TermStatus(preferred=False)))
            for _, head, level in compound_parts((stem,), language)
            if level == EXACT
            for form, concept, _ in self._index.starting_with_stem(head, language)
            if len(form.tokens) == 1 and not form.ambiguous
        ]

    def _chance_matches(self, word: str, language: str, concepts: Collection[str]) -> set[str]:
        """Return the concepts that share a stem with a word, but no meaning.

        The dictionary's English translations decide: they share no stem with the concept's English
        forms. For example: German "Buche" (beech) and Buch (book).
        """
        entries = self._dictionary.named(word, language)
        english = {
            token
            for entry in entries
            for translation in entry["en"]
            for token in tokenize(translation, "en")
        }
        stems = {token.stem for token in english if not is_stop_word(token, "en")}
        if not stems:
            return set()
        related = {
            match.concept for token in english for match in self.meanings((token.text,), "en")
        }
        return {
            concept
            for concept in concepts
            if concept not in related and not stems & self._english_stems(concept)
        }

    def _english_stems(self, concept: str) -> set[str]:
        return {stem for form in self._index.forms(concept, "en") for stem in form.tokens}

    def _is_german_town(self, word: str, language: str) -> bool:
        """Return whether a German word ends like a town's name. For example: "Zweibrücken"."""
        return language == "de" and any(
            ends_like_a_town(token, self._dictionary) for token in tokenize(word.title(), language)
        )


_SHORT = 3
"""Words of at most so many letters match no form of a foreign language."""
_MATCHES_KEPT = 10_000
"""Runs whose matches are cached, in at most about 5 MB."""
