from __future__ import annotations

import pytest
from publishing import Publisher

from tracker.errors import NotFoundError, TrackerError
from tracker.services import follow
from tracker.store.database import Database
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.syntax import parse
from tracker.stories.understanding.from_article import query_from_article

PAGE = """<!doctype html><html lang="fr-FR"><head><title>Oracle | Le Site</title>
<meta property="og:title" content="Oracle remporte le rachat de TikTok | Gazette">
<meta property="og:site_name" content="La Gazette">
<meta name="description" content="Le groupe l&#39;emporte sur Microsoft."></head>
<body><p>Texte</p></body></html>"""


@pytest.fixture
def site(publisher: Publisher) -> str:
    publisher.routes = {"/article": PAGE.encode(), "/text": b"no page"}
    return publisher.url()


def test_a_query_is_made_of_the_words_of_an_articles_page(db: Database, site: str) -> None:
    query = follow.article_query(db, f"{site}/article")
    assert "TikTok" in query
    assert "rachat" in query
    assert "Site" not in query
    assert "Gazette" not in query


@pytest.mark.parametrize(("path", "reason"), [("missing", "404"), ("text", "title")])
def test_a_page_that_is_no_article_is_an_error_in_words(
    db: Database, site: str, path: str, reason: str
) -> None:
    with pytest.raises(TrackerError, match=reason):
        follow.article_query(db, f"{site}/{path}")


def test_a_number_that_is_no_items_is_not_found(db: Database) -> None:
    with pytest.raises(NotFoundError):
        follow.article_query(db, "#7")


@pytest.mark.parametrize("title", ["TO BE OR NOT TO BE", "NOT GUILTY: Trump acquitted", "Or NOT"])
def test_a_headline_in_capitals_makes_a_query_that_can_be_read(title: str) -> None:
    parse(query_from_article(title, "", "en", load_lexicon()))
