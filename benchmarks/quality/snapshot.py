"""Records what the matcher does, to prove that a change of the code does not change it.

    python benchmarks/quality/snapshot.py write FOLDER      before the change
    python benchmarks/quality/snapshot.py compare FOLDER    after it; exits with 1 if it differs

`queries.txt` holds the interpretation of some thousand queries: those of the labelled set, those
that the tests name, and made ones, which put names beside the forms of concepts in each language.
`live.txt` and `backfill.txt` hold every link of the labelled set in both modes (status, score,
reasons, event) and what each story learned.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from dataset import LANGUAGES, load
from run import MODES, replayed

from tracker.errors import QueryError
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.serialization import dump
from tracker.stories.query.syntax import parse
from tracker.stories.understanding.pipeline import interpret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tracker" / "stories" / "data"
MADE_IN_EACH_LANGUAGE = 150
MOST_WORDS = 9
_LINE = re.compile(r"(any|\w\w) = (.*)")
_LETTERS = re.compile(r"[A-Za-zÀ-ÿ]{2}")


def write(folder: Path) -> None:
    """Write the three files into `folder`, which is made if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (f"{query}\t{interpretation(query)}\n" for query in queries())
    Path(folder, "queries.txt").write_text("".join(lines), "utf-8")
    for mode in MODES:
        Path(folder, f"{mode}.txt").write_text("".join(_links(mode)), "utf-8")


def differences(before: Path, after: Path) -> list[str]:
    """Return a sentence for each file that differs: how many lines, and the first of them."""
    found = []
    for name in ("queries.txt", *(f"{mode}.txt" for mode in MODES)):
        old = Path(before, name).read_text("utf-8").splitlines()
        new = Path(after, name).read_text("utf-8").splitlines()
        differing = [pair for pair in zip(old, new, strict=False) if pair[0] != pair[1]]
        if old != new:
            one, two = differing[0] if differing else (f"{len(old)} lines", f"{len(new)} lines")
            many = len(differing) + abs(len(old) - len(new))
            found.append(f"{name}: {many} lines differ, the first:\n  {one[:300]}\n  {two[:300]}")
    return found


def interpretation(query: str) -> str:
    """Return the stored form of a query's interpretation, or the error that it raises."""
    try:
        return dump(interpret(parse(query), load_lexicon()))
    except QueryError as error:
        return f"error: {error}".replace("\n", " ")


def queries() -> list[str]:
    """Return all queries, each once, in an order that does not vary."""
    found = dict.fromkeys([*_of_the_set(), *_of_the_tests(), *_made()])
    return [query for query in found if "\t" not in query and "\n" not in query]


def _of_the_set() -> Iterator[str]:
    for affair in load().affairs:
        yield from affair.queries.values()


def _of_the_tests() -> Iterator[str]:
    """Give the short strings in the tests of matching: most of them are queries or headlines."""
    for path in sorted((ROOT / "tests").glob("test_stories_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                if (
                    1 <= len(text.split()) <= MOST_WORDS
                    and _LETTERS.search(text)
                    and "\n" not in text
                ):
                    yield " ".join(text.split())


def _made() -> Iterator[str]:
    random = Random(7)  # noqa: S311 - the same queries each time
    names = [form for _, form in _forms("names*.ini")]
    for language in sorted(LANGUAGES):
        forms = [form for of, form in _forms("concepts-*.ini") if of == language]
        for _ in range(MADE_IN_EACH_LANGUAGE):
            name, one, two = random.choice(names), random.choice(forms), random.choice(forms)
            yield from (f"{name} {one}", f"{one} {name} {two}", f"{one} {two}".lower())
            yield f"{name} {one}".title()


def _forms(pattern: str) -> Iterator[tuple[str, str]]:
    for path in sorted(DATA.glob(pattern)):
        for line in path.read_text("utf-8").splitlines():
            if match := _LINE.match(line):
                for form in match[2].split(",")[:4]:
                    yield match[1], form.strip(" ?!")


def _links(mode: str) -> Iterator[str]:
    with replayed(load(), mode) as (db, stories):
        for name, story in sorted(stories.items()):
            yield f"== {name}\n"
            yield from _rows(
                db.execute(
                    "SELECT items.url, first.url, status, score, reasons FROM links"
                    " JOIN items ON items.id = links.item_id"
                    " LEFT JOIN items AS first ON first.id = links.event"
                    " WHERE story_id = ? ORDER BY items.url",
                    (story,),
                )
            )
            yield from _rows(db.execute("SELECT profile FROM stories WHERE id = ?", (story,)))


def _rows(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    return ("\t".join(map(str, row)) + "\n" for row in rows)


def main() -> None:
    """Record, or compare with what is recorded."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("what", choices=("write", "compare"))
    options.add_argument("folder", type=Path)
    given = options.parse_args()
    if given.what == "write":
        write(given.folder)
        return
    with tempfile.TemporaryDirectory() as now:
        write(Path(now))
        found = differences(given.folder, Path(now))
    print("\n".join(found) or f"nothing differs in {len(queries())} queries and two replays")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
