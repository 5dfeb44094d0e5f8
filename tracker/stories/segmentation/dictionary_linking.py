"""Dictionary linking: from the tokens of a query to dictionary entries and class terms.

Input: a query and a position. Output: a segment with its translations and, where the
English translation names concepts, with these. `link_term` is the entry point; it tries a concept,
a class term ("fast food chain") and a dictionary entry ("sala da ballo"), and prefers the longest.
The other public functions add the translations of names and concepts.
"""

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
from tracker.stories.segmentation.query_text import QueryText
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
"""Languages in which the head of a noun phrase is its last word: summer camp, campo estivo."""


def link_dictionary_entry(query: QueryText, position: int) -> tuple[int, QuerySegment | None]:
    """Return the longest dictionary entry at a position: its number of tokens and its segment.

    (0, None) where there is none. Words whose English translation names a concept get that concept;
    for example: "lechuga", lettuce. A capitalised token is a name, except in German; it is linked
    only where the dictionary lists a proper noun.
    """
    length, entries = find_entries(query.tokens[position:], query.language, query.lexicon)
    if is_stop_word_here_or_in_english(query.at(position), query.language) and (
        length <= 1 or query.at(position).shape == LOWER
    ):
        return 0, None
    proper = _proper_entries(query.span(position, length), entries)
    if proper and (name := _link_foreign_name(query, position, length, proper)):
        return length, name
    typed = query.span(position, length)
    # A proper noun may begin a phrase that is not a name; for example: "New Year's speech".
    proper_first = bool(proper) and length > 1 and typed[-1].shape == LOWER
    entries = tuple(
        proper if proper_first else [entry for entry in entries if not is_proper_noun(entry)]
    )
    shapes = (LOWER, CAPITAL) if query.language == "de" else (LOWER,)
    if not entries or (query.at(position).shape not in shapes and not proper_first):
        return 0, None
    text = " ".join(word.text for word in typed)
    forms = {
        ANY_LANGUAGE: (SurfaceForm(text, tuple(word.norm for word in typed)),),
        **_translations(entries, text),
    }
    if length > 1:
        head = typed[-1] if query.language in _HEAD_LAST else typed[0]
        synonyms = forms.get(query.language, ())
        forms[query.language] = (*synonyms, SurfaceForm(head.text, (head.stem,), level=NARROWER))
    segment = QuerySegment(text, WORD, forms, is_known=True)
    if query.language == "en":
        return length, segment
    return length, _with_concepts(
        segment, _concepts_of_entries(entries, query.lexicon), query.lexicon
    )


def _link_foreign_name(
    query: QueryText, position: int, length: int, entries: list[Entry]
) -> QuerySegment | None:
    """Build the segment of a name that other languages spell differently: "Baltimora".

    None for a name that English has too beside an unknown capitalised token, because the name may
    be part of a longer one; for example: "Vienna Quux".
    """
    typed = query.span(position, length)
    text = " ".join(word.text for word in typed)
    if typed[-1].shape == LOWER:
        return None
    neighbours = [
        query.tokens[index]
        for index in (position - 1, position + length)
        if 0 <= index < len(query.tokens)
    ]
    if any(text in entry["en"] for entry in entries) and any(
        word.shape not in (LOWER, FIGURE) and not is_an_alias(word, query.lexicon.gazetteer)
        for word in neighbours
    ):
        return None
    segment = resolve_ambiguous_name(name_segment(typed), query.lexicon)
    if not segment.entity:
        english = tokenize(entries[0]["en"][0], "en")
        length, known = link_entity(QueryText(english, "en", query.lexicon), 0) or (0, None)
        norms = tuple(word.norm for word in typed)
        segment = QuerySegment(
            text, NAME, {ANY_LANGUAGE: (SurfaceForm(text, norms),)}, is_known=True
        )
        if known and length == len(english):
            # The typed form comes first.
            forms = (*segment.forms[ANY_LANGUAGE], *known.forms[ANY_LANGUAGE])
            segment = replace(known, text=text, forms={**known.forms, ANY_LANGUAGE: forms})
    return _add_foreign_names(segment, entries)


