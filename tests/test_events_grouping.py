"""Reports of one development become one event, whatever the outlet and the language."""

from __future__ import annotations

import gc
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import combinations, count
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import make_item

from tracker.model.core import Item
from tracker.stories.events import clustering, fingerprint
from tracker.stories.events.pair_model import PairFeatures, PairModel
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.syntax import parse
from tracker.stories.text.documents import analyze
from tracker.stories.understanding.pipeline import interpret

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOLD = Path(__file__).parent / "events_told.tsv"
QUERIES = {
    "nordwind": "Nordwind takeover",
    "halden": "Halden data breach",
    "alvo": "Porto Alvo strike",
    "tiktok": "TikTok acquisition",
    "velino": "Velino bridge collapse",
}


class Told(NamedTuple):
    event: str
    item: Item


class Story:
    """One story's grouper, fed with headlines as a poll would do it."""

    def __init__(self, asked: str, now: datetime = NOON) -> None:
        self.words = load_lexicon()
        self.ignored = fingerprint.story_terms(interpret(parse(asked), self.words))
        self.grouper = clustering.EventClusterer((), now)
        self.numbers = count(1)

    def sketch(self, item: Item) -> fingerprint.Fingerprint:
        text = analyze(item.title, item.summary, item.language)
        return fingerprint.fingerprint(item, text, self.words).without(self.ignored)

    def tell(self, title: str, *, hours: float = 0, outlet: str = "", language: str = "en") -> int:
        number = next(self.numbers)
        item = report(number, title, hours=hours, outlet=outlet, language=language)
        self.grouper.add(number, self.sketch(item))
        return number

    def event(self, number: int) -> int:
        return self.grouper.changes[number]


def report(
    number: int, title: str, *, hours: float = 0, outlet: str = "", language: str = "en"
) -> Item:
    site = f"https://{outlet or f'outlet{number}'}.example/{number}"
    published = NOON + timedelta(hours=hours)
    return make_item(title, number=number, url=site, published=published, language=language)


def told(story: str) -> list[Told]:
    rows = [line.split("\t") for line in TOLD.read_text("utf-8").splitlines()]
    found = []
    for number, row in enumerate(rows):
        if row[0] == story:
            _, event, hours, language, outlet, title, summary = row
            published = NOON + timedelta(hours=int(hours))
            site = f"https://{outlet}.example/{number}"
            item = Item(number, 1, outlet, site, title, summary, published, language)
            found.append(Told(event, item))
    return found


def pairs_f1(ours: dict[int, int], gold: dict[int, str]) -> float:
    same = [(ours[a] == ours[b], gold[a] == gold[b]) for a, b in combinations(sorted(gold), 2)]
    both = sum(one and other for one, other in same)
    return 2 * both / (sum(one for one, _ in same) + sum(other for _, other in same))


def grouped(reports: list[Told], story: Story) -> dict[int, int]:
    for one in reports:
        story.grouper.add(one.item.id, story.sketch(one.item))
    return story.grouper.changes


@pytest.mark.parametrize(
    ("name", "least"),
    [("nordwind", 0.97), ("halden", 0.97), ("alvo", 0.97), ("velino", 0.95), ("tiktok", 0.70)],
)
def test_an_affair_told_in_seven_languages_falls_into_its_developments(
    name: str, least: float
) -> None:
    reports = told(name)
    ours = grouped(reports, Story(QUERIES[name]))
    assert pairs_f1(ours, {one.item.id: one.event for one in reports}) >= least


def test_one_development_in_four_languages_is_one_event() -> None:
    story = Story("TikTok acquisition")
    numbers = [
        story.tell("Oracle wins TikTok bid"),
        story.tell("Oracle remporte TikTok", language="fr"),
        story.tell("Oracle erhält Zuschlag für TikTok", language="de", hours=1),
        story.tell("Oracle gana la puja por TikTok", language="es", hours=2),
    ]
    assert {story.event(number) for number in numbers} == {numbers[0]}


def test_sharing_the_story_s_own_words_is_not_being_alike() -> None:
    story = Story("Nordwind takeover")
    one = story.tell("Nordwind takeover: unions want job guarantees")
    other = story.tell("Nordwind takeover: shareholders hope for more money")
    assert story.event(one) != story.event(other)


