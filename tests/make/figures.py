"""A small firm with months of work, invoices and payments, made from a seed: for tests of figures and for looking at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any

from quoin.billing.models import (
    Charge,
    Invoice,
    InvoiceItem,
    InvoiceLine,
    InvoiceTax,
    Payment,
    PaymentApplication,
    WriteDown,
)
from quoin.clients.models import Client
from quoin.kernel.period import add_months
from quoin.people.models import Person, Team, WorkPattern
from quoin.projects.models import Project, ProjectMember, Task
from tests.make import money
from tests.make.world import World

_numbers = count(1)
_VAT = Decimal("0.19")
NAMES = (
    "Ana Ruiz", "Jonas Vik", "Mei Tanaka", "Omar Haddad", "Ingrid Solberg", "Paul Weber", "Lucia Conti", "Samir Rao",
    "Kari Holm", "Nils Aas", "Eva Lind", "Tom Berg",
)  # fmt: skip
CLIENTS = ("Fjord Energi", "Vega Maskin", "Odda Kommune", "Nordlys Bank", "Hansa Logistik", "Alpen Werke")
WORK = (
    "ERP roll-out",
    "Data platform",
    "Line 4 installation",
    "Service desk",
    "Customer portal",
    "Migration",
    "Field app",
)


@dataclass
class Firm:
    """What was made."""

    world: World
    people: list[Person] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    team: Team | None = None


def firm(
    world: World, *, seed: int = 1, people: int = 4, clients: int = 2, projects: int = 4, months: int = 3, entries_a_month: int = 6
) -> Firm:  # fmt: skip
    """People, clients, projects of every kind of contract, and months of work up to the world's day."""
    random = Random(seed)
    made = Firm(world)
    money.rate_card(world, rate="120.00")
    made.people = [world.person(NAMES[n], cost=str(45 + 5 * (n % 5))) for n in range(people)]
    made.team = world.do(lambda: Team.objects.create(name="North"))
    _settle(world, made)
    made.clients = [money.client(world, name=CLIENTS[n]) for n in range(clients)]
    internal = money.client(world, name="Halden", is_internal=True)
    for n in range(projects):
        made.projects.append(_project(world, made, random, n))
    made.projects.append(money.project(world, of=internal, manager=world.boss))
    first = add_months(world.actor.today.replace(day=1), 1 - months)
    for month in range(months):
        _work(world, made, random, add_months(first, month), entries_a_month, is_last=month == months - 1)
        if month < months - 1:
            _bill(world, made, random, add_months(first, month + 1))
    return made


def _settle(world: World, made: Firm) -> None:
    def build() -> None:
        for position, person in enumerate(made.people):
            if position % 2:
                Person.objects.filter(id=person.id).update(team=made.team)
            if position == 0:
                WorkPattern.objects.create(
                    person=person, valid_from=date(2026, 4, 1), weekday_minutes=[480, 480, 480, 480, 0, 0, 0]
                )

    world.do(build)


def _project(world: World, made: Firm, random: Random, number: int) -> Project:
    client = made.clients[number % len(made.clients)]
    kind = ("time_and_materials", "time_and_materials", "fixed_price", "retainer")[number % 4]
    extra: dict[str, Any] = {}
    if kind == "fixed_price":
        extra["fixed_amount"] = Decimal(90000)
    if number % 4 == 1:
        extra["cap_amount"] = Decimal(250000)
    if kind == "retainer":
        extra |= {"retainer_minutes": 2400, "retainer_fee": Decimal(4000), "overage_rate_per_hour": Decimal(110)}
    contract = money.contract(world, of=client, kind=kind, **extra)
    project = money.project(
        world, under=contract, manager=world.boss if number % 2 == 0 else made.people[0],
        starts_on=date(2025, 1, 1), budget_minutes=60 * random.randrange(60, 400), budget_amount=Decimal(random.randrange(20, 60) * 1000),
        health=("on_track", "at_risk", "on_track", "off_track", "on_track")[number % 5],
    )  # fmt: skip

    def finish() -> None:
        Project.objects.filter(id=project.id).update(name=f"{client.name.split()[0]} {WORK[number % len(WORK)]}")
        phase = Task.objects.create(project=project, number=1, name="Build", estimate_minutes=0)
        for position, name in enumerate(("Analysis", "Data migration", "Testing"), start=2):
            Task.objects.create(
                project=project, parent=phase, number=position, position=position, name=name,
                estimate_minutes=60 * random.randrange(20, 120), left_minutes=60 * random.randrange(0, 60),
            )  # fmt: skip
        for person in made.people[:: 1 + number % 2]:
            ProjectMember.objects.create(project=project, person=person, job_role=person.job_role)

    world.do(finish)
    return project


