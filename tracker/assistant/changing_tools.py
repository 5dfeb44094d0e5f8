"""The tools that change something; each is registered only where the user allowed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from mcp.types import CallToolResult
from pydantic import Field

from tracker.assistant import answers, changing
from tracker.assistant.reading import moment
from tracker.assistant.reading_tools import Query, Since, Story
from tracker.assistant.results import result
from tracker.model.core import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tracker.assistant.desk import Desk
    from tracker.store.database import Database

Items = Annotated[list[int], Field(description="The ids of reports.", min_length=1, max_length=100)]


class ChangingTools:
    """What an assistant may do once the user named it with --allow."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def follow(
        self,
        query: Annotated[
            Query,
            Field(description="What the story is about; or #ID of a stored article."),
        ],
        title: Annotated[
            str | None, Field(description="A title; null for the query.", max_length=200)
        ] = None,
        since: Since = None,
    ) -> Annotated[CallToolResult, answers.Followed]:
        """Begin to follow a news story, and link what is stored already.

        Try the words with preview first. Do it only when the user asks for it.
        """
        start = moment(since, self._desk.zone)
        return self._change(lambda db, now: changing.follow(db, query, title, start, now))

    def accept(self, story: Story, items: Items) -> Annotated[CallToolResult, answers.Decided]:
        """Say for the user that reports belong to a story; the story learns from it."""
        return self._change(lambda db, now: changing.decide(db, story, items, Status.ACCEPTED, now))

    def reject(self, story: Story, items: Items) -> Annotated[CallToolResult, answers.Decided]:
        """Say for the user that reports do not belong; they leave the story, which learns."""
        return self._change(lambda db, now: changing.decide(db, story, items, Status.REJECTED, now))

    def skip(self, story: Story, items: Items) -> Annotated[CallToolResult, answers.Decided]:
        """Let review ask no more about reports of which the user does not know; they stay."""
        return self._change(lambda db, now: changing.skip(db, story, items, now))

    def undo(self) -> Annotated[CallToolResult, answers.Decided]:
        """Take the last accept, reject or skip back, even one of the user's own."""
        return self._change(changing.undo)

    def mute(
        self,
        story: Story,
        until: Annotated[
            str | None, Field(description="An ISO 8601 date or time; null for good.")
        ] = None,
    ) -> Annotated[CallToolResult, answers.Changed]:
        """Keep a story out of the news and the alerts; it still takes up reports."""
        end = moment(until, self._desk.zone)
        return self._change(lambda db, now: changing.mute(db, story, end, now))

    def close(self, story: Story) -> Annotated[CallToolResult, answers.Changed]:
        """Let a story take up no more reports; what it has is kept."""
        return self._change(lambda db, now: changing.close(db, story, now))

    def reopen(self, story: Story) -> Annotated[CallToolResult, answers.Changed]:
        """Follow a muted or closed story again, with what came meanwhile."""
        return self._change(lambda db, now: changing.reopen(db, story, now))

    def mark_seen(
        self,
        story: Story,
        arrival: Annotated[
            int, Field(description="The arrival that whats_new or timeline gave.", ge=0)
        ],
    ) -> Annotated[CallToolResult, answers.Seen]:
        """Mark what an answer told of a story as seen by the user.

        Do it only after you told the user all pages of that answer.
        """
        return self._change(lambda db, now: changing.mark_seen(db, story, arrival, now))

    def poll(self) -> Annotated[CallToolResult, answers.Polled]:
        """Fetch the user's feeds that are due, and link what is new; it may take a minute.

        Alerts are not sent: they wait for the user's own next poll.
        """
        return self._change(lambda db, now: changing.poll(db, self._desk, now))

    def _change(self, change: Callable[[Database, datetime], object]) -> CallToolResult:
        from tracker.store.database import opened

        with opened(self._desk.db_path) as db:
            return result(change(db, self._desk.clock()))
