"""Whether an IP address is one of the public internet.

What belongs here: this one question, asked by `guard` and `webhook`. What does not: which addresses a crawl may ask.
"""

from __future__ import annotations

import ipaddress

_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # the last 32 bits are the IPv4 address (RFC 6052)
_INSIDE = (ipaddress.IPv6Network("64:ff9b:1::/48"), ipaddress.IPv6Network("::/96"))  # RFC 8215; RFC 4291, 2.5.5.1


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; of an IPv6 address that stands for an IPv4 one, that one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.is_site_local or any(found in network for network in _INSIDE):
            return False
        translated = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF) if found in _TRANSLATED else None
        stands_for = found.ipv4_mapped or found.sixtofour or translated
        if stands_for is not None:
            return stands_for.is_global and not stands_for.is_multicast
    return found.is_global and not found.is_multicast
