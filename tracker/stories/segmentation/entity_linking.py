"""From a span of tokens to the entity that it names."""

from __future__ import annotations

from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.query.model import HEAD_FIRST, YEAR
from tracker.stories.segmentation.concept_linking import link_concept
from tracker.stories.segmentation.entity_forms import (
    entity_segment,
    is_single_word_name,
    resolve_ambiguous_name,
)
from tracker.stories.segmentation.name_recognition import name_segment
from tracker.stories.text.casing import (
    capitals_are_informative,
    is_plural_acronym,
    is_typed_in_lower_case,
)
from tracker.stories.text.normalization import normalize
from tracker.stories.text.quantities import DATED, MONTHS, is_unit
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english
from tracker.stories.text.tokenization import CAPITAL, FIGURE, LOWER, MIXED, UPPER, tokenize
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.forms import SurfaceForm
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.tokenization import Token


@lru_cache(maxsize=1 << 9)
def link_entity(
    run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon
) -> tuple[int, QuerySegment] | None:
    """Find the longest alias of the vocabulary's that stands at a place, with its figure.

    What is found is remembered: whether a place is a name
    depends on what is behind it, where the next place may be, and each would multiply the time.
    """
    folds = tuple(word.norm for word in run[place:])
    for form, entity in lexicon.gazetteer.starting(folds[0]):
        size = len(form.tokens)
        named = form, entity
        if folds[:size] != form.tokens or (
            form.ambiguous and not _is_name_in_context(run, place, named, language, lexicon)
        ):
            continue
        if form.case_sensitive and not _is_acronym_here(run, place, language, lexicon):
            continue
        if form.text.isupper() and _is_common_word(run[place], language, lexicon):
            continue
        if _is_lower_case_phrase(run, place, form, lexicon):
            continue
        if size == 1 and is_a_common_noun(run[place], entity, language, lexicon):
            continue
        if size == 1 and _is_surname_of_another(run, place, entity, lexicon):
            return None
        if _begins_unknown_name(run, place + size, entity, language, lexicon):
            continue
        head, its_own = _described_short_name(run[place : place + size], form, entity, lexicon)
        if head and not its_own:
            continue
        size = head or size
        figure = _version_number(entity, run, place + size, language, lexicon)
        found = entity_segment(entity, run[place : place + size], lexicon, figure)
        return size + (figure is not None), found
    return None


def _is_name_in_context(
    run: tuple[Token, ...],
    place: int,
    named: tuple[SurfaceForm, str],
    language: str,
    lexicon: Lexicon,
) -> bool:
    """Tell whether a word that also means something else is a name here.

    One that is marked for it is where all is typed small, any where it has the capital that all
    beside it have not: protesta Vuelta. A word of several with capitals is of a longer name, and a
    country's town is not the country.
    """
    form, entity = named
    if form.preferred and is_typed_in_lower_case(run):
        return True
    if language not in HEAD_FIRST or not place or not capitals_are_informative(run):
        return False
    beside = (run[place - 1], *run[place + len(form.tokens) : place + len(form.tokens) + 1])
    small = all(word.shape in (LOWER, FIGURE) for word in beside)
    return small and form.text == run[place].text and not lexicon.gazetteer.is_place(entity)


def _is_surname_of_another(
    run: tuple[Token, ...], place: int, entity: str, lexicon: Lexicon
) -> bool:
    """Tell whether a surname stands behind a given name that the known person does not have."""
    before = run[place - 1] if place else None
    return (
        before is not None
        and before.shape == CAPITAL
        and before.norm in word_list("given")
        and lexicon.gazetteer.kind(entity) == "person"
        and all(before.norm not in form.tokens for form in lexicon.gazetteer.aliases(entity))
    )


def _is_acronym_here(run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon) -> bool:
    """Tell whether a word is an acronym: in capitals, or where the whole query is in small letters.

    Not where it is a word as well: aws outage, but not who. The pronoun "us" is no word of a
    headline.
    """
    word = run[place]
    if word.shape == UPPER or not is_typed_in_lower_case(run):
        return word.shape == UPPER
    if word.norm == "us" and language == "en":
        return word.shape == LOWER and len(run) > 1
    return not is_stop_word_here_or_in_english(word, language) and not lexicon.is_common(
        word.text, language
    )


def _is_common_word(word: Token, language: str, lexicon: Lexicon) -> bool:
    """Tell whether a word typed small is a common one: Spanish echa is no ECHA."""
    return word.shape == LOWER and lexicon.is_common(word.text, language)


