"""`tracker mcp` as a program of its own: over stdin and stdout, as assistants start it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from newsroom import fill

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}


def environment(folder: Path) -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if n == "PATH" or n.startswith("COVERAGE")}
    own = {"HOME": str(folder), "TRACKER_DB": "t.db", "TRACKER_FEEDS": "feeds.yaml"}
    return kept | own | {"PYTHONPATH": str(Path(__file__).parents[1])}


def heed_interrupts() -> None:
    """Undo what nohup and a shell's background do: processes started there ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def running(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tracker", "mcp", *words],
        env=environment(folder),
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509 - what it does is safe beside threads
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def ask(server: subprocess.Popen[str], message: dict[str, Any]) -> dict[str, Any]:
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(f"{json.dumps(message)}\n")
    server.stdin.flush()
    answer: dict[str, Any] = json.loads(server.stdout.readline())
    return answer


def calling(number: int, tool: str, **arguments: Any) -> dict[str, Any]:
    params = {"name": tool, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}


def test_an_assistant_reads_over_stdin_and_stdout(tmp_path: Path) -> None:
    fill(tmp_path / "t.db")
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "tracker", "mcp"],
        env=environment(tmp_path),
        cwd=str(tmp_path),
    )

    async def conversation() -> tuple[set[str], Any]:
        async with Client(stdio_client(parameters)) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            answer = await client.call_tool("timeline", {"story": "bridge-repair"})
            return tools, answer.structured_content

    tools, answer = anyio.run(conversation)
    assert "timeline" in tools
    assert "follow" not in tools
    assert answer["story"]["slug"] == "bridge-repair"


def test_questions_are_answered_side_by_side(tmp_path: Path) -> None:
    fill(tmp_path / "t.db")
    with running(tmp_path) as server:
        ask(server, INITIALIZE)
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(f"{json.dumps(INITIALIZED)}\n")
        server.stdin.writelines(
            f"{json.dumps(calling(n, 'timeline', story='bridge-repair'))}\n" for n in range(2, 42)
        )
        server.stdin.flush()
        answers = [json.loads(server.stdout.readline()) for _ in range(2, 42)]
    assert {each["id"] for each in answers} == set(range(2, 42))
    assert not any(each["result"]["isError"] for each in answers)


def test_the_end_of_stdin_ends_it_in_silence(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        assert ask(server, INITIALIZE)["result"]["serverInfo"]["name"] == "tracker"
        rest, complaints = server.communicate(timeout=30)
        assert (server.returncode, rest, complaints) == (0, "", "")


def test_what_is_asked_before_stdin_ends_is_answered(tmp_path: Path) -> None:
    fill(tmp_path / "t.db")
    messages = [INITIALIZE, INITIALIZED, calling(2, "stories"), calling(3, "stories")]
    with running(tmp_path) as server:
        asked = "".join(f"{json.dumps(each)}\n" for each in messages)
        answers, complaints = server.communicate(asked, timeout=30)
    assert {json.loads(line)["id"] for line in answers.splitlines()} >= {1}
    assert (server.returncode, complaints) == (0, "")


def test_ctrl_c_ends_it_without_a_traceback(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        ask(server, INITIALIZE)
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=10) == -signal.SIGINT
        assert server.stderr is not None
        assert server.stderr.read() == ""


def test_a_reader_that_goes_ends_it_without_a_traceback(tmp_path: Path) -> None:
    fill(tmp_path / "t.db")
    with running(tmp_path) as server:
        ask(server, INITIALIZE)
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdout.close()
        server.stdin.write(f"{json.dumps(INITIALIZED)}\n{json.dumps(calling(2, 'stories'))}\n")
        server.stdin.flush()
        time.sleep(1)  # the answer is written, and nobody reads it
        server.stdin.close()
        assert server.wait(timeout=20) == 0
        assert server.stderr is not None
        assert server.stderr.read() == ""


def test_what_is_no_message_does_not_end_it(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        ask(server, INITIALIZE)
        assert server.stdin is not None
        server.stdin.write("what is new?\n\n[]\n\x00\n")
        server.stdin.write(f"{json.dumps(INITIALIZED)}\n")
        answer = ask(server, calling(2, "stories"))
        while answer.get("id") != 2:
            assert server.stdout is not None
            answer = json.loads(server.stdout.readline())
        assert answer["result"]["structuredContent"]["stories"] == []


def test_it_listens_on_no_port(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        ask(server, INITIALIZE)
        folder = Path(f"/proc/{server.pid}/fd")
        if not folder.exists():
            pytest.skip("only Linux has /proc")
        sockets = [str(each.readlink()) for each in folder.iterdir()]
        inodes = {each[8:-1] for each in sockets if each.startswith("socket:")}
        listening = {
            line.split()[9]
            for table in ("tcp", "tcp6")
            if (path := Path(f"/proc/net/{table}")).exists()
            for line in path.read_text("utf-8").splitlines()[1:]
            if line.split()[3] == "0A"
        }
        assert not inodes & listening


def failing(folder: Path, *words: str, **streams: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracker", "mcp", *words],
        env=environment(folder),
        cwd=folder,
        text=True,
        capture_output=True,
        check=False,
        timeout=30,
        **streams,
    )


def test_at_a_terminal_it_says_that_it_is_for_programs(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with closing(os.fdopen(ours, "rb")), closing(os.fdopen(theirs, "rb")) as terminal:
        done = failing(tmp_path, stdin=terminal)
    assert done.returncode == 2
    assert "tracker mcp --help shows how to register it" in done.stderr
    assert done.stdout == ""


def test_an_unknown_permission_is_refused_before_it_serves(tmp_path: Path) -> None:
    done = failing(tmp_path, "--allow", "everything", stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert "--allow 'everything' is not a tool that changes something" in done.stderr


def test_a_database_that_cannot_be_read_is_said_before_it_serves(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_bytes(b"This is not a database, but long enough to be one." * 20)
    done = failing(tmp_path, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout) == (3, "")
    assert "is not a tracker database" in done.stderr


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    hiding = "import sys; sys.modules['mcp'] = None; from tracker.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", hiding, "mcp"],
        env=environment(tmp_path),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 2
    assert done.stderr == "tracker: tracker mcp needs the extra mcp: pip install 'tracker[mcp]'.\n"
