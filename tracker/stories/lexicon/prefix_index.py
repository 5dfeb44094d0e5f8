"""Look-up of listed forms by their first letters, without an index over all of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import MARKS
from tracker.stories.resources import split_list
from tracker.stories.text.normalization import normalize
from tracker.stories.text.tokenization import ascii_word, first_stem, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


Found = list[tuple[str, int]]
"""What is listed, as written, with the number of its line; in the order of the file."""


def first_norm(written: str) -> str:
    """Give the first word, folded, of what is listed."""
    opening = written.split(None, 1)[0].rstrip(MARKS)
    return ascii_word(opening) or tokenize(written, "")[0].norm


def prefix_of(stem: str, language: str) -> str:
    """Give the letters by which a stem is looked up: the first two; one in Dutch (zaken, zaak)."""
    first = stem[: 1 if language == "nl" else 2]
    return first if first.isalnum() else first[:1]


class PrefixColumn:
    """Lines that list words, separated by commas."""

    def __init__(self, lines: Iterable[str]) -> None:
        # A comma before each word: what a pattern begins with is found ten times as fast.
        self.text = "," + f"{_END},".join(lines)
        self._ends = list(accumulate([len(line) + 1 for line in self.text.split(_END)]))
        self._odd: dict[str, dict[str, Found]] = {}
        self._odd_written: Found | None = None
        self._runs: dict[str, list[str]] | None = None

    def beginning(self, letters: str, language: str) -> Found:
        """Give what may begin with a stem of these letters (`letters_of`), and some more.

        The stem is one of the language's; of none ("") it is the folded word.
        """
        if not letters:
            return []
        found = self._found(_beginning(letters, language))
        odd = self._odd_ones(language).get(letters, ())
        return sorted(dict.fromkeys((*found, *odd)), key=itemgetter(1)) if odd else found

    def every(self) -> Iterator[tuple[str, int]]:
        """Give all that is listed."""
        for line, value in enumerate(self.text.split(_END)):
            for written in split_list(value):
                yield written, line

    def runs_with(self, letter: str, language: str) -> list[str]:
        """Give what stands between white space and commas and may have a stem of this letter.

        Some of it has none; acronyms, in upper case, are left out.
        """
        if self._runs is None:
            self._runs = {}
            for run in set(self.text.replace(",", " ").replace(_END, " ").split()):
                if not run.isupper():
                    opening = _folded(run[0]) if run.rstrip(MARKS).isalpha() else ""
                    self._runs.setdefault(opening, []).append(run)
        letters = [letter, "", *_STEMS_OF.get(letter, ()), *("g" if language == "nl" else "")]
        return [run for opening in dict.fromkeys(letters) for run in self._runs.get(opening, ())]

    def _found(self, pattern: re.Pattern[str]) -> Found:
        return [self._at(match.start(1)) for match in pattern.finditer(self.text)]

    def _at(self, start: int) -> tuple[str, int]:
        """Give what stands at a place, as far as the next comma."""
        written = _WRITTEN.match(self.text, start)
        return " ".join(written[0].split() if written else ""), bisect_right(self._ends, start)

    def _odd_ones(self, language: str) -> dict[str, Found]:
        """Give what is not found by the letters that it begins with, by those of its stem."""
        odd = self._odd.get(language)
        if odd is None:
            if self._odd_written is None:
                self._odd_written = [self._at(start) for start in sorted(set(self._odd_starts()))]
            odd = self._odd[language] = {}
            for written, line in self._odd_written:
                stem = first_stem(written.rstrip(MARKS), language)
                odd.setdefault(prefix_of(stem, language), []).append((written, line))
        return odd

    def _odd_starts(self) -> Iterator[int]:
        """Give where something begins whose first letters are not those of its first word."""
        for match in _ODD.finditer(self.text):
            yield match.start(1)
        for sign, most in _WITHIN.items():
            at = self.text.find(sign)
            while at >= 0:
                start = self.text.rfind(",", 0, at) + 1
                before = self.text[start:at].lstrip()
                if before.isalnum() and len(before) <= most:
                    yield at - len(before)
                at = self.text.find(sign, at + 1)


_END = "\0"
_WRITTEN = re.compile(rf"[^,{_END}]*")
_ODD = re.compile(rf",\s*+([^\w\s,{_END}]|[IVX]++(?![^\W_]))")
"""A sign or a Roman numeral, with which something begins."""
_WITHIN = {".": 1, "'": 7, "’": 7}
"""A full stop behind one letter, as of an acronym; what elides an article of up to so many."""


@cache
def _beginning(letters: str, language: str) -> re.Pattern[str]:
    """Give what finds the words of a column that begin with folded letters, however written.

    Dutch participles have the stem that is behind their ge-, and the German stemmer takes oe for ö.
    """
    between = f"{_alike('e')}?" if language == "de" and letters[:1] in _UMLAUTS else ""
    alike = between.join(map(_alike, letters))
    together = "".join([sign for sign, folded in _LIGATURES.items() if folded == letters])
    if language == "nl":
        alike = f"(?:{_alike('g')}{_alike('e')})?{alike}"
    elif together:
        alike = f"(?:{alike}|[{together}])"
    return re.compile(rf",\s*+({alike})")


@cache
def _alike(letter: str) -> str:
    """Give the class of the letters that fold to one; of i, those of y as well: dying is of die."""
    signs = filter(str.isalnum, map(chr, range(0x250)))
    stems = {letter, *_STEMS_OF.get(letter, ())}
    alike = [sign for sign in signs if normalize(sign)[:1] in stems]
    return f"[{''.join(alike)}]" if alike else re.escape(letter)


@cache
def _folded(sign: str) -> str:
    """Give the letter that a sign, with which something begins, folds to."""
    return normalize(sign)[:1]


_STEMS_OF = {"i": "y"}
"""Letters that others are in a stem: dying is of die."""
_UMLAUTS = frozenset("aou")
_LIGATURES = {sign: normalize(sign) for sign in "æÆœŒßẞ"}
Index = dict[str, dict[str, None]]
"""Ids of concepts in their order, by the stem that a form of them begins with."""


class FirstStemIndex:
    """The forms of one language, by their first stems."""

    def __init__(self, concepts: Sequence[str], forms: PrefixColumn, language: str) -> None:
        """Take the ids of concepts and the forms that each has in the language, a line each."""
        self._concepts = concepts
        self._forms = forms
        self._language = language
        self._under: dict[str, Index] = {}
        self._all: Index | None = None

    def all(self) -> Index:
        """Give all of it, as who reads texts needs it."""
        if self._all is None:
            self._all = self._index(self._forms.every())
            self._under.clear()
        return self._all

    def concepts(self, stem: str) -> Iterable[str] | None:
        """Give the ids of the concepts of which a form begins with a stem; None for none."""
        if self._all is not None:
            return self._all.get(stem)
        letters = prefix_of(stem, self._language)
        found = self._under.get(letters)
        if found is None:
            begun = self._forms.beginning(letters, self._language)
            found = self._under[letters] = self._index(begun)
        return found.get(stem)

    def _index(self, forms: Iterable[tuple[str, int]]) -> Index:
        """Sort forms, given with their lines, by the stem that each begins with."""
        index: Index = {}
        stems: dict[str, str] = {}
        for written, line in forms:
            opening = written.split(None, 1)[0]
            stem = stems.get(opening)
            if stem is None:
                # The 's of a Dutch form has no word.
                stem = first_stem(opening, self._language) or first_stem(written, self._language)
                stems[opening] = stem
            concept = self._concepts[line]
            if stem in index:
                index[stem][concept] = None
            else:
                index[stem] = {concept: None}
        return index
