"""Writing budgets: drafts, keeping a version, and versions that other things make (change orders, typed totals)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Max

from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money
from quoin.kernel.words import say
from quoin.people.models import JobRole
from quoin.projects.models import BudgetLine, BudgetVersion, Project, Task
from quoin.projects.queries.budgets import cost_currency, current_of, entries, lines_of
from quoin.projects.rules.budgets import Totals, totals
from quoin.projects.types import BudgetKind, BudgetStatus

explain("budget_line_key", "Two lines of the budget have the same key.")
explain("budget_one_draft", "The project has a draft of its budget. Keep or discard it first.")
MOST_LINES = 2000
_COPIED = (
    "key", "position", "kind", "text", "task_id", "task_name", "job_role_id", "month_on", "minutes", "amount", "cost",
)  # fmt: skip


def add_version(actor: Actor, project: Project, lines: Iterable[BudgetLine], **fields: Any) -> BudgetVersion:
    """A draft with lines. The project's row is locked by the caller: it serialises the numbers."""
    last = BudgetVersion.objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0
    version = BudgetVersion(
        project=project, number=last + 1, currency=project.currency, cost_currency=cost_currency(project),
        created_at=actor.now, **fields,
    )  # fmt: skip
    # Lines first: a version that is kept at once takes no line any more.
    write_lines(version, lines)
    version.save(force_insert=True)
    return version


def write_lines(version: BudgetVersion, lines: Iterable[BudgetLine]) -> None:
    """Add lines at the end."""
    last = BudgetLine.objects.filter(version=version).aggregate(last=Max("position"))["last"] or 0
    made = list(lines)
    if last + len(made) > MOST_LINES:
        raise invalid("/lines", say("A budget has at most %(most)s lines.", most=MOST_LINES))
    for position, line in enumerate(made, last + 1):
        line.version, line.position = version, position
    BudgetLine.objects.bulk_create(made, batch_size=500)


def copied(version: BudgetVersion | None) -> list[BudgetLine]:
    """New lines that say the same as those of a version."""
    return [BudgetLine(**{name: getattr(row, name) for name in _COPIED}) for row in lines_of(version)]


def keep(actor: Actor, version: BudgetVersion, *, reason: str, valid_on: date) -> BudgetVersion:
    """From now on this is the project's budget, and it stays as it is."""
    project = Project.objects.select_for_update(of=("self",)).get(id=version.project_id)
    found = totals(entries(lines_of(version)))
    _check(found)
    version.minutes_before, version.amount_before = project.budget_minutes, project.budget_amount
    version.status, version.kept_at, version.kept_by_id = BudgetStatus.KEPT, actor.now, actor.person_id
    version.reason, version.valid_on = reason, valid_on
    version.save()
    _set(project, found.minutes, found.amount or None)
    return version


def reopen(version: BudgetVersion) -> BudgetVersion:
    """The last kept version is a draft once more; the project has the totals of before."""
    project = Project.objects.select_for_update(of=("self",)).get(id=version.project_id)
    _set(project, version.minutes_before, version.amount_before)
    version.status, version.kept_at, version.kept_by_id, version.valid_on = BudgetStatus.DRAFT, None, None, None
    version.save(update_fields=["status", "kept_at", "kept_by", "valid_on"])
    return version


def record_change(
    actor: Actor, project_id: UUID, *, source_id: UUID, text: str, minutes: int, amount: Decimal
) -> BudgetVersion:
    """A version with one line more, for a change order; a draft that is being written gets the line as well.

    A project without versions begins with what was typed on it.
    """
    project = Project.objects.select_for_update(of=("self",)).select_related("contract").get(id=project_id)
    if current_of(project.id) is None and (project.budget_minutes or project.budget_amount):
        _keep_next(actor, project, [_typed_totals(project)], reason="As typed on the project")
    line = {"key": source_id, "kind": BudgetKind.CHANGE, "text": text, "minutes": minutes, "amount": amount}
    made = _keep_next(
        actor, project, [*copied(current_of(project.id)), BudgetLine(**line)], reason=text, source_id=source_id
    )
    draft = _draft(project)
    if draft is not None and not BudgetLine.objects.filter(version=draft, key=source_id).exists():
        write_lines(draft, [BudgetLine(**line)])
    return made


def take_back_change(actor: Actor, project_id: UUID, *, source_id: UUID, text: str) -> BudgetVersion | None:
    """A version without the line of a change order; None if the line is not there any more."""
    project = Project.objects.select_for_update(of=("self",)).select_related("contract").get(id=project_id)
    BudgetLine.objects.filter(version=_draft(project), key=source_id).delete()
    lines = copied(current_of(project.id))
    left = [line for line in lines if line.key != source_id]
    if len(left) == len(lines):
        return None
    return _keep_next(actor, project, left, reason=text, source_id=source_id)


def retotal(actor: Actor, project: Project, minutes: int, amount: Decimal | None, *, reason: str) -> None:
    """Totals typed on a project whose budget has versions: the difference becomes a line of a new one."""
    current = current_of(project.id)
    if current is None or (minutes, amount or 0) == (project.budget_minutes, project.budget_amount or 0):
        return
    lines = copied(current)
    found = totals(entries(lines))
    line = next((one for one in lines if one.key == project.id), None)
    if line is None:
        line = BudgetLine(key=project.id, kind=BudgetKind.ADJUSTMENT, position=len(lines) + 1)
        lines.append(line)
    line.minutes += minutes - found.minutes
    line.amount += Decimal(amount or 0) - found.amount
    _keep_next(actor, project, lines, reason=reason)


