"""Solve all open requests: ask, watch, look at the plans side by side with every reason, accept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.kernel.errors import DomainError, NotFound
from quoin.resourcing.actions import staffing as actions
from quoin.resourcing.queries import reason_words  # noqa: F401  # says which reasons are kept
from quoin.resourcing.queries import staffing as queries
from quoin.resourcing.queries.staffing_case import open_demands
from quoin.resourcing.rules.staffing.goals import KINDS

GOAL_NAMES = {
    "balanced": (gettext_lazy("Balanced load"), gettext_lazy("Nobody far above the others; cost is not looked at.")),
    "margin": (gettext_lazy("Best margin"), gettext_lazy("The only objective that looks at cost.")),
    "continuity": (gettext_lazy("Client continuity"), gettext_lazy("Who worked for the client goes on.")),
    "grow": (gettext_lazy("Grow people"), gettext_lazy("Who wants to learn it gets it.")),
    "travel": (gettext_lazy("Least travel"), gettext_lazy("Who works at the place, or close in time.")),
}
KIND_NAMES = {
    "availability": gettext_lazy("Free time"), "skill": gettext_lazy("Skill level"),
    "nice": gettext_lazy("Nice to have"), "confirmed": gettext_lazy("Confirmed skill"),
    "role": gettext_lazy("Role"), "margin": gettext_lazy("Margin and cost"),
    "continuity": gettext_lazy("Continuity"), "wish": gettext_lazy("Wishes"),
    "place": gettext_lazy("Place and time zone"), "tentative": gettext_lazy("Tentative elsewhere"),
}  # fmt: skip
_SECONDS = (10, 30, 60, 120)


@dataclass(frozen=True, slots=True)
class GoalChoice:
    """A radio button of the form."""

    key: str
    name: Any
    help: Any
    is_chosen: bool


@page(actions.START, methods=("GET", "POST"))
def solve(request: ActorRequest) -> HttpResponse:
    """The form: objective, weights, time. Asking starts a run."""
    if request.method == "POST":
        try:
            run = actions.start_staffing(request.actor, **_asked(request))
        except DomainError as error:
            return respond.redirect_with_toast(request, reverse("resourcing:staffing"), error.detail, meaning="warning")
        return respond.redirect_with_toast(
            request, reverse("resourcing:staffing_run", args=[run.public_id]), _("Solving all open requests")
        )
    goal = queries.goal_for(request.actor)
    context: dict[str, Any] = {
        "title": _("Solve all open"),
        "area": _("People"),
        "crumbs": ((_("Staffing requests"), reverse("resourcing:requests")),),
        "goals": [GoalChoice(key, *words, key == goal.name) for key, words in GOAL_NAMES.items()],
        "kinds": [(key, KIND_NAMES[key]) for key in KINDS],
        "spread": goal.spread,
        "seconds": _SECONDS,
        "open_count": len(open_demands(request.actor)),
        "runs": queries.visible_runs(request.actor)[:10],
        "may_keep": request.actor.may(actions.SET_GOAL),
    }
    return respond.page(request, "resourcing/staffing_new.html", context)


def _asked(request: ActorRequest) -> dict[str, Any]:
    weights = {
        key: int(text)
        for key in (*KINDS, "spread")
        if (text := request.POST.get(f"weight_{key}", "").strip()).isdigit()
    }
    goal = request.POST.get("goal", "balanced")
    seconds = request.POST.get("seconds", "30")
    if request.POST.get("keep") and request.actor.may(actions.SET_GOAL):
        team = str(request.actor.team_id) if request.actor.team_id else None
        actions.set_staffing_goal(request.actor, goal=goal, weights=weights, team_id=team)
    return {
        "goal": goal, "weights": weights, "seconds": int(seconds) if seconds.isdigit() else 0,
        "keeps_tentative": request.POST.get("tentative", "keep") == "keep",
    }  # fmt: skip


@page(queries.VIEW)
def run(request: ActorRequest, pk: str) -> HttpResponse:
    """How the run stands; once it is over, its plans and reasons."""
    found = queries.run_for(request.actor, object_id("sfr", pk))
    standing = queries.standing_of(found)
    context: dict[str, Any] = {
        "title": _("Staffing run"),
        "area": _("People"),
        "crumbs": (
            (_("Staffing requests"), reverse("resourcing:requests")),
            (_("Solve all open"), reverse("resourcing:staffing")),
        ),
        "run": found,
        "standing": standing,
        "status": queries.STATES[standing.state],
        "goal_name": GOAL_NAMES[found.goal][0] if found.goal in GOAL_NAMES else found.goal,
        "weights": [(KIND_NAMES.get(key, _("Even load")), value) for key, value in sorted(found.weights.items())],
    }
    if not standing.is_over or standing.state == "failed":
        name = "_staffing_progress" if request.headers.get("HX-Request") else "staffing_progress"
        return respond.page(request, f"resourcing/{name}.html", context)
    if request.headers.get("HX-Request") and request.headers.get("HX-Target") == "progress":
        gone = HttpResponse(status=204)
        gone["HX-Redirect"] = reverse("resourcing:staffing_run", args=[found.public_id])
        return gone
    number = request.GET.get("plan", "0")
    return respond.page(
        request,
        "resourcing/staffing_run.html",
        context | _plans(request, found, int(number) if number.isdigit() else 0),
    )


def _plans(request: ActorRequest, run: Any, chosen: int) -> dict[str, Any]:
    seats = queries.seats_of(request.actor, run)
    demands, people = queries.names_in(run)
    worths = [run.worth, *run.answer.get("worths", ())]
    if chosen >= len(worths):
        raise NotFound("There is no such plan.")
    plans = [
        {
            "number": at,
            "worth": worth / 100,
            "loss": (run.worth - worth) / 100,
            "filled": len({seat.row.demand_id for seat in seats.get(at, ())}),
            "is_chosen": at == chosen,
        }
        for at, worth in enumerate(worths)
    ]
    return {
        "plans": plans,
        "chosen": chosen,
        "seats": seats.get(chosen, []),
        "open_seats": sum(1 for seat in seats.get(chosen, ()) if seat.is_open),
        "unfilled": [
            {
                "demand": demands.get(one["ask"]),
                "drops": [demands[at] for at in one["drops"] if at in demands],
                "is_smallest": one["is_smallest"],
                "earliest": one["earliest"] and (one["earliest"][0], people.get(one["earliest"][1])),
                "less": one["less"] and (one["less"][0], people.get(one["less"][1])),
                "waivers": [(text, people.get(at)) for text, at in one["waivers"]],
            }
            for one in run.answer.get("unfilled", ())
        ],
        "differences": [
            {"demand": demands.get(ask), "alone": _names(people, alone), "joint": _names(people, joint), "why": why}
            for ask, alone, joint, why in run.answer.get("differences", ())
        ],
        "spread": [(people.get(at), before, after) for at, before, after in run.answer.get("spread", ())][:30],
        "may_accept": request.actor.may(actions.ACCEPT),
        "worth": run.worth / 100,
        "bound": run.bound / 100,
        "one_by_one": run.answer.get("one_by_one", 0) / 100,
        "seconds": run.answer.get("seconds"),
        "first_seconds": run.answer.get("first_seconds"),
        "is_repeatable": run.answer.get("is_repeatable"),
    }


def _names(people: dict[int, str], numbers: list[int]) -> str:
    return ", ".join(people.get(one, "") for one in numbers) or _("nobody")


@page(queries.VIEW)
def why_not(request: ActorRequest, pk: str, request_pk: str) -> HttpResponse:
    """Everybody who is not on a request, and the fact that keeps them off."""
    found = queries.run_for(request.actor, object_id("sfr", pk))
    demands, people = queries.names_in(found)
    wanted = object_id("req", request_pk)
    at = next((at for at, one in demands.items() if one.id == wanted), None)
    if at is None:
        raise NotFound("This request was not part of the run.")
    context: dict[str, Any] = {
        "title": _("Why not the others"),
        "number_text": f"#{demands[at].number}",
        "area": _("People"),
        "crumbs": ((_("Staffing run"), reverse("resourcing:staffing_run", args=[found.public_id])),),
        "demand": demands[at],
        "rows": [(people.get(person), kind, text) for person, kind, text in queries.why_not(found).get(at, ())],
    }
    return respond.page(request, "resourcing/staffing_why_not.html", context)


@page(actions.ACCEPT, methods=("POST",))
def accept(request: ActorRequest, pk: str) -> HttpResponse:
    """Accept all proposals of a plan that stand, or the ticked ones."""
    number = request.POST.get("plan", "0")
    ids = [object_id("sfp", one) for one in request.POST.getlist("ids")]
    back = reverse("resourcing:staffing_run", args=[pk])
    try:
        made = actions.accept_staffing(
            request.actor, run_id=pk, plan=int(number) if number.isdigit() else 0, proposal_ids=ids
        )
    except NotFound:
        raise
    except DomainError as error:
        return respond.redirect_with_toast(request, back, error.detail, meaning="warning")
    people = len({one.person_id for one in made})
    text = ngettext("%(count)s person booked tentatively", "%(count)s people booked tentatively", people)
    return respond.redirect_with_toast(request, back, text % {"count": people}, undo=undo_token(request.actor))


@page(actions.STOP, methods=("POST",))
def stop(request: ActorRequest, pk: str) -> HttpResponse:
    """End the search with the best so far."""
    found = actions.stop_staffing(request.actor, run_id=pk)
    url = reverse("resourcing:staffing_run", args=[found.public_id])
    return respond.redirect_with_toast(request, url, _("Stopping with the best so far"), meaning="info")
