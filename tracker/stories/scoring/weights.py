"""The constants of the evaluator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Weights:
    """The constants of the evaluator, in log-odds where they are added.

    Found by random search for the best mean F1 over 82 labelled stories, followed live and late,
    from what it had found on 100 others: real headlines, most of them English, and the seven
    languages of benchmarks/quality; `rare`, `open` and `explicit` over 324, `several_start`,
    `several_slope`, `lesser` and `unheard` by a few trials each over 408, `made_up` over 190;
    `meet` over 74 that name several, `part_of_subject` and `made_up_subject` over 61 without a
    name.
    `several_more` by six trials over 192 queries, half of them held out, that name somebody and
    tell an affair in two parts and more, and over benchmarks/quality.
    `weak_alone` by two trials over 240, `informs_power` by six over 34 whose affair has parts.
    `neighbour` and `neighbour_most` by some thirty trials over 1,343 queries for 261 stories.
    `elsewhere` by three trials over 288 queries for 96 stories.
    `names_enough` by five trials over 320 queries for 64 stories.
    `likeness` by a few trials over 184, of which 84 are of archives that are not English.
    `affair_power`, `several_slope`, `part_of_subject`, `unheard`, `together`, `neighbour` and
    `neighbour_most` once more, after other rules had changed: one at a time, the steps that were
    best for 462 queries for 241 stories, the twelve real ones and benchmarks/quality together.
    `linked`, `kept` and `maybe` are scores; `again` is how much more than `linked` it takes once a
    report was doubtful, and under `kept` a backfill lets go at its end of what it linked before:
    the best of five trials, three of them over 847 queries for 241 stories.
    """

    start: float = -3.82
    names: float = 2.93
    names_power: float = 0.8782
    names_enough: float = 2.25
    context: float = 0.6
    along: float = 0.8
    rare: float = 0.4908
    rare_most: float = 6.0313
    usual_a_year: float = 33.227
    share_power: float = 0.139
    made_up: float = 0.5
    made_up_subject: float = 0.3
    meet: float = 0.3
    meet_a_year: float = 75.0
    address: float = 0.8
    affair: float = 2.67
    affair_power: float = 1.912
    several_start: float = -0.4
    several_slope: float = 1.35
    several_more: float = 0.2
    informs_power: float = 0.5
    near: float = 0.446
    title: float = 0.6347
    every_name: float = 0.5182
    elsewhere: float = 0.6
    word: float = 0.866
    words_power: float = 1.278
    open: float = 0.5718
    open_several: float = 0.6
    unheard: float = 0.27
    short: float = 0.861
    bound: float = 1.0
    half: float = 0.6542
    synonym: float = 0.924
    narrower: float = 0.7649
    part_of_subject: float = 0.68
    alike: float = 0.8749
    habit: float = 0.2299
    weak: float = 0.6769
    weak_alone: float = 0.5
    kin: float = 0.35
    learned_for: float = 0.217
    learned_against: float = 0.345
    learned_most: float = 1.375
    learned_least: float = 1.7152
    learned_words: int = 37
    base: float = 0.446
    lesser: float = 0.1
    pattern: float = 0.334
    pattern_most: float = 0.9466
    time: float = 0.8459
    time_most: float = 0.7726
    surge: float = 1.043
    surge_most: float = 2.777
    window_in_days: int = 11
    prior: float = 0.415
    strength: float = 2.613
    fewest: float = 1.2881
    smooth_on: float = 7.771
    smooth_off: float = 24.3805
    explicit: float = 0.4136
    together: float = 0.8
    taken_on_trust: float = 0.349
    edited: float = 1.7
    similarity: float = 10.0
    similarity_from: float = 0.2
    count_power: float = 0.5976
    off_power: float = 1.195
    neighbour: float = 9.5
    neighbour_most: float = 2.6
    linked: float = 0.5
    again: float = 0.03
    kept: float = 0.3
    maybe: float = 0.2


WEIGHTS = Weights()
_REPORTS_A_YEAR = 60_000
"""So many reports a year come with the feeds that the weights were found on, at the most."""


@lru_cache(maxsize=16)
def weights_for(a_year: float | None) -> Weights:
    """Give the weights for feeds that bring so many reports a year; None for not known.

    A name that ten outlets tell of is in ten times as many reports, and no more everywhere than if
    one did. Feeds that bring less than those of the labelled stories change nothing.
    """
    times = (a_year or 0.0) / _REPORTS_A_YEAR
    if times <= 1.0:
        return WEIGHTS
    usual, meet = WEIGHTS.usual_a_year * times, WEIGHTS.meet_a_year * times
    return replace(WEIGHTS, usual_a_year=usual, meet_a_year=meet)
