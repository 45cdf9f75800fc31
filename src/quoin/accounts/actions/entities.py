"""Legal entities: the companies that employ, issue invoices and keep books."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.exceptions import ValidationError as NumberFault
from stdnum.iban import validate as validate_iban

from quoin.accounts.models import LegalEntity
from quoin.accounts.queries.members import legal_entity_for
from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.kernel.currency import CODES
from quoin.kernel.errors import invalid

explain("legal_entity_code", "Another legal entity has this code.")

FIELDS = (
    "name", "code", "country", "currency", "vat_id", "registration_id", "street", "city", "postal_code", "email",
    "phone", "contact_name", "iban", "bic", "electronic_address", "rounding",
)  # fmt: skip


@action("accounts.legal_entity.create", label=gettext_lazy("Create a legal entity"))
def create_legal_entity(
    actor: Actor, /, *, name: str, code: str, country: str, currency: str, **details: str
) -> LegalEntity:
    """A company of the tenant."""
    values = _checked({"name": name, "code": code, "country": country, "currency": currency, **details})
    entity = LegalEntity.objects.create(**values)
    touch(entity.public_id)
    undo_with("accounts.legal_entity.delete", entity_id=entity.id)
    return entity


def open_company(
    actor: Actor, /, *, firm: str, country: str, currency: str, name: str = "", **details: str
) -> LegalEntity:
    """The first company of a new firm, under its name unless it has its own."""
    letters = "".join(sign for sign in (name or firm).upper() if sign.isascii() and sign.isalnum())
    return create_legal_entity(
        actor, name=name or firm, code=letters[:4] or "A", country=country, currency=currency, **details
    )


@action("accounts.legal_entity.edit", label=gettext_lazy("Edit a legal entity"))
def edit_legal_entity(actor: Actor, /, *, entity_id: UUID | str, **changes: str) -> LegalEntity:
    """Change some fields. Its currency stays once it has books (the ledger refuses)."""
    entity = legal_entity_for(actor, entity_id)
    values = _checked(changes)
    undo_with("accounts.legal_entity.edit", entity_id=entity.id, **{name: getattr(entity, name) for name in values})
    for name, value in values.items():
        setattr(entity, name, value)
    entity.save(update_fields=list(values) or None)
    touch(entity.public_id)
    return entity


@action("accounts.legal_entity.delete", label=gettext_lazy("Delete a legal entity"))
def delete_legal_entity(actor: Actor, *, entity_id: UUID | str) -> None:
    """Delete one that nothing points at; the database refuses any other."""
    entity = legal_entity_for(actor, entity_id)
    undo_with("accounts.legal_entity.create", **{name: getattr(entity, name) for name in FIELDS})
    touch(entity.public_id)
    entity.delete()


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(values) - set(FIELDS))
    if unknown:
        raise invalid(f"/{unknown[0]}", _("A legal entity has no such field."))
    for name in ("name", "code", "country", "currency"):
        if name in values and not str(values[name]).strip():
            raise invalid(f"/{name}", _("This must not be empty."))
    values = {name: str(value).strip() for name, value in values.items()}
    if "currency" in values and values["currency"] not in CODES:
        raise invalid("/currency", _("This is not an ISO 4217 currency."))
    if values.get("country") is not None and not (len(values["country"]) == 2 and values["country"].isalpha()):  # noqa: PLR2004
        raise invalid("/country", _("Write the country as two letters, as in DE."))
    if values.get("iban"):
        try:
            values["iban"] = validate_iban(values["iban"])
        except NumberFault:
            raise invalid("/iban", _("The check digits of the IBAN do not fit.")) from None
    return values
