"""Writing the drafts of a run: rows by the thousand in a fixed number of statements.

A repeated run keeps what is equal and what a person changed, and replaces the rest. That a charge stands on one
draft only is judged by the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max
from psycopg.types.json import Jsonb

from quoin.accounts.models import LegalEntity
from quoin.base.actor import Actor
from quoin.base.db.bulk import execute_arrays, insert_columns, update_columns
from quoin.base.db.context import current_tenant
from quoin.base.db.faults import explain
from quoin.billing.models import BillingRun, Invoice, InvoiceItem, InvoiceLine, InvoiceTax
from quoin.billing.queries.parties import draft_treatment
from quoin.billing.queries.run_plan import PlannedDraft
from quoin.billing.rules.document_lines import PricedLine
from quoin.billing.rules.tax_treatment import TaxTreatment
from quoin.billing.services.splitting import split_charges
from quoin.billing.services.totals import retotal
from quoin.billing.types import ChargeBilled, DraftLine, HeldCharge
from quoin.clients.models import Client
from quoin.kernel.ids import uuid7, uuid7s
from quoin.kernel.words import say
from quoin.sales.models import Contract

explain("charge_on_one_line", "This work is on another draft or invoice already. Load the page again.")

_TAKE = (
    "UPDATE billing_charge c SET status = 'drafted', held_until = NULL, hold_reason = ''"
    " FROM unnest(%b::uuid[]) AS u (id) WHERE c.tenant_id = %b AND c.id = u.id AND c.status = 'unbilled'"
)
_FREE = (
    "UPDATE billing_charge c SET status = 'unbilled' FROM billing_invoiceitem m"
    " WHERE c.tenant_id = %s AND m.tenant_id = c.tenant_id AND m.charge_id = c.id AND m.is_live"
    " AND m.line_id = ANY(%s) AND c.status = 'drafted'"
)
_SAME = "SELECT line_id, charge_id, minutes, amount FROM billing_invoiceitem WHERE tenant_id = %s AND line_id = ANY(%s)"

_LINE = (
    "id", "invoice_id", "position", "kind", "description", "quantity", "unit", "unit_price", "net_amount",
    "worked_minutes", "billed_minutes", "key", "tax_category", "tax_percent", "tax_reason", "contract_id",
    "project_id", "task_id",
)  # fmt: skip

Stock = frozenset[tuple[UUID, int, Decimal]]


@dataclass(slots=True)
class _Rows:
    """What is to be inserted: lines as tuples of `_LINE`, and the charges on them column by column."""

    lines: list[tuple[Any, ...]] = field(default_factory=list)
    line_ids: list[UUID] = field(default_factory=list)
    charge_ids: list[UUID] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)
    amounts: list[Decimal] = field(default_factory=list)


@dataclass(slots=True)
class _Desk:
    """What drafts are made with, read once."""

    actor: Actor
    run: BillingRun
    entities: dict[UUID, LegalEntity]
    clients: dict[UUID, Client]
    contracts: dict[UUID, Contract]
    treatments: dict[tuple[UUID, UUID], TaxTreatment] = field(default_factory=dict)
    lasts: dict[UUID, int] = field(default_factory=dict)
    """The place of the last line of each draft that is there already, whoever wrote it."""

    def treatment(self, entity_id: UUID, client_id: UUID) -> TaxTreatment:
        key = (entity_id, client_id)
        if key not in self.treatments:
            self.treatments[key] = draft_treatment(
                self.entities[entity_id], self.clients[client_id], on=self.run.work_until
            )
        return self.treatments[key]


def write_drafts(
    actor: Actor, run: BillingRun, planned: Iterable[PlannedDraft], held: Iterable[HeldCharge]
) -> tuple[Invoice, ...]:
    """Make the run's drafts say what the plan says; returns them."""
    wanted = list(planned)
    desk = _desk(actor, run, wanted)
    existing = {row.run_key: row for row in Invoice.objects.filter(run=run, status="draft").order_by("-id")}
    if existing:
        places = InvoiceLine.objects.filter(invoice_id__in=[row.id for row in existing.values()])
        desk.lasts = dict(places.values_list("invoice_id").annotate(last=Max("position")).order_by())
    lines: defaultdict[UUID, dict[str, InvoiceLine]] = defaultdict(dict)
    for line in InvoiceLine.objects.filter(invoice_id__in=[row.id for row in existing.values()], is_edited=False):
        lines[line.invoice_id][line.key] = line
    stocks = _stocks([line.id for own in lines.values() for line in own.values()])
    split_charges(wanted, held)
    rows, doomed = _Rows(), []
    known = {key: existing.pop(key) for draft in wanted if (key := _key(draft)) in existing}
    fresh = [draft for draft in wanted if _key(draft) not in known]
    # Ids in the order of the plan: documents of a client are numbered by them.
    new = {_key(one): _new_invoice(desk, one, key) for one, key in zip(fresh, uuid7s(len(fresh)), strict=True)}
    invoices = [(known | new)[_key(draft)] for draft in wanted]
    for draft, invoice in zip(wanted, invoices, strict=True):
        doomed += _place(desk, invoice, draft, lines.pop(invoice.id, {}), stocks=stocks, rows=rows)
        _describe(invoice, draft)
    Invoice.objects.bulk_create(new.values())
    _save_described(known.values())
    doomed += [line for own in lines.values() for line in own.values()]
    release_lines(actor, doomed)
    _insert(actor, rows)
    _drop_empty(existing.values())
    # Django takes the key from a row that it deleted.
    kept: list[Any] = list(existing.values())
    retotal([*invoices, *(row for row in kept if row.pk is not None)])
    return tuple(invoices)


