"""Scenarios and comparisons as plain values, for the API and the command line; and changes in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from quoin.catalog.models import RateCard
from quoin.insights.models import Scenario, ScenarioChange
from quoin.insights.queries.scenarios import change_rows, readers_of
from quoin.insights.queries.scenarios.applying import Plan
from quoin.insights.queries.scenarios.compare import Cell, CompareRow, Comparison
from quoin.insights.rules.scenarios.outcome import (
    CASH,
    COST,
    EVEN,
    LOAD,
    MARGIN,
    MARGIN_RATIO,
    REVENUE,
    ROLE,
    SAFE,
    UNFILLED,
    UTILISATION,
    Line,
)
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money
from quoin.people.models import JobRole, Person
from quoin.projects.models import Project
from quoin.resourcing.models import Booking
from quoin.sales.models import Contract


def row_label(row: CompareRow) -> str:
    """What the row is called on screen."""
    labels = {
        REVENUE: _("Revenue"), COST: _("Cost of work"), MARGIN: _("Margin"), MARGIN_RATIO: _("Margin, %"),
        UTILISATION: _("Utilisation"), LOAD: _("Weeks over 110 %"), UNFILLED: _("Requests unfilled"),
        CASH: _("Cash low point"),
    }  # fmt: skip
    if row.key.startswith(ROLE):
        return _("Load of %(name)s") % {"name": row.label}
    if row.key.startswith(EVEN):
        return _("%(name)s ends, even odds (P50)") % {"name": row.label}
    if row.key.startswith(SAFE):
        return _("%(name)s ends, four in five (P80)") % {"name": row.label}
    return labels.get(row.key) or _("%(name)s ends") % {"name": row.label}


def row_definition(key: str) -> str:
    """What the row means, for the lines."""
    texts = {
        REVENUE: _("Planned work at its rates, milestones and fees that come due, and the price of deals."),
        COST: _("Booked hours, and hours that are asked for and not booked, at cost rates."),
        MARGIN: _("Revenue less the cost of the work."),
        MARGIN_RATIO: _("Margin as a share of revenue."),
        UTILISATION: _("Booked hours, firm and tentative, as a share of the hours that people can work."),
        LOAD: _("Weeks of people that hold more than 110 per cent of what they can work."),
        UNFILLED: _("Requests for people that are not booked in full."),
        CASH: _("The lowest balance at the end of a month. It starts at nothing; everybody is paid, booked or not."),
    }
    if key.startswith(ROLE):
        return _("Hours that are booked or asked for, as a share of the hours that people of the role can work.")
    if key.startswith((EVEN, SAFE)):
        return _(
            "The plan is calculated up to 300 times. Each time every open task takes between 20 % less and 60 % more"
            " than planned, most likely as planned. The dice are the same for the same task, today and in every"
            " scenario. By this day 50 (P50) or 80 (P80) of 100 runs are over."
        )
    return texts.get(key) or _("The last day of the project.")


def scenario_out(row: Scenario) -> dict[str, Any]:
    return {
        "id": row.public_id, "name": row.name, "note": row.note, "reach": row.reach, "status": row.status,
        "owner_id": public_id("per", row.owner_id) if row.owner_id else None, "from_on": row.from_on,
        "until_on": row.until_on, "made_at": row.made_at, "changes": getattr(row, "changes", None),
        "version": row.version,
    }  # fmt: skip


def change_out(row: ScenarioChange) -> dict[str, Any]:
    return {
        "id": row.public_id, "kind": row.kind, "text": change_text(row), "data": row.data, "made_at": row.made_at,
        "applied_at": row.applied_at,
    }  # fmt: skip


def changes_out(scenario: Scenario) -> list[dict[str, Any]]:
    return [change_out(row) for row in change_rows(scenario)]


def readers_out(scenario: Scenario) -> list[dict[str, str]]:
    """Whom the scenario is shared with by name."""
    return [{"id": public_id("per", one.person_id), "name": one.person.name} for one in readers_of(scenario)]


def plan_out(plan: Plan) -> dict[str, Any]:
    """What applying does, or did."""
    return {
        "steps": [{"what": step.what, "text": step.text} for step in plan.steps],
        "conflicts": [
            {
                "change_id": public_id("sch", one.change_id),
                "kind": one.kind,
                "text": one.text,
                "needs_id": public_id("sch", one.needs_id) if one.needs_id else None,
            }
            for one in plan.conflicts
        ],
    }


def comparison_out(found: Comparison, *, differences_only: bool = False) -> dict[str, Any]:
    """The comparison with its lines."""
    return {
        "from_on": found.from_on, "until_on": found.until_on, "currency": found.currency,
        "columns": [
            {
                "scenario_id": column.scenario.public_id if column.scenario else None,
                "name": column.scenario.name if column.scenario else "plan of record",
                "conflicts": [{"kind": one.kind, "text": one.text} for one in column.conflicts],
                "not_counted": list(column.outcome.unpriced),
                "cash": [
                    {"month": f"{one.month_on:%Y-%m}", "in": one.money_in, "out": one.money_out, "balance": one.balance}
                    for one in column.outcome.months
                ],
            }
            for column in found.columns
        ],
        "rows": [
            {"key": row.key, "label": row_label(row), "unit": row.unit,
             "cells": [_cell_out(cell, row.unit, found.currency) for cell in row.cells]}
            for row in (found.differing if differences_only else found.everything)
        ],
    }  # fmt: skip


def _cell_out(cell: Cell, unit: str, currency: str) -> dict[str, Any]:
    is_money = unit == "money" and isinstance(cell.value, Decimal)
    return {
        "value": Money(cell.value, currency) if is_money and isinstance(cell.value, Decimal) else cell.value,
        "change": cell.change, "is_best": cell.is_best, "note": cell.note,
    }  # fmt: skip


def line_out(line: Line) -> dict[str, Any]:
    return {"label": line.label, "value": line.value, "on": line.on, "note": line.note}


def change_text(row: ScenarioChange) -> str:
    """The change in one sentence."""
    return str(_TEXTS[row.kind](row.data))


def _name(model: Any, key: str) -> str:
    found: str | None = model.objects.filter(id=UUID(key)).values_list("name", flat=True).first()
    return found or _("something that is gone")


def _booking(key: str) -> str:
    row = Booking.objects.select_related("person", "project").filter(id=UUID(key)).first()
    return f"{row.person.name} · {row.project.name}" if row else _("a booking that is gone")


def _shift(data: Mapping[str, Any]) -> str:
    return _("%(name)s moves by %(days)s days") % {"name": _name(Project, data["project_id"]), "days": data["days"]}


def _hire(data: Mapping[str, Any]) -> str:
    return _("Hire %(count)s × %(role)s from %(day)s") % {
        "count": data["count"], "role": _name(JobRole, data["role_id"]), "day": data["starts_on"],
    }  # fmt: skip


def _win(data: Mapping[str, Any]) -> str:
    return _("Win %(name)s for %(currency)s %(price)s: %(weeks)s weeks from %(day)s") % {
        "name": data["name"], "currency": data["currency"], "price": data["price"], "weeks": data["weeks"],
        "day": data["starts_on"],
    }  # fmt: skip


def _price(data: Mapping[str, Any]) -> str:
    row = Contract.objects.filter(id=UUID(data["contract_id"])).first()
    name = row.name if row else _("something that is gone")
    return _("The price of %(name)s becomes %(currency)s %(price)s") % {
        "name": name, "currency": row.currency if row else "", "price": data["price"],
    }  # fmt: skip


def _book(data: Mapping[str, Any]) -> str:
    found = Person.objects.filter(id=UUID(data["person_id"])).values_list("name", flat=True).first()
    return _("Book %(who)s on %(name)s, %(first)s to %(last)s") % {
        "who": found or _("a hire"), "name": _name(Project, data["project_id"]), "first": data["starts_on"],
        "last": data["ends_on"],
    }  # fmt: skip


def _move(data: Mapping[str, Any]) -> str:
    text = _("Move %(what)s by %(days)s days") % {"what": _booking(data["booking_id"]), "days": data["by_days"]}
    return f"{text} → {_name(Person, data['person_id'])}" if data["person_id"] else text


_TEXTS: Mapping[str, Any] = {
    "project.shift": _shift,
    "plan.change": lambda data: (
        _("Change the plan of %(name)s: %(count)s changes")
        % {"name": _name(Project, data["project_id"]), "count": len(data["changes"])}
    ),
    "person.hire": _hire,
    "deal.win": _win,
    "price.change": _price,
    "deal.lose": lambda data: (
        _("%(name)s is lost on %(day)s") % {"name": _name(Project, data["project_id"]), "day": data["on"]}
    ),
    "booking.add": _book,
    "booking.move": _move,
    "booking.remove": lambda data: _("Remove %(what)s") % {"what": _booking(data["booking_id"])},
    "person.leave": lambda data: (
        _("%(name)s leaves on %(day)s") % {"name": _name(Person, data["person_id"]), "day": data["on"]}
    ),
    "rate.change": lambda data: (
        _("Rates of %(name)s by %(percent)s %% from %(day)s")
        % {"name": _name(RateCard, data["card_id"]), "percent": data["percent"], "day": data["from_on"]}
    ),
}
