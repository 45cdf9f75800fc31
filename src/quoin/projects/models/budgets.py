"""Tables of budgets: the versions of a project's budget and their lines. A kept version never changes."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import Reference, TenantModel, amount_field, currency_field, tenant_table
from quoin.people.models import JobRole, Person
from quoin.projects.models.work import Project


class BudgetVersion(TenantModel):
    """A project's budget as of a day, and why it is as it is.

    The last kept version is the project's budget: its totals stand on the project, and the database holds them equal.
    """

    prefix = "bgv"

    project = Reference(Project)
    number = models.PositiveIntegerField()
    """Counts within the project."""
    status = models.CharField(max_length=5, default="draft")
    reason = models.TextField(default="")
    valid_on = models.DateField(null=True)
    """From which day it counts; null: a draft."""
    source_id = models.UUIDField(null=True)
    """The change order that made it."""
    currency = currency_field()
    cost_currency = currency_field()
    created_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    kept_by = Reference(Person, null=True)
    minutes_before = models.PositiveIntegerField(default=0)
    """The project's total before, so that keeping can be taken back."""
    amount_before = amount_field(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_budgetversion", project="projects_project", kept_by="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "project", "number"], name="budget_number"),
            models.UniqueConstraint(
                fields=["tenant_id", "project"], condition=models.Q(status="draft"), name="budget_one_draft"
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft", kept_at=None)
                | models.Q(status="kept", kept_at__isnull=False, valid_on__isnull=False),
                name="budget_kept",
            ),
        ]


class BudgetLine(TenantModel):
    """What is planned for a thing: hours, their price, and what they cost.

    `key` is the same in every version, so that two versions can be compared line by line.
    """

    prefix = "bgl"

    version = Reference(BudgetVersion, models.CASCADE)
    key = models.UUIDField()
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, default="work")
    text = models.TextField(default="")
    task_id = models.UUIDField(null=True)
    """A task or phase of the plan; it may be gone, its name stays."""
    task_name = models.TextField(default="")
    job_role = Reference(JobRole, null=True)
    month_on = models.DateField(null=True)
    """First day of the month that it is planned for; null: over the whole project."""
    minutes = models.IntegerField(default=0)
    amount = amount_field(default=0)
    """Price of the work at its rates, in the project's currency."""
    cost = amount_field(default=0)
    """What it costs the firm, in the currency of its books."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_budgetline", version="projects_budgetversion", job_role="people_jobrole"),
            models.UniqueConstraint(fields=["tenant_id", "version", "key"], name="budget_line_key"),
            models.CheckConstraint(
                condition=models.Q(month_on=None) | models.Q(month_on__day=1), name="budget_line_month"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "version", "position"], name="budget_line_order")]
