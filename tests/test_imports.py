"""The import rules, read from the source: function-level imports count like all others."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import tracker

ROOT = Path(tracker.__file__).parent
LAYERS = ("feeds", "stories", "store", "views")
LEAVES = {
    "tracker",
    "tracker.gc_pause",
    "tracker.hashing",
    "tracker.errors",
    "tracker.hosts",
    "tracker.language_codes",
    "tracker.model",
    "tracker.model_polling",
    "tracker.model_preview",
    "tracker.config",
    "tracker.yaml_edit",
}
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 50
# Every third-party library has one owner. Of these a whole package is: typer and rich are languages
# that all commands and views speak, sqlite-utils makes the schema and applies it.
SHARED = {"typer": "tracker.cli", "rich": "tracker.views", "sqlite_utils": "tracker.store"}
# The live side of rich (a console, a progress bar) belongs to who writes to the terminal.
ALSO = {"rich": {"tracker.cli"}}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}


def imported(module: str) -> set[str]:
    """Return what a module imports anywhere but under TYPE_CHECKING, by full name."""
    found: set[str] = set()
    package = module if SOURCES[module].name == "__init__.py" else module.rpartition(".")[0]

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for branch in node.orelse:
                visit(branch)
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [base])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                found.add(whole if whole in SOURCES else base)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(SOURCES[module].read_text("utf-8")))
    return found


def belongs(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_itself_and_the_leaves(layer: str) -> None:
    package = f"tracker.{layer}"
    wrong = {
        f"{module} imports {other}"
        for module in SOURCES
        if belongs(module, package)
        for other in imported(module)
        if belongs(other, "tracker") and not belongs(other, package) and other not in LEAVES
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


def test_no_module_imports_itself_through_others() -> None:
    graph = {m: {o for o in imported(m) if o in SOURCES and o != m} for m in SOURCES}
    done: set[str] = set()
    cycles: list[str] = []

    def walk(module: str, path: tuple[str, ...]) -> None:
        if module in path:
            cycles.append(" → ".join([*path[path.index(module) :], module]))
        elif module not in done:
            for other in graph[module]:
                walk(other, (*path, module))
            done.add(module)

    for module in graph:
        walk(module, ())
    assert not cycles


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
    allowed = ("tracker.cli", "tracker.views")
    wrong = {
        module
        for module in SOURCES
        if not any(belongs(module, package) for package in allowed)
        for other in imported(module)
        if belongs(other, "rich")
    }
    assert not wrong


@pytest.mark.parametrize("module", SOURCES)
def test_a_module_can_be_read_in_one_sitting(module: str) -> None:
    assert len(SOURCES[module].read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", SOURCES)
def test_a_function_can_be_seen_at_once(module: str) -> None:
    long = {
        node.name: length
        for node in ast.walk(ast.parse(SOURCES[module].read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1)
        > MOST_LINES_OF_A_FUNCTION
    }
    assert not long


def test_no_module_is_a_drawer_for_anything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
    assert not {m for m in SOURCES if m.rpartition(".")[2] in drawers}
