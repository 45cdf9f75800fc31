"""From open to approved and back."""

from __future__ import annotations

import sys
from datetime import date
from uuid import UUID

import pytest
from django.db.utils import DatabaseError

from quoin.base.actor import Scope
from quoin.base.events.models import Event
from quoin.kernel.errors import Conflict, Forbidden, Invalid
from quoin.timesheets.actions.approvals import approve_time, reopen_time, return_time
from quoin.timesheets.actions.cells import save_cells
from quoin.timesheets.actions.weeks import accept_suggestions, copy_last_week, submit_week, withdraw_week
from quoin.timesheets.models import Approval, TimeEntry, TimeMonth, Timesheet
from quoin.timesheets.types import OwnApproval, WrongState
from tests.make import World, new_world
from tests.make import time as make


def _states(world: World) -> list[tuple[int, str]]:
    with world.inside():
        return list(TimeEntry.objects.order_by("work_on", "minutes").values_list("minutes", "status"))


def _ids(world: World) -> list[UUID]:
    with world.inside():
        return list(TimeEntry.objects.order_by("id").values_list("id", flat=True))


@pytest.fixture
def handed_in(world: World):
    ana = world.person()
    fjord = make.project(world, members=(ana,))
    me = make.as_person(world, ana)
    save_cells(me, person_id=ana.id, edits=[make.edit(fjord, 60), make.edit(fjord, 120, on=date(2026, 5, 5))])
    submit_week(me, person_id=ana.id, week_on=make.MONDAY)
    return ana, me, fjord


def test_submit_then_approve_moves_entries_sheet_and_rollup(world: World, handed_in) -> None:
    ana, _, _ = handed_in
    assert _states(world) == [(60, "submitted"), (120, "submitted")]

    approved = approve_time(world.actor, weeks=[(ana.id, make.MONDAY)])

    assert sorted(approved) == _ids(world)
    assert _states(world) == [(60, "approved"), (120, "approved")]
    with world.inside():
        event = Event.objects.get(name="timesheets.time.approved")
        assert sorted(event.payload["entry_ids"]) == [str(one) for one in _ids(world)]
        decision = Approval.objects.get()
        assert (decision.decision, decision.items, decision.decided_by_id) == ("approve", 2, world.boss.id)
        assert len(decision.content_sha256) == 64
        live = TimeMonth.objects.filter(tenant_id=world.tenant_id, entries__gt=0)
        assert list(live.values_list("status", "minutes", "entries")) == [("approved", 180, 2)]


def test_approve_own_time_is_refused_whatever_the_scope(world: World, handed_in) -> None:
    ana, _, _ = handed_in
    owner = world.with_rights("timesheets.time.approve", scope=Scope.ALL, person=ana)

    with pytest.raises(OwnApproval):
        approve_time(owner, weeks=[(ana.id, make.MONDAY)])
    with pytest.raises(OwnApproval):
        approve_time(owner, entry_ids=_ids(world))
    with pytest.raises(Conflict):
        world.do(lambda: TimeEntry.objects.update(status="approved", approved_by=ana))

    assert _states(world) == [(60, "submitted"), (120, "submitted")]


def test_approve_without_right_or_out_of_reach_changes_nothing(world: World, handed_in) -> None:
    ana, _, _ = handed_in
    ben = world.person("Ben")
    world.do(lambda: type(ana).objects.filter(id=ana.id).update(manager=None))

    with pytest.raises(Forbidden):
        approve_time(world.with_rights("timesheets.time.view"), weeks=[(ana.id, make.MONDAY)])
    lead = world.with_rights("timesheets.time.approve", scope=Scope.TEAM, person=ben)
    with pytest.raises(WrongState):
        approve_time(lead, weeks=[(ana.id, make.MONDAY)])
    with pytest.raises(WrongState):
        approve_time(lead, entry_ids=_ids(world))
    other = new_world()
    with pytest.raises(WrongState):
        approve_time(other.actor, entry_ids=_ids(world))

    assert _states(world) == [(60, "submitted"), (120, "submitted")]


