"""A firm with something of everything, near to its members and far from them, each kind marked with a word of its own.

`near` things belong to the team, the projects and the person of every role's member; `far` ones to another team.
A mark that shows up where it may not be seen is a leak, wherever on the page it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from uuid import UUID

from django.apps import apps
from django.test import Client as Browser
from django.test import override_settings

from quoin.accounts.actions import create_token
from quoin.accounts.models import LegalEntity, SavedView, User
from quoin.accounts.rules.standard_roles import ROLES
from quoin.base.actions import PERMISSIONS
from quoin.base.actor import Actor, Scope, Source
from quoin.base.clock import utc_now
from quoin.base.db.tenancy import TenantModel
from quoin.base.files.models import StoredFile
from quoin.billing.actions.charges import write_down_charges
from quoin.billing.actions.invoices import issue_invoices
from quoin.billing.actions.links import create_link
from quoin.billing.actions.payments import record_payment
from quoin.billing.actions.runs import build_run
from quoin.billing.models import BankLine, BankStatement, Charge
from quoin.catalog.models import ExpenseCategory, Rate, RateCard
from quoin.clients.models import Client, Contact
from quoin.imports.models import ImportBatch
from quoin.kernel.ids import public_id, uuid7
from quoin.kernel.money import Money
from quoin.people.models import CostRate, JobRole, Person, Team
from quoin.projects.models import Project, ProjectMember, Task
from quoin.sales.models import Contract, Milestone
from quoin.timesheets.models import Expense, TimeEntry
from tests.make import money
from tests.make.accounts import Firm, new_firm
from tests.make.world import World
from tests.proof.estate_field import install
from tests.proof.estate_governance import steer
from tests.proof.estate_more import furnish
from tests.proof.estate_people import staff
from tests.proof.estate_templates import stage

KINDS = ("client", "project", "person", "time", "expense", "contract")
COSTS = ("61.37", "73.91")
"""Cost per hour of near and far people; no other amount of the firm looks like them."""
WORK_ON = date(2026, 3, 12)
_LANDS = {"near": "Nachbarn", "far": "Fernland"}


@dataclass
class Estate:
    """The firm, its members by role, and the ids of near and far things by kind of id."""

    firm: Firm
    world: World
    sign: str
    members: dict[str, Actor] = field(default_factory=dict)
    near: dict[str, UUID] = field(default_factory=dict)
    far: dict[str, UUID] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """Texts that stand in addresses instead of an id, near and far: project numbers."""
    costs: tuple[str, ...] = COSTS

    def mark(self, place: str, kind: str) -> str:
        """The word that stands in every text of such a thing."""
        return f"{self.sign}{place}{kind}"

    def browser(self, role: str) -> Browser:
        client = Browser(raise_request_exception=False)
        client.force_login(User.objects.get(id=self.members[role].user_id))
        return client

    def token(self, role: str) -> str:
        return create_token(_everything(self.members[role]), name="proof", scopes=(), days=2).secret


ALL_RIGHTS = "everything"
"""A member who holds every permission for the whole firm: finds out which id a route takes."""
ROLE_NAMES: Mapping[str, str] = {role.key: role.name for role in ROLES}


def _everything(actor: Actor) -> Actor:
    return replace(actor, grants=dict.fromkeys(PERMISSIONS, Scope.ALL), request_id=uuid7())


def build(sign: str) -> Estate:
    """A new firm whose every text carries the sign."""
    firm = new_firm(name=f"{sign}firm")
    system = replace(firm.system, now=datetime(2026, 5, 6, 12, tzinfo=UTC), source=Source.API)
    world = World(actor=system, entity=None, boss=None)  # type: ignore[arg-type]  # set in the next lines
    estate = Estate(firm, world, sign)
    world.entity = world.do(lambda: _entity(sign))
    world.boss = world.do(
        lambda: Person.objects.create(name=f"{sign}boss", entity=world.entity, hired_on=date(2020, 1, 1))
    )
    world.actor = replace(world.actor, person_id=world.boss.id)
    _join(estate)
    card = world.do(lambda: RateCard.objects.create(name=f"{sign}card", currency="EUR", is_default=True))
    world.do(lambda: Rate.objects.create(card=card, amount_per_hour=Decimal("117.90"), valid_from=date(2020, 1, 1)))
    for place in ("near", "far"):
        _land(estate, place)
    _invoice(estate)
    world.do(lambda: _odds(estate))
    world.do(lambda: staff(estate))
    world.do(lambda: furnish(estate))
    world.do(lambda: install(estate))
    world.do(lambda: steer(estate))
    world.do(lambda: stage(estate))
    _pay_and_send(estate)
    estate.token(ALL_RIGHTS)
    _collect(estate)
    return estate


def _entity(sign: str) -> LegalEntity:
    return LegalEntity.objects.create(
        name=f"{sign}entity", code=f"E{sign[-1:].upper()}", country="DE", currency="EUR", vat_id="DE136695976",
        street="Hauptstr. 1", city="Berlin", postal_code="10115", email="billing@firm.example", phone="+49 30 1234567",
        contact_name="Kari Holm", iban="DE89370400440532013000", bic="COBADEFFXXX",
    )  # fmt: skip


def _join(estate: Estate) -> None:
    """One member for each standard role, and one who holds all of them, each with a person of the near team."""
    world = estate.world
    team = world.do(lambda: Team.objects.create(name=f"{estate.sign}nearteam"))
    for key, name in ROLE_NAMES.items():
        estate.members[key] = _linked(estate, estate.firm.member(name), team, key)
    every = estate.firm.member(*ROLE_NAMES.values(), reason="proof of the rights")
    estate.members[ALL_RIGHTS] = _linked(estate, every, team, "every")
    world.do(lambda: _grant_everything(estate))


def _grant_everything(estate: Estate) -> None:
    from quoin.accounts.models import Grant, MembershipRole, Role

    role = Role.objects.create(name=f"{estate.sign}everything", description="All rights, to find the ids of routes")
    Grant.objects.bulk_create([Grant(role=role, permission=name, scope=Scope.ALL) for name in PERMISSIONS])
    MembershipRole.objects.create(membership_id=estate.members[ALL_RIGHTS].membership_id, role=role)


def _linked(estate: Estate, actor: Actor, team: Team, key: str) -> Actor:
    def build_person() -> Person:
        person = Person.objects.create(
            name=f"{estate.sign}nearperson {key}", email=f"{key}@near.example", user_id=actor.user_id, team=team,
            entity=estate.world.entity, hired_on=date(2020, 1, 1),
        )  # fmt: skip
        CostRate.objects.create(person=person, valid_from=date(2020, 1, 1), amount_per_hour=COSTS[0], currency="EUR")
        return person

    person = estate.world.do(build_person)
    return replace(actor, person_id=person.id, team_id=team.id)


def _land(estate: Estate, place: str) -> None:
    """A client with its contract, project, people, time and expenses."""
    world = estate.world
    made = world.do(lambda: _parties(estate, place))
    client, contract, project, task, people = made
    ids = world.do(lambda: _work(estate, place, project, task, people))
    money.approve(world, ids)
    estate.words[f"{place}:project"] = project.number
    remembered = estate.near if place == "near" else estate.far
    remembered.update(
        {"cli": client.id, "ctr": contract.id, "prj": project.id, "tsk": task.id, "per": people[1].id, "tim": ids[1]}
    )


def _parties(estate: Estate, place: str) -> tuple[Client, Contract, Project, Task, list[Person]]:
    def said(kind: str) -> str:
        return estate.mark(place, kind)

    world, land = estate.world, _LANDS[place]
    client = Client.objects.create(
        name=f"{said('client')} {land}", number=f"C-{said('client')}", country="DE", currency="EUR", notes=said("client"),
        vat_id="DE811569869", street=f"{said('client')} 3", city="Hamburg", postal_code="20457",
        invoice_email=f"{said('client')}@client.example", buyer_reference=said("client"), web_domain=f"{said('client')}.example",
    )  # fmt: skip
    Contact.objects.create(client=client, name=f"{said('client')} contact", email=f"{said('client')}@contact.example")
    contract = Contract.objects.create(
        number=f"K-{said('contract')}", name=said("contract"), client=client, entity=world.entity, note=said("contract"),
        kind="time_and_materials", currency="EUR", starts_on=date(2020, 1, 1), recognition="right_to_invoice",
        purchase_order=f"PO-{said('contract')}",
    )  # fmt: skip
    fixed = Contract.objects.create(
        number=f"F-{said('contract')}", name=said("contract"), client=client, entity=world.entity, kind="fixed_price",
        currency="EUR", starts_on=date(2020, 1, 1), recognition="as_billed", fixed_amount=Decimal(5000),
    )  # fmt: skip
    milestone = Milestone.objects.create(contract=fixed, position=1, name=said("contract"), amount=Decimal(5000))
    (estate.near if place == "near" else estate.far)["mil"] = milestone.id
    people = _people(estate, place)
    project = Project.objects.create(
        number=f"P-{said('project')}", name=said("project"), client=client, contract=contract, currency="EUR",
        manager=people[0], description=said("project"), health_note=said("project"), budget_minutes=6000,
    )  # fmt: skip
    task = Task.objects.create(project=project, number=1, name=f"{said('project')} task", notes=said("project"))
    for person in people:
        ProjectMember.objects.create(project=project, person=person, minutes_per_day=480)
    return client, contract, project, task, people


def _people(estate: Estate, place: str) -> list[Person]:
    """The project's manager first. Near: the members of the firm; far: two of another team."""
    if place == "near":
        ids = [estate.members["project_manager"].person_id]
        ids += [actor.person_id for key, actor in estate.members.items() if key != "project_manager"]
        found = {person.id: person for person in Person.objects.filter(id__in=ids)}
        return [found[key] for key in ids if key is not None]
    team = Team.objects.create(name=f"{estate.sign}farteam")
    job_role = JobRole.objects.create(name=f"{estate.sign}role")
    made: list[Person] = []
    for number in range(2):
        person = Person.objects.create(
            name=f"{estate.mark('far', 'person')} {number}", email=f"{estate.mark('far', 'person')}{number}@far.example",
            number=f"N{estate.mark('far', 'person')}{number}", team=team, entity=estate.world.entity, job_role=job_role,
            hired_on=date(2020, 1, 1), manager=made[0] if made else None,
        )  # fmt: skip
        CostRate.objects.create(person=person, valid_from=date(2020, 1, 1), amount_per_hour=COSTS[1], currency="EUR")
        made.append(person)
    return made


