"""Which addresses a redirect may not lead to: those of this machine and of its own network.

A feed could otherwise make tracker ask a router, a metadata service or a database for it
(server-side request forgery, OWASP A10:2021).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address


def is_private(address: str) -> bool:
    """Whether an IP address, as text, is anything but a public one; true where it is no address."""
    # Imported here: only a redirect to another host needs it, and it costs 4 ms.
    import ipaddress

    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    inner = _embedded(ip) or ip
    return not inner.is_global or inner.is_multicast


def names_private(host: str) -> bool:
    """Whether a host is private by its mere name: an address, or a name of the local machine."""
    import ipaddress

    bare = host.strip("[]").rstrip(".").lower()
    if bare == "localhost" or bare.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return _is_old_notation(bare)
    return is_private(bare)


def _embedded(ip: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for (mapped, 6to4, NAT64), else None."""
    import ipaddress

    if not isinstance(ip, ipaddress.IPv6Address):
        return None
    if ip in ipaddress.IPv6Network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def _is_old_notation(host: str) -> bool:
    """Whether it is a number that inet_aton reads as an address: 2130706433, 0x7f.1, 0177.1."""
    parts = host.split(".")
    return all(part.isdigit() or part.startswith("0x") for part in parts)
