"""Analysis of items: from an item to the tokens of its title, summary and URL."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from tracker.language_codes import code_of
from tracker.stories.text.casing import is_title_case
from tracker.stories.text.learnable import SUMMARY_SHARE, learnable_field, learnable_terms
from tracker.stories.text.stopwords import is_stop_word
from tracker.stories.text.tokenization import FIGURE, UPPER, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.model.core import Item
    from tracker.stories.text.learnable import LearnableTerms
    from tracker.stories.text.tokenization import Token


_SEPARATOR_SIGNS = " -–—|·»:•"
_SEPARATOR = re.compile(r"\s+[-–—|·»:•]\s+")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
_LEADING_ARTICLE = re.compile(r"^(?:the|der|die|das|les?|la|el|il|de)(?=\w\w)")


class PreparedText(NamedTuple):
    """The text of an item before tokenization.

    The outlet's name is cut from the title, and the title from a summary that repeats it.
    `language` is a code, whether or not its words are stemmed. `address` are the words of the
    item's URL, "" where it has a summary.
    """

    title: str
    summary: str
    language: str
    address: str = ""


@dataclass(frozen=True)
class AnalyzedText:
    """An item's tokens by field; `language` is a code, of two letters where one exists."""

    title: tuple[Token, ...]
    summary: tuple[Token, ...]
    language: str
    address: tuple[Token, ...] = ()

    def fields(self) -> Iterator[tuple[str, tuple[Token, ...]]]:
        """Yield the non-empty fields with their names, the title first."""
        if self.title:
            yield "title", self.title
        if self.summary:
            yield "summary", self.summary
        if self.address:
            yield "address", self.address

    @cached_property
    def cased(self) -> dict[str, bool]:
        """By field, whether capitals carry information."""
        return {name: not is_title_case(words) for name, words in self.fields()}

    @cached_property
    def norms(self) -> dict[str, tuple[str, ...]]:
        """By field, the normalized tokens."""
        return {name: tuple([norm for _, norm, _, _ in words]) for name, words in self.fields()}

    @cached_property
    def stems(self) -> dict[str, tuple[str, ...]]:
        """By field, the stems of the tokens."""
        return {name: tuple([stem for _, _, stem, _ in words]) for name, words in self.fields()}

    @cached_property
    def learnable_terms(self) -> LearnableTerms:
        """The terms that a story can learn: of the summary, and of the title, which counts last."""
        shares = (("summary", SUMMARY_SHARE, self.summary), ("title", 1.0, self.title))
        return learnable_terms(
            learnable_field(share, words, self.language, is_cased=self.cased[name])
            for name, share, words in shares
            if words
        )


def without_outlet(title: str, source: str) -> str:
    """Return a title without the outlet's name at either end. For example: "Rain | The Daily"."""
    if title.isascii() and not ("-" in title or "|" in title or ":" in title):
        return title  # the common case, decided in a sixth of the time
    if not _SEPARATOR.search(title):
        return title
    pieces = _SEPARATOR.split(title)
    if _is_outlet_name(pieces[-1], source):
        return title[: -len(pieces[-1])].rstrip(_SEPARATOR_SIGNS)
    if _is_outlet_name(pieces[0], source):
        return title[len(pieces[0]) :].lstrip(_SEPARATOR_SIGNS)
    return title


def _is_outlet_name(piece: str, source: str) -> bool:
    """Return whether a part of a title is the outlet's name or host.

    For example: "DER SPIEGEL" for spiegel.de, "tagesschau.de" for Tagesschau. A leading article is
    ignored.
    """
    piece = _site_name(piece) if _HOST.fullmatch(piece) else piece
    norms = [word.norm for word in tokenize(piece, "")]
    if {word.norm for word in tokenize(source, "")}.issuperset(norms):
        return True
    site = _site_name(source.casefold()).replace("-", "")
    return _LEADING_ARTICLE.sub("", "".join(norms)) == _LEADING_ARTICLE.sub("", site)


def _site_name(host: str) -> str:
    return host.removeprefix("www.").partition(".")[0]


def prepare(
    title: str, summary: str, language: str | None, source: str = "", address: str = ""
) -> PreparedText:
    """Return an item's text without repetitions; a missing language is detected.

    `language` is a language tag, or None to detect it from title and summary.
    """
    title = without_outlet(title, source)
    if language is None:
        from tracker.stories.text.language_id import detect

        language = detect(f"{title} {summary}" if summary else title)
    else:
        language = code_of(language)
    if summary and summary.startswith(title):
        summary = summary[len(title) :]
    return PreparedText(title, summary, language, address)


def analyze_prepared(prepared: PreparedText) -> AnalyzedText:
    """Tokenize the fields of a prepared text."""
    title, summary, language, address = prepared
    return AnalyzedText(
        tokenize(title, language),
        tokenize(summary, language) if summary else (),
        language,
        tokenize(address, language) if address else (),
    )


def analyze(
    title: str, summary: str, language: str | None, source: str = "", address: str = ""
) -> AnalyzedText:
    """Prepare and tokenize the plain text of an item; the arguments are those of `prepare`."""
    return analyze_prepared(prepare(title, summary, language, source, address))


@dataclass(frozen=True, slots=True)
class AnalyzedItem:
    """An item with its tokens, analysed once for all stories."""

    item: Item
    text: AnalyzedText

    @classmethod
    def of(cls, item: Item) -> AnalyzedItem:
        """Analyse an item; its language is detected if the item has none."""
        text = analyze(item.title, item.summary, item.language, item.source, item.address)
        return cls(item, replace(text, address=_in_upper_case(text)))


def _in_upper_case(text: AnalyzedText) -> tuple[Token, ...]:
    """Return the tokens of a URL with upper-case shapes: URLs lack the capitals of names."""
    return tuple(
        word
        if word.shape == FIGURE or is_stop_word(word, text.language)
        else word._replace(shape=UPPER)
        for word in text.address
    )
