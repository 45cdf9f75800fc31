"""Gates of projects: what they ask for, whether it is met, and those that wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.kernel.errors import NotFound
from quoin.people.models import Person
from quoin.projects.models import Baseline, Gate, GateItem, Project, ProjectMember, Task, TaskCheck
from quoin.projects.queries import visible_projects
from quoin.projects.queries.reach import manages
from quoin.projects.rules import gates as rules
from quoin.projects.types import GateStatus, ProjectStatus

VIEW_GATES = permission("projects.gate.view", _("See the gates of projects"))
TICK = "projects.gate.tick"
WAIVE = "projects.gate.waive"
_MINUTES_PER_HOUR = 60
_LIVE = (ProjectStatus.PLANNED, ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD)
FACT_WORDS = {
    "budget_set": _("The project has a budget"),
    "baseline_set": _("The plan is kept as a baseline"),
    "contract_signed": _("The contract is active"),
    "team_named": _("The team is named"),
    "dates_set": _("Start and end are set"),
    "before_done": _("All tasks of the earlier phases are done"),
    "deliverables_accepted": _("All deliverables of the earlier phases are accepted"),
}


@dataclass(frozen=True, slots=True)
class ItemState:
    """An item with its answer; `may_tick` for who looks."""

    item: GateItem
    label: str
    is_met: bool
    why: str
    may_tick: bool

    @property
    def is_manual(self) -> bool:
        return self.item.kind == rules.MANUAL


@dataclass(frozen=True, slots=True)
class GateState:
    """A gate with its items."""

    gate: Gate
    items: tuple[ItemState, ...]
    may_waive: bool = False
    """Whether who looks may waive it."""

    @property
    def open_items(self) -> tuple[ItemState, ...]:
        return tuple(one for one in self.items if not one.is_met)

    @property
    def is_ready(self) -> bool:
        """Waits only for somebody to pass it."""
        return self.gate.status == GateStatus.WAITING and not self.open_items

    @property
    def met_count(self) -> int:
        return len(self.items) - len(self.open_items)


@dataclass(frozen=True, slots=True)
class _Known:
    """Facts and the actor's roles, by project."""

    facts: Mapping[UUID, rules.Facts]
    mine: Mapping[UUID, set[Any]]


def gates_of(actor: Actor, project: Project) -> tuple[GateState, ...]:
    """The gates of a project that the actor sees, in the order of the plan."""
    actor.require(VIEW_GATES)
    return _states(actor, _gates(Gate.objects.filter(project=project)))


def waiting_gates(actor: Actor) -> tuple[GateState, ...]:
    """Gates that wait in the running projects that the actor may see; those that are ready first."""
    actor.require(VIEW_GATES)
    seen = visible_projects(actor).filter(status__in=_LIVE).order_by().values("id")
    found = _states(actor, _gates(Gate.objects.filter(status=GateStatus.WAITING, project__in=seen)))
    return tuple(sorted(found, key=_urgency))


def _urgency(one: GateState) -> tuple[Any, ...]:
    return not one.is_ready, one.gate.due_on or date.max, one.gate.project.number, one.gate.position


def gate_for(actor: Actor, gate_id: UUID) -> GateState:
    """One gate, if its project may be seen."""
    actor.require(VIEW_GATES)
    gate = _gates(Gate.objects.filter(id=gate_id)).first()
    if gate is None or not visible_projects(actor).filter(id=gate.project_id).exists():
        raise NotFound("There is no such gate, or you may not see it.")
    return _states(actor, [gate])[0]


def gate_item(actor: Actor, item_id: UUID) -> ItemState:
    """One item of a gate whose project may be seen."""
    row = GateItem.objects.filter(id=item_id).first()
    if row is None:
        raise NotFound("There is no such item, or you may not see it.")
    return next(one for one in gate_for(actor, row.gate_id).items if one.item.id == item_id)


def held_by(project_id: UUID) -> dict[UUID, str]:
    """Rows of the plan that cannot begin, with the name of the gate that holds them."""
    gates = Gate.objects.filter(project=project_id, status=GateStatus.WAITING).order_by("-position")
    rows = plan_rows([project_id])[project_id]
    return {row.id: gate.name for gate in gates for row in rules.behind(rows, gate.task_id)}


def checklists_of(actor: Actor, project: Project) -> list[tuple[Task, list[TaskCheck]]]:
    """The tasks of a project that have a checklist, with its lines."""
    actor.require(VIEW_GATES)
    lines: defaultdict[UUID, list[TaskCheck]] = defaultdict(list)
    found = TaskCheck.objects.select_related("done_by").filter(task__project=project)
    for line in found.order_by("position", "id"):
        lines[line.task_id].append(line)
    tasks = Task.objects.select_related("assignee").filter(id__in=list(lines)).order_by("position", "number")
    return [(task, lines[task.id]) for task in tasks]


