"""Time entries point only at people, projects and tasks that exist in their tenant, though by no foreign key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from quoin.kernel.errors import Conflict, DomainError
from quoin.projects.models import Task
from quoin.timesheets.models import TimeEntry
from tests.make import World, new_world
from tests.make import time as make


def test_entries_cannot_point_at_nothing_or_into_another_tenant(world: World) -> None:
    ana, fjord, other = world.person(), make.project(world), new_world()
    stranger, foreign = other.person(), make.project(other)
    values = {
        "person": ana,
        "project_id": fjord.id,
        "work_on": make.MONDAY,
        "minutes": 5,
        "entered_at": world.actor.now,
    }
    for broken in (
        {"person": stranger}, {"project_id": foreign.id}, {"project_id": uuid4()}, {"task_id": uuid4()},
        {"task_id": make.task(other, foreign).id},
    ):  # fmt: skip
        with pytest.raises(Conflict):
            world.do(lambda broken=broken: TimeEntry.objects.create(**{**values, **broken}))
    with world.inside():
        assert TimeEntry.objects.count() == 0


def test_entries_cannot_be_moved_to_nothing(world: World) -> None:
    made = make.entry(world, world.person(), make.project(world))
    for broken in ({"project_id": uuid4()}, {"task_id": uuid4()}, {"person_id": uuid4()}):
        with pytest.raises(Conflict):
            world.do(lambda broken=broken: TimeEntry.objects.filter(id=made.id).update(**broken))
    with world.inside():
        assert TimeEntry.objects.get().project_id == made.project_id


def test_what_time_is_booked_on_cannot_be_deleted(world: World) -> None:
    ana, fjord = world.person(), make.project(world)
    task = make.task(world, fjord)
    make.entry(world, ana, fjord, task=task)
    for model, key in ((Task, task.id), (type(fjord), fjord.id), (type(ana), ana.id)):
        with pytest.raises(Conflict):
            world.do(lambda model=model, key=key: model.objects.filter(id=key)._raw_delete("default"))
    with world.inside():
        assert Task.objects.filter(id=task.id).exists()


@pytest.mark.slow
def test_booking_and_deleting_at_once_never_leaves_an_orphan(world: World) -> None:
    ana, fjord = world.person(), make.project(world)

    def race(task_id: object, *, is_booking: bool) -> None:
        try:
            if is_booking:
                make.entry(world, ana, fjord, task_id=task_id)
            else:
                world.do(lambda: Task.objects.filter(id=task_id)._raw_delete("default"))
        except DomainError:
            return
        finally:
            connection.close()

    for _ in range(12):
        task_id = make.task(world, fjord).id
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda booking, task_id=task_id: race(task_id, is_booking=booking), (True, False)))

    with world.inside():
        orphans = TimeEntry.objects.exclude(task__in=Task.objects.all()).exclude(task=None).count()
    assert orphans == 0
