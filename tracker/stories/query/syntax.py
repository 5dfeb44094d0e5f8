"""The query language: words, "phrases", OR, -exclusions and field:word.

One parser serves follow, search and edit. It raises an error for what it cannot parse, and the text
of a parsed query parses to an equal query.

    query  := clause+
    clause := ["-"] term ("OR" term)*
    term   := [field ":"] (word | '"' phrase '"')
    field  := title | source | lang | before | after

source, lang, before and after are limits: they filter reports, whatever these are about. OR joins
words with words, title: terms with such, and limits with limits. Syntax of other search programs is
refused outside of phrases: AND, NOT, a word that ends in *, an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from typing import TYPE_CHECKING

from tracker.errors import QueryError
from tracker.stories.text.tokenization import tokenize

if TYPE_CHECKING:
    from typing import NoReturn


LIMITS = ("source", "lang", "before", "after")
FIELDS = ("title", *LIMITS)
_BARE_FIELDS = frozenset(f"{field}:" for field in FIELDS)
OPERATORS = frozenset({"AND", "OR", "NOT"})
"""Upper-case words that are operators, not search words."""
LONGEST = 1000
"""The maximum length of a query in characters.

Longer ones are mistakes, such as a pasted article.
"""
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_TOKEN = re.compile(
    r"""(?P<space>[\s\x00]+)
      | (?P<minus>-(?=[^\s]))
      | (?P<field>[^\W\d_]+):(?=[^\s/])
      | "(?P<phrase>[^"]*)"
      | (?P<open>")
      | (?P<word>[^\s"\x00]+)""",
    re.VERBOSE,
)
_CODE = re.compile(r"[A-Za-z]{2}(?:[-_]\w+)?")
_ADDRESS = re.compile(r"(?:https?://|www\.\w)\S*", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase; `field` is "" for any, `position` the offset in the typed text."""

    text: str
    quoted: bool = False
    field: str = ""
    position: int = dataclass_field(default=0, compare=False)

    @property
    def scope(self) -> str:
        """What the term filters: "title", "" for the whole text, "limit" for a report's origin."""
        return "limit" if self.field in LIMITS else self.field

    def __str__(self) -> str:
        prefix = f"{self.field}:" if self.field else ""
        return prefix + (f'"{self.text}"' if self.quoted else self.text)


@dataclass(frozen=True, slots=True)
class Clause:
    """Alternative terms, of which one must match; none may match if `excluded`.

    All its terms have the same `scope`.
    """

    terms: tuple[Term, ...]
    excluded: bool = False

    @property
    def is_limit(self) -> bool:
        """Whether the clause filters by origin or date, not by text."""
        return self.terms[0].scope == "limit"

    def __str__(self) -> str:
        return ("-" if self.excluded else "") + " OR ".join(map(str, self.terms))


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; at least one clause is neither an exclusion nor a limit."""

    clauses: tuple[Clause, ...]

    def __str__(self) -> str:
        return " ".join(map(str, self.clauses))


def parse(text: str, *, strict: bool = True) -> Query:
    """Parse a query; QueryError names the position of the first mistake.

    With `strict` false, queries of stories that earlier versions accepted still parse: terms that
    OR cannot join are dropped.
    """
    if len(text) > LONGEST:
        raise QueryError(
            text[:60] + "…", 60, f"A query has at most {LONGEST} characters; this has {len(text)}."
        )
    parser = _Parser(text, strict=strict)
    clauses = parser.clauses()
    if not clauses:
        raise QueryError(text, 0, "The query has no words.")
    if all(clause.excluded for clause in clauses):
        raise QueryError(text, 0, "The query only says what to leave out; add what to look for.")
    if all(clause.excluded or clause.is_limit for clause in clauses):
        raise QueryError(text, 0, "The query only sets limits; add what to look for.")
    return Query(tuple(clauses))


def parse_day(text: str) -> date | None:
    """Parse a date of before: or after: (2020, 2020-08, 2020-08-03); None if it is none."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day_of_month = match.groups()
    try:
        return date(int(year), int(month or 1), int(day_of_month or 1))
    except ValueError:
        return None


def is_address(text: str) -> bool:
    """Return whether a text is the address of a web page (http://, https:// or www.)."""
    return _ADDRESS.fullmatch(text) is not None


class _Parser:
    """A recursive-descent parser over the tokens of one query."""

    def __init__(self, text: str, *, strict: bool) -> None:
        self._text = text
        self._strict = strict
        plain = text.translate(_QUOTES)
        self._tokens = [m for m in _TOKEN.finditer(plain) if m.lastgroup != "space"]
        self._next = 0

    def clauses(self) -> list[Clause]:
        clauses = []
        while self._next < len(self._tokens):
            if clause := self._clause():
                clauses.append(clause)
        return clauses

    def _clause(self) -> Clause | None:
        token = self._tokens[self._next]
        if self._next_is_or():
            self._fail(token.start(), "OR stands between two words; quote it to look for it.")
        excluded = token.lastgroup == "minus"
        if excluded:
            self._next += 1
        first = self._term()
        terms = [first] if first else []
        while self._next_is_or():
            position = self._tokens[self._next].start()
            self._next += 1
            if excluded:
                self._fail(position, "OR cannot follow a word that is left out; write -one -other.")
            if not terms or self._next >= len(self._tokens) or self._next_is_or():
                self._fail(position, "OR stands between two words; quote it to look for it.")
            if self._tokens[self._next].lastgroup == "minus":
                self._fail(position, "OR cannot lead to a word that is left out.")
            term = self._term()
            if term is None:
                self._fail(position, "OR stands between two words.")
            if term.scope != terms[0].scope:
                if not self._strict:
                    continue
                self._fail(position, "OR joins words, or title: with title:, or limits.")
            terms.append(term)
        return Clause(tuple(terms), excluded) if terms else None

    def _term(self) -> Term | None:
        """Parse one term; None for one without a word, such as a lone dash."""
        token = self._tokens[self._next]
        position, name = token.start(), ""
        self._next += 1
        if token.lastgroup == "field":
            name = self._field(token)
            token = self._tokens[self._next]
            self._next += 1
        if token.lastgroup == "open":
            self._fail(token.start(), "A quotation mark is not closed.")
        if token.lastgroup == "minus":
            self._fail(token.start(), "A second dash; quote words that begin with one.")
        if token.lastgroup == "field":
            self._fail(token.start(), "A field within a field; quote what follows the first colon.")
        if self._strict and token.lastgroup == "word":
            self._refuse_commands(token, name)
        quoted = token.lastgroup == "phrase"
        text = " ".join((token["phrase"] if quoted else token["word"]).split())
        if not tokenize(text, ""):
            if name:
                self._fail(token.start(), f"{name}: needs a word.")
            return None
        if name in {"before", "after"} and parse_day(text) is None:
            self._fail(token.start(), f"{name}: needs a date such as 2020-08-03.")
        if self._strict and name == "lang" and not _CODE.fullmatch(text):
            self._fail(token.start(), "lang: needs the code of a language, such as en.")
        return Term(text, quoted, name, position)

    def _refuse_commands(self, token: re.Match[str], field: str) -> None:
        """Raise QueryError for a word in the syntax of other search programs."""
        word, position = token["word"], token.start()
        if word.lower() in _BARE_FIELDS:
            self._fail(position, f"{word.lower()} needs a word right behind it.")
        if field:
            if word.endswith("*"):
                self._fail(
                    token.end() - 1, f"{field}: takes no *; leave it out, or quote the word."
                )
            return
        if word == "AND":
            # Terms are no conjunction: a report may leave out a name of the query. Whoever requires
            # a word writes title: or quotes it.
            problem = "Words side by side are looked for together; leave AND out, or quote it."
            self._fail(position, problem)
        if word == "NOT":
            following = self._tokens[self._next :][:1]
            excluded_word = following[0].group() if following else "word"
            self._fail(position, f"NOT leaves nothing out; write -{excluded_word}, or quote it.")
        if word.endswith("*") and tokenize(word, ""):
            problem = "Word forms are found anyway; leave the * out, or quote the word."
            self._fail(token.end() - 1, problem)
        if is_address(word):
            problem = "An address is an article only alone, in follow; quote it to look for it."
            self._fail(position, problem)

    def _field(self, token: re.Match[str]) -> str:
        name = token["field"].lower()
        if name not in FIELDS:
            self._fail(
                token.start(), f"There is no field {name!r}; quote the words to look for them."
            )
        if self._next >= len(self._tokens) or token.end() != self._tokens[self._next].start():
            self._fail(token.start(), f"{name}: needs a word.")
        return name

    def _next_is_or(self) -> bool:
        if self._next >= len(self._tokens):
            return False
        token = self._tokens[self._next]
        return token.lastgroup == "word" and token["word"] == "OR"

    def _fail(self, position: int, problem: str) -> NoReturn:
        raise QueryError(self._text, position, problem)
