"""Forms of governance."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.governance.queries.lists import RAID_KINDS
from quoin.people.queries import job_roles
from quoin.people.queries.within import people_within
from quoin.projects.queries import tasks_of, visible_projects

_HOUR = Decimal(60)
Choices = list[tuple[str, Any]]
_PROBABILITIES = (
    (1, _("1 · rare, 10 %")), (2, _("2 · unlikely, 30 %")), (3, _("3 · possible, 50 %")), (4, _("4 · likely, 70 %")),
    (5, _("5 · almost certain, 90 %")),
)  # fmt: skip
_IMPACTS = (
    (1, _("1 · hardly felt")), (2, _("2 · small")), (3, _("3 · noticeable")), (4, _("4 · grave")),
    (5, _("5 · the project fails")),
)  # fmt: skip


def day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def text_area(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    options.setdefault("required", False)
    return forms.CharField(label=label, max_length=8000, widget=forms.Textarea(attrs={"rows": rows}), **options)


def chosen(label: Any, *, required: bool = False, **options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=UUID, empty_value=None, required=required, **options)


def money_field(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=14, decimal_places=2, **options)


def hours_field(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=9, decimal_places=2, **options)


def minutes_of(hours: Decimal | None) -> int:
    """Hours of a form as minutes."""
    return int((hours or Decimal(0)) * _HOUR)


def choose(form: forms.Form, name: str, found: Choices, *, may_be_none: bool = True) -> None:
    form.fields[name].choices = [("", "–"), *found] if may_be_none else found  # type: ignore[attr-defined]  # choice fields


def task_choices(project: Any) -> Choices:
    return [(str(row.id), f"{row.number} · {row.name}") for row in tasks_of(project)]


def people_choices(actor: Actor) -> Choices:
    people = people_within(actor, "people.person.view").exclude(kind="placeholder").filter(left_on=None)
    return [(str(row.id), row.name) for row in people.order_by("name")]


class ProjectPick(forms.Form):
    """Which project, for a form that depends on it."""

    project = forms.ChoiceField(label=_("Project"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visible_projects(actor).exclude(status="closed")
        choose(self, "project", [(row.number, f"{row.number} · {row.name}") for row in rows], may_be_none=False)


class RaidForm(forms.Form):
    """An entry of a project's log."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(key, one.label) for key, one in RAID_KINDS.items()])
    title = forms.CharField(label=_("What"), max_length=200)
    detail = text_area(_("Details"))
    probability = forms.TypedChoiceField(
        label=_("Probability"), choices=[("", "–"), *_PROBABILITIES], coerce=int, empty_value=None, required=False
    )
    impact = forms.TypedChoiceField(
        label=_("Impact"), choices=[("", "–"), *_IMPACTS], coerce=int, empty_value=None, required=False
    )
    impact_amount = money_field(_("What it costs if it happens"), min_value=0, required=False)
    impact_days = forms.IntegerField(label=_("Days it delays"), min_value=0, max_value=3650, required=False)
    task_id = chosen(_("Task or milestone that it delays"))
    owner_id = chosen(_("Owner"))
    due_on = day_field(_("Due"), required=False)
    response = text_area(_("What we do about it"), 2)

    def __init__(self, actor: Actor, project: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["impact_amount"].help_text = project.currency
        choose(self, "task_id", task_choices(project))
        choose(self, "owner_id", people_choices(actor))

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        return {**self.cleaned_data, "impact_days": self.cleaned_data["impact_days"] or 0}


class ChangeForm(forms.Form):
    """What a change order says beside its lines."""

    title = forms.CharField(label=_("What changes"), max_length=200)
    reason = forms.CharField(label=_("Why"), max_length=400, required=False, help_text=_("For us, not for the client."))
    scope = text_area(_("What the client reads"), 5)
    budget_hours = hours_field(_("Hours more in the budget"), required=False)
    budget_amount = money_field(_("Money more in the budget"), required=False)
    planned_cost = money_field(
        _("Planned cost more"), required=False, help_text=_("Empty: estimated from the effort and who does it.")
    )

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        given = dict(self.cleaned_data)
        given["budget_minutes"] = minutes_of(given.pop("budget_hours"))
        given["budget_amount"] = given["budget_amount"] or Decimal(0)
        return given


class TaskLineForm(forms.Form):
    """A task to add."""

    text = forms.CharField(label=_("Task"), max_length=200)
    hours = hours_field(_("Hours"), min_value=0, help_text=_("0: a milestone."))
    follows_id = chosen(_("After"))
    precedes_id = chosen(_("Before"))
    starts_on = day_field(_("Not before"), required=False)
    ends_on = day_field(_("Done by"), required=False)
    assignee_id = chosen(_("Who"))

    def __init__(self, actor: Actor, project: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "follows_id", task_choices(project))
        choose(self, "precedes_id", task_choices(project))
        choose(self, "assignee_id", people_choices(actor))


class ExtendLineForm(forms.Form):
    """A task that grows or shrinks."""

    task_id = chosen(_("Task"), required=True)
    hours = hours_field(_("Hours more"), help_text=_("Negative: fewer."))
    ends_on = day_field(_("Done by"), required=False)
    text = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, _actor: Actor, project: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "task_id", task_choices(project), may_be_none=False)


