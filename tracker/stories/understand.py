"""From the words of a query to its parts: who and what it names, and what kind of affair it is.

"Oracle Google lawsuit" is two names and a concept. A name is known to the vocabulary, or a word
with a capital that the vocabulary does not know; a word that is neither name nor concept stands for
itself and its stem. Where a query has no name otherwise, the words that the vocabulary does not
know are taken for names, so that "wework ipo" is understood as "WeWork IPO" is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.stories.capitals import halves_a_name, is_function, is_named, is_telling, says_nothing
from tracker.stories.forms import ANY, BOUND, NARROWER, SYNONYM, WIDER, Form
from tracker.stories.function_words import open_words
from tracker.stories.name_words import name_words
from tracker.stories.named import alias, bound_name, entity_part, known_name
from tracker.stories.parts import CONCEPT, NAME, PHRASE, WORD, Part, name, names, plain
from tracker.stories.query_language import language_of
from tracker.stories.spelling import as_typed
from tracker.stories.text import (
    CAPITAL,
    FIGURE,
    LOWER,
    UPPER,
    Word,
    words,
)

if TYPE_CHECKING:
    from tracker.stories.query import Query, Term
    from tracker.stories.vocabulary import Meaning, Vocabulary


@dataclass(frozen=True, slots=True)
class Understanding:
    """A query's parts, what must not be there, and the hard limits that it sets."""

    parts: tuple[Part, ...]
    excluded: tuple[Part, ...]
    limits: tuple[Term, ...]


def understand(query: Query, vocabulary: Vocabulary) -> Understanding:
    """Find the parts of a query; every clause that is not a limit gives at least one."""
    parts: list[Part] = []
    excluded: list[Part] = []
    limits: list[Term] = []
    run: list[str] = []
    language = language_of(query, vocabulary)

    def close_run() -> None:
        parts.extend(_segments(" ".join(run), language, vocabulary))
        run.clear()

    for clause in query.clauses:
        first = clause.terms[0]
        if all(term.field in {"source", "lang", "before", "after"} for term in clause.terms):
            limits.extend(clause.terms) if not clause.excluded else excluded.append(_literal(first))
        elif clause.excluded:
            excluded.append(_literal(first))
        elif len(clause.terms) == 1 and not first.quoted and not first.field:
            run.append(first.text)
        else:
            close_run()
            parts.append(_alternatives(clause.terms, language, vocabulary))
    close_run()
    named = _with_a_name(_unique(parts), language, vocabulary)
    return Understanding(named, tuple(excluded), tuple(limits))


def _literal(term: Term) -> Part:
    read = words(term.text, "")
    form = Form(term.text, tuple(word.fold for word in read))
    return Part(term.text, PHRASE, {ANY: (form,)}, field=term.field)


def _alternatives(terms: tuple[Term, ...], language: str, vocabulary: Vocabulary) -> Part:
    """Make one part of terms joined by OR, or of a phrase or a word in a given field."""
    found: list[Part] = []
    for term in terms:
        if term.quoted:
            found.append(_literal(term))
        else:
            found.extend(_segments(term.text, language, vocabulary))
            if not found:
                found.append(_literal(term))
    merged: dict[str, tuple[Form, ...]] = {}
    for part in found:
        for code, forms in part.forms.items():
            merged[code] = merged.get(code, ()) + forms
    return replace(
        found[0],
        text=" OR ".join(term.text for term in terms),
        forms=merged,
        senses=tuple(sense for part in found for sense in part.senses),
        field=terms[0].field,
        required=any(term.quoted or term.field for term in terms),
        concepts=tuple(concept for part in found for concept in part.concepts),
    )


def _segments(text: str, language: str, vocabulary: Vocabulary) -> list[Part]:
    """Cut bare words into names, concepts and words, the longest match first."""
    run = words(text, language)
    parts: list[Part] = []
    unknown: list[Word] = []
    place = 0
    cased = any(word.shape != LOWER for word in run)
    telling = is_telling(run)
    while place < len(run):
        taken, part = _known(run, place, language, vocabulary)
        half = telling and unknown and halves_a_name(run, place, taken)
        if half and part and part.kind == CONCEPT:
            part = None
        if part is None and says_nothing(run, place, language, vocabulary, telling=telling):
            taken = 1
        elif part is None and _may_be_named(run, place, cased=cased, inside=bool(unknown or parts)):
            unknown.append(run[place])
            place += 1
            continue
        elif part is None:
            taken, part = 1, plain(run[place])
        parts.extend(known_name(part, vocabulary) for part in names(unknown))
        unknown = []
        if part:
            parts.append(part)
        if part and part.entity:  # the affair's phrase may begin with the name: AI bubble
            size, affair = _concept(run, place, language, vocabulary)
            if affair and size > taken:
                parts.append(affair)
                taken = size
        place += taken
    parts.extend(known_name(part, vocabulary) for part in names(unknown))
    return as_typed(parts, text)


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
    named, bound = alias(run, place, vocabulary), bound_name(run, place)
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
    return _concept(run, place, language, vocabulary)


