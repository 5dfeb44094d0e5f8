"""From a string to tokens that can be compared across outlets and languages.

Case and accents are folded, elisions split (l'accord), possessives and contracted verbs cut
(Musk's, she'll); "U.S." = "US", "GTA VI" = "GTA 6"; hyphens separate words; stems are those of the
text's language. The text given is plain: feeds leave no mark-up in it.
"""

from __future__ import annotations

import re
from functools import cache, partial
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from tracker.stories.text.normalization import plain_signs
from tracker.stories.text.stemming import SNOWBALL, stemmed, stemming

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


Known = TypeVar("Known")
LOWER, CAPITAL, UPPER, MIXED, FIGURE = range(5)
"""How a word is written: arm, Arm, ARM, iPhone, 6."""
_WORD = re.compile(
    r"\b(?:[ldjmtscn]|qu|jusqu|lorsqu|puisqu|dell|all|nell|sull|dall|un|quest|quell)'(?=\w[\w.])"
    r"|(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|[^\W\d_]\.[^\W\d_]\b"  # U.S., U.S, p.m.
    r"|\d+(?:[.,]\d+)+"  # 1,000 and 4.5
    r"|[A-Za-z](?:\+\+|\#(?!\w))"  # C++ and C#
    r"|(?<=(?-i:[a-z]))\+(?:'(?:s|ll|d|re|ve|m)\b)?(?![\w+])"  # Disney+: Disney Plus; not LGBTQ+
    r"|[^\W_]+(?:['&][^\W_]+)*",  # AT&T, don't
    re.IGNORECASE,
)
_ENDING = re.compile(r"(?:'(?:s|ll|d|re|ve|m))+$", re.IGNORECASE)
"""What is written together with a word and says nothing: Musk's, she'll (no shell), who'd've."""
_OVER = re.compile(r"(?<!\w)(?:ü|u\u0308)ber(?!\w)", re.IGNORECASE)
"""The German word that were the name of Uber without its accent: it is read in small letters."""
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:\.\d{3})+")
_GROUP = 3
_NUMERALS = "II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX"
ROMAN = {
    numeral: str(figure)
    for figure, numeral in enumerate(_NUMERALS.split(), start=2)
    if numeral != "X"  # a company, a model, a letter: more often not a figure
}
"""Roman numerals that are read as figures."""
NUMERALS = {figure: numeral.lower() for numeral, figure in ROMAN.items()}
"""Figures as such numerals, folded."""
_AROUND = '.,:;!?()"'
_LONGEST_KEPT = 40
"""Longer runs are sentences of a script without spaces: each stands in one text only."""
_RUNS_KEPT = 1 << 16
"""Runs of characters whose words are remembered, for each language; some 20 MB of memory."""


class Token(NamedTuple):
    """One word: as written, folded, its stem, and how it is written (LOWER … FIGURE)."""

    text: str
    norm: str
    stem: str
    shape: int


def tokenize(text: str, language: str) -> tuple[Token, ...]:
    """Split a text into words; never fails, and gives nothing for a text without any."""
    known = _run_cache(stemmed(language))
    return tuple(chain.from_iterable(map(known.__getitem__, text.split())))


def stems_of(text: str, language: str) -> tuple[str, ...]:
    """Give the stems of a text's words, in their order."""
    return tuple([word.stem for word in tokenize(text, language)])


def first_stem(text: str, language: str) -> str:
    """Give the stem of a text's first word, "" where it has none."""
    if word := ascii_word(text):
        return stemming(stemmed(language))(word)
    read = tokenize(text, language)
    return read[0].stem if read else ""


