"""Tables of resourcing. Capacity is judged here: DayLoad holds a day's firm minutes under what the day can take."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from quoin.base.db.tenancy import Reference, RowSecurity, TenantModel, tenant_table
from quoin.clients.models import Client
from quoin.people.models import Certificate, JobRole, Person, Skill, Team
from quoin.projects.models import Project, Task


class Demand(TenantModel):
    """Somebody is needed: a role with skills on a project for some time. A draft is a placeholder in the plan."""

    prefix = "req"

    number = models.PositiveIntegerField()
    project = Reference(Project)
    task = Reference(Task, null=True)
    title = models.TextField(default="")
    job_role = Reference(JobRole, null=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    """Last day, included."""
    minutes_per_week = models.PositiveIntegerField(null=True)
    percent = models.PositiveSmallIntegerField(null=True)
    """Of the capacity of whoever fills it. One of the two is set."""
    curve = ArrayField(models.PositiveSmallIntegerField(), default=list)
    """Per cent of the effort for each week from the first; empty: the same every week."""
    languages = ArrayField(models.CharField(max_length=3), default=list)
    place = models.TextField(default="")
    priority = models.PositiveSmallIntegerField(default=2)
    """1 is the most urgent, 4 the least."""
    is_firm = models.BooleanField(default=True)
    """Whether the work is sold, or may not come."""
    most_people = models.PositiveSmallIntegerField(default=1)
    """Among how many people it may be shared at most."""
    least_share = models.PositiveSmallIntegerField(default=50)
    """Per cent of it that each of them takes at least."""
    slack_weeks = models.PositiveSmallIntegerField(default=0)
    """By how many weeks it may start later."""
    status = models.CharField(max_length=10, default="open")
    """draft, open, proposed, part, filled or cancelled."""
    note = models.TextField(default="")
    asked_by = Reference(Person, null=True)
    asked_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "resourcing_demand",
                project="projects_project",
                task="projects_task",
                job_role="people_jobrole",
                asked_by="people_person",
            ),
            models.UniqueConstraint(fields=["tenant_id", "number"], name="demand_number"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="demand_span"),
            models.CheckConstraint(
                condition=Q(minutes_per_week__gt=0, percent=None) | Q(minutes_per_week=None, percent__gt=0),
                name="demand_effort",
            ),
            models.CheckConstraint(condition=Q(priority__gte=1, priority__lte=4), name="demand_priority"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "open", "proposed", "part", "filled", "cancelled"]),
                name="demand_status",
            ),
            models.CheckConstraint(
                condition=Q(most_people__gte=1, most_people__lte=6, least_share__gte=10, least_share__lte=100),
                name="demand_shares",
            ),
            models.CheckConstraint(condition=Q(slack_weeks__lte=26), name="demand_slack"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "project"], name="demand_project"),
            models.Index(fields=["tenant_id", "starts_on"], name="demand_start"),
        ]


class DemandSkill(TenantModel):
    """A skill that a demand must have, or would like, from a level on."""

    demand = Reference(Demand, models.CASCADE)
    skill = Reference(Skill)
    level = models.PositiveSmallIntegerField(default=3)
    is_must = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("resourcing_demandskill", demand="resourcing_demand", skill="people_skill"),
            models.UniqueConstraint(fields=["tenant_id", "demand", "skill"], name="demand_skill_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="demand_skill_level"),
        ]


class DemandCertificate(TenantModel):
    """A certificate that must hold on every day of a demand."""

    demand = Reference(Demand, models.CASCADE)
    certificate = Reference(Certificate)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("resourcing_demandcertificate", demand="resourcing_demand", certificate="people_certificate"),
            models.UniqueConstraint(fields=["tenant_id", "demand", "certificate"], name="demand_certificate_once"),
        ]


class Proposal(TenantModel):
    """Somebody who may fill a demand, and what they answered when they were asked."""

    prefix = "prp"

    demand = Reference(Demand, models.CASCADE)
    person = Reference(Person)
    status = models.CharField(max_length=9, default="proposed")
    """proposed, asked, willing, unwilling, talk, accepted or withdrawn."""
    note = models.TextField(default="")
    answer_note = models.TextField(default="")
    proposed_by = Reference(Person, null=True)
    proposed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "resourcing_proposal", demand="resourcing_demand", person="people_person", proposed_by="people_person"
            ),
            models.UniqueConstraint(fields=["tenant_id", "demand", "person"], name="proposal_once"),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "asked", "willing", "unwilling", "talk", "accepted", "withdrawn"]),
                name="proposal_status",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "person"], name="proposal_person")]


class Booking(TenantModel):
    """Somebody's time that is set aside for a project. Its minutes stand, day by day, on BookingDay."""

    prefix = "bok"

    person = Reference(Person)
    project = Reference(Project)
    task = Reference(Task, null=True)
    demand = Reference(Demand, null=True)
    job_role = Reference(JobRole, null=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    """Last day, included."""
    effort = models.CharField(max_length=8)
    """per_day, percent or total: how `amount` spreads over the days."""
    amount = models.PositiveIntegerField()
    """Minutes per day, per cent of the day's capacity, or minutes in all."""
    is_firm = models.BooleanField(default=False)
    note = models.TextField(default="")
    booked_by = Reference(Person, null=True)
    booked_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "resourcing_booking",
                person="people_person",
                project="projects_project",
                task="projects_task",
                demand="resourcing_demand",
                job_role="people_jobrole",
                booked_by="people_person",
            ),
            models.UniqueConstraint(fields=["tenant_id", "id", "person", "is_firm"], name="booking_of_days"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="booking_span"),
            models.CheckConstraint(
                condition=Q(effort__in=["per_day", "percent", "total"], amount__gt=0), name="booking_effort"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "person", "starts_on"], name="booking_person_day"),
            models.Index(fields=["tenant_id", "project", "starts_on"], name="booking_project_day"),
            models.Index(fields=["tenant_id", "demand"], condition=Q(demand__isnull=False), name="booking_demand"),
        ]