def test_a_figure_joins_two_languages_that_share_no_word() -> None:
    story = Story("Halden data breach")
    one = story.tell("Watchdog fines Halden 22 million euros")
    other = story.tell("Halden muss 22 Millionen Euro Bußgeld zahlen", language="de", hours=2)
    assert story.event(one) == story.event(other)


def test_the_same_words_a_week_later_are_another_development() -> None:
    story = Story("Nordwind takeover")
    one = story.tell("Nordwind pilots walk out over pay in Aarhus")
    other = story.tell("Nordwind pilots walk out over pay in Aarhus", hours=7 * 24)
    assert story.event(one) != story.event(other)


def test_the_event_is_named_by_the_report_that_opened_it() -> None:
    story = Story("Nordwind takeover")
    first = story.tell("Castell tops Alpena with 37 dollars a share")
    story.tell("Castell tops Alpena: 37 dollars a share", hours=1)
    assert set(story.grouper.changes.values()) == {first}


def test_an_earlier_report_that_arrives_late_joins_without_renaming() -> None:
    story = Story("Nordwind takeover")
    arrived = story.tell("Castell tops Alpena with 37 dollars a share")
    late = story.tell("Castell tops Alpena, offering 37 dollars a share", hours=-20)
    assert story.event(late) == story.event(arrived) == arrived


def test_an_outlet_s_next_report_is_rather_the_next_development() -> None:
    def same_event(outlet: str) -> bool:
        story = Story("Nordwind takeover")
        for number in range(4):
            story.tell(f"Nordwind opens route number {number + 30} in Norway", hours=-60)
        one = story.tell("Castell raises its bid for the airline again", outlet="herald")
        follow_up = "Castell bid wins over hesitant board in Aarhus and Oslo"
        return story.event(one) == story.event(story.tell(follow_up, outlet=outlet, hours=4))

    assert same_event("ledger")
    assert not same_event("herald")


def test_a_site_that_brings_most_reports_is_no_outlet_but_an_aggregator() -> None:
    story = Story("Nordwind takeover")
    one = story.tell("Castell raises its bid for the airline again", outlet="news")
    other = story.tell(
        "Castell bid wins over hesitant board in Aarhus and Oslo", outlet="news", hours=2
    )
    assert story.event(one) == story.event(other)


def _moved(now: datetime) -> dict[int, int]:
    """Bring the report that joins two others, of which the second had stood alone."""
    story = Story("Nordwind takeover")
    known = [
        (1, 1, story.sketch(report(1, "Ingrid Solberg leaves railways"))),
        (2, 2, story.sketch(report(2, "New chief promises Aarhus jobs", hours=1))),
    ]
    grouper = clustering.EventClusterer(known, now)
    joined = "New chief Ingrid Solberg leaves railways, promises Aarhus jobs"
    grouper.add(3, story.sketch(report(3, joined, hours=2)))
    return grouper.changes


def test_a_lone_young_report_moves_to_the_event_that_explains_it() -> None:
    changes = _moved(NOON + timedelta(hours=3))
    assert len(changes) == 2
    assert len(set(changes.values())) == 1


@pytest.mark.parametrize("known", [False, True])
def test_a_young_report_leaves_for_a_development_that_has_it_more_certainly(known: bool) -> None:  # noqa: FBT001
    story = Story("TikTok acquisition")
    mayer = "TikTok chief Kevin Mayer resigns after three months"
    rows = [
        (mayer, "", "en", 0),
        ("TikTok-Chef Kevin Mayer tritt zurück", "", "de", 1),
        ("TikTok chief executive Kevin Mayer resigns, citing politics", "", "en", 2),
        ("TikTok : le patron Kevin Mayer démissionne", "", "fr", 3),
        (
            "Walmart se une a Microsoft para comprar TikTok",
            "Entra en la oferta el día en que dimite el consejero delegado, Kevin Mayer.",
            *("es", 16),
        ),
        ("Walmart joins Microsoft in bid for TikTok", "", "en", 20),
    ]
    items = [
        make_item(title, summary, number=n, published=NOON + timedelta(hours=hours), language=code)
        for n, (title, summary, code, hours) in enumerate(rows, 1)
    ]
    for each in items[:5]:
        story.grouper.add(each.id, story.sketch(each))
    assert story.event(5) == 1
    if known:
        told = [(each.id, story.event(each.id), story.sketch(each)) for each in items[:5]]
        story.grouper = clustering.EventClusterer(told, NOON + timedelta(hours=20))
    story.grouper.add(6, story.sketch(items[5]))

    assert story.event(5) == story.event(6) == 6


