"""Rewriting a query before it is cut: descriptions, causes and split compounds."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY_LANGUAGE
from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.query.model import CONCEPT, NAME, WORD, YEAR
from tracker.stories.segmentation.concept_linking import link_concept, named_concepts
from tracker.stories.segmentation.entity_linking import link_entity, link_half_known_name
from tracker.stories.segmentation.name_recognition import is_model_token
from tracker.stories.text.quantities import DATED, MONTHS, is_unit
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english
from tracker.stories.text.tokenization import FIGURE, LOWER, token_spans, tokenize
from tracker.stories.text.wordlists import (
    appositions,
    causes,
    endings,
    leads,
    qualifiers,
    word_list,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.tokenization import Token


_JOINED = re.compile(r"[^\W_]+-([^\W\d_]+)(?=\s+\w)")


def remove_descriptions(text: str) -> str:
    """Give bare words without those that describe what is behind them: London-bound Air India."""
    kept = _JOINED.sub(
        lambda found: "" if found[1].lower() in word_list("describing") else found[0], text
    )
    return " ".join(kept.split()) if kept != text else text


def is_place_or_government(segment: QuerySegment, lexicon: Lexicon) -> bool:
    """Tell whether a name is one of the vocabulary's countries, their governments, or places."""
    return segment.is_place or lexicon.gazetteer.kind(segment.entity) == "government"


def lead_phrase_length(run: tuple[Token, ...], place: int, language: str) -> int:
    """Give how many words at a place say how far it has come: in talks to buy; 0 for none.

    They are typed small, and something follows.
    """
    if run[place].shape != LOWER:
        return 0
    folds = tuple(word.norm for word in run[place:])
    found = next((len(each) for each in leads(language) if folds[: len(each)] == each), 0)
    return found if found < len(folds) else 0


def description_length(run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon) -> int:
    """Give how many words say of what country and kind the name behind them is; 0 for none.

    Chinese tech giant Huawei is Huawei; the ban of a Chinese firm is another affair.
    """
    country = link_entity(run, place, language, lexicon)
    if country is None or lexicon.gazetteer.kind(country[1].entity) != "country":
        return 0
    kinds = appositions(language) | word_list("makers")
    for end in range(place + country[0] + 1, min(place + country[0] + _DESCRIBING, len(run))):
        if run[end - 1].shape != LOWER:
            return 0
        named = link_entity(run, end, language, lexicon) if run[end - 1].norm in kinds else None
        if named:
            return 0 if is_place_or_government(named[1], lexicon) else end - place
    return 0


_DESCRIBING = 3
"""So many words, but one, stand between a country and the name at the most: US tech firm Quux."""


def link_final_particle(
    segments: list[QuerySegment], run: tuple[Token, ...], lexicon: Lexicon
) -> list[QuerySegment]:
    """Give what the last word tells of what works or does not: aws down; none elsewhere.

    Prices and sales are down otherwise.
    """
    phrase = endings().get(run[-1].norm) if len(run) > 1 else None
    if phrase is None or not segments or not _may_fail(segments[-1], lexicon):
        return []
    _, told = link_concept(tokenize(phrase, "en"), 0, "en", lexicon)
    return [replace(told, text=run[-1].text, forms={ANY_LANGUAGE: ()})] if told else []


def _may_fail(segment: QuerySegment, lexicon: Lexicon) -> bool:
    """Tell whether a part may be down: a name but a person's or a place's, or a kind of systems."""
    if segment.kind == NAME:
        return not segment.is_person and not is_place_or_government(segment, lexicon)
    last = tokenize(segment.text, "")[-1].norm.removesuffix("s")
    return last in word_list("programs") | word_list("systems")


def is_qualifier(run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon) -> bool:
    """Tell whether a word only says how something is, which reports say otherwise: bad flu season.

    Of two words it may be half of a title (worst roommates), but before what names an affair.
    """
    word = run[place]
    says_how = word.norm in qualifiers(language) or word.norm in qualifiers("en")
    if word.shape != LOWER or not says_how:
        return False
    if len(run) >= _BESIDE_TWO:
        return True
    _, told = link_concept(run, place + 1, language, lexicon) if run[place + 1 :] else (0, None)
    return told is not None and bool(named_concepts(told))


_BESIDE_TWO = 3


