"""List of projects, the project's pages, and the forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import keyfigures, respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.kernel.errors import invalid
from quoin.people.queries import visible_people
from quoin.projects import actions, queries
from quoin.projects.queries.frame import project_frame
from quoin.projects.queries.lists import PROJECT_STATUSES, PROJECTS
from quoin.projects.rules.steps import next_project_statuses
from quoin.projects.types import ProjectStatus
from quoin.projects.web.changes import recent_changes
from quoin.projects.web.forms import MemberForm, NewProjectForm, ProjectForm
from quoin.projects.web.gate_marks import gate_marks
from quoin.projects.web.plan_figures import plan_figures

_MINUTES_PER_HOUR = 60


@page(queries.VIEW)
def projects(request: ActorRequest) -> HttpResponse:
    may_add = request.actor.may("projects.project.create")
    new = reverse("projects:new")
    screen = Screen(
        title=_("Projects"),
        area=_("Work"),
        empty=Empty(
            text=_("No projects yet. Start one from a template, or import them with their time."),
            url=new if may_add else "",
            verb=_("New project") if may_add else "",
        ),
        row_url=lambda project: reverse("projects:project", args=[project.number]),
        row_meaning=lambda project: "danger" if project.health == "off_track" else "",
        primary=Link(label=_("New project"), url=new, icon="plus") if may_add else None,
        links=(Link(label=_("Timeline"), url=reverse("projects:timeline"), icon="planner"),),
    )
    return list_page(request, PROJECTS, queries.visible_projects(request.actor), screen)


def project_context(request: ActorRequest, project: Any, *, current: str) -> dict[str, Any]:
    """The head of a project's page, and what may be done from it: for the pages of this app."""
    return project_frame(request.actor, project, current=current) | {
        "steps": [
            (step, PROJECT_STATUSES[step].label) for step in next_project_statuses(ProjectStatus(project.status))
        ],
        "may": {
            "edit": request.actor.may("projects.project.edit"),
            "step": request.actor.may("projects.project.step"),
            "put": request.actor.may("projects.member.set"),
            "take_off": request.actor.may("projects.member.remove"),
            "add_task": request.actor.may("projects.task.create"),
        },
    }


@page(queries.VIEW)
def project(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    context = project_context(request, found, current="overview")
    context["figures"] = keyfigures.of("project", request, found)
    tasks = list(queries.tasks_of(found))
    context |= {
        "milestones": [task for task in tasks if task.is_milestone],
        "changes": recent_changes(request, found),
        "gates": gate_marks(request, found),
        "plan_figures": plan_figures(request, found) if tasks else (),
        "open_tasks": [task for task in tasks if task.status in {"open", "in_progress"} and not task.is_milestone][:8],
        "members": queries.members_of(found),
        "first_steps": queries.first_steps(found, has_tasks=bool(tasks)),
    }
    return respond.page(request, "projects/project.html", context)


@page(queries.VIEW)
def team(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    context = project_context(request, found, current="team")
    members = list(queries.members_of(found))
    seen = visible_people(request.actor).filter(id__in=[member.person_id for member in members])
    context |= {"members": members, "seen": set(seen.order_by().values_list("id", flat=True))}
    return respond.page(request, "projects/team.html", context)


@page("projects.project.create", methods=("GET", "POST"))
def new(request: ActorRequest) -> HttpResponse:
    initial: dict[str, Any] = {
        "starts_on": request.actor.today, "manager_id": request.actor.person_id, "note_rule": "wanted",
        "client_id": request.GET.get("client", ""),
    }  # fmt: skip
    form = NewProjectForm(request.actor, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = actions.create_project(request.actor, **form.values(list(form.fields)))
            url = reverse("projects:project", args=[made.number])
            return respond.redirect_with_toast(request, url, _("%(name)s started") % {"name": made.name})
    return respond.form_page(
        request, form, title=_("New project"), verb=_("Create project"), cancel_url=reverse("projects:projects")
    )


@page("projects.project.edit", methods=("GET", "POST"))
def edit(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    initial = {name: getattr(found, name) for name in ProjectForm.base_fields if name != "budget_hours"}
    initial["budget_hours"] = found.budget_minutes / _MINUTES_PER_HOUR
    form = ProjectForm(request.actor, request.POST or None, client_id=found.client_id, initial=initial)
    back = reverse("projects:project", args=[number])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            if form.changed_data:
                actions.edit_project(request.actor, project_id=found.id, **form.values(form.changed_data))
            return respond.redirect_with_toast(request, back, _("Saved"))
    return respond.form_page(
        request, form, title=_("Edit %(name)s") % {"name": found.name}, verb=_("Save"), cancel_url=back
    )


@page("projects.project.step", methods=("POST",))
def step(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    moved = actions.step_project(request.actor, project_id=found.id, status=request.POST.get("status", ""))
    text = _("%(name)s is now: %(status)s") % {"name": moved.name, "status": PROJECT_STATUSES[moved.status].label}
    return respond.redirect_with_toast(request, reverse("projects:project", args=[number]), text)


@page("projects.member.set", methods=("GET", "POST"))
def add_member(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    form = MemberForm(request.actor, request.POST or None, initial={"starts_on": found.starts_on})
    back = reverse("projects:team", args=[number])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.set_member(request.actor, project_id=found.id, **form.values())
            return respond.redirect_with_toast(request, back, _("Team changed"))
    return respond.form_page(request, form, title=_("Put somebody on the project"), verb=_("Save"), cancel_url=back)


@page("projects.member.remove", methods=("POST",))
def remove_member(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    if not request.POST.get("person"):
        raise invalid("/person", _("Say who leaves the project."))
    person_id = object_id("per", request.POST["person"])
    actions.remove_member(request.actor, project_id=found.id, person_id=person_id)
    return respond.redirect_with_toast(request, reverse("projects:team", args=[number]), _("Taken off the project"))
