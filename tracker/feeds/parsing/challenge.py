"""What a page is that came in place of a feed, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLOUDFLARE = "a Cloudflare challenge, which only a browser passes"
_DATADOME = "a DataDome check for bots, which only a browser passes"
_CAPTCHA = "a captcha page, which only a person passes"
_BOT_CHECK = "a check for bots, which only a browser passes"
_CONSENT = "a cookie consent page"
_LOGIN = "a login page"
_PARKED = "a page that offers the domain for sale"

# In titles, in lower case: these pages say what they are there.
_TITLES = (
    (_CLOUDFLARE, ("attention required! | cloudflare", "just a moment...")),
    (_BOT_CHECK, ("making sure you're not a bot", "are you a robot", "ddos-guard", "bot check")),
    (_CAPTCHA, ("captcha", "access to this page has been denied", "human verification")),
    (_CONSENT, ("before you continue", "consent", "cookies", "datenschutzeinstellungen")),
    (_CONSENT, ("zustimmung", "privacy settings", "vos données", "consentement")),
    (_LOGIN, ("log in", "login", "sign in", "anmelden", "connexion", "iniciar sesión")),
    (_PARKED, ("domain is for sale", "domain for sale", "domain name for sale", "parked domain")),
)
# Anywhere in the page, in lower case: what such pages load, and ordinary ones hardly ever.
_SIGNS = (
    (_CLOUDFLARE, ("_cf_chl_opt", "cf-chl-widget", "cf_chl_", "cf-browser-verification")),
    (_CAPTCHA, ("captcha-delivery.com", "px-captcha", "_incapsula_resource", "awswafcaptcha")),
    (_BOT_CHECK, ("within.website/x/cmd/anubis", "anubis_challenge", "awswafintegration")),
    (_CONSENT, ("consent.google.", "consent.youtube.", "consent.yahoo.", "//guce.")),
    (_PARKED, ("buy this domain", "sedoparking", "parkingcrew", "this domain is parked")),
)
# What ordinary pages load too, in a comment form or a banner: telling only in a short page.
_SIGNS_OF_SHORT = (
    (_CAPTCHA, ("g-recaptcha", "recaptcha/api", "h-captcha", "cf-turnstile", "captcha")),
    (_LOGIN, ('type="password"', "type='password'")),
    (_CONSENT, ("consentmanager.net", "sp_message_container", "cookie consent", "zustimmung")),
)
_SHORT = 20_000
_LOOKED_AT = 200_000
_PAGE = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body|script|meta)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_page(body: bytes) -> bool:
    """Whether a document in UTF-8 is an HTML page."""
    return _PAGE.match(body[:4000]) is not None


def describe_page(body: bytes) -> str:
    """Say what the HTML page is: "a captcha page …", else "an HTML page" with its title."""
    from tracker.feeds.parsing.markup import page_title

    page = body[:_LOOKED_AT].decode("utf-8", "replace")
    title = page_title(page)
    if kind := _kind(page, title):
        return kind
    return f"an HTML page titled “{title}”" if title else "an HTML page"


def names_challenge(headers: Mapping[str, str], body: bytes) -> str | None:
    """Name what stands in the way, by what an error answer shows; None for a plain error."""
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return _CLOUDFLARE
    if "x-datadome" in headers:
        return _DATADOME
    if headers.get("x-amzn-waf-action"):
        return _CAPTCHA
    if not is_page(body):
        return None
    from tracker.feeds.parsing.markup import page_title

    page = body[:_LOOKED_AT].decode("utf-8", "replace")
    kind = _kind(page, page_title(page))
    return kind if kind in {_CLOUDFLARE, _CAPTCHA, _BOT_CHECK} else None


def obstacle_in(reason: str) -> str | None:
    """Return "challenge" or "page" for a reason that this module worded; None for any other."""
    if "it is an HTML page" in reason:  # before its title is read, which may be anything
        return "page"
    if any(words in reason for words in (_CLOUDFLARE, _CAPTCHA, _BOT_CHECK, _DATADOME)):
        return "challenge"
    return "page" if any(words in reason for words in (_CONSENT, _LOGIN, _PARKED)) else None


def _kind(page: str, title: str) -> str | None:
    lower = page.lower()
    short = _SIGNS_OF_SHORT if len(page) < _SHORT else ()
    for text, table in ((title.lower(), _TITLES), (lower, _SIGNS), (lower, short)):
        for kind, signs in table:
            if any(sign in text for sign in signs):
                return kind
    return None
