"""By which names feedparser knows the elements of a document, and which of them matter.

A name is one of feedparser's methods for elements: "media_title" for a title in the namespace of
Media RSS, "title" for one of RSS's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Namespaces that mean something, and the prefixes under which they are taken here; "" is RSS's own.
_NAMESPACES = {
    "http://www.w3.org/2005/atom": ("", {"atom", "atom10", "a10"}),
    "http://purl.org/dc/elements/1.1/": ("dc", {"dc"}),
    "http://purl.org/dc/terms/": ("dcterms", {"dcterms"}),
    "http://backend.userland.com/creativecommonsrssmodule": (
        "creativecommons",
        {"creativeCommons"},
    ),
    "http://purl.org/rss/1.0/modules/content/": ("content", {"content"}),
    "http://purl.org/rss/1.0/modules/syndication/": ("sy", {"sy"}),
    "http://search.yahoo.com/mrss/": ("media", {"media"}),
    "http://search.yahoo.com/mrss": ("media", {"media"}),
    "http://www.itunes.com/dtds/podcast-1.0.dtd": ("itunes", {"itunes"}),
    "http://rssnamespace.org/feedburner/ext/1.0": ("feedburner", {"feedburner"}),
    "http://www.georss.org/georss": ("georss", {"georss"}),
    "http://www.w3.org/2003/01/geo/wgs84_pos#": ("geo", {"geo"}),
    "http://wellformedweb.org/commentapi/": ("wfw", {"wfw"}),
    "http://purl.org/rss/1.0/modules/slash/": ("slash", {"slash"}),
    "http://purl.org/syndication/thread/1.0": ("thr", {"thr"}),
    "http://purl.org/rss/1.0/modules/threading/": ("thr", {"thr"}),
}
# Where the other namespaces of feedparser's are.
_FOREIGN = re.compile(
    r"https?://(?:(?:www\.)?(?:backend\.userland|blogs\.law\.harvard|creativecommons|cyber\.law\.harvard"
    r"|example|freshmeat|georss|hacks\.benhammersley|madskills|media\.tangent|my\.netscape|my\.theinfo"
    r"|opengis|podlove|postneo|prismstandard|purl|schemas\.pocketsoap|schemas\.xmlsoap|w3"
    r"|web\.resource|webns|wellformedweb|xmlns)\.)|uri/of/|.*backend\.userland\.com/rss",
)
# Prefixes that would make of an element of an unknown namespace one that is known, or a field.
_TAKEN = frozenset(
    "a10 admin atom atom10 cc content creativecommons dc dcterms feedburner geo georss gml itunes "
    "media psc slash sy thr wfw xhtml xlink xml "
    "author created date issued modified published publisher summary title updated".split()
)

# Elements that say nothing of what an entry is made of here. A tenth to a half of all there are.
UNUSED = frozenset(
    "category comments keywords itunes_keywords itunes_category media_category media_thumbnail "
    "media_rating media_credit media_keywords media_copyright slash_comments wfw_comment "
    "wfw_commentrss thr_total dc_subject".split()
)
# Elements that feedparser does something about, but nothing that would be seen in what is kept.
SILENT = frozenset(
    "copyright creativecommons_license dc_publisher dc_rights rights itunes_block itunes_explicit "
    "itunes_image itunes_subtitle media_content media_group media_license media_player "
    "media_restriction".split()
)
SILENT_IN_CHANNEL = SILENT | frozenset(
    "cloud dc_creator dc_date description generator itunes_author itunes_email itunes_name "
    "itunes_owner lastbuilddate managingeditor pubdate subtitle tagline updated webmaster".split()
)
IN_IMAGE = frozenset({"title", "url", "link", "description", "width", "height"})
OF_CHANNEL = {
    **{each: each for each in ("title", "link", "ttl", "sy_updateperiod", "sy_updatefrequency")},
    **dict.fromkeys(("language", "dc_language"), "language"),
}
# What else feedparser does something about, and what it would take for a field of its own.
MEANT = frozenset(
    "abstract author body channel contributor content created cc_license "
    "dc_author dc_contributor dc_date dc_description dc_language dc_title dcterms_created "
    "dcterms_issued dcterms_modified dcterms_valid email entry expirationdate feed "
    "feedburner_browserfriendly fullitem geom georss_box georss_line georss_point georss_polygon "
    "georss_where georssgeom gml_exterior gml_linearring gml_linestring gml_point gml_polygon "
    "gml_pos gml_poslist height homepage id image info issued item itunes_link itunes_name "
    "itunes_email itunes_owner language link modified name newlocation psc_chapter psc_chapters "
    "published rss tags textinput uri url where width xhtml_body "
    "cloud generator lastbuilddate managingeditor subtitle tagline webmaster "
    "authors contributors links publishers".split()
)


class UnusualError(Exception):
    """Something that only feedparser knows how to take."""


class Names(dict[str, str]):
    """ElementTree's names of elements ("{namespace}local") to feedparser's."""

    def __init__(self, declared: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._prefixes: dict[str, str] = {}
        given: dict[str, str] = {}
        for prefix, namespace in declared:
            if given.setdefault(prefix, namespace) != namespace:
                raise UnusualError
            known, wanted = _NAMESPACES.get(namespace.lower(), (prefix.lower(), None))
            if wanted is None:
                usual = prefix.lower() not in _TAKEN and not _FOREIGN.match(namespace.lower())
            else:
                usual = prefix in wanted
            if not usual or self._prefixes.setdefault(namespace, known) != known:
                raise UnusualError

    def __missing__(self, tag: str) -> str:
        namespace, _, local = tag.removeprefix("{").rpartition("}")
        prefix = self._prefixes.get(namespace) if namespace else ""
        if prefix is None or (not prefix and "_" in local):
            raise UnusualError
        self[tag] = name = (f"{prefix}_{local}" if prefix else local).lower()
        return name
