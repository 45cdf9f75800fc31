"""Repair a plan on a page: say what happened, look at three ways out, apply one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.kernel.errors import DomainError, Invalid
from quoin.kernel.ids import from_public_id
from quoin.people.queries.within import people_within
from quoin.projects.queries import TAKES_TIME, visible_projects
from quoin.resourcing.actions.staffing_repair import REPAIR, repair_bookings
from quoin.resourcing.queries import VIEW
from quoin.resourcing.queries.staffing_repair import Trouble, damage, repairs_of
from quoin.resourcing.queries.staffing_words import moves_of, repair_out

AIM_NAMES = {
    "people": gettext_lazy("Fewest people moved"),
    "cost": gettext_lazy("Least cost"),
    "dates": gettext_lazy("Least delay"),
}
_FIELDS = ("person", "project", "from_on", "until_on", "weeks")


@page(REPAIR)
def repair(request: ActorRequest) -> HttpResponse:
    """The form, and below it the ways out for what it says."""
    given = {name: request.GET.get(name, "").strip() for name in _FIELDS}
    context: dict[str, Any] = {
        "title": _("Repair the plan"),
        "area": _("People"),
        "crumbs": ((_("Staffing requests"), reverse("resourcing:requests")),),
        "given": given,
        "people": people_within(request.actor, VIEW).exclude(kind="placeholder").filter(left_on=None),
        "projects": visible_projects(request.actor).filter(status__in=TAKES_TIME),
        "query": urlencode(given),
        "is_asked": any(given.values()),
    }
    if context["is_asked"]:
        try:
            found = damage(request.actor, Trouble.of(_trouble(given)))
            context["hurts"] = found.hurts
            context["ways"] = [
                repair_out(request.actor, found, one) | {"name": AIM_NAMES[one.aim]} for one in repairs_of(found)
            ]
        except DomainError as error:
            context["fault"] = error.problems[0].detail if error.problems else error.detail
    return respond.page(request, "resourcing/staffing_repair.html", context)


@page(REPAIR, methods=("POST",))
def apply(request: ActorRequest) -> HttpResponse:
    """One way out, found anew, so that what changed since is seen."""
    given = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    back = f"{reverse('resourcing:repair')}?{urlencode(given)}"
    try:
        trouble = _trouble(given)
        found = damage(request.actor, Trouble.of(trouble))
        chosen = [one for one in repairs_of(found) if one.aim == request.POST.get("aim")]
        if not chosen or not chosen[0].moves:
            return respond.redirect_with_toast(
                request, back, _("This way out is gone. Look at the others."), meaning="warning"
            )
        repair_bookings(request.actor, trouble=trouble, moves=moves_of(found, chosen[0]))
    except DomainError as error:
        return respond.redirect_with_toast(request, back, error.detail, meaning="warning")
    return respond.redirect_with_toast(
        request, reverse("resourcing:bookings"), _("Repaired; everybody concerned is told."),
        undo=undo_token(request.actor),
    )  # fmt: skip


def _trouble(given: dict[str, str]) -> dict[str, Any]:
    try:
        person = from_public_id("per", given["person"]) if given["person"] else None
        project = from_public_id("prj", given["project"]) if given["project"] else None
    except ValueError:
        raise Invalid("There is no such person or project.") from None
    weeks = given["weeks"]
    return {
        "person_id": person, "project_id": project, "from_on": given["from_on"] or None,
        "until_on": given["until_on"] or None, "weeks": int(weeks) if weeks.isdigit() else 0,
    }  # fmt: skip
