"""Which billable entries would find no rate: asked before they are approved, so that billing never has to."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from quoin.base.actor import Actor
from quoin.catalog.queries.books import rate_book
from quoin.catalog.rules.rates import RateBook
from quoin.catalog.types import RateSubject
from quoin.timesheets.types import Entry

_SUBJECTS = """
SELECT a.person_id, a.project_id, j.contract_id, j.client_id, c.rate_card_id, coalesce(m.job_role_id, p.job_role_id),
  c.currency
FROM (SELECT DISTINCT * FROM unnest(%(people)s::uuid[], %(projects)s::uuid[]) AS u (person_id, project_id)) a
JOIN people_person p ON p.tenant_id = %(tenant)s AND p.id = a.person_id
JOIN projects_project j ON j.tenant_id = %(tenant)s AND j.id = a.project_id
JOIN sales_contract c ON c.tenant_id = %(tenant)s AND c.id = j.contract_id AND c.kind = 'time_and_materials'
LEFT JOIN projects_projectmember m ON m.tenant_id = %(tenant)s AND m.project_id = a.project_id
  AND m.person_id = a.person_id
"""


def unpriced(actor: Actor, worked: Iterable[tuple[UUID, Entry]]) -> frozenset[UUID]:
    """Ids of the billable entries (each with its person) that no rate prices on their day."""
    billable = [(person, entry) for person, entry in worked if entry.is_billable]
    if not billable:
        return frozenset()
    subjects, currencies = _subjects(actor, billable)
    books = _books(subjects, currencies)
    missing = set()
    for person, entry in billable:
        key = (person, entry.row.project_id)
        subject = subjects.get(key)
        if subject is not None and books[currencies[key]].price(subject=subject, on=entry.work_on) is None:
            missing.add(entry.id)
    return frozenset(missing)


_Key = tuple[UUID, UUID]


def _subjects(actor: Actor, billable: list[tuple[UUID, Entry]]) -> tuple[dict[_Key, RateSubject], dict[_Key, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _SUBJECTS,
            {
                "tenant": actor.tenant_id,
                "people": [person for person, _ in billable],
                "projects": [entry.row.project_id for _, entry in billable],
            },
        )
        rows = cursor.fetchall()
    subjects = {
        (row[0], row[1]): RateSubject(
            person_id=row[0], project_id=row[1], contract_id=row[2], client_id=row[3], card_id=row[4], role_id=row[5]
        )
        for row in rows
    }
    return subjects, {(row[0], row[1]): row[6] for row in rows}


def _books(subjects: dict[_Key, RateSubject], currencies: dict[_Key, str]) -> dict[str, RateBook]:
    return {
        currency: rate_book(
            currency=currency,
            project_ids=[one.project_id for one in subjects.values() if one.project_id],
            contract_ids=[one.contract_id for one in subjects.values() if one.contract_id],
            client_ids=[one.client_id for one in subjects.values() if one.client_id],
            card_ids=[one.card_id for one in subjects.values() if one.card_id],
        )
        for currency in set(currencies.values())
    }
