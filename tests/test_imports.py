"""The rules of structure, read from the source.

Imports inside functions and under TYPE_CHECKING count like all others.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tracker

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(tracker.__file__).parent
LEAVES = {
    "tracker.alert_settings",
    "tracker.config",
    "tracker.developments",
    "tracker.errors",
    "tracker.files",
    "tracker.services.gc_pause",
    "tracker.hashing",
    "tracker.hosts",
    "tracker.language_codes",
    "tracker.model",
    "tracker.model.activity",
    "tracker.model.alerts",
    "tracker.model.care",
    "tracker.model.core",
    "tracker.model.feed_check",
    "tracker.model.corrections",
    "tracker.model.digest",
    "tracker.model.polling",
    "tracker.model.preview",
    "tracker.model.review",
    "tracker.model.schedule",
    "tracker.outlets",
    "tracker.plain_text",
    "tracker.quiet_hours",
    "tracker.settings",
    "tracker.settings_file",
    "tracker.signs",
    "tracker.version",
    "tracker.when",
    "tracker.wording",
    "tracker.yaml_edit",
    "tracker.yaml_files",
}
# What each package may import besides itself and the leaves; what is not listed may import all.
PACKAGES = {
    "tracker.feeds": set(),
    "tracker.stories": set(),
    "tracker.store": set(),
    "tracker.views": set(),
    "tracker.export": set(),
    "tracker.schedule": set(),
    "tracker.demo": set(),
    "tracker.alerts": {"tracker.export"},
    "tracker.api": {"tracker.services", "tracker.store"},
    "tracker.services": {
        *("tracker.feeds", "tracker.stories", "tracker.store"),
        *("tracker.export", "tracker.alerts"),
    },
    "tracker.assistant": {
        *("tracker.services", "tracker.stories", "tracker.store"),
        *("tracker.export", "tracker.views"),
    },
}
# The floors of tracker.stories, from the lowest up: each may import those that are named.
FLOORS = {
    "resources": set(),
    "levels": set(),
    "text": {"levels", "resources"},
    "lexicon": {"levels", "resources", "text"},
    "query": {"levels", "resources", "text", "lexicon"},
    "segmentation": {"levels", "resources", "text", "lexicon", "query"},
    "matching": {"levels", "resources", "text", "lexicon", "query"},
    "events": {"levels", "resources", "text", "lexicon", "query"},
    "understanding": {"levels", "resources", "text", "lexicon", "query", "segmentation"},
    "scoring": {"levels", "resources", "text", "lexicon", "query", "matching"},
    "tracking": {
        *("levels", "resources", "text", "lexicon", "query"),
        *("matching", "scoring", "understanding"),
    },
}
# The rooms of tracker.feeds; what stands beside them (harvest, schedule, workers) may import all.
FEED_ROOMS = {
    "parsing": set(),
    "fetching": {"parsing"},
    "finding": {"parsing", "fetching", "harvest"},
    "listing": {"parsing"},
}
# What other packages may ask of tracker.stories: nothing else of it is promised to them.
FACADE = {
    "events.clustering": {"EventClusterer", "MEMORY"},
    "events.fingerprint": {"Fingerprint", "fingerprint", "story_terms"},
    "lexicon.geography": {"Geography"},
    "lexicon.loader": {"load_lexicon"},
    "matching.fulltext": {"quoted"},
    "matching.percolator": {"StoryIndex"},
    "matching.vocabulary_index": {"VocabularyIndex"},
    "query.model": {"QueryInterpretation"},
    "query.serialization": {"code_digest", "dump", "load"},
    "query.syntax": {"Query", "is_address", "parse"},
    "scoring.candidate_counts": {"CandidateCounts"},
    "scoring.features": {"Features"},
    "scoring.first_contact": {"", "Contact"},
    "scoring.linear_model": {"probability"},
    "text.documents": {"AnalyzedItem", "PreparedText", "prepare"},
    "text.language_id": {"detect_together"},
    "text.normalization": {"normalize"},
    "tracking.candidates": {"Candidate", "ScoredItem", "status_of", "verdict"},
    "tracking.presentation": {"ignored_words", "shown_parts"},
    "tracking.profile": {"Profile", "profile_from_json", "profile_to_json", "shown_terms"},
    "tracking.review": {"completeness", "questions"},
    "tracking.story_matcher": {"StoryMatcher"},
    "tracking.neighbourhood": {"Case"},
    "tracking.story_model": {"", "Judgement", "words_of"},
    "tracking.vectors": {"DocumentFrequencies", "without_stems"},
    "understanding.from_article": {"query_from_article"},
    "understanding.pipeline": {"add_alternative"},
}
MOST_MODULES = 20
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 50
# Every third-party library has one owner. Of these a whole package is: typer and rich are languages
# that all commands and views speak, sqlite-utils makes the schema and applies it, and pycurl asks
# for many feeds at once in one module, and posts one message in another.
SHARED = {
    "typer": "tracker.cli",
    "rich": "tracker.views",
    "sqlite_utils": "tracker.store",
    "pycurl": "tracker.feeds.fetching",
    "textual": "tracker.tui",
    "mcp": "tracker.assistant",
    "pydantic": "tracker.assistant",
}
# The live side of rich (a console, a progress bar) belongs to who writes to the terminal; Textual's
# lines are rich's.
ALSO = {"rich": {"tracker.cli", "tracker.tui"}}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}


@cache
def imported(module: str) -> dict[str, set[str]]:
    """Return what a module imports, by full name, with the names that it takes of each module.

    Imports inside functions count, and so do those under TYPE_CHECKING.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    package = module if SOURCES[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(SOURCES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.name].add("")
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [base])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                if whole in SOURCES:
                    found[whole].add("")
                else:
                    found[base].add(alias.name)
    return dict(found)


