"""Rates, clients, contracts and projects, written through the actions a person would use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch
from quoin.base.actor import Actor
from quoin.catalog.actions.categories import save_expense_category
from quoin.catalog.actions.rates import NewRate, add_rates, create_rate_card
from quoin.clients.actions import create_client, create_contact
from quoin.kernel.ids import public_id
from quoin.kernel.period import add_months
from quoin.projects.actions import create_project, step_project
from quoin.projects.actions.templates import create_template, publish_template
from quoin.projects.models import Project, ProjectMember, Task
from quoin.projects.services import add_memberships, add_tasks, estimate_tasks
from quoin.sales.actions.contracts import MilestonePlan, create_contract, plan_milestones
from quoin.sales.models import Contract
from quoin.site.demo import names
from quoin.site.demo.chance import Chance
from quoin.site.demo.engagements import FJORD, ODDA, VEGA, Buyer, Engagement
from quoin.site.demo.firm import JOBS
from quoin.site.demo.hours import Worked
from quoin.site.demo.identities import vat_id
from quoin.site.demo.people import Staff
from quoin.site.demo.places import address, electronic_address
from quoin.site.demo.prices import (
    CURRENCIES,
    RISE_PERCENT,
    Worth,
    client_rate,
    elapsed_percent,
    list_rate,
    rounded,
    worth,
)
from quoin.site.demo.templates import INTERNAL, TASKS, TEMPLATES

_HEALTH = {
    FJORD: ("off_track", "Forecast over budget since April; change order 4 is not signed."),
    VEGA: ("at_risk", "The crane is nine days late; start-up moves."),
    ODDA: ("off_track", "Uses more hours than the contract includes."),
}
_LEAD_JOBS = {"digital": "project_manager", "installations": "site_manager", "managed": "service_manager"}
PER_KILOMETRE = Decimal("0.30")
_CATEGORIES = (
    ("Travel", "receipt", None), ("Accommodation", "receipt", None), ("Materials", "receipt", None),
    ("Mileage", "mileage", PER_KILOMETRE),
)  # fmt: skip


@dataclass(slots=True)
class Portfolio:
    """What was written, by the keys of the plan."""

    clients: dict[str, UUID] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    projects: dict[str | int, Project] = field(default_factory=dict)
    tasks: dict[str, dict[str, UUID]] = field(default_factory=dict)
    cards: dict[str, UUID] = field(default_factory=dict)
    templates: dict[str, UUID] = field(default_factory=dict)
    categories: dict[str, UUID] = field(default_factory=dict)


def write_catalog(actor: Actor, staff: Staff, portfolio: Portfolio, *, begun_on: date, raised_on: date) -> None:
    """Cards with this year's version, templates, categories of expenses."""
    for currency in CURRENCIES:
        card = create_rate_card(actor, name=f"Halden {currency}", currency=currency, is_default=True)
        rates = [NewRate(per_hour=list_rate(job, currency), role_id=staff.job_ids[job.key]) for job in JOBS if job.rate]
        add_rates(actor, card_id=card.id, from_on=begun_on, rates=rates)
        add_rates(actor, card_id=card.id, from_on=raised_on, percent=RISE_PERCENT)
        portfolio.cards[currency] = card.id
    for template in TEMPLATES:
        made = create_template(actor, document=template.document())
        publish_template(actor, template_id=made.id)
        portfolio.templates[template.key] = made.id
    for name, kind, rate in _CATEGORIES:
        portfolio.categories[name] = save_expense_category(actor, name=name, kind=kind, rate_per_unit=rate).id


