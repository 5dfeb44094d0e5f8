"""Answers and errors → results of tool calls."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mcp.types import CallToolResult, TextContent

from tracker.assistant.quoting import marked, quoted


def result(answer: Any) -> CallToolResult:  # noqa: ANN401 - any class of answers
    """Return an answer as structured content, and as text with its marks."""
    structured = asdict(answer)
    return CallToolResult(
        content=[TextContent(type="text", text=marked(structured))], structured_content=structured
    )


def failure(sentence: str) -> CallToolResult:
    """Return an error as one line; it may repeat what was typed, hence it is plain and cut."""
    text = quoted(sentence, 1_000)
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)
