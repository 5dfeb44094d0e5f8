"""What data files list is found by how its first word begins, in any language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.lexicon.prefix_index import PrefixColumn, first_norm, prefix_of
from tracker.stories.resources import Lists, split_list
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.tokenization import first_stem

WRITTEN = st.text("aeghinqstuxyzäéöœßÜVIX'’.-&?5 \n", min_size=1, max_size=12).filter(
    lambda form: any(map(str.isalnum, form)) and form.strip() == form
)


@given(
    st.lists(st.lists(WRITTEN, max_size=4), min_size=1, max_size=4),
    st.sampled_from(["", *SNOWBALL]),
)
def test_all_that_is_listed_is_found_by_its_first_letters(
    lines: list[list[str]], language: str
) -> None:
    column = PrefixColumn([", ".join(line) for line in lines])
    for number, line in enumerate(lines):
        for written in map(" ".join, map(str.split, line)):
            stem = first_stem(written, language)
            assert not stem or (written, number) in column.beginning(
                prefix_of(stem, language), language
            )


@given(st.lists(st.lists(WRITTEN, max_size=4), min_size=1, max_size=4))
def test_every_word_stands_in_its_line(lines: list[list[str]]) -> None:
    column = PrefixColumn([",".join(line) for line in lines])
    expected = [
        (each, number) for number, line in enumerate(lines) for each in ",".join(line).split(",")
    ]
    assert [(" ".join(each.split()), number) for each, number in column.every()] == [
        (" ".join(each.split()), number) for each, number in expected if each.strip()
    ]


def test_of_a_letter_and_of_two_only_those_are_found() -> None:
    column = PrefixColumn(["take over, Tank, tea", "ätna,  taken"])
    assert column.beginning("ta", "") == [("take over", 0), ("Tank", 0), ("taken", 1)]
    assert column.beginning("at", "") == [("ätna", 1)]
    assert column.beginning("", "") == []


@pytest.mark.parametrize(
    "written", ["l'accord", "L’Aia", "U.S. steel", "V-22", "'s avonds", "GTA VI", "5G", "x"]
)
def test_what_begins_with_a_sign_or_an_article_is_found_by_its_word(written: str) -> None:
    column = PrefixColumn(["other", f"this, {written}, that"])
    assert (written, 1) in column.beginning(prefix_of(first_norm(written), ""), "")


def test_the_aliases_of_all_names_are_found_by_their_first_word() -> None:
    names = load_lexicon().gazetteer
    missing = [
        (entity.id, alias)
        for entity in names.entities.values()
        for alias in entity.written
        if entity.id not in {found for _, found in names.starting(first_norm(alias))}
    ]
    assert missing == []


@pytest.mark.parametrize("language", SNOWBALL)
def test_the_forms_of_all_affairs_are_found_by_their_first_word(language: str) -> None:
    vocabulary = load_lexicon()
    written = {
        form
        for concept in vocabulary.concepts.values()
        for form in concept.written.get(language, ())
    }
    assert [
        form for form in written if language not in vocabulary.languages_of_prefix(first_norm(form))
    ] == []


def test_a_value_is_split_when_it_is_asked_for() -> None:
    lists = Lists({"en": "take over,\nbuy out?,, ", "fr": "rachat"})
    assert lists["en"] == ("take over", "buy out?")
    assert dict(lists) == {"en": ("take over", "buy out?"), "fr": ("rachat",)}
    assert (lists.as_listed("fr"), lists.as_listed("de")) == ("rachat", "")
    assert split_list(" , ") == ()
