"""What people spent on the way: travel, nights, materials and kilometres, handed in and approved by the month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch
from quoin.base.actor import Actor
from quoin.kernel.period import add_months
from quoin.site.demo.chance import Chance
from quoin.site.demo.hours import Worked
from quoin.site.demo.people import Somebody, Staff
from quoin.site.demo.receipts import receipt
from quoin.site.demo.work import PER_KILOMETRE, Portfolio
from quoin.timesheets.actions.decisions import approve_expenses
from quoin.timesheets.actions.expenses import submit_expenses, upload_receipt
from quoin.timesheets.rules.spending import quantity_amount
from quoin.timesheets.services.load_expenses import ExpenseRow, load_expenses

_CENT = Decimal("0.01")
_SUPPLIERS = {
    "Travel": ("Nordbahn", "Küstenflug", "City Cabs"),
    "Accommodation": ("Hotel am Kai", "Station Inn", "Pension Ulme"),
    "Materials": ("Schrauben Beck", "Cable & Co", "Werkzeug Maier"),
}
_RANGES = {"Travel": (18, 240), "Accommodation": (74, 165), "Materials": (25, 620)}
_VAT_PERCENT = {"Travel": 7, "Accommodation": 7, "Materials": 19}


def write(
    staff: Staff, portfolio: Portfolio, rows: Iterable[Worked], chance: Chance, *, now: datetime, per_month: int
) -> int:
    """So many expenses each month, on days and projects that people worked on; returns how many."""
    by_month: dict[date, list[Worked]] = {}
    for row in rows:
        # The books of the British company are in pounds; its people pay by the firm's card.
        if isinstance(row.work, str) and staff.everybody[row.person].unit != "managed":
            by_month.setdefault(row.day.replace(day=1), []).append(row)
    count = 0
    receipts = {
        supplier: upload_receipt(staff.system, name=f"{supplier}.pdf", content=receipt(supplier)).id
        for suppliers in _SUPPLIERS.values()
        for supplier in suppliers
    }
    for month in sorted(by_month):
        decided_at = min(now, datetime.combine(add_months(month, 1) + timedelta(days=6), now.timetz(), tzinfo=UTC))
        spent = [
            _spent(staff, portfolio, row, chance, receipts=receipts)
            for row in chance.some_of(by_month[month], per_month)
        ]
        made = write_expenses(staff.system.at(decided_at), rows=[row for _somebody, row in spent])
        ids = [(somebody, made_id) for (somebody, _row), made_id in zip(spent, made, strict=True)]
        count += len(ids)
        by_lead = _reviewers(staff, ids)
        for lead, own in by_lead:
            submit_expenses(staff.system.at(decided_at), expense_ids=own)
            # What was spent this month still waits for its approval.
            if month < now.date().replace(day=1):
                approve_expenses(staff.actor(lead).at(decided_at), expense_ids=own)
    return count


@action("site.demo.spend", label=_("Write the demo's expenses"))
def write_expenses(actor: Actor, *, rows: Sequence[ExpenseRow]) -> list[UUID]:
    """The expenses of a month, judged and priced as those of a file; returns their ids."""
    made = load_expenses(actor, rows, status="open")
    touch("expenses")
    return [expense.id for expense in made]


def _spent(
    staff: Staff, portfolio: Portfolio, row: Worked, chance: Chance, *, receipts: dict[str, UUID]
) -> tuple[Somebody, ExpenseRow]:
    somebody = staff.everybody[row.person]
    assert somebody.id is not None
    category = chance.weighted(("Travel", "Accommodation", "Materials", "Mileage"), (5, 3, 3, 3))
    place = (somebody.id, portfolio.projects[row.work].id, None, portfolio.categories[category], row.day)
    if category == "Mileage":
        driven = Decimal(chance.between(12, 380))
        cost = quantity_amount(driven, PER_KILOMETRE, "EUR").amount
        return somebody, ExpenseRow(
            *place, "", "Drive to the client and back", driven, cost, Decimal(0), "EUR", True, True, ""
        )  # fmt: skip
    gross = Decimal(chance.between(*_RANGES[category]) * 100 + chance.between(0, 99)) / 100
    percent = _VAT_PERCENT[category]
    vat = (gross * percent / (100 + percent)).quantize(_CENT, ROUND_HALF_UP)
    supplier = chance.one_of(_SUPPLIERS[category])
    return somebody, ExpenseRow(
        *place, supplier, f"{category}, {supplier}", None, gross, vat, "EUR", True, True, "", receipts[supplier]
    )  # fmt: skip


def _reviewers(staff: Staff, ids: list[tuple[Any, Any]]) -> list[tuple[Any, list[Any]]]:
    """(who approves, what): the managing director for the leads, the first lead of the unit for the others."""
    top = staff.with_job("executive")[0]
    leads = {"digital": staff.with_job("project_manager")[0], "installations": staff.with_job("site_manager")[0]}
    found: dict[str, tuple[Any, list[Any]]] = {}
    for somebody, expense_id in ids:
        lead = top if somebody.job.is_lead else leads[somebody.unit]
        found.setdefault(lead.name, (lead, []))[1].append(expense_id)
    return list(found.values())
