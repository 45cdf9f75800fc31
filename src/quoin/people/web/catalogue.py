"""Catalogues of skills and certificates, and what somebody has of them: lists and forms."""

from __future__ import annotations

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
from quoin.people.actions import skills as actions
from quoin.people.queries import skills as queries
from quoin.people.queries.within import person_within
from quoin.people.types import HIGHEST_LEVEL

_SKILL_CREATE, _SKILL_EDIT = "people.skill.create", "people.skill.edit"
_STATE, _FORGET = "people.skill.state", "people.skill.forget"
_CREATE, _EDIT = "people.certificate.create", "people.certificate.edit"
_GIVE, _TAKE = "people.certificate.give", "people.certificate.take"
_LEVELS = tuple(f"levels-{at}" for at in range(HIGHEST_LEVEL + 1))


def _day_field(label: Any, *, is_required: bool = False, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=is_required, help_text=hint, widget=forms.DateInput(attrs={"type": "date"})
    )


class SkillForm(forms.Form):
    """A skill, and what each of its levels means."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    category = forms.CharField(
        label=gettext_lazy("Category"), required=False, max_length=100,
        help_text=gettext_lazy("Skills of one category stand together in the matrix."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("Offered in the matrix"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for at, name in enumerate(_LEVELS):
            self.fields[name] = forms.CharField(label=_("Level %(level)s means") % {"level": at}, max_length=200)

    def facts(self) -> dict[str, Any]:
        names = ("name", "category")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "levels": [self.cleaned_data[name] for name in _LEVELS],
        }


class CertificateForm(forms.Form):
    """A certificate, and how long it holds."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    issuer = forms.CharField(label=gettext_lazy("Issued by"), required=False, max_length=100)
    valid_months = forms.IntegerField(
        label=gettext_lazy("Months it holds"), required=False, min_value=1, max_value=600,
        help_text=gettext_lazy("Nothing: it holds for good."),
    )  # fmt: skip


class StatedForm(forms.Form):
    """How well somebody can do something."""

    skill_id = forms.TypedChoiceField(label=gettext_lazy("Skill"), coerce=UUID)
    level = forms.IntegerField(
        label=gettext_lazy("Level"), min_value=0, max_value=HIGHEST_LEVEL,
        help_text=gettext_lazy("From 0 (none) to 5. Somebody else confirms it."),
    )  # fmt: skip
    wish = forms.ChoiceField(
        label=gettext_lazy("Wish"), required=False,
        choices=[
            ("", "–"), ("grow", gettext_lazy("wants more of it")), ("avoid", gettext_lazy("rather not")),
        ],
    )  # fmt: skip
    last_used_on = _day_field(gettext_lazy("Last used"))


class HeldForm(forms.Form):
    """A certificate that somebody holds."""

    certificate_id = forms.TypedChoiceField(label=gettext_lazy("Certificate"), coerce=UUID)
    issued_on = _day_field(gettext_lazy("Issued"), is_required=True)
    expires_on = _day_field(
        gettext_lazy("Holds until"), hint=gettext_lazy("Left out, it holds as long as the catalogue says.")
    )
    number = forms.CharField(label=gettext_lazy("Number"), required=False, max_length=100)


@page(queries.VIEW_SKILL)
def skill_list(request: ActorRequest) -> HttpResponse:
    actor, new = request.actor, reverse("people:skill_new")
    may_add, may_edit = actor.may(_SKILL_CREATE), actor.may(_SKILL_EDIT)
    screen = Screen(
        title=_("Catalogue of skills"), area=_("People"), crumbs=((_("Skills"), reverse("people:skills")),),
        empty=Empty(
            text=_("No skills yet. Add those that your work asks for."),
            url=new if may_add else "", verb=_("New skill") if may_add else "",
        ),
        row_url=lambda row: reverse("people:skill_edit" if may_edit else "people:skill_people", args=[row.public_id]),
        links=(Link(label=_("Certificates"), url=reverse("people:certificate_catalogue")),),
        primary=Link(label=_("New skill"), url=new, icon="plus") if may_add else None,
    )  # fmt: skip
    return list_page(request, queries.SKILLS, queries.skills(actor), screen)


@page(_SKILL_CREATE, methods=("GET", "POST"))
def skill_new(request: ActorRequest) -> HttpResponse:
    initial = dict(zip(_LEVELS, actions.LEVELS, strict=True))
    form = SkillForm(request.POST or None, initial=initial)
    del form.fields["is_active"]
    sheet = Sheet(
        title=_("New skill"), verb=_("Add skill"), back=reverse("people:skill_catalogue"), done=_("Skill added")
    )
    return answer(request, form, lambda: actions.create_skill(request.actor, **form.facts()), sheet)


