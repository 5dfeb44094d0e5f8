"""Identification of the language in which a query is typed."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING
from unicodedata import normalize

from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.text.casing import CAPITALIZING, capitals_are_informative
from tracker.stories.text.language_id import probabilities
from tracker.stories.text.stemming import SNOWBALL, stemming
from tracker.stories.text.stopwords import all_stop_words, stop_words
from tracker.stories.text.tokenization import CAPITAL, LOWER, UPPER, tokenize
from tracker.stories.text.wordlists import appositions, endings, english_words, open_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.syntax import Query
    from tracker.stories.text.tokenization import Token


def query_language(query: Query, lexicon: Lexicon) -> str:
    """Return the language of a query, by votes of its words; "en" without evidence.

    Stop words, forms of concepts, dictionary terms, foreign names and accented letters vote for
    languages. Known names do not vote, and possible ones count little (Uber is not German "über").
    The last word is no stop word ("Apple Car", although "car" is a French conjunction). The
    language identifier adds the logarithm of its probability, with a small weight.
    """
    evidence = _LanguageVotes(query, lexicon)
    certain = {code: evidence.count_stop_words(code)[0] for code in SNOWBALL}
    if certain["en"] == max(certain.values()) and evidence.is_plain_english():
        return "en"  # the common case
    votes = {code: evidence.votes(code) for code in SNOWBALL}
    probability = evidence.identifier_probabilities()
    if not any(votes.values()) and max(probability.values()) < _DECISIVE_PROBABILITY:
        return "en"
    return max(
        SNOWBALL,
        key=lambda code: (
            votes[code] + _IDENTIFIER_WEIGHT * log(probability[code] + _PROBABILITY_OFFSET)
        ),
    )


(
    _STOP_WORD_VOTE,
    _POSSIBLE_NAME_VOTE,
    _LISTED_WORD_VOTE,
    _DICTIONARY_VOTE,
    _INFLECTED_VOTE,
    _FOREIGN_NAME_VOTE,
) = 2.0, 0.25, 1.5, 1.0, 0.3, 1.0
"""Votes for a language; a form of a concept has 1.

In order: a stop word, a possible name that is also a stop word, the first word of a concept's form
as listed, a dictionary term, an inflected one, and a name that English spells differently.
"""
_LOWER_CASE_NOUN_FACTOR = 0.5
"""The factor for a German noun in lower case."""
_IDENTIFIER_WEIGHT, _PROBABILITY_OFFSET, _DECISIVE_PROBABILITY = 0.5, 0.05, 0.6
"""Parameters of the language identifier, chosen on 1,540 queries in seven languages.

