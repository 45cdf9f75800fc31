"""Risks, issues and decisions: the firm's list, a project's log with its exposure, one entry."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quoin.base.actions import undo_token
from quoin.base.actor import Actor
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.governance import queries
from quoin.governance.actions import raid as actions
from quoin.governance.queries.lists import RAID, RAID_KINDS, RAID_STATUSES
from quoin.governance.queries.raid import Suggestion, heat, rated, suggestions
from quoin.governance.rules.exposure import HIGHEST, next_raid_statuses, severity
from quoin.governance.types import RaidKind, RaidStatus
from quoin.governance.web.forms import RaidForm
from quoin.governance.web.parts import asked_project, pick_project
from quoin.governance.web.raid_cells import cells_of
from quoin.projects.queries import project_by_number
from quoin.projects.queries.frame import project_frame
from quoin.projects.queries.reach import reaches

_CREATE, _EDIT, _STEP, _TURN = (
    "governance.raid.create", "governance.raid.edit", "governance.raid.step", "governance.raid.turn",
)  # fmt: skip
_MEANINGS = {"high": "danger", "middle": "warning", "low": "neutral", "": "neutral"}


@page(queries.VIEW_RAID)
def entries(request: ActorRequest) -> HttpResponse:
    new_url = reverse("governance:raid_new") if request.actor.may(_CREATE) else ""
    screen = Screen(
        title=_("Risks and issues"),
        area=_("Work"),
        empty=Empty(
            text=_("No risks yet. What could go wrong, what would it cost, and who looks after it?"), url=new_url,
            verb=_("Add a risk") if new_url else "",
        ),
        row_url=lambda row: reverse("governance:raid_item", args=[row.public_id]),
        row_meaning=lambda row: "danger" if is_overdue(request.actor, row) else "",
        primary=Link(label=_("Add"), url=new_url, icon="plus", keys="n") if new_url else None,
    )  # fmt: skip
    return list_page(request, RAID, queries.visible_raid(request.actor), screen)


def is_overdue(actor: Actor, row: Any) -> bool:
    """Whether something should have been done about the entry by now."""
    return row.due_on is not None and row.due_on < actor.today and row.status in {"open", "mitigating"}


@page(queries.VIEW_RAID)
def project_tab(request: ActorRequest, number: str) -> HttpResponse:
    """A project's log: what its risks may cost, where they stand, every entry with its drift."""
    project = project_by_number(request.actor, number)
    field = request.GET.get("field", "")
    rows = rated(queries.visible_raid(request.actor).filter(project=project.id).order_by("-probability", "number"))
    shown = [one for one in rows if _in_field(one, field)]
    may_add = request.actor.may(_CREATE)
    open_rows = [
        one for one in rows if one.item.kind == RaidKind.RISK and one.item.status in {"open", "mitigating", "accepted"}
    ]
    may_edit = reaches(request.actor, _EDIT, project)
    cells = cells_of(request, [one.item for one in shown]) if may_edit else {}
    context = project_frame(request.actor, project, current="raid") | {
        "rows": [
            (one, RAID_KINDS[one.item.kind], RAID_STATUSES[one.item.status], _MEANINGS[one.severity],
             is_overdue(request.actor, one.item), cells.get(one.item.id))
            for one in shown
        ],
        "exposure": _exposure(open_rows),
        "open_count": len(open_rows),
        "days": sum((one.days for one in open_rows), 0),
        "matrix": _matrix(request.actor, project),
        "field": field,
        "add_url": f"{reverse('governance:raid_new')}?project={project.number}" if may_add else "",
        "suggestions": suggestions(project) if may_add and not rows else (),
    }  # fmt: skip
    return respond.page(request, "governance/raid_tab.html", context)


def _in_field(one: Any, field: str) -> bool:
    """Whether the entry stands in the chosen field of the matrix, written as `4x5`."""
    item = one.item
    return not field or f"{item.probability}x{item.impact}" == field


def _exposure(rows: list[Any]) -> Any:
    amounts = [one.expected for one in rows if one.expected is not None]
    return sum(amounts[1:], amounts[0]) if amounts else None


def _matrix(actor: Actor, project: Any) -> list[tuple[int, list[tuple[int, str, str]]]]:
    """Rows by probability from 5 down: each field with its count, its name and its meaning."""
    return [
        (row, [(count, f"{row}x{column}", _MEANINGS[severity(row * column)]) for column, count in enumerate(counts, 1)])
        for row, counts in zip(range(HIGHEST, 0, -1), heat(actor, project.id), strict=True)
    ]