class BookingDay(models.Model):
    """Minutes of a booking on a day. Person and firmness are the booking's: a foreign key holds them to it."""

    pk = models.CompositePrimaryKey("tenant_id", "booking_id", "day_on")
    tenant_id = models.UUIDField()
    booking_id = models.UUIDField()
    person_id = models.UUIDField()
    day_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    is_firm = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            RowSecurity(name="resourcing_bookingday_rows"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="booking_day_minutes"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "person_id", "day_on"], name="booking_day_person")]


class DayLoad(models.Model):
    """What is booked on a person's day and what the day can take, kept by triggers. The CHECK is the judge.

    `conflict_minutes` is what was booked before the day lost capacity (illness does not ask): it lets the row stand,
    shrinks with the bookings, and never makes room for a new one.
    """

    pk = models.CompositePrimaryKey("tenant_id", "person_id", "day_on")
    tenant_id = models.UUIDField()
    person_id = models.UUIDField()
    day_on = models.DateField()
    firm_minutes = models.IntegerField(default=0)
    tentative_minutes = models.IntegerField(default=0)
    capacity_minutes = models.IntegerField(default=0)
    override_minutes = models.IntegerField(default=0)
    conflict_minutes = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            RowSecurity(name="resourcing_dayload_rows"),
            models.CheckConstraint(
                condition=Q(firm_minutes__lte=F("capacity_minutes") + F("override_minutes") + F("conflict_minutes")),
                name="day_load_within_capacity",
            ),
            models.CheckConstraint(
                condition=Q(firm_minutes__gte=0, tentative_minutes__gte=0, conflict_minutes__gte=0),
                name="day_load_not_negative",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "day_on"], name="day_load_day"),
            models.Index(fields=["tenant_id", "day_on"], condition=Q(conflict_minutes__gt=0), name="day_load_conflict"),
        ]


class Override(TenantModel):
    """More than the day's capacity may be booked: so many minutes, why, and who approved it."""

    prefix = "ovr"

    person = Reference(Person)
    day_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    reason = models.TextField()
    approved_by = Reference(Person)
    approved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("resourcing_override", person="people_person", approved_by="people_person"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="override_minutes"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_reason"),
            models.CheckConstraint(condition=~Q(approved_by=F("person")), name="override_own_approval"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "person", "day_on"], name="override_person_day")]


