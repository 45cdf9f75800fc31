"""What an hour of a project is worth and costs, for budgets and for what is booked ahead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from quoin.catalog.queries.books import rate_book
from quoin.catalog.types import RateSubject
from quoin.people.queries import cost_book
from quoin.projects.models import Project


class Pricing:
    """Rates of one project: prices in its currency, costs in that of the books. None where nothing fits."""

    def __init__(self, project: Project, people: Iterable[UUID], cost_currency: str) -> None:
        contract = project.contract
        self._project, self._cost_currency = project, cost_currency
        self._card = contract.rate_card_id if contract is not None else None
        self._costs = cost_book(people)
        self._book = rate_book(
            currency=project.currency, project_ids=[project.id], client_ids=[project.client_id],
            contract_ids=[contract.id] if contract is not None else [], card_ids=[self._card] if self._card else [],
        )  # fmt: skip

    def price(self, person_id: UUID | None, role_id: UUID | None, on: date) -> Decimal | None:
        """Per hour, of somebody in a role on a day."""
        subject = RateSubject(
            project_id=self._project.id, contract_id=self._project.contract_id, client_id=self._project.client_id,
            card_id=self._card, person_id=person_id, role_id=role_id,
        )  # fmt: skip
        found = self._book.price(subject=subject, on=on)
        return found.rate_per_hour.amount if found else None

    def cost(self, person_id: UUID | None, on: date) -> Decimal | None:
        """Per hour, of somebody on a day; None too where the rate is in another currency."""
        row = self._costs.on(person_id, on) if person_id else None
        return row.per_hour.amount if row and row.per_hour.currency == self._cost_currency else None
