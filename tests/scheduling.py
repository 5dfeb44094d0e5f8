"""Stand-ins for the programs of schedulers, and a computer that has them on its PATH."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

from tracker.model.schedule import HOURS_OF_A_DAY, Job, Times
from tracker.schedule.computer import Computer

# Stores bytes as they come, and refuses what cron refuses.
CRONTAB = """#!/bin/sh
case "$1" in
-l) if [ -e {spool} ]; then cat {spool}; else echo "no crontab for root" >&2; exit 1; fi ;;
-) cat > {spool}.new
   if [ -s {spool}.new ] && [ "$(tail -c1 {spool}.new | od -An -c | tr -d ' ')" != '\\n' ]; then
     echo '"-":42: new crontab file is missing newline before EOF, can'"'"'t install.' >&2; exit 1
   fi
   mv {spool}.new {spool} ;;
esac
"""
# Keeps which timers run as files in a folder; records what it was asked.
SYSTEMCTL = """#!/bin/sh
echo "$@" >> {folder}/asked
[ -e {folder}/no-bus ] && {{ echo "Failed to connect to bus: No medium found" >&2; exit 1; }}
shift
verb="$1"; shift
[ -e {folder}/refuse-"$verb" ] && {{ echo "Unit is masked." >&2; exit 1; }}
for word; do case "$verb $word" in
  "enable --now"|"disable --now"|show*|daemon-reload*) ;;
  enable*|restart*) touch {folder}/running-"$word" ;;
  disable*) rm -f {folder}/running-"$word" ;;
  is-active*) [ -e {folder}/running-"$word" ] || exit 3 ;;
esac; done
exit 0
"""
# Keeps which agents are loaded; `print` exits with 113 for others, as launchd does.
LAUNCHCTL = """#!/bin/sh
echo "$@" >> {folder}/asked
case "$1" in
print) [ -e {folder}/loaded-"${{2##*/}}" ] || exit 113 ;;
bootout) rm {folder}/loaded-"${{2##*/}}" ;;
bootstrap) label=$(basename "$3" .plist)
   if [ -e {folder}/loaded-"$label" ] || [ -e {folder}/refuse ]; then
     echo "Bootstrap failed: 5: Input/output error" >&2; exit 5
   fi
   touch {folder}/loaded-"$label" ;;
esac
"""
LOGINCTL = """#!/bin/sh
cat {folder}/linger
"""


def programs(folder: Path, **scripts: str) -> Path:
    """Make programs in a folder of their own, and return it."""
    bin_folder = folder / "bin"
    bin_folder.mkdir(exist_ok=True)
    for name, text in scripts.items():
        made = bin_folder / name
        made.write_text(
            text.format(folder=shlex.quote(str(folder)), spool=shlex.quote(str(folder / "spool"))),
            "utf-8",
        )
        made.chmod(0o755)
    return bin_folder


def with_basics(folder: Path) -> Path:
    """Add the programs that the scripts above call to a folder, and return it."""
    for name in ("cat", "od", "tail", "tr", "mv", "touch", "rm", "basename"):
        found = shutil.which(name, path="/usr/bin:/bin")
        assert found is not None
        (folder / name).symlink_to(found)
    return folder


def computer(folder: Path, platform: str = "linux", **scripts: str) -> Computer:
    """Return a computer that has these programs, and no others of a scheduler."""
    path = with_basics(programs(folder, **scripts))
    home = folder / "home"
    home.mkdir()
    return Computer({"PATH": str(path), "USER": "someone"}, home, platform, "a-host", os.getuid())


def job(*minutes: int, name: str = "poll", path: str = sys.executable, db: str = "/d/t.db") -> Job:
    """Return a job that starts in each hour, or at the first minute of seven o'clock."""
    words = (path, "--db", db, "--feeds", "/d/feeds.yaml")
    rest = ("poll", "--quiet") if name == "poll" else ("digest", "--send")
    hours = HOURS_OF_A_DAY if name == "poll" else (7,)
    return Job(name, (*words, *rest), Times(hours, minutes), (("PATH", "/usr/bin:/bin"),))
