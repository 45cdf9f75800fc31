"""The planner's data as its script reads it: short lists, names once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from quoin.kernel.ids import public_id
from quoin.resourcing.queries.board import Bar, Board, Gap
from quoin.resourcing.queries.planner import Row


def wire(found: Board) -> dict[str, Any]:
    """Days as text, minutes as numbers; cells as four lists of one number for each column."""
    projects: dict[UUID, int] = {}
    names: list[tuple[str, str, str]] = []

    def at(project: Any) -> int:
        if project.id not in projects:
            projects[project.id] = len(names)
            names.append((project.number, project.name, project.client.name if project.client else ""))
        return projects[project.id]

    where = {row.person.id: number for number, row in enumerate(found.rows)}
    return {
        "zoom": found.asked.zoom,
        "starts": found.asked.starts,
        "last": found.asked.last,
        "full": found.full_minutes,
        "people": [_person(row, found.away.get(row.person.id, {})) for row in found.rows],
        "bookings": [_bar(bar, where[bar.booking.person_id], at(bar.booking.project)) for bar in found.bars],
        "gaps": [_gap(gap, at(gap.demand.project)) for gap in found.gaps],
        "projects": names,
    }


def _person(row: Row, away: dict[int, str] | Any) -> dict[str, Any]:
    person = row.person
    return {
        "id": person.public_id, "name": person.name, "role": person.job_role.name if person.job_role else "",
        "team": person.team.name if person.team else "", "place": person.place, "away": away,
        "workable": [cell.workable for cell in row.cells], "capacity": [cell.capacity for cell in row.cells],
        "firm": [cell.firm for cell in row.cells], "tentative": [cell.tentative for cell in row.cells],
    }  # fmt: skip


def _bar(bar: Bar, person: int, project: int) -> tuple[Any, ...]:
    one = bar.booking
    return (
        one.public_id, person, project, one.starts_on, one.ends_on, one.effort, one.amount, int(one.is_firm),
        one.note, _columns(bar.minutes),
    )  # fmt: skip


def _gap(gap: Gap, project: int) -> tuple[Any, ...]:
    one = gap.demand
    return (
        public_id("req", one.id), project, one.number, one.title or (one.job_role.name if one.job_role else ""),
        one.starts_on, one.ends_on, one.priority, one.status, _columns(gap.minutes),
    )  # fmt: skip


def _columns(minutes: Any) -> list[int]:
    """The first column, then the minutes from it on."""
    if not minutes:
        return []
    first, last = min(minutes), max(minutes)
    return [first, *(minutes.get(at, 0) for at in range(first, last + 1))]
