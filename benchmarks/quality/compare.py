"""Compares two measurements story by story, with a 95 % interval of the mean difference.

    python benchmarks/quality/run.py --json > before.json
    (change the matcher)
    python benchmarks/quality/run.py --json > after.json
    python benchmarks/quality/compare.py before.json after.json
    python benchmarks/quality/compare.py --figure events --verbose before.json after.json
    python benchmarks/quality/compare.py before.tsv after.tsv     lines of: story, tab, figure

A paired bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13):
the stories are drawn with replacement, each with its two figures, and the interval holds 95 % of
the mean differences of the draws. An interval that contains 0 shows no effect. It covers the
choice of stories alone: with few stories that differ it is too narrow.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path
from statistics import fmean

FIGURES = ("f1", "precision", "recall", "events")
DRAWS = 10_000
_SEED = 20
"""Fixed, so that the same two files give the same interval."""


def load_figures(path: Path, figure: str) -> dict[str, dict[str, float]]:
    """Return the figure of each story, by set: the modes of `run.py --json`, or "all" of a table.

    A story that has no such figure (`events` where no two items tell one development) is left out.
    Raises ValueError where the file has neither form.
    """
    text = path.read_text("utf-8")
    if text.lstrip().startswith("{"):
        return {
            mode: {each["story"]: each[figure] for each in found if each[figure] is not None}
            for mode, found in json.loads(text).items()
        }
    rows = [line.split("\t") for line in text.splitlines() if line.strip()]
    if not rows or {len(row) for row in rows} != {2}:
        raise ValueError(f"{path} is neither JSON of run.py nor lines of story, tab, figure")
    return {"all": {story: float(value) for story, value in rows}}


def interval(differences: list[float], draws: int = DRAWS) -> tuple[float, float]:
    """Return the bounds that hold 95 % of the means of `draws` draws with replacement."""
    chance = random.Random(_SEED)  # noqa: S311 (no secret)
    size = len(differences)
    means = sorted(fmean(chance.choices(differences, k=size)) for _ in range(draws))
    return means[int(0.025 * draws)], means[int(0.975 * draws)]


def compare(before: dict[str, float], after: dict[str, float]) -> tuple[str, list[str]]:
    """Return a line on all stories that both sides have, and one on each that differs."""
    both = sorted(before.keys() & after.keys())
    if not both:
        raise ValueError("the two measurements have no story in common")
    differences = [after[story] - before[story] for story in both]
    least, most = interval(differences)
    changed = [story for story in both if before[story] != after[story]]
    whole = (
        f"{fmean(before[s] for s in both):.4f} -> {fmean(after[s] for s in both):.4f}"
        f"  {fmean(differences):+.4f} [{least:+.4f}, {most:+.4f}]"
        f"  {len(changed)} of {len(both)} stories differ"
    )
    return whole, [
        f"    {story:24} {before[story]:.3f} -> {after[story]:.3f}"
        f"  {after[story] - before[story]:+.3f}"
        for story in sorted(changed, key=lambda story: after[story] - before[story])
    ]


def main() -> None:
    """Read the options, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--figure", choices=FIGURES, default="f1", help="of JSON: which figure")
    parser.add_argument("--verbose", action="store_true", help="print each story that differs")
    options = parser.parse_args()
    try:
        before = load_figures(options.before, options.figure)
        after = load_figures(options.after, options.figure)
        found = {
            mode: compare(figures, after[mode]) for mode, figures in before.items() if mode in after
        }
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    if not found:
        sys.exit("the two measurements have no mode in common")
    for mode, (whole, stories) in found.items():
        print(f"{mode:9} {options.figure}  {whole}")
        for story in stories if options.verbose else ():
            print(story)


if __name__ == "__main__":
    main()
