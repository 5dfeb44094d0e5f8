"""A prefix index over listed forms: they are searched by first letters, without parsing all."""

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


ListedForms = list[tuple[str, int]]
"""Listed forms, as written, with their line numbers, in the order of the file."""


def first_norm(written: str) -> str:
    """Return the first normalised token of a listed form."""
    first_word = written.split(None, 1)[0].rstrip(MARKS)
    return ascii_word(first_word) or (tokenize(first_word, "") or tokenize(written, ""))[0].norm


def prefix_of(stem: str, language: str) -> str:
    """Return the prefix that indexes a stem: two letters, one in Dutch (zaken, zaak)."""
    first = stem[: 1 if language == "nl" else 2]
    return first if first.isalnum() else first[:1]


class PrefixColumn:
    """Lines of comma-separated forms, searched by the prefix of their first stem."""

    def __init__(self, lines: Iterable[str]) -> None:
        # Each form follows a comma, so that patterns begin with one: ten times as fast.
        self.text = "," + f"{_LINE_END},".join(lines)
        self._ends = list(accumulate([len(line) + 1 for line in self.text.split(_LINE_END)]))
        self._irregular: dict[str, dict[str, ListedForms]] = {}
        self._irregular_listed: ListedForms | None = None
        self._words_by_letter: dict[str, list[str]] | None = None

    def beginning(self, prefix: str, language: str) -> ListedForms:
        """Return the forms whose first stem may begin with a prefix (`prefix_of`).

        The result is a superset. The stem is that of `language`; with "" it is the normalised
        token.
        """
        if not prefix:
            return []
        found = self._matching_forms(_prefix_pattern(prefix, language))
        irregular = self._irregular_forms(language).get(prefix, ())
        return (
            sorted(dict.fromkeys((*found, *irregular)), key=itemgetter(1)) if irregular else found
        )

    def every(self) -> Iterator[tuple[str, int]]:
        """Yield all forms with their line numbers."""
        for line, value in enumerate(self.text.split(_LINE_END)):
            for written in split_list(value):
                yield written, line

    def runs_with(self, letter: str, language: str) -> list[str]:
        """Return the words of all forms whose stem may begin with a letter.

        The result is a superset; acronyms in upper case are left out.
        """
        if self._words_by_letter is None:
            self._words_by_letter = {}
            for run in set(self.text.replace(",", " ").replace(_LINE_END, " ").split()):
                if not run.isupper():
                    first_letter = _first_norm_letter(run[0]) if run.rstrip(MARKS).isalpha() else ""
                    self._words_by_letter.setdefault(first_letter, []).append(run)
        letters = [
            letter,
            "",
            *_REPLACED_LETTERS.get(letter, ()),
            *("g" if language == "nl" else ""),
        ]
        return [
            run
            for first_letter in dict.fromkeys(letters)
            for run in self._words_by_letter.get(first_letter, ())
        ]

    def _matching_forms(self, pattern: re.Pattern[str]) -> ListedForms:
        return [self._form_at(match.start(1)) for match in pattern.finditer(self.text)]

    def _form_at(self, start: int) -> tuple[str, int]:
        """Return the form at an offset, up to the next comma, and its line number."""
        written = _FORM.match(self.text, start)
        return " ".join(written[0].split() if written else ""), bisect_right(self._ends, start)

    def _irregular_forms(self, language: str) -> dict[str, ListedForms]:
        """Return the forms that begin unlike their first stem, by the stem's prefix."""
        irregular = self._irregular.get(language)
        if irregular is None:
            if self._irregular_listed is None:
                self._irregular_listed = [
                    self._form_at(start) for start in sorted(set(self._irregular_offsets()))
                ]
            irregular = self._irregular[language] = {}
            for written, line in self._irregular_listed:
                stem = first_stem(written.rstrip(MARKS), language)
                irregular.setdefault(prefix_of(stem, language), []).append((written, line))
        return irregular

    def _irregular_offsets(self) -> Iterator[int]:
        """Yield the offsets of forms that begin unlike their first normalised token."""
        for match in _IRREGULAR_START.finditer(self.text):
            yield match.start(1)
        for sign, most in _LONGEST_BEFORE_SIGN.items():
            at = self.text.find(sign)
            while at >= 0:
                start = self.text.rfind(",", 0, at) + 1
                before = self.text[start:at].lstrip()
                if before.isalnum() and len(before) <= most:
                    yield at - len(before)
                at = self.text.find(sign, at + 1)


