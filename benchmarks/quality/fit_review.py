"""Answer for a story's follower, as the labels say, and fit how much of a story is thought found.

    python benchmarks/quality/fit_review.py LABELLED [--write]

LABELLED is a folder as in `fit_story`. For each wording, weights that were fitted without its story
judge all items; then the most doubtful item is answered, twenty times. Shown are precision, recall
and F1 after 0, 5, 10 and 20 answers, where answered items count as answered, and the share of the
wordings whose true number of reports is in the stated range: the range is fitted without the story.
What is answered does not change the features here, only the odds: `replay` with a real database
does both.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

import fit_story
import numpy as np
from fit_story import Wording, folds_of, group_of, newest_of, score, thresholds

from tracker.stories.scoring.linear_model import probability
from tracker.stories.tracking import review
from tracker.stories.tracking.answers import Answers

ASKED = (0, 5, 10, 20)
COVERED = 0.86
"""Share of the wordings that a fitted range covers: for others it is a little less."""


class Step(NamedTuple):
    """A story after some answers: precision, recall, F1, expected and true number of reports.

    `is_done` says that nothing more would be asked.
    """

    precision: float
    recall: float
    f1: float
    expected: float
    true: int
    is_done: bool


def answered(
    wording: Wording, places: list[int], odds: np.ndarray, is_young: np.ndarray
) -> dict[int, Step]:
    """Return the steps of ASKED for one wording."""
    least = dict(zip(places, map(float, thresholds(is_young)), strict=True))
    known = {p: float(o) - least[p] for p, o in zip(places, odds, strict=True)}
    prior = {p: o for p, o in known.items() if wording.labels[p] >= 0}
    current, said, found = dict(prior), dict[int, float](), dict[int, Step]()
    for count in range(max(ASKED) + 1):
        if count in ASKED:
            found[count] = _step(wording, current, least, said)
        doubtful = sorted((p for p in current if p not in said), key=lambda p: abs(current[p]))
        if not doubtful:
            break
        said[doubtful[0]] = float(wording.labels[doubtful[0]] == 1)
        cases = [wording.near[p]._replace(decided=value) for p, value in said.items()]
        answers = Answers.of(cases, [prior[p] for p in said])
        current = {p: o + answers.odds(wording.near[p]) for p, o in prior.items()}
    last = _step(wording, current, least, said)
    return {count: found.get(count, last) for count in ASKED}


def _step(
    wording: Wording, odds: dict[int, float], least: dict[int, float], said: dict[int, float]
) -> Step:
    chosen = {p for p, o in odds.items() if said.get(p, float(o >= 0.0))}
    chances = {p: probability(o + least[p]) for p, o in odds.items()}
    expected = review.completeness(odds, chances, said)
    is_done = not review.questions(odds, said, expected)
    true = int((wording.labels == 1).sum())
    return Step(*score(chosen, wording.labels), expected.expected, true, is_done)


def ranges(steps: list[dict[int, Step]]) -> list[tuple[int, float, float]]:
    """Return the rows of `review.RANGES` that cover COVERED of some wordings."""
    tail = (1.0 - COVERED) / 2.0
    found = []
    for count in ASKED:
        ratios = [math.log((s[count].true + 1.0) / (s[count].expected + 1.0)) for s in steps]
        low, high = np.exp(np.quantile(ratios, [tail, 1.0 - tail]))
        found.append((count, round(float(min(low, 1.0)), 3), round(float(max(high, 1.0)), 3)))
    return found


def main() -> None:
    """Answer, measure, and write the ranges if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--newest", type=int, default=16, help="stories at the end, shown apart")
    given = parser.parse_args()
    newest, fit = newest_of(given.labelled, given.newest), fit_story.outcome_of(given.labelled)
    rows = [
        row
        for row in zip(fit.wordings, fit.places, fit.odds, fit.is_young, strict=True)
        if row[0].weight == 1.0
    ]
    with Pool(2) as pool:
        steps = pool.starmap(answered, rows, chunksize=4)
    wordings = [row[0] for row in rows]
    for count in ASKED:
        _show(count, [group_of(w, newest) for w in wordings], [s[count] for s in steps])
    covered = defaultdict(list)
    for part in folds_of(wordings):
        fitted = ranges([s for w, s in zip(wordings, steps, strict=True) if w.story not in part])
        for wording, each in zip(wordings, steps, strict=True):
            for count, low, high in fitted if wording.story in part else ():
                true, expected = each[count].true + 1.0, each[count].expected + 1.0
                covered[count].append(low * expected <= true <= high * expected)
    for count in ASKED:
        done = np.mean([s[count].is_done for s in steps])
        print(f"{count:2} answers: in the range {np.mean(covered[count]):.3f}, done {done:.3f}")
    found = ranges(steps)
    print(found)
    if given.write:
        review.RANGES.write_text(json.dumps(found) + "\n", "utf-8")


def _show(count: int, groups: list[tuple[str, str]], steps: list[Step]) -> None:
    found: dict[tuple[str, str], list[tuple[float, ...]]] = defaultdict(list)
    for (group, key), step in zip(groups, steps, strict=True):
        found[group, key].append(step[:3])
        found["all", key].append(step[:3])
    for (group, key), scores in sorted(found.items()):
        p, r, f = np.mean(scores, axis=0)
        print(f"{count:2} answers {group:7} {key:15} {p:.3f} {r:.3f} {f:.3f}", flush=True)


if __name__ == "__main__":
    main()