def free_work(actor: Actor, line_ids: list[UUID]) -> None:
    """Take the work off lines of a draft and keep the lines."""
    with connection.cursor() as cursor:
        cursor.execute(_FREE, [actor.tenant_id, line_ids])
    InvoiceItem.objects.filter(line_id__in=line_ids).delete()


def release_lines(actor: Actor, lines: Iterable[InvoiceLine]) -> None:
    """Take lines off a draft: their work is unbilled again."""
    ids = [line.id for line in lines]
    if not ids:
        return
    free_work(actor, ids)
    InvoiceLine.objects.filter(id__in=ids).delete()


def take_charges(actor: Actor, charge_ids: list[UUID]) -> None:
    """Mark unbilled charges as drafted; ChargeBilled if one of them is not unbilled any more."""
    taken = execute_arrays(_TAKE, [charge_ids, actor.tenant_id])
    if taken != len(charge_ids):
        raise ChargeBilled(
            say(
                "%(count)s of %(of)s entries are billed elsewhere by now. Build the run again.",
                count=len(charge_ids) - taken,
                of=len(charge_ids),
            )
        )


def _desk(actor: Actor, run: BillingRun, wanted: list[PlannedDraft]) -> _Desk:
    contract_ids = {key for draft in wanted for key in draft.draft.contract_ids}
    return _Desk(
        actor=actor,
        run=run,
        entities={row.id: row for row in LegalEntity.objects.all()},
        clients={row.id: row for row in Client.objects.filter(id__in={draft.draft.client_id for draft in wanted})},
        contracts={row.id: row for row in Contract.objects.filter(id__in=contract_ids)},
    )


def _key(draft: PlannedDraft) -> str:
    return f"{draft.entity_id}:{draft.draft.client_id}:{draft.draft.currency}:{draft.draft.order_number}"


def _stocks(line_ids: list[UUID]) -> dict[UUID, Stock]:
    found: defaultdict[UUID, set[tuple[UUID, int, Decimal]]] = defaultdict(set)
    if line_ids:
        with connection.cursor() as cursor:
            cursor.execute(_SAME, [current_tenant(), line_ids])
            for line_id, charge_id, minutes, amount in cursor.fetchall():
                found[line_id].add((charge_id, minutes, amount))
    return {line_id: frozenset(items) for line_id, items in found.items()}


def _new_invoice(desk: _Desk, planned: PlannedDraft, invoice_id: UUID) -> Invoice:
    draft = planned.draft
    entity, client = desk.entities[planned.entity_id], desk.clients[draft.client_id]
    contracts = [desk.contracts[key] for key in draft.contract_ids]
    only = contracts[0] if len(contracts) == 1 else None
    days = [client.payment_days if row.payment_days is None else row.payment_days for row in contracts]
    return Invoice(
        id=invoice_id, entity=entity, client=client, contract=only, run=desk.run, run_key=_key(planned),
        currency=draft.currency, rounding=entity.rounding, purchase_order=draft.order_number,
        buyer_reference=client.buyer_reference, payment_days=min(days, default=client.payment_days),
        created_at=desk.actor.now, grouping=desk.run.scope.get("grouping") or "",
        shows_hours=any(row.shows_hours for row in contracts),
    )  # fmt: skip


