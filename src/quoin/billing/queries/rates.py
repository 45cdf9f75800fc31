"""Which rate applies and why, and what a new version of rates would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from quoin.base.actor import Actor
from quoin.billing.queries.pricing import Place, places
from quoin.catalog import queries as catalog
from quoin.catalog.models import Rate
from quoin.catalog.queries.books import all_rows, rate_book
from quoin.catalog.queries.cards import card_for
from quoin.catalog.rules.rates import RateBook
from quoin.catalog.rules.versions import apply_version, version_effect
from quoin.catalog.types import PlannedRate, RateChoice, RateEffect, RateSubject, RateUse
from quoin.kernel.errors import NotFound
from quoin.people.models import Person
from quoin.projects.models import ProjectMember

# Time that is not charged yet will be priced by the new rates; unbilled charges may be priced again.
_USES = """
SELECT t.project_id, p.contract_id, p.client_id, c.rate_card_id, t.person_id, coalesce(m.job_role_id, h.job_role_id),
  t.work_on, sum(t.minutes)::bigint, count(*)
FROM timesheets_timeentry t
JOIN projects_project p ON p.tenant_id = t.tenant_id AND p.id = t.project_id
JOIN sales_contract c ON c.tenant_id = t.tenant_id AND c.id = p.contract_id
JOIN people_person h ON h.tenant_id = t.tenant_id AND h.id = t.person_id
LEFT JOIN projects_projectmember m ON m.tenant_id = t.tenant_id AND m.project_id = t.project_id
  AND m.person_id = t.person_id
LEFT JOIN billing_charge g ON g.tenant_id = t.tenant_id AND g.source_id = t.id AND g.kind = 'time'
  AND g.status <> 'void'
WHERE t.tenant_id = %s AND t.work_on >= %s AND t.is_billable AND c.kind = 'time_and_materials' AND c.currency = %s
  AND (g.id IS NULL OR g.status = 'unbilled')
GROUP BY 1, 2, 3, 4, 5, 6, 7, t.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAnswer:
    """The rate for a person on a project on a day, with the way it was found."""

    place: Place
    person: Person
    on: date
    choice: RateChoice
    names: dict[UUID, str]

    @property
    def currency(self) -> str:
        return self.place.terms.currency


def explain_rate(actor: Actor, *, project_id: UUID, person_id: UUID, on: date) -> RateAnswer:
    """Which rate applies and why; the rows that lost say to whom."""
    actor.require(catalog.VIEW)
    person = Person.objects.filter(id=person_id).first()
    place = places([project_id]).get(project_id)
    if person is None or place is None:
        raise NotFound("There is no such person or project.")
    member = ProjectMember.objects.filter(project_id=project_id, person_id=person_id).first()
    role_id = (member.job_role_id if member else None) or person.job_role_id
    card_id = place.terms.rate_card_id
    book = rate_book(
        currency=place.terms.currency,
        project_ids=[project_id],
        contract_ids=[place.contract_id] if place.contract_id else [],
        client_ids=[place.client_id],
        card_ids=[card_id] if card_id else [],
    )
    subject = RateSubject(
        project_id=project_id,
        contract_id=place.contract_id,
        client_id=place.client_id,
        card_id=card_id,
        person_id=person_id,
        role_id=role_id,
    )
    choice = book.choose(subject=subject, on=on)
    cards = Rate.objects.filter(id__in=[step.row.id for step in choice.path]).values_list("id", "card__name")
    return RateAnswer(place=place, person=person, on=on, choice=choice, names=dict(cards))


def version_effects(
    actor: Actor, *, card_id: UUID, planned: Iterable[PlannedRate], from_on: date
) -> tuple[RateEffect, ...]:
    """What a planned version changes for time from the day on that is not billed yet. Earlier days stay (U10)."""
    card = card_for(actor, card_id)
    with connection.cursor() as cursor:
        cursor.execute(_USES, [actor.tenant_id, from_on, card.currency])
        found = cursor.fetchall()
    uses = [
        RateUse(
            RateSubject(
                project_id=project, contract_id=contract, client_id=client, card_id=used_card, person_id=person,
                role_id=role,
            ),
            work_on,
            int(minutes),
        )
        for project, contract, client, used_card, person, role, work_on, minutes, _ in found
    ]  # fmt: skip
    rows = all_rows(card.currency)
    return version_effect(uses, before=RateBook(rows), after=RateBook(apply_version(rows, planned)))