def test_a_report_stays_where_it_is_once_its_event_is_no_longer_young() -> None:
    assert set(_moved(NOON + clustering.REASSIGNABLE + timedelta(hours=3))) == {3}


def test_only_what_was_added_or_moved_is_reported_as_changed() -> None:
    story = Story("Nordwind takeover")
    known = [(1, 1, story.sketch(report(1, "Castell tops Alpena")))]
    grouper = clustering.EventClusterer(known, NOON)
    grouper.add(2, story.sketch(report(2, "Castell tops Alpena at last", hours=1)))
    assert grouper.changes == {2: 1}


def test_an_item_that_comes_again_does_not_take_over_the_event_it_once_opened() -> None:
    story = Story("Nordwind takeover")
    known = [(2, 1, story.sketch(report(2, "Castell tops Alpena")))]
    grouper = clustering.EventClusterer(known, NOON)
    assert grouper.add(1, story.sketch(report(1, "Pilots threaten a strike in Oslo"))) != 1


def test_polling_day_by_day_groups_as_following_later_does() -> None:
    reports = told("nordwind")
    later = grouped(reports, Story(QUERIES["nordwind"]))
    live: dict[int, int] = {}
    by_day: dict[int, list[Told]] = defaultdict(list)
    for one in reports:
        by_day[(one.item.published - NOON).days].append(one)
    story = Story(QUERIES["nordwind"])
    known: list[Told] = []
    for day in sorted(by_day):
        now = NOON + timedelta(days=day + 1)
        history = [(one.item.id, live[one.item.id], story.sketch(one.item)) for one in known]
        grouper = clustering.EventClusterer(history, now)
        for one in by_day[day]:
            grouper.add(one.item.id, story.sketch(one.item))
        live |= grouper.changes
        known += by_day[day]
    assert live == later


features = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.01, 2), max_size=5)
made = st.builds(
    fingerprint.Fingerprint,
    published=st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis takes naive bounds
    language=st.sampled_from(["en", "fr", "xx"]),
    outlet=st.sampled_from(["herald", "ledger"]),
    terms=features,
    interlingual=features,
)


