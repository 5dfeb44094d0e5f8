"""The feed list that the project comes with."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

LIST = Path(__file__).parent.parent / "feeds.yaml"


@pytest.fixture(scope="module")
def feeds() -> list[dict[str, Any]]:
    document = YAML(typ="safe").load(LIST)
    assert list(document) == ["feeds"]
    listed: list[dict[str, Any]] = document["feeds"]
    return listed


def test_it_has_feeds_in_every_language_that_is_promised(feeds: list[dict[str, Any]]) -> None:
    spoken = Counter(feed["language"] for feed in feeds)

    assert len(feeds) >= 65
    assert min(spoken[language] for language in ("en", "fr", "de", "es")) >= 6


def test_every_feed_has_address_title_language_and_tags(feeds: list[dict[str, Any]]) -> None:
    for feed in feeds:
        assert list(feed) == ["url", "title", "language", "tags"]
        assert isinstance(feed["title"], str)
        assert len(feed["language"]) == 2
        assert feed["tags"]
        assert all(isinstance(tag, str) for tag in feed["tags"])


def test_every_address_is_encrypted_and_listed_once(feeds: list[dict[str, Any]]) -> None:
    addresses = Counter(feed["url"] for feed in feeds)

    assert max(addresses.values()) == 1
    assert {urlsplit(address).scheme for address in addresses} == {"https"}


def test_every_title_is_given_once(feeds: list[dict[str, Any]]) -> None:
    titles = Counter(feed["title"] for feed in feeds)

    assert max(titles.values()) == 1
