"""Tokenization: from a string to tokens that are comparable across outlets and languages.

Normalisation folds case and accents. Elided articles ("l'accord"), possessives and contracted verbs
("Musk's", "she'll") are cut off; "U.S." equals "US", and "GTA VI" equals "GTA 6"; hyphens separate
words. Stems are those of the text's language. The input is plain text without mark-up.
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


Value = TypeVar("Value")
LOWER, CAPITAL, UPPER, MIXED, FIGURE = range(5)
"""The shape of a token. For example: arm, Arm, ARM, iPhone, 6."""
_WORD = re.compile(
    r"\b(?:[ldjmtscn]|qu|jusqu|lorsqu|puisqu|dell|all|nell|sull|dall|un|quest|quell)'(?=\w[\w.])"
    r"|(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|[^\W\d_]\.[^\W\d_]\b"  # U.S., U.S, p.m.
    r"|\d+(?:[.,]\d+)+"  # 1,000 and 4.5
    r"|[A-Za-z](?:\+\+|\#(?!\w))"  # C++ and C#
    r"|(?<=(?-i:[a-z]))\+(?:'(?:s|ll|d|re|ve|m)\b)?(?![\w+])"  # Disney+: Disney Plus; not LGBTQ+
    r"|[^\W_]+(?:['&][^\W_]+)*",  # AT&T, don't
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:'(?:s|ll|d|re|ve|m))+$", re.IGNORECASE)
"""Suffixes without meaning: Musk's, she'll (otherwise "shell"), who'd've."""
_GERMAN_UEBER = re.compile(r"(?<!\w)(?:ü|u\u0308)ber(?!\w)", re.IGNORECASE)
"""The German "über", lower-cased so that normalisation does not make it the name Uber."""
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:\.\d{3})+")
_THOUSANDS_DIGITS = 3
_NUMERALS = "II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX"
ROMAN = {
    numeral: str(figure)
    for figure, numeral in enumerate(_NUMERALS.split(), start=2)
    if numeral != "X"  # more often a company, a model or a letter
}
"""Roman numerals that are normalised to digits."""
NUMERALS = {figure: numeral.lower() for numeral, figure in ROMAN.items()}
"""The normalised Roman numerals by number."""
_PUNCTUATION = '.,:;!?()"'
_LONGEST_CACHED = 40
"""Longer runs are sentences of a script without spaces, which hardly recur."""
_RUNS_CACHED = 1 << 16
"""Cached runs of characters for each language; about 20 MB."""


class Token(NamedTuple):
    """A word: as written, its normalised form, its stem, and its shape (LOWER … FIGURE)."""

    text: str
    norm: str
    stem: str
    shape: int


def tokenize(text: str, language: str) -> tuple[Token, ...]:
    """Split a text into tokens; it never fails, and a text without words has none.

    `language` selects the stemmer; with an unsupported one, or "", stems equal the normalised
    forms.
    """
    runs = _run_cache(stemmed(language))
    return tuple(chain.from_iterable(map(runs.__getitem__, text.split())))


def stems_of(text: str, language: str) -> tuple[str, ...]:
    """Return the stems of a text's tokens, in order."""
    return tuple([word.stem for word in tokenize(text, language)])


def first_stem(text: str, language: str) -> str:
    """Return the stem of a text's first token; "" if there is none."""
    if word := ascii_word(text):
        return stemming(stemmed(language))(word)
    tokens = tokenize(text, language)
    return tokens[0].stem if tokens else ""