def test_a_project_manager_approves_only_their_projects_part_of_the_week(world: World, handed_in) -> None:
    ana, _, fjord = handed_in
    ben = world.person("Ben")
    world.do(lambda: type(ana).objects.filter(id=ana.id).update(manager=None))
    managed = make.project(world, members=(ana,), manager=ben)
    make.entry(world, ana, managed, minutes=30, status="submitted")
    lead = world.with_rights("timesheets.time.approve", scope=Scope.TEAM, person=ben)

    approve_time(lead, weeks=[(ana.id, make.MONDAY)])

    assert _states(world) == [(30, "approved"), (60, "submitted"), (120, "submitted")]
    assert fjord.manager_id is None


def test_approve_twice_and_open_time_is_refused(world: World, handed_in) -> None:
    ana, _, fjord = handed_in
    approve_time(world.actor, weeks=[(ana.id, make.MONDAY)])
    make.entry(world, ana, fjord, on=date(2026, 5, 12))

    with pytest.raises(WrongState):
        approve_time(world.actor, weeks=[(ana.id, make.MONDAY)])
    with pytest.raises(WrongState):
        approve_time(world.actor, entry_ids=_ids(world))


def test_return_with_comment_per_cell_opens_the_sheet(world: World, handed_in) -> None:
    ana, me, fjord = handed_in
    with world.inside():
        monday = TimeEntry.objects.get(minutes=60)

    return_time(world.actor, notes=[(monday.id, "Which workshop?")])

    with world.inside():
        assert list(TimeEntry.objects.order_by("minutes").values_list("status", "return_note")) == [
            ("returned", "Which workshop?"),
            ("submitted", ""),
        ]
        assert Timesheet.objects.get().submitted_at is None
    save_cells(me, person_id=ana.id, edits=[make.edit(fjord, 90)])
    submit_week(me, person_id=ana.id, week_on=make.MONDAY)
    assert _states(world) == [(90, "submitted"), (120, "submitted")]


def test_return_without_a_word_is_invalid(world: World, handed_in) -> None:
    with pytest.raises(Invalid):
        return_time(world.actor, notes=[(one, " ") for one in _ids(world)])
    assert _states(world) == [(60, "submitted"), (120, "submitted")]


def test_reopened_time_keeps_what_was_approved_and_tells_billing(world: World, handed_in) -> None:
    ana, me, fjord = handed_in
    approve_time(world.actor, weeks=[(ana.id, make.MONDAY)])
    with world.inside():
        monday = TimeEntry.objects.get(minutes=60)

    reopen_time(world.actor, entry_ids=[monday.id], note="wrong day")
    save_cells(me, person_id=ana.id, edits=[make.edit(fjord, 45)])

    with world.inside():
        changed = TimeEntry.objects.get(id=monday.id)
        assert (changed.status, changed.minutes, changed.previous_minutes) == ("open", 45, 60)
        assert changed.version == monday.version + 2
        assert Event.objects.filter(name="timesheets.time.reopened").count() == 1
    submit_week(me, person_id=ana.id, week_on=make.MONDAY)
    approve_time(world.actor, weeks=[(ana.id, make.MONDAY)])
    assert _states(world) == [(45, "approved"), (120, "approved")]


