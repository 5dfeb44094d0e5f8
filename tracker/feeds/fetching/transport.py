"""What libcurl needs to be told, and what its errors mean in words."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracker.hosts import without_credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

# Where the systems keep the certificates that they trust; libcurl's wheels look in one place only.
_CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine, macOS, the BSDs
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
)

# The numbers of curl/curl.h (CURLcode), stable since they were given.
_WORDS = {
    3: "its address cannot be read",
    5: "the proxy's host name cannot be resolved",
    6: "there is no host named {host}",
    7: "no connection to {host}: nobody answers there",
    16: "{host} breaks the rules of HTTP/2",
    18: "the connection broke off before the answer was complete",
    35: "no secure connection to {host} (TLS)",
    52: "{host} closed the connection without an answer",
    55: "the connection to {host} broke off",
    56: "the connection to {host} broke off",
    60: "{host} shows a certificate that is not trusted",
    61: "its compression cannot be undone",
    77: "the list of trusted certificates cannot be read",
    8: "what answers at {host} is not HTTP",
    1: "what answers at {host} is not HTTP",
    92: "{host} breaks the rules of HTTP/2",
    97: "the proxy refuses the connection",
}
_CERTIFICATE_WORDS = (
    ("expired", "the certificate of {host} has expired"),
    ("not yet valid", "the certificate of {host} is not valid yet"),
    ("self-signed", "the certificate of {host} is self-signed"),
    ("self signed", "the certificate of {host} is self-signed"),
    ("no alternative certificate subject name", "the certificate of {host} is for another name"),
    ("does not match", "the certificate of {host} is for another name"),
    ("unable to get local issuer", "the certificate of {host} comes from an unknown issuer"),
    ("unsupported protocol", "{host} speaks an outdated TLS"),
    ("wrong version number", "what answers at {host} does not speak TLS"),
    ("packet length too long", "what answers at {host} does not speak TLS"),
    ("refused", "no connection to {host}: it refuses"),
    ("unreachable", "no connection to {host}: the network does not reach it"),
    ("could not resolve proxy", "the proxy's host name cannot be resolved"),
)


def describe_error(code: int, message: str, host: str) -> str:
    """Libcurl's error as a reason in words, without credentials."""
    lower = message.lower()
    for sign, words in _CERTIFICATE_WORDS:
        if sign in lower:
            return words.format(host=host)
    words = _WORDS.get(code, "")
    return words.format(host=host) if words else without_credentials(message) or f"error {code}"


def trusted_certificates(environment: Mapping[str, str]) -> str | None:
    """Give the file of trusted certificates: SSL_CERT_FILE, else the system's, else None."""
    chosen = environment.get("SSL_CERT_FILE") or environment.get("CURL_CA_BUNDLE")
    if chosen:
        return chosen
    if sys.platform == "win32":
        return None
    return next((path for path in _CERTIFICATES if os.path.exists(path)), None)  # noqa: PTH110 - Path costs more than the look


def proxy_endpoints(environment: Mapping[str, str]) -> frozenset[tuple[str, int]]:
    """Return the addresses and ports of the proxies that the environment names.

    Behind a proxy every connection leads to it, and it commonly has a private address.
    """
    import socket

    found: set[tuple[str, int]] = set()
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        value = environment.get(name, "")
        if not value:
            continue
        try:
            parts = urlsplit(value if "://" in value else f"http://{value}")
            port = parts.port or 1080  # libcurl's default for a proxy
            known = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (ValueError, OSError):
            continue
        found.update((str(entry[4][0]), port) for entry in known)
    return frozenset(found)
