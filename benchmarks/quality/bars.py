"""The recorded quality, and what has fallen below it.

bars.toml has the macro F1 of the links and of the events of each run, and the F1 of each story.
`run.py --record` writes it, and `run.py --bars` compares with it.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from run import Figures

SLACK = 0.003
"""How far a mean may fall below what is recorded: a change of the data files moves it by less."""
STORY_SLACK = 0.05
"""How far the F1 of one story may fall; with twelve items one link moves it by .04."""
_HEAD = """\
# The quality that was recorded by `python benchmarks/quality/run.py --record`. Tests fail where a
# mean falls by more than .003 below it, or the F1 of a story by more than .05.
"""


def mean(values: Sequence[float | None]) -> float:
    """Return the mean of those that are not None, 0 where there is none."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else 0.0


def means(figures: Sequence[Figures]) -> dict[str, float]:
    """Return the macro F1 of links and of events."""
    return {
        "f1": mean([each.f1 for each in figures]),
        "events": mean([each.events for each in figures]),
    }


def record(path: Path, results: Mapping[str, Sequence[Figures]], agreement: float) -> None:
    """Write what was measured: by name, the figures of each run."""
    rows = [_HEAD, f"agreement = {agreement:.4f}"]
    for name, figures in results.items():
        rows += ["", f"[{name}]"]
        rows += [f"{what} = {value:.4f}" for what, value in means(figures).items()]
        rows += ["", f"[{name}.stories]"]
        rows += [f"{each.story} = {each.f1:.4f}" for each in figures]
    path.write_text("\n".join(rows) + "\n", "utf-8")


def load(path: Path) -> dict[str, Any]:
    """Read what was recorded."""
    return tomllib.loads(path.read_text("utf-8"))


def misses(
    recorded: Mapping[str, Any], results: Mapping[str, Sequence[Figures]], agreement: float | None
) -> list[str]:
    """Name in words what has fallen below what is recorded.

    `agreement` is None where live and backfill did not both run.
    """
    found = []
    if agreement is not None and agreement < recorded["agreement"] - SLACK:
        found.append(f"agreement is {agreement:.3f}, recorded is {recorded['agreement']:.3f}")
    for name, figures in results.items():
        bars = recorded[name]
        for what, value in means(figures).items():
            if value < bars[what] - SLACK:
                found.append(f"{name}: {what} is {value:.3f}, recorded is {bars[what]:.3f}")
        for each in figures:
            bar = bars["stories"][each.story]
            if each.f1 < bar - STORY_SLACK:
                found.append(f"{name}: {each.story} has {each.f1:.2f}, recorded is {bar:.2f}")
    return found
