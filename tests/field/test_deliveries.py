"""Goods: promised, late, arrived, accepted; seen only by those who may."""

from __future__ import annotations

from datetime import date

import pytest

from quoin.base.actor import Scope
from quoin.base.audit.models import AuditAction
from quoin.base.events.models import Event
from quoin.field import actions, queries
from quoin.field.models import DeliveredUnit, Delivery, DeliveryDate
from quoin.field.types import WrongStep
from quoin.kernel.errors import Conflict, Invalid, NotFound
from tests.make import World, new_world
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.field import delivery, job


def test_the_first_word_is_the_promise_and_stays(world: World) -> None:
    project, task, site = job(world)
    made = delivery(world, project, task_id=task.id, site_id=site.id)
    moved = actions.date_delivery(
        world.actor, delivery_id=made.id, expected_on=date(2026, 5, 20), reason="The ship was late"
    )

    assert (moved.promised_on, moved.expected_on) == (date(2026, 5, 11), date(2026, 5, 20))
    with world.inside():
        said = DeliveryDate.objects.get(delivery=made)
        assert (said.was_on, said.expected_on, said.reason) == (
            date(2026, 5, 11), date(2026, 5, 20), "The ship was late",
        )  # fmt: skip
        event = Event.objects.filter(name="field.delivery.moved").latest("at")
        assert event.payload["task_id"] == str(task.id)


def test_a_change_of_the_day_says_why_and_can_be_undone(world: World) -> None:
    project, _task, _site = job(world)
    made = delivery(world, project)
    with pytest.raises(Invalid, match="why the day changed"):
        actions.date_delivery(world.actor, delivery_id=made.id, expected_on=date(2026, 5, 20))
    actions.date_delivery(world.actor, delivery_id=made.id, expected_on=date(2026, 5, 20), reason="Ship")
    with world.inside():
        undo = AuditAction.objects.filter(name="field.delivery.date").latest("at").undo
    actions.date_delivery(world.actor, **undo["arguments"])
    with world.inside():
        assert Delivery.objects.get(id=made.id).expected_on == date(2026, 5, 11)


def test_goods_go_step_by_step_and_a_step_back_says_why(world: World) -> None:
    project, _task, _site = job(world)
    made = delivery(world, project)
    with pytest.raises(WrongStep):
        actions.step_delivery(world.actor, delivery_id=made.id, status="installed")
    with pytest.raises(Invalid, match="lies ahead"):
        actions.step_delivery(world.actor, delivery_id=made.id, status="on_site", on=date(2026, 5, 7))
    actions.step_delivery(world.actor, delivery_id=made.id, status="on_site", on=date(2026, 5, 5))
    actions.step_delivery(world.actor, delivery_id=made.id, status="checked")
    with pytest.raises(Invalid, match="step back"):
        actions.step_delivery(world.actor, delivery_id=made.id, status="on_site")
    back = actions.step_delivery(world.actor, delivery_id=made.id, status="on_site", reason="A part is missing")
    assert (back.arrived_on, back.checked_on) == (date(2026, 5, 5), None)
    with pytest.raises(WrongStep, match="there already"):
        actions.date_delivery(world.actor, delivery_id=made.id, expected_on=date(2026, 6, 1), reason="x")


def test_nobody_accepts_without_a_name(world: World) -> None:
    project, _task, _site = job(world)
    made = delivery(world, project)
    for status in ("on_site", "checked", "installed"):
        actions.step_delivery(world.actor, delivery_id=made.id, status=status)
    with pytest.raises(Invalid, match="who of the client"):
        actions.step_delivery(world.actor, delivery_id=made.id, status="accepted")
    done = actions.step_delivery(world.actor, delivery_id=made.id, status="accepted", accepted_by="Frau Stein")
    assert (done.status, done.accepted_by, done.accepted_on) == ("accepted", "Frau Stein", date(2026, 5, 6))


def test_the_database_keeps_goods_that_never_arrived_from_being_installed(world: World) -> None:
    project, _task, _site = job(world)
    made = delivery(world, project)
    with pytest.raises(Conflict):
        world.do(lambda: Delivery.objects.filter(id=made.id).update(status="installed"))


def test_serial_numbers_count_once(world: World) -> None:
    project, _task, _site = job(world)
    made = delivery(world, project)
    assert actions.add_units(world.actor, delivery_id=made.id, serial_numbers=["A1", " A2 ", "A1", ""]) == 2
    assert actions.add_units(world.actor, delivery_id=made.id, serial_numbers=["A2", "A3"]) == 1
    with world.inside():
        unit = DeliveredUnit.objects.get(serial_number="A3")
    actions.remove_unit(world.actor, unit_id=unit.id)
    with world.inside():
        found = queries.units_of(made).values_list("serial_number", flat=True)
        assert list(found) == ["A1", "A2"]


def test_goods_of_a_foreign_project_do_not_exist(world: World) -> None:
    project, _task, _site = job(world)
    made = delivery(world, project)
    stranger = world.with_rights(queries.VIEW, "projects.project.view", "field.delivery.edit", scope=Scope.OWN)
    stranger = world.with_rights(
        queries.VIEW, "projects.project.view", "field.delivery.edit", scope=Scope.OWN, person=world.person("Ola")
    )
    with world.inside():
        assert not queries.visible_deliveries(stranger).exists()
    with pytest.raises(NotFound):
        actions.edit_delivery(stranger, delivery_id=made.id, note="x")
    other = new_world(name="Rival")
    with pytest.raises(NotFound):
        actions.edit_delivery(other.actor, delivery_id=made.id, note="x")


def test_a_task_of_another_project_is_refused(world: World) -> None:
    project, _task, _site = job(world)
    _other, task, _elsewhere = _second_job(world)
    with pytest.raises(Invalid, match="not one of the project's"):
        delivery(world, project, task_id=task.id)


def _second_job(world: World):  # type: ignore[no-untyped-def]  # as job()
    from quoin.clients.actions import create_client
    from quoin.projects.actions import create_project, create_task

    client = create_client(world.actor, name="Other", country="DE", currency="EUR")
    project = create_project(world.actor, name="Other", client_id=client.id)
    return project, create_task(world.actor, project_id=project.id, name="T"), None


def test_the_api_and_the_command_line_do_the_same(world: World) -> None:
    project, _task, site = job(world)
    web = api(world)
    made = web.post("/deliveries", project_id=project.public_id, item="Crane", expected_on="2026-05-11")
    assert made.status == 201
    late = web.post(f"/deliveries/{made.body['id']}/date", expected_on="2026-05-20", reason="Ship")
    assert late.body["promised_on"] == "2026-05-11"
    shown = web.get(f"/deliveries/{made.body['id']}").body
    assert shown["dates"][0]["reason"] == "Ship"
    refused = web.post(f"/deliveries/{made.body['id']}/step", status="accepted")
    assert refused.status == 409

    (row,) = quoin(world, "delivery", "list", "--project", project.number)
    assert row["expected_on"] == "2026-05-20"
    stepped = quoin(world, "delivery", "step", row["number"], "on_site")
    assert stepped["status"] == "on_site"
    assert web.patch(f"/sites/{site.public_id}", city="Bonn").body["city"] == "Bonn"