def add_dictionary_names(segment: QuerySegment, language: str, lexicon: Lexicon) -> QuerySegment:
    """Add to a known name its forms in other languages, from the dictionary."""
    tokens = tokenize(segment.text, language)
    length, entries = find_entries(tokens, language, lexicon)
    return _add_foreign_names(
        segment, _proper_entries(tokens, entries) if length == len(tokens) else []
    )


def _proper_entries(typed: tuple[Token, ...], entries: tuple[Entry, ...]) -> list[Entry]:
    """Return the entries that are proper nouns.

    An acronym has to be spelled as listed: "OM" is not an inflection of "OMS".
    """
    proper = [entry for entry in entries if is_proper_noun(entry)]
    if [word.shape for word in typed] != [UPPER]:
        return proper
    return [entry for entry in proper if any(typed[0].text in some for some in entry.values())]


def _add_foreign_names(segment: QuerySegment, entries: list[Entry]) -> QuerySegment:
    """Add the forms of dictionary entries to a name, also spelled without umlauts.

    For example: "Türkei" is found as "Tuerkei" too.
    """
    forms = list(segment.forms[ANY_LANGUAGE])
    forms += [
        SurfaceForm(word, ()) for entry in entries for words in entry.values() for word in words
    ]
    spelled = [
        form._replace(text=form.text.translate(_WITHOUT_UMLAUTS), tokens=()) for form in forms
    ]
    forms += [one for one, form in zip(spelled, forms, strict=True) if one.text != form.text]
    unique: list[SurfaceForm] = []
    keys: set[tuple[str, ...]] = set()
    for form in forms:
        key = form.tokens or tuple([word.norm for word in tokenize(form.text, "")])
        if form.tokens or key not in keys:
            keys.add(key)
            unique.append(form._replace(tokens=key))
    return replace(segment, forms={**segment.forms, ANY_LANGUAGE: tuple(unique)})


_WITHOUT_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
"""How umlauts are written where the letters are missing: in addresses, in English."""


def add_translations(segment: QuerySegment, language: str, lexicon: Lexicon) -> QuerySegment:
    """Add the dictionary's translations to the segment of a concept.

    An English segment that names concepts is returned as it is: its concepts list their own
    translations. A segment that names no concept in its own language takes those of its English
    translation. Outside German, a capitalised word takes translations only, because it may be a
    name.
    """
    if language == "en" and named_concepts(segment):
        return segment
    tokens = tokenize(segment.text, language)
    length, entries = find_entries(tokens, language, lexicon)
    if not length or length < len(tokens):
        return segment
    segment = replace(segment, forms={**segment.forms, **_translations(entries, segment.text)})
    if language == "en" or (language != "de" and segment.text != segment.text.lower()):
        return segment
    translated = _concepts_of_entries(entries, lexicon)
    if named_concepts(segment) or max(translated.values(), default=0.0) < NEAR_SYNONYM:
        return segment
    own = {concept: level for sense in segment.senses for concept, level in sense.concepts}
    return _with_concepts(segment, own | translated, lexicon)


def _with_concepts(
    segment: QuerySegment, levels: dict[str, float], lexicon: Lexicon
) -> QuerySegment:
    """Return the segment as a CONCEPT with these concepts, ranked by level."""
    if not levels:
        return segment
    ranked = tuple(sorted(levels.items(), key=lambda item: -item[1]))
    senses = (lexicon.weighted(ranked),)
    return replace(segment, kind=CONCEPT, is_known=True, concepts=tuple(levels), senses=senses)


