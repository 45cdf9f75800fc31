"""A contract in sentences: its terms, and in which order rates are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quoin.base.ui import formats
from quoin.kernel.money import Money
from quoin.kernel.quantity import clock
from quoin.sales.models import Contract

Text = str | Promise
_SCOPES = {
    ("entry", "up"): _("Each entry is billed up to whole %(minutes)s minutes."),
    ("entry", "nearest"): _("Each entry is billed to the nearest whole %(minutes)s minutes."),
    ("entry", "down"): _("Each entry is billed down to whole %(minutes)s minutes."),
    ("day_person", "up"): _("Each person's day is billed up to whole %(minutes)s minutes."),
    ("day_person", "nearest"): _("Each person's day is billed to the nearest whole %(minutes)s minutes."),
    ("day_person", "down"): _("Each person's day is billed down to whole %(minutes)s minutes."),
    ("invoice", "up"): _("All time on an invoice is billed up to whole %(minutes)s minutes."),
    ("invoice", "nearest"): _("All time on an invoice is billed to the nearest whole %(minutes)s minutes."),
    ("invoice", "down"): _("All time on an invoice is billed down to whole %(minutes)s minutes."),
}


def rate_order(row: Contract) -> Text:
    """The order in which a rate is looked for, the first that fits prices."""
    if row.rate_card is None:
        return _(
            "Rate of the project → of this contract → of the client → of the company card. In each place: the person,"
            " then the role, then everybody."
        )
    return _(
        "Rate of the project → of this contract → of the client → of the card “%(card)s” → of the company card. In each"
        " place: the person, then the role, then everybody."
    ) % {"card": row.rate_card.name}


def terms_words(row: Contract) -> tuple[Text, ...]:
    """What the contract says, a sentence a term."""
    return tuple(_terms(row))


def _terms(row: Contract) -> Iterator[Text]:
    yield from _price(row)
    if row.kind == "time_and_materials":
        if row.increment_minutes == 1:
            yield _("Billed to the minute as worked.")
        else:
            words = _SCOPES[row.increment_scope, row.rounding_direction]
            yield str(words) % {"minutes": row.increment_minutes}
    yield from _limits(row)
    if row.expense_markup_ratio:
        yield _("Expenses are rebilled with %(percent)s %% on top.") % {"percent": _percent(row.expense_markup_ratio)}
    if row.retention_ratio:
        yield _("The client keeps %(percent)s %% until acceptance.") % {"percent": _percent(row.retention_ratio)}
    if not row.shows_hours and row.kind != "non_billable":
        yield _("Invoices do not list the hours.")
    if row.needs_note:
        yield _("Every entry needs a note.")
    days = row.client.payment_days if row.payment_days is None else row.payment_days
    yield _("Payment is due %(days)s days after issue.") % {"days": days}


def _price(row: Contract) -> Iterator[Text]:
    if row.kind == "fixed_price" and row.fixed_amount is not None:
        yield _("Fixed price of %(amount)s.") % {"amount": _amount(row.fixed_amount, row)}
    elif row.kind == "retainer" and row.retainer_fee is not None:
        terms = {"fee": _amount(row.retainer_fee, row), "hours": clock(row.retainer_minutes or 0)}
        yield _("%(fee)s a month include %(hours)s hours.") % terms
        if row.rollover_months:
            yield _("Unused hours last %(months)s more months.") % {"months": row.rollover_months}
        else:
            yield _("Unused hours expire at the end of the month.")
        if row.overage_rate_per_hour is not None:
            yield _("Hours over that cost %(rate)s each.") % {"rate": _amount(row.overage_rate_per_hour, row)}
    elif row.kind == "non_billable":
        yield _("Work is not billed.")
    else:
        yield _("Time is billed at rates that include VAT.") if row.is_vat_inclusive else _("Time is billed at rates.")


def _limits(row: Contract) -> Iterator[Text]:
    if row.cap_amount is not None:
        words = _("No more than %(amount)s is billed.") if row.cap_is_hard else _("A warning comes at %(amount)s.")
        yield str(words) % {"amount": _amount(row.cap_amount, row)}
    if row.purchase_order:
        yield _("Billed on order %(number)s.") % {"number": row.purchase_order}
    if row.purchase_order_amount is not None:
        yield _("The order covers %(amount)s.") % {"amount": _amount(row.purchase_order_amount, row)}
    if row.purchase_order_until is not None:
        yield _("The order is valid until %(day)s.") % {"day": _day(row.purchase_order_until)}


def _amount(amount: Decimal, row: Contract) -> str:
    return formats.money(Money(amount, row.currency).round(), translation.get_language() or "")


def _day(day: date) -> str:
    return formats.day(day, translation.get_language() or "")


def _percent(ratio: Decimal) -> str:
    return formats.number(Decimal(f"{(ratio * 100).normalize():f}"), translation.get_language() or "")
