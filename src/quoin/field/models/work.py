"""Tables of field work: sites, goods, shared equipment, visits."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from quoin.base.db.tenancy import Reference, TenantModel, tenant_table
from quoin.clients.models import Client
from quoin.people.models import Certificate, Person
from quoin.projects.models import Project, Task
from quoin.sales.models import Milestone


class Span(Func):
    function = "tstzrange"
    output_field = DateTimeRangeField()


class Site(TenantModel):
    """A place where work is done."""

    prefix = "sit"

    client = Reference(Client)
    name = models.TextField()
    street = models.TextField(default="")
    postal_code = models.TextField(default="")
    city = models.TextField(default="")
    country = models.CharField(max_length=2, default="")
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    contact_name = models.TextField(default="")
    contact_phone = models.TextField(default="")
    access_note = models.TextField(default="")
    """How to get in: gate, badge, safety briefing."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("field_site", client="clients_client"),
            models.UniqueConstraint(fields=["tenant_id", "client", "name"], name="site_name"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="site_place",
            ),
        ]


class Delivery(TenantModel):
    """Goods that a task waits for."""

    prefix = "dlv"

    project = Reference(Project)
    task = Reference(Task, null=True)
    """The task that cannot begin before the goods are there."""
    site = Reference(Site, null=True)
    number = models.PositiveIntegerField()
    """Counts within the project."""
    item = models.TextField()
    kind = models.TextField(default="")
    """Kind of equipment, in the firm's own words: press, gantry crane. Checklists are found by it."""
    supplier = models.TextField(default="")
    order_number = models.TextField(default="")
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=1)
    unit = models.TextField(default="pcs")
    status = models.CharField(max_length=10, default="ordered")
    promised_on = models.DateField(null=True)
    """The supplier's first word; it stays."""
    expected_on = models.DateField(null=True)
    """The latest word."""
    shipped_on = models.DateField(null=True)
    arrived_on = models.DateField(null=True)
    checked_on = models.DateField(null=True)
    installed_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    accepted_by = models.TextField(default="")
    """Who of the client accepted."""
    milestone = Reference(Milestone, null=True)
    """The part of the price that falls due once all goods tied to it are accepted."""
    warranty_months = models.PositiveSmallIntegerField(default=0)
    """From the day of acceptance."""
    note = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "field_delivery",
                project="projects_project",
                task="projects_task",
                site="field_site",
                milestone="sales_milestone",
            ),
            models.CheckConstraint(condition=Q(warranty_months__lte=240), name="delivery_warranty"),
            models.UniqueConstraint(fields=["tenant_id", "project", "number"], name="delivery_number"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="delivery_quantity"),
            models.CheckConstraint(
                condition=Q(
                    status__in=["ordered", "shipped", "on_site", "checked", "installed", "accepted", "cancelled"]
                ),
                name="delivery_status",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["on_site", "checked", "installed", "accepted"]) | Q(arrived_on__isnull=False),
                name="delivery_arrived",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | (Q(accepted_on__isnull=False) & ~Q(accepted_by="")),
                name="delivery_accepted",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "expected_on"], name="delivery_expected"),
            models.Index(fields=["tenant_id", "task"], name="delivery_task"),
            models.Index(fields=["tenant_id", "milestone"], name="delivery_milestone"),
        ]


class DeliveryDate(TenantModel):
    """Each time the expected day changed: what it was, what it is, and why."""

    delivery = Reference(Delivery)
    was_on = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    reason = models.TextField(default="")
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = tenant_table("field_deliverydate", append_only=True, delivery="field_delivery")
        indexes: ClassVar = [models.Index(fields=["tenant_id", "delivery", "said_at"], name="delivery_dates")]


class DeliveredUnit(TenantModel):
    """One piece of a delivery with its serial number: what stands at the client's afterwards."""

    prefix = "unt"

    delivery = Reference(Delivery, models.CASCADE)
    serial_number = models.TextField()
    is_damaged = models.BooleanField(default=False)
    note = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            *tenant_table("field_deliveredunit", delivery="field_delivery"),
            models.UniqueConstraint(fields=["tenant_id", "delivery", "serial_number"], name="unit_serial_number"),
            models.CheckConstraint(condition=~Q(serial_number=""), name="unit_has_serial"),
        ]


class Equipment(TenantModel):
    """A thing that crews share: a van, a crane, a measuring set."""

    prefix = "eqp"

    name = models.TextField()
    kind = models.CharField(max_length=10, default="vehicle")
    """vehicle, crane or tool."""
    registration = models.TextField(default="")
    certificate = Reference(Certificate, null=True)
    """What one of the crew must hold to use it."""
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("field_equipment", certificate="people_certificate"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="equipment_name"),
            models.CheckConstraint(condition=Q(kind__in=["vehicle", "crane", "tool"]), name="equipment_kind"),
        ]


