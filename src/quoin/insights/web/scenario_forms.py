"""Forms of scenarios: the scenario itself, the starters, and what planner and Gantt put into one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.clients import queries as clients
from quoin.insights.queries.scenarios import visible_scenarios
from quoin.kernel import currency as currencies
from quoin.people.queries import job_roles
from quoin.projects.queries import TAKES_TIME, visible_projects

_WEEK = 7
_REACHES = [("private", _("Only me")), ("team", _("My team")), ("shared", _("Everybody who may see scenarios"))]


def _day(label: Any, **fields: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **fields)


class ScenarioForm(forms.Form):
    """A scenario's name, note, who sees it, and the days that are compared."""

    name = forms.CharField(label=_("Name"), max_length=120)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    reach = forms.ChoiceField(label=_("Who sees it"), choices=_REACHES)
    from_on = _day(_("Compare from"), required=False, help_text=_("Empty: from today."))
    until_on = _day(_("until"), required=False, help_text=_("Empty: half a year on."))


class Into(forms.Form):
    """What is put into a scenario: an own one that is open, or a new one."""

    scenario = forms.ChoiceField(label=_("Scenario"), required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = visible_scenarios(actor).filter(owner=actor.person_id, status="open") if actor.person_id else []
        self.fields["scenario"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("A new scenario")), *((one.public_id, one.name) for one in own)
        ]  # fmt: skip
        self.order_fields([*(name for name in self.fields if name != "scenario"), "scenario"])


class LateForm(Into):
    """What if Y is late by n weeks?"""

    project_id = forms.TypedChoiceField(label=_("Which project"), coerce=UUID)
    weeks = forms.IntegerField(label=_("How many weeks later"), min_value=-52, max_value=104, initial=4)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        rows = visible_projects(actor).filter(status__in=TAKES_TIME)
        self.fields["project_id"].choices = [(str(one.id), f"{one.number} · {one.name}") for one in rows]  # type: ignore[attr-defined]

    def change(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"kind": "project.shift", "project_id": given["project_id"], "days": given["weeks"] * _WEEK}

    def title(self) -> str:
        name = dict(self.fields["project_id"].choices)[str(self.cleaned_data["project_id"])]  # type: ignore[attr-defined]
        return str(_("%(name)s late by %(weeks)s weeks")) % {
            "name": name.partition(" · ")[2], "weeks": self.cleaned_data["weeks"],
        }  # fmt: skip


class HireForm(Into):
    """What if we hire n of role Z?"""

    role_id = forms.TypedChoiceField(label=_("Which role"), coerce=UUID)
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=50, initial=2)
    starts_on = _day(_("From"))
    cost_per_hour = forms.DecimalField(
        label=_("Cost per hour"), required=False, min_value=Decimal(0), max_digits=9, decimal_places=2,
        help_text=_("Empty: what those who have the role cost on average."),
    )  # fmt: skip

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        self.fields["role_id"].choices = [(str(one.id), one.name) for one in job_roles()]  # type: ignore[attr-defined]

    def change(self) -> dict[str, Any]:
        names = ("role_id", "count", "starts_on", "cost_per_hour")
        return {"kind": "person.hire"} | {name: self.cleaned_data[name] for name in names}

    def title(self) -> str:
        role = dict(self.fields["role_id"].choices)[str(self.cleaned_data["role_id"])]  # type: ignore[attr-defined]
        return str(_("Hire %(count)s × %(role)s")) % {"count": self.cleaned_data["count"], "role": role}


class WinForm(Into):
    """What if we win X?"""

    name = forms.CharField(label=_("What is won"), max_length=120)
    client_id = forms.TypedChoiceField(label=_("Client"), coerce=UUID)
    starts_on = _day(_("Starts on"))
    weeks = forms.IntegerField(label=_("How many weeks"), min_value=1, max_value=260, initial=12)
    price = forms.DecimalField(label=_("Price"), min_value=Decimal(0), max_digits=13, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in sorted(currencies.CODES)])
    role_id = forms.TypedChoiceField(label=_("Role that is needed"), coerce=UUID)
    count = forms.IntegerField(label=_("How many people"), min_value=1, max_value=50, initial=2)
    percent = forms.IntegerField(label=_("Per cent of their time"), min_value=1, max_value=100, initial=100)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        self.fields["client_id"].choices = [(str(one.id), one.name) for one in clients.visible_clients(actor)]  # type: ignore[attr-defined]
        self.fields["role_id"].choices = [(str(one.id), one.name) for one in job_roles()]  # type: ignore[attr-defined]

    def change(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("name", "client_id", "starts_on", "weeks", "price", "currency")
        team = [{"role_id": str(given["role_id"]), "percent": given["percent"], "count": given["count"]}]
        return {"kind": "deal.win", **{name: given[name] for name in names}, "team": team}

    def title(self) -> str:
        return str(_("Win %(name)s")) % {"name": self.cleaned_data["name"]}


Starter = LateForm | HireForm | WinForm
"""A question with `change` (as the action takes it) and `title` (of a new scenario)."""
STARTERS: dict[str, tuple[type[Starter], Any]] = {
    "win": (WinForm, _("What if we win …")),
    "late": (LateForm, _("What if … is late?")),
    "hire": (HireForm, _("What if we hire …?")),
}