def _version_number(
    entity: str, run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon
) -> Token | None:
    """Give the figure at a place if it tells which one of the entity's is meant: iPhone 17.

    It is none of a person's, nor the 5G of Huawei 5G, nor the 30 of Quux 30 billion. Of a company
    it is a model's, as in Boeing 777X, and not the process of Intel 18A.
    """
    word = run[place] if place < len(run) else None
    if word is None or not _is_version_number(run, place, language, lexicon):
        return None
    kind = lexicon.gazetteer.kind(entity)
    modelled = word.norm.isdecimal() or sum(map(str.isdigit, word.norm)) >= _OF_A_MODEL
    return word if kind == "product" or (kind != "person" and modelled) else None


_OF_A_MODEL = 3


def _is_version_number(run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon) -> bool:
    """Tell whether a figure numbers a name: it is none (5G), and no amount (30 billion, 35,000)."""
    following = run[place + 1 : place + 2]
    return (
        run[place].shape == FIGURE
        and len(run[place].norm) <= YEAR
        and not (following and (is_unit(following[0].norm) or following[0].norm in DATED))
        and link_entity(run, place, language, lexicon) is None
    )


def _is_lower_case_phrase(
    run: tuple[Token, ...], place: int, form: SurfaceForm, lexicon: Lexicon
) -> bool:
    """Tell whether common words are typed in small letters, behind a capital, that a name has.

    A refugee camp fire in Greece is not the Camp Fire. Nor are several MPs the bank MPS.
    """
    typed = run[place : place + len(form.tokens)]
    if len(typed) == 1 and is_plural_acronym(typed[0]):
        return form.text != typed[0].text
    return (
        len(typed) > 1
        and not form.is_lower_case
        and all(word.shape == LOWER for word in typed)
        and any(word.shape not in (LOWER, FIGURE) for word in run)
        and all(lexicon.is_common(word.text, "en") for word in typed)
    )


def _begins_unknown_name(
    run: tuple[Token, ...], end: int, entity: str, language: str, lexicon: Lexicon
) -> bool:
    """Tell whether a place is the first word of an unknown name, where capitals tell names.

    Thames Water and Paris Hilton are neither a river nor a town; Texas Hill Country is in Texas,
    and so is the GOP of Texas GOP.
    """
    if (
        lexicon.gazetteer.kind(entity) != "place"
        or end == len(run)
        or not capitals_are_informative(run)
    ):
        return False
    unknown = 0
    while end + unknown < len(run) and run[end + unknown].shape in (CAPITAL, MIXED):
        if run[end + unknown].norm in word_list("offices"):
            break
        if language == "de" and is_german_noun(run[end + unknown], lexicon.dictionary):
            break
        if link_entity(run, end + unknown, language, lexicon):
            break
        unknown += 1
    return unknown == 1


def _described_short_name(
    typed: tuple[Token, ...], form: SurfaceForm, entity: str, lexicon: Lexicon
) -> tuple[int, bool]:
    """Give how many words of an alias are a shorter name, with what it is about behind it; else 0.

    With it goes whether these, which say little alone, are the entity's by what follows: Cruise
    robotaxis. In "Facebook whistleblower", what is in small letters asks for an affair of
    Facebook's. "Apple watch" is the product, which has a capital there: the vocabulary writes
    "Apple Watch", and the Amazon rainforest is none of Amazon's.
    """
    listed = tokenize(form.text, "")
    # Where all words are typed alike, its capitals are those that it is listed with.
    written = typed if len({word.shape == LOWER for word in typed}) > 1 else listed
    head = tuple(word.norm for word in takewhile(lambda word: word.shape != LOWER, written))
    tail = listed[len(head) :]
    if all(word.shape != LOWER for word in tail):
        return 0, False
    # What describes it is in small letters, which leaves Notre-Dame-des-Landes alone.
    small = all(word.shape == LOWER for word in written[len(head) :])
    if not small or not 0 < len(head) < len(typed):
        return 0, False
    called = [
        (other.ambiguous, named)
        for other, named in lexicon.gazetteer.starting(head[0])
        if other.tokens == head
    ]
    strong = {named for weak, named in called if not weak}
    its_own = not strong and any(named == entity for _, named in called)
    person = bool(strong) and lexicon.gazetteer.kind(entity) == "person"
    return (len(head), its_own) if its_own or person or entity in strong else (0, False)


