"""The form of the vocabulary's data files, read as they are and not through their loader."""

import re
from collections import defaultdict
from collections.abc import Iterator
from configparser import ConfigParser, SectionProxy
from pathlib import Path
from typing import NamedTuple

import pytest

from tracker.stories.lexicon.forms import is_ambiguous
from tracker.stories.text.wordlists import word_list

DATA = Path(__file__).parent.parent / "tracker" / "stories" / "data"
CONCEPT_FILES = sorted(DATA.glob("concepts-*.ini"))
NAME_FILES = sorted(DATA.glob("names*.ini"))

LANGUAGES = {"en", "fr", "de", "es", "it", "pt", "nl"}
KINDS = {
    "acronym",
    "company",
    "country",
    "government",
    "organisation",
    "person",
    "place",
    "product",
    "technology",
}
MOST_BYTES = 1_626_000  # reading them takes every `follow` 0.06 s, the first query 0.1 s


class Form(NamedTuple):
    """One form as it is written, and whether it is marked as weak."""

    section: str
    key: str
    text: str
    weak: bool


def _parsed(path: Path) -> ConfigParser:
    parser = ConfigParser(
        interpolation=None, delimiters=("=",), comment_prefixes=("#",), strict=True
    )
    parser.read_string(path.read_text("utf-8"), source=str(path))
    return parser


def _sections(paths: list[Path]) -> Iterator[SectionProxy]:
    for path in paths:
        parser = _parsed(path)
        for section in parser.sections():
            yield parser[section]


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.replace("\n", " ").split(",")]


def _forms(paths: list[Path], *, keys: set[str]) -> Iterator[Form]:
    for section in _sections(paths):
        for key in sorted(keys & set(section)):
            for written in _listed(section[key]):
                yield Form(section.name, key, written.rstrip("?!"), is_ambiguous(written))


def _doubled(forms: Iterator[Form]) -> list[tuple[str, str, str]]:
    seen: dict[tuple[str, str, str], int] = defaultdict(int)
    for form in forms:
        seen[form.section, form.key, form.text] += 1
    return [place for place, count in seen.items() if count > 1]


def test_there_are_concepts_and_names() -> None:
    assert len(list(_sections(CONCEPT_FILES))) >= 800
    assert len(list(_sections(NAME_FILES))) >= 4_000


@pytest.mark.parametrize("path", [*CONCEPT_FILES, *NAME_FILES], ids=lambda path: path.name)
def test_a_file_opens_with_a_comment_that_says_what_it_holds(path: Path) -> None:
    assert path.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("path", [*CONCEPT_FILES, *NAME_FILES], ids=lambda path: path.name)
def test_lines_are_short_enough_to_read_and_compare(path: Path) -> None:
    assert [line for line in path.read_text("utf-8").splitlines() if len(line) > 100] == []


def test_the_files_together_stay_quick_to_load() -> None:
    assert sum(path.stat().st_size for path in [*CONCEPT_FILES, *NAME_FILES]) <= MOST_BYTES


@pytest.mark.parametrize("kind", ["between-firms", "of-firms"])
def test_affairs_that_are_told_by_their_ids_are_concepts(kind: str) -> None:
    assert not word_list(kind) - {section.name for section in _sections(CONCEPT_FILES)}


def test_no_id_is_given_twice_in_all_files() -> None:
    ids = [section.name for section in _sections([*CONCEPT_FILES, *NAME_FILES])]
    assert sorted(ids) == sorted(set(ids))


def test_ids_are_words_in_lower_case_joined_by_hyphens() -> None:
    ids = [section.name for section in _sections([*CONCEPT_FILES, *NAME_FILES])]
    wrong = [name for name in ids if not all(part.isalnum() for part in name.split("-"))]
    assert wrong == []
    assert [name for name in ids if name != name.lower() or not name.isascii()] == []


