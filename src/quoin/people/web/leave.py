"""Days of leave: what somebody has in a year, what is carried over; absences taken back and put back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.filling import Sheet, answer
from quoin.people.actions import absences as actions
from quoin.people.queries import absences as queries
from quoin.people.queries.within import person_within
from quoin.people.types import AbsenceKind, AbsenceStatus

_SET, _CARRY = "people.allowance.set", "people.allowance.carry"
CANCEL, RESTORE = "people.absence.cancel", "people.absence.restore"
_FACTS = ("year", "days", "carried_days", "carried_until", "accrues_monthly")


def _days(label: Any, *, is_required: bool = True, hint: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=is_required, help_text=hint, min_value=0, max_value=366, max_digits=4, decimal_places=1
    )


def _until() -> forms.DateField:
    return forms.DateField(
        label=gettext_lazy("Carried days lapse after"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}), help_text=gettext_lazy("Nothing: they last the whole year."),
    )  # fmt: skip


class AllowanceForm(forms.Form):
    """Leave of a person in a year."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=1990, max_value=2100)
    days = _days(gettext_lazy("Days of leave"), hint=gettext_lazy("In whole or half days."))
    carried_days = _days(gettext_lazy("Carried over from the year before"))
    carried_until = _until()
    accrues_monthly = forms.BooleanField(label=gettext_lazy("A twelfth is earned each month"), required=False)


class CarryForm(forms.Form):
    """Which year's rest is carried into the next, and how much of it."""

    year = forms.IntegerField(label=gettext_lazy("Year that ends"), min_value=1990, max_value=2100)
    at_most = _days(
        gettext_lazy("Days at most"), is_required=False, hint=gettext_lazy("Nothing: all that is left is carried.")
    )
    carried_until = _until()


@page(_SET, methods=("GET", "POST"))
def allowance(request: ActorRequest, pk: str) -> HttpResponse:
    person = person_within(request.actor, _SET, object_id("per", pk))
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() else request.actor.today.year
    now = queries.allowance_of(person.id, year)
    known = {name: getattr(now, name) for name in _FACTS} if now else {"year": year, "carried_days": 0}
    form = AllowanceForm(request.POST or None, initial=known)
    sheet = Sheet(
        title=_("Leave of %(name)s") % {"name": person.name}, verb=_("Set leave"), done=_("Saved"),
        back=reverse("people:person_absence", args=[pk]),
    )  # fmt: skip
    return answer(
        request, form, lambda: actions.set_allowance(request.actor, person_id=person.id, **form.cleaned_data), sheet
    )


@page(_CARRY, methods=("GET", "POST"))
def carry(request: ActorRequest) -> HttpResponse:
    form = CarryForm(request.POST or None, initial={"year": request.actor.today.year - 1})
    back = reverse("people:absences")
    counted: list[int] = []

    def run() -> None:
        counted.append(actions.carry_allowances(request.actor, **form.cleaned_data))

    intro = _("What is left of the year goes into the next, for everybody who has leave set. It can be done again.")
    sheet = Sheet(title=_("Carry leave over"), verb=_("Carry leave"), back=back, done=_("Saved"), intro=intro)
    found = answer(request, form, run, sheet)
    if not counted:
        return found
    text = ngettext("Leave of %(count)s person carried", "Leave of %(count)s people carried", counted[0])
    return respond.redirect_with_toast(request, back, text % {"count": counted[0]})


@page(CANCEL, methods=("POST",))
def cancel(request: ActorRequest, pk: str) -> HttpResponse:
    actions.cancel_absence(request.actor, absence_id=object_id("abs", pk))
    return _back(request, pk, _("Absence taken back"))


@page(RESTORE, methods=("POST",))
def restore(request: ActorRequest, pk: str) -> HttpResponse:
    """Back to be decided; sickness, which nobody decides, counts again."""
    found = queries.absence_for(request.actor, object_id("abs", pk))
    status = AbsenceStatus.APPROVED if found.kind == AbsenceKind.SICK else AbsenceStatus.REQUESTED
    actions.restore_absence(request.actor, absence_id=found.id, status=status)
    return _back(request, pk, _("Absence asked for again"))


def _back(request: ActorRequest, pk: str, text: str) -> HttpResponse:
    url = reverse("people:absence", args=[pk])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))
