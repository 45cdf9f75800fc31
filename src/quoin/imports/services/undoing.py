"""Taking an import back: what nobody has changed since is removed or restored, the rest is listed with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError

from quoin.base.actor import Actor, Scope
from quoin.billing.services.unused import forget_contracts
from quoin.catalog.models import ExpenseCategory, Rate, RateCard
from quoin.catalog.services import remove_cards, remove_categories, remove_rate
from quoin.clients.models import Client
from quoin.clients.services import change_client, remove_clients
from quoin.imports.models import ImportBatch, ImportLine, ImportLink, ImportRecord
from quoin.imports.rules.planned import Kind
from quoin.imports.services.kept import CHANGED, Kept, Undone, refuse_billed
from quoin.imports.services.load import CARD, CONTRACT, COST, MEMBER, RATE, snapshot
from quoin.imports.services.undoing_expenses import undo_expenses
from quoin.kernel.errors import DomainError
from quoin.kernel.ids import public_id
from quoin.kernel.words import Sentence, packed, say
from quoin.people.models import CostRate, Person
from quoin.people.services import change_person, remove_cost_rates, remove_people
from quoin.projects.models import Project, ProjectMember, Task
from quoin.projects.services import (
    change_project,
    change_task,
    remove_members,
    remove_projects,
    remove_tasks,
)
from quoin.sales.models import Contract
from quoin.sales.services import change_contract, remove_contracts
from quoin.timesheets.models import TimeEntry
from quoin.timesheets.services.decide import reopen
from quoin.timesheets.services.imported import EntryChange, change_entries, remove_entries
from quoin.timesheets.services.sheets import open_empty_weeks

REOPEN = "timesheets.time.reopen"


def undo(actor: Actor, batch: ImportBatch) -> Undone:
    """Take the import back. ImportBilled names the invoices if some of its time is on one."""
    undone = Undone()
    _undo_entries(actor, batch, undone)
    _restore_entries(actor, batch, undone)
    undo_expenses(actor, batch, undone)
    _undo_records(actor, batch, undone)
    return undone


def _undo_entries(actor: Actor, batch: ImportBatch, undone: Undone) -> None:
    status = batch.answers.get("load", {}).get("status", "open")
    fitting = {"open": {"open"}, "submitted": {"submitted"}, "approved": {"approved", "submitted"}}[status]
    rows = list(
        TimeEntry.objects.filter(import_id=batch.id)
        .order_by("id")
        .values_list("id", "status", "version", "work_on", "person_id")
    )
    refuse_billed([row[0] for row in rows], "time")
    mine = [(entry_id, state) for entry_id, state, version, _, _ in rows if version == 1 and state in fitting]
    for entry_id, state, version, work_on, _ in rows:
        if version > 1 or state not in fitting:
            reason = CHANGED if version > 1 else say("It is %(state)s by now.", state=Sentence(state))
            undone.kept.append(Kept("entry", entry_id, say("Time of %(day)s", day=work_on), reason))
    approved = [entry_id for entry_id, state in mine if state == "approved"]
    if approved:
        actor.require(REOPEN)
        reopen(actor, scope=actor.scope(REOPEN) or Scope.OWN, entry_ids=approved, note="Import taken back")
    undone.removed["entry"] = remove_entries(actor, [entry_id for entry_id, _ in mine])
    open_empty_weeks(actor, {(row[4], row[3] - timedelta(days=row[3].weekday())) for row in rows})


def _restore_entries(actor: Actor, batch: ImportBatch, undone: Undone) -> None:
    lines = list(ImportLine.objects.filter(batch=batch, kind="entry", outcome="change", before__isnull=False))
    found = {
        row.external_key: row
        for row in TimeEntry.objects.filter(external_key__in=[line.external_key for line in lines])
    }
    changes = []
    for line in lines:
        row, before = found.get(line.external_key), line.before
        assert before is not None  # the query asks for those that have one
        if row is None:
            continue
        if row.version != before["version"] + 1 or row.status not in {"open", "returned"}:
            undone.kept.append(Kept("entry", row.id, say("Time of %(day)s", day=row.work_on), CHANGED))
            continue
        changes.append(_as_before(row.id, before))
    undone.restored["entry"] = change_entries(actor, changes)


def _as_before(entry_id: UUID, before: Mapping[str, Any]) -> EntryChange:
    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(before[name]) if before[name] else None

    return EntryChange(
        entry_id, UUID(before["person_id"]), UUID(before["project_id"]),
        UUID(before["task_id"]) if before["task_id"] else None, date.fromisoformat(before["work_on"]),
        before["minutes"], before["note"], before["is_billable"], moment("started_at"), moment("ended_at"),
    )  # fmt: skip


def _remove_rates(ids: Iterable[UUID]) -> None:
    for rate in Rate.objects.filter(id__in=list(ids)).order_by("-valid_from"):
        remove_rate(rate)


def _remove_contracts(ids: Iterable[UUID]) -> None:
    forget_contracts(ids)
    remove_contracts(ids)


@dataclass(frozen=True, slots=True)
class _Store:
    model: type[models.Model]
    remove: Callable[[Iterable[UUID]], None]
    change: Callable[..., object] | None = None


_STORES: dict[str, _Store] = {
    Kind.TASK: _Store(Task, remove_tasks, change_task),
    Kind.PROJECT: _Store(Project, remove_projects, change_project),
    RATE: _Store(Rate, _remove_rates),
    CONTRACT: _Store(Contract, _remove_contracts),
    CARD: _Store(RateCard, remove_cards),
    Kind.CATEGORY: _Store(ExpenseCategory, remove_categories),
    COST: _Store(CostRate, remove_cost_rates),
    Kind.PERSON: _Store(Person, remove_people, change_person),
    Kind.CLIENT: _Store(Client, remove_clients, change_client),
}
"""In the order of removal: what refers before what is referred to."""


def _undo_records(actor: Actor, batch: ImportBatch, undone: Undone) -> None:
    records = defaultdict(list)
    _undo_members(batch, undone)
    for record in ImportRecord.objects.filter(batch=batch).order_by("-position"):
        records[record.kind].append(record)
    for kind, store in _STORES.items():
        rows = store.model._default_manager.in_bulk([record.object_id for record in records[kind]])  # noqa: SLF001  Django's documented Meta API
        _undo_kind(actor, store, records[kind], rows, undone=undone)
    for record in records["entity"]:
        undone.kept.append(Kept("entity", record.object_id, record.label, say("Your company stays.")))
    kept = {item.object_id for item in undone.kept}
    ImportLink.objects.filter(batch=batch).exclude(object_id__in=kept).delete()


def _undo_members(batch: ImportBatch, undone: Undone) -> None:
    """Memberships that nobody has given a role, days or a plan."""
    for record in ImportRecord.objects.filter(batch=batch, kind=MEMBER):
        rows = ProjectMember.objects.filter(id__in=record.after["ids"])
        plain = list(
            rows.filter(job_role=None, starts_on=None, ends_on=None, minutes_per_day=0).values_list("id", flat=True)
        )
        for row in rows.exclude(id__in=plain).select_related("person"):
            undone.kept.append(Kept(MEMBER, row.id, row.person.name, CHANGED))
        remove_members(plain)
        undone.removed[MEMBER] += len(plain)


def _undo_kind(
    actor: Actor, store: _Store, records: list[ImportRecord], rows: Mapping[UUID, models.Model], *, undone: Undone
) -> None:
    removable = []
    for record in records:
        row = rows.get(record.object_id)
        if row is None:
            continue
        if not _is_as_left(record, row):
            undone.kept.append(Kept(record.kind, record.object_id, record.label, CHANGED))
        elif record.outcome == "new":
            removable.append(record)
        else:
            _restore(actor, store, record)
            undone.restored[record.kind] += 1
    for record, reason in _remove(store, removable):
        undone.kept.append(Kept(record.kind, record.object_id, record.label, reason))
        removable.remove(record)
    if removable:
        undone.removed[removable[0].kind] += len(removable)


def _is_as_left(record: ImportRecord, row: models.Model) -> bool:
    now = snapshot(row)
    # The end of a rate is moved by the version that follows it, which was taken away just before.
    return all(now.get(name) == value for name, value in record.after.items() if name != "valid_until")


def _restore(actor: Actor, store: _Store, record: ImportRecord) -> None:
    before = record.before or {}
    values = {}
    for column in store.model._meta.concrete_fields:  # noqa: SLF001  Django's documented Meta API
        if before.get(column.attname) != record.after.get(column.attname):
            values[column.attname] = column.to_python(before[column.attname])
    if store.change is not None:
        store.change(record.object_id, **values)
    else:
        change_contract(actor, Contract.objects.get(id=record.object_id), values)


def _remove(store: _Store, records: list[ImportRecord]) -> list[tuple[ImportRecord, str]]:
    """Remove all at once, or one by one where something is in use; returns those that stay, and why."""
    if not records or not _refusal(store, records):
        return []
    return [(record, reason) for record in list(records) if (reason := _refusal(store, [record]))]


def _refusal(store: _Store, records: list[ImportRecord]) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            store.remove([record.object_id for record in records])
            # Foreign keys speak at commit; here they must speak now.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except ProtectedError as fault:
        kinds = sorted({str(row._meta.verbose_name) for row in fault.protected_objects})  # noqa: SLF001  Django's documented Meta API
        return say("In use by %(what)s.", what=", ".join(kinds))
    except IntegrityError as fault:
        table = getattr(getattr(fault.__cause__, "diag", None), "table_name", None) or ""
        return say("In use by %(what)s.", what=table.partition("_")[2] or say("something else"))
    except DomainError as fault:
        return fault.detail
    return ""


def as_json(undone: Undone) -> dict[str, Any]:
    """For the batch's column."""
    prefixes = {
        "entry": "tim", MEMBER: "mem", Kind.TASK: "tsk", Kind.PROJECT: "prj", RATE: "rat", CONTRACT: "ctr", CARD: "rca",
        Kind.PERSON: "per", Kind.CLIENT: "cli", "entity": "ent", "expense": "exp", Kind.CATEGORY: "exc", COST: "cst",
    }  # fmt: skip
    return {
        "removed": {kind: count for kind, count in undone.removed.items() if count},
        "restored": {kind: count for kind, count in undone.restored.items() if count},
        "kept": [
            {"kind": str(item.kind), "id": public_id(prefixes[item.kind], item.object_id), "label": packed(item.label),
             "reason": packed(item.reason)}
            for item in undone.kept
        ],
    }  # fmt: skip