def test_reopen_is_refused_when_a_handler_of_billing_raises(
    world: World, handed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    emitting = sys.modules["quoin.base.events.emit"]
    ana, _, _ = handed_in
    approve_time(world.actor, weeks=[(ana.id, make.MONDAY)])

    def refuse(*_: object) -> None:
        raise Conflict("billed on invoice HD-1")

    monkeypatch.setitem(emitting._within, "timesheets.time.reopened", [refuse])
    with pytest.raises(Conflict):
        reopen_time(world.actor, entry_ids=_ids(world))

    assert _states(world) == [(60, "approved"), (120, "approved")]


def test_withdraw_opens_the_week_until_it_is_approved(world: World, handed_in) -> None:
    ana, me, _ = handed_in

    assert withdraw_week(me, person_id=ana.id, week_on=make.MONDAY) == 2

    assert _states(world) == [(60, "open"), (120, "open")]
    with pytest.raises(WrongState):
        withdraw_week(me, person_id=ana.id, week_on=make.MONDAY)


def test_withdraw_of_an_approved_week_lets_more_be_added_but_nothing_change(world: World, handed_in) -> None:
    ana, me, fjord = handed_in
    approve_time(world.actor, weeks=[(ana.id, make.MONDAY)])

    withdraw_week(me, person_id=ana.id, week_on=make.MONDAY)
    recorded = save_cells(me, person_id=ana.id, edits=[make.edit(fjord, 30), make.edit(fjord, 15, on=date(2026, 5, 6))])

    assert [outcome.reason is None for outcome in recorded.saved.outcomes] == [False, True]
    assert _states(world) == [(60, "approved"), (120, "approved"), (15, "open")]


def test_submit_is_blocked_while_a_needed_note_is_missing(world: World) -> None:
    ana = world.person()
    strict = make.project(world, members=(ana,), note_rule="needed")
    me = make.as_person(world, ana)
    save_cells(me, person_id=ana.id, edits=[make.edit(strict, 60)])

    with pytest.raises(WrongState) as refused:
        submit_week(me, person_id=ana.id, week_on=make.MONDAY)
    assert [problem.code for problem in refused.value.problems] == ["note_missing"]

    save_cells(me, person_id=ana.id, edits=[make.edit(strict, None, note="Design")])
    assert submit_week(me, person_id=ana.id, week_on=make.MONDAY) == 1


def test_accepting_suggestions_fills_the_plan_but_not_more_than_the_target(world: World) -> None:
    ana = world.person()
    make.project(world, members=(ana,), minutes_per_day=360)
    make.project(world, members=(ana,), minutes_per_day=240)
    me = make.as_person(world, ana)

    accepted = accept_suggestions(me, person_id=ana.id, week_on=make.MONDAY)

    assert accepted.minutes == 5 * 480
    assert sum(minutes for minutes, _ in _states(world)) == 5 * 480
    with pytest.raises(WrongState):
        accept_suggestions(me, person_id=ana.id, week_on=make.MONDAY)


def test_copy_last_week_merges_and_says_what_it_left_out(world: World) -> None:
    ana = world.person()
    fjord, closed = make.project(world, members=(ana,)), make.project(world, members=(ana,))
    make.entry(world, ana, fjord, on=date(2026, 4, 27), minutes=60, note="Mon")
    make.entry(world, ana, fjord, on=date(2026, 4, 28), minutes=120)
    make.entry(world, ana, closed, on=date(2026, 4, 28), minutes=30)
    make.entry(world, ana, fjord, on=date(2026, 5, 5), minutes=45)
    world.do(lambda: type(closed).objects.filter(id=closed.id).update(status="closed"))
    me = make.as_person(world, ana)

    plan = copy_last_week(me, person_id=ana.id, week_on=make.MONDAY, depth="notes")

    assert (plan.minutes, len(plan.rows), len(plan.skipped)) == (60, 1, 1)
    with world.inside():
        week = TimeEntry.objects.filter(work_on__gte=make.MONDAY).order_by("work_on")
        assert list(week.values_list("work_on", "minutes", "note")) == [
            (date(2026, 5, 4), 60, "Mon"),
            (date(2026, 5, 5), 45, ""),
        ]


@pytest.mark.parametrize(
    "step",
    [
        ("open", "approved"),
        ("returned", "approved"),
        ("approved", "submitted"),
        ("approved", "returned"),
        ("open", "returned"),
    ],
)
def test_the_database_refuses_steps_that_are_not_listed(world: World, step: tuple[str, str]) -> None:
    ana = world.person()
    made = make.entry(world, ana, make.project(world), status=step[0])

    with pytest.raises((Conflict, DatabaseError)):
        world.do(lambda: TimeEntry.objects.filter(id=made.id).update(status=step[1]))

    assert _states(world) == [(60, step[0])]


def test_the_database_refuses_to_change_or_delete_approved_time(world: World) -> None:
    ana = world.person()
    made = make.entry(world, ana, make.project(world), status="approved")

    with pytest.raises(Conflict):
        world.do(lambda: TimeEntry.objects.filter(id=made.id).update(minutes=1))
    with pytest.raises(Conflict):
        world.do(lambda: TimeEntry.objects.filter(id=made.id).delete())

    assert _states(world) == [(60, "approved")]
