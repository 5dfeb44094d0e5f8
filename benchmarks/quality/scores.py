"""How alike two groupings of the same reports are: F1 of pairs, and B-cubed F1.

B-cubed F1 is the harmonic mean of two averages over reports: of a report's group in one grouping,
the share that is in its group of the other (Bagga and Baldwin, "Entity-based cross-document
coreferencing using the vector space model", ACL 1998).
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


def pair_f1(ours: Sequence[Hashable], gold: Sequence[Hashable]) -> float:
    """Return the F1 (0..1) of the pairs that share a group; 1 if neither grouping has a pair."""
    both = found = wanted = 0
    for i, j in combinations(range(len(gold)), 2):
        here, there = ours[i] == ours[j], gold[i] == gold[j]
        both, found, wanted = both + (here and there), found + here, wanted + there
    return 2 * both / (found + wanted) if found + wanted else 1.0


def b_cubed(ours: Sequence[Hashable], gold: Sequence[Hashable]) -> float:
    """Return the B-cubed F1 (0..1) of two groupings; 1 of nothing."""
    if not gold:
        return 1.0
    precision, recall = _share(ours, gold), _share(gold, ours)
    return 2 * precision * recall / (precision + recall)


def _share(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    members: defaultdict[Hashable, list[int]] = defaultdict(list)
    for number, group in enumerate(one):
        members[group].append(number)
    shares = [
        sum(other[member] == other[number] for member in members[group]) / len(members[group])
        for number, group in enumerate(one)
    ]
    return float(sum(shares) / len(shares))
