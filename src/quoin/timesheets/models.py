"""Tables of time and expenses."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func, Q

from quoin.base.db.tenancy import (
    Audited,
    Reference,
    RowSecurity,
    StatementTrigger,
    TenantKey,
    TenantModel,
    amount_field,
    currency_field,
    rate_field,
    tenant_table,
)
from quoin.catalog.models import ExpenseCategory
from quoin.people.models import Person
from quoin.projects.models import Project, Task

_STEPS = (
    'CREATE TRIGGER "{{name}}" AFTER UPDATE ON "{{table}}" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'
    " FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
)
_KEEP = (
    'CREATE TRIGGER "{name}" AFTER DELETE ON "{table}" REFERENCING OLD TABLE AS old_rows'
    " FOR EACH STATEMENT EXECUTE FUNCTION timesheets_keep_approved()"
)


class Span(Func):
    """tstzrange(started_at, ended_at)."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Timesheet(TenantModel):
    """A person's week: who handed it in and when. What is approved stands on the entries."""

    prefix = "tsh"

    person = Reference(Person)
    week_on = models.DateField()
    """The Monday."""
    submitted_at = models.DateTimeField(null=True)
    is_certified = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("timesheets_timesheet", person="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "person", "week_on"], name="timesheet_once"),
        ]


