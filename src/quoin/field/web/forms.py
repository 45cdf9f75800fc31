"""Forms of field work."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.clients.queries import visible_clients
from quoin.field import queries
from quoin.field.queries.acceptance import checklists, open_milestones, signed_visits, units_left
from quoin.people.queries.choices import certificate_choices
from quoin.people.queries.within import people_within
from quoin.projects.queries import TAKES_TIME, tasks_of, visible_projects

_KINDS = (("vehicle", _("Vehicle")), ("crane", _("Crane")), ("tool", _("Tool set")))
_PHOTO_MARK = "*"
Choices = list[tuple[str, Any]]


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _text(label: Any, *, length: int = 200, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=length, **options)


def _chosen(label: Any, **options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=UUID, empty_value=None, required=False, **options)


def _choose(form: forms.Form, name: str, found: Choices, *, may_be_none: bool = True) -> None:
    form.fields[name].choices = [("", "–"), *found] if may_be_none else found  # type: ignore[attr-defined]  # choice fields


def _tasks(project: Any) -> Choices:
    return [(str(row.id), f"{row.number} · {row.name}") for row in tasks_of(project)]


class ProjectPick(forms.Form):
    """Which project, for a form that depends on it."""

    project = forms.ChoiceField(label=_("Project"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visible_projects(actor).filter(status__in=TAKES_TIME)
        _choose(self, "project", [(row.number, f"{row.number} · {row.name}") for row in rows], may_be_none=False)


class DeliveryForm(forms.Form):
    """Goods that a project waits for."""

    item = forms.CharField(label=_("Item"), max_length=200)
    kind = _text(_("Kind of equipment"), length=80, help_text=_("In your own words, as gantry crane or press."))
    supplier = _text(_("Supplier"))
    order_number = _text(_("Order number"))
    quantity = forms.DecimalField(label=_("Quantity"), min_value=Decimal("0.001"), decimal_places=3, initial=1)
    unit = forms.CharField(label=_("Unit"), max_length=20, initial="pcs")
    task_id = _chosen(_("Task that waits for the goods"))
    site_id = _chosen(_("Site"))
    milestone_id = _chosen(
        _("Falls due with acceptance"), help_text=_("A part of the price, once all goods tied to it are accepted.")
    )
    warranty_months = forms.IntegerField(label=_("Months of warranty"), min_value=0, max_value=240, required=False)
    note = _text(_("Note"), length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, actor: Actor, project: Any, *args: Any, delivery: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "task_id", _tasks(project))
        parts = open_milestones(delivery, project.contract_id)
        _choose(self, "milestone_id", [(str(row.id), row.name) for row in parts])
        sites = queries.visible_sites(actor).filter(client=project.client_id)
        _choose(self, "site_id", [(str(row.id), row.name) for row in sites])


class NewDeliveryForm(DeliveryForm):
    """With the day that the supplier promises."""

    expected_on = _day(_("Promised for"), required=False)
    field_order = ("item", "kind", "supplier", "order_number", "quantity", "unit", "expected_on", "task_id", "site_id")


class DateForm(forms.Form):
    """The supplier's latest word."""

    expected_on = _day(_("Expected"))
    reason = forms.CharField(label=_("Why it changed"), max_length=400, required=False)
    is_plan_kept = forms.BooleanField(label=_("Leave plan and visits as they are"), required=False)


class SiteForm(forms.Form):
    """A place where work is done."""

    name = forms.CharField(label=_("Name"), max_length=120)
    street = _text(_("Street"))
    postal_code = _text(_("Postal code"), length=20)
    city = _text(_("City"))
    country = _text(_("Country"), length=2, help_text=_("Two letters, as DE."))
    latitude = forms.DecimalField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, decimal_places=5,
        help_text=_("With it, travel times are estimated without a map service."),
    )  # fmt: skip
    longitude = forms.DecimalField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180, decimal_places=5
    )
    contact_name = _text(_("Contact"))
    contact_phone = _text(_("Phone"), length=40)
    access_note = _text(_("How to get in"), length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class NewSiteForm(SiteForm):
    """With the client whose site it is."""

    client_id = forms.TypedChoiceField(label=_("Client"), coerce=UUID)
    field_order = ("client_id",)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "client_id", [(str(row.id), row.name) for row in visible_clients(actor)], may_be_none=False)


