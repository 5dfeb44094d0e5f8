"""Rewriting a query before it is cut: descriptions, causes and split compounds."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.lexicon.forms import ANY_LANGUAGE
from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.query.model import CONCEPT, NAME, WORD, YEAR
from tracker.stories.segmentation.concept_linking import concept_part, named_concepts
from tracker.stories.segmentation.entity_forms import entity_part
from tracker.stories.segmentation.entity_linking import alias, bound_name
from tracker.stories.segmentation.name_recognition import is_of_a_model
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
    from tracker.stories.query.model import Part
    from tracker.stories.text.tokenization import Token


_JOINED = re.compile(r"[^\W_]+-([^\W\d_]+)(?=\s+\w)")


def without_descriptions(text: str) -> str:
    """Give bare words without those that describe what is behind them: London-bound Air India."""
    kept = _JOINED.sub(
        lambda found: "" if found[1].lower() in word_list("describing") else found[0], text
    )
    return " ".join(kept.split()) if kept != text else text


def is_a_place(part: Part, vocabulary: Lexicon) -> bool:
    """Tell whether a name is one of the vocabulary's countries, their governments, or places."""
    return part.place or vocabulary.gazetteer.kind(part.entity) == "government"


def leading(run: tuple[Token, ...], place: int, language: str) -> int:
    """Give how many words at a place say how far it has come: in talks to buy; 0 for none.

    They are typed small, and something follows.
    """
    if run[place].shape != LOWER:
        return 0
    folds = tuple(word.norm for word in run[place:])
    found = next((len(each) for each in leads(language) if folds[: len(each)] == each), 0)
    return found if found < len(folds) else 0


def of_a_name(run: tuple[Token, ...], place: int, language: str, vocabulary: Lexicon) -> int:
    """Give how many words say of what country and kind the name behind them is; 0 for none.

    Chinese tech giant Huawei is Huawei; the ban of a Chinese firm is another affair.
    """
    country = alias(run, place, language, vocabulary)
    if country is None or vocabulary.gazetteer.kind(country[1].entity) != "country":
        return 0
    kinds = appositions(language) | word_list("makers")
    for end in range(place + country[0] + 1, min(place + country[0] + _DESCRIBING, len(run))):
        if run[end - 1].shape != LOWER:
            return 0
        named = alias(run, end, language, vocabulary) if run[end - 1].norm in kinds else None
        if named:
            return 0 if is_a_place(named[1], vocabulary) else end - place
    return 0


_DESCRIBING = 3
"""So many words, but one, stand between a country and the name at the most: US tech firm Quux."""


def with_holders(parts: list[Part], vocabulary: Lexicon) -> list[Part]:
    """Take a product and the word for who makes or owns it for that company: TikTok owner."""
    found: list[Part] = []
    for part in parts:
        asked = part.kind == WORD and part.text.lower() in word_list("holders")
        holder = _holder(found[-1], vocabulary) if asked and found else ""
        if holder:
            called = tokenize(vocabulary.gazetteer.aliases(holder)[0].text, "")
            found[-1] = entity_part(holder, called, vocabulary, None)
        else:
            found.append(part)
    return found


def _holder(part: Part, vocabulary: Lexicon) -> str:
    """Give the one company that is known for what a part names; "" for none and for several."""
    firms = [
        firm
        for firm in (vocabulary.gazetteer.related_by(part.entity) if part.kind == NAME else ())
        if vocabulary.gazetteer.kind(firm) == "company"
    ]
    return firms[0] if len(firms) == 1 and not part.person else ""


def what_ends(parts: list[Part], run: tuple[Token, ...], vocabulary: Lexicon) -> list[Part]:
    """Give what the last word tells of what works or does not: aws down; none elsewhere.

    Prices and sales are down otherwise.
    """
    phrase = endings().get(run[-1].norm) if len(run) > 1 else None
    if phrase is None or not parts or not _works(parts[-1], vocabulary):
        return []
    _, told = concept_part(tokenize(phrase, "en"), 0, "en", vocabulary)
    return [replace(told, text=run[-1].text, forms={ANY_LANGUAGE: ()})] if told else []


def _works(part: Part, vocabulary: Lexicon) -> bool:
    """Tell whether a part may be down: a name but a person's or a place's, or a kind of systems."""
    if part.kind == NAME:
        return not part.person and not is_a_place(part, vocabulary)
    last = tokenize(part.text, "")[-1].norm.removesuffix("s")
    return last in word_list("programs") | word_list("systems")


