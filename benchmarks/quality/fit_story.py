"""Fit the weights of the story model over labelled stories, and write their file.

    python -m benchmarks.quality.fit_story LABELLED [--write] [--answers]

LABELLED is a folder with `stories.json` (id, corpus, query, and other wordings as query_…, since,
until), `labels/<id>.tsv` (item id, 1 for a report of the story, 0 for none, ? for either) and
`corpora/<name>.jsonl.gz` (items). Without --write the weights that were fitted are only measured:
for each story by weights to which neither it nor another wording of it contributed.

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
from tracker.stories.tracking.vectors import DocumentFrequencies

FOLDS = 8
SAMPLE = 2_000
TYPICAL_REPORTS, FEWEST_REPORTS = 30, 5
THRESHOLD = 0.35


class Wording(NamedTuple):
    """One wording of a story; all but `labels` are by place in the corpus.

    `labels` are 1, 0, -1 for either, -2 for outside its time. `cases` are its candidates, `first`
    their features of first contact, and `near` all items.
    """

    story: str
    key: str
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


def wordings_of(name: str, folder: Path) -> list[Wording]:
    """Return the wordings of all stories of one corpus."""
    stories = json.loads((folder / "stories.json").read_text("utf-8"))
    raw = read_corpus(folder, name)
    analyzed = [
        AnalyzedItem.of(
            Item(
                place,
                0,
                item["source"],
                item["url"] or f"https://example.org/{item['id']}",
                item["title"],
                item["summary"] or "",
                when(item["published"]),
            )
        )
        for place, item in enumerate(raw)
    ]
    step = max(1, -(-len(analyzed) // SAMPLE))
    frequencies = DocumentFrequencies.of(each.text for each in analyzed[::step])
    vectors = [frequencies.vector(each.text) for each in analyzed]
    lexicon, found = load_lexicon(), []
    for story in [story for story in stories if story["corpus"] == name]:
        labels = labels_of(folder, story, raw)
        for key in [key for key in story if key.startswith("query")]:
            matcher, counts = StoryMatcher.of(story[key], lexicon), CandidateCounts()
            cases: dict[int, Case] = {}
            first: dict[int, tuple[float, ...]] = {}
            for place, each in enumerate(analyzed):
                features = matcher.features(each)
                if features is not None and not features.excluded:
                    first[place] = first_contact.count(counts, matcher.scorer, features)
            near = {
                place: Case(
                    place,
                    each.item.published.toordinal(),
                    vectors[place],
                    each.text.learnable_terms,
                    each.item.title,
                    None,
                )
                for place, each in enumerate(analyzed)
            }
            cases = {place: near[place] for place in first}
            reports = frozenset(raw[n]["id"] for n in np.flatnonzero(labels == 1))
            found.append(Wording(story["id"], key, reports, labels, cases, first, near))
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


def fit(rows: list[np.ndarray], labels: list[np.ndarray]) -> Fitted:
    """Fit a regression to the labelled rows of several wordings."""
    weight = [
        np.full(
            int((each >= 0).sum()), TYPICAL_REPORTS / max(FEWEST_REPORTS, int((each == 1).sum()))
        )
        for each in labels
    ]
    x = np.vstack([row[label >= 0] for row, label in zip(rows, labels, strict=True)])
    y = np.concatenate([label[label >= 0] for label in labels])
    mean, scale = x.mean(0), x.std(0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=5000)
    model.fit((x - mean) / scale, y, sample_weight=np.concatenate(weight))
    weights = model.coef_[0] / scale
    return Fitted(weights, float(model.intercept_[0] - weights @ mean))


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
    for part in folds_of(wordings):
        train = [n for n, w in enumerate(wordings) if w.story not in part and len(rows[n])]
        fitted = fit([rows[n] for n in train], [labels[n] for n in train])
        for n, wording in enumerate(wordings):
            if wording.story in part and len(rows[n]):
                found[n] = rows[n] @ fitted.weights + fitted.intercept
    some = [n for n in range(len(rows)) if len(rows[n])]
    return found, fit([rows[n] for n in some], [labels[n] for n in some])


def score(chosen: set[int], labels: np.ndarray) -> tuple[float, float, float]:
    """Return precision, recall and F1 of chosen places."""
    selected = np.isin(np.arange(len(labels)), list(chosen))
    right = int(((labels == 1) & selected).sum())
    precision = right / max(1, int(((labels >= 0) & selected).sum()))
    recall = right / max(1, int((labels == 1).sum()))
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def main() -> None:
    """Fit, measure, and write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--newest", type=int, default=16, help="stories at the end, shown apart")
    given = parser.parse_args()
    stories = json.loads((given.labelled / "stories.json").read_text("utf-8"))
    newest = {story["id"] for story in stories[-given.newest :]}
    names = list(dict.fromkeys(story["corpus"] for story in stories))
    with Pool(2) as pool:
        read = partial(wordings_of, folder=given.labelled)
        wordings = [w for part in pool.map(read, names, chunksize=1) for w in part]
    places = [sorted(w.first) for w in wordings]
    width = len(first_contact.FEATURES)
    rows = [
        np.array([w.first[p] for p in place], float).reshape(-1, width)
        for w, place in zip(wordings, places, strict=True)
    ]
    labels = [w.labels[place] for w, place in zip(wordings, places, strict=True)]
    odds, first = out_of_fold(wordings, rows, labels)
    report("first contact", wordings, newest, places=places, odds=odds, threshold=0.3)
    judged = [
        story_features(w, dict(zip(place, map(float, each), strict=True)))
        for w, place, each in zip(wordings, places, odds, strict=True)
    ]
    places, rows = [p for p, _ in judged], [r for _, r in judged]
    labels = [w.labels[place] for w, place in zip(wordings, places, strict=True)]
    odds, second = out_of_fold(wordings, rows, labels)
    for threshold in (0.3, THRESHOLD, 0.4, 0.45):
        report(
            f"story {threshold}", wordings, newest, places=places, odds=odds, threshold=threshold
        )
    size = len(story_model.FEATURES)
    found = linear_model.FittedModel(
        round(first.intercept, 4),
        named(first_contact.FEATURES, first.weights),
        round(second.intercept, 4),
        named(first_contact.FEATURES, second.weights[size:]),
        named(story_model.FEATURES, second.weights[:size]),
        THRESHOLD,
    )
    text = json.dumps({name: getattr(found, name) for name in found.__slots__}, indent=1)
    print(text)
    if given.write:
        linear_model.FILE.write_text(text + "\n", "utf-8")


def named(names: tuple[str, ...], weights: np.ndarray) -> dict[str, float]:
    """Return weights by feature."""
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def report(
    title: str,
    wordings: list[Wording],
    newest: set[str],
    *,
    places: list[list[int]],
    odds: list[np.ndarray],
    threshold: float,
) -> None:
    """Print mean precision, recall and F1 of the newest and the other stories, by wording."""
    found: dict[tuple[bool, str], list[tuple[float, float, float]]] = defaultdict(list)
    least = linear_model.log_odds(threshold)
    for wording, place, value in zip(wordings, places, odds, strict=True):
        chosen = {p for p, o in zip(place, value, strict=True) if o >= least}
        key = {"query": "typed", "query_2": "other words"}.get(wording.key, "other language")
        found[wording.story in newest, key].append(score(chosen, wording.labels))
    for (is_new, key), scores in sorted(found.items(), reverse=True):
        p, r, f = np.mean(scores, axis=0)
        age = "newest" if is_new else "others"
        print(f"{title:15} {age} {key:15} {p:.3f} {r:.3f} {f:.3f}", flush=True)


if __name__ == "__main__":
    main()
