"""Text that others wrote, made safe to show: no control characters, no changes of direction."""

from __future__ import annotations

import re

# Escape sequences whole (ECMA-48 §5.4 and §8.3.89), so that no "[31m" stays behind as text. The
# bodies exclude ESC: a lone opening costs no search through the rest of the text.
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
# Controls, bidirectional embeddings, overrides and isolates (Unicode TR 36 §2.4), invisible
# characters that can hide words or shift columns, surrogates, which no terminal can be sent, and
# the noncharacters that XML 1.0 (§2.2) excludes.
_DROPPED = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u2060-\u206f\u202a-\u202e\ufeff"
    r"\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def plain(text: str) -> str:
    """Return `text` as one line that cannot steer a terminal: no controls, no direction tricks."""
    return " ".join(_DROPPED.sub("", _SEQUENCES.sub("", text)).split())


def safe(text: str) -> str:
    """Return `text` with its lines and spaces as they are, but nothing that steers a terminal."""
    return "\n".join(_DROPPED.sub("", _SEQUENCES.sub("", row)) for row in text.splitlines())
