"""In which language a query is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

from tracker.stories.capitals import is_telling
from tracker.stories.function_words import function_words, open_words
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
    text = " ".join(term.text for c in query.clauses for term in c.terms if not term.field)
    telling = is_telling(typed)
    spelled = [run for run in text.split() if not telling or run[0].islower()]
    letters = set(normalize("NFC", "".join(spelled)).lower())
    starting = vocabulary.names.starting
    named = {
        word.fold
        for word in typed
        if word.shape != LOWER and any(not form.weak for form, _ in starting(word.fold))
    }
    english = _begins_affairs(typed, "en", vocabulary)
    said = " ".join(
        word.surface
        for word in typed
        if word.fold not in named and (word.shape == LOWER or not telling)
    )

    def told(code: str) -> tuple[int, int, int]:
        if code != "en" and english and not _begins_affairs(typed, code, vocabulary):
            return 0, 0, 0
        functions = function_words(code)
        found = [word for word in typed[:-1] if word.fold in functions - named]
        sure = [word for word in found if word.shape == LOWER or not telling]
        known = vocabulary.told(said, code) + sum(word.fold in open_words(code) for word in typed)
        return len(sure), len(found), known + bool(_LETTERS.get(code, frozenset()) & letters)

    return max(SNOWBALL, key=told)


_LETTERS = {
    "fr": frozenset("àâçéèêëîôùûœ"),
    "de": frozenset("äöüß"),
    "es": frozenset("áéíñóú"),
    "it": frozenset("àèéìòù"),
    "pt": frozenset("áâãàçéêíóôõú"),
    "nl": frozenset("ëïéè"),
}
"""Letters that English does not have."""


def _begins_affairs(typed: list[Word], language: str, vocabulary: Vocabulary) -> bool:
    functions = function_words(language)
    return any(vocabulary.begins(w.fold, language) for w in typed if w.fold not in functions)
