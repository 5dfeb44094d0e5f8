"""Which entries a feed's latest document lists, by hash: a purge leaves their items alone.

Of a document that changed, the known entries are not parsed, so that their ids are those of the
document before. A pair is the hash of an entry's bytes and that of its id, as `tombstones` makes
it, 8 bytes each; the first is 0 where the document cannot be taken apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.archive.tombstones import hash_of_id

if TYPE_CHECKING:
    from tracker.model.polling import Changed

_SIZE = 8
_NO_HASH = bytes(_SIZE)


def pairs_after(before: bytes | None, outcome: Changed) -> bytes:
    """Return the pairs of a feed after a document; `before` are those until then, None for none."""
    ids = [hash_of_id(entry.id) for entry in outcome.document.entries]
    hashes = _split(outcome.entry_hashes)
    if not outcome.cut:
        old: dict[bytes, bytes] = {}
        loose: set[bytes] = set()
        fresh = hashes
    else:
        old = dict(_pairs(before or b""))
        loose = {entry for known, entry in _pairs(before or b"") if known == _NO_HASH}
        known = set(_split(outcome.feed.entry_hashes))
        fresh = [each for each in hashes if each not in known]
    if len(fresh) == len(ids):
        old |= dict(zip(fresh, ids, strict=True))
    else:  # an entry twice, or a document that cannot be taken apart
        loose |= set(ids)
    kept = [each + old[each] for each in hashes if each in old]
    return b"".join([*kept, *(_NO_HASH + each for each in loose)])


def listed(pairs: bytes | None, entry_hashes: bytes) -> tuple[set[bytes], int]:
    """Return the hashes of the ids that a feed's document lists, and how many entries it has.

    `entry_hashes` are those of the latest document, which may list fewer than when `pairs` was
    made. The number may be larger than that of the hashes, where not all are known.
    """
    present = set(_split(entry_hashes))
    found = {
        entry for known, entry in _pairs(pairs or b"") if known == _NO_HASH or known in present
    }
    return found, max(len(present), len(found))


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + _SIZE] for at in range(0, len(hashes), _SIZE)]


def _pairs(pairs: bytes) -> list[tuple[bytes, bytes]]:
    halves = _split(pairs)
    return list(zip(halves[::2], halves[1::2], strict=True))
