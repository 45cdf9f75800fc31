"""A template drawn from a project: the plan as it was decided, without its dates, people and progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from quoin.projects.rules.plan import Plan, PlanTask, duration_of
from quoin.projects.rules.templates.values import Billing, GateLine, Goods, Link, Paper, Role, Row, Template
from quoin.projects.types import Method, ScheduleMode, TaskKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What the plan does not hold, by task; deliveries come from the app that knows goods."""

    roles: Mapping[UUID, str] = field(default_factory=dict)
    """Job role of the person on the task, by its name."""
    notes: Mapping[UUID, str] = field(default_factory=dict)
    unbilled: frozenset[UUID] = frozenset()
    checklists: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)
    gates: tuple[tuple[UUID, GateLine], ...] = ()
    """By the held task; items name job roles, `holds` is empty."""
    documents: tuple[Paper, ...] = ()
    deliveries: tuple[tuple[UUID | None, Goods], ...] = ()
    billing: Billing = field(default_factory=Billing)
    method: Method = Method.OWN
    budget_minutes: int | None = None


def draw(plan: Plan, project_id: UUID, extras: Extras, *, name: str, description: str = "") -> Template:
    """The project's plan as a template."""
    tasks = ordered(task for task in plan.tasks.values() if task.project_id == project_id)
    keys = {task.id: f"t{task.number}" for task in tasks}
    names = sorted({*extras.roles.values(), *(i.role for _, gate in extras.gates for i in gate.items if i.role)})
    roles = {role: f"r{number}" for number, role in enumerate(names, 1)}
    held = {link.after_id for link in plan.links.values()}
    starts_on = plan.projects[project_id].starts_on
    by_hand = plan.projects[project_id].schedule is ScheduleMode.BY_HAND
    return Template(
        name=name, description=description, method=extras.method, budget_minutes=extras.budget_minutes,
        dates=ScheduleMode.BY_HAND if by_hand else ScheduleMode.FROM_START,
        roles=tuple(Role(key=key, name=role) for role, key in roles.items()),
        rows=tuple(
            _row(task, extras, keys, roles, after=0 if task.id in held else _after(task, starts_on)) for task in tasks
        ),
        links=tuple(
            Link(
                before=keys[link.before_id], after=keys[link.after_id], kind=link.kind, lag=link.lag,
                lag_unit=link.lag_unit,
            )
            for link in plan.links.values()
            if link.before_id in keys and link.after_id in keys
        ),
        gates=tuple(_gate(task_id, gate, keys, roles) for task_id, gate in extras.gates if task_id in keys),
        documents=extras.documents, billing=extras.billing,
        deliveries=tuple(_goods(task_id, goods, keys) for task_id, goods in extras.deliveries),
    )  # fmt: skip


def ordered(tasks: Iterable[PlanTask]) -> list[PlanTask]:
    """Rows in the order of the plan: each phase before what stands under it."""
    below: dict[UUID | None, list[PlanTask]] = {}
    rows = list(tasks)
    ids = {task.id for task in rows}
    for task in sorted(rows, key=lambda one: (one.position, one.number)):
        below.setdefault(task.parent_id if task.parent_id in ids else None, []).append(task)
    found: list[PlanTask] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        task = waiting.pop()
        found.append(task)
        waiting += reversed(below.get(task.id, []))
    return found


def working_days(first: date, last: date) -> int:
    """Days from Monday to Friday from the first one until before the last."""
    return sum((first + timedelta(days=n)).weekday() < 5 for n in range((last - first).days))  # noqa: PLR2004 -- a week


def _row(task: PlanTask, extras: Extras, keys: Mapping[UUID, str], roles: Mapping[str, str], *, after: int) -> Row:
    is_phase = task.kind is TaskKind.PHASE
    role = roles.get(extras.roles.get(task.id, ""), "")
    return Row(
        key=keys[task.id], name=task.name, kind=task.kind,
        under=keys[task.parent_id] if task.parent_id is not None else "",
        effort_minutes=task.estimate_minutes,
        duration_minutes=None if is_phase or task.kind is TaskKind.MILESTONE else _lasting(task),
        starts_after_days=0 if is_phase else after, role=role, is_billable=task.id not in extras.unbilled,
        notes=extras.notes.get(task.id, ""), checklist=extras.checklists.get(task.id, ()),
    )  # fmt: skip


def _lasting(task: PlanTask) -> int:
    """As decided; a task dated by hand lasts from its first to its last day."""
    if task.duration_minutes is None and task.starts_on and task.due_on:
        days = working_days(task.starts_on, task.due_on + timedelta(days=1))
        return max(days, 1) * 480
    return duration_of(task)


def _after(task: PlanTask, starts_on: date) -> int:
    begins = task.constraint_at.date() if task.constraint_at else task.starts_on
    return max(working_days(starts_on, begins), 0) if begins and begins > starts_on else 0


def _gate(task_id: UUID, gate: GateLine, keys: Mapping[UUID, str], roles: Mapping[str, str]) -> GateLine:
    items = tuple(type(item)(kind=item.kind, text=item.text, role=roles.get(item.role, "")) for item in gate.items)
    return GateLine(name=gate.name, holds=keys[task_id], items=items)


def _goods(task_id: UUID | None, goods: Goods, keys: Mapping[UUID, str]) -> Goods:
    return Goods(
        item=goods.item, kind=goods.kind, supplier=goods.supplier, quantity=goods.quantity, unit=goods.unit,
        row=keys.get(task_id, "") if task_id else "", expected_after_days=goods.expected_after_days,
    )  # fmt: skip