def _work(estate: Estate, place: str, project: Project, task: Task, people: list[Person]) -> list[UUID]:
    """An hour of approved time for each person, one open entry each, and expenses."""
    world = estate.world
    said, spent = estate.mark(place, "time"), estate.mark(place, "expense")
    common = {"project": project, "task": task, "note": said, "entered_at": world.actor.now}
    done = [
        TimeEntry(
            id=uuid7(), person=person, work_on=WORK_ON, minutes=60, status="approved", approved_by=world.boss,
            approved_at=world.actor.now, **common,
        )
        for person in people
    ]  # fmt: skip
    still_open = [
        TimeEntry(id=uuid7(), person=person, work_on=date(2026, 5, 5), minutes=30, **common) for person in people
    ]
    waiting = TimeEntry(
        id=uuid7(), person=people[1], work_on=date(2026, 4, 28), minutes=45, status="submitted",
        submitted_at=world.actor.now, **common,
    )  # fmt: skip
    TimeEntry.objects.bulk_create([*done, *still_open, waiting])
    receipt = StoredFile.objects.create(
        name=f"{spent}.png", content_type="image/png", size_bytes=4, sha256="0" * 64, content=b"\x89PNG",
        stored_at=world.actor.now,
    )  # fmt: skip
    category, _ = ExpenseCategory.objects.get_or_create(name=f"{estate.sign}travel")
    for person, status in ((people[-1], "open"), (people[-1], "submitted")):
        Expense.objects.create(
            person=person, project=project, category=category, spent_on=WORK_ON, supplier=spent, note=spent, receipt_id=receipt.id,
            gross_amount=Decimal("41.30"), currency="EUR", base_net_amount=Decimal("41.30"), base_currency="EUR",
            status=status, submitted_at=world.actor.now if status == "submitted" else None,
        )  # fmt: skip
    return [entry.id for entry in done]