def test_a_concept_has_known_keys_only() -> None:
    known = LANGUAGES | {"about", "kin", "of"}
    assert [
        (section.name, key)
        for section in _sections(CONCEPT_FILES)
        for key in section
        if key not in known
    ] == []


def test_a_concept_says_what_it_is_about() -> None:
    concepts = _sections(CONCEPT_FILES)
    assert [c.name for c in concepts if not c.get("about", "").strip()] == []


def test_a_concept_has_forms_in_all_seven_languages() -> None:
    assert {
        section.name: missing
        for section in _sections(CONCEPT_FILES)
        if (missing := LANGUAGES - set(section))
    } == {}


def test_a_concept_has_forms_that_are_not_weak_in_every_language() -> None:
    strong = {
        (form.section, form.key) for form in _forms(CONCEPT_FILES, keys=LANGUAGES) if not form.weak
    }
    concepts = [section.name for section in _sections(CONCEPT_FILES)]
    assert {(name, key) for name in concepts for key in LANGUAGES} - strong == set()


@pytest.mark.parametrize(
    ("key", "known"),
    [("kin", {section.name for section in _sections(CONCEPT_FILES)}), ("of", KINDS)],
)
def test_kin_are_concepts_and_what_a_concept_is_of_are_kinds(key: str, known: set[str]) -> None:
    assert [
        (section.name, listed)
        for section in _sections(CONCEPT_FILES)
        if key in section
        for listed in _listed(section[key])
        if listed not in known
    ] == []


def test_no_concept_is_its_own_kin_or_names_one_twice() -> None:
    for section in _sections(CONCEPT_FILES):
        kin = _listed(section["kin"]) if "kin" in section else []
        assert section.name not in kin
        assert sorted(kin) == sorted(set(kin))


@pytest.mark.parametrize(
    ("paths", "keys"),
    [(CONCEPT_FILES, LANGUAGES), (NAME_FILES, LANGUAGES | {"any"})],
    ids=["concepts", "names"],
)
def test_a_form_is_words_and_at_most_one_mark(paths: list[Path], keys: set[str]) -> None:
    wrong = [
        (section.name, key, written)
        for section in _sections(paths)
        for key in keys & set(section)
        for written in _listed(section[key])
        if not any(map(str.isalnum, written))
        or not re.fullmatch(r"[^?!]+\??!?", written)
        or (written.endswith("!") and not written.endswith("?!") and "any" in keys)
        or "  " in written
        or set(written) & set('*"()[]{}<>=;:')
    ]
    assert wrong == []


def test_no_form_is_twice_in_one_concept_and_language() -> None:
    forms = _forms(CONCEPT_FILES, keys=LANGUAGES)
    assert _doubled(form._replace(text=form.text.casefold()) for form in forms) == []


def test_a_name_has_known_keys_only() -> None:
    known = LANGUAGES | {"any", "kind"}
    assert [
        (section.name, key)
        for section in _sections(NAME_FILES)
        for key in section
        if key not in known
    ] == []


def test_a_name_is_of_a_known_kind() -> None:
    names = _sections(NAME_FILES)
    assert [(n.name, n.get("kind")) for n in names if n.get("kind") not in KINDS] == []


def test_a_name_has_an_alias() -> None:
    keys = LANGUAGES | {"any"}
    assert [name.name for name in _sections(NAME_FILES) if not keys & set(name)] == []


def test_no_alias_is_twice_in_one_name_and_language() -> None:
    assert _doubled(_forms(NAME_FILES, keys=LANGUAGES | {"any"})) == []


def test_an_alias_of_two_names_is_weak_in_all_but_one() -> None:
    strong: dict[str, set[str]] = defaultdict(set)
    for form in _forms(NAME_FILES, keys=LANGUAGES | {"any"}):
        if not form.weak:
            strong[form.text.casefold()].add(form.section)
    assert {text: names for text, names in strong.items() if len(names) > 1} == {}
