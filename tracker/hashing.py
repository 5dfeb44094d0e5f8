"""BLAKE2b, the hash by which known bytes are recognised.

It is hashlib's own function, imported without hashlib, which loads OpenSSL: 2.6 ms a poll.
"""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # not CPython, or built without it
    from hashlib import blake2b

__all__ = ["blake2b"]
