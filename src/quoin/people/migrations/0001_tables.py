"""People, teams, calendars, absences, skills and what an hour of somebody costs."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference
from quoin.people.models import HalfDays

table = migrating.tables("people")


class Migration(migrating.Migration):
    initial = True
    replaces = [("people", "0001_initial"), ("people", "0002_calendars_absences_skills")]
    # Libraries whose tables point at users come first: while few models exist, changing theirs is cheap.
    dependencies = [
        ("accounts", "0001_tables"),
        ("base", "0002_tables"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
    ]
    operations = [
        table(
            "JobRole",
            [
                ("name", models.TextField()),
            ],
            models.UniqueConstraint(fields=("tenant_id", "name"), name="job_role_name"),
        ),
        table(
            "Team",
            [
                ("name", models.TextField()),
            ],
            models.UniqueConstraint(fields=("tenant_id", "name"), name="team_name"),
        ),
        table(
            "WorkCalendar",
            [
                ("name", models.TextField()),
                ("country", models.CharField(default="", max_length=2)),
                ("subdivision", models.CharField(default="", max_length=6)),
                ("week", models.JSONField()),
                ("weekday_minutes", ArrayField(base_field=models.PositiveSmallIntegerField(), size=7)),
                ("is_default", models.BooleanField(default=False)),
                ("parent", Reference("people.workcalendar", null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "name"), name="work_calendar_name"),
            models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("tenant_id",), name="work_calendar_one_default"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ("parent", None), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                ),
                name="work_calendar_not_itself",
            ),
        ),
        table(
            "Person",
            [
                ("name", models.TextField()),
                ("email", models.TextField(default="")),
                ("number", models.TextField(default="")),
                ("kind", models.CharField(default="employee", max_length=12)),
                ("zone", models.TextField(default="")),
                ("hired_on", models.DateField(null=True)),
                ("left_on", models.DateField(null=True)),
                ("billable_target_ratio", models.DecimalField(decimal_places=4, default=0, max_digits=5)),
                ("entity", Reference("accounts.legalentity")),
                ("job_role", Reference("people.jobrole", null=True)),
                ("manager", Reference("people.person", null=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("team", Reference("people.team", null=True)),
                ("languages", ArrayField(base_field=models.CharField(max_length=3), default=list, size=None)),
                ("place", models.TextField(default="")),
                ("calendar", Reference("people.workcalendar", null=True)),
            ],
            models.UniqueConstraint(
                condition=models.Q(("user__isnull", False)), fields=("tenant_id", "user"), name="person_of_user"
            ),
            models.UniqueConstraint(
                condition=models.Q(("email", ""), _negated=True), fields=("tenant_id", "email"), name="person_email"
            ),
            indexes=[models.Index(fields=["tenant_id", "name"], name="person_name")],
        ),
        table(
            "WorkPattern",
            [
                ("valid_from", models.DateField()),
                ("weekday_minutes", ArrayField(base_field=models.PositiveSmallIntegerField(), size=7)),
                ("person", Reference("people.person", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "person", "valid_from"), name="work_pattern_from"),
        ),
        table(
            "CostRate",
            [
                ("valid_from", models.DateField()),
                ("amount_per_hour", models.DecimalField(decimal_places=6, max_digits=19)),
                ("currency", models.CharField(max_length=3)),
                ("person", Reference("people.person", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "person", "valid_from"), name="cost_rate_from"),
            models.CheckConstraint(condition=models.Q(("amount_per_hour__gte", 0)), name="cost_rate_positive"),
        ),
        table(
            "Absence",
            [
                ("kind", models.CharField(max_length=10)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("starts_half", models.BooleanField(default=False)),
                ("ends_half", models.BooleanField(default=False)),
                ("status", models.CharField(default="requested", max_length=10)),
                ("note", models.TextField(default="")),
                ("requested_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.TextField(default="")),
                ("decided_by", Reference("people.person", null=True)),
                ("person", Reference("people.person")),
            ],
            models.CheckConstraint(
                condition=models.Q(("kind__in", ["vacation", "sick", "parental", "training", "unpaid", "other"])),
                name="absence_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(("status__in", ["requested", "approved", "refused", "cancelled"])),
                name="absence_status",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__gt", models.F("starts_on")),
                    models.Q(
                        ("ends_on", models.F("starts_on")),
                        models.Q(("ends_half", True), ("starts_half", True), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="absence_span",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None), models.Q(("decided_by", models.F("person")), _negated=True), _connector="OR"
                ),
                name="absence_own_approval",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "approved"), _negated=True),
                    ("kind", "sick"),
                    ("decided_by__isnull", False),
                    _connector="OR",
                ),
                name="absence_approver",
            ),
            ExclusionConstraint(
                condition=models.Q(("status__in", ["requested", "approved"])),
                expressions=[("tenant_id", "="), ("person", "="), (HalfDays(), "&&")],
                name="absence_once",
            ),
            indexes=[
                models.Index(fields=["tenant_id", "person", "starts_on"], name="absence_person_day"),
                models.Index(condition=models.Q(("status", "requested")), fields=["tenant_id"], name="absence_waiting"),
            ],
        ),
        table(
            "Allowance",
            [
                ("year", models.PositiveSmallIntegerField()),
                ("days", models.DecimalField(decimal_places=1, max_digits=5)),
                ("carried_days", models.DecimalField(decimal_places=1, default=0, max_digits=5)),
                ("carried_until", models.DateField(null=True)),
                ("accrues_monthly", models.BooleanField(default=False)),
                ("person", Reference("people.person", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "person", "year"), name="allowance_once"),
            models.CheckConstraint(
                condition=models.Q(("carried_days__gte", 0), ("days__gte", 0)), name="allowance_positive"
            ),
        ),
        table(
            "Certificate",
            [
                ("name", models.TextField()),
                ("issuer", models.TextField(default="")),
                ("valid_months", models.PositiveSmallIntegerField(null=True)),
                ("is_active", models.BooleanField(default=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "name"), name="certificate_name"),
        ),
        table(
            "PersonCertificate",
            [
                ("number", models.TextField(default="")),
                ("issued_on", models.DateField()),
                ("expires_on", models.DateField(null=True)),
                ("proof_id", models.UUIDField(null=True)),
                ("certificate", Reference("people.certificate")),
                ("person", Reference("people.person", models.CASCADE)),
            ],
            migrating.bound("people_personcertificate", "proof", "base_storedfile"),
            models.UniqueConstraint(
                fields=("tenant_id", "person", "certificate", "issued_on"), name="person_certificate_once"
            ),
            models.CheckConstraint(
                condition=models.Q(("expires_on", None), ("expires_on__gte", models.F("issued_on")), _connector="OR"),
                name="person_certificate_span",
            ),
            indexes=[models.Index(fields=["tenant_id", "expires_on"], name="person_certificate_end")],
        ),
        table(
            "RoleCertificate",
            [
                ("certificate", Reference("people.certificate")),
                ("job_role", Reference("people.jobrole", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "job_role", "certificate"), name="role_certificate_once"),
        ),
        table(
            "Skill",
            [
                ("name", models.TextField()),
                ("category", models.TextField(default="")),
                ("levels", ArrayField(base_field=models.TextField(), size=6)),
                ("is_active", models.BooleanField(default=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "name"), name="skill_name"),
        ),
        table(
            "PersonSkill",
            [
                ("level", models.PositiveSmallIntegerField()),
                ("stated_on", models.DateField()),
                ("confirmed_on", models.DateField(null=True)),
                ("last_used_on", models.DateField(null=True)),
                ("wish", models.CharField(default="", max_length=5)),
                ("confirmed_by", Reference("people.person", null=True)),
                ("person", Reference("people.person", models.CASCADE)),
                ("skill", Reference("people.skill")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "person", "skill"), name="person_skill_once"),
            models.CheckConstraint(condition=models.Q(("level__lte", 5)), name="person_skill_level"),
            models.CheckConstraint(condition=models.Q(("wish__in", ["", "grow", "avoid"])), name="person_skill_wish"),
            models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by", None),
                    models.Q(("confirmed_by", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="person_skill_own_confirmation",
            ),
            indexes=[models.Index(fields=["tenant_id", "skill", "level"], name="person_skill_level_of")],
        ),
        table(
            "CalendarDay",
            [
                ("day_on", models.DateField()),
                ("label", models.TextField(default="")),
                ("spans", models.JSONField(default=list)),
                ("minutes", models.PositiveSmallIntegerField(default=0)),
                ("is_holiday", models.BooleanField(default=False)),
                ("calendar", Reference("people.workcalendar", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "calendar", "day_on"), name="calendar_day_once"),
            models.CheckConstraint(condition=models.Q(("minutes__lte", 1440)), name="calendar_day_minutes"),
        ),
    ]
