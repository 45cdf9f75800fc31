"""Figures of prepaid packs: what is owed to clients in work. Lines are the moves: sold, used, expired, paid back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor, Scope
from quoin.base.figures import Line, Parameter, Parameters, QueryLines, Unit, alias, declare
from quoin.billing.models import PackMove
from quoin.billing.queries.packs import MOVES, VIEW
from quoin.billing.types import PackUnit
from quoin.clients.queries import client_for
from quoin.kernel.ids import public_id
from quoin.sales import queries as sales
from quoin.sales.queries.contracts import contract_for, contracts

_TAKES = (Parameter.CLIENT, Parameter.CONTRACT, Parameter.ENTITY, Parameter.FROM, Parameter.UNTIL)


def _moves(actor: Actor, asked: Parameters) -> QuerySet[PackMove]:
    condition = Q()
    if asked.client_id is not None:
        condition &= Q(pack__client_id=client_for(actor, asked.client_id).id)
    if asked.contract_id is not None:
        condition &= Q(pack__contract_id=contract_for(actor, asked.contract_id).id)
    if asked.entity_id is not None:
        condition &= Q(pack__contract__entity_id=asked.entity_id)
    if asked.from_on is not None:
        condition &= Q(on__gte=asked.from_on)
    if asked.until_on is not None:
        condition &= Q(on__lte=asked.until_on)
    if actor.scope(sales.VIEW) is not Scope.ALL:
        condition &= Q(pack__contract_id__in=contracts(actor).order_by().values("id"))
    return PackMove.objects.filter(condition)


def _lines(rows: QuerySet[PackMove], value: str, currency: str | None) -> QueryLines:
    return QueryLines(
        rows=rows,
        value=F(value),
        currency=None if currency is None else F(currency),
        on="on",
        fields=(
            "kind", "minutes", "pack_id", "pack__number", "pack__name", "charge__note", "charge__project__name",
            "charge__person__name",
        ),
        read=_read,
    )  # fmt: skip


def _read(row: Mapping[str, Any]) -> Line:
    where = row["charge__project__name"] or row["pack__name"]
    words = (str(MOVES[row["kind"]]), where, row["charge__note"])
    pack = public_id("pck", row["pack_id"])
    return Line(
        value=Decimal(0), label=" · ".join(filter(None, words)), who=row["charge__person__name"] or "",
        minutes=abs(row["minutes"]) or None, source=public_id("pmv", row["id"]),
        url=reverse("billing:pack", args=[pack]),
    )  # fmt: skip


declare(
    "billing.prepaid_left",
    label=_("Prepaid, not used"),
    definition=_("What clients paid ahead in packs and have not used: work that is owed to them, without VAT."),
    formula=_("sum of the packs sold − used − expired − paid back"),
    unit=Unit.MONEY,
    permission=VIEW,
    takes=_TAKES,
    lines=lambda actor, asked: _lines(_moves(actor, asked), "amount", "pack__currency"),
    higher_is_better=None,
)
declare(
    "billing.prepaid_hours",
    label=_("Prepaid hours left"),
    definition=_("Hours that clients bought ahead in packs and have not used."),
    formula=_("sum of the hours sold − used − expired − paid back"),
    unit=Unit.MINUTES,
    permission=VIEW,
    takes=_TAKES,
    lines=lambda actor, asked: _lines(_moves(actor, asked).filter(pack__unit=PackUnit.MINUTES), "units", None),
    higher_is_better=None,
)
alias("client.prepaid_left", "billing.prepaid_left", needs=(Parameter.CLIENT,))
