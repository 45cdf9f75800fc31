"""Rate limits: a token bucket per caller, kept in PostgreSQL so that every process sees the same one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from quoin.kernel.errors import DomainError
from quoin.kernel.words import say


class TooManyRequests(DomainError):
    """The caller's bucket is empty."""

    code = "too_many_requests"
    status = 429
    retryable = True

    def __init__(self, detail: str, *, wait_seconds: int) -> None:
        super().__init__(detail)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of the bucket, and how long to wait if it is empty."""

    limit: int
    remaining: int
    wait_seconds: int


_TAKE = """
WITH filled AS (SELECT clock_timestamp() AS now)
INSERT INTO base_ratebucket AS b (key, tokens, was_allowed, filled_at)
SELECT %(key)s, %(burst)s - 1, true, now FROM filled
ON CONFLICT (key) DO UPDATE SET
  tokens = least(%(burst)s, b.tokens + %(rate)s * extract(epoch FROM excluded.filled_at - b.filled_at))
           - (b.tokens + %(rate)s * extract(epoch FROM excluded.filled_at - b.filled_at) >= 1)::int,
  was_allowed = b.tokens + %(rate)s * extract(epoch FROM excluded.filled_at - b.filled_at) >= 1,
  filled_at = excluded.filled_at
RETURNING tokens, was_allowed
"""


def take(key: str, *, per_second: int, burst: int) -> Allowance:
    """Take one token from the bucket; raises TooManyRequests when there is none."""
    with transaction.atomic(), connection.cursor() as cursor:
        # A lost count after a crash is harmless, so the request need not wait for the disk.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_TAKE, {"key": key, "rate": per_second, "burst": burst})
        row = cursor.fetchone()
    assert row is not None
    tokens, was_allowed = Decimal(row[0]), row[1]
    if not was_allowed:
        wait = max(1, ceil((1 - tokens) / per_second))
        raise TooManyRequests(
            say("More than %(per_second)s requests per second. Wait %(wait)s s.", per_second=per_second, wait=wait),
            wait_seconds=wait,
        )
    return Allowance(burst, int(tokens), 0)


def caller_of(request: HttpRequest) -> str:
    """Who calls: `token:<digest>` of a bearer token, else `user:<id>`."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        # As the doorman reads it: blanks around a token do not make another caller of it.
        return "token:" + hashlib.sha256(header.removeprefix("Bearer ").strip().encode()).hexdigest()
    actor = getattr(request, "actor", None)
    return f"user:{getattr(actor, 'user_id', None) or ''}"


def take_for(request: HttpRequest) -> Allowance | None:
    """The allowance of a request with a bearer token; None for others, whom a person's speed limits."""
    if not request.headers.get("Authorization", "").startswith("Bearer "):
        return None
    return take(caller_of(request), per_second=settings.QUOIN_API_PER_SECOND, burst=settings.QUOIN_API_BURST)