def omitted_length(
    run: tuple[Token, ...],
    place: int,
    before: tuple[list[Token], list[QuerySegment]],
    language: str,
    lexicon: Lexicon,
) -> int:
    """Give how many words there say what reports put otherwise, or leave out.

    `before` are the words of an unknown name that has not ended there, and the parts so far.

    So it is with versions of products (Pixel 10 Pro), numbers (season 3) and amounts (30 billion,
    35,000), and the days of months. As the first words they may be a name (1984, 60 Minutes), but
    for how many there are of what is no name: 150 citizens. Behind a word that the vocabulary does
    not know a version belongs to it (Surface Pro).
    """
    word, following = run[place], run[place + 1 : place + 2]
    if word.shape != FIGURE:
        versions = word.shape != LOWER and word.norm in word_list("versions")
        return int(versions and _ends_with_product(*before, lexicon))
    if following and is_unit(following[0].norm):
        return 2
    if following and following[0].norm in DATED:
        return 1 if following[0].norm in MONTHS else 2
    if place:
        last = run[place - 1].norm
        of_month = last in MONTHS and len(word.norm) < YEAR
        counted = last in word_list("counted") or last in word_list("articles")
        return int(of_month or counted or len(word.norm) > YEAR)
    if len(run) < _BESIDE_TWO or len(word.norm) == YEAR:
        return 0
    german = language == "de" and is_german_noun(following[0], lexicon.dictionary)
    return int(german or following[0].shape == LOWER)


def _ends_with_product(
    unknown: list[Token], segments: list[QuerySegment], lexicon: Lexicon
) -> bool:
    """Tell whether the words so far end with what has versions; a person has none."""
    if unknown:
        return is_model_token(unknown[-1])
    last = segments[-1] if segments else None
    return (
        last is not None
        and last.kind == NAME
        and lexicon.gazetteer.kind(last.entity) in {"", "company", "product"}
    )


def split_at_cause(text: str, language: str) -> tuple[str, str]:
    """Give the words of a query before and behind what says that a cause follows; "" for none."""
    typed = text.split()
    folds = [" ".join(word.norm for word in tokenize(each, language)) for each in typed]
    for place in range(1, len(typed)):
        for phrase in causes(language):
            end = place + len(phrase)
            if end < len(typed) and tuple(folds[place:end]) == phrase:
                return " ".join(typed[:place]), " ".join(typed[end:])
    return text, ""


def join_cause(
    segments: Sequence[QuerySegment], cause: Sequence[QuerySegment]
) -> list[QuerySegment]:
    """Put parts and their cause together, but for names that reports need not give as such.

    That is where the rest says what happens to what: "airline layoffs" are told of without Covid.
    """
    telling = [segment for segment in segments if segment.kind != WORD and not segment.optional]
    told = len(telling) > 1 and any(segment.kind == CONCEPT for segment in telling)
    return [*segments, *(each for each in cause if not (told and each.kind == NAME))]


def close_split_phrases(text: str, language: str, lexicon: Lexicon) -> str:
    """Give bare words with the names that part a phrase before it: Tesla take private."""
    run, places = tokenize(text, language), token_spans(text)
    if len(run) != len(places):
        return text
    for at, word in enumerate(run[:-2]):
        taken = _name_length(run, at, language, lexicon)
        end = at + 1 + taken
        if (
            taken
            and end < len(run)
            and _begins_listed_phrase((word, *run[end:]), language, lexicon)
            and not any(
                _is_listed_phrase(run[n:], end - n, language, lexicon) for n in range(at, end)
            )
        ):
            begins, apart, goes_on = places[at][0], places[at + 1][0], places[end][0]
            name = text[apart:goes_on].rstrip()
            return f"{text[:begins]}{name} {text[begins:apart]}{text[goes_on:]}"
    return text


def _name_length(run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon) -> int:
    """Give how many words of a name stand behind a place; 0 for none, and where it begins before.

    An unknown one is told by its capital, and by the small letters of what stands before it.
    """
    begun = link_entity(run, place, language, lexicon)
    if (begun and begun[0] > 1) or link_half_known_name(
        run, place, language, lexicon
    ):  # Air France
        return 0
    if known := link_entity(run, place + 1, language, lexicon):
        return known[0]
    return int(run[place].shape == LOWER != run[place + 1].shape)


def _begins_listed_phrase(run: tuple[Token, ...], language: str, lexicon: Lexicon) -> bool:
    """Tell whether words begin as the vocabulary lists a phrase of two words and more.

    Not where the first says by itself what happens (approves Nexstar deal), but before a function
    word: shut TikTok down.
    """
    alone = lexicon.meanings((run[0].text,), language)
    if any(not each.foreign for each in alone) and not is_stop_word_here_or_in_english(
        run[1], language
    ):
        return False
    return _is_listed_phrase(run, 2, language, lexicon)


def _is_listed_phrase(run: tuple[Token, ...], size: int, language: str, lexicon: Lexicon) -> bool:
    """Tell whether words begin as a phrase of at least so many words, and two, is listed.

    Where one has the name in it, the name parts nothing: frozen Russian assets.
    """
    found = lexicon.meanings(tuple(word.text for word in run), language)
    return any(each.size >= max(size, 2) and each.exact and not each.foreign for each in found)
