"""The singular of nouns, where a stemmer leaves their plural apart.

Snowball takes the end of a noun for that of a verb where no plural hides it (mujer and mujeres have
two stems), the more so without accents: volcan and volcanes, eleicao and eleicoes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def singular_in(language: str) -> Callable[[str], str] | None:
    """Give what takes a folded word's plural ending off; None for a language that needs none.

    What is no noun loses it as well: this is for stems, which are seen by nobody.
    """
    rules = [(re.compile(f"{ending}$").sub, one) for ending, one in _ENDINGS.get(language, ())]

    def singular(word: str) -> str:
        for sub, one in rules if word[-1:] == "s" else ():
            if (found := sub(one, word)) != word:
                return found
        return word

    return singular if rules else None


_ENDINGS = {
    "es": ((r"(?<=\w\w[^aeiou])(?:es)+", ""), (r"(?<=\w\w[aeo])s", "")),
    "fr": ((r"(?<=\w\wer)s", ""),),
    "pt": (
        (r"(?<=\w\w)[oa]es", "ao"),
        (r"(?<=\w\w)aos", "ao"),
        (r"(?<=\w\w)([aeou])is", r"\1l"),
        (r"(?<=\wei)s", ""),
        (r"(?<=\w\w[^aeiou])is", "il"),
        (r"(?<=\w\w)ens", "em"),
        (r"(?<=\w[iou])ns", "m"),
        (r"(?<=\w\w\we)ses", ""),
        (r"(?<=\w\w[rzs])es", ""),
        (r"(?<=\w\w[aeo])s", ""),
    ),
}
"""Endings of plurals, with what the singular has, by language; the first that fits counts."""
