"""Tables of project governance. What was sent or accepted is kept by triggers of the migrations."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from quoin.base.db.tenancy import Reference, TenantModel, amount_field, currency_field, rate_field, tenant_table
from quoin.base.files.models import StoredFile
from quoin.people.models import JobRole, Person
from quoin.projects.models import Project, Task
from quoin.sales.models import Contract


class RaidItem(TenantModel):
    """A risk, an assumption, an issue, a dependency or a decision of a project."""

    prefix = "rai"

    project = Reference(Project)
    number = models.PositiveIntegerField()
    """Counts within the project."""
    kind = models.CharField(max_length=10, default="risk")
    title = models.TextField()
    detail = models.TextField(default="")
    status = models.CharField(max_length=10, default="open")
    probability = models.PositiveSmallIntegerField(null=True)
    impact = models.PositiveSmallIntegerField(null=True)
    impact_amount = amount_field(null=True)
    """What it costs if it happens, in the project's currency."""
    impact_days = models.PositiveSmallIntegerField(default=0)
    """By how many days it delays the task."""
    task = Reference(Task, null=True)
    owner = Reference(Person, null=True)
    due_on = models.DateField(null=True)
    response = models.TextField(default="")
    raised_on = models.DateField()
    source = Reference("governance.RaidItem", null=True)
    """The risk that came true, of an issue."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "governance_raiditem",
                project="projects_project",
                task="projects_task",
                owner="people_person",
                source="governance_raiditem",
            ),
            models.UniqueConstraint(fields=["tenant_id", "project", "number"], name="raid_number"),
            models.UniqueConstraint(fields=["tenant_id", "source"], name="raid_source_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["risk", "assumption", "issue", "dependency", "decision"]), name="raid_kind"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "mitigating", "accepted", "came_true", "closed"]), name="raid_status"
            ),
            models.CheckConstraint(
                condition=(Q(probability=None) | Q(probability__range=(1, 5)))
                & (Q(impact=None) | Q(impact__range=(1, 5))),
                name="raid_scale",
            ),
            models.CheckConstraint(
                condition=Q(impact_amount=None) | Q(impact_amount__gte=0), name="raid_amount"
            ),
            models.CheckConstraint(
                condition=~Q(kind="risk") | Q(probability__isnull=False, impact__isnull=False), name="raid_scored"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["tenant_id", "due_on"], name="raid_due")]


class RaidState(TenantModel):
    """How an entry stood each time it was rated or took a step."""

    item = Reference(RaidItem)
    at = models.DateTimeField()
    by_name = models.TextField(default="")
    status = models.CharField(max_length=10)
    probability = models.PositiveSmallIntegerField(null=True)
    impact = models.PositiveSmallIntegerField(null=True)
    impact_amount = amount_field(null=True)
    impact_days = models.PositiveSmallIntegerField(default=0)
    note = models.TextField(default="")

    class Meta:
        constraints: ClassVar = tenant_table("governance_raidstate", append_only=True, item="governance_raiditem")
        indexes: ClassVar = [models.Index(fields=["tenant_id", "item", "at"], name="raid_states")]


class ChangeOrder(TenantModel):
    """A change of scope with its price, budget, plan and people; applied as a whole once the client accepts."""

    prefix = "cho"

    number = models.PositiveIntegerField()
    """Without a gap over the whole firm; a change order is withdrawn, never deleted."""
    project = Reference(Project)
    contract = Reference(Contract, null=True)
    title = models.TextField()
    reason = models.TextField(default="")
    scope = models.TextField(default="")
    """What the client reads."""
    status = models.CharField(max_length=10, default="draft")
    currency = currency_field()
    budget_minutes = models.IntegerField(default=0)
    budget_amount = amount_field(default=0)
    planned_cost = amount_field(null=True)
    """By how much the cost at completion changes, in the books' currency; null: nobody said."""
    price_amount = amount_field(default=0)
    """What the price lines add up to."""
    created_at = models.DateTimeField()
    created_by = models.TextField(default="")
    sent_at = models.DateTimeField(null=True)
    sent_to = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    answered_on = models.DateField(null=True)
    answered_by = models.TextField(default="")
    """Who of the client answered."""
    answer_note = models.TextField(default="")
    answer_file = Reference(StoredFile, null=True)
    is_answered_online = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, default="")
    """SHA-256 of what the client was shown."""
    price_before = amount_field(null=True)
    price_after = amount_field(null=True)
    """The contract's price before and after, where it has one."""
    applied_at = models.DateTimeField(null=True)
    applied = models.JSONField(default=dict)
    """What was written, so that it can be taken back."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "governance_changeorder",
                project="projects_project",
                contract="sales_contract",
                answer_file="base_storedfile",
            ),
            models.UniqueConstraint(fields=["tenant_id", "number"], name="change_order_number"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "sent", "accepted", "declined", "withdrawn"]),
                name="change_order_status",
            ),
            models.CheckConstraint(
                condition=(Q(status="accepted") & Q(applied_at__isnull=False) & ~Q(answered_by=""))
                | (~Q(status="accepted") & Q(applied_at=None)),
                name="change_order_applied_once",
            ),
            models.CheckConstraint(
                condition=Q(price_before=None) | Q(price_after=F("price_before") + F("price_amount")),
                name="change_order_price",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "project"], name="change_order_project"),
            models.Index(fields=["tenant_id", "contract"], name="change_order_contract"),
        ]


class ChangeLine(TenantModel):
    """One thing that a change order does."""

    prefix = "chl"

    change = Reference(ChangeOrder)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    text = models.TextField(default="")
    task = Reference(Task, null=True)
    """The task that grows."""
    follows = Reference(Task, null=True)
    """The new task begins when this one is done."""
    precedes = Reference(Task, null=True)
    """This task waits for the new one."""
    minutes = models.IntegerField(default=0)
    """Effort of a task, or hours of a price."""
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    assignee = Reference(Person, null=True)
    amount = amount_field(null=True)
    rate_per_hour = rate_field(null=True)
    bills_on_due_day = models.BooleanField(default=False)
    job_role = Reference(JobRole, null=True)
    percent = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "governance_changeline",
                change="governance_changeorder",
                task="projects_task",
                follows="projects_task",
                precedes="projects_task",
                assignee="people_person",
                job_role="people_jobrole",
            ),
            models.UniqueConstraint(fields=["tenant_id", "change", "position"], name="change_line_position"),
            models.CheckConstraint(
                condition=Q(kind="add_task", minutes__gte=0)
                | Q(kind="extend_task", task__isnull=False)
                | Q(kind="price", amount__isnull=False)
                | Q(kind="people", percent__range=(1, 200), starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="change_line_kind",
            ),
        ]


class ChangeLink(TenantModel):
    """The client's way to a change order, without an account."""

    prefix = "chk"

    change = Reference(ChangeOrder)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("governance_changelink", change="governance_changeorder"),
            models.UniqueConstraint(fields=["tenant_id", "digest"], name="change_link_digest"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "change"], name="change_link_change")]