def _is_of_an_affair(
    run: tuple[Word, ...], place: int, language: str, vocabulary: Vocabulary
) -> bool:
    """Tell whether a concept of several words is here or behind a known name: India Air Crash."""
    start = place + 1 if is_named(run[place], vocabulary) else place
    return _concept(run[start:], 0, language, vocabulary)[0] > 1


def _concept(
    run: tuple[Word, ...], place: int, language: str, vocabulary: Vocabulary
) -> tuple[int, Part | None]:
    """Make a part of a concept; the words as typed stand for it best."""
    meanings = vocabulary.meanings(tuple(word.surface for word in run[place:]), language)
    word = run[place]
    size = max((meaning.size for meaning in meanings), default=0)
    name_like = word.shape == CAPITAL and place > 0 and not any(m.exact for m in meanings)
    person = _is_of_a_person(run, place, language, vocabulary)
    if not meanings or (size == 1 and (is_function(word, language) or name_like or person)):
        return 0, None
    typed = run[place : place + size]
    ids: dict[str, float] = {}
    for meaning in meanings:  # of several languages, the one that has it at the head counts
        ids[meaning.concept] = max(_level(meaning), ids.get(meaning.concept, 0.0))
    for single in typed if size > 1 else ():  # what a part of a phrase names is wider than it
        for meaning in vocabulary.meanings((single.surface,), language):
            if meaning.exact and not meaning.weak and not is_function(single, language):
                ids.setdefault(meaning.concept, WIDER)
    if SYNONYM in ids.values():  # what else covers the word is wider than what it names
        ids = {c: level if level == SYNONYM else WIDER for c, level in ids.items()}
    ids = dict(sorted(ids.items(), key=lambda found: -found[1]))  # the best is shown first
    sense = vocabulary.sense(tuple(ids.items()))
    text = " ".join(word.surface for word in typed)
    forms: dict[str, tuple[Form, ...]] = {ANY: (Form(text, tuple(word.fold for word in typed)),)}
    return size, Part(text, CONCEPT, forms, known=True, concepts=tuple(ids), senses=(sense,))


def _is_of_a_person(
    run: tuple[Word, ...], place: int, language: str, vocabulary: Vocabulary
) -> bool:
    """Tell whether a word is a surname behind a given name, or one before an unknown surname."""
    given = name_words("given")
    if run[place].shape != CAPITAL:
        return False
    if place and run[place - 1].fold in given:
        return True
    following = run[place + 1 : place + 2]
    return (
        run[place].fold in given
        and bool(following)
        and following[0].shape == CAPITAL
        and not vocabulary.names.starting(following[0].fold)
        and not vocabulary.meanings((following[0].surface,), language)
    )


def _level(meaning: Meaning) -> float:
    if meaning.weak and not meaning.central and meaning.size == 1:
        return WIDER
    return SYNONYM if meaning.central and not meaning.weak else NARROWER


def _unique(parts: list[Part]) -> list[Part]:
    """Leave each name and word out where it comes again, and join what names one concept."""
    seen: set[tuple[str, str]] = set()
    kept: list[Part] = []
    for part in parts:
        key = (part.kind, part.entity or part.text.casefold())
        named = _named_concepts(part)
        alike = next((n for n, k in enumerate(kept) if named and _named_concepts(k) == named), None)
        if alike is not None:
            kept[alike] = _joined(kept[alike], part)
        elif key not in seen:
            kept.append(part)
            seen.add(key)
    return kept


def _named_concepts(part: Part) -> frozenset[str]:
    """Give the concepts that a part without limits names itself."""
    if part.kind != CONCEPT or part.required:
        return frozenset()
    return frozenset(
        concept for sense in part.senses for concept, level in sense.ids if level >= SYNONYM
    )


