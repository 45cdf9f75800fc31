"""Lines of drafts in another order, on another draft, or grouped in another way. What is billed stays the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import F

from quoin.base.actor import Actor
from quoin.billing.models import Invoice, InvoiceItem, InvoiceLine
from quoin.billing.rules.lines import group_lines
from quoin.billing.services.draft_rows import next_position
from quoin.billing.services.drafts import release_lines
from quoin.billing.services.regroup import add_charges, charges_of_lines
from quoin.billing.types import BilledCharge
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.money import zero
from quoin.kernel.words import say
from quoin.sales.types import LineGrouping

_HEADER = (
    "entity_id", "client_id", "contract_id", "run_id", "currency", "period_from", "period_until", "rounding",
    "is_vat_inclusive", "purchase_order", "buyer_reference", "payment_days", "due_on", "shows_hours", "grouping",
    "note",
)  # fmt: skip
_ASIDE = 1_000_000


def regroup(actor: Actor, draft: Invoice, grouping: LineGrouping | None) -> None:
    """Lay the work of the draft anew; lines with a text or price of their own stay."""
    known = LineGrouping(draft.grouping) if draft.grouping else None
    plain = [line for line in _work_lines(draft) if not _is_own(line, draft, known)]
    ids = list(InvoiceItem.objects.filter(line__in=plain, is_live=True).values_list("charge_id", flat=True))
    release_lines(actor, plain)
    made = add_charges(actor, draft, ids, grouping=grouping)
    InvoiceLine.objects.filter(id__in=[line.id for line in made]).update(is_edited=True)
    draft.grouping = grouping.value if grouping else ""


def place(draft: Invoice, line: InvoiceLine, position: int) -> int:
    """Put the line at a place, counted from 1; returns the place that it had."""
    rows = list(InvoiceLine.objects.filter(invoice=draft).order_by("position"))
    if not 1 <= position <= len(rows):
        raise invalid("/position", say("The draft has places 1 to %(count)s.", count=len(rows)))
    ids = [row.id for row in rows]
    before = ids.index(line.id) + 1
    ids.remove(line.id)
    ids.insert(position - 1, line.id)
    _number(draft, ids)
    return before


def move(target: Invoice, line_ids: Iterable[UUID | str], source: Invoice) -> None:
    """Put lines of a draft below those of another."""
    ids = [UUID(str(key)) for key in line_ids]
    rows = {row.id: row for row in InvoiceLine.objects.filter(id__in=ids, invoice=source)}
    last = next_position(target)
    for place_, key in enumerate(ids):
        row = rows[key]
        row.invoice, row.position, row.is_edited = target, last + place_, True
        row.save(update_fields=["invoice", "position", "is_edited"])
    days = [day for day in (target.period_from, source.period_from) if day]
    target.period_from = min(days, default=None)
    target.period_until = max((day for day in (target.period_until, source.period_until) if day), default=None)


def copy_header(actor: Actor, draft: Invoice) -> Invoice:
    """A new draft for the same client with the same terms, in the same run."""
    made = Invoice.objects.create(
        id=uuid7(), created_at=actor.now, run_key=f"split:{uuid7()}", **{name: getattr(draft, name) for name in _HEADER}
    )
    made.entity, made.client = draft.entity, draft.client
    return made


def require_alike(source: Invoice, target: Invoice) -> None:
    """Conflict unless lines of the one may stand on the other."""
    if source.id == target.id:
        raise Conflict("The lines are on this draft already.")
    if source.client_id != target.client_id or source.entity_id != target.entity_id:
        raise NotFound("There is no such draft of this client and company.")
    if (source.currency, source.is_vat_inclusive) != (target.currency, target.is_vat_inclusive):
        raise Conflict(
            say(
                "The other draft is in %(currency)s, or its prices include VAT while these do not.",
                currency=target.currency,
            )
        )


def _number(draft: Invoice, ids: Sequence[UUID]) -> None:
    # Two steps, since a place may never be taken twice, not even for a moment.
    InvoiceLine.objects.filter(invoice=draft).update(position=F("position") + _ASIDE)
    rows = {row.id: row for row in InvoiceLine.objects.filter(invoice=draft)}
    for position, key in enumerate(ids, 1):
        rows[key].position = position
    InvoiceLine.objects.bulk_update(rows.values(), ["position"])


def _work_lines(draft: Invoice) -> list[InvoiceLine]:
    return list(InvoiceLine.objects.filter(invoice=draft, is_manual=False).order_by("position"))


def _is_own(line: InvoiceLine, draft: Invoice, grouping: LineGrouping | None) -> bool:
    """Whether the line says what no grouping would say: another text, or another price per hour."""
    terms, charges, names = charges_of_lines([line.id])
    if terms is None or not charges:
        return True
    items = [BilledCharge(charge, charge.billable_minutes, charge.amount, zero(draft.currency)) for charge in charges]
    made = group_lines(items, grouping=grouping or terms.grouping, names=names, currency=draft.currency)
    rates = {charge.rate_per_hour.amount for charge in charges if charge.rate_per_hour is not None}
    has_own_price = line.unit in {"HUR", "MIN"} and line.unit_price not in rates
    return has_own_price or [one.description for one in made] != [line.description]
