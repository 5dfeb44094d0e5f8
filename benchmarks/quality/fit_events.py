"""Fits the weights by which reports are grouped into events, and measures how well they group.

    python benchmarks/quality/fit_events.py                     the labelled sets of this repository
    python benchmarks/quality/fit_events.py --also FOLDER       and real stories
    python benchmarks/quality/fit_events.py --also FOLDER --write
    python benchmarks/quality/fit_events.py --batches 24        group as 24 polls do

The labelled sets: `labelled` is the one beside this script; `told` is tests/events_told.tsv, in
seven languages; `series` are daily figures, which are made here. FOLDER holds stories.json (id,
query, corpus), corpora/NAME.jsonl.gz (one item a line: id, published, source, title, summary, url,
lang) and events/ID.tsv (item id, event). Needs numpy and scikit-learn (`pip install '.[fit]'`).

The weights are those of a logistic regression on pairs of reports. Within a set a story counts by
the square root of its pairs, and all sets count the same. The figures are of stories that are left
out of the fit: each is grouped by a model fitted on the others. --write fits on all stories, and
writes tracker/stories/data/event-weights.ini.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from dataset import load
from scores import b_cubed, pair_f1

from tracker.model.core import Item
from tracker.stories.events.clustering import MEMORY, EventClusterer
from tracker.stories.events.fingerprint import Fingerprint, fingerprint, story_terms
from tracker.stories.events.index import REACH, ReportIndex
from tracker.stories.events.pair_model import PairFeatures, PairModel, pair_features
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.syntax import parse
from tracker.stories.resources import DATA
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.understanding.pipeline import interpret

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Pairs = list[tuple[PairFeatures, bool]]

TOLD = Path(__file__).resolve().parents[2] / "tests" / "events_told.tsv"
QUERIES = {
    "nordwind": "Nordwind takeover",
    "halden": "Halden data breach",
    "alvo": "Porto Alvo strike",
    "tiktok": "TikTok acquisition",
    "velino": "Velino bridge collapse",
}
THRESHOLD = 0.475
"""The lowest score at which a report joins an event, chosen on the figures of --also."""
SERIES = (
    "{name} shares close at {n}.{m} dollars",
    "{name} outbreak: {n} new cases reported, {m} deaths",
    "{name}: {n} Neuinfektionen, Inzidenz bei {m}",
    "{name} : {n} nouveaux cas en 24 heures, {m} morts",
    "{name} ferma a {n},{m} euros en bolsa",
    "{name} polling average: {n} to {m} percent",
    "{name} index falls to {n} points, volume {m} million",
    "{name}, il bollettino di oggi: {n} casi, {m} ricoveri",
)


@dataclass(frozen=True, slots=True)
class Group:
    """One story's reports, oldest first, with the event that each reports."""

    id: str
    kind: str
    reports: tuple[Fingerprint, ...]
    events: tuple[Any, ...]


