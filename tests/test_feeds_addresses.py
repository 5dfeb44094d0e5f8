"""Which addresses are private: a redirect may not lead there (server-side request forgery)."""

from __future__ import annotations

import pytest

from tracker.feeds.fetching.addresses import is_private, names_private


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0"),  # noqa: S104 - to be refused
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0"),
        *("fc00::1", "ff02::1"),
    ],
)
def test_an_address_of_this_machine_or_its_network_is_private(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize(
    "address",
    ["::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"],
    ids=["mapped", "NAT64", "6to4"],
)
def test_an_ipv6_address_is_as_private_as_the_ipv4_address_within(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize("address", ["no address", "", "example.org", "1.2.3", "256.1.1.1"])
def test_what_is_no_address_counts_as_private(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_an_address_of_the_internet_is_not_private(address: str) -> None:
    assert not is_private(address)
    assert not names_private(address)


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local", "db.internal."),
        *("127.0.0.1", "[::1]", "[::ffff:7f00:1]", "fe80::1%eth0"),
    ],
)
def test_a_host_is_private_by_its_name(host: str) -> None:
    assert names_private(host)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.1", "127.1"])
def test_a_number_that_old_resolvers_read_as_an_address_is_private(host: str) -> None:
    assert names_private(host)


@pytest.mark.parametrize(
    "host", ["example.org", "localhost.example", "mylocalhost", "local", "a.internal.example"]
)
def test_another_name_is_not_private(host: str) -> None:
    assert not names_private(host)
