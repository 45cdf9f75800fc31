"""Exports by hand, and an oracle that applies a plan in memory, for the tests of planning."""

from __future__ import annotations

from dataclasses import replace

from quoin.imports.rules.plan import record_values
from quoin.imports.rules.planned import (
    Existing,
    ExistingEntry,
    Inventory,
    Kind,
    Outcome,
    Plan,
    SummaryRow,
    ValueMapping,
)
from quoin.imports.rules.read import read_export
from quoin.imports.types import Export, Table, Upload

HEADERS = (
    "External id",
    "Date",
    "Start time",
    "End time",
    "Duration",
    "User",
    "Email",
    "Client",
    "Project",
    "Task",
    "Note",
    "Amount (EUR)",
)
NOTHING = ValueMapping()


def row(number: int = 1, **changes: str) -> dict[str, str]:
    values = {
        "External id": str(number), "Date": "2026-05-04", "Start time": "09:00", "End time": "10:00",
        "Duration": "1:00", "User": "Ana Ruiz", "Email": "ana@example.org", "Client": "Fjord AS",
        "Project": "Roll-out", "Task": "Migration", "Note": "x", "Amount (EUR)": "95",
    }  # fmt: skip
    return values | {name.replace("_", " ").capitalize(): value for name, value in changes.items()}


def export_of(*rows: dict[str, str]) -> Export:
    columns = tuple(tuple(values[header] for values in rows) for header in HEADERS)
    return read_export(Upload((Table("t.csv", HEADERS, tuple(range(2, 2 + len(rows))), columns),)), "generic")


def applied(made: Plan, before: Inventory) -> Inventory:
    """What would exist after writing the plan: the oracle of idempotence, written apart from the code."""
    ids = {(kind, key): existing for kind, key, existing in made.ids}
    kept: dict[Kind, dict[str, Existing]] = {
        Kind.CLIENT: {row.id: row for row in before.clients}, Kind.PERSON: {row.id: row for row in before.people},
        Kind.PROJECT: {row.id: row for row in before.projects}, Kind.TASK: {row.id: row for row in before.tasks},
    }  # fmt: skip
    for item in made.records:
        if item.outcome in {Outcome.SKIP, Outcome.ERROR}:
            continue
        record = item.record
        own = item.existing_id or f"{item.kind}-{item.key}"
        ids[item.kind, item.key] = own
        client, project = getattr(record, "client_key", ""), getattr(record, "project_key", "")
        parent = ids[Kind.CLIENT, client] if client else ids[Kind.PROJECT, project] if project else ""
        if item.kind is Kind.PROJECT and not client:
            parent = before.internal_client_id
        old = kept[item.kind].get(own)
        kept[item.kind][own] = Existing(
            own, record.name, parent if old is None else old.parent_id, getattr(record, "number", ""),
            getattr(record, "email", ""), (record.external_id,) if record.external_id else (),
            tuple(sorted((dict(old.values) if old else {}).items() | record_values(record).items())),
        )  # fmt: skip
    entries = {entry.id: entry for entry in before.entries}
    for planned in made.entries:
        if planned.outcome not in {Outcome.NEW, Outcome.CHANGE}:
            continue
        entry = planned.entry
        own = planned.existing_id or f"entry-{entry.external_id}"
        entries[own] = ExistingEntry(
            own, entry.external_id, ids[Kind.PERSON, entry.person_key], ids[Kind.PROJECT, entry.project_key],
            ids[Kind.TASK, entry.task_key] if entry.task_key else "", entry.work_on, entry.minutes,
            entry.starts_at if planned.has_times else None, entry.ends_at if planned.has_times else None,
            entry.note, entry.is_billable,
        )  # fmt: skip
    return replace(
        before, clients=tuple(kept[Kind.CLIENT].values()), people=tuple(kept[Kind.PERSON].values()),
        projects=tuple(kept[Kind.PROJECT].values()), tasks=tuple(kept[Kind.TASK].values()), entries=tuple(entries.values()),
    )  # fmt: skip


def counts(made: Plan, kind: Kind) -> SummaryRow:
    return next(row for row in made.summary if row.kind is kind)
