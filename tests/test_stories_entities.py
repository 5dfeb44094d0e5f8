"""Looking up aliases of names without making forms of all of them."""

import pytest

from tracker.stories.lexicon.forms import ANY, form_of
from tracker.stories.lexicon.loader import load


def test_every_alias_is_found_by_its_first_word() -> None:
    names = load().names
    lost = [
        (entity.id, written)
        for entity in names.entities.values()
        for written in entity.written
        if entity.id not in {found for _, found in names.starting(form_of(written, ANY).key[0])}
    ]
    assert lost == []


@pytest.mark.parametrize("word", ["", "zorblax", "ünited"])
def test_a_word_that_begins_no_alias_has_none(word: str) -> None:
    assert load().names.starting(word) == []


def test_the_longest_aliases_come_first() -> None:
    sizes = [len(form.key) for form, _ in load().names.starting("united")]
    assert sizes == sorted(sizes, reverse=True)
