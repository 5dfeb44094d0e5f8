"""SQLite FTS5 expressions that retrieve the candidates of a query.

They retrieve a superset of what matches: the matcher decides.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from os.path import commonprefix
from typing import TYPE_CHECKING

from tracker.stories.levels import INSTANCE, RELATED
from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm, plural_or_genitive
from tracker.stories.query.model import NAME
from tracker.stories.text.stemming import stem_groups, stemming
from tracker.stories.text.stopwords import stop_words
from tracker.stories.text.tokenization import (
    NUMERALS,
    camel_case_parts,
    may_be_joined,
    stems_of,
    thousands_groups,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.stories.query.model import QuerySegment


_MAX_GAP = 5
"""The most words between those of a form of several words."""
_MIN_PREFIX = 4
"""The shortest stem, in letters, that is searched as a prefix."""
_MIN_NEAR_PREFIX = 3
"""The same for a stem that another word has to stand near."""
_DOUBLING = "&"
"""Marks an ending in the data that doubles the last letter: cut, cutting."""


def fulltext_phrases(form: SurfaceForm, language: str) -> Iterator[str]:
    """Yield FTS5 phrases that find a form wherever the matcher does, and more.

    `language` is that of the form's stems, or ANY_LANGUAGE for a form of normalized tokens: these
    are searched as they are, joined, in the plural, dotted, with Roman numerals. The form as
    written is among the phrases where FTS5 splits or folds it differently: U.S. Steel, l'Aquila,
    Straße.
    """
    if language == ANY_LANGUAGE:
        yield from _exact_phrases(form)
    elif len(form.tokens) == 1:
        yield from (found := _inflected(form.tokens[0], language))
        if not _is_covered(form.text.lower(), found):
            yield quoted((form.text,))
    else:
        prefixes = [_prefix_phrases(stem, language) for stem in form.tokens]
        yield f"NEAR({' '.join(prefixes)}, {_MAX_GAP})"
        for place, stem in enumerate(form.tokens):
            for spelling in _spellings(stem, _LIGATURES.get(language, ()))[1:]:
                others = (*prefixes[:place], quoted((spelling,)) + "*", *prefixes[place + 1 :])
                yield f"NEAR({' '.join(others)}, {_MAX_GAP})"
        typed = form.text.lower().split()
        if len(typed) != len(prefixes) or not all(map(_is_covered, typed, zip(prefixes))):
            yield quoted((form.text,))


@lru_cache(maxsize=1 << 14)
def _inflected(stem: str, language: str) -> tuple[str, ...]:
    """Return the phrases that find the inflections of a stem."""
    prefixes = [
        spelling
        for prefix in (stem, *_changed_stems(stem, language))
        for spelling in _spellings(prefix, _LIGATURES.get(language, ()))
    ]
    if len(stem) >= _MIN_PREFIX:
        return tuple([quoted((prefix,)) + "*" for prefix in prefixes])
    endings = stem_groups("short").get(language, "").split()
    words = [
        prefix + ending.replace(_DOUBLING, prefix[-1])
        for prefix in prefixes
        for ending in ("", *endings)
    ]
    return tuple([quoted((word,)) for word in dict.fromkeys(words)])


def _spellings(word: str, letters: Iterable[tuple[str, str]]) -> list[str]:
    """Return a normalized word and its spellings with letters that FTS5 does not fold.

    `letters` are pairs: what a letter is folded to, and the letter. Each replaces the first or the
    last occurrence.
    """
    found = {word: None}
    for folded, letter in letters:
        for at in {word.find(folded), word.rfind(folded)} - {-1}:
            found[word[:at] + letter + word[at + len(folded) :]] = None
    return list(found)


_LIGATURES = {"de": [("ss", "ß")], "fr": [("oe", "œ")]}
_UNFOLDED_LETTERS = [("ss", "ß"), ("oe", "œ"), ("ae", "æ"), ("o", "ø"), ("l", "ł"), ("d", "đ")]


def _is_covered(word: str, by: Iterable[str]) -> bool:
    """Return whether one of some one-word phrases finds a word."""
    return any(word.startswith(one[1:-2]) if one[-1] == "*" else word == one[1:-1] for one in by)


def _prefix_phrases(stem: str, language: str) -> str:
    """Return one phrase that finds the inflections of a stem inside NEAR."""
    if stem in _uninflected(language):
        return quoted((stem,))
    shared = [commonprefix((stem, other)) for other in _changed_stems(stem, language)]  # noqa: RUF071 - not paths
    prefixes = [prefix for prefix in (stem, *shared) if len(prefix) >= _MIN_NEAR_PREFIX]
    return quoted((min(prefixes, key=len),)) + "*" if prefixes else quoted((stem,))


@cache
def _uninflected(language: str) -> frozenset[str]:
    """Return the function words whose stem belongs to no other word.

    As a prefix inside NEAR, "the" takes 25 times as long to search as the whole word.
    """
    functions, stem = stop_words(language), stemming(language)
    stems = Counter(map(stem, functions))
    return frozenset([word for word in functions if stem(word) == word and stems[word] == 1])


def _changed_stems(stem: str, language: str) -> list[str]:
    """Return the other beginnings of the inflections of a stem."""
    changed = (end.sub(prefix, stem) for end, prefix in _stem_changes(language))
    return [other for other in dict.fromkeys(changed) if not other.startswith(stem)]


@cache
def _stem_changes(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what a stem may end in, with what its inflections have instead."""
    pairs = [pair.split(">") for pair in stem_groups("changes").get(language, "").split()]
    return tuple([(re.compile(f"{end}$"), prefix) for end, prefix in pairs])


