"""Forms of scenarios: the scenario itself, the starters, and what planner and Gantt put into one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.catalog.queries import VIEW as VIEW_RATES
from quoin.catalog.queries.cards import cards
from quoin.clients import queries as clients
from quoin.insights.queries.scenarios import fixed_prices, visible_scenarios
from quoin.kernel import currency as currencies
from quoin.people.queries import job_roles, visible_people
from quoin.projects.queries import TAKES_TIME, visible_projects
from quoin.resourcing.queries import visible_bookings

_WEEK, _MOST_BOOKINGS = 7, 500
_REACHES = [
    ("private", _("Only me")), ("team", _("My team")), ("people", _("People I name")),
    ("shared", _("Everybody who may see scenarios")),
]  # fmt: skip


def _day(label: Any, **fields: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **fields)


def _choose(form: forms.Form, name: str, found: list[tuple[str, str]]) -> None:
    form.fields[name].choices = found  # type: ignore[attr-defined]  # a choice field


def _people(actor: Actor) -> list[tuple[str, str]]:
    rows = visible_people(actor).exclude(kind="placeholder").filter(left_on=None).order_by("name")
    return [(str(one.id), one.name) for one in rows]


def _projects(actor: Actor) -> list[tuple[str, str]]:
    rows = visible_projects(actor).filter(status__in=TAKES_TIME)
    return [(str(one.id), f"{one.number} · {one.name}") for one in rows]


class ScenarioForm(forms.Form):
    """A scenario's name, note, who sees it, and the days that are compared."""

    name = forms.CharField(label=_("Name"), max_length=120)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    reach = forms.ChoiceField(label=_("Who sees it"), choices=_REACHES)
    reader_ids = forms.TypedMultipleChoiceField(
        label=_("People"), coerce=UUID, required=False, help_text=_("For “People I name”.")
    )
    from_on = _day(_("Compare from"), required=False, help_text=_("Empty: from today."))
    until_on = _day(_("until"), required=False, help_text=_("Empty: half a year on."))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "reader_ids", _people(actor))


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


class BookForm(Into):
    """What if somebody works on Y?"""

    person_id = forms.TypedChoiceField(label=_("Who"), coerce=UUID)
    project_id = forms.TypedChoiceField(label=_("On which project"), coerce=UUID)
    starts_on = _day(_("From"))
    ends_on = _day(_("until"))
    amount = forms.IntegerField(label=_("Per cent of their time"), min_value=1, max_value=100, initial=100)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        _choose(self, "person_id", _people(actor))
        _choose(self, "project_id", _projects(actor))

    def change(self) -> dict[str, Any]:
        names = ("person_id", "project_id", "starts_on", "ends_on", "amount")
        return {"kind": "booking.add", "effort": "percent"} | {name: self.cleaned_data[name] for name in names}

    def title(self) -> str:
        return str(_("%(name)s on %(project)s")) % {
            "name": _label(self, "person_id"), "project": _label(self, "project_id").partition(" · ")[2],
        }  # fmt: skip


