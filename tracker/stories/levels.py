"""Match levels in 0..1: how well a form in a text matches a query segment."""

from __future__ import annotations

EXACT = 1.0  # the typed form, or a form that denotes exactly the typed concept
SYNONYM = 0.9  # another form that denotes just this concept
INSTANCE = 0.85  # a member of the typed class: "Instagram" for "social network"
NEAR_SYNONYM = 0.8  # the words of a phrase apart, or a concept that is preferred only by its mark
NARROWER = 0.6  # a part of the concept, or a concept that covers it
AMBIGUOUS = 0.5  # an ambiguous form of the concept
ASSOCIATED = 0.4  # a name related to the typed one: "Tim Cook" for "Apple"
PARTIAL = 0.35  # one word of a name of two, or one of many companies that a person leads
# The next is evidence beside other matches, and never matches a segment alone.
RELATED = 0.3  # a concept that often occurs with the typed one

SHORT_FORM = 0.5  # of a name: an ambiguous alias
COMPARISON = 0.2  # of a name: mentioned for comparison only, as in "a TikTok rival"
NO_MATCH = 0.0
