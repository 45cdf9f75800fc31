"""The plan without a drawing: as a table, as CSV, what changed between two states; baselines and how it is dated."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.listing.sheet import safe_text
from quoin.base.ui import respond
from quoin.kernel.errors import NotFound
from quoin.projects import queries
from quoin.projects.actions import plan as actions
from quoin.projects.queries.chart import EPOCH, Chart, differences, state_of
from quoin.projects.queries.plan import VIEW_PLAN
from quoin.projects.rules.typed import span_text
from quoin.projects.web.plan import compared, plan_context
from quoin.projects.web.plan_texts import change_text

_WHOLE = 100
_EXPORTED = (
    "wbs", "number", "name", "kind", "status", "start_on", "finish_on", "duration_text", "percent", "people_text",
    "predecessors", "float_text", "is_critical", "deadline_on", "was_finish_on", "drift",
)  # fmt: skip


@page(VIEW_PLAN)
def plan_table(request: ActorRequest, number: str) -> HttpResponse:
    """The same rows as the chart, as a table that every reader can read."""
    found = queries.project_by_number(request.actor, number)
    context = plan_context(request, found)
    context["rows"] = table_rows(compared(request, found))
    return respond.page(request, "projects/plan_table.html", context)


@page(VIEW_PLAN)
def plan_csv(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=_EXPORTED, extrasaction="ignore")
    writer.writeheader()
    for row in table_rows(compared(request, found)):
        writer.writerow({key: safe_text(value) if isinstance(value, str) else value for key, value in row.items()})
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="plan-{found.number}.csv"'
    return response


def table_rows(drawn: Chart) -> list[dict[str, Any]]:
    """Rows of the table and of the export: days instead of minutes, links as text."""
    columns = drawn.columns
    waits = predecessors(drawn)
    found = []
    counts: list[int] = []
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        level = row["level"]
        counts = [*counts[: level - 1], (counts[level - 1] if len(counts) >= level else 0) + 1]
        found.append(row | {
            "wbs": ".".join(map(str, counts)), "start_on": day_of(row["start"]), "finish_on": end_of(row["finish"]),
            "deadline_on": day_of(row["deadline"]), "was_finish_on": end_of(row["was_finish"]),
            "duration_text": span_text(row["duration"] or row["estimate"] or None),
            "float_text": span_text(row["total_float"]), "is_critical": bool(row["critical"]),
            "predecessors": "; ".join(waits.get(row["number"], ())), "people_text": _people(drawn, row["people"]),
            "is_late": bool(row["deadline"] and row["finish"] and row["finish"] > row["deadline"]),
        })  # fmt: skip
    return found


def predecessors(drawn: Chart) -> dict[int, list[str]]:
    """What each task waits for, as it is typed: `3FS+2d`."""
    found: dict[int, list[str]] = {}
    for before, after, kind, lag, unit in drawn.links:
        text = f"{before}{'' if (kind, lag) == ('fs', 0) else kind.upper()}{lag_text(lag, unit)}"
        found.setdefault(after, []).append(text)
    return found


def lag_text(lag: int, unit: str) -> str:
    """`+2d`, `-50%`, `+3ed`; nothing for no lag."""
    if not lag:
        return ""
    sign = "+" if lag > 0 else "-"
    if unit == "percent":
        return f"{sign}{abs(lag)}%"
    if unit == "elapsed":
        return f"{sign}{abs(lag) / 1440:g}ed"
    return f"{sign}{span_text(abs(lag))}"


def _people(drawn: Chart, pairs: list[tuple[int, int]]) -> str:
    return "; ".join(drawn.people[at] + ("" if percent == _WHOLE else f" {percent}%") for at, percent in pairs)


def day_of(minute: int | None) -> date | None:
    return None if minute is None else (EPOCH + timedelta(minutes=minute)).date()


def end_of(minute: int | None) -> date | None:
    """Work up to midnight ends on the day before it."""
    return None if minute is None else day_of(minute - 1 if minute % 1440 == 0 else minute)


@page(VIEW_PLAN)
def plan_compare(request: ActorRequest, number: str) -> HttpResponse:
    """What changed between any two of: baselines, days in the past, and now."""
    found = queries.project_by_number(request.actor, number)
    context = plan_context(request, found)
    first = context["baselines"][-1].public_id if context["baselines"] else request.actor.today.isoformat()
    from_, until = _state(request, "from") or first, _state(request, "to") or "now"
    locale = str(request.actor.locale or "en-GB")
    problem, lines = "", []
    try:
        was, becomes = state_of(request.actor, found, from_), state_of(request.actor, found, until)
        lines = [(one.kind, change_text(one, locale)) for one in differences(was[1], becomes[1])]
    except NotFound as wrong:
        problem = wrong.detail
    known = {"now", *(one.public_id for one in context["baselines"])}
    states = [
        {"name": name, "label": label, "value": value, "on": "" if value in known else value}
        for name, label, value in (("from", _("From"), from_), ("to", _("to"), until))
    ]
    context |= {"states": states, "lines": lines, "problem": problem}
    return respond.page(request, "projects/plan_compare.html", context)


def _state(request: ActorRequest, name: str) -> str:
    """A state of the plan as the form or an address names it: now, a baseline, or a day."""
    chosen = request.GET.get(name, "")
    return request.GET.get(f"{name}_on", "") if chosen == "day" else chosen


@page("projects.baseline.take", methods=("POST",))
def baseline_take(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    name, note = request.POST.get("name", ""), request.POST.get("note", "")
    made = actions.take_baseline(request.actor, project_id=found.id, name=name, note=note)
    url = f"{reverse('projects:plan', args=[number])}?compare={made.public_id}"
    text = _("Baseline %(name)s kept") % {"name": made.name}
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))


@page("projects.baseline.remove", methods=("POST",))
def baseline_remove(request: ActorRequest, number: str, pk: str) -> HttpResponse:
    queries.project_by_number(request.actor, number)
    actions.remove_baseline(request.actor, baseline_id=object_id("bas", pk))
    return respond.redirect_with_toast(request, reverse("projects:plan", args=[number]), _("Baseline removed"))


@page("projects.plan.settle", methods=("POST",))
def plan_settle(request: ActorRequest, number: str) -> HttpResponse:
    """Let the plan date its tasks, or leave them to people."""
    found = queries.project_by_number(request.actor, number)
    actions.settle_plan(request.actor, project_id=found.id, schedule=request.POST.get("schedule", ""))
    url = reverse("projects:plan", args=[number])
    return respond.redirect_with_toast(request, url, _("Plan calculated"), undo=undo_token(request.actor))