class Visit(TenantModel):
    """A crew at a site for some hours: travel there, work, sign-off."""

    prefix = "vis"

    project = Reference(Project)
    task = Reference(Task, null=True)
    site = Reference(Site)
    number = models.PositiveIntegerField()
    """Counts within the firm."""
    title = models.TextField()
    status = models.CharField(max_length=10, default="draft")
    earliest_on = models.DateField(null=True)
    """The client's window, for visits without a time yet."""
    latest_on = models.DateField(null=True)
    work_minutes = models.PositiveIntegerField(default=240)
    crew_size = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField(null=True)
    """Work begins at the site; travel lies before and after."""
    ends_at = models.DateTimeField(null=True)
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    """One way."""
    certificate = Reference(Certificate, null=True)
    """Everybody of the crew must hold it on the day."""
    instructions = models.TextField(default="")
    travel_began_at = models.DateTimeField(null=True)
    work_began_at = models.DateTimeField(null=True)
    work_ended_at = models.DateTimeField(null=True)
    report = models.TextField(default="")
    time_recorded_at = models.DateTimeField(null=True)
    """When the crew's hours went to their timesheets."""
    signed_by = models.TextField(default="")
    signed_at = models.DateTimeField(null=True)
    signature_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    """Grows with each change, so that a phone that was offline notices it."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "field_visit",
                project="projects_project",
                task="projects_task",
                site="field_site",
                certificate="people_certificate",
                signature="base_storedfile",
            ),
            models.UniqueConstraint(fields=["tenant_id", "number"], name="visit_number"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "travelling", "on_site", "done", "cancelled"]),
                name="visit_status",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")), name="visit_span"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cancelled"]) | Q(starts_at__isnull=False), name="visit_has_time"
            ),
            models.CheckConstraint(condition=Q(signed_at=None) | ~Q(signed_by=""), name="visit_signature"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "starts_at"], name="visit_start"),
            models.Index(fields=["tenant_id", "project"], name="visit_project"),
        ]


def _one_place(name: str, column: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[
            ("tenant_id", RangeOperators.EQUAL),
            (column, RangeOperators.EQUAL),
            (Span("begins_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
        ],
        condition=Q(is_firm=True),
    )


class VisitMember(TenantModel):
    """Somebody of a visit's crew, with the visit's hours. Nobody is in two places."""

    visit = Reference(Visit, models.CASCADE)
    person = Reference(Person)
    is_lead = models.BooleanField(default=False)
    is_firm = models.BooleanField(default=False)
    """Published; drafts may overlap."""
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)
    """When the visit's hours went to this person's timesheet."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("field_visitmember", visit="field_visit", person="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "visit", "person"], name="visit_member_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="visit_member_span"),
            _one_place("visit_member_one_place", "person"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "person", "begins_at"], name="visit_member_day")]


class VisitEquipment(TenantModel):
    """A shared thing on a visit. It is in one place at a time."""

    visit = Reference(Visit, models.CASCADE)
    equipment = Reference(Equipment)
    is_firm = models.BooleanField(default=False)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("field_visitequipment", visit="field_visit", equipment="field_equipment"),
            models.UniqueConstraint(fields=["tenant_id", "visit", "equipment"], name="visit_equipment_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="visit_equipment_span"),
            _one_place("visit_equipment_one_place", "equipment"),
        ]


class VisitDelivery(TenantModel):
    """Goods that a visit is to install."""

    visit = Reference(Visit, models.CASCADE)
    delivery = Reference(Delivery)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("field_visitdelivery", visit="field_visit", delivery="field_delivery"),
            models.UniqueConstraint(fields=["tenant_id", "visit", "delivery"], name="visit_delivery_once"),
        ]


class VisitCheck(TenantModel):
    """A line of a visit's checklist."""

    prefix = "vch"

    visit = Reference(Visit, models.CASCADE)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    needs_photo = models.BooleanField(default=False)
    is_required = models.BooleanField(default=True)
    state = models.CharField(max_length=6, default="open")
    note = models.TextField(default="")
    photo_id = models.UUIDField(null=True)
    answered_by = Reference(Person, null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "field_visitcheck", visit="field_visit", photo="base_storedfile", answered_by="people_person"
            ),
            models.UniqueConstraint(fields=["tenant_id", "visit", "position"], name="visit_check_position"),
            models.CheckConstraint(condition=Q(state__in=["open", "done", "failed", "n_a"]), name="visit_check_state"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(needs_photo=False) | Q(photo_id__isnull=False), name="visit_check_photo"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(note=""), name="visit_check_reason"),
        ]


class VisitPart(TenantModel):
    """Something used on a visit."""

    prefix = "vpt"

    visit = Reference(Visit, models.CASCADE)
    name = models.TextField()
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    unit = models.TextField(default="pcs")
    serial_number = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            *tenant_table("field_visitpart", visit="field_visit"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="visit_part_quantity"),
        ]
