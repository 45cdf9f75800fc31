"""One clock per person, whatever the number of devices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection

from quoin.kernel.errors import Conflict, Forbidden
from quoin.timesheets.actions.entries import delete_entry, edit_entry, log_entry, move_entry, split_entry
from quoin.timesheets.actions.timers import discard_timer, start_timer, stop_timer
from quoin.timesheets.models import TimeEntry, Timer
from quoin.timesheets.types import Locked, WrongState
from tests.make import World
from tests.make import time as make


def test_starting_another_clock_saves_the_first(world: World) -> None:
    ana = world.person()
    fjord, nord = make.project(world, members=(ana,)), make.project(world, members=(ana,))
    me = make.as_person(world, ana)
    start_timer(me, project_id=fjord.id, note="Call")

    _timer, saved = start_timer(me.at(me.now + timedelta(minutes=47, seconds=50)), project_id=nord.id)

    assert saved is not None
    assert (saved.minutes, saved.note, saved.project_id, saved.source) == (47, "Call", fjord.id, "timer")
    with world.inside():
        assert Timer.objects.get().project_id == nord.id
    assert stop_timer(me.at(me.now + timedelta(hours=2))).minutes == 72
    with pytest.raises(WrongState):
        stop_timer(me)


def test_a_clock_that_ran_for_more_than_a_day_asks_when_it_stopped(world: World) -> None:
    ana = world.person()
    fjord = make.project(world, members=(ana,))
    me = make.as_person(world, ana)
    start_timer(me, project_id=fjord.id)
    later = me.at(me.now + timedelta(hours=31))

    with pytest.raises(WrongState):
        stop_timer(later)

    assert stop_timer(later, ended_at=me.now + timedelta(hours=3)).minutes == 180


def test_a_discarded_clock_logs_nothing(world: World) -> None:
    ana = world.person()
    me = make.as_person(world, ana)
    start_timer(me, project_id=make.project(world, members=(ana,)).id)

    discard_timer(me)

    with world.inside():
        assert (Timer.objects.count(), TimeEntry.objects.count()) == (0, 0)


def test_the_clock_needs_the_right(world: World) -> None:
    ana = world.person()
    with pytest.raises(Forbidden):
        start_timer(world.with_rights("timesheets.time.view", person=ana), project_id=make.project(world).id)


@pytest.mark.slow
def test_four_devices_leave_one_clock_and_no_overlap(world: World) -> None:
    ana = world.person()
    projects = [make.project(world, members=(ana,)) for _ in range(4)]
    me = make.as_person(world, ana)

    def device(number: int) -> None:
        try:
            for turn in range(4):
                at = me.at(me.now + timedelta(minutes=10 * turn + number))
                try:
                    if (turn + number) % 3:
                        start_timer(at, project_id=projects[number].id)
                    else:
                        stop_timer(at)
                except Conflict:
                    pass  # another device was faster: the clock is not what this one thought
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(device, range(4)))

    with world.inside():
        assert Timer.objects.count() <= 1
        spans = list(TimeEntry.objects.order_by("started_at").values_list("started_at", "ended_at"))
        minutes = list(TimeEntry.objects.values_list("minutes", "started_at", "ended_at"))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(m == max(1, int((end - start).total_seconds()) // 60) for m, start, end in minutes)


def test_a_person_is_not_at_two_places(world: World) -> None:
    ana = world.person()
    fjord = make.project(world, members=(ana,))
    me = make.as_person(world, ana)
    nine = me.now.replace(hour=9)
    span = {"started_at": nine, "ended_at": nine + timedelta(hours=1)}
    log_entry(me, person_id=ana.id, project_id=fjord.id, **span)

    with pytest.raises(Conflict):
        log_entry(
            me,
            person_id=ana.id,
            project_id=fjord.id,
            started_at=nine + timedelta(minutes=30),
            ended_at=nine + timedelta(hours=2),
        )


def test_entries_are_changed_moved_split_and_deleted_while_open(world: World) -> None:
    ana = world.person()
    fjord, nord = make.project(world, members=(ana,)), make.project(world, members=(ana,))
    me = make.as_person(world, ana)
    made = log_entry(me, person_id=ana.id, project_id=fjord.id, work_on=make.MONDAY, minutes=61, note="a")

    edit_entry(me, entry_id=made.id, note="b", is_billable=False)
    move_entry(me, entry_id=made.id, project_id=nord.id, work_on=make.MONDAY + timedelta(days=1))
    parts = split_entry(me, entry_id=made.id, parts=2)

    assert [part.minutes for part in parts] == [31, 30]
    with world.inside():
        stored = list(
            TimeEntry.objects.order_by("-minutes").values_list(
                "minutes", "note", "is_billable", "project_id", "work_on"
            )
        )
    assert stored == [(m, "b", False, nord.id, make.MONDAY + timedelta(days=1)) for m in (31, 30)]
    delete_entry(me, entry_id=made.id)
    with world.inside():
        assert TimeEntry.objects.count() == 1


def test_handed_in_entries_cannot_be_changed(world: World) -> None:
    ana = world.person()
    fjord = make.project(world, members=(ana,))
    made = make.entry(world, ana, fjord, status="submitted")
    me = make.as_person(world, ana)

    for command in (lambda: edit_entry(me, entry_id=made.id, note="x"), lambda: delete_entry(me, entry_id=made.id)):
        with pytest.raises(Locked):
            command()
