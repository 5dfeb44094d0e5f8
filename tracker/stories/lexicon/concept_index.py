"""Indexes over the surface forms of all concepts: by concept, by first stem and by first word.

A form is parsed only when a look-up asks for it. Results are cached, except for keys that no form
has: their number is unbounded.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from tracker.stories.lexicon.concepts import PreferredTerms
from tracker.stories.lexicon.forms import parse_form
from tracker.stories.lexicon.prefix_index import FirstStemIndex, PrefixColumn, first_norm, prefix_of
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.stopwords import fillers
from tracker.stories.text.tokenization import tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.stories.lexicon.concepts import Concept, TermStatus
    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.lexicon.prefix_index import Index
    from tracker.stories.text.tokenization import Token


class TypedForm(NamedTuple):
    """A form as a user types it: its normalised words, and the concept that they denote."""

    words: tuple[str, ...]
    concept: str
    language: str
    ambiguous: bool
    status: TermStatus


class StemmedForm(NamedTuple):
    """A form by its stems, and the concept that it denotes; `norm` is its normalised text."""

    form: SurfaceForm
    concept: str
    ambiguous: bool
    status: TermStatus
    norm: str


class ConceptIndex:
    """The surface forms of concepts, by concept and by what they begin with."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        """Take the concepts by their ids; nothing is indexed yet."""
        self._concepts = concepts
        self._columns: dict[str, PrefixColumn] = {}
        self._forms: dict[tuple[str, str], tuple[SurfaceForm, ...]] = {}
        self._loose_forms: dict[tuple[str, str], list[SurfaceForm]] = {}
        self._specific_forms: dict[tuple[str, str], list[bool]] = {}
        self._preferred_terms: dict[tuple[str, str], PreferredTerms] = {}
        self._first_stems: dict[str, FirstStemIndex] = {}
        self._beginning: dict[tuple[str, str], list[tuple[SurfaceForm, str]]] = {}
        self._by_first_stem: dict[tuple[str, str], list[tuple[SurfaceForm, str, TermStatus]]] = {}
        self._stemmed: dict[tuple[str, str], list[StemmedForm]] = {}
        self._stem_keys: dict[tuple[str, str], list[tuple[str, ...]]] = {}
        self._written_by_prefix: dict[str, dict[str, list[tuple[str, str, str]]]] = {}
        self._typed: dict[str, list[TypedForm]] = {}
        self._languages: dict[str, frozenset[str]] = {}
        self._stems_by_letter: dict[tuple[str, str], frozenset[str]] = {}

    def forms(self, concept: str, language: str) -> tuple[SurfaceForm, ...]:
        """Return a concept's forms in one language; empty where it has none."""
        key = concept, language
        forms = self._forms.get(key)
        if forms is None:
            forms = self._forms[key] = tuple(
                parse_form(written, language)
                for written in self._concepts[concept].written.get(language, ())
            )
        return forms

    def loose_forms(self, concept: str, language: str) -> list[SurfaceForm]:
        """Return `forms` without stop words, where at least two other words remain."""
        key = concept, language
        loose = self._loose_forms.get(key)
        if loose is None:
            loose = [_without_fillers(form, language) for form in self.forms(concept, language)]
            self._loose_forms[key] = loose
        return loose

    def specific_forms(self, concept: str, language: str) -> list[bool]:
        """Return, for each of `forms`, whether it denotes the whole concept in a report."""
        key = concept, language
        specific = self._specific_forms.get(key)
        if specific is None:
            specific = list(map(self._terms_of(*key).is_specific, self.forms(*key)))
            self._specific_forms[key] = specific
        return specific

    def first_stems(self, language: str) -> Index:
        """Return the whole inverted index of a language: concept ids by first stem."""
        return self._first_stem_index(language).all()

    def beginning_with(self, stem: str, language: str) -> list[tuple[SurfaceForm, str]]:
        """Return the forms that begin with a stem, each with its concept.

        No other form is parsed, which suits the many different words of reports.
        """
        key = stem, language
        found = self._beginning.get(key)
        if found is None:
            concepts = self._first_stem_index(language).concepts(stem)
            if concepts is None:  # not cached: the number of unknown words is unbounded
                return []
            found = self._beginning[key] = [
                (form, concept)
                for concept, listed in concepts.items()
                for form in [parse_form(written, language) for written in listed]
                if form.tokens[0] == stem
            ]
        return found

    def starting_with_stem(
        self, stem: str, language: str
    ) -> list[tuple[SurfaceForm, str, TermStatus]]:
        """Return the forms that begin with a stem, each with its concept and its status."""
        concepts = self._first_stem_index(language).concepts(stem)
        if concepts is None:
            return []
        entries = self._by_first_stem.get((stem, language))
        if entries is None:
            entries = self._by_first_stem[stem, language] = []
            for concept in concepts:
                terms = self._terms_of(concept, language)
                entries += [
                    (form, concept, terms.status_of(form))
                    for form in self.forms(concept, language)
                    if form.tokens[0] == stem
                ]
        return entries

    def stemmed_forms(self, stem: str, language: str) -> list[StemmedForm]:
        """Return the forms that begin with a stem, as listed and without stop words."""
        stemmed = self._stemmed.get((stem, language))
        if stemmed is None:
            stemmed = [
                StemmedForm(
                    form,
                    concept,
                    form.ambiguous and not form.preferred,
                    status,
                    normalize(form.text),
                )
                for listed, concept, status in self.starting_with_stem(stem, language)
                for form in dict.fromkeys((listed, _without_fillers(listed, language)))
            ]
            if stemmed:
                self._stemmed[stem, language] = stemmed
        return stemmed

    def stem_keys(self, stem: str, language: str) -> list[tuple[str, ...]]:
        """Return the stem sequences of the forms that begin with a stem, the shortest first."""
        keys = self._stem_keys.get((stem, language))
        if keys is None:
            unique = {form.tokens for form, _, _ in self.starting_with_stem(stem, language)}
            if not unique:
                return []
            keys = self._stem_keys[stem, language] = sorted(unique, key=len)
        return keys

    def typed_forms(self, word: str) -> list[TypedForm]:
        """Return the forms of all languages that begin with a normalised word."""
        listed = self._written_forms(word)
        if not listed:
            return []
        typed = self._typed.get(word)
        if typed is None:
            typed = self._typed[word] = []
            for written, concept, code in listed:
                form = parse_form(written, code)
                words = tuple([token.norm for token in tokenize(written, "")])
                short = tuple(norm for norm in words if norm not in fillers(code))
                status = self._terms_of(concept, code).status_of(form)
                ambiguous = form.ambiguous and not form.preferred
                for key in (words, short) if 1 < len(short) < len(words) else (words,):
                    typed.append(TypedForm(key, concept, code, ambiguous, status))
        return typed

    def languages_of_prefix(self, word: str) -> frozenset[str]:
        """Return the languages in which a form begins with a normalised word."""
        languages = self._languages.get(word)
        if languages is None:
            if not (typed := self.typed_forms(word)):
                return frozenset()
            languages = self._languages[word] = frozenset([form.language for form in typed])
        return languages

    def is_in_a_form(self, token: Token, language: str) -> bool:
        """Return whether a token's stem occurs in any form of a language, acronyms excepted."""
        letter = token.stem[:1]
        stems = self._stems_by_letter.get((letter, language))
        if stems is None:
            runs = self._column(language).runs_with(letter, language)
            stems = self._stems_by_letter[letter, language] = frozenset(
                part.stem for run in runs for part in tokenize(run, language)
            )
        return token.stem in stems

    def _terms_of(self, concept: str, language: str) -> PreferredTerms:
        key = concept, language
        if key not in self._preferred_terms:
            forms = self.forms(concept, language)
            self._preferred_terms[key] = PreferredTerms(forms, language)
        return self._preferred_terms[key]

    def _first_stem_index(self, language: str) -> FirstStemIndex:
        index = self._first_stems.get(language)
        if index is None:
            index = FirstStemIndex(list(self._concepts), self._column(language), language)
            self._first_stems[language] = index
        return index

    def _column(self, language: str) -> PrefixColumn:
        """Return the listed forms of a language, one line for each concept."""
        column = self._columns.get(language)
        if column is None:
            lines = (concept.written.as_listed(language) for concept in self._concepts.values())
            column = self._columns[language] = PrefixColumn(lines)
        return column

    def _written_forms(self, word: str) -> list[tuple[str, str, str]]:
        """Return the listed forms that begin with a normalised word, with concept and language.

        Only the forms that share the word's first letters are parsed: a query has few words.
        """
        prefix = prefix_of(word, "")
        index = self._written_by_prefix.get(prefix)
        if index is None:
            index = self._written_by_prefix[prefix] = {}
            ids = list(self._concepts)
            listed = [
                (line, written, code)
                for code in SNOWBALL
                for written, line in self._column(code).beginning(prefix, "")
            ]
            for line, written, code in sorted(listed, key=itemgetter(0)):
                index.setdefault(first_norm(written), []).append((written, ids[line], code))
        return index.get(word, [])


def _without_fillers(form: SurfaceForm, language: str) -> SurfaceForm:
    """Return a form without its stop words, where at least two other words remain.

    For example: "supprime des postes" becomes "supprime postes". Negations stay, because "found not
    guilty" is not "found guilty".
    """
    if len(form.tokens) < _SHORTEST_WITH_FILLERS:
        return form
    tokens = tokenize(form.text, language)
    key = tuple(token.stem for token in tokens if token.norm not in fillers(language))
    return form._replace(tokens=key) if 1 < len(key) < len(form.tokens) else form


_SHORTEST_WITH_FILLERS = 3
"""Forms of at least so many words are also matched without their stop words."""
