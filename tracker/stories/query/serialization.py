"""Serialization of query interpretations, so that polls need not compute them again.

A stored interpretation is valid while everything that it was computed from is unchanged, byte by
byte: code, lexicon, stemmer, language identifier, Python's Unicode data. `code_digest` covers all.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from tracker.hashing import blake2b
from tracker.stories.lexicon.forms import SurfaceForm
from tracker.stories.query.model import QueryInterpretation, QuerySegment
from tracker.stories.query.syntax import Clause, Term
from tracker.stories.resources import own_files
from tracker.stories.text.language_id import model_path
from tracker.stories.text.stemming import version

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any

    from tracker.stories.lexicon.concepts import WeightedConcepts
    from tracker.stories.lexicon.lexicon import Lexicon


@cache
def code_digest() -> str:
    """Return the digest of everything that an interpretation depends on; 6 ms, cached."""
    return digest_of([*own_files(), model_path()])


def digest_of(files: Iterable[Path]) -> str:
    """Return the digest of files, of Python and of the stemmer, as 32 hexadecimal digits."""
    digest = blake2b(digest_size=16)
    digest.update(f"{sys.version} {unicodedata.unidata_version} {version()}".encode())
    for path in files:
        digest.update(f"\0{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def dump(interpretation: QueryInterpretation) -> str:
    """Serialize an interpretation to text that `load` reads."""
    return _ENCODER.encode(_interpretation_values(interpretation))


def load(text: str, lexicon: Lexicon) -> QueryInterpretation:
    """Read an interpretation that `dump` wrote with the same `code_digest`."""
    return _interpretation_of(json.loads(text), lexicon)


def _interpretation_values(interpretation: QueryInterpretation) -> list[Any]:
    domestic = interpretation.domestic
    return [
        [_segment_values(segment) for segment in interpretation.segments],
        [_segment_values(segment) for segment in interpretation.excluded],
        [_clause_values(clause) for clause in interpretation.limits],
        *([interpretation.country, _interpretation_values(domestic)] if domestic else ()),
    ]


def _interpretation_of(values: list[Any], lexicon: Lexicon) -> QueryInterpretation:
    segments, excluded, limits, *country_and_domestic = values
    country, domestic = country_and_domestic or ("", None)
    return QueryInterpretation(
        tuple([_segment_of(values, lexicon) for values in segments]),
        tuple([_segment_of(values, lexicon) for values in excluded]),
        tuple([Clause(tuple([Term(*t) for t in terms]), excluded) for terms, excluded in limits]),
        country,
        _interpretation_of(domestic, lexicon) if domestic else None,
    )


def _clause_values(clause: Clause) -> tuple[Any, ...]:
    return [(t.text, t.quoted, t.field, t.position) for t in clause.terms], clause.excluded


_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def _segment_values(segment: QuerySegment) -> dict[str, Any]:
    """Return the fields of a segment that differ from their defaults.

    Senses become ids and levels.
    """
    values = {name: getattr(segment, name) for name in QuerySegment.__slots__}
    values["senses"] = tuple([sense.concepts for sense in segment.senses])
    values["loose"] = tuple(
        [(word, sense.concepts if sense else ()) for word, sense in segment.loose]
    )
    return {name: value for name, value in values.items() if value not in ((), "", False)}


def _segment_of(values: dict[str, Any], lexicon: Lexicon) -> QuerySegment:
    """Return the segment with the given `_segment_values`."""

    def sense(ids: list[list[Any]]) -> WeightedConcepts:
        return lexicon.weighted(tuple([(concept, level) for concept, level in ids]))

    values["forms"] = {
        code: tuple([SurfaceForm(text, tuple(key), *marks) for text, key, *marks in forms])
        for code, forms in values["forms"].items()
    }
    values["senses"] = tuple(map(sense, values.get("senses", ())))
    values["loose"] = tuple(
        [(word, sense(i) if i else None) for word, i in values.get("loose", ())]
    )
    values["concepts"] = tuple(values.get("concepts", ()))
    values["namesakes"] = tuple(map(tuple, values.get("namesakes", ())))
    return QuerySegment(**values)
