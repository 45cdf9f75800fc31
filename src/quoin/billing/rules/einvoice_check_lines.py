"""Part of the exact check: lines and their allowances, and allowances and charges of the document."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from quoin.billing.rules import einvoice_codes as codes
from quoin.billing.rules.einvoice import Adjustment, InvoiceDocument, InvoiceLine, Item, Price
from quoin.billing.rules.einvoice_totals import signed_sum
from quoin.billing.rules.tax import document_unit, round_for_document
from quoin.kernel.currency import CODES as CURRENCIES
from quoin.kernel.errors import Problem
from quoin.kernel.words import say

# Peppol R120 and R040: a quantity or percentage may miss the amount by two cents, or by half a yen.
_SLACK = Fraction(2, 100)


def _slack(currency: str) -> Fraction:
    return max(_SLACK, Fraction(document_unit(currency)) / 2) if currency in CURRENCIES else _SLACK


def line_findings(document: InvoiceDocument) -> Iterator[Problem]:
    """Findings about each line."""
    seen: set[str] = set()
    slack = _slack(document.currency)
    for index, line in enumerate(document.lines):
        pointer = f"/lines/{index}"
        if not line.id:
            yield Problem(f"{pointer}/id", "BR-21", "The line has no number (BT-126).")
        elif line.id in seen:
            yield Problem(f"{pointer}/id", "QUOIN-LINE-ID", say("Two lines have the number %(id)s.", id=line.id))
        seen.add(line.id)
        yield from _mandatory(line, pointer)
        yield from _price(line, pointer, slack)
        yield from _period(line, pointer)
        yield from _item(line.item, f"{pointer}/item")
        yield from _line_adjustments(line, pointer)


def _mandatory(line: InvoiceLine, pointer: str) -> Iterator[Problem]:
    if line.quantity is None:
        yield Problem(f"{pointer}/quantity", "BR-22", "The line has no quantity (BT-129).")
    if not line.unit:
        yield Problem(f"{pointer}/unit", "BR-23", "The line has no unit (BT-130).", "HUR is hours, C62 pieces.")
    if line.net is None:
        yield Problem(f"{pointer}/net", "BR-24", "The line has no amount (BT-131).")
    if not line.item.name:
        yield Problem(f"{pointer}/item/name", "BR-25", "The line has no name (BT-153).", "Describe what is sold.")
    if line.category is None:
        yield Problem(f"{pointer}/category", "BR-CO-04", "The line has no VAT category (BT-151).")


def _price(line: InvoiceLine, pointer: str, slack: Fraction) -> Iterator[Problem]:
    price = line.price
    if price.net is None:
        yield Problem(f"{pointer}/price/net", "BR-26", "The line has no price (BT-146).")
    elif price.net < 0:
        yield Problem(f"{pointer}/price/net", "BR-27", "The price is negative.", "Make the quantity negative instead.")
    if price.gross is not None and price.gross < 0:
        yield Problem(f"{pointer}/price/gross", "BR-28", "The gross price is negative.")
    yield from _discount(price, pointer)
    if price.base_quantity is not None and price.base_quantity <= 0:
        yield Problem(f"{pointer}/price/base_quantity", "PEPPOL-EN16931-R121", "The base quantity is not above zero.")
        return
    if price.base_unit and price.base_unit != line.unit:
        yield Problem(f"{pointer}/price/base_unit", "PEPPOL-EN16931-R130", "The price is per another unit.")
    yield from _net(line, pointer, slack)


def _discount(price: Price, pointer: str) -> Iterator[Problem]:
    if price.gross is None and price.discount is None:
        return
    if price.gross is None or price.discount is None:
        yield Problem(f"{pointer}/price", "QUOIN-DISCOUNT", "Gross price and discount are given together or not.")
    elif price.gross - price.discount != price.net:
        yield Problem(
            f"{pointer}/price/net", "PEPPOL-EN16931-R046", "The price is not the gross price less the discount."
        )


def _net(line: InvoiceLine, pointer: str, slack: Fraction) -> Iterator[Problem]:
    """Peppol R120 reads an absent quantity as one and an absent amount as zero; without a price it says nothing."""
    if line.price.net is None:
        return
    quantity = Decimal(1) if line.quantity is None else line.quantity
    priced = Fraction(quantity) * Fraction(line.price.net) / Fraction(line.price.base_quantity or 1)
    expected = priced + Fraction(signed_sum(line.adjustments))
    if abs(expected - Fraction(line.net or 0)) > slack:
        yield Problem(
            f"{pointer}/net",
            "PEPPOL-EN16931-R120",
            say(
                "Quantity x price is %(product)s, the line says %(net)s.",
                product=round_for_document(expected, "EUR"),
                net=line.net,
            ),
            "Bill minutes with the price per 60, so that the hours need no rounding.",
        )


def _period(line: InvoiceLine, pointer: str) -> Iterator[Problem]:
    period = line.period
    if period is None:
        return
    if period.start is None and period.end is None:
        yield Problem(f"{pointer}/period", "BR-CO-20", "The period of the line has neither start nor end.")
    if period.start and period.end and period.end < period.start:
        yield Problem(f"{pointer}/period/end", "BR-30", "The period of the line ends before it starts.")


def _item(item: Item, pointer: str) -> Iterator[Problem]:
    if item.standard_id is not None and not item.standard_id.scheme:
        yield Problem(f"{pointer}/standard_id", "BR-64", "The standard identifier has no scheme (BT-157).")
    if any(not classification.scheme for classification in item.classifications):
        yield Problem(f"{pointer}/classifications", "BR-65", "A classification has no scheme (BT-158).")
    if any(not (name and value) for name, value in item.attributes):
        yield Problem(f"{pointer}/attributes", "BR-54", "An attribute lacks its name or its value (BG-32).")
    if item.origin_country and item.origin_country not in codes.COUNTRIES:
        yield Problem(f"{pointer}/origin_country", "BR-CL-15", "The country of origin is not in ISO 3166-1.")


def _line_adjustments(line: InvoiceLine, pointer: str) -> Iterator[Problem]:
    for index, adjustment in enumerate(line.adjustments):
        where = f"{pointer}/adjustments/{index}"
        amount_rule, reason_rule, both_rule = (
            ("BR-43", "BR-44", "BR-CO-24") if adjustment.is_charge else ("BR-41", "BR-42", "BR-CO-23")
        )
        yield from _adjustment(adjustment, where, (amount_rule, reason_rule, both_rule))


def adjustment_findings(document: InvoiceDocument) -> Iterator[Problem]:
    """Findings about allowances and charges of the document."""
    for index, adjustment in enumerate(document.adjustments):
        where = f"/adjustments/{index}"
        amount_rule, reason_rule, both_rule = (
            ("BR-36", "BR-38", "BR-CO-22") if adjustment.is_charge else ("BR-31", "BR-33", "BR-CO-21")
        )
        yield from _adjustment(adjustment, where, (amount_rule, reason_rule, both_rule))
        if adjustment.category is None:
            rule = "BR-37" if adjustment.is_charge else "BR-32"
            yield Problem(f"{where}/category", rule, "The VAT category is missing.")


def _adjustment(adjustment: Adjustment, where: str, rules: tuple[str, str, str]) -> Iterator[Problem]:
    amount_rule, reason_rule, both_rule = rules
    if adjustment.amount is None:
        yield Problem(f"{where}/amount", amount_rule, "The amount is missing.")
    elif adjustment.amount < 0:
        yield Problem(f"{where}/amount", "QUOIN-SIGN", "The amount is negative.", "Turn allowance and charge around.")
    if not (adjustment.reason or adjustment.reason_code):
        yield Problem(f"{where}/reason", reason_rule, "The reason is missing.", "Say what it is for.")
        yield Problem(f"{where}/reason", both_rule, "Neither reason nor reason code is given.")
    yield from _percentage(adjustment, where)


def _percentage(adjustment: Adjustment, where: str) -> Iterator[Problem]:
    if adjustment.percent is None:
        if adjustment.base_amount is not None:
            yield Problem(f"{where}/percent", "PEPPOL-EN16931-R042", "A base amount needs its percentage.")
        return
    if adjustment.base_amount is None:
        yield Problem(f"{where}/base_amount", "PEPPOL-EN16931-R041", "A percentage needs its base amount.")
        return
    expected = Fraction(adjustment.base_amount) * Fraction(adjustment.percent) / 100
    if abs(expected - Fraction(adjustment.amount or Decimal(0))) > _SLACK:
        yield Problem(
            f"{where}/amount",
            "PEPPOL-EN16931-R040",
            say(
                "%(percent)s %% of %(base_amount)s is not %(amount)s.",
                percent=adjustment.percent,
                base_amount=adjustment.base_amount,
                amount=adjustment.amount,
            ),
        )