def write_clients(
    actor: Actor,
    staff: Staff,
    portfolio: Portfolio,
    buyers: Iterable[Buyer],
    *,
    chance: Chance,
    since: tuple[date, date],
) -> None:
    """Clients with an address, two contacts each, and the lower rates of those who pay less."""
    people = names.people(chance.part("contacts"), 130, taken=frozenset())
    for number, buyer in enumerate(buyers):
        domain = f"{buyer.name.lower().replace(' ', '-')}.example"
        vat = vat_id(buyer.country, chance)
        client = create_client(
            actor, name=buyer.name, legal_name=buyer.legal_name, country=buyer.country, currency=buyer.currency,
            vat_id=vat, payment_days=buyer.payment_days, invoice_email=f"invoices@{domain}", web_domain=domain,
            electronic_address=electronic_address(buyer.country, vat, f"invoices@{domain}"),
            buyer_reference=f"KST-{chance.between(1000, 9999)}", **address(chance, buyer.country),
        )  # fmt: skip
        portfolio.clients[buyer.key] = client.id
        for place, title in enumerate(("Head of IT", "Accounts payable")):
            name = people[(2 * number + place) % len(people)]
            email = f"{name.lower().replace(' ', '.')}@{domain}"
            create_contact(
                actor, client_id=client.id, name=name, email=email, job_title=title, gets_invoices=bool(place)
            )
        if buyer.discount_percent:
            _write_discount(actor, staff, portfolio, buyer, since=since)
    own = create_client(actor, name="Halden Group", country="DE", currency="EUR", is_internal=True)
    for number, (name, _notes) in enumerate(INTERNAL):
        portfolio.projects[number] = create_project(actor, name=name, client_id=own.id, note_rule="none")


def write_engagements(
    staff: Staff, portfolio: Portfolio, engagements: list[Engagement], buyers: dict[str, Buyer],
    *, rows: Iterable[Worked],  raised_on: date, today: date, now_actor: Actor,
) -> None:  # fmt: skip
    """A contract and a project for each, priced and budgeted from the hours that will be worked."""
    by_work: defaultdict[str, list[Worked]] = defaultdict(list)
    for row in rows:
        if isinstance(row.work, str):
            by_work[row.work].append(row)
    for number, engagement in enumerate(engagements):
        buyer, hours = buyers[engagement.buyer], by_work[engagement.key]
        leads = staff.with_job(_LEAD_JOBS[engagement.unit])
        lead = leads[0 if engagement.story else number % len(leads)]
        # Fjord's manager is the one who can sign in.
        actor = staff.actor(lead).at(now_actor.now)
        done = worth(hours, staff.everybody, buyer, raised_on=raised_on)
        whole = done.of_whole(elapsed_percent(engagement, today))
        contract = _write_contract(
            actor, staff, portfolio, engagement, buyer=buyer, hours=hours, whole=whole, today=today
        )
        portfolio.contracts[engagement.key] = contract
        _write_project(
            actor, staff, portfolio, engagement, hours=hours, contract=contract, whole=whole.value, today=today
        )


def _write_discount(
    actor: Actor, staff: Staff, portfolio: Portfolio, buyer: Buyer, *, since: tuple[date, date]
) -> None:
    begun_on, raised_on = since
    jobs = [job for job in JOBS if job.unit == buyer.unit and job.rate]
    for on, percent in ((begun_on, Decimal(0)), (raised_on, RISE_PERCENT)):
        rates = [
            NewRate(
                per_hour=(client_rate(job, buyer) * (100 + percent) / 100).quantize(Decimal("0.01")),
                client_id=portfolio.clients[buyer.key], role_id=staff.job_ids[job.key],
            )
            for job in jobs
        ]  # fmt: skip
        add_rates(actor, card_id=portfolio.cards[buyer.currency], from_on=on, rates=rates)


