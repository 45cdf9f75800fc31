"""The hash of a plan: SHA-256 over its canonical JSON, the same wherever and whenever it is made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from hashlib import sha256

from quoin.imports.rules.planned import PlannedEntry, PlannedExpense, PlannedRecord
from quoin.imports.types import RejectedEntry
from quoin.kernel.money import EXACT

_FORMAT = 1
_CHUNK = 5_000
_PLACE = frozenset({"file", "line", "receipt"})


def seal(
    records: Sequence[PlannedRecord],
    entries: Sequence[PlannedEntry],
    rejected: Sequence[RejectedEntry],
    expenses: Sequence[PlannedExpense] = (),
) -> str:
    """Hex digest. Where a record stood in which file does not count; what would be written does."""
    digest = sha256(_json([_FORMAT, len(records), len(entries), len(rejected)]))
    for record in records:
        digest.update(_json(_record_row(record)))
    for start in range(0, len(entries), _CHUNK):
        digest.update(_json(_entry_columns(entries[start : start + _CHUNK])))
    for item in expenses:
        digest.update(_json(_expense_row(item)))
    return digest.hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _record_row(planned: PlannedRecord) -> list[object]:
    record = planned.record
    values = [_plain(getattr(record, field.name)) for field in fields(record) if field.name not in _PLACE]
    diffs = [[diff.field, diff.old, diff.new] for diff in planned.diffs]
    return [planned.kind, planned.outcome, planned.existing_id, diffs, values]


def _entry_columns(chunk: Sequence[PlannedEntry]) -> list[list[object]]:
    """Entries by column: fewer and longer lists are faster to write."""
    times = [
        [int(moment.timestamp()) for moment in (item.entry.starts_at, item.entry.ends_at) if moment]
        if item.has_times
        else None
        for item in chunk
    ]
    plain: list[list[object]] = [
        [getattr(item.entry, name) for item in chunk]
        for name in ("external_id", "person_key", "project_key", "task_key", "minutes", "note", "currency", "tags")
    ]
    written: list[list[object]] = [
        [str(getattr(item.entry, name)) for item in chunk] for name in ("work_on", "seconds", "rate_per_hour", "amount")
    ]
    return [
        [item.outcome for item in chunk],
        [item.existing_id for item in chunk],
        [[(diff.field, diff.old, diff.new) for diff in item.diffs] if item.diffs else None for item in chunk],
        [item.entry.is_billable for item in chunk],
        [item.entry.is_invoiced for item in chunk],
        list(times),
        *plain,
        *written,
    ]


def _expense_row(planned: PlannedExpense) -> list[object]:
    told = planned.expense._asdict()
    values = [_plain(value) for name, value in told.items() if name not in _PLACE]
    diffs = [[diff.field, diff.old, diff.new] for diff in planned.diffs]
    return [planned.outcome, planned.existing_id, diffs, values]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return _number(value)
    return value.isoformat() if isinstance(value, date) else value


def _number(value: Decimal) -> str:
    """Equal numbers are equal texts: 1.50 and 1.5 are both 1.5."""
    return f"{EXACT.normalize(value):f}" if value else "0"
