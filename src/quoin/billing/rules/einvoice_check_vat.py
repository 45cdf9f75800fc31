"""Part of the exact check: VAT breakdown and the rules of each VAT category (BR-S, Z, E, AE, IC, G, O, AF, AG)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from quoin.billing.rules import einvoice_codes as codes
from quoin.billing.rules.einvoice import InvoiceDocument
from quoin.billing.rules.einvoice_totals import taxables
from quoin.billing.rules.tax import TAXED, VatBreakdown, VatCategory, tax_of
from quoin.kernel.currency import CODES as CURRENCIES
from quoin.kernel.errors import Problem
from quoin.kernel.money import Rounding
from quoin.kernel.words import say

_PREFIXES = {
    VatCategory.STANDARD: "BR-S",
    VatCategory.ZERO: "BR-Z",
    VatCategory.EXEMPT: "BR-E",
    VatCategory.REVERSE_CHARGE: "BR-AE",
    VatCategory.INTRA_COMMUNITY: "BR-IC",
    VatCategory.EXPORT: "BR-G",
    VatCategory.NOT_SUBJECT: "BR-O",
    VatCategory.IGIC: "BR-AF",
    VatCategory.IPSI: "BR-AG",
}
_WITHOUT_EXEMPTION = TAXED | {VatCategory.ZERO}
# The rules for UBL let IGIC be zero, those for CII do not; a document goes out in both.
_ABOVE_ZERO = frozenset({VatCategory.STANDARD, VatCategory.IGIC})
_ANY_TAX_NUMBER = TAXED | {VatCategory.ZERO, VatCategory.EXEMPT, VatCategory.REVERSE_CHARGE}


def vat_findings(document: InvoiceDocument, mode: Rounding = Rounding.HALF_UP) -> Iterator[Problem]:
    """Findings about VAT, exact to the cent."""
    if not document.vat:
        yield Problem("/vat", "BR-CO-18", "The document has no VAT breakdown (BG-23).")
    for index, group in enumerate(document.vat):
        where = f"/vat/{index}"
        yield from _group(group, where)
        yield from _tax(group, where, document.currency, mode)
        yield from _taxable(document, group, where)
        yield from _exemption(group, where)
    for category in VatCategory:
        yield from _uses(document, category)
    yield from _rates(document)
    yield from _intra_community(document)
    yield from _not_subject(document)


def _group(group: VatBreakdown, where: str) -> Iterator[Problem]:
    if group.taxable is None:
        yield Problem(f"{where}/taxable", "BR-45", "The taxable amount is missing (BT-116).")
    if group.tax is None:
        yield Problem(f"{where}/tax", "BR-46", "The tax amount is missing (BT-117).")
    if group.category is None:
        yield Problem(f"{where}/category", "BR-47", "The VAT category is missing (BT-118).")
    if group.rate is None and group.category is not VatCategory.NOT_SUBJECT:
        yield Problem(f"{where}/rate", "BR-48", "The VAT rate is missing (BT-119).")
    if group.exemption.code and group.exemption.code.upper() not in codes.EXEMPTION_CODES:
        yield Problem(
            f"{where}/exemption/code",
            "BR-CL-22",
            say("%(exemption_code)s is not a VATEX code.", exemption_code=repr(group.exemption.code)),
        )


def _tax(group: VatBreakdown, where: str, currency: str, mode: Rounding) -> Iterator[Problem]:
    if group.tax is None or group.category is None:
        return
    rule = f"{_PREFIXES[group.category]}-09"
    if group.category not in TAXED and group.tax:
        yield Problem(
            f"{where}/tax",
            rule,
            say("Category %(category)s has no tax, the group says %(tax)s.", category=group.category, tax=group.tax),
        )
    if group.taxable is None:
        return
    known_currency = currency if currency in CURRENCIES else "EUR"
    expected = tax_of(group.taxable, group.rate, known_currency, mode)
    if group.tax != expected:
        detail = say(
            "%(value)s %% of %(taxable)s is %(expected)s, not %(tax)s.",
            value=group.rate or 0,
            taxable=group.taxable,
            expected=expected,
            tax=group.tax,
        )
        yield Problem(f"{where}/tax", "BR-CO-17", detail, "Compute VAT once per category and rate.")
        if group.category in TAXED:
            yield Problem(f"{where}/tax", rule, detail, "Compute VAT once per category and rate.")


def _taxable(document: InvoiceDocument, group: VatBreakdown, where: str) -> Iterator[Problem]:
    if group.taxable is None or group.category is None:
        return
    by_rate = group.category in TAXED
    expected = sum(
        (
            item.amount
            for item in taxables(document)
            if item.category is group.category and (not by_rate or item.rate == group.rate)
        ),
        Decimal(0),
    )
    if group.taxable != expected:
        yield Problem(
            f"{where}/taxable",
            f"{_PREFIXES[group.category]}-08",
            say(
                "The taxable amount is %(taxable)s, its lines add up to %(expected)s.",
                taxable=group.taxable,
                expected=expected,
            ),
        )


def _exemption(group: VatBreakdown, where: str) -> Iterator[Problem]:
    if group.category is None:
        return
    rule = f"{_PREFIXES[group.category]}-10"
    has_reason = bool(group.exemption.code or group.exemption.text)
    if group.category in _WITHOUT_EXEMPTION and has_reason:
        yield Problem(f"{where}/exemption", rule, "A taxed amount has no exemption reason.")
    if group.category not in _WITHOUT_EXEMPTION and not has_reason:
        yield Problem(
            f"{where}/exemption", rule, "The reason why no VAT is charged is missing.", "Add the sentence of the law."
        )


def _uses(document: InvoiceDocument, category: VatCategory) -> Iterator[Problem]:
    """What a category asks of the document as soon as a line, an allowance or a charge has it."""
    prefix = _PREFIXES[category]
    places = (
        ("02", any(line.category is category for line in document.lines)),
        ("03", any(part.category is category and not part.is_charge for part in document.adjustments)),
        ("04", any(part.category is category and part.is_charge for part in document.adjustments)),
    )
    used = [number for number, is_used in places if is_used]
    if not used:
        return
    groups = sum(group.category is category for group in document.vat)
    if groups == 0 or (groups > 1 and category not in TAXED):
        yield Problem(
            "/vat",
            f"{prefix}-01",
            say(
                "Category %(category)s needs its VAT breakdown; there are %(groups)s.", category=category, groups=groups
            ),
        )
    if not _parties_fit(document, category):
        for number in used:
            yield Problem(
                "/seller/vat_id",
                f"{prefix}-{number}",
                say("The VAT ids of seller and client do not fit category %(category)s.", category=category),
                _PARTY_REMEDIES.get(category, say("Fill in the seller's VAT id or tax number.")),
            )


_PARTY_REMEDIES = {
    VatCategory.REVERSE_CHARGE: say("Fill in both VAT ids."),
    VatCategory.INTRA_COMMUNITY: say("Fill in both VAT ids."),
    VatCategory.EXPORT: say("Fill in the seller's VAT id."),
    VatCategory.NOT_SUBJECT: say("A document that is not subject to VAT names no VAT id."),
}


def _parties_fit(document: InvoiceDocument, category: VatCategory) -> bool:
    seller, buyer = document.seller, document.buyer
    representative = document.tax_representative.vat_id if document.tax_representative else ""
    seller_vat = seller.vat_id or representative
    if category is VatCategory.NOT_SUBJECT:
        return not (seller_vat or buyer.vat_id)
    if category is VatCategory.INTRA_COMMUNITY:
        return bool(seller_vat and buyer.vat_id)
    if category is VatCategory.REVERSE_CHARGE and not (buyer.vat_id or buyer.legal_id):
        return False
    return bool(seller_vat or (category in _ANY_TAX_NUMBER and seller.tax_number))


def _rates(document: InvoiceDocument) -> Iterator[Problem]:
    for index, line in enumerate(document.lines):
        if line.category is not None and not _rate_fits(line.category, line.rate):
            rule = f"{_PREFIXES[line.category]}-05"
            yield Problem(
                f"/lines/{index}/rate",
                rule,
                say("Rate %(rate)s does not fit category %(category)s.", rate=line.rate, category=line.category),
            )
    for index, part in enumerate(document.adjustments):
        if part.category is not None and not _rate_fits(part.category, part.rate):
            rule = f"{_PREFIXES[part.category]}-{'07' if part.is_charge else '06'}"
            yield Problem(
                f"/adjustments/{index}/rate",
                rule,
                say("Rate %(rate)s does not fit category %(category)s.", rate=part.rate, category=part.category),
            )


def _rate_fits(category: VatCategory, rate: Decimal | None) -> bool:
    if category is VatCategory.NOT_SUBJECT:
        return rate is None
    if rate is None:
        return False
    if category in _ABOVE_ZERO:
        return rate > 0
    return rate >= 0 if category in TAXED else rate == 0


def _intra_community(document: InvoiceDocument) -> Iterator[Problem]:
    if not any(group.category is VatCategory.INTRA_COMMUNITY for group in document.vat):
        return
    delivery, period = document.delivery, document.period
    if not ((delivery and delivery.on) or (period and (period.start or period.end))):
        yield Problem("/period", "BR-IC-11", "An intra-community supply needs its delivery date or period.")
    if not (delivery and delivery.address and delivery.address.country):
        yield Problem("/delivery/address/country", "BR-IC-12", "The country of delivery is missing (BT-80).")


def _not_subject(document: InvoiceDocument) -> Iterator[Problem]:
    other = VatCategory.NOT_SUBJECT
    if not any(group.category is other for group in document.vat):
        return
    parts = document.adjustments
    for rule, pointer, is_mixed in (
        ("BR-O-11", "/vat", any(group.category is not other for group in document.vat)),
        ("BR-O-12", "/lines", any(line.category is not other for line in document.lines)),
        ("BR-O-13", "/adjustments", any(part.category is not other and not part.is_charge for part in parts)),
        ("BR-O-14", "/adjustments", any(part.category is not other and part.is_charge for part in parts)),
    ):
        if is_mixed:
            yield Problem(pointer, rule, "Category O cannot be mixed with others.", "Issue two documents.")
