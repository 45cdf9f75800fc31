"""Tables of stage gates: what holds a phase, what it asks for, and the checklists of tasks."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import Reference, TenantModel, tenant_table
from quoin.people.models import JobRole, Person
from quoin.projects.models.work import Project, Task


class Gate(TenantModel):
    """Holds a phase until what it asks for is met, or somebody waives it and says why.

    The database refuses work in a phase behind a gate that waits, and a passed gate with an unmet item.
    """

    prefix = "gat"

    project = Reference(Project)
    task = Reference(Task)
    """The phase that cannot begin; what stands under it cannot either."""
    name = models.TextField()
    position = models.PositiveIntegerField(default=0)
    due_on = models.DateField(null=True)
    """By which day it is to be decided."""
    waiver_role = Reference(JobRole, null=True)
    """Who else may waive it: people with this role in the project; null: only those who may waive every gate."""
    status = models.CharField(max_length=8, default="waiting")
    """waiting, passed or waived."""
    decided_at = models.DateTimeField(null=True)
    decided_by = Reference(Person, null=True)
    reason = models.TextField(default="")
    """Why it was waived, or a word on passing."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "projects_gate",
                project="projects_project",
                task="projects_task",
                decided_by="people_person",
                waiver_role="people_jobrole",
            ),
            models.UniqueConstraint(fields=["tenant_id", "task", "name"], name="gate_name"),
            models.CheckConstraint(
                condition=models.Q(status="waiting", decided_at=None)
                | models.Q(status__in=["passed", "waived"], decided_at__isnull=False),
                name="gate_decided",
            ),
            models.CheckConstraint(condition=~models.Q(status="waived") | ~models.Q(reason=""), name="gate_waived_why"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "project"], name="gate_project")]


class GateItem(TenantModel):
    """Something a gate asks for: ticked by somebody of a role, or a fact that is looked up."""

    prefix = "gai"

    gate = Reference(Gate, models.CASCADE)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=24, default="manual")
    text = models.TextField(default="")
    job_role = Reference(JobRole, null=True)
    """Who ticks it; null: who runs the project."""
    met_at = models.DateTimeField(null=True)
    met_by = Reference(Person, null=True)
    evidence = models.TextField(default="")
    """What it was met by, in words of that moment."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_gateitem", gate="projects_gate", job_role="people_jobrole", met_by="people_person"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "gate", "position"], name="gate_item_order")]


class TaskCheck(TenantModel):
    """A line of a task's checklist."""

    prefix = "tkc"

    task = Reference(Task, models.CASCADE)
    position = models.PositiveIntegerField()
    text = models.TextField()
    done_at = models.DateTimeField(null=True)
    done_by = Reference(Person, null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_taskcheck", task="projects_task", done_by="people_person"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "task", "position"], name="task_check_order")]