def line_values(project_id: UUID, currency: str, cost_currency: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given for a line, checked; Invalid names the field."""
    read: dict[str, Callable[[Any], dict[str, Any]]] = {
        "kind": _kind,
        "text": lambda value: {"text": " ".join(str(value or "").split())},
        "task_id": lambda value: _task(project_id, value),
        "job_role_id": lambda value: {"job_role_id": _role(value)},
        "month_on": lambda value: {"month_on": _month(value)},
        "minutes": lambda value: {"minutes": int(value or 0)},
        "amount": lambda value: {"amount": _money("amount", value, currency)},
        "cost": lambda value: {"cost": _money("cost", value, cost_currency)},
    }
    if strange := set(given) - set(read):
        name = min(strange)
        raise invalid(f"/{name}", say("A line of a budget has no field %(name)s.", name=name), code="unknown_field")
    found: dict[str, Any] = {}
    for name, value in given.items():
        found |= read[name](value)
    return found


def _kind(value: Any) -> dict[str, Any]:
    if value not in {*BudgetKind}:
        text = say("%(value)s is not one of %(choices)s.", value=repr(value), choices=", ".join(BudgetKind))
        raise invalid("/kind", text, code="not_a_choice")
    return {"kind": value}


def new_line(values: Mapping[str, Any], *, key: UUID | None = None) -> BudgetLine:
    """A line of checked values, which says what it is for."""
    line = BudgetLine(key=key or uuid7(), **values)
    line.text = line.text or line.task_name
    if not line.text and line.job_role_id is None:
        raise invalid("/text", "Say what the line is for, or name a task or a role.", code="required")
    return line


def locked_draft(version: BudgetVersion) -> BudgetVersion:
    """The version, until the transaction ends nobody else's; Conflict unless it is a draft."""
    found = BudgetVersion.objects.select_for_update(of=("self",)).filter(id=version.id).first()
    if found is None:
        raise NotFound("There is no such budget, or you may not see it.")
    if found.status != BudgetStatus.DRAFT:
        raise Conflict(
            say("Version %(number)s is kept and stays as it is. Begin a draft from it.", number=found.number)
        )
    return found


def _keep_next(actor: Actor, project: Project, lines: list[BudgetLine], **fields: Any) -> BudgetVersion:
    """A version that is kept at once; the draft that somebody writes stays one."""
    reason = fields.pop("reason")
    found = totals(entries(lines))
    _check(found)
    version = add_version(
        actor, project, lines, status=BudgetStatus.KEPT, kept_at=actor.now, kept_by_id=actor.person_id,
        valid_on=actor.today, reason=reason, minutes_before=project.budget_minutes,
        amount_before=project.budget_amount, **fields,
    )  # fmt: skip
    _set(project, found.minutes, found.amount or None)
    return version


def _set(project: Project, minutes: int, amount: Decimal | None) -> None:
    project.budget_minutes, project.budget_amount = minutes, amount
    project.save(update_fields=["budget_minutes", "budget_amount"])


def _typed_totals(project: Project) -> BudgetLine:
    return BudgetLine(
        key=project.id, kind=BudgetKind.ADJUSTMENT, minutes=project.budget_minutes,
        amount=project.budget_amount or Decimal(0),
    )  # fmt: skip


def first_lines(project: Project) -> list[BudgetLine]:
    """What a first draft begins with when only totals are known."""
    return [_typed_totals(project)] if project.budget_minutes or project.budget_amount else []


def _draft(project: Project) -> BudgetVersion | None:
    return BudgetVersion.objects.filter(project=project, status=BudgetStatus.DRAFT).first()


def _check(found: Totals) -> None:
    if found.minutes < 0 or found.amount < 0 or found.cost < 0:
        raise invalid("/lines", "A budget comes to nothing or more: the lines take off more than there is.")


def _task(project_id: UUID, task_id: Any) -> dict[str, Any]:
    if not task_id:
        return {"task_id": None, "task_name": ""}
    found = Task.objects.filter(id=task_id, project=project_id).first()
    if found is None:
        raise invalid("/task_id", "There is no such task in the project.", code="unknown")
    return {"task_id": found.id, "task_name": found.name}


def _role(role_id: Any) -> UUID | None:
    if not role_id:
        return None
    found = JobRole.objects.filter(id=role_id).values_list("id", flat=True).first()
    if found is None:
        raise invalid("/job_role_id", "There is no such role.", code="unknown")
    return found


def _month(value: date | str | None) -> date | None:
    if not value:
        return None
    if isinstance(value, date):
        return value.replace(day=1)
    try:
        return date.fromisoformat(f"{value}-01" if len(value) == len("2026-01") else value).replace(day=1)
    except ValueError:
        raise invalid("/month_on", say("%(value)s is no month, such as 2026-06.", value=value)) from None


def _money(name: str, value: Any, currency: str) -> Decimal:
    try:
        found = Decimal(str(value or 0))
    except InvalidOperation:
        raise invalid(f"/{name}", say("%(value)s is no amount.", value=repr(value))) from None
    if not found.is_finite() or abs(found) >= Decimal(10) ** 9:
        raise invalid(f"/{name}", say("%(value)s is no amount of a budget.", value=repr(value)))
    return Money(found, currency).round().amount
