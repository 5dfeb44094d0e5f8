"""From the bytes of a document to what is new in it; pure, so that any process can do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.errors import FeedFormatError
from tracker.feeds.parsing import delta
from tracker.feeds.parsing.encoding import to_utf8
from tracker.feeds.parsing.parse import Parsed, parse_utf8

if TYPE_CHECKING:
    from tracker.model.polling import Document


class Job(NamedTuple):
    """A document to be read: its bytes as they came, and the hashes of the entries known of it."""

    key: int
    body: bytes
    url: str
    content_type: str
    known: bytes


class Reading(NamedTuple):
    """What became of a job.

    `document` is None where nothing in it is new, or where `failure` says why it is no feed;
    `cut` counts the entries left out as known.
    """

    key: int
    document: Document | None
    hashes: bytes
    cut: int
    failure: str | None = None


def read(job: Job) -> Reading:
    """Read a document, but for the entries that are known."""
    try:
        body = to_utf8(job.body, job.content_type)
        found = delta.cut(body, job.known, url=job.url)
        return _read(job, body, found)
    except FeedFormatError as error:
        return Reading(job.key, None, b"", 0, error.reason)


def _read(job: Job, body: bytes, found: delta.Cut | None) -> Reading:
    if found is None:
        return Reading(job.key, parse_utf8(body, url=job.url).document, b"", 0)
    if not found.kept:
        return Reading(job.key, None, found.hashes, found.cut)
    parsed = parse_utf8(found.body, url=job.url)
    if _is_as_foreseen(parsed, found.kept):
        return Reading(job.key, parsed.document, found.hashes, found.cut)
    if found.cut:
        parsed = parse_utf8(body, url=job.url)
    return Reading(job.key, parsed.document, b"", 0)


def _is_as_foreseen(parsed: Parsed, entries: int) -> bool:
    """Whether the parser found the XML sound and as many entries as were seen beforehand."""
    return parsed.sound and parsed.raw_entries == entries
