"""Seller and buyer of a document from the books of the firm, and the VAT between them. For services: no permission."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from quoin.accounts.models import LegalEntity
from quoin.billing.rules.einvoice import Address, Contact, Identifier, Party
from quoin.billing.rules.tax import NO_EXEMPTION, VatCategory
from quoin.billing.rules.tax_treatment import TaxSubject, TaxTreatment, tax_treatment
from quoin.clients.adapters.tax_ids import checked_vat_id
from quoin.clients.models import Client
from quoin.kernel.errors import Invalid

_VAT_PREFIXES = {"GR": "EL"}


def treatment(entity: LegalEntity, client: Client, *, on: date) -> TaxTreatment:
    """The VAT of a service on the day; Invalid if no rate is known for the seller's country."""
    return tax_treatment(
        seller=TaxSubject(entity.country, entity.vat_id, "" if entity.vat_id else entity.registration_id),
        buyer=TaxSubject(client.country, client.vat_id),
        on=on,
        language=client.language.split("-")[0],
    )


def draft_treatment(entity: LegalEntity, client: Client, *, on: date) -> TaxTreatment:
    """As `treatment`, for a draft: an unknown rate is shown as such and stops the issue, not the draft."""
    try:
        return treatment(entity, client, on=on)
    except Invalid as fault:
        return TaxTreatment(VatCategory.STANDARD, Decimal(0), NO_EXEMPTION, fault.detail)


def seller_of(entity: LegalEntity, *, has_vat: bool) -> Party:
    """The company as it is printed. A document without VAT ids (category O) names the tax number only."""
    return Party(
        name=entity.name,
        legal_id=Identifier(entity.registration_id) if entity.registration_id else None,
        vat_id=_prefixed(entity.vat_id, entity.country) if has_vat else "",
        tax_number="" if entity.vat_id and has_vat else entity.registration_id,
        electronic_address=_electronic(entity.electronic_address, entity.email),
        address=Address(
            line1=entity.street, city=entity.city, postcode=entity.postal_code, country=entity.country
        ),
        contact=Contact(name=entity.contact_name, phone=entity.phone, email=entity.email),
    )  # fmt: skip


def buyer_of(client: Client, *, has_vat: bool) -> Party:
    """The client as they are printed."""
    return Party(
        name=client.legal_name or client.name,
        legal_id=Identifier(client.registration_id) if client.registration_id else None,
        vat_id=_prefixed(client.vat_id, client.country) if has_vat else "",
        electronic_address=_electronic(client.electronic_address, client.invoice_email),
        address=Address(
            line1=client.street, city=client.city, postcode=client.postal_code, country=client.country
        ),
    )  # fmt: skip


def wrong_vat_ids(entity: LegalEntity, client: Client) -> frozenset[str]:
    """VAT ids of the two, as printed, whose check digits are wrong."""
    pairs = ((entity.vat_id, entity.country), (client.vat_id, client.country))
    return frozenset(
        _prefixed(vat_id, country) for vat_id, country in pairs if vat_id and not _is_right(vat_id, country)
    )


def _is_right(vat_id: str, country: str) -> bool:
    try:
        checked_vat_id(vat_id, country=country)
    except Invalid:
        return False
    return True


def _prefixed(vat_id: str, country: str) -> str:
    """BR-CO-09 asks for the country in front; Switzerland's ids have theirs already."""
    compact = "".join(vat_id.split())
    if not compact or compact[:2].isalpha():
        return compact
    return f"{_VAT_PREFIXES.get(country, country)}{compact}"


def _electronic(address: str, mail: str) -> Identifier | None:
    scheme, _, value = address.partition(":")
    if value:
        return Identifier(value, scheme)
    return Identifier(mail, "EM") if mail else None