def _concepts_of_entries(entries: tuple[Entry, ...], lexicon: Lexicon) -> dict[str, float]:
    """Return the concepts of the entries' English words, with their match levels.

    Concepts below NEAR_SYNONYM count only where no other is at it or above.
    """
    levels: dict[str, float] = {}
    for english in (word for entry in entries for word in entry["en"]):
        tokens = tokenize(english, "en")
        matches = lexicon.meanings((tokens[0].text,), "en") if len(tokens) == 1 else ()
        # Skip words that only other languages list: English "aide" is not "aide humanitaire".
        if matches and all(each.foreign for each in matches):
            continue
        length, segment = link_concept(QueryText(tokens, "en", lexicon), 0)
        for sense in segment.senses if segment and length == len(tokens) else ():
            for concept, level in sense.concepts:
                levels[concept] = max(level, levels.get(concept, 0.0))
    exact_levels = {concept: level for concept, level in levels.items() if level >= NEAR_SYNONYM}
    return exact_levels or levels


_PHRASE = 2
"""The fewest words of a phrase."""
_LONGEST_PHRASE = 6
"""The most words of a phrase that is looked up in other languages."""
_SIMILARITY_MARGIN = 0.15
"""How far an entry may be below the most similar one: attaquer beside attaque, for attaques."""
_PLURAL_ENDINGS = "sx"
"""Letters that mark a plural where the rest of a word is unchanged."""


def find_entries(
    tokens: tuple[Token, ...], language: str, lexicon: Lexicon
) -> tuple[int, tuple[Entry, ...]]:
    """Return how many leading tokens the dictionary lists, and the entries for them.

    The query's language comes first. A lower-case phrase of two words or more is then looked up in
    every other language.
    """
    stems = tuple([word.stem for word in tokens])
    length, entries = lexicon.dictionary.find(stems, language)
    entries = _nearest_entries(tokens[:length], entries, language)
    elsewhere = length < _PHRASE and len(tokens) > 1 and tokens[0].shape == LOWER
    for code in SNOWBALL if elsewhere else ():
        if code == language or not lexicon.dictionary.begins(tokens[0].norm, code):
            continue
        surfaces = " ".join([word.text for word in tokens[:_LONGEST_PHRASE]])
        phrase_length, others = lexicon.dictionary.find(stems_of(surfaces, code), code)
        if phrase_length >= _PHRASE:
            return phrase_length, others
    return length, entries


def _nearest_entries(
    typed: tuple[Token, ...], entries: tuple[Entry, ...], language: str
) -> tuple[Entry, ...]:
    """Return the entries spelled as typed, or else those spelled most similarly.

    Other entries share only the stem; for example: "plages" (beaches) and "plagié" (plagiarised).
    """
    if len(entries) <= 1:
        return entries
    text = " ".join([word.norm for word in typed])
    similarities = [
        max(_common_prefix_share(text, normalize(word)) for word in entry[language])
        for entry in entries
    ]
    threshold = 1.0 if 1.0 in similarities else max(similarities) - _SIMILARITY_MARGIN
    return tuple(
        [
            entry
            for entry, similarity in zip(entries, similarities, strict=True)
            if similarity >= threshold
        ]
    )


def _common_prefix_share(one: str, other: str) -> float:
    """Return the share of two words' letters that is their common prefix, in 0..1.

    Plural endings are ignored.
    """
    one, other = one.rstrip(_PLURAL_ENDINGS), other.rstrip(_PLURAL_ENDINGS)
    common = commonprefix([one, other])  # noqa: RUF071 - no paths
    return 2 * len(common) / (len(one) + len(other)) if common else 0.0


def _translations(entries: tuple[Entry, ...], text: str) -> dict[str, tuple[SurfaceForm, ...]]:
    """Return the words of the entries by language, without the typed text itself."""
    words_by_language: dict[str, dict[str, None]] = {}
    for entry in entries:
        for code, written in entry.items():
            words_by_language.setdefault(code, {}).update(dict.fromkeys(written))
    return {
        code: tuple(
            SurfaceForm(word, stems_of(word, code))
            for word in written
            if word.casefold() != text.casefold()
        )
        for code, written in words_by_language.items()
    }


