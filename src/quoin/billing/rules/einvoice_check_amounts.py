"""Part of the exact check: totals of the document (BR-CO-10 to 16) and decimals (BR-DEC)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from quoin.billing.rules.einvoice import Adjustment, InvoiceDocument
from quoin.kernel.errors import Problem
from quoin.kernel.words import say

_ZERO = Decimal(0)
_MAX_DECIMALS = 2


def amount_findings(document: InvoiceDocument) -> Iterator[Problem]:
    """Findings about totals and decimals."""
    yield from _present(document)
    yield from _sums(document)
    yield from _decimals(document)


def _present(document: InvoiceDocument) -> Iterator[Problem]:
    totals = document.totals
    for rule, name, amount in (
        ("BR-12", "lines", totals.lines),
        ("BR-13", "net", totals.net),
        ("BR-14", "gross", totals.gross),
        ("BR-15", "payable", totals.payable),
    ):
        if amount is None:
            yield Problem(f"/totals/{name}", rule, say("The total '%(name)s' is missing.", name=name))


def _sums(document: InvoiceDocument) -> Iterator[Problem]:
    """Each total against its parts. A missing total is a finding of its own and is not compared."""
    totals = document.totals
    allowances = _sum(part.amount for part in document.adjustments if not part.is_charge)
    charges = _sum(part.amount for part in document.adjustments if part.is_charge)
    net = _sum([totals.lines, totals.charges]) - (totals.allowances or _ZERO)
    tax = _sum(group.tax for group in document.vat)
    payable = _sum([totals.gross, totals.rounding]) - (totals.prepaid or _ZERO)
    for rule, name, stated, expected in (
        ("BR-CO-10", "lines", totals.lines, _sum(line.net for line in document.lines)),
        ("BR-CO-11", "allowances", _stated(totals.allowances, allowances), allowances),
        ("BR-CO-12", "charges", _stated(totals.charges, charges), charges),
        ("BR-CO-13", "net", totals.net, net),
        ("BR-CO-14", "tax", _stated(totals.tax, tax), tax),
        ("BR-CO-15", "gross", totals.gross, _sum([totals.net, totals.tax])),
        ("BR-CO-16", "payable", totals.payable, payable),
    ):
        if stated is not None and stated != expected:
            yield Problem(
                f"/totals/{name}",
                rule,
                say(
                    "The total '%(name)s' is %(stated)s, its parts add up to %(expected)s.",
                    name=name,
                    stated=stated,
                    expected=expected,
                ),
            )


def _stated(total: Decimal | None, parts: Decimal) -> Decimal | None:
    """An absent optional total counts as zero as soon as it has parts."""
    return _ZERO if total is None and parts else total


def _decimals(document: InvoiceDocument) -> Iterator[Problem]:
    for rule, pointer, amount in _amounts(document):
        exponent = amount.as_tuple().exponent if amount is not None else 0
        if not isinstance(exponent, int) or exponent < -_MAX_DECIMALS:
            yield Problem(
                pointer, rule, say("%(amount)s has more than two decimals.", amount=amount), "Round it to the cent."
            )


def _amounts(document: InvoiceDocument) -> Iterator[tuple[str, str, Decimal | None]]:
    totals = document.totals
    yield from (
        ("BR-DEC-09", "/totals/lines", totals.lines),
        ("BR-DEC-10", "/totals/allowances", totals.allowances),
        ("BR-DEC-11", "/totals/charges", totals.charges),
        ("BR-DEC-12", "/totals/net", totals.net),
        ("BR-DEC-13", "/totals/tax", totals.tax),
        ("BR-DEC-14", "/totals/gross", totals.gross),
        ("BR-DEC-15", "/totals/tax_in_accounting_currency", totals.tax_in_accounting_currency),
        ("BR-DEC-16", "/totals/prepaid", totals.prepaid),
        ("BR-DEC-17", "/totals/rounding", totals.rounding),
        ("BR-DEC-18", "/totals/payable", totals.payable),
    )
    for index, group in enumerate(document.vat):
        yield "BR-DEC-19", f"/vat/{index}/taxable", group.taxable
        yield "BR-DEC-20", f"/vat/{index}/tax", group.tax
    yield from _adjusted(document.adjustments, "/adjustments", ("BR-DEC-01", "BR-DEC-02", "BR-DEC-05", "BR-DEC-06"))
    for index, line in enumerate(document.lines):
        yield "BR-DEC-23", f"/lines/{index}/net", line.net
        where = f"/lines/{index}/adjustments"
        yield from _adjusted(line.adjustments, where, ("BR-DEC-24", "BR-DEC-25", "BR-DEC-27", "BR-DEC-28"))


def _adjusted(
    adjustments: Iterable[Adjustment], where: str, rules: tuple[str, str, str, str]
) -> Iterator[tuple[str, str, Decimal | None]]:
    for index, adjustment in enumerate(adjustments):
        amount_rule, base_rule = rules[2:] if adjustment.is_charge else rules[:2]
        yield amount_rule, f"{where}/{index}/amount", adjustment.amount
        yield base_rule, f"{where}/{index}/base_amount", adjustment.base_amount


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), _ZERO)
