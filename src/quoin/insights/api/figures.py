"""Figures and reports over the API: every number with the lines behind it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from quoin.base.figures import figure_named
from quoin.base.http.api import ApiRequest, Router, operation, respond_json, whole_list
from quoin.insights.queries import VIEW_REPORTS
from quoin.insights.queries import writing as words
from quoin.insights.queries.asking import question
from quoin.insights.queries.reports import Months, hours_and_revenue, known_months, utilisation
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money
from quoin.kernel.words import say

router = Router(tags=["figures"])
_OWN = frozenset({"after", "cursor", "limit", "fields"})
_MOST = 200


@router.get("/figures", summary="Every figure that you may ask")
@operation(None)
def list_figures(request: ApiRequest) -> HttpResponse:
    return whole_list(words.catalogue(request.actor))


@router.get("/figures/{key}", summary="The value of a figure")
@operation(None)
def get_figure(request: ApiRequest, key: str) -> HttpResponse:
    """Limits: `project`, `client`, `contract`, `person`, `entity`, `team`, `from`, `until`, `month=2026-05`."""
    return respond_json(words.answered(request.actor, key, _given(request)))


@router.get("/figures/{key}/lines", summary="The lines that a figure is made of")
@operation(None)
def list_figure_lines(request: ApiRequest, key: str) -> HttpResponse:
    """The lines add up to the figure; those you may not see one by one are one restricted line."""
    after = request.GET.get("cursor", "") or request.GET.get("after", "")
    page, count = words.line_page(request.actor, key, _given(request), after=after, limit=_limit(request))
    unit = figure_named(key).unit
    return respond_json(
        {
            "data": [words.line(row, unit) for row in page.lines],
            "has_more": bool(page.after),
            "next_cursor": page.after or None,
            "total_estimate": count,
        }
    )


@router.get("/reports/hours-and-revenue", summary="Hours and revenue by project and month")
@operation(VIEW_REPORTS)
def hours_and_revenue_report(request: ApiRequest) -> HttpResponse:
    months = _months(request)
    rows = hours_and_revenue(request.actor, months)
    names = [f"{month:%Y-%m}" for month in months.all]
    return respond_json(
        {
            "months": names,
            "data": [
                {
                    "project_id": public_id("prj", row.id), "number": row.number, "name": row.name,
                    "client": row.client,
                    "minutes": row.minutes, "revenue": [Money(amount, row.currency) for amount in row.amounts],
                }
                for row in rows
            ],
        }
    )  # fmt: skip


@router.get("/reports/utilisation", summary="Billable hours and capacity by person and month")
@operation(VIEW_REPORTS)
def utilisation_report(request: ApiRequest) -> HttpResponse:
    months = _months(request)
    rows = utilisation(request.actor, months)
    found = [
        {
            "person_id": public_id("per", row.id), "name": row.name, "worked_minutes": row.worked,
            "billable_minutes": row.billable, "capacity_minutes": row.capacity,
        }
        for row in rows
    ]  # fmt: skip
    return respond_json({"months": [f"{month:%Y-%m}" for month in months.all], "data": found})


def _given(request: ApiRequest) -> dict[str, str]:
    return {name: str(text) for name, text in request.GET.items() if name not in _OWN}


def _limit(request: ApiRequest) -> int:
    text = request.GET.get("limit", "50")
    if not text.isdecimal() or not 1 <= int(text) <= _MOST:
        raise invalid(
            "/limit", say("%(text)s is not a limit.", text=text), remedy=say("Use 1 to %(most)s.", most=_MOST)
        )
    return int(text)


def _months(request: ApiRequest) -> Months:
    given: dict[str, Any] = {name: request.GET.get(name, "")[:7] for name in ("from", "until")}
    asked = question(request.actor, {name: f"{month}-01" for name, month in given.items() if month})
    if asked.from_on is not None and asked.until_on is not None:
        return Months(asked.from_on, asked.until_on)
    known = known_months(request.actor)
    return Months(asked.from_on or known.first, asked.until_on or known.last)
