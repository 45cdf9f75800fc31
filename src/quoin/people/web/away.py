"""Absences and certificates: lists, the request for leave, and its approval."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.people.actions import absences as actions
from quoin.people.queries import absences, skills
from quoin.people.queries.within import people_within
from quoin.people.types import AbsenceKind
from quoin.people.web import leave


class AbsenceForm(forms.Form):
    """Leave that is asked for, or sickness that is reported."""

    person_id = forms.ChoiceField(label=gettext_lazy("Person"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(kind.value, absences.KINDS[kind].label) for kind in AbsenceKind]
    )
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}))
    starts_half = forms.BooleanField(label=gettext_lazy("From noon on the first day"), required=False)
    ends_half = forms.BooleanField(label=gettext_lazy("Until noon on the last day"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=400)


@page(absences.VIEW_ABSENCE)
def absence_list(request: ActorRequest) -> HttpResponse:
    may_ask = request.actor.may("people.absence.request")
    new = reverse("people:absence_new")
    screen = Screen(
        title=_("Absence"),
        area=_("People"),
        empty=Empty(
            text=_("Nobody is away. Ask for leave here; it counts once somebody else has approved it."),
            url=new if may_ask else "",
            verb=_("Ask for leave") if may_ask else "",
        ),
        row_url=lambda row: reverse("people:absence", args=[row.public_id]),
        links=(Link(label=_("Carry leave over"), url=reverse("people:leave_carry")),),
        primary=Link(label=_("Ask for leave"), url=new, icon="plus") if may_ask else None,
    )
    rows = absences.visible_absences(request.actor)
    return list_page(request, absences.absence_listing(request.actor), rows, screen)


@page("people.absence.request", methods=("GET", "POST"))
def new_absence(request: ActorRequest) -> HttpResponse:
    asked = request.GET.get("person", "")
    person_id = object_id("per", asked) if asked else request.actor.person_id
    form = AbsenceForm(request.POST or None, initial={"person_id": person_id})
    people = people_within(request.actor, "people.absence.request").filter(left_on=None)
    form.fields["person_id"].choices = [(str(one.id), one.name) for one in people]  # type: ignore[attr-defined]
    back = reverse("people:absences")
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.request_absence(request.actor, **form.cleaned_data)
            return respond.redirect_with_toast(request, back, _("Asked for"))
    return respond.form_page(request, form, title=_("Ask for leave"), verb=_("Ask"), cancel_url=back)


@page(absences.VIEW_ABSENCE)
def absence(request: ActorRequest, pk: str) -> HttpResponse:
    found = absences.absence_for(request.actor, object_id("abs", pk))
    counts = found.status in {"requested", "approved"}
    is_waiting = found.status == "requested" and found.person_id != request.actor.person_id
    context = {
        "title": found.person.name,
        "status": absences.STATUSES[found.status],
        "area": _("People"),
        "crumbs": ((_("Absence"), reverse("people:absences")),),
        "absence": found,
        "kind": absences.KINDS[absences.shown_kind(request.actor, found)],
        "note": absences.shown_note(request.actor, found),
        "days": absences.length_of(found),
        "may_approve": is_waiting and request.actor.may("people.absence.approve"),
        "may_refuse": is_waiting and request.actor.may("people.absence.refuse"),
        "may_cancel": counts and _reaches(request, leave.CANCEL, found),
        "may_restore": not counts and _reaches(request, leave.RESTORE, found),
    }
    return respond.page(request, "people/absence.html", context)


def _reaches(request: ActorRequest, right: str, found: Any) -> bool:
    return request.actor.may(right) and people_within(request.actor, right).filter(id=found.person_id).exists()


@page("people.absence.approve", methods=("POST",))
def approve(request: ActorRequest, pk: str) -> HttpResponse:
    actions.approve_absence(request.actor, absence_id=object_id("abs", pk))
    return respond.redirect_with_toast(request, reverse("people:absences"), _("Approved"))


@page("people.absence.refuse", methods=("POST",))
def refuse(request: ActorRequest, pk: str) -> HttpResponse:
    actions.refuse_absence(request.actor, absence_id=object_id("abs", pk), note=request.POST.get("note", ""))
    return respond.redirect_with_toast(request, reverse("people:absences"), _("Refused"))


@page(skills.VIEW_SKILL)
def certificate_list(request: ActorRequest) -> HttpResponse:
    screen = Screen(
        title=_("Certificates"),
        area=_("People"),
        empty=Empty(text=_("Nobody holds a certificate yet. Where a role needs one, nobody is booked without it.")),
        row_url=lambda row: reverse("people:person_skills", args=[row.person.public_id]),
        links=(Link(label=_("Catalogue"), url=reverse("people:certificate_catalogue")),),
    )
    return list_page(request, skills.HELD, skills.held_certificates(request.actor), screen)
