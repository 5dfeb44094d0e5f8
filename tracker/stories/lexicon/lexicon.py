"""The vocabulary: kinds of affairs in seven languages, and the aliases of names.

It lives in the ini files of data/, which docs/matching.md explains. A concept has forms by
language ("acquisition": buy, takeover, rachat, Übernahme); an entity has aliases. A form or alias
that ends in "?" is weak: it says something only beside other evidence. The first forms of a
concept, and those that end in "!", name it in a query.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from tracker.stories.levels import EXACT
from tracker.stories.lexicon.concepts import (
    ConceptMatch,
    PreferredTerms,
    TermStatus,
    WeightedConcepts,
    best_matches,
)
from tracker.stories.lexicon.forms import parse_form
from tracker.stories.lexicon.german_nouns import ends_like_a_town
from tracker.stories.lexicon.prefix_index import FirstStemIndex, PrefixColumn, first_norm, prefix_of
from tracker.stories.text.morphology import compound_parts
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.stopwords import fillers, is_stop_word
from tracker.stories.text.tokenization import first_stem, stems_of, tokenize
from tracker.stories.text.wordlists import english_words, plain_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from tracker.stories.lexicon.concepts import Concept
    from tracker.stories.lexicon.dictionary import Dictionary
    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.lexicon.gazetteer import Gazetteer
    from tracker.stories.lexicon.geography import Geography
    from tracker.stories.lexicon.hyponyms import Hyponyms
    from tracker.stories.lexicon.idioms import FixedExpressions
    from tracker.stories.lexicon.prefix_index import Index
    from tracker.stories.text.tokenization import Token


_SHORT = 3
"""Words of up to as many letters are taken for those of another language in no query."""


class Lexicon:
    """Concepts and entities, with the look-ups that queries need; stems are made when asked for."""

    def __init__(
        self,
        concepts: dict[str, Concept],
        names: Gazetteer,
        kinds: Hyponyms,
        dictionary: Dictionary,
        homes: Geography,
        *,
        idioms: FixedExpressions,
    ) -> None:
        self.concepts = concepts
        self.gazetteer = names
        self.hyponyms = kinds
        self.dictionary = dictionary
        self.geography = homes
        self.expressions = idioms
        self._senses: dict[tuple[tuple[str, float], ...], WeightedConcepts] = {}
        self._forms: dict[tuple[str, str], tuple[SurfaceForm, ...]] = {}
        self._openings: dict[str, FirstStemIndex] = {}
        self._from_word: dict[str, list[tuple[tuple[str, ...], str, str, bool, TermStatus]]] = {}
        self._columns: dict[str, PrefixColumn] = {}
        self._by_word: dict[str, dict[str, list[tuple[str, str, str]]]] = {}
        self._typed: dict[
            tuple[str, str], list[tuple[SurfaceForm, str, bool, TermStatus, str]]
        ] = {}
        self._namers: dict[tuple[str, str], PreferredTerms] = {}
        self._telling: dict[tuple[str, str], list[bool]] = {}
        self._beginning: dict[str, frozenset[str]] = {}
        self._keys: dict[tuple[str, str], list[tuple[str, ...]]] = {}
        self._loose: dict[tuple[str, str], list[SurfaceForm]] = {}
        self._meanings: dict[tuple[tuple[str, ...], str], list[ConceptMatch]] = {}
        self._common: dict[tuple[str, str], frozenset[str]] = {}
        self._from_stem: dict[tuple[str, str], list[tuple[SurfaceForm, str, TermStatus]]] = {}

    def forms(self, concept: str, language: str) -> tuple[SurfaceForm, ...]:
        """Give a concept's forms in one language; none where it has none."""
        key = concept, language
        found = self._forms.get(key)
        if found is None:
            found = self._forms[key] = tuple(
                parse_form(written, language)
                for written in self.concepts[concept].written.get(language, ())
            )
        return found

    def loose_forms(self, concept: str, language: str) -> list[SurfaceForm]:
        """Give `forms` without their function words, where two others are left."""
        key = concept, language
        found = self._loose.get(key)
        if found is None:
            found = [_loose(form, language) for form in self.forms(concept, language)]
            self._loose[key] = found
        return found

    def specific_forms(self, concept: str, language: str) -> list[bool]:
        """Tell of each of `forms` whether it tells just the concept, or a part of it."""
        key = concept, language
        found = self._telling.get(key)
        if found is None:
            found = list(map(self._namer(*key).is_specific, self.forms(*key)))
            self._telling[key] = found
        return found

    def weighted(self, ids: tuple[tuple[str, float], ...]) -> WeightedConcepts:
        """Give what some concepts stand for, made once."""
        if ids not in self._senses:
            self._senses[ids] = WeightedConcepts(self, ids)
        return self._senses[ids]

    def meanings(self, run: tuple[str, ...], language: str) -> list[ConceptMatch]:
        """Give what the first words of a run (as typed) may mean, the best ones only.

        It is remembered: a query asks thrice for most of its words, and many ask for the same.
        """
        found = self._meanings.get((run, language))
        if found is None:
            if len(self._meanings) >= _MEANINGS_KEPT:
                self._meanings.clear()
            found = self._meanings[run, language] = self._meant_by(run, language)
        return found

    def _meant_by(self, run: tuple[str, ...], language: str) -> list[ConceptMatch]:
        """Give what the first words of a run may mean.

        A form may be typed without its function words (queda avião). The longest forms count, as
        they are written, in any language, or by their stems in the given one.
        """
        plain = tuple(map(normalize, run))
        is_english = language == "en" and plain[0] in english_words()
        found = [
            (len(key), ConceptMatch(len(key), concept, weak, naming, foreign=foreign))
            for key, concept, code, weak, naming in self._typed_from(plain[0])
            for foreign in (code not in (language, "en"),)
            if plain[: len(key)] == key
            and not (foreign and (len(plain[0]) <= _SHORT or (is_english and len(key) == 1)))
        ]
        first = first_stem(run[0], language)
        if typed := self._typed_stems(first, language):
            stems = (first, *[first_stem(word, language) for word in run[1:]])
            plurals = {plain[0] + "s", plain[0].removesuffix("s")} if run[0].islower() else set()
            found += [
                (
                    len(form.tokens),
                    ConceptMatch(len(form.tokens), concept, weak, naming, folded in plurals),
                )
                for form, concept, weak, naming, folded in typed
                if stems[: len(form.tokens)] == form.tokens
            ]
        # An English word has itself in common with what it tells.
        if language != "en" and found and not any(meaning.exact for _, meaning in found):
            strangers = self._strangers(run[0], language, {each.concept for _, each in found})
            found = [one for one in found if one[0] > 1 or one[1].concept not in strangers]
        if not found and not self._is_a_town(run[0], language):
            found = self._of_compounds(first, language)
        longest = max((size for size, _ in found), default=0)
        best = [meaning for size, meaning in found if size == longest]
        return best_matches(best)

    def _strangers(self, word: str, language: str, concepts: Collection[str]) -> set[str]:
        """Give those of some concepts that a word shares a stem with by chance.

        The dictionary has it as it is typed, and nothing in common with the concept in English: of
        a Buche (beech) no book is told, of cigarras no cigar.
        """
        entries = self.dictionary.named(word, language)
        english = {
            each for entry in entries for some in entry["en"] for each in tokenize(some, "en")
        }
        stems = {each.stem for each in english if not is_stop_word(each, "en")}
        if not stems:
            return set()
        meant = {found.concept for each in english for found in self.meanings((each.text,), "en")}
        return {
            each for each in concepts if each not in meant and not stems & self._in_english(each)
        }

    def _in_english(self, concept: str) -> set[str]:
        """Give the stems of the words of a concept's English forms."""
        return {stem for form in self.forms(concept, "en") for stem in form.tokens}

    def _typed_stems(
        self, stem: str, language: str
    ) -> list[tuple[SurfaceForm, str, bool, TermStatus, str]]:
        """Give the forms, with and without function words, that begin with a stem.

        With each go its concept, if it is weak when it is typed, its naming, and its words folded.
        """
        found = self._typed.get((stem, language))
        if found is None:
            found = [
                (form, concept, form.ambiguous and not form.preferred, naming, normalize(form.text))
                for written, concept, naming in self.concepts_from(stem, language)
                for form in dict.fromkeys((written, _loose(written, language)))
            ]
            if found:  # what is asked for has no end
                self._typed[stem, language] = found
        return found

    def _is_a_town(self, word: str, language: str) -> bool:
        """Tell whether a German word, in whatever letters, is hardly a compound: Zweibrücken."""
        return language == "de" and any(
            ends_like_a_town(read, self.dictionary) for read in tokenize(word.title(), language)
        )

    def _of_compounds(self, stem: str, language: str) -> list[tuple[int, ConceptMatch]]:
        """Give what a compound that is no form means by its head: a Werkschließung is one."""
        return [
            (1, ConceptMatch(1, concept, ambiguous=False, status=TermStatus(preferred=False)))
            for _, head, most in compound_parts((stem,), language)
            if most == EXACT
            for form, concept, _ in self.concepts_from(head, language)
            if len(form.tokens) == 1 and not form.ambiguous
        ]

    def concepts_from(self, stem: str, language: str) -> list[tuple[SurfaceForm, str, TermStatus]]:
        """Give the forms that begin with a stem, with their concepts and how they name them."""
        concepts = self._opened(language).concepts(stem)
        if concepts is None:  # and not remembered: what is asked for has no end
            return []
        found = self._from_stem.get((stem, language))
        if found is None:
            found = self._from_stem[stem, language] = []
            for concept in concepts:
                namer = self._namer(concept, language)
                found += [
                    (form, concept, namer.status_of(form))
                    for form in self.forms(concept, language)
                    if form.tokens[0] == stem
                ]
        return found

    def _namer(self, concept: str, language: str) -> PreferredTerms:
        key = concept, language
        if key not in self._namers:
            self._namers[key] = PreferredTerms(self.forms(concept, language), language)
        return self._namers[key]

    def languages_of_prefix(self, word: str) -> frozenset[str]:
        """Give the languages in which a form begins with a folded word."""
        found = self._beginning.get(word)
        if found is None:
            if not (typed := self._typed_from(word)):  # what is asked for has no end
                return frozenset()
            found = self._beginning[word] = frozenset([code for _, _, code, _, _ in typed])
        return found

    def count_forms(self, text: str, language: str) -> int:
        """Count the words of a text at which a whole form of a language begins, inflected or not.

        A compound with the head of one counts as well.
        """
        stems = stems_of(text, language)
        return sum(
            any(stems[place : place + len(key)] == key for key in self._keys_from(stem, language))
            or bool(self._of_compounds(stem, language))
            for place, stem in enumerate(stems)
        )

    def _keys_from(self, stem: str, language: str) -> list[tuple[str, ...]]:
        """Give the stems of the forms that begin with one, that of one word first."""
        found = self._keys.get((stem, language))
        if found is None:
            keys = {form.tokens for form, _, _ in self.concepts_from(stem, language)}
            if not keys:  # what is asked for has no end
                return []
            found = self._keys[stem, language] = sorted(keys, key=len)
        return found

    def _typed_from(self, word: str) -> list[tuple[tuple[str, ...], str, str, bool, TermStatus]]:
        """Give the forms that begin with a word: words, concept, language, weak, naming."""
        begun = self._begun_by(word)
        if not begun:
            return []
        found = self._from_word.get(word)
        if found is None:
            found = self._from_word[word] = []
            for written, concept, code in begun:
                form = parse_form(written, code)
                key = tuple([read.norm for read in tokenize(written, "")])
                heads = self._namer(concept, code).status_of(form)
                short = tuple(each for each in key if each not in fillers(code))
                for typed in (key, short) if 1 < len(short) < len(key) else (key,):
                    found.append(
                        (typed, concept, code, form.ambiguous and not form.preferred, heads)
                    )
        return found

    def is_common(self, word: str, language: str) -> bool:
        """Tell whether a word, in some inflection, is in a form of any concept of a language.

        Acronyms are not, though forms hold them: EU tariffs make no common word of "eu".
        """
        plain = plain_words(language)
        return all(
            read.stem in plain or read.stem in self._common_as(read, language)
            for read in tokenize(word, language)
        )

    def _common_as(self, word: Token, language: str) -> frozenset[str]:
        """Give the stems of those words in forms of a language that may have the stem of one."""
        letter = word.stem[:1]
        found = self._common.get((letter, language))
        if found is None:
            runs = self._column(language).runs_with(letter, language)
            found = self._common[letter, language] = frozenset(
                read.stem for run in runs for read in tokenize(run, language)
            )
        return found

    def first_stems(self, language: str) -> Index:
        """Give the concepts by the stems that their forms begin with, in one language."""
        return self._opened(language).all()

    def _opened(self, language: str) -> FirstStemIndex:
        found = self._openings.get(language)
        if found is None:
            found = FirstStemIndex(list(self.concepts), self._column(language), language)
            self._openings[language] = found
        return found

    def _column(self, language: str) -> PrefixColumn:
        """Give the forms of a language, those of a concept a line."""
        found = self._columns.get(language)
        if found is None:
            written = (each.written.as_listed(language) for each in self.concepts.values())
            found = self._columns[language] = PrefixColumn(written)
        return found

    def _begun_by(self, word: str) -> list[tuple[str, str, str]]:
        """Give the forms that begin with a folded word, with concept and language.

        Only what begins with the same letters is looked at: a query asks for few words.
        """
        letters = prefix_of(word, "")
        index = self._by_word.get(letters)
        if index is None:
            index = self._by_word[letters] = {}
            ids = list(self.concepts)
            begun = [
                (line, written, code)
                for code in SNOWBALL
                for written, line in self._column(code).beginning(letters, "")
            ]
            for line, written, code in sorted(begun, key=itemgetter(0)):
                index.setdefault(first_norm(written), []).append((written, ids[line], code))
        return index.get(word, [])


def _loose(form: SurfaceForm, language: str) -> SurfaceForm:
    """Give a form without its function words, where two others are left: supprime des postes.

    What negates stays: who is found not guilty is not found guilty.
    """
    if len(form.tokens) < _LOOSE:
        return form
    read = tokenize(form.text, language)
    key = tuple(word.stem for word in read if word.norm not in fillers(language))
    return form._replace(tokens=key) if 1 < len(key) < len(form.tokens) else form


_MEANINGS_KEPT = 10_000
"""Runs of words whose meanings are remembered; some 5 MB of memory at the most."""
_LOOSE = 3
"""Forms of so many words may be written with other function words than the vocabulary has."""
