"""Visits, deliveries, acceptance and the checklists of work on site."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary
from django.db import models

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference
from quoin.field.models import work

table = migrating.tables("field")


class Migration(migrating.Migration):
    initial = True
    replaces = [("field", "0001_initial"), ("field", "0002_visit_hours"), ("field", "0004_acceptance")]
    dependencies = [
        ("base", "0002_tables"),
        ("clients", "0001_tables"),
        ("people", "0001_tables"),
        ("projects", "0001_tables"),
        ("sales", "0001_tables"),
    ]
    operations = [
        table(
            "Equipment",
            [
                ("name", models.TextField()),
                ("kind", models.CharField(default="vehicle", max_length=10)),
                ("registration", models.TextField(default="")),
                ("is_active", models.BooleanField(default=True)),
                ("certificate", Reference("people.certificate", null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "name"), name="equipment_name"),
            models.CheckConstraint(
                condition=models.Q(("kind__in", ["vehicle", "crane", "tool"])), name="equipment_kind"
            ),
        ),
        table(
            "Site",
            [
                ("name", models.TextField()),
                ("street", models.TextField(default="")),
                ("postal_code", models.TextField(default="")),
                ("city", models.TextField(default="")),
                ("country", models.CharField(default="", max_length=2)),
                ("latitude", models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ("longitude", models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ("contact_name", models.TextField(default="")),
                ("contact_phone", models.TextField(default="")),
                ("access_note", models.TextField(default="")),
                ("client", Reference("clients.client")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "client", "name"), name="site_name"),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                    _connector="OR",
                ),
                name="site_place",
            ),
        ),
        table(
            "Delivery",
            [
                ("number", models.PositiveIntegerField()),
                ("item", models.TextField()),
                ("supplier", models.TextField(default="")),
                ("order_number", models.TextField(default="")),
                ("quantity", models.DecimalField(decimal_places=3, default=1, max_digits=12)),
                ("unit", models.TextField(default="pcs")),
                ("status", models.CharField(default="ordered", max_length=10)),
                ("promised_on", models.DateField(null=True)),
                ("expected_on", models.DateField(null=True)),
                ("shipped_on", models.DateField(null=True)),
                ("arrived_on", models.DateField(null=True)),
                ("checked_on", models.DateField(null=True)),
                ("installed_on", models.DateField(null=True)),
                ("accepted_on", models.DateField(null=True)),
                ("accepted_by", models.TextField(default="")),
                ("note", models.TextField(default="")),
                ("project", Reference("projects.project")),
                ("task", Reference("projects.task", null=True)),
                ("site", Reference("field.site", null=True)),
                ("kind", models.TextField(default="")),
                ("milestone", Reference("sales.milestone", null=True)),
                ("warranty_months", models.PositiveSmallIntegerField(default=0)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "project", "number"), name="delivery_number"),
            models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="delivery_quantity"),
            models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["ordered", "shipped", "on_site", "checked", "installed", "accepted", "cancelled"])
                ),
                name="delivery_status",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["on_site", "checked", "installed", "accepted"]), _negated=True),
                    ("arrived_on__isnull", False),
                    _connector="OR",
                ),
                name="delivery_arrived",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "accepted"), _negated=True),
                    models.Q(("accepted_on__isnull", False), models.Q(("accepted_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="delivery_accepted",
            ),
            models.CheckConstraint(condition=models.Q(("warranty_months__lte", 240)), name="delivery_warranty"),
            indexes=[
                models.Index(fields=["tenant_id", "expected_on"], name="delivery_expected"),
                models.Index(fields=["tenant_id", "task"], name="delivery_task"),
                models.Index(fields=["tenant_id", "milestone"], name="delivery_milestone"),
            ],
        ),
        table(
            "Visit",
            [
                ("number", models.PositiveIntegerField()),
                ("title", models.TextField()),
                ("status", models.CharField(default="draft", max_length=10)),
                ("earliest_on", models.DateField(null=True)),
                ("latest_on", models.DateField(null=True)),
                ("work_minutes", models.PositiveIntegerField(default=240)),
                ("crew_size", models.PositiveSmallIntegerField(default=1)),
                ("starts_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("travel_minutes", models.PositiveSmallIntegerField(default=0)),
                ("instructions", models.TextField(default="")),
                ("travel_began_at", models.DateTimeField(null=True)),
                ("work_began_at", models.DateTimeField(null=True)),
                ("work_ended_at", models.DateTimeField(null=True)),
                ("report", models.TextField(default="")),
                ("time_recorded_at", models.DateTimeField(null=True)),
                ("signed_by", models.TextField(default="")),
                ("signed_at", models.DateTimeField(null=True)),
                ("signature_id", models.UUIDField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("certificate", Reference("people.certificate", null=True)),
                ("project", Reference("projects.project")),
                ("site", Reference("field.site")),
                ("task", Reference("projects.task", null=True)),
            ],
            migrating.bound("field_visit", "signature", "base_storedfile"),
            models.UniqueConstraint(fields=("tenant_id", "number"), name="visit_number"),
            models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "published", "travelling", "on_site", "done", "cancelled"])
                ),
                name="visit_status",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_at", None), ("starts_at", None)),
                    ("ends_at__gt", models.F("starts_at")),
                    _connector="OR",
                ),
                name="visit_span",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "cancelled"]), ("starts_at__isnull", False), _connector="OR"
                ),
                name="visit_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(("signed_at", None), models.Q(("signed_by", ""), _negated=True), _connector="OR"),
                name="visit_signature",
            ),
            indexes=[
                models.Index(fields=["tenant_id", "starts_at"], name="visit_start"),
                models.Index(fields=["tenant_id", "project"], name="visit_project"),
            ],
        ),
        table(
            "VisitCheck",
            [
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("needs_photo", models.BooleanField(default=False)),
                ("is_required", models.BooleanField(default=True)),
                ("state", models.CharField(default="open", max_length=6)),
                ("note", models.TextField(default="")),
                ("photo_id", models.UUIDField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", Reference("people.person", null=True)),
                ("visit", Reference("field.visit", models.CASCADE)),
            ],
            migrating.bound("field_visitcheck", "photo", "base_storedfile"),
            models.UniqueConstraint(fields=("tenant_id", "visit", "position"), name="visit_check_position"),
            models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "done", "failed", "n_a"])), name="visit_check_state"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True),
                    ("needs_photo", False),
                    ("photo_id__isnull", False),
                    _connector="OR",
                ),
                name="visit_check_photo",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), _negated=True), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="visit_check_reason",
            ),
        ),
        table(
            "VisitDelivery",
            [
                ("delivery", Reference("field.delivery")),
                ("visit", Reference("field.visit", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "visit", "delivery"), name="visit_delivery_once"),
        ),
        table(
            "VisitEquipment",
            [
                ("is_firm", models.BooleanField(default=False)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("equipment", Reference("field.equipment")),
                ("visit", Reference("field.visit", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "visit", "equipment"), name="visit_equipment_once"),
            models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("begins_at"))), name="visit_equipment_span"
            ),
            ExclusionConstraint(
                condition=models.Q(("is_firm", True)),
                expressions=[
                    ("tenant_id", "="),
                    ("equipment", "="),
                    (work.Span("begins_at", "ends_at", RangeBoundary()), "&&"),
                ],
                name="visit_equipment_one_place",
            ),
        ),
        table(
            "VisitMember",
            [
                ("is_lead", models.BooleanField(default=False)),
                ("is_firm", models.BooleanField(default=False)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("person", Reference("people.person")),
                ("visit", Reference("field.visit", models.CASCADE)),
                ("recorded_at", models.DateTimeField(null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "visit", "person"), name="visit_member_once"),
            models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("begins_at"))), name="visit_member_span"
            ),
            ExclusionConstraint(
                condition=models.Q(("is_firm", True)),
                expressions=[
                    ("tenant_id", "="),
                    ("person", "="),
                    (work.Span("begins_at", "ends_at", RangeBoundary()), "&&"),
                ],
                name="visit_member_one_place",
            ),
            indexes=[models.Index(fields=["tenant_id", "person", "begins_at"], name="visit_member_day")],
        ),
        table(
            "VisitPart",
            [
                ("name", models.TextField()),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=12)),
                ("unit", models.TextField(default="pcs")),
                ("serial_number", models.TextField(default="")),
                ("visit", Reference("field.visit", models.CASCADE)),
            ],
            models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="visit_part_quantity"),
        ),
        table(
            "DeliveredUnit",
            [
                ("serial_number", models.TextField()),
                ("is_damaged", models.BooleanField(default=False)),
                ("note", models.TextField(default="")),
                ("delivery", Reference("field.delivery", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "delivery", "serial_number"), name="unit_serial_number"),
            models.CheckConstraint(condition=models.Q(("serial_number", ""), _negated=True), name="unit_has_serial"),
        ),
        table(
            "DeliveryDate",
            [
                ("was_on", models.DateField(null=True)),
                ("expected_on", models.DateField(null=True)),
                ("reason", models.TextField(default="")),
                ("said_at", models.DateTimeField()),
                ("delivery", Reference("field.delivery")),
            ],
            indexes=[models.Index(fields=["tenant_id", "delivery", "said_at"], name="delivery_dates")],
            trail="append only",
        ),
        table(
            "Acceptance",
            [
                ("number", models.PositiveIntegerField()),
                ("accepted_on", models.DateField()),
                ("accepted_by", models.TextField()),
                ("remarks", models.TextField(default="")),
                ("signature_id", models.UUIDField(null=True)),
                ("content", models.JSONField()),
                ("printed_id", models.UUIDField()),
                ("sha256", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField()),
                ("delivery", Reference("field.delivery")),
                ("issued_by", Reference("people.person", null=True)),
            ],
            migrating.bound("field_acceptance", "signature", "base_storedfile"),
            migrating.bound("field_acceptance", "printed", "base_storedfile"),
            models.UniqueConstraint(fields=("tenant_id", "number"), name="acceptance_number"),
            models.CheckConstraint(condition=models.Q(("accepted_by", ""), _negated=True), name="acceptance_by"),
            indexes=[models.Index(fields=["tenant_id", "delivery"], name="acceptance_of")],
            trail="append only",
        ),
        table(
            "AcceptanceWithdrawal",
            [
                ("reason", models.TextField()),
                ("withdrawn_at", models.DateTimeField()),
                ("acceptance", Reference("field.acceptance")),
                ("withdrawn_by", Reference("people.person", null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "acceptance"), name="acceptance_withdrawn_once"),
            models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="acceptance_withdrawn_why"),
            trail="append only",
        ),
        table(
            "AcceptedUnit",
            [
                ("accepted_on", models.DateField()),
                ("warranty_until", models.DateField(null=True)),
                ("acceptance", Reference("field.acceptance")),
                ("delivery", Reference("field.delivery")),
                ("unit", Reference("field.deliveredunit")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "unit"), name="unit_accepted_once"),
            indexes=[models.Index(fields=["tenant_id", "acceptance"], name="accepted_by_certificate")],
        ),
        table(
            "Checklist",
            [
                ("name", models.TextField()),
                ("kind", models.TextField(default="")),
                ("is_active", models.BooleanField(default=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "name"), name="checklist_name"),
            models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="checklist_has_name"),
        ),
        table(
            "ChecklistLine",
            [
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("needs_photo", models.BooleanField(default=False)),
                ("checklist", Reference("field.checklist", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "checklist", "position"), name="checklist_line_position"),
        ),
    ]
