"""Names in the words of a query: those that the vocabulary knows, and those told by their form."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from tracker.stories.capitals import is_telling
from tracker.stories.forms import ANY, BOUND, FULL, HALF, Form
from tracker.stories.name_words import name_words
from tracker.stories.parts import NAME, YEAR, Part, name
from tracker.stories.text import FIGURE, LOWER, UPPER, Word, words

if TYPE_CHECKING:
    from tracker.stories.vocabulary import Vocabulary


def alias(run: tuple[Word, ...], place: int, vocabulary: Vocabulary) -> tuple[int, Part] | None:
    """Find the longest alias of the vocabulary's that stands at a place, with its figure."""
    folds = tuple(word.fold for word in run[place:])
    for form, entity in vocabulary.names.starting(folds[0]):
        size = len(form.key)
        upper = not form.upper or run[place].shape == UPPER
        if folds[:size] != form.key or form.weak or not upper:
            continue
        if _is_no_name_here(run, place, form, vocabulary):
            continue
        if _begins_a_name(run, place + size, entity, vocabulary):
            continue
        if not _is_described(run[place : place + size], entity, vocabulary):
            figure = run[place + size] if place + size < len(run) else None
            person = vocabulary.names.kind(entity) == "person"
            numbered = figure is not None and figure.shape == FIGURE and not person
            typed = run[place : place + size]
            found = entity_part(entity, typed, vocabulary, figure if numbered else None)
            return size + numbered, found
    return None


def _is_no_name_here(run: tuple[Word, ...], place: int, form: Form, vocabulary: Vocabulary) -> bool:
    """Tell whether common words are typed in small letters, behind a capital, that a name has.

    A refugee camp fire in Greece is not the Camp Fire.
    """
    typed = run[place : place + len(form.key)]
    return (
        len(typed) > 1
        and not form.text.islower()
        and all(word.shape == LOWER for word in typed)
        and any(word.shape != LOWER for word in run)
        and all(vocabulary.is_common(word.surface, "en") for word in typed)
    )


def _begins_a_name(run: tuple[Word, ...], end: int, entity: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a place is the first word of an unknown name, where capitals tell names.

    Thames Water and Paris Hilton are neither a river nor a town; Texas Hill Country is in Texas.
    """
    if vocabulary.names.kind(entity) != "place" or end == len(run) or not is_telling(run):
        return False
    unknown = 0
    while end + unknown < len(run) and run[end + unknown].shape not in (LOWER, FIGURE):
        if run[end + unknown].fold in name_words("offices"):
            break
        if alias(run, end + unknown, vocabulary):
            break
        unknown += 1
    return unknown == 1


def _is_described(typed: tuple[Word, ...], entity: str, vocabulary: Vocabulary) -> bool:
    """Tell whether an alias is a shorter name with what it is about behind it.

    In "Facebook whistleblower", what is in small letters asks for an affair of Facebook's.
    """
    head = tuple(word.fold for word in takewhile(lambda word: word.shape != LOWER, typed))
    return 0 < len(head) < len(typed) and any(
        form.key == head and (named == entity or not form.weak)
        for form, named in vocabulary.names.starting(head[0])
    )


def known_name(part: Part, vocabulary: Vocabulary) -> Part:
    """Give the entity that a name of one word is weakly an alias of, if there is just one.

    In a report, "Fed" or "Zoom" alone says little; who types it means what is called so. Places
    are left out: Dublin is a way to say Ireland, but who types it means the town.
    """
    read = words(part.text, "")
    if part.known or part.kind != NAME:
        return part
    if len(read) != 1:
        return _by_its_own_word(part, vocabulary)
    found = {
        entity
        for form, entity in vocabulary.names.starting(read[0].fold)
        if form.key == (read[0].fold,) and (not form.upper or read[0].shape == UPPER)
    }
    if len(found) != 1 or vocabulary.names.kind(entity := found.pop()) in _PLACES:
        return part
    return entity_part(entity, read, vocabulary, None)


def _by_its_own_word(part: Part, vocabulary: Vocabulary) -> Part:
    """Let the one of an unknown name's two words stand for it that is no common word.

    CentOS is CentOS Stream, and no stream is.
    """
    halves = [form for form in part.forms[ANY] if form.level == HALF]
    if [len(form.key) for form in halves] != [1, 1]:
        return part
    own = [form for form in halves if not vocabulary.is_common(form.text, "en")]
    if len(own) != 1 or any(vocabulary.names.starting(form.key[0]) for form in halves):
        return part
    kept = tuple(form for form in part.forms[ANY] if form not in halves)
    return replace(part, forms={**part.forms, ANY: (*kept, replace(own[0], level=FULL))})


_SUFFIX = 3
"""Letters up to which a word of a longer name is no short form of it: the Pro of Vision Pro."""
_PLACES = frozenset({"country", "place"})


def bound_name(run: tuple[Word, ...], place: int) -> tuple[int, Part] | None:
    """Find a name such as Air Canada or Artemis 2, of which the vocabulary may know only a half."""
    word, following = run[place], run[place + 1 : place + 2]
    if word.shape == LOWER or not following or following[0].shape == LOWER:
        return None
    numbered = following[0].shape == FIGURE and len(following[0].fold) < YEAR
    if numbered and place and run[place - 1].fold in name_words("given"):
        numbered = place + 2 == len(run)  # a person has no number: Anna Quux 60 Minutes
    if numbered or word.fold in name_words("binds-next"):
        return 2, name(run[place : place + 2])
    rest = list(takewhile(lambda other: other.fold in name_words("binds-before"), run[place + 1 :]))
    if rest:
        return 1 + len(rest), name((word, *rest))
    return None


def entity_part(
    entity: str, typed: tuple[Word, ...], vocabulary: Vocabulary, figure: Word | None
) -> Part:
    """Make a part of an entity; with a figure, of the one of that number (iPhone 17)."""
    kind = vocabulary.names.kind(entity)
    text = " ".join(word.surface for word in typed)
    folds = tuple(word.fold for word in typed)
    forms = [
        form if form.key != folds else replace(form, weak=False)
        for form in vocabulary.names.aliases(entity)
    ]
    if not figure and all(form.key != folds for form in forms):
        forms.append(Form(text, folds))
    if len(typed) > 1 and not figure:
        forms += [
            Form(word.surface, (word.fold,), weak=True)
            for word in typed
            if {named for _, named in vocabulary.names.starting(word.fold)} <= {entity}
            and word.shape not in (LOWER, FIGURE)
            and word.fold not in name_words("given")
            and (len(word.fold) > _SUFFIX or word.shape == UPPER)
            # No center is Kennedy Center; asked last, for it reads all forms.
            and not vocabulary.is_common(word.fold, "en")
        ]
    if figure:
        text = f"{text} {figure.fold}"
        forms = [
            replace(form, text=f"{form.text} {figure.fold}", key=(*form.key, figure.fold))
            for form in forms
        ]
    forms += [
        replace(form, level=BOUND)
        for other in (vocabulary.names.bonds(entity) if not figure else ())
        for form in vocabulary.names.aliases(other)
        if not form.weak
    ]
    return Part(
        text,
        NAME,
        {ANY: tuple(forms)},
        known=True,
        entity=entity,
        context=kind == "government" or entity in name_words("everywhere"),
        person=kind == "person",
    )
