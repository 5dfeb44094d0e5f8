"""Outlets: which feeds are of one publisher, and what it is called.

The feeds of one outlet share a key: the name that feeds.yaml gives, else the registrable domain of
its site. `outlets.tsv` has the names of well-known outlets by domain.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker.hosts import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# The labels below which a country's registry sells names: example.co.uk, example.com.au.
_SECOND_LEVEL = frozenset(
    "ac asn asso co com edu gob gouv gov go gv id info ltd me mil net nic nom ne or org plc press"
    " sch school tm".split()
)
_COUNTRY = 2
"""Letters of a country's top-level domain."""
# Hosts of many publishers: each name below is a site of its own.
_HOSTING = frozenset(
    "blogspot.com wordpress.com substack.com github.io gitlab.io medium.com tumblr.com typepad.com"
    " ghost.io netlify.app vercel.app pages.dev livejournal.com hypotheses.org over-blog.com"
    " canalblog.com blogs.com beehiiv.com buttondown.email micro.blog bearblog.dev".split()
)
# Sites whose pages belong to many publishers, and those that only lead to others.
_SHARED = frozenset(
    "youtube.com youtu.be google.com reddit.com medium.com feedburner.com feedblitz.com"
    " feedsportal.com rssing.com rss.app facebook.com twitter.com x.com t.co bit.ly mastodon.social"
    " bsky.app telegram.org t.me omny.fm megaphone.fm acast.com podbean.com libsyn.com spreaker.com"
    " soundcloud.com anchor.fm apple.com archive.org politepol.com fetchrss.com rsshub.app"
    " flipboard.com github.com gitlab.com vimeo.com dailymotion.com yahoo.com msn.com"
    " example.com example.net example.org localhost".split()
)
# What stands between an outlet and its section: "Example - World", "Example: World", "NYT > World".
_BETWEEN = re.compile(r"\s*[|»>·•]\s*|\s+[-–—]\s*|\s*[-–—]\s+|\s*:\s+")
_WORD = re.compile(r"[^\W_]+")
_FUNCTION_WORDS = frozenset(
    "a and at by d da das de der des die do dos du e el en et for from het i il in l la las"
    " le les lo los my of on our the und une y".split()
)
_SECTION_WORDS = frozenset(
    "accueil actu actualité actualités actus aktuell all articles atom blog business cronaca"
    " culture deportes economía entries esportes esteri feed feeds front headlines home info"
    " infos international laatste latest main meldungen monde mondo most mundo nachrichten"
    " national new news nieuws noticias notizie notícias opinion page pagina panorama politica"
    " politics politik politique política portada posts prima recent regional rss schlagzeilen"
    " science société sport sports startseite stories story tech technology titres top ultime"
    " updates voorpagina wirtschaft world xml économie últimas".split()
)
"""Words of titles that name sections, in seven languages."""
_SHORTEST = 3
_ENOUGH = 0.5
"""The share of a document's entries that lead to the site of its outlet."""


class FeedTitles(NamedTuple):
    """What is known of the name of a feed: None for what it lacks.

    `outlet` and `title` are those of feeds.yaml, `own_title` is the document's.
    """

    outlet: str | None
    title: str | None
    own_title: str | None


def registrable(host: str) -> str:
    """Return the domain that a publisher registered; "" for an IP address or a bare name.

    >>> registrable("news.example.co.uk")
    'example.co.uk'
    """
    labels = host.rstrip(".").split(".")
    if len(labels) < 2 or labels[-1].isdigit() or ":" in host:  # noqa: PLR2004 - name and suffix
        return ""
    below_country = len(labels[-1]) == _COUNTRY and labels[-2] in _SECOND_LEVEL
    kept = 3 if below_country or ".".join(labels[-2:]) in _HOSTING else 2
    return ".".join(labels[-kept:])


def site_of(feed_url: str, site_url: str | None, entry_urls: Iterable[str]) -> str:
    """Return the registrable domain of a feed's outlet, "" for a feed that stands by itself.

    It is the domain of most entries, else of the site that the document names, else of the feed's
    address. Domains that many publishers share are passed over.
    """
    found = Counter(registrable(host_of(url)) for url in entry_urls)
    for site, count in found.most_common(1):
        if site and site not in _SHARED and count > found.total() * _ENOUGH:
            return site
    own = registrable(host_of(site_url)) if site_url else ""
    if own and own not in _SHARED:
        return own
    site = registrable(host_of(feed_url))
    return "" if found or site in _SHARED else site


