"""Calendar addresses of one's own: make one for a person, a project or a team; its address is shown once; revoke it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import undo_token
from quoin.base.actor import Actor
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.people.queries.absences import VIEW_ABSENCE
from quoin.people.queries.within import people_within, teams_within
from quoin.projects.queries import TAKES_TIME, visible_projects
from quoin.resourcing.actions import feeds as actions
from quoin.resourcing.queries import VIEW
from quoin.resourcing.queries import feeds as queries

_CREATE, _REVOKE = "resourcing.feed.create", "resourcing.feed.revoke"
_PREFIX = {"person": "per", "project": "prj", "team": "tea"}
KINDS = {
    "person": gettext_lazy("Person: bookings, absences and tasks"), "project": gettext_lazy("Project"),
    "team": gettext_lazy("Team: who is away"),
}  # fmt: skip
_DETAILS = (
    ("project", gettext_lazy("the project")), ("client", gettext_lazy("only the client")),
    ("busy", gettext_lazy("only that somebody is booked")),
)  # fmt: skip


class FeedForm(forms.Form):
    """What the calendar shows, and how much its titles say."""

    subject = forms.ChoiceField(label=gettext_lazy("Calendar of"))
    detail = forms.ChoiceField(label=gettext_lazy("Titles say"), choices=_DETAILS)
    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=100)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_within(actor, VIEW).exclude(kind="placeholder").filter(left_on=None)
        projects = visible_projects(actor).filter(status__in=TAKES_TIME)
        groups = [
            (KINDS["person"], [(f"person {one.public_id}", one.name) for one in people]),
            (KINDS["project"], [(f"project {one.public_id}", f"{one.number} · {one.name}") for one in projects]),
            (KINDS["team"], [(f"team {one.public_id}", one.name) for one in teams_within(actor, VIEW_ABSENCE)]),
        ]
        self.fields["subject"].choices = [one for one in groups if one[1]]  # type: ignore[attr-defined]  # a choice field

    def fields_of_feed(self) -> dict[str, Any]:
        kind, _space, key = self.cleaned_data["subject"].partition(" ")
        subject: UUID = object_id(_PREFIX[kind], key)
        return {
            "kind": kind, "subject_id": subject, "detail": self.cleaned_data["detail"],
            "name": self.cleaned_data["name"],
        }  # fmt: skip


@page(queries.VIEW_FEED, methods=("GET", "POST"))
def feeds(request: ActorRequest) -> HttpResponse:
    """The list, and the form; after a POST the new address, which nothing shows again."""
    actor = request.actor
    form = FeedForm(actor, request.POST or None, initial=_asked(request))
    made = None
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = actions.create_feed(actor, **form.fields_of_feed())
            form = FeedForm(actor)
    context = {
        "title": _("Calendar feeds"), "area": _("Me"), "form": form, "made": made,
        "rows": [(row, KINDS[row.kind]) for row in queries.own_feeds(actor)],
        "may_add": actor.may(_CREATE), "may_revoke": actor.may(_REVOKE),
    }  # fmt: skip
    response = respond.page(request, "resourcing/feeds.html", context, status=422 if form.errors else 200)
    if made is not None:
        response["Cache-Control"] = "no-store"
    return response


def _asked(request: ActorRequest) -> dict[str, str]:
    kind, subject = request.GET.get("kind", ""), request.GET.get("subject", "")
    if not kind and not subject:
        own = request.actor.person_id
        return {"subject": f"person {public_id('per', own)}"} if own else {}
    if kind not in _PREFIX:
        raise invalid("/kind", _("A feed is of a person, a project or a team."))
    return {"subject": f"{kind} {subject}"}


@page(_REVOKE, methods=("POST",))
def revoke(request: ActorRequest, pk: str) -> HttpResponse:
    actions.revoke_feed(request.actor, feed_id=object_id("fed", pk))
    url = reverse("resourcing:feeds")
    return respond.redirect_with_toast(
        request, url, _("Revoked: the address answers nothing any more"), undo=undo_token(request.actor)
    )
