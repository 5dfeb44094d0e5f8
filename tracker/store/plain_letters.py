"""Words as the full-text index is given them: in the letters that they are read in.

The index folds case and accents, but no letters that only look otherwise: CO₂, full width, an
apostrophe that is a letter (OʼBrien). Whoever asks for CO2 means these as well. They are few, and
what is stored keeps them.
"""

from __future__ import annotations

import re
from unicodedata import is_normalized, normalize

COLUMNS = (
    "items.id, coalesce(plain_letters.title, items.title),"
    " coalesce(plain_letters.summary, items.summary), items.address"
)
"""What the index has of an item."""
BESIDE = "LEFT JOIN plain_letters ON plain_letters.item_id = items.id"
"""How `COLUMNS` are found beside items."""

_ODD = re.compile(
    "[ªº²³¹¼½¾ıĲĳĿŀŉſǄ-ǌǱ-ǳ"
    "\u02b0-\u02b8\u02bc\u02e0-\u02e4"  # raised letters, and the apostrophe that is a letter
    "\u1d2c-\u1d6a\u1d78\u1d9b-\u1dbf"
    "\u2070-\u209c"  # raised and lowered figures
    "\u2100-\u211f\u2123-\u214f\u2160-\u2188"  # signs of letters, but ™; Roman figures
    "\u2460-\u24ff"  # in circles
    "\ufb00-\ufb06"  # joined: ﬁ, ﬀ
    "\uff01-\uff5e"  # of full width
    "\U0001d400-\U0001d7ff\U0001f100-\U0001f16f]"  # of mathematics, and in boxes
)
_OWN = str.maketrans({"ʼ": "'", "ı": "i", "¼": ".25", "½": ".5", "¾": ".75"})
"""What Unicode takes for letters of their own, or would write otherwise: 4½ as 41⁄2."""


def in_plain_letters(text: str) -> str:
    """Give a text in plain letters where it has others; accents stay, and so does the case."""
    if text.isascii() or (is_normalized("NFKC", text) and "ʼ" not in text and "ı" not in text):
        return text  # as nearly all are: so much is told in a fifth of the time
    return _ODD.sub(_plain, text)


def _plain(found: re.Match[str]) -> str:
    return normalize("NFKC", found[0].translate(_OWN))
