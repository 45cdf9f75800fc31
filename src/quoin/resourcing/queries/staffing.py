"""Reads of staffing runs: how they stand, their plans with reasons, and what changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.listing import Column, Kind, Listing, Status
from quoin.kernel.errors import NotFound
from quoin.people.models import Person
from quoin.people.queries import VIEW_COST
from quoin.people.queries.capacity import capacities
from quoin.resourcing.models import Demand, StaffingGoal, StaffingProposal, StaffingRun
from quoin.resourcing.queries.demands import need_of
from quoin.resourcing.queries.staffing_case import OPEN, open_need, workers_of
from quoin.resourcing.rules.filling import Part
from quoin.resourcing.rules.staffing.goals import GOALS, goal_of
from quoin.resourcing.rules.staffing.options import cut, fits, free_minutes
from quoin.resourcing.rules.staffing.values import Case, Goal
from quoin.resourcing.types import Reason

VIEW = permission("resourcing.staffing.view", _("See staffing runs and their reasons"))
STATES = {
    "waiting": Status("neutral", _("Waiting")),
    "running": Status("info", _("Running")),
    "stopping": Status("info", _("Stopping")),
    "done": Status("success", _("Answered")),
    "stopped": Status("warning", _("Stopped with the best so far")),
    "failed": Status("danger", _("Failed")),
}
RUNS = Listing(
    key="staffing_runs",
    columns=(
        Column(key="asked_at", label=_("Asked"), kind=Kind.DAY),
        Column(key="goal", label=_("Objective")),
        Column(key="asked_by", label=_("Asked by"), source="asked_by__name"),
        Column(key="outcome", label=_("Outcome")),
    ),
    search=("goal__iexact", "asked_by__name__icontains"),
    sort="-asked_at",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run is, and while it runs the worth and bound so far."""

    state: str
    worth: int = 0
    bound: int = 0
    message: str = ""

    @property
    def is_over(self) -> bool:
        return self.state in {"done", "failed", "stopped"}

    @property
    def gap_percent(self) -> float:
        return round(100 * (self.bound - self.worth) / self.bound, 2) if self.bound > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Seat:
    """A proposal as it is shown, with what speaks against it now."""

    row: StaffingProposal
    reasons: tuple[Reason, ...]
    conflict: str = ""

    @property
    def is_open(self) -> bool:
        return self.row.accepted_at is None and not self.conflict


def visible_runs(actor: Actor) -> QuerySet[StaffingRun]:
    """Runs of everybody, of the actor's team, or the actor's own, by the right to see them."""
    rows = StaffingRun.objects.select_related("asked_by").order_by("-asked_at", "-id")
    scope = actor.scope(VIEW)
    if scope is None:
        return rows.none()
    if scope is Scope.ALL:
        return rows
    if scope is Scope.TEAM and actor.team_id:
        return rows.filter(asked_by__team=actor.team_id)
    return rows.filter(asked_by=actor.person_id) if actor.person_id else rows.none()


def run_for(actor: Actor, run_id: UUID | str) -> StaffingRun:
    """The run; NotFound if there is none that the actor may see."""
    try:
        key = run_id if isinstance(run_id, UUID) else _uuid(run_id)
    except ValueError:
        raise NotFound("There is no such staffing run.") from None
    found = visible_runs(actor).filter(id=key).first()
    if found is None:
        raise NotFound("There is no such staffing run, or you may not see it.")
    return found


def _uuid(text: str) -> UUID:
    return StaffingRun.uuid_of(text) if text.startswith("sfr_") else UUID(text)


def session_name(run_id: UUID) -> str:
    """First part of the name of the session that solves."""
    return f"staffing {run_id.hex} "


def standing_of(run: StaffingRun) -> Standing:
    if run.ended_at is not None:
        return Standing(run.outcome, run.worth, run.bound, run.message)
    name = session_name(run.id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity WHERE starts_with(application_name, %s) LIMIT 1", [name]
        )
        found = cursor.fetchone()
    worth, bound = (int(part) for part in found[0].removeprefix(name).split()) if found else (0, 0)
    state = "stopping" if run.stop_asked_at else ("running" if found else "waiting")
    return Standing(state, worth, bound)