@page(_SKILL_EDIT, methods=("GET", "POST"))
def skill_edit(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.skill_for(request.actor, object_id("skl", pk))
    initial = {name: getattr(found, name) for name in ("name", "category", "is_active")}
    form = SkillForm(request.POST or None, initial=initial | dict(zip(_LEVELS, found.levels, strict=True)))

    def run() -> Any:
        is_active = form.cleaned_data["is_active"]
        return actions.edit_skill(request.actor, skill_id=found.id, **form.facts(), is_active=is_active)

    title = _("Edit %(name)s") % {"name": found.name}
    back = reverse("people:skill_catalogue")
    return answer(request, form, run, Sheet(title=title, verb=_("Save"), back=back, done=_("Saved")))


@page(queries.VIEW_SKILL)
def certificate_catalogue(request: ActorRequest) -> HttpResponse:
    actor, new = request.actor, reverse("people:certificate_new")
    may_add, may_edit = actor.may(_CREATE), actor.may(_EDIT)
    screen = Screen(
        title=_("Catalogue of certificates"), area=_("People"),
        crumbs=((_("Certificates"), reverse("people:certificates")),),
        empty=Empty(
            text=_("No certificates yet. Add those without which somebody may not do the work."),
            url=new if may_add else "", verb=_("New certificate") if may_add else "",
        ),
        row_url=(lambda row: reverse("people:certificate_edit", args=[row.public_id])) if may_edit else None,
        links=(Link(label=_("Skills"), url=reverse("people:skill_catalogue")),),
        primary=Link(label=_("New certificate"), url=new, icon="plus") if may_add else None,
    )  # fmt: skip
    return list_page(request, queries.CERTIFICATES, queries.certificates(actor), screen)


@page(_CREATE, methods=("GET", "POST"))
def certificate_new(request: ActorRequest) -> HttpResponse:
    form = CertificateForm(request.POST or None)
    sheet = Sheet(
        title=_("New certificate"), verb=_("Add certificate"), back=reverse("people:certificate_catalogue"),
        done=_("Certificate added"),
    )  # fmt: skip
    return answer(request, form, lambda: actions.create_certificate(request.actor, **form.cleaned_data), sheet)


@page(_EDIT, methods=("GET", "POST"))
def certificate_edit(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.certificate_for(request.actor, object_id("crt", pk))
    form = CertificateForm(
        request.POST or None, initial={name: getattr(found, name) for name in CertificateForm.base_fields}
    )

    def run() -> Any:
        return actions.edit_certificate(request.actor, certificate_id=found.id, **form.cleaned_data)

    title = _("Edit %(name)s") % {"name": found.name}
    back = reverse("people:certificate_catalogue")
    return answer(request, form, run, Sheet(title=title, verb=_("Save"), back=back, done=_("Saved")))


@page(_STATE, methods=("GET", "POST"))
def state(request: ActorRequest, pk: str) -> HttpResponse:
    """A skill of a person: a new one, or another level of one that they have."""
    person = person_within(request.actor, _STATE, object_id("per", pk))
    offered = queries.skills(request.actor).filter(is_active=True)
    form = StatedForm(request.POST or None)
    chosen: Any = form.fields["skill_id"]
    chosen.choices = [(str(one.id), one.name) for one in offered]
    sheet = Sheet(
        title=_("Skill of %(name)s") % {"name": person.name}, verb=_("Set level"), done=_("Saved"),
        back=reverse("people:person_skills", args=[pk]),
    )  # fmt: skip
    return answer(
        request, form, lambda: actions.state_skill(request.actor, person_id=person.id, **form.cleaned_data), sheet
    )


@page(_FORGET, methods=("POST",))
def forget(request: ActorRequest, pk: str, skill: str) -> HttpResponse:
    actions.forget_skill(request.actor, person_id=object_id("per", pk), skill_id=object_id("skl", skill))
    return _back(request, pk, _("Skill removed"))


@page(_GIVE, methods=("GET", "POST"))
def give(request: ActorRequest, pk: str) -> HttpResponse:
    person = person_within(request.actor, _GIVE, object_id("per", pk))
    form = HeldForm(request.POST or None)
    chosen: Any = form.fields["certificate_id"]
    chosen.choices = [(str(one.id), one.name) for one in queries.certificates(request.actor)]
    sheet = Sheet(
        title=_("Certificate of %(name)s") % {"name": person.name}, verb=_("Record certificate"), done=_("Saved"),
        back=reverse("people:person_skills", args=[pk]),
    )  # fmt: skip
    return answer(
        request, form, lambda: actions.give_certificate(request.actor, person_id=person.id, **form.cleaned_data), sheet
    )


@page(_TAKE, methods=("POST",))
def take(request: ActorRequest, pk: str, held: str) -> HttpResponse:
    person_within(request.actor, _TAKE, object_id("per", pk))
    actions.take_certificate(request.actor, held_id=object_id("pce", held))
    return _back(request, pk, _("Certificate deleted"))


def _back(request: ActorRequest, pk: str, text: str) -> HttpResponse:
    url = reverse("people:person_skills", args=[pk])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))
