"""Resources and assignments of a plan in a file: those of the file as far as they still hold, and new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import UUID

from quoin.kernel.workcal import instant_of
from quoin.projects.rules.exchange import percent_of
from quoin.projects.rules.exchange_kept import Outgoing
from quoin.projects.rules.plan import PlanAssignment, PlanTask, duration_of
from quoin.projects.rules.planfile import FileAssignment, FileResource, ResourceType
from quoin.projects.rules.schedule import Row

_DONE: Final = 100


def resources_of(given: Outgoing, tasks: Iterable[PlanTask]) -> tuple[tuple[FileResource, ...], dict[UUID, list[int]]]:
    """The file's resources and those of Quoin's people who were not in it; and the numbers of each person."""
    found = [kept.resource for kept in given.resources]
    numbers: dict[UUID, list[int]] = {}
    for kept in given.resources:
        if kept.person is not None:
            numbers.setdefault(kept.person, []).append(kept.resource.uid)
    mine = {task.id for task in tasks}
    last_uid = max((one.uid for one in found), default=0)
    last_number = max((one.number for one in found), default=0)
    for held in given.plan.assignments.values():
        if held.task_id in mine and held.person_id not in numbers:
            last_uid, last_number = last_uid + 1, last_number + 1
            name, email = given.people.get(held.person_id, ("", ""))
            found.append(FileResource(last_uid, last_number, name, ResourceType.WORK, Decimal(1), email))
            numbers[held.person_id] = [last_uid]
    return tuple(found), numbers


def assignments_of(
    given: Outgoing, tasks: Iterable[PlanTask], uids: Mapping[UUID, int], numbers: Mapping[UUID, list[int]]
) -> Iterator[FileAssignment]:
    held: dict[UUID, list[PlanAssignment]] = {}
    for one in given.plan.assignments.values():
        held.setdefault(one.task_id, []).append(one)
    persons = {kept.resource.uid: kept.person for kept in given.resources}
    last = max((use.uid for kept in given.kept.values() for use in kept.uses), default=0)
    found: list[tuple[int, FileAssignment]] = []
    for task in tasks:
        uses = given.kept[task.id].uses if task.id in given.kept else ()
        ours = {one.person_id: one for one in held.get(task.id, ())}
        dated = given.dates[task.id]
        for use in uses:
            person = persons.get(use.resource)
            if person is None:
                found.append((use.uid, use))
            elif person in ours:
                found.append((use.uid, _as_held(use, ours[person], uses, persons)))
        there = {persons.get(use.resource) for use in uses}
        for person_id, one in ours.items():
            if person_id not in there:
                last += 1
                found.append((last, _new_use(last, task, one, numbers[person_id][0], dated=dated, uid_of=uids)))
    yield from (use for _, use in sorted(found, key=lambda pair: pair[0]))


def _as_held(
    use: FileAssignment, one: PlanAssignment, uses: Iterable[FileAssignment], persons: Mapping[int, UUID | None]
) -> FileAssignment:
    """The assignment as Quoin has it now; exact units and the split over resources stay while the sums do."""
    same = [other for other in uses if persons.get(other.resource) == one.person_id]
    if sum(percent_of(other.units) for other in same) != one.units_percent:
        use = replace(use, units=Decimal(one.units_percent) / _DONE / len(same))
    if sum(max(other.work, 0) for other in same) != one.effort_minutes:
        use = replace(use, work=(one.effort_minutes or 0) // len(same), remaining_work=None)
    return use


def _new_use(
    uid: int, task: PlanTask, one: PlanAssignment, resource: int, *, dated: Row, uid_of: Mapping[UUID, int]
) -> FileAssignment:
    effort = one.effort_minutes
    if effort is None:
        effort = duration_of(task) * one.units_percent // _DONE
    return FileAssignment(
        uid, uid_of[task.id], resource, Decimal(one.units_percent) / _DONE, effort,
        start=instant_of(dated.start), finish=instant_of(dated.finish),
    )  # fmt: skip
