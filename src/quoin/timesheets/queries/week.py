"""A person's week: rows, cells, targets, suggestions, checks. What the grid, the API and the command line show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from quoin.base.actor import Actor
from quoin.base.db.prepared import rows_of
from quoin.timesheets.queries import access, facts
from quoin.timesheets.queries.facts import PersonFacts, WorkFacts
from quoin.timesheets.rules.checks import submit_checks
from quoin.timesheets.rules.locks import day_lock, work_lock
from quoin.timesheets.rules.states import may_withdraw, week_status
from quoin.timesheets.rules.suggest import Plan, suggestions
from quoin.timesheets.types import WEEK_DAYS, Check, Entry, Lock, RowKey, Status, Suggestion, Why

_WEEK = timedelta(days=WEEK_DAYS)


@dataclass(frozen=True, slots=True)
class RowNames:
    """What a row is called."""

    client: str
    project: str
    number: str
    task: str
    color: int
    is_pinned: bool = False

    @property
    def label(self) -> str:
        return " · ".join(part for part in (self.client, self.project, self.task) if part)


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of the grid. `lock` says why nothing new can be typed into it."""

    day: date
    entries: tuple[Entry, ...] = ()
    lock: Lock | None = None
    suggestion: Suggestion | None = None

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries)


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of the grid. `left_minutes` is what remains of the task's or project's budget; None without one."""

    key: RowKey
    names: RowNames
    is_billable: bool
    cells: tuple[CellView, ...]
    left_minutes: int | None = None
    budget_minutes: int = 0

    @property
    def minutes(self) -> int:
        return sum(cell.minutes for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Week:
    """A timesheet."""

    person: PersonFacts
    week_on: date
    status: Status
    submitted_at: datetime | None
    rows: tuple[RowView, ...]
    targets: dict[date, int]
    suggestions: tuple[Suggestion, ...]
    may_withdraw: bool
    """A week handed in can be taken back; an approved one can be opened for more."""

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.week_on + timedelta(days=offset) for offset in range(WEEK_DAYS))

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.rows)

    @property
    def target(self) -> int:
        return sum(self.targets.values())

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for row in self.rows for cell in row.cells for entry in cell.entries)


@dataclass(frozen=True, slots=True)
class _Sources:
    person: PersonFacts
    logged: list[Entry]
    last_week: list[Entry]
    pinned: list[RowKey]
    plans: list[Plan]
    works: dict[RowKey, WorkFacts]
    names: dict[RowKey, RowNames]
    submitted_at: datetime | None
    targets: dict[date, int]


def week_for(actor: Actor, person_id: UUID, week_on: date, *, today: date) -> Week:
    """The week as the owner or somebody with reach sees it; NotFound else."""
    found = _read(actor, person_id, week_on)
    return _week(found, week_on, today=today, budget=budgets_of(actor, found.names))


def logged_week_for(actor: Actor, person_id: UUID, week_on: date, *, today: date) -> Week:
    """The same for those who act on it and show nothing: what is left of budgets is not worked out."""
    return _week(_read(actor, person_id, week_on), week_on, today=today, budget={})


def _week(found: _Sources, week_on: date, *, today: date, budget: dict[RowKey, tuple[int, int]]) -> Week:
    targets = found.targets
    proposed = _proposed(found, targets)
    submitted = found.submitted_at is not None
    locks = {day: _day_lock(found.person, day, today) for day in targets}
    rows = tuple(
        _row(key, found, proposed, locks=locks, days=list(targets), is_submitted=submitted, budget=budget)
        for key in _row_order(found, proposed)
    )
    statuses = [entry.status for entry in found.logged]
    return Week(
        person=found.person, week_on=week_on, status=_status(statuses, is_submitted=submitted),
        submitted_at=found.submitted_at, rows=rows, targets=targets, suggestions=() if submitted else proposed,
        may_withdraw=submitted and (may_withdraw(statuses) or Status.SUBMITTED not in statuses),
    )  # fmt: skip


def cells_for(actor: Actor, person_id: UUID, week_on: date) -> tuple[PersonFacts, list[Entry]]:
    """Only what is logged: the cheap answer for devices that hold the page already."""
    person = facts.person_facts(actor, person_id, since=week_on, until=week_on + _WEEK)
    person = access.require_reach(actor, access.VIEW_TIME, person)
    return person, facts.entries_between(actor, person_id, since=week_on, until=week_on + _WEEK)


def checks_for(actor: Actor, week: Week) -> tuple[Check, ...]:
    """What the week is checked for before it is handed in."""
    entries = [entry for entry in week.entries if entry.status is not Status.APPROVED]
    works = facts.works_of(actor, week.person.id, list({entry.row for entry in week.entries}))
    budget = budgets_of(actor, [RowKey(key.project_id) for key in works])
    left = {key.project_id: one[0] - one[1] for key, one in budget.items() if one[0]}
    return submit_checks(
        entries,
        targets=week.targets,
        works={key: found.work for key, found in works.items()},
        budget_left=left,
        policy=week.person.policy,
    )


def _status(statuses: Sequence[Status], *, is_submitted: bool) -> Status:
    return Status.SUBMITTED if is_submitted and not statuses else week_status(statuses)


def _day_lock(person: PersonFacts, day: date, today: date) -> Lock | None:
    return day_lock(day, employment=person.employment, closed=person.closed, policy=person.policy, today=today)


def _read(actor: Actor, person_id: UUID, week_on: date) -> _Sources:
    person = facts.person_facts(actor, person_id, since=week_on, until=week_on + _WEEK)
    person = access.require_reach(actor, access.VIEW_TIME, person)
    entries = facts.entries_between(actor, person_id, since=week_on - _WEEK, until=week_on + _WEEK)
    logged = [entry for entry in entries if entry.work_on >= week_on]
    last_week = [entry for entry in entries if entry.work_on < week_on]
    habits = _habits(actor, person_id, week_on, recent=entries)
    pinned, plans = habits.pinned, habits.plans
    keys = list(dict.fromkeys([*pinned, *(plan.row for plan in plans), *(entry.row for entry in entries)]))
    works = facts.works_of(actor, person_id, keys)
    names = names_of(actor, keys, pinned=pinned)
    return _Sources(person, logged, last_week, pinned, plans, works, names, habits.submitted_at, habits.targets)


_HABITS = """
SELECT 'pin', w.project_id, w.task_id, 0, NULL::date, NULL::date, NULL::timestamptz, w.position
FROM timesheets_pinnedrow w WHERE w.tenant_id = %(tenant)s AND w.person_id = %(person)s
UNION ALL
SELECT 'plan', m.project_id, t.id, m.minutes_per_day, greatest(m.starts_on, p.starts_on),
  least(m.ends_on, p.ends_on), NULL, 0
