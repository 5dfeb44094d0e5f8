"""The left-to-right cut of a query into segments: at each position the first link that fits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unicodedata import normalize

from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.query.model import CONCEPT, NAME, plain
from tracker.stories.segmentation.concept_linking import concept_part
from tracker.stories.segmentation.decompounding import compound, is_told_by_a_half
from tracker.stories.segmentation.dictionary_linking import is_kind_of_it, told, with_other_names
from tracker.stories.segmentation.entity_forms import (
    entity_part,
    in_english_letters,
    is_but_for_its_kind,
    known_name,
)
from tracker.stories.segmentation.entity_linking import alias, bound_name, firm
from tracker.stories.segmentation.name_recognition import is_coined, law_or_body, name, names
from tracker.stories.segmentation.rewriting import (
    closed_up,
    divided,
    is_a_place,
    leading,
    left_out,
    of_a_name,
    qualifies,
    what_ends,
    with_cause,
    with_holders,
    without_descriptions,
)
from tracker.stories.segmentation.truecasing import as_typed, in_small_letters, small_letters
from tracker.stories.text.casing import CAPITALIZING, capitals_are_informative
from tracker.stories.text.quantities import join_spaced_digits
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english, stop_words
from tracker.stories.text.tokenization import CAPITAL, FIGURE, LOWER, ROMAN, token_spans, tokenize
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import Part
    from tracker.stories.text.tokenization import Token


def segments(text: str, language: str, vocabulary: Lexicon) -> list[Part]:
    """Cut bare words into names, concepts and words, the longest match first."""
    if (described := without_descriptions(text)) != text:
        parts = segments(described, language, vocabulary)
        if any(part.kind == NAME and not is_a_place(part, vocabulary) for part in parts):
            return parts
    text = closed_up(join_spaced_digits(text, language), language, vocabulary)
    before, cause = divided(text, language)
    if cause:
        return with_cause(*(segments(each, language, vocabulary) for each in (before, cause)))
    typed = _with_numerals(tokenize(text, language))
    run = small_letters(typed, language, vocabulary)
    silent = _accented_functions(text, typed, language)
    parts = with_holders(_pieces(run, silent, language, vocabulary), vocabulary)
    parts += what_ends(parts, run, vocabulary)
    parts = [in_small_letters(part, typed, run, language, vocabulary) for part in parts]
    parts = [in_english_letters(part, language) for part in parts]
    return as_typed(parts, text)


def _accented_functions(text: str, typed: tuple[Token, ...], language: str) -> frozenset[int]:
    """Give the places of function words that have an accent, as no name has: über is no Uber."""
    if text.isascii():
        return frozenset()
    text = normalize("NFC", text)
    return frozenset(
        place
        for place, (word, (start, end)) in enumerate(zip(typed, token_spans(text), strict=True))
        if word.norm in stop_words(language) and not text[start:end].isascii()
    )


def _pieces(
    run: tuple[Token, ...], silent: frozenset[int], language: str, vocabulary: Lexicon
) -> list[Part]:
    """Cut a run; the words at `silent` places say nothing and name nobody."""
    parts: list[Part] = []
    unknown: list[Token] = []
    place = 0
    cased = any(word.shape not in (LOWER, FIGURE) for word in run)
    telling = capitals_are_informative(run)

    def end_name() -> None:
        parts.extend(_named(unknown, vocabulary))
        unknown.clear()

    while place < len(run):
        said = 1 if place in silent else leading(run, place, language)
        if said := said or of_a_name(run, place, language, vocabulary):
            end_name()
            place += said
            continue
        taken, part = _known(run, place, language, vocabulary)
        named = part is not None and bool(part.entity)
        if not named and (said := left_out(run, place, (unknown, parts), language, vocabulary)):
            end_name()
            place += said
            continue
        if unknown and _goes_on(run, place, (taken, part), language, vocabulary):
            unknown.append(run[place])
            place += 1
            continue
        taken, pieces = _cut(run, place, (taken, part), language, vocabulary)
        if not pieces and (
            says_nothing(run, place, language, vocabulary, telling=telling)
            or qualifies(run, place, language, vocabulary)
        ):
            taken = 1
        elif not pieces and _may_be_named(run, place, cased=cased, inside=bool(unknown or parts)):
            unknown.append(run[place])
            place += 1
            continue
        elif not pieces:
            taken, pieces = 1, [plain(run[place])]
        end_name()
        if pieces:
            taken, pieces = _in_one_phrase(run, place, (taken, pieces), language, vocabulary)
        parts += pieces
        place += taken
    end_name()
    return parts


def _cut(
    run: tuple[Token, ...],
    place: int,
    known: tuple[int, Part | None],
    language: str,
    vocabulary: Lexicon,
) -> tuple[int, list[Part]]:
    """Cut what is not `known` as a whole: a compound, a person; a German noun is a word."""
    taken, part = known
    called = part is not None and bool(part.entity)
    halves = compound(run[place], language, vocabulary) if taken <= 1 and not called else []
    if halves and (part is None or is_told_by_a_half(part, halves, language, vocabulary)):
        return 1, halves
    if part is None and language == "de" and is_german_noun(run[place], vocabulary.dictionary):
        return 1, [replace(plain(run[place]), known=True)]
    if part is None and _is_a_person(run, place, language, vocabulary):
        capitals = tuple(map(_with_capital, run[place : place + 2]))
        return 2, [known_name(name(capitals), vocabulary)]
    return taken, [part] if part else []


def _with_numerals(run: tuple[Token, ...]) -> tuple[Token, ...]:
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


def _in_one_phrase(
    run: tuple[Token, ...],
    place: int,
    known: tuple[int, list[Part]],
    language: str,
    vocabulary: Lexicon,
) -> tuple[int, list[Part]]:
    """Find what has words in common with what is `known` at a place: a name and its affair.

    The affair's phrase may begin with the name (AI bubble), and hold one (leaving Russia). One that
    begins with a word in small letters is no place's: paris sportifs are bets. Gives how many words
    they take together, and all parts.
    """
    taken, (part, *others) = known
    if part.entity and firm(run, place, language, vocabulary):  # of nvidia arm deal, a deal
        return taken, [part, *others]
    if part.entity:
        size, affair = concept_part(run, place, language, vocabulary)
        if affair is None or size <= taken:
            return taken, [part, *others]
        small = run[place].shape == LOWER and is_a_place(part, vocabulary)
        return size, [affair] if small else [part, *others, affair]
    end = place + taken
    inner = [at for at in range(place + 1, end) if run[at].shape != LOWER]
    within = [alias(run[:end], at, language, vocabulary) for at in inner]
    return taken, [part, *others, *(name for _, name in filter(None, within))]


def _named(unknown: list[Token], vocabulary: Lexicon) -> list[Part]:
    """Make names of words with capitals: one each where each is a short name: Kane Bayern.

    What ends as a river or a square does is one name.

    So it is where only the second is one, beside an unknown word that is no given name: Quux
    Arsenal.
    """
    if unknown and unknown[-1].norm in word_list("grounds"):
        return [known_name(part, vocabulary) for part in names(unknown)]
    alone = [known_name(part, vocabulary) for word in unknown for part in names([word])]
    if len(alone) > 1 and all(part.entity for part in alone):
        return alone
    if (
        len(alone) == _PAIR
        and vocabulary.gazetteer.kind(alone[1].entity) in _FIRMS
        and unknown[0].norm not in word_list("given")
        and not is_an_alias(unknown[0], vocabulary.gazetteer)
    ):
        return alone
    return [known_name(part, vocabulary) for part in names(unknown)]


_PAIR = 2
_FIRMS = frozenset({"company", "organisation"})


def _goes_on(
    run: tuple[Token, ...],
    place: int,
    known: tuple[int, Part | None],
    language: str,
    vocabulary: Lexicon,
) -> bool:
    """Tell whether an unknown name goes on with a word, whatever is `known` to begin there.

    So it does with the Air of Sriwijaya Air crash, the Story of Toy Story 5, the of of Isle of
    Quux.
    """
    size, part = known
    if part and part.kind == CONCEPT:
        office = run[place].norm in word_list("offices")
        return not office and capitals_are_informative(run) and halves_a_name(run, place, size)
    if part:
        return not part.known and run[place + size - 1].shape == FIGURE
    following = run[place + 1 : place + 2]
    return (
        run[place].shape == LOWER
        and run[place].norm in word_list("inside")
        and bool(following)
        and following[0].shape == CAPITAL
        and _known(run, place + 1, language, vocabulary)[1] is None
    )


def _may_be_named(run: tuple[Token, ...], place: int, *, cased: bool, inside: bool) -> bool:
    """Tell whether an unknown word is written as a name; a figure is one only with a name."""
    word, before = run[place], run[place - 1] if inside and place else None
    if word.shape == FIGURE and before and before.shape == LOWER:
        return False
    return (cased and word.shape != LOWER) or is_coined(word)


def _with_capital(word: Token) -> Token:
    return word._replace(text=word.text.title(), shape=CAPITAL)


def _is_a_person(run: tuple[Token, ...], place: int, language: str, vocabulary: Lexicon) -> bool:
    """Tell whether a given name and an unknown word behind it are typed small: micah quux."""
    pair = run[place : place + 2]
    return (
        len(pair) > 1
        and all(word.shape == LOWER for word in pair)
        and pair[0].norm in word_list("given")
        and not any(
            is_stop_word_here_or_in_english(word, language)
            or vocabulary.is_common(word.text, language)
            for word in pair
        )
        and _known(run, place + 1, language, vocabulary)[1] is None
    )


def _known(
    run: tuple[Token, ...], place: int, language: str, vocabulary: Lexicon
) -> tuple[int, Part | None]:
    """Find the longest name or concept of the vocabulary that begins at a place."""
    named = alias(run, place, language, vocabulary)
    if named and (shorter := _before_an_affair(run, place, named[0], language, vocabulary)):
        named = shorter
    if named is None and (befallen := firm(run, place, language, vocabulary)):
        return befallen
    size = law_or_body(run, place) if named is None else 0
    if size and concept_part(run, place, language, vocabulary)[0] < size:
        return size, known_name(name(run[place : place + size]), vocabulary)
    bound = bound_name(run, place, language, vocabulary)
    if (
        bound
        and (named is None or named[0] < bound[0])
        and (
            capitals_are_informative(run) or not _is_of_an_affair(run, place, language, vocabulary)
        )
        and not _is_numbered(run, place, language, vocabulary)
    ):
        return bound
    if named and not is_kind_of_it(run, place, named[0], language, vocabulary):
        return named[0], with_other_names(named[1], language, vocabulary)
    folds = tuple(word.norm for word in run[place:])
    surname = place > 0 and run[place - 1].norm in word_list("given")
    called = run[place].shape == CAPITAL and not surname
    for form, entity in vocabulary.gazetteer.starting(folds[0]) if called else ():
        if (
            len(form.tokens) > 1
            and is_but_for_its_kind(form)
            and not vocabulary.is_common(folds[0], language)  # last, for it reads all forms
        ):
            return 1, entity_part(entity, run[place : place + 1], vocabulary, None)
    found = told(run, place, language, vocabulary)
    return (0, None) if found[0] <= 1 and _is_of_a_ground(run, place) else found


def _is_of_a_ground(run: tuple[Token, ...], place: int) -> bool:
    """Tell whether a word begins the name of what is behind it: the Mississippi River."""
    pair = run[place : place + 2]
    capitals = capitals_are_informative(run) and all(word.shape == CAPITAL for word in pair)
    return capitals and pair[-1] is not pair[0] and pair[-1].norm in word_list("grounds")


def _before_an_affair(
    run: tuple[Token, ...], place: int, size: int, language: str, vocabulary: Lexicon
) -> tuple[int, Part] | None:
    """Find a name that ends before the last word of a longer one, where an affair begins with that.

    German military service is conscription in Germany, and nothing of the German military.
    """
    last = place + size - 1
    if size == 1 or run[last].shape != LOWER:
        return None
    if concept_part(run, last, language, vocabulary)[0] <= 1:
        return None
    shorter = alias(run[:last], place, language, vocabulary)
    return shorter if shorter and shorter[0] == size - 1 else None


def _is_numbered(run: tuple[Token, ...], place: int, language: str, vocabulary: Lexicon) -> bool:
    """Tell whether an affair is here that has a number in it: Chapter 11."""
    size = concept_part(run, place, language, vocabulary)[0]
    return size > 1 and run[place + size - 1].shape == FIGURE


def _is_of_an_affair(
    run: tuple[Token, ...], place: int, language: str, vocabulary: Lexicon
) -> bool:
    """Tell whether a concept of several words is here or behind a known name: India Air Crash."""
    start = place + 1 if is_an_alias(run[place], vocabulary.gazetteer) else place
    return concept_part(run[start:], 0, language, vocabulary)[0] > 1


def halves_a_name(run: tuple[Token, ...], place: int, size: int) -> bool:
    """Tell whether a concept of so many words would begin with the end of a name.

    That is so behind an unknown word with a capital, where capitals tell names: "Stream" in "Nord
    Stream sabotage", "Air crash" in "Sriwijaya Air crash".
    """
    rest = run[place + 1 : place + size]
    return run[place].shape == CAPITAL and (not rest or rest[0].shape == LOWER)


def says_nothing(
    run: tuple[Token, ...], place: int, language: str, vocabulary: Lexicon, *, telling: bool
) -> bool:
    """Tell whether a word of a query is a function word there, and not the name that it may be.

    Where words that are no names have no capital, an article with one is a name's: Le Monde.
    """
    word = run[place]
    if not is_stop_word_here_or_in_english(word, language):
        return False
    article = place and language not in CAPITALIZING and word.norm not in word_list("links")
    if word.shape == LOWER or word.text == "I" or not (telling or article):
        return True
    following = run[place + 1 : place + 2]
    begins = bool(following) and following[0].shape == CAPITAL
    if begins and word.norm in word_list("given"):  # Will Quux
        return False
    return not place and not is_an_alias(word, vocabulary.gazetteer)
