"""Sealing the trail: a chain of SHA-256 hashes over everything that was written, in the database's own canonical text.

Link n covers the actions and changes after link n-1; its hash holds the hash of link n-1. Changing, adding or taking
away a row breaks the link that covers it. The heads are also written outside the database (`anchors`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from quoin.base.audit.models import AuditSeal

START = "0" * 64
_ACTIONS = """
SELECT (to_jsonb(a) || jsonb_build_object('at', a.at AT TIME ZONE 'UTC'))::text
FROM base_auditaction a WHERE a.at > %s AND a.at <= %s ORDER BY a.at, a.id
"""
_CHANGES = """
SELECT to_jsonb(c)::text FROM base_auditchange c WHERE c.id > %s AND c.id <= %s ORDER BY c.id
"""
_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Link:
    """What a link covers, and its hash."""

    number: int
    sealed_at: datetime
    last_change_id: int
    rows: int
    previous_hash: str
    hash: str


def seal() -> AuditSeal:
    """Add a link over everything committed so far. Writers wait while it is made, so that none slips in between."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute("LOCK TABLE base_auditchange, base_auditaction IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SELECT clock_timestamp(), coalesce(max(id), 0) FROM base_auditchange")
        now, newest = cursor.fetchone()
    last = AuditSeal.objects.order_by("-number").first()
    newest = max(newest, last.last_change_id if last else 0)
    link = _link(_as_link(last), now, newest)
    return AuditSeal.objects.create(
        number=link.number, sealed_at=link.sealed_at, last_change_id=link.last_change_id, rows=link.rows,
        previous_hash=link.previous_hash, hash=link.hash,
    )  # fmt: skip


def faults() -> Iterator[str]:
    """What does not fit, in words; nothing if the whole chain verifies."""
    previous: Link | None = None
    for stored in AuditSeal.objects.order_by("number"):
        expected = _link(previous, stored.sealed_at, stored.last_change_id)
        if stored.number != expected.number:
            yield f"link {expected.number} is missing"
        elif stored.previous_hash != expected.previous_hash:
            yield f"link {stored.number} does not continue link {expected.number - 1}"
        elif stored.rows != expected.rows:
            yield f"link {stored.number} covers {expected.rows} rows, {stored.rows} were sealed"
        elif stored.hash != expected.hash:
            yield f"a row that link {stored.number} of {stored.sealed_at:%Y-%m-%d %H:%M} covers was changed"
        previous = _as_link(stored)


def _as_link(seal_row: AuditSeal | None) -> Link | None:
    if seal_row is None:
        return None
    return Link(
        seal_row.number, seal_row.sealed_at, seal_row.last_change_id, seal_row.rows, seal_row.previous_hash,
        seal_row.hash,
    )  # fmt: skip


def _link(previous: Link | None, sealed_at: datetime, last_change_id: int) -> Link:
    before = previous.hash if previous else START
    digest, rows = hashlib.sha256(before.encode()), 0
    since = (previous.sealed_at, previous.last_change_id) if previous else (_LONG_AGO, 0)
    for query, bounds in ((_ACTIONS, (since[0], sealed_at)), (_CHANGES, (since[1], last_change_id))):
        for text in _texts(query, bounds):
            digest.update(b"\n")
            digest.update(text.encode())
            rows += 1
    number = previous.number + 1 if previous else 1
    return Link(number, sealed_at, last_change_id, rows, before, digest.hexdigest())


def _texts(query: str, bounds: tuple[datetime, datetime] | tuple[int, int]) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(query, bounds)
        while batch := cursor.fetchmany(_BATCH):
            yield from (row[0] for row in batch)