def belongs(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def package_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


def room_of(module: str, package: str) -> str:
    """Return the first name below a package: the room of tracker.stories.text.casing is text."""
    return module.removeprefix(f"{package}.").partition(".")[0]


def imports() -> Iterator[tuple[str, str, set[str]]]:
    """Give each import of tracker's own modules: who, of whom, and what."""
    for module in SOURCES:
        for other, names in imported(module).items():
            if belongs(other, "tracker") and other != module:
                yield module, other, names


def test_a_package_imports_only_those_below_it() -> None:
    wrong = {
        f"{module} imports {other}"
        for module, other, _ in imports()
        if (package := package_of(module)) in PACKAGES
        and other not in LEAVES
        and package_of(other) not in {package, *PACKAGES[package]}
    }
    assert not wrong


@pytest.mark.parametrize(
    ("package", "floors"), [("tracker.stories", FLOORS), ("tracker.feeds", FEED_ROOMS)]
)
def test_a_room_imports_only_rooms_below_it(package: str, floors: dict[str, set[str]]) -> None:
    wrong = {
        f"{module} imports {other}"
        for module, other, _ in imports()
        if belongs(module, package)
        and belongs(other, package)
        and (room := room_of(module, package)) in floors
        and room_of(other, package) not in {room, *floors[room]}
    }
    assert not wrong


def test_every_room_of_the_stories_has_its_floor() -> None:
    rooms = {room_of(m, "tracker.stories") for m in SOURCES if m.startswith("tracker.stories.")}
    assert rooms == FLOORS.keys()


def test_others_ask_of_the_stories_what_these_promise() -> None:
    wrong = {
        f"{module} imports {name or 'all'} of {other}"
        for module, other, names in imports()
        if belongs(other, "tracker.stories") and not belongs(module, "tracker.stories")
        for name in names - FACADE.get(other.removeprefix("tracker.stories."), set())
    }
    assert not wrong


def test_the_stories_promise_no_more_than_others_ask() -> None:
    asked = {
        (other.removeprefix("tracker.stories."), name)
        for module, other, names in imports()
        if belongs(other, "tracker.stories") and not belongs(module, "tracker.stories")
        for name in names
    }
    promised = {(module, name) for module, names in FACADE.items() for name in names}
    assert promised - asked == set()


def test_no_module_takes_what_another_keeps_private() -> None:
    wrong = {
        f"{module} imports {name} of {other}"
        for module, other, names in imports()
        for name in names
        if name.startswith("_") and not name.startswith("__")
    }
    assert not wrong


def test_the_leaves_import_only_leaves() -> None:
    wrong = {
        f"{module} imports {other}"
        for module in LEAVES
        for other in imported(module)
        if belongs(other, "tracker") and other not in LEAVES
    }
    assert not wrong


def test_nothing_but_the_entry_point_imports_the_commands() -> None:
    wrong = {
        f"{module} imports {other}"
        for module in SOURCES
        if not belongs(module, "tracker.cli") and module != "tracker.__main__"
        for other in imported(module)
        if belongs(other, "tracker.cli")
    }
    assert not wrong


def cycles(graph: dict[str, set[str]]) -> list[str]:
    done: set[str] = set()
    found: list[str] = []

    def walk(module: str, path: tuple[str, ...]) -> None:
        if module in path:
            found.append(" → ".join([*path[path.index(module) :], module]))
        elif module not in done:
            for other in graph[module]:
                walk(other, (*path, module))
            done.add(module)

    for module in graph:
        walk(module, ())
    return found


def test_no_module_imports_itself_through_others() -> None:
    assert not cycles({m: {o for o in imported(m) if o in SOURCES and o != m} for m in SOURCES})


def test_no_folder_imports_itself_through_others() -> None:
    graph: defaultdict[str, set[str]] = defaultdict(set)
    for module, other, _ in imports():
        here, there = SOURCES[module].parent, SOURCES.get(other, ROOT).parent
        if other in SOURCES and here != there and other not in LEAVES and module not in LEAVES:
            graph[str(here)].add(str(there))
            graph[str(there)] |= set()
    assert not cycles(graph)


def test_a_cycle_is_found() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a → b → c → a"]


def test_no_folder_is_a_heap() -> None:
    sizes = Counter(p.parent for p in SOURCES.values() if p.name != "__init__.py")
    assert {str(folder): size for folder, size in sizes.items() if size > MOST_MODULES} == {}


def test_each_library_has_one_owner() -> None:
    users: defaultdict[str, set[str]] = defaultdict(set)
    for module in SOURCES:
        for other in imported(module):
            library = other.partition(".")[0]
            if library not in sys.stdlib_module_names and library != "tracker":
                users[library].add(module)
    wrong = {}
    for library, modules in users.items():
        homes = {SHARED[library], *ALSO.get(library, set())} if library in SHARED else set()
        strangers = {m for m in modules if not any(belongs(m, home) for home in homes)}
        if strangers if homes else len(modules) > 1:
            wrong[library] = sorted(strangers or modules)
    assert not wrong


def test_only_the_store_speaks_sqlite() -> None:
    wrong = {m for m in SOURCES if "sqlite3" in imported(m) and not belongs(m, "tracker.store")}
    assert not wrong


def test_only_views_and_commands_draw() -> None:
    allowed = ("tracker.cli", "tracker.views", "tracker.tui")
    wrong = {
        module
        for module in SOURCES
        if not any(belongs(module, package) for package in allowed)
        for other in imported(module)
        if belongs(other, "rich")
    }
    assert not wrong


def test_every_module_can_be_read_in_one_sitting() -> None:
    sizes = {m: len(path.read_text("utf-8").splitlines()) for m, path in SOURCES.items()}
    assert {module: size for module, size in sizes.items() if size > MOST_LINES} == {}


def test_every_function_can_be_seen_at_once() -> None:
    long = {
        f"{module}.{node.name}": length
        for module, path in SOURCES.items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1)
        > MOST_LINES_OF_A_FUNCTION
    }
    assert long == {}


def test_no_module_is_a_drawer_for_anything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
    assert not {m for m in SOURCES if m.rpartition(".")[2] in drawers}
