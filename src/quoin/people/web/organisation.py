"""Teams and job roles: lists, who is in them, and the forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.filling import Sheet, answer
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.people.actions import organisation as actions
from quoin.people.actions.skills import require_certificates
from quoin.people.queries import VIEW, visible_people
from quoin.people.queries import organisation as queries
from quoin.people.queries.choices import certificate_choices

_TEAM_CREATE, _TEAM_EDIT, _TEAM_DELETE = "people.team.create", "people.team.edit", "people.team.delete"
_ROLE_CREATE, _ROLE_EDIT, _ROLE_DELETE = "people.job_role.create", "people.job_role.edit", "people.job_role.delete"
_REQUIRE = "people.certificate.require"


class NameForm(forms.Form):
    """What a team or a role is called."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)


class TeamForm(NameForm):
    """A team, and all who are in it."""

    person_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Who is in it"), coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Everybody is in one team at most: who is chosen here leaves the team they were in."),
    )  # fmt: skip


class NeedsForm(forms.Form):
    """Certificates without which nobody is booked in a role."""

    certificate_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Certificates"), coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple
    )


@page(VIEW)
def team_list(request: ActorRequest) -> HttpResponse:
    may_add, new = request.actor.may(_TEAM_CREATE), reverse("people:team_new")
    screen = Screen(
        title=_("Teams"), area=_("People"), crumbs=((_("People"), reverse("people:people")),),
        empty=Empty(
            text=_("No teams yet. Leads of teams plan and approve what their team does."),
            url=new if may_add else "", verb=_("New team") if may_add else "",
        ),
        row_url=lambda row: reverse("people:team", args=[row.public_id]),
        links=(Link(label=_("Roles"), url=reverse("people:job_roles")),),
        primary=Link(label=_("New team"), url=new, icon="plus") if may_add else None,
    )  # fmt: skip
    return list_page(request, queries.TEAMS, queries.team_list(request.actor), screen)