def _invoice(estate: Estate) -> None:
    """Per client: one charge written down, one issued invoice, one draft, through the real actions."""
    world = estate.world
    with world.inside():
        first = Charge.objects.filter(project_id=estate.near["prj"]).order_by("id").first()
    assert first is not None
    write_down_charges(world.actor, charge_ids=[first.id], reason=estate.mark("near", "time"))
    built = build_run(world.actor, work_until=date(2026, 3, 31))
    found = issue_invoices(world.actor, invoice_ids=[draft.id for draft in built.drafts], issue_on=date(2026, 4, 1))
    assert not found.refused, found.refused
    for invoice in found.invoices:
        (estate.near if invoice.client_id == estate.near["cli"] else estate.far)["inv"] = invoice.id


def _pay_and_send(estate: Estate) -> None:
    """A payment, money that waits to be matched, and a link for the client, for each client."""
    world = estate.world
    for place, ids in (("near", estate.near), ("far", estate.far)):
        record_payment(
            world.actor,
            client_id=ids["cli"],
            amount=Money(Decimal("11.11"), "EUR"),
            received_on=date(2026, 5, 4),
            reference=estate.mark(place, "client"),
        )
        made = create_link(
            replace(world.actor, now=utc_now()),
            invoice_id=ids["inv"],
            sent_to=f"{estate.mark(place, 'client')}@client.example",
        )
        estate.words[f"{place}:secret"] = made.url.rpartition("/")[2]
        ids["lnk"] = made.link.id
        world.do(lambda place=place, ids=ids: _bank(estate, place, ids))


