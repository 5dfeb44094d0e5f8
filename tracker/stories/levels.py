"""How well a form that stands in a text matches a segment of a query, in 0..1."""

from __future__ import annotations

EXACT, SYNONYM, INSTANCE, NEAR_SYNONYM, NARROWER, AMBIGUOUS, ASSOCIATED, PARTIAL = (
    1.0,
    0.9,
    0.85,
    0.8,
    0.6,
    0.5,
    0.4,
    0.35,
)
RELATED = 0.3
"""How well a form stands for what was typed: itself, what tells just that concept, the name of one
of the kind that was typed, what is much the same (the words of the phrase apart, what tells a
concept that a marked form names), a part of the concept or of one that covers it, a weak form, a
name that is bound to the one typed, one of its two words or of many firms that it leads; what the
affair goes on with. The last never tells it."""
SHORT_FORM, COMPARISON, NO_MATCH = 0.5, 0.2, 0.0
"""How well a name is shown by a weak form of it, by one that is there for comparison only (a TikTok
rival, an iPhone-like phone), and not at all."""
