"""What names the code and the data by which a query was interpreted."""

from __future__ import annotations

import shutil
from pathlib import Path

from tracker.stories.query.serialization import digest_of
from tracker.stories.resources import own_files

STORIES = Path(__file__).parent.parent / "tracker" / "stories"


def test_every_source_and_data_file_is_in_the_digest(tmp_path: Path) -> None:
    copy = tmp_path / "stories"
    shutil.copytree(STORIES, copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = digest_of(own_files(copy))
    unseen = []
    for path in copy.rglob("*.*"):
        text = path.read_bytes()
        path.write_bytes(text + b"\n")
        if digest_of(own_files(copy)) == before:
            unseen.append(path.relative_to(copy))
        path.write_bytes(text)
    assert unseen == []
    assert digest_of(own_files(copy)) == before