In order: the weight of its log probability, the offset added before the logarithm, and the
probability from which it decides without votes.
"""


class _LanguageVotes:
    """The votes of a query's words for each language."""

    def __init__(self, query: Query, lexicon: Lexicon) -> None:
        text = " ".join(term.text for c in query.clauses for term in c.terms if not term.field)
        self._lexicon = lexicon
        self._words = tokenize(text, "")
        self._capitals_mark_names = capitals_are_informative(self._words)
        spelled = [run for run in text.split() if not self._capitals_mark_names or run[0].islower()]
        self._letters = set(normalize("NFC", "".join(spelled)).lower())
        self._name_words = set(_name_words_of(self._words, lexicon))
        self._content_words = [
            word
            for word in self._words
            if word.norm not in self._name_words
            and (word.shape == LOWER or not self._capitals_mark_names)
        ]
        self._stop_word_candidates = [
            word
            for word in self._words[: None if self._ends_in_particle() else -1]
            if word.norm not in self._name_words and not _is_acronym_or_letter(word)
        ]
        self._text = text
        self._languages_by_word = {
            word.norm: lexicon.languages_of_prefix(word.norm) for word in self._words
        }
        self._begins_english_concept = self._begins_a_concept("en")

    def _ends_in_particle(self) -> bool:
        """Return whether the last word is a particle about the words before.

        For example: WhatsApp down.
        """
        return len(self._words) > 1 and self._words[-1].norm in endings()

    def count_stop_words(self, code: str) -> tuple[int, int]:
        """Count a language's stop words in the query: the certain ones, and all of them.

        Where a word begins an English concept, other languages count only if one begins a concept
        of theirs too. For example: "bin strike".
        """
        stops, excluded = stop_words(code), _english_words_outside(code)
        found = [
            word
            for word in self._stop_word_candidates
            if word.norm in stops and word.norm not in excluded
        ]
        if not found:
            return 0, 0
        if code != "en" and self._begins_english_concept and not self._begins_a_concept(code):
            return 0, 0
        certain = [word for word in found if word.shape == LOWER or not self._capitals_mark_names]
        return len(certain), len(found)

    def identifier_probabilities(self) -> dict[str, float]:
        """Return the language identifier's probabilities by language."""
        return probabilities(self._text)

    def votes(self, code: str) -> float:
        """Return the sum of all votes for a language."""
        certain, possible = self.count_stop_words(code)
        return (
            _STOP_WORD_VOTE * certain
            + _POSSIBLE_NAME_VOTE * (possible - certain)
            + self.concept_votes(code)
            + sum(self._vote_of(word, code) for word in self.listed_words(code))
            + _FOREIGN_NAME_VOTE * self._count_foreign_names(code)
        )

    def _count_dictionary_terms(self, code: str) -> int:
        """Count the words that are dictionary terms of a language, inflected or not."""
        excluded = _english_words_outside(code) | stop_words(code)
        stem, find = stemming(code), self._lexicon.dictionary.find
        norms = [word.norm for word in self._content_words if word.norm not in excluded]
        return sum(find((stem(norm),), code)[0] for norm in norms)

    def _vote_of(self, word: Token, code: str) -> float:
        """Return the vote of a listed word; German nouns are rarely typed in lower case."""
        vote = _LISTED_WORD_VOTE if code in self._languages_by_word[word.norm] else _DICTIONARY_VOTE
        return vote * _LOWER_CASE_NOUN_FACTOR if code == "de" and word.shape == LOWER else vote

    def _count_foreign_names(self, code: str) -> int:
        """Count the names that a language spells differently from English.

        For example: Olanda, Vienne.
        """
        is_term = self._lexicon.dictionary.lists
        capitalized = [word.norm for word in self._words if word.shape != LOWER]
        return sum(is_term(norm, code) and not is_term(norm, "en") for norm in capitalized)

    def listed_words(self, code: str) -> list[Token]:
        """Return the words that the lexicon lists in this spelling.

        They begin a concept's form or are dictionary terms.
        """
        excluded = _english_words_outside(code) | stop_words(code)
        is_term = self._lexicon.dictionary.lists
        return [
            word
            for place, word in enumerate(self._content_words)
            if (code in self._languages_by_word[word.norm] or is_term(word.norm, code))
            and word.norm not in excluded
            and (word.norm in english_words() or word.norm not in all_stop_words())
            and (word.shape == LOWER or not place or code in CAPITALIZING)
        ]

    def concept_votes(self, code: str) -> float:
        """Return the votes of a language's concepts and letters.

        Inflected words count only with other evidence for the language (a listed word or its
        letters), except in English and in languages with compounds.
        """
        excluded = _english_words_outside(code)
        words = [word.text for word in self._content_words if word.norm not in excluded]
        votes: float = self._lexicon.count_forms(" ".join(words), code)
        if votes < len(words):
            votes += _INFLECTED_VOTE * self._count_dictionary_terms(code)
        has_own_letters = bool(_LETTERS.get(code, frozenset()) & self._letters)
        has_own_letters = has_own_letters or (
            code == "de" and any(map(self._is_long_german_noun, self._words))
        )
        if not (has_own_letters or self.listed_words(code) or code in _IDENTIFIED_BY_INFLECTION):
            votes = 0.0
        votes += sum(
            word.norm in open_words(code) | appositions(code) for word in self._content_words
        )
        return votes + has_own_letters

    def _is_long_german_noun(self, word: Token) -> bool:
        """Return whether a word is a long German noun, hardly a word of another language."""
        if len(word.norm) < _SHORTEST_DECISIVE_NOUN or word.norm in self._name_words:
            return False
        if self._lexicon.is_common(word.norm, "en"):
            return False
        return is_german_noun(word, self._lexicon.dictionary)

    def is_plain_english(self) -> bool:
        """Return whether every word that is not a name is English and has English letters.

        A word that another language lists and English does not is no English inflection.
        """
        if self._letters & _ACCENTED_LETTERS or self.concept_votes("en") < len(self._content_words):
            return False
        if not self._content_words and any(
            word.norm not in self._name_words for word in self._words
        ):
            return False
        listed = open_words("en") | appositions("en")
        return all(
            "en" in self._languages_by_word[word.norm]
            or not self._languages_by_word[word.norm]
            or word.norm in listed
            for word in self._content_words
        )

    def _begins_a_concept(self, code: str) -> bool:
        stops = stop_words(code)
        return any(
            code in codes for word, codes in self._languages_by_word.items() if word not in stops
        )


def _name_words_of(run: tuple[Token, ...], lexicon: Lexicon) -> Iterator[str]:
    """Yield the normalised words of known names, and capitalised words that begin one."""
    norms = tuple(word.norm for word in run)
    for place, word in enumerate(run):
        for form, _ in lexicon.gazetteer.starting(word.norm):
            if form.ambiguous:
                continue
            if word.shape != LOWER:
                yield word.norm
            if not form.case_sensitive and norms[place : place + len(form.tokens)] == form.tokens:
                yield from form.tokens


def _english_words_outside(code: str) -> frozenset[str]:
    """Return the English words that do not count for a language; empty for English."""
    return english_words() if code != "en" else frozenset()


def _is_acronym_or_letter(word: Token) -> bool:
    """Return whether a word is an acronym or a single capital. For example: AI."""
    return word.shape == UPPER or (word.shape == CAPITAL and len(word.norm) == 1)


_SHORTEST_DECISIVE_NOUN = 8
"""Minimum letters of a German noun that identifies the language."""
_IDENTIFIED_BY_INFLECTION = frozenset({"de", "en", "nl"})
"""Languages that an inflected word or a compound identifies as well as a listed word."""
_LETTERS = {
    "fr": frozenset("àâçéèêëîôùûœ"),
    "de": frozenset("äöüß"),
    "es": frozenset("áéíñóú"),
    "it": frozenset("àèéìòù"),
    "pt": frozenset("áâãàçéêíóôõú"),
    "nl": frozenset("ëïéè"),
}
"""Letters that English does not have, by language."""
_ACCENTED_LETTERS = frozenset().union(*_LETTERS.values())
