"""Prepaid packs for lists and their page: what is left, the moves that lead there, and which need a look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.base.listing import Column, Kind, Listing, Status, View
from quoin.base.ui.icons import Meaning
from quoin.base.ui.needs import Need
from quoin.billing.models import Charge, InvoiceItem, PackMove, PrepaidPack
from quoin.billing.queries.options import low_share, notice_days
from quoin.billing.types import ChargeKind, ChargeStatus, MoveKind, PackUnit
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money
from quoin.kernel.quantity import clock
from quoin.people.models import JobRole
from quoin.projects.models import Project
from quoin.sales.queries.contracts import contract_for, contracts

VIEW = permission("billing.pack.view", _("See prepaid packs and what is left of them"))
STATES = {
    "open": Status("success", _("Usable")),
    "low": Status("warning", _("Little is left")),
    "soon": Status("warning", _("Expires soon")),
    "lapsed": Status("danger", _("Past its day")),
    "used": Status("neutral", _("Used up")),
    "ended": Status("neutral", _("Ended")),
}
MOVES: dict[str, Promise | str] = {
    MoveKind.SALE: _("Sold"),
    MoveKind.DRAW: _("Used"),
    MoveKind.GIVE_BACK: _("Given back"),
    MoveKind.EXPIRE: _("Expired"),
    MoveKind.REVIVE: _("Expiry taken back"),
    MoveKind.REFUND: _("Paid back"),
    MoveKind.CANCEL: _("Sale taken back"),
}
OVERFLOWS: dict[str, Promise | str] = {
    "bill": _("It is billed at its rate"),
    "hold": _("It is held back"),
    "refuse": _("Its approval is refused"),
}
PACKS = Listing(
    key="packs",
    columns=(
        Column(key="number", label=_("Number"), kind=Kind.NUMBER),
        Column(key="client", label=_("Client"), source="client__name"),
        Column(key="name", label=_("Pack")),
        Column(key="contract", label=_("Contract"), source="contract__number"),
        Column(key="sold_on", label=_("Sold"), kind=Kind.DAY),
        Column(key="expires_on", label=_("Expires"), kind=Kind.DAY),
        Column(key="state", label=_("Status"), kind=Kind.STATUS, statuses=STATES),
        Column(key="minutes_left", label=_("Hours left"), kind=Kind.MINUTES),
        Column(
            key="left", label=_("Worth"), kind=Kind.MONEY, source="left_amount", currency="currency", is_totalled=True
        ),
        Column(
            key="price", label=_("Price"), kind=Kind.MONEY, source="price_amount", currency="currency",
            is_totalled=True,
        ),
    ),
    search=("name__icontains", "client__name__icontains", "contract__number__icontains"),
    sort="-number",
    views=(
        View(key="usable", label=_("Usable"), query="state[in]=open,low,soon"),
        View(key="look", label=_("Need a look"), query="state[in]=low,soon,lapsed"),
    ),
)  # fmt: skip


def packs(actor: Actor) -> QuerySet[Any]:
    """Packs of the contracts that the actor may see, with `state` and `minutes_left` (of packs of hours)."""
    actor.require(VIEW)
    today, days, share = actor.today, notice_days(), low_share()
    rows = PrepaidPack.objects.filter(contract_id__in=contracts(actor).order_by().values("id"))
    is_over = Q(expires_on__lte=today)
    return rows.select_related("client", "contract__entity").annotate(
        state=Case(
            When(left_size=0, is_closed=False, then=Value("used")),
            When(left_size=0, then=Value("ended")),
            When(Q(is_closed=True) | is_over, then=Value("lapsed")),
            When(left_size__lte=F("size") * share, then=Value("low")),
            When(expires_on__lte=today + timedelta(days=days), then=Value("soon")),
            default=Value("open"),
            output_field=CharField(),
        ),
        minutes_left=Case(
            When(unit=PackUnit.MINUTES, then=Cast("left_size", IntegerField())),
            default=None,
            output_field=IntegerField(null=True),
        ),
    )


def pack_for(actor: Actor, pack_id: UUID) -> Any:
    """The pack, if it may be seen."""
    row = packs(actor).filter(id=pack_id).first()
    if row is None:
        raise NotFound("There is no such pack.")
    return row


def packs_of(actor: Actor, contract_id: UUID) -> list[Any]:
    """Packs of a contract, newest first."""
    contract_for(actor, contract_id)
    return list(packs(actor).filter(contract_id=contract_id).order_by("-number"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move with what was left after it; `url` opens the time or the charge behind it."""

    move: PackMove
    word: Promise | str
    who: str
    what: str
    units: str
    amount: Money
    left: str
    url: str


def quantity(pack: PrepaidPack, units: Decimal) -> str:
    """Hours, or an amount in the pack's currency, in words."""
    return clock(int(units)) if pack.unit == PackUnit.MINUTES else str(Money(units, pack.currency).round())


def steps(actor: Actor, pack: PrepaidPack) -> list[Step]:
    """All moves of a pack in order, each with what was left after it: their sum is what is left."""
    actor.require(VIEW)
    rows = PackMove.objects.filter(pack=pack).order_by("position")
    found, left = [], Decimal(0)
    for move in rows.select_related("charge__person", "charge__project", "charge__task"):
        left += move.units
        found.append(_step(pack, move, left))
    return found


