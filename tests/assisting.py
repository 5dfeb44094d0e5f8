"""An assistant: the SDK's own client, in this process, beside a database of the newsroom."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio
from mcp import Client
from mcp.types import CallToolResult, TextContent
from newsroom import NOW

from tracker.assistant.desk import Desk, allowed
from tracker.assistant.server import server_of

T = TypeVar("T")


def desk_of(path: Path, *allow: str) -> Desk:
    """Give what the server works with; the clock stands still."""
    return Desk(path, path.with_name("feeds.yaml"), lambda: NOW, None, {}, allowed(allow))


def asking(path: Path, ask: Callable[[Client], Awaitable[T]], *allow: str) -> T:
    """Run what an assistant does with a server of a database."""

    async def conversation() -> T:
        async with Client(server_of(desk_of(path, *allow))) as client:
            return await ask(client)

    return anyio.run(conversation)


def call(path: Path, tool: str, *allow: str, **arguments: Any) -> CallToolResult:
    """Call one tool."""
    return asking(path, lambda client: client.call_tool(tool, arguments), *allow)


def told(path: Path, tool: str, *allow: str, **arguments: Any) -> dict[str, Any]:
    """Return the structured answer of a tool that succeeds."""
    result = call(path, tool, *allow, **arguments)
    assert not result.is_error, text_of(result)
    assert result.structured_content is not None
    return dict(result.structured_content)


def refused(path: Path, tool: str, *allow: str, **arguments: Any) -> str:
    """Return what a tool that fails says."""
    result = call(path, tool, *allow, **arguments)
    assert result.is_error
    assert result.structured_content is None
    return text_of(result)


def text_of(result: CallToolResult) -> str:
    """Return the text of a result."""
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


def data_of(text: str) -> Any:
    """Return the JSON between the marks of an answer's text."""
    _, opening, body, closing = text.split("\n")
    assert closing == opening.replace("<", "</")
    return json.loads(body)
