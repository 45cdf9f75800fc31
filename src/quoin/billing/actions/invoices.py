"""Issuing invoices, one or many at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.billing.actions.runs import locked_run
from quoin.billing.models import Invoice
from quoin.billing.services.issuing import Issued, issue_documents
from quoin.kernel.errors import Conflict, NotFound, invalid

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
    for invoice in found.invoices:
        emit(actor, "billing.invoice.issued", running_action_id(), invoice_id=invoice.id, number=invoice.number)
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
        raise invalid("/count", f"The run has {len(ids)} drafts, not {count}. Look at it again.")
    touch(run.public_id)
    return issue_invoices(actor, invoice_ids=ids, issue_on=issue_on)


def _locked_drafts(invoice_ids: Iterable[UUID | str]) -> list[Invoice]:
    ids = {UUID(str(key)) for key in invoice_ids}
    if len(ids) > MOST_AT_ONCE:
        raise invalid("/invoice_ids", f"At most {MOST_AT_ONCE} invoices are issued at once.")
    drafts = list(
        Invoice.objects.select_for_update(of=("self",))
        .select_related("entity", "client", "contract", "corrects")
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
