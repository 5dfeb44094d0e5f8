"""Cutting the bare words of a query into names, concepts and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.capitals import halves_a_name, is_named, is_telling, says_nothing
from tracker.stories.figures import is_unit
from tracker.stories.meanings import concept_part
from tracker.stories.name_words import name_words
from tracker.stories.named import alias, bound_name, entity_part, known_name
from tracker.stories.parts import CONCEPT, NAME, YEAR, Part, is_of_a_model, names, plain
from tracker.stories.spelling import as_typed
from tracker.stories.text import CAPITAL, FIGURE, LOWER, Word, words

if TYPE_CHECKING:
    from tracker.stories.vocabulary import Vocabulary


def segments(text: str, language: str, vocabulary: Vocabulary) -> list[Part]:
    """Cut bare words into names, concepts and words, the longest match first."""
    run = words(text, language)
    parts: list[Part] = []
    unknown: list[Word] = []
    place = 0
    cased = any(word.shape not in (LOWER, FIGURE) for word in run)
    telling = is_telling(run)
    while place < len(run):
        taken, part = _known(run, place, language, vocabulary)
        if left_out := _is_a_version(run[place], unknown, parts) or _counts(run, place):
            place += left_out
            continue
        if unknown and _goes_on(run, place, (taken, part), language, vocabulary):
            unknown.append(run[place])
            place += 1
            continue
        if part is None and says_nothing(run, place, language, vocabulary, telling=telling):
            taken = 1
        elif part is None and _may_be_named(run, place, cased=cased, inside=bool(unknown or parts)):
            unknown.append(run[place])
            place += 1
            continue
        elif part is None:
            taken, part = 1, plain(run[place])
        parts.extend(_named(unknown, vocabulary))
        unknown = []
        if part:
            taken, more = _in_one_phrase(part, run[place:], taken, language, vocabulary)
            parts += [part, *more]
        place += taken
    parts.extend(_named(unknown, vocabulary))
    return as_typed(parts, text)


def _in_one_phrase(
    part: Part, run: tuple[Word, ...], taken: int, language: str, vocabulary: Vocabulary
) -> tuple[int, list[Part]]:
    """Find what has words in common with a part that takes so many: a name and its affair.

    The affair's phrase may begin with the name (AI bubble), and hold one (leaving Russia). Gives
    how many words they take together, and what there is beside the part.
    """
    if part.entity:
        size, affair = concept_part(run, 0, language, vocabulary)
        return (size, [affair]) if affair and size > taken else (taken, [])
    inner = [place for place in range(1, taken) if run[place].shape != LOWER]
    within = [alias(run[:taken], place, language, vocabulary) for place in inner]
    return taken, [name for _, name in filter(None, within)]


def _counts(run: tuple[Word, ...], place: int) -> int:
    """Give how many words tell a number that reports put otherwise: season 3, 30 billion, 35,000.

    As the first words they may be a name: 1984, 60 Minutes.
    """
    if not place or run[place].shape != FIGURE:
        return 0
    following = run[place + 1 : place + 2]
    if following and is_unit(following[0].fold):
        return 2
    counted = run[place - 1].fold in name_words("counted")
    return int(counted or len(run[place].fold) > YEAR)


def _is_a_version(word: Word, unknown: list[Word], parts: list[Part]) -> bool:
    """Tell whether a word only says which version of a product is meant: Pixel 10 Pro.

    Behind a word that the vocabulary does not know it belongs to the name: Surface Pro.
    """
    named = is_of_a_model(unknown[-1]) if unknown else bool(parts) and parts[-1].kind == NAME
    return named and word.shape != LOWER and word.fold in name_words("versions")


def _named(unknown: list[Word], vocabulary: Vocabulary) -> list[Part]:
    """Make names of words with capitals: one each where each is a short name: Kane Bayern.

    So it is where only the second is one, beside an unknown word that is no given name: Quux
    Arsenal.
    """
    alone = [known_name(part, vocabulary) for word in unknown for part in names([word])]
    if len(alone) > 1 and all(part.entity for part in alone):
        return alone
    if (
        len(alone) == _PAIR
        and vocabulary.names.kind(alone[1].entity) in _FIRMS
        and unknown[0].fold not in name_words("given")
        and not is_named(unknown[0], vocabulary)
    ):
        return alone
    return [known_name(part, vocabulary) for part in names(unknown)]


_PAIR = 2
_FIRMS = frozenset({"company", "organisation"})


def _goes_on(
    run: tuple[Word, ...],
    place: int,
    known: tuple[int, Part | None],
    language: str,
    vocabulary: Vocabulary,
) -> bool:
    """Tell whether an unknown name goes on with a word, whatever is `known` to begin there.

    So it does with the Air of Sriwijaya Air crash, the Story of Toy Story 5, the of of Isle of
    Quux.
    """
    size, part = known
    if part and part.kind == CONCEPT:
        office = run[place].fold in name_words("offices")
        return not office and is_telling(run) and halves_a_name(run, place, size)
    if part:
        return not part.known and run[place + size - 1].shape == FIGURE
    following = run[place + 1 : place + 2]
    return (
        run[place].shape == LOWER
        and run[place].fold in name_words("inside")
        and bool(following)
        and following[0].shape == CAPITAL
        and _known(run, place + 1, language, vocabulary)[1] is None
    )


def _may_be_named(run: tuple[Word, ...], place: int, *, cased: bool, inside: bool) -> bool:
    """Tell whether an unknown word is written as a name; a figure is one only with a name."""
    word, before = run[place], run[place - 1] if inside and place else None
    if word.shape == FIGURE and before and before.shape == LOWER:
        return False
    return (cased and word.shape != LOWER) or _is_coined(word)


def _is_coined(word: Word) -> bool:
    """Tell whether a word is a name by its spelling, whatever its case: d4vd."""
    letters = word.surface
    return len(letters) >= _COINED and letters[0].isalpha() and any(map(str.isdigit, letters))


_COINED = 4
"""Letters and figures from which on they are a name together; q3 and v2 are none."""


def _known(
    run: tuple[Word, ...], place: int, language: str, vocabulary: Vocabulary
) -> tuple[int, Part | None]:
    """Find the longest name or concept of the vocabulary that begins at a place."""
    named = alias(run, place, language, vocabulary)
    bound = bound_name(run, place, language, vocabulary)
    if (
        bound
        and (named is None or named[0] < bound[0])
        and (is_telling(run) or not _is_of_an_affair(run, place, language, vocabulary))
    ):
        return bound
    if named:
        return named
    folds = tuple(word.fold for word in run[place:])
    for form, entity in vocabulary.names.starting(folds[0]) if run[place].shape == CAPITAL else ():
        kind = form.key[1:]
        if (
            kind
            and all(word in name_words("binds-before") for word in kind)
            and not vocabulary.is_common(folds[0], language)  # last, for it reads all forms
        ):
            return 1, entity_part(entity, run[place : place + 1], vocabulary, None)
    return concept_part(run, place, language, vocabulary)


def _is_of_an_affair(
    run: tuple[Word, ...], place: int, language: str, vocabulary: Vocabulary
) -> bool:
    """Tell whether a concept of several words is here or behind a known name: India Air Crash."""
    start = place + 1 if is_named(run[place], vocabulary) else place
    return concept_part(run[start:], 0, language, vocabulary)[0] > 1
