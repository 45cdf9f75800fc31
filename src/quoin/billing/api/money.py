"""Payments and bank files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from ninja import File, UploadedFile

from quoin.base.http.api import ApiIn, ApiRequest, MoneyIn, Router, operation, respond_json, whole_list
from quoin.billing.actions import bank
from quoin.billing.actions import payments as actions
from quoin.billing.api.wire import BankLineId, ClientId, EntityId, InvoiceId, PaymentId
from quoin.billing.queries import receivables as queries
from quoin.billing.queries.said import money_out, payment_out
from quoin.billing.types import Share
from quoin.kernel.ids import public_id

router = Router(tags=["payments"])


class ShareIn(ApiIn):
    """What an invoice gets: an amount, or as much as is open."""

    invoice_id: InvoiceId
    amount: Decimal | None = None
    discount_percent: Decimal = Decimal(0)


class PaymentIn(ApiIn):
    """Money that came in; without `shares` it pays the oldest open invoices.

    `banked` and `charges`: what the bank account got, and banks kept, where that is not `amount`.
    """

    client_id: ClientId
    amount: MoneyIn
    received_on: date
    entity_id: EntityId | None = None
    method: str = "transfer"
    reference: str = ""
    external_id: str | None = None
    shares: list[ShareIn] | None = None
    banked: MoneyIn | None = None
    charges: MoneyIn | None = None


class TakeBackIn(ApiIn):
    """Why the payment is taken back."""

    reason: str


class ApplyIn(ApiIn):
    """What the rest of the payment pays; the oldest open invoices if absent."""

    shares: list[ShareIn] | None = None


class AcceptIn(ApiIn):
    """The day of acceptance; today if absent."""

    accepted_on: date | None = None


class MatchIn(ApiIn):
    """The invoices that the money pays, in this order."""

    invoice_ids: list[InvoiceId]


@router.get("/payments", summary="List payments")
@operation(queries.VIEW)
def list_payments(request: ApiRequest) -> HttpResponse:
    rows = list(queries.payments(request.actor)[:201])
    data = [{**payment_out(row), "unapplied": money_out(row.unapplied, row.currency)} for row in rows[:200]]  # type: ignore[attr-defined]  # annotated
    return respond_json({"data": data, "has_more": len(rows) > len(data), "next_cursor": None})


@router.post("/payments", summary="Record a payment")
@operation("billing.payment.record", needs_key=True)
def create_payment(request: ApiRequest, body: PaymentIn) -> HttpResponse:
    fields = body.model_dump(exclude={"shares", "amount", "banked", "charges"})
    shares = None if body.shares is None else [Share(**share.model_dump()) for share in body.shares]
    payment = actions.record_payment(
        request.actor, amount=body.amount, banked=body.banked, charges=body.charges, shares=shares, **fields
    )
    return respond_json(payment_out(payment), status=201)


@router.post("/payments/{payment_id}/take-back", summary="Take a payment back")
@operation("billing.payment.take_back", needs_key=True)
def take_payment_back(request: ApiRequest, payment_id: PaymentId, body: TakeBackIn) -> HttpResponse:
    return respond_json(
        payment_out(actions.take_back_payment(request.actor, payment_id=payment_id, reason=body.reason))
    )


@router.post("/payments/{payment_id}/apply", summary="Set what is left of a payment against invoices")
@operation("billing.payment.apply", needs_key=True)
def apply(request: ApiRequest, payment_id: PaymentId, body: ApplyIn) -> HttpResponse:
    shares = None if body.shares is None else [Share(**share.model_dump()) for share in body.shares]
    return respond_json(payment_out(actions.apply_payment(request.actor, payment_id=payment_id, shares=shares)))


@router.post("/invoices/{invoice_id}/accept", summary="Make what was kept back until acceptance due")
@operation("billing.retention.release", needs_key=True)
def accept(request: ApiRequest, invoice_id: InvoiceId, body: AcceptIn) -> HttpResponse:
    row = actions.release_retention(
        request.actor, invoice_id=invoice_id, accepted_on=body.accepted_on or request.actor.today
    )
    invoice = row.invoice
    answer = {"id": invoice.public_id, "released": money_out(row.amount, invoice.currency), "on": row.accepted_on}
    return respond_json(answer)


@router.post("/bank-statements", summary="Import a CAMT.053 or CSV file")
@operation("billing.bank.import", needs_key=True)
def import_bank_statement(request: ApiRequest, entity_id: EntityId, file: UploadedFile = File(...)) -> HttpResponse:  # type: ignore[type-arg]  # noqa: B008  ninja reads the file so
    found = bank.import_statement(
        request.actor, entity_id=entity_id, file_name=file.name or "statement", content=file.read()
    )
    answer = {"id": found.statement.public_id, "new": found.new, "known": found.known}
    return respond_json(answer, status=201)


@router.get("/bank-lines", summary="Money that waits to be matched, with proposals")
@operation(queries.VIEW)
def list_bank_lines(request: ApiRequest) -> HttpResponse:
    found = queries.proposals(request.actor)
    rows = [
        {
            "id": row.public_id,
            "on": row.booked_on.isoformat(),
            "amount": money_out(row.amount, row.currency),
            "name": row.name,
            "text": row.text,
            "proposals": [
                {
                    "invoice_ids": [public_id("inv", key) for key in one.invoice_ids],
                    "score": one.score,
                    "is_exact": one.is_exact,
                    "words": one.words,
                }
                for one in found.get(row.id, ())[:5]
            ],
        }
        for row in queries.waiting_lines(request.actor)
    ]
    return whole_list(rows)


@router.post("/bank-lines/{line_id}/match", summary="Match money with invoices")
@operation("billing.bank.match", needs_key=True)
def match_bank_line(request: ApiRequest, line_id: BankLineId, body: MatchIn) -> HttpResponse:
    payment = bank.match_line(request.actor, bank_line_id=line_id, invoice_ids=body.invoice_ids)
    return respond_json(payment_out(payment), status=201)


@router.post("/bank-lines/match-exact", summary="Match all exact proposals")
@operation("billing.bank.match_exact", needs_key=True)
def match_exact_bank_lines(request: ApiRequest) -> HttpResponse:
    return respond_json({"matched": bank.match_exact(request.actor)})


@router.post("/bank-lines/{line_id}/ignore", summary="Leave money out that pays no invoice")
@operation("billing.bank.ignore")
def ignore_bank_line(request: ApiRequest, line_id: BankLineId) -> HttpResponse:
    bank.ignore_line(request.actor, bank_line_id=line_id)
    return respond_json({"id": public_id("bkl", line_id), "is_ignored": True})
