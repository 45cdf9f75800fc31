"""What comes out of a plan: load, utilisation, cost, revenue, margin, requests, ends and cash, each with its lines.

Everything is planned work of the horizon: what is booked, firm and tentative, and what is asked for and not booked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from quoin.insights.rules.scenarios.cash import CashMonth, cash_months, low_point
from quoin.insights.rules.scenarios.chances import likely_ends
from quoin.insights.rules.scenarios.facts import Facts, PersonFact
from quoin.insights.rules.scenarios.pricing import Planned, cost_of, planned_work, revenue_of
from quoin.kernel.money import Money, total

LOAD, UTILISATION, UNFILLED = "load", "utilisation", "unfilled"
COST, REVENUE, MARGIN, MARGIN_RATIO, CASH = "cost", "revenue", "margin", "margin_ratio", "cash"
END, ROLE = "end:", "role:"
EVEN, SAFE = "p50:", "p80:"
_PERCENTILES = (10, 20, 30, 40, 50, 60, 70, 80, 90, 100)
_OVER = 110
_WEEK = 7
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Line:
    """What a value is made of. `value` adds up to it: a count, minutes, or an amount."""

    label: str
    value: Decimal
    on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A value of the comparison. `value` is None where there is nothing to divide or nothing planned."""

    key: str
    label: str
    unit: str
    """money, percent, count or day."""
    value: Decimal | date | None
    is_higher_better: bool | None
    lines: tuple[Line, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All rows of one plan, and its cash by month."""

    rows: tuple[Row, ...]
    months: tuple[CashMonth, ...] = ()
    unpriced: tuple[str, ...] = ()
    """What could not be counted, and why."""

    def row(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.key == key), None)


def outcome(facts: Facts, *, with_cost: bool = True) -> Outcome:
    """The rows of the plan."""
    work = planned_work(facts)
    cost, revenue = _money(facts, work, "cost"), _money(facts, work, "revenue")
    months = cash_months(facts, work)
    rows = [
        _row(REVENUE, "money", [*revenue, *_due(facts)], is_higher_better=True),
        *(_margins([*revenue, *_due(facts)], cost) if with_cost else ()),
        _utilisation(facts),
        *_roles(facts),
        _row(LOAD, "count", _crowded(facts), is_higher_better=False),
        _row(UNFILLED, "count", _unfilled(facts), is_higher_better=False),
    ]
    if with_cost:
        low = low_point(months)
        rows.append(
            Row(CASH, "", "money", low.balance if low else Decimal(0), True, _cash_lines(months, low),
                f"{low.month_on:%Y-%m}" if low else "")
        )  # fmt: skip
    rows += _ends(facts)
    unpriced = tuple(dict.fromkeys(one.unpriced for one in work if one.unpriced))
    return Outcome(tuple(rows), months if with_cost else (), unpriced)


def likely(facts: Facts) -> Outcome:
    """By when the projects of the loaded plans end with even odds, and at four in five."""
    rows = []
    for plan in facts.plans:
        for key, chances in likely_ends(plan).items():
            project = facts.projects.get(key)
            if project is None or project.status == "closed":
                continue
            lines = tuple(
                Line(project.name, Decimal(percent), chances.by(percent), f"{percent} % of {len(chances.days)}")
                for percent in _PERCENTILES
            )
            rows += [
                Row(f"{mark}{key}", project.name, "day", chances.by(percent), False, lines)
                for mark, percent in ((EVEN, 50), (SAFE, 80))
            ]
    return Outcome(tuple(rows))


def _row(key: str, unit: str, lines: Sequence[Line], *, is_higher_better: bool) -> Row:
    return Row(key, "", unit, sum((line.value for line in lines), Decimal(0)), is_higher_better, tuple(lines))


def _money(facts: Facts, work: Iterable[Planned], what: str) -> list[Line]:
    value = cost_of if what == "cost" else revenue_of
    by_thing: defaultdict[tuple[str, str, date], list[Money]] = defaultdict(list)
    minutes: defaultdict[tuple[str, str, date], int] = defaultdict(int)
    for one in work:
        found = value(facts, one)
        if found is None:
            continue
        key = (one.project, one.who, one.month_on)
        by_thing[key].append(found)
        minutes[key] += one.minutes
    return [
        Line(f"{project} · {who}", total(found, facts.currency).amount, month, _hours(minutes[project, who, month]))
        for (project, who, month), found in sorted(by_thing.items())
        if any(found)
    ]


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d} h"


def _due(facts: Facts) -> list[Line]:
    found = []
    for one in sorted(facts.due.values(), key=lambda due: (due.due_on, due.label)):
        worth = facts.worth(one.price)
        if worth is not None and facts.has(one.due_on):
            found.append(Line(one.label, worth.amount, one.due_on, one.kind))
    return found


def _margins(revenue: Sequence[Line], cost: Sequence[Line]) -> tuple[Row, Row, Row]:
    spent = [Line(one.label, -one.value, one.on, one.note) for one in cost]
    lines = (*revenue, *spent)
    earned = sum((one.value for one in revenue), Decimal(0))
    left = sum((one.value for one in lines), Decimal(0))
    ratio = (left * _HUNDRED / earned).quantize(Decimal("0.1")) if earned else None
    return (
        _row(COST, "money", cost, is_higher_better=False),
        Row(MARGIN, "", "money", left, True, lines),
        Row(MARGIN_RATIO, "", "percent", ratio, True, lines),
    )


def _booked(facts: Facts) -> dict[UUID, dict[date, int]]:
    found: dict[UUID, dict[date, int]] = {key: {} for key in facts.people}
    for one in facts.bookings.values():
        mine = found.setdefault(one.person_id, {})
        for day, minutes in one.days.items():
            if facts.has(day):
                mine[day] = mine.get(day, 0) + minutes
    return found


def _utilisation(facts: Facts) -> Row:
    booked = _booked(facts)
    lines, work, room = [], 0, 0
    for person in sorted(facts.people.values(), key=lambda one: one.name):
        capacity, mine = sum(facts.capacity(person.id)), sum(booked[person.id].values())
        work, room = work + mine, room + capacity
        if capacity or mine:
            lines.append(Line(person.name, Decimal(mine), None, f"{_hours(mine)} / {_hours(capacity)}"))
    value = (Decimal(work) * _HUNDRED / room).quantize(Decimal("0.1")) if room else None
    # More is better up to full, and no judge of a plan by itself.
    return Row(UTILISATION, "", "percent", value, None, tuple(lines))


def _roles(facts: Facts) -> list[Row]:
    """Load of each role that somebody has: booked hours beside what its people can work, with what is asked for."""
    booked = _booked(facts)
    people: defaultdict[UUID, list[PersonFact]] = defaultdict(list)
    for person in sorted(facts.people.values(), key=lambda one: one.name):
        if person.role_id is not None:
            people[person.role_id].append(person)
    asked: defaultdict[UUID, int] = defaultdict(int)
    for one in planned_work(facts, only_asked=True):
        demand = facts.demands.get(one.demand_id) if one.demand_id is not None else None
        if demand is not None and demand.role_id is not None:
            asked[demand.role_id] += one.minutes
    found = []
    for role_id, members in people.items():
        room = sum(sum(facts.capacity(one.id)) for one in members)
        lines = [
            Line(one.name, Decimal(sum(booked[one.id].values())), None,
                 f"{_hours(sum(booked[one.id].values()))} / {_hours(sum(facts.capacity(one.id)))}")
            for one in members
        ]  # fmt: skip
        if asked[role_id]:
            lines.append(Line("…", Decimal(asked[role_id]), None, f"{_hours(asked[role_id])} / {_hours(0)}"))
        work = sum((line.value for line in lines), Decimal(0))
        if room and work:
            value = (work * _HUNDRED / room).quantize(Decimal("0.1"))
            found.append(Row(f"{ROLE}{role_id}", members[0].role, "percent", value, None, tuple(lines)))
    return sorted(found, key=lambda row: row.label)


def _crowded(facts: Facts) -> list[Line]:
    """Weeks of people that hold more than 110 per cent of what they can work."""
    found = []
    booked = _booked(facts)
    for person in sorted(facts.people.values(), key=lambda one: one.name):
        if not booked[person.id]:
            continue
        weeks: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0])
        for at, capacity in enumerate(facts.capacity(person.id)):
            day = facts.from_on + timedelta(days=at)
            week = weeks[day - timedelta(days=day.weekday())]
            week[0] += booked[person.id].get(day, 0)
            week[1] += capacity
        found += [
            Line(person.name, Decimal(1), monday, f"{_hours(load)} / {_hours(room)}")
            for monday, (load, room) in sorted(weeks.items())
            if load * _HUNDRED > room * _OVER
        ]
    return found


def _unfilled(facts: Facts) -> list[Line]:
    left: defaultdict[UUID, int] = defaultdict(int)
    for one in planned_work(facts, only_asked=True):
        assert one.demand_id is not None
        left[one.demand_id] += one.minutes
    found = []
    for key, minutes in left.items():
        demand = facts.demands[key]
        number = f"#{demand.number} " if demand.number else ""
        label = f"{number}{demand.title or demand.role} · {facts.projects[demand.project_id].name}"
        found.append(Line(label, Decimal(1), min(demand.wanted, default=None), _hours(minutes)))
    return sorted(found, key=lambda line: (line.on or date.min, line.label))


def _cash_lines(months: Iterable[CashMonth], low: CashMonth | None) -> tuple[Line, ...]:
    """The months up to the low point: they add up to it."""
    return tuple(
        Line(f"{month.month_on:%Y-%m}", month.money_in - month.money_out, month.month_on,
             f"+{month.money_in} -{month.money_out} = {month.balance}")
        for month in months
        if low is not None and month.month_on <= low.month_on
    )  # fmt: skip


def _ends(facts: Facts) -> list[Row]:
    return [
        Row(
            f"{END}{one.id}", one.name, "day", one.end_on, False,
            (Line(one.name, Decimal(1), one.end_on, one.client or one.number),),
        )
        for one in sorted(facts.projects.values(), key=lambda project: (project.number or "~", project.name))
        if one.end_on is not None
    ]  # fmt: skip
