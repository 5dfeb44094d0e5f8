"""What is new in a document, before it is parsed.

Every entry is known by a hash of its bytes. Those whose bytes were seen are cut out, so that a
poll costs what is new. The result must be that of parsing the whole, less the entries cut out;
wherever that is not certain, nothing is cut:

- The hash is keyed with the document's frame (all but the entries, and but dates and comments) and
  its address, since namespaces, base and language reach into the entries. Another frame, other
  hashes: nothing is known.
- Only hashes of documents that were well-formed are kept, so that what is cut out is a whole
  element, and the rest is well-formed exactly if the document is. If it is not, it is parsed whole.
- What one entry could do to another (a repeated id, contradicting namespaces, elements that
  feedparser loses count of, entries within entries) keeps the document whole.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tracker.hashing import blake2b

HASH_SIZE = 8
# To be changed when parsing changes: entries are then read anew.
_RULES = b"1"

# What never ends is taken to the end of the document, so that no pattern starts over and over.
# Most of a document is CDATA: to look but for "]" takes a tenth of the time of ".*?".
_IN_CDATA = rb"!\[CDATA\[[^\]]*+(?:\](?!\]>)[^\]]*+)*+(?:\]\]>|\Z)"
_TOKEN = re.compile(
    rb"<(?:%b|!--.*?(?:-->|\Z)|\?.*?(?:\?>|\Z)|(/?)(item|entry)(?=[\s/>])[^<>]*>)" % _IN_CDATA,
    re.DOTALL,
)
_PREFIXED = re.compile(rb"<[\w.-]+:(?:item|entry)[\s/>]", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_CDATA = re.compile(rb"<%b" % _IN_CDATA)
_XHTML = re.compile(
    rb"""<(content|summary|title)\s[^<>]*type=["']xhtml["'].*?(?:</\1>|\Z)""", re.DOTALL
)
_DIV = re.compile(rb"<(?:[\w.-]+:)?div[\s/>]", re.IGNORECASE)
# Parts of the frame that change with every issue and reach into no entry.
_VOLATILE = re.compile(
    rb"(?<=<)(lastBuildDate|pubDate|updated|modified|dc:date)>[^<&]*(?=</)|<rdf:li\s[^<>]*/>"
)
_NAMESPACE = re.compile(rb"""\sxmlns(?::([\w.-]+))?\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_ID = re.compile(
    rb"<(?:guid|id)(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[(.{0,2000}?)\]\]>|([^<]*))", re.DOTALL
)
_ABOUT = re.compile(rb"""<item\s[^<>]*?rdf:about\s*=\s*["']([^"'<]*)""")
_LINK = re.compile(rb"""<link(?:\s[^<>]*?href\s*=\s*["']([^"'<]*)["'][^<>]*|\s[^<>]*|)>([^<]*)""")
_SOURCE = re.compile(rb"<source[\s>].*?(?:</source>|\Z)", re.DOTALL)
# Declared by an entry, these would decide for which format the document is taken.
_DECISIVE = (b"http://purl.org/rss/1.0/", b"http://my.netscape.com/rdf/simple/0.9/")
_ATOM = b"http://www.w3.org/2005/atom"


class Cut(NamedTuple):
    """A document without what is known.

    `body` is "" where all of it is known; `kept` and `cut` count its entries; `hashes` are those
    of all its entries, joined, to be stored once the document proves well-formed.
    """

    body: bytes
    kept: int
    cut: int
    hashes: bytes


def cut(body: bytes, known: bytes, *, url: str) -> Cut | None:
    """Cut the entries whose hashes are among `known` out of a UTF-8 document from `url`.

    None where the document cannot be taken apart safely: then it has no hashes either.
    """
    spans = _spans(body)
    if not spans or not _is_safe(body, spans):
        return None
    first, last = spans[0][0], spans[-1][1]
    key = _frame(body[:first], body[last:], url)
    hashes = [
        blake2b(body[start:end], digest_size=HASH_SIZE, key=key).digest() for start, end in spans
    ]
    seen = {known[at : at + HASH_SIZE] for at in range(0, len(known), HASH_SIZE)}
    new = [span for span, digest in zip(spans, hashes, strict=True) if digest not in seen]
    joined = b"".join(hashes)
    if len(new) == len(spans):
        return Cut(body, len(spans), 0, joined)
    if not new:
        return Cut(b"", 0, len(spans), joined)
    pieces = [body[:first], *(body[start:end] for start, end in new), body[last:]]
    return Cut(b"\n".join(pieces), len(new), len(spans) - len(new), joined)


def _spans(body: bytes) -> list[tuple[int, int]]:
    """Find where each entry starts and ends; nothing where they nest or do not close."""
    spans: list[tuple[int, int]] = []
    start, name = -1, b""
    for match in _TOKEN.finditer(body):
        tag = match[2]
        if tag is None:
            continue
        if name and tag != name:
            return []
        name = tag
        if match[1]:
            if start < 0:
                return []
            spans.append((start, match.end()))
            start = -1
        elif start >= 0:
            return []
        elif match[0].endswith(b"/>"):
            spans.append((match.start(), match.end()))
        else:
            start = match.start()
    return spans if start < 0 else []


def _is_safe(body: bytes, spans: list[tuple[int, int]]) -> bool:
    first, last = spans[0][0], spans[-1][1]
    if b"<!DOCTYPE" in body[:first].upper() or _PREFIXED.search(body):
        return False
    ends = [end for _, end in spans[:-1]]
    starts = [start for start, _ in spans[1:]]
    gaps = b"".join(body[end:start] for end, start in zip(ends, starts, strict=True))
    if gaps.strip() and _COMMENT.sub(b"", gaps).strip():
        return False
    if body.find(b"xmlns", first) >= 0 and not _namespaces_agree(body, first):
        return False
    entries = [body[start:end] for start, end in spans]
    if _DIV.search(body, first, last) and any(map(_loses_count, entries)):
        return False
    ids = [identity for entry in entries for identity in _identities(entry) or (b"", b"")]
    return len(set(ids)) == len(ids)


def _namespaces_agree(body: bytes, first: int) -> bool:
    """Whether each prefix stands for one namespace throughout and the other way round."""
    by_prefix: dict[bytes, bytes] = {}
    by_uri: dict[bytes, bytes] = {}
    for match in _NAMESPACE.finditer(body):
        prefix, uri = match[1] or b"", match[2] or match[3] or b""
        if match.start() > first and (uri in _DECISIVE or uri.lower() == _ATOM):
            return False
        if not prefix and uri == b"http://www.w3.org/1999/xhtml":
            continue  # content in XHTML; feedparser knows this one wherever it is declared
        if by_prefix.setdefault(prefix, uri) != uri or by_uri.setdefault(uri, prefix) != prefix:
            return False
    return True


def _loses_count(entry: bytes) -> bool:
    """Whether the entry holds a div as an element where feedparser expects text.

    It skips such a div without taking note of its depth, base and language, which then reach
    into the entries after it.
    """
    if not _DIV.search(entry):
        return False
    return _DIV.search(_XHTML.sub(b"", _CDATA.sub(b"", entry))) is not None


def _identities(entry: bytes) -> set[bytes]:
    """Collect what may become the entry's id, alike for all that may give one id."""
    if b"<source" in entry:
        entry = _SOURCE.sub(b"", entry)  # the id of another feed
    found = {match[1] or match[2] or b"" for match in _ID.finditer(entry)}
    if not found:
        found = {match[1] for match in _ABOUT.finditer(entry)}
    if not found:
        found = {match[1] or match[2] for match in _LINK.finditer(entry)}
    return {text.replace(b"&amp;", b"&").strip() for text in found}


def _frame(head: bytes, tail: bytes, url: str) -> bytes:
    """Hash all that stands around the entries and could reach into them."""
    frame = blake2b(_RULES, digest_size=32)
    for part in (url.encode("utf-8", "replace"), head, tail):
        lasting = _VOLATILE.sub(rb"\1", _COMMENT.sub(b"", part)).strip()
        frame.update(len(lasting).to_bytes(8, "big") + lasting)
    return frame.digest()
