"""Figures of governance: what risks may cost and delay, and what a contract is worth with its changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.base.figures import Line, ListLines, Parameter, Parameters, Unit, declare
from quoin.governance.models import ChangeOrder, RaidItem
from quoin.governance.queries import VIEW_CHANGES, VIEW_RAID, visible_changes
from quoin.governance.queries.effect import price_of
from quoin.governance.queries.raid import open_risks, rating_of
from quoin.governance.rules.exposure import expected_amount, likelihood
from quoin.governance.rules.price import ValueLine, value_lines
from quoin.governance.types import ChangeStatus
from quoin.kernel.money import Money
from quoin.projects.models import Project
from quoin.projects.queries import visible_projects
from quoin.projects.queries.figures import PLACES, within
from quoin.sales.models import Contract

_OWNED = (*PLACES, Parameter.PERSON)


def _risks(actor: Actor, asked: Parameters) -> Iterable[RaidItem]:
    rows = open_risks(actor).filter(within(actor, asked))
    return rows if asked.person_id is None else rows.filter(owner=asked.person_id)  # type: ignore[no-any-return]  # rows


def _line(row: RaidItem, value: Decimal, currency: str = "") -> Line:
    share = f"{likelihood(row.probability):.0%}" if row.probability else ""
    return Line(
        value=value, currency=currency, label=f"{row.title} · {share}", on=row.due_on or row.raised_on,
        who=row.owner.name if row.owner else "", source=row.public_id,
        url=reverse("governance:raid_item", args=[row.public_id]),
    )  # fmt: skip


def _exposure(actor: Actor, asked: Parameters) -> ListLines:
    found = []
    for row in _risks(actor, asked):
        amount = expected_amount(rating_of(row, row.project.currency))
        if amount is not None:
            found.append(_line(row, amount.amount, amount.currency))
    return ListLines(sorted(found, key=lambda one: -one.value))


def _open(actor: Actor, asked: Parameters) -> ListLines:
    return ListLines([_line(row, Decimal(1)) for row in _risks(actor, asked)])


def value_of_contracts(actor: Actor, asked: Parameters) -> ListLines:
    """Each contract's original price, its accepted changes, and what was changed in it by hand."""
    projects = visible_projects(actor).filter(within(actor, asked, project="")).exclude(contract=None)
    contracts: dict[UUID, Contract] = {row.contract.id: row.contract for row in projects if row.contract is not None}
    by_contract: defaultdict[UUID, list[ChangeOrder]] = defaultdict(list)
    rows = ChangeOrder.objects.filter(contract__in=list(contracts), status=ChangeStatus.ACCEPTED).order_by(
        "applied_at", "number"
    )
    for row in rows:
        if row.contract_id is not None and row.price_before is not None:
            by_contract[row.contract_id].append(row)
    found: list[Line] = []
    for contract_id, contract in contracts.items():
        current = price_of(contract)
        if current is not None:
            found += _value_lines(contract, current, by_contract[contract_id])
    return ListLines(found)


def _value_lines(contract: Contract, current: Decimal, accepted: list[ChangeOrder]) -> Iterable[Line]:
    by_id = {row.id: row for row in accepted}
    told = [(row.id, row.price_before or Decimal(0), row.price_amount) for row in accepted]
    for one in value_lines(current, told):
        yield _value_line(contract, one, by_id)


def _value_line(contract: Contract, one: ValueLine, by_id: dict[UUID, ChangeOrder]) -> Line:
    change = by_id.get(one.change_id) if one.change_id else None
    if change is not None:
        label = _now("Change order %(number)s: %(title)s") % {"number": change.number, "title": change.title}
        return Line(
            value=one.amount, currency=contract.currency, label=label, on=change.answered_on, who=change.answered_by,
            source=change.public_id, url=reverse("governance:change", args=[change.public_id]),
        )  # fmt: skip
    words = _now("Original price of %(number)s") if one.kind == "original" else _now("Changed in %(number)s itself")
    return Line(
        value=one.amount, currency=contract.currency, label=words % {"number": contract.number}, on=contract.starts_on,
        source=contract.public_id, url=reverse("sales:contract", args=[contract.public_id]),
    )  # fmt: skip


def _waiting(actor: Actor, asked: Parameters) -> ListLines:
    rows = visible_changes(actor).filter(within(actor, asked), status=ChangeStatus.SENT)
    return ListLines(
        [
            Line(
                value=row.price_amount, currency=row.currency, label=f"{row.number} · {row.title}",
                on=row.sent_at.date() if row.sent_at else None, who=row.created_by, source=row.public_id,
                url=reverse("governance:change", args=[row.public_id]),
            )
            for row in rows
        ]
    )  # fmt: skip


def waiting_of(actor: Actor, project: Project) -> list[Money]:
    """The price of what the project's client has not answered yet, per currency."""
    sums = _waiting(actor, Parameters(project_id=project.id)).sums()
    return [Money(amount, currency).round() for currency, amount in sums.items()]


declare(
    "risk.exposure",
    label=_("Risk exposure"),
    definition=_("What open risks cost on average: each cost times how likely it is."),
    formula=_("sum over open risks of cost × (10, 30, 50, 70 or 90 % for a probability of 1 to 5)"),
    unit=Unit.MONEY,
    permission=VIEW_RAID,
    takes=_OWNED,
    lines=_exposure,
    higher_is_better=False,
)
declare(
    "risk.open",
    label=_("Open risks"),
    definition=_("Risks that may still come true: open, being mitigated, or accepted."),
    formula=_("number of open risks"),
    unit=Unit.COUNT,
    permission=VIEW_RAID,
    takes=_OWNED,
    lines=_open,
    higher_is_better=False,
)
declare(
    "contract.value",
    label=_("Contract value"),
    definition=_("The price, or the cap, of the contracts: as first agreed, with every change order since."),
    formula=_("original price + accepted change orders + what was changed in the contract itself"),
    unit=Unit.MONEY,
    permission=VIEW_CHANGES,
    takes=PLACES,
    lines=value_of_contracts,
)
declare(
    "change.waiting",
    label=_("Change orders waiting"),
    definition=_("The price of change orders that clients have not answered yet."),
    formula=_("sum of the prices of change orders that are sent"),
    unit=Unit.MONEY,
    permission=VIEW_CHANGES,
    takes=PLACES,
    lines=_waiting,
)
