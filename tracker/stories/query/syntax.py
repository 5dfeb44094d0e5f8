"""What the user types: words, "phrases", OR, -exclusions and field:word.

One parser for follow, search and edit. It is loud about what it cannot read, and the text of a
parsed query parses to the same query.

    query  := clause+
    clause := ["-"] term ("OR" term)*
    term   := [field ":"] (word | '"' phrase '"')
    field  := title | source | lang | before | after

source, lang, before and after are limits: a report keeps to them whatever it tells. OR joins words
with words, words of titles with such, and limits with limits. What other programs read as a command
is refused where it is no phrase: NOT, a word that ends in *, an address.
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
_ALONE = frozenset(f"{field}:" for field in FIELDS)
OPERATORS = frozenset({"OR", "NOT"})
"""Words that are none where they stand by themselves in capitals."""
LONGEST = 1000
"""Characters; a query that is longer is a mistake, such as a pasted article."""
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
    """One word or phrase; `field` is "" for the whole text, `position` is where it was typed."""

    text: str
    quoted: bool = False
    field: str = ""
    position: int = dataclass_field(default=0, compare=False)

    @property
    def looks_at(self) -> str:
        """What it is asked of: "title", "" for the whole text, "limit" for where it is from."""
        return "limit" if self.field in LIMITS else self.field

    def __str__(self) -> str:
        prefix = f"{self.field}:" if self.field else ""
        return prefix + (f'"{self.text}"' if self.quoted else self.text)


@dataclass(frozen=True, slots=True)
class Clause:
    """Terms of which any will do; `excluded` turns it round: none may be there.

    All of them look at the same.
    """

    terms: tuple[Term, ...]
    excluded: bool = False

    @property
    def is_limit(self) -> bool:
        """Whether it says where or when a report is from, and nothing of what it tells."""
        return self.terms[0].looks_at == "limit"

    def __str__(self) -> str:
        return ("-" if self.excluded else "") + " OR ".join(map(str, self.terms))


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: at least one clause that says what to look for, and is no limit."""

    clauses: tuple[Clause, ...]

    def __str__(self) -> str:
        return " ".join(map(str, self.clauses))


def parse(text: str, *, strict: bool = True) -> Query:
    """Read a query; QueryError names the place of what cannot be read.

    Without `strict` what earlier versions let through is read as well as it can be, so that a story
    of theirs goes on: of terms that OR cannot join, the first ones count.
    """
    if len(text) > LONGEST:
        raise QueryError(
            text[:60] + "…", 60, f"A query has at most {LONGEST} characters; this has {len(text)}."
        )
    reader = _Reader(text, strict=strict)
    clauses = reader.clauses()
    if not clauses:
        raise QueryError(text, 0, "The query has no words.")
    if all(clause.excluded for clause in clauses):
        raise QueryError(text, 0, "The query only says what to leave out; add what to look for.")
    if all(clause.excluded or clause.is_limit for clause in clauses):
        raise QueryError(text, 0, "The query only sets limits; add what to look for.")
    return Query(tuple(clauses))


def parse_day(text: str) -> date | None:
    """Read the date of before: and after: (2020, 2020-08, 2020-08-03); None for anything else."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day_of_month = match.groups()
    try:
        return date(int(year), int(month or 1), int(day_of_month or 1))
    except ValueError:
        return None


def is_address(text: str) -> bool:
    """Tell whether a text is the address of a page, with http:// or https:// or from www. on."""
    return _ADDRESS.fullmatch(text) is not None


class _Reader:
    """Walks over the tokens of one query."""

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
        if self._is_or():
            self._fail(token.start(), "OR stands between two words; quote it to look for it.")
        excluded = token.lastgroup == "minus"
        if excluded:
            self._next += 1
        first = self._term()
        terms = [first] if first else []
        while self._is_or():
            place = self._tokens[self._next].start()
            self._next += 1
            if excluded:
                self._fail(place, "OR cannot follow a word that is left out; write -one -other.")
            if not terms or self._next >= len(self._tokens) or self._is_or():
                self._fail(place, "OR stands between two words; quote it to look for it.")
            if self._tokens[self._next].lastgroup == "minus":
                self._fail(place, "OR cannot lead to a word that is left out.")
            term = self._term()
            if term is None:
                self._fail(place, "OR stands between two words.")
            if term.looks_at != terms[0].looks_at:
                if not self._strict:
                    continue
                self._fail(place, "OR joins words, or title: with title:, or limits.")
            terms.append(term)
        return Clause(tuple(terms), excluded) if terms else None

    def _term(self) -> Term | None:
        """Take one term; None for one without a word, such as a lone dash."""
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
        """Fail at a word that is meant as a command, and would be looked for as it stands."""
        word, place = token["word"], token.start()
        if word.lower() in _ALONE:
            self._fail(place, f"{word.lower()} needs a word right behind it.")
        if field:
            if word.endswith("*"):
                self._fail(
                    token.end() - 1, f"{field}: takes no *; leave it out, or quote the word."
                )
            return
        if word == "NOT":
            behind = self._tokens[self._next :][:1]
            left_out = behind[0].group() if behind else "word"
            self._fail(place, f"NOT leaves nothing out; write -{left_out}, or quote it.")
        if word.endswith("*") and tokenize(word, ""):
            problem = "Word forms are found anyway; leave the * out, or quote the word."
            self._fail(token.end() - 1, problem)
        if is_address(word):
            problem = "An address is an article only alone, in follow; quote it to look for it."
            self._fail(place, problem)

    def _field(self, token: re.Match[str]) -> str:
        name = token["field"].lower()
        if name not in FIELDS:
            self._fail(
                token.start(), f"There is no field {name!r}; quote the words to look for them."
            )
        if self._next >= len(self._tokens) or token.end() != self._tokens[self._next].start():
            self._fail(token.start(), f"{name}: needs a word.")
        return name

    def _is_or(self) -> bool:
        if self._next >= len(self._tokens):
            return False
        token = self._tokens[self._next]
        return token.lastgroup == "word" and token["word"] == "OR"

    def _fail(self, position: int, problem: str) -> NoReturn:
        raise QueryError(self._text, position, problem)
