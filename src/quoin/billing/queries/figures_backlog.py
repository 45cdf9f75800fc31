"""What is agreed and not billed yet, by contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.base.figures import Line, ListLines, Parameter, Parameters, Sums, Unit, declare, sums_of
from quoin.billing.models import InvoiceLine
from quoin.billing.queries.figures_documents import VIEW_INVOICES, sees_all, signed
from quoin.clients.queries import client_for
from quoin.projects.models import Project
from quoin.projects.queries.figures import visible_ids
from quoin.sales.models import Contract


def _backlog(actor: Actor, asked: Parameters) -> ListLines:
    return ListLines(_backlogs(actor, [asked])[0])


def _backlog_sums(actor: Actor, questions: Sequence[Parameters]) -> list[Sums]:
    return [sums_of(lines) for lines in _backlogs(actor, questions)]


def _backlogs(actor: Actor, questions: Sequence[Parameters]) -> list[list[Line]]:
    """What is left of each contract on the last day of each question."""
    asked = questions[0]
    rows = Contract.objects.filter(status="active").select_related("client").order_by("client__name", "number")
    if asked.client_id is not None:
        rows = rows.filter(client_id=client_for(actor, asked.client_id).id)
    if asked.contract_id is not None:
        rows = rows.filter(id=asked.contract_id)
    if not sees_all(actor):
        rows = rows.filter(Exists(Project.objects.filter(contract_id=OuterRef("id"), id__in=visible_ids(actor))))
    billed = _billed_until([one.until_on or actor.today for one in questions])
    agreed = [(row, _agreed(row)) for row in rows if _agreed(row)]
    nothing = (None,) * len(questions)
    left = [(row, amount, billed.get(row.id, nothing)) for row, amount in agreed]
    return [
        [_contract_line(row, rest) for row, amount, done in left if (rest := amount - (done[at] or 0)) > 0]
        for at in range(len(questions))
    ]


def _billed_until(days: Sequence[date]) -> dict[UUID, tuple[Decimal | None, ...]]:
    """What was billed on each contract up to each of the days."""
    lines = InvoiceLine.objects.filter(
        invoice__status="issued", invoice__issue_on__lte=max(days), invoice__contract__isnull=False
    )
    net = signed("net_amount", "invoice__kind")
    totals = {f"until_{at}": Sum(net, filter=Q(invoice__issue_on__lte=day)) for at, day in enumerate(days)}
    found = lines.order_by().values_list("invoice__contract_id").annotate(**totals)
    return {contract_id: tuple(sums) for contract_id, *sums in found}


def _agreed(contract: Contract) -> Decimal:
    return contract.fixed_amount or contract.cap_amount or contract.purchase_order_amount or Decimal(0)


def _contract_line(row: Contract, left: Decimal) -> Line:
    return Line(
        value=left, currency=row.currency, label=f"{row.number} · {row.client.name} · {row.name}", on=row.ends_on,
        source=row.public_id,
    )  # fmt: skip


declare(
    "contracts.backlog",
    label=_("Backlog"),
    definition=_(
        "What is agreed and not billed: fixed price, cap or purchase order of active contracts less what was billed."
    ),
    formula=_("sum of (agreed amount − billed), where something is left"),
    unit=Unit.MONEY,
    permission=VIEW_INVOICES,
    takes=(Parameter.CLIENT, Parameter.CONTRACT, Parameter.UNTIL),
    lines=_backlog,
    series=_backlog_sums,
    higher_is_better=True,
)