class TimeEntry(TenantModel):
    """Worked minutes of a person on a day. Billing never changes them."""

    prefix = "tim"

    person = Reference(Person)
    project = Reference(Project)
    task = Reference(Task, null=True)
    work_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    note = models.TextField(default="")
    is_billable = models.BooleanField(default=True)
    status = models.CharField(max_length=10, default="open")
    """open, submitted, approved or returned. Billed is a fact of its charge, not of the entry."""
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    zone = models.TextField(default="")
    source = models.CharField(max_length=8, default="grid")
    entered_by_id = models.UUIDField(null=True)
    """User who typed it, when not the person."""
    entered_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_by = Reference(Person, null=True)
    approved_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    approval = Reference("timesheets.Approval", null=True)
    """The decision that approved this version."""
    previous_minutes = models.PositiveSmallIntegerField(null=True)
    """What was approved before it was reopened: only the difference is approved again."""
    return_note = models.TextField(default="")
    import_id = models.UUIDField(null=True)
    external_key = models.TextField(default="")
    """`source:id` in the system it came from; a second import finds it by this."""

    class Meta:
        constraints: ClassVar = [
            TenantKey(name="timesheets_timeentry_key"),
            RowSecurity(name="timesheets_timeentry_rows"),
            Audited(name="timesheets_timeentry_trail", inserts=False),
            # Person, project, task, approver and decision are checked per statement (migrations 0005 and 0006):
            # foreign keys would take half the time of a load or an approval.
            models.UniqueConstraint(
                fields=["tenant_id", "external_key"], condition=~Q(external_key=""), name="time_entry_external"
            ),
            StatementTrigger(name="timesheets_timeentry_steps", sql=_STEPS.format(function="timesheets_check_time")),
            StatementTrigger(name="timesheets_timeentry_keep", sql=_KEEP),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="time_entry_minutes"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("person")), name="time_entry_own_approval"
            ),
            models.CheckConstraint(
                condition=Q(started_at=None, ended_at=None) | Q(ended_at__gt=models.F("started_at")),
                name="time_entry_span",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "submitted", "approved", "returned"]), name="time_entry_status"
            ),
            ExclusionConstraint(
                name="time_entry_one_place",
                expressions=[
                    ("tenant_id", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (Span("started_at", "ended_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(started_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "person", "work_on"], name="time_entry_person_day"),
            models.Index(fields=["tenant_id", "project", "work_on"], name="time_entry_project_day"),
            models.Index(fields=["tenant_id", "person"], condition=Q(status="submitted"), name="time_entry_waiting"),
            models.Index(
                fields=["tenant_id", "import_id"], condition=Q(import_id__isnull=False), name="time_entry_import"
            ),
        ]


class TimeMonth(models.Model):
    """Rollup kept by triggers on TimeEntry: minutes per month, person, project and state."""

    pk = models.CompositePrimaryKey("tenant_id", "month_on", "project_id", "person_id", "status", "is_billable")
    tenant_id = models.UUIDField()
    month_on = models.DateField()
    project_id = models.UUIDField()
    person_id = models.UUIDField()
    status = models.CharField(max_length=10)
    is_billable = models.BooleanField()
    minutes = models.BigIntegerField()
    entries = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [RowSecurity(name="timesheets_timemonth_rows")]


class AppliedChange(TenantModel):
    """A change that a device sent, by the id the device gave it: sent twice, it is applied once."""

    applied_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = tenant_table("timesheets_appliedchange", audited=False)
        indexes: ClassVar = [models.Index(fields=["tenant_id", "applied_at"], name="applied_change_at")]


class Timer(TenantModel):
    """A running clock: one per person."""

    person = Reference(Person)
    project = Reference(Project)
    task = Reference(Task, null=True)
    note = models.TextField(default="")
    started_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    """Until then somebody said that the time counts, however long it ran."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("timesheets_timer", person="people_person", project="projects_project", task="projects_task"),
            models.UniqueConstraint(fields=["tenant_id", "person"], name="timer_one_per_person"),
        ]


class PinnedRow(TenantModel):
    """A row that somebody keeps on their timesheet."""

    person = Reference(Person)
    project = Reference(Project)
    task = Reference(Task, null=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "timesheets_pinnedrow", person="people_person", project="projects_project", task="projects_task"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "person", "project", "task"], name="pinned_row_once", nulls_distinct=False
            ),
        ]


class Expense(TenantModel):
    """Money somebody spent on a project. The rate to the entity's currency is frozen here."""

    prefix = "exp"

    person = Reference(Person)
    project = Reference(Project)
    task = Reference(Task, null=True)
    category = Reference(ExpenseCategory)
    spent_on = models.DateField()
    supplier = models.TextField(default="")
    note = models.TextField(default="")
    quantity = rate_field(null=True)
    """Kilometres or days; null for a receipt."""
    gross_amount = amount_field()
    vat_amount = amount_field(default=0)
    currency = currency_field()
    fx_rate = models.DecimalField(max_digits=20, decimal_places=10, default=1)
    fx_on = models.DateField(null=True)
    fx_source = models.TextField(default="")
    base_net_amount = amount_field()
    base_vat_amount = amount_field(default=0)
    base_currency = currency_field()
    is_vat_recoverable = models.BooleanField(default=True)
    is_billable = models.BooleanField(default=True)
    is_reimbursable = models.BooleanField(default=True)
    receipt_id = models.UUIDField(null=True)
    status = models.CharField(max_length=10, default="open")
    submitted_at = models.DateTimeField(null=True)
    approved_by = Reference(Person, null=True)
    approved_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    approval = Reference("timesheets.Approval", null=True)
    return_note = models.TextField(default="")
    split_id = models.UUIDField(null=True)
    """The same for all parts of one receipt."""
    import_id = models.UUIDField(null=True)
    external_key = models.TextField(default="")
    """`source:id` in the system it came from; a second import finds it by this."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "timesheets_expense",
                person="people_person",
                project="projects_project",
                task="projects_task",
                category="catalog_expensecategory",
                approved_by="people_person",
                receipt="base_storedfile",
                approval="timesheets_approval",
            ),
            StatementTrigger(name="timesheets_expense_steps", sql=_STEPS.format(function="timesheets_check_expense")),
            StatementTrigger(name="timesheets_expense_keep", sql=_KEEP),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("person")), name="expense_own_approval"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "external_key"], condition=~Q(external_key=""), name="expense_external"
            ),
            models.CheckConstraint(condition=Q(gross_amount__gt=0), name="expense_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "submitted", "approved", "returned"]), name="expense_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "person", "spent_on"], name="expense_person_day"),
            models.Index(fields=["tenant_id", "project", "spent_on"], name="expense_project_day"),
            models.Index(
                fields=["tenant_id", "import_id"], condition=Q(import_id__isnull=False), name="expense_import"
            ),
        ]


class Approval(TenantModel):
    """A decision on time or expenses: by whom, on exactly which versions (their hash)."""

    prefix = "apr"

    kind = models.CharField(max_length=8)
    """time or expense."""
    decision = models.CharField(max_length=8)
    """approve, return or reopen."""
    person = Reference(Person)
    week_on = models.DateField(null=True)
    decided_by = Reference(Person, null=True)
    decided_at = models.DateTimeField()
    items = models.PositiveIntegerField()
    content_sha256 = models.CharField(max_length=64)
    note = models.TextField(default="")

    class Meta:
        constraints: ClassVar = tenant_table(
            "timesheets_approval", append_only=True, person="people_person", decided_by="people_person"
        )
        indexes: ClassVar = [models.Index(fields=["tenant_id", "person", "week_on"], name="approval_person_week")]
