"""Lessons: the firm's list, a project's tab, one lesson."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.governance import queries
from quoin.governance.actions import lessons as actions
from quoin.governance.queries.lists import LESSONS
from quoin.governance.web.forms import LessonForm
from quoin.governance.web.parts import asked_project, pick_project
from quoin.projects.queries import project_by_number
from quoin.projects.queries.frame import project_frame

_CREATE, _EDIT, _DROP = "governance.lesson.create", "governance.lesson.edit", "governance.lesson.drop"
_PROPOSE = "governance.lesson.propose"


@page(queries.VIEW_LESSONS)
def lessons(request: ActorRequest) -> HttpResponse:
    new_url = reverse("governance:lesson_new") if request.actor.may(_CREATE) else ""
    screen = Screen(
        title=_("Lessons learned"),
        area=_("Work"),
        empty=Empty(
            text=_("No lessons yet. What would you do differently, or again?"), url=new_url,
            verb=_("Write down a lesson") if new_url else "",
        ),
        row_url=lambda row: reverse("governance:lesson", args=[row.public_id]),
        primary=Link(label=_("Write down a lesson"), url=new_url, icon="plus", keys="n") if new_url else None,
    )  # fmt: skip
    return list_page(request, LESSONS, queries.visible_lessons(request.actor), screen)


@page(queries.VIEW_LESSONS)
def project_tab(request: ActorRequest, number: str) -> HttpResponse:
    project = project_by_number(request.actor, number)
    context = project_frame(request.actor, project, current="lessons") | {
        "rows": queries.visible_lessons(request.actor).filter(project=project.id),
        "add_url": f"{reverse('governance:lesson_new')}?project={project.number}" if request.actor.may(_CREATE) else "",
        "may_edit": request.actor.may(_EDIT),
        "may_drop": request.actor.may(_DROP),
        "may_propose": request.actor.may(_PROPOSE) and queries.has_template(project),
    }
    return respond.page(request, "governance/lessons_tab.html", context)


@page(_CREATE, methods=("GET", "POST"))
def new(request: ActorRequest) -> HttpResponse:
    project = asked_project(request)
    if project is None:
        return pick_project(request, title=_("Write down a lesson"))
    form = LessonForm(request.POST or None)
    back = reverse("governance:project_lessons", args=[project.number])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.create_lesson(request.actor, project_id=project.id, **form.cleaned_data)
            return respond.redirect_with_toast(request, back, _("Written down"), undo=undo_token(request.actor))
    title = _("A lesson of %(name)s") % {"name": project.name}
    return respond.form_page(request, form, title=title, verb=_("Write down"), cancel_url=back)


@page(_EDIT, methods=("GET", "POST"))
def edit(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.lesson_for(request.actor, object_id("lsn", pk))
    form = LessonForm(request.POST or None, initial={name: getattr(found, name) for name in LessonForm.base_fields})
    back = reverse("governance:project_lessons", args=[found.project.number])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.edit_lesson(request.actor, lesson_id=found.id, **form.cleaned_data)
            return respond.redirect_with_toast(request, back, _("Saved"), undo=undo_token(request.actor))
    return respond.form_page(request, form, title=found.title, verb=_("Save"), cancel_url=back)


@page(_DROP, methods=("POST",))
def drop(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.lesson_for(request.actor, object_id("lsn", pk))
    actions.drop_lesson(request.actor, lesson_id=found.id)
    url = reverse("governance:project_lessons", args=[found.project.number])
    return respond.redirect_with_toast(request, url, _("Dropped"), undo=undo_token(request.actor))


@page(_PROPOSE, methods=("POST",))
def propose(request: ActorRequest, pk: str) -> HttpResponse:
    """What to do the next time goes to the owner of the project's template."""
    found = queries.lesson_for(request.actor, object_id("lsn", pk))
    actions.propose_lesson(request.actor, lesson_id=found.id)
    url = reverse("governance:project_lessons", args=[found.project.number])
    return respond.redirect_with_toast(request, url, _("Proposed to the owner of the template"))
