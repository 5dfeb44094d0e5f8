"""FTS5 expressions that find the candidates of a query among stored items."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from os.path import commonprefix
from typing import TYPE_CHECKING

from tracker.stories.levels import INSTANCE, RELATED
from tracker.stories.lexicon.flight_numbers import NUMBER_SIGN
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


_BETWEEN = 5
"""Words that may stand between those of a form of several words, at most."""
_PREFIX_FROM = 4
"""Letters from which on a stem is looked up as the beginning of a word."""
_PREFIX_NEAR_FROM = 3
"""The same where another word has to be near."""
_AGAIN = "&"
"""What an ending begins with in the data where it doubles the last letter: cut, cutting."""


def fulltext_phrases(form: SurfaceForm, language: str) -> Iterator[str]:
    """Give FTS5 phrases that find a form's words wherever they are read, and more than that.

    `language` is that of the form's stems, `ANY` for one of folded words: those are looked up as
    they are, joined, in the plural, dotted, in Roman figures. The form as it is written is among
    them wherever the index cuts or folds it otherwise: U.S. Steel, l'Aquila, Straße.
    """
    if language == ANY_LANGUAGE:
        sign = form.tokens[-1].removesuffix(NUMBER_SIGN)
        yield from _exact(form) if sign == form.tokens[-1] else _numeral_spellings(sign)
    elif len(form.tokens) == 1:
        yield from (found := _inflected(form.tokens[0], language))
        if not _is_found(form.text.lower(), found):
            yield quoted((form.text,))
    else:
        begins = [_prefix_phrases(stem, language) for stem in form.tokens]
        yield f"NEAR({' '.join(begins)}, {_BETWEEN})"
        for place, stem in enumerate(form.tokens):
            for written in _written(stem, _LIGATURES.get(language, ()))[1:]:
                others = (*begins[:place], quoted((written,)) + "*", *begins[place + 1 :])
                yield f"NEAR({' '.join(others)}, {_BETWEEN})"
        typed = form.text.lower().split()
        if len(typed) != len(begins) or not all(map(_is_found, typed, zip(begins))):
            yield quoted((form.text,))


@lru_cache(maxsize=1 << 14)
def _inflected(stem: str, language: str) -> tuple[str, ...]:
    """Give the phrases that find the words of a stem."""
    begins = [
        written
        for begin in (stem, *_others(stem, language))
        for written in _written(begin, _LIGATURES.get(language, ()))
    ]
    if len(stem) >= _PREFIX_FROM:
        return tuple([quoted((begin,)) + "*" for begin in begins])
    endings = stem_groups("short").get(language, "").split()
    words = [
        begin + ending.replace(_AGAIN, begin[-1]) for begin in begins for ending in ("", *endings)
    ]
    return tuple([quoted((word,)) for word in dict.fromkeys(words)])


def _written(word: str, letters: Iterable[tuple[str, str]]) -> list[str]:
    """Give a folded word, and as it may be written in letters that the index does not fold.

    Each of these (what it is folded to, the letter) stands for the first or the last of its like.
    """
    found = {word: None}
    for folded, letter in letters:
        for at in {word.find(folded), word.rfind(folded)} - {-1}:
            found[word[:at] + letter + word[at + len(folded) :]] = None
    return list(found)


_LIGATURES = {"de": [("ss", "ß")], "fr": [("oe", "œ")]}
_LETTERS = [("ss", "ß"), ("oe", "œ"), ("ae", "æ"), ("o", "ø"), ("l", "ł"), ("d", "đ")]


def _is_found(word: str, by: Iterable[str]) -> bool:
    """Tell whether phrases of one word each find a word."""
    return any(word.startswith(one[1:-2]) if one[-1] == "*" else word == one[1:-1] for one in by)


def _prefix_phrases(stem: str, language: str) -> str:
    """Give the one phrase that finds the words of a stem, where another word has to be near."""
    if stem in _uninflected(language):
        return quoted((stem,))
    alike = [commonprefix((stem, other)) for other in _others(stem, language)]  # noqa: RUF071 - no paths
    begins = [begin for begin in (stem, *alike) if len(begin) >= _PREFIX_NEAR_FROM]
    return quoted((min(begins, key=len),)) + "*" if begins else quoted((stem,))


@cache
def _uninflected(language: str) -> frozenset[str]:
    """Give the function words that are their own stem, and no other's.

    As the beginning of words "the" takes 25 times as long to look up near others as by itself.
    """
    functions, stem = stop_words(language), stemming(language)
    stems = Counter(map(stem, functions))
    return frozenset([word for word in functions if stem(word) == word and stems[word] == 1])


def _others(stem: str, language: str) -> list[str]:
    """Give what words of a stem begin with that do not begin with it."""
    changed = (end.sub(begin, stem) for end, begin in _changes(language))
    return [other for other in dict.fromkeys(changed) if not other.startswith(stem)]


@cache
def _changes(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Give what a stem may end in, with what its words have in its place."""
    pairs = [pair.split(">") for pair in stem_groups("changes").get(language, "").split()]
    return tuple([(re.compile(f"{end}$"), begin) for end, begin in pairs])


