"""Matching a query against an analyzed item."""

from __future__ import annotations

from itertools import chain, combinations, product
from typing import TYPE_CHECKING

from tracker.stories.levels import EXACT, INSTANCE, NARROWER, NEAR_SYNONYM, PARTIAL, RELATED
from tracker.stories.lexicon.forms import ADJACENT, ANY_LANGUAGE, plural_or_genitive
from tracker.stories.lexicon.idioms import Place, is_within_expression
from tracker.stories.matching.concept_matching import ConceptMatcher, FieldMatcher
from tracker.stories.matching.evidence import Evidence, TermMatch
from tracker.stories.matching.name_matching import instance_level, is_within, name_level
from tracker.stories.query.model import NAME
from tracker.stories.text.stemming import SNOWBALL, read_as
from tracker.stories.text.stopwords import stop_words
from tracker.stories.text.tokenization import FIGURE, LOWER, may_be_joined
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.query.model import QueryInterpretation, QuerySegment
    from tracker.stories.text.documents import AnalyzedText
    from tracker.stories.text.tokenization import Token


class QueryMatcher:
    """Matches the segments of one query in texts of any language."""

    def __init__(self, interpretation: QueryInterpretation) -> None:
        self.segments = interpretation.segments
        self.excluded = interpretation.excluded
        self._forms: dict[str, list[tuple[int, SurfaceForm]]] = {}
        for number, segment in enumerate(self.segments):
            for first, forms in _by_first_token(segment.forms.get(ANY_LANGUAGE, ())).items():
                self._forms.setdefault(first, []).extend((number, form) for form in forms)
        self._first_tokens = frozenset(self._forms).union(_beginnings(self._forms))
        self._surnames = {
            (number, form.tokens[-1:])
            for number, segment in enumerate(self.segments)
            for form in segment.forms.get(ANY_LANGUAGE, ())
            if segment.is_person and len(form.tokens) > 1 and form.tokens[0] in word_list("given")
        }
        self._required_tokens = {
            number: set(segment.forms[ANY_LANGUAGE][0].tokens)
            for number, segment in enumerate(self.segments)
            if any(form.level == PARTIAL for form in segment.forms.get(ANY_LANGUAGE, ()))
        }
        numbers = range(len(self.segments))
        self._name_numbers = [n for n in numbers if self.segments[n].kind == NAME]
        self._concept_numbers = [n for n in numbers if self.segments[n].kind != NAME]
        self._concept_matchers: dict[str, ConceptMatcher] = {}
        self._own_names = [
            form
            for number in self._name_numbers
            for form in self.segments[number].forms.get(ANY_LANGUAGE, ())
            if form.level == EXACT
        ]
        self._name_tokens = frozenset(
            _tokens_of_segments(segment for segment in self.segments if segment.kind == NAME)
        )

    def index_terms(self, number: int) -> set[str]:
        """Return the terms of which every item that matches a segment has at least one.

        Terms are normalized tokens, stems, and the first two tokens of a form joined by ADJACENT. A
        form of several tokens is also joined without a separator, as for "Tik Tok" and "TikTok".
        """
        segment = self.segments[number]
        found = set()
        for form in segment.forms.get(ANY_LANGUAGE, ()):
            *before, last = form.tokens
            for ending in filter(None, (last, plural_or_genitive(last))):
                key = (*before, ending)
                found.add("".join(key))
                if len(key) > 1:
                    found.add(ADJACENT.join(key[:2]))
        if segment.kind != NAME:
            for code in SNOWBALL:
                for index in self._concept_matcher(code).indexes[number]:
                    found.update(
                        max(form.tokens, key=len)
                        for forms in index.values()
                        for form, level, _ in forms
                        if level not in (RELATED, RELATED / 2)
                    )
        return found

    def match(self, text: AnalyzedText) -> Evidence:
        """Return the evidence of an item: the matches of all segments."""
        return self._evidence(text, *self._best_matches(text, self._typed(text)))

    def match_candidate(self, text: AnalyzedText, numbers: Sequence[int]) -> Evidence | None:
        """Return the evidence of an item that matches one of some segments, else None.

        A RELATED match does not count: "season" alone does not match "flu season".
        """
        typed = self._typed(text)
        if all(self.segments[number].kind == NAME for number in numbers) and not any(
            matches[number] for matches in typed.values() for number in numbers
        ):
            return None  # names have no concepts that could match instead
        title, summary = self._best_matches(text, typed)
        if any(self._is_shown(number, title[number], summary[number]) for number in numbers):
            return self._evidence(text, title, summary)
        return None

    def segments_in(self, text: AnalyzedText) -> list[bool]:
        """Return for each segment of the query, by its number, whether an item matches it."""
        title, summary = self._best_matches(text, self._typed(text))
        return [
            self._is_shown(number, title[number], summary[number])
            for number in range(len(self.segments))
        ]

    def _is_shown(self, number: int, *matches: TermMatch | None) -> bool:
        least = 0.0 if self.segments[number].kind == NAME else RELATED
        return any(match.level > least for match in matches if match)

    def _typed(self, text: AnalyzedText) -> dict[str, list[TermMatch | None]]:
        """Return by field the best match of each segment by its names and typed words alone."""
        return {name: self._field_matches(text, name, words) for name, words in text.fields()}

    def _best_matches(
        self, text: AnalyzedText, found: dict[str, list[TermMatch | None]]
    ) -> tuple[list[TermMatch | None], list[TermMatch | None]]:
        """Complete the matches of `_typed` by concepts.

        Return the best match of each segment: in the title, and in the other field.
        """
        for name, words in text.fields() if self._concept_numbers else ():
            self._match_concepts(text, name, words, found[name])
        nothing: list[TermMatch | None] = [None] * len(self.segments)
        return found.get("title", nothing), found.get("summary") or found.get("address", nothing)

    def _evidence(
        self,
        text: AnalyzedText,
        title: list[TermMatch | None],
        summary: list[TermMatch | None],
    ) -> Evidence:
        matches = list(zip(title, summary, strict=True))
        for number, tokens in self._required_tokens.items():
            matches[number] = _merge_partial_names(tokens, matches[number], text)
        return Evidence(
            tuple(matches),
            excluded=self._exclusion(text, matches),
            proximity=self._proximity(matches),
        )

    def _field_matches(
        self, text: AnalyzedText, name: str, words: tuple[Token, ...]
    ) -> list[TermMatch | None]:
        """Return the best match of each segment in one field, without concepts."""
        best: list[TermMatch | None] = [None] * len(self.segments)
        norms = text.norms[name]
        if self._first_tokens.isdisjoint(norms):
            return best
        functions, language = stop_words(text.language), text.language
        for place in [at for at, norm in enumerate(norms) if norm in self._first_tokens]:
            for number, form, size in _forms_at(words, place, self._forms, functions):
                segment = self.segments[number]
                if segment.namesakes and is_within(norms, place, size, segment.namesakes):
                    continue
                if segment.kind != NAME and self._is_idiom(
                    words, Place(place, size, len(form.tokens)), number, language
                ):
                    continue
                cased = text.cased[name]
                if form.level == INSTANCE:
                    level = instance_level(words, place, size, form, cased=cased)
                else:
                    named = segment.kind == NAME
                    level = name_level(
                        words,
                        place,
                        size,
                        form,
                        cased=cased and named,
                        is_surname=(number, form.tokens) in self._surnames,
                    )
                if level and segment.field in ("", name):
                    _keep_best(best, number, level, words, (name, place, size))
        return best

    def _match_concepts(
        self, text: AnalyzedText, name: str, words: tuple[Token, ...], best: list[TermMatch | None]
    ) -> None:
        """Update the best matches in one field by the segments that are not names."""
        matcher = self._concept_matcher(read_as(text.language))
        places = matcher.places(text.stems[name])
        if places is None:
            return
        named = (
            match
            for segment, match in zip(self.segments, best, strict=True)
            if segment.kind == NAME
        )
        name_ranges = (
            range(match.place, match.place + match.size)
            for match in named
            if match and match.level == EXACT
        )
        taken = frozenset(chain.from_iterable(name_ranges))
        field_matcher = FieldMatcher(
            words,
            places,
            matcher.language,
            named=self._name_tokens,
            places_taken=taken,
            typed=matcher.query_norms,
        )
        for number, found in matcher.matches(field_matcher).items():
            segment = self.segments[number]
            if segment.field not in ("", name):
                continue
            for level, place, size in found:
                within = size == 1 and words[place].stem in matcher.phrases[number]
                cap = NARROWER if within else EXACT
                _keep_best(best, number, min(level, cap), words, (name, place, size))
            before = best[number]
            if (before is None or before.level < NEAR_SYNONYM) and (
                at := field_matcher.loose_match(matcher.loose[number])
            ) is not None:
                _keep_best(best, number, NEAR_SYNONYM, words, (name, at, 1))

    def _is_idiom(self, words: tuple[Token, ...], place: Place, number: int, language: str) -> bool:
        """Return whether typed words stand in an expression with another sense."""
        matcher = self._concept_matcher(read_as(language))
        phrases = matcher.expressions[number]
        return bool(phrases) and is_within_expression(words, place, phrases, matcher.query_norms)

    def _concept_matcher(self, language: str) -> ConceptMatcher:
        found = self._concept_matchers.get(language)
        if found is None:
            segments = {number: self.segments[number] for number in self._concept_numbers}
            found = self._concept_matchers[language] = ConceptMatcher(
                segments, self._own_names, language
            )
        return found

    def _proximity(self, matches: Sequence[tuple[TermMatch | None, TermMatch | None]]) -> float:
        """Return how near names and aspects stand in the item (0..1).

        It is 0.0 if none are within _MAX_DISTANCE tokens of each other.
        """
        best = 0.0
        for side, share in ((0, 1.0), (1, 0.6)):
            names = [match for n in self._name_numbers if (match := matches[n][side])]
            others = [match for n in self._concept_numbers if (match := matches[n][side])]
            pairs = product(names, others) if self._name_numbers else combinations(others, 2)
            for one, two in pairs:
                if abs(one.place - two.place) <= _MAX_DISTANCE:
                    best = max(best, two.level * share)
        return best

    def _exclusion(
        self, text: AnalyzedText, matches: list[tuple[TermMatch | None, TermMatch | None]]
    ) -> str:
        """Return what rules an item out: an excluded or a missing required segment, else ""."""
        for segment in self.excluded:
            index = {
                k: [(0, form) for form in v]
                for k, v in _by_first_token(segment.forms[ANY_LANGUAGE]).items()
            }
            for name, words in text.fields():
                if segment.field in ("", name) and any(
                    True
                    for place in range(len(words))
                    for _ in _forms_at(words, place, index, stop_words(text.language))
                ):
                    return segment.text
        for segment, pair in zip(self.segments, matches, strict=True):
            if segment.is_required and not any(pair):
                return f"no {segment.text}"
        return ""


