"""Posting to a receiver: the name is resolved once, checked, and the connection goes to exactly that address.

No redirect is followed, no proxy asked; the whole exchange has a deadline.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from ipaddress import ip_network

from django.conf import settings
from typing_extensions import override

from quoin.integrations.rules.addresses import Network, Target, may_reach, target_of
from quoin.integrations.types import Answer

TIMEOUT_SECONDS = 15.0
_MOST_BYTES = 2048
_CHUNK = 512


def allowed_networks() -> tuple[Network, ...]:
    """Private networks that the operator lets webhooks reach."""
    return tuple(ip_network(text.strip()) for text in settings.QUOIN_WEBHOOK_NETWORKS if text.strip())


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send the body; never raises: what went wrong is in the answer."""
    started = time.monotonic()
    try:
        target = target_of(url, allowed=allowed_networks())
        status, text, wait = _exchange(target, body, headers, deadline=started + TIMEOUT_SECONDS)
    except (OSError, ValueError, http.client.HTTPException) as fault:
        return Answer(0, error=_words(fault), milliseconds=_since(started))
    return Answer(status, text, retry_after_seconds=wait, milliseconds=_since(started))


def reachable_address(target: Target) -> str:
    """The address to connect to; ValueError if the name leads, even once, to where webhooks may not go."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise ValueError(f"The host {target.host} is not known.") from fault
    addresses = [str(entry[4][0]) for entry in found]
    refused = [address for address in addresses if not may_reach(address, allowed=allowed_networks())]
    if refused or not addresses:
        raise ValueError(f"{target.host} leads to a private address; webhooks go to public ones only.")
    return addresses[0]


class _Secure(http.client.HTTPSConnection):
    """HTTPS to a given address under the host's own name."""

    def __init__(self, target: Target, address: str, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout, context=ssl.create_default_context())
        self._address = address

    @override
    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]  # set by HTTPSConnection


class _Plain(http.client.HTTPConnection):
    """HTTP to a given address, for networks that the operator allowed."""

    def __init__(self, target: Target, address: str, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._address = address

    @override
    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


def _exchange(target: Target, body: bytes, headers: Mapping[str, str], *, deadline: float) -> tuple[int, str, int]:
    kind = _Secure if target.is_secure else _Plain
    connection = kind(target, reachable_address(target), _left(deadline))
    try:
        connection.request("POST", target.path, body=body, headers=dict(headers))
        assert connection.sock is not None
        connection.sock.settimeout(_left(deadline))
        answer = connection.getresponse()
        text = b""
        while len(text) < _MOST_BYTES and (piece := answer.read1(_CHUNK)):
            text += piece
            connection.sock and connection.sock.settimeout(_left(deadline))
        wait = answer.headers.get("Retry-After", "")
        return answer.status, text.decode(errors="replace")[:_MOST_BYTES], int(wait) if wait.isdigit() else 0
    finally:
        connection.close()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"No answer within {TIMEOUT_SECONDS:.0f} seconds.")
    return left


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _words(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return f"No answer within {TIMEOUT_SECONDS:.0f} seconds."
    return str(fault) or type(fault).__name__
