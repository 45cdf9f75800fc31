"""Issuing invoices, one or many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch
from quoin.base.actor import Actor
from quoin.base.events import emit, emit_many
from quoin.billing.actions.charges import reopen_charges
from quoin.billing.actions.runs import locked_run
from quoin.billing.models import Invoice
from quoin.billing.services.crediting import Credited, Wish, copy_as_draft, credit
from quoin.billing.services.issuing import Issued, issue_documents
from quoin.billing.services.totals import refresh_draft
from quoin.billing.types import ChargeKind
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.words import say

ISSUE = "billing.invoice.issue"
MOST_AT_ONCE = 200


@action(ISSUE, label=_("Issue invoices"))
def issue_invoices(actor: Actor, *, invoice_ids: Iterable[UUID | str], issue_on: date | str | None = None) -> Issued:
    """Give drafts their numbers, print and post them. What is not fit is left a draft and named in the answer."""
    day = date.fromisoformat(str(issue_on)) if issue_on else actor.today
    if day > actor.today:
        raise invalid("/issue_on", "An invoice is not dated in the future.")
    drafts = _locked_drafts(invoice_ids)
    found = issue_documents(actor, drafts, issue_on=day)
    _close_runs(drafts)
    touch(found.invoices[0].public_id if len(found.invoices) == 1 else f"{len(found.invoices)} invoices")
    told = [{"invoice_id": invoice.id, "number": invoice.number} for invoice in found.invoices]
    emit_many(actor, "billing.invoice.issued", running_action_id(), told)
    return found


@action("billing.run.issue", label=_("Issue a billing run"))
def issue_run(actor: Actor, *, run_id: UUID | str, count: int, issue_on: date | str | None = None) -> Issued:
    """Issue the drafts of a run. `count` is how many the person expects; another number is refused."""
    run = locked_run(run_id)
    if not run.proof.get("is_equal"):
        raise Conflict(
            "The work in hand is not equal to drafts, held and waiting work, so the run is not issued. Build it again."
        )
    ids = list(Invoice.objects.filter(run=run).exclude(status="issued").values_list("id", flat=True))
    if len(ids) != count:
        raise invalid(
            "/count", say("The run has %(count)s drafts, not %(of)s. Look at it again.", count=len(ids), of=count)
        )
    touch(run.public_id)
    return issue_invoices(actor, invoice_ids=ids, issue_on=issue_on)


@action("billing.invoice.credit", label=_("Credit an invoice"))
def credit_invoice(
    actor: Actor,
    *,
    invoice_id: UUID | str,
    reason: str,
    charge_ids: Sequence[UUID | str] | None = None,
    amounts: Mapping[str, Decimal | str] | None = None,
    issue_on: date | str | None = None,
    reopens_work: bool = False,
) -> Invoice:
    """Issue a credit note on all that is left, on some of the work, or on amounts of lines.

    Credited work is unbilled again; with `reopens_work` its time is also opened for correction.
    """
    found = _credit(actor, invoice_id=invoice_id, reason=reason, wish=_wish(charge_ids, amounts), on=issue_on)
    if reopens_work:
        ids = [item.charge_id for item in found.released if item.charge.kind == ChargeKind.TIME]
        if not ids:
            raise invalid("/reopens_work", "This credit sets no worked time free, so there is none to open.")
        reopen_charges(actor, charge_ids=ids, reason=reason)
    return found.credit_note


@action("billing.invoice.correct", label=_("Correct an invoice"))
def correct_invoice(
    actor: Actor,
    *,
    invoice_id: UUID | str,
    reason: str,
    charge_ids: Sequence[UUID | str] | None = None,
    issue_on: date | str | None = None,
) -> tuple[Invoice, Invoice]:
    """Credit the invoice, or some of its work, and open a draft with the same lines; returns both."""
    credited = _credit(actor, invoice_id=invoice_id, reason=reason, wish=_wish(charge_ids, None), on=issue_on)
    original = credited.credit_note.corrects
    assert original is not None
    draft = copy_as_draft(actor, invoice=original, credited=credited)
    return credited.credit_note, refresh_draft(draft)


def _credit(actor: Actor, *, invoice_id: UUID | str, reason: str, wish: Wish, on: date | str | None) -> Credited:
    if not reason.strip():
        raise invalid("/reason", "Say why the invoice is credited; the client reads it.")
    day = date.fromisoformat(str(on)) if on else actor.today
    if day > actor.today:
        raise invalid("/issue_on", "A credit note is not dated in the future.")
    found = credit(actor, invoice_id=UUID(str(invoice_id)), wish=wish, reason=reason.strip(), issue_on=day)
    touch(found.credit_note.public_id, reason=reason)
    emit(
        actor, "billing.invoice.credited", running_action_id(), invoice_id=UUID(str(invoice_id)),
        credit_note_id=found.credit_note.id, number=found.credit_note.number,
    )  # fmt: skip
    return found


def _wish(charge_ids: Sequence[UUID | str] | None, amounts: Mapping[str, Decimal | str] | None) -> Wish:
    if charge_ids is not None and amounts is not None:
        raise invalid("/amounts", "Credit either entries or amounts of lines, not both at once.")
    return Wish(
        charge_ids=None if charge_ids is None else tuple(UUID(str(key)) for key in charge_ids),
        amounts=None if amounts is None else {UUID(key): Decimal(str(a)) for key, a in amounts.items()},
    )  # fmt: skip


def _locked_drafts(invoice_ids: Iterable[UUID | str]) -> list[Invoice]:
    ids = {UUID(str(key)) for key in invoice_ids}
    if len(ids) > MOST_AT_ONCE:
        raise invalid(
            "/invoice_ids", say("At most %(most_at_once)s invoices are issued at once.", most_at_once=MOST_AT_ONCE)
        )
    drafts = list(
        Invoice.objects.select_for_update(of=("self",))
        .select_related("entity", "client", "contract", "corrects", "run")
        .filter(id__in=ids)
        .order_by("id")
    )
    if not drafts or len(drafts) != len(ids):
        raise NotFound("There is no such draft.")
    if any(draft.kind == "credit_note" for draft in drafts):
        raise Conflict("A credit note is issued from its invoice.")
    return drafts


def _close_runs(drafts: Iterable[Invoice]) -> None:
    for run in {draft.run for draft in drafts if draft.run is not None}:
        if run.status == "open" and not Invoice.objects.filter(run=run).exclude(status="issued").exists():
            run.status = "issued"
            run.save(update_fields=["status"])
