"""A disk that fills up in the middle of a week: what was stored stays, and the rest comes later."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest
from person import Person

STORY = "tiktok-acquisition"


def test_a_poll_on_a_full_disk_loses_nothing(person: Person) -> None:
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("unshare, which mounts a small disk, is not installed")
    feeds = person.home / "feeds.yaml"
    listed = "".join(f"  - url: {person.feed(outlet)}\n" for outlet in ("ledger", "courrier"))
    feeds.write_text(f"feeds:\n{listed}", "utf-8")

    def tracker(line: str) -> str:
        return shlex.join(person.command(f"--db disk/t.db --feeds {feeds} {line}"))

    person.at("2020-08-03 12:00")
    steps = ["mkdir disk", "mount -t tmpfs -o size=2m none disk"]
    steps.append(tracker('follow "TikTok acquisition"'))
    # What fills the disk fails on purpose, once nothing more fits.
    steps.append("! cat /dev/zero 2>/dev/null > disk/full")
    steps += [f"! {tracker('poll')}", tracker("stories"), "echo FREED", "rm disk/full"]
    steps += [tracker("poll"), tracker(f"timeline {STORY} --reports")]
    done = subprocess.run(
        [unshare, "-rm", "sh", "-ec", " && ".join(steps)],
        env=person.environment(),
        cwd=person.home,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("no file system can be mounted here")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the disk is full; make room and run the command again." in done.stderr
    full, freed = done.stdout.split("FREED")
    assert "tiktok-acquisition" in full, "what is stored can be read"
    assert "9 new items" in freed
    assert "Trump sets deadline of 15 September" in freed
