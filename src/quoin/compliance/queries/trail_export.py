"""The trail with what changed: one row for each column of each changed row, before and after."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from quoin.base.actor import Actor
from quoin.base.audit.models import AuditAction, AuditChange
from quoin.base.listing import parse, rows_of
from quoin.base.listing.sheet import safe_text
from quoin.compliance.queries.trail import TRAIL, fields_of, trail

COLUMNS = (
    "at", "who", "source", "action", "target", "reason", "request_id", "action_id", "table", "row_id", "operation",
    "column", "before", "after",
)  # fmt: skip
_CHUNK = 500


def changed_values(actor: Actor, filters: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Every changed column of the filtered actions; an action that changed none has one row without values."""
    found = rows_of(TRAIL, trail(actor), parse(TRAIL, filters, on=actor.today))
    while chunk := list(islice(found, _CHUNK)):
        changes = AuditChange.objects.filter(tenant_id=actor.tenant_id, action_id__in=[one.id for one in chunk])
        ordered = changes.order_by("action_id", "id").iterator(chunk_size=_CHUNK)
        by_action = {key: list(rows) for key, rows in groupby(ordered, key=lambda row: row.action_id)}
        for one in chunk:
            yield from _rows(actor, one, by_action.get(one.id, []))


def _rows(actor: Actor, one: AuditAction, changes: list[AuditChange]) -> Iterator[dict[str, Any]]:
    head = {
        "at": one.at.isoformat(), "who": one.actor_name, "source": one.source, "action": one.name,
        "target": one.target, "reason": one.reason, "request_id": str(one.request_id), "action_id": one.public_id,
    }  # fmt: skip
    if not changes:
        yield {**dict.fromkeys(COLUMNS), **head}
    for change in changes:
        for value in fields_of(actor, change):
            if value.before != value.after:
                yield {
                    **head, "table": value.table, "row_id": str(value.row_id), "operation": value.operation,
                    "column": value.column, "before": value.before, "after": value.after,
                }  # fmt: skip


def as_text(rows: Iterable[dict[str, Any]], form: str) -> Iterator[str]:
    """The rows as CSV, or as one JSON array."""
    if form == "json":
        before = "["
        for row in rows:
            yield before + "\n" + json.dumps(row, ensure_ascii=False)
            before = ","
        yield "[]\n" if before == "[" else "\n]\n"
        return
    line = io.StringIO()
    write = csv.writer(line)
    write.writerow(COLUMNS)
    for row in rows:
        write.writerow(_cell(row[name]) for name in COLUMNS)
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return safe_text(text) if isinstance(value, str) else text
