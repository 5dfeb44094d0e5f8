"""kill -9 while feeds are imported: the list is the old one or the new one, whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tracker.config import load_feeds

ROOT = Path(__file__).parent.parent
FEEDS = 400
MOMENTS = int(os.environ.get("TRACKER_KILLS", "8"))
BEFORE = "# mine\nfeeds:\n- url: https://first.example/f  # good\n"


def started(folder: Path) -> subprocess.Popen[bytes]:
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "PYTHONPATH", "LANG"}}
    own = {"HOME": str(folder), "TRACKER_FEEDS": str(folder / "feeds.yaml")}
    return subprocess.Popen(
        [sys.executable, "-m", "tracker", "feeds", "import", str(folder / "list.opml")],
        env=kept | own | {"TRACKER_DB": str(folder / "t.db")},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.long
def test_a_kill_at_any_moment_of_an_import_leaves_a_whole_list(tmp_path: Path) -> None:
    outlines = "".join(
        f'<outline text="F{n}" xmlUrl="https://f{n}.example/feed"/>' for n in range(FEEDS)
    )
    (tmp_path / "list.opml").write_text(f"<opml><body>{outlines}</body></opml>", "utf-8")
    path = tmp_path / "feeds.yaml"
    path.write_text(BEFORE, "utf-8")
    began = time.monotonic()
    assert started(tmp_path).wait(60) == 0
    whole, lasted = path.read_bytes(), time.monotonic() - began
    seen = set()
    for moment in range(MOMENTS):
        path.write_text(BEFORE, "utf-8")
        child = started(tmp_path)
        # Most of them in the last third, in which the list is read, made and written.
        time.sleep(lasted * (0.6 + 0.5 * moment / MOMENTS))
        child.send_signal(signal.SIGKILL)
        child.wait(60)
        assert path.read_bytes() in {BEFORE.encode(), whole}
        seen.add(len(load_feeds(path).sources))
    assert seen <= {1, FEEDS + 1}
    assert started(tmp_path).wait(60) == 0
    assert path.read_bytes() == whole
