"""The text of the user's YAML files: parsed with line numbers, and edited in place.

An edit inserts or deletes the lines of one item and keeps every other byte. Serializing the parsed
file anew would move comments or lose them. This module owns ruamel.yaml.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

from tracker.errors import ConfigError, excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ruamel.yaml import YAML

# What the parser quotes of the file, except single characters and the names of tokens.
_QUOTED = re.compile(r"""(?P<mark>['"])(?!\\?.(?P=mark)|<[^'"]*>(?P=mark)).*(?P=mark)""")
# What the parser says of frequent slips, and what is said instead.
_SLIPS = (
    (r"character '\\t' that cannot", "a tab stands there; indent with spaces instead of tabs"),
    (r"character .* that cannot start", "{}; put a text that begins so in quotes"),
    (r"mapping values are not allowed", "{}; put a text with a colon in quotes"),
    (r"end of stream", "the file ends too early; a quotation mark is not closed"),
    (r"expected ',' or", "a bracket is not closed; close it, or put the text in quotes"),
    (r"expected <block end>", "{}; indent it as the lines around it, or put the text in quotes"),
    (r"could not find expected ':'", "{}; write a colon and a space after each name"),
    (r"undefined alias|alphabetic or numeric", "{}; put a text that begins with * or & in quotes"),
)
_DUPLICATE = re.compile('found duplicate key "([^"]*)"')
# Comments and white space between an item of a flow sequence and the comma after it.
_COMMA = re.compile(r"((?:\s|#[^\n]*\n)*),[ \t]*")


def _yaml() -> YAML:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def parse(path: Path, data: bytes) -> Any:  # noqa: ANN401 - ruamel's nodes have no common type
    """Return the mapping that `data` of a file holds, with lines, comments and order.

    ConfigError, with the line if known, if `data` is not a YAML mapping.
    """
    from ruamel.yaml.constructor import DuplicateKeyError
    from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # YAML allows it
            root = _yaml().load(data.decode())
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError(path, "is not UTF-8 text; save it as UTF-8.", line=line) from error
    except DuplicateKeyError as error:
        key = _DUPLICATE.match(error.problem)
        raise ConfigError(
            path,
            "stands twice; remove one of them.",
            line=error.problem_mark.line + 1,
            key=key[1] if key else None,
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = _in_words(error.problem or error.context or "it cannot be read")
        raise ConfigError(
            path, f"is not valid YAML: {problem}.", line=mark.line + 1 if mark else None
        ) from None
    except RecursionError:
        raise ConfigError(path, "is not valid YAML: its brackets are nested too deeply.") from None
    except (YAMLError, ValueError):  # a tag that does not fit its value, such as `!!int x`
        raise ConfigError(path, "is not valid YAML: a value cannot be read.") from None
    if root is None:
        root = _yaml().load("feeds: []\n")
    if not isinstance(root, dict):
        raise ConfigError(path, "must begin with `feeds:` and list the feeds below it.", line=1)
    return root


def _in_words(problem: str) -> str:
    """Return a message of the parser without values, and with what to do where that is known."""
    words = next((words for found, words in _SLIPS if re.search(found, problem)), "{}")
    return words.replace("{}", _without_values(problem))


def _without_values(problem: str) -> str:
    """Return a message of the parser without its quotations of the file, which may be secret.

    Single characters (for example: a tab) and the names of tokens ('<scalar>') stay.
    """
    return excerpt(_QUOTED.sub("…", " ".join(problem.split())))


def line_of(node: Any, key: object) -> int | None:  # noqa: ANN401 - see parse
    """Return the line of a node's key or index, from 1; None if unknown."""
    position = getattr(node, "lc", None)
    if position is None:
        return None
    try:
        where = position.key(key) if isinstance(node, dict) else position.item(key)
        return int(where[0]) + 1
    except (KeyError, TypeError):  # the latter of a list with a tag
        return None


def with_items(data: bytes, key: str, items: Sequence[dict[str, Any]]) -> bytes:
    """Return `data`, which `parse` reads, with `items` appended to the list under `key`.

    A missing list is created. Callers parse the result before they write it: a few rare ways to
    write a list are not supported.
    """
    text = data.decode()
    root = _nodes(text)
    pairs = root.value if root is not None else []
    name, node = next(((k, v) for k, v in pairs if k.value == key), (None, None))
    if name is None or node is None:
        return _insert_lines(text, len(text), [f"{key}:", *_item_lines(items, 2)])
    present = node.value if isinstance(node.value, list) else []
    if root.flow_style or (present and node.flow_style):
        import json  # JSON is valid YAML in flow style

        words = ", ".join(json.dumps(item, ensure_ascii=False) for item in items)
        at = present[-1].end_mark.index if present else node.end_mark.index - 1
        return f"{text[:at]}{', ' if present else ''}{words}{text[at:]}".encode()
    if present:
        return _insert_lines(
            text, _end_offset(present[-1], text), _item_lines(items, _column(node, text))
        )
    start, end = node.start_mark.index, node.end_mark.index
    if start < end:  # an empty list or a null
        text = text[:start].rstrip(" ") + text[end:]
    return _insert_lines(text, name.end_mark.index, _item_lines(items, 2))


def without_item(data: bytes, key: str, index: int) -> bytes:
    """Return `data`, which `parse` reads, without one item of the list under `key`.

    Lines of comments before and after the item stay.
    """
    text = data.decode()
    node = next(v for k, v in _nodes(text).value if k.value == key)
    item = node.value[index]
    start, end = item.start_mark.index, _end_offset(item, text)
    if node.flow_style:
        if comma := _COMMA.match(text, end):
            return f"{text[:start]}{comma[1]}{text[comma.end() :]}".encode()
        before = _COMMA.match(text, node.value[index - 1].end_mark.index) if index else None
        kept = f"{text[: before.start()]}{before[1]}" if before else text[:start]
        return f"{kept}{text[end:]}".encode()
    # The dash may be on an earlier line than the item.
    dash = re.compile(rf"^ {{{_column(node, text)}}}-(?=\s)", re.MULTILINE)
    dashes = [found.start() for found in dash.finditer(text, 0, start)]
    if not dashes:  # an unsupported way to write a list
        return data
    return f"{text[: dashes[-1]]}{text[_next_line(text, end) :]}".encode()


def with_changes(data: bytes, key: str, index: int, changes: dict[str, Any]) -> bytes:
    """Return `data`, which `parse` reads, with `changes` made to one mapping of the list at `key`.

    A value of None removes its key. A changed value is written on one line; what is not changed
    keeps its bytes. Callers parse the result before they write it, as with `with_items`.
    """
    text = data.decode()
    item = next(v for k, v in _nodes(text).value if k.value == key).value[index]
    pairs = {pair[0].value: (place, pair) for place, pair in enumerate(item.value)}
    gone = {pairs[name][0] for name, value in changes.items() if value is None and name in pairs}
    edits: list[tuple[int, int, str]] = []
    added: list[str] = []
    for name, value in changes.items():
        if name in pairs:
            place, pair = pairs[name]
            edits.append(
                _removal(item, place, text, gone)
                if value is None
                else _replacement(pair, value, text, flow=item.flow_style)
            )
        elif value is not None:
            added.append(f"{name}: {_inline(value, flow=item.flow_style)}")
    for start, end, new in _apart(edits):
        text = f"{text[:start]}{new}{text[end:]}"
    if not added:
        return text.encode()
    # The changes above moved the end of the item, and may have been its last words.
    item = next(v for k, v in _nodes(text).value if k.value == key).value[index]
    if item.flow_style:
        at = item.value[-1][1].end_mark.index
        return f"{text[:at]}, {', '.join(added)}{text[at:]}".encode()
    column = item.value[0][0].start_mark.column
    return _insert_lines(text, _end_offset(item, text), [" " * column + row for row in added])


def _apart(edits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return the edits from the last to the first, without those within another one."""
    return [
        edit
        for edit in sorted(edits, reverse=True)
        if not any(o != edit and o[0] <= edit[0] and edit[1] <= o[1] for o in edits)
    ]


def _replacement(pair: Any, value: Any, text: str, *, flow: bool) -> tuple[int, int, str]:  # noqa: ANN401 - see parse
    """Return where the value of a pair is, and what to write there."""
    name, node = pair
    colon = text.index(":", name.end_mark.index) + 1
    here = colon <= node.start_mark.index < node.end_mark.index
    end = _end_offset(node, text) if here else colon
    return colon, end, f" {_inline(value, flow=flow)}"


def _removal(item: Any, place: int, text: str, gone: set[int]) -> tuple[int, int, str]:  # noqa: ANN401 - see parse
    """Return where a pair of a mapping is, with what separates it from the others.

    `gone` are the places of all pairs that are removed. The last pair of a mapping in braces takes
    those with it that are removed before it.
    """
    name, node = item.value[place]
    start = name.start_mark.index
    following = item.value[place + 1][0].start_mark.index if place + 1 < len(item.value) else None
    if item.flow_style:
        if following is not None:
            return start, following, ""
        kept = max(before for before in range(place) if before not in gone)
        return item.value[kept][1].end_mark.index, node.end_mark.index, ""
    here = name.end_mark.index <= node.start_mark.index < node.end_mark.index
    end = _next_line(text, _end_offset(node if here else name, text))
    if place or following is None:
        return text.rfind("\n", 0, start) + 1, end, ""
    # The next key moves up to the dash, unless lines of comments stand between.
    if text[end:following].strip():
        return start, end, "\r\n" if text[:end].endswith("\r\n") else "\n"
    return start, following, ""


def _inline(value: Any, *, flow: bool) -> str:  # noqa: ANN401 - see parse
    """Return a value as it is written on one line, in quotes where it needs them."""
    import io
    import json  # JSON is valid YAML in flow style

    as_json = json.dumps(value, ensure_ascii=False)
    if flow or isinstance(value, dict):
        return as_json
    if isinstance(value, list):
        return f"[{', '.join(_inline(each, flow=True) for each in value)}]"
    stream = io.StringIO()
    _yaml().dump({"": value}, stream)
    written = stream.getvalue().partition(": ")[2].removesuffix("\n")
    return as_json if "\n" in written else written


def with_value(data: bytes, section: str, name: str, value: object) -> bytes:
    """Return `data`, which `parse` reads, with `name: value` in the mapping under `section`.

    `value` is text, a number, a truth value or a sequence of these. A missing section is created at
    the end. Callers parse the result before they write it, as for `with_items`.
    """
    import json  # JSON is valid YAML

    text, words = data.decode(), json.dumps(value, ensure_ascii=False)
    key, node = _pair(_nodes(text), section)
    if key is None:
        return _insert_lines(text, len(text), [f"{section}:", f"  {name}: {words}"])
    pairs = node.value if isinstance(node.value, list) else []
    old_key, old = _pair(node, name)
    if old_key is not None:
        start, end = old.start_mark.index, old.end_mark.index
        if start >= end or start < old_key.end_mark.index:  # an empty value
            start = end = text.index(":", old_key.end_mark.index) + 1
            words = f" {words}"
        return f"{text[:start]}{words}{text[end:]}".encode()
    if pairs and node.flow_style:
        at = pairs[-1][1].end_mark.index
        return f"{text[:at]}, {name}: {words}{text[at:]}".encode()
    if pairs:
        indent = " " * pairs[0][0].start_mark.column
        return _insert_lines(text, _end_offset(node, text), [f"{indent}{name}: {words}"])
    start, end = node.start_mark.index, node.end_mark.index
    if start < end:  # an empty mapping or a null
        text = text[:start].rstrip(" ") + text[end:]
    return _insert_lines(text, key.end_mark.index, [f"  {name}: {words}"])


def without_value(data: bytes, section: str, name: str) -> bytes:
    """Return `data`, which `parse` reads, without one name of the mapping under `section`.

    Lines of comments before and after it stay.
    """
    text = data.decode()
    _, node = _pair(_nodes(text), section)
    pairs = node.value
    index = next(i for i, (key, _) in enumerate(pairs) if key.value == name)
    start, end = pairs[index][0].start_mark.index, pairs[index][1].end_mark.index
    if not node.flow_style:
        end = _end_offset(node.__class__(node.tag, [pairs[index]], flow_style=False), text)
        start = text.rfind("\n", 0, start) + 1
        return f"{text[:start]}{text[_next_line(text, end) :]}".encode()
    if index + 1 < len(pairs):
        end = pairs[index + 1][0].start_mark.index
    elif index:
        start = pairs[index - 1][1].end_mark.index
    return f"{text[:start]}{text[end:]}".encode()


def _pair(node: Any, name: str) -> tuple[Any, Any]:  # noqa: ANN401 - see parse
    """Return the nodes of a mapping's key and of its value; None for both if there is no such."""
    pairs = node.value if node is not None and isinstance(node.value, list) else []
    return next(((key, value) for key, value in pairs if key.value == name), (None, None))


def _nodes(text: str) -> Any:  # noqa: ANN401 - see parse
    """Return the text's nodes with their positions; None for an empty document."""
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).compose(text)


def _column(node: Any, text: str) -> int:  # noqa: ANN401 - see parse
    """Return the column of a list's dashes.

    The list's own mark may be that of an anchor or a tag.
    """
    dash = text.rfind("-", 0, node.value[0].start_mark.index)
    return dash - text.rfind("\n", 0, dash) - 1


def _end_offset(node: Any, text: str) -> int:  # noqa: ANN401 - see parse
    """Return the offset after a node's last word.

    The node's own end mark is the next node's start.
    """
    if not isinstance(node.value, list) or node.flow_style or not node.value:
        return len(text[: node.end_mark.index].rstrip())
    last = node.value[-1]
    if not isinstance(last, tuple):
        return _end_offset(last, text)
    key, value = last
    # An empty value has the position of the next token, and an alias that of its anchor.
    here = key.end_mark.index <= value.start_mark.index < value.end_mark.index
    return _end_offset(value if here else key, text)


def _item_lines(items: Sequence[dict[str, Any]], column: int) -> list[str]:
    """Return the lines of list items whose dashes are in `column`."""
    import io

    stream = io.StringIO()
    _yaml().dump(list(items), stream)
    return [" " * column + row.removeprefix("  ") for row in stream.getvalue().splitlines()]


def _insert_lines(text: str, at: int, lines: list[str]) -> bytes:
    """Insert lines below the line of offset `at`, with the file's own line ends."""
    newline = "\r\n" if "\r\n" in text else "\n"
    at = _next_line(text, at)
    above = text[:at]
    if above and not above.endswith("\n"):
        above += newline
    return f"{above}{newline.join(lines)}{newline}{text[at:]}".encode()


def _next_line(text: str, at: int) -> int:
    """Return the offset of the next line after `at`, or the text's end."""
    return text.find("\n", at) + 1 or len(text)
