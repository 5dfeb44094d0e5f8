"""What the tools answer, as frozen dataclasses: the server makes its schemas of them.

What stands under `untrusted` was written by publishers. Times are ISO 8601 in UTC, None where
unknown. The classes have no slots and no defaults: the SDK reads a class's attributes as defaults.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Headline:
    """The latest headline of a story, None without one."""

    title: str | None


@dataclass(frozen=True)
class ReportText:
    """What a publisher says of a report; `url` is None if it cannot be linked to."""

    title: str
    source: str
    url: str | None
    earlier_titles: tuple[str, ...]


@dataclass(frozen=True)
class ArticleText:
    """What a publisher says of an article."""

    title: str
    source: str
    feed: str
    url: str | None
    summary: str
    earlier_titles: tuple[str, ...]


@dataclass(frozen=True)
class ReasonText:
    """The part of a query or profile that a reason is about, and the article's words for it."""

    part: str
    found: str


@dataclass(frozen=True)
class FeedText:
    """How a feed calls itself, its host, and in words why it fails, None while it works."""

    title: str
    host: str
    failure: str | None


@dataclass(frozen=True)
class StoryLine:
    """A story; `unread` counts the developments with news since the user's last look."""

    slug: str
    title: str
    query: str
    state: str
    muted_until: str | None
    unread: int
    developments: int
    reports: int
    doubtful: int
    last_development: str | None
    last_looked_at: str | None
    untrusted: Headline


@dataclass(frozen=True)
class StoryName:
    """A story of an answer; `arrival` is what mark_seen takes."""

    slug: str
    title: str
    state: str
    arrival: int


@dataclass(frozen=True)
class Report:
    """An item of a story; `status` is linked, accepted (by the user) or maybe (doubtful)."""

    id: int
    published: str
    language: str | None
    status: str
    new: bool
    untrusted: ReportText


@dataclass(frozen=True)
class Development:
    """One event: the first report, then new ones, then the others; six at the most."""

    story: str
    published: str
    new: bool
    languages: tuple[str, ...]
    reports_in_all: int
    reports: tuple[Report, ...]


@dataclass(frozen=True)
class Outage:
    """A period in which a feed failed; `until` is None while it lasts."""

    since: str
    until: str | None
    untrusted: FeedText


@dataclass(frozen=True)
class Stories:
    """The stories that the user follows."""

    notice: str
    stories: tuple[StoryLine, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class News:
    """Developments with something new since the user's last look."""

    notice: str
    stories: tuple[StoryName, ...]
    developments: tuple[Development, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Timeline:
    """A story, the newest development first."""

    notice: str
    story: StoryName
    developments: tuple[Development, ...]
    doubtful_left_out: int
    last_development: str | None
    outages: tuple[Outage, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Reason:
    """A part of a score; the worths of a linked report add up to its score."""

    kind: str
    field: str
    worth: float
    untrusted: ReasonText


@dataclass(frozen=True)
class Why:
    """Why a report belongs to a story, or what it lacks; `status` is None if it does not belong."""

    notice: str
    story: str
    id: int
    status: str | None
    decided_by_user: bool
    score: float
    reasons: tuple[Reason, ...]
    untrusted: ReportText


@dataclass(frozen=True)
class Term:
    """A part of a query as it was understood, and how many stored items have it."""

    text: str
    kind: str
    excluded: bool
    found: int | None
    note: str


@dataclass(frozen=True)
class Found:
    """An item that a query finds; `match` is sure or doubtful."""

    id: int
    published: str
    language: str | None
    match: str
    score: float
    untrusted: ReportText


@dataclass(frozen=True)
class Search:
    """What a query finds; `not_searched_yet` counts items that wait for the next poll."""

    notice: str
    query: str
    understood: tuple[Term, ...]
    ignored_words: tuple[str, ...]
    found_in_all: int
    not_searched_yet: int
    results: tuple[Found, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Preview:
    """What following a query would bring, and the newest of it; nothing is kept."""

    notice: str
    query: str
    understood: tuple[Term, ...]
    ignored_words: tuple[str, ...]
    since: str | None
    linked: int
    doubtful: int
    developments: int
    newest: tuple[Found, ...]


@dataclass(frozen=True)
class Asked:
    """A report of which nobody knows whether it belongs; `status` is None without a link."""

    id: int
    published: str
    language: str | None
    status: str | None
    score: float
    untrusted: ReportText


@dataclass(frozen=True)
class Review:
    """The reports whose answer teaches a story most, and how much of it is found.

    Of the `expected` reports that there are, between `low` and `high` in truth, about `found` are
    among the `linked` ones.
    """

    notice: str
    story: str
    questions: tuple[Asked, ...]
    questions_in_all: int
    linked: int
    expected: int
    found: int
    low: int
    high: int


@dataclass(frozen=True)
class Membership:
    """A story that has an article; `status` may be rejected (by the user), too."""

    story: str
    status: str


@dataclass(frozen=True)
class Article:
    """A stored item with its summary; `copies` are other items of the same article."""

    notice: str
    id: int
    published: str
    language: str | None
    stories: tuple[Membership, ...]
    copies: tuple[int, ...]
    untrusted: ArticleText


@dataclass(frozen=True)
class Feed:
    """A feed; `share_in_stories` is the part (0..1) of its items that reached a story."""

    listed: bool
    gone: bool
    failing_since: str | None
    items: int
    items_a_week: float
    share_in_stories: float | None
    newest: str | None
    last_answered: str | None
    next_poll: str | None
    untrusted: FeedText


@dataclass(frozen=True)
class Feeds:
    """The feeds, those that fail first; their addresses are left out, as they may hold a token."""

    notice: str
    listed: int
    failing: int
    last_poll: str | None
    feeds: tuple[Feed, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Followed:
    """A story that was begun, and what it took up."""

    story: str
    title: str
    linked: int
    doubtful: int
    developments: int
    ignored_words: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """A decision on one item; None is for no link."""

    id: int
    was: str | None
    now: str | None


@dataclass(frozen=True)
class Decided:
    """Decisions of a story; `others_moved` counts the other reports that changed by them."""

    story: str
    decisions: tuple[Decision, ...]
    others_moved: int


@dataclass(frozen=True)
class Changed:
    """A story whose state was changed; `more_reports` came back by reopening it."""

    story: str
    state: str
    muted_until: str | None
    more_reports: int


@dataclass(frozen=True)
class Seen:
    """A story that was marked as seen, and how many developments of it are still new."""

    story: str
    unread: int


@dataclass(frozen=True)
class Polled:
    """A poll; of the feeds that failed at most twenty are named."""

    notice: str
    feeds: int
    failed: int
    new_items: int
    new_links: int
    seconds: float
    failures: tuple[FeedText, ...]