def _bank(estate: Estate, place: str, ids: dict[str, UUID]) -> None:
    statement = BankStatement.objects.create(
        entity=estate.world.entity, file_name=f"{estate.sign}{place}.csv", file_sha256=uuid7().hex * 2,
        imported_at=estate.world.actor.now,
    )  # fmt: skip
    line = BankLine.objects.create(
        statement=statement, external_id=f"{estate.sign}{place}", booked_on=date(2026, 5, 5), amount=Decimal("22.22"),
        currency="EUR", name=f"{estate.sign}payer", iban="", text=estate.mark(place, "client"),
    )  # fmt: skip
    ids["bkl"] = line.id


def _odds(estate: Estate) -> None:
    """Things that belong to the whole firm."""
    member = estate.members[ALL_RIGHTS]
    SavedView.objects.create(
        membership_id=member.membership_id, list_key="members", name=f"{estate.sign}view", query=""
    )
    ImportBatch.objects.create(
        status="draft", profile="generic", source="generic", file_name=f"{estate.sign}.csv", file_sha256=uuid7().hex * 2,
        file_bytes=1, started_at=estate.world.actor.now,
    )  # fmt: skip


def _collect(estate: Estate) -> None:
    """For every kind of id that has a prefix: one row near; far is the other one where places differ."""
    with estate.world.inside():
        for model in apps.get_models():
            if not issubclass(model, TenantModel) or model.prefix == "row":
                continue
            names = {each.name for each in model._meta.fields}
            for place, found in (("near", estate.near), ("far", estate.far)):
                if model.prefix in found:
                    continue
                rows = model.objects.filter(**_within(names, estate, place)).order_by("id")
                if (row := rows.first()) is not None:
                    found[model.prefix] = row.pk


def _within(names: set[str], estate: Estate, place: str) -> dict[str, UUID]:
    ids = estate.near if place == "near" else estate.far
    for name, prefix in (
        ("project", "prj"),
        ("client", "cli"),
        ("contract", "ctr"),
        ("person", "per"),
        ("invoice", "inv"),
    ):
        if name in names:
            return {f"{name}_id": ids[prefix]}
    return {}


def shown(prefix: str, value: UUID) -> str:
    return public_id(prefix, value)


@cache
def estates() -> tuple[Estate, Estate]:
    """Ours and a stranger's, built once for the process."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        return build("zqour"), build("zqalien")
