"""Staffing requests on screen: ask, look at who fits and why, propose, ask, decline, accept; each can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.listing import Status
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.kernel.errors import DomainError, NotFound
from quoin.people.queries.within import person_within
from quoin.resourcing.actions import candidates
from quoin.resourcing.actions import demands as actions
from quoin.resourcing.queries import (
    demands,
    filling,
    reason_words,  # noqa: F401  # says which reasons are kept
)
from quoin.resourcing.web.request_forms import AcceptForm, RequestForm, initial_of

_CREATE, _EDIT, _ACCEPT = "resourcing.demand.create", "resourcing.demand.edit", "resourcing.demand.accept"
_ASK, _PROPOSE, _ANSWER = "resourcing.demand.ask", "resourcing.demand.propose", "resourcing.demand.answer"
_KEYS = 5
_ASKED = frozenset({"asked", "willing", "unwilling", "talk"})
PROPOSALS = {
    "proposed": Status("info", gettext_lazy("Proposed")),
    "asked": Status("info", gettext_lazy("Asked")),
    "willing": Status("success", gettext_lazy("Says yes")),
    "unwilling": Status("danger", gettext_lazy("Says no")),
    "talk": Status("warning", gettext_lazy("Wants to talk")),
    "accepted": Status("success", gettext_lazy("Accepted")),
    "withdrawn": Status("neutral", gettext_lazy("Declined")),
}


@page(demands.VIEW_DEMAND)
def requests(request: ActorRequest) -> HttpResponse:
    may_add = request.actor.may(_CREATE)
    new = reverse("resourcing:request_new")
    screen = Screen(
        title=_("Staffing requests"),
        area=_("People"),
        empty=Empty(
            text=_("Ask for a role, not a name: who fits is ranked, with the reasons."),
            url=new if may_add else "",
            verb=_("New request") if may_add else "",
        ),
        row_url=lambda row: reverse("resourcing:request", args=[row.public_id]),
        primary=Link(label=_("New request"), url=new, icon="plus") if may_add else None,
        links=_planning_links() if request.actor.may("resourcing.staffing.start") else (),
    )
    return list_page(request, demands.DEMANDS, demands.visible_demands(request.actor), screen)


def _planning_links() -> tuple[Link, ...]:
    return (
        Link(label=_("Solve all open"), url=reverse("resourcing:staffing"), icon="people", keys="s"),
        Link(label=_("Repair the plan"), url=reverse("resourcing:repair")),
    )


@page(demands.VIEW_DEMAND)
def request_page(request: ActorRequest, pk: str) -> HttpResponse:
    """The request, who fits best first, and why not the others."""
    actor = request.actor
    found = demands.demand_for(actor, object_id("req", pk))
    ranking = demands.ranking_for(actor, found)
    proposals = {row.person_id: row for row in demands.proposals_of(found)}
    is_live = found.status in {"open", "proposed", "part"}
    own = proposals.get(actor.person_id) if actor.person_id else None
    lines = _lines(ranking.fitting, proposals)
    context: dict[str, Any] = _head(found) | {
        "skills": demands.skills_of_demand(found),
        "certificates": demands.certificates_of_demand(found),
        "lines": lines, "has_best": any(line["is_best"] for line in lines),
        "excluded": [(one, _shown(proposals.get(one.person_id))) for one in ranking.excluded],
        "fill": filling.fill_of(actor, found), "booked": filling.bookings_for(actor, found), "is_live": is_live,
        "may": {
            "accept": is_live and actor.may(_ACCEPT), "ask": is_live and actor.may(_ASK),
            "propose": is_live and actor.may(_PROPOSE), "decline": is_live and actor.may(candidates.DECLINE),
            "edit": actor.may(_EDIT) and found.status != "cancelled",
            "open": found.status == "draft" and actor.may("resourcing.demand.open"),
            "cancel": found.status != "cancelled" and actor.may("resourcing.demand.cancel"),
            "reopen": found.status in {"cancelled", "filled"} and actor.may("resourcing.demand.reopen"),
            "answer": own is not None and own.status in _ASKED and actor.may(_ANSWER),
        },
        "own": own, "own_status": PROPOSALS[own.status] if own else None,
    }  # fmt: skip
    return respond.page(request, "resourcing/request.html", context)


def _head(found: Any) -> dict[str, Any]:
    return {
        "title": found.title or (found.job_role.name if found.job_role else found.project.name),
        "number_text": f"#{found.number}",
        "status": demands.DEMAND_STATUSES[found.status],
        "area": _("Staffing requests"),
        "crumbs": ((_("Staffing requests"), reverse("resourcing:requests")),),
        "demand": found,
    }


def _lines(fitting: Iterable[Any], proposals: Mapping[UUID, Any]) -> list[dict[str, Any]]:
    """Candidates with their keys; the best is the first who has not got it and has not said no."""
    lines, best = [], None
    for at, one in enumerate(fitting, start=1):
        proposal = proposals.get(one.person_id)
        state = proposal.status if proposal else ""
        is_best = best is None and state not in {"accepted", "unwilling", "withdrawn"}
        best = at if is_best else best
        lines.append({
            "one": one, "at": at, "key": at if at <= _KEYS else 0, "proposal": _shown(proposal),
            "is_taken": state == "accepted", "is_best": is_best,
        })  # fmt: skip
    return lines


def _shown(proposal: Any | None) -> dict[str, Any] | None:
    return None if proposal is None else {"row": proposal, "status": PROPOSALS[proposal.status]}


@page(demands.VIEW_DEMAND)
def candidate(request: ActorRequest, pk: str, person: str) -> HttpResponse:
    """The points of one candidate, each with the fact behind it and the page where that fact stands."""
    found = demands.demand_for(request.actor, object_id("req", pk))
    key = object_id("per", person)
    ranking = demands.ranking_for(request.actor, found)
    ranked = next((one for one in ranking.fitting if one.person_id == key), None)
    against = next((one for one in ranking.excluded if one.person_id == key), None)
    who = ranked or against
    if who is None:
        raise NotFound("There is no such candidate, or you may not see them.")
    context = {
        "title": who.name, "area": _("Staffing requests"),
        "crumbs": ((f"#{found.number}", reverse("resourcing:request", args=[pk])),),
        "demand": found, "who": who, "score": ranked.score if ranked else None,
        "reasons": [(one, _source(one.key, person, found)) for one in who.reasons],
    }  # fmt: skip
    return respond.page(request, "resourcing/request_candidate.html", context)


def _source(key: str, person: str, demand: Any) -> str:
    """Where the fact of a reason can be read."""
    if key in {"availability", "tentative"}:
        span = f"&from={demand.starts_on}&until={demand.ends_on}"
        return f"{reverse('resourcing:planner_cell')}?person={person}{span}"
    if key in {"skill", "level", "nice", "confirmed", "certificate", "wish"}:
        return reverse("people:person_skills", args=[person])
    return reverse("people:person", args=[person])


@page(_CREATE, methods=("GET", "POST"))
def new(request: ActorRequest) -> HttpResponse:
    initial = {"measure": "percent", "amount": 100, "starts_on": request.actor.today}
    if request.GET.get("project"):
        initial["project_id"] = str(object_id("prj", request.GET["project"]))
    form = RequestForm(request.actor, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = actions.create_demand(
                request.actor, project_id=form.cleaned_data["project_id"], is_draft=form.cleaned_data["is_draft"],
                **form.fields_of_request(),
            )  # fmt: skip
            text = _("Request #%(number)s made") % {"number": made.number}
            url = reverse("resourcing:request", args=[made.public_id])
            return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))
    return _form(request, form, title=_("New request"), verb=_("Ask"), back=reverse("resourcing:requests"))


@page(_EDIT, methods=("GET", "POST"))
def edit(request: ActorRequest, pk: str) -> HttpResponse:
    found = demands.demand_for(request.actor, object_id("req", pk))
    initial = initial_of(found, demands.skills_of_demand(found), demands.certificates_of_demand(found))
    form = RequestForm(request.actor, request.POST or None, initial=initial, is_new=False)
    form.fields["project_id"].choices = [(str(found.project_id), found.project.name)]  # type: ignore[attr-defined]  # a choice field
    back = reverse("resourcing:request", args=[pk])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.edit_demand(request.actor, demand_id=found.id, **form.fields_of_request())
            return respond.redirect_with_toast(request, back, _("Saved"), undo=undo_token(request.actor))
    title = _("Change request #%(number)s") % {"number": found.number}
    return _form(request, form, title=title, verb=_("Save"), back=back)


def _form(request: ActorRequest, form: RequestForm, *, title: str, verb: str, back: str) -> HttpResponse:
    context = {
        "form": form, "title": title, "verb": verb, "cancel_url": back, "area": _("Staffing requests"),
        "crumbs": ((_("Staffing requests"), reverse("resourcing:requests")),),
        "needs": list(form.skill_rows),
    }  # fmt: skip
    return respond.page(request, "resourcing/request_form.html", context, status=422 if form.errors else 200)


@page(_ACCEPT, methods=("GET", "POST"))
def accept(request: ActorRequest, pk: str, person: str) -> HttpResponse:
    """POST without a form books as the request says, tentatively; the form takes a part, or firm."""
    actor = request.actor
    found = demands.demand_for(actor, object_id("req", pk))
    who = person_within(actor, "people.person.view", object_id("per", person))
    is_short = request.method == "POST" and "full" not in request.POST
    form = AcceptForm(
        None if is_short else request.POST or None, may_override=actor.may("resourcing.override.grant"),
        initial={"percent": found.percent, "starts_on": found.starts_on, "ends_on": found.ends_on},
    )  # fmt: skip
    back = reverse("resourcing:request", args=[pk])
    if request.method == "POST" and (is_short or form.is_valid()):
        try:
            actions.accept_candidate(actor, demand_id=found.id, person_id=who.id, **_taken(form, is_short=is_short))
        except DomainError as error:
            if is_short:
                return respond.redirect_with_toast(request, back, error.detail, meaning="warning")
            respond.form_errors(form, error)
        else:
            return respond.redirect_with_toast(
                request, back, _("%(name)s booked") % {"name": who.name}, undo=undo_token(actor)
            )
    context = _head(found) | {
        "form": form, "verb": _("Book"), "cancel_url": back, "full": True,
        "title": _("%(name)s for request #%(number)s") % {"name": who.name, "number": found.number},
        "is_percent": found.percent is not None,
    }  # fmt: skip
    return respond.page(request, "resourcing/request_accept.html", context, status=422 if form.errors else 200)


def _taken(form: AcceptForm, *, is_short: bool) -> dict[str, Any]:
    return {} if is_short else {name: value for name, value in form.cleaned_data.items() if value not in {None, ""}}


def _step(
    request: ActorRequest, pk: str, text: str, do: Callable[[UUID], object], *, meaning: str = "success"
) -> HttpResponse:
    """Do something to the request and show it again."""
    found = demands.demand_for(request.actor, object_id("req", pk))
    back = reverse("resourcing:request", args=[pk])
    try:
        do(found.id)
    except NotFound:
        raise
    except DomainError as error:
        return respond.redirect_with_toast(request, back, error.detail, meaning="warning")
    return respond.redirect_with_toast(request, back, text, undo=undo_token(request.actor), meaning=meaning)


@page(_PROPOSE, methods=("POST",))
def propose(request: ActorRequest, pk: str, person: str) -> HttpResponse:
    who, actor = object_id("per", person), request.actor
    return _step(request, pk, _("Proposed"), lambda key: actions.propose(actor, demand_id=key, person_id=who))


@page(_ASK, methods=("POST",))
def ask(request: ActorRequest, pk: str, person: str) -> HttpResponse:
    who, actor = object_id("per", person), request.actor
    return _step(request, pk, _("Asked"), lambda key: actions.ask_candidate(actor, demand_id=key, person_id=who))


@page(candidates.DECLINE, methods=("POST",))
def decline(request: ActorRequest, pk: str, person: str) -> HttpResponse:
    who, actor = object_id("per", person), request.actor
    note = request.POST.get("note", "")
    return _step(
        request, pk, _("Declined"),
        lambda key: candidates.decline_candidate(actor, demand_id=key, person_id=who, note=note),
    )  # fmt: skip


@page(_ANSWER, methods=("POST",))
def answer(request: ActorRequest, pk: str) -> HttpResponse:
    """What the person who was asked says."""
    actor = request.actor
    found = demands.demand_for(actor, object_id("req", pk))
    own = next((row for row in demands.proposals_of(found) if row.person_id == actor.person_id), None)
    if own is None:
        raise NotFound("Nobody has asked you this.")
    said, note = request.POST.get("answer", ""), request.POST.get("note", "")
    return _step(
        request, pk, _("Answered"),
        lambda _key: actions.answer_request(actor, proposal_id=own.id, answer=said, note=note),
    )  # fmt: skip


@page("resourcing.demand.open", methods=("POST",))
def open_draft(request: ActorRequest, pk: str) -> HttpResponse:
    return _step(request, pk, _("Request opened"), lambda key: actions.open_demand(request.actor, demand_id=key))


@page("resourcing.demand.cancel", methods=("POST",))
def cancel(request: ActorRequest, pk: str) -> HttpResponse:
    return _step(request, pk, _("Request cancelled"), lambda key: actions.cancel_demand(request.actor, demand_id=key))


@page("resourcing.demand.reopen", methods=("POST",))
def reopen(request: ActorRequest, pk: str) -> HttpResponse:
    return _step(request, pk, _("Asked again"), lambda key: actions.reopen_demand(request.actor, demand_id=key))
