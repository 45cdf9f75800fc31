"""The exact check: nothing to say about right documents, and a finding for each planted fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.billing.rules.einvoice import (
    Address,
    Adjustment,
    Attachment,
    BankAccount,
    Delivery,
    Identifier,
    InvoiceDocument,
    InvoicingPeriod,
    Item,
    Payee,
    PrecedingInvoice,
    Price,
    TaxRepresentative,
    Totals,
)
from quoin.billing.rules.einvoice_check import InvoiceRefused, findings, require_issuable
from quoin.billing.rules.einvoice_totals import with_totals
from quoin.billing.rules.identifiers import has_country_prefix, is_bic, is_iban, looks_like_iban
from quoin.billing.rules.tax import NO_EXEMPTION, Exemption, VatCategory
from quoin.kernel.money import Rounding
from tests.billing_documents.samples import BASE, FRENCH_BUYER, full, in_category, samples, simple
from tests.billing_documents.strategies import documents

CENT = Decimal("0.01")


def codes(document: InvoiceDocument, **options) -> set[str]:
    return {problem.code for problem in findings(document, **options)}


@pytest.mark.parametrize("name", samples())
def test_samples_have_no_findings(name):
    assert findings(samples()[name]) == ()


@given(documents())
def test_any_completed_document_has_no_findings(document):
    assert findings(document) == ()


@given(documents(), st.sampled_from(["lines", "net", "tax", "gross", "payable"]), st.sampled_from([CENT, -CENT]))
def test_a_total_off_by_a_cent_is_found(document, name, error):
    wrong = replace(document.totals, **{name: getattr(document.totals, name) + error})

    found = codes(replace(document, totals=wrong))

    assert {"lines": "BR-CO-10", "net": "BR-CO-13", "tax": "BR-CO-14", "gross": "BR-CO-15", "payable": "BR-CO-16"}[
        name
    ] in found


@given(documents(), st.data())
def test_vat_off_by_a_cent_is_found_even_where_the_total_agrees(document, data):
    index = data.draw(st.integers(0, len(document.vat) - 1))
    group = document.vat[index]
    groups = list(document.vat)
    groups[index] = replace(group, tax=group.tax + CENT)
    totals = document.totals
    moved = {name: getattr(totals, name) + CENT for name in ("tax", "gross", "payable")}

    found = codes(replace(document, vat=tuple(groups), totals=replace(totals, **moved)))

    assert "BR-CO-17" in found
    assert all(code == "BR-CO-17" or code.endswith("-09") or code == "BR-CO-25" for code in found)


@given(documents(), st.data())
def test_a_taxable_amount_off_by_a_cent_is_found(document, data):
    index = data.draw(st.integers(0, len(document.vat) - 1))
    groups = list(document.vat)
    groups[index] = replace(groups[index], taxable=groups[index].taxable + CENT)

    assert any(code.endswith("-08") for code in codes(replace(document, vat=tuple(groups))))


def test_vat_per_line_of_case_21_is_found():
    document = simple()
    group = replace(document.vat[0], tax=Decimal("18.99"))
    totals = replace(document.totals, tax=Decimal("18.99"), gross=Decimal("118.98"), payable=Decimal("118.98"))

    assert codes(replace(document, vat=(group,), totals=totals)) == {"BR-CO-17", "BR-S-09"}


def test_rounding_mode_of_the_legal_entity_decides_the_vat():
    line = replace(
        simple().lines[0], quantity=Decimal(1), net=Decimal("0.50"), rate=Decimal(25), price=Price(net=Decimal("0.50"))
    )
    base = replace(BASE, lines=(line,))
    half_even = with_totals(base, mode=Rounding.HALF_EVEN)

    assert half_even.totals.tax == Decimal("0.12")
    assert findings(half_even, mode=Rounding.HALF_EVEN) == ()
    assert codes(half_even) == {"BR-CO-17", "BR-S-09"}


def _with_line(**changes) -> Callable[[InvoiceDocument], InvoiceDocument]:
    return lambda document: replace(document, lines=(replace(document.lines[0], **changes), *document.lines[1:]))


def _with(**changes) -> Callable[[InvoiceDocument], InvoiceDocument]:
    return lambda document: replace(document, **changes)


def _with_seller(**changes) -> Callable[[InvoiceDocument], InvoiceDocument]:
    return lambda document: replace(document, seller=replace(document.seller, **changes))


def _with_buyer(**changes) -> Callable[[InvoiceDocument], InvoiceDocument]:
    return lambda document: replace(document, buyer=replace(document.buyer, **changes))


def _with_payment(**changes) -> Callable[[InvoiceDocument], InvoiceDocument]:
    return lambda document: replace(document, payment=replace(document.payment, **changes))


def _with_total(**changes) -> Callable[[InvoiceDocument], InvoiceDocument]:
    return lambda document: replace(document, totals=replace(document.totals, **changes))


def _with_group(**changes) -> Callable[[InvoiceDocument], InvoiceDocument]:
    return lambda document: replace(document, vat=(replace(document.vat[0], **changes), *document.vat[1:]))


def _with_part(**changes) -> Callable[[InvoiceDocument], InvoiceDocument]:
    return lambda document: replace(document, adjustments=(replace(document.adjustments[0], **changes),))


LINE_PART = Adjustment(amount=Decimal(0), reason="Bonus")
REPRESENTATIVE = TaxRepresentative(name="Rep", vat_id="DE1", address=Address(country="DE"))
# The rule that must be found after the change to the full sample; more may be found as a consequence.
FAULTS: list[tuple[str, Callable[[InvoiceDocument], InvoiceDocument]]] = [
    ("BR-01", _with(specification="")),
    ("BR-02", _with(number="")),
    ("QUOIN-NUMBER", _with(number=" 7")),
    ("BR-03", _with(issued_on=None)),
    ("BR-04", _with(type_code="")),
    ("BR-CL-01", _with(type_code="999")),
    ("BR-05", _with(currency="")),
    ("BR-CL-04", _with(currency="EUX")),
    ("BR-CL-05", _with(accounting_currency="XXA")),
    ("BR-53", _with(accounting_currency="NOK")),
    ("BR-06", _with_seller(name="")),
    ("BR-07", _with_buyer(name="")),
    ("BR-08", _with_seller(address=None)),
    ("BR-09", _with_seller(address=Address(city="Berlin", line1="x"))),
    ("BR-10", _with_buyer(address=None)),
    ("BR-11", _with_buyer(address=Address(city="Berlin", line1="x"))),
    ("BR-CL-14", _with_buyer(address=Address(city="Berlin", line1="x", country="QQ"))),
    ("QUOIN-ADDRESS", _with_buyer(address=Address(country="DE", line1="x"))),
    ("QUOIN-ADDRESS", _with_buyer(address=Address(country="DE", city="x"))),
    ("BR-12", _with_total(lines=None)),
    ("BR-13", _with_total(net=None)),
    ("BR-14", _with_total(gross=None)),
    ("BR-15", _with_total(payable=None)),
    ("BR-16", _with(lines=())),
    ("BR-17", _with(payee=Payee())),
    ("BR-18", _with(tax_representative=replace(REPRESENTATIVE, name=""))),
    ("BR-19", _with(tax_representative=replace(REPRESENTATIVE, address=None))),
    ("BR-20", _with(tax_representative=replace(REPRESENTATIVE, address=Address()))),
    ("BR-56", _with(tax_representative=replace(REPRESENTATIVE, vat_id=""))),
    ("BR-21", _with_line(id="")),
    ("QUOIN-LINE-ID", _with_line(id="2")),
    ("BR-22", _with_line(quantity=None)),
    ("BR-23", _with_line(unit="")),
    ("BR-24", _with_line(net=None)),
    ("BR-25", _with_line(item=Item())),
    ("BR-26", _with_line(price=Price())),
    ("BR-27", _with_line(price=Price(net=Decimal(-1)))),
    ("BR-28", _with_line(price=Price(net=Decimal(-1), gross=Decimal(-1), discount=Decimal(0)))),
    ("BR-29", _with(period=InvoicingPeriod(date(2026, 5, 2), date(2026, 5, 1)))),
    ("BR-30", _with_line(period=InvoicingPeriod(date(2026, 5, 2), date(2026, 5, 1)))),
    ("BR-CO-19", _with(period=InvoicingPeriod())),
    ("BR-CO-20", _with_line(period=InvoicingPeriod())),
    ("BR-31", _with_part(amount=None)),
    ("BR-32", _with_part(category=None)),
    ("BR-33", _with_part(reason="", reason_code="")),
    ("BR-CO-21", _with_part(reason="", reason_code="")),
    ("BR-36", _with_part(amount=None, is_charge=True)),
    ("BR-37", _with_part(category=None, is_charge=True)),
    ("BR-38", _with_part(reason="", reason_code="", is_charge=True)),
    ("BR-CO-22", _with_part(reason="", reason_code="", is_charge=True)),
    ("QUOIN-SIGN", _with_part(amount=Decimal(-1))),
    ("PEPPOL-EN16931-R040", _with_part(percent=Decimal(2))),
    ("PEPPOL-EN16931-R041", _with_part(base_amount=None)),
    ("PEPPOL-EN16931-R042", _with_part(percent=None)),
    ("BR-41", _with_line(adjustments=(replace(LINE_PART, amount=None),))),
    ("BR-42", _with_line(adjustments=(replace(LINE_PART, reason=""),))),
    ("BR-CO-23", _with_line(adjustments=(replace(LINE_PART, reason=""),))),
    ("BR-43", _with_line(adjustments=(replace(LINE_PART, amount=None, is_charge=True),))),
    ("BR-44", _with_line(adjustments=(replace(LINE_PART, reason="", is_charge=True),))),
    ("BR-CO-24", _with_line(adjustments=(replace(LINE_PART, reason="", is_charge=True),))),
    ("BR-45", _with_group(taxable=None)),
    ("BR-46", _with_group(tax=None)),
    ("BR-47", _with_group(category=None)),
    ("BR-48", _with_group(rate=None)),
    ("BR-49", _with_payment(means_code="")),
    ("BR-CL-16", _with_payment(means_code="0")),
    ("BR-50", _with_payment(accounts=(BankAccount(),))),
    ("BR-61", _with_payment(accounts=())),
    ("QUOIN-IBAN", _with_payment(accounts=(BankAccount(iban="DE76512108001245126199"),))),
    ("QUOIN-BIC", _with_payment(accounts=(BankAccount(iban="DE75512108001245126199", bic="SOLA"),))),
    ("BR-52", _with(attachments=(Attachment(),))),
    ("BR-CL-24", _with(attachments=(Attachment(id="a", content=b"x", mime_type="text/html"),))),
    ("BR-54", _with_line(item=Item(name="x", attributes=(("a", ""),)))),
    ("BR-55", _with(preceding=(PrecedingInvoice(""),))),
    ("QUOIN-CREDIT", _with(type_code="381")),
    ("BR-57", _with(delivery=Delivery(address=Address()))),
    ("BR-62", _with_seller(electronic_address=Identifier("x"))),
    ("BR-63", _with_buyer(electronic_address=Identifier("x"))),
    ("BR-CL-25", _with_buyer(electronic_address=Identifier("x", "ZZ"))),
    ("BR-64", _with_line(item=Item(name="x", standard_id=Identifier("4")))),
    ("BR-65", _with_line(item=Item(name="x", classifications=(Identifier("4"),)))),
    ("BR-CL-15", _with_line(item=Item(name="x", origin_country="QQ"))),
    ("BR-CL-06", _with(tax_point_on=None, tax_point_code="9")),
    ("BR-CO-03", _with(tax_point_code="35")),
    ("BR-CO-04", _with_line(category=None)),
    ("BR-CO-09", _with_seller(vat_id="136695976")),
    ("BR-CO-11", _with_total(allowances=None)),
    ("BR-CO-11", _with_total(allowances=Decimal("30.18"))),
    ("BR-CO-12", _with_total(charges=Decimal("0.01"))),
    ("BR-CO-18", _with(vat=())),
    ("BR-CO-25", _with(due_on=None, payment_terms="")),
    ("BR-CO-26", _with_seller(ids=(), legal_id=None, vat_id="")),
    ("QUOIN-TAX-NUMBER", _with_seller(vat_id="")),
    ("QUOIN-SERVICE-DATE", _with(period=None, delivery=None)),
    ("BR-DEC-01", _with_part(amount=Decimal("30.171"))),
    ("BR-DEC-02", _with_part(base_amount=Decimal("3017.171"))),
    ("BR-DEC-05", _with_part(amount=Decimal("30.171"), is_charge=True)),
    ("BR-DEC-09", _with_total(lines=Decimal("3389.670"))),
    ("BR-DEC-19", _with_group(taxable=Decimal("2987.000"))),
    ("BR-DEC-20", _with_group(tax=Decimal("567.530"))),
    ("BR-DEC-23", _with_line(net=Decimal("696.670"))),
    ("BR-CL-22", _with_group(exemption=Exemption("VATEX-NO"))),
    ("BR-S-01", _with(vat=())),
    ("BR-S-02", lambda document: replace(_with_seller(vat_id="")(document), tax_representative=None)),
    ("BR-S-05", _with_line(rate=Decimal(0))),
    ("BR-S-05", _with_line(rate=None)),
    ("BR-S-06", _with_part(rate=Decimal(0))),
    ("BR-S-07", _with_part(rate=Decimal(0), is_charge=True)),
    ("BR-S-10", _with_group(exemption=Exemption("", "why"))),
    ("QUOIN-DISCOUNT", _with_line(price=Price(net=Decimal(5), gross=Decimal(6)))),
    ("PEPPOL-EN16931-R046", _with_line(price=Price(net=Decimal(5), gross=Decimal(6), discount=Decimal(2)))),
    ("PEPPOL-EN16931-R120", _with_line(net=Decimal("696.70"))),
    ("PEPPOL-EN16931-R121", _with_line(price=Price(net=Decimal(5), base_quantity=Decimal(0)))),
    ("PEPPOL-EN16931-R130", _with_line(price=Price(net=Decimal(5), base_quantity=Decimal(1), base_unit="DAY"))),
]


@pytest.mark.parametrize(("rule", "plant"), FAULTS, ids=[f"{rule}-{at}" for at, (rule, _) in enumerate(FAULTS)])
def test_planted_fault_is_found(rule, plant):
    found = findings(plant(full()))

    assert rule in {problem.code for problem in found}
    assert all(problem.pointer.startswith("/") and problem.detail.endswith(".") for problem in found)


CATEGORY_FAULTS = [
    (VatCategory.REVERSE_CHARGE, _with_group(tax=CENT), "BR-AE-09"),
    (VatCategory.REVERSE_CHARGE, _with_group(exemption=NO_EXEMPTION), "BR-AE-10"),
    (VatCategory.REVERSE_CHARGE, _with_buyer(vat_id=""), "BR-AE-02"),
    (VatCategory.REVERSE_CHARGE, _with_line(rate=Decimal(19)), "BR-AE-05"),
    (VatCategory.REVERSE_CHARGE, lambda document: replace(document, vat=document.vat * 2), "BR-AE-01"),
    (VatCategory.EXEMPT, _with_group(exemption=NO_EXEMPTION), "BR-E-10"),
    (VatCategory.EXEMPT, _with_seller(vat_id=""), "BR-E-03"),
    (VatCategory.ZERO, _with_group(exemption=Exemption("VATEX-EU-O", "")), "BR-Z-10"),
    (VatCategory.EXPORT, _with_seller(vat_id="", tax_number="1"), "BR-G-04"),
    (VatCategory.INTRA_COMMUNITY, _with_buyer(vat_id=""), "BR-IC-02"),
    (VatCategory.INTRA_COMMUNITY, _with(delivery=None, period=None), "BR-IC-11"),
    (VatCategory.INTRA_COMMUNITY, _with(delivery=None), "BR-IC-12"),
    (VatCategory.NOT_SUBJECT, _with_buyer(vat_id="DE811569869"), "BR-O-02"),
    (VatCategory.NOT_SUBJECT, _with_line(rate=Decimal(0)), "BR-O-05"),
    (VatCategory.NOT_SUBJECT, _with_line(category=VatCategory.ZERO, rate=Decimal(0)), "BR-O-12"),
    (VatCategory.NOT_SUBJECT, lambda document: replace(document, vat=(*document.vat, full().vat[0])), "BR-O-11"),
    (VatCategory.NOT_SUBJECT, _with_part(category=VatCategory.ZERO, rate=Decimal(0)), "BR-O-13"),
    (VatCategory.NOT_SUBJECT, _with_part(category=VatCategory.ZERO, rate=Decimal(0), is_charge=True), "BR-O-14"),
    (VatCategory.IGIC, _with_line(rate=Decimal(-1)), "BR-AF-05"),
    (VatCategory.IPSI, _with_group(exemption=Exemption("", "why")), "BR-AG-10"),
]


@pytest.mark.parametrize(("category", "plant", "rule"), CATEGORY_FAULTS, ids=[fault[2] for fault in CATEGORY_FAULTS])
def test_planted_fault_of_a_category_is_found(category, plant, rule):
    assert rule in codes(plant(in_category(category, "7" if category in {VatCategory.IGIC, VatCategory.IPSI} else "0")))


def test_period_on_every_line_is_a_service_date():
    period = InvoicingPeriod(date(2026, 5, 1), None)
    document = simple()
    lines = tuple(replace(line, period=period) for line in document.lines)

    assert codes(replace(document, period=None, delivery=None, lines=lines)) == set()


def test_tax_point_code_alone_is_no_empty_period():
    assert "BR-CO-19" not in codes(replace(simple(), tax_point_code="35", period=InvoicingPeriod()))


def test_vat_id_with_wrong_check_digits_is_found_when_the_caller_says_so():
    document = replace(simple(), buyer=FRENCH_BUYER)

    assert codes(document, wrong_vat_ids=frozenset({FRENCH_BUYER.vat_id})) == {"QUOIN-VAT-ID"}


def test_refusal_carries_all_findings():
    document = replace(simple(), number="", totals=Totals())

    with pytest.raises(InvoiceRefused) as refused:
        require_issuable(document)

    assert refused.value.problems == findings(document)
    assert "BR-02" in refused.value.detail
    require_issuable(simple())


@pytest.mark.parametrize(
    "iban", ["DE75512108001245126199", "GB82 WEST 1234 5698 7654 32", "NO9386011117947", "fr1420041010050500013m02606"]
)
def test_iban_of_the_registry_is_accepted(iban):
    assert is_iban(iban)
    assert looks_like_iban(iban)


@given(st.sampled_from(["DE75512108001245126199", "GB82WEST12345698765432", "NO9386011117947"]), st.data())
def test_iban_with_one_wrong_digit_is_refused(iban, data):
    places = [place for place, letter in enumerate(iban) if letter.isdigit()]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([each for each in "0123456789" if each != iban[place]]))

    assert not is_iban(iban[:place] + digit + iban[place + 1 :])


def test_shapes_of_other_identifiers():
    assert [is_bic(text) for text in ("SOLADEST600", "DNBANOKK", "SOLA", "SOLADEST6")] == [True, True, False, False]
    assert [has_country_prefix(text) for text in ("DE1", "EL1", "XI1", "99", "")] == [True, True, True, False, False]
    assert not is_iban("")
    assert not looks_like_iban("8601 11 17947")
