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
from tracker.stories.query.model import CONCEPT, NAME, WORD, QuerySegment, word_segment
from tracker.stories.segmentation.concept_linking import link_concept, named_concepts
from tracker.stories.segmentation.entity_forms import resolve_ambiguous_name
from tracker.stories.segmentation.entity_linking import link_entity
from tracker.stories.segmentation.name_recognition import name_segment
from tracker.stories.segmentation.rewriting import is_qualifier
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


def link_dictionary_entry(
    run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon
) -> tuple[int, QuerySegment | None]:
    """Make a part of the words at a place, where no list of affairs or names has them.

    What tells an affair under its English name tells it under the others (lechuga, as lettuce). A
    capital marks a name, but in German.
    """
    size, entries = find_entries(run[place:], language, lexicon)
    if is_stop_word_here_or_in_english(run[place], language) and (
        size <= 1 or run[place].shape == LOWER
    ):
        return 0, None
    proper = _proper_entries(run[place : place + size], entries)
    if proper and (called := _link_foreign_name(run, place, size, proper, lexicon)):
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
    segment = QuerySegment(text, WORD, forms, is_known=True)
    if language == "en":
        return size, segment
    return size, _with_concepts(segment, _concepts_of_entries(entries, lexicon), lexicon)


def _link_foreign_name(
    run: tuple[Token, ...], place: int, size: int, entries: list[Entry], lexicon: Lexicon
) -> QuerySegment | None:
    """Make a name of what has others elsewhere: Baltimora, of Baltimore.

    Not of one that English has as well, where it may be a part of an unknown name: Vienna Quux.
    """
    typed = run[place : place + size]
    text = " ".join(word.text for word in typed)
    if typed[-1].shape == LOWER:
        return None
    beside = [run[at] for at in (place - 1, place + size) if 0 <= at < len(run)]
    if any(text in entry["en"] for entry in entries) and any(
        word.shape not in (LOWER, FIGURE) and not is_an_alias(word, lexicon.gazetteer)
        for word in beside
    ):
        return None
    called = resolve_ambiguous_name(name_segment(typed), lexicon)
    if not called.entity:
        english = tokenize(entries[0]["en"][0], "en")
        size, known = link_entity(english, 0, "en", lexicon) or (0, None)
        folds = tuple(word.norm for word in typed)
        called = QuerySegment(
            text, NAME, {ANY_LANGUAGE: (SurfaceForm(text, folds),)}, is_known=True
        )
        if known and size == len(english):
            own = (
                *called.forms[ANY_LANGUAGE],
                *known.forms[ANY_LANGUAGE],
            )  # Tuerkei, as it was typed
            called = replace(known, text=text, forms={**known.forms, ANY_LANGUAGE: own})
    return _add_foreign_names(called, entries)


def add_dictionary_names(segment: QuerySegment, language: str, lexicon: Lexicon) -> QuerySegment:
    """Add to a known name what it is called in other languages, if the dictionary has it."""
    read = tokenize(segment.text, language)
    size, entries = find_entries(read, language, lexicon)
    return _add_foreign_names(segment, _proper_entries(read, entries) if size == len(read) else [])


def _proper_entries(typed: tuple[Token, ...], entries: tuple[Entry, ...]) -> list[Entry]:
    """Give the entries that are proper names; an acronym is no inflection of one: OM, of OMS."""
    proper = [entry for entry in entries if is_proper_noun(entry)]
    if [word.shape for word in typed] != [UPPER]:
        return proper
    return [entry for entry in proper if any(typed[0].text in some for some in entry.values())]


def _add_foreign_names(segment: QuerySegment, entries: list[Entry]) -> QuerySegment:
    """Add to a name what it is called elsewhere, and where there is no ü: Türkei, Tuerkei."""
    forms = list(segment.forms[ANY_LANGUAGE])
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
    return replace(segment, forms={**segment.forms, ANY_LANGUAGE: tuple(found)})


_WITHOUT_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
"""How umlauts are written by who has none: in addresses, in telegrams, in English."""


def add_translations(segment: QuerySegment, language: str, lexicon: Lexicon) -> QuerySegment:
    """Add to a word of an affair what it is called in other languages, if the dictionary has it.

    What names an affair in English, of which the lists know most words, has them already. Where it
    names none in its own language, but does in English, it means that; what has a capital may be
    called so.
    """
    if language == "en" and named_concepts(segment):
        return segment
    read = tokenize(segment.text, language)
    size, entries = find_entries(read, language, lexicon)
    if not size or size < len(read):
        return segment
    segment = replace(segment, forms={**segment.forms, **_translations(entries, segment.text)})
    if language == "en" or (language != "de" and segment.text != segment.text.lower()):
        return segment
    meant = _concepts_of_entries(entries, lexicon)
    if named_concepts(segment) or max(meant.values(), default=0.0) < NEAR_SYNONYM:
        return segment
    own = {concept: level for sense in segment.senses for concept, level in sense.concepts}
    return _with_concepts(segment, own | meant, lexicon)


def _with_concepts(segment: QuerySegment, ids: dict[str, float], lexicon: Lexicon) -> QuerySegment:
    """Give a part that means these concepts, by how well they do."""
    if not ids:
        return segment
    ranked = tuple(sorted(ids.items(), key=lambda found: -found[1]))
    senses = (lexicon.weighted(ranked),)
    return replace(segment, kind=CONCEPT, is_known=True, concepts=tuple(ids), senses=senses)