def _joined(one: Part, other: Part) -> Part:
    """Make one part of two that name the same concept: an astronaut of the space station."""
    if one.text.casefold() == other.text.casefold():
        return one
    return replace(
        one,
        text=f"{one.text} {other.text}",
        forms={ANY: one.forms[ANY] + other.forms[ANY]},
        concepts=tuple(dict.fromkeys(one.concepts + other.concepts)),
        senses=one.senses + other.senses,
        open=one.open and other.open,
    )


def _with_a_name(parts: list[Part], language: str, vocabulary: Vocabulary) -> tuple[Part, ...]:
    """Where no name makes the story, take the unknown words for names; else the context makes it.

    Words that affairs are told in are no names: "apps" beside "contact tracing". Beside another
    name, an acronym that the vocabulary does not know is a matter, not a name.
    """
    if not any(part.kind == NAME for part in parts):
        parts = _leading_name(_acronyms(parts))
    if not any(part.kind == NAME for part in parts):
        parts = [
            known_name(replace(part, kind=NAME), vocabulary)
            if part.kind == WORD
            and not part.required
            and not vocabulary.is_common(part.text, language)
            else part
            for part in parts
        ]
    subjects = [part for part in parts if part.kind == NAME and not part.context]
    if not subjects:
        parts = [replace(part, context=False) if part.kind == NAME else part for part in parts]
    matters = [part for part in subjects if not part.known and part.text.isupper()]
    if len(matters) < len(subjects):
        parts = [
            replace(plain(words(part.text, "en")[0]), text=part.text) if part in matters else part
            for part in parts
        ]
    opened = [replace(part, open=_is_open(part, language)) for part in parts]
    return tuple(_apart(part, parts) for part in opened)


def _is_open(part: Part, language: str) -> bool:
    """Tell whether a part leaves open what kind of affair it is."""
    typed = {word.fold for word in words(part.text, "")}
    return part.kind in {CONCEPT, WORD} and typed <= open_words(language) | open_words("en")


def _acronyms(parts: list[Part]) -> list[Part]:
    """Take an acronym for a name, also where it only narrows an affair: SNAP benefits."""
    if all(part.text.isupper() for part in parts):
        return parts
    found: list[Part] = []
    for part in parts:
        read = words(part.text, "") if part.kind == CONCEPT and not part.required else ()
        capitals = [word for word in read if word.shape == UPPER and len(word.fold) >= _ACRONYM]
        found += [name((word,)) for word in capitals]
        if not capitals or len(capitals) < len(read):
            found.append(part)
    return found


_ACRONYM = 3
"""Letters from which on capitals are taken for a name where the query has no other."""


def _leading_name(parts: list[Part]) -> list[Part]:
    """Take a first word for a name, if it has the only capital and names no affair: Bears stadium.

    What names an affair itself is one at the beginning of a sentence: Strike of the nurses.
    """
    first = parts[0] if parts else None
    if (
        first is None
        or first.kind != CONCEPT
        or not first.text.istitle()
        or len(read := words(first.text, "")) > 1
        or not parts[1:]
        or any(part.text != part.text.lower() for part in parts[1:])
        or any(level >= SYNONYM for sense in first.senses for _, level in sense.ids)
    ):
        return parts
    return [name(read), *parts[1:]]


def _apart(part: Part, parts: list[Part]) -> Part:
    """Take from a name the forms of what is bound to it, where the query names that too.

    A person and the company keep each other's instead: what its head does is told under either
    name.
    """
    others = [other for other in parts if other.kind == NAME and other is not part]
    forms = part.forms.get(ANY, ())
    if part.kind != NAME or not others:
        return part
    if part.person:
        own = {form.key for form in forms}
        led = tuple(
            replace(form, level=BOUND)
            for other in others
            if any(form.level == BOUND and form.key in own for form in other.forms.get(ANY, ()))
            for form in other.forms[ANY]
            if form.level > BOUND and not form.weak
        )
        return replace(part, forms={**part.forms, ANY: forms + led}, bound=bool(led))
    own = {
        form.key
        for other in others
        if not other.person
        for form in other.forms.get(ANY, ())
        if form.level != BOUND
    }
    kept = tuple(form for form in forms if form.level != BOUND or form.key not in own)
    return replace(part, forms={**part.forms, ANY: kept}, bound=len(kept) < len(forms))
