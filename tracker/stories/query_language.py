"""In which language a query is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.stories.capitals import is_telling
from tracker.stories.function_words import function_words
from tracker.stories.text import LOWER, SNOWBALL, words

if TYPE_CHECKING:
    from tracker.stories.query import Query
    from tracker.stories.text import Word
    from tracker.stories.vocabulary import Vocabulary


def language_of(query: Query, vocabulary: Vocabulary) -> str:
    """Guess a query's language by its function words; English where they do not tell.

    What may be a name counts only where the others leave it open, what is known as one never (Uber
    is not über), nor does the last word: no phrase ends in a function word ("Apple Car", though
    "car" is "for" in French). Where a word begins an affair in English, only those languages count
    in which one does as well (bin strike).
    """
    typed = [
        word
        for clause in query.clauses
        for term in clause.terms
        if not term.field
        for word in words(term.text, "")
    ]
    starting = vocabulary.names.starting
    telling = is_telling(typed)
    named = {
        word.fold
        for word in typed
        if word.shape != LOWER and any(not form.weak for form, _ in starting(word.fold))
    }
    english = _begins_affairs(typed, "en", vocabulary)

    def told(code: str) -> tuple[int, int]:
        if code != "en" and english and not _begins_affairs(typed, code, vocabulary):
            return 0, 0
        functions = function_words(code)
        found = [word for word in typed[:-1] if word.fold in functions - named]
        sure = [word for word in found if word.shape == LOWER or not telling]
        return len(sure), len(found)

    return max(SNOWBALL, key=told)


def _begins_affairs(typed: list[Word], language: str, vocabulary: Vocabulary) -> bool:
    functions = function_words(language)
    return any(vocabulary.begins(w.fold, language) for w in typed if w.fold not in functions)