def _merge_partial_names(
    tokens: AbstractSet[str], pair: tuple[TermMatch | None, TermMatch | None], text: AnalyzedText
) -> tuple[TermMatch | None, TermMatch | None]:
    """Raise PARTIAL matches of a name to EXACT if all its tokens match.

    For example: "Veolia bids for Suez" matches "Veolia Suez".
    """
    if any(match and match.level > PARTIAL for match in pair):
        return pair
    present = {word.norm for _, words in text.fields() for word in words if word.shape != LOWER}
    if not all(token in present or plural_or_genitive(token) in present for token in tokens):
        return pair
    title, summary = (match and match._replace(level=EXACT) for match in pair)
    return title, summary


def _tokens_of_segments(segments: Iterable[QuerySegment]) -> Iterator[str]:
    for segment in segments:
        for form in segment.forms.get(ANY_LANGUAGE, ()):
            yield from form.tokens


def _by_first_token(forms: tuple[SurfaceForm, ...]) -> dict[str, list[SurfaceForm]]:
    index: dict[str, list[SurfaceForm]] = {}
    for form in forms:
        index.setdefault(form.tokens[0], []).append(form)
        if len(form.tokens) > 1:
            if may_be_joined(*form.tokens):
                index.setdefault("".join(form.tokens), []).append(form)
        elif more := plural_or_genitive(form.tokens[0]):
            index.setdefault(more, []).append(form)
    return index


