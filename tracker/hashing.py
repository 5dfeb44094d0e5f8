"""BLAKE2b, by which it is known that bytes were seen before.

It is the function of hashlib, which loads OpenSSL beside it: 2.6 ms at every poll.
"""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # another Python than CPython, or one built without it
    from hashlib import blake2b

__all__ = ["blake2b"]