FROM projects_projectmember m JOIN projects_project p ON p.tenant_id = m.tenant_id AND p.id = m.project_id
LEFT JOIN LATERAL (
  SELECT t.id FROM projects_task t
  WHERE t.tenant_id = m.tenant_id AND t.project_id = m.project_id AND t.assignee_id = m.person_id
    AND t.status IN ('open', 'in_progress') AND NOT t.is_milestone
  ORDER BY t.status <> 'in_progress', t.due_on NULLS LAST, t.position, t.id LIMIT 1
) t ON true
WHERE m.tenant_id = %(tenant)s AND m.person_id = %(person)s AND p.status IN ('planned', 'active')
  AND (m.starts_on IS NULL OR m.starts_on < %(until)s) AND (m.ends_on IS NULL OR m.ends_on >= %(week)s)
  AND (p.starts_on IS NULL OR p.starts_on < %(until)s) AND (p.ends_on IS NULL OR p.ends_on >= %(week)s)
UNION ALL
SELECT 'sheet', NULL, NULL, 0, NULL, NULL, s.submitted_at, 0
FROM timesheets_timesheet s WHERE s.tenant_id = %(tenant)s AND s.person_id = %(person)s AND s.week_on = %(week)s
UNION ALL
SELECT 'target', NULL, NULL, people_day_capacity(%(tenant)s, %(person)s, d.day_on::date), d.day_on::date, NULL, NULL, 0
FROM generate_series(%(week)s::date, %(until)s::date - 1, interval '1 day') AS d (day_on)
UNION ALL
SELECT 'booked', b.project_id, b.task_id, d.minutes, d.day_on, NULL, NULL, 0
FROM resourcing_bookingday d JOIN resourcing_booking b ON b.tenant_id = d.tenant_id AND b.id = d.booking_id
WHERE d.tenant_id = %(tenant)s AND d.person_id = %(person)s AND d.day_on >= %(week)s AND d.day_on < %(until)s
  AND d.is_firm
