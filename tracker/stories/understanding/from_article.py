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
from tracker.stories.understanding.pipeline import interpret

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import QuerySegment
    from tracker.stories.text.documents import AnalyzedText
    from tracker.stories.text.tokenization import Token


_NAMES = 2
_WORDS = 3
_FILES = frozenset({"file", "filed", "files", "filing"})
"""English verbs that say nothing before "for": of the bankruptcy that one files for it is told."""


def query_from_article(
    title: str,
    summary: str,
    language: str | None,
    lexicon: Lexicon,
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
    segments = _headline_segments(title, text.language, lexicon, sure)
    segments = segments or _headline_segments(summary, text.language, lexicon, sure)
    chosen = _choose_segments(segments, text, lexicon)
    found = " ".join(segment.text for segment in chosen)
    found = found or " ".join(word.text for word in text.title) or title
    return " ".join(word.lower() if word in OPERATORS else word for word in found.split(" "))


def _choose_segments(
    segments: list[QuerySegment], text: AnalyzedText, lexicon: Lexicon
) -> list[QuerySegment]:
    """Choose the parts that tell the story: who or what it is about, and what happens."""
    names = [segment for segment in segments if segment.kind == NAME and not segment.background]
    names = names or [segment for segment in segments if segment.kind == NAME]
    told = {word.norm for word in text.summary}
    names.sort(key=lambda segment: not any(w in told for w in normalize(segment.text).split()))
    affairs = [segment for segment in segments if segment.kind == CONCEPT]
    listed = [p for p in affairs if lexicon.meanings(tuple(p.text.split()), text.language)]
    affairs = listed or affairs  # what only the dictionary has is less of an affair
    affairs = affairs or [
        segment for segment in segments if segment.kind == WORD and not segment.is_topic
    ]
    if names:
        return names[:_NAMES] + affairs[:1]
    first = [segment for segment in segments if segment.is_topic or segment in affairs][:_WORDS]
    if affairs and not any(segment in affairs for segment in first):
        first[-1] = affairs[0]
    return first


def _headline_segments(
    field: str, language: str, lexicon: Lexicon, sure: set[str]
) -> list[QuerySegment]:
    """Understand a headline; a capital says little at its beginning and in title case.

    In German it says as much there as elsewhere, unless the word is known and is no noun.
    """
    surfaces = []
    field = unicodedata.normalize("NFC", field)
    read = tokenize(field, language)
    unsure = is_title_case(read)
    for place, (word, (start, end)) in enumerate(zip(read, token_spans(field), strict=True)):
        if (
            language == "en"
            and word.norm in _FILES
            and _is_followed_by_object(read[place + 1 : place + 2])
        ):
            continue
        capital = word.shape == CAPITAL and (unsure or place == 0)
        named = word.norm in sure or bool(lexicon.gazetteer.starting(word.norm))
        if language == "de":
            named = named or not (
                is_stop_word_here_or_in_english(word, language)
                or _is_known_in_lower_case(word, lexicon)
            )
        surface = field[start:end]
        surfaces.append(surface.lower() if capital and not named else surface)
    typed = " ".join(f'"{word}"' if word in OPERATORS else word for word in surfaces)
    if not any(not is_stop_word_here_or_in_english(word, language) for word in read):
        return []
    found = interpret(parse(typed[:LONGEST]), lexicon).segments
    return [segment for segment in found if any(map(str.isalpha, segment.text))]


def _is_followed_by_object(following: tuple[Token, ...]) -> bool:
    return bool(following) and following[0].norm == "for"


def _is_known_in_lower_case(word: Token, lexicon: Lexicon) -> bool:
    """Tell whether a German word is known, and only with a small letter: weniger, schafft."""
    return lexicon.is_common(word.text, "de") and not is_german_noun(word, lexicon.dictionary)
