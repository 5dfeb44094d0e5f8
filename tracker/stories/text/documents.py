"""From an item to its analysed fields: title, summary, and the words of its address."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from tracker.language_codes import code_of
from tracker.stories.text.stopwords import is_stop_word
from tracker.stories.text.tokenization import FIGURE, UPPER, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.model import Item
    from tracker.stories.text.tokenization import Token


_SEPARATORS = " -–—|·»:•"
_SEPARATED = re.compile(r"\s+[-–—|·»:•]\s+")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|der|die|das|les?|la|el|il|de)(?=\w\w)")


class PreparedText(NamedTuple):
    """What is read of an item, not split yet; its language is a code, stemmed or not.

    Without the outlet's name in the title, and without the title where the summary opens with it.
    `address` are the words of the item's URL, "" where it has a summary.
    """

    title: str
    summary: str
    language: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class AnalyzedText:
    """An item's words; `language` is a code, of two letters if it has some, stemmed or not."""

    title: tuple[Token, ...]
    summary: tuple[Token, ...]
    language: str
    address: tuple[Token, ...] = ()

    def fields(self) -> Iterator[tuple[str, tuple[Token, ...]]]:
        """Give the fields that have words, by name, the title first."""
        if self.title:
            yield "title", self.title
        if self.summary:
            yield "summary", self.summary
        if self.address:
            yield "address", self.address


def without_outlet(title: str, source: str) -> str:
    """Give a title without the outlet's own name before or behind it: "Rain | The Daily"."""
    if title.isascii() and not ("-" in title or "|" in title or ":" in title):
        return title  # as most: so much is told in a sixth of the time
    if not _SEPARATED.search(title):
        return title
    pieces = _SEPARATED.split(title)
    if _is_outlet_name(pieces[-1], source):
        return title[: -len(pieces[-1])].rstrip(_SEPARATORS)
    if _is_outlet_name(pieces[0], source):
        return title[len(pieces[0]) :].lstrip(_SEPARATORS)
    return title


def _is_outlet_name(piece: str, source: str) -> bool:
    """Tell whether a piece of a title is its outlet, in these words or as its host is written.

    Either may be a host, with or without an article: DER SPIEGEL, tagesschau.de.
    """
    piece = _site_name(piece) if _HOST.fullmatch(piece) else piece
    folds = [word.norm for word in tokenize(piece, "")]
    if {word.norm for word in tokenize(source, "")}.issuperset(folds):
        return True
    site = _site_name(source.casefold()).replace("-", "")
    return _ARTICLE.sub("", "".join(folds)) == _ARTICLE.sub("", site)


def _site_name(host: str) -> str:
    return host.removeprefix("www.").partition(".")[0]


def prepare(
    title: str, summary: str, language: str | None, source: str = "", address: str = ""
) -> PreparedText:
    """Cut off what is not read; without a language it is detected from title and summary.

    A summary that opens with the title is counted once.
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


def analyze_prepared(found: PreparedText) -> AnalyzedText:
    """Split the fields of an item into words."""
    title, summary, language, address = found
    return AnalyzedText(
        tokenize(title, language),
        tokenize(summary, language) if summary else (),
        language,
        tokenize(address, language) if address else (),
    )


def analyze(
    title: str, summary: str, language: str | None, source: str = "", address: str = ""
) -> AnalyzedText:
    """Read plain text, as `unsplit` and `split` do."""
    return analyze_prepared(prepare(title, summary, language, source, address))


@dataclass(frozen=True, slots=True)
class AnalyzedItem:
    """An item that has been read, once for all stories."""

    item: Item
    text: AnalyzedText

    @classmethod
    def of(cls, item: Item) -> AnalyzedItem:
        """Read an item; its language is detected where the item has none."""
        text = analyze(item.title, item.summary, item.language, item.source, item.address)
        return cls(item, replace(text, address=_with_capitals(text)))


def _with_capitals(text: AnalyzedText) -> tuple[Token, ...]:
    """Give the words of an address, which has no capitals, as the names that they may be."""
    return tuple(
        word
        if word.shape == FIGURE or is_stop_word(word, text.language)
        else word._replace(shape=UPPER)
        for word in text.address
    )
