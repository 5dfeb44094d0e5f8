"""The left-to-right cut of a query into segments: at each position the first link that fits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unicodedata import normalize

from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.query.model import CONCEPT, NAME, word_segment
from tracker.stories.segmentation.concept_linking import link_concept
from tracker.stories.segmentation.context import (
    begins_geographic_name,
    cuts_a_name,
    is_concept_phrase,
    is_numbered_concept,
    is_silent,
    may_be_name,
)
from tracker.stories.segmentation.decompounding import is_linked_by_one_half, split_compound
from tracker.stories.segmentation.dictionary_linking import (
    add_dictionary_names,
    begins_a_class,
    link_term,
)
from tracker.stories.segmentation.entity_forms import (
    entity_segment,
    is_single_word_name,
    resolve_ambiguous_name,
)
from tracker.stories.segmentation.entity_linking import (
    link_company,
    link_entity,
    link_half_known_name,
)
from tracker.stories.segmentation.name_recognition import (
    law_or_body_length,
    name_segment,
    name_segments,
)
from tracker.stories.segmentation.rewriting import (
    close_split_phrases,
    description_length,
    is_place_or_government,
    is_qualifier,
    join_cause,
    lead_phrase_length,
    link_final_particle,
    omitted_length,
    remove_descriptions,
    split_at_cause,
)
from tracker.stories.segmentation.truecasing import add_lower_case_forms, show_as_typed, truecase
from tracker.stories.text.casing import capitals_are_informative
from tracker.stories.text.quantities import join_spaced_digits
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english, stop_words
from tracker.stories.text.tokenization import CAPITAL, FIGURE, LOWER, ROMAN, token_spans, tokenize
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.tokenization import Token


def segment_words(text: str, language: str, lexicon: Lexicon) -> list[QuerySegment]:
    """Cut bare words into names, concepts and words, the longest match first."""
    if (described := remove_descriptions(text)) != text:
        segments = segment_words(described, language, lexicon)
        if any(
            segment.kind == NAME and not is_place_or_government(segment, lexicon)
            for segment in segments
        ):
            return segments
    text = close_split_phrases(join_spaced_digits(text, language), language, lexicon)
    before, cause = split_at_cause(text, language)
    if cause:
        return join_cause(*(segment_words(each, language, lexicon) for each in (before, cause)))
    typed = _read_roman_numerals(tokenize(text, language))
    run = truecase(typed, language, lexicon)
    silent = _accented_stop_words(text, typed, language)
    segments = _segment_run(run, silent, language, lexicon)
    segments += link_final_particle(segments, run, lexicon)
    segments = [
        add_lower_case_forms(segment, typed, run, language, lexicon) for segment in segments
    ]
    return show_as_typed(segments, text)


def _accented_stop_words(text: str, typed: tuple[Token, ...], language: str) -> frozenset[int]:
    """Give the places of function words that have an accent, as no name has: über is no Uber."""
    if text.isascii():
        return frozenset()
    text = normalize("NFC", text)
    return frozenset(
        place
        for place, (word, (start, end)) in enumerate(zip(typed, token_spans(text), strict=True))
        if word.norm in stop_words(language) and not text[start:end].isascii()
    )


def _segment_run(
    run: tuple[Token, ...], silent: frozenset[int], language: str, lexicon: Lexicon
) -> list[QuerySegment]:
    """Cut a run; the words at `silent` places say nothing and name nobody."""
    segments: list[QuerySegment] = []
    unknown: list[Token] = []
    place = 0
    cased = any(word.shape not in (LOWER, FIGURE) for word in run)
    telling = capitals_are_informative(run)

    def end_name() -> None:
        segments.extend(_name_segments(unknown, lexicon))
        unknown.clear()

    while place < len(run):
        said = 1 if place in silent else lead_phrase_length(run, place, language)
        said = said or description_length(run, place, language, lexicon)
        taken, segment = (0, None) if said else _link_known(run, place, language, lexicon)
        if not said and not (segment and segment.entity):
            said = omitted_length(run, place, (unknown, segments), language, lexicon)
        if said:
            end_name()
            place += said
            continue
        if unknown and _continues_name(run, place, (taken, segment), language, lexicon):
            unknown.append(run[place])
            place += 1
            continue
        taken, pieces = _segment_unknown(run, place, (taken, segment), language, lexicon)
        if not pieces and (
            is_silent(run, place, language, lexicon, telling=telling)
            or is_qualifier(run, place, language, lexicon)
        ):
            taken = 1
        elif not pieces and may_be_name(run, place, cased=cased, inside=bool(unknown or segments)):
            unknown.append(run[place])
            place += 1
            continue
        elif not pieces:
            taken, pieces = 1, [word_segment(run[place])]
        end_name()
        if pieces:
            taken, pieces = _name_within_phrase(run, place, (taken, pieces), language, lexicon)
        segments += pieces
        place += taken
    end_name()
    return segments


def _segment_unknown(
    run: tuple[Token, ...],
    place: int,
    known: tuple[int, QuerySegment | None],
    language: str,
    lexicon: Lexicon,
) -> tuple[int, list[QuerySegment]]:
    """Cut what is not `known` as a whole: a compound, a person; a German noun is a word."""
    taken, segment = known
    called = segment is not None and bool(segment.entity)
    halves = split_compound(run[place], language, lexicon) if taken <= 1 and not called else []
    if halves and (segment is None or is_linked_by_one_half(segment, halves, language, lexicon)):
        return 1, halves
    if segment is None and language == "de" and is_german_noun(run[place], lexicon.dictionary):
        return 1, [replace(word_segment(run[place]), is_known=True)]
    if segment is None and _is_person_in_lower_case(run, place, language, lexicon):
        capitals = tuple(map(_capitalized, run[place : place + 2]))
        return 2, [resolve_ambiguous_name(name_segment(capitals), lexicon)]
    return taken, [segment] if segment else []


def _read_roman_numerals(run: tuple[Token, ...]) -> tuple[Token, ...]:
    """Read Roman figures in small letters, of two and more, behind a word: artemis ii."""
    return tuple(
        word._replace(norm=figure, stem=figure, shape=FIGURE)
        if at
        and word.shape == LOWER
        and len(word.norm) > 1
        and (figure := ROMAN.get(word.norm.upper(), ""))
        else word
        for at, word in enumerate(run)
    )


def _name_within_phrase(
    run: tuple[Token, ...],
    place: int,
    known: tuple[int, list[QuerySegment]],
    language: str,
    lexicon: Lexicon,
) -> tuple[int, list[QuerySegment]]:
    """Find what has words in common with what is `known` at a place: a name and its affair.

    The affair's phrase may begin with the name (AI bubble), and hold one (leaving Russia). One that
    begins with a word in small letters is no place's: paris sportifs are bets. Gives how many words
    they take together, and all parts.
    """
    taken, (segment, *others) = known
    if segment.entity and link_company(run, place, language, lexicon):  # of nvidia arm deal, a deal
        return taken, [segment, *others]
    if segment.entity:
        size, affair = link_concept(run, place, language, lexicon)
        if affair is None or size <= taken:
            return taken, [segment, *others]
        small = run[place].shape == LOWER and is_place_or_government(segment, lexicon)
        return size, [affair] if small else [segment, *others, affair]
    end = place + taken
    inner = [at for at in range(place + 1, end) if run[at].shape != LOWER]
    within = [link_entity(run[:end], at, language, lexicon) for at in inner]
    return taken, [segment, *others, *(name for _, name in filter(None, within))]


def _name_segments(unknown: list[Token], lexicon: Lexicon) -> list[QuerySegment]:
    """Make names of words with capitals: one each where each is a short name: Kane Bayern.

    What ends as a river or a square does is one name.

    So it is where only the second is one, beside an unknown word that is no given name: Quux
    Arsenal.
    """
    if unknown and unknown[-1].norm in word_list("grounds"):
        return [resolve_ambiguous_name(segment, lexicon) for segment in name_segments(unknown)]
    alone = [
        resolve_ambiguous_name(segment, lexicon)
        for word in unknown
        for segment in name_segments([word])
    ]
    if len(alone) > 1 and all(segment.entity for segment in alone):
        return alone
    if (
        len(alone) == _PAIR
        and lexicon.gazetteer.kind(alone[1].entity) in _FIRMS
        and unknown[0].norm not in word_list("given")
        and not is_an_alias(unknown[0], lexicon.gazetteer)
    ):
        return alone
    return [resolve_ambiguous_name(segment, lexicon) for segment in name_segments(unknown)]


_PAIR = 2
_FIRMS = frozenset({"company", "organisation"})


def _continues_name(
    run: tuple[Token, ...],
    place: int,
    known: tuple[int, QuerySegment | None],
    language: str,
    lexicon: Lexicon,
) -> bool:
    """Tell whether an unknown name goes on with a word, whatever is `known` to begin there.

    So it does with the Air of Sriwijaya Air crash, the Story of Toy Story 5, the of of Isle of
    Quux.
    """
    size, segment = known
    if segment and segment.kind == CONCEPT:
        office = run[place].norm in word_list("offices")
        return not office and capitals_are_informative(run) and cuts_a_name(run, place, size)
    if segment:
        return not segment.is_known and run[place + size - 1].shape == FIGURE
    following = run[place + 1 : place + 2]
    return (
        run[place].shape == LOWER
        and run[place].norm in word_list("inside")
        and bool(following)
        and following[0].shape == CAPITAL
        and _link_known(run, place + 1, language, lexicon)[1] is None
    )


def _capitalized(word: Token) -> Token:
    return word._replace(text=word.text.title(), shape=CAPITAL)


def _link_known(
    run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon
) -> tuple[int, QuerySegment | None]:
    """Find the longest name or concept of the vocabulary that begins at a place."""
    named = link_entity(run, place, language, lexicon)
    if named and (shorter := _name_before_concept(run, place, named[0], language, lexicon)):
        named = shorter
    if named is None and (befallen := link_company(run, place, language, lexicon)):
        return befallen
    size = law_or_body_length(run, place) if named is None else 0
    if size and link_concept(run, place, language, lexicon)[0] < size:
        return size, resolve_ambiguous_name(name_segment(run[place : place + size]), lexicon)
    bound = link_half_known_name(run, place, language, lexicon)
    if (
        bound
        and (named is None or named[0] < bound[0])
        and (capitals_are_informative(run) or not is_concept_phrase(run, place, language, lexicon))
        and not is_numbered_concept(run, place, language, lexicon)
    ):
        return bound
    if named and not begins_a_class(run, place, named[0], language, lexicon):
        return named[0], add_dictionary_names(named[1], language, lexicon)
    folds = tuple(word.norm for word in run[place:])
    surname = place > 0 and run[place - 1].norm in word_list("given")
    called = run[place].shape == CAPITAL and not surname
    for form, entity in lexicon.gazetteer.starting(folds[0]) if called else ():
        if (
            len(form.tokens) > 1
            and is_single_word_name(form)
            and not lexicon.is_common(folds[0], language)  # last, for it reads all forms
        ):
            return 1, entity_segment(entity, run[place : place + 1], lexicon, None)
    found = link_term(run, place, language, lexicon)
    return (0, None) if found[0] <= 1 and begins_geographic_name(run, place) else found


def _name_before_concept(
    run: tuple[Token, ...], place: int, size: int, language: str, lexicon: Lexicon
) -> tuple[int, QuerySegment] | None:
    """Find a name that ends before the last word of a longer one, where an affair begins with that.

    German military service is conscription in Germany, and nothing of the German military.
    """
    last = place + size - 1
    if size == 1 or run[last].shape != LOWER:
        return None
    if link_concept(run, last, language, lexicon)[0] <= 1:
        return None
    shorter = link_entity(run[:last], place, language, lexicon)
    return shorter if shorter and shorter[0] == size - 1 else None


def _is_person_in_lower_case(
    run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon
) -> bool:
    """Tell whether a given name and an unknown word behind it are typed small: micah quux."""
    pair = run[place : place + 2]
    return (
        len(pair) > 1
        and all(word.shape == LOWER for word in pair)
        and pair[0].norm in word_list("given")
        and not any(
            is_stop_word_here_or_in_english(word, language)
            or lexicon.is_common(word.text, language)
            for word in pair
        )
        and _link_known(run, place + 1, language, lexicon)[1] is None
    )