def qualifies(run: tuple[Token, ...], place: int, language: str, vocabulary: Lexicon) -> bool:
    """Tell whether a word only says how something is, which reports say otherwise: bad flu season.

    Of two words it may be half of a title (worst roommates), but before what names an affair.
    """
    word = run[place]
    says_how = word.norm in qualifiers(language) or word.norm in qualifiers("en")
    if word.shape != LOWER or not says_how:
        return False
    if len(run) >= _BESIDE_TWO:
        return True
    _, told = concept_part(run, place + 1, language, vocabulary) if run[place + 1 :] else (0, None)
    return told is not None and bool(named_concepts(told))


_BESIDE_TWO = 3


def left_out(
    run: tuple[Token, ...],
    place: int,
    before: tuple[list[Token], list[Part]],
    language: str,
    vocabulary: Lexicon,
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
        return int(versions and _is_a_product(*before, vocabulary))
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
    german = language == "de" and is_german_noun(following[0], vocabulary.dictionary)
    return int(german or following[0].shape == LOWER)


def _is_a_product(unknown: list[Token], parts: list[Part], vocabulary: Lexicon) -> bool:
    """Tell whether the words so far end with what has versions; a person has none."""
    if unknown:
        return is_of_a_model(unknown[-1])
    last = parts[-1] if parts else None
    return (
        last is not None
        and last.kind == NAME
        and vocabulary.gazetteer.kind(last.entity) in {"", "company", "product"}
    )


def divided(text: str, language: str) -> tuple[str, str]:
    """Give the words of a query before and behind what says that a cause follows; "" for none."""
    typed = text.split()
    folds = [" ".join(word.norm for word in tokenize(each, language)) for each in typed]
    for place in range(1, len(typed)):
        for phrase in causes(language):
            end = place + len(phrase)
            if end < len(typed) and tuple(folds[place:end]) == phrase:
                return " ".join(typed[:place]), " ".join(typed[end:])
    return text, ""


def with_cause(parts: Sequence[Part], cause: Sequence[Part]) -> list[Part]:
    """Put parts and their cause together, but for names that reports need not give as such.

    That is where the rest says what happens to what: "airline layoffs" are told of without Covid.
    """
    telling = [part for part in parts if part.kind != WORD and not part.open]
    told = len(telling) > 1 and any(part.kind == CONCEPT for part in telling)
    return [*parts, *(each for each in cause if not (told and each.kind == NAME))]


def closed_up(text: str, language: str, vocabulary: Lexicon) -> str:
    """Give bare words with the names that part a phrase before it: Tesla take private."""
    run, places = tokenize(text, language), token_spans(text)
    if len(run) != len(places):
        return text
    for at, word in enumerate(run[:-2]):
        taken = _named(run, at, language, vocabulary)
        end = at + 1 + taken
        if (
            taken
            and end < len(run)
            and _is_a_phrase((word, *run[end:]), language, vocabulary)
            and not any(_is_listed(run[n:], end - n, language, vocabulary) for n in range(at, end))
        ):
            begins, parts, goes_on = places[at][0], places[at + 1][0], places[end][0]
            name = text[parts:goes_on].rstrip()
            return f"{text[:begins]}{name} {text[begins:parts]}{text[goes_on:]}"
    return text


def _named(run: tuple[Token, ...], place: int, language: str, vocabulary: Lexicon) -> int:
    """Give how many words of a name stand behind a place; 0 for none, and where it begins before.

    An unknown one is told by its capital, and by the small letters of what stands before it.
    """
    begun = alias(run, place, language, vocabulary)
    if (begun and begun[0] > 1) or bound_name(run, place, language, vocabulary):  # Air France
        return 0
    if known := alias(run, place + 1, language, vocabulary):
        return known[0]
    return int(run[place].shape == LOWER != run[place + 1].shape)


def _is_a_phrase(run: tuple[Token, ...], language: str, vocabulary: Lexicon) -> bool:
    """Tell whether words begin as the vocabulary lists a phrase of two words and more.

    Not where the first says by itself what happens (approves Nexstar deal), but before a function
    word: shut TikTok down.
    """
    alone = vocabulary.meanings((run[0].text,), language)
    if any(not each.foreign for each in alone) and not is_stop_word_here_or_in_english(
        run[1], language
    ):
        return False
    return _is_listed(run, 2, language, vocabulary)


def _is_listed(run: tuple[Token, ...], size: int, language: str, vocabulary: Lexicon) -> bool:
    """Tell whether words begin as a phrase of at least so many words, and two, is listed.

    Where one has the name in it, the name parts nothing: frozen Russian assets.
    """
    found = vocabulary.meanings(tuple(word.text for word in run), language)
    return any(each.size >= max(size, 2) and each.exact and not each.foreign for each in found)