def _exact_phrases(form: SurfaceForm) -> Iterator[str]:
    """Yield phrases that find normalized tokens: joined, plural, numeral and acronym spellings."""
    words = form.tokens
    *first, last = words
    yield quoted(words)
    if form.text.lower().split() != list(words):
        yield quoted((form.text,))
    for place, word in enumerate(words):
        for spelling in _other_spellings(word):
            yield quoted((*words[:place], *spelling, *words[place + 1 :]))
    for other in (plural_or_genitive(last), NUMERALS.get(last)):
        if other:
            yield quoted((*first, other))
    if words[0].isalpha() and form.text[: len(words[0])].isupper():  # US, for U.S.
        yield quoted((*words[0], *words[1:]))
    if first and may_be_joined(*words):
        yield quoted(("".join(words),))
    if first and last == "plus":  # FTS5 drops the sign of Disney+
        yield quoted(tuple(first))
    if not first and len(apart := camel_case_parts(form.text)) > 1:
        yield quoted(apart)


def _other_spellings(word: str) -> Iterator[tuple[str, ...]]:
    """Yield how FTS5 tokenizes a normalized word that is written differently: Straße, 1,700."""
    for spelling in _spellings(word, _UNFOLDED_LETTERS)[1:]:
        yield (spelling,)
    if groups := thousands_groups(word):
        yield groups


def quoted(words: tuple[str, ...]) -> str:
    """Return an FTS5 phrase of adjacent words."""
    return '"' + " ".join(words).replace('"', "") + '"'


def all_forms(
    segment: QuerySegment, languages: Iterable[str]
) -> Iterator[tuple[str, tuple[SurfaceForm, ...]]]:
    """Yield the forms of a segment by language, those of all languages first."""
    if ANY_LANGUAGE in segment.forms:
        yield ANY_LANGUAGE, segment.forms[ANY_LANGUAGE]
    for code in languages if segment.kind != NAME else ():
        literal = tuple(
            SurfaceForm(form.text, stems_of(form.text, code))
            for form in segment.forms.get(ANY_LANGUAGE, ())
            if form.level != INSTANCE  # instances are names, the same in all languages
        )
        concept_forms = tuple(form for sense in segment.senses for form in sense.forms(code))
        yield code, literal + segment.forms.get(code, ()) + concept_forms


def segment_phrases(
    segment: QuerySegment, languages: Iterable[str], *, ambiguous: bool = True
) -> Iterator[str]:
    """Yield the FTS5 phrases that find a segment, with or without `ambiguous` forms."""
    for code, forms in all_forms(segment, languages):
        for form in forms:
            if form.level > RELATED and (ambiguous or not form.ambiguous):
                yield from fulltext_phrases(form, code)


def loose_expression(segment: QuerySegment, languages: Iterable[str]) -> str:
    """Return an FTS5 expression that finds all words of a phrase; "" if there is none."""
    words = []
    for typed, sense in segment.loose:
        forms = [
            (code, form)
            for code in languages
            for form in (
                SurfaceForm(typed, stems_of(typed, code)),
                *(sense.forms(code) if sense else ()),
            )
        ]
        words.append(
            " OR ".join(
                dict.fromkeys(p for code, form in forms for p in fulltext_phrases(form, code))
            )
        )
    return f"({') AND ('.join(words)})" if all(words) and words else ""