def outlet_key(site: str, outlet: str | None, feed_id: int) -> str:
    """Return what the feeds of one outlet share; a feed without a site has a key of its own.

    A well-known outlet may have several domains, or be named in feeds.yaml for its channel
    elsewhere: its key is its name.
    """
    if name := outlet or _known().get(site):
        return f"={name.casefold()}"
    return site or f"feed {feed_id}"


def names_of(site: str, feeds: Sequence[FeedTitles]) -> list[str | None]:
    """Return the name of the outlet of each of one site's feeds, None where only a URL is known.

    It is the feed's `outlet`, else its title in feeds.yaml, unless this is the document's own or
    several feeds of the site have different ones: these name sections. Else it is found from the
    site and the own titles.
    """
    given = {feed.title for feed in feeds if feed.title not in {None, feed.own_title}}
    several = len(given) > 1
    titles = [title for feed in feeds if (title := feed.title or feed.own_title)]
    found = _found(site, titles, lone=len(feeds) == 1)
    names: list[str | None] = []
    for feed in feeds:
        title = None if feed.title == feed.own_title else feed.title
        name = feed.outlet or (None if several and found else title)
        own = feed.own_title if not site or _is_plain(feed.own_title or "") else None
        # Different titles without a common part are better than a domain if the user gave them.
        names.append(name or found or title or own or site or feed.title)
    return names


def _found(site: str, titles: Sequence[str], *, lone: bool) -> str | None:
    """Return the name that a site's titles or the list of known outlets give, None for neither."""
    if not titles:
        return _known().get(site)
    if name := _known().get(site):
        return name
    pieces = Counter(piece for title in titles for piece in {*_BETWEEN.split(title.strip())})

    def rank(piece: str) -> tuple[int, int, str]:
        return pieces[piece], -len(piece), piece

    if alike := [piece for piece in pieces if _is_spelled_by(piece, site)]:
        return max(alike, key=rank)
    if not lone and (shared := _common(titles)):
        return shared
    if alike := [piece for piece in pieces if _holds_name_of(piece, site)]:
        return max(alike, key=rank)
    return None


def _is_plain(title: str) -> bool:
    """Tell whether a title is in one piece and names no section."""
    return len(_BETWEEN.split(title.strip())) == 1 and not _section_words(title)


def _is_spelled_by(piece: str, site: str) -> bool:
    """Tell whether a piece of a title spells the domain: "Le Figaro" and lefigaro.fr."""
    name = site.partition(".")[0]
    label = name.replace("-", "")
    words = _words(piece)
    short = "".join(word for word in words if word not in _FUNCTION_WORDS)
    shorter = "".join(word for word in name.split("-") if word not in _FUNCTION_WORDS)
    spelled = "".join(words)
    if len(short) < _SHORTEST:
        return False
    return spelled in {label, site.replace(".", ""), name.partition("-")[0]} or short in {
        label,
        label.removeprefix("the"),
        shorter,
    }


def _holds_name_of(piece: str, site: str) -> bool:
    """Tell whether a word of a title is the domain's name: "The Gazette Blog", gazette.com."""
    label = site.partition(".")[0].replace("-", "")
    return len(label) >= _SHORTEST and label in _words(piece)


def _common(titles: Sequence[str]) -> str | None:
    """Return the words with which all titles begin or end, None where these only name sections."""
    split = [title.split() for title in titles]
    for ends in (split, [words[::-1] for words in split]):
        shared: list[str] = []
        for column in zip(*ends, strict=False):
            if len({word.strip(",;:-–—|>»") for word in column}) > 1:
                break
            shared.append(column[0])
        shared = shared if ends is split else shared[::-1]
        name = " ".join(shared).strip(" ,;:-–—|>»")
        words = _WORD.findall(name)
        told = [word for word in words if word.casefold() not in _FUNCTION_WORDS]
        if len(name) >= _SHORTEST and len(_section_words(name)) < len(told):
            return name
    return None


def _section_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word in _SECTION_WORDS]


def _words(text: str) -> list[str]:
    """Return the words of a text without accents, folded."""
    import unicodedata

    plain = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _WORD.findall("".join(plain).casefold())


@cache
def _known() -> dict[str, str]:
    """Return the names of well-known outlets by their domain."""
    lines = Path(__file__).with_name("outlets.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {domain: name for name, *domains in rows for domain in domains}
