"""Which IP addresses are the public internet, and which host names are addresses in disguise."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

#: IANA IPv4 special-purpose registry, multicast, the reserved top, and Azure's wire server, which
#: sits on a public address.
_REFUSED_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "168.63.129.16/32",
    )
)

#: Only global unicast is let through at all: that leaves out v4-mapped and v4-compatible
#: addresses, both NAT64 prefixes, unique-local, link-local, site-local and multicast.
_GLOBAL_V6 = IPv6Network("2000::/3")

#: Inside it: protocol assignments with Teredo, ORCHID and benchmarking, documentation, 6to4.
_REFUSED_V6 = tuple(
    IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)

#: An interface identifier that embeds an IPv4 address (ISATAP, RFC 5214).
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})

_NUMERIC_LABEL = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)", re.IGNORECASE)

_PRIVATE_SUFFIXES = (
    ".localhost",
    ".local",
    ".internal",
    ".intranet",
    ".lan",
    ".home.arpa",
    ".in-addr.arpa",
    ".ip6.arpa",
    ".onion",
)


def is_public(address: str) -> bool:
    """Whether `address` (a textual IP) may be connected to for a user's URL."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return ip.is_global and not any(ip in block for block in _REFUSED_V4)
    return _is_public_v6(ip)


def _is_public_v6(ip: IPv6Address) -> bool:
    if ip.scope_id is not None or (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP:
        return False
    return ip in _GLOBAL_V6 and ip.is_global and not any(ip in block for block in _REFUSED_V6)


def ends_in_number(host: str) -> bool:
    """Whether a browser would read `host` as an IPv4 address (WHATWG URL, "ends in a number")."""
    return _NUMERIC_LABEL.fullmatch(host.rsplit(".", 1)[-1]) is not None


def is_canonical_ip(host: str) -> bool:
    """Whether `host` is an IP in its one ordinary form: no octal, hex, short or decimal IPv4."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_private_name(host: str) -> bool:
    """Whether the name can only mean something inside some network: one label, or a local zone."""
    return "." not in host or f".{host}".endswith(_PRIVATE_SUFFIXES)