def facts_of(project_ids: Iterable[UUID]) -> dict[UUID, rules.Facts]:
    """What is known of projects, in one round per table."""
    ids = list(project_ids)
    projects = Project.objects.select_related("contract").filter(id__in=ids)
    baselines = {
        row.project_id: row.name for row in Baseline.objects.filter(project_id__in=ids).order_by("taken_at", "id")
    }
    team: defaultdict[UUID, int] = defaultdict(int)
    for project_id in ProjectMember.objects.filter(project_id__in=ids).values_list("project_id", flat=True):
        team[project_id] += 1
    rows = plan_rows(ids)
    return {
        project.id: rules.Facts(
            budget=_budget(project),
            baseline=baselines.get(project.id, ""),
            contract=project.contract.number if project.contract and project.contract.status == "active" else "",
            team=str(team[project.id] or ""),
            dates=f"{project.starts_on} – {project.ends_on}" if project.starts_on and project.ends_on else "",
            rows=rows[project.id],
        )
        for project in projects
    }


def plan_rows(project_ids: Iterable[UUID]) -> dict[UUID, tuple[rules.Row, ...]]:
    """The rows of plans in their order: each phase before what stands under it."""
    ids = list(project_ids)
    below: defaultdict[tuple[UUID, UUID | None], list[Task]] = defaultdict(list)
    for task in Task.objects.filter(project_id__in=ids).order_by("position", "number", "id"):
        below[task.project_id, task.parent_id].append(task)
    found: dict[UUID, tuple[rules.Row, ...]] = {}
    for project_id in ids:
        rows: list[rules.Row] = []
        waiting = list(reversed(below[project_id, None]))
        while waiting:
            task = waiting.pop()
            rows.append(_row(task))
            waiting += reversed(below.get((project_id, task.id), []))
        found[project_id] = tuple(rows)
    return found


def _row(task: Task) -> rules.Row:
    return rules.Row(
        task.id, task.parent_id, task.kind, task.status, task.percent, task.actual_start_at is not None,
        task.signed_at is not None,
    )  # fmt: skip


def _budget(project: Project) -> str:
    if project.budget_amount:
        return f"{project.budget_amount:.2f} {project.currency}"
    return f"{project.budget_minutes // _MINUTES_PER_HOUR} h" if project.budget_minutes else ""


def _gates(rows: QuerySet[Gate]) -> QuerySet[Gate]:
    joined = rows.select_related("project", "project__client", "task", "decided_by", "waiver_role")
    return joined.order_by("position", "id")


def _states(actor: Actor, gates: Iterable[Gate]) -> tuple[GateState, ...]:
    found = list(gates)
    known = _Known(
        facts_of({gate.project_id for gate in found if gate.status == GateStatus.WAITING}),
        roles_of(actor, {gate.project_id for gate in found}),
    )
    items: defaultdict[UUID, list[GateItem]] = defaultdict(list)
    rows = GateItem.objects.select_related("job_role", "met_by").filter(gate__in=found)
    for item in rows.order_by("position", "id"):
        items[item.gate_id].append(item)
    return tuple(
        GateState(
            gate, tuple(_state(actor, gate, item, known) for item in items[gate.id]),
            gate.status == GateStatus.WAITING and may_waive(actor, gate, known.mine),
        )
        for gate in found
    )  # fmt: skip


def _state(actor: Actor, gate: Gate, item: GateItem, known: _Known) -> ItemState:
    is_manual = item.kind == rules.MANUAL
    if gate.status == GateStatus.WAITING:
        found = rules.answer(rules.Item(item.kind, item.met_at), known.facts[gate.project_id], gate.task_id)
    else:
        found = rules.Answer(item.met_at is not None, item.evidence)
    why = item.evidence if is_manual else found.why
    label = item.text if is_manual else item.text or str(FACT_WORDS.get(item.kind, item.kind))
    may = is_manual and gate.status == GateStatus.WAITING and may_tick(actor, gate.project, item, known.mine)
    return ItemState(item, label, found.is_met, why, may)


def roles_of(actor: Actor, project_ids: Iterable[UUID]) -> dict[UUID, set[Any]]:
    """The job roles that the actor has in projects: the role as a member, and one's own."""
    ids = list(project_ids)
    if actor.person_id is None:
        return {key: set() for key in ids}
    own = Person.objects.filter(id=actor.person_id).values_list("job_role_id", flat=True).first()
    found: dict[UUID, set[Any]] = {key: set() for key in ids}
    rows = ProjectMember.objects.filter(person=actor.person_id, project_id__in=ids)
    for project_id, role_id in rows.values_list("project_id", "job_role_id"):
        found[project_id] |= {role_id, own} - {None}
    return found


def may_tick(actor: Actor, project: Project, item: GateItem, mine: Mapping[UUID, set[Any]]) -> bool:
    """An item of a role is ticked by who has that role in the project; others by its manager."""
    if not actor.may(TICK):
        return False
    if actor.may(TICK, Scope.ALL):
        return True
    if item.job_role_id is not None:
        return item.job_role_id in mine[project.id]
    return manages(actor, project)


def may_waive(actor: Actor, gate: Gate, mine: Mapping[UUID, set[Any]]) -> bool:
    """Who may waive every gate, or has in the project the role that this gate names."""
    if actor.may(WAIVE, Scope.ALL):
        return True
    return actor.may(WAIVE) and gate.waiver_role_id is not None and gate.waiver_role_id in mine[gate.project_id]
