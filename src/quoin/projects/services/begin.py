"""Beginning a project from a template: plan, people, gates, checklists, papers and contract, as the preview told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money
from quoin.people.models import JobRole
from quoin.projects.models import Project, ProjectDocument, ProjectOrigin, Task, TaskCheck
from quoin.projects.queries.templates import Outlook, Start, outlook_of, published_of
from quoin.projects.rules.templates.laying import filled, working_day
from quoin.projects.rules.templates.values import Template
from quoin.projects.services import gates, set_member
from quoin.projects.services.plan import write_plan
from quoin.projects.services.template_files import hand_over
from quoin.projects.types import NewContract, ScheduleMode, TaskKind
from quoin.sales.models import Contract
from quoin.sales.services import Part, add_contract, amend_contract


def begin_from(
    actor: Actor, project: Project, template_id: UUID, start: Start, *, contract: NewContract | None = None
) -> Outlook:
    """Give the project what the template's last published version says, and remember that version for good."""
    version = published_of(template_id)
    found = outlook_of(actor, version, start, project_id=project.id)
    _settle(project, found)
    if contract is not None and project.contract_id is None:
        project.contract = _contract(actor, project, found, contract)
        project.save(update_fields=["contract", "currency"])
    empty = replace(found.laid.plan, tasks={}, links={}, assignments={})
    write_plan(empty, found.laid.plan, found.laid.schedule)
    _finish_rows(found)
    _write_people(project, found.template, start)
    _write_gates(project, found)
    _write_papers(project, found)
    ProjectOrigin.objects.create(
        project=project, version=version, begun_at=actor.now, starts_on=found.laid.starts_on,
        is_backward=found.laid.is_backward, answers=dict(start.answers),
    )  # fmt: skip
    _tell(actor, project, found, start)
    return found


def _settle(project: Project, found: Outlook) -> None:
    laid = found.laid
    project.starts_on = laid.starts_on
    project.ends_on = project.ends_on or laid.ends_on
    project.schedule = laid.plan.projects[project.id].schedule
    if not project.budget_minutes:
        project.budget_minutes = found.budget_minutes
    project.save(update_fields=["starts_on", "ends_on", "schedule", "budget_minutes"])


def _contract(actor: Actor, project: Project, found: Outlook, wanted: NewContract) -> Contract:
    """A contract of the template's kind; the parts of a fixed price are due when their rows are."""
    billing = found.template.billing
    fields: dict[str, Any] = {
        "name": project.name, "kind": billing.contract_kind, "starts_on": found.laid.starts_on,
        "increment_minutes": billing.increment_minutes,
    }  # fmt: skip
    if wanted.price is not None:
        fields["fixed_amount"] = wanted.price
    row = add_contract(actor, client_id=project.client_id, **fields)
    if wanted.price is not None and billing.shares:
        amounts = Money(wanted.price, row.currency).allocate([share.share_ratio for share in billing.shares])
        names = {each.key: filled(each.name, found.words) for each in found.template.rows}
        parts = [
            Part(
                id=uuid7(), name=names[share.row], amount=amount.amount, due_on=found.laid.days(share.row)[1],
                bills_on_due_day=False, position=None,
            )
            for share, amount in zip(billing.shares, amounts, strict=True)
        ]  # fmt: skip
        row = amend_contract(actor, row, fields={}, add=parts)
    project.currency = row.currency
    return row


def _finish_rows(found: Outlook) -> None:
    """What tasks hold beside the plan: notes, what is not billed, checklists."""
    ids = found.laid.tasks
    Task.objects.filter(id__in=[ids[row.key] for row in found.template.rows if not row.is_billable]).update(
        is_billable=False
    )
    noted = {ids[row.key]: row.notes for row in found.template.rows if row.notes}
    tasks = list(Task.objects.filter(id__in=noted))
    for task in tasks:
        task.notes = filled(noted[task.id], found.words)
    Task.objects.bulk_update(tasks, ["notes"])
    TaskCheck.objects.bulk_create(
        TaskCheck(task_id=ids[row.key], position=number, text=filled(text, found.words))
        for row in found.template.rows
        for number, text in enumerate(row.checklist, 1)
    )


def job_roles(template: Template) -> dict[str, UUID]:
    """The firm's job roles by the keys of the template's roles; a name that the firm does not know is left out."""
    known = {name.casefold(): key for key, name in JobRole.objects.values_list("id", "name")}
    return {role.key: known[role.name.casefold()] for role in template.roles if role.name.casefold() in known}


def _write_people(project: Project, template: Template, start: Start) -> None:
    roles = job_roles(template)
    for key, person_id in start.people.items():
        sold_as = {"job_role_id": roles[key]} if key in roles else {}
        set_member(project_id=project.id, person_id=person_id, starts_on=project.starts_on, **sold_as)


def _write_gates(project: Project, found: Outlook) -> None:
    roles = job_roles(found.template)
    for gate in found.template.gates:
        gates.add_gate(
            project_id=project.id, task_id=found.laid.tasks[gate.holds], name=filled(gate.name, found.words),
            items=[
                {"kind": item.kind, "text": filled(item.text, found.words), "job_role_id": roles.get(item.role)}
                for item in gate.items
            ],
        )  # fmt: skip


def _write_papers(project: Project, found: Outlook) -> None:
    ProjectDocument.objects.bulk_create(
        ProjectDocument(
            project=project, position=number, name=filled(paper.name, found.words), text=filled(paper.text, found.words)
        )
        for number, paper in enumerate(found.template.documents, 1)
    )
    hand_over(project, found.version.id, found.words)


def _tell(actor: Actor, project: Project, found: Outlook, start: Start) -> None:
    """Goods and unfilled roles belong to apps above: they make them in this transaction."""
    calendar = found.laid.plan.calendars[None]
    emit(
        actor, "projects.project.begun", running_action_id(), project_id=project.id,
        deliveries=[
            {
                "item": filled(goods.item, found.words), "kind": goods.kind, "supplier": goods.supplier,
                "quantity": str(goods.quantity), "unit": goods.unit,
                "task_id": found.laid.tasks.get(goods.row),
                "expected_on": working_day(calendar, found.laid.starts_on, goods.expected_after_days),
            }
            for goods in found.template.deliveries
        ],
        roles=_open_roles(found, start),
    )  # fmt: skip


def _open_roles(found: Outlook, start: Start) -> list[Mapping[str, Any]]:
    """Roles that nobody has yet: from when to when, and what part of the working time their effort is."""
    ids = job_roles(found.template)
    told: list[Mapping[str, Any]] = []
    for role in found.template.roles:
        rows = [row for row in found.template.rows if row.role == role.key and row.effort_minutes]
        if role.key in start.people or not rows or found.template.dates is ScheduleMode.BY_HAND:
            continue
        days = [found.laid.days(row.key) for row in rows if row.kind is not TaskKind.PHASE]
        first, last = min(day for day, _ in days), max(day for _, day in days)
        minutes = sum(row.effort_minutes for row in rows)
        told.append(
            {
                "title": role.name, "job_role_id": ids.get(role.key), "starts_on": first, "ends_on": last,
                "percent": _percent(found, minutes, first, last), "minutes": minutes,
            }
        )  # fmt: skip
    return told


def _percent(found: Outlook, minutes: int, first: date, last: date) -> int:
    calendar = found.laid.plan.calendars[None]
    days = (last - first).days + 1
    open_minutes = sum(calendar.minutes_on(first + timedelta(days=n)) for n in range(days))
    return min(max(round(minutes * 100 / open_minutes), 5), 500) if open_minutes else 100
