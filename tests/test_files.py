"""Files that are made for the user are replaced at once, and only regular ones."""

from __future__ import annotations

import itertools
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tracker.errors import FileError
from tracker.files import remove, replace

ROOT = Path(__file__).parent.parent


def test_a_file_is_made_with_its_folders_and_the_mode_of_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "page.html"
    before = os.umask(0o027)
    try:
        replace(path, b"new")
    finally:
        os.umask(before)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [p.name for p in path.parent.iterdir()] == ["page.html"]


def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"old")
    path.chmod(0o604)
    replace(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


def test_what_a_symbolic_link_leads_to_is_replaced(tmp_path: Path) -> None:
    real, link = tmp_path / "real.html", tmp_path / "link.html"
    real.write_bytes(b"old")
    link.symlink_to(real)
    replace(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_folder_a_pipe_and_a_device_are_left_as_they_are(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "folder").mkdir()
    (tmp_path / "null").symlink_to(os.devnull)
    for path in (pipe, tmp_path / "folder", tmp_path / "null"):
        with pytest.raises(FileError, match="is not a regular file; name another one"):
            replace(path, b"new")
    assert pipe.is_fifo()
    assert Path(os.devnull).is_char_device()


def test_a_file_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(FileError, match="cannot be written: "):
        replace(tmp_path / "file" / "page.html", b"new")


def test_links_in_a_circle_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(FileError):
        replace(tmp_path / "a", b"new")


def test_a_file_with_the_longest_name_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 125 + ".html")
    replace(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_folder_that_is_not_empty_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(b"")
    with pytest.raises(FileError, match="cannot be removed: "):
        remove(tmp_path)
    remove(tmp_path / "page.html")
    remove(tmp_path)
    assert not tmp_path.exists()


def test_who_reads_the_old_file_reads_it_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"old" * 100_000)
    with path.open("rb") as reader:
        start = reader.read(3)
        replace(path, b"new" * 100_000)
        assert start + reader.read() == b"old" * 100_000
    assert path.read_bytes() == b"new" * 100_000


# An interrupt before a file reaches its `with` leaves the closing to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_leaves_the_old_file_or_the_new_one_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"old")
    moments = itertools.count(1)
    while interrupted_at(next(moments), path):
        assert path.read_bytes() in {b"old", b"new"}
        assert list(tmp_path.iterdir()) == [path]
        path.write_bytes(b"old")
    assert next(moments) > 10


def interrupted_at(moment: int, path: Path) -> bool:
    """Press Ctrl-C at the end of a call, `moment` of them after a file is beside `path`.

    Return False if the file was replaced before.
    """
    passed = 0

    def press(_frame: object, event: str, _called: object) -> None:
        nonlocal passed
        if event in {"return", "c_return"} and (passed or any(path.parent.glob(".page*"))):
            passed += 1
            if passed == moment:
                sys.setprofile(None)
                raise KeyboardInterrupt

    sys.setprofile(press)
    try:
        replace(path, b"new")
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(None)
    return False


WRITING = """
import sys
from pathlib import Path
from tracker.files import replace
while True:
    replace(Path(sys.argv[1]), b"new" * 3_000_000)
"""


def test_a_writer_that_is_killed_while_it_writes_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"old")
    writer = subprocess.Popen([sys.executable, "-c", WRITING, str(path)], cwd=ROOT)
    try:
        deadline = time.monotonic() + 30
        # The file beside it is the one that is being written.
        while not any(tmp_path.glob(".page.html.*")):
            assert time.monotonic() < deadline
            time.sleep(0)
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert path.read_bytes() in {b"old", b"new" * 3_000_000}
