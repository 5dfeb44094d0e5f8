"""The text of a query with what is needed to read it: the parameter object of segmentation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.text.tokenization import Token


@dataclass(frozen=True, slots=True)
class QueryText:
    """The tokens of a query, their language (ISO 639-1) and the lexicon.

    It is hashable, so that look-ups at a position can be cached. Lexicons compare by identity.
    """

    tokens: tuple[Token, ...]
    language: str
    lexicon: Lexicon

    def at(self, position: int) -> Token:
        """Return the token at a position; IndexError where there is none."""
        return self.tokens[position]

    def span(self, position: int, length: int) -> tuple[Token, ...]:
        """Return up to `length` tokens from a position on; fewer at the end of the query."""
        return self.tokens[position : position + length]

    def norms_from(self, position: int) -> tuple[str, ...]:
        """Return the normalised forms of the tokens from a position to the end."""
        return tuple([token.norm for token in self.tokens[position:]])

    def with_tokens(self, tokens: tuple[Token, ...]) -> QueryText:
        """Return the same context with other tokens, such as a part of the query."""
        return replace(self, tokens=tokens)
