"""Which rate applies and why, and what a new version of rates would change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from quoin.base.actor import Actor
from quoin.billing.queries.pricing import Place, book_of, places
from quoin.catalog import queries as catalog
from quoin.catalog.models import Rate
from quoin.catalog.queries.books import all_rows
from quoin.catalog.queries.cards import card_for
from quoin.catalog.rules.rates import RateBook
from quoin.catalog.rules.versions import apply_version, version_effect
from quoin.catalog.types import PlannedRate, RateChoice, RateEffect, RateSubject, RateUse
from quoin.kernel.errors import NotFound
from quoin.people.models import Person
from quoin.projects.models import ProjectMember

_SOLD_AS = ("project_id", "person_id", "job_role_id")
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
    return explain_rates(actor, [(project_id, person_id)], on=on)[0]


def explain_rates(actor: Actor, asked: Sequence[tuple[UUID, UUID]], *, on: date) -> list[RateAnswer]:
    """Which rate applies for each person on a project, in order; read for all of them at once."""
    actor.require(catalog.VIEW)
    people = Person.objects.in_bulk({person_id for _, person_id in asked})
    found = places({project_id for project_id, _ in asked})
    if any(project_id not in found or person_id not in people for project_id, person_id in asked):
        raise NotFound("There is no such person or project.")
    members = ProjectMember.objects.filter(project__in=list(found), person__in=list(people))
    roles = {(project, person): role for project, person, role in members.values_list(*_SOLD_AS)}
    books = {currency: book_of(currency, found.values()) for currency in {one.terms.currency for one in found.values()}}
    subjects = [
        _subject(found[project_id], people[person_id], roles.get((project_id, person_id)))
        for project_id, person_id in asked
    ]
    choices = [
        books[found[project_id].terms.currency].choose(subject=subject, on=on)
        for (project_id, _), subject in zip(asked, subjects, strict=True)
    ]
    steps = {step.row.id for choice in choices for step in choice.path}
    cards = dict(Rate.objects.filter(id__in=steps).values_list("id", "card__name"))
    return [
        RateAnswer(
            place=found[project_id], person=people[person_id], on=on, choice=choice,
            names={step.row.id: cards[step.row.id] for step in choice.path},
        )
        for (project_id, person_id), choice in zip(asked, choices, strict=True)
    ]  # fmt: skip


def _subject(place: Place, person: Person, role_id: UUID | None) -> RateSubject:
    return RateSubject(
        project_id=place.project_id,
        contract_id=place.contract_id,
        client_id=place.client_id,
        card_id=place.terms.rate_card_id,
        person_id=person.id,
        role_id=role_id or person.job_role_id,
    )


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
