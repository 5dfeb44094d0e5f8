"""Fit the weights of the story model over labelled stories, and write their file.

    python benchmarks/quality/fit_story.py LABELLED [--write]

LABELLED is a folder with `stories.json` (id, corpus, query, and other wordings as query_…, since,
until), `labels/<id>.tsv` (item id, 1 for a report of the story, 0 for none, ? for either) and
`corpora/<name>.jsonl.gz` (items). Without --write the weights that were fitted are only measured:
for each story by weights to which neither it nor another wording of it contributed.

The stories beside this file are fitted to, too. Their queries exist in seven languages, so each
wording of them counts a seventh.

Both regressions are regularised (L2, C = 1 on standardised features). A story counts by its number
of reports, at most thirty-fold, so that an affair of 200 reports does not outweigh ten of five. The
first regression sees what an item shows of the query; its out-of-fold probabilities then say what
the stories learn from, and the second one sees that, too.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from datetime import UTC, datetime
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any, NamedTuple

import dataset
import numpy as np
from sklearn.linear_model import LogisticRegression

from tracker.model.core import Item
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.scoring import first_contact, linear_model
from tracker.stories.scoring.candidate_counts import CandidateCounts
from tracker.stories.scoring.first_contact import Contact
from tracker.stories.text.documents import AnalyzedItem
from tracker.stories.tracking import story_model
from tracker.stories.tracking.neighbourhood import Case
from tracker.stories.tracking.profile import Profile
from tracker.stories.tracking.story_matcher import StoryMatcher
from tracker.stories.tracking.vectors import DocumentFrequencies, without_stems

FOLDS = 8
SAMPLE = 2_000
TYPICAL_REPORTS, FEWEST_REPORTS = 30, 5
THRESHOLD, YOUNG_THRESHOLD = 0.30, 0.5
SHIPPED = "shipped"
"""The corpus that is beside this file."""


class Wording(NamedTuple):
    """One wording of a story, which counts `weight` in the fit.

    `labels` by place in the corpus are 1, 0, -1 for either, -2 for outside its time. `cases` are
    its candidates by place, `first` their features of first contact, and `near` all items.
    """

    story: str
    key: str
    weight: float
    reports: frozenset[str]
    labels: np.ndarray
    cases: dict[int, Case]
    first: dict[int, tuple[float, ...]]
    near: dict[int, Case]


def when(value: str) -> datetime:
    """Return a date of a corpus in UTC."""
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def read_corpus(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the items of a corpus, oldest first."""
    found = []
    for part in name.split("+"):
        with gzip.open(folder / f"corpora/{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
            found += [json.loads(line) for line in lines]
    return sorted(found, key=lambda item: (when(item["published"]), item["id"]))


def labels_of(folder: Path, story: dict[str, Any], raw: list[dict[str, Any]]) -> np.ndarray:
    """Return the label of each item of a corpus for a story."""
    lines = (folder / f"labels/{story['id']}.tsv").read_text("utf-8").splitlines()
    known = dict(line.split("\t") for line in lines)
    value = {"1": 1, "0": 0, "?": -1}
    return np.array(
        [
            value[known.get(item["id"], "0")]
            if story["since"] <= item["published"][:7] <= story["until"]
            else -2
            for item in raw
        ]
    )


class Query(NamedTuple):
    """A wording before it is matched; the fields are those of Wording."""

    story: str
    key: str
    weight: float
    text: str
    labels: np.ndarray


def wordings_of(name: str, folder: Path) -> list[Wording]:
    """Return the wordings of all stories of one corpus."""
    if name == SHIPPED:
        return matched(*shipped())
    stories = json.loads((folder / "stories.json").read_text("utf-8"))
    raw = read_corpus(folder, name)
    items = [
        Item(
            place,
            0,
            item["source"],
            item["url"] or f"https://example.org/{item['id']}",
            item["title"],
            item["summary"] or "",
            when(item["published"]),
        )
        for place, item in enumerate(raw)
    ]
    queries = []
    for story in [story for story in stories if story["corpus"] == name]:
        labels = labels_of(folder, story, raw)
        queries += [
            Query(story["id"], key, 1.0, story[key], labels)
            for key in story
            if key.startswith("query")
        ]
    return matched(items, queries)


def shipped() -> tuple[list[Item], list[Query]]:
    """Return the items beside this file, oldest first, and the queries in all languages."""
    found, queries = dataset.load(), []
    headlines = sorted(found.headlines, key=lambda headline: (headline.published, headline.id))
    items = [
        Item(place, 0, h.source, h.url, h.title, h.summary, h.published, h.language)
        for place, h in enumerate(headlines)
    ]
    for affair in found.affairs:
        sure, doubtful = affair.items(dataset.Label.ON), affair.items(dataset.Label.DOUBTFUL)
        labels = np.array([1 if h.id in sure else -(h.id in doubtful) for h in headlines])
        for code, text in affair.queries.items():
            key = "query" if code == affair.language else f"query_{code}"
            queries.append(Query(affair.id, key, 1.0 / len(affair.queries), text, labels))
    return items, queries


def matched(items: list[Item], queries: list[Query]) -> list[Wording]:
    """Match queries with the items of a corpus, oldest first."""
    analyzed = list(map(AnalyzedItem.of, items))
    step = max(1, -(-len(analyzed) // SAMPLE))
    frequencies = DocumentFrequencies.of(each.text for each in analyzed[::step])
    near = {
        place: Case(
            place,
            each.item.published.toordinal(),
            frequencies.vector(each.text),
            each.text.learnable_terms,
            each.item.title,
            None,
        )
        for place, each in enumerate(analyzed)
    }
    lexicon, found = load_lexicon(), []
    for query in queries:
        matcher, counts = StoryMatcher.of(query.text, lexicon), CandidateCounts()
        features = {place: matcher.features(each) for place, each in enumerate(analyzed)}
        candidates = {p: each for p, each in features.items() if each and not each.excluded}
        values = first_contact.count(counts, matcher.scorer, candidates.values())
        first = dict(zip(candidates, values, strict=True))
        asked = matcher.index_terms()
        own = {
            place: case._replace(vector=without_stems(case.vector, asked))
            if asked & case.vector.keys()
            else case
            for place, case in near.items()
        }
        cases = {place: own[place] for place in first}
        reports = frozenset(items[n].url for n in np.flatnonzero(query.labels == 1))
        of = query.story, query.key, query.weight
        found.append(Wording(*of, reports, query.labels, cases, first, own))
    return found


def story_features(wording: Wording, odds: dict[int, float]) -> tuple[list[int], np.ndarray]:
    """Return places and features (of the story, then of first contact) of what is judged.

    `odds` are the log-odds of first contact by place.
    """
    profile = Profile()
    known = {
        place: case._replace(contact=Contact(odds[place], 0.0))
        for place, case in wording.cases.items()
    }
    words = story_model.vocabulary(story_model.words_of(profile, known.values()))
    asked = dict(known)
    if words:
        asked |= {
            place: case
            for place, case in wording.near.items()
            if place not in known and story_model.shows_vocabulary(case.vector, words)
        }
    places, rows = [], []
    silent = (0.0,) * len(first_contact.FEATURES)
    for case, values in story_model.features(profile, known.values(), asked.values()):
        places.append(case.item_id)
        rows.append(values + wording.first.get(case.item_id, silent))
    width = len(story_model.FEATURES) + len(first_contact.FEATURES)
    return places, np.array(rows, float).reshape(-1, width)


class Fitted(NamedTuple):
    """Weights by feature and the intercept."""

    weights: np.ndarray
    intercept: float


def fit(rows: list[np.ndarray], labels: list[np.ndarray], weights: list[float]) -> Fitted:
    """Fit a regression to the labelled rows of several wordings, each with a weight."""
    counted = [
        np.full(
            int((each >= 0).sum()),
            weight * TYPICAL_REPORTS / max(FEWEST_REPORTS, int((each == 1).sum())),
        )
        for each, weight in zip(labels, weights, strict=True)
    ]
    x = np.vstack([row[label >= 0] for row, label in zip(rows, labels, strict=True)])
    y = np.concatenate([label[label >= 0] for label in labels])
    mean, scale = x.mean(0), x.std(0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=5000)
    model.fit((x - mean) / scale, y, sample_weight=np.concatenate(counted))
    fitted = model.coef_[0] / scale
    return Fitted(fitted, float(model.intercept_[0] - fitted @ mean))


def folds_of(wordings: list[Wording]) -> list[set[str]]:
    """Return the stories of each fold; those that share reports are in the same."""
    affair = {w.story: w.story for w in wordings}
    reports = {w.story: set(w.reports) for w in wordings}
    for story, its in reports.items():
        for other, others in reports.items():
            if its & others:
                old, new = affair[other], affair[story]
                affair = {name: new if of == old else of for name, of in affair.items()}
    names = sorted(set(affair.values()))
    parts = np.array_split(np.random.RandomState(0).permutation(names), FOLDS)
    return [{story for story, name in affair.items() if name in set(part)} for part in parts]


def out_of_fold(
    wordings: list[Wording], rows: list[np.ndarray], labels: list[np.ndarray]
) -> tuple[list[np.ndarray], Fitted]:
    """Return the log-odds of each row by weights fitted without its story, and those of all."""
    found = [np.zeros(len(row)) for row in rows]
    some = [n for n in range(len(rows)) if len(rows[n])]

    def fitted_to(chosen: list[int]) -> Fitted:
        return fit(
            [rows[n] for n in chosen],
            [labels[n] for n in chosen],
            [wordings[n].weight for n in chosen],
        )

    for part in folds_of(wordings):
        fitted = fitted_to([n for n in some if wordings[n].story not in part])
        for n in some:
            if wordings[n].story in part:
                found[n] = rows[n] @ fitted.weights + fitted.intercept
    return found, fitted_to(some)


def score(chosen: set[int], labels: np.ndarray) -> tuple[float, float, float]:
    """Return precision, recall and F1 of chosen places."""
    selected = np.isin(np.arange(len(labels)), list(chosen))
    right = int(((labels == 1) & selected).sum())
    precision = right / max(1, int(((labels >= 0) & selected).sum()))
    recall = right / max(1, int((labels == 1).sum()))
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


class Outcome(NamedTuple):
    """What a fit over all wordings gives; places and out-of-fold log-odds are by wording.

    `is_young` is whether the story has few reports where an item is judged.
    """

    wordings: list[Wording]
    first_places: list[list[int]]
    first_odds: list[np.ndarray]
    first: Fitted
    places: list[list[int]]
    odds: list[np.ndarray]
    second: Fitted
    is_young: list[np.ndarray]


def outcome_of(folder: Path) -> Outcome:
    """Fit both regressions to the stories of a folder and those beside this file."""
    stories = json.loads((folder / "stories.json").read_text("utf-8"))
    names = [*dict.fromkeys(story["corpus"] for story in stories), SHIPPED]
    with Pool(2) as pool:
        read = partial(wordings_of, folder=folder)
        wordings = [w for part in pool.map(read, names, chunksize=1) for w in part]
    first_places = [sorted(w.first) for w in wordings]
    width = len(first_contact.FEATURES)
    rows = [
        np.array([w.first[p] for p in place], float).reshape(-1, width)
        for w, place in zip(wordings, first_places, strict=True)
    ]
    labels = [w.labels[place] for w, place in zip(wordings, first_places, strict=True)]
    first_odds, first = out_of_fold(wordings, rows, labels)
    judged = [
        story_features(w, dict(zip(place, map(float, each), strict=True)))
        for w, place, each in zip(wordings, first_places, first_odds, strict=True)
    ]
    places, rows = [p for p, _ in judged], [r for _, r in judged]
    labels = [w.labels[place] for w, place in zip(wordings, places, strict=True)]
    odds, second = out_of_fold(wordings, rows, labels)
    young = [
        np.array([float(story_model.is_young(tuple(row))) for row in each]) > 0.0 for each in rows
    ]
    return Outcome(wordings, first_places, first_odds, first, places, odds, second, young)


def newest_of(folder: Path, most: int) -> set[str]:
    """Return the ids of the last stories of a folder."""
    stories = json.loads((folder / "stories.json").read_text("utf-8"))
    return {story["id"] for story in stories[-most:]}


def main() -> None:
    """Fit, measure, and write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--newest", type=int, default=16, help="stories at the end, shown apart")
    given = parser.parse_args()
    newest, fit = newest_of(given.labelled, given.newest), outcome_of(given.labelled)
    above = [odds - linear_model.log_odds(THRESHOLD) for odds in fit.first_odds]
    report("first contact", fit.wordings, newest, places=fit.first_places, odds=above)
    for threshold in (0.25, THRESHOLD, 0.35, 0.4):
        above = [
            odds - thresholds(young, threshold)
            for odds, young in zip(fit.odds, fit.is_young, strict=True)
        ]
        report(f"story {threshold}", fit.wordings, newest, places=fit.places, odds=above)
    size = len(story_model.FEATURES)
    found = linear_model.FittedModel(
        round(fit.first.intercept, 4),
        named(first_contact.FEATURES, fit.first.weights),
        round(fit.second.intercept, 4),
        named(first_contact.FEATURES, fit.second.weights[size:]),
        named(story_model.FEATURES, fit.second.weights[:size]),
        THRESHOLD,
        YOUNG_THRESHOLD,
    )
    text = json.dumps({name: getattr(found, name) for name in found.__slots__}, indent=1)
    print(text)
    if given.write:
        linear_model.FILE.write_text(text + "\n", "utf-8")


def thresholds(is_young: np.ndarray, threshold: float = THRESHOLD) -> np.ndarray:
    """Return the log-odds from which on each item is linked."""
    later, young = map(linear_model.log_odds, (threshold, max(threshold, YOUNG_THRESHOLD)))
    return np.where(is_young, young, later)


def named(names: tuple[str, ...], weights: np.ndarray) -> dict[str, float]:
    """Return weights by feature."""
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def group_of(wording: Wording, newest: set[str]) -> tuple[str, str]:
    """Return the group of stories and the kind of wording of which a mean is shown."""
    group = "newest" if wording.story in newest else "others"
    if wording.weight < 1.0:
        group = SHIPPED
    return group, {"query": "typed", "query_2": "other words"}.get(wording.key, "other language")


def report(
    title: str,
    wordings: list[Wording],
    newest: set[str],
    *,
    places: list[list[int]],
    odds: list[np.ndarray],
) -> None:
    """Print mean precision, recall and F1 by group of stories and kind of wording.

    `odds` are log-odds above the threshold.
    """
    found: dict[tuple[str, str], list[tuple[float, float, float]]] = defaultdict(list)
    for wording, place, value in zip(wordings, places, odds, strict=True):
        chosen = {p for p, o in zip(place, value, strict=True) if o >= 0.0}
        found[group_of(wording, newest)].append(score(chosen, wording.labels))
    for (group, key), scores in sorted(found.items()):
        p, r, f = np.mean(scores, axis=0)
        print(f"{title:15} {group:7} {key:15} {p:.3f} {r:.3f} {f:.3f}", flush=True)


if __name__ == "__main__":
    main()
