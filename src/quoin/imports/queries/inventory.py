"""What exists and matters for an import, as the values that planning compares a file with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from quoin.base.files.models import StoredFile
from quoin.catalog.models import ExpenseCategory
from quoin.clients.models import Client
from quoin.imports.models import ImportLink
from quoin.imports.rules.planned import (
    Existing,
    ExistingEntry,
    ExistingExpense,
    Inventory,
    Kind,
    Use,
    ValueMapping,
)
from quoin.imports.rules.values.words import fold
from quoin.imports.types import Export
from quoin.kernel.words import say
from quoin.people.models import Person
from quoin.projects.models import Project, Task
from quoin.timesheets.models import Expense, TimeEntry

NEW_INTERNAL = "(internal)"
"""Stands for the client of internal projects where there is none yet; applying makes one."""
_LOCKED = {"submitted": say("it is handed in"), "approved": say("it is approved")}
_FIELDS = (
    "id", "external_key", "person_id", "project_id", "task_id", "work_on", "minutes", "started_at", "ended_at", "note",
    "is_billable", "status",
)  # fmt: skip


def inventory_for(export: Export, mapping: ValueMapping) -> Inventory:
    """All clients, people, projects, tasks and categories, and what the people of the file have on its days."""
    links = _links()
    people = list(Person.objects.order_by("id"))
    meant = _meant(export, mapping, people, links)
    internal = Client.objects.filter(is_internal=True).order_by("id").values_list("id", flat=True).first()
    return Inventory(
        clients=tuple(
            Existing(
                str(row.id), row.name, number=row.number, external_ids=links[Kind.CLIENT, row.id],
                values=(("name", row.name), ("address", row.street), ("is_archived", _flag(not row.is_active))),
            )
            for row in Client.objects.order_by("id")
        ),
        people=tuple(_person(row, links[Kind.PERSON, row.id]) for row in people),
        projects=tuple(_project(row, links[Kind.PROJECT, row.id]) for row in Project.objects.order_by("id")),
        tasks=tuple(
            Existing(
                str(row.id), row.name, parent_id=str(row.project_id), external_ids=links[Kind.TASK, row.id],
                values=(("name", row.name), ("is_archived", _flag(row.status == "closed"))),
            )
            for row in Task.objects.order_by("id")
        ),
        entries=_entries(export, meant),
        internal_client_id=str(internal) if internal else NEW_INTERNAL,
        categories=tuple(Existing(str(row.id), row.name) for row in ExpenseCategory.objects.order_by("id")),
        expenses=_expenses(export, meant),
    )  # fmt: skip


def _person(row: Person, external_ids: tuple[str, ...]) -> Existing:
    values = (("name", row.name), ("email", row.email), ("is_archived", _flag(row.left_on is not None)))
    return Existing(str(row.id), row.name, number=row.number, email=row.email, external_ids=external_ids, values=values)


def _project(row: Project, external_ids: tuple[str, ...]) -> Existing:
    return Existing(
        str(row.id), row.name, parent_id=str(row.client_id), number=row.number, external_ids=external_ids,
        values=(
            ("name", row.name),
            ("is_archived", _flag(row.status == "closed")),
            ("budget_minutes", str(row.budget_minutes)),
            ("starts_on", row.starts_on.isoformat() if row.starts_on else ""),
            ("note", row.description),
        ),
    )  # fmt: skip


def _links() -> defaultdict[tuple[str, UUID], tuple[str, ...]]:
    found: defaultdict[tuple[str, UUID], tuple[str, ...]] = defaultdict(tuple)
    for kind, object_id, external_id in ImportLink.objects.values_list("kind", "object_id", "external_id"):
        found[kind, object_id] += (external_id,)
    return found


def _meant(
    export: Export,
    mapping: ValueMapping,
    people: Iterable[Person],
    links: defaultdict[tuple[str, UUID], tuple[str, ...]],
) -> list[UUID]:
    """People whom the file may mean: whose time may meet that of the file."""
    told = {fold(person.name) for person in export.records.people}
    told |= {fold(person.email) for person in export.records.people if person.email}
    told |= {person.external_id for person in export.records.people if person.external_id}
    chosen = {answer.id for _, answer in mapping.people if isinstance(answer, Use)}
    return [
        row.id
        for row in people
        if fold(row.name) in told
        or (row.email and fold(row.email) in told)
        or str(row.id) in chosen
        or not told.isdisjoint(links[Kind.PERSON, row.id])
    ]


def _entries(export: Export, people: list[UUID]) -> tuple[ExistingEntry, ...]:
    entries = export.records.entries
    if not entries:
        return ()
    days = (min(entry.work_on for entry in entries), max(entry.work_on for entry in entries))
    keys = [entry.external_id for entry in entries]
    near = Q(person_id__in=people, work_on__range=days)
    rows: dict[UUID, ExistingEntry] = {}
    for found in (TimeEntry.objects.filter(near), TimeEntry.objects.filter(external_key__in=keys)):
        for row in found.values_list(*_FIELDS):
            rows[row[0]] = _entry(row)
    return tuple(rows[key] for key in sorted(rows))


def _expenses(export: Export, people: list[UUID]) -> tuple[ExistingExpense, ...]:
    """Expenses that imports wrote: those of the file, and those of its people and days."""
    expenses = export.records.expenses
    if not expenses:
        return ()
    days = (min(expense.spent_on for expense in expenses), max(expense.spent_on for expense in expenses))
    keys = [expense.external_id for expense in expenses]
    near = Q(person_id__in=people, spent_on__range=days) & ~Q(external_key="")
    found = list(Expense.objects.filter(near | Q(external_key__in=keys)).order_by("id"))
    receipts = _receipts({row.receipt_id for row in found if row.receipt_id})
    return tuple(
        ExistingExpense(
            id=str(row.id), external_id=row.external_key, person_id=str(row.person_id), project_id=str(row.project_id),
            task_id=str(row.task_id or ""), category_id=str(row.category_id), spent_on=row.spent_on,
            supplier=row.supplier, note=row.note, quantity=row.quantity, amount=row.gross_amount, vat=row.vat_amount,
            currency=row.currency, is_billable=row.is_billable, is_reimbursable=row.is_reimbursable,
            receipt=receipts[row.receipt_id][0], receipt_sha256=receipts[row.receipt_id][1],
            locked_because=_LOCKED.get(row.status, ""),
        )
        for row in found
    )  # fmt: skip


def _receipts(ids: set[UUID]) -> dict[UUID | None, tuple[str, str]]:
    """Name and SHA-256 of stored receipts; of no receipt, nothing."""
    rows = StoredFile.objects.filter(id__in=ids).values_list("id", "name", "sha256")
    return {None: ("", ""), **{file_id: (name, sha256) for file_id, name, sha256 in rows}}


def _entry(row: tuple[Any, ...]) -> ExistingEntry:
    entry_id, key, person, project, task, work_on, minutes, started, ended, note, is_billable, status = row
    return ExistingEntry(
        id=str(entry_id),
        external_id=key,
        person_id=str(person),
        project_id=str(project),
        task_id=str(task) if task else "",
        work_on=work_on,
        minutes=minutes,
        starts_at=started,
        ends_at=ended,
        note=note,
        is_billable=is_billable,
        locked_because=_LOCKED.get(str(status), ""),
    )


def _flag(value: bool) -> str:
    return "yes" if value else "no"
