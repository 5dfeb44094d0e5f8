"""Matching a query against an analysed item: which segments stand where, and how well."""

from __future__ import annotations

from itertools import chain, combinations, product
from operator import add
from typing import TYPE_CHECKING

from tracker.stories.levels import EXACT, INSTANCE, NARROWER, NEAR_SYNONYM, PARTIAL, RELATED
from tracker.stories.lexicon.forms import ADJACENT, ANY_LANGUAGE, plural_or_genitive
from tracker.stories.lexicon.idioms import Place, is_within_expression
from tracker.stories.matching.concept_matching import ConceptMatcher, FieldMatcher
from tracker.stories.matching.evidence import Evidence, TermMatch, learnable_terms
from tracker.stories.matching.name_matching import member_level, name_level
from tracker.stories.query.model import NAME
from tracker.stories.text.casing import is_title_case
from tracker.stories.text.stemming import SNOWBALL, read_as
from tracker.stories.text.stopwords import stop_words
from tracker.stories.text.tokenization import FIGURE, LOWER, may_be_joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.query.model import QueryInterpretation, QuerySegment
    from tracker.stories.text.documents import AnalyzedText
    from tracker.stories.text.tokenization import Token


class QueryMatcher:
    """Looks for the parts of one query in texts of any language."""

    def __init__(self, interpretation: QueryInterpretation) -> None:
        self.parts = interpretation.segments
        self.excluded = interpretation.excluded
        self._forms: dict[str, list[tuple[int, SurfaceForm]]] = {}
        for number, segment in enumerate(self.parts):
            for first, forms in _by_first_token(segment.forms.get(ANY_LANGUAGE, ())).items():
                self._forms.setdefault(first, []).extend((number, form) for form in forms)
        self._halves = {
            number: set(segment.forms[ANY_LANGUAGE][0].tokens)
            for number, segment in enumerate(self.parts)
            if any(form.level == PARTIAL for form in segment.forms.get(ANY_LANGUAGE, ()))
        }
        self._affair = [n for n, segment in enumerate(self.parts) if segment.kind != NAME]
        self._affairs: dict[str, ConceptMatcher] = {}
        self._own = frozenset(_tokens_of_segments(self.parts))
        self._named = frozenset(
            _tokens_of_segments(segment for segment in self.parts if segment.kind == NAME)
        )

    def index_terms(self, number: int) -> set[str]:
        """Give what an item with a part holds at least one of: words, stems, and two words.

        Between two words that stand side by side is `BESIDE`; others may be typed as two: TikTok.
        """
        segment = self.parts[number]
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
                for index in self._affair_in(code).indexes[number]:
                    found.update(
                        max(form.tokens, key=len)
                        for forms in index.values()
                        for form, level, _ in forms
                        if level not in (RELATED, RELATED / 2)
                    )
        return found

    def match(self, text: AnalyzedText) -> Evidence:
        """Find every part, and the words that the story can learn from."""
        cased = {name: not is_title_case(words) for name, words in text.fields()}
        return self._evidence(text, cased, *self._looked(text, cased))

    def match_candidate(self, text: AnalyzedText, numbers: Sequence[int]) -> Evidence | None:
        """Do so where any part of these numbers is found; None where there is none of them.

        What is wider than a part or its kin does not show it: no season is a flu season.
        """
        cased = {name: not is_title_case(words) for name, words in text.fields()}
        title, summary = self._looked(text, cased)
        if any(self._is_shown(number, title[number], summary[number]) for number in numbers):
            return self._evidence(text, cased, title, summary)
        return None

    def _is_shown(self, number: int, *matches: TermMatch | None) -> bool:
        least = 0.0 if self.parts[number].kind == NAME else RELATED
        return any(match.level > least for match in matches if match)

    def _looked(
        self, text: AnalyzedText, cased: dict[str, bool]
    ) -> tuple[list[TermMatch | None], list[TermMatch | None]]:
        """Find the best hit of each part in the title, and in the summary or the address."""
        found = {
            name: self._hits(words, name, text.language, cased=cased[name])
            for name, words in text.fields()
        }
        none: list[TermMatch | None] = [None] * len(self.parts)
        return found.get("title", none), found.get("summary") or found.get("address", none)

    def _evidence(
        self,
        text: AnalyzedText,
        cased: dict[str, bool],
        title: list[TermMatch | None],
        summary: list[TermMatch | None],
    ) -> Evidence:
        pairs = enumerate(zip(title, summary, strict=True))
        matches = [self._joined(number, pair, text) for number, pair in pairs]
        terms, shown, names = learnable_terms(text, self._own, cased)
        return Evidence(
            tuple(matches),
            terms,
            excluded=self._barred(text, matches),
            proximity=_proximity(self.parts, matches),
            shown=shown,
            names=names,
        )

    def _hits(
        self, words: tuple[Token, ...], name: str, language: str, *, cased: bool
    ) -> list[TermMatch | None]:
        """Find the best hit of each part in one field."""
        best: list[TermMatch | None] = [None] * len(self.parts)
        index = self._forms
        folds = [fold for _, fold, _, _ in words]
        joined = [*map(add, folds, folds[1:]), ""]
        none = index.keys().isdisjoint(folds) and index.keys().isdisjoint(joined)
        functions = stop_words(language)
        for place, fold in enumerate(() if none else folds):
            if fold not in index and joined[place] not in index:  # as nearly all
                continue
            for number, form, size in _forms_at(words, place, index, functions):
                segment = self.parts[number]
                if segment.kind != NAME and self._is_idiom(
                    words, Place(place, size, len(form.tokens)), number, language
                ):
                    continue
                if form.level == INSTANCE:
                    level = member_level(words, place, size, form, cased=cased)
                else:
                    named = segment.kind == NAME
                    level = name_level(words, place, size, form, cased=cased and named)
                if level and segment.field in ("", name):
                    _keep_best(best, number, level, words, (name, place, size))
        if self._affair:
            self._find_affair(words, name, language, best)
        return best

    def _find_affair(
        self, words: tuple[Token, ...], name: str, language: str, best: list[TermMatch | None]
    ) -> None:
        """Find the best hit of each part that is no name in one field."""
        affair = self._affair_in(read_as(language))
        if not affair.may_stand_in(words):
            return
        named = (
            match for segment, match in zip(self.parts, best, strict=True) if segment.kind == NAME
        )
        taken = (
            range(match.place, match.place + match.size)
            for match in named
            if match and match.level == EXACT
        )
        places = frozenset(chain.from_iterable(taken))
        read = FieldMatcher(words, affair.language, self._named, places, affair.typed)
        for number, found in affair.matches(read).items():
            segment = self.parts[number]
            if segment.field not in ("", name):
                continue
            for level, place, size in found:
                within = size == 1 and words[place].stem in affair.phrases[number]
                most = NARROWER if within else EXACT
                _keep_best(best, number, min(level, most), words, (name, place, size))
            before = best[number]
            if (before is None or before.level < NEAR_SYNONYM) and (
                at := read.loose_match(segment.loose)
            ) is not None:
                _keep_best(best, number, NEAR_SYNONYM, words, (name, at, 1))

    def _is_idiom(self, words: tuple[Token, ...], place: Place, number: int, language: str) -> bool:
        """Tell whether what was typed stands in a phrase that tells nothing of it."""
        affair = self._affair_in(read_as(language))
        phrases = affair.expressions[number]
        return bool(phrases) and is_within_expression(words, place, phrases, affair.typed)

    def _affair_in(self, language: str) -> ConceptMatcher:
        found = self._affairs.get(language)
        if found is None:
            segments = {number: self.parts[number] for number in self._affair}
            found = self._affairs[language] = ConceptMatcher(segments, language)
        return found

    def _joined(
        self, number: int, pair: tuple[TermMatch | None, TermMatch | None], text: AnalyzedText
    ) -> tuple[TermMatch | None, TermMatch | None]:
        """Take all words of a name, wherever they are, for the name: Veolia bids for Suez."""
        halves = self._halves.get(number)
        if not halves or any(match and match.level > PARTIAL for match in pair):
            return pair
        there = {word.norm for _, words in text.fields() for word in words if word.shape != LOWER}
        if not all(half in there or plural_or_genitive(half) in there for half in halves):
            return pair
        title, summary = (match and match._replace(level=EXACT) for match in pair)
        return title, summary

    def _barred(
        self, text: AnalyzedText, matches: list[tuple[TermMatch | None, TermMatch | None]]
    ) -> str:
        """Say what is there and must not be, or is not there and must; "" for nothing."""
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
        for segment, pair in zip(self.parts, matches, strict=True):
            if segment.is_required and not any(pair):
                return f"no {segment.text}"
        return ""


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


