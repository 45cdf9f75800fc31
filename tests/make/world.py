"""A fresh tenant with a legal entity, people and an actor who may do everything."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import count
from typing import TypeVar, cast
from uuid import UUID

from quoin.accounts.models import LegalEntity, Tenant
from quoin.base.actions import PERMISSIONS, action
from quoin.base.actor import Actor, Scope, Source
from quoin.base.db.context import tenant_transaction
from quoin.kernel.ids import uuid7
from quoin.people.models import CostRate, JobRole, Person

NOON = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)
_numbers = count(1)
T = TypeVar("T")


@action("tests.world.build", label="Build a test's tenant")
def _build(actor: Actor, *, name: str) -> tuple[LegalEntity, Person]:
    Tenant.objects.create(id=actor.tenant_id, name=name, slug=f"t{actor.tenant_id.hex[-12:]}", created_at=NOON)
    entity = LegalEntity.objects.create(
        name="Halden Digital AS", code="HD", country="DE", currency="EUR", vat_id="DE136695976",
        street="Hauptstr. 1", city="Berlin", postal_code="10115", email="billing@halden.example",
        phone="+49 30 1234567", contact_name="Kari Holm", iban="DE89370400440532013000", bic="COBADEFFXXX",
    )  # fmt: skip
    boss = Person.objects.create(name="Eva Berg", email="eva@halden.example", entity=entity, hired_on=date(2020, 1, 1))
    return entity, boss


@action("tests.world.change", label="Change rows in a test")
def change(actor: Actor, *, what: object) -> object:
    """Run a callable inside an action, for set-up that has no action of its own."""
    assert callable(what)
    return what()


@dataclass
class World:
    """The tenant of one test and its all-powerful actor."""

    actor: Actor
    entity: LegalEntity
    boss: Person
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def tenant_id(self) -> UUID:
        return self.actor.tenant_id

    def inside(self, *, read_only: bool = False) -> AbstractContextManager[None]:
        """The tenant's transaction, for reads."""
        return tenant_transaction(self.actor, read_only=read_only)

    def do(self, what: Callable[[], T]) -> T:
        """Run a callable inside an action (for set-up)."""
        return cast("T", change(self.actor, what=what))

    def with_rights(self, *names: str, scope: Scope = Scope.ALL, person: Person | None = None) -> Actor:
        """The actor with only these rights."""
        return replace(
            self.actor,
            grants=dict.fromkeys(names, scope),
            person_id=person.id if person else self.actor.person_id,
            request_id=uuid7(),
        )

    def person(self, name: str = "Ana Ruiz", *, cost: str = "60", role: str = "Consultant") -> Person:
        """A person with a cost rate since 2020."""

        def build() -> Person:
            job_role, _ = JobRole.objects.get_or_create(name=role)
            person = Person.objects.create(
                name=name, email=f"p{next(_numbers)}@halden.example", entity=self.entity, job_role=job_role,
                hired_on=date(2020, 1, 1), manager=self.boss,
            )  # fmt: skip
            CostRate.objects.create(person=person, valid_from=date(2020, 1, 1), amount_per_hour=cost, currency="EUR")
            return person

        self.people[name] = self.do(build)
        return self.people[name]


def new_world(*, name: str = "Halden", now: datetime = NOON) -> World:
    """A new tenant. Rows are committed for real; no other test sees them."""
    tenant_id = uuid7()
    actor = Actor(
        tenant_id=tenant_id, grants=dict.fromkeys(PERMISSIONS, Scope.ALL), now=now, name="Test", user_id=uuid7(),
        zone="UTC", source=Source.API,
    )  # fmt: skip
    entity, boss = _build(actor, name=name)
    return World(actor=replace(actor, person_id=boss.id), entity=entity, boss=boss)
