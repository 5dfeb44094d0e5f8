"""Normalisation of case, accents and typographic signs, for comparison of words."""

from __future__ import annotations

import unicodedata

_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("’‘‛ʼ´`′", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff™℠", None),
        "ß": "ss",
        "ẞ": "SS",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
        "¼": ".25",
        "½": ".5",
        "¾": ".75",
    }
)


def normalize(text: str) -> str:
    """Return the normalised form of a text: case-folded, without accents and ligatures."""
    return (text if text.isascii() else plain_signs(text)).casefold()


def plain_signs(text: str) -> str:
    """Return a text without accents, ligatures and typographic signs; case is kept."""
    text = unicodedata.normalize("NFKD", text.translate(_PUNCTUATION))
    text = text.translate(_PUNCTUATION)  # for Ǽ, which is Æ without its accent
    return "".join([c for c in text if c < "\x80" or not unicodedata.combining(c)])
