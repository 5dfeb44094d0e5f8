"""The outlines of an OPML document, however badly it is written.

A well-formed document goes through expat. A document whose only mistake is a bare `&` is mended and
goes through expat, too. Everything else is scanned for `<outline …>`. Of 45 published lists, 22 are
not well-formed: 16 have a bare `&`, the others have quotes or mark-up inside attributes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_ENTITY = r"(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][\da-fA-F]{1,6});"
_BARE = re.compile(f"&(?!{_ENTITY})")
_REFERENCE = re.compile(f"&({_ENTITY})")
_NAMED = {"amp;": "&", "lt;": "<", "gt;": ">", "quot;": '"', "apos;": "'"}
_TAG = re.compile(r"<(/?)(?:\w+:)?outline(?=[\s/>])", re.IGNORECASE)
_FIRST = re.compile(r"""\s+([\w:.-]+)\s*=\s*(["'])""")
# A quotation mark ends a value only if another attribute or the end of the tag follows.
_NEXT = re.compile(r"""(["'])\s*([\w:.-]+)\s*=\s*(["'])""")
_END = re.compile(r"""(["'])\s*(/?)>""")
_UNQUOTED = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_HIGHEST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
# Deeper nesting does not occur; tags of that many folders would fill the memory.
_DEEPEST = 50


class Outline(NamedTuple):
    """An `<outline>`: its attributes by name in lower case, and those of its ancestors."""

    attributes: Mapping[str, str]
    ancestors: tuple[Mapping[str, str], ...]


def outlines(text: str) -> list[Outline]:
    """Return all outlines of a document in their order; empty if it has none."""
    for candidate in (text, _BARE.sub("&amp;", text)):
        try:
            return _parsed(candidate)
        except expat.ExpatError:
            continue
    return list(_scanned(text))


class _Nesting:
    """Collects outlines while their tags open and close."""

    def __init__(self) -> None:
        self.found: list[Outline] = []
        self._open: list[Mapping[str, str]] = []

    def begin(self, attributes: Mapping[str, str]) -> None:
        lower = {name.lower(): value for name, value in attributes.items()}
        self.found.append(Outline(lower, tuple(self._open[:_DEEPEST])))
        self._open.append(lower)

    def end(self) -> None:
        if self._open:
            self._open.pop()


def _parsed(text: str) -> list[Outline]:
    """Read a well-formed document; raises ExpatError for any other."""
    nesting = _Nesting()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = _on_outline(nesting.begin)
    parser.EndElementHandler = _on_outline(lambda *_: nesting.end())
    parser.Parse(text.encode("utf-8", "replace"), True)  # noqa: FBT003 - expat takes no keyword
    return nesting.found


def _on_outline(then: Callable[..., None]) -> Callable[..., None]:
    def handle(name: str, *attributes: Mapping[str, str]) -> None:
        if name.rpartition(":")[2].lower() == "outline":
            then(*attributes)

    return handle


def _scanned(text: str) -> Iterator[Outline]:
    nesting = _Nesting()
    text = _without_comments(text)
    body = text.rfind("</body>")
    length = body if body >= 0 else len(text)
    tags = list(_TAG.finditer(text, 0, length))
    ends = [tag.start() for tag in tags[1:]] + [length]
    for tag, end in zip(tags, ends, strict=False):  # without tags there is one end
        if tag[1]:
            nesting.end()
            continue
        attributes, closed = _attributes(text[tag.end() : end])
        nesting.begin(attributes)
        if closed:
            nesting.end()
    yield from nesting.found


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]])


def _attributes(inside: str) -> tuple[dict[str, str], bool]:
    """Return the attributes of the tag that `inside` begins with, and whether it closes itself."""
    found: dict[str, str] = {}
    first = _FIRST.match(inside)
    if first is None:
        tag = inside.partition(">")[0]
        pairs = ((name, "".join(values)) for name, *values in _UNQUOTED.findall(tag))
        return {name: _resolved(value) for name, value in pairs}, tag[-1:] == "/"
    name, mark, start = first[1], first[2], first.end()
    for following in _NEXT.finditer(inside, start - 1):
        if following[1] == mark and following.start() >= start:
            found.setdefault(name, _resolved(inside[start : following.start()]))
            name, mark, start = following[2], following[3], following.end()
    ends = list(_END.finditer(inside, start))
    if not ends:  # the tag has no end: what it has so far counts
        return found, True
    last = ends[-1]  # mark-up inside the value has ends of tags, too
    found.setdefault(name, _resolved(inside[start : last.start()]))
    return found, bool(last[2])


def _resolved(value: str) -> str:
    return _REFERENCE.sub(lambda found: _character(found[1]), value)


def _character(entity: str) -> str:
    if entity in _NAMED:
        return _NAMED[entity]
    digits = entity[1:-1]
    code = int(digits[1:], 16) if digits[:1] in "xX" else int(digits)
    return chr(code) if 0 < code <= _HIGHEST and code not in _SURROGATES else ""
