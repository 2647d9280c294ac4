"""What a request tells of whoever sends it: the language, and the address that limits are counted by."""

from __future__ import annotations

import ipaddress

LANGUAGES = ("zh", "en")
IPV6_SITE = 64


def preferred_lang(accept_language: str | None) -> str:
    """`zh` or `en`, whichever an `Accept-Language` (RFC 9110, 12.5.4) puts first; Chinese when it names neither."""
    ranked: list[tuple[float, str]] = []
    for part in (accept_language or "").split(","):
        tag, _, weight = part.strip().partition(";")
        lang = tag.strip().lower().split("-")[0]
        if lang in LANGUAGES:
            ranked.append((_weight(weight), lang))
    best = max(ranked, key=lambda item: item[0], default=(0.0, "zh"))
    return best[1] if best[0] > 0 else "zh"


def _weight(text: str) -> float:
    name, _, number = text.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(number)
    except ValueError:
        return 0.0


def site(address: str) -> str:
    """What is counted as one address: an IPv4 address, or the /64 network that one IPv6 subscriber has."""
    try:
        parsed = ipaddress.ip_address(address.strip("[]").split("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, IPV6_SITE), strict=False).network_address)
