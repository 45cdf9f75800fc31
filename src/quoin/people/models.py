"""Tables of people."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from quoin.accounts.models import LegalEntity, User
from quoin.base.db.tenancy import Reference, TenantModel, currency_field, rate_field, tenant_table


class HalfDays(Func):
    """The half days of an absence as a range of numbers: two for each day since 2000."""

    template = (
        "int4range((starts_on - DATE '2000-01-01') * 2 + starts_half::int,"
        " (ends_on - DATE '2000-01-01') * 2 + 2 - ends_half::int)"
    )
    output_field = IntegerRangeField()


class Team(TenantModel):
    prefix = "tea"

    name = models.TextField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_team"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="team_name"),
        ]


class JobRole(TenantModel):
    """What somebody is sold as: consultant, architect, technician."""

    prefix = "job"

    name = models.TextField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_jobrole"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="job_role_name"),
        ]


class WorkCalendar(TenantModel):
    """When a firm works: the hours of a week, and the days that differ."""

    prefix = "wca"

    name = models.TextField()
    country = models.CharField(max_length=2, default="")
    """ISO 3166 code whose public holidays fill the calendar; empty: none do."""
    subdivision = models.CharField(max_length=6, default="")
    """Region of the country, as in ISO 3166-2 without the country."""
    parent = Reference("people.WorkCalendar", null=True)
    """Its days count too, where this calendar does not say otherwise."""
    week = models.JSONField()
    """Monday first: seven lists of [from, until] in minutes from midnight."""
    weekday_minutes = ArrayField(models.PositiveSmallIntegerField(), size=7)
    """What the stretches of each weekday add up to."""
    is_default = models.BooleanField(default=False)
    """For people who have none of their own."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_workcalendar", parent="people_workcalendar"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="work_calendar_name"),
            models.UniqueConstraint(
                fields=["tenant_id"], condition=Q(is_default=True), name="work_calendar_one_default"
            ),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="work_calendar_not_itself"),
        ]


class CalendarDay(TenantModel):
    """A day that differs: a public holiday, a company day off, a Saturday that is worked."""

    prefix = "cda"

    calendar = Reference(WorkCalendar, models.CASCADE)
    day_on = models.DateField()
    label = models.TextField(default="")
    spans = models.JSONField(default=list)
    """[from, until] in minutes from midnight; empty: nobody works."""
    minutes = models.PositiveSmallIntegerField(default=0)
    is_holiday = models.BooleanField(default=False)
    """Filled from the public holidays of the country, and replaced when they are filled again."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_calendarday", calendar="people_workcalendar"),
            models.UniqueConstraint(fields=["tenant_id", "calendar", "day_on"], name="calendar_day_once"),
            models.CheckConstraint(condition=Q(minutes__lte=1440), name="calendar_day_minutes"),
        ]


class Person(TenantModel):
    """Somebody whose time is planned, recorded and paid, with or without a sign-in."""

    prefix = "per"

    name = models.TextField()
    email = models.TextField(default="")
    number = models.TextField(default="")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    entity = Reference(LegalEntity)
    team = Reference(Team, null=True)
    manager = Reference("people.Person", null=True)
    job_role = Reference(JobRole, null=True)
    kind = models.CharField(max_length=12, default="employee")
    zone = models.TextField(default="")
    calendar = Reference(WorkCalendar, null=True)
    """Null: the firm's default calendar."""
    place = models.TextField(default="")
    """Where the person works from."""
    languages = ArrayField(models.CharField(max_length=3), default=list)
    """ISO 639 codes of the languages in which the person can work."""
    hired_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    """First day no longer employed."""
    billable_target_ratio = models.DecimalField(max_digits=5, decimal_places=4, default=0)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "people_person",
                entity="accounts_legalentity",
                team="people_team",
                manager="people_person",
                job_role="people_jobrole",
                calendar="people_workcalendar",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "user"], condition=models.Q(user__isnull=False), name="person_of_user"
            ),
            models.UniqueConstraint(fields=["tenant_id", "email"], condition=~models.Q(email=""), name="person_email"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "name"], name="person_name")]


class WorkPattern(TenantModel):
    """Working minutes per weekday from a date on: Monday first, seven numbers."""

    person = Reference(Person, models.CASCADE)
    valid_from = models.DateField()
    weekday_minutes = ArrayField(models.PositiveSmallIntegerField(), size=7)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_workpattern", person="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "person", "valid_from"], name="work_pattern_from"),
        ]


class CostRate(TenantModel):
    """What an hour of the person costs the firm from a date on."""

    person = Reference(Person, models.CASCADE)
    valid_from = models.DateField()
    amount_per_hour = rate_field()
    currency = currency_field()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_costrate", person="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "person", "valid_from"], name="cost_rate_from"),
            models.CheckConstraint(condition=models.Q(amount_per_hour__gte=0), name="cost_rate_positive"),
        ]


