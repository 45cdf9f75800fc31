"""Capacity and demand: month by month what there is and what wants it, as a picture and as the table behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.kernel.period import next_month
from quoin.people import queries as people
from quoin.people.queries.skills import skills
from quoin.resourcing import queries
from quoin.resourcing.queries import supply
from quoin.resourcing.queries.supply import Supply

_MONTHS = 6
_WIDTH, _HEIGHT, _LEFT, _BASE = 720, 220, 44, 196
_LAYERS = ("firm", "tentative", "demand", "pipeline")


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of the picture."""

    layer: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Column:
    """A month of the picture: its stacked blocks and the line of capacity."""

    month_on: date
    x: int
    width: int
    capacity_y: int
    blocks: tuple[Block, ...]


@page(queries.VIEW)
def capacity(request: ActorRequest) -> HttpResponse:
    skill_text, layers = request.GET.get("skill", ""), _layers(request)
    rows, names, what = _rows(request, skill_text)
    months = sorted({row.month_on for row in rows})
    columns = _picture(rows, months, layers)
    context: dict[str, Any] = {
        "title": _("Capacity and demand"), "area": _("People"), "months": months, "columns": columns,
        "groups": _groups(rows, names, layers), "totals": [_total(rows, month, layers) for month in months],
        "layers": layers, "skill": skill_text, "what": what, "unsold": supply.UNSOLD_PERCENT,
        "width": _WIDTH, "height": _HEIGHT,
        "skills": skills(request.actor).filter(is_active=True) if request.actor.may("people.skill.view") else (),
        "marks": _marks(rows, months, layers), "with_tentative": "tentative" in layers,
        "with_demand": "demand" in layers, "with_pipeline": "pipeline" in layers,
        "planner": reverse("resourcing:planner_column"),
    }  # fmt: skip
    return respond.page(request, "resourcing/capacity.html", context)


def _rows(request: ActorRequest, by: str) -> tuple[list[Supply], dict[UUID | None, str], str]:
    """The table by team, by one skill, or by role; the names of its lines, and what they are."""
    actor, first = request.actor, request.actor.today
    if by == "team":
        names: dict[UUID | None, str] = {one.id: one.name for one in people.teams()}
        return supply.supply_by_team(actor, first, _MONTHS), names, _("Team")
    if by and actor.may("people.skill.view"):
        rows = supply.supply_by_skill(actor, first, _MONTHS, [object_id("skl", by)])
        return rows, {one.id: one.name for one in skills(actor)}, _("Skill")
    return supply.supply_by_role(actor, first, _MONTHS), {one.id: one.name for one in people.job_roles()}, _("Role")


def _layers(request: ActorRequest) -> tuple[str, ...]:
    """What is stacked: firm always; the rest unless the form was sent without it."""
    if "shown" not in request.GET:
        return _LAYERS
    return tuple(one for one in _LAYERS if one == "firm" or one in request.GET.getlist("layer"))


def _wanted(row: Supply, layers: Sequence[str]) -> int:
    return sum(int(getattr(row, layer)) for layer in layers)


@dataclass(frozen=True, slots=True)
class Total:
    """A month of one group, or of all: minutes, and what is missing (positive) or left (negative)."""

    first: date
    last: date
    people: int
    capacity: int
    wanted: int

    @property
    def gap(self) -> int:
        return self.wanted - self.capacity

    @property
    def percent(self) -> int | None:
        return round(self.wanted * 100 / self.capacity) if self.capacity else None


def _of(rows: Sequence[Supply], month: date, layers: Sequence[str]) -> Total:
    return Total(
        month,
        next_month(month) - timedelta(days=1),
        sum(row.people for row in rows),
        sum(row.capacity for row in rows),
        sum(_wanted(row, layers) for row in rows),
    )


def _total(rows: Sequence[Supply], month: date, layers: Sequence[str]) -> Total:
    return _of([row for row in rows if row.month_on == month], month, layers)


def _groups(
    rows: Sequence[Supply], names: dict[UUID | None, str], layers: Sequence[str]
) -> list[tuple[str, list[Total]]]:
    found: defaultdict[UUID | None, list[Supply]] = defaultdict(list)
    for row in rows:
        found[row.key].append(row)
    lines = [(names.get(key, "–"), [_of([row], row.month_on, layers) for row in many]) for key, many in found.items()]
    return sorted(lines, key=lambda line: line[0])


def _most(rows: Sequence[Supply], months: Sequence[date], layers: Sequence[str]) -> int:
    """Minutes at the top of the picture: the next grid line above all that is drawn."""
    totals = [_total(rows, month, layers) for month in months]
    hours = max(max((max(one.capacity, one.wanted) for one in totals), default=0) // 60, 1)
    step = _step(hours)
    return -(-(hours + 1) // step) * step * 60


def _picture(rows: Sequence[Supply], months: Sequence[date], layers: Sequence[str]) -> list[Column]:
    most = _most(rows, months, layers)
    step = (_WIDTH - _LEFT) // max(len(months), 1)
    room = _BASE - 12

    def high(minutes: int) -> int:
        return round(minutes * room / most)

    columns = []
    for at, month in enumerate(months):
        x, y, blocks = _LEFT + at * step + 8, _BASE, []
        here = [row for row in rows if row.month_on == month]
        for layer in layers:
            height = high(sum(int(getattr(row, layer)) for row in here))
            y -= height
            if height:
                blocks.append(Block(layer, x, y, step - 16, height))
        columns.append(Column(month, x, step - 16, _BASE - high(sum(row.capacity for row in here)), tuple(blocks)))
    return columns


def _marks(rows: Sequence[Supply], months: Sequence[date], layers: Sequence[str]) -> list[tuple[int, int]]:
    """Height of the grid lines, and the hours that they stand for."""
    most = _most(rows, months, layers)
    hours = most // 60
    step = _step(hours)
    return [(_BASE - round(at * 60 * (_BASE - 12) / most), at) for at in range(0, hours + 1, step)]


def _step(hours: int) -> int:
    return next(size for size in _steps() if size * 5 >= hours)


def _steps() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50 and so on: distances of grid lines that can be read."""
    for power in count():
        yield from (10**power, 2 * 10**power, 5 * 10**power)
