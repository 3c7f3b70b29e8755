import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.feeds.addresses import is_public_address, names_private_host


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "192.0.1.1",
        "100.128.0.1",
        "223.255.255.255",
        "2a00::1",
        "2001:200::1",
        "3ffe::1",
        "2606:2800:220:1:248:1893:25c8:1946",
        "::ffff:8.8.8.8",
        "2002:808:808::1",
        "64:ff9b::808:808",
    ],
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255",
        "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "0.1.2.3", "100.127.255.255", "192.0.0.8", "192.0.0.170", "192.88.99.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.1", "203.0.113.1", "240.0.0.1", "239.1.2.3",
        "::127.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b:1::808:808", "64:ff9b::6440:1",
        "100::1", "100:0:0:1::1",
        "2001::1", "2001:0:7f00:1::", "2001:2::1", "2001:10::1", "2001:1ff::1", "2002:a9fe:a9fe::1", "3fff::1",
        "5f00::1", "fec0::1", "feff::1", "ffff::1", "4000::1", "2606:4700::1%eth0", "fe80::1%25eth0",
        "example.org", "", "127.1", "0177.0.0.1", "2130706433", "0x7f000001", "127.0.0.1%lo", "[::1]",
    ],
)  # fmt: skip
def test_every_other_address_is_not(address: str) -> None:
    assert not is_public_address(address)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_python_calls_private_is_not_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert not is_public_address(str(ip)) or (ip.is_global and not ip.is_multicast)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "0x7f.1", "0x7F000001", "0177.0.0.1", "017700000001",
        "2130706433", "0", "0.0.0.0", "10.1", "192.168.257", "169.254.169.254", "0xA9FEA9FE", "3232235777", "localhost",
        "LOCALHOST", "localhost.", "a.localhost", "A.B.LocalHost.", "::1", "::", "::ffff:127.0.0.1", "::ffff:7f00:1",
        "fe80::1", "fe80::1%lo", "fc00::1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fec0::1", "5f00::1",
    ],
)  # fmt: skip
def test_the_text_of_a_host_shows_that_it_is_private(host: str) -> None:
    assert names_private_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "localhost.example.org",
        "notlocalhost",
        "93.184.216.34",
        "0x5db8d822",
        "2a00::1",
        "10.com",
        "",
        "a\0b",
    ],
)
def test_other_hosts_are_left_to_the_socket(host: str) -> None:
    assert not names_private_host(host)
