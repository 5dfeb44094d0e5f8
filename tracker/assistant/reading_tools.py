"""The tools that read; the docstring of each is what the assistant is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from mcp.types import CallToolResult
from pydantic import Field

from tracker.assistant import answers, reading
from tracker.assistant.cursors import Asked
from tracker.assistant.quoting import MOST_ROWS
from tracker.assistant.results import result

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tracker.assistant.desk import Desk
    from tracker.store.database import Database

Story = Annotated[str, Field(description="The story's slug (or title), as stories has it.")]
Item = Annotated[
    int | Annotated[str, Field(max_length=2_000)],
    Field(description="The id of a report, or its address."),
]
Query = Annotated[
    str,
    Field(
        description='A few words; also "phrases", OR, -word, title:word, source:word, lang:en.',
        max_length=1_000,
    ),
]
Since = Annotated[
    str | None, Field(description="Not before this ISO 8601 date or time; null for no bound.")
]
Until = Annotated[
    str | None, Field(description="Not after this ISO 8601 date or time; null for no bound.")
]
Limit = Annotated[
    int, Field(description="Rows of the answer at the most; it may have less.", ge=1, le=MOST_ROWS)
]
Cursor = Annotated[
    str | None,
    Field(description="next_cursor of the answer before, with the same arguments; null at first."),
]


class ReadingTools:
    """What an assistant may always do: no tool here changes anything or asks the network."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def stories(
        self, limit: Limit = 20, cursor: Cursor = None
    ) -> Annotated[CallToolResult, answers.Stories]:
        """List the news stories that the user follows, those with unread developments first."""
        asked = Asked("stories", limit, cursor)
        return self._read(lambda db, now: reading.story_list(db, asked, now, self._desk.zone))

    def whats_new(
        self,
        story: Annotated[
            str | None, Field(description="The story's slug; null for all open stories.")
        ] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Annotated[CallToolResult, answers.News]:
        """Tell what is new since the user's last look, newest development first.

        A development is one event; its reports come from several outlets. Reading it here leaves it
        unread for the user.
        """
        asked = Asked("whats_new", limit, cursor)
        return self._read(lambda db, now: reading.news(db, story, asked, now, self._desk.zone))

    def timeline(
        self,
        story: Story,
        *,
        since: Since = None,
        until: Until = None,
        doubtful: Annotated[
            bool, Field(description="Add the reports that may belong to the story.")
        ] = False,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Annotated[CallToolResult, answers.Timeline]:
        """Show the developments of one story, the newest first, read or not."""
        from tracker.store.following import stories, timelines

        zone = self._desk.zone
        window = timelines.Window(
            *reading.period(since, until, zone),
            maybe=doubtful,
        )
        asked = Asked("timeline", limit, cursor)
        return self._read(
            lambda db, now: reading.timeline(
                db, stories.find(db, story, now), window, asked, now, zone=zone
            )
        )

    def why(self, story: Story, item: Item) -> Annotated[CallToolResult, answers.Why]:
        """Explain why a report belongs to a story, or what it lacks to belong."""
        return self._read(lambda db, now: reading.why(db, story, str(item), now))

    def search(
        self, query: Query, since: Since = None, limit: Limit = 20, cursor: Cursor = None
    ) -> Annotated[CallToolResult, answers.Search]:
        """Search all stored articles of the user's feeds, newest first.

        Names and kinds of affairs are found in seven languages: "TikTok acquisition" also finds
        "talks to buy" and "rachat".
        """
        asked = Asked("search", limit, cursor)
        start = reading.moment(since, self._desk.zone)
        return self._read(lambda db, now: reading.search(db, query, start, asked, now))

    def preview(
        self, query: Query, since: Since = None
    ) -> Annotated[CallToolResult, answers.Preview]:
        """Show how a query would be understood as a story, and what it would take up.

        Nothing is kept. Without `since` the last 90 days are searched.
        """
        start = reading.moment(since, self._desk.zone)
        return self._read(lambda db, now: reading.preview(db, query, start, now))

    def article(self, item: Item) -> Annotated[CallToolResult, answers.Article]:
        """Show a stored article: headline, summary, address, and the stories that have it.

        The feed's own summary is shown; the page of the article is not fetched.
        """
        return self._read(lambda db, now: reading.article(db, str(item), now))

    def feeds(
        self,
        *,
        failing: Annotated[bool, Field(description="Only the feeds that fail.")] = False,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Annotated[CallToolResult, answers.Feeds]:
        """List the feeds and their health, those that fail first, with the reasons in words."""
        asked = Asked("feeds", limit, cursor)
        return self._read(lambda db, now: reading.feed_list(db, asked, now, failing=failing))

    def review(self, story: Story, limit: Limit = 10) -> Annotated[CallToolResult, answers.Review]:
        """List the reports whose answer would teach a story most, the best first.

        Ask the user about them one by one; accept, reject and skip keep the answers. After each
        one the list changes.
        """
        return self._read(lambda db, now: reading.review(db, story, limit, now))

    def _read(self, answer: Callable[[Database, datetime], object]) -> CallToolResult:
        from tracker.store.database import opened_to_read

        # A connection for each call: the SDK runs calls in several threads.
        with opened_to_read(self._desk.db_path) as db:
            return result(answer(db, self._desk.clock()))