class EquipmentForm(forms.Form):
    """A thing that crews share."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=_KINDS)
    registration = _text(_("Registration"), length=40)
    certificate_id = _chosen(_("Who uses it holds"))
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "certificate_id", certificate_choices())


class VisitForm(forms.Form):
    """What a visit is about."""

    title = forms.CharField(label=_("What for"), max_length=200)
    site_id = forms.TypedChoiceField(label=_("Site"), coerce=UUID)
    task_id = _chosen(_("Task"))
    earliest_on = _day(_("Not before"), required=False)
    latest_on = _day(_("Not after"), required=False)
    work_minutes = forms.IntegerField(label=_("Minutes of work"), min_value=15, max_value=20160, initial=240)
    crew_size = forms.IntegerField(label=_("People"), min_value=1, max_value=50, initial=1)
    certificate_id = _chosen(_("Everybody holds"))
    deliveries = forms.TypedMultipleChoiceField(label=_("Goods to install"), coerce=UUID, required=False)
    instructions = _text(_("Instructions"), length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    checklist_id = _chosen(
        _("Copy a checklist"), help_text=_("Its lines come first. Later changes to it do not reach this visit.")
    )
    checklist = _text(
        _("Checklist"), length=8000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One line each; a * at the end asks for a photo."),
    )  # fmt: skip

    def __init__(self, actor: Actor, project: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = queries.visible_sites(actor).filter(client=project.client_id)
        goods = queries.deliveries_of(project.id)
        _choose(self, "site_id", [(str(row.id), row.name) for row in sites], may_be_none=False)
        _choose(self, "task_id", _tasks(project))
        _choose(self, "certificate_id", certificate_choices())
        _choose(self, "deliveries", [(str(row.id), f"{row.number} · {row.item}") for row in goods], may_be_none=False)
        lists = checklists(actor).filter(is_active=True)
        _choose(self, "checklist_id", [(str(row.id), f"{row.name} · {row.kind}".rstrip(" ·")) for row in lists])

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        return {**self.cleaned_data, "checklist": checklist_lines(self.cleaned_data["checklist"])}


def checklist_lines(text: str) -> list[tuple[str, bool]]:
    """One line each; a mark at the end asks for a photo."""
    lines = (line.strip() for line in text.splitlines())
    return [(line.rstrip(_PHOTO_MARK).strip(), line.endswith(_PHOTO_MARK)) for line in lines if line]


class ChecklistForm(forms.Form):
    """A checklist that visits copy."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = _text(_("Kind of equipment"), length=80, help_text=_("Empty: for every kind."))
    lines = forms.CharField(
        label=_("Lines"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One line each; a * at the end asks for a photo."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def values(self) -> dict[str, Any]:
        return {**self.cleaned_data, "lines": checklist_lines(self.cleaned_data["lines"])}


class AcceptForm(forms.Form):
    """The client's word: from a signed visit, or as they give it now."""

    visit_id = _chosen(_("Signed on a visit"), help_text=_("Name, day and signature are taken from it."))
    accepted_by = _text(_("Accepted by"), help_text=_("Who of the client; not needed with a signed visit."))
    on = _day(_("Accepted on"), required=False)
    unit_ids = forms.TypedMultipleChoiceField(
        label=_("Units"), coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all that are left."),
    )  # fmt: skip
    remarks = _text(_("Still to be put right"), length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    signature = forms.FileField(
        label=_("Picture of the signature"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )

    def __init__(self, delivery: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visits = [(str(row.id), f"#{row.number} {row.title} · {row.signed_by}") for row in signed_visits(delivery)]
        _choose(self, "visit_id", visits)
        left = [(str(row.id), row.serial_number) for row in units_left(delivery).filter(is_damaged=False)]
        _choose(self, "unit_ids", left, may_be_none=False)
        if not left:
            del self.fields["unit_ids"]
        if not visits:
            del self.fields["visit_id"]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        given = dict(self.cleaned_data)
        sent = given.pop("signature")
        return {**given, "signature": sent.read() if sent else None}


class PlanForm(forms.Form):
    """When, who and with what."""

    starts_at = forms.DateTimeField(
        label=_("Work begins"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        required=False,
    )  # fmt: skip
    minutes = forms.IntegerField(label=_("Minutes of work"), min_value=15, max_value=20160)
    travel_minutes = forms.IntegerField(label=_("Minutes of travel, one way"), min_value=0, max_value=1440, initial=0)
    crew = forms.TypedMultipleChoiceField(label=_("Crew"), coerce=UUID, required=False)
    lead_id = _chosen(_("Who leads"))
    equipment = forms.TypedMultipleChoiceField(label=_("Equipment"), coerce=UUID, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(actor.zone)
        people = people_within(actor, "people.person.view").exclude(kind="placeholder").filter(left_on=None)
        names = [(str(row.id), row.name) for row in people.order_by("name")]
        things = queries.shared_equipment(actor).filter(is_active=True)
        _choose(self, "crew", names, may_be_none=False)
        _choose(self, "lead_id", names)
        _choose(self, "equipment", [(str(row.id), row.name) for row in things], may_be_none=False)

    def values(self) -> dict[str, Any]:
        """What the action takes: start and minutes become hours; without a start the visit waits again."""
        given = dict(self.cleaned_data)
        starts, minutes = given.pop("starts_at"), given.pop("minutes")
        if starts is None:
            return {"hours": None, "version": given["version"]}
        begins = datetime.combine(starts.date(), starts.time(), tzinfo=self.zone)
        return {**given, "hours": (begins, begins + timedelta(minutes=minutes))}


def as_planned(actor: Actor, visit: Any) -> dict[str, Any]:
    """What a plan form starts with."""
    starts = visit.starts_at.astimezone(ZoneInfo(actor.zone)).replace(tzinfo=None) if visit.starts_at else None
    lasts = visit.work_minutes
    if visit.starts_at and visit.ends_at:
        lasts = int((visit.ends_at - visit.starts_at).total_seconds() // 60)
    crew = list(queries.crew_of(visit))
    return {
        "starts_at": starts, "minutes": lasts, "travel_minutes": visit.travel_minutes, "version": visit.version,
        "crew": [str(one.person_id) for one in crew],
        "lead_id": next((str(one.person_id) for one in crew if one.is_lead), ""),
        "equipment": [str(one.id) for one in queries.equipment_of(visit)],
    }  # fmt: skip