def link_half_known_name(
    run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon
) -> tuple[int, QuerySegment] | None:
    """Find a name such as Air Canada or Artemis 2, of which the vocabulary may know only a half."""
    word, following = run[place], run[place + 1 : place + 2]
    of_date = word.norm in MONTHS and bool(following) and following[0].shape == FIGURE
    if word.shape == LOWER or not following or following[0].shape == LOWER or of_date:
        return None
    numbered = len(following[0].norm) < YEAR and _is_version_number(
        run, place + 1, language, lexicon
    )
    if numbered and place and run[place - 1].norm in word_list("given"):
        numbered = place + 2 == len(run)  # a person has no number: Anna Quux 60 Minutes
    if numbered and is_an_alias(
        word, lexicon.gazetteer
    ):  # strong names have taken their numbers already
        product = resolve_ambiguous_name(name_segment((word,)), lexicon).entity
        if lexicon.gazetteer.kind(product) != "product":
            return None
        return 2, entity_segment(product, (word,), lexicon, following[0])
    binds = word.norm in word_list("binds-next")
    if binds and is_stop_word_here_or_in_english(word, language):  # a New Pope is no New Quux
        binds = not lexicon.is_common(following[0].text, language)
    if numbered or binds:
        return 2, resolve_ambiguous_name(name_segment(run[place : place + 2]), lexicon)
    rest = list(takewhile(lambda other: other.norm in word_list("binds-before"), run[place + 1 :]))
    if rest and link_entity(run, place + 1, language, lexicon) is None:  # TAP Air France
        return 1 + len(rest), name_segment((word, *rest))
    return None


_PLURALS = ("s", "es", "x")
"""What is put to a thing's word for several of it, where things are written small."""


def is_a_common_noun(word: Token, entity: str, language: str, lexicon: Lexicon) -> bool:
    """Tell whether a small word, like the name of a place, is a thing's: camarones are shrimp.

    As the dictionary has it, not by its stem: no madrid is a madre. Who is of a place is written
    small anyway: of `huelga chilena` none is a bicycle kick.
    """
    names = lexicon.gazetteer
    if word.shape != LOWER or language == "en" or not names.is_place(entity):
        return False
    if any(form.is_lower_case and form.text == word.text for form in names.aliases(entity)):
        return False
    _, entries = lexicon.dictionary.find((word.stem,), language)
    things = (entry[language] for entry in entries if entry["en"][0].islower())
    return any(
        _has_dictionary_form(word.norm, normalize(thing)) for each in things for thing in each
    )


def _has_dictionary_form(word: str, thing: str) -> bool:
    return word == thing or (word.startswith(thing) and word.removeprefix(thing) in _PLURALS)


def link_company(
    run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon
) -> tuple[int, QuerySegment] | None:
    """Find a company that is called by the one word at a place, where the rest says it is one.

    So it is with the first word of what befalls companies (target boycott), and with the word
    beside another company in what they have with each other (nvidia arm deal).
    """
    may_be = run[place].shape != LOWER or is_typed_in_lower_case(run)
    entity = _company_called(run[place], lexicon) if may_be else ""
    if not entity:
        return None
    beside = _is_company_name(run, place + 1, 1, lexicon, language) or any(
        _is_company_name(run, place - size, size, lexicon, language) for size in (1, 2)
    )
    affairs = word_list("of-firms") if beside or not place else frozenset[str]()
    if beside:
        affairs |= word_list("between-firms")
    if affairs.isdisjoint(_concepts_behind(run, place, language, lexicon)):
        return None
    return 1, entity_segment(entity, run[place : place + 1], lexicon, None)


def _company_called(word: Token, lexicon: Lexicon) -> str:
    """Give the only company that is called by a word, alone or with what kind it is; "" for none.

    An acronym is in capitals, or in small letters with the rest of the query.
    """
    firms = {
        entity
        for form, entity in lexicon.gazetteer.starting(word.norm)
        if is_single_word_name(form)
        if not form.case_sensitive or word.shape in (LOWER, UPPER)
        if lexicon.gazetteer.kind(entity) == "company"
    }
    return firms.pop() if len(firms) == 1 else ""


def _is_company_name(
    run: tuple[Token, ...], place: int, size: int, lexicon: Lexicon, language: str
) -> bool:
    """Tell whether the name of a company has so many words at a place."""
    if not 0 <= place < len(run):
        return False
    found = link_entity(run, place, language, lexicon)
    return bool(found and found[0] >= size and lexicon.gazetteer.kind(found[1].entity) == "company")


def _concepts_behind(
    run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon
) -> set[str]:
    """Give the concepts of the words behind a place, each word and each phrase."""
    return {
        concept
        for at in range(place + 1, len(run))
        for end in (at + 1, len(run))
        if (segment := link_concept(run[:end], at, language, lexicon)[1])
        for concept in segment.concepts
    }
