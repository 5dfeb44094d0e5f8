"""The signs of the views, and what stands for them where an encoding lacks them."""

from __future__ import annotations

from functools import lru_cache

NEW = "●"
ACCEPTED = "✓"
OTHER = "└"
RULE = "─"
ABOVE, BELOW = "▲", "▼"
BARS = "▁▂▃▄▅▆▇█"
"""The bars of a volume, lowest first; the first stands for nothing."""

_DIGITS = "01345689"
# New is never "?", which stands for what is doubtful.
_ASCII = {
    NEW: "*",
    ACCEPTED: "+",
    OTHER: "'",
    RULE: "-",
    ABOVE: "^",
    BELOW: "v",
    "…": "...",
    "·": "-",
    "×": "x",
    "–": "-",
    "—": "-",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "\u00a0": " ",
    "\u202f": " ",
}


@lru_cache(maxsize=4)
def replacements(encoding: str) -> dict[int, str]:
    """Return the signs that an encoding lacks, each with its form in ASCII, for `str.translate`.

    Bars become digits from 0 to 9. All of them do where one is missing, so that they compare.
    """
    found = {ord(sign): plain for sign, plain in _ASCII.items() if not _holds(encoding, sign)}
    if not _holds(encoding, BARS):
        found |= {ord(bar): digit for bar, digit in zip(BARS, _DIGITS, strict=True)}
    return found


def _holds(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
