"""Scenarios on screen: the list with its starters, a scenario, the comparison, its lines, and applying."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.insights.actions import scenarios as actions
from quoin.insights.queries.scenarios import (
    VIEW_SCENARIOS,
    change_rows,
    comments_of,
    is_own,
    readers_of,
    scenario_for,
    visible_scenarios,
)
from quoin.insights.queries.scenarios.applying import plan_for
from quoin.insights.queries.scenarios.words import change_text
from quoin.insights.web.scenario_forms import FIRST, STARTERS, ScenarioForm
from quoin.kernel.errors import DomainError, NotFound, invalid

_REACHES = {
    "private": gettext_lazy("Only me"), "team": gettext_lazy("My team"), "people": gettext_lazy("People by name"),
    "shared": gettext_lazy("Everybody"),
}  # fmt: skip

_GIVEN = ("scenario", "project_id", "person_id", "booking_id", "card_id", "role_id", "weeks")
"""What an address may fill in of a question."""


def _crumbs() -> tuple[tuple[str, str], ...]:
    return ((_("Scenarios"), reverse("insights:scenarios")),)


@page(VIEW_SCENARIOS)
def scenarios(request: ActorRequest) -> HttpResponse:
    """What there is, to be ticked and compared; three questions to begin with."""
    may_add = request.actor.may("insights.scenario.create")
    context = {
        "title": _("Scenarios"), "area": _("Insight"), "rows": visible_scenarios(request.actor), "may_add": may_add,
        "starters": [(key, STARTERS[key][1]) for key in FIRST] if may_add else [],
        "more": [(key, label) for key, (_form, label) in STARTERS.items() if key not in FIRST] if may_add else [],
    }  # fmt: skip
    return respond.page(request, "insights/scenarios.html", context)


@page("insights.scenario.create", methods=("GET", "POST"))
def new(request: ActorRequest) -> HttpResponse:
    form = ScenarioForm(request.actor, request.POST or None, initial={"reach": "private"})
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = actions.create_scenario(request.actor, **form.cleaned_data)
            return respond.redirect_with_toast(request, _url(made), _("Scenario made"))
    cancel = reverse("insights:scenarios")
    return respond.form_page(request, form, title=_("New scenario"), verb=_("Make scenario"), cancel_url=cancel)


@page("insights.scenario.edit", methods=("GET", "POST"))
def edit(request: ActorRequest, pk: str) -> HttpResponse:
    found = scenario_for(request.actor, object_id("scn", pk))
    names = [name for name in ScenarioForm.base_fields if name != "reader_ids"]
    initial = {name: getattr(found, name) for name in names}
    initial["reader_ids"] = [str(one.person_id) for one in readers_of(found)]
    form = ScenarioForm(request.actor, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.edit_scenario(request.actor, scenario_id=found.id, **form.cleaned_data)
            return respond.redirect_with_toast(request, _url(found), _("Saved"), undo=undo_token(request.actor))
    return respond.form_page(request, form, title=_("Change or share"), verb=_("Save"), cancel_url=_url(found))


def _url(found: Any) -> str:
    return reverse("insights:scenario", args=[found.public_id])


@page("insights.scenario.create", methods=("GET", "POST"))
def starter(request: ActorRequest, key: str) -> HttpResponse:
    """One question answered becomes a change: in a new scenario, or in one that is there."""
    if key not in STARTERS:
        raise NotFound("There is no such question.")
    kind, title = STARTERS[key]
    initial = {"starts_on": request.actor.today, "currency": "EUR"}
    initial |= {name: request.GET[name] for name in _GIVEN if request.GET.get(name)}
    form = kind(request.actor, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            found = _put(request, form.cleaned_data["scenario"], form.change(), form.title())
            return respond.redirect_with_toast(
                request, _compare_url(found), _("Put into %(name)s") % {"name": found.name}
            )
    cancel = reverse("insights:scenarios")
    return respond.form_page(request, form, title=title, verb=_("Show the effect"), cancel_url=cancel)


def _put(request: ActorRequest, scenario: str, change: dict[str, Any], title: str) -> Any:
    if not scenario:
        return actions.create_scenario(request.actor, name=title, changes=[change])
    found = scenario_for(request.actor, object_id("scn", scenario))
    actions.add_change(request.actor, scenario_id=found.id, **change)
    return found


def _compare_url(*found: Any) -> str:
    return f"{reverse('insights:scenario_compare')}?{urlencode([('with', one.public_id) for one in found])}"


@page("insights.scenario.add", methods=("POST",))
def put(request: ActorRequest) -> HttpResponse:
    """From Gantt and planner: `kind` and `data` (JSON) into `scenario`, or into a new one named `name`."""
    try:
        data = json.loads(request.POST.get("data", ""))
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise invalid("/data", _("Say what to put into the scenario."))
    name = request.POST.get("name", "") or _("What if")
    if not request.POST.get("scenario"):
        request.actor.require("insights.scenario.create")
    found = _put(request, request.POST.get("scenario", ""), {**data, "kind": request.POST.get("kind", "")}, name)
    text = _("Put into %(name)s") % {"name": found.name}
    return respond.redirect_with_toast(request, _compare_url(found), text, undo=undo_token(request.actor))


@page(VIEW_SCENARIOS)
def scenario(request: ActorRequest, pk: str) -> HttpResponse:
    """Its changes, what people say about it, and what applying would do."""
    found = scenario_for(request.actor, object_id("scn", pk))
    is_mine = is_own(request.actor, found)
    context = {
        "title": found.name, "area": _("Scenarios"), "crumbs": _crumbs(), "scenario": found, "is_mine": is_mine,
        "changes": [(row, change_text(row)) for row in change_rows(found)], "comments": comments_of(found),
        "compare_url": _compare_url(found), "reach": _reach(found),
        "starters": [(key, label) for key, (_form, label) in STARTERS.items()],
        "may_apply": request.actor.may("insights.scenario.apply") and found.status == "open",
        "may_comment": request.actor.may("insights.scenario.comment"),
    }  # fmt: skip
    return respond.page(request, "insights/scenario.html", context)


def _reach(found: Any) -> str:
    if found.reach != "people":
        return str(_REACHES[found.reach])
    return ", ".join(one.person.name for one in readers_of(found))


@page("insights.scenario.drop", methods=("POST",))
def drop(request: ActorRequest, pk: str) -> HttpResponse:
    found = scenario_for(request.actor, object_id("scn", pk))
    actions.drop_change(request.actor, change_id=object_id("sch", request.POST.get("change", "")))
    return respond.redirect_with_toast(request, _url(found), _("Change taken out"), undo=undo_token(request.actor))


@page("insights.scenario.discard", methods=("POST",))
def discard(request: ActorRequest, pk: str) -> HttpResponse:
    actions.discard_scenario(request.actor, scenario_id=object_id("scn", pk))
    url = reverse("insights:scenarios")
    return respond.redirect_with_toast(request, url, _("Scenario discarded"), undo=undo_token(request.actor))


@page("insights.scenario.comment", methods=("POST",))
def comment(request: ActorRequest, pk: str) -> HttpResponse:
    found = scenario_for(request.actor, object_id("scn", pk))
    actions.comment_scenario(request.actor, scenario_id=found.id, text=request.POST.get("text", ""))
    return respond.redirect_with_toast(request, _url(found), _("Comment added"))


@page("insights.scenario.apply", methods=("GET", "POST"))
def apply(request: ActorRequest, pk: str) -> HttpResponse:
    """The preview of all changes or the ticked ones; applying does what the preview says."""
    found = scenario_for(request.actor, object_id("scn", pk))
    given = request.POST if request.method == "POST" else request.GET
    chosen = [object_id("sch", one) for one in given.getlist("change")] or None
    problem = ""
    if request.method == "POST":
        try:
            done = actions.apply_scenario(
                request.actor, scenario_id=found.id, as_=given.get("firmness", "tentative"), change_ids=chosen
            )
        except DomainError as error:
            problem = error.detail
        else:
            text = _("%(name)s applied: %(count)s steps") % {"name": found.name, "count": len(done.steps)}
            return respond.redirect_with_toast(request, _url(found), text, undo=undo_token(request.actor))
    plan = plan_for(request.actor, found, change_ids=chosen)
    waiting = [row for row in change_rows(found) if row.applied_at is None]
    texts = {row.id: change_text(row) for row in waiting}
    met: dict[Any, list[tuple[Any, str]]] = {}
    for one in plan.conflicts:
        met.setdefault(one.change_id, []).append((one, texts.get(one.needs_id, "") if one.needs_id else ""))
    rows = [(row, texts[row.id], met.get(row.id, [])) for row in waiting]
    context = {
        "title": _("Apply %(name)s") % {"name": found.name}, "area": _("Scenarios"),
        "crumbs": (*_crumbs(), (found.name, _url(found))), "scenario": found, "plan": plan, "rows": rows,
        "chosen": {one.id for one in plan.changes} if chosen is None else set(chosen), "problem": problem,
    }  # fmt: skip
    return respond.page(request, "insights/scenario_apply.html", context, status=409 if problem else 200)