def _write_contract(
    actor: Actor, staff: Staff, portfolio: Portfolio, engagement: Engagement, *, buyer: Buyer, hours: list[Worked],
    whole: Worth, today: date,
) -> Contract:  # fmt: skip
    fields: dict[str, Any] = {
        "name": engagement.name, "kind": engagement.kind, "currency": buyer.currency, "starts_on": engagement.starts_on,
        "ends_on": engagement.ends_on if engagement.kind != "retainer" else None,
        "shows_hours": engagement.lists_hours,
    }  # fmt: skip
    match engagement.kind:
        case "time_and_materials":
            fields |= _open_terms(engagement, whole.value)
        case "fixed_price":
            price = rounded(whole.value * engagement.price_ratio / 100, 500)
            fields |= {"fixed_amount": price, "expense_markup_ratio": Decimal("0.10")}
            fields |= _earning(engagement, whole.cost, today)
        case _:
            fields |= _retainer_terms(engagement, hours, whole=whole.value, today=today)
    contract = create_contract(
        actor, client_id=portfolio.clients[buyer.key], entity_id=staff.entities[engagement.unit].id, **fields
    )
    if engagement.kind == "fixed_price":
        plan_milestones(actor, contract_id=contract.id, milestones=_milestones(engagement, contract))
    return contract


def _open_terms(engagement: Engagement, whole: Decimal) -> dict[str, Any]:
    terms: dict[str, Any] = {"recognition": "right_to_invoice", "increment_minutes": 15}
    if engagement.has_cap:
        # Fjord's work outgrows its cap, which only warns; the others stay below theirs.
        terms |= {"cap_amount": rounded(whole * (85 if engagement.story else 118) / 100, 1000), "cap_is_hard": False}
    if engagement.has_order:
        terms |= {
            "purchase_order": f"45{sum(map(ord, engagement.key)) * 7919 % 10**8:08d}",
            "purchase_order_amount": rounded(whole * 125 / 100, 1000),
        }
    return terms


def _earning(engagement: Engagement, cost: Decimal, today: date) -> dict[str, Any]:
    """Work that goes on earns with its cost, so that a late milestone is no loss; what is over, by its milestones."""
    if engagement.ends_on < today.replace(day=1):
        return {"recognition": "milestone"}
    return {"recognition": "cost_to_cost", "planned_cost": rounded(cost, 500)}


def _retainer_terms(engagement: Engagement, hours: list[Worked], *, whole: Decimal, today: date) -> dict[str, Any]:
    """Included hours so that the use is what the plan says, and a fee for them."""
    this_month = today.replace(day=1)
    first = engagement.starts_on
    months = max(1, 12 * (this_month.year - first.year) + this_month.month - first.month)
    # Over whole months, as they are settled; in half hours. What is not charged uses up nothing.
    minutes = sum(row.minutes for row in hours if row.day < this_month and row.is_billable is not False)
    included = max(2, round(minutes / months * 100 / engagement.usage_ratio / 30)) * 30
    value = sum((row.minutes for row in hours), 0)
    per_hour = (whole * elapsed_percent(engagement, today) / 100) * 60 / max(1, value)
    fee = rounded(per_hour * included / 60 * engagement.price_ratio / 100, 10)
    return {
        "recognition": "as_billed", "retainer_minutes": included, "retainer_fee": fee, "rollover_months": 2,
        "overage_rate_per_hour": (per_hour * (55 if engagement.story else 105) / 100).quantize(Decimal(1)),
    }  # fmt: skip