class StatusReport(TenantModel):
    """How a project stands on a day: figures frozen with their lines, texts in people's words."""

    prefix = "srp"

    project = Reference(Project)
    number = models.PositiveIntegerField()
    """Counts within the project."""
    as_of = models.DateField()
    status = models.CharField(max_length=6, default="draft")
    health = models.CharField(max_length=12, default="on_track")
    health_reason = models.TextField(default="")
    summary = models.TextField(default="")
    done = models.TextField(default="")
    upcoming = models.TextField(default="")
    asks = models.TextField(default="")
    """What the client is asked to do."""
    money = models.CharField(max_length=6, default="hours")
    facts = models.JSONField(default=dict)
    """Figures with their lines, dates, risks and changes as they were on the day."""
    written_by = models.TextField(default="")
    written_at = models.DateTimeField()
    sent_to = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, default="")

    class Meta:
        constraints: ClassVar = [
            *tenant_table("governance_statusreport", project="projects_project"),
            models.UniqueConstraint(fields=["tenant_id", "project", "number"], name="status_report_number"),
            models.CheckConstraint(condition=Q(status__in=["draft", "sent", "kept"]), name="status_report_status"),
            models.CheckConstraint(
                condition=Q(status="draft", told_at=None) | (~Q(status="draft") & Q(told_at__isnull=False)),
                name="status_report_told",
            ),
            models.CheckConstraint(
                condition=Q(health__in=["on_track", "at_risk", "off_track"]), name="status_report_health"
            ),
            models.CheckConstraint(condition=Q(money__in=["none", "hours", "money"]), name="status_report_money"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "as_of"], name="status_report_day")]


class Lesson(TenantModel):
    """What happened on a project, why, and what to do the next time."""

    prefix = "lsn"

    project = Reference(Project)
    number = models.PositiveIntegerField()
    """Counts within the project."""
    title = models.TextField()
    what = models.TextField(default="")
    why = models.TextField(default="")
    advice = models.TextField(default="")
    went_well = models.BooleanField(default=False)
    learned_on = models.DateField()
    learned_by = models.TextField(default="")
    template_change_id = models.UUIDField(null=True)
    """The change of a template that was proposed because of it."""
    is_dropped = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("governance_lesson", project="projects_project"),
            models.UniqueConstraint(fields=["tenant_id", "project", "number"], name="lesson_number"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "learned_on"], name="lesson_day")]
