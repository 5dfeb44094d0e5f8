"""Follows every story of the labelled set, and prints how well the matcher links and groups.

    python benchmarks/quality/run.py                    live and backfill, and how far they agree
    python benchmarks/quality/run.py --mode live --only webb,google --verbose
    python benchmarks/quality/run.py --typed sentence   queries with the first letter in capitals
    python benchmarks/quality/run.py --typed de         queries as German readers type them
    python benchmarks/quality/run.py --typed each       a backfill as readers of each language type
    python benchmarks/quality/run.py --bars             compare with what bars.toml has recorded
    python benchmarks/quality/run.py --record           measure all languages, and record it there

The headlines go into a temporary database through the store, and are linked by the code that a
poll and a follow run. *live*: the stories are followed first, then a poll a day brings what was
published that day. *backfill*: one poll brings everything, then the stories are followed.

P, R and F1 compare the linked items with the labels (maybe ones do not count as linked, doubtful
labels are left out); `keyword` is the F1 of a filter that wants every word of the query in title
or summary; `events` is the F1 of the pairs of items told as one development, over the linked
items that are on the story; `b3` is the B-cubed F1 of the same grouping.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import unicodedata
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bars import load as load_bars
from bars import mean, misses, record
from dataset import LANGUAGES, Affair, Dataset, Headline, Label, load
from scores import b_cubed, pair_f1

from tracker.model.core import Status
from tracker.model.polling import Changed, Document, Entry, FeedSource, NextPoll, Transfer
from tracker.services import follow, linking
from tracker.store.database import Database, opened
from tracker.store.following import links
from tracker.store.polling import feeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

MODES = ("live", "backfill")
BARS = Path(__file__).with_name("bars.toml")
TYPED: dict[str, Callable[[str], str]] = {
    "small": str.lower,
    "sentence": lambda query: query[:1].upper() + query[1:],
    "headline": lambda query: " ".join(word[:1].upper() + word[1:] for word in query.split()),
}
"""How else people type a query than as the labelled set has it."""
EACH = "each"
"""All languages of LANGUAGES, one after another."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How one story fared.

    `events` and `b_cubed` are None where no two linked items tell one development.
    """

    story: str
    precision: float
    recall: float
    f1: float
    keyword_f1: float
    events: float | None
    b_cubed: float | None
    wrong: tuple[str, ...]
    missed: tuple[str, ...]
    doubtful: int
    linked: tuple[str, ...]


@contextmanager
def replayed(dataset: Dataset, mode: str) -> Iterator[tuple[Database, dict[str, int]]]:
    """Follow all stories of the set over its headlines; `mode` is one of MODES.

    Gives a temporary database, and the ids of the stories in it by their names in the set.
    """
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder, "quality.db")) as db:
        sources = sorted({headline.source for headline in dataset.headlines})
        feeds.take_in(db, [FeedSource(_address(name), title=name) for name in sources], {}, "set")
        batches = _batches(dataset.headlines, mode)
        stories: dict[str, int] = {}
        if mode == "live":
            stories = _follow(db, dataset.affairs, dataset.headlines[0].published)
        for batch in batches:
            _bring(db, batch)
        if mode == "backfill":
            stories = _follow(db, dataset.affairs, dataset.headlines[-1].published)
        yield db, stories


def replay(dataset: Dataset, mode: str) -> list[Figures]:
    """Return the figures of all stories of the set, followed in `mode`, one of MODES."""
    with replayed(dataset, mode) as (db, stories):
        return [
            _figures(db, affair, stories[affair.id], dataset.headlines)
            for affair in dataset.affairs
        ]


def agreement(left: Iterable[Figures], right: Iterable[Figures]) -> float:
    """Return the share of links that both runs have among those that either has."""
    one = {(figures.story, item) for figures in left for item in figures.linked}
    two = {(figures.story, item) for figures in right for item in figures.linked}
    return len(one & two) / len(one | two) if one | two else 1.0


def _batches(headlines: Sequence[Headline], mode: str) -> list[list[Headline]]:
    if mode == "backfill":
        return [list(headlines)]
    return [list(day) for _, day in groupby(headlines, key=lambda each: each.published.date())]


def _address(source: str) -> str:
    return f"https://feeds.example/{source.replace(' ', '-')}.xml"


def _follow(db: Database, affairs: Iterable[Affair], now: datetime) -> dict[str, int]:
    return {affair.id: follow.follow(db, affair.query, now).story.id for affair in affairs}


def _bring(db: Database, batch: Sequence[Headline]) -> None:
    """Store a batch as its feeds would bring it an hour after its last headline, and link it."""
    now = batch[-1].published + timedelta(hours=1)
    brought: dict[str, list[Headline]] = {}
    for headline in batch:
        brought.setdefault(_address(headline.source), []).append(headline)
    for state in feeds.due(db, now, force=True):
        if found := brought.get(state.source.url):
            entries = tuple(_entry(headline) for headline in reversed(found))
            document = Document(state.source.title, None, found[0].language, entries)
            outcome = Changed(state, Transfer(200, 0.0), document, b"", b"")
            feeds.record(db, outcome, NextPoll(now + timedelta(hours=1), "replayed"), now)
    linking.Linker(db, now, lambda _done, _total: None).link()


def _entry(headline: Headline) -> Entry:
    return Entry(
        headline.id, headline.url, headline.title, headline.summary, published=headline.published
    )


def _figures(db: Database, affair: Affair, story_id: int, headlines: Sequence[Headline]) -> Figures:
    by_url = {headline.url: headline for headline in headlines}
    shown = [
        (by_url[link.item.url].id, link)
        for link in links.of_story(db, story_id, statuses=(Status.LINKED, Status.MAYBE))
    ]
    event = {item: link.event for item, link in shown if link.status is Status.LINKED}
    words = set(_words(affair.query))
    keyword = {each.id for each in headlines if words <= set(_words(each.title, each.summary))}
    title = {each.id: f"{each.published:%Y-%m-%d} {each.title}" for each in headlines}
    on, left_out = affair.items(Label.ON), affair.items(Label.DOUBTFUL)
    precision, recall, f1 = _scores(event.keys() - left_out, on)
    pairs, cubed = _events(event, affair.events)
    return Figures(
        affair.id,
        precision,
        recall,
        f1,
        _scores(keyword - left_out, on)[2],
        pairs,
        cubed,
        tuple(title[item] for item in sorted(event.keys() - left_out - on)),
        tuple(title[item] for item in sorted(on - event.keys())),
        sum(link.status is Status.MAYBE for _, link in shown),
        tuple(sorted(event)),
    )


def _scores(found: Iterable[str], wanted: frozenset[str]) -> tuple[float, float, float]:
    found = set(found)
    right = len(found & wanted)
    precision = right / len(found) if found else 0.0
    recall = right / len(wanted) if wanted else 0.0
    return precision, recall, 2 * right / (len(found) + len(wanted)) if right else 0.0


def _events(
    ours: Mapping[str, int], gold: Mapping[str, int]
) -> tuple[float, float] | tuple[None, None]:
    """Return the F1 of pairs and B-cubed F1; None where no two items share a development."""
    items = sorted(ours.keys() & gold.keys())
    wanted = [gold[item] for item in items]
    if len(set(wanted)) == len(wanted):
        return None, None
    found = [ours[item] for item in items]
    return pair_f1(found, wanted), b_cubed(found, wanted)


def _words(*texts: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", " ".join(texts).casefold())
    return re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c)))


def _print(mode: str, results: Sequence[Figures], *, verbose: bool) -> None:
    print(f"{mode:16}    P     R    F1  keyword  events    b3  linked  maybe")
    for each in results:
        events, cubed = (
            "  - " if value is None else f"{value:.2f}" for value in (each.events, each.b_cubed)
        )
        print(
            f"{each.story:16} {each.precision:.2f}  {each.recall:.2f}  {each.f1:.2f}"
            f"     {each.keyword_f1:.2f}    {events}  {cubed}"
            f"    {len(each.linked):4}   {each.doubtful:4}"
        )
        if verbose:
            print(*(f"    wrong   {title}" for title in each.wrong), sep="\n")
            print(*(f"    missed  {title}" for title in each.missed), sep="\n")
    macro = [
        mean([getattr(each, name) for each in results])
        for name in ("precision", "recall", "f1", "keyword_f1", "events", "b_cubed")
    ]
    print(
        "{:16} {:.3f} {:.3f} {:.3f}   {:.3f}   {:.3f} {:.3f}\n".format(
            f"macro ({len(results)})", *macro
        )
    )


def _typed(dataset: Dataset, how: str | None) -> Dataset:
    """Return the set with its queries typed as TYPED or as readers of a language would."""
    if how in LANGUAGES:
        affairs = [replace(each, query=each.queries[how]) for each in dataset.affairs]
    elif how:
        affairs = [replace(each, query=TYPED[how](each.query)) for each in dataset.affairs]
    else:
        return dataset
    return Dataset(dataset.headlines, tuple(affairs))


def _record(whole: Dataset) -> None:
    """Measure both modes, and a backfill in each language, and write it to bars.toml."""
    results = {mode: replay(whole, mode) for mode in MODES}
    agreed = agreement(*results.values())
    record(BARS, results | _in_each_language(whole), agreed)


def _measured(dataset: Dataset, typed: str | None, mode: str | None) -> dict[str, list[Figures]]:
    """Return the figures by mode, or by language where `typed` is EACH."""
    if typed == EACH:
        return _in_each_language(dataset)
    typed_so = _typed(dataset, typed)
    return {each: replay(typed_so, each) for each in MODES if mode in (None, each)}


def _in_each_language(dataset: Dataset) -> dict[str, list[Figures]]:
    return {code: replay(_typed(dataset, code), "backfill") for code in LANGUAGES}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mode", choices=MODES, help="one of the two; both without it")
    parser.add_argument("--only", default="", help="story ids, separated by commas")
    parser.add_argument(
        "--typed",
        choices=[*TYPED, *LANGUAGES, EACH],
        help="type the queries so, or as readers of that or each language do; else as they are",
    )
    parser.add_argument("--verbose", action="store_true", help="name the wrong and the missed")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--least", type=float, default=0.0, help="exit with 1 where a mode's macro F1 is below this"
    )
    parser.add_argument(
        "--agree", type=float, default=0.0, help="exit with 1 where live and backfill agree on less"
    )
    parser.add_argument(
        "--bars", action="store_true", help="exit with 1 where something fell below bars.toml"
    )
    parser.add_argument("--record", action="store_true", help="measure all, and write bars.toml")
    options = parser.parse_args()
    options.only = set(filter(None, options.only.split(",")))
    if unknown := options.only - {affair.id for affair in load().affairs}:
        parser.error(f"no story {', '.join(sorted(unknown))}")
    if options.bars and options.typed and (options.typed in TYPED or options.mode != "backfill"):
        parser.error("--bars has live and backfill, and a backfill in each language")
    if options.typed == EACH and options.mode != "backfill":
        parser.error("--typed each is measured with --mode backfill")
    return options


def main() -> None:
    """Read the options, run, print."""
    options = _options()
    whole = load()
    if options.record:
        _record(whole)
        return
    affairs = tuple(each for each in whole.affairs if not options.only or each.id in options.only)
    results = _measured(Dataset(whole.headlines, affairs), options.typed, options.mode)
    if options.json:
        figures = {mode: [asdict(each) for each in found] for mode, found in results.items()}
        print(json.dumps(figures, ensure_ascii=False))
    else:
        for mode, found in results.items():
            _print(mode, found, verbose=options.verbose)
        if results.keys() == set(MODES):
            print(f"live and backfill agree on {agreement(*results.values()):.3f} of their links")
    agreed = agreement(*results.values()) if results.keys() == set(MODES) else None
    if any(mean([each.f1 for each in found]) < options.least for found in results.values()):
        sys.exit(f"macro F1 is below {options.least}")
    if agreed is not None and agreed < options.agree:
        sys.exit(f"live and backfill agree on less than {options.agree} of their links")
    if options.bars:
        alone = options.typed in LANGUAGES
        named = {options.typed if alone else name: found for name, found in results.items()}
        if fallen := misses(load_bars(BARS), named, agreed):
            sys.exit("\n".join(fallen))


if __name__ == "__main__":
    main()
