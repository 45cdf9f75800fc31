"""Builders of work and time."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

from quoin.catalog.models import Rate, RateCard
from quoin.clients.models import Client
from quoin.kernel.ids import uuid7
from quoin.projects.models import Project, ProjectMember, Task
from quoin.sales.models import Contract
from quoin.timesheets.models import TimeEntry
from quoin.timesheets.rules.cells import CellEdit
from quoin.timesheets.types import RowKey

if TYPE_CHECKING:
    from quoin.base.actor import Actor
    from quoin.people.models import Person
    from tests.make.world import World

MONDAY = date(2026, 5, 4)
_numbers = count(1)


def client(world: World, *, name: str = "Nordkraft", is_internal: bool = False) -> Client:
    return world.do(
        lambda: Client.objects.create(
            number=f"C{next(_numbers)}", name=name, country="DE", currency="EUR", is_internal=is_internal
        )
    )


def project(world: World, *, members: tuple[Person, ...] = (), is_billable: bool = True, **fields: Any) -> Project:
    """An active project with a time-and-materials contract, and its members at six hours a day."""
    its_client = fields.pop("client", None) or client(world)
    minutes_per_day = fields.pop("minutes_per_day", 360)

    def build() -> Project:
        number = next(_numbers)
        contract = None
        if is_billable:
            _price_everything()
            contract = Contract.objects.create(
                number=f"K{number}", name="Contract", client=its_client, entity=world.entity,
                kind="time_and_materials", currency="EUR", starts_on=date(2020, 1, 1),
            )  # fmt: skip
        made = Project.objects.create(
            **{
                "number": f"P{number}", "name": "Fjord ERP", "client": its_client, "contract": contract,
                "currency": "EUR", "note_rule": "none", **fields,
            }
        )  # fmt: skip
        for person in members:
            ProjectMember.objects.create(project=made, person=person, minutes_per_day=minutes_per_day)
        return made

    return world.do(build)


def _price_everything() -> None:
    """The company card prices every hour, so that approved work finds a rate."""
    card, is_new = RateCard.objects.get_or_create(name="Company", currency="EUR", is_default=True)
    if is_new:
        Rate.objects.create(card=card, amount_per_hour=120, valid_from=date(2000, 1, 1))


def task(world: World, of: Project, *, name: str = "Data migration", **fields: Any) -> Task:
    return world.do(lambda: Task.objects.create(project=of, number=next(_numbers), name=name, **fields))


def entry(
    world: World, person: Person, of: Project, *, on: date = MONDAY, minutes: int = 60, **fields: Any
) -> TimeEntry:
    """A stored entry, in whatever state a test needs."""
    values = {"person": person, "project": of, "work_on": on, "minutes": minutes, "entered_at": world.actor.now}
    return world.do(lambda: TimeEntry.objects.create(**{**values, **fields}))


def edit(of: Project, minutes: int | None, *, on: date = MONDAY, **fields: Any) -> CellEdit:
    """An edit of a cell as a device sends it."""
    its_task = fields.pop("task", None)
    row = RowKey(of.id, its_task.id if its_task else None)
    return CellEdit(**{"row": row, "work_on": on, "minutes": minutes, "id": uuid7(), **fields})


def as_person(world: World, person: Person) -> Actor:
    """The person with every right on their own things only."""
    from quoin.base.actions import PERMISSIONS  # filled when the actions are imported
    from quoin.base.actor import Scope

    return world.with_rights(*PERMISSIONS, scope=Scope.OWN, person=person)
