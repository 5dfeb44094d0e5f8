"""The public names of the MCP server: assistants and their users' permissions depend on them.

More may come; none may go, or change its meaning, within a major version.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from assisting import asking
from mcp import Client
from mcp.types import ListPromptsResult, TextContent, Tool

TOOLS = {
    "stories": "(limit: integer, cursor: string|null) -> notice, stories, next_cursor",
    "whats_new": "(story: string|null, limit: integer, cursor: string|null)"
    " -> notice, stories, developments, next_cursor",
    "timeline": "(story!: string, since: string|null, until: string|null, doubtful: boolean,"
    " limit: integer, cursor: string|null) -> notice, story, developments, doubtful_left_out,"
    " last_development, outages, next_cursor",
    "why": "(story!: string, item!: integer|string)"
    " -> notice, story, id, status, decided_by_user, score, reasons, untrusted",
    "search": "(query!: string, since: string|null, limit: integer, cursor: string|null) -> notice,"
    " query, understood, ignored_words, found_in_all, not_searched_yet, results, next_cursor",
    "preview": "(query!: string, since: string|null) -> notice, query, understood, ignored_words,"
    " since, linked, doubtful, developments, newest",
    "article": "(item!: integer|string)"
    " -> notice, id, published, language, stories, copies, untrusted",
    "feeds": "(failing: boolean, limit: integer, cursor: string|null)"
    " -> notice, listed, failing, last_poll, feeds, next_cursor",
    "review": "(story!: string, limit: integer) -> notice, story, questions, questions_in_all,"
    " linked, expected, found, low, high",
    "follow": "(query!: string, title: string|null, since: string|null)"
    " -> story, title, linked, doubtful, developments, ignored_words",
    "accept": "(story!: string, items!: array) -> story, decisions, others_moved",
    "reject": "(story!: string, items!: array) -> story, decisions, others_moved",
    "skip": "(story!: string, items!: array) -> story, decisions, others_moved",
    "undo": "() -> story, decisions, others_moved",
    "mute": "(story!: string, until: string|null) -> story, state, muted_until, more_reports",
    "close": "(story!: string) -> story, state, muted_until, more_reports",
    "reopen": "(story!: string) -> story, state, muted_until, more_reports",
    "mark_seen": "(story!: string, arrival!: integer) -> story, unread",
    "poll": "() -> notice, feeds, failed, new_items, new_links, seconds, failures",
}
ROWS = {
    "ArticleText": "title source feed url summary earlier_titles",
    "Asked": "id published language status score untrusted",
    "Decision": "id was now",
    "Development": "story published new languages reports_in_all reports",
    "Feed": "listed gone failing_since items items_a_week share_in_stories newest last_answered"
    " next_poll untrusted",
    "FeedText": "title host failure",
    "Found": "id published language match score untrusted",
    "Headline": "title",
    "Membership": "story status",
    "Outage": "since until untrusted",
    "Reason": "kind field worth untrusted",
    "ReasonText": "part found",
    "Report": "id published language status new untrusted",
    "ReportText": "title source url earlier_titles",
    "StoryLine": "slug title query state muted_until unread developments reports doubtful"
    " last_development last_looked_at untrusted",
    "StoryName": "slug title state arrival",
    "Term": "text kind excluded found note",
}


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> list[Tool]:
    async def ask(client: Client) -> list[Tool]:
        return (await client.list_tools()).tools

    return asking(tmp_path_factory.mktemp("names") / "t.db", ask, "all")


def kind(schema: dict[str, Any]) -> str:
    return "|".join(each["type"] for each in schema.get("anyOf", [schema]))


def signature(tool: Tool) -> str:
    required = tool.input_schema.get("required", [])
    takes = ", ".join(
        f"{name}{'!' * (name in required)}: {kind(schema)}"
        for name, schema in tool.input_schema["properties"].items()
    )
    assert tool.output_schema is not None
    return f"({takes}) -> {', '.join(tool.output_schema['properties'])}"


def test_the_tools_and_their_arguments_are_these(tools: list[Tool]) -> None:
    assert {tool.name: signature(tool) for tool in tools} == TOOLS


def test_the_rows_of_the_answers_are_these(tools: list[Tool]) -> None:
    found = {
        name: " ".join(schema["properties"])
        for tool in tools
        for name, schema in (tool.output_schema or {}).get("$defs", {}).items()
    }
    assert found == ROWS


def test_every_tool_says_what_it_does_and_what_it_takes(tools: list[Tool]) -> None:
    assert all(tool.description for tool in tools)
    undescribed = {
        f"{tool.name}.{name}"
        for tool in tools
        for name, schema in tool.input_schema["properties"].items()
        if "description" not in schema
    }
    assert undescribed == set()


def test_what_is_said_of_all_tools_is_short(tools: list[Tool]) -> None:
    # It stands in the context of every conversation.
    reading = [tool for tool in tools if tool.annotations and tool.annotations.read_only_hint]
    said = sum(len(tool.description or "") + len(str(tool.input_schema)) for tool in reading)
    assert said < 10_000


def test_there_is_a_prompt_that_asks_for_the_news(tmp_path: Path) -> None:
    async def ask(client: Client) -> tuple[ListPromptsResult, str]:
        found = await client.get_prompt("catch_up")
        block = found.messages[0].content
        assert isinstance(block, TextContent)
        return await client.list_prompts(), block.text

    prompts, text = asking(tmp_path / "t.db", ask)
    assert [prompt.name for prompt in prompts.prompts] == ["catch_up"]
    assert "whats_new" in text
