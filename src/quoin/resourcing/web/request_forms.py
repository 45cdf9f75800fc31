"""Forms of requests: what is asked for, and how somebody fills it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.people import queries as people
from quoin.people.queries.skills import VIEW_SKILL, certificates, skills
from quoin.projects.queries import TAKES_TIME, visible_projects

SKILL_ROWS = 4
_PER_HOUR = 60
_PRIORITIES = ((1, _("1 · most urgent")), (2, _("2 · usual")), (3, _("3 · can wait")), (4, _("4 · least urgent")))
_LEVELS = tuple((level, str(level)) for level in range(1, 6))
_PARTS = (("", _("not wanted")), ("must", _("must")), ("nice", _("nice to have")))


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **options)


class RequestForm(forms.Form):
    """A role with skills on a project for some time."""

    project_id = forms.TypedChoiceField(label=_("Project"), coerce=UUID)
    title = forms.CharField(label=_("What for"), required=False, max_length=200)
    job_role_id = forms.TypedChoiceField(label=_("Role"), required=False, coerce=UUID, empty_value=None)
    starts_on = _day(_("From"))
    ends_on = _day(_("To"))
    measure = forms.ChoiceField(
        label=_("Effort in"), choices=(("percent", _("per cent of the week")), ("hours", _("hours per week")))
    )
    amount = forms.DecimalField(label=_("How much"), min_value=Decimal("0.25"), max_digits=6, decimal_places=2)
    curve = forms.RegexField(
        label=_("Per cent of it by week"),
        regex=r"^\s*(\d{1,3}\s*(,\s*\d{1,3}\s*)*)?$",
        required=False,
        help_text=_("For work that swells and fades: 50, 100, 100, 25. Empty: the same every week."),
    )
    certificate_ids = forms.TypedMultipleChoiceField(
        label=_("Certificates that must hold"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.RegexField(
        label=_("Languages"), regex=r"^\s*([a-zA-Z]{2,3}\s*(,\s*[a-zA-Z]{2,3}\s*)*)?$", required=False,
        help_text=_("Codes, as de, en"),
    )  # fmt: skip
    place = forms.CharField(label=_("Place"), required=False, max_length=100)
    priority = forms.TypedChoiceField(label=_("Priority"), coerce=int, choices=_PRIORITIES, initial=2)
    is_firm = forms.BooleanField(
        label=_("The work is sold"), required=False, initial=True, help_text=_("Not ticked: it may not come.")
    )
    most_people = forms.IntegerField(
        label=_("Shared by at most"), min_value=1, max_value=6, initial=1, help_text=_("People.")
    )
    least_share = forms.IntegerField(
        label=_("Each takes at least"), min_value=10, max_value=100, initial=50, help_text=_("Per cent of it.")
    )
    slack_weeks = forms.IntegerField(
        label=_("May start later by"), min_value=0, max_value=26, initial=0, help_text=_("Weeks.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, actor: Actor, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_see = actor.may(VIEW_SKILL)
        projects = visible_projects(actor).filter(status__in=TAKES_TIME)
        self._choose("project_id", [(str(one.id), f"{one.number} · {one.name}") for one in projects])
        self._choose("job_role_id", [("", "–"), *((str(one.id), one.name) for one in people.job_roles())])
        proofs = certificates(actor).filter(is_active=True) if may_see else ()
        self._choose("certificate_ids", [(str(one.id), one.name) for one in proofs])
        offered = skills(actor).filter(is_active=True) if may_see else ()
        names = [("", "–"), *((str(one.id), one.name) for one in offered)]
        for at in range(SKILL_ROWS if len(names) > 1 else 0):
            self.fields[f"skill{at}"] = forms.ChoiceField(label=_("Skill"), required=False, choices=names)
            self.fields[f"level{at}"] = forms.TypedChoiceField(
                label=_("at level, or more"), required=False, coerce=int, choices=_LEVELS, initial=3
            )
            self.fields[f"part{at}"] = forms.ChoiceField(
                label=_("Weight"), required=False, choices=_PARTS[1:], initial="must"
            )
        if is_new:
            self.fields["is_draft"] = forms.BooleanField(
                label=_("Only a placeholder for now"), required=False,
                help_text=_("It counts in the plan; nobody is asked to fill it yet."),
            )  # fmt: skip
        else:
            self.fields["project_id"].disabled = True
        if not proofs:
            del self.fields["certificate_ids"]

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # choice fields

    @property
    def skill_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Skill, level and weight of each line."""
        for at in range(SKILL_ROWS):
            if f"skill{at}" in self.fields:
                yield self[f"skill{at}"], self[f"level{at}"], self[f"part{at}"]

    def fields_of_request(self) -> dict[str, Any]:
        """What the actions take: hours become minutes, lines of text become lists."""
        given = self.cleaned_data
        plain = (
            "title", "job_role_id", "starts_on", "ends_on", "place", "priority", "is_firm", "most_people",
            "least_share", "slack_weeks", "note",
        )  # fmt: skip
        is_percent = given["measure"] == "percent"
        found = {name: given[name] for name in plain} | {
            "percent": int(given["amount"]) if is_percent else None,
            "minutes_per_week": None if is_percent else int(given["amount"] * _PER_HOUR),
            "curve": [int(one) for one in given["curve"].split(",") if one.strip()],
            "languages": [one.strip().lower() for one in given["languages"].split(",") if one.strip()],
        }
        if any(True for _row in self.skill_rows):
            found["skills"] = self._skills()
        if "certificate_ids" in self.fields:
            found["certificate_ids"] = given["certificate_ids"]
        return found

    def _skills(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        chosen = {
            given[f"skill{at}"]: {
                "skill_id": given[f"skill{at}"], "level": given[f"level{at}"] or 3,
                "is_must": given[f"part{at}"] != "nice",
            }
            for at in range(SKILL_ROWS)
            if given.get(f"skill{at}")
        }  # fmt: skip
        return list(chosen.values())


def initial_of(demand: Any, needs: Any, proofs: Any) -> dict[str, Any]:
    """What the form starts with for a request that is there."""
    names = (
        "project_id", "title", "job_role_id", "starts_on", "ends_on", "place", "priority", "is_firm", "most_people",
        "least_share", "slack_weeks", "note",
    )  # fmt: skip
    found = {name: getattr(demand, name) for name in names}
    per_week = demand.minutes_per_week
    found |= {
        "measure": "percent" if demand.percent else "hours",
        "amount": demand.percent or Decimal(per_week or 0) / _PER_HOUR,
        "curve": ", ".join(map(str, demand.curve)),
        "languages": ", ".join(demand.languages),
        "certificate_ids": [str(row.certificate_id) for row in proofs],
    }
    for at, row in enumerate(list(needs)[:SKILL_ROWS]):
        found |= {
            f"skill{at}": str(row.skill_id), f"level{at}": row.level, f"part{at}": "must" if row.is_must else "nice",
        }  # fmt: skip
    return found


class AcceptForm(forms.Form):
    """How somebody fills a request: all of it, or a part."""

    percent = forms.IntegerField(label=_("Per cent of the week"), required=False, min_value=1, max_value=200)
    starts_on = _day(_("From"), required=False)
    ends_on = _day(_("To"), required=False)
    is_firm = forms.BooleanField(
        label=capfirst(_("firm")),
        required=False,
        help_text=_("Tentative time may overlap; firm time must fit into the days."),
    )
    override_reason = forms.CharField(
        label=_("Reason to book over capacity"), required=False, max_length=400,
        help_text=_("Only if it has to be: the reason and your name as approver stay on record."),
    )  # fmt: skip

    def __init__(self, *args: Any, may_override: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_override:
            del self.fields["override_reason"]
