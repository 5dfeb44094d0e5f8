"""By which stems forms begin: looked up by letter and as a whole, it is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.lexicon.prefix_index import FirstStemIndex, PrefixColumn
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.tokenization import first_stem, tokenize

FORMS = st.lists(
    st.text("aeghinostuxyzäéöœßVIX'.-&?5 ", min_size=1, max_size=12).filter(
        lambda form: any(map(str.isalnum, form)) and form.strip() == form
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("language", SNOWBALL)
def test_each_stem_of_the_vocabulary_is_found_by_its_letter(language: str) -> None:
    concepts = load_lexicon().concepts
    forms = PrefixColumn(concept.written.as_listed(language) for concept in concepts.values())
    by_letter = FirstStemIndex(list(concepts), forms, language)
    for stem, found in FirstStemIndex(list(concepts), forms, language).all().items():
        assert list(by_letter.concepts(stem) or ()) == list(found)


@given(FORMS, st.sampled_from(list(SNOWBALL)))
def test_any_form_is_found_by_the_stem_that_it_begins_with(forms: list[str], language: str) -> None:
    openings = FirstStemIndex(["quux"], PrefixColumn([", ".join(forms)]), language)
    stems = [first_stem(form.split(None, 1)[0], language) for form in forms]
    for stem in filter(None, stems):
        assert list(openings.concepts(stem) or ()) == ["quux"]
    assert set(filter(None, stems)) <= openings.all().keys()


def test_what_no_form_begins_with_is_not_found() -> None:
    openings = FirstStemIndex(["takeover"], PrefixColumn(["take over, buy out?"]), "en")
    assert openings.concepts("sell") is None
    assert openings.concepts("") is None
    assert openings.all().keys() == {"take", "buy"}
    assert openings.concepts("over") is None


def test_concepts_are_given_in_their_order_whatever_was_looked_up_before() -> None:
    openings = FirstStemIndex(["second", "first"], PrefixColumn(["offer", "Offers for, bid"]), "en")
    assert list(openings.concepts("offer") or ()) == ["second", "first"]
    openings.all()
    assert list(openings.concepts("offer") or ()) == ["second", "first"]


@pytest.mark.parametrize("language", SNOWBALL)
def test_every_word_of_a_form_but_an_acronym_is_a_common_one(language: str) -> None:
    vocabulary = load_lexicon()
    listed = ",".join(c.written.as_listed(language) for c in vocabulary.concepts.values())
    for run in set(listed.replace(",", " ").split()):
        if not run.isupper():
            assert vocabulary.is_common(run, language), run


@given(FORMS, st.sampled_from(list(SNOWBALL)))
def test_what_has_a_stem_is_found_by_the_letter_of_it(forms: list[str], language: str) -> None:
    column = PrefixColumn([", ".join(forms)])
    for run in " ".join(forms).split():
        for word in tokenize(run, language):
            assert run.isupper() or run in column.runs_with(word.stem[:1], language)
