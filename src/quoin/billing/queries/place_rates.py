"""Rates that stand on a project or a contract, and the rate that applies to each person there today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from quoin.base.actor import Actor
from quoin.billing.queries.rates import RateAnswer, explain_rates
from quoin.catalog import queries as catalog
from quoin.catalog.models import Rate, RateCard
from quoin.catalog.queries.choices import names
from quoin.kernel.errors import Conflict, NotFound
from quoin.kernel.money import Money
from quoin.kernel.words import say
from quoin.projects import queries as projects
from quoin.projects.models import Project, ProjectMember
from quoin.sales.models import Contract
from quoin.sales.queries.contracts import contract_for, contracts

_MOST = 60


@dataclass(frozen=True, slots=True)
class PlaceRate:
    """A rate of the place: where it stands, for whom, from when until when."""

    row: Rate
    where: str
    who: str
    per_hour: Money
    is_current: bool


@dataclass(frozen=True, slots=True)
class PlaceRates:
    """What is agreed on a project or contract, and what applies to its people today."""

    project: Any
    contract: Any
    place_id: UUID
    rates: tuple[PlaceRate, ...]
    answers: tuple[tuple[Any, RateAnswer], ...]
    """(project, answer) per person on the projects of the place."""
    is_billed: bool


def rates_of_project(actor: Actor, number: str) -> PlaceRates:
    """Rates of a project and of its contract."""
    actor.require(catalog.VIEW)
    project = projects.project_by_number(actor, number)
    contract = None if project.contract_id is None else Contract.objects.get(id=project.contract_id)
    return _found(actor, project, contract, [project], place_id=project.id)


def rates_of_contract(actor: Actor, contract_id: UUID) -> PlaceRates:
    """Rates of a contract, and of its projects as far as they may be seen."""
    actor.require(catalog.VIEW)
    contract = contract_for(actor, contract_id)
    own = list(projects.visible_projects(actor).filter(contract_id=contract.id))
    return _found(actor, None, contract, own, place_id=contract.id)


def place_of(actor: Actor, *, project: str, contract: str) -> PlaceRates:
    """The place by what people call it: a project by its number or name, a contract by its number."""
    if project:
        row = projects.visible_projects(actor).filter(Q(number__iexact=project) | Q(name__iexact=project)).first()
        if row is None:
            raise NotFound(say("There is no project %(project)s.", project=project))
        return rates_of_project(actor, row.number)
    found = contracts(actor).filter(number__iexact=contract).first()
    if found is None:
        raise NotFound(say("There is no contract %(contract)s.", contract=contract))
    return rates_of_contract(actor, found.id)


def card_of(found: PlaceRates) -> UUID:
    """The card that a rate of the place is written on: the contract's, or the company's in its currency."""
    contract = found.contract
    if contract is None:
        raise Conflict("Without a contract work is not billed, so that no rate is needed.")
    if contract.rate_card_id is not None:
        card_id: UUID = contract.rate_card_id
        return card_id
    card = RateCard.objects.filter(currency=contract.currency, is_default=True).first()
    if card is None:
        raise Conflict(
            say("There is no company rate card in %(currency)s. Make one first.", currency=contract.currency)
        )
    return card.id


def _found(
    actor: Actor, project: Project | None, contract: Contract | None, own: list[Any], *, place_id: UUID
) -> PlaceRates:
    places = Q(project_id__in=[one.id for one in own])
    if contract is not None:
        places |= Q(contract_id=contract.id)
    rows = Rate.objects.filter(places).select_related("card").order_by("-valid_from", "id")
    known = names(actor)
    projects_by_id = {one.id: one for one in own}
    rates = tuple(_rate(row, known, projects_by_id, actor) for row in rows)
    return PlaceRates(project, contract, place_id, rates, tuple(_answers(actor, own)), contract is not None)


def _rate(row: Rate, known: dict[str, str], own: dict[UUID, Any], actor: Actor) -> PlaceRate:
    who = known.get(str(row.person_id or row.job_role_id or ""), "")
    is_current = row.valid_from <= actor.today and (row.valid_until is None or actor.today < row.valid_until)
    where = own[row.project_id].name if row.project_id in own else ""
    return PlaceRate(row, where, who, Money(row.amount_per_hour, row.card.currency), is_current)


def _answers(actor: Actor, own: list[Any]) -> list[tuple[Any, RateAnswer]]:
    members = ProjectMember.objects.filter(project__in=own).select_related("project")
    shown = list(members.order_by("project__number", "person__name")[:_MOST])
    answers = explain_rates(actor, [(one.project_id, one.person_id) for one in shown], on=actor.today)
    return [(member.project, answer) for member, answer in zip(shown, answers, strict=True)]
