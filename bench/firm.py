"""The firm of the workload: a tenant with its people, clients, contracts, projects, tasks and rates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import ModuleType
from uuid import UUID

from quoin.accounts.models import Grant, LegalEntity, Membership, MembershipRole, Role, Tenant, User
from quoin.base.actions import PERMISSIONS, action
from quoin.base.actor import Actor, Scope, Source
from quoin.catalog.models import Rate, RateCard
from quoin.clients.models import Client
from quoin.kernel.ids import uuid7
from quoin.ledger import services as ledger
from quoin.people.models import CostRate, JobRole, Person
from quoin.projects.models import Project, ProjectMember, Task
from quoin.sales.models import Contract
from quoin.sales.types import LineGrouping

_START = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Firm:
    """Ids by the workload's numbers, and an actor who may do everything and approves."""

    actor: Actor
    people: list[UUID]
    users: list[UUID]
    projects: list[UUID]
    tasks: list[UUID]


@action("bench.firm.found", label="Found the benchmark's firm")
def _found(actor: Actor, *, workload: ModuleType) -> Firm:
    now = actor.now
    Tenant.objects.create(
        id=actor.tenant_id, name="Workload", slug=f"w{actor.tenant_id.hex[-12:]}", created_at=now, currency="EUR"
    )
    ledger.ensure_chart()
    entity = LegalEntity.objects.create(
        name="Workload GmbH", code="WL", country="DE", currency="EUR", vat_id="DE136695976", street="Hauptstr. 1",
        city="Berlin", postal_code="10115", email="billing@workload.example", iban="DE89370400440532013000",
    )  # fmt: skip
    role = JobRole.objects.create(name="Consultant")
    boss = Person(name="Boss", email="boss@workload.example", entity=entity, hired_on=_START)
    people = [
        Person(
            name=f"Person {n}",
            email=f"p{n}@workload.example",
            entity=entity,
            job_role=role,
            hired_on=_START,
            manager=boss,
        )
        for n in range(workload.PEOPLE)
    ]
    users = User.objects.bulk_create(
        [
            User(email=f"p{n}.{actor.tenant_id.hex[-8:]}@workload.example", name=f"Person {n}")
            for n in range(workload.PEOPLE)
        ]
    )
    for person, user in zip(people, users, strict=True):
        person.user = user
    Person.objects.bulk_create([boss, *people])
    CostRate.objects.bulk_create(
        [CostRate(person=p, valid_from=_START, amount_per_hour=Decimal(50), currency="EUR") for p in people]
    )
    _memberships(users, now)
    clients = Client.objects.bulk_create(
        [
            Client(
                number=f"C-{n}", name=f"Client {n}", country="DE", currency="EUR", street="Weg 1", city="Bonn",
                postal_code="53111", vat_id="DE136695976",
            )
            for n in range(workload.CLIENTS)
        ]
    )  # fmt: skip
    card = RateCard.objects.create(name="Workload", currency="EUR", is_default=True)
    contracts = Contract.objects.bulk_create(
        [
            Contract(
                number=f"K-{n}", name="Time and materials", client=client, entity=entity, kind="time_and_materials",
                currency="EUR", rate_card=card, starts_on=_START, recognition="right_to_invoice",
                line_grouping=LineGrouping.PERSON,
            )
            for n, client in enumerate(clients)
        ]
    )  # fmt: skip
    projects = Project.objects.bulk_create(
        [
            Project(
                number=str(1000 + c), name=f"Project {c}", client=clients[workload.client_of(c)],
                contract=contracts[workload.client_of(c)], currency="EUR", starts_on=_START, note_rule="none",
                manager=boss,
            )
            for c in range(workload.PROJECTS)
        ]
    )  # fmt: skip
    tasks = Task.objects.bulk_create(
        [
            Task(project=project, number=k + 1, position=k + 1, name=f"Task {k}")
            for project in projects
            for k in range(workload.TASKS_PER_PROJECT)
        ]
    )
    rates = workload.rates()
    Rate.objects.bulk_create(
        [
            Rate(card=card, project_id=projects[c].id, person_id=people[p].id, amount_per_hour=rate, valid_from=_START)
            for (p, c), rate in rates.items()
        ]
    )
    ProjectMember.objects.bulk_create([ProjectMember(project=projects[c], person=people[p]) for p, c in rates])
    return Firm(
        actor=replace(actor, person_id=boss.id),
        people=[person.id for person in people],
        users=[user.id for user in users],
        projects=[project.id for project in projects],
        tasks=[task.id for task in tasks],
    )


def _memberships(users: list[User], now: datetime) -> None:
    role = Role.objects.create(name="Everybody")
    Grant.objects.bulk_create([Grant(role=role, permission=name, scope=Scope.OWN) for name in PERMISSIONS])
    found = Membership.objects.bulk_create([Membership(user=user, invited_at=now) for user in users])
    MembershipRole.objects.bulk_create([MembershipRole(membership=member, role=role) for member in found])


def new_firm(workload: ModuleType) -> Firm:
    """A fresh tenant with the masters of the workload."""
    actor = Actor(
        tenant_id=uuid7(), grants=dict.fromkeys(PERMISSIONS, Scope.ALL), now=datetime(2026, 1, 31, 12, tzinfo=UTC),
        name="Benchmark", user_id=uuid7(), source=Source.CLI,
    )  # fmt: skip
    return _found(actor, workload=workload)
