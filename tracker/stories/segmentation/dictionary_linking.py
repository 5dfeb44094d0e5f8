"""From a span of tokens to a dictionary entry, or to a class of things."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from os.path import commonprefix
from typing import TYPE_CHECKING

from tracker.stories.levels import NARROWER, NEAR_SYNONYM
from tracker.stories.lexicon.dictionary import is_proper_noun
from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm
from tracker.stories.lexicon.gazetteer import is_an_alias
from tracker.stories.query.model import CONCEPT, NAME, WORD, Part, plain
from tracker.stories.segmentation.concept_linking import concept_part, named_concepts
from tracker.stories.segmentation.entity_forms import known_name
from tracker.stories.segmentation.entity_linking import alias
from tracker.stories.segmentation.name_recognition import name
from tracker.stories.segmentation.rewriting import qualifies
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english
from tracker.stories.text.tokenization import CAPITAL, FIGURE, LOWER, UPPER, stems_of, tokenize
from tracker.stories.text.wordlists import word_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.stories.lexicon.dictionary import Entry
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.text.tokenization import Token

_HEAD_LAST = frozenset({"de", "en", "nl"})
"""Languages in which the last of several words says what it is: summer camp, campo estivo."""


def thing(
    run: tuple[Token, ...], place: int, language: str, vocabulary: Lexicon
) -> tuple[int, Part | None]:
    """Make a part of the words at a place, where no list of affairs or names has them.

    What tells an affair under its English name tells it under the others (lechuga, as lettuce). A
    capital marks a name, but in German.
    """
    size, entries = found_in(run[place:], language, vocabulary)
    if is_stop_word_here_or_in_english(run[place], language) and (
        size <= 1 or run[place].shape == LOWER
    ):
        return 0, None
    proper = _names_of(run[place : place + size], entries)
    if proper and (called := _called(run, place, size, proper, vocabulary)):
        return size, called
    typed = run[place : place + size]
    begun = bool(proper) and size > 1 and typed[-1].shape == LOWER  # New Year's speech is no name
    entries = tuple(proper if begun else [entry for entry in entries if not is_proper_noun(entry)])
    shapes = (LOWER, CAPITAL) if language == "de" else (LOWER,)
    if not entries or (run[place].shape not in shapes and not begun):
        return 0, None
    text = " ".join(word.text for word in typed)
    forms = {
        ANY_LANGUAGE: (SurfaceForm(text, tuple(word.norm for word in typed)),),
        **_translations(entries, text),
    }
    if size > 1:
        head = typed[-1] if language in _HEAD_LAST else typed[0]
        own = forms.get(language, ())
        forms[language] = (*own, SurfaceForm(head.text, (head.stem,), level=NARROWER))
    part = Part(text, WORD, forms, known=True)
    if language == "en":
        return size, part
    return size, _meaning(part, _meant(entries, vocabulary), vocabulary)


def _called(
    run: tuple[Token, ...], place: int, size: int, entries: list[Entry], vocabulary: Lexicon
) -> Part | None:
    """Make a name of what has others elsewhere: Baltimora, of Baltimore.

    Not of one that English has as well, where it may be a part of an unknown name: Vienna Quux.
    """
    typed = run[place : place + size]
    text = " ".join(word.text for word in typed)
    if typed[-1].shape == LOWER:
        return None
    beside = [run[at] for at in (place - 1, place + size) if 0 <= at < len(run)]
    if any(text in entry["en"] for entry in entries) and any(
        word.shape not in (LOWER, FIGURE) and not is_an_alias(word, vocabulary.gazetteer)
        for word in beside
    ):
        return None
    called = known_name(name(typed), vocabulary)
    if not called.entity:
        english = tokenize(entries[0]["en"][0], "en")
        size, known = alias(english, 0, "en", vocabulary) or (0, None)
        folds = tuple(word.norm for word in typed)
        called = Part(text, NAME, {ANY_LANGUAGE: (SurfaceForm(text, folds),)}, known=True)
        if known and size == len(english):
            own = (
                *called.forms[ANY_LANGUAGE],
                *known.forms[ANY_LANGUAGE],
            )  # Tuerkei, as it was typed
            called = replace(known, text=text, forms={**known.forms, ANY_LANGUAGE: own})
    return _called_elsewhere(called, entries)


def with_other_names(part: Part, language: str, vocabulary: Lexicon) -> Part:
    """Add to a known name what it is called in other languages, if the dictionary has it."""
    read = tokenize(part.text, language)
    size, entries = found_in(read, language, vocabulary)
    return _called_elsewhere(part, _names_of(read, entries) if size == len(read) else [])


def _names_of(typed: tuple[Token, ...], entries: tuple[Entry, ...]) -> list[Entry]:
    """Give the entries that are proper names; an acronym is no inflection of one: OM, of OMS."""
    proper = [entry for entry in entries if is_proper_noun(entry)]
    if [word.shape for word in typed] != [UPPER]:
        return proper
    return [entry for entry in proper if any(typed[0].text in some for some in entry.values())]


def _called_elsewhere(part: Part, entries: list[Entry]) -> Part:
    """Add to a name what it is called elsewhere, and where there is no ü: Türkei, Tuerkei."""
    forms = list(part.forms[ANY_LANGUAGE])
    forms += [
        SurfaceForm(word, ()) for entry in entries for some in entry.values() for word in some
    ]
    spelled = [
        form._replace(text=form.text.translate(_WITHOUT_UMLAUTS), tokens=()) for form in forms
    ]
    forms += [one for one, form in zip(spelled, forms, strict=True) if one.text != form.text]
    found: list[SurfaceForm] = []
    keys: set[tuple[str, ...]] = set()
    for form in forms:
        key = form.tokens or tuple([word.norm for word in tokenize(form.text, "")])  # what is added
        if form.tokens or key not in keys:
            keys.add(key)
            found.append(form._replace(tokens=key))
    return replace(part, forms={**part.forms, ANY_LANGUAGE: tuple(found)})


_WITHOUT_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
"""How umlauts are written by who has none: in addresses, in telegrams, in English."""


def translated(part: Part, language: str, vocabulary: Lexicon) -> Part:
    """Add to a word of an affair what it is called in other languages, if the dictionary has it.

    What names an affair in English, of which the lists know most words, has them already. Where it
    names none in its own language, but does in English, it means that; what has a capital may be
    called so.
    """
    if language == "en" and named_concepts(part):
        return part
    read = tokenize(part.text, language)
    size, entries = found_in(read, language, vocabulary)
    if not size or size < len(read):
        return part
    part = replace(part, forms={**part.forms, **_translations(entries, part.text)})
    if language == "en" or (language != "de" and part.text != part.text.lower()):
        return part
    meant = _meant(entries, vocabulary)
    if named_concepts(part) or max(meant.values(), default=0.0) < NEAR_SYNONYM:
        return part
    own = {concept: level for sense in part.senses for concept, level in sense.concepts}
    return _meaning(part, own | meant, vocabulary)


def _meaning(part: Part, ids: dict[str, float], vocabulary: Lexicon) -> Part:
    """Give a part that means these concepts, by how well they do."""
    if not ids:
        return part
    ranked = tuple(sorted(ids.items(), key=lambda found: -found[1]))
    senses = (vocabulary.weighted(ranked),)
    return replace(part, kind=CONCEPT, known=True, concepts=tuple(ids), senses=senses)


def _meant(entries: tuple[Entry, ...], vocabulary: Lexicon) -> dict[str, float]:
    """Give the concepts that the English words of entries stand for, and how well they do.

    What is wider counts only where nothing names an affair.
    """
    found: dict[str, float] = {}
    for english in (word for entry in entries for word in entry["en"]):
        read = tokenize(english, "en")
        alone = vocabulary.meanings((read[0].text,), "en") if len(read) == 1 else ()
        if alone and all(each.foreign for each in alone):  # an aide is no aide humanitaire
            continue
        taken, part = concept_part(read, 0, "en", vocabulary)
        for sense in part.senses if part and taken == len(read) else ():
            for concept, level in sense.concepts:
                found[concept] = max(level, found.get(concept, 0.0))
    named = {concept: level for concept, level in found.items() if level >= NEAR_SYNONYM}
    return named or found


_SEVERAL, _LONGEST = 2, 6
"""Words from which on an entry of several has them, and up to which."""
_NEARLY = 0.15
"""How much less alike an entry may be than the nearest: attaquer beside attaque, of attaques."""
_PLURAL = "sx"
"""What a plural ends in where the rest of a word stays as it is."""


def found_in(
    run: tuple[Token, ...], language: str, vocabulary: Lexicon
) -> tuple[int, tuple[Entry, ...]]:
    """Give how many words at the beginning of a run the dictionary has, and its entries.

    Several together are found in whatever language they are, if they are no name.
    """
    stems = tuple([word.stem for word in run])
    size, entries = vocabulary.dictionary.find(stems, language)
    entries = _nearest(run[:size], entries, language)
    elsewhere = size < _SEVERAL and len(run) > 1 and run[0].shape == LOWER
    for code in SNOWBALL if elsewhere else ():
        if code == language or not vocabulary.dictionary.begins(run[0].norm, code):
            continue
        surfaces = " ".join([word.text for word in run[:_LONGEST]])
        several, others = vocabulary.dictionary.find(stems_of(surfaces, code), code)
        if several >= _SEVERAL:
            return several, others
    return size, entries


def _nearest(
    typed: tuple[Token, ...], entries: tuple[Entry, ...], language: str
) -> tuple[Entry, ...]:
    """Give the entries that have what was typed, or else those written most like it, or nearly so.

    Others have the same stem by chance: who types plages does not mean who plagiarises (plagié).
    """
    if len(entries) < _SEVERAL:
        return entries
    text = " ".join([word.norm for word in typed])
    alike = [max(_alike(text, normalize(word)) for word in entry[language]) for entry in entries]
    least = 1.0 if 1.0 in alike else max(alike) - _NEARLY
    return tuple([entry for entry, each in zip(entries, alike, strict=True) if each >= least])


def _alike(one: str, other: str) -> float:
    """Give how much of two words, or of their singulars, is what both begin with, in 0..1."""
    one, other = one.rstrip(_PLURAL), other.rstrip(_PLURAL)
    common = commonprefix([one, other])  # noqa: RUF071 - no paths
    return 2 * len(common) / (len(one) + len(other)) if common else 0.0


def _translations(entries: tuple[Entry, ...], text: str) -> dict[str, tuple[SurfaceForm, ...]]:
    """Give the words of all languages, but for what was typed itself."""
    found: dict[str, dict[str, None]] = {}
    for entry in entries:
        for code, written in entry.items():
            found.setdefault(code, {}).update(dict.fromkeys(written))
    return {
        code: tuple(
            SurfaceForm(word, stems_of(word, code))
            for word in written
            if word.casefold() != text.casefold()
        )
        for code, written in found.items()
    }


def told(
    run: tuple[Token, ...], place: int, language: str, vocabulary: Lexicon
) -> tuple[int, Part | None]:
    """Find the longest affair at a place, or else the longest thing of the dictionary's.

    A longer thing is meant where a word of it does not name an affair: sala da ballo.
    """
    size, part = concept_part(run, place, language, vocabulary)
    if size <= 1 and qualifies(run, place, language, vocabulary):
        return 0, None
    kind = _kind(run, place, language, vocabulary)
    named = part is not None and bool(named_concepts(part))
    if part and named and kind > size:
        rest = run[place + size : place + kind]
        if _are_all(rest, word_list("makers")):  # a fast food chain is fast food
            return kind, replace(part, text=plain(*run[place : place + kind]).text)
        if _are_all(rest, word_list("programs")):  # a contact tracing app is a part of that
            kind = 0
        elif size >= _SEVERAL_WORDS and _is_told_with(part, rest, language, vocabulary):
            return kind, replace(part, text=plain(*run[place : place + kind]).text)
    if not named or kind > size:
        longer = thing(run, place, language, vocabulary)
        if longer[0] > size and longer[0] >= kind:
            return longer
        if kind > size:
            return kind, replace(plain(*run[place : place + kind]), known=True)
    return size, part and translated(part, language, vocabulary)


def _is_told_with(part: Part, rest: tuple[Token, ...], language: str, vocabulary: Lexicon) -> bool:
    """Tell whether what a part names is told with words behind it as well: of offshore wind, farms.

    A low-cost airline is told of otherwise than low costs are.
    """
    forms = (form for each in named_concepts(part) for form in vocabulary.forms(each, language))
    return {word.stem for word in rest} <= {stem for form in forms for stem in form.tokens}


def _kind(run: tuple[Token, ...], place: int, language: str, vocabulary: Lexicon) -> int:
    """Give how many words at a place are a kind of things, if several; 0 for none."""
    shapes = (LOWER, UPPER, CAPITAL) if language == "de" else (LOWER, UPPER)
    small = tuple(takewhile(lambda word: word.shape in shapes, run[place:]))
    if len(small) < _SEVERAL_WORDS:
        return 0
    if language == "en":
        size = vocabulary.hyponyms.begins(tuple([word.stem for word in small]))
    else:
        size, entries = found_in(small, language, vocabulary)
        size = size if any(map(vocabulary.hyponyms.of, _in_english(entries))) else 0
    return size if size >= _SEVERAL_WORDS else 0


def _in_english(entries: tuple[Entry, ...]) -> Iterator[tuple[str, ...]]:
    """Give the English words for what the dictionary has, by their stems."""
    for written in (each for entry in entries for each in entry["en"]):
        yield stems_of(written, "en")


_SEVERAL_WORDS = 2


def is_kind_of_it(
    run: tuple[Token, ...], place: int, size: int, language: str, vocabulary: Lexicon
) -> bool:
    """Tell whether a name of so many words is the first of a kind: coffee [chain].

    In English only with who makes or sells it: an AI chip is a chip for AI.
    """
    rest = run[place + size : place + _kind(run, place, language, vocabulary)]
    return bool(rest) if language != "en" else _are_all(rest, word_list("makers"))


def _are_all(typed: tuple[Token, ...], listed: frozenset[str]) -> bool:
    """Tell whether words are all listed, which says nothing of none."""
    return bool(typed) and all(word.norm.removesuffix("s") in listed for word in typed)