def _milestones(engagement: Engagement, contract: Contract) -> list[MilestonePlan]:
    """The template's milestones at their shares of the price and of the time; the last takes the rest."""
    assert contract.fixed_amount is not None
    template = next(one for one in TEMPLATES if one.key == engagement.template)
    length = (engagement.ends_on - engagement.starts_on).days
    last_day = max(after + lasts for _, _, after, lasts, _ in template.tasks)
    plans: list[MilestonePlan] = []
    parts = [(name, after, share) for name, _, after, _, share in template.tasks if share]
    for name, after, share in parts:
        amount = contract.fixed_amount * share / 100
        due_on = engagement.starts_on + timedelta(days=max(1, after * length // last_day))
        plans.append(MilestonePlan(name=name, amount=amount, due_on=due_on))
    return plans


def _write_project(
    actor: Actor, staff: Staff, portfolio: Portfolio, engagement: Engagement, *, hours: list[Worked],
    contract: Contract, whole: Decimal, today: date,
) -> None:  # fmt: skip
    health, note = _HEALTH.get(engagement.story, ("on_track", ""))
    minutes = sum(row.minutes for row in hours) * engagement.budget_ratio // elapsed_percent(engagement, today)
    project = create_project(
        actor, name=engagement.name, client_id=contract.client_id, contract_id=contract.id, manager_id=actor.person_id,
        template_id=portfolio.templates.get(engagement.template), starts_on=engagement.starts_on,
        ends_on=engagement.ends_on if engagement.kind != "retainer" else add_months(today, 6),
        budget_minutes=minutes,
        budget_amount=rounded(whole * engagement.budget_ratio / 100, 100), health=health, health_note=note,
        note_rule="wanted", color=sum(map(ord, engagement.key)) % 8,
    )  # fmt: skip
    portfolio.projects[engagement.key] = project
    if names_of := TASKS.get(engagement.template, ()):
        plan_tasks(actor, project_id=project.id, names=names_of)
    tasks = Task.objects.filter(project=project).values_list("name", "id")
    portfolio.tasks[engagement.key] = own = dict(tasks)
    for template in TEMPLATES:
        if template.key == engagement.template:
            parts = [(own[name], part) for name, part in template.shared(minutes)]
            estimate_work(actor, project_id=project.id, minutes=parts)
    staff_project(actor, project_id=project.id, members=_members(staff, project, hours, today=today))


@action("site.demo.plan_tasks", label=_("Write a demo project's tasks"))
def plan_tasks(
    actor: Actor,  # noqa: ARG001  every action is somebody's
    *,
    project_id: UUID,
    names: Iterable[str],
) -> int:
    """The tasks of a project, one after the other; returns how many."""
    made = add_tasks(Task(project_id=project_id, name=name) for name in names)
    touch(public_id("prj", project_id))
    return len(made)


@action("site.demo.estimate_work", label=_("Estimate a demo project's tasks"))
def estimate_work(
    actor: Actor,  # noqa: ARG001  every action is somebody's
    *,
    project_id: UUID,
    minutes: Sequence[tuple[UUID, int]],
) -> int:
    """What the budget leaves for each task of a project; returns how many there are."""
    estimate_tasks(dict(minutes))
    touch(public_id("prj", project_id))
    return len(minutes)


@action("site.demo.staff_project", label=_("Put the demo's people on a project"))
def staff_project(
    actor: Actor,  # noqa: ARG001  every action is somebody's
    *,
    project_id: UUID,
    members: Iterable[ProjectMember],
) -> int:
    """Everybody who works on a project; returns how many."""
    made = add_memberships(members)
    touch(public_id("prj", project_id))
    return len(made)


def _members(staff: Staff, project: Project, hours: Iterable[Worked], *, today: date) -> list[ProjectMember]:
    """Who worked on the project, from their first day on; those of late are still on it."""
    spans: dict[int, tuple[date, date]] = {}
    for row in hours:
        first, last = spans.get(row.person, (row.day, row.day))
        spans[row.person] = min(first, row.day), max(last, row.day)
    recent = today - timedelta(days=30)
    return [
        ProjectMember(
            project=project, person_id=staff.id_of(person), starts_on=first,
            ends_on=None if last >= recent else last + timedelta(days=1), minutes_per_day=180 if last >= recent else 0,
        )
        for person, (first, last) in spans.items()
    ]  # fmt: skip


def close_ended(actor: Actor, portfolio: Portfolio, engagements: Iterable[Engagement], *, before: date) -> None:
    """Projects whose work is over are closed."""
    for engagement in engagements:
        if engagement.ends_on < before:
            step_project(actor, project_id=portfolio.projects[engagement.key].id, status="closed")