def seats_of(actor: Actor, run: StaffingRun) -> dict[int, list[Seat]]:
    """The proposals of each plan, with what changed since. Cost only for who may see it."""
    rows = StaffingProposal.objects.filter(run=run).select_related("demand", "demand__project", "person", "accepted_by")
    ordered = list(rows.order_by("plan", "demand__priority", "demand__number", "person__name"))
    against = conflicts(actor, run, ordered)
    may_cost = actor.may(VIEW_COST, Scope.ALL)
    found: dict[int, list[Seat]] = {}
    for row in ordered:
        reasons = tuple(_shown(Reason(*one), may_cost=may_cost) for one in row.reasons)
        found.setdefault(row.plan, []).append(Seat(row, reasons, against.get(row.id, "")))
    return found


def _shown(reason: Reason, *, may_cost: bool) -> Reason:
    if reason.key != "margin" or may_cost:
        return reason
    return Reason(reason.key, reason.points, str(_("cost (not yours to see)")))


def conflicts(actor: Actor, run: StaffingRun, rows: Iterable[StaffingProposal]) -> dict[UUID, str]:
    """What speaks against proposals now that did not when the run was answered."""
    listed = list(rows)
    begun = {row.demand_id for row in listed if row.accepted_at is not None}
    found: dict[UUID, str] = {}
    live = [row for row in listed if row.accepted_at is None and not _closed(row, begun, found)]
    if not live:
        return found
    people = list(Person.objects.filter(id__in={row.person_id for row in live}))
    first, last = min(row.starts_on for row in live), max(row.ends_on for row in live)
    workers = {one.candidate.person_id: one for one in workers_of(actor, people, first, last)}
    case = Case(asks=(), workers=(), keeps_tentative=run.keeps_tentative)
    needs = {row.demand_id: open_need(row.demand, need_of(row.demand), run.asked_at.date()) for row in live}
    for row in live:
        worker = workers[row.person_id]
        free = free_minutes(worker, keeps_tentative=run.keeps_tentative)
        fault = fits(case, worker, free, cut(needs[row.demand_id], row.shift_weeks, row.share))
        if isinstance(fault, Reason):
            found[row.id] = fault.text
    return found


def _closed(row: StaffingProposal, begun: set[UUID], found: dict[UUID, str]) -> bool:
    """A request of which a share was accepted from this run has changed by that, and may be completed."""
    if row.demand.status not in OPEN:
        found[row.id] = str(_("the request is %(status)s")) % {"status": row.demand.status}
    elif row.demand.version != row.demand_version and row.demand_id not in begun:
        found[row.id] = str(_("the request was changed since"))
    return row.id in found


def working_parts(person_id: UUID, parts: Iterable[Part]) -> list[Part]:
    """The bookings on whose days the person works at all."""
    listed = list(parts)
    if not listed:
        return []
    first, last = listed[0].first, max(part.last for part in listed)
    capacity = capacities([person_id], first, last)[person_id]
    return [part for part in listed if any(capacity[(part.first - first).days : (part.last - first).days + 1])]


def names_in(run: StaffingRun) -> tuple[dict[int, Demand], dict[int, str]]:
    """Requests and people of the answer by their place in it."""
    demands = Demand.objects.select_related("project").in_bulk([UUID(one) for one in run.answer.get("demands", ())])
    people = dict(Person.objects.filter(id__in=run.answer.get("people", ())).values_list("id", "name"))
    return (
        {at: demands[UUID(one)] for at, one in enumerate(run.answer.get("demands", ())) if UUID(one) in demands},
        {at: people.get(UUID(one), "") for at, one in enumerate(run.answer.get("people", ()))},
    )


def why_not(run: StaffingRun) -> dict[int, list[tuple[int, str, str]]]:
    """By request: (person, kind, fact), the soft reasons first."""
    order = {"less": 0, "equal": 1, "other": 2, "busy": 3, "hard": 4}
    found: defaultdict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for ask, worker, kind, text in run.answer.get("why_not", ()):
        found[ask].append((worker, kind, text))
    for rows in found.values():
        rows.sort(key=lambda one: (order[one[1]], one[0]))
    return dict(found)


def goal_for(actor: Actor) -> Goal:
    """The goal saved for the actor's team, else for everybody, else the usual one."""
    rows = {row.team_id: row for row in StaffingGoal.objects.all()}
    row = rows.get(actor.team_id) or rows.get(None)
    return goal_from(row.goal, row.weights) if row else GOALS["balanced"]


def goal_from(name: str, weights: Mapping[str, Any]) -> Goal:
    """A goal from kept weights."""
    kept = {key: int(value) for key, value in weights.items()}
    spread = kept.pop("spread", None)
    return goal_of(name, kept, spread)
