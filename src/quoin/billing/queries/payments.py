"""Payments for the list and their page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.base.listing import Column, Kind, Listing, Status, View
from quoin.billing.models import Payment, PaymentApplication
from quoin.billing.queries.receivables import payments
from quoin.kernel.errors import NotFound

STATES = {
    "applied": Status("success", _("Used")),
    "left": Status("info", _("Client's credit")),
    "taken_back": Status("neutral", _("Taken back")),
    "mirror": Status("neutral", _("Takes one back")),
}
PAYMENTS = Listing(
    key="payments",
    columns=(
        Column(key="received_on", label=_("Received"), kind=Kind.DAY),
        Column(key="client", label=_("Client"), source="client__name"),
        Column(key="reference", label=_("Reference")),
        Column(key="state", label=_("Status"), kind=Kind.STATUS, statuses=STATES),
        Column(key="amount", label=_("Amount"), kind=Kind.MONEY, currency="currency", is_totalled=True),
        Column(
            key="left", label=_("Not used"), kind=Kind.MONEY, source="unapplied", currency="currency", is_totalled=True
        ),
        Column(key="method", label=_("Way"), is_default=False),
    ),
    search=("reference__icontains", "client__name__icontains"),
    sort="-received_on",
    views=(View(key="left", label=_("With money left"), query="state=left"),),
)


def listed_payments(actor: Actor) -> QuerySet[Any]:
    """Payments with `state`, `applied` and `unapplied`."""
    rows: QuerySet[Any] = payments(actor)
    found: QuerySet[Any] = rows.annotate(
        state=Case(
            When(reverses__isnull=False, then=Value("mirror")),
            When(is_reversed=True, then=Value("taken_back")),
            When(unapplied__gt=0, then=Value("left")),
            default=Value("applied"),
            output_field=CharField(),
        )
    )
    return found


def payment_for(actor: Actor, payment_id: UUID) -> Any:
    """The payment, if payments may be seen."""
    row = listed_payments(actor).filter(id=payment_id).first()
    if row is None:
        raise NotFound("There is no such payment.")
    return row


def applications_of(payment: Payment) -> tuple[PaymentApplication, ...]:
    """What the payment paid, in order."""
    rows = PaymentApplication.objects.filter(payment=payment).select_related("invoice")
    return tuple(rows.order_by("applied_at", "id"))
