"""The query language: read once, loud, and the same when written out again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import QueryError
from tracker.stories.query.syntax import LONGEST, Clause, Query, Term, is_address, parse, parse_day

PIECES = st.one_of(
    st.sampled_from(
        [
            " ",
            '"',
            "-",
            ":",
            "OR",
            " OR ",
            "NOT",
            "*",
            "www.a",
            "title:",
            "lang:",
            "before:2020",
            "é",
            "“",
        ]
    ),
    st.characters(),
)


def words(*texts: str) -> tuple[Clause, ...]:
    return tuple(Clause((Term(text),)) for text in texts)


def test_bare_words_are_clauses_of_their_own() -> None:
    assert parse("TikTok acquisition") == Query(words("TikTok", "acquisition"))


def test_a_phrase_keeps_its_words_together() -> None:
    assert parse('"talks to  buy"').clauses[0].terms == (Term("talks to buy", quoted=True),)


def test_or_joins_its_neighbours() -> None:
    assert parse("Oracle OR Walmart deal") == Query(
        (Clause((Term("Oracle"), Term("Walmart"))), *words("deal"))
    )


def test_a_dash_excludes() -> None:
    query = parse('arm -chair -"coat of arms"')
    assert [clause.excluded for clause in query.clauses] == [False, True, True]


@pytest.mark.parametrize("name", ["title", "source", "lang", "before", "after"])
def test_fields_are_read(name: str) -> None:
    value = "2020-08" if name in {"before", "after"} else "en"
    assert parse(f"x {name}:{value}").clauses[1].terms[0].field == name


def test_typographic_quotes_quote() -> None:
    assert parse("“Sam Altman”") == parse('"Sam Altman"') == parse("«Sam Altman»")


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    assert parse("export-control").clauses == words("export-control")


def test_a_quoted_address_is_a_phrase() -> None:
    assert str(parse('"https://example.org/a" sale')) == '"https://example.org/a" sale'


@pytest.mark.parametrize("text", ["http://a.example", "HTTPS://a.example/b?c=d", "WWW.a.example"])
def test_an_address_is_known_as_one(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text", ["a.example", "www.", "http: x", "https://a.example b", "wwwx.org"]
)
def test_what_is_no_address_is_not_taken_for_one(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        'Nokia "NOT" Ericsson',
        "Nokia not Ericsson",
        "Nokia and Ericsson",
        'Nokia "AND" Ericsson',
        '"Nok*"',
        "M*A*S*H",
    ],
)
def test_what_is_quoted_or_only_looks_like_a_command_is_looked_for(text: str) -> None:
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 0, "no words"),
        ("   ", 0, "no words"),
        ("- … !", 0, "no words"),
        ("ʼ", 0, "no words"),
        ("-chair", 0, "what to leave out"),
        ("source:gazette", 0, "only sets limits"),
        ("-chair lang:fr OR lang:de", 0, "only sets limits"),
        ("title:ʼ", 6, "needs a word"),
        ("lang:fr OR chair", 8, "OR joins words"),
        ("title:chair OR table", 12, "title: with title:"),
        ("chair lang:english", 11, "code of a language"),
        ('arm "unclosed', 4, "not closed"),
        ("OR arm", 0, "OR stands between"),
        ("arm OR", 4, "OR stands between"),
        ("arm OR OR leg", 4, "OR stands between"),
        ("arm OR -leg", 4, "left out"),
        ("x -arm OR leg", 7, "left out"),
        ("colour:red", 0, "no field 'colour'"),
        ("title: chair", 0, "title: needs a word right behind"),
        ("chair lang:", 6, "lang: needs a word"),
        ("x before:soon", 9, "needs a date"),
        ("x before:2020-13", 9, "needs a date"),
        ("x --y", 3, "second dash"),
        ("Nokia NOT Ericsson", 6, "NOT leaves nothing out; write -Ericsson, or quote it"),
        ('Nokia NOT "night shift"', 6, 'write -"night shift"'),
        ("Nokia OR NOT Ericsson", 9, "write -Ericsson"),
        ("Nokia NOT", 6, "write -word"),
        ("Nokia AND Ericsson", 6, "leave AND out, or quote it"),
        ("AND", 0, "leave AND out, or quote it"),
        ("Nokia OR AND", 9, "leave AND out, or quote it"),
        ("Nok* layoffs", 3, "Word forms are found anyway"),
        ("Nokia -lab*", 10, "Word forms are found anyway"),
        ("Nokia source:Gaz*", 16, r"source: takes no \*"),
        ("sale https://example.org/a", 5, "An address is an article only alone"),
        ("Www.example.org/a", 0, "An address is an article only alone"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text: str, position: int, says: str) -> None:
    with pytest.raises(QueryError, match=says) as caught:
        parse(text)
    assert caught.value.position == position


def test_an_article_is_no_query() -> None:
    with pytest.raises(QueryError, match="at most"):
        parse("word " * LONGEST)


@pytest.mark.parametrize("text", ["2020", "2020-08", "2020-08-03"])
def test_dates_may_be_short(text: str) -> None:
    found = parse_day(text)
    assert found is not None
    assert found.year == 2020


@given(st.lists(PIECES, max_size=25).map("".join))
def test_no_input_crashes_and_what_is_printed_parses_to_the_same(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        assert 0 <= error.position <= len(text)  # noqa: PT017 - any other error fails the test
    else:
        assert parse(str(query)) == query


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("TikTok OR source:Gazette sale", "TikTok sale"),
        ("TikTok title:sale OR Oracle", "TikTok title:sale"),
        ("TikTok lang:english", "TikTok lang:english"),
        ("TikTok title: sale", "TikTok title: sale"),
        ("TikTok OR Oracle", "TikTok OR Oracle"),
        ("TikTok NOT Oracle", "TikTok NOT Oracle"),
        ("TikTok AND Oracle", "TikTok AND Oracle"),
        ("TikT* www.example.org/a", "TikT* www.example.org/a"),
    ],
)
def test_what_earlier_versions_let_through_is_read_for_their_stories(
    text: str, read_as: str
) -> None:
    assert str(parse(text, strict=False)) == read_as