ORDER BY 1, 8, 2
"""


@dataclass(frozen=True, slots=True)
class _Habits:
    pinned: list[RowKey]
    plans: list[Plan]
    submitted_at: datetime | None
    targets: dict[date, int]
    """Minutes due on each day: the working hours less holidays and absences, as bookings are judged by."""


def _habits(actor: Actor, person_id: UUID, week_on: date, *, recent: Iterable[Entry]) -> _Habits:
    week = {"tenant": actor.tenant_id, "person": person_id, "week": week_on, "until": week_on + _WEEK}
    rows = rows_of(_HABITS, week)
    usual = _usual_tasks(recent)
    plans = [
        # What the person books on most says best which task the plan means.
        Plan(RowKey(row[1], usual.get(row[1], row[2])), row[3], row[4], row[5])
        for row in rows
        if row[0] == "plan"
    ]
    plans += [
        Plan(RowKey(row[1], row[2] or usual.get(row[1])), row[3], row[4], row[4], Why.BOOKED)
        for row in rows
        if row[0] == "booked"
    ]
    return _Habits(
        pinned=[RowKey(row[1], row[2]) for row in rows if row[0] == "pin"],
        plans=plans,
        submitted_at=next((row[6] for row in rows if row[0] == "sheet"), None),
        targets={row[4]: row[3] for row in sorted(rows, key=lambda row: row[4] or week_on) if row[0] == "target"},
    )


def _usual_tasks(recent: Iterable[Entry]) -> dict[UUID, UUID | None]:
    minutes: Counter[RowKey] = Counter()
    for entry in recent:
        minutes[entry.row] += entry.minutes
    return {row.project_id: row.task_id for row, _ in reversed(minutes.most_common())}


def _proposed(found: _Sources, targets: dict[date, int]) -> tuple[Suggestion, ...]:
    bookable = frozenset(key for key, one in found.works.items() if one.work.is_active and one.work.is_task_open)
    return suggestions(
        targets=targets, plans=found.plans, logged=found.logged, last_week=found.last_week, bookable=bookable
    )


def _row_order(found: _Sources, proposed: Sequence[Suggestion]) -> list[RowKey]:
    """Pinned rows, then planned, logged and suggested ones by name; an empty week starts from recent work."""
    used = {plan.row for plan in found.plans if plan.minutes_per_day}
    used |= {entry.row for entry in found.logged} | {one.row for one in proposed}
    rows = list(dict.fromkeys([*found.pinned, *sorted(used, key=lambda key: found.names[key].label)]))
    if not rows:
        rows = list(dict.fromkeys(entry.row for entry in reversed(found.last_week)))[:3]
    return [key for key in rows if key in found.works]


def _row(
    key: RowKey,
    found: _Sources,
    proposed: Iterable[Suggestion],
    *,
    locks: dict[date, Lock | None],
    days: Iterable[date],
    is_submitted: bool,
    budget: dict[RowKey, tuple[int, int]],
) -> RowView:
    work = found.works[key].work
    cells: defaultdict[date, list[Entry]] = defaultdict(list)
    for entry in found.logged:
        if entry.row == key:
            cells[entry.work_on].append(entry)
    hints = {} if is_submitted else {one.day: one for one in proposed if one.row == key}
    views = tuple(
        CellView(
            day,
            tuple(cells[day]),
            _cell_lock(cells[day], work_lock(work, day) or locks[day], is_submitted=is_submitted),
            hints.get(day),
        )
        for day in days
    )
    planned, spent = budget.get(key) or budget.get(RowKey(key.project_id)) or (0, 0)
    left = planned - spent if planned else None
    return RowView(key, found.names[key], work.is_billable, views, left, planned)


def _cell_lock(entries: Sequence[Entry], lock: Lock | None, *, is_submitted: bool) -> Lock | None:
    if entries and all(entry.status is Status.APPROVED for entry in entries):
        return Lock.APPROVED
    if entries and all(entry.status in {Status.SUBMITTED, Status.APPROVED} for entry in entries):
        return Lock.SUBMITTED
    return lock or (Lock.SUBMITTED if is_submitted and not entries else None)


_NAMES = """
SELECT a.project_id, a.task_id, cl.name, p.name, p.number, coalesce(t.name, ''), p.color
FROM unnest(%s::uuid[], %s::uuid[]) AS a (project_id, task_id)
JOIN projects_project p ON p.tenant_id = %s AND p.id = a.project_id
JOIN clients_client cl ON cl.tenant_id = p.tenant_id AND cl.id = p.client_id
LEFT JOIN projects_task t ON t.tenant_id = p.tenant_id AND t.id = a.task_id
"""


def names_of(actor: Actor, rows: Iterable[RowKey], *, pinned: Iterable[RowKey] = ()) -> dict[RowKey, RowNames]:
    """Names of rows."""
    keys, kept = list(rows), frozenset(pinned)
    found = rows_of(_NAMES, [[key.project_id for key in keys], [key.task_id for key in keys], actor.tenant_id])
    named = {RowKey(row[0], row[1]): RowNames(*row[2:]) for row in found}
    return {key: replace(name, is_pinned=key in kept) for key, name in named.items()}


_BUDGETS = """
WITH asked AS (SELECT DISTINCT unnest(%(projects)s::uuid[]) AS project_id)
SELECT p.id, NULL::uuid, p.budget_minutes, coalesce((
    SELECT sum(m.minutes) FROM timesheets_timemonth m WHERE m.tenant_id = p.tenant_id AND m.project_id = p.id), 0)
FROM asked a JOIN projects_project p ON p.tenant_id = %(tenant)s AND p.id = a.project_id
UNION ALL
SELECT t.project_id, t.id, t.estimate_minutes, coalesce(sum(e.minutes), 0)
FROM projects_task t LEFT JOIN timesheets_timeentry e
  ON e.tenant_id = t.tenant_id AND e.project_id = t.project_id AND e.task_id = t.id
WHERE t.tenant_id = %(tenant)s AND t.id = ANY(%(tasks)s::uuid[]) AND t.estimate_minutes > 0
GROUP BY t.project_id, t.id, t.estimate_minutes
"""


def budgets_of(actor: Actor, rows: Iterable[RowKey]) -> dict[RowKey, tuple[int, int]]:
    """Planned and logged minutes of the rows' projects, and of their tasks that have an estimate."""
    keys = list(rows)
    if not keys:
        return {}
    projects, tasks = [key.project_id for key in keys], [key.task_id for key in keys if key.task_id]
    found = rows_of(_BUDGETS, {"tenant": actor.tenant_id, "projects": projects, "tasks": tasks})
    return {RowKey(row[0], row[1]): (row[2], int(row[3])) for row in found}
