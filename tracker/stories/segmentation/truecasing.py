"""Undoing the capitals of a sentence or a headline, and showing segments as typed."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY_LANGUAGE
from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.query.model import NAME
from tracker.stories.segmentation.concept_linking import link_concept
from tracker.stories.segmentation.dictionary_linking import find_entries
from tracker.stories.segmentation.entity_linking import link_entity, link_half_known_name
from tracker.stories.segmentation.name_recognition import law_or_body_length
from tracker.stories.text.casing import (
    CAPITALIZING,
    capitals_are_informative,
    is_typed_in_lower_case,
)
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english
from tracker.stories.text.tokenization import CAPITAL, FIGURE, LOWER, token_spans, tokenize
from tracker.stories.text.wordlists import open_words, plain_words, qualifiers, word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.tokenization import Token


def truecase(run: tuple[Token, ...], language: str, lexicon: Lexicon) -> tuple[Token, ...]:
    """Take the capitals away that tell no name."""
    if _is_question(run, language, lexicon) or _begins_with_a_verb(run, language, lexicon):
        run = (_lower_cased(run[0]), *run[1:])
    if len(run) > 1 and language in CAPITALIZING and not capitals_are_informative(run):
        return _truecase_headline(run, language, lexicon)
    if is_typed_in_lower_case(run):
        return _truecase_sentence(run, language, lexicon)
    return run


def add_lower_case_forms(
    segment: QuerySegment,
    typed: Sequence[Token],
    run: Sequence[Token],
    language: str,
    lexicon: Lexicon,
) -> QuerySegment:
    """Find an unknown name in small letters too, where it may be a word: Shoes off.

    `run` is what `small_letters` made of the words `typed`. So may be the only one with a capital,
    the first, but not what may be several of a known name, nor a common word alone. In a headline,
    each may.
    """
    if segment.kind != NAME or segment.entity:
        return segment
    if is_typed_in_lower_case(typed):
        first = typed[0].norm
        if segment.forms[ANY_LANGUAGE][0].tokens[0] != first or lexicon.gazetteer.starting(
            first.removesuffix("s")
        ):
            return segment
        if len(typed) == 1 and lexicon.is_common(typed[0].text, language):
            return segment
    elif run == typed:
        return segment
    forms = tuple(form._replace(text=form.text.lower()) for form in segment.forms[ANY_LANGUAGE])
    return replace(segment, forms={**segment.forms, ANY_LANGUAGE: forms})


def _is_question(run: tuple[Token, ...], language: str, lexicon: Lexicon) -> bool:
    """Tell whether a query is a question that begins as a name may: Will Assange be extradited.

    A known name stands behind that word, and there are four words and more.
    """
    if language != "en" or len(run) < _A_QUESTION or run[0].shape != CAPITAL:
        return False
    begins = is_stop_word_here_or_in_english(run[0], language) and run[0].norm in word_list("given")
    if not begins or link_entity(run, 0, language, lexicon):
        return False
    folds = tuple(word.norm for word in run[1:])
    names = lexicon.gazetteer.starting(folds[0])
    return any(folds[: len(form.tokens)] == form.tokens for form, _ in names)


_A_QUESTION = 4


def _begins_with_a_verb(run: tuple[Token, ...], language: str, lexicon: Lexicon) -> bool:
    """Tell whether a German question begins with a plain word: Kommt der Kampfjet."""
    return (
        language == "de"
        and len(run) > 1
        and run[0].shape == CAPITAL
        and run[0].stem in plain_words(language)
        and not is_german_noun(run[0], lexicon.dictionary)
        and not is_an_alias(run[0], lexicon.gazetteer)
    )


def _truecase_sentence(
    run: tuple[Token, ...], language: str, lexicon: Lexicon
) -> tuple[Token, ...]:
    """Take the first word's capital away where it is a sentence's: Stablecoin bill.

    Not where the vocabulary has a name of that word alone, as in Bears stadium, or knows nothing of
    it, nor before a figure: Line 5. A person may have it for either: Kawhi leonard.
    """
    first, following = run[:1], run[1:2]
    if not following or first[0].shape != CAPITAL or following[0].shape == FIGURE:
        return run
    fold = first[0].norm
    if len(fold) == 1:
        return run
    small = (_lower_cased(first[0]), *run[1:])
    called = link_entity(small, 0, language, lexicon)
    if called and called[0] > 1 and called[1].is_person:
        return small
    if is_an_alias(first[0], lexicon.gazetteer):
        return run
    given = fold in word_list("given")
    return small if given or _is_common_word(first[0], language, lexicon) else run


def _truecase_headline(
    run: tuple[Token, ...], language: str, lexicon: Lexicon
) -> tuple[Token, ...]:
    """Take the capitals of what tells affairs away, and of a common word that stands alone.

    Names keep theirs, as Bondi Beach of "Bondi Beach Shooting", and all words where none tells an
    affair: the Ever Given is a ship.
    """
    small = tuple(_lower_cased(word) for word in run)
    told, known = [False] * len(run), [False] * len(run)
    headline = language == "en"  # in which all words have capitals, not just nouns
    affairs = place = 0
    while place < len(run):
        before = run[place - 1] if place else None
        named = link_entity(run, place, language, lexicon)
        named = named or link_half_known_name(run, place, language, lexicon)
        taken = named[0] if named else law_or_body_length(run, place)
        size = _concept_length(small, place, language, lexicon)
        surname = before is not None and before.norm in word_list("given")
        if taken and taken >= size:
            known[place : place + taken] = [True] * taken
            place += taken
        elif size and not (surname and headline) and not is_an_alias(run[place], lexicon.gazetteer):
            told[place : place + size] = [True] * size
            affairs += 1
            place += size
        else:
            told[place] = headline and is_stop_word_here_or_in_english(run[place], language)
            place += 1
    if not affairs:
        return run
    for place, word in enumerate(run if headline else ()):
        beside = (n for n in (place - 1, place + 1) if 0 <= n < len(run))
        alone = not known[place] and all(told[n] or known[n] for n in beside)
        if (
            alone
            and _is_common_word(word, language, lexicon)
            and not is_an_alias(word, lexicon.gazetteer)
        ):
            told[place] = True
    return tuple(small[n] if told[n] else word for n, word in enumerate(run))


def _concept_length(run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon) -> int:
    """Give how many words at a place tell an affair; 0 for none.

    One word does as it is listed, or with the ending of an inflection: no stream is streaming.
    """
    word = run[place]
    if word.norm in open_words(language):
        return 1
    size, segment = link_concept(run, place, language, lexicon)
    if segment is None or size > 1:
        return size
    listed = (
        meaning
        for each in {word.text, *map(word.text.removesuffix, _ENDINGS)}
        for meaning in lexicon.meanings((each,), language)
    )
    return size if any(meaning.exact and not meaning.foreign for meaning in listed) else 0


_ENDINGS = ("s", "es", "d", "ed", "ing")


def _is_common_word(word: Token, language: str, lexicon: Lexicon) -> bool:
    """Tell whether a word is a common one, whatever its capital says."""
    if is_stop_word_here_or_in_english(word, language) or lexicon.is_common(word.text, language):
        return True
    if any(entry["en"][0].islower() for entry in find_entries((word,), language, lexicon)[1]):
        return True
    return any(word.norm in listed(language) for listed in (qualifiers, open_words))


def _lower_cased(word: Token) -> Token:
    if word.shape != CAPITAL:
        return word
    return word._replace(text=word.text.lower(), shape=LOWER)


def show_as_typed(segments: list[QuerySegment], text: str) -> list[QuerySegment]:
    """Have parts show the words of a text as they stand there, with accents and hyphens."""
    if text.isascii() and all(segment.text in text for segment in segments):  # as nearly all are
        return segments
    text = unicodedata.normalize("NFC", text)
    read, places = tokenize(text, ""), token_spans(text)
    folds = [word.norm for word in read]

    def typed(shown: str) -> str:
        own = [word.norm for word in tokenize(shown, "")]
        size = len(own)
        at = next((n for n in range(len(folds)) if folds[n : n + size] == own), None)
        if at is not None:
            return text[places[at][0] : places[at + size - 1][1]]
        return next(filter(None, (_shown_half(shown, text[a:b]) for a, b in places)), shown)

    def spelled(form: SurfaceForm) -> SurfaceForm:
        found = typed(form.text)
        bare = " ".join(word.text for word in tokenize(found, ""))
        if form.text == bare.lower():  # read in small letters, it is found in them
            return form._replace(text=found.lower())
        return form._replace(text=found) if form.text == bare else form

    return [
        replace(
            segment,
            text=typed(segment.text),
            forms={**segment.forms, ANY_LANGUAGE: tuple(map(spelled, segment.forms[ANY_LANGUAGE]))},
        )
        for segment in segments
    ]


def _shown_half(shown: str, word: str) -> str:
    """Give the piece of a compound that is shown, as it is typed there; "" where it has none.

    A letter that is folded to two would shift what is behind it.
    """
    size, folded = len(shown), normalize(word)
    if len(folded) != len(word) or folded == word.casefold():
        return ""
    if folded.startswith(normalize(shown)):
        return word[:size]
    return shown[:1] + word[1 - size :] if folded.endswith(normalize(shown)) else ""
