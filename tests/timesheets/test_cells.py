"""Saving cells: one action, few statements, each change once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quoin.base.actor import Scope
from quoin.kernel.errors import Forbidden, NotFound
from quoin.kernel.ids import uuid7
from quoin.timesheets.actions.cells import save_cells
from quoin.timesheets.models import AppliedChange, TimeEntry, TimeMonth
from quoin.timesheets.types import Lock, Refusal
from tests.make import World, new_world
from tests.make import time as make


def _stored(world: World) -> list[tuple[date, int, str]]:
    with world.inside():
        return list(TimeEntry.objects.order_by("work_on", "entered_at", "id").values_list("work_on", "minutes", "note"))


def test_save_cells_writes_entries_and_rollup(world: World) -> None:
    ana = world.person()
    fjord = make.project(world, members=(ana,))

    recorded = save_cells(
        make.as_person(world, ana), person_id=ana.id,
        edits=[make.edit(fjord, 360, note="Mapping"), make.edit(fjord, 270, on=date(2026, 5, 5))],
    )  # fmt: skip

    assert [outcome.reason for outcome in recorded.saved.outcomes] == [None, None]
    assert _stored(world) == [(date(2026, 5, 4), 360, "Mapping"), (date(2026, 5, 5), 270, "")]
    with world.inside():
        months = list(
            TimeMonth.objects.filter(tenant_id=world.tenant_id).values_list(
                "status", "is_billable", "minutes", "entries"
            )
        )
    assert months == [("open", True, 630, 2)]


def test_save_cells_replayed_is_applied_once(world: World) -> None:
    ana = world.person()
    actor, fjord = make.as_person(world, ana), make.project(world, members=(ana,))
    first = make.edit(fjord, 60)
    save_cells(actor, person_id=ana.id, edits=[first])
    save_cells(actor, person_id=ana.id, edits=[make.edit(fjord, 90)])

    again = save_cells(actor, person_id=ana.id, edits=[first])

    assert [outcome.is_replayed for outcome in again.saved.outcomes] == [True]
    assert _stored(world) == [(make.MONDAY, 90, "")]


def test_save_cells_with_an_outdated_sum_is_refused_and_told(world: World) -> None:
    ana = world.person()
    actor, fjord = make.as_person(world, ana), make.project(world, members=(ana,))
    save_cells(actor, person_id=ana.id, edits=[make.edit(fjord, 60)])

    recorded = save_cells(actor, person_id=ana.id, edits=[make.edit(fjord, 120, was_minutes=30)])

    assert [outcome.reason for outcome in recorded.saved.outcomes] == [Refusal.STALE]
    assert _stored(world) == [(make.MONDAY, 60, "")]


@pytest.mark.parametrize(
    ("project", "on", "reason"),
    [
        ({"status": "closed"}, make.MONDAY, Lock.PROJECT_CLOSED),
        ({"status": "on_hold"}, make.MONDAY, Lock.PROJECT_CLOSED),
        ({"starts_on": date(2026, 5, 5)}, make.MONDAY, Lock.PROJECT_NOT_STARTED),
        ({}, date(2019, 12, 30), Lock.BEFORE_HIRE),
        ({}, date(2026, 8, 3), Lock.FUTURE),
    ],
)
def test_save_cells_on_something_closed_is_refused(
    world: World, project: dict[str, object], on: date, reason: Lock
) -> None:
    ana = world.person()
    fjord = make.project(world, members=(ana,), **project)

    recorded = save_cells(make.as_person(world, ana), person_id=ana.id, edits=[make.edit(fjord, 60, on=on)])

    assert [outcome.reason for outcome in recorded.saved.outcomes] == [reason]
    assert _stored(world) == []


def test_save_cells_on_a_project_of_others_is_refused(world: World) -> None:
    ana = world.person()
    foreign = make.project(world)

    recorded = save_cells(make.as_person(world, ana), person_id=ana.id, edits=[make.edit(foreign, 60)])

    assert [outcome.reason for outcome in recorded.saved.outcomes] == [Refusal.UNKNOWN_PROJECT]
    assert _stored(world) == []


def test_save_cells_over_a_full_day_is_refused(world: World) -> None:
    ana = world.person()
    fjord, other = make.project(world, members=(ana,)), make.project(world, members=(ana,))

    recorded = save_cells(
        make.as_person(world, ana), person_id=ana.id, edits=[make.edit(fjord, 1000), make.edit(other, 441)]
    )

    assert [outcome.reason for outcome in recorded.saved.outcomes] == [None, Refusal.DAY_FULL]
    assert _stored(world) == [(make.MONDAY, 1000, "")]


def test_save_cells_without_the_right_or_for_others_changes_nothing(world: World) -> None:
    ana, ben = world.person(), world.person("Ben")
    fjord = make.project(world, members=(ana, ben))

    with pytest.raises(Forbidden):
        save_cells(world.with_rights("timesheets.time.view"), person_id=ana.id, edits=[make.edit(fjord, 60)])
    with pytest.raises(NotFound):
        save_cells(make.as_person(world, ana), person_id=ben.id, edits=[make.edit(fjord, 60)])

    assert _stored(world) == []


def test_save_cells_of_another_tenant_is_not_found(world: World) -> None:
    other = new_world()
    stranger = other.person()
    fjord = make.project(world)

    with pytest.raises(NotFound):
        save_cells(world.actor, person_id=stranger.id, edits=[make.edit(fjord, 60)])


def test_save_cells_leaves_handed_in_time_alone(world: World) -> None:
    ana = world.person()
    fjord = make.project(world, members=(ana,))
    make.entry(world, ana, fjord, minutes=60, status="submitted")

    recorded = save_cells(
        make.as_person(world, ana), person_id=ana.id, edits=[make.edit(fjord, 30), make.edit(fjord, None, note="x")]
    )

    assert [outcome.reason for outcome in recorded.saved.outcomes] == [Refusal.BELOW_LOCKED, Lock.SUBMITTED]
    assert _stored(world) == [(make.MONDAY, 60, "")]


def test_save_cells_can_be_undone(world: World) -> None:
    from quoin.base.actions import REGISTRY
    from quoin.base.audit.models import AuditAction

    ana = world.person()
    actor, fjord = make.as_person(world, ana), make.project(world, members=(ana,))
    save_cells(actor, person_id=ana.id, edits=[make.edit(fjord, 60, note="before")])
    recorded = save_cells(actor, person_id=ana.id, edits=[make.edit(fjord, 0)])
    with world.inside():
        undo = AuditAction.objects.get(id=recorded.action_id).undo

    REGISTRY[undo["action"]].run(actor, **undo["arguments"])

    assert _stored(world) == [(make.MONDAY, 60, "before")]


def test_a_lead_records_for_somebody_and_it_shows(world: World) -> None:
    ana = world.person()
    fjord = make.project(world)

    save_cells(world.actor, person_id=ana.id, edits=[make.edit(fjord, 60)])

    with world.inside():
        assert TimeEntry.objects.get().entered_by_id == world.actor.user_id
    assert world.actor.scope("timesheets.time.record") is Scope.ALL


def test_the_number_of_statements_does_not_grow_with_the_cells(world: World) -> None:
    ana = world.person()
    actor, fjord = make.as_person(world, ana), make.project(world, members=(ana,))
    save_cells(actor, person_id=ana.id, edits=[make.edit(fjord, 1)])

    def statements(cells: int) -> int:
        edits = [make.edit(fjord, 10 + cells, on=make.MONDAY + timedelta(days=day)) for day in range(cells)]
        with CaptureQueriesContext(connection) as captured:
            save_cells(actor, person_id=ana.id, edits=edits)
        return len(captured)

    assert statements(1) == statements(3) == statements(7)


@pytest.mark.slow
def test_sixteen_devices_on_one_cell_leave_one_entry(world: World) -> None:
    ana = world.person()
    actor, fjord = make.as_person(world, ana), make.project(world, members=(ana,))
    shared = uuid7()

    def save(number: int) -> None:
        edits = [make.edit(fjord, 10 + number), make.edit(fjord, 45, on=date(2026, 5, 5), id=shared)]
        try:
            save_cells(actor, person_id=ana.id, edits=edits)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(save, range(16)))

    stored = _stored(world)
    assert [day for day, _, _ in stored] == [make.MONDAY, date(2026, 5, 5)]
    assert 10 <= stored[0][1] < 26
    assert stored[1][1] == 45
    with world.inside():
        month = TimeMonth.objects.get(tenant_id=world.tenant_id)
        assert (month.minutes, month.entries) == (stored[0][1] + 45, 2)
        assert AppliedChange.objects.filter(id=shared).count() == 1
