"""Whether tracker works as people install it: the wheel, by pipx, in an empty home.

    .venv/bin/python benchmarks/installed.py            # about two minutes, most of them pip's
    .venv/bin/python benchmarks/installed.py --keep DIR # leave all of it there

It builds the wheel, installs pipx into a venv of its own, and the wheel with the extras mcp and tui
by that, for which it needs a package index. Then it runs what a new user runs. Each step prints its
time, and the first that fails ends the script with exit code 1.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parent.parent
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Example Gazette</title>
<item><title>Nokia cuts 500 jobs in Espoo</title><guid>1</guid><link>http://127.0.0.1/1</link></item>
<item><title>Rain in the north</title><guid>2</guid><link>http://127.0.0.1/2</link></item>
</channel></rss>"""
OPML = """<opml version="2.0"><body><outline text="News">
<outline type="rss" text="A" xmlUrl="{url}/a"/><outline type="rss" text="B" xmlUrl="{url}/b"/>
</outline></body></opml>"""
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "installed", "version": "1"},
    },
}


class _Gazette(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer with the feed, whatever is asked for."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(FEED)))
        self.end_headers()
        self.wfile.write(FEED)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Home:
    """An empty home with its own pipx; `run` runs a program in it and prints how long it took."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.environment = {
            "HOME": str(folder / "home"),
            "PATH": f"{self.bin}:/usr/bin:/bin",
            "PIPX_HOME": str(folder / "pipx"),
            "PIPX_BIN_DIR": str(self.bin),
            "PIPX_MAN_DIR": str(folder / "man"),
            "PIPX_DEFAULT_PYTHON": sys.executable,
            "LANG": "C.UTF-8",
            # How pip finds its index is the computer's business.
            **{n: v for n, v in os.environ.items() if n.startswith(("PIP_", "SSL_"))},
        }
        (folder / "home").mkdir()

    def run(self, *words: str, says: str = "", folder: Path | None = None) -> str:
        """Run a program; SystemExit if it fails or does not say what it should."""
        begun = time.perf_counter()
        done = subprocess.run(
            words,
            env=self.environment,
            cwd=folder or self.folder / "home",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=900,
        )
        shown = " ".join(Path(word).name if word.startswith("/") else word for word in words)
        print(f"{time.perf_counter() - begun:7.2f} s  {shown}")
        if done.returncode or says not in done.stdout or "Traceback" in done.stdout:
            sys.exit(f"exit code {done.returncode}, {says!r} expected:\n{done.stdout}")
        return done.stdout


def main() -> None:
    """Install and try."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="an empty folder that stays")
    keep = parser.parse_args().keep
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        _try(Home(keep.resolve()))
        return
    with tempfile.TemporaryDirectory() as folder:
        _try(Home(Path(folder)))


def _try(home: Home) -> None:
    _install(home)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Gazette)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    (home.folder / "home" / "list.opml").write_text(OPML.format(url=url), "utf-8")
    tracker = str(home.bin / "tracker")
    home.run(tracker, "--version", says="tracker ")
    home.run(tracker, "demo", says="tiktok")
    home.run(tracker, "feeds", "import", "list.opml", says="2")
    home.run(tracker, "feeds", "packs", says="feeds in ")
    home.run(tracker, "follow", "Nokia layoffs")
    home.run(tracker, "poll", says="2 feeds")
    home.run(tracker, "timeline", "nokia-layoffs", "--peek", says="Nokia cuts 500 jobs")
    home.run(tracker, "export", "nokia-layoffs", "--output", "story.html")
    home.run(tracker, "doctor")
    home.run(tracker, "config", says="feeds.yaml")
    home.run(tracker, "backup", "copy.db")
    # The shell is found out by --show-completion, and named by the variable.
    home.run("bash", "-c", f"{tracker} --show-completion; true", says="complete_bash")
    for shell in ("bash", "zsh", "fish"):
        home.run("env", f"_TRACKER_COMPLETE=source_{shell}", tracker, says=f"complete_{shell}")
    typed = ("_TRACKER_COMPLETE=complete_bash", "COMP_WORDS=tracker timeline no", "COMP_CWORD=2")
    home.run("env", *typed, tracker, says="nokia-layoffs")
    _assist(home, tracker)
    _full_screen(home, tracker)
    home.run(
        str(home.folder / "pipx" / "venvs" / "tracker" / "bin" / "python"),
        *("-c", "import tracker; t = tracker.open(); print(t.stories()[0].story.slug); t.close()"),
        says="nokia-layoffs",
    )


def _install(home: Home) -> None:
    wheels, venv = home.folder / "wheels", home.folder / "scratch"
    home.run(
        sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels), folder=ROOT
    )
    (wheel,) = wheels.glob("*.whl")
    home.run(sys.executable, "-m", "venv", str(venv))
    home.run(str(venv / "bin" / "pip"), "install", "--quiet", "pipx")
    pipx = str(venv / "bin" / "pipx")
    home.run(pipx, "install", f"{wheel}[mcp,tui]", says="installed package tracker")
    home.run(pipx, "runpip", "tracker", "check", says="No broken requirements")


def _assist(home: Home, tracker: str) -> None:
    call = {"name": "timeline", "arguments": {"story": "nokia-layoffs"}}
    messages = [
        INITIALIZE,
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call},
    ]
    begun = time.perf_counter()
    with subprocess.Popen(
        [tracker, "mcp"],
        env=home.environment,
        cwd=home.folder / "home",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None  # noqa: S101 - for the type checker
        assert server.stdout is not None  # noqa: S101 - for the type checker
        server.stdin.writelines(f"{json.dumps(each)}\n" for each in messages)
        server.stdin.flush()
        answers = [json.loads(server.stdout.readline()) for _ in range(2)]
        server.stdin.close()
        code = server.wait(30)
    print(f"{time.perf_counter() - begun:7.2f} s  tracker mcp")
    if code or "Nokia cuts 500 jobs" not in json.dumps(answers):
        sys.exit(f"exit code {code}: {answers}")


def _full_screen(home: Home, tracker: str) -> None:
    """Open the full-screen view in a terminal, wait for the story, and press q."""
    ours, theirs = pty.openpty()
    begun, seen = time.perf_counter(), b""
    with subprocess.Popen(
        [tracker, "tui"],
        env=home.environment | {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"},
        cwd=home.folder / "home",
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as view:
        os.close(theirs)
        while b"Nokia" not in seen:
            seen += os.read(ours, 65_536)
        os.write(ours, b"q")
        try:
            while os.read(ours, 65_536):
                pass
        except OSError:  # the other end is closed
            pass
        code = view.wait(30)
    os.close(ours)
    print(f"{time.perf_counter() - begun:7.2f} s  tracker tui")
    if code:
        sys.exit(f"tracker tui: exit code {code}\n{seen.decode(errors='replace')}")


if __name__ == "__main__":
    main()
