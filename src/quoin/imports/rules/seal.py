"""The hash of a plan: SHA-256 over its canonical JSON, the same wherever and whenever it is made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256

from quoin.imports.rules.planned import PlannedEntry, PlannedRecord
from quoin.imports.types import RejectedEntry
from quoin.kernel.money import EXACT

_FORMAT = 1
_CHUNK = 5_000
_PLACE = frozenset({"file", "line"})


def seal(records: Sequence[PlannedRecord], entries: Sequence[PlannedEntry], rejected: Sequence[RejectedEntry]) -> str:
    """Hex digest. Where a record stood in which file does not count; what would be written does."""
    digest = sha256(_json([_FORMAT, len(records), len(entries), len(rejected)]))
    for record in records:
        digest.update(_json(_record_row(record)))
    for start in range(0, len(entries), _CHUNK):
        digest.update(_json([_entry_row(entry) for entry in entries[start : start + _CHUNK]]))
    return digest.hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _record_row(planned: PlannedRecord) -> list[object]:
    record = planned.record
    values = [_plain(getattr(record, field.name)) for field in fields(record) if field.name not in _PLACE]
    diffs = [[diff.field, diff.old, diff.new] for diff in planned.diffs]
    return [planned.kind, planned.outcome, planned.existing_id, diffs, values]


def _entry_row(planned: PlannedEntry) -> list[object]:
    entry = planned.entry
    times = [_instant(entry.starts_at), _instant(entry.ends_at)] if planned.has_times else []
    return [
        planned.outcome,
        planned.existing_id,
        [[diff.field, diff.old, diff.new] for diff in planned.diffs] if planned.diffs else [],
        times,
        entry.external_id,
        entry.person_key,
        entry.project_key,
        entry.task_key,
        _day(entry.work_on),
        entry.minutes,
        _number(entry.seconds),
        entry.note,
        entry.is_billable,
        entry.is_invoiced,
        entry.tags,
        None if entry.rate_per_hour is None else _number(entry.rate_per_hour),
        None if entry.amount is None else _number(entry.amount),
        entry.currency,
    ]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return _number(value)
    return value.isoformat() if isinstance(value, date) else value


def _instant(value: datetime | None) -> int | None:
    """Seconds since 1970: the same in every zone."""
    return None if value is None else int(value.timestamp())


@cache
def _day(value: date) -> str:
    return value.isoformat()


def _number(value: Decimal) -> str:
    """Equal numbers are equal texts: 1.50 and 1.5 are both 1.5."""
    return f"{EXACT.normalize(value):f}" if value else "0"
