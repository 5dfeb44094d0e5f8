"""Query by document: the words of a query for the story of an article.

Input: title, summary and language of an article. Output: the text of a query. The steps: cut the
outlet off the title, lower-case the capitals of the headline that mark no name, interpret the
result as a query, and choose the segments that identify the story.
"""

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


_MOST_NAMES = 2
_MOST_WORDS = 3
_FILING_VERBS = frozenset({"file", "filed", "files", "filing"})
"""English verbs that are dropped before "for": the bankruptcy matters, not the filing."""


def query_from_article(
    title: str,
    summary: str,
    language: str | None,
    lexicon: Lexicon,
    outlets: Iterable[str] = (),
) -> str:
    """Return a query for the story of an article.

    The query holds at most two names, those that the summary mentions too first, and one concept.
    Without a name it holds the topics, and without any segment the words of the title. `language`
    is None where it has to be detected. `outlets` are the names and hosts under which the outlet
    may be appended to the title; they are removed.
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
    words = " ".join(segment.text for segment in chosen)
    words = words or " ".join(word.text for word in text.title) or title
    return " ".join(word.lower() if word in OPERATORS else word for word in words.split(" "))


def _choose_segments(
    segments: list[QuerySegment], text: AnalyzedText, lexicon: Lexicon
) -> list[QuerySegment]:
    """Choose the segments that identify the story: the names or topics, and one concept.

    Background names count only where there is no other name. Concepts that the lexicon lists come
    before those that only the dictionary translates.
    """
    names = [segment for segment in segments if segment.kind == NAME and not segment.background]
    names = names or [segment for segment in segments if segment.kind == NAME]
    summary_norms = {word.norm for word in text.summary}
    names.sort(
        key=lambda segment: not any(w in summary_norms for w in normalize(segment.text).split())
    )
    concepts = [segment for segment in segments if segment.kind == CONCEPT]
    listed = [p for p in concepts if lexicon.meanings(tuple(p.text.split()), text.language)]
    concepts = listed or concepts
    concepts = concepts or [
        segment for segment in segments if segment.kind == WORD and not segment.is_topic
    ]
    if names:
        return names[:_MOST_NAMES] + concepts[:1]
    topics = [segment for segment in segments if segment.is_topic or segment in concepts][
        :_MOST_WORDS
    ]
    if concepts and not any(segment in concepts for segment in topics):
        topics[-1] = concepts[0]
    return topics


def _headline_segments(
    field: str, language: str, lexicon: Lexicon, sure: set[str]
) -> list[QuerySegment]:
    """Interpret a headline as a query, after lower-casing uninformative capitals.

    A capital is uninformative at the beginning and in title case, unless the word is in `sure`
    (capitalised inside the summary) or begins an alias. In German a capital is informative
    everywhere, unless the word is known and is not a noun. The list is empty for a headline of stop
    words.
    """
    surfaces = []
    field = unicodedata.normalize("NFC", field)
    tokens = tokenize(field, language)
    title_case = is_title_case(tokens)
    for position, (word, (start, end)) in enumerate(zip(tokens, token_spans(field), strict=True)):
        if (
            language == "en"
            and word.norm in _FILING_VERBS
            and _is_followed_by_object(tokens[position + 1 : position + 2])
        ):
            continue
        uninformative = word.shape == CAPITAL and (title_case or position == 0)
        is_name = word.norm in sure or bool(lexicon.gazetteer.starting(word.norm))
        if language == "de":
            is_name = is_name or not (
                is_stop_word_here_or_in_english(word, language)
                or _is_known_in_lower_case(word, lexicon)
            )
        surface = field[start:end]
        surfaces.append(surface.lower() if uninformative and not is_name else surface)
    typed = " ".join(f'"{word}"' if word in OPERATORS else word for word in surfaces)
    if not any(not is_stop_word_here_or_in_english(word, language) for word in tokens):
        return []
    segments = interpret(parse(typed[:LONGEST]), lexicon).segments
    return [segment for segment in segments if any(map(str.isalpha, segment.text))]


def _is_followed_by_object(following: tuple[Token, ...]) -> bool:
    """Return whether the next token is the "for" of "files for bankruptcy"."""
    return bool(following) and following[0].norm == "for"


def _is_known_in_lower_case(word: Token, lexicon: Lexicon) -> bool:
    """Return whether a German word is known only in lower case: "weniger", "schafft"."""
    return lexicon.is_common(word.text, "de") and not is_german_noun(word, lexicon.dictionary)
