"""Tables of projects."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import Reference, TenantModel, amount_field, currency_field, tenant_table
from quoin.clients.models import Client
from quoin.people.models import JobRole, Person
from quoin.sales.models import Contract


class Project(TenantModel):
    """Work for a client under a contract, with a plan and a budget."""

    prefix = "prj"

    number = models.TextField()
    name = models.TextField()
    client = Reference(Client)
    contract = Reference(Contract, null=True)
    """Null: not billed (internal work)."""
    manager = Reference(Person, null=True)
    status = models.CharField(max_length=12, default="active")
    """planned, active, on_hold or closed."""
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    budget_minutes = models.PositiveIntegerField(default=0)
    budget_amount = amount_field(null=True)
    currency = currency_field()
    note_rule = models.CharField(max_length=8, default="wanted")
    """none, wanted or needed."""
    health = models.CharField(max_length=12, default="on_track")
    health_note = models.TextField(default="")
    color = models.PositiveSmallIntegerField(default=0)
    description = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "projects_project", client="clients_client", contract="sales_contract", manager="people_person"
            ),
            models.UniqueConstraint(fields=["tenant_id", "number"], name="project_number"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "client"], name="project_client"),
            models.Index(fields=["tenant_id", "contract"], name="project_contract"),
        ]


class Task(TenantModel):
    """A piece of a project: a phase, a task under it, or a milestone."""

    prefix = "tsk"

    project = Reference(Project)
    parent = Reference("projects.Task", null=True)
    position = models.PositiveIntegerField(default=0)
    number = models.PositiveIntegerField()
    """Counts within the project."""
    name = models.TextField()
    status = models.CharField(max_length=12, default="open")
    """open, in_progress, done or closed (no time any more)."""
    assignee = Reference(Person, null=True)
    is_billable = models.BooleanField(default=True)
    is_milestone = models.BooleanField(default=False)
    estimate_minutes = models.PositiveIntegerField(default=0)
    left_minutes = models.PositiveIntegerField(null=True)
    starts_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    priority = models.PositiveSmallIntegerField(default=2)
    notes = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "projects_task", project="projects_project", parent="projects_task", assignee="people_person"
            ),
            models.UniqueConstraint(fields=["tenant_id", "project", "number"], name="task_number"),
        ]


class ProjectMember(TenantModel):
    """Somebody who works on the project, and as what they are sold."""

    prefix = "mem"

    project = Reference(Project)
    person = Reference(Person)
    job_role = Reference(JobRole, null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    minutes_per_day = models.PositiveSmallIntegerField(default=0)
    """Planned effort on working days; feeds the timesheet's suggestions."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "projects_projectmember",
                project="projects_project",
                person="people_person",
                job_role="people_jobrole",
            ),
            models.UniqueConstraint(fields=["tenant_id", "project", "person"], name="project_member_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "person"], name="project_member_person")]
