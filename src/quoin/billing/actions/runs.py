"""Billing runs: build drafts, build them again, discard them. Issuing is in `invoices`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.numbering import next_number
from quoin.billing.models import BillingRun, Invoice, InvoiceItem, InvoiceLine
from quoin.billing.queries.run_plan import BUILD, Planned, Scope, plan
from quoin.billing.services.drafts import delete_draft, release_lines, write_drafts
from quoin.kernel.errors import Conflict, NotFound
from quoin.kernel.words import Sentence, say
from quoin.sales.models import Contract
from quoin.sales.types import LineGrouping

_LOCK_CONTRACTS = (
    "SELECT k.id FROM sales_contract k WHERE k.tenant_id = %(tenant)s AND (%(contracts)s::uuid[] IS NULL"
    " OR k.id = ANY(%(contracts)s)) AND k.id IN (SELECT contract_id FROM billing_charge c"
    " WHERE c.tenant_id = %(tenant)s AND c.status = 'unbilled' AND c.work_on <= %(until)s UNION ALL"
    " SELECT contract_id FROM billing_charge c"
    " WHERE c.tenant_id = %(tenant)s AND c.status = 'drafted' AND c.work_on <= %(until)s)"
    " ORDER BY k.id FOR NO KEY UPDATE"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A run and its drafts, and what the plan said about all other work."""

    run: BillingRun
    drafts: tuple[Invoice, ...]
    planned: Planned


@action(BUILD, label=_("Build a billing run"))
def build_run(
    actor: Actor,
    *,
    work_until: date | str,
    contract_ids: Sequence[UUID | str] | None = None,
    grouping: LineGrouping | str | None = None,
) -> Built:
    """Drafts for all approved work up to the day. Building again finds the same run and brings it up to date.

    Contracts are locked in id order, so that processes which build at the same time follow one another.
    """
    scope = Scope(
        work_until=date.fromisoformat(str(work_until)),
        contract_ids=None if contract_ids is None else tuple(UUID(str(key)) for key in contract_ids),
        grouping=LineGrouping(grouping) if grouping else None,
    )
    _require_contracts(scope)
    _lock_contracts(actor, scope)
    run = _open_run(actor, scope)
    refreshed = tuple(
        InvoiceItem.objects.filter(
            is_live=True, line__is_edited=False, line__is_manual=False, line__invoice__run=run,
            line__invoice__status="draft",
        ).values_list("charge_id", flat=True)
    )  # fmt: skip
    planned = plan(actor, scope, refreshed=refreshed, is_locked=True)
    drafts = write_drafts(actor, run, planned.drafts, planned.held)
    run.proof, run.left_out = _proof(planned), _left_out(planned)
    run.save(update_fields=["proof", "left_out"])
    touch(run.public_id)
    emit(actor, "billing.run.built", running_action_id(), run_id=run.id, drafts=len(drafts))
    return Built(run=run, drafts=drafts, planned=planned)


@action("billing.run.discard", label=_("Discard a billing run"))
def discard_run(actor: Actor, *, run_id: UUID | str) -> int:
    """Delete the drafts of a run; their work is unbilled again. Returns how many drafts went."""
    run = locked_run(run_id)
    drafts = list(Invoice.objects.select_for_update().filter(run=run).exclude(status="issued").order_by("id"))
    for draft in drafts:
        discard(actor, draft)
    has_issued = Invoice.objects.filter(run=run, status="issued").exists()
    run.status = "issued" if has_issued else "discarded"
    run.save(update_fields=["status"])
    touch(run.public_id)
    return len(drafts)


@action("billing.invoice.discard", label=_("Discard a draft"))
def discard_draft(actor: Actor, *, invoice_id: UUID | str) -> None:
    """Delete a draft; its work is unbilled again."""
    draft = Invoice.objects.select_for_update().filter(id=invoice_id).first()
    if draft is None:
        raise NotFound("There is no such draft.")
    if draft.status == "issued":
        raise Conflict(say("%(number)s is issued. Credit it instead.", number=draft.number))
    touch(draft.public_id)
    discard(actor, draft)


def discard(actor: Actor, draft: Invoice) -> None:
    """Release the work of a draft and delete it."""
    release_lines(actor, InvoiceLine.objects.filter(invoice=draft))
    delete_draft(draft)


def locked_run(run_id: UUID | str) -> BillingRun:
    """The run, locked; Conflict unless it is open."""
    run = BillingRun.objects.select_for_update().filter(id=run_id).first()
    if run is None:
        raise NotFound("There is no such billing run.")
    if run.status != "open":
        raise Conflict(say("Billing run %(number)s is %(status)s.", number=run.number, status=Sentence(run.status)))
    return run


def _require_contracts(scope: Scope) -> None:
    wanted = set(scope.contract_ids or ())
    if Contract.objects.filter(id__in=wanted).count() != len(wanted):
        raise NotFound("There is no such contract.")


def _lock_contracts(actor: Actor, scope: Scope) -> None:
    contracts = None if scope.contract_ids is None else list(scope.contract_ids)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CONTRACTS, {"tenant": actor.tenant_id, "contracts": contracts, "until": scope.work_until})


def _open_run(actor: Actor, scope: Scope) -> BillingRun:
    """The open run of the scope, or a new one. The key counts on, so that it stays unique."""
    known = BillingRun.objects.select_for_update().filter(key__startswith=f"{scope.key}#").order_by("-number")
    last = known.first()
    if last is not None and last.status == "open":
        return last
    number = next_number("billing_run")
    # Somebody may have opened it while this process waited for the number.
    last = known.first()
    if last is not None and last.status == "open":
        return last
    count = 1 if last is None else int(last.key.rpartition("#")[2]) + 1
    return BillingRun.objects.create(
        number=number, key=f"{scope.key}#{count}", work_until=scope.work_until, started_at=actor.now,
        started_by_id=actor.user_id,
        scope={
            "contract_ids": None if scope.contract_ids is None else [str(key) for key in scope.contract_ids],
            "grouping": scope.grouping,
        },
    )  # fmt: skip


def _proof(planned: Planned) -> dict[str, object]:
    return {
        "is_equal": planned.is_proven,
        "currencies": [
            {
                "currency": proof.currency,
                **{
                    name: f"{getattr(proof, name):f}"
                    for name in ("wip", "increments", "rounding", "drafts", "held", "waiting")
                },
                "is_equal": proof.is_equal,
            }
            for proof in planned.proofs
        ],
    }


def _left_out(planned: Planned) -> list[dict[str, object]]:
    return [
        {"reason": one.reason, "count": one.count, "amount": f"{one.amount.amount:f}", "currency": one.amount.currency}
        for one in planned.left_out
    ]