_LINE_END = "\0"
_FORM = re.compile(rf"[^,{_LINE_END}]*")
_IRREGULAR_START = re.compile(rf",\s*+([^\w\s,{_LINE_END}]|[IVX]++(?![^\W_]))")
"""A punctuation mark or a Roman numeral at the beginning of a form."""
_LONGEST_BEFORE_SIGN = {".": 1, "'": 7, "’": 7}
"""The longest prefix before a full stop (acronyms) and before an apostrophe (elided articles)."""


@cache
def _prefix_pattern(letters: str, language: str) -> re.Pattern[str]:
    """Return a pattern of forms that begin with normalised letters, however they are spelled.

    Two stemmers change the beginning: the Dutch one drops the ge- of participles, and the German
    one reads oe as ö.
    """
    between = f"{_letter_class('e')}?" if language == "de" and letters[:1] in _UMLAUTS else ""
    pattern = between.join(map(_letter_class, letters))
    ligatures = "".join([sign for sign, norm in _LIGATURES.items() if norm == letters])
    if language == "nl":
        pattern = f"(?:{_letter_class('g')}{_letter_class('e')})?{pattern}"
    elif ligatures:
        pattern = f"(?:{pattern}|[{ligatures}])"
    return re.compile(rf",\s*+({pattern})")


@cache
def _letter_class(letter: str) -> str:
    """Return a character class of all letters that normalise, or are stemmed, to one."""
    signs = filter(str.isalnum, map(chr, range(0x250)))
    stems = {letter, *_REPLACED_LETTERS.get(letter, ())}
    letters = [sign for sign in signs if normalize(sign)[:1] in stems]
    return f"[{''.join(letters)}]" if letters else re.escape(letter)


@cache
def _first_norm_letter(sign: str) -> str:
    """Return the normalised first letter of a character."""
    return normalize(sign)[:1]


_REPLACED_LETTERS = {"i": "y"}
"""Letters that a stemmer replaces: "dying" has the stem of "die"."""
_UMLAUTS = frozenset("aou")
_LIGATURES = {sign: normalize(sign) for sign in "æÆœŒßẞ"}
Index = dict[str, dict[str, list[str]]]
"""Listed forms by concept id, in file order, by their first stem."""


class FirstStemIndex:
    """An inverted index of one language: concept ids and listed forms by first stem.

    Single look-ups index one prefix at a time; `all` builds the whole index.
    """

    def __init__(self, concepts: Sequence[str], forms: PrefixColumn, language: str) -> None:
        """Take the ids of concepts, and a column with one line of forms for each."""
        self._concepts = concepts
        self._forms = forms
        self._language = language
        self._by_prefix: dict[str, Index] = {}
        self._complete: Index | None = None

    def all(self) -> Index:
        """Return the whole index."""
        if self._complete is None:
            self._complete = self._index(self._forms.every())
            self._by_prefix.clear()
        return self._complete

    def concepts(self, stem: str) -> dict[str, list[str]] | None:
        """Return the concepts that have forms beginning with a stem, with these; None for none."""
        if self._complete is not None:
            return self._complete.get(stem)
        prefix = prefix_of(stem, self._language)
        index_of_prefix = self._by_prefix.get(prefix)
        if index_of_prefix is None:
            listed = self._forms.beginning(prefix, self._language)
            index_of_prefix = self._by_prefix[prefix] = self._index(listed)
        return index_of_prefix.get(stem)

    def _index(self, forms: Iterable[tuple[str, int]]) -> Index:
        """Index forms, given with their line numbers, by first stem."""
        index: Index = {}
        stems: dict[str, str] = {}
        for written, line in forms:
            first_word = written.split(None, 1)[0]
            stem = stems.get(first_word)
            if stem is None:
                # The first word may have no token: the Dutch 's.
                stem = first_stem(first_word, self._language) or first_stem(written, self._language)
                stems[first_word] = stem
            concept = self._concepts[line]
            concepts = index.get(stem)
            if concepts is None:
                index[stem] = {concept: [written]}
            elif concept in concepts:
                concepts[concept].append(written)
            else:
                concepts[concept] = [written]
        return index
