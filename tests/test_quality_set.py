"""The labelled set that ships with the project: its form, its size and its variety."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks" / "quality"
if not FOLDER.exists():
    pytest.skip("the benchmarks are not part of this checkout", allow_module_level=True)


def _module() -> Any:
    name = "quality_dataset"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, FOLDER / "dataset.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


dataset = _module()


@pytest.fixture(scope="module")
def whole() -> Any:
    return dataset.load()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("items.jsonl", "stories.toml", "labels.tsv"):
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def test_the_form_is_sound() -> None:
    assert dataset.problems() == []


def test_there_are_stories_and_items_enough(whole: Any) -> None:
    assert len(whole.affairs) >= 22
    assert len(whole.headlines) >= 1_228


def test_at_least_five_languages_have_a_share(whole: Any) -> None:
    counts = Counter(h.language for h in whole.headlines)
    assert len([n for n in counts.values() if n >= 15]) >= 5
    assert counts["en"] <= 0.6 * len(whole.headlines)


def test_every_story_has_items_in_several_languages(whole: Any) -> None:
    language = {h.id: h.language for h in whole.headlines}
    for affair in whole.affairs:
        on = affair.items(dataset.Label.ON)
        assert len(on) >= 12, affair.id
        assert len({language[i] for i in on}) >= 2, affair.id


def test_every_story_has_hard_negatives(whole: Any) -> None:
    for affair in whole.affairs:
        assert len(affair.items(dataset.Label.OFF)) >= 8, affair.id


def test_every_story_has_a_development_told_by_two_outlets(whole: Any) -> None:
    source = {h.id: h.source for h in whole.headlines}
    for affair in whole.affairs:
        tellers: dict[int, set[str]] = {}
        for item, event in affair.events.items():
            tellers.setdefault(event, set()).add(source[item])
        assert any(len(names) >= 2 for names in tellers.values()), affair.id


def test_many_items_belong_to_no_story(whole: Any) -> None:
    judged = {j.item for affair in whole.affairs for j in affair.judgements}
    assert len([h for h in whole.headlines if h.id not in judged]) >= 100


def test_doubtful_labels_stay_few(whole: Any) -> None:
    labels = Counter(j.label for affair in whole.affairs for j in affair.judgements)
    assert labels[dataset.Label.DOUBTFUL] <= 0.05 * labels.total()


def test_a_source_writes_in_one_language(whole: Any) -> None:
    languages: dict[str, set[str]] = {}
    for headline in whole.headlines:
        languages.setdefault(headline.source, set()).add(headline.language)
    assert all(len(found) == 1 for found in languages.values())


def test_no_title_is_told_twice(whole: Any) -> None:
    titles = Counter(h.title.casefold() for h in whole.headlines)
    assert [title for title, n in titles.items() if n > 1] == []


def test_a_label_without_its_item_is_named(copy: Path) -> None:
    with (copy / "labels.tsv").open("a", encoding="utf-8") as labels:
        labels.write("holmes\tnobody-20200101a\t1\t1\n")
    (problem,) = dataset.problems(copy)
    assert "nobody-20200101a" in problem


def test_an_event_on_an_item_that_is_off_is_named(copy: Path) -> None:
    first = json.loads((copy / "items.jsonl").read_text("utf-8").split("\n", 1)[0])["id"]
    with (copy / "labels.tsv").open("a", encoding="utf-8") as labels:
        labels.write(f"holmes\t{first}\t0\t3\n")
    (problem,) = dataset.problems(copy)
    assert "event number" in problem


def test_an_unsorted_file_is_refused_by_the_loader(copy: Path) -> None:
    lines = (copy / "items.jsonl").read_text("utf-8").rstrip("\n").split("\n")
    (copy / "items.jsonl").write_text("\n".join(reversed(lines)) + "\n", "utf-8")
    with pytest.raises(ValueError, match="not sorted"):
        dataset.load(copy)


def test_a_query_without_its_other_languages_is_named(copy: Path) -> None:
    path = copy / "stories.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line != 'elsewhere.nl = "verkoop TikTok"\n']
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), encoding="utf-8")
    (problem,) = dataset.problems(copy)
    assert "elsewhere of story tiktok-sale" in problem