def _work(world: World, made: Firm, random: Random, month: date, entries: int, *, is_last: bool) -> None:
    tasks = world.do(lambda: {p.id: list(Task.objects.filter(project=p, parent__isnull=False)) for p in made.projects})
    last = min(add_months(month, 1) - timedelta(days=1), world.actor.today)
    for person in made.people:
        days = [month + timedelta(days=random.randrange((last - month).days + 1)) for _ in range(entries)]
        for status in ("approved", "submitted", "open") if is_last else ("approved",):
            project = random.choice(made.projects)
            some = (
                days[: max(1, entries // 2)] if status == "approved" and is_last else days[: 1 if is_last else entries]
            )
            for chosen in {project, random.choice(made.projects)}:
                fields: dict[str, Any] = {"is_billable": random.random() > 0.15}
                if tasks[chosen.id]:
                    fields["task"] = random.choice(tasks[chosen.id])
                minutes = [random.randrange(1, 33) * 15 for _ in some]
                ids = money.entries(world, on=chosen, by=person, minutes=minutes, day=some, status=status, **fields)
                if status == "approved":
                    money.approve(world, ids)
    cost = money.expense(world, on=made.projects[0], by=made.people[0], gross="119.00", vat="19.00", day=last)
    money.approve_expenses(world, [cost])


def _bill(world: World, made: Firm, random: Random, day: date) -> None:
    """Bills part of what is unbilled, writes some down, and lets part of the invoices be paid."""

    def some(project: Project) -> list[Charge]:
        found = list(
            Charge.objects.filter(project=project, status="unbilled", amount__gt=0, work_on__lt=day).order_by("id")
        )
        return [charge for charge in found if random.random() < 0.8]

    for project in made.projects:
        charges = world.do(lambda project=project: some(project))
        if len(charges) > 2:
            given_up, *charges = charges
            world.do(lambda charge=given_up: _write_down(world, charge))
        if charges:
            issued = world.do(lambda charges=charges, project=project: invoice(world, project, charges, on=day))
            made.invoices.append(issued)
            if random.random() < 0.5:
                world.do(lambda issued=issued: pay(world, issued, on=min(day + timedelta(days=20), world.actor.today)))


def _write_down(world: World, charge: Charge) -> None:
    half = (charge.amount / 2).quantize(Decimal("0.01"))
    WriteDown.objects.create(
        charge=charge, amount=half, base_amount=half, reason="Goodwill", decided_at=world.actor.now
    )


def invoice(world: World, project: Project, charges: Sequence[Charge], *, on: date) -> Invoice:
    """An issued invoice with one line for these charges, in rows alone: nothing is posted."""
    net = sum((charge.amount for charge in charges), Decimal(0))
    vat = (net * _VAT).quantize(Decimal("0.01"))
    number = next(_numbers)
    sequence = Invoice.objects.filter(status="issued").count() + 1
    row = Invoice.objects.create(
        entity=world.entity, client=project.client, contract=project.contract, currency=project.currency, issue_on=on,
        due_on=on + timedelta(days=14), net_amount=net, tax_amount=vat, gross_amount=net + vat, created_at=world.actor.now,
    )  # fmt: skip
    line = InvoiceLine.objects.create(
        invoice=row, position=1, kind="time", description=f"Work until {on}", quantity=1, unit="C62", unit_price=net,
        net_amount=net, worked_minutes=sum(charge.minutes for charge in charges), tax_percent=19, project=project,
    )  # fmt: skip
    InvoiceItem.objects.bulk_create(
        [InvoiceItem(line=line, charge=c, minutes=c.billable_minutes, amount=c.amount) for c in charges]
    )
    InvoiceTax.objects.create(invoice=row, category="S", percent=19, base_amount=net, tax_amount=vat)
    Charge.objects.filter(id__in=[charge.id for charge in charges]).update(status="billed")
    row.status, row.number, row.series, row.sequence = "issued", f"HD-{number:05}", "HD", sequence
    row.issued_at = world.actor.now
    row.save()
    return row


def pay(world: World, row: Invoice, *, on: date, share: Decimal = Decimal(1)) -> Payment:
    """A payment of the invoice, set against it."""
    amount = (row.gross_amount * share).quantize(Decimal("0.01"))
    payment = Payment.objects.create(
        entity=world.entity,
        client=row.client,
        received_on=on,
        amount=amount,
        currency=row.currency,
        recorded_at=world.actor.now,
    )
    PaymentApplication.objects.create(
        payment=payment, invoice=row, amount=amount, applied_at=world.actor.now, applied_on=on
    )
    return payment
