"""Which addresses a webhook may reach: public ones, and private ones only where an operator allows their network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from quoin.kernel.words import say

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_PORTS = frozenset({443, 8443})
_TRANSLATED = ip_network("64:ff9b::/96")
_LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send: the checked parts of an address."""

    host: str
    port: int
    path: str
    is_secure: bool


def target_of(url: str, *, allowed: Sequence[Network] = ()) -> Target:
    """The parts of the address; ValueError in words if it may not be used.

    Plain http and other ports are for networks that an operator allowed.
    """
    if len(url) > _LONGEST_URL or any(letter.isspace() or ord(letter) < 0x20 for letter in url):  # noqa: PLR2004 - control characters
        raise ValueError(say("An address has no spaces and at most 2,000 characters."))
    parts = urlsplit(url)
    if parts.scheme not in ({"https", "http"} if allowed else {"https"}):
        raise ValueError(say("The address must begin with https://."))
    if parts.username or parts.password or "@" in parts.netloc:
        raise ValueError(say("The address must not carry a user name or a password."))
    if parts.fragment:
        raise ValueError(say("The address must not end in #…."))
    if not parts.hostname:
        raise ValueError(say("The address names no host."))
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if port not in _PORTS and not allowed:
        raise ValueError(say("The port %(port)s is not allowed; use 443 or 8443.", port=port))
    path = parts.path or "/"
    return Target(parts.hostname, port, f"{path}?{parts.query}" if parts.query else path, parts.scheme == "https")


def may_reach(address: str, *, allowed: Sequence[Network] = ()) -> bool:
    """Whether the resolved address is public, or inside a network that an operator allowed."""
    found = _inner(ip_address(address.partition("%")[0]))
    if any(found.version == network.version and found in network for network in allowed):
        return True
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, or itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