class Preference(TenantModel):
    """A client or a place that somebody likes to work for or at, or rather not."""

    prefix = "prf"

    person = Reference(Person, models.CASCADE)
    client = Reference(Client, null=True)
    place = models.TextField(default="")
    is_wanted = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("resourcing_preference", person="people_person", client="clients_client"),
            models.UniqueConstraint(
                fields=["tenant_id", "person", "client", "place"], name="preference_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=(Q(client=None) & ~Q(place="")) | (Q(client__isnull=False) & Q(place="")),
                name="preference_of_one",
            ),
        ]


class StaffingRun(TenantModel):
    """All open requests solved together: what was asked with which weights, how it ended, and every reason."""

    prefix = "sfr"

    asked_at = models.DateTimeField()
    asked_by = Reference(Person, null=True)
    goal = models.CharField(max_length=12, default="balanced")
    weights = models.JSONField(default=dict)
    """Per cent of the usual points by kind of fact, and `spread`: what an uneven load costs."""
    demand_ids = ArrayField(models.UUIDField(), default=list)
    """Empty: all that were open."""
    keeps_tentative = models.BooleanField(default=True)
    seconds = models.PositiveSmallIntegerField(default=30)
    work = models.PositiveIntegerField(null=True)
    """Limit of work in place of the clock: then the same input gives the same answer."""
    seed = models.PositiveIntegerField(default=1)
    version = models.CharField(max_length=12)
    """Of the rules that answered."""
    stop_asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=7, default="")
    """done, stopped (with the best so far) or failed; '' while it waits or runs."""
    message = models.TextField(default="")
    case_sha256 = models.CharField(max_length=64, default="")
    """Of the input: runs with the same hash, seed and work answer the same."""
    worth = models.IntegerField(default=0)
    bound = models.IntegerField(default=0)
    answer = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("resourcing_staffingrun", asked_by="people_person"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "done", "failed", "stopped"]), name="staffing_run_outcome"
            ),
            models.CheckConstraint(condition=Q(bound__gte=F("worth")), name="staffing_run_bound"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "-asked_at"], name="staffing_run_newest")]


class StaffingProposal(TenantModel):
    """A person on a share of a request, in the best plan (0) of a run or in one of its alternatives (1 to 3)."""

    prefix = "sfp"

    run = Reference(StaffingRun, models.CASCADE)
    plan = models.PositiveSmallIntegerField()
    demand = Reference(Demand, models.CASCADE)
    person = Reference(Person)
    share = models.PositiveSmallIntegerField()
    shift_weeks = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField()
    minutes = models.PositiveIntegerField()
    score = models.IntegerField()
    reasons = models.JSONField(default=list)
    """Kind, points and fact of each; the points add up to the score."""
    demand_version = models.PositiveIntegerField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = Reference(Person, null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "resourcing_staffingproposal", run="resourcing_staffingrun", demand="resourcing_demand",
                person="people_person", accepted_by="people_person",
            ),
            models.UniqueConstraint(fields=["tenant_id", "run", "plan", "demand", "person"], name="staffing_once"),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="staffing_share"),
        ]  # fmt: skip


class StaffingGoal(TenantModel):
    """What staffing aims at for a team, or for everybody without a goal of their own."""

    prefix = "sfg"

    team = Reference(Team, null=True)
    goal = models.CharField(max_length=12, default="balanced")
    weights = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("resourcing_staffinggoal", team="people_team"),
            models.UniqueConstraint(fields=["tenant_id", "team"], name="staffing_goal_team", nulls_distinct=False),
        ]


class Feed(TenantModel):
    """An iCal address: who holds its secret reads one person's, project's or team's calendar."""

    prefix = "fed"

    name = models.TextField(default="")
    kind = models.CharField(max_length=8)
    """person, project or team."""
    subject_id = models.UUIDField()
    detail = models.CharField(max_length=8, default="project")
    """What a title says: project, client or busy."""
    digest = models.CharField(max_length=64, unique=True)
    membership_id = models.UUIDField()
    """Whose rights it reads with."""
    created_at = models.DateTimeField()
    last_read_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("resourcing_feed", membership="accounts_membership"),
            models.CheckConstraint(condition=Q(kind__in=["person", "project", "team"]), name="feed_kind"),
            models.CheckConstraint(condition=Q(detail__in=["project", "client", "busy"]), name="feed_detail"),
        ]