def token_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Give where the words of `words` stand in a text in NFC: from, and up to but without.

    "Musk's" and "d'urgence" stand where "Musk" and "urgence" do.
    """
    found = []
    for run in re.finditer(r"\S+", text):
        spelled = [(c, place) for place, char in enumerate(run[0]) for c in plain_signs(char)]
        for match in _WORD.finditer("".join([c for c, _ in spelled])):
            if match[0][-1] != "'":  # elided
                end = match.start() + len(_ENDING.sub("", match[0]))
                places = [place for _, place in spelled[match.start() : end]]
                found.append((run.start() + places[0], run.start() + places[-1] + 1))
    return tuple(found)


def camel_case_parts(surface: str) -> tuple[str, ...]:
    """Give the words that a compound name shows by its capitals: TikTok is tik, tok."""
    surface = plain_signs(surface)
    parts = re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])|[a-z]+|\d+", surface)
    return tuple(part.lower() for part in parts) if "".join(parts) == surface else ()


def may_be_joined(*words: str) -> bool:
    """Tell whether words side by side, folded, may be one: Tik Tok, GPT 5, and 1 700.

    A score or a fraction (2-1, 2/5) is no figure of both.
    """
    return all(
        len(word) <= _GROUP == len(following) and word.isdecimal() and following.isdecimal()
        for word, following in pairwise(words)
        if word[0].isdigit() and following[0].isdigit()
    )


def thousands_groups(figure: str) -> tuple[str, ...]:
    """Give a figure, folded, as its groups of three stand apart: 1700 is 1, 700; none for less."""
    if not figure.isdecimal() or len(figure) <= _GROUP or figure[0] == "0":
        return ()
    first = len(figure) % _GROUP
    rest = range(first, len(figure), _GROUP)
    return tuple(filter(None, (figure[:first], *(figure[at : at + _GROUP] for at in rest))))


class RunCache(dict[str, Known], Generic[Known]):
    """What there is to know of runs of characters without white space, each looked at once.

    No word has white space in it, so that a text may be cut there first: what was found out of a
    run is remembered, which halves the time that a text takes.
    """

    def __init__(self, look: Callable[[str], Known], kept: int | None = None) -> None:
        super().__init__()
        self._look = look
        self._kept = kept or _RUNS_KEPT

    def __missing__(self, run: str) -> Known:
        found = self._look(run)
        if len(run) <= _LONGEST_KEPT:
            if len(self) >= self._kept:
                self.clear()
            self[run] = found
        return found


def stems_in_all_languages(word: Token) -> Iterator[str]:
    """Give the stems of a word in all languages."""
    if word.shape == FIGURE:
        return iter((word.norm,))
    return (stemming(language)(word.norm) for language in SNOWBALL)


@cache
def run_tokenizer(language: str) -> Callable[[str], tuple[Token, ...]]:
    """Give what splits a run without white space into its words; `language` as of `stemmed`."""
    return partial(_run_tokens, stemming(language))


def ascii_word(run: str) -> str:
    """Give the word, folded, that a run is as nearly all are; "" where it takes a closer look."""
    bare = run.strip(_AROUND)
    return bare.lower() if bare.isalpha() and bare.isascii() and bare not in ROMAN else ""


@cache
def _run_cache(language: str) -> RunCache[tuple[Token, ...]]:
    return RunCache(run_tokenizer(language))


def _run_tokens(stem: Callable[[str], str], run: str) -> tuple[Token, ...]:
    bare = run.strip(_AROUND)
    if bare.isalpha() and bare.isascii():  # as nearly all are; the rest says the same of them
        return (Token(bare, bare, stem(bare), LOWER) if bare.islower() else _token(bare, stem),)
    if not run.isascii() or "`" in run:
        run = plain_signs(_OVER.sub("uber", run))
    return tuple([word for found in _WORD.findall(run) for word in _tokens_of_match(found, stem)])


def _tokens_of_match(surface: str, stem: Callable[[str], str]) -> tuple[Token, ...]:
    if "." in surface and not surface[0].isdigit():
        surface = surface.replace(".", "")
        surface = surface.upper() if surface[0].isupper() else surface
    if "'" in surface:
        if surface[-1] == "'":  # elided
            return ()
        surface = _ENDING.sub("", surface).replace("'", "")  # O'Brien and don't are closed up
    if surface == "+":
        surface = "Plus"
    return (_token(surface, stem),)


def _token(surface: str, stem: Callable[[str], str]) -> Token:
    if surface in ROMAN:
        return Token(surface, ROMAN[surface], ROMAN[surface], FIGURE)
    if surface[0].isdigit():
        figure = _normalized_number(surface)
        return Token(surface, figure, figure, FIGURE)
    folded = surface.casefold()
    if surface.islower():
        shape = LOWER
    elif surface.isupper():
        shape = UPPER if len(surface) > 1 else CAPITAL
    elif surface[0].isupper() and surface[1:].islower():
        shape = CAPITAL
    else:
        shape = MIXED
    return Token(surface, folded, stem(folded), shape)


def _normalized_number(surface: str) -> str:
    """Fold a figure: 1,700 and 1.700 are 1700, 2,5 is 2.5, 5G is 5g."""
    if _THOUSANDS.fullmatch(surface):
        return surface.replace(",", "").replace(".", "")
    return surface.replace(",", ".").casefold()
