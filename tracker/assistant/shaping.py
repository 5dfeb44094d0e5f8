"""Model objects → answers: what an assistant is shown of each, plain and cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.assistant import answers
from tracker.assistant.quoting import NOTICE, quoted, quoted_block
from tracker.export.addresses import web_address
from tracker.hosts import host_of, without_credentials
from tracker.model.core import USER_DECIDED, Status
from tracker.views.json import moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tracker.developments import Development
    from tracker.model.core import (
        Item,
        Link,
        Outage,
        Reason,
        Report,
        Revision,
        Story,
        StorySummary,
        Timeline,
        Verdict,
    )
    from tracker.model.polling import Failure, FeedRow
    from tracker.model.preview import Finding, Part
    from tracker.model.review import Question

_CODE = re.compile("[a-z]{2,3}")
_TITLE, _NAME, _WORDS, _SUMMARY, _URL = 300, 100, 200, 8_000, 1_000
"""Characters of a headline, an outlet or a feed, a failure or a word, a summary, an address."""
_REPORTS, _TITLES, _REASONS, _TERMS = 6, 3, 30, 20
"""Reports of a development, earlier titles of a report, reasons of a link, parts of a query."""


def known(value: datetime) -> str:
    """Return a time as ISO 8601 in UTC."""
    return moment(value) or ""


def story_line(value: StorySummary) -> answers.StoryLine:
    """Return a line of the dashboard."""
    story, last = value.story, value.last_title
    return answers.StoryLine(
        story.slug,
        title(story),
        quoted(story.query, _TITLE),
        str(story.state),
        moment(story.muted_until),
        value.unread,
        value.events,
        value.reports,
        value.maybe,
        moment(value.last_development),
        moment(story.seen),
        answers.Headline(None if last is None else quoted(last, _TITLE)),
    )


def story_name(value: Timeline) -> answers.StoryName:
    """Return the story of a timeline."""
    story = value.story
    return answers.StoryName(story.slug, title(story), str(story.state), value.arrival)


def title(story: Story) -> str:
    """Return the title that the user gave a story."""
    return quoted(story.title, _TITLE)


def development(story: Story, value: Development) -> answers.Development:
    """Return a development with its first reports."""
    others = sorted(value.others, key=lambda each: not each.new)  # the sort keeps their order
    every = [value.first, *others]
    told = dict.fromkeys(_language(each.link.item) for each in every)
    return answers.Development(
        story.slug,
        known(value.published),
        value.new,
        tuple(code for code in told if code)[:_REPORTS],
        len(every),
        tuple(_report(each) for each in every[:_REPORTS]),
    )


def _report(value: Report) -> answers.Report:
    item = value.link.item
    return answers.Report(
        item.id,
        known(item.published),
        _language(item),
        str(value.link.status),
        value.new,
        report_text(item, value.revisions),
    )


def _language(item: Item) -> str | None:
    # A feed may call its language anything, and this value does not stand under `untrusted`.
    return item.language if item.language and _CODE.fullmatch(item.language) else None


def report_text(item: Item, revisions: Iterable[Revision] = ()) -> answers.ReportText:
    """Return what a publisher says of an item."""
    return answers.ReportText(
        quoted(item.title, _TITLE), quoted(item.source, _NAME), _url(item), _titles(revisions)
    )


def _titles(revisions: Iterable[Revision]) -> tuple[str, ...]:
    return tuple(quoted(each.title, _TITLE) for each in revisions)[-_TITLES:]


def _url(item: Item) -> str | None:
    # An address that is cut leads nowhere.
    address = web_address(item.url)
    return address if address is not None and len(address) <= _URL else None


def outage(value: Outage) -> answers.Outage:
    """Return a period in which a feed failed."""
    return answers.Outage(
        known(value.since), moment(value.until), _feed_text(value.feed, "", value.reason)
    )


def _feed_text(title: str, url: str, failure: str | None) -> answers.FeedText:
    """Return how a feed is called; where that is an address, its host alone."""
    host = host_of(url or title)
    shown = host if "://" in title else title
    reason = None if failure is None else quoted(without_credentials(failure), _WORDS)
    return answers.FeedText(quoted(shown, _NAME), quoted(host, _NAME), reason)


def why(
    story: Story, item: Item, judged: Verdict | Link, revisions: Iterable[Revision]
) -> answers.Why:
    """Return the reasons of a link, or of a verdict on an item that is not linked."""
    return answers.Why(
        NOTICE,
        story.slug,
        item.id,
        str(judged.status) if judged.status else None,
        judged.status in USER_DECIDED,
        round(judged.score, 4),
        tuple(_reason(each) for each in judged.reasons[:_REASONS]),
        report_text(item, revisions),
    )


def _reason(value: Reason) -> answers.Reason:
    return answers.Reason(
        value.kind,
        value.field,
        round(value.worth, 4),
        answers.ReasonText(quoted(value.part, _WORDS), quoted(value.found, _WORDS)),
    )


def terms(parts: Iterable[Part]) -> tuple[answers.Term, ...]:
    """Return how a query was understood."""
    return tuple(
        answers.Term(quoted(p.text, _WORDS), p.kind, p.excluded, p.found, quoted(p.note, _WORDS))
        for p in parts
    )[:_TERMS]


def words(values: Iterable[str]) -> tuple[str, ...]:
    """Return words of a query."""
    return tuple(quoted(each, _NAME) for each in values)[:_TERMS]


def found(value: Finding) -> answers.Found:
    """Return an item that a query finds."""
    item = value.item
    sure = value.verdict.status is Status.LINKED
    return answers.Found(
        item.id,
        known(item.published),
        _language(item),
        "sure" if sure else "doubtful",
        round(value.verdict.score, 4),
        report_text(item),
    )


def asked(value: Question) -> answers.Asked:
    """Return a question of a review."""
    item = value.item
    return answers.Asked(
        item.id,
        known(item.published),
        _language(item),
        None if value.status is None else str(value.status),
        round(value.score, 4),
        report_text(item),
    )


def article(
    item: Item,
    revisions: Iterable[Revision],
    copies: Iterable[Item],
    stories: Iterable[tuple[Story, Status]],
) -> answers.Article:
    """Return an item with its summary and its stories."""
    return answers.Article(
        NOTICE,
        item.id,
        known(item.published),
        _language(item),
        tuple(answers.Membership(story.slug, str(status)) for story, status in stories)[:_TERMS],
        tuple(each.id for each in copies)[:_TERMS],
        answers.ArticleText(
            quoted(item.title, _TITLE),
            quoted(item.source, _NAME),
            _feed_text(item.feed, "", None).title,
            _url(item),
            quoted_block(item.summary, _SUMMARY),
            _titles(revisions),
        ),
    )


def feed(value: FeedRow) -> answers.Feed:
    """Return a feed and its health."""
    share, source = value.share_in_stories, value.state.source
    return answers.Feed(
        value.listed,
        value.state.gone,
        moment(value.failing_since),
        value.items,
        round(value.activity.items_a_week, 2),
        None if share is None else round(share, 4),
        moment(value.activity.newest),
        moment(value.last_ok),
        moment(value.state.next_poll),
        _feed_text(value.title, source.url, value.failure),
    )


def failure(value: Failure) -> answers.FeedText:
    """Return a feed that failed in a poll."""
    return _feed_text(value.url, value.url, value.reason)
