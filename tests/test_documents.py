"""What the documents name exists: files, modules, functions, commands and their options."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer

from tracker.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tracker"
ARCHITECTURE = ROOT / "ARCHITECTURE.md"
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/**/*.md")]
)
MOST_LINES = 160
# What a document names as tracker's own begins with one of these.
TOP = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def named_in_code(path: Path) -> list[str]:
    """Return what stands between backticks on one line."""
    return CODE.findall(text_of(path))


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_every_relative_link_leads_to_a_file(path: Path) -> None:
    targets = [link.partition("#")[0] for link in LINK.findall(text_of(path)) if "://" not in link]
    assert [target for target in targets if target and not (path.parent / target).exists()] == []


def paths_named_in(path: Path) -> list[str]:
    named = [name for name in named_in_code(path) if re.fullmatch(r"[\w*.-]+(?:/[\w*.-]+)+", name)]
    return named + re.findall(r"\b(?:tests|benchmarks)/\w+\.py\b", text_of(path))


def exists(name: str) -> bool:
    return any(any(folder.glob(name)) for folder in (ROOT, PACKAGE))


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_every_path_that_a_document_names_exists(path: Path) -> None:
    assert [name for name in paths_named_in(path) if not exists(name)] == []


def test_a_path_that_does_not_exist_is_found() -> None:
    assert not exists("stories/no_such_module.py")


def defined_in(body: list[ast.stmt]) -> dict[str, list[ast.stmt]]:
    """Return what a module or a class defines, each with what that defines in turn."""
    found: dict[str, list[ast.stmt]] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node.body if isinstance(node, ast.ClassDef) else []
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = []
        elif isinstance(node, ast.Assign):
            found.update((name.id, []) for name in node.targets if isinstance(name, ast.Name))
    return found


def resolves(name: str) -> bool:
    """Tell whether a.b.C.d is a module of tracker, or what one defines."""
    first, *rest = name.split(".")
    place = PACKAGE / first
    while place.is_dir() and rest:
        place = place / rest.pop(0)
    if place.is_dir():
        return not rest
    module = place.with_suffix(".py")
    if not module.is_file():
        return False
    body = ast.parse(text_of(module)).body
    for part in rest:
        defined = defined_in(body)
        if part not in defined:
            return False
        body = defined[part]
    return True


def dotted_names_in(path: Path) -> list[str]:
    return [
        name
        for name in named_in_code(path)
        if re.fullmatch(r"\w+(?:\.\w+)+", name)
        and name.partition(".")[0] in TOP
        and not name.endswith((".py", ".ini", ".yaml", ".toml"))
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_every_function_that_a_document_names_exists(path: Path) -> None:
    assert [name for name in dotted_names_in(path) if not resolves(name)] == []


def test_a_function_that_does_not_exist_is_found() -> None:
    assert resolves("services.poll.poll")
    assert not resolves("services.poll.no_such_function")
    assert not resolves("services.no_such_module.poll")


def test_the_walks_name_each_function_once() -> None:
    steps = [line for line in text_of(ARCHITECTURE).splitlines() if re.match(r"\d+\. ", line)]
    walks: list[list[str]] = []
    for step in steps:
        if step.startswith("1. "):
            walks.append([])
        walks[-1] += [name for name in CODE.findall(step) if name.partition(".")[0] in TOP]
    assert [len(walk) > len(steps) / 2 for walk in walks] == [True, True]
    assert [[name for name in walk if walk.count(name) > 1] for walk in walks] == [[], []]


def test_every_room_of_the_code_has_its_line_in_the_map() -> None:
    rooms = {
        folder.relative_to(PACKAGE).as_posix()
        for package in ("stories", "feeds")
        for folder in (PACKAGE / package).iterdir()
        if (folder / "__init__.py").exists()
    }
    rooms |= {"store", "services", "views", "cli"}
    assert rooms - set(named_in_code(ARCHITECTURE)) == set()


def test_the_architecture_can_be_read_in_one_sitting() -> None:
    assert len(text_of(ARCHITECTURE).splitlines()) <= MOST_LINES


def command_lines(path: Path) -> Iterator[list[str]]:
    """Give the words of each `tracker …` line of a document's code, indented, fenced or inline."""
    fenced = False
    for line in text_of(path).splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            if found := re.search(r"(?:^|[\s$/])(tracker\s.*)$", line):
                yield shlex.split(found[1], comments=True)
        else:
            for code in CODE.findall(line):
                if code.startswith("tracker "):
                    yield shlex.split(code)


def problem_of(words: list[str]) -> str:
    """Say what is wrong with a command line, by the commands and options that there are."""
    command: Any = typer.main.get_command(app)
    rest = words[1:]
    while rest and (below := getattr(command, "commands", None)) is not None:
        if rest[0].startswith("-"):
            break
        if rest[0] not in below:
            return f"no command {rest[0]!r}"
        command = below[rest.pop(0)]
    options = {"--help", *(name for given in command.params for name in given.opts)}
    options |= {name for given in command.params for name in given.secondary_opts}
    for word in rest:
        if word == "--":
            break
        if word.startswith("--") and word.partition("=")[0] not in options:
            return f"no option {word!r}"
    return ""


COMMAND_LINES = [
    pytest.param(words, id=f"{relative(path)}: {' '.join(words)}")
    for path in DOCUMENTS
    for words in command_lines(path)
]


@pytest.mark.parametrize("words", COMMAND_LINES)
def test_every_command_line_in_the_documents_is_one(words: list[str]) -> None:
    assert problem_of(words) == ""


def test_a_command_line_that_is_none_is_found() -> None:
    assert problem_of(["tracker", "no-such-command"])
    assert problem_of(["tracker", "follow", "--no-such-option"])
    assert problem_of(["tracker", "feeds", "ls", "--long"]) == ""