def main() -> None:
    """Read the options, fit and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--also", type=Path, help="a folder of real stories")
    parser.add_argument("--write", action="store_true", help="write the table that is shipped")
    parser.add_argument("--batches", type=int, default=1, help="polls that bring a story")
    parser.add_argument("--verbose", action="store_true", help="print the figures of each story")
    options = parser.parse_args()
    groups = [*labelled(), *told(), *series(), *(real(options.also) if options.also else ())]
    pairs = [pairs_of(group) for group in groups]
    kinds = [group.kind for group in groups]
    figures: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for number, group in enumerate(groups):
        others = [n for n in range(len(groups)) if n != number]
        model = fitted([pairs[n] for n in others], [kinds[n] for n in others])
        ours = clustered(group, model, options.batches)
        figures[group.kind].append((pair_f1(ours, group.events), b_cubed(ours, group.events)))
        if options.verbose:
            print(f"    {group.id:18} {figures[group.kind][-1][0]:.2f}")
    for kind, found in figures.items():
        pair, cubed = (sum(column) / len(found) for column in zip(*found, strict=True))
        print(f"{kind:9} pair F1 {pair:.3f}  B-cubed F1 {cubed:.3f}")
    if options.write:
        write(DATA / "event-weights.ini", fitted(pairs, kinds))


def labelled() -> Iterator[Group]:
    """Yield the stories of the labelled set."""
    whole = load()
    by_id = {headline.id: headline for headline in whole.headlines}
    for affair in whole.affairs:
        rows = sorted((by_id[item] for item in affair.events), key=lambda row: row.published)
        items = [
            Item(n, 1, r.source, r.url, r.title, r.summary, r.published, r.language)
            for n, r in enumerate(rows, 1)
        ]
        yield grouped(
            affair.id, "labelled", affair.query, items, [affair.events[r.id] for r in rows]
        )


def told() -> Iterator[Group]:
    """Yield the made-up affairs that are told in seven languages."""
    rows = [line.split("\t") for line in TOLD.read_text("utf-8").splitlines() if line[0] != "#"]
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for story, query in QUERIES.items():
        items: list[Item] = []
        events: list[str] = []
        for _, event, hours, language, outlet, title, summary in (r for r in rows if r[0] == story):
            when, number = start + timedelta(hours=int(hours)), len(items) + 1
            url = f"https://{outlet}.example/{number}"
            items.append(Item(number, 1, outlet, url, title, summary, when, language))
            events.append(event)
        yield grouped(story, "told", query, items, events)


def real(folder: Path) -> Iterator[Group]:
    """Yield the stories of a folder that have a file of events."""
    corpora: dict[str, dict[str, dict[str, Any]]] = {}
    for story in json.loads((folder / "stories.json").read_text("utf-8")):
        path = folder / "events" / f"{story['id']}.tsv"
        if not path.exists():
            continue
        events = dict(line.split("\t") for line in path.read_text("utf-8").splitlines())
        rows = []
        for name in story["corpus"].split("+"):
            if name not in corpora:
                with gzip.open(folder / "corpora" / f"{name}.jsonl.gz", "rt") as lines:
                    corpora[name] = {row["id"]: row for row in map(json.loads, lines)}
            rows += [corpora[name][item] for item in events if item in corpora[name]]
        rows.sort(key=lambda row: row["published"])
        items = [real_item(number, row) for number, row in enumerate(rows, 1)]
        yield grouped(story["id"], "real", story["query"], items, [events[r["id"]] for r in rows])


def real_item(number: int, row: dict[str, Any]) -> Item:
    """Return an item of a corpus; its time is UTC where it names no zone."""
    found = datetime.fromisoformat(row["published"])
    published = found if found.tzinfo else found.replace(tzinfo=UTC)
    title, summary, language = row["title"], row["summary"], row.get("lang") or None
    return Item(number, 1, row["source"], row["url"] or "", title, summary, published, language)


def series() -> Iterator[Group]:
    """Make series of daily figures, reported by one to three outlets a day: a day is an event."""
    start = datetime(2026, 3, 1, 6, tzinfo=UTC)
    for number, template in enumerate(SERIES):
        items: list[Item] = []
        events: list[int] = []
        for day in range(12):
            title = template.format(name="Zorblax", n=40 + 7 * day + number, m=3 + 2 * day)
            for outlet in range(1 + (number + day) % 3):
                when = start + timedelta(days=day, hours=2 * outlet)
                url = f"https://outlet{outlet}.example/{day}"
                text = title if outlet == 0 else f"{title}, officials say"
                items.append(Item(len(items) + 1, 1, "feed", url, text, "", when, "en"))
                events.append(day)
        yield grouped(f"series {number}", "series", "Zorblax", items, events)


def grouped(
    name: str, kind: str, query: str, items: Sequence[Item], events: Sequence[Any]
) -> Group:
    """Return a group of a story's items; their outlets are their hosts."""
    lexicon = load_lexicon()
    own = story_terms(interpret(parse(query), lexicon))
    reports = [
        fingerprint(analyzed.item, analyzed.text, lexicon).without(own)
        for analyzed in map(AnalyzedItem.of, items)
    ]
    return Group(name, kind, tuple(reports), tuple(events))


def pairs_of(group: Group) -> Pairs:
    """Return the features of all pairs within reach, and whether they report one event."""
    index = ReportIndex()
    for report in group.reports:
        index.count(report)
    found = []
    for (one, event), (other, theirs) in combinations(
        zip(group.reports, group.events, strict=True), 2
    ):
        if abs(one.published - other.published) <= REACH:
            same = index.is_same_outlet(one, other)
            features = pair_features(one, other, index.cosine(one, other), same_outlet=same)
            found.append((features, event == theirs))
    return found


def fitted(pairs: Sequence[Pairs], kinds: Sequence[str]) -> PairModel:
    """Fit the regression, on the pairs of stories of these kinds."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    features = np.array([pair for story in pairs for pair, _ in story])
    same = np.array([label for story in pairs for _, label in story])
    total: defaultdict[str, float] = defaultdict(float)
    for story, kind in zip(pairs, kinds, strict=True):
        total[kind] += sqrt(len(story))
    weight = np.concatenate(
        [
            np.full(len(story), 1 / sqrt(len(story)) / total[kind])
            for story, kind in zip(pairs, kinds, strict=True)
            if story
        ]
    )
    scaler = StandardScaler().fit(features)
    model = LogisticRegression(max_iter=2000)
    model.fit(scaler.transform(features), same, sample_weight=weight / weight.mean())
    scaled = model.coef_[0] / scaler.scale_
    constant = float(model.intercept_[0] - (scaled * scaler.mean_).sum())
    return PairModel(tuple(map(float, scaled)), constant, THRESHOLD)


def clustered(group: Group, model: PairModel, batches: int) -> list[int]:
    """Group a story's reports as so many polls do; return the event of each."""
    events: dict[int, int] = {}
    reports = list(enumerate(group.reports, 1))
    size = -(-len(reports) // batches)
    for start in range(0, len(reports), size):
        batch = reports[start : start + size]
        oldest, newest = batch[0][1].published, batch[-1][1].published
        known = [
            (item, events[item], report)
            for item, report in reports[:start]
            if report.published > oldest - MEMORY
        ]
        now, coming = newest + timedelta(hours=1), [report for _, report in batch]
        clusterer = EventClusterer(known, now, coming, model)
        for item, report in batch:
            clusterer.add(item, report)
        events |= clusterer.changes
    return [events[item] for item, _ in reports]


def write(path: Path, model: PairModel) -> None:
    """Replace the weights of the table; the comment at its head stays."""
    head = path.read_text("utf-8").partition("\n\n[")[0]
    lines = ["[pairs]", f"threshold = {model.threshold}", f"constant = {model.constant:.4f}"]
    lines += [
        f"{feature} = {weight:.4f}"
        for feature, weight in zip(PairFeatures._fields, model.weights, strict=True)
    ]
    path.write_text("\n".join([head, "", *lines]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