class Absence(TenantModel):
    """Somebody is away: asked for, and approved by somebody else. Halves are mornings and afternoons."""

    prefix = "abs"

    person = Reference(Person)
    kind = models.CharField(max_length=10)
    """vacation, sick, parental, training, unpaid or other."""
    starts_on = models.DateField()
    ends_on = models.DateField()
    """Last day, included."""
    starts_half = models.BooleanField(default=False)
    """The first day is worked in the morning."""
    ends_half = models.BooleanField(default=False)
    """The last day is worked in the afternoon."""
    status = models.CharField(max_length=10, default="requested")
    """requested, approved, refused or cancelled."""
    note = models.TextField(default="")
    requested_at = models.DateTimeField()
    decided_by = Reference(Person, null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_absence", person="people_person", decided_by="people_person"),
            models.CheckConstraint(
                condition=Q(kind__in=["vacation", "sick", "parental", "training", "unpaid", "other"]),
                name="absence_kind",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "approved", "refused", "cancelled"]), name="absence_status"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on"))
                | (Q(ends_on=F("starts_on")) & ~Q(starts_half=True, ends_half=True)),
                name="absence_span",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("person")), name="absence_own_approval"
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(kind="sick") | Q(decided_by__isnull=False),
                name="absence_approver",
            ),
            ExclusionConstraint(
                name="absence_once",
                expressions=[
                    ("tenant_id", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (HalfDays(), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=["requested", "approved"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "person", "starts_on"], name="absence_person_day"),
            models.Index(fields=["tenant_id"], condition=Q(status="requested"), name="absence_waiting"),
        ]


class Allowance(TenantModel):
    """Days of leave that a person has in a year."""

    prefix = "alw"

    person = Reference(Person, models.CASCADE)
    year = models.PositiveSmallIntegerField()
    days = models.DecimalField(max_digits=5, decimal_places=1)
    carried_days = models.DecimalField(max_digits=5, decimal_places=1, default=0)
    """Left over from the year before."""
    carried_until = models.DateField(null=True)
    """Last day on which what was carried can be taken; null: the whole year."""
    accrues_monthly = models.BooleanField(default=False)
    """A twelfth is earned with each month; otherwise the year's days are there from its first day."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_allowance", person="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "person", "year"], name="allowance_once"),
            models.CheckConstraint(condition=Q(days__gte=0, carried_days__gte=0), name="allowance_positive"),
        ]


class Skill(TenantModel):
    """Something people can do, in levels from 0 to 5."""

    prefix = "skl"

    name = models.TextField()
    category = models.TextField(default="")
    levels = ArrayField(models.TextField(), size=6)
    """What each level means, from 0 (none) to 5."""
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_skill"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="skill_name"),
        ]


class PersonSkill(TenantModel):
    """How well somebody can do something: what they say, and whether somebody else confirmed it."""

    prefix = "psk"

    person = Reference(Person, models.CASCADE)
    skill = Reference(Skill)
    level = models.PositiveSmallIntegerField()
    stated_on = models.DateField()
    confirmed_by = Reference(Person, null=True)
    confirmed_on = models.DateField(null=True)
    last_used_on = models.DateField(null=True)
    wish = models.CharField(max_length=5, default="")
    """grow, avoid, or nothing."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "people_personskill", person="people_person", skill="people_skill", confirmed_by="people_person"
            ),
            models.UniqueConstraint(fields=["tenant_id", "person", "skill"], name="person_skill_once"),
            models.CheckConstraint(condition=Q(level__lte=5), name="person_skill_level"),
            models.CheckConstraint(condition=Q(wish__in=["", "grow", "avoid"]), name="person_skill_wish"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("person")), name="person_skill_own_confirmation"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "skill", "level"], name="person_skill_level_of")]


class Certificate(TenantModel):
    """A proof that work may ask for: crane licence, S/4 associate, first aid."""

    prefix = "crt"

    name = models.TextField()
    issuer = models.TextField(default="")
    valid_months = models.PositiveSmallIntegerField(null=True)
    """How long it usually holds; null: for good."""
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_certificate"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="certificate_name"),
        ]


class RoleCertificate(TenantModel):
    """Nobody is booked in the role without the certificate."""

    job_role = Reference(JobRole, models.CASCADE)
    certificate = Reference(Certificate)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_rolecertificate", job_role="people_jobrole", certificate="people_certificate"),
            models.UniqueConstraint(fields=["tenant_id", "job_role", "certificate"], name="role_certificate_once"),
        ]


class PersonCertificate(TenantModel):
    """A certificate that somebody holds, from a day until a day."""

    prefix = "pce"

    person = Reference(Person, models.CASCADE)
    certificate = Reference(Certificate)
    number = models.TextField(default="")
    issued_on = models.DateField()
    expires_on = models.DateField(null=True)
    """Last day on which it holds; null: for good."""
    proof_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "people_personcertificate",
                person="people_person",
                certificate="people_certificate",
                proof="base_storedfile",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "person", "certificate", "issued_on"], name="person_certificate_once"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("issued_on")), name="person_certificate_span"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "expires_on"], name="person_certificate_end")]