def _step(pack: PrepaidPack, move: PackMove, left: Decimal) -> Step:
    charge = move.charge
    what, who, url = move.reason, "", ""
    if charge is not None:
        what = " · ".join(filter(None, (charge.project.name if charge.project else "", charge.note)))
        who = charge.person.name if charge.person else ""
        url = reverse("timesheets:entry", args=[charge.source_id])
    return Step(
        move=move, word=MOVES[move.kind], who=who, what=what, units=quantity(pack, move.units),
        amount=Money(move.amount, pack.currency).round(), left=quantity(pack, left), url=url,
    )  # fmt: skip


def sums_of(pack: PrepaidPack) -> dict[str, Decimal]:
    """Units that were sold, used, lost by expiry and paid back; sold less the others is what is left."""
    groups = {
        "sold": [MoveKind.SALE, MoveKind.CANCEL],
        "used": [MoveKind.DRAW, MoveKind.GIVE_BACK],
        "expired": [MoveKind.EXPIRE, MoveKind.REVIVE],
        "refunded": [MoveKind.REFUND],
    }
    found = PackMove.objects.filter(pack=pack).aggregate(
        **{name: Sum("units", filter=Q(kind__in=kinds)) for name, kinds in groups.items()}
    )
    return {name: abs(found[name] or Decimal(0)) for name in groups}


def invoice_of(pack: PrepaidPack) -> Any:
    """The draft or invoice that the pack stands on; None while it waits to be invoiced."""
    items = InvoiceItem.objects.filter(charge__source_id=pack.id, charge__kind=ChargeKind.PREPAID, is_live=True)
    item = items.select_related("line__invoice").first()
    return item.line.invoice if item else None


def covered_words(pack: PrepaidPack) -> list[str]:
    """The projects and roles that the pack is meant for; empty is all work of the contract."""
    projects = Project.objects.filter(id__in=pack.project_ids).order_by("number").values_list("number", "name")
    roles = JobRole.objects.filter(id__in=pack.role_ids).order_by("name").values_list("name", flat=True)
    return [*(f"{number} · {name}" for number, name in projects), *roles]


def waiting_minutes(pack: PrepaidPack) -> int:
    """Minutes of open time on the contract since the sale."""
    rows = Charge.objects.filter(
        contract_id=pack.contract_id, kind=ChargeKind.TIME, status=ChargeStatus.UNBILLED, work_on__gte=pack.sold_on
    )
    return int(rows.aggregate(total=Sum("billable_minutes"))["total"] or 0)


def pack_needs(actor: Actor) -> Iterable[Need]:
    """Packs that run low, expire soon or are past their day."""
    if not actor.may(VIEW) or not actor.may("sales.contract.view"):
        return
    count = packs(actor).filter(state__in=("low", "soon", "lapsed")).count()
    if count:
        yield Need(
            _t("Prepaid packs need a look"), f"{reverse('billing:packs')}?state[in]=low,soon,lapsed", _t("Look"),
            figure=str(count), meaning=Meaning.WARNING, rank=35,
        )  # fmt: skip


def pack_out(row: Any) -> dict[str, Any]:
    """A pack in plain values, as the API and the command line write it."""
    is_hours = row.unit == PackUnit.MINUTES
    return {
        "id": row.public_id,
        "number": row.number,
        "name": row.name,
        "client_id": public_id("cli", row.client_id),
        "client": row.client.name,
        "contract_id": public_id("ctr", row.contract_id),
        "contract": row.contract.number,
        "state": row.state,
        "unit": row.unit,
        "minutes": int(row.size) if is_hours else None,
        "value": None if is_hours else _money(row.size, row.currency),
        "price": _money(row.price_amount, row.currency),
        "price_with_vat": None if row.entered_amount is None else _money(row.entered_amount, row.currency),
        "minutes_left": int(row.left_size) if is_hours else None,
        "value_left": None if is_hours else _money(row.left_size, row.currency),
        "worth_left": _money(row.left_amount, row.currency),
        "sold_on": row.sold_on.isoformat(),
        "expires_on": None if row.expires_on is None else row.expires_on.isoformat(),
        "overflow": row.overflow,
        "project_ids": [public_id("prj", key) for key in row.project_ids],
        "job_role_ids": [public_id("job", key) for key in row.role_ids],
        "note": row.note,
    }


def step_out(step: Step) -> dict[str, Any]:
    """A move of a pack in plain values."""
    move = step.move
    is_hours = move.pack.unit == PackUnit.MINUTES
    return {
        "id": move.public_id,
        "position": move.position,
        "kind": move.kind,
        "on": move.on.isoformat(),
        "minutes": int(move.units) if is_hours else None,
        "value": None if is_hours else _money(move.units, step.amount.currency),
        "worth": _money(move.amount, step.amount.currency),
        "charge_id": None if move.charge_id is None else public_id("chg", move.charge_id),
        "who": step.who,
        "what": step.what,
    }


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"amount": f"{Money(amount, currency).round().amount:f}", "currency": currency}


def days_left(pack: PrepaidPack, today: date) -> int | None:
    """Days until the pack expires; None without an expiry."""
    return None if pack.expires_on is None else (pack.expires_on - today).days