def _place(
    desk: _Desk,
    invoice: Invoice,
    planned: PlannedDraft,
    known: dict[str, InvoiceLine],
    *,
    stocks: dict[UUID, Stock],
    rows: _Rows,
) -> list[InvoiceLine]:
    """Add the planned lines that are not there yet; returns those that have to go."""
    treatment = desk.treatment(planned.entity_id, planned.draft.client_id)
    position = desk.lasts.get(invoice.id, 0)
    gone: list[InvoiceLine] = []
    for line, priced in zip(planned.draft.lines, planned.lines, strict=True):
        old = known.pop(line.key, None)
        if old is not None and stocks.get(old.id) == _stock(line, priced):
            continue
        if old is not None:
            gone.append(old)
        position += 1
        _add_line(rows, invoice, line, priced, position=position, treatment=treatment)
    return [*gone, *known.values()]


def _stock(line: DraftLine, priced: PricedLine) -> Stock:
    pairs = zip(line.charges, priced.shares, strict=True)
    return frozenset(
        (item.charge.id, min(item.minutes, item.charge.billable_minutes), share.amount) for item, share in pairs
    )


def _add_line(
    rows: _Rows, invoice: Invoice, line: DraftLine, priced: PricedLine, *, position: int, treatment: TaxTreatment
) -> None:
    first = line.charges[0].charge
    is_one_project = all(item.charge.project_id == first.project_id for item in line.charges)
    is_one_task = all(item.charge.task_id == first.task_id for item in line.charges)
    line_id = uuid7()
    rows.lines.append(
        (
            line_id, invoice.id, position, line.kind.value, line.description, priced.quantity, priced.unit,
            priced.unit_price, priced.net.amount, line.worked_minutes, line.billed_minutes, line.key,
            treatment.category.value, treatment.rate or Decimal(0), treatment.why, first.contract_id,
            first.project_id if is_one_project else None, first.task_id if is_one_task else None,
        )
    )  # fmt: skip
    for item, share in zip(line.charges, priced.shares, strict=True):
        rows.line_ids.append(line_id)
        rows.charge_ids.append(item.charge.id)
        rows.minutes.append(min(item.minutes, item.charge.billable_minutes))
        rows.amounts.append(share.amount)


def _describe(invoice: Invoice, planned: PlannedDraft) -> None:
    days = [item.charge.work_on for line in planned.draft.lines for item in line.charges]
    invoice.period_from = min(days, default=invoice.period_from)
    invoice.period_until = max(days, default=invoice.period_until)
    last = planned.draft.last_net
    checks: list[dict[str, Any]] = [
        {
            "code": check.code.value,
            "words": check.words,
            "charges": len(check.charge_ids),
            "charge_ids": [str(key) for key in check.charge_ids[:20]],
        }
        for check in planned.draft.checks
    ]
    invoice.checks, invoice.last_net_amount = checks, last.amount if last else None
    invoice.contract_id = _only(planned)


def _save_described(invoices: Iterable[Invoice]) -> None:
    rows = list(invoices)
    said: dict[str, list[Any]] = {
        "checks": [Jsonb(row.checks) for row in rows],
        "last_net_amount": [row.last_net_amount for row in rows],
        "contract_id": [row.contract_id for row in rows],
    }
    update_columns(Invoice, [row.id for row in rows], said)


def _only(planned: PlannedDraft) -> UUID | None:
    ids = planned.draft.contract_ids
    return ids[0] if len(ids) == 1 else None


def _insert(actor: Actor, rows: _Rows) -> None:
    if not rows.lines:
        return
    insert_columns(InvoiceLine, dict(zip(_LINE, map(list, zip(*rows.lines, strict=True)), strict=True)))
    take_charges(actor, rows.charge_ids)
    items: dict[str, list[Any]] = {
        "id": uuid7s(len(rows.charge_ids)), "line_id": rows.line_ids, "charge_id": rows.charge_ids,
        "minutes": rows.minutes, "amount": rows.amounts,
    }  # fmt: skip
    insert_columns(InvoiceItem, items)


def _drop_empty(invoices: Iterable[Invoice]) -> None:
    """Drafts that no work is left on and that nobody wrote a line on."""
    for invoice in invoices:
        if not InvoiceLine.objects.filter(invoice=invoice).exists():
            delete_draft(invoice)


def delete_draft(invoice: Invoice) -> None:
    """Remove a draft whose lines were released."""
    InvoiceTax.objects.filter(invoice=invoice).delete()
    Invoice.objects.filter(id=invoice.id).delete()
    invoice.pk = None