def _concepts_of_entries(entries: tuple[Entry, ...], lexicon: Lexicon) -> dict[str, float]:
    """Give the concepts that the English words of entries stand for, and how well they do.

    What is wider counts only where nothing names an affair.
    """
    found: dict[str, float] = {}
    for english in (word for entry in entries for word in entry["en"]):
        read = tokenize(english, "en")
        alone = lexicon.meanings((read[0].text,), "en") if len(read) == 1 else ()
        if alone and all(each.foreign for each in alone):  # an aide is no aide humanitaire
            continue
        taken, segment = link_concept(read, 0, "en", lexicon)
        for sense in segment.senses if segment and taken == len(read) else ():
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


def find_entries(
    run: tuple[Token, ...], language: str, lexicon: Lexicon
) -> tuple[int, tuple[Entry, ...]]:
    """Give how many words at the beginning of a run the dictionary has, and its entries.

    Several together are found in whatever language they are, if they are no name.
    """
    stems = tuple([word.stem for word in run])
    size, entries = lexicon.dictionary.find(stems, language)
    entries = _nearest_entries(run[:size], entries, language)
    elsewhere = size < _SEVERAL and len(run) > 1 and run[0].shape == LOWER
    for code in SNOWBALL if elsewhere else ():
        if code == language or not lexicon.dictionary.begins(run[0].norm, code):
            continue
        surfaces = " ".join([word.text for word in run[:_LONGEST]])
        several, others = lexicon.dictionary.find(stems_of(surfaces, code), code)
        if several >= _SEVERAL:
            return several, others
    return size, entries


def _nearest_entries(
    typed: tuple[Token, ...], entries: tuple[Entry, ...], language: str
) -> tuple[Entry, ...]:
    """Give the entries that have what was typed, or else those written most like it, or nearly so.

    Others have the same stem by chance: who types plages does not mean who plagiarises (plagié).
    """
    if len(entries) < _SEVERAL:
        return entries
    text = " ".join([word.norm for word in typed])
    alike = [
        max(_common_prefix_share(text, normalize(word)) for word in entry[language])
        for entry in entries
    ]
    least = 1.0 if 1.0 in alike else max(alike) - _NEARLY
    return tuple([entry for entry, each in zip(entries, alike, strict=True) if each >= least])


def _common_prefix_share(one: str, other: str) -> float:
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


def link_term(
    run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon
) -> tuple[int, QuerySegment | None]:
    """Find the longest affair at a place, or else the longest thing of the dictionary's.

    A longer thing is meant where a word of it does not name an affair: sala da ballo.
    """
    size, segment = link_concept(run, place, language, lexicon)
    if size <= 1 and is_qualifier(run, place, language, lexicon):
        return 0, None
    kind = _class_length(run, place, language, lexicon)
    named = segment is not None and bool(named_concepts(segment))
    if segment and named and kind > size:
        rest = run[place + size : place + kind]
        if _are_all_listed(rest, word_list("makers")):  # a fast food chain is fast food
            return kind, replace(segment, text=word_segment(*run[place : place + kind]).text)
        if _are_all_listed(rest, word_list("programs")):  # a contact tracing app is a part of that
            kind = 0
        elif size >= _SEVERAL_WORDS and _extends_to_compound_term(segment, rest, language, lexicon):
            return kind, replace(segment, text=word_segment(*run[place : place + kind]).text)
    if not named or kind > size:
        longer = link_dictionary_entry(run, place, language, lexicon)
        if longer[0] > size and longer[0] >= kind:
            return longer
        if kind > size:
            return kind, replace(word_segment(*run[place : place + kind]), is_known=True)
    return size, segment and add_translations(segment, language, lexicon)


def _extends_to_compound_term(
    segment: QuerySegment, rest: tuple[Token, ...], language: str, lexicon: Lexicon
) -> bool:
    """Tell whether what a part names is told with words behind it as well: of offshore wind, farms.

    A low-cost airline is told of otherwise than low costs are.
    """
    forms = (form for each in named_concepts(segment) for form in lexicon.forms(each, language))
    return {word.stem for word in rest} <= {stem for form in forms for stem in form.tokens}


def _class_length(run: tuple[Token, ...], place: int, language: str, lexicon: Lexicon) -> int:
    """Give how many words at a place are a kind of things, if several; 0 for none."""
    shapes = (LOWER, UPPER, CAPITAL) if language == "de" else (LOWER, UPPER)
    small = tuple(takewhile(lambda word: word.shape in shapes, run[place:]))
    if len(small) < _SEVERAL_WORDS:
        return 0
    if language == "en":
        size = lexicon.hyponyms.begins(tuple([word.stem for word in small]))
    else:
        size, entries = find_entries(small, language, lexicon)
        size = size if any(map(lexicon.hyponyms.of, _english_stems(entries))) else 0
    return size if size >= _SEVERAL_WORDS else 0


def _english_stems(entries: tuple[Entry, ...]) -> Iterator[tuple[str, ...]]:
    """Give the English words for what the dictionary has, by their stems."""
    for written in (each for entry in entries for each in entry["en"]):
        yield stems_of(written, "en")


_SEVERAL_WORDS = 2


def begins_a_class(
    run: tuple[Token, ...], place: int, size: int, language: str, lexicon: Lexicon
) -> bool:
    """Tell whether a name of so many words is the first of a kind: coffee [chain].

    In English only with who makes or sells it: an AI chip is a chip for AI.
    """
    rest = run[place + size : place + _class_length(run, place, language, lexicon)]
    return bool(rest) if language != "en" else _are_all_listed(rest, word_list("makers"))


def _are_all_listed(typed: tuple[Token, ...], listed: frozenset[str]) -> bool:
    """Tell whether words are all listed, which says nothing of none."""
    return bool(typed) and all(word.norm.removesuffix("s") in listed for word in typed)
