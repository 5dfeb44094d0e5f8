"""The parameters of the scoring model and its thresholds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Weights:
    """Parameters of the scoring model: a logistic regression over the features of an item.

    Random search maximized the mean F1 over labelled stories, replayed live and as a backfill.
    Later features were fitted one at a time on other queries; docs/decisions/ has data and results.
    """

    # Log-odds of an item without any evidence, and of the match of the query.
    intercept: float = -3.82  # log-odds of any item before evidence, < 0
    name_coverage: float = 2.93  # log-odds × name coverage ** name_coverage_power, > 0
    name_coverage_power: float = 0.8782  # exponent of the name coverage
    aspects: float = 2.67  # log-odds × aspect level × coverage ** aspects_coverage_power, > 0
    aspects_coverage_power: float = 1.912  # exponent of coverage in coverage_factor
    several_aspects_intercept: float = -0.4  # log-odds × coverage, several aspects, < 0
    several_aspects_factor: float = 1.35  # factor of aspect log-odds, several aspects
    additional_aspect: float = 0.2  # log-odds × coverage, for each aspect beyond the first, > 0
    proximity: float = 0.446  # log-odds × proximity of name and aspect (0..1), > 0
    focus_in_title: float = 0.6347  # log-odds if a focus segment stands in the title, > 0
    all_names_in_title: float = 0.5182  # log-odds if the title has all names, > 0
    semantic: float = 10.0  # log-odds × similarity above semantic_threshold, > 0
    semantic_threshold: float = 0.2  # sentence similarity from which on it counts

    # Name coverage, in 0..1.
    sufficient_names: float = 2.25  # number of names whose match is full coverage
    background_share: float = 0.6  # weight of a background name; that of any other name is 1
    name_share_power: float = 0.139  # exponent of reports a year in a name's weight, as in idf
    cooccurrence_share: float = 0.8  # factor of the expected level of a name that is not matched
    aspect_compensation: float = 0.5  # share of missing coverage that aspects replace
    aspect_compensation_nameless: float = 0.3  # the same for a query without names
    place_conflict_factor: float = 0.6  # factor of the coverage of an item that names another place

    # Levels of matches, in 0..1; that of an exact match is 1.
    short_form_level: float = 0.861  # short form of a name
    associated_level: float = 1.0  # form associated with a name or concept, instance of a class
    partial_level: float = 0.6542  # one token of a name of two
    synonym_level: float = 0.924  # synonym of a concept
    near_synonym_level: float = 0.8749  # near-synonym, or a phrase in another order
    narrower_level: float = 0.7649  # narrower concept, as an aspect
    narrower_focus_level: float = 0.68  # narrower concept, as the focus
    ambiguous_level: float = 0.6769  # ambiguous form of a concept
    ambiguous_only_level: float = 0.5  # ambiguous form of the only segment of a query
    related_level: float = 0.35  # related concept
    address_factor: float = 0.8  # factor of the level of a match in the address

    # Aspects.
    unknown_word_share: float = 0.866  # weight of an unknown aspect; that of a concept is 1
    unknown_words_power: float = 1.278  # exponent of the aspect level without any concept
    information_power: float = 0.5  # exponent of -log p in the weight of an aspect
    optional_level: float = 0.5718  # least level of an optional aspect, with one focus segment
    optional_level_several: float = 0.6  # the same with several focus segments
    implicit_aspect: float = 0.27  # highest aspect level that the names alone can imply

    # Base rates of such items; log-odds, for or against.
    rarity: float = 0.4908  # log-odds × ln(typical / observed reports a year with these names)
    rarity_cap: float = 6.0313  # bound of that logarithm, either sign
    typical_reports_a_year: float = 33.227  # reports a year of a typical name, as prior
    cooccurrence_bonus: float = 0.3  # log-odds for a query that combines unrelated names, > 0
    cooccurrence_reports_a_year: float = 75.0  # rate above which the bonus shrinks
    pattern: float = 0.334  # factor of the log-odds of a match pattern over its completeness class
    completeness: float = 0.446  # factor of the log-odds of the completeness class over prior_rate
    pattern_cap: float = 0.9466  # bound of both together, either sign
    incomplete_share: float = 0.1  # weight of counts of less complete patterns in a class
    base_rate_discount: float = 0.2299  # share that an explicit aspect match removes

    # Learned terms.
    positive_term: float = 0.217  # factor of the log-odds of a term that speaks for the story
    negative_term: float = 0.345  # factor of the log-odds of a term that speaks against it
    positive_terms_cap: float = 1.375  # highest sum of log-odds of an item's terms
    negative_terms_cap: float = 1.7152  # the same below 0, without its sign
    term_limit: int = 37  # number of terms of an item that count, the strongest
    min_term_count: float = 1.2881  # weighted items from which on a term counts
    smoothing_on: float = 7.771  # items added on the story, with a term's overall rate (Laplace)
    smoothing_off: float = 24.3805  # items added off the story
    manual_term: float = 1.7  # log-odds × weight (-1..1) that the user set for a term

    # Dates.
    day_rate: float = 0.8459  # factor of the log-odds of the share on the story around a day
    day_rate_cap: float = 0.7726  # bound of it, either sign
    window_in_days: int = 11  # days before and after that count for the day rate
    surge: float = 1.043  # log-odds × ln(reports around the day / usual) × squared share, > 0
    surge_cap: float = 2.777  # bound of that logarithm

    # Items that show only a name of many affairs.
    supporting_terms: float = 0.2  # log-odds of learned terms from which on dates and habit count

    # Counting items in the profile.
    prior_rate: float = 0.415  # share on the story before any count
    prior_strength: float = 2.613  # items by which a count is shrunk to its prior
    explicit_threshold: float = 0.4136  # explicit level × coverage of a certain item
    explicit_threshold_names_only: float = 0.8  # the same for a query without aspects
    self_training_share: float = 0.349  # weight of an item on the story by its score alone
    count_coverage_power: float = 0.5976  # exponent of the coverage in the weight of an item
    negative_power: float = 1.195  # exponent of 1 - score in the weight of an item off the story

    # The second pass.
    neighbour: float = 9.5  # log-odds × similarity to the nearest certain item, > 0
    neighbour_cap: float = 2.6  # bound of it

    # Thresholds of the score, in 0..1.
    link_threshold: float = 0.5  # score from which on an item is linked
    hysteresis: float = 0.03  # added to link_threshold for an item that was a maybe before
    keep_threshold: float = 0.3  # score at which a backfill keeps a link at its end
    maybe_threshold: float = 0.2  # score from which on an item is a maybe


WEIGHTS = Weights()
_TRAINING_REPORTS_A_YEAR = 60_000
"""The most reports a year that the feeds of the labelled stories bring."""


@lru_cache(maxsize=16)
def weights_for(a_year: float | None) -> Weights:
    """Return the weights for feeds that bring so many reports a year, None if unknown.

    With more feeds a name stands in proportionally more reports, which says nothing about its
    rarity: the two rates of reports a year are scaled. Feeds that bring less change nothing.
    """
    times = (a_year or 0.0) / _TRAINING_REPORTS_A_YEAR
    if times <= 1.0:
        return WEIGHTS
    usual, meet = (
        WEIGHTS.typical_reports_a_year * times,
        WEIGHTS.cooccurrence_reports_a_year * times,
    )
    return replace(WEIGHTS, typical_reports_a_year=usual, cooccurrence_reports_a_year=meet)
