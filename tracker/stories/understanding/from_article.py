"""Query by document: the words of a query, taken from an article."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from tracker.stories.lexicon.german_nouns import is_german_noun
from tracker.stories.query.model import CONCEPT, NAME, WORD
from tracker.stories.query.syntax import LONGEST, OPERATORS, parse
from tracker.stories.text.casing import is_title_case
from tracker.stories.text.documents import analyze, without_outlet
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stopwords import is_stop_word_here_or_in_english
from tracker.stories.text.tokenization import CAPITAL, LOWER, token_spans, tokenize
from tracker.stories.understanding.pipeline import understand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import Part
    from tracker.stories.text.documents import AnalyzedText
    from tracker.stories.text.tokenization import Token


_NAMES = 2
_WORDS = 3
_FILES = frozenset({"file", "filed", "files", "filing"})
"""English verbs that say nothing before "for": of the bankruptcy that one files for it is told."""


def words_of(
    title: str,
    summary: str,
    language: str | None,
    vocabulary: Lexicon,
    outlets: Iterable[str] = (),
) -> str:
    """Give a query for the story of an article; the title's words where it names nobody.

    It holds at most two names, those that the summary names too before the others, and one kind
    of affair; without a name the things that are told of. `outlets` are what the article's outlet
    may be called in the title, which is cut off: by its name, or by its host.
    """
    for outlet in outlets:
        title = without_outlet(title, outlet)
    text = analyze(title, summary, language)
    sure = {word.norm for word in text.summary[1:] if word.shape != LOWER}
    if is_title_case(text.summary):
        sure = set()
    parts = _parts(title, text.language, vocabulary, sure)
    parts = parts or _parts(summary, text.language, vocabulary, sure)
    chosen = _chosen(parts, text, vocabulary)
    found = " ".join(part.text for part in chosen)
    found = found or " ".join(word.text for word in text.title) or title
    return " ".join(word.lower() if word in OPERATORS else word for word in found.split(" "))


def _chosen(parts: list[Part], text: AnalyzedText, vocabulary: Lexicon) -> list[Part]:
    """Choose the parts that tell the story: who or what it is about, and what happens."""
    names = [part for part in parts if part.kind == NAME and not part.context]
    names = names or [part for part in parts if part.kind == NAME]
    told = {word.norm for word in text.summary}
    names.sort(key=lambda part: not any(w in told for w in normalize(part.text).split()))
    affairs = [part for part in parts if part.kind == CONCEPT]
    listed = [p for p in affairs if vocabulary.meanings(tuple(p.text.split()), text.language)]
    affairs = listed or affairs  # what only the dictionary has is less of an affair
    affairs = affairs or [part for part in parts if part.kind == WORD and not part.thing]
    if names:
        return names[:_NAMES] + affairs[:1]
    first = [part for part in parts if part.thing or part in affairs][:_WORDS]
    if affairs and not any(part in affairs for part in first):
        first[-1] = affairs[0]
    return first


def _parts(field: str, language: str, vocabulary: Lexicon, sure: set[str]) -> list[Part]:
    """Understand a headline; a capital says little at its beginning and in title case.

    In German it says as much there as elsewhere, unless the word is known and is no noun.
    """
    surfaces = []
    field = unicodedata.normalize("NFC", field)
    read = tokenize(field, language)
    unsure = is_title_case(read)
    for place, (word, (start, end)) in enumerate(zip(read, token_spans(field), strict=True)):
        if language == "en" and word.norm in _FILES and _is_for(read[place + 1 : place + 2]):
            continue
        capital = word.shape == CAPITAL and (unsure or place == 0)
        named = word.norm in sure or bool(vocabulary.gazetteer.starting(word.norm))
        if language == "de":
            named = named or not (
                is_stop_word_here_or_in_english(word, language) or _is_small(word, vocabulary)
            )
        surface = field[start:end]
        surfaces.append(surface.lower() if capital and not named else surface)
    typed = " ".join(f'"{word}"' if word in OPERATORS else word for word in surfaces)
    if not any(not is_stop_word_here_or_in_english(word, language) for word in read):
        return []
    found = understand(parse(typed[:LONGEST]), vocabulary).parts
    return [part for part in found if any(map(str.isalpha, part.text))]


def _is_for(following: tuple[Token, ...]) -> bool:
    return bool(following) and following[0].norm == "for"


def _is_small(word: Token, vocabulary: Lexicon) -> bool:
    """Tell whether a German word is known, and only with a small letter: weniger, schafft."""
    return vocabulary.is_common(word.text, "de") and not is_german_noun(word, vocabulary.dictionary)
