"""Charges, and approvals of time, point only at rows that exist in their tenant, though by no foreign key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import connection

from quoin.accounts.models import LegalEntity
from quoin.billing.models import Charge
from quoin.clients.models import Client
from quoin.kernel.errors import Conflict, DomainError
from quoin.kernel.ids import uuid7
from quoin.people.models import Person
from quoin.projects.models import Project, Task
from quoin.sales.models import Contract
from quoin.timesheets.models import TimeEntry
from tests.make import World, money, new_world, time

MARCH = date(2026, 3, 9)
FIELDS = ("entity_id", "client_id", "contract_id", "project_id", "task_id", "person_id")


@pytest.fixture
def charge(world: World) -> Charge:
    money.rate_card(world, rate="95.00")
    job = money.project(world, under=money.contract(world))
    money.approved_time(world, on=job, by=world.person("Ana", cost="0"), minutes=[60], day=MARCH)
    with world.inside():
        return Charge.objects.get()


def _project(world: World, charge: Charge) -> Project:
    with world.inside():
        return Project.objects.get(id=charge.project_id)


def _copy(charge: Charge, **changed: UUID) -> Charge:
    fields = {field.attname: getattr(charge, field.attname) for field in Charge._meta.concrete_fields}
    return Charge(**{**fields, "id": uuid7(), "source_id": uuid4(), **changed})


@pytest.mark.parametrize("field", FIELDS)
def test_a_charge_cannot_point_at_nothing(world: World, charge: Charge, field: str) -> None:
    for change in (
        lambda: Charge.objects.bulk_create([_copy(charge), _copy(charge, **{field: uuid4()})]),
        lambda: Charge.objects.filter(id=charge.id).update(**{field: uuid4()}),
    ):
        with pytest.raises(Conflict, match=f"billing_charge_{field.removesuffix('_id')}_fk"):
            world.do(change)

    with world.inside():
        assert [row.person_id for row in Charge.objects.all()] == [charge.person_id]


def test_a_charge_cannot_point_into_another_tenant(world: World, charge: Charge) -> None:
    stranger = new_world().person("Stranger")

    with pytest.raises(Conflict, match="billing_charge_person_fk"):
        world.do(lambda: Charge.objects.bulk_create([_copy(charge, person_id=stranger.id)]))

    with world.inside():
        assert Charge.objects.count() == 1


def test_what_a_charge_points_at_cannot_be_deleted(world: World, charge: Charge) -> None:
    task = time.task(world, _project(world, charge))
    world.do(lambda: Charge.objects.bulk_create([_copy(charge, task_id=task.id)]))

    for model, key in (
        (LegalEntity, charge.entity_id), (Client, charge.client_id), (Contract, charge.contract_id),
        (Project, charge.project_id), (Task, task.id), (Person, charge.person_id),
    ):  # fmt: skip
        with pytest.raises(DomainError):
            world.do(lambda model=model, key=key: model.objects.filter(id=key)._raw_delete("default"))
        with world.inside():
            assert model.objects.filter(id=key).count() == 1


@pytest.mark.parametrize("field", ["approved_by_id", "approval_id"])
def test_an_entry_cannot_be_approved_by_nobody(world: World, charge: Charge, field: str) -> None:
    name = {"approved_by_id": "approver", "approval_id": "approval"}[field]

    with pytest.raises(Conflict, match=f"timesheets_timeentry_{name}_fk"):
        world.do(lambda: TimeEntry.objects.filter(id=charge.source_id).update(**{field: uuid4()}))


@pytest.mark.slow
def test_charging_and_deleting_at_once_never_leaves_an_orphan(world: World, charge: Charge) -> None:
    def race(task_id: UUID, *, is_charging: bool) -> None:
        try:
            if is_charging:
                world.do(lambda: Charge.objects.bulk_create([_copy(charge, task_id=task_id)]))
            else:
                world.do(lambda: Task.objects.filter(id=task_id)._raw_delete("default"))
        except DomainError:
            return
        finally:
            connection.close()

    for _ in range(12):
        task_id = time.task(world, _project(world, charge)).id
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda charging, task_id=task_id: race(task_id, is_charging=charging), (True, False)))

    with world.inside():
        assert Charge.objects.exclude(task__in=Task.objects.all()).exclude(task=None).count() == 0
