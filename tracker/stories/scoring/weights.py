"""The levels of matches, and how they make up the coverage of a query's names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Levels (0..1) of the kinds of matches, and the constants of `NameCoverage`.

    Random search maximized the mean F1 over labelled stories. What an item's levels say for its
    story is fitted: see `linear_model`.
    """

    # Name coverage, in 0..1.
    sufficient_names: float = 2.25  # number of names whose match is full coverage
    surplus_without_aspects: float = 0.5  # share of the surplus that counts without aspects
    background_share: float = 0.6  # weight of a background name; that of any other name is 1
    aspect_compensation: float = 0.25  # share of missing coverage that aspects replace
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
    optional_level: float = 0.5718  # least level of an optional aspect, with one focus segment
    optional_level_several: float = 0.6  # the same with several focus segments


WEIGHTS = Weights()
