"""Unbilled work by client, contract and project, and how old it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from quoin.base.actor import Actor, Scope
from quoin.billing.models import Charge, WriteDown
from quoin.billing.queries import VIEW
from quoin.kernel.money import Money
from quoin.projects.models import Project, ProjectMember

BANDS = ("to_30", "to_60", "to_90", "over_90")
_AMOUNT = DecimalField(max_digits=19, decimal_places=4)


@dataclass(slots=True)
class Node:
    """A client, contract or project with its unbilled work in one currency."""

    key: str
    level: int
    name: str
    currency: str
    client_id: UUID
    contract_id: UUID | None = None
    entries: int = 0
    held: Decimal = Decimal(0)
    bands: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(BANDS, Decimal(0)))

    @property
    def total(self) -> Decimal:
        return sum(self.bands.values(), Decimal(0))

    @property
    def amounts(self) -> tuple[Money, ...]:
        """Money per age band, youngest first."""
        return tuple(Money(self.bands[band], self.currency).round() for band in BANDS)

    @property
    def total_money(self) -> Money:
        return Money(self.total, self.currency).round()

    @property
    def held_money(self) -> Money:
        return Money(self.held, self.currency).round()


def visible_charges(actor: Actor) -> QuerySet[Charge]:
    """Unbilled charges with `left_amount`, as far as the actor's right reaches."""
    actor.require(VIEW)
    down = WriteDown.objects.filter(charge_id=OuterRef("id")).values("charge_id").order_by()
    off = Coalesce(
        Subquery(down.annotate(s=Sum("amount")).values("s"), output_field=_AMOUNT), Value(Decimal(0), _AMOUNT)
    )
    rows = Charge.objects.filter(status="unbilled").annotate(left_amount=F("amount") - off)
    if actor.scope(VIEW) is Scope.ALL:
        return rows
    own = Project.objects.filter(
        Q(manager_id=actor.person_id)
        | Q(id__in=ProjectMember.objects.filter(person=actor.person_id).values("project_id"))
    )
    return rows.filter(project__in=own.values("id"))


def unbilled_tree(actor: Actor) -> list[Node]:
    """Clients, contracts and projects in order; each node has the sum of what stands below it."""
    today = actor.today
    ages = {
        "to_30": Q(work_on__gte=today - timedelta(days=30)),
        "to_60": Q(work_on__lt=today - timedelta(days=30), work_on__gte=today - timedelta(days=60)),
        "to_90": Q(work_on__lt=today - timedelta(days=60), work_on__gte=today - timedelta(days=90)),
        "over_90": Q(work_on__lt=today - timedelta(days=90)),
    }
    rows = (
        visible_charges(actor)
        .values(
            "currency", "client_id", "client__name", "contract_id", "contract__name", "contract__number", "project_id",
            "project__name",
        )
        .annotate(
            n=Count("id"),
            held=Sum("left_amount", filter=Q(held_until__gt=today)),
            **{band: Sum("left_amount", filter=age) for band, age in ages.items()},
        )
        .order_by("client__name", "client_id", "currency", "contract__number", "project__name")
    )  # fmt: skip
    nodes: dict[str, Node] = {}
    row: Any
    for row in rows:
        for node in _path(nodes, row):
            node.entries += row["n"]
            node.held += row["held"] or Decimal(0)
            for band in BANDS:
                node.bands[band] += row[band] or Decimal(0)
    return list(nodes.values())


def _path(nodes: dict[str, Node], row: dict[str, object]) -> Iterable[Node]:
    currency, client, contract, project = (row[name] for name in ("currency", "client_id", "contract_id", "project_id"))
    names = (
        row["client__name"],
        f"{row['contract__number']} · {row['contract__name']}" if contract else "–",
        row["project__name"] or "–",
    )
    keys = (f"{client}:{currency}", f"{client}:{currency}:{contract}", f"{client}:{currency}:{contract}:{project}")
    for level, (key, name) in enumerate(zip(keys, names, strict=True)):
        if key not in nodes:
            nodes[key] = Node(
                key=key, level=level, name=str(name), currency=str(currency), client_id=client,  # type: ignore[arg-type]  # a UUID column
                contract_id=contract if level else None,  # type: ignore[arg-type]  # likewise
            )  # fmt: skip
        yield nodes[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The cards above the tree, in one currency."""

    currency: str
    total: Money
    older: Money
    held: Money


def headlines(nodes: Iterable[Node]) -> tuple[Headline, ...]:
    """Total, older than sixty days, and held back, per currency."""
    found: dict[str, list[Node]] = {}
    for node in nodes:
        if node.level == 0:
            found.setdefault(node.currency, []).append(node)
    return tuple(
        Headline(
            currency=code,
            total=Money(sum((node.total for node in own), Decimal(0)), code).round(),
            older=Money(sum((node.bands["to_90"] + node.bands["over_90"] for node in own), Decimal(0)), code).round(),
            held=Money(sum((node.held for node in own), Decimal(0)), code).round(),
        )
        for code, own in sorted(found.items())
    )


def charges_of(actor: Actor, *, client_id: UUID, contract_id: UUID | None = None) -> QuerySet[Charge]:
    """The unbilled charges behind a node, oldest first."""
    rows = visible_charges(actor).filter(client_id=client_id)
    if contract_id is not None:
        rows = rows.filter(contract_id=contract_id)
    return rows.select_related("person", "task", "project").order_by("work_on", "id")