class MoveForm(Into):
    """What if a booking moves, goes to somebody else, or is no more?"""

    booking_id = forms.TypedChoiceField(label=_("Which booking"), coerce=UUID)
    by_days = forms.IntegerField(
        label=_("Days later"), min_value=-366, max_value=731, required=False, help_text=_("Below zero: earlier.")
    )
    person_id = forms.TypedChoiceField(
        label=_("To whom"), coerce=UUID, required=False, empty_value=None, help_text=_("Empty: they keep it.")
    )
    is_removed = forms.BooleanField(label=_("Remove it instead"), required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        rows = visible_bookings(actor).filter(ends_on__gte=actor.today).order_by("person__name", "starts_on")
        found = [
            (str(one.id), f"{one.person.name} · {one.project.name} · {one.starts_on} – {one.ends_on}")
            for one in rows[:_MOST_BOOKINGS]
        ]
        _choose(self, "booking_id", found)
        _choose(self, "person_id", [("", "–"), *_people(actor)])

    def change(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given["is_removed"]:
            return {"kind": "booking.remove", "booking_id": given["booking_id"]}
        return {
            "kind": "booking.move", "booking_id": given["booking_id"], "by_days": given["by_days"] or 0,
            "person_id": given["person_id"],
        }  # fmt: skip

    def title(self) -> str:
        words = _("Without %(name)s") if self.cleaned_data["is_removed"] else _("Move %(name)s")
        return str(words) % {"name": _label(self, "booking_id").rpartition(" · ")[0]}


class LeaveForm(Into):
    """What if somebody leaves?"""

    person_id = forms.TypedChoiceField(label=_("Who"), coerce=UUID)
    on = _day(_("First day without them"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        _choose(self, "person_id", _people(actor))

    def change(self) -> dict[str, Any]:
        return {"kind": "person.leave", "person_id": self.cleaned_data["person_id"], "on": self.cleaned_data["on"]}

    def title(self) -> str:
        return str(_("%(name)s leaves")) % {"name": _label(self, "person_id")}


class RateForm(Into):
    """What if prices change?"""

    card_id = forms.TypedChoiceField(label=_("Which rate card"), coerce=UUID)
    percent = forms.DecimalField(label=_("By how many per cent"), max_digits=6, decimal_places=2, initial=5)
    from_on = _day(_("From"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        found = cards(actor) if actor.may(VIEW_RATES) else ()
        _choose(self, "card_id", [(str(one.id), f"{one.name} · {one.currency}") for one in found])

    def change(self) -> dict[str, Any]:
        return {"kind": "rate.change"} | {name: self.cleaned_data[name] for name in ("card_id", "percent", "from_on")}

    def title(self) -> str:
        return str(_("%(name)s %(percent)s %%")) % {
            "name": _label(self, "card_id").partition(" · ")[0], "percent": f"{self.cleaned_data['percent']:+}",
        }  # fmt: skip


class PriceForm(Into):
    """What if a fixed price is another?"""

    contract_id = forms.TypedChoiceField(label=_("Which fixed price"), coerce=UUID)
    price = forms.DecimalField(
        label=_("New price"), min_value=Decimal(0), max_digits=13, decimal_places=2,
        help_text=_("The difference goes on the parts that are not reached yet."),
    )  # fmt: skip

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        _choose(self, "contract_id", fixed_prices(actor))

    def change(self) -> dict[str, Any]:
        return {"kind": "price.change"} | {name: self.cleaned_data[name] for name in ("contract_id", "price")}

    def title(self) -> str:
        return str(_("%(name)s for %(price)s")) % {
            "name": _label(self, "contract_id").partition(" · ")[0], "price": self.cleaned_data["price"],
        }  # fmt: skip


class LoseForm(Into):
    """What if a deal is lost?"""

    project_id = forms.TypedChoiceField(label=_("Which project"), coerce=UUID)
    on = _day(_("First day without it"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        _choose(self, "project_id", _projects(actor))

    def change(self) -> dict[str, Any]:
        return {"kind": "deal.lose", "project_id": self.cleaned_data["project_id"], "on": self.cleaned_data["on"]}

    def title(self) -> str:
        return str(_("%(name)s is lost")) % {"name": _label(self, "project_id").partition(" · ")[2]}


def _label(form: forms.Form, name: str) -> str:
    """What the chosen entry of a list is called."""
    return str(dict(form.fields[name].choices).get(str(form.cleaned_data[name]), ""))  # type: ignore[attr-defined]


Starter = LateForm | HireForm | WinForm | BookForm | MoveForm | LeaveForm | RateForm | PriceForm | LoseForm
"""A question with `change` (as the action takes it) and `title` (of a new scenario)."""
STARTERS: dict[str, tuple[type[Starter], Any]] = {
    "win": (WinForm, _("What if we win …")),
    "late": (LateForm, _("What if … is late?")),
    "hire": (HireForm, _("What if we hire …?")),
    "book": (BookForm, _("Book somebody")),
    "move": (MoveForm, _("Move a booking")),
    "leave": (LeaveForm, _("Somebody leaves")),
    "rate": (RateForm, _("Rates change")),
    "price": (PriceForm, _("A fixed price changes")),
    "lose": (LoseForm, _("A deal is lost")),
}
FIRST = ("win", "late", "hire")
"""Questions that an empty list begins with."""
