"""Which addresses a feed may have: those of the internet, and not of this machine or network.

The check of the socket decides (``is_public_address``). The check of the URL
(``names_private_host``) refuses the plain cases without asking DNS. It is the only check of a
target behind a proxy.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")
"""IANA gives out this part of IPv6 alone for the internet (IPv6 address space registry)."""
_SPECIAL_IPV4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
_SPECIAL_IPV6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
"""What IANA's special-purpose registries do not call globally reachable.

Python's own lists differ from one version to the next. The few services within 192.0.0.0/24 and
2001::/23 serve no feeds. 2001::/32 is Teredo, which can stand for any IPv4 address."""


_DEFAULT_PORTS = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """Return what counts as one host: its name, and its port if that is not usual.

    Limits and waits hold for it. A URL that cannot be read is a host of its own.

    >>> [host_of(url) for url in ("https://News.example/rss", "http://news.example:8080/rss")]
    ['news.example', 'news.example:8080']
    """
    try:
        parts = urlsplit(url)
        name, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url
    return name if port in (None, _DEFAULT_PORTS.get(parts.scheme.lower())) else f"{name}:{port}"


def is_public_address(address: str) -> bool:
    """Tell whether an IP address is public (IANA special-purpose registries, RFC 6890).

    An IPv6 address that stands for an IPv4 address (mapped, RFC 4291; 6to4, RFC 3056; NAT64, RFC
    6052) counts as that one. Return False if ``address`` is not an IP address, or names an
    interface (``fe80::1%eth0``).
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id is not None:
            return False
        embedded = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            embedded = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if embedded is None:
            return ip.is_global and ip in _UNICAST and not any(ip in network for network in _SPECIAL_IPV6)
        ip = embedded
    return ip.is_global and not any(ip in network for network in _SPECIAL_IPV4)


def names_private_host(host: str) -> bool:
    """Tell whether the host of a URL is a private address by its text, or names this machine.

    ``host`` is as a URL parser gives it, without the brackets of IPv6. The forms that the C library
    takes for an IPv4 address count too (``127.1``, ``0x7f.1``, ``2130706433``; inet_aton). Names
    under ``localhost`` are always this machine (RFC 6761 section 6.3). Any other name is False:
    only DNS tells its address.

    >>> names_private_host("0x7f.1"), names_private_host("example.org")
    (True, False)
    """
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    if ":" in name:
        return not is_public_address(name)
    try:
        return not is_public_address(socket.inet_ntoa(socket.inet_aton(name)))
    except (OSError, ValueError):  # a ValueError if the name holds a NUL
        return False
