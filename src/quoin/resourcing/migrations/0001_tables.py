"""Demands, bookings per day, loads, overrides, and runs of staffing."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.expressions import CombinedExpression

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference, RowSecurity

table = migrating.tables("resourcing")


class Migration(migrating.Migration):
    initial = True
    replaces = [("resourcing", "0001_initial"), ("resourcing", "0004_staffing")]
    dependencies = [
        ("accounts", "0001_tables"),
        ("base", "0002_tables"),
        ("clients", "0001_tables"),
        ("people", "0001_tables"),
        ("projects", "0001_tables"),
    ]
    operations = [
        migrations.CreateModel(
            name="BookingDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id",
                        "booking_id",
                        "day_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("tenant_id", models.UUIDField()),
                ("booking_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("day_on", models.DateField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("is_firm", models.BooleanField()),
            ],
            options={
                "indexes": [models.Index(fields=["tenant_id", "person_id", "day_on"], name="booking_day_person")],
                "constraints": [
                    RowSecurity(name="resourcing_bookingday_rows"),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1), ("minutes__lte", 1440)), name="booking_day_minutes"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayLoad",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id",
                        "person_id",
                        "day_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("tenant_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("day_on", models.DateField()),
                ("firm_minutes", models.IntegerField(default=0)),
                ("tentative_minutes", models.IntegerField(default=0)),
                ("capacity_minutes", models.IntegerField(default=0)),
                ("override_minutes", models.IntegerField(default=0)),
                ("conflict_minutes", models.IntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["tenant_id", "day_on"], name="day_load_day"),
                    models.Index(
                        condition=models.Q(("conflict_minutes__gt", 0)),
                        fields=["tenant_id", "day_on"],
                        name="day_load_conflict",
                    ),
                ],
                "constraints": [
                    RowSecurity(name="resourcing_dayload_rows"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "firm_minutes__lte",
                                CombinedExpression(
                                    CombinedExpression(models.F("capacity_minutes"), "+", models.F("override_minutes")),
                                    "+",
                                    models.F("conflict_minutes"),
                                ),
                            )
                        ),
                        name="day_load_within_capacity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("conflict_minutes__gte", 0), ("firm_minutes__gte", 0), ("tentative_minutes__gte", 0)
                        ),
                        name="day_load_not_negative",
                    ),
                ],
            },
        ),
        table(
            "Demand",
            [
                ("number", models.PositiveIntegerField()),
                ("title", models.TextField(default="")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("minutes_per_week", models.PositiveIntegerField(null=True)),
                ("percent", models.PositiveSmallIntegerField(null=True)),
                ("curve", ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ("languages", ArrayField(base_field=models.CharField(max_length=3), default=list, size=None)),
                ("place", models.TextField(default="")),
                ("priority", models.PositiveSmallIntegerField(default=2)),
                ("is_firm", models.BooleanField(default=True)),
                ("status", models.CharField(default="open", max_length=10)),
                ("note", models.TextField(default="")),
                ("asked_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("asked_by", Reference("people.person", null=True)),
                ("job_role", Reference("people.jobrole", null=True)),
                ("project", Reference("projects.project")),
                ("task", Reference("projects.task", null=True)),
                ("least_share", models.PositiveSmallIntegerField(default=50)),
                ("most_people", models.PositiveSmallIntegerField(default=1)),
                ("slack_weeks", models.PositiveSmallIntegerField(default=0)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "number"), name="demand_number"),
            models.CheckConstraint(condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="demand_span"),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("minutes_per_week__gt", 0), ("percent", None)),
                    models.Q(("minutes_per_week", None), ("percent__gt", 0)),
                    _connector="OR",
                ),
                name="demand_effort",
            ),
            models.CheckConstraint(
                condition=models.Q(("priority__gte", 1), ("priority__lte", 4)), name="demand_priority"
            ),
            models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "open", "proposed", "part", "filled", "cancelled"])),
                name="demand_status",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ("least_share__gte", 10),
                    ("least_share__lte", 100),
                    ("most_people__gte", 1),
                    ("most_people__lte", 6),
                ),
                name="demand_shares",
            ),
            models.CheckConstraint(condition=models.Q(("slack_weeks__lte", 26)), name="demand_slack"),
            indexes=[
                models.Index(fields=["tenant_id", "project"], name="demand_project"),
                models.Index(fields=["tenant_id", "starts_on"], name="demand_start"),
            ],
        ),
        table(
            "Booking",
            [
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("effort", models.CharField(max_length=8)),
                ("amount", models.PositiveIntegerField()),
                ("is_firm", models.BooleanField(default=False)),
                ("note", models.TextField(default="")),
                ("booked_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("booked_by", Reference("people.person", null=True)),
                ("job_role", Reference("people.jobrole", null=True)),
                ("person", Reference("people.person")),
                ("project", Reference("projects.project")),
                ("task", Reference("projects.task", null=True)),
                ("demand", Reference("resourcing.demand", null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "id", "person", "is_firm"), name="booking_of_days"),
            models.CheckConstraint(condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="booking_span"),
            models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("effort__in", ["per_day", "percent", "total"])),
                name="booking_effort",
            ),
            indexes=[
                models.Index(fields=["tenant_id", "person", "starts_on"], name="booking_person_day"),
                models.Index(fields=["tenant_id", "project", "starts_on"], name="booking_project_day"),
                models.Index(
                    condition=models.Q(("demand__isnull", False)), fields=["tenant_id", "demand"], name="booking_demand"
                ),
            ],
        ),
        table(
            "DemandCertificate",
            [
                ("certificate", Reference("people.certificate")),
                ("demand", Reference("resourcing.demand", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "demand", "certificate"), name="demand_certificate_once"),
        ),
        table(
            "DemandSkill",
            [
                ("level", models.PositiveSmallIntegerField(default=3)),
                ("is_must", models.BooleanField(default=True)),
                ("demand", Reference("resourcing.demand", models.CASCADE)),
                ("skill", Reference("people.skill")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "demand", "skill"), name="demand_skill_once"),
            models.CheckConstraint(condition=models.Q(("level__gte", 1), ("level__lte", 5)), name="demand_skill_level"),
        ),
        table(
            "Feed",
            [
                ("name", models.TextField(default="")),
                ("kind", models.CharField(max_length=8)),
                ("subject_id", models.UUIDField()),
                ("detail", models.CharField(default="project", max_length=8)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("membership_id", models.UUIDField()),
                ("created_at", models.DateTimeField()),
                ("last_read_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            migrating.bound("resourcing_feed", "membership", "accounts_membership"),
            models.CheckConstraint(condition=models.Q(("kind__in", ["person", "project", "team"])), name="feed_kind"),
            models.CheckConstraint(
                condition=models.Q(("detail__in", ["project", "client", "busy"])), name="feed_detail"
            ),
        ),
        table(
            "Override",
            [
                ("day_on", models.DateField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("reason", models.TextField()),
                ("approved_at", models.DateTimeField()),
                ("approved_by", Reference("people.person")),
                ("person", Reference("people.person")),
            ],
            models.CheckConstraint(
                condition=models.Q(("minutes__gte", 1), ("minutes__lte", 1440)), name="override_minutes"
            ),
            models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="override_reason"),
            models.CheckConstraint(
                condition=models.Q(("approved_by", models.F("person")), _negated=True), name="override_own_approval"
            ),
            indexes=[models.Index(fields=["tenant_id", "person", "day_on"], name="override_person_day")],
        ),
        table(
            "Preference",
            [
                ("place", models.TextField(default="")),
                ("is_wanted", models.BooleanField(default=True)),
                ("client", Reference("clients.client", null=True)),
                ("person", Reference("people.person", models.CASCADE)),
            ],
            models.UniqueConstraint(
                fields=("tenant_id", "person", "client", "place"), name="preference_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("client", None), models.Q(("place", ""), _negated=True)),
                    models.Q(("client__isnull", False), ("place", "")),
                    _connector="OR",
                ),
                name="preference_of_one",
            ),
        ),
        table(
            "Proposal",
            [
                ("status", models.CharField(default="proposed", max_length=9)),
                ("note", models.TextField(default="")),
                ("answer_note", models.TextField(default="")),
                ("proposed_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("demand", Reference("resourcing.demand", models.CASCADE)),
                ("person", Reference("people.person")),
                ("proposed_by", Reference("people.person", null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "demand", "person"), name="proposal_once"),
            models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["proposed", "asked", "willing", "unwilling", "talk", "accepted", "withdrawn"])
                ),
                name="proposal_status",
            ),
            indexes=[models.Index(fields=["tenant_id", "person"], name="proposal_person")],
        ),
        table(
            "StaffingGoal",
            [
                ("goal", models.CharField(default="balanced", max_length=12)),
                ("weights", models.JSONField(default=dict)),
                ("team", Reference("people.team", null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "team"), name="staffing_goal_team", nulls_distinct=False),
        ),
        table(
            "StaffingRun",
            [
                ("asked_at", models.DateTimeField()),
                ("goal", models.CharField(default="balanced", max_length=12)),
                ("weights", models.JSONField(default=dict)),
                ("demand_ids", ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ("keeps_tentative", models.BooleanField(default=True)),
                ("seconds", models.PositiveSmallIntegerField(default=30)),
                ("work", models.PositiveIntegerField(null=True)),
                ("seed", models.PositiveIntegerField(default=1)),
                ("version", models.CharField(max_length=12)),
                ("stop_asked_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(default="", max_length=7)),
                ("message", models.TextField(default="")),
                ("case_sha256", models.CharField(default="", max_length=64)),
                ("worth", models.IntegerField(default=0)),
                ("bound", models.IntegerField(default=0)),
                ("answer", models.JSONField(default=dict)),
                ("asked_by", Reference("people.person", null=True)),
            ],
            models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "done", "failed", "stopped"])), name="staffing_run_outcome"
            ),
            models.CheckConstraint(condition=models.Q(("bound__gte", models.F("worth"))), name="staffing_run_bound"),
            indexes=[models.Index(fields=["tenant_id", "-asked_at"], name="staffing_run_newest")],
        ),
        table(
            "StaffingProposal",
            [
                ("plan", models.PositiveSmallIntegerField()),
                ("share", models.PositiveSmallIntegerField()),
                ("shift_weeks", models.PositiveSmallIntegerField(default=0)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("minutes", models.PositiveIntegerField()),
                ("score", models.IntegerField()),
                ("reasons", models.JSONField(default=list)),
                ("demand_version", models.PositiveIntegerField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("accepted_by", Reference("people.person", null=True)),
                ("demand", Reference("resourcing.demand", models.CASCADE)),
                ("person", Reference("people.person")),
                ("run", Reference("resourcing.staffingrun", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "run", "plan", "demand", "person"), name="staffing_once"),
            models.CheckConstraint(condition=models.Q(("share__gte", 1), ("share__lte", 100)), name="staffing_share"),
        ),
    ]
