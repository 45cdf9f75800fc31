"""The first company of a firm, for actions that cannot go on without one."""

from __future__ import annotations

from quoin.accounts.models import LegalEntity, Tenant
from quoin.base.actor import Actor


def open_first_entity(actor: Actor, *, country: str, currency: str) -> LegalEntity:
    """A company under the firm's own name; its address and tax numbers are filled in before the first invoice."""
    firm = Tenant.objects.get(id=actor.tenant_id)
    letters = "".join(letter for letter in firm.name.upper() if letter.isascii() and letter.isalnum())
    return LegalEntity.objects.create(name=firm.name, code=letters[:4] or "A", country=country, currency=currency)


def firm_currency(actor: Actor) -> str:
    """The currency of the firm."""
    found: str = Tenant.objects.get(id=actor.tenant_id).currency
    return found


def firm_zone(actor: Actor) -> str:
    """The time zone of the firm."""
    return Tenant.objects.get(id=actor.tenant_id).zone
