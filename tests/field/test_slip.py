"""A delivery slips: plan and draft visits move in one action, are taken back in one, and what was promised is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from quoin.base.audit.models import AuditAction
from quoin.base.events.models import Event
from quoin.field import actions
from quoin.field.models import Delivery, Visit
from quoin.field.queries.slip import risk_of, slip_of
from quoin.projects.actions.plan import change_plan, settle_plan
from quoin.projects.models import Project, Task
from quoin.resourcing.actions.bookings import create_booking
from quoin.resourcing.models import Booking
from tests.make import World
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.field import at, delivery, job, visit

LATE = date(2026, 5, 20)


@pytest.fixture
def press(world: World) -> tuple[Project, Task, Delivery, Visit, Visit]:
    """A crane that a task waits for, the start-up after it, a draft and a promised visit."""
    project, task, site = job(world)
    settle_plan(world.actor, project_id=project.id, schedule="from_start", starts_on="2026-05-11")
    found = change_plan(
        world.actor, project_id=project.id,
        changes=[{"op": "task.add", "project": project.id, "name": "Start-up", "duration_minutes": 480}],
    )  # fmt: skip
    (start_up,) = found.effect.added
    change_plan(
        world.actor, project_id=project.id,
        changes=[
            {"op": "task.set", "task": task.id, "duration_minutes": 960},
            {"op": "link.add", "before": task.id, "after": start_up},
        ],
    )  # fmt: skip
    goods = delivery(world, project, item="Crane", task_id=task.id)
    draft = visit(world, project, site, deliveries=[goods.id])
    told = visit(world, project, site, title="Start up", task_id=start_up)
    ana, bo = world.person(), world.person("Bo")
    draft = actions.plan_visit(world.actor, visit_id=draft.id, hours=(at(12, 8), at(12, 12)), crew=[ana.id])
    told = actions.plan_visit(world.actor, visit_id=told.id, hours=(at(13, 8), at(13, 12)), crew=[bo.id])
    actions.publish_visits(world.actor, visit_ids=[told.id])
    return project, task, goods, draft, told


def test_the_effect_is_shown_before_anything_is_done(
    world: World, press: tuple[Project, Task, Delivery, Visit, Visit]
) -> None:
    _project, task, goods, draft, told = press
    with world.inside():
        slip = slip_of(world.actor, goods, LATE)
        assert slip.effect is not None
        assert [one.name for one in slip.effect.moved] == ["Set up the press", "Start-up"]
        assert [one.after.date() for one in slip.effect.ends] == [date(2026, 5, 22)]
        assert [(one.visit.id, one.starts_at) for one in slip.moved] == [(draft.id, at(20, 8))]
        assert [one.visit.id for one in slip.flagged] == [told.id]
        assert Task.objects.get(id=task.id).starts_on == date(2026, 5, 11)


def test_a_slip_moves_plan_and_drafts_in_one_action_and_back_in_one(
    world: World, press: tuple[Project, Task, Delivery, Visit, Visit]
) -> None:
    _project, task, goods, draft, told = press
    actions.date_delivery(world.actor, delivery_id=goods.id, expected_on=LATE, reason="Ship is late")
    with world.inside():
        assert Task.objects.get(id=task.id).starts_on == LATE
        assert Visit.objects.get(id=draft.id).starts_at == at(20, 8)
        assert Visit.objects.get(id=told.id).starts_at == at(13, 8)
        payload = Event.objects.filter(name="field.delivery.moved").get().payload
        undo = AuditAction.objects.filter(name="field.delivery.date").latest("at").undo
    assert payload["moved_visit_ids"] == [str(draft.id)]
    assert payload["flagged_visit_ids"] == [str(told.id)]

    actions.date_delivery(world.actor, **undo["arguments"])
    with world.inside():
        assert Task.objects.get(id=task.id).starts_on == date(2026, 5, 11)
        assert Visit.objects.get(id=draft.id).starts_at == at(12, 8)
        assert Delivery.objects.get(id=goods.id).expected_on == date(2026, 5, 11)


def test_the_plan_can_be_left_alone_and_the_risk_says_so(
    world: World, press: tuple[Project, Task, Delivery, Visit, Visit]
) -> None:
    _project, task, goods, _draft, _told = press
    web = api(world)
    shown = web.get(f"/deliveries/{goods.public_id}/effect?expected_on=2026-05-20").body
    assert [row["name"] for row in shown["tasks"]] == ["Set up the press", "Start-up"]
    web.post(f"/deliveries/{goods.public_id}/date", expected_on="2026-05-20", reason="Ship", is_plan_kept=True)
    with world.inside():
        assert Task.objects.get(id=task.id).starts_on == date(2026, 5, 11)
        assert risk_of(Delivery.objects.select_related("task").get(id=goods.id)) == -9
    (row,) = quoin(world, "delivery", "list")
    quoin(world, "delivery", "date", row["number"], "2026-05-21", "--reason", "Again")
    with world.inside():
        found = Delivery.objects.select_related("task").get(id=goods.id)
        assert found.task is not None
        assert (found.task.starts_on, risk_of(found)) == (date(2026, 5, 21), 0)


def test_a_plan_dated_by_hand_moves_the_task_alone(world: World) -> None:
    project, task, _site = job(world)
    change_plan(
        world.actor, project_id=project.id,
        changes=[{"op": "task.set", "task": task.id, "starts_on": "2026-05-11", "due_on": "2026-05-12"}],
    )  # fmt: skip
    goods = delivery(world, project, task_id=task.id)
    actions.date_delivery(world.actor, delivery_id=goods.id, expected_on=LATE, reason="Ship")
    with world.inside():
        found = Task.objects.get(id=task.id)
    assert (found.starts_on, found.due_on) == (LATE, date(2026, 5, 21))


def test_bookings_go_along_with_their_task_where_there_is_room_and_come_back_with_one_undo(
    world: World, press: tuple[Project, Task, Delivery, Visit, Visit]
) -> None:
    project, task, goods, _draft, _told = press
    ana, bo = world.people["Ana Ruiz"], world.people["Bo"]
    days = {"project_id": project.id, "task_id": task.id, "starts_on": date(2026, 5, 11), "ends_on": date(2026, 5, 12)}
    hers = create_booking(world.actor, person_id=ana.id, is_firm=True, **days)
    his = create_booking(world.actor, person_id=bo.id, is_firm=True, **days)
    taken = {"starts_on": date(2026, 5, 20), "ends_on": date(2026, 5, 21)}
    create_booking(world.actor, person_id=bo.id, project_id=project.id, is_firm=True, **taken)
    with world.inside():
        slip = slip_of(world.actor, goods, LATE)
        assert {(one.booking.id, one.starts_on) for one in slip.booked} == {(hers.id, LATE), (his.id, LATE)}

    actions.date_delivery(world.actor, delivery_id=goods.id, expected_on=LATE, reason="Ship")

    with world.inside():
        assert Booking.objects.get(id=hers.id).starts_on == LATE
        assert Booking.objects.get(id=his.id).starts_on == date(2026, 5, 11)
        told = Event.objects.filter(name="field.delivery.moved").latest("at").payload
        undo = AuditAction.objects.filter(name="field.delivery.date").latest("at").undo
    assert told["moved_booking_ids"] == [str(hers.id)]
    assert [one.partition(":")[0] for one in told["stayed"]] == ["Bo"]
    actions.date_delivery(world.actor, **undo["arguments"])
    with world.inside():
        assert Booking.objects.get(id=hers.id).starts_on == date(2026, 5, 11)
        assert Booking.objects.get(id=his.id).starts_on == date(2026, 5, 11)


def test_bookings_stay_where_the_actor_may_not_move_them(
    world: World, press: tuple[Project, Task, Delivery, Visit, Visit]
) -> None:
    project, task, goods, _draft, _told = press
    hers = create_booking(
        world.actor, person_id=world.people["Ana Ruiz"].id, project_id=project.id, task_id=task.id,
        starts_on=date(2026, 5, 11), ends_on=date(2026, 5, 12),
    )  # fmt: skip
    grants = {name: scope for name, scope in world.actor.grants.items() if name != "resourcing.booking.move"}
    with world.inside():
        slip = slip_of(replace(world.actor, grants=grants), goods, LATE)
    assert (slip.booked, [one.id for one in slip.bookings]) == ((), [hers.id])
