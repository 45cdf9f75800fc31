"""Billed charges become invoice lines. The net of a line is the sum of its charges, whatever the grouping."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from quoin.billing.types import BilledCharge, Charge, ChargeKind, DraftLine
from quoin.kernel.money import total
from quoin.kernel.period import iso_week
from quoin.sales.types import LineGrouping

_ORDER = {kind: place for place, kind in enumerate(ChargeKind)}
_WORDS = {
    ChargeKind.TIME: "Services",
    ChargeKind.EXPENSE: "Expenses",
    ChargeKind.MILESTONE: "Milestone",
    ChargeKind.FEE: "Retainer fee",
    ChargeKind.OVERAGE: "Time over the included hours",
    ChargeKind.PREPAID: "Prepaid hours",
}
_GROUPS: dict[LineGrouping, Callable[[Charge], UUID | str | None]] = {
    LineGrouping.TASK: lambda charge: charge.task_id or charge.project_id,
    LineGrouping.PERSON: lambda charge: charge.person_id,
    LineGrouping.ROLE: lambda charge: charge.role_id,
    LineGrouping.WEEK: lambda charge: iso_week(charge.work_on),
    LineGrouping.ONE: lambda _: None,
}
# Peppol's rule PEPPOL-EN16931-R120: line net = quantity x price within two hundredths.
_TOLERANCE = Fraction(2, 100)


def group_lines(
    billed: Iterable[BilledCharge], *, grouping: LineGrouping, names: Mapping[UUID, str], currency: str
) -> tuple[DraftLine, ...]:
    """Lines by the grouping, sorted by kind, description and rate.

    A line holds one kind, one contract and one rate. Milestones and fees keep a line each. `names` give
    tasks, people, roles and projects their words on the document.
    """
    groups: dict[tuple[object, ...], list[BilledCharge]] = {}
    for item in billed:
        groups.setdefault(_parts(item.charge, grouping), []).append(item)
    lines = (_line(items, grouping=grouping, names=names, currency=currency) for items in groups.values())
    return tuple(sorted(lines, key=lambda line: (_ORDER[line.kind], line.description, _rate(line), line.key)))


def line_key(charge: Charge, grouping: LineGrouping) -> str:
    """What charges of one line have in common, as a text that stays the same when a run is repeated."""
    rate = "" if charge.rate_per_hour is None else f"{charge.rate_per_hour.amount.normalize():f}"
    return f"{charge.kind}:{charge.contract_id}:{_group(charge, grouping)}:{rate}"


def quantity_fits(line: DraftLine) -> bool:
    """Whether hours x rate gives the net closely enough for Peppol; if not, send one unit at the net."""
    if line.rate_per_hour is None:
        return False
    exact = Fraction(line.billed_minutes, 60) * Fraction(line.rate_per_hour.amount)
    return abs(exact - Fraction(line.net.amount)) <= _TOLERANCE


def _parts(charge: Charge, grouping: LineGrouping) -> tuple[object, ...]:
    """The same as `line_key`, without making a text for every charge."""
    group = _group(charge, grouping)
    small = group.int if isinstance(group, UUID) else group
    return charge.kind, charge.contract_id.int, small, charge.rate_per_hour


def _line(items: list[BilledCharge], *, grouping: LineGrouping, names: Mapping[UUID, str], currency: str) -> DraftLine:
    charge = items[0].charge
    return DraftLine(
        key=line_key(charge, grouping),
        kind=charge.kind,
        description=_description(charge, grouping, names),
        worked_minutes=sum(item.charge.worked_minutes for item in items),
        billed_minutes=sum(item.minutes for item in items),
        rate_per_hour=charge.rate_per_hour,
        net=total((item.amount for item in items), currency),
        charges=tuple(items),
    )


def _group(charge: Charge, grouping: LineGrouping) -> UUID | str | None:
    if charge.kind is ChargeKind.EXPENSE:
        return charge.project_id
    if charge.kind is not ChargeKind.TIME:
        return charge.id
    return _GROUPS[grouping](charge)


def _description(charge: Charge, grouping: LineGrouping, names: Mapping[UUID, str]) -> str:
    words = _WORDS[charge.kind]
    group = _group(charge, grouping)
    if charge.kind not in {ChargeKind.TIME, ChargeKind.EXPENSE}:
        return charge.note or words
    if isinstance(group, UUID):
        return f"{words}: {names[group]}" if group in names else words
    return f"{words}, week {group}" if group else words


def _rate(line: DraftLine) -> Decimal:
    return line.rate_per_hour.amount if line.rate_per_hour else Decimal(0)