def token_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans (start, end) of the tokens of an NFC text.

    Cut parts are outside. For example: "Musk's" spans "Musk", "d'urgence" spans "urgence".
    """
    spans = []
    for run in re.finditer(r"\S+", text):
        characters = [(c, place) for place, char in enumerate(run[0]) for c in plain_signs(char)]
        for match in _WORD.finditer("".join([c for c, _ in characters])):
            if match[0][-1] != "'":  # not an elided article
                end = match.start() + len(_SUFFIX.sub("", match[0]))
                places = [place for _, place in characters[match.start() : end]]
                spans.append((run.start() + places[0], run.start() + places[-1] + 1))
    return tuple(spans)


def camel_case_parts(surface: str) -> tuple[str, ...]:
    """Return the lower-cased parts of a camel-case name; empty for others. For example: TikTok."""
    surface = plain_signs(surface)
    parts = re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])|[a-z]+|\d+", surface)
    return tuple(part.lower() for part in parts) if "".join(parts) == surface else ()


def may_be_joined(*words: str) -> bool:
    """Return whether adjacent normalised words may be one. For example: Tik Tok, GPT 5, 1 700.

    Two numbers join only as groups of thousands, so that a score (2-1) or a fraction (2/5) does
    not.
    """
    return all(
        len(word) <= _THOUSANDS_DIGITS == len(following)
        and word.isdecimal()
        and following.isdecimal()
        for word, following in pairwise(words)
        if word[0].isdigit() and following[0].isdigit()
    )


def thousands_groups(figure: str) -> tuple[str, ...]:
    """Return the groups of three digits of a normalised number; empty below 1000.

    For example: ("1", "700") for 1700.
    """
    if not figure.isdecimal() or len(figure) <= _THOUSANDS_DIGITS or figure[0] == "0":
        return ()
    first = len(figure) % _THOUSANDS_DIGITS
    rest = range(first, len(figure), _THOUSANDS_DIGITS)
    return tuple(
        filter(None, (figure[:first], *(figure[at : at + _THOUSANDS_DIGITS] for at in rest)))
    )


class RunCache(dict[str, Value], Generic[Value]):
    """A cache of a function of whitespace-free runs of characters.

    No token spans white space, so a text may be split there first. `size` bounds the cache, which
    is emptied when full. It halves the time of tokenization.
    """

    def __init__(self, compute: Callable[[str], Value], size: int | None = None) -> None:
        super().__init__()
        self._compute = compute
        self._size = size or _RUNS_CACHED

    def __missing__(self, run: str) -> Value:
        value = self._compute(run)
        if len(run) <= _LONGEST_CACHED:
            if len(self) >= self._size:
                self.clear()
            self[run] = value
        return value


def stems_in_all_languages(word: Token) -> Iterator[str]:
    """Yield the stems of a token in all supported languages."""
    if word.shape == FIGURE:
        return iter((word.norm,))
    return (stemming(language)(word.norm) for language in SNOWBALL)


@cache
def run_tokenizer(language: str) -> Callable[[str], tuple[Token, ...]]:
    """Return a function that tokenizes a whitespace-free run.

    `language` is a result of `stemmed`.
    """
    return partial(_run_tokens, stemming(language))


def ascii_word(run: str) -> str:
    """Return a run's normalised word if it is one plain ASCII word, "" otherwise."""
    bare = run.strip(_PUNCTUATION)
    return bare.lower() if bare.isalpha() and bare.isascii() and bare not in ROMAN else ""


@cache
def _run_cache(language: str) -> RunCache[tuple[Token, ...]]:
    return RunCache(run_tokenizer(language))


def _run_tokens(stem: Callable[[str], str], run: str) -> tuple[Token, ...]:
    bare = run.strip(_PUNCTUATION)
    if bare.isalpha() and bare.isascii():  # the common case; the general one gives the same
        return (Token(bare, bare, stem(bare), LOWER) if bare.islower() else _token(bare, stem),)
    if not run.isascii() or "`" in run:
        run = plain_signs(_GERMAN_UEBER.sub("uber", run))
    return tuple(
        [word for surface in _WORD.findall(run) for word in _tokens_of_match(surface, stem)]
    )


def _tokens_of_match(surface: str, stem: Callable[[str], str]) -> tuple[Token, ...]:
    if "." in surface and not surface[0].isdigit():
        surface = surface.replace(".", "")
        surface = surface.upper() if surface[0].isupper() else surface
    if "'" in surface:
        if surface[-1] == "'":  # an elided article
            return ()
        surface = _SUFFIX.sub("", surface).replace("'", "")  # O'Brien, don't
    if surface == "+":
        surface = "Plus"
    return (_token(surface, stem),)


def _token(surface: str, stem: Callable[[str], str]) -> Token:
    if surface in ROMAN:
        return Token(surface, ROMAN[surface], ROMAN[surface], FIGURE)
    if surface[0].isdigit():
        figure = _normalized_number(surface)
        return Token(surface, figure, figure, FIGURE)
    norm = surface.casefold()
    if surface.islower():
        shape = LOWER
    elif surface.isupper():
        shape = UPPER if len(surface) > 1 else CAPITAL
    elif surface[0].isupper() and surface[1:].islower():
        shape = CAPITAL
    else:
        shape = MIXED
    return Token(surface, norm, stem(norm), shape)


def _normalized_number(surface: str) -> str:
    """Normalise a number. For example: 1,700 and 1.700 are 1700, 2,5 is 2.5, 5G is 5g."""
    if _THOUSANDS.fullmatch(surface):
        return surface.replace(",", "").replace(".", "")
    return surface.replace(",", ".").casefold()
