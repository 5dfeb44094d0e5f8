"""What one item shows of one story: which parts of the query, in which words, and what else.

Evidence does not depend on what a story has learned, so that an item is read once and judged as
often as the story's profile changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.stories.function_words import function_words
from tracker.stories.name_words import name_words
from tracker.stories.text import CAPITAL, FIGURE, LOWER, SNOWBALL, UPPER, is_title_case
from tracker.stories.understand import NAME
from tracker.stories.vocabulary import ANY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.stories.text import Text, Word
    from tracker.stories.understand import Part, Understanding
    from tracker.stories.vocabulary import Form

FULL, SHORT, KIN, COMPARED, NONE = 1.0, 0.5, 0.3, 0.2, 0.0
"""How well a hit shows its part: itself, by a weak form, by what often goes with it; a name that
is there for comparison only (a TikTok rival, an iPhone-like phone)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where an item shows a part: how well (0..1), in which words of which field."""

    level: float
    found: str
    field: str
    place: int
    size: int = 1


@dataclass(slots=True)
class Evidence:
    """An item as one story sees it; `hits` run parallel to the parts: title, then summary."""

    hits: tuple[tuple[Hit | None, Hit | None], ...]
    terms: dict[str, float]
    excluded: str = ""
    near: float = 0.0
    shown: dict[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


class Observer:
    """Looks for the parts of one query in texts of any language."""

    def __init__(self, understanding: Understanding) -> None:
        self.parts = understanding.parts
        self.excluded = understanding.excluded
        self._names = [_by_first(part.forms.get(ANY, ())) for part in self.parts]
        self._concepts: dict[str, list[dict[str, list[tuple[Form, float]]]]] = {}
        self._own = {
            word for part in self.parts for form in part.forms.get(ANY, ()) for word in form.key
        }

    def first_words(self, number: int) -> set[str]:
        """Give the folds and stems of which an item with a part holds at least one."""
        found = set(self._names[number])
        part = self.parts[number]
        if part.kind != NAME:
            for code, forms in part.forms.items():
                found.update(form.key[0] for form in forms if code != ANY)
        return found

    def observe(self, text: Text) -> Evidence:
        """Find every part, and the words that the story can learn from."""
        hits: list[tuple[Hit | None, Hit | None]] = []
        language = text.language if text.language in SNOWBALL else "en"
        concepts = self._concepts_in(language)
        cased = {name: not is_title_case(words) for name, words in text.fields()}
        for number, part in enumerate(self.parts):
            pair = []
            for name, words in (("title", text.title), ("summary", text.summary)):
                hit = None
                if part.field in ("", name):
                    hit = _find_name(
                        words, self._names[number], name, part, cased=cased.get(name, False)
                    )
                    if part.kind != NAME:
                        hit = _better(hit, _find_stems(words, concepts[number], name))
                pair.append(hit)
            hits.append((pair[0], pair[1]))
        terms, shown, names = _terms(text, self._own, cased)
        return Evidence(
            tuple(hits),
            terms,
            excluded=self._barred(text, hits),
            near=_near(self.parts, hits),
            shown=shown,
            names=names,
        )

    def _barred(self, text: Text, hits: list[tuple[Hit | None, Hit | None]]) -> str:
        """Say what is there and must not be, or is not there and must; "" for nothing."""
        for part in self.excluded:
            index = _by_first(part.forms[ANY])
            for name, words in text.fields():
                if part.field in ("", name) and _find_name(words, index, name, part, cased=False):
                    return part.text
        for part, pair in zip(self.parts, hits, strict=True):
            if part.required and not any(pair):
                return f"no {part.text}"
        return ""

    def _concepts_in(self, language: str) -> list[dict[str, list[tuple[Form, float]]]]:
        found = self._concepts.get(language)
        if found is None:
            found = []
            for part in self.parts:
                index: dict[str, list[tuple[Form, float]]] = {}
                for form in part.forms.get(language, ()) if part.kind != NAME else ():
                    index.setdefault(form.key[0], []).append((form, form.level))
                for form in (part.kin or {}).get(language, ()):
                    index.setdefault(form.key[0], []).append((form, KIN / 2 if form.weak else KIN))
                found.append(index)
            self._concepts[language] = found
        return found


def _by_first(forms: tuple[Form, ...]) -> dict[str, list[Form]]:
    index: dict[str, list[Form]] = {}
    for form in forms:
        index.setdefault(form.key[0], []).append(form)
        if len(form.key) == 1 and len(form.key[0]) > 3:  # noqa: PLR2004 - Arms and Apples, not USs
            index.setdefault(form.key[0] + "s", []).append(form)
        elif len(form.key) > 1:
            index.setdefault("".join(form.key), []).append(form)
    return index


def _better(one: Hit | None, other: Hit | None) -> Hit | None:
    if one is None or (other is not None and other.level > one.level):
        return other
    return one


def _find_name(
    words: tuple[Word, ...], index: dict[str, list[Form]], name: str, part: Part, *, cased: bool
) -> Hit | None:
    best: Hit | None = None
    for place, word in enumerate(words):
        for form, size in _forms_at(words, place, word, index):
            level = _name_level(words, place, size, form, cased=cased and part.kind == NAME)
            if level and (best is None or level > best.level):
                found = " ".join(w.surface for w in words[place : place + size])
                best = Hit(level, found, name, place, size)
    return best


def _forms_at(
    words: tuple[Word, ...], place: int, word: Word, index: dict[str, list[Form]]
) -> Iterator[tuple[Form, int]]:
    """Give the forms that begin at a place and how many words they take, joined or apart."""
    for form in index.get(word.fold, ()):
        size = len(form.key)
        if size == 1 or word.fold != form.key[0]:
            yield form, 1
        elif tuple(w.fold for w in words[place : place + size]) == form.key:
            yield form, size
    if place + 1 < len(words):
        following = words[place + 1]
        joined = word.fold + following.fold
        if len(joined) >= _JOINED or following.shape == FIGURE:
            for form in index.get(joined, ()):
                if len(form.key) == 1 and form.key[0] == joined:
                    yield form, 2


def _name_level(
    words: tuple[Word, ...], place: int, size: int, form: Form, *, cased: bool
) -> float:
    word = words[place]
    if _only_compared(words, place, size):
        return NONE if form.weak else COMPARED
    if form.upper and word.shape != UPPER:
        return NONE
    if cased and word.shape == LOWER and size == 1:
        return NONE
    if not form.weak:
        return form.level
    if place and len(form.key) == 1:
        before = words[place - 1]
        if before.shape == CAPITAL and before.fold in name_words("given"):
            return NONE
    return SHORT


def _only_compared(words: tuple[Word, ...], place: int, size: int) -> bool:
    """Tell whether a name is there only to compare something else with it."""
    end = place + size
    if end < len(words) and words[end].fold in name_words("compared-after"):
        return True
    before = place - 1
    return (
        before > 0
        and words[before].fold in name_words("links")
        and words[before - 1].fold in name_words("compared-before")
    )


def _find_stems(
    words: tuple[Word, ...], index: dict[str, list[tuple[Form, float]]], name: str
) -> Hit | None:
    best: Hit | None = None
    for place, word in enumerate(words):
        for form, level in index.get(word.stem, ()):
            size = len(form.key)
            if size > 1 and tuple(w.stem for w in words[place : place + size]) != form.key:
                continue
            if best is None or level > best.level:
                found = " ".join(w.surface for w in words[place : place + size])
                best = Hit(level, found, name, place, size)
    return best


_SUMMARY_SHARE = 0.5
"""A word of a summary is worth as much as this of one of a title."""
_JOINED = 5
"""Letters from which on two words may be one: Tik Tok, but not "ar m"."""
_NEAR = 5
"""Words between a name and an affair that still belong together."""


def _near(parts: tuple[Part, ...], hits: list[tuple[Hit | None, Hit | None]]) -> float:
    best = 0.0
    for side in (0, 1):
        names = [pair[side] for part, pair in zip(parts, hits, strict=True) if part.kind == NAME]
        other = [pair[side] for part, pair in zip(parts, hits, strict=True) if part.kind != NAME]
        for one in names:
            for two in other:
                if one and two and abs(one.place - two.place) <= _NEAR:
                    best = max(best, two.level * (1.0, 0.6)[side])
    return best


def _terms(
    text: Text, own: set[str], cased: dict[str, bool]
) -> tuple[dict[str, float], dict[str, str], frozenset[str]]:
    """Give the words that a story can learn, how they are written, and which of them are names."""
    terms: dict[str, float] = {}
    shown: dict[str, str] = {}
    names: set[str] = set()
    skip = function_words(text.language)
    for field_name, share, words in (
        ("summary", _SUMMARY_SHARE, text.summary),
        ("title", 1.0, text.title),
    ):
        telling = cased.get(field_name, False)
        for place, word in enumerate(words):
            fold = word.fold
            if fold in own or len(fold) < 2 or (fold in skip and word.shape != UPPER):  # noqa: PLR2004 - single letters say nothing
                continue
            terms[word.stem] = share
            shown[word.stem] = word.surface
            if telling and place and word.shape not in (LOWER, FIGURE):
                names.add(word.stem)
    return terms, shown, frozenset(names)
