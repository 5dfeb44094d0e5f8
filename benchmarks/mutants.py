"""Changes the code in small ways, one at a time, and prints which changes no test notices.

    python benchmarks/mutants.py tracker/feeds/schedule.py    12 mutants of one module
    python benchmarks/mutants.py --since main --each 15       of each module changed since `main`

A mutant is one change to one expression or statement: another comparison, `and` for `or`, another
constant, another operator, a dropped operand, a dropped statement. The tests that run its line run
against it in a copy of the checkout; a mutant that they all pass has survived. Which tests run
which line is measured once, by the whole suite under coverage (some minutes), and kept in
.mutants.json. What only a process of its own runs is not seen there.

A surviving mutant is a missing test, dead code, or an equivalent mutant: one that behaves alike.
"""

from __future__ import annotations

import argparse
import ast
import random
import subprocess
from collections import Counter
from typing import TYPE_CHECKING, Any

from mutants_run import MAP, ROOT, Mutant, load_coverage, measure, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
}
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
_DROPPED = (ast.AugAssign, ast.Continue, ast.Break, ast.Raise, ast.Delete)


def mutants(module: str, source: bytes) -> list[Mutant]:
    """Return every mutant of a module's source, in the order of its lines."""
    tree = ast.parse(source)
    starts = [0]
    for row in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(row))
    bodies = [
        (first.lineno, first.col_offset, node.end_lineno or 0)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for first in node.body[:1]
    ]
    found = []
    for node, kind, text in _changes(tree):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        was = source[start:end].decode()
        place = node.lineno, node.col_offset
        within = any((line, col) <= place and place[0] <= last for line, col, last in bodies)
        found.append(Mutant(module, node.lineno, kind, start, end, text, was, within))
    return sorted(set(found), key=lambda each: (each.line, each.start, each.text))


def _changes(tree: ast.Module) -> Iterator[tuple[Any, str, str]]:
    """Yield each node that can be changed, the kind of change, and the text that replaces it."""
    skipped = {id(each) for node in ast.walk(tree) for each in _without_behaviour(node)}
    nodes: list[ast.AST] = [tree]
    while nodes:
        node = nodes.pop()
        if id(node) in skipped:
            continue
        nodes += ast.iter_child_nodes(node)
        if isinstance(node, ast.expr):
            for kind, text in _of_expression(node):
                yield node, kind, f"({text})"
        elif isinstance(node, _DROPPED) or _is_dropped(node):
            yield node, "statement", "pass"


def _without_behaviour(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a node whose change nobody sees: annotations, what f-strings format."""
    if isinstance(node, ast.FunctionDef):
        yield from node.decorator_list
        yield from filter(None, [node.returns, *(each.annotation for each in _arguments(node))])
    elif isinstance(node, ast.AnnAssign):
        yield node.annotation
    elif isinstance(node, ast.JoinedStr):
        yield node  # before Python 3.12 what is within has no place in the source
    elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        yield node


def _arguments(node: ast.FunctionDef) -> list[ast.arg]:
    of = node.args
    several = [each for each in (of.vararg, of.kwarg) if each]
    return [*of.posonlyargs, *of.args, *of.kwonlyargs, *several]


def _is_dropped(node: ast.AST) -> bool:
    """Whether a statement can be left out without a name going missing."""
    if isinstance(node, ast.Assign):
        return all(isinstance(each, ast.Attribute | ast.Subscript) for each in node.targets)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def _of_expression(node: ast.expr) -> Iterator[tuple[str, str]]:
    """Yield what an expression can be changed to, with the kind of the change."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            other = [*node.ops[:place], _COMPARISONS[type(operator)](), *node.ops[place + 1 :]]
            yield "comparison", ast.unparse(ast.Compare(node.left, other, node.comparators))
    elif isinstance(node, ast.BoolOp):
        other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "boolean", ast.unparse(ast.BoolOp(other_op, node.values))
        for place in range(len(node.values)):
            rest = [*node.values[:place], *node.values[place + 1 :]]
            left = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
            yield "operand", ast.unparse(left)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "boolean", ast.unparse(node.operand)
    elif isinstance(node, ast.IfExp):
        yield "boolean", ast.unparse(node.body)
        yield "boolean", ast.unparse(node.orelse)
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS and not _is_text(node):
        other_operator = _OPERATORS[type(node.op)]()
        yield "arithmetic", ast.unparse(ast.BinOp(node.left, other_operator, node.right))
        yield "operand", ast.unparse(node.left)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        yield "constant", repr(_another(node.value))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
        other_call = ast.Name(_CALLS[node.func.id], ast.Load())
        keywords = [] if node.func.id == "sorted" else node.keywords
        yield "call", ast.unparse(ast.Call(other_call, node.args, keywords))


def _is_text(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    return any(
        isinstance(s, ast.JoinedStr) or isinstance(getattr(s, "value", 0), str) for s in sides
    )


def _another(value: float) -> float:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value * 1.5 + (value == 0.0)


def sample(found: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """Draw mutants at random, the same with each `seed`; no two on a line while others are left."""
    if not found:
        return []
    chance = random.Random(f"{seed} {found[0].module}")  # noqa: S311 - the same draw every time
    drawn = chance.sample(found, len(found))
    lines: Counter[int] = Counter()
    rank = {}
    for mutant in drawn:
        rank[mutant] = lines[mutant.line]
        lines[mutant.line] += 1
    return sorted(sorted(drawn, key=rank.__getitem__)[:count], key=lambda each: each.line)


def changed_since(revision: str) -> list[str]:
    """Return the modules of the program that differ from a git revision."""
    names = subprocess.run(
        ["git", "diff", "--name-only", "--diff-filter=d", revision, "--", "tracker"],  # noqa: S607 - as above
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return [name for name in names if name.endswith(".py")]


def main() -> None:
    """Read the options, run, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("modules", nargs="*", help="paths such as tracker/feeds/schedule.py")
    parser.add_argument("--since", help="of all modules that differ from this revision")
    parser.add_argument("--each", type=int, default=12, help="mutants a module (12)")
    parser.add_argument("--seed", type=int, default=1, help="another number, another draw")
    parser.add_argument("--jobs", type=int, default=2, help="how many run side by side (2)")
    parser.add_argument("--measure", action="store_true", help="measure anew which tests run what")
    options = parser.parse_args()
    modules = [*options.modules, *(changed_since(options.since) if options.since else ())]
    if not modules and not options.measure:
        print("No module is named, and none has changed.")
        return
    coverage = measure() if options.measure or not MAP.exists() else load_coverage()
    chosen = []
    for module in modules:
        chosen += sample(mutants(module, (ROOT / module).read_bytes()), options.each, options.seed)
    fates: Counter[str] = Counter()
    tests = [(each, coverage.of(each, (ROOT / each.module).read_bytes())) for each in chosen]
    for mutant, what in run(tests, options.jobs):
        fates[what] += 1
        change = f"{mutant.was} → {mutant.text}".replace("\n", " ")
        print(f"{what:9} {mutant.module}:{mutant.line} {mutant.kind}: {change[:120]}", flush=True)
    print(f"{fates['killed']} of {fates.total()} killed")


if __name__ == "__main__":
    main()
