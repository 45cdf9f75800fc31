"""The plan of record beside scenarios, and the lines behind every cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.insights.queries.scenarios import VIEW_SCENARIOS, scenario_for, visible_scenarios
from quoin.insights.queries.scenarios.compare import MOST_COLUMNS, Cell, Comparison, compare
from quoin.insights.queries.scenarios.words import row_definition, row_label
from quoin.insights.rules.scenarios.outcome import MARGIN_RATIO, ROLE, UTILISATION
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money

_LIVE = "live"
_HUNDRED = 100


def _asked(request: ActorRequest) -> tuple[list[Any], Comparison]:
    keys = dict.fromkeys(one for one in request.GET.getlist("with") if one)
    found = [scenario_for(request.actor, object_id("scn", one)) for one in keys]
    return found, compare(request.actor, found)


@page(VIEW_SCENARIOS)
def comparison(request: ActorRequest) -> HttpResponse:
    """Up to three scenarios beside the plan of record; only what differs, unless all is asked for."""
    scenarios, found = _asked(request)
    everything = request.GET.get("show") == "all" or not scenarios
    kept = [("with", one.public_id) for one in scenarios]
    rows = [
        (row_label(row), [_shown(cell, row.unit, found.currency, _lines_url(kept, at, row.key)) for at, cell in
                          enumerate(row.cells)])
        for row in (found.everything if everything else found.differing)
    ]  # fmt: skip
    others = [one for one in visible_scenarios(request.actor) if one.public_id not in dict(kept).values()]
    context = {
        "title": _("Compare scenarios"), "area": _("Insight"),
        "crumbs": ((_("Scenarios"), reverse("insights:scenarios")),), "found": found, "rows": rows,
        "columns": found.columns, "scenarios": scenarios, "everything": everything,
        "others": others if len(scenarios) < MOST_COLUMNS else [],
        "toggle_url": f"?{urlencode([*kept, ('show', 'differences' if everything else 'all')])}",
        "cash": _cash(found),
    }  # fmt: skip
    return respond.page(request, "insights/scenario_compare.html", context)


def _lines_url(kept: list[tuple[str, str]], at: int, key: str) -> str:
    return f"{reverse('insights:scenario_lines')}?{urlencode([*kept, ('column', str(at)), ('row', key)])}"


def _shown(cell: Cell, unit: str, currency: str, url: str) -> dict[str, Any]:
    """A cell as the template writes it: value, difference in words, and whether it is the best."""
    is_money = unit == "money" and isinstance(cell.value, Decimal)
    value = Money(cell.value, currency) if is_money and isinstance(cell.value, Decimal) else cell.value
    return {
        "value": value, "ratio": _ratio(cell.value, unit), "unit": unit, "change": _difference(cell, unit),
        "is_best": cell.is_best, "note": _note(cell.note), "url": url,
    }  # fmt: skip


def _ratio(value: Any, unit: str) -> Decimal | None:
    """What the template writes with a per cent sign."""
    return Decimal(value) / _HUNDRED if unit == "percent" and value is not None else None


def _note(text: str) -> str:
    """A month as people write it; rules write 2026-05."""
    try:
        return date_format(date.fromisoformat(f"{text}-01"), "F Y")
    except ValueError:
        return text


def _difference(cell: Cell, unit: str) -> str:
    if not cell.change:
        return ""
    if unit == "money":
        return f"{cell.ratio:+} %" if cell.ratio is not None else ""
    if unit == "day":
        return _("%(days)s days") % {"days": f"{cell.change:+}"}
    return f"{cell.change:+} pp" if unit == "percent" else f"{cell.change:+}"


def _cash(found: Comparison) -> list[tuple[date, list[Money]]]:
    """The balance at the end of each month, column by column."""
    months = [column.outcome.months for column in found.columns]
    return [(row[0].month_on, [Money(one.balance, found.currency) for one in row]) for row in zip(*months, strict=True)]


@page(VIEW_SCENARIOS)
def lines(request: ActorRequest) -> HttpResponse:
    """What a cell is made of, in its plan."""
    found = _asked(request)[1]
    at, key = request.GET.get("column", "0"), request.GET.get("row", "")
    if not at.isdecimal() or int(at) >= len(found.columns):
        raise NotFound("There is no such column.")
    column = found.columns[int(at)]
    row = column.outcome.row(key) or column.chances.row(key)
    named = next((one for one in found.everything if one.key == key), None)
    if row is None or named is None:
        raise NotFound("There is no such row, or you may not see it.")
    is_money = row.unit == "money" or key == MARGIN_RATIO
    is_minutes = key == UTILISATION or key.startswith(ROLE)
    shown = [{"line": one, "value": _line_value(one.value, found.currency, is_money, is_minutes)} for one in row.lines]
    value: Any = row.value
    if row.unit == "money" and isinstance(value, Decimal):
        value = Money(value, found.currency)
    total = sum((one.value for one in row.lines), Decimal(0))
    context = {
        "title": f"{row_label(named)} · {column.scenario.name if column.scenario else _('Plan of record')}",
        "area": _("Scenarios"), "row": row, "lines": shown, "definition": row_definition(key),
        "total": Money(total, found.currency) if is_money else total,
        "has_total": row.unit in {"money", "count"}, "back": reverse("insights:scenario_compare"),
        "value": value,
        "is_minutes": is_minutes, "has_values": row.unit != "day",
    }  # fmt: skip
    return respond.page(request, "insights/scenario_lines.html", context)


def _line_value(value: Decimal, currency: str, is_money: bool, is_minutes: bool) -> Money | Decimal | int:
    if is_money:
        return Money(value, currency)
    return int(value) if is_minutes else value
