"""How languages are called: by the two letters of ISO 639-1, wherever there are two."""

from __future__ import annotations

import re

_LETTERS = 2
_TAG = re.compile(r"([a-zA-Z]{2,3})(?:[-_][\w-]*)?")
_SHORT = {
    "eng": "en",
    "fra": "fr",
    "fre": "fr",
    "deu": "de",
    "ger": "de",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "nld": "nl",
    "dut": "nl",
}
"""The three letters that ISO 639-2 has for a language whose words are known."""


def code_of(tag: str) -> str:
    """Return the language of a tag: "fr" of "fr-CA", "en" of "eng", "fil" of "fil-PH".

    In small letters, "" where the tag is none. Three letters are never cut to two: fil is no fi.
    """
    if len(tag) == _LETTERS and tag.isascii() and tag.isalpha():
        return tag.lower()  # as nearly all are
    match = _TAG.fullmatch(tag.strip())
    code = match[1].lower() if match else ""
    return _SHORT.get(code, code)


def two_letters(tag: str) -> str | None:
    """Return the two letters of the language that a tag names: "fr" of "fr-CA", "en" of "eng".

    None for any other: of a text in what has three letters here (fil), the text itself tells more,
    and some are no language (und, mul).
    """
    code = code_of(tag)
    return code if len(code) == _LETTERS else None