def _beginnings(forms: Mapping[str, Iterable[tuple[int, SurfaceForm]]]) -> Iterator[str]:
    """Yield all tokens that may be joined with the next one to a form of one token."""
    for first, found in forms.items():
        if any(form.tokens == (first,) for _, form in found):
            yield from (first[:size] for size in range(1, len(first)))


def _keep_best(
    best: list[TermMatch | None],
    number: int,
    level: float,
    words: tuple[Token, ...],
    where: tuple[str, int, int],
) -> None:
    """Keep a match if it is the best one of its segment."""
    before = best[number]
    if before is None or level > before.level:
        name, place, size = where
        found = " ".join(word.text for word in words[place : place + size])
        best[number] = TermMatch(level, found, name, place, size)


def _forms_at(
    words: tuple[Token, ...],
    place: int,
    index: dict[str, list[tuple[int, SurfaceForm]]],
    functions: frozenset[str],
) -> Iterator[tuple[int, SurfaceForm, int]]:
    """Yield the segments and forms that match at a position, with their number of tokens.

    Two tokens can match a one-token name (Tik Tok), unless one is a function word: "in Tel" is not
    Intel.
    """
    word = words[place]
    for number, form in index.get(word.norm, ()):
        size = len(form.tokens)
        if size == 1 or word.norm != form.tokens[0]:
            yield number, form, 1
        elif _has_name_at(words, place, form.tokens):
            yield number, form, size
    if place + 1 < len(words):
        following = words[place + 1]
        joined = word.norm + following.norm
        if joined not in index or (len(joined) < _MIN_JOINED_LENGTH and following.shape != FIGURE):
            return
        if word.norm in functions or following.norm in functions:
            return
        if not may_be_joined(word.norm, following.norm):
            return
        for number, form in index[joined]:
            if len(form.tokens) == 1 and form.tokens[0] == joined:
                yield number, form, 2


def _has_name_at(words: tuple[Token, ...], place: int, key: tuple[str, ...]) -> bool:
    """Return whether a name of several tokens stands at a position.

    A final s without an apostrophe is accepted as a genitive: "Tim Cooks successor".
    """
    last = place + len(key) - 1
    if last >= len(words) or any(words[place + n].norm != word for n, word in enumerate(key[:-1])):
        return False
    return words[last].norm in (key[-1], plural_or_genitive(key[-1]))


_MIN_JOINED_LENGTH = 5
"""The fewest letters of two tokens that match one: "Tik Tok", but not "ar m"."""
_MAX_DISTANCE = 5
"""The most tokens between a name and an aspect that count as near."""
