"""Whether an IP address is one of the public internet.

What belongs here: this one question, asked by `guard` and `webhook`. What does not: which addresses a crawl may ask.
"""

from __future__ import annotations

import ipaddress


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast
