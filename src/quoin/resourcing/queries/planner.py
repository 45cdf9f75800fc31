"""The planner: people by weeks or days, with what they can work, what is booked and, where asked, what was worked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from quoin.base.actor import Actor
from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.people.models import Person, PersonSkill
from quoin.people.queries.capacity import work_times
from quoin.people.queries.within import people_within
from quoin.people.queries.within import person_named as among
from quoin.people.rules.capacity import capacity_minutes, workable_minutes
from quoin.people.types import WorkTime
from quoin.resourcing.queries import VIEW
from quoin.resourcing.types import Cell

MOST_DAYS = 800
_LOAD = """
SELECT person_id, (day_on - %(first)s::date) / %(step)s AS at, sum(firm_minutes), sum(tentative_minutes)
FROM resourcing_dayload
WHERE tenant_id = %(tenant)s AND day_on BETWEEN %(first)s AND %(last)s AND person_id = ANY (%(people)s)
  AND (firm_minutes > 0 OR tentative_minutes > 0)
GROUP BY 1, 2
"""
Actuals = Callable[[Actor, Collection[UUID], date, date], Mapping[tuple[UUID, date], int]]
"""Minutes worked: (actor, people, first day, last day) to minutes by person and day."""
_actuals: list[Actuals] = []


def provide_actuals(found: Actuals) -> None:
    """Say who knows what was worked: time is recorded above this app."""
    if found not in _actuals:
        _actuals.append(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the planner shows. `step` is 7 for weeks, 1 for days."""

    from_on: date
    columns: int
    step: int = 7
    team_id: UUID | None = None
    job_role_id: UUID | None = None
    skill_id: UUID | None = None
    least_level: int = 1
    free_percent: int = 0
    """Only people of whom so much is free between the two days."""
    free_from: date | None = None
    free_until: date | None = None
    people: tuple[UUID, ...] = ()
    with_actual: bool = False
    search: str = ""

    @property
    def until_on(self) -> date:
        """Last day, included."""
        return self.from_on + timedelta(days=self.columns * self.step - 1)


