"""In which language somebody reads what the product writes to them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from quoin.accounts.queries.standing import tenant_locale
from quoin.base.actor import Actor
from quoin.people.models import Person


def languages_of(actor: Actor, people: Iterable[UUID]) -> dict[UUID, str]:
    """Locales by person: what they chose for their screens, else that of the firm."""
    usual = tenant_locale(actor.tenant_id)
    rows = Person.objects.filter(id__in=list(people)).values_list("id", "user__preferences")
    return {key: str((preferences or {}).get("locale") or usual) for key, preferences in rows}
