"""Looking up aliases of names without making forms of all of them."""

from random import Random

import pytest

from tracker.stories.lexicon.forms import ANY_LANGUAGE, parse_form
from tracker.stories.lexicon.gazetteer import Gazetteer
from tracker.stories.lexicon.loader import load_lexicon


def test_every_alias_is_found_by_its_first_word() -> None:
    names = load_lexicon().gazetteer
    lost = [
        (entity.id, written)
        for entity in names.entities.values()
        for written in entity.written
        if entity.id
        not in {found for _, found in names.starting(parse_form(written, ANY_LANGUAGE).tokens[0])}
    ]
    assert lost == []


@pytest.mark.parametrize("word", ["", "zorblax", "ünited"])
def test_a_word_that_begins_no_alias_has_none(word: str) -> None:
    assert load_lexicon().gazetteer.starting(word) == []


def test_the_longest_aliases_come_first() -> None:
    sizes = [len(form.tokens) for form, _ in load_lexicon().gazetteer.starting("united")]
    assert sizes == sorted(sizes, reverse=True)


def test_few_look_ups_find_the_same_as_many() -> None:
    entities = load_lexicon().gazetteer.entities
    firsts = {
        parse_form(written, ANY_LANGUAGE).tokens[0]
        for entity in entities.values()
        for written in entity.written
    }
    words = Random(6).sample(sorted(firsts), 120)  # noqa: S311 - the same words every time
    many = Gazetteer(entities, {})
    for word in sorted(firsts):
        many.starting(word)
    for start in range(0, len(words), 12):
        few = Gazetteer(entities, {})
        for word in words[start : start + 12]:
            assert few.starting(word) == many.starting(word)
