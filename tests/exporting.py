"""Timelines to export: one with everything that a page can show, and one of hostile headlines."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tracker.model.core import Item, Link, Outage, Report, Revision, State, Status, Story, Timeline

NOW = datetime(2031, 3, 20, 12, 0, tzinfo=UTC)
STORY = Story(
    1,
    "bridge-repair",
    "Bridge repair",
    "bridge (repair OR closure)",
    State.OPEN,
    NOW - timedelta(days=60),
    seen=datetime(2031, 3, 14, 0, tzinfo=UTC),
)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2031, 3, day, hour, minute, tzinfo=UTC)


def report(  # noqa: PLR0913 - what a report has
    number: int,
    title: str,
    published: datetime,
    *,
    source: str = "Daily Example",
    event: int = 0,
    new: bool = False,
    status: Status = Status.LINKED,
    language: str | None = "en",
    url: str | None = None,
    was: tuple[str, ...] = (),
    linked: datetime | None = None,
) -> Report:
    url = f"https://example.org/{number}" if url is None else url
    item = Item(number, 1, source, url, title, "", published, language)
    link = Link(1, item, status, 0.8, (), event or number, linked or published)
    return Report(link, new, tuple(Revision(title, published) for title in was))


REPORTS = (
    report(104, "Le pont sera réparé", at(14, 7), source="Le Exemple", event=103, language="fr"),
    report(
        *(103, "Bridge will be repaired", at(14, 6)),
        event=103,
        new=True,
        was=("Bridge is cracked",),
    ),
    report(102, "הגשר ייסגר", at(14, 5), source="דוגמה", language="he"),
    report(99, "Council argues about the bridge", at(13, 21), status=Status.ACCEPTED),
    report(98, "A report without a link", at(12), url="javascript:alert(1)", language=None),
    report(97, "Perhaps about another bridge", at(11), status=Status.MAYBE),
    report(60, "Bridge is found to be cracked", datetime(2031, 1, 4, 8, tzinfo=UTC)),
)
OUTAGES = (
    Outage("Daily Example", at(15), None, "answers 500 (server error)"),
    Outage("Le Exemple", at(12, 3), at(12, 9), "does not answer"),
)
TIMELINE = Timeline(STORY, REPORTS, OUTAGES, last_development=at(14, 7))

FRAGMENTS = (
    "<script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 1'>",
    "</title></style></script><svg onload=window.ran=1>",
    "\"><a href='javascript:window.ran=1'>x</a>",
    "' onmouseover='window.ran = 1",
    "{{ 7 * 7 }}{% raw %}",
    "<!-- --><![CDATA[ ]]>",
    "&lt;b&gt; &#60;i&#62; &amp;",
    "\x1b]8;;https://evil.example\x1b\\text\x1b]8;;\x1b\\",
    "\x1b[31mred\x1b[0m\x1b[2J",
    "\x9b31mC1\x9dtitle\x9c",
    "\x00\x07\x08\x0b\x0c\x7f",
    "\u202egnp.exe\u202c \u2066isolated\u2069",
    "\u200bzero\u2060width\ufeff\U000e0041",
    "\ufffe\uffff",
    "=cmd|' /C calc'!A0",
    "+1-1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "[@click=app.quit]x[/]",
    "[link=https://evil.example]x[/link]",
    "[x](javascript:window.ran=1) ![i](https://evil.example/i.png)",
    "<https://evil.example> https://evil.example www.evil.example",
    "# heading",
    "- item",
    "1. first",
    "* star * _under_ `code` ~~gone~~ | cell | $x$",
    "> quote",
    "---",
    "line one\nline two\r\n\r\n# heading",
    'comma, "quoted", semi;colon',
    "\\backslash\\",
    "مرحبا עולם 日本語 👩‍🔬 ❤️",
)


def hostile(count: int = 1000) -> Timeline:
    """Return as many reports in which titles, outlets, addresses and languages attack a reader."""
    chosen = random.Random(8)  # noqa: S311 - the same ones in every run
    reports = []
    for number in range(1, count + 1):
        title, source, was = (" ".join(chosen.sample(FRAGMENTS, 2)) for _ in range(3))
        # Each fragment begins some title: what matters of many is where they stand.
        title = FRAGMENTS[number % len(FRAGMENTS)] + title
        url = chosen.choice(
            [
                f"https://example.org/{number}?q={chosen.choice(FRAGMENTS)}",
                chosen.choice(FRAGMENTS),
                "javascript:window.ran=1",
                "data:text/html,<script>window.ran=1</script>",
                " https://user:secret@example.org/ x",
            ]
        )
        reports.append(
            report(
                number,
                title,
                NOW - timedelta(hours=number),
                source=source,
                event=number - number % 3 or 1,
                language=chosen.choice(["en", "fr", None, "<b>", 'e" onclick="window.ran=1']),
                url=url,
                was=(was,) if number % 5 == 0 else (),
            )
        )
    outages = (Outage(FRAGMENTS[0], at(1), None, FRAGMENTS[1]),)
    # Also a story's title may be taken from an article.
    story = replace(STORY, title="# " + FRAGMENTS[0], query=" ".join(FRAGMENTS))
    return Timeline(story, tuple(reports), outages, last_development=NOW)


def events_of(value: Timeline) -> set[int]:
    return {r.link.event for r in value.reports if r.link.status is not Status.MAYBE}
