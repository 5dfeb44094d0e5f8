"""Language tags, reduced to two-letter codes of ISO 639-1 where one exists."""

from __future__ import annotations

import re

_LETTERS = 2
_TAG = re.compile(r"([a-zA-Z]{2,3})(?:[-_][\w-]*)?")
_TWO_LETTER_CODES = {
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
"""Three-letter codes of ISO 639-2 for the supported languages."""


def code_of(tag: str) -> str:
    """Return the lower-case language code of a tag; "" for an invalid tag.

    For example: "fr" for "fr-CA", "en" for "eng", "fil" for "fil-PH". Other three-letter codes are
    kept whole: Filipino (fil) is not Finnish (fi).
    """
    if len(tag) == _LETTERS and tag.isascii() and tag.isalpha():
        return tag.lower()  # the common case
    match = _TAG.fullmatch(tag.strip())
    code = match[1].lower() if match else ""
    return _TWO_LETTER_CODES.get(code, code)


def two_letters(tag: str) -> str | None:
    """Return the two-letter code of a tag; None for any other tag.

    For example: "fr" for "fr-CA", "en" for "eng". Three-letter codes are dropped: some are no
    language (und, mul), and the text itself identifies its language better.
    """
    code = code_of(tag)
    return code if len(code) == _LETTERS else None
