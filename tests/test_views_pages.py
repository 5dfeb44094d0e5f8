"""The other views as text at fixed widths: dashboard, why, follow, story, feeds, poll."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import verdicts

from tracker.model.activity import FeedActivity, FeedOrder
from tracker.model.core import (
    Item,
    Link,
    Outage,
    Reason,
    Report,
    Revision,
    State,
    Status,
    Story,
    StorySummary,
    Timeline,
    Verdict,
)
from tracker.model.corrections import Correction, Move
from tracker.model.polling import Failure, FeedRow, FeedSource, FeedState, PollReport
from tracker.model.preview import Finding, Part, Preview, ProfileTerm
from tracker.views import decided, follow
from tracker.views import json as as_json
from tracker.views.polling import feeds
from tracker.views.polling.poll import poll
from tracker.views.stories import stories
from tracker.views.story import story
from tracker.views.text import width_of
from tracker.views.why import add_up, why

NOW = datetime(2031, 3, 20, 12, 0, tzinfo=UTC)
STORY = Story(
    1, "bridge-repair", "Bridge repair", "bridge repair", State.OPEN, NOW - timedelta(days=60)
)
ITEM = Item(
    7,
    1,
    "Daily Example",
    "https://example.org/7",
    "Bridge will be repaired",
    "",
    NOW - timedelta(days=2),
    "en",
)
REASONS = (
    Reason("bridge", "word", "Bridge", "title", 0.4452),
    Reason("repair", "concept", "repaired", "title", 0.3346),
    Reason("council", "profile", "council", "summary", 0.0552),
    Reason("sports", "profile", "match", "summary", -0.05),
    Reason("cost", "name", "", "", 0),
)
VERDICT = Verdict(0.785, Status.LINKED, REASONS)
SUMMARY = StorySummary(
    STORY,
    3,
    12,
    30,
    2,
    NOW - timedelta(days=2),
    "Bridge will be repaired",
    (0, 0, 3, 1),
    ("council",),
)
PARTS = (
    Part("bridge", "word", 0.6, found=41, note="not in the vocabulary: found by its stem"),
    Part("repair", "concept", 0.4, (("en", ("repair", "mend")), ("fr", ("réparer",))), found=0),
    Part("toll", "word", 0, excluded=True),
)
PREVIEW = Preview(
    "bridge repair -toll",
    PARTS,
    NOW - timedelta(days=90),
    1200,
    2,
    1,
    1,
    (Finding(ITEM, VERDICT),),
    (Finding(replace(ITEM, id=8), Verdict(0.5, Status.MAYBE, ())),),
)
FEED = FeedRow(
    FeedState(
        1,
        FeedSource("https://example.org/feed", language="en", tags=("local",)),
        rhythm=timedelta(hours=2),
        next_poll=NOW + timedelta(minutes=30),
        next_poll_why="it brings something every 2 hours",
    ),
    "Daily Example",
    listed=True,
    items=1234,
    last_polled=NOW - timedelta(hours=1),
    last_ok=NOW - timedelta(hours=1),
    last_new=NOW - timedelta(hours=3),
    failing_since=None,
    failure=None,
    activity=FeedActivity(tuple(NOW - timedelta(hours=2 * n) for n in range(1, 11)), 84.0, 37),
)
FAILING = FEED._replace(
    title="Le Exemple",
    failing_since=NOW - timedelta(days=3),
    failure="the server answered 503",
)
POLL = PollReport(
    NOW,
    1.26,
    42,
    30,
    5,
    6,
    23,
    4,
    (Failure("https://example.org/dead", "no such host"),),
)


def rows(text: object) -> list[str]:
    return str(text).split("\n")


# --- the dashboard -------------------------------------------------------------------------------


def test_the_dashboard_at_80_columns() -> None:
    quiet = replace(
        SUMMARY,
        story=replace(STORY, title="Old mill", slug="old-mill", state=State.CLOSED),
        unread=0,
        maybe=0,
        last_development=NOW - timedelta(days=70),
        last_title=None,
        volume=(0, 0, 0, 0),
        proposals=(),
    )
    assert rows(stories([SUMMARY, quiet], now=NOW, zone=UTC, width=80)) == [
        "3  Bridge repair  ▁▁█▄            2 days ago, 2 doubtful",
        "   bridge-repair  Bridge will be repaired",
        "   ? could also look for council: tracker story show bridge-repair",
        "   Old mill                       quiet for 2 months",
        "   old-mill  closed",
        "",
        "2 stories, 3 unread developments",
        "tracker timeline STORY --maybe shows the doubtful.",
    ]


def test_the_dashboard_at_40_columns_leaves_the_bars_out() -> None:
    assert rows(stories([SUMMARY], now=NOW, zone=UTC, width=40))[:2] == [
        "3  Bridge repair",
        "   bridge-repair  2 days ago, 2 doubtful",
    ]


def test_the_dashboard_without_stories_teaches_how_to_follow_one() -> None:
    assert "tracker follow" in str(stories([], now=NOW, zone=UTC, width=80))


# --- why -----------------------------------------------------------------------------------------


def test_why_says_in_sentences_what_counts_and_what_is_missing() -> None:
    assert rows(why(STORY, ITEM, VERDICT, now=NOW, zone=UTC, width=80)) == [
        "Bridge will be repaired",
        "Daily Example · number 7 · 18 Mar 12:00 · en",
        "https://example.org/7",
        "",
        "It belongs to Bridge repair: 0.79",
        "",
        "Asked for",
        "  +0.45  bridge  “Bridge” in the title",
        "  +0.33  repair  “repaired” in the title",
        "    –    cost    not there",
        "Learned",
        "  +0.06  “council” goes with this story",
        "  -0.05  “sports” does not go with this story",
        "   0.79  in all",
        "",
        "Wrong? tracker reject bridge-repair 7",
    ]


def test_why_says_of_what_is_not_there_but_counts_that_any_words_may_tell_it() -> None:
    verdict = Verdict(0.79, Status.LINKED, (Reason("saga", "missing", "", "", 0.79),))
    page = rows(why(STORY, ITEM, verdict, now=NOW, zone=UTC, width=80))
    assert "  +0.79  saga  not there, but it may be told in any words" in page


def test_why_says_of_a_country_that_it_goes_unsaid_at_home() -> None:
    told, unsaid = ("strike", "concept", "paro", "title", 0.6), ("Spain", "home", "", "", 0.0)
    reasons = (Reason(*told), Reason(*unsaid))
    page = rows(why(STORY, ITEM, Verdict(0.6, Status.LINKED, reasons), now=NOW, zone=UTC, width=80))
    assert "    –    Spain   goes unsaid: the outlet is at home there" in page


def test_why_says_of_a_place_that_another_one_is_told_of() -> None:
    told, instead = (
        ("flood", "concept", "flood", "title", 0.1),
        ("Ohio", "elsewhere", "Utah", "", 0.0),
    )
    reasons = (Reason(*told), Reason(*instead))
    page = rows(why(STORY, ITEM, Verdict(0.1, None, reasons), now=NOW, zone=UTC, width=80))
    assert "    –    Ohio   not there: it tells of “Utah”" in page


def test_why_has_words_for_every_kind_of_reason_that_the_evaluator_gives() -> None:
    queries = (
        "Nokia layoffs",
        "Nokia Infinera merger",
        "Nokia climate lawsuit",
        "Nokia",
        "bridge repair",
        "nap -chess",
    )
    titles = ("Nokia layoffs near", "Nokia and Infinera merger: 300 jobs", "Bridge repair", "Chess")
    told = {("profile", part) for part in ("shown before", "what you said of others")}
    for query in queries:
        items = [replace(ITEM, id=n, title=title) for n, title in enumerate((*titles, *titles))]
        told |= {(r.kind, r.part) for each in verdicts(query, items) for r in each.reasons}
    fixed = {r for r in told if r[0] in {"start", "near"} or (r[0] == "profile" and " " in r[1])}
    assert len(fixed) > 5
    assert ("start", "the affair, of which nothing is told") in fixed
    for kind, part in fixed:
        said = Verdict(0.5, Status.LINKED, (Reason(part, kind, "", "", 0.5),))
        row = next(
            row
            for row in rows(why(STORY, ITEM, said, now=NOW, zone=UTC, width=80))[6:8]
            if "+0.50" in row
        )
        assert f"“{part}”" not in row
        assert "may be told in any words" not in row
        assert not row.endswith(kind)


def test_why_names_in_one_line_what_is_worth_next_to_nothing() -> None:
    traces = (Reason("river", "profile", "", "", 0.001), Reason("road", "profile", "", "", 0.002))
    verdict = Verdict(0.788, Status.LINKED, (*REASONS[:4], *traces))
    text = rows(why(STORY, ITEM, verdict, now=NOW, zone=UTC, width=80))
    assert "         and traces of “river” and “road”" in text
    assert not any("0.00" in row for row in text)


def test_why_says_what_rules_an_item_out() -> None:
    verdict = Verdict(0.0, None, (Reason("chess", "negated", "chess", "", 0.0),))
    text = rows(why(STORY, ITEM, verdict, now=NOW, zone=UTC, width=80))
    assert text[6:9] == ["Ruled out by", "  chess", "   0.00  in all"]


def test_why_says_what_the_user_decided() -> None:
    text = str(why(STORY, ITEM, VERDICT, now=NOW, zone=UTC, width=80, decided=Status.REJECTED))
    assert "It does not belong to Bridge repair: 0.79 (you said so)" in text
    assert "tracker undo" in text


def test_why_of_an_item_that_is_not_linked_says_so_and_what_links_it() -> None:
    text = rows(why(STORY, ITEM, VERDICT, now=NOW, zone=UTC, width=80, linked=False))
    assert "It would belong to Bridge repair: 0.79, but is not linked" in text
    assert text[-2:] == [
        "tracker rematch looks again at all that is stored.",
        "It does belong? tracker accept bridge-repair 7",
    ]


def test_why_of_an_item_that_does_not_belong_offers_to_accept_it() -> None:
    text = str(why(STORY, ITEM, Verdict(0.0, None, ()), now=NOW, zone=UTC, width=80))
    assert "It does not belong to Bridge repair: 0.00" in text
    assert "Nothing of it was found." in text
    assert "tracker accept bridge-repair 7" in text


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=12))
def test_the_shown_worths_add_up_to_the_shown_score(worths: list[float]) -> None:
    total = sum(worths)
    shown = add_up(worths, total)
    assert round(sum(shown), 2) == pytest.approx(round(total, 2), abs=0.0051)
    assert all(abs(a - b) < 0.0101 for a, b in zip(shown, worths, strict=True))


def test_worths_that_do_not_add_up_are_only_rounded() -> None:
    assert add_up([0.714, 0.55], 1.0) == [0.71, 0.55]


# --- follow and search ---------------------------------------------------------------------------


def test_following_shows_how_the_query_was_understood() -> None:
    assert rows(follow.followed(STORY, PREVIEW, width=80)) == [
        "Following Bridge repair  bridge-repair",
        "",
        "  bridge  word      60%  41 items",
        "    not in the vocabulary: found by its stem",
        "  repair  concept   40%  nothing stored",
        "    en mend · fr réparer",
        "  -toll   word         ",
        "",
        "Linked 2 of 1,200 stored items, 1 development; 1 doubtful.",
        "Read it: tracker timeline bridge-repair",
    ]


WAR = Part(
    "guerre",
    "concept",
    1.0,
    (
        ("en", ("war", "invasion", "offensive")),
        ("fr", ("Guerre", "invasion", "conflit")),
        ("es", ("guerra", "invasión")),
        ("it", ("guerra", "invasione")),
    ),
)


def test_one_row_of_forms_is_enough_to_see_how_a_word_was_understood() -> None:
    shown = [row.plain for row in follow.parts([WAR], 50)]
    assert shown[1:] == ["    en war · fr en invasion · es it guerra"]
    text = rows(follow.followed(STORY, replace(PREVIEW, parts=(WAR,)), width=50))
    assert "  --forms shows every word that is looked for." in text


def test_a_row_of_forms_stays_short_in_a_pipe() -> None:
    many = replace(WAR, forms=(("en", tuple(f"word{n}" for n in range(90))),))
    assert max(row.cell_len for row in follow.parts([many], 400)) <= 100


def test_all_forms_are_shown_when_asked_for() -> None:
    text = rows(follow.followed(STORY, replace(PREVIEW, parts=(WAR,)), width=30, forms=True))
    assert text[3:8] == [
        "    en war, invasion,",
        "       offensive",
        "    fr invasion, conflit",
        "    es guerra, invasión",
        "    it guerra, invasione",
    ]
    assert not any("--forms" in row for row in text)


def test_following_the_same_twice_is_pointed_out() -> None:
    twin = replace(STORY, id=2, slug="bridge")
    text = rows(follow.followed(STORY, PREVIEW, width=80, twin=twin))
    assert text[1] == "bridge asks for the same; tracker story rm bridge-repair ends this one."


def test_words_that_are_not_looked_for_are_said() -> None:
    found = replace(PREVIEW, left_out=("bad", "second"))
    for text in (
        rows(follow.followed(STORY, found, width=80)),
        rows(follow.preview(found, now=NOW, zone=UTC, width=80)),
    ):
        assert "  Not looked for: bad, second" in text


def test_a_preview_that_finds_nothing_says_how_far_it_looked() -> None:
    nothing = replace(PREVIEW, linked=(), linked_count=0, maybe=(), maybe_count=0)
    text = rows(follow.preview(nothing, now=NOW, zone=UTC, width=80))
    assert "Would link 0 of what came since 20 Dec 2030." in text
    assert "--since DATE looks further back." in text


def test_following_with_nothing_stored_says_how_to_get_something() -> None:
    text = str(follow.followed(STORY, replace(PREVIEW, items=0), width=80))
    assert text.endswith("Nothing is stored yet.\ntracker poll fetches what your feeds have.")


def test_a_preview_shows_findings_and_doubts_with_their_scores() -> None:
    text = rows(follow.preview(PREVIEW, now=NOW, zone=UTC, width=80))
    assert text[0] == "Would follow bridge repair -toll"
    assert (
        text[-8:]
        == [
            "",
            "Linked",
            "  7  18 Mar 12:00  Daily Example  Bridge will be repaired 0.79",
            "  and 1 more",
            "",
            "Doubtful",
            "  8  18 Mar 12:00  Daily Example  Bridge will be repaired 0.50",
            *text[-2:],
        ][1:]
    )
    lead, command = text[-1].split(": ")
    assert lead == "To follow it, and link older reports too"
    assert command == "tracker follow 'bridge repair -toll'"


def test_search_shows_what_it_found_newest_first() -> None:
    old = replace(ITEM, id=9, published=NOW - timedelta(days=9))
    found = replace(PREVIEW, linked=(*PREVIEW.linked, Finding(old, VERDICT)), maybe=())
    found = replace(found, maybe_count=0)
    text = rows(follow.results(found, now=NOW, zone=UTC, width=80))
    assert text[0] == "  7  18 Mar 12:00  Daily Example  Bridge will be repaired"
    assert [row.split()[0] for row in text[:2]] == ["7", "9"]
    assert text[-1] == "2 items of 1,200"


def test_search_shows_what_has_only_a_part_of_the_query_last() -> None:
    sure = tuple(
        Finding(replace(ITEM, id=n, published=NOW - timedelta(days=n)), VERDICT) for n in (21, 22)
    )
    found = replace(PREVIEW, linked=sure)
    text = rows(follow.results(found, now=NOW, zone=UTC, width=80))
    assert [row.split()[0] if row else "" for row in text[:5]] == ["21", "22", "", "Doubtful", "8"]
    assert text[-1] == "3 items of 1,200, 1 of them doubtful"
    assert {row.index(" Mar") for row in text if " Mar" in row} == {8}
    text = rows(follow.results(found, now=NOW, zone=UTC, width=80, limit=2))
    assert text[-1] == "3 items of 1,200, 1 of them doubtful, 2 shown; --limit 0 shows all"
    assert "Doubtful" not in text
    assert [item["id"] for item in as_json.preview(found, 2)["items"]] == [21, 22]


def test_search_that_finds_only_doubtful_items_says_so() -> None:
    found = replace(PREVIEW, linked=(), linked_count=0)
    text = rows(follow.results(found, now=NOW, zone=UTC, width=80))
    assert text[0] == "Doubtful"
    assert text[-1] == "1 item of 1,200, doubtful"


def test_search_that_finds_nothing_shows_how_it_was_understood() -> None:
    nothing = replace(PREVIEW, linked=(), maybe=(), linked_count=0, maybe_count=0)
    text = str(follow.results(nothing, now=NOW, zone=UTC, width=80))
    assert text.startswith("Nothing matches 'bridge repair -toll'.\n  bridge")


# --- a story -------------------------------------------------------------------------------------


def test_a_story_shows_what_it_has_learned_and_what_it_proposes() -> None:
    profile = (
        ProfileTerm("council", "name", 0.31, NOW - timedelta(days=5), 7),
        ProfileTerm("football", "word", -0.4, NOW - timedelta(days=3), 2),
        ProfileTerm("toll road", "word", 0.2, NOW - timedelta(days=1), 4, proposed=True),
    )
    text = rows(story(SUMMARY, PARTS[:1], profile, now=NOW, zone=UTC, width=80))
    assert text[:5] == [
        "Bridge repair",
        "bridge-repair · followed for 2 months",
        "12 developments in 30 reports, 2 doubtful; last development 2 days ago",
        "",
        "Asked for",
    ]
    assert "  bridge repair" not in text
    assert text[-7:] == [
        "Learned",
        "  council  +0.31  in 7 reports, since 15 Mar",
        "  against it: football",
        "",
        "Proposed",
        "  toll road  +0.20  in 4 reports, since 19 Mar",
        "  To give it more weight: tracker story edit bridge-repair --learn 'toll road'",
    ]


def test_a_story_shows_how_a_proposal_is_taken_up() -> None:
    profile = (ProfileTerm("Tollway", "name", 0.2, NOW, 4, proposed=True),)
    wider = "bridge OR Tollway repair"
    text = rows(story(SUMMARY, PARTS[:1], profile, now=NOW, zone=UTC, width=80, wider=wider))
    assert text[-2:] == [
        "  Many of its reports name them. To look for one beside what you asked for:",
        "  tracker story edit bridge-repair --query 'bridge OR Tollway repair'",
    ]


def test_a_story_shows_what_the_user_set_though_no_report_holds_it() -> None:
    profile = (
        ProfileTerm("Société", "word", 0.5, None, 0, given=True),
        ProfileTerm("dance", "word", 0.0, None, 0, given=True),
    )
    text = rows(story(SUMMARY, PARTS[:1], profile, now=NOW, zone=UTC, width=80))
    assert text[text.index("Set by you") :][1:3] == [
        "  Société  +0.50  in none of its reports yet",
        "  dance    ignored",
    ]


def test_a_story_that_has_learned_nothing_says_how_it_learns() -> None:
    text = str(story(SUMMARY, (), (), now=NOW, zone=UTC, width=80))
    assert "nothing yet: it learns from what is linked and accepted" in text


def test_a_correction_says_how_to_take_it_back() -> None:
    text = decided.decided(STORY, [correction(ITEM)], Status.REJECTED, width=80)
    assert rows(text) == [
        "This does not belong to Bridge repair",
        "  Bridge will be repaired",
        "tracker undo takes the last one back.",
    ]
    text = decided.decided(STORY, [correction(ITEM)] * 2, Status.ACCEPTED, width=80)
    assert rows(text)[0] == "These 2 items belong to Bridge repair"


def test_what_was_decided_before_is_told_apart_and_offers_no_undo_of_it() -> None:
    other = replace(ITEM, id=8, title="Bridge is open")
    text = decided.decided(STORY, [], Status.ACCEPTED, known=[ITEM], width=80)
    assert rows(text) == ["You accepted before, in Bridge repair:", "  Bridge will be repaired"]
    text = decided.decided(STORY, [correction(other)], Status.ACCEPTED, known=[ITEM], width=80)
    assert rows(text) == [
        "This belongs to Bridge repair",
        "  Bridge is open",
        "You accepted before, in Bridge repair:",
        "  Bridge will be repaired",
        "tracker undo takes the last one back.",
    ]


def test_why_keeps_the_width_with_long_names_of_outlet_and_story() -> None:
    item = replace(ITEM, source="The Daily Example of All the Towns and Villages", url="")
    about = replace(STORY, title="Repair of the bridge that leads to the island")
    assert rows(why(about, item, VERDICT, now=NOW, zone=UTC, width=40))[1:7] == [
        "The Daily Example of All the Towns and",
        "Villages · number 7 · 18 Mar 12:00 · en",
        "",
        "It belongs to Repair of the bridge that",
        "leads to the island: 0.79",
        "",
    ]


def correction(item: Item, *moves: Move) -> Correction:
    return Correction(STORY, item, Status.LINKED, Status.REJECTED, moves=moves)


def test_a_correction_says_what_it_moves_besides_the_item() -> None:
    moves = (
        Move(1582, Status.MAYBE, Status.LINKED),
        Move(719, Status.MAYBE, Status.LINKED),
        Move(5, Status.LINKED, None),
    )
    text = decided.decided(STORY, [correction(ITEM, *moves)], Status.REJECTED, width=80)
    assert rows(text)[2:4] == [
        "2 doubtful reports are now linked: 1582, 719",
        "1 linked report is no longer in the story: 5",
    ]


def test_what_corrections_made_at_once_move_there_and_back_is_not_told() -> None:
    there, back = Move(7, Status.MAYBE, Status.LINKED), Move(7, Status.LINKED, Status.MAYBE)
    both = [correction(ITEM, there), correction(replace(ITEM, id=8), back)]
    assert "now" not in str(decided.decided(STORY, both, Status.REJECTED, width=80))


def test_the_copies_that_follow_a_decision_are_named() -> None:
    found = replace(correction(ITEM), copies=(replace(ITEM, id=31), replace(ITEM, id=32)))
    text = decided.undone(replace(found, was=Status.REJECTED, now=None), width=80)
    assert rows(text)[-1] == "2 copies in other feeds follow: 31, 32"


def test_an_undone_correction_says_how_the_item_stands() -> None:
    text = decided.undone(Correction(STORY, ITEM, Status.REJECTED, None), width=80)
    assert rows(text)[0] == "No longer rejected, and without a link again, in Bridge repair"


# --- feeds and polls -----------------------------------------------------------------------------


def test_the_feed_list_at_80_columns() -> None:
    unlisted = FEED._replace(
        title="Gone Post", listed=False, last_new=None, items=3, activity=FeedActivity()
    )
    assert rows(feeds.feeds([FEED, FAILING, unlisted], now=NOW, width=80)) == [
        "feed           items  a week  every  stories  news         state",
        "Daily Example  1,234      84    2 h       3%  3 hours ago  well",
        "Le Exemple     1,234      84    2 h       3%  3 hours ago  failing",
        "  failing for 3 days: the server answered 503",
        "Gone Post          3       0      -       0%  never        not listed",
        "  no longer listed; its items are kept",
        "",
        "2 feeds, 2,471 items, 1 failing; tracker feeds ls --failing --long says why",
    ]


def test_a_feed_that_has_just_failed_has_no_duration_yet() -> None:
    text = rows(feeds.feeds([FAILING._replace(failing_since=NOW)], now=NOW, width=400))
    assert text[1].endswith("  failing: the server answered 503")


def test_in_a_pipe_a_feed_has_one_line_with_all_that_is_said_of_it() -> None:
    text = rows(feeds.feeds([FEED, FAILING], now=NOW, width=400))
    assert text[2].endswith("  failing for 3 days: the server answered 503")


@pytest.mark.parametrize(
    ("week", "rhythm", "in_stories", "shown"),
    [
        (0.25, timedelta(days=28), 0, "0.2 28 days 0%"),
        (9.96, timedelta(hours=20), 1, "10 20 h <1%"),
        (1234.5, timedelta(minutes=8), 617, "1,234 8 min 50%"),
    ],
)
def test_figures_of_a_feed_are_rounded_to_what_they_say(
    week: float, rhythm: timedelta, in_stories: int, shown: str
) -> None:
    row = FEED._replace(
        activity=FeedActivity(tuple(NOW - rhythm * n for n in range(4)), week, in_stories)
    )
    assert f" {shown} " in " ".join(str(feeds.feeds([row], now=NOW, width=80)).split())


@pytest.mark.parametrize(
    ("order", "first"),
    [
        (FeedOrder.TITLE, "ab"),
        (FeedOrder.ITEMS, "ba"),
        (FeedOrder.WEEK, "ba"),
        (FeedOrder.RHYTHM, "ab"),
        (FeedOrder.STORIES, "ab"),
        (FeedOrder.NEWS, "ba"),
        (FeedOrder.STATE, "ba"),
    ],
)
def test_the_feed_list_is_sorted_by_each_of_its_columns(order: FeedOrder, first: str) -> None:
    hourly = tuple(NOW - timedelta(hours=n) for n in range(4))
    daily = tuple(NOW - timedelta(days=n) for n in range(4))
    a = FEED._replace(title="a", items=10, activity=FeedActivity(hourly, 1.0, 5))
    b = FAILING._replace(title="b", items=20, activity=FeedActivity(daily, 2.0, 5), last_new=NOW)
    none = FEED._replace(title="n", items=0, activity=FeedActivity(), last_new=None, listed=False)
    found = [row.title for row in feeds.ordered([a, b, none], order)]
    assert [title for title in found if title != "n"] == list(first)
    turned = [row.title for row in feeds.ordered([a, b, none], order, reverse=True)]
    assert [title for title in turned if title != "n"] == list(reversed(first))
    if order in {FeedOrder.RHYTHM, FeedOrder.STORIES, FeedOrder.NEWS}:
        assert (found[-1], turned[-1]) == ("n", "n")


def test_the_feed_list_at_40_columns() -> None:
    assert rows(feeds.feeds([FAILING], now=NOW, width=40))[:3] == [
        "Le Exemple",
        "  1,234 items, 3 hours ago; failing for",
        "  3 days: the server answered 503",
    ]


def test_of_an_address_that_stands_for_a_name_the_end_is_shown() -> None:
    nameless = FAILING._replace(title="https://example.org/feeds/of/the/council.xml")
    text = rows(feeds.feeds([nameless, FEED], now=NOW, width=70))
    assert text[1].startswith("…eeds/of/the/council.xml  ")


def test_in_a_pipe_one_long_name_does_not_move_the_other_rows() -> None:
    long = FEED._replace(title="Long " * 40)
    text = rows(feeds.feeds([long, FEED], now=NOW, width=400))
    assert text[1].startswith(("Long " * 40).strip())
    assert len(text[2]) < 100


def test_what_was_asked_for_is_not_advised_again() -> None:
    text = rows(feeds.feeds_long([FAILING], now=NOW, zone=UTC, width=80))
    assert text[-1] == "1 feed, 1,234 items, 1 failing"
    nameless = FAILING._replace(title=FAILING.state.source.url)
    assert str(feeds.feeds_long([nameless], now=NOW, zone=UTC, width=80)).count("/feed") == 1


def test_the_long_feed_list_says_when_each_is_due_and_why() -> None:
    assert rows(feeds.feeds_long([FEED], now=NOW, zone=UTC, width=80))[:6] == [
        "Daily Example",
        "  https://example.org/feed",
        "  well",
        "  1,234 items, last new 3 hours ago, last polled 1 hour ago, 84.0 items a week,",
        "  one every 2 hours, 37 in stories",
        "  en, local",
    ]
    daily = FEED._replace(activity=FeedActivity(tuple(NOW - timedelta(days=n) for n in range(3))))
    assert "one every day" in str(feeds.feeds_long([daily], now=NOW, zone=UTC, width=80))
    text = str(feeds.feeds_long([FEED], now=NOW, zone=UTC, width=80))
    assert "due in 30 minutes, 20 Mar 12:30; it brings something every 2 hours" in text


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (FEED._replace(last_polled=None), "not polled yet"),
        (FEED._replace(state=FEED.state._replace(gone=True)), "gone: the publisher has ended it"),
        (FAILING._replace(failing_since=None), "failing: the server answered 503"),
    ],
)
def test_a_feed_says_in_words_how_it_is(row: FeedRow, words: str) -> None:
    assert feeds.state_words(row, NOW)[0].startswith(words)


def test_an_empty_feed_list_teaches_how_to_add_one() -> None:
    assert "tracker feeds add" in str(feeds.feeds([], now=NOW, width=80))
    assert "tracker feeds add" in str(feeds.feeds_long([], now=NOW, zone=UTC, width=80))


def test_an_added_feed_is_named_with_the_other_feeds_of_its_site() -> None:
    comments = FeedSource("https://example.org/comments", "Comments")
    source = FeedSource("https://example.org/feed", "Daily Example")
    text = feeds.added(source, "feeds.yaml", [comments], new=True)
    assert rows(text) == [
        "Added Daily Example to feeds.yaml.",
        "  https://example.org/feed",
        "The site has others, too:",
        "  https://example.org/comments  Comments",
        "tracker poll fetches it.",
    ]
    text = feeds.added(source, "feeds.yaml", [], new=False)
    assert rows(text) == ["https://example.org/feed is listed already."]


def test_what_was_asked_for_a_feed_that_is_listed_is_done_by_another_command() -> None:
    source = FeedSource("https://example.org/feed?a&b", tags=("local",))
    text = feeds.added(source, "feeds.yaml", [], new=False, asked=True)
    assert rows(text) == [
        "https://example.org/feed?a&b is listed already, and stays as it is.",
        "tracker feeds edit 'https://example.org/feed?a&b' changes it.",
    ]


def test_a_poll_is_summed_up() -> None:
    assert rows(poll(POLL, width=200)) == [
        "42 feeds in 1.3 s: 30 not modified, 5 unchanged, 6 with something new, 1 failed",
        "23 new items, 4 linked to your stories",
        "! https://example.org/dead",
        "  no such host",
    ]


@pytest.mark.parametrize("feeds", [42, 0])
def test_a_poll_that_links_without_a_new_item_says_so(feeds: int) -> None:
    said = rows(poll(POLL._replace(feeds=feeds, new_items=0), width=200, due=POLL.started))
    assert said[1] == "no new item, 4 linked to your stories"


def test_a_poll_that_brings_nothing_says_nothing_of_links() -> None:
    assert "linked" not in str(poll(POLL._replace(new_items=0, new_links=0), width=200))


def test_a_poll_with_nothing_due_says_so() -> None:
    none = POLL._replace(feeds=0, new_items=0, new_links=0)
    text = str(poll(none, width=80, due=POLL.started + timedelta(minutes=12)))
    assert (
        text == "No feed is due; the next one is in 12 minutes. tracker poll --force asks all now."
    )
    assert str(poll(none, width=80)).startswith("No feed is listed.")


@pytest.mark.parametrize(
    ("listed", "words"), [(1, "The feed is gone"), (3, "All 3 feeds are gone")]
)
def test_feeds_of_which_none_is_asked_any_more_are_not_told_as_none(
    listed: int, words: str
) -> None:
    none = POLL._replace(feeds=0, new_items=0, new_links=0)
    assert rows(poll(none, width=80, listed=listed)) == [
        f"{words}, and none is asked any more.",
        "tracker feeds ls --failing says why.",
    ]


# --- every view, any text ------------------------------------------------------------------------


@pytest.mark.parametrize("width", [40, 80, 120, 200])
@given(said=st.text(max_size=200))
def test_no_view_lets_a_feed_break_its_lines(width: int, said: str) -> None:
    item = replace(ITEM, title=said, source=said, url="")
    about = replace(STORY, title=said, query=said)
    verdict = Verdict(0.5, Status.MAYBE, (Reason(said, "word", said, "title", 0.5),))
    moves = tuple(Move(n, Status.MAYBE, Status.LINKED) for n in range(1_000, 1_040))
    said_of = Correction(about, item, None, Status.ACCEPTED, (item,), moves)
    pages = [
        stories([replace(SUMMARY, story=about, last_title=said)], now=NOW, zone=UTC, width=width),
        feeds.feeds([FAILING._replace(title=said, failure=said)], now=NOW, width=width),
        decided.decided(about, [said_of], Status.ACCEPTED, known=[item], width=width),
        poll(POLL._replace(failures=(Failure("x", said),)), width=width),
        decided.undone(said_of, width=width),
        why(about, item, verdict, now=NOW, zone=UTC, width=width),
        why(about, item, verdict, now=NOW, zone=UTC, width=width, linked=False),
    ]
    for page in pages:
        ours = [row for row in rows(page) if "tracker" not in row]
        assert all(width_of(row) <= width for row in ours)
    for page in pages:
        assert "\x1b" not in str(page)
        assert "\r" not in str(page)


# --- JSON ----------------------------------------------------------------------------------------


def test_json_of_a_timeline_has_the_keys_that_scripts_depend_on() -> None:
    link = Link(1, ITEM, Status.LINKED, 0.785, REASONS, 7, NOW)
    report = Report(link, new=True, revisions=(Revision("Bridge is cracked", NOW),))
    value = Timeline(STORY, (report,), (Outage("Le Exemple", NOW, None, "gone"),), (1, 2), NOW, 3)
    said = json.loads(json.dumps(as_json.timeline(value)))
    assert {"slug", "title", "query", "state"} <= said["story"].keys()
    assert said["items"][0] == {
        "id": 7,
        "url": "https://example.org/7",
        "title": "Bridge will be repaired",
        "source": "Daily Example",
        "feed": "",
        "copies": [],
        "published": "2031-03-18T12:00:00Z",
        "language": "en",
        "status": "linked",
        "score": 0.785,
        "event": 7,
        "linked": "2031-03-20T12:00:00Z",
        "new": True,
        "was": [{"title": "Bridge is cracked", "replaced": "2031-03-20T12:00:00Z"}],
        "why": as_json.reasons(REASONS),
    }
    assert said["items"][0]["why"][0] == {
        "part": "bridge",
        "kind": "word",
        "found": "Bridge",
        "field": "title",
        "worth": 0.4452,
    }


def test_json_of_follow_has_the_keys_that_scripts_depend_on() -> None:
    said = json.loads(json.dumps(as_json.follow(STORY, replace(PREVIEW, left_out=("bad",)))))
    assert {"slug", "title", "query", "state"} <= said["story"].keys()
    assert said["linked"] == 2
    assert [term["text"] for term in said["terms"]] == ["bridge", "repair", "toll"]
    assert said["left_out"] == ["bad"]


def test_json_of_a_poll_has_the_keys_that_scripts_depend_on() -> None:
    said = json.loads(json.dumps(as_json.poll(POLL)))
    assert said == {
        "feeds": 42,
        "not_modified": 30,
        "unchanged": 5,
        "changed": 6,
        "failed": 1,
        "new_items": 23,
        "new_links": 4,
        "seconds": 1.26,
        "started": "2031-03-20T12:00:00Z",
        "failures": [{"url": "https://example.org/dead", "reason": "no such host"}],
    }


def test_json_of_feeds_tells_no_headers() -> None:
    secret = FeedSource("https://example.org/feed", headers=(("Authorization", "secret"),))
    row = FEED._replace(state=FEED.state._replace(source=secret))
    assert "secret" not in json.dumps(as_json.feeds([row]))


def test_json_of_the_other_listings_can_be_written() -> None:
    term = ProfileTerm("council", "name", 0.3, NOW, 7)
    for value in (
        as_json.summaries([SUMMARY]),
        as_json.preview(PREVIEW),
        as_json.profile(STORY, [term]),
        as_json.news([Timeline(STORY, ())]),
        as_json.why(STORY, ITEM, VERDICT, None),
        as_json.why(STORY, ITEM, VERDICT, Link(1, ITEM, Status.MAYBE, 0.5, (), 7, NOW)),
    ):
        assert json.loads(json.dumps(value))