def link_term(query: QueryText, position: int) -> tuple[int, QuerySegment | None]:
    """Return the longest concept, class term or dictionary entry at a position.

    The result is the number of tokens and the segment; (0, None) where nothing is listed. A class
    term that is longer than a concept replaces it if its last words are makers ("fast food chain")
    or occur in the concept's own forms ("offshore wind farms"). A concept plus a program ("contact
    tracing app") stays a concept. A longer dictionary entry wins where no concept is named ("sala
    da ballo").
    """
    length, segment = link_concept(query, position)
    if length <= 1 and is_qualifier(query, position):
        return 0, None
    class_length = _class_length(query, position)
    is_named = segment is not None and bool(named_concepts(segment))
    if segment and is_named and class_length > length:
        rest = query.tokens[position + length : position + class_length]
        if _are_all_in(rest, word_list("makers")):  # for example: "fast food chain"
            return class_length, replace(
                segment, text=word_segment(*query.span(position, class_length)).text
            )
        if _are_all_in(rest, word_list("programs")):  # for example: "contact tracing app"
            class_length = 0
        elif length >= _PHRASE and _extends_to_compound_term(segment, rest, query):
            return class_length, replace(
                segment, text=word_segment(*query.span(position, class_length)).text
            )
    if not is_named or class_length > length:
        entry = link_dictionary_entry(query, position)
        if entry[0] > length and entry[0] >= class_length:
            return entry
        if class_length > length:
            return class_length, replace(
                word_segment(*query.span(position, class_length)), is_known=True
            )
    return length, segment and add_translations(segment, query.language, query.lexicon)


def _extends_to_compound_term(
    segment: QuerySegment, rest: tuple[Token, ...], query: QueryText
) -> bool:
    """Return whether the concept's own forms contain the words that follow it.

    For example: true for "offshore wind" before "farms"; false for "low cost" before "airline",
    which reports name differently.
    """
    forms = (
        form
        for each in named_concepts(segment)
        for form in query.lexicon.forms(each, query.language)
    )
    return {word.stem for word in rest} <= {stem for form in forms for stem in form.tokens}


def _class_length(query: QueryText, position: int) -> int:
    """Return how many tokens at a position are a class term of several words; else 0.

    Class terms are those of the hyponym lists, in English or by their English translation.
    """
    shapes = (LOWER, UPPER, CAPITAL) if query.language == "de" else (LOWER, UPPER)
    candidates = tuple(takewhile(lambda word: word.shape in shapes, query.tokens[position:]))
    if len(candidates) < _PHRASE:
        return 0
    if query.language == "en":
        length = query.lexicon.hyponyms.begins(tuple([word.stem for word in candidates]))
    else:
        length, entries = find_entries(candidates, query.language, query.lexicon)
        length = length if any(map(query.lexicon.hyponyms.of, _english_stems(entries))) else 0
    return length if length >= _PHRASE else 0


def _english_stems(entries: tuple[Entry, ...]) -> Iterator[tuple[str, ...]]:
    """Return the stems of each English word of the entries."""
    for written in (each for entry in entries for each in entry["en"]):
        yield stems_of(written, "en")


def begins_class_name(query: QueryText, position: int, length: int) -> bool:
    """Return whether a name of `length` tokens is the first word of a class term.

    For example: "coffee" in "coffee chain". In English the rest has to be makers or sellers: an "AI
    chip" is a chip for AI.
    """
    rest = query.tokens[position + length : position + _class_length(query, position)]
    return bool(rest) if query.language != "en" else _are_all_in(rest, word_list("makers"))


def _are_all_in(typed: tuple[Token, ...], listed: frozenset[str]) -> bool:
    """Return whether all tokens are listed, in the singular or plural; false for none."""
    return bool(typed) and all(word.norm.removesuffix("s") in listed for word in typed)