def _exact(form: SurfaceForm) -> Iterator[str]:
    words = form.tokens
    *first, last = words
    yield quoted(words)
    if form.text.lower().split() != list(words):
        yield quoted((form.text,))
    for place, word in enumerate(words):
        for written in _other_spellings(word):
            yield quoted((*words[:place], *written, *words[place + 1 :]))
    for other in (plural_or_genitive(last), NUMERALS.get(last)):
        if other:
            yield quoted((*first, other))
    if words[0].isalpha() and form.text[: len(words[0])].isupper():  # US, as U.S.
        yield quoted((*words[0], *words[1:]))
    if first and may_be_joined(*words):
        yield quoted(("".join(words),))
    if first and last == "plus":  # the index reads Disney+ without its sign
        yield quoted(tuple(first))
    if not first and len(apart := camel_case_parts(form.text)) > 1:
        yield quoted(apart)


def _numeral_spellings(sign: str) -> Iterator[str]:
    """Give the phrases that find flight numbers by the airline's sign: SJ182, SJ 182."""
    for figure in "123456789":
        yield quoted((sign + figure,)) + "*"
        yield quoted((sign, figure)) + "*"


def _other_spellings(word: str) -> Iterator[tuple[str, ...]]:
    """Give what the index has of a folded word where it is written otherwise: Straße, 1,700."""
    for written in _written(word, _LETTERS)[1:]:
        yield (written,)
    if groups := thousands_groups(word):
        yield groups


def quoted(words: tuple[str, ...]) -> str:
    """Give an FTS5 phrase of words that stand side by side."""
    return '"' + " ".join(words).replace('"', "") + '"'


def all_forms(
    segment: QuerySegment, languages: Iterable[str]
) -> Iterator[tuple[str, tuple[SurfaceForm, ...]]]:
    """Give the forms of a part in some languages, those that hold in all first."""
    if ANY_LANGUAGE in segment.forms:
        yield ANY_LANGUAGE, segment.forms[ANY_LANGUAGE]
    for code in languages if segment.kind != NAME else ():
        literal = tuple(
            SurfaceForm(form.text, stems_of(form.text, code))
            for form in segment.forms.get(ANY_LANGUAGE, ())
            if form.level != INSTANCE  # a name, the same in all languages
        )
        told = tuple(form for sense in segment.senses for form in sense.forms(code))
        yield code, literal + segment.forms.get(code, ()) + told


def segment_phrases(
    segment: QuerySegment, languages: Iterable[str], *, weak: bool = True
) -> Iterator[str]:
    """Give the FTS5 phrases that find what shows a part, `weak` forms or not."""
    for code, forms in all_forms(segment, languages):
        for form in forms:
            if form.level > RELATED and (weak or not form.ambiguous):
                yield from fulltext_phrases(form, code)


def loose_expression(segment: QuerySegment, languages: Iterable[str]) -> str:
    """Give the FTS5 expression that finds all words of a phrase; "" for what is none."""
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
