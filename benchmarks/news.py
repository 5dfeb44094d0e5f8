"""News-like feeds: RSS and Atom by turns, with mark-up, real words and stories of the day.

The words come from the English reports of the demo's archive and of the labelled set. A text is a
walk from each word to one that follows it there (a Markov chain), so that words, names and phrases
have the frequency of real ones. Of a hundred entries, five report on a story of the day, and five
others name its subject.
"""

from __future__ import annotations

import itertools
import json
import random
import re
from collections import defaultdict
from email.utils import formatdate
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from time import gmtime, strftime

from publisher import ENTRIES, FIRST_DATE, HOUR

from tracker.demo.archive import outlets

STORIES = [
    *("Trump tariffs", "Ukraine ceasefire talks", "Gaza hostage deal", "TikTok ban"),
    *("OpenAI lawsuit", "Boeing strike", "Tesla recall", "Google antitrust trial"),
    *("Nvidia export controls", "Apple App Store fine", "Microsoft layoffs", "Meta privacy fine"),
    *("Amazon union vote", "Epstein files", "Volkswagen plant closures", "France pension reform"),
    *("Germany election", "Spain floods", "Federal Reserve rate cut", "Texas measles outbreak"),
]
_LABELLED = Path(__file__).parent / "quality" / "items.jsonl"
_TAG = re.compile("<[^<>]*>")
_SUBJECTS = re.compile("|".join(story.split()[0] for story in STORIES))
_SHARE_ON_STORIES = 0.05
_SHARE_WITH_SUBJECTS = 0.05
_TITLE_WORDS, _WORDS = 11, 120
_ALIKE = "Trump tariffs on {} rise to {} percent as {} plans a response"
_PLACES = ("China", "Mexico", "Canada", "Brazil", "India", "Japan", "Vietnam", "Spain")
CROWDED = [f"Trump tariffs {word}" for word in (
    *("response", "percent", "plan", "trade", "rise", "deadline", "threat", "deal", "talks"),
    *("steel", "cars", "wine", "farmers", "retailers", "prices", "court", "senate", "exports"),
    *("shipping", "negotiations"),
)]  # fmt: skip
"""Stories to which every entry of `crowded_document` is a candidate."""


@cache
def _followers() -> dict[str, list[str]]:
    """Return the words that follow each word of the English reports, as often as they do."""
    labelled = map(json.loads, _LABELLED.read_text("utf-8").splitlines())
    texts = [f"{each['title']}. {each['summary']}" for each in labelled if each["language"] == "en"]
    texts += [
        f"{report.title}. {_TAG.sub(' ', report.summary)}"
        for outlet in outlets()
        if outlet.channel.language.startswith("en")
        for report in outlet.reports
    ]
    found: defaultdict[str, list[str]] = defaultdict(list)
    # A report on a subject would make every text name it.
    for text in itertools.filterfalse(_SUBJECTS.search, texts):
        words = text.split()
        for one, other in itertools.pairwise(words):
            found[one].append(other)
    return dict(found)


def _walk(chance: random.Random, length: int) -> list[str]:
    """Return a text of so many words; it begins anew where nothing follows a word."""
    followers = _followers()
    first = list(followers)
    words = [chance.choice(first)]
    while len(words) < length:
        words.append(chance.choice(followers.get(words[-1]) or first))
    return words


def _words(feed: int, number: int) -> list[str]:
    """Return the words of one entry; its title is the first of them."""
    chance = random.Random(feed * 100_003 + number)  # noqa: S311 - text to fill feeds with
    words = _walk(chance, _TITLE_WORDS + _WORDS)
    kind, story = chance.random(), chance.choice(STORIES)
    if kind < _SHARE_ON_STORIES:
        words[1:3] = [story]
        words[30:32] = [story]
    elif kind < _SHARE_ON_STORIES + _SHARE_WITH_SUBJECTS:
        words[chance.choice((2, 40))] = story.split()[0]
    return words


def _marked_up(words: list[str], page: str) -> str:
    """Return a summary in HTML, as publishers write them."""
    parts = [escape(" ".join(words[start : start + 40])) for start in range(0, len(words), 40)]
    return "".join(
        f'<p>{part} <a href="{page}?more&amp;part={place}"><em>Read more</em></a></p>'
        for place, part in enumerate(parts)
    )


@lru_cache(maxsize=100_000)
def _entry(feed: int, number: int) -> str:
    words = _words(feed, number)
    page = f"https://outlet{feed}.example/2025/{number}"
    title, text = escape(" ".join(words[:_TITLE_WORDS])), _marked_up(words[_TITLE_WORDS:], page)
    return _written(feed, number, page, title, text)


def _written(feed: int, number: int, page: str, title: str, text: str) -> str:
    """Return an entry as Atom in every second feed, else as RSS."""
    seconds = FIRST_DATE + number * HOUR + feed
    if feed % 2:
        date = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(seconds))
        return (
            f'<entry><title type="html">{escape(title)}</title>'
            f'<link rel="alternate" type="text/html" href="{page}"/>'
            f"<id>tag:outlet{feed}.example,2025:{number}</id><published>{date}</published>"
            f"<updated>{date}</updated><author><name>Author {number % 7}</name></author>"
            f'<category term="news"/><summary type="html">{escape(text)}</summary></entry>\n'
        )
    return (
        f"<item><title>{title}</title><link>{page}</link><guid>{page}</guid>"
        f"<pubDate>{formatdate(seconds, usegmt=True)}</pubDate>"
        f"<dc:creator>Author {number % 7}</dc:creator><category>news</category>"
        f"<description><![CDATA[{text}]]></description></item>\n"
    )


def _around(feed: int, entries: str, issue: int) -> bytes:
    site = f"https://outlet{feed}.example/"
    if feed % 2:
        date = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(FIRST_DATE + issue * HOUR))
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Outlet {feed}</title>'
            f'<link rel="alternate" type="text/html" href="{site}"/>'
            f'<link rel="self" type="application/atom+xml" href="{site}feed"/>'
            f"<id>{site}feed</id><updated>{date}</updated>\n{entries}</feed>\n"
        ).encode()
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>Outlet {feed}</title><link>{site}</link>"
        f'<atom:link rel="self" type="application/rss+xml" href="{site}feed"/>'
        f"<description>News</description><language>en-US</language>\n{entries}</channel></rss>\n"
    ).encode()


def document(feed: int, issue: int) -> bytes:
    """Write a feed of 25 entries, of which `issue` are newer than those of the first issue."""
    entries = "".join(_entry(feed, issue - place) for place in range(ENTRIES))
    return _around(feed, entries, issue)


def crowded_document(feed: int, issue: int) -> bytes:
    """Write a feed all of whose entries are near-identical, and on every story of `CROWDED`."""
    entries = []
    for number in range(issue, issue - ENTRIES, -1):
        chance = random.Random(feed * 100_003 + number)  # noqa: S311 - as above
        one, other = chance.sample(_PLACES, 2)
        title = _ALIKE.format(one, chance.randrange(5, 60), other)
        page = f"https://outlet{feed}.example/2025/{number}"
        text = _marked_up([title, *_walk(chance, _WORDS)], page)
        entries.append(_written(feed, number, page, title, text))
    return _around(feed, "".join(entries), issue)