class PriceLineForm(forms.Form):
    """A price: an amount, or hours at a rate."""

    text = forms.CharField(label=_("What the client pays for"), max_length=200)
    amount = money_field(_("Amount"), required=False, help_text=_("Negative: comes off the open parts."))
    hours = hours_field(_("or hours"), required=False)
    job_role_id = chosen(_("of the role"), help_text=_("Priced by the rates of the project."))
    ends_on = day_field(_("Due on"), required=False)
    bills_on_due_day = forms.BooleanField(label=_("Billed on that day without sign-off"), required=False)

    def __init__(self, _actor: Actor, _project: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "job_role_id", [(str(row.id), row.name) for row in job_roles()])


class PeopleLineForm(forms.Form):
    """Somebody who is needed for the change."""

    text = forms.CharField(label=_("What for"), max_length=200, required=False)
    job_role_id = chosen(_("Role"))
    percent = forms.IntegerField(label=_("Per cent of a person"), min_value=1, max_value=200, initial=100)
    starts_on = day_field(_("From"))
    ends_on = day_field(_("Until"))

    def __init__(self, _actor: Actor, _project: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "job_role_id", [(str(row.id), row.name) for row in job_roles()])


class AnswerForm(forms.Form):
    """What the client answered."""

    is_accepted = forms.TypedChoiceField(
        label=_("The client"), choices=[("yes", _("accepted")), ("no", _("declined"))], coerce=lambda one: one == "yes"
    )
    answered_by = forms.CharField(label=_("Who of the client"), max_length=120)
    answered_on = day_field(_("On"))
    note = forms.CharField(label=_("Note"), max_length=1000, required=False)
    file = forms.FileField(label=_("Signed paper"), required=False, help_text=_("PDF or picture, at most 10 MB."))


class ReportForm(forms.Form):
    """The words of a status report."""

    summary = text_area(_("Summary"), 2, required=True)
    health = forms.ChoiceField(
        label=_("Health"),
        choices=[("on_track", _("On track")), ("at_risk", _("At risk")), ("off_track", _("Off track"))],
    )
    health_reason = text_area(_("Why"), 2)
    done = text_area(_("Done"), 4)
    upcoming = text_area(_("Next two weeks"), 4)
    asks = text_area(_("What the client is asked to do"), 2)


class LessonForm(forms.Form):
    """What was learned."""

    title = forms.CharField(label=_("What was learned"), max_length=200)
    what = text_area(_("What happened"))
    why = text_area(_("Why"))
    advice = text_area(_("What to do the next time"))
    went_well = forms.BooleanField(label=_("It went well: do it again"), required=False)
