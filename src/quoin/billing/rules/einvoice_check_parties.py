"""Part of the exact check: seller, buyer, payee, tax representative and place of delivery."""

from __future__ import annotations

from collections.abc import Iterator

from quoin.billing.rules import einvoice_codes as codes
from quoin.billing.rules.einvoice import Address, InvoiceDocument, Party
from quoin.billing.rules.identifiers import has_country_prefix
from quoin.kernel.errors import Problem
from quoin.kernel.words import Sentence, say


def party_findings(document: InvoiceDocument) -> Iterator[Problem]:
    """Findings about everybody the document names."""
    yield from _seller(document.seller)
    yield from _buyer(document.buyer)
    if document.payee is not None and not document.payee.name:
        yield Problem("/payee/name", "BR-17", "The payee has no name (BT-59).")
    yield from _tax_representative(document)
    delivery = document.delivery
    if delivery is not None and delivery.address is not None:
        yield from _country(delivery.address, "/delivery/address", "BR-57", "place of delivery")


def _seller(seller: Party) -> Iterator[Problem]:
    if not seller.name:
        yield Problem("/seller/name", "BR-06", "The seller's name is missing (BT-27).", "Fill in the legal entity.")
    if seller.address is None:
        yield Problem(
            "/seller/address", "BR-08", "The seller's address is missing (BG-5).", "Fill in the legal entity."
        )
    else:
        yield from _country(seller.address, "/seller/address", "BR-09", "seller")
    if not (seller.ids or seller.legal_id or seller.vat_id):
        yield Problem(
            "/seller/vat_id",
            "BR-CO-26",
            "The seller needs a VAT id, a register number or another identifier.",
            "Fill in the legal entity.",
        )
    if not (seller.vat_id or seller.tax_number):
        yield Problem(
            "/seller/vat_id",
            "QUOIN-TAX-NUMBER",
            "The seller has neither VAT id nor tax number (Art. 226(3) of Directive 2006/112/EC).",
            "Fill in the legal entity.",
        )
    yield from _endpoint(seller, "/seller", "BR-62")
    yield from _postal(seller, "/seller")


def _buyer(buyer: Party) -> Iterator[Problem]:
    if not buyer.name:
        yield Problem("/buyer/name", "BR-07", "The client's name is missing (BT-44).", "Fill in the client.")
    if buyer.address is None:
        yield Problem("/buyer/address", "BR-10", "The client's address is missing (BG-8).", "Fill in the client.")
    else:
        yield from _country(buyer.address, "/buyer/address", "BR-11", "client")
    yield from _endpoint(buyer, "/buyer", "BR-63")
    yield from _postal(buyer, "/buyer")


def _country(address: Address, pointer: str, rule: str, who: str) -> Iterator[Problem]:
    if not address.country:
        yield Problem(
            f"{pointer}/country",
            rule,
            say("The %(who)s's country is missing.", who=Sentence(who)),
            say("Fill in the %(who)s.", who=Sentence(who)),
        )
    elif address.country not in codes.COUNTRIES:
        yield Problem(
            f"{pointer}/country",
            "BR-CL-14",
            say("%(country)s is not an ISO 3166-1 country.", country=repr(address.country)),
        )


def _postal(party: Party, pointer: str) -> Iterator[Problem]:
    """Full address of both parties: Art. 226(5) of the VAT Directive, section 14(4) no. 1 UStG."""
    address = party.address
    if address is not None and not (address.city and (address.line1 or address.postcode)):
        yield Problem(f"{pointer}/address", "QUOIN-ADDRESS", "The address lacks the town, or both street and postcode.")


def _endpoint(party: Party, pointer: str, rule: str) -> Iterator[Problem]:
    endpoint = party.electronic_address
    if endpoint is None:
        return
    if not endpoint.scheme:
        yield Problem(f"{pointer}/electronic_address", rule, "The electronic address has no scheme.")
    elif endpoint.scheme not in codes.ELECTRONIC_ADDRESS_SCHEMES:
        yield Problem(
            f"{pointer}/electronic_address",
            "BR-CL-25",
            say("%(scheme)s is not a scheme for electronic addresses (EAS).", scheme=repr(endpoint.scheme)),
            "EM is the scheme of an e-mail address, 9930 that of a German VAT id.",
        )


def _tax_representative(document: InvoiceDocument) -> Iterator[Problem]:
    representative = document.tax_representative
    if representative is None:
        return
    if not representative.name:
        yield Problem("/tax_representative/name", "BR-18", "The tax representative has no name (BT-62).")
    if not representative.vat_id:
        yield Problem("/tax_representative/vat_id", "BR-56", "The tax representative has no VAT id (BT-63).")
    if representative.address is None:
        yield Problem("/tax_representative/address", "BR-19", "The tax representative has no address (BG-12).")
    else:
        yield from _country(representative.address, "/tax_representative/address", "BR-20", "tax representative")


def vat_id_findings(document: InvoiceDocument, wrong: frozenset[str]) -> Iterator[Problem]:
    """VAT ids without their country's prefix (BR-CO-09), and those the caller knows to be wrong."""
    representative = document.tax_representative
    for pointer, vat_id in (
        ("/seller/vat_id", document.seller.vat_id),
        ("/buyer/vat_id", document.buyer.vat_id),
        ("/tax_representative/vat_id", representative.vat_id if representative else ""),
    ):
        if vat_id and not has_country_prefix(vat_id):
            yield Problem(
                pointer, "BR-CO-09", say("The VAT id %(vat_id)s does not start with its country's code.", vat_id=vat_id)
            )
        elif vat_id and vat_id in wrong:
            yield Problem(
                pointer, "QUOIN-VAT-ID", say("The check digits of the VAT id %(vat_id)s are wrong.", vat_id=vat_id)
            )