@page(VIEW)
def team(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.team_for(request.actor, object_id("tea", pk))
    members = queries.team_members(request.actor, found.id)
    context = {
        "title": found.name, "area": _("People"), "crumbs": ((_("Teams"), reverse("people:teams")),),
        "members": members, "heading": _("Who is in it"), "nobody": _("Nobody is in this team yet."),
        "edit_url": reverse("people:team_edit", args=[pk]), "may_edit": request.actor.may(_TEAM_EDIT),
        "edit_verb": _("Choose people"), "delete_url": reverse("people:team_delete", args=[pk]),
        "may_delete": request.actor.may(_TEAM_DELETE) and not found.people, "is_team": True,
    }  # fmt: skip
    return respond.page(request, "people/group.html", context)


@page(_TEAM_CREATE, methods=("GET", "POST"))
def team_new(request: ActorRequest) -> HttpResponse:
    form = NameForm(request.POST or None)
    sheet = Sheet(
        title=_("New team"), verb=_("Add team"), back=reverse("people:teams"), done=_("Team added"),
        leads_to=lambda made: reverse("people:team", args=[made.public_id]),
    )  # fmt: skip
    return answer(request, form, lambda: actions.create_team(request.actor, **form.cleaned_data), sheet)


@page(_TEAM_EDIT, methods=("GET", "POST"))
def team_edit(request: ActorRequest, pk: str) -> HttpResponse:
    """People whom the actor may not see stay where they are."""
    found = queries.team_for(request.actor, object_id("tea", pk))
    seen = list(visible_people(request.actor).filter(left_on=None))
    members = {person.id for person in seen if person.team_id == found.id}
    form = TeamForm(request.POST or None, initial={"name": found.name, "person_ids": sorted(map(str, members))})
    offered: Any = form.fields["person_ids"]
    offered.choices = [(str(one.id), f"{one.name} · {one.team.name}" if one.team else one.name) for one in seen]

    def run() -> Any:
        chosen = set(form.cleaned_data["person_ids"])
        places: dict[str, str | None] = {str(one): str(found.id) for one in chosen - members}
        places |= {str(one): None for one in members - chosen}
        return actions.edit_team(request.actor, team_id=found.id, name=form.cleaned_data["name"], places=places)

    title = _("Edit %(name)s") % {"name": found.name}
    return answer(request, form, run, Sheet(
        title=title, verb=_("Save"), back=reverse("people:team", args=[pk]), done=_("Saved")
    ))  # fmt: skip


@page(_TEAM_DELETE, methods=("POST",))
def team_delete(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.team_for(request.actor, object_id("tea", pk))
    return _deleted(
        request, lambda: actions.delete_team(request.actor, team_id=found.id), "people:teams", _("Team deleted")
    )


@page(VIEW)
def role_list(request: ActorRequest) -> HttpResponse:
    may_add, new = request.actor.may(_ROLE_CREATE), reverse("people:job_role_new")
    screen = Screen(
        title=_("Job roles"), area=_("People"), crumbs=((_("People"), reverse("people:people")),),
        empty=Empty(
            text=_("No roles yet. Rates, plans and requests name them: consultant, architect, technician."),
            url=new if may_add else "", verb=_("New role") if may_add else "",
        ),
        row_url=lambda row: reverse("people:job_role", args=[row.public_id]),
        links=(Link(label=_("Teams"), url=reverse("people:teams")),),
        primary=Link(label=_("New role"), url=new, icon="plus") if may_add else None,
    )  # fmt: skip
    return list_page(request, queries.JOB_ROLES, queries.job_role_list(request.actor), screen)


@page(VIEW)
def role(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.job_role_for(request.actor, object_id("job", pk))
    context = {
        "title": found.name, "area": _("People"), "crumbs": ((_("Job roles"), reverse("people:job_roles")),),
        "members": queries.role_members(request.actor, found.id), "heading": _("Who has it"),
        "nobody": _("Nobody has this role yet. It is given in the form of a person."),
        "edit_url": reverse("people:job_role_edit", args=[pk]), "may_edit": request.actor.may(_ROLE_EDIT),
        "delete_url": reverse("people:job_role_delete", args=[pk]),
        "may_delete": request.actor.may(_ROLE_DELETE) and not found.people and not found.certificates,
        "needs": queries.certificates_needed(found.id), "needs_url": reverse("people:job_role_needs", args=[pk]),
        "may_require": request.actor.may(_REQUIRE),
    }  # fmt: skip
    return respond.page(request, "people/group.html", context)


@page(_ROLE_CREATE, methods=("GET", "POST"))
def role_new(request: ActorRequest) -> HttpResponse:
    form = NameForm(request.POST or None)
    sheet = Sheet(
        title=_("New role"), verb=_("Add role"), back=reverse("people:job_roles"), done=_("Role added"),
        leads_to=lambda made: reverse("people:job_role", args=[made.public_id]),
    )  # fmt: skip
    return answer(request, form, lambda: actions.create_job_role(request.actor, **form.cleaned_data), sheet)


@page(_ROLE_EDIT, methods=("GET", "POST"))
def role_edit(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.job_role_for(request.actor, object_id("job", pk))
    form = NameForm(request.POST or None, initial={"name": found.name})

    def run() -> Any:
        return actions.edit_job_role(request.actor, job_role_id=found.id, **form.cleaned_data)

    title = _("Edit %(name)s") % {"name": found.name}
    return answer(request, form, run, Sheet(
        title=title, verb=_("Save"), back=reverse("people:job_role", args=[pk]), done=_("Saved")
    ))  # fmt: skip


@page(_REQUIRE, methods=("GET", "POST"))
def role_needs(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.job_role_for(request.actor, object_id("job", pk))
    needed = [str(one.id) for one in queries.certificates_needed(found.id)]
    form = NeedsForm(request.POST or None, initial={"certificate_ids": needed})
    form.fields["certificate_ids"].choices = certificate_choices()  # type: ignore[attr-defined]  # a choice field
    sheet = Sheet(
        title=_("Certificates of %(name)s") % {"name": found.name}, verb=_("Save"), done=_("Saved"),
        back=reverse("people:job_role", args=[pk]), intro=_("Nobody is booked in the role without all of these."),
    )  # fmt: skip
    return answer(
        request, form, lambda: require_certificates(request.actor, job_role_id=found.id, **form.cleaned_data), sheet
    )


@page(_ROLE_DELETE, methods=("POST",))
def role_delete(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.job_role_for(request.actor, object_id("job", pk))
    return _deleted(
        request, lambda: actions.delete_job_role(request.actor, job_role_id=found.id), "people:job_roles",
        _("Role deleted"),
    )  # fmt: skip


def _deleted(request: ActorRequest, run: Callable[[], None], back: str, text: str) -> HttpResponse:
    run()
    return respond.redirect_with_toast(request, reverse(back), text, undo=undo_token(request.actor))