@pytest.mark.repeats
@given(st.lists(made, max_size=25), st.lists(made, max_size=10))
def test_every_report_gets_an_event_in_whatever_order_they_come(
    added: list[fingerprint.Fingerprint], known: list[fingerprint.Fingerprint]
) -> None:
    grouper = clustering.EventClusterer(
        [(-n, -n // 2, one) for n, one in enumerate(known, 1)], NOON
    )
    for number, one in enumerate(added, 1):
        event = grouper.add(number, one)
        assert grouper.changes[number] == event
    assert grouper.changes.keys() >= set(range(1, len(added) + 1))


def test_what_was_grouped_is_gone_without_the_collector_of_cycles() -> None:
    story = Story(QUERIES["nordwind"])
    gc.collect()
    gc.disable()
    try:
        first = story.tell("Nordwind rejects the offer of its rival")
        second = story.tell("Rival's offer is rejected by Nordwind", hours=1)
        assert story.event(first) == story.event(second)
        del story
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_among_very_many_alike_the_latest_are_compared() -> None:
    story = Story("Halden data breach")
    dull = [
        story.tell(f"Halden breach: the board meets, says {n}", hours=0.01 * n) for n in range(150)
    ]
    last = story.tell("Halden breach: the board meets, says 150", hours=1.6)
    assert len({story.event(number) for number in dull}) == 1
    assert story.event(last) == story.event(dull[-1])


@pytest.mark.parametrize(("hours", "same"), [(48, True), (84, False)])
def test_one_title_is_one_development_for_two_days(hours: float, *, same: bool) -> None:
    story = Story("Nordwind takeover")
    title = "Nordwind: Ingrid Solberg leaves Aarhus railways"
    one, other = story.tell(title), story.tell(title, hours=hours)
    assert (story.event(one) == story.event(other)) is same


@pytest.mark.parametrize(("hours", "same"), [(24, True), (60, False)])
def test_one_title_of_one_outlet_is_one_development_for_a_day(hours: float, *, same: bool) -> None:
    story = Story("Nordwind takeover")
    title = "Nordwind: Ingrid Solberg leaves Aarhus railways"
    for number in range(3):  # an outlet that brings most is an aggregator
        story.tell(f"Nordwind: harvest {number} in Jutland", outlet=f"x{number}", hours=-90)
    one = story.tell(title, outlet="a")
    other = story.tell(title, outlet="a", hours=hours)
    assert (story.event(one) == story.event(other)) is same


SERIES = (
    "Zorblax shares close at {n}.{m} dollars",
    "Zorblax outbreak: {n} new cases reported in Quuxland, {m} deaths",
    "Zorblax: {n} Neuinfektionen, Inzidenz bei {m}",
    "Zorblax : {n} nouveaux cas en 24 heures, {m} morts",
)


def days_of(story: Story, template: str, days: int) -> list[list[int]]:
    """Add two reports a day, an hour apart; return their events by day."""
    found = []
    for day in range(days):
        title = template.format(n=40 + 3 * day, m=2 + day)
        numbers = [story.tell(title, hours=24 * day + hour, outlet=f"o{hour}") for hour in (0, 1)]
        found.append([story.event(number) for number in numbers])
    return found


@pytest.mark.parametrize("template", SERIES)
def test_each_day_of_a_series_of_figures_is_a_development(template: str) -> None:
    by_day = days_of(Story("Zorblax"), template, 28)
    assert [len(set(events)) for events in by_day] == [1] * 28
    assert len({events[0] for events in by_day}) == 28


@pytest.mark.parametrize("template", SERIES)
def test_a_poll_a_day_keeps_the_days_of_a_series_apart(template: str) -> None:
    story = Story("Zorblax")
    known: list[tuple[int, int, fingerprint.Fingerprint]] = []
    for day in range(28):
        number, now = day + 1, NOON + timedelta(days=day, hours=1)
        title = template.format(n=40 + 3 * day, m=2 + day)
        one = story.sketch(report(number, title, hours=24 * day, outlet="herald"))
        grouper = clustering.EventClusterer(known, now, [one])
        known.append((number, grouper.add(number, one), one))
    assert len({event for _, event, _ in known}) == 28


@pytest.mark.parametrize("later", [0, 60])
def test_what_becomes_usual_a_month_later_is_rare_when_it_first_appears(later: int) -> None:
    story = Story("Nordwind takeover")
    titles = ["Watchdog opens inquiry into fuel surcharges", "Surcharges: watchdog inquiry begins"]
    titles += [f"Watchdog inquiry: {word} of surcharges" for word in "abcdefghij" for _ in range(6)]
    coming = [
        story.sketch(report(n, title, hours=n if n < 2 else 24 * (30 + n)))
        for n, title in enumerate(titles[: 2 + later])
    ]
    grouper = clustering.EventClusterer((), NOON, coming)
    assert [grouper.add(n, one) for n, one in enumerate(coming[:2], 1)] == [1, 1]


def test_figures_that_change_within_hours_are_one_development() -> None:
    story = Story("Velino bridge collapse")
    one = story.tell("Velino: 14 dead under the collapsed bridge, rescuers say")
    other = story.tell("Velino: 16 dead under the collapsed bridge, rescuers say", hours=3)
    assert story.event(one) == story.event(other)


def test_no_event_is_longer_than_its_reach_however_alike_its_reports() -> None:
    story = Story("Nordwind takeover")
    numbers = [
        story.tell("Nordwind: Ingrid Solberg leaves Aarhus railways", hours=12 * n)
        for n in range(40)
    ]
    by_event: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(numbers):
        by_event[story.event(number)].append(12 * place)
    assert max(max(hours) - min(hours) for hours in by_event.values()) <= 96
    assert len(by_event) < 10


@pytest.mark.parametrize(("size", "step"), [(6, 1), (8, 1), (8, 2)])
def test_no_event_drifts_to_what_has_nothing_of_its_opening(size: int, step: int) -> None:
    words = (
        "alder birch cedar dogwood elder fir ginkgo hazel ivy juniper larch maple nutmeg oak pine"
        " quince rowan spruce teak viburnum willow yew zelkova"
    ).split()
    story = Story("Zorblax")
    rows = [words[n : n + size] for n in range(0, len(words) - size, step)]

    numbers = [story.tell(" ".join(row), hours=3 * n) for n, row in enumerate(rows)]

    assert story.event(numbers[0]) == story.event(numbers[1])
    for number, row in zip(numbers, rows, strict=True):
        opening = next(r for n, r in zip(numbers, rows, strict=True) if n == story.event(number))
        assert set(row) & set(opening)


def test_what_comes_without_a_date_is_not_one_event_for_it() -> None:
    story = Story("Nordwind takeover")
    titles = (
        "Nordwind pilots threaten a strike in Oslo",
        "Shareholders of Nordwind hope for more money",
        "Nordwind opens a hangar for repairs in Aarhus",
        "Danish regulator asks Nordwind about slots",
    )
    numbers = [story.tell(title) for title in titles]
    assert len({story.event(number) for number in numbers}) == 4


def by_cosine(constant: float, threshold: float = 0.5) -> PairModel:
    """Make a model to which time and outlet are nothing."""
    return PairModel((20.0, *[0.0] * (len(PairFeatures._fields) - 1)), constant, threshold)


def bare(terms: str, hours: float = 0, title: str = "") -> fingerprint.Fingerprint:
    """Make a report of these words alone."""
    words = dict.fromkeys(terms.split(), 1.0)
    when = NOON + timedelta(hours=hours)
    return fingerprint.Fingerprint(
        when, "en", "herald", words, words, frozenset((title or terms).split())
    )


@pytest.mark.parametrize(("hours", "changes"), [(95, {3: 1, 2: 1}), (97, {3: 1})])
def test_a_lone_report_moves_only_where_its_event_has_room(
    hours: float, changes: dict[int, int]
) -> None:
    known = [(1, 1, bare("solberg leaves railways")), (2, 2, bare("promises jobs railways", hours))]
    grouper = clustering.EventClusterer(known, NOON, model=by_cosine(-4.0))
    grouper.add(3, bare("solberg leaves railways promises jobs", 90))
    assert grouper.changes == changes


@pytest.mark.parametrize(("hours", "event"), [(96, 1), (97, 3)])
def test_a_report_joins_no_event_that_has_no_room_for_it(hours: float, event: int) -> None:
    known = [(1, 1, bare("solberg leaves")), (2, 1, bare("solberg leaves railways", 50))]
    grouper = clustering.EventClusterer(known, NOON, model=by_cosine(-4.0))
    assert grouper.add(3, bare("solberg leaves oslo", hours)) == event


@pytest.mark.parametrize(("others", "event"), [(0, 1), (2, 5)])
def test_a_report_that_is_like_one_of_many_does_not_join_them(others: int, event: int) -> None:
    event_of_all = [(1, 1, bare("solberg leaves")), (2, 1, bare("oslo")), (3, 1, bare("aarhus"))]
    known = event_of_all[: 1 + others]
    grouper = clustering.EventClusterer(known, NOON, model=by_cosine(-4.0, 0.7))
    assert grouper.add(5, bare("solberg leaves railways")) == event


def test_a_near_identical_title_decides_only_where_it_is_certain() -> None:
    words = "a b c d e f g h i j"
    known = [(1, 1, bare("z", title=words[:-2])), (2, 2, bare(words, title="q"))]
    for constant, event in ((-17.15, 2), (-15.0, 1)):  # a chance of 0.70 and of 0.95
        grouper = clustering.EventClusterer(known, NOON, model=by_cosine(constant))
        assert grouper.add(3, bare(words)) == event
