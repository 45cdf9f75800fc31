"""Tabs of a person: skills and certificates, and absence with what is left of the year's leave."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond, tabs
from quoin.people import queries
from quoin.people.queries import absences, skills
from quoin.people.queries.within import people_within

_LAPSES = {
    "lapsed": ("danger", gettext_lazy("Lapsed")),
    "soon": ("warning", gettext_lazy("Ends soon")),
    "": ("success", gettext_lazy("Holds")),
}


def _context(request: ActorRequest, person: Any, *, current: str) -> dict[str, Any]:
    return {
        "title": person.name,
        "area": _("People"),
        "crumbs": ((_("People"), reverse("people:people")),),
        "tabs": tabs.links("person", request.actor, current=current, arguments={"pk": person.public_id}),
        "person": person,
    }


def _reaches(request: ActorRequest, right: str, person: Any) -> bool:
    return request.actor.may(right) and people_within(request.actor, right).filter(id=person.id).exists()


@page(skills.VIEW_SKILL)
def person_skills(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.person_for(request.actor, object_id("per", pk))
    held = skills.certificates_of(request.actor, found.id)
    context = _context(request, found, current="skills") | {
        "skills": skills.skills_of(request.actor, found.id),
        "may_state": _reaches(request, "people.skill.state", found),
        "may_forget": _reaches(request, "people.skill.forget", found),
        "may_give": _reaches(request, "people.certificate.give", found),
        "may_take": _reaches(request, "people.certificate.take", found),
        "certificates": [(row, _LAPSES[skills.lapse_of(row, request.actor.today)]) for row in held],
    }
    return respond.page(request, "people/person_skills.html", context)


@page(absences.VIEW_ABSENCE)
def person_absence(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.person_for(request.actor, object_id("per", pk))
    rows = absences.visible_absences(request.actor).filter(person=found)[:50]
    may_see_balance = people_within(request.actor, absences.VIEW_ALLOWANCE).filter(id=found.id).exists()
    year = request.actor.today.year
    context = _context(request, found, current="absence") | {
        "absences": [
            (row, absences.KINDS[absences.shown_kind(request.actor, row)], absences.STATUSES[row.status])
            for row in rows
        ],
        "balance": absences.balance_for(request.actor, found.id, year) if may_see_balance else None,
        "year": year,
        "may_set": _reaches(request, "people.allowance.set", found),
        "may_ask": _reaches(request, "people.absence.request", found),
    }
    return respond.page(request, "people/person_absence.html", context)