@dataclass(frozen=True, slots=True)
class Row:
    """A person and their cells."""

    person: Any
    cells: tuple[Cell, ...]

    @property
    def total(self) -> Cell:
        """All cells as one."""
        return added(self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """The planner: first days of the columns, rows by name, and the team as a whole."""

    starts: tuple[date, ...]
    rows: tuple[Row, ...]

    @property
    def totals(self) -> tuple[Cell, ...]:
        """Each column of all rows as one."""
        return tuple(added(column) for column in zip(*(row.cells for row in self.rows), strict=True))


def grid(actor: Actor, wanted: Wanted) -> Grid:
    """The planner for the people whom the actor may look at, in a handful of queries whatever their number."""
    days = wanted.columns * wanted.step
    if not 1 <= days <= MOST_DAYS or wanted.step not in {1, 7}:
        raise invalid(
            "/columns",
            say("The planner shows from 1 to %(most_days)s days, in steps of days or weeks.", most_days=MOST_DAYS),
        )
    people = list(_people(actor, wanted))
    ids = [person.id for person in people]
    times = work_times(ids, wanted.from_on, wanted.until_on)
    load = _load(actor, wanted, ids)
    actual = _actual(actor, wanted, ids)
    known: dict[Hashable, list[int]] = {}
    rows = (
        Row(person, _cells(wanted, times[person.id], load[person.id], actual[person.id] if actual else None, known))
        for person in people
    )
    starts = tuple(wanted.from_on + timedelta(days=wanted.step * at) for at in range(wanted.columns))
    return Grid(starts, tuple(row for row in rows if _is_free(wanted, row)))


def _people(actor: Actor, wanted: Wanted) -> Any:
    people = people_within(actor, VIEW).exclude(kind="placeholder").select_related("team", "job_role")
    people = people.filter(Q(left_on=None) | Q(left_on__gt=wanted.from_on))
    people = people.filter(Q(hired_on=None) | Q(hired_on__lte=wanted.until_on))
    for name in ("team_id", "job_role_id"):
        if getattr(wanted, name) is not None:
            people = people.filter(**{name: getattr(wanted, name)})
    if wanted.skill_id is not None:
        able = PersonSkill.objects.filter(skill_id=wanted.skill_id, level__gte=wanted.least_level)
        people = people.filter(id__in=able.order_by().values("person_id"))
    if wanted.people:
        people = people.filter(id__in=wanted.people)
    if wanted.search:
        people = people.filter(Q(name__icontains=wanted.search) | Q(job_role__name__icontains=wanted.search))
    return people.order_by(F("team__name").asc(nulls_last=True), "name", "id")


def _load(actor: Actor, wanted: Wanted, ids: list[UUID]) -> defaultdict[UUID, dict[int, tuple[int, int]]]:
    found: defaultdict[UUID, dict[int, tuple[int, int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            _LOAD,
            {
                "first": wanted.from_on, "last": wanted.until_on, "step": wanted.step, "tenant": actor.tenant_id,
                "people": ids,
            },
        )  # fmt: skip
        for person, at, firm, tentative in cursor.fetchall():
            found[person][at] = (int(firm), int(tentative))
    return found


def _actual(actor: Actor, wanted: Wanted, ids: list[UUID]) -> dict[UUID, dict[int, int]] | None:
    if not wanted.with_actual or not _actuals or not ids:
        return None
    found: dict[UUID, dict[int, int]] = {person: {} for person in ids}
    for (person, day), minutes in _actuals[0](actor, ids, wanted.from_on, wanted.until_on).items():
        at = (day - wanted.from_on).days // wanted.step
        found[person][at] = found[person].get(at, 0) + minutes
    return found


def _cells(  # noqa: PLR0917 - called for each person in one place
    wanted: Wanted,
    time: WorkTime,
    load: Mapping[int, tuple[int, int]],
    actual: Mapping[int, int] | None,
    known: dict[Hashable, list[int]],
) -> tuple[Cell, ...]:
    # Most people of a firm share calendar and hours, and what they can work is worked out once for all of them.
    days = wanted.columns * wanted.step
    hired_on = time.hired_on if time.hired_on is None or time.hired_on > wanted.from_on else None
    usual = (id(time.calendar), time.patterns, hired_on, time.left_on)
    workable = known.get(usual)
    if workable is None:
        workable = known[usual] = _stepped(workable_minutes(time, wanted.from_on, days), wanted.step)
    capacity = _stepped(capacity_minutes(time, wanted.from_on, days), wanted.step) if time.absences else workable
    none = (0, 0)
    return tuple(
        Cell(whole, left, *load.get(at, none), None if actual is None else actual.get(at, 0))
        for at, (whole, left) in enumerate(zip(workable, capacity, strict=True))
    )


def _stepped(daily: list[int], step: int) -> list[int]:
    return daily if step == 1 else [sum(daily[at : at + step]) for at in range(0, len(daily), step)]


def _is_free(wanted: Wanted, row: Row) -> bool:
    if not wanted.free_percent:
        return True
    first = wanted.free_from or wanted.from_on
    last = wanted.free_until or wanted.until_on
    begin = max((first - wanted.from_on).days // wanted.step, 0)
    cells = row.cells[begin : (last - wanted.from_on).days // wanted.step + 1]
    whole = added(cells)
    return whole.capacity > 0 and whole.free * 100 >= whole.capacity * wanted.free_percent


def added(cells: Collection[Cell]) -> Cell:
    """Cells as one."""
    worked = [cell.actual for cell in cells if cell.actual is not None]
    return Cell(
        sum(cell.workable for cell in cells),
        sum(cell.capacity for cell in cells),
        sum(cell.firm for cell in cells),
        sum(cell.tentative for cell in cells),
        sum(worked) if worked else None,
    )


def person_named(actor: Actor, text: str) -> Person:
    """Who is meant by typed words, among those whose bookings the actor may see."""
    return among(people_within(actor, VIEW), text)