@page(_CREATE, methods=("GET", "POST"))
def new(request: ActorRequest) -> HttpResponse:
    project = asked_project(request)
    if project is None:
        return pick_project(request, title=_("Add a risk or issue"))
    form = RaidForm(request.actor, project, request.POST or None, initial=_initial(request, project))
    back = reverse("governance:project_raid", args=[project.number])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = actions.create_raid(request.actor, project_id=project.id, **form.values())
            text = _("%(title)s added") % {"title": made.title}
            return respond.redirect_with_toast(request, back, text, undo=undo_token(request.actor))
    title = _("Add a risk or issue to %(name)s") % {"name": project.name}
    return respond.form_page(request, form, title=title, verb=_("Add"), cancel_url=back)


def _initial(request: ActorRequest, project: Any) -> dict[str, Any]:
    wanted = request.GET.get("suggestion", "")
    found: Suggestion | None = next((one for one in suggestions(project) if one.key == wanted), None)
    owner = {"owner_id": request.actor.person_id, "kind": "risk", "probability": 3, "impact": 3}
    if found is None:
        return owner
    return owner | {
        "title": found.title, "response": found.response, "probability": found.probability, "impact": found.impact,
    }  # fmt: skip


@page(queries.VIEW_RAID)
def entry(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.raid_for(request.actor, object_id("rai", pk))
    (one,) = rated([found])
    following = next_raid_statuses(RaidKind(found.kind), RaidStatus(found.status))
    context = {
        "title": found.title,
        "number_text": f"{found.project.number}/{found.number}",
        "area": _("Risks and issues"),
        "crumbs": ((_("Risks and issues"), reverse("governance:raid")),),
        "status": RAID_STATUSES[found.status],
        "item": found,
        "kind": RAID_KINDS[found.kind],
        "rated": one,
        "meaning": _MEANINGS[one.severity],
        "states": [(state, RAID_STATUSES[state.status]) for state in queries.states_of(found)],
        "issue": queries.came_of(found),
        "steps": [(step.value, _VERBS[step]) for step in following if step is not RaidStatus.CAME_TRUE]
        if request.actor.may(_STEP)
        else [],
        "may_turn": RaidStatus.CAME_TRUE in following and request.actor.may(_TURN),
        "may_edit": request.actor.may(_EDIT),
    }
    return respond.page(request, "governance/raid_item.html", context)


@page(_EDIT, methods=("GET", "POST"))
def edit(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.raid_for(request.actor, object_id("rai", pk))
    initial = {name: getattr(found, name) for name in RaidForm.base_fields}
    form = RaidForm(request.actor, found.project, request.POST or None, initial=initial)
    back = reverse("governance:raid_item", args=[pk])
    if request.method == "POST" and form.is_valid():
        changed = {name: value for name, value in form.values().items() if value != initial[name]}
        with respond.refusals_on(form):
            if changed:
                actions.edit_raid(request.actor, raid_id=found.id, **changed)
            return respond.redirect_with_toast(request, back, _("Saved"), undo=undo_token(request.actor))
    title = _("Edit %(title)s") % {"title": found.title}
    return respond.form_page(request, form, title=title, verb=_("Save"), cancel_url=back)


@page(_STEP, methods=("POST",))
def step(request: ActorRequest, pk: str) -> HttpResponse:
    moved = actions.step_raid(
        request.actor, raid_id=object_id("rai", pk), status=request.POST.get("status", ""),
        note=request.POST.get("note", ""),
    )  # fmt: skip
    text = _("%(title)s is now: %(status)s") % {"title": moved.title, "status": RAID_STATUSES[moved.status].label}
    url = reverse("governance:raid_item", args=[pk])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))


@page(_TURN, methods=("POST",))
def turn(request: ActorRequest, pk: str) -> HttpResponse:
    """The risk came true; the issue that it became is shown."""
    issue = actions.turn_raid(request.actor, raid_id=object_id("rai", pk), note=request.POST.get("note", ""))
    url = reverse("governance:raid_item", args=[issue.public_id])
    return respond.redirect_with_toast(request, url, _("It is an issue now"), undo=undo_token(request.actor))


_VERBS = {
    RaidStatus.OPEN: _lazy("Open again"),
    RaidStatus.MITIGATING: _lazy("Mitigate"),
    RaidStatus.ACCEPTED: _lazy("Accept"),
    RaidStatus.CLOSED: _lazy("Close"),
}
