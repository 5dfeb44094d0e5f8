"""Fixtures of many tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from publishing import Publisher, serving

from tracker.store.database import Database, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Give an empty database in a file of its own."""
    with opened(tmp_path / "t.db") as made:
        yield made


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """Give a publisher that answers 404 until it is told what."""
    with serving(Publisher()) as running:
        yield running
