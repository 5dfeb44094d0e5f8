from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tracker.errors import NotFoundError, TrackerError
from tracker.services import follow
from tracker.store.database import connect
from tracker.stories.lexicon.loader import load_lexicon
from tracker.stories.query.syntax import parse
from tracker.stories.understanding.from_article import query_from_article

PAGE = """<!doctype html><html lang="fr-FR"><head><title>Oracle | Le Site</title>
<meta property="og:title" content="Oracle remporte le rachat de TikTok | Gazette">
<meta property="og:site_name" content="La Gazette">
<meta name="description" content="Le groupe l&#39;emporte sur Microsoft."></head>
<body><p>Texte</p></body></html>"""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = (PAGE if self.path == "/article" else "no page").encode()
        self.send_response(200 if self.path != "/missing" else 404)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_query_is_made_of_the_words_of_an_articles_page(tmp_path: Path, site: str) -> None:
    db = connect(tmp_path / "t.db")
    query = follow.article_query(db, f"{site}/article")
    db.close()
    assert "TikTok" in query
    assert "rachat" in query
    assert "Site" not in query
    assert "Gazette" not in query


@pytest.mark.parametrize(("path", "reason"), [("missing", "404"), ("text", "title")])
def test_a_page_that_is_no_article_is_an_error_in_words(
    tmp_path: Path, site: str, path: str, reason: str
) -> None:
    db = connect(tmp_path / "t.db")
    with pytest.raises(TrackerError, match=reason):
        follow.article_query(db, f"{site}/{path}")
    db.close()


def test_a_number_that_is_no_items_is_not_found(tmp_path: Path) -> None:
    db = connect(tmp_path / "t.db")
    with pytest.raises(NotFoundError):
        follow.article_query(db, "#7")
    db.close()


@pytest.mark.parametrize("title", ["TO BE OR NOT TO BE", "NOT GUILTY: Trump acquitted", "Or NOT"])
def test_a_headline_in_capitals_makes_a_query_that_can_be_read(title: str) -> None:
    parse(query_from_article(title, "", "en", load_lexicon()))
