"""Everything that prices a batch of approved work, read with a handful of queries. For services: no permission."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from quoin.accounts.models import LegalEntity
from quoin.billing.queries.parties import draft_treatment
from quoin.billing.rules.charges import Pricer
from quoin.catalog.queries.books import rate_book
from quoin.catalog.rules.rates import RateBook
from quoin.clients.models import Client
from quoin.kernel.money import Money
from quoin.ledger.queries.rates import RateTable
from quoin.people.models import CostRate, Person
from quoin.projects.models import Project, ProjectMember
from quoin.sales.queries.terms import terms_of
from quoin.sales.types import ContractKind, ContractTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a project says about the work on it.

    Without a contract the work is not billed, the terms are made up for it (under the project's id), and each
    person's own company keeps the books.
    """

    project_id: UUID
    client_id: UUID
    contract_id: UUID | None
    entity_id: UUID | None
    terms: ContractTerms
    is_internal: bool
    vat_parties: tuple[LegalEntity, Client] | None = None
    """Seller and buyer, where the rates of the contract include VAT."""

    @property
    def is_billed(self) -> bool:
        return not self.is_internal and self.terms.kind is not ContractKind.NON_BILLABLE


@dataclass(frozen=True, slots=True)
class CostTimeline:
    """Cost per hour of one person: `rates[i]` from `starts[i]` on."""

    starts: Sequence[date] = ()
    rates: Sequence[Money] = ()

    def at(self, on: date) -> Money | None:
        """What an hour costs on the day; None if nobody said."""
        index = bisect_right(self.starts, on)
        return self.rates[index - 1] if index else None


_UNKNOWN = CostTimeline()


class CostTable:
    """Cost per hour of people, by day."""

    def __init__(self, person_ids: Iterable[UUID]) -> None:
        starts: defaultdict[UUID, list[date]] = defaultdict(list)
        rates: defaultdict[UUID, list[Money]] = defaultdict(list)
        for row in CostRate.objects.filter(person_id__in=set(person_ids)).order_by("valid_from"):
            starts[row.person_id].append(row.valid_from)
            rates[row.person_id].append(Money(row.amount_per_hour, row.currency))
        self._known = {person: CostTimeline(starts[person], rates[person]) for person in starts}

    def timeline(self, person_id: UUID) -> CostTimeline:
        """All days of one person."""
        return self._known.get(person_id, _UNKNOWN)

    def at(self, person_id: UUID, on: date) -> Money | None:
        """What an hour of the person costs on the day; None if nobody said."""
        return self.timeline(person_id).at(on)

    def currencies(self) -> set[str]:
        return {rate.currency for known in self._known.values() for rate in known.rates}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is needed to price work of these people on these projects in these days."""

    places: dict[UUID, Place]
    pricers: dict[str, Pricer]
    person_roles: dict[UUID, UUID | None]
    person_entities: dict[UUID, UUID]
    member_roles: dict[tuple[UUID, UUID], UUID]
    entity_currencies: dict[UUID, str]
    costs: CostTable
    rates: RateTable

    def role(self, project_id: UUID, person_id: UUID) -> UUID | None:
        """What the person is sold as on the project."""
        return self.member_roles.get((project_id, person_id)) or self.person_roles[person_id]

    def entity(self, place: Place, person_id: UUID) -> UUID:
        """Whose books take it."""
        return place.entity_id or self.person_entities[person_id]


def desk(*, project_ids: Iterable[UUID], person_ids: Iterable[UUID], first: date, last: date) -> Desk:
    """Contracts, rates, costs and exchange rates of a batch of work between two days (inclusive)."""
    projects, people = frozenset(project_ids), frozenset(person_ids)
    found = places(projects)
    entities = dict(LegalEntity.objects.values_list("id", "currency"))
    standing = list(Person.objects.filter(id__in=people).values_list("id", "job_role_id", "entity_id"))
    costs = CostTable(people)
    currencies = {place.terms.currency for place in found.values()}
    return Desk(
        places=found,
        pricers={currency: _pricer(currency, found.values(), on=last) for currency in currencies},
        person_roles={person: role for person, role, _ in standing},
        person_entities={person: entity for person, _, entity in standing},
        member_roles=_member_roles(projects, people),
        entity_currencies=entities,
        costs=costs,
        rates=RateTable(currencies | costs.currencies() | set(entities.values()), first=first, last=last),
    )


def places(project_ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Places by project."""
    rows = Project.objects.filter(id__in=set(project_ids)).select_related(
        "client", "contract__entity", "contract__client"
    )
    return {row.id: _place(row) for row in rows}


def _place(row: Project) -> Place:
    if row.contract is None:
        terms = ContractTerms(
            contract_id=row.id, client_id=row.client_id, kind=ContractKind.NON_BILLABLE, currency=row.currency
        )
    else:
        terms = terms_of(row.contract)
    return Place(
        project_id=row.id,
        client_id=row.client_id,
        contract_id=row.contract_id,
        entity_id=row.contract.entity_id if row.contract else None,
        terms=terms,
        is_internal=row.client.is_internal,
        vat_parties=(row.contract.entity, row.client) if row.contract and terms.is_vat_inclusive else None,
    )


def book_of(currency: str, found: Iterable[Place]) -> RateBook:
    """The rates in the currency that may price work on these places."""
    known = [place for place in found if place.terms.currency == currency]
    return rate_book(
        currency=currency,
        project_ids=[place.project_id for place in known],
        contract_ids=[place.contract_id for place in known if place.contract_id],
        client_ids=[place.client_id for place in known],
        card_ids=[place.terms.rate_card_id for place in known if place.terms.rate_card_id],
    )


def _pricer(currency: str, found: Iterable[Place], *, on: date) -> Pricer:
    known = [place for place in found if place.terms.currency == currency]
    return Pricer(
        book=book_of(currency, known),
        terms={place.terms.contract_id: place.terms for place in known},
        vat_in_rates={
            place.terms.contract_id: draft_treatment(*place.vat_parties, on=on).rate or Decimal(0)
            for place in known
            if place.vat_parties is not None
        },
    )


def _member_roles(projects: frozenset[UUID], people: frozenset[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    rows = ProjectMember.objects.filter(
        project_id__in=projects, person_id__in=people, job_role__isnull=False
    ).values_list("project_id", "person_id", "job_role_id")
    return {(project, person): role for project, person, role in rows}