def _keep_best(
    best: list[TermMatch | None],
    number: int,
    level: float,
    words: tuple[Token, ...],
    where: tuple[str, int, int],
) -> None:
    """Keep a hit (in a field, at a place, of a size) if it is the best one of its part."""
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
    """Give the forms that begin at a place, their parts, and how many words they take.

    Two words may be one name (Tik Tok), but not with a function word: in Tel Aviv is no Intel.
    """
    word = words[place]
    for number, form in index.get(word.norm, ()):
        size = len(form.tokens)
        if size == 1 or word.norm != form.tokens[0]:
            yield number, form, 1
        elif _stands_at(words, place, form.tokens):
            yield number, form, size
    if place + 1 < len(words):
        following = words[place + 1]
        joined = word.norm + following.norm
        if joined not in index or (len(joined) < _JOINED and following.shape != FIGURE):
            return
        if word.norm in functions or following.norm in functions:
            return
        if not may_be_joined(word.norm, following.norm):
            return
        for number, form in index[joined]:
            if len(form.tokens) == 1 and form.tokens[0] == joined:
                yield number, form, 2


def _stands_at(words: tuple[Token, ...], place: int, key: tuple[str, ...]) -> bool:
    """Tell whether a name of several words stands at a place, as it is or with an s behind it.

    Outlets leave out the apostrophe of the genitive: Tim Cooks successor.
    """
    last = place + len(key) - 1
    if last >= len(words) or any(words[place + n].norm != word for n, word in enumerate(key[:-1])):
        return False
    return words[last].norm in (key[-1], plural_or_genitive(key[-1]))


_JOINED = 5
"""Letters from which on two words may be one: Tik Tok, but not "ar m"."""
_NEAR = 5
"""Words between a name and an affair that still belong together."""


def _proximity(
    segments: tuple[QuerySegment, ...], matches: list[tuple[TermMatch | None, TermMatch | None]]
) -> float:
    best = 0.0
    for side in (0, 1):
        names = [
            pair[side]
            for segment, pair in zip(segments, matches, strict=True)
            if segment.kind == NAME
        ]
        other = [
            pair[side]
            for segment, pair in zip(segments, matches, strict=True)
            if segment.kind != NAME
        ]
        for one, two in product(names, other) if names else combinations(other, 2):
            if one and two and abs(one.place - two.place) <= _NEAR:
                best = max(best, two.level * (1.0, 0.6)[side])
    return best
