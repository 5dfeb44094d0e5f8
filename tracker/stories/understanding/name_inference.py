"""Names that are inferred late: words that turn out to be names once the rest is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.stories.levels import NEAR_SYNONYM
from tracker.stories.lexicon.forms import ANY_LANGUAGE, SurfaceForm
from tracker.stories.query.model import CONCEPT, NAME, WORD, is_date, is_listed
from tracker.stories.segmentation.concept_linking import named_concepts
from tracker.stories.segmentation.entity_forms import known_name
from tracker.stories.segmentation.name_recognition import name
from tracker.stories.text.normalization import normalize
from tracker.stories.text.tokenization import UPPER, tokenize
from tracker.stories.text.wordlists import open_words, with_english, word_list

if TYPE_CHECKING:
    from tracker.stories.lexicon.lexicon import Lexicon
    from tracker.stories.query.model import Part


def christened(parts: list[Part], language: str, vocabulary: Lexicon) -> list[Part]:
    """Take an unknown word behind what is given names for one: cyclone chido."""
    return [
        known_name(replace(part, kind=NAME), vocabulary)
        if part.kind == WORD
        and before is not None
        and named_concepts(before) & word_list("christened")
        and not is_date(part)
        and not vocabulary.is_common(part.text, language)
        else part
        for before, part in zip([None, *parts], parts, strict=False)
    ]


def with_its_people(part: Part, language: str) -> Part:
    """Find a German town that the vocabulary does not know in what is of it: Bonner, Bremer.

    Whether a name is a town's is not known; of a person there is no such word.
    """
    if language != "de" or part.kind != NAME or part.known or not part.text.isalpha():
        return part
    towns = [part.text]
    towns += [town.removesuffix("en") for town in towns if town.endswith("en")]
    forms = tuple(SurfaceForm(f"{town}er", (normalize(f"{town}er"),)) for town in towns)
    return replace(part, forms={**part.forms, ANY_LANGUAGE: (*part.forms[ANY_LANGUAGE], *forms)})


def typed_small(part: Part, language: str, vocabulary: Lexicon, *, small: bool) -> Part:
    """Take a word beside a name, all in small letters, for the only thing that is called so.

    Beside gamestop, robinhood is the broker. Where no capital is typed, a word that nothing is
    known of is a name too, but in German, which has too many compounds.
    """
    if (
        part.kind != WORD
        or part.required
        or is_date(part)
        or vocabulary.is_common(part.text, language)
    ):
        return part
    named = known_name(replace(part, kind=NAME), vocabulary)
    unknown = small and not part.known and language != "de" and not _names_nobody(part.text)
    return named if named.entity or unknown else part


def _names_nobody(text: str) -> bool:
    """Tell whether a word that is typed small has the length or the ending of no name."""
    return (
        len(text) < _NAME
        or not text.isalpha()
        or text in word_list("given")
        or text.endswith((*_ENDINGS, "ing", "ed", "s"))
    )


_NAME = 4
"""Letters from which on an unknown word in small letters may be a name."""


def acronyms(parts: list[Part]) -> list[Part]:
    """Take an acronym for a name, also where it only narrows an affair: SNAP benefits.

    Not in what names the affair itself, as CEO pay does, and as IPO does in the end, nor of a
    technology: RAM has other names.
    """
    if all(part.text.isupper() for part in parts):
        return parts
    found: list[Part] = []
    for part in parts:
        known = part.required or part.entity
        read = tokenize(part.text, "") if part.kind == CONCEPT and not known else ()
        if (len(read) > 1 or part is parts[-1]) and named_concepts(part):
            read = ()
        capitals = [word for word in read if word.shape == UPPER and len(word.norm) >= _ACRONYM]
        found += [name((word,)) for word in capitals]
        if not capitals or len(capitals) < len(read):
            found.append(part)
    return found


_ACRONYM = 3
"""Letters from which on capitals are taken for a name where the query has no other."""


def leading_name(parts: list[Part], vocabulary: Lexicon) -> list[Part]:
    """Take a first word for the name that it may be, if it has the only capital: Bears stadium.

    What names an affair itself is one at the beginning of a sentence: Strike of the nurses.
    """
    first = parts[0] if parts else None
    if (
        first is None
        or first.kind != CONCEPT
        or not first.text.istitle()
        or len(read := tokenize(first.text, "")) > 1
        or not parts[1:]
        or any(part.text != part.text.lower() for part in parts[1:])
        or any(level >= NEAR_SYNONYM for sense in first.senses for _, level in sense.concepts)
    ):
        return parts
    called = known_name(name(read), vocabulary)
    return [called, *parts[1:]] if called.entity else parts


def making_the_story(part: Part, parts: list[Part], language: str, vocabulary: Lexicon) -> Part:
    """Take a word that tells no affair for a name, or for the thing that the dictionary has."""
    if (
        part.kind != WORD
        or part.required
        or (is_date(part) and not _is_title(part, parts))
        or vocabulary.is_common(part.text, language)
        or is_listed(part, with_english(open_words, language))
        or (language == "en" and part.text.islower() and part.text.endswith(_ENDINGS))
    ):
        return part
    if part.known:
        return replace(part, thing=True)
    cased = any(other.text != other.text.lower() for other in parts)
    if language == "de" and cased and part.text == part.text.lower():
        return part  # what has a small letter beside capitals names nothing in German
    return known_name(replace(part, kind=NAME), vocabulary)


_ENDINGS = (
    *("atory", "itory", "utory", "ical", "ious", "eous", "uous", "able", "ible", "ful", "less"),
    *("ative", "itive", "utive", "ective", "ness", "tion", "sion", "ism", "ably"),
)
"""What English adjectives and abstract nouns end in, and hardly a name that is typed small."""


def _is_title(part: Part, parts: list[Part]) -> bool:
    """Tell whether a year is a name, as in "1984 remake", rather than a date."""
    return part is parts[0] and part.text.isdecimal()
