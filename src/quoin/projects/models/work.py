"""Tables of projects."""

from typing import ClassVar

from django.db import models

from quoin.base.db.local_time import LocalTimeField
from quoin.base.db.tenancy import Reference, TenantModel, amount_field, currency_field, tenant_table
from quoin.base.files.models import StoredFile
from quoin.clients.models import Client
from quoin.people.models import JobRole, Person, WorkCalendar
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
    schedule = models.CharField(max_length=10, default="by_hand")
    """by_hand, from_start or from_end: who dates the tasks."""
    calendar = Reference(WorkCalendar, null=True)
    """Working hours of the plan; null: the firm's calendar."""
    starts_at = models.TimeField(null=True)
    """When on its first day the plan begins; null: with the calendar's work."""
    status_on = models.DateField(null=True)
    """Work that is not done by this day moves behind it; null: it stays where it was planned."""
    critical_minutes = models.PositiveIntegerField(default=0)
    """Tasks with no more float than this are critical."""
    finish_at = LocalTimeField(null=True)
    """When the plan comes out, by the last calculation."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "projects_project",
                client="clients_client",
                contract="sales_contract",
                manager="people_person",
                calendar="people_workcalendar",
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
    kind = models.CharField(max_length=12, default="task")
    """task, phase, milestone or deliverable."""
    duration_minutes = models.PositiveIntegerField(null=True)
    """Working time from start to finish; null: as long as the estimate, or a day."""
    is_manual = models.BooleanField(default=False)
    """Dated by hand: links do not move it."""
    constraint = models.CharField(max_length=4, default="asap")
    constraint_at = LocalTimeField(null=True)
    deadline_at = LocalTimeField(null=True)
    calendar = Reference(WorkCalendar, null=True)
    percent = models.PositiveSmallIntegerField(default=0)
    actual_start_at = LocalTimeField(null=True)
    actual_finish_at = LocalTimeField(null=True)
    not_before_at = LocalTimeField(null=True)
    """Given by levelling: somebody is busy until then."""
    wait_reason = models.TextField(default="")
    start_at = LocalTimeField(null=True)
    finish_at = LocalTimeField(null=True)
    early_start_at = LocalTimeField(null=True)
    early_finish_at = LocalTimeField(null=True)
    late_start_at = LocalTimeField(null=True)
    late_finish_at = LocalTimeField(null=True)
    total_float_minutes = models.IntegerField(null=True)
    free_float_minutes = models.IntegerField(null=True)
    is_critical = models.BooleanField(default=False)
    behind_minutes = models.PositiveIntegerField(default=0)
    """By how much links ask for a later start than a date of the task allows."""
    signed_at = models.DateTimeField(null=True)
    signed_by = models.TextField(default="")
    """Who at the client accepted the deliverable."""
    sign_note = models.TextField(default="")
    sign_file = Reference(StoredFile, null=True)
    """The paper or picture that the client signed."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "projects_task",
                project="projects_project",
                parent="projects_task",
                assignee="people_person",
                calendar="people_workcalendar",
                sign_file="base_storedfile",
            ),
            models.UniqueConstraint(fields=["tenant_id", "project", "number"], name="task_number"),
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")), name="task_not_under_itself"
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="task_percent"),
            models.CheckConstraint(
                condition=models.Q(constraint__in=["asap", "alap"]) | models.Q(constraint_at__isnull=False),
                name="task_constraint_dated",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "parent"], name="task_parent")]


class Dependency(TenantModel):
    """A task waits for another, in the same project or another one."""

    prefix = "dep"

    before = Reference(Task, models.CASCADE)
    after = Reference(Task, models.CASCADE)
    kind = models.CharField(max_length=2, default="fs")
    """fs, ss, ff or sf: which end of the first holds which end of the second."""
    lag = models.IntegerField(default=0)
    """Minutes or percent; negative for a lead."""
    lag_unit = models.CharField(max_length=8, default="work")

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_dependency", before="projects_task", after="projects_task"),
            models.UniqueConstraint(fields=["tenant_id", "before", "after", "kind"], name="dependency_once"),
            models.CheckConstraint(condition=~models.Q(before=models.F("after")), name="dependency_not_itself"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "after"], name="dependency_after")]


class Assignment(TenantModel):
    """Somebody on a task, with a part of their day."""

    prefix = "asg"

    task = Reference(Task, models.CASCADE)
    person = Reference(Person)
    units_percent = models.PositiveSmallIntegerField(default=100)
    effort_minutes = models.PositiveIntegerField(null=True)
    """Work on the task; null: the units of its duration."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_assignment", task="projects_task", person="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "task", "person"], name="assignment_once"),
            models.CheckConstraint(condition=models.Q(units_percent__gt=0), name="assignment_units"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "person"], name="assignment_person")]


class Baseline(TenantModel):
    """What the plan of a project was at some moment, kept to compare with."""

    prefix = "bas"

    project = Reference(Project, models.CASCADE)
    name = models.TextField()
    taken_at = models.DateTimeField()
    note = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_baseline", project="projects_project"),
            models.UniqueConstraint(fields=["tenant_id", "project", "name"], name="baseline_name"),
        ]


class BaselineTask(TenantModel):
    """A task as it stood in a baseline; the task itself may be gone."""

    baseline = Reference(Baseline, models.CASCADE)
    task_id = models.UUIDField()
    number = models.PositiveIntegerField()
    name = models.TextField()
    start_at = LocalTimeField(null=True)
    finish_at = LocalTimeField(null=True)
    duration_minutes = models.PositiveIntegerField(default=0)
    estimate_minutes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_baselinetask", baseline="projects_baseline"),
            models.UniqueConstraint(fields=["tenant_id", "baseline", "task_id"], name="baseline_task_once"),
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


class PlanSource(TenantModel):
    """The file that a project's plan was last read from, with what the tables of plans do not hold."""

    prefix = "pls"

    project = Reference(Project, models.CASCADE)
    file_name = models.TextField()
    read_at = models.DateTimeField()
    header = models.JSONField(default=dict)
    """The file without its tasks: settings, calendars, the project's own row."""
    calendars = models.JSONField(default=dict)
    """Our calendars by the file's numbers."""
    baselines = models.JSONField(default=dict)
    """Our baselines by the file's numbers."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_plansource", project="projects_project"),
            models.UniqueConstraint(fields=["tenant_id", "project"], name="plan_source_once"),
        ]


class PlanResource(TenantModel):
    """Somebody or something in the file, and who that is here; null: a placeholder."""

    prefix = "plr"

    source = Reference(PlanSource, models.CASCADE)
    uid = models.IntegerField()
    person = Reference(Person, null=True)
    kept = models.JSONField(default=dict)
    """The resource as it was read."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_planresource", source="projects_plansource", person="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "source", "uid"], name="plan_resource_once"),
        ]


class TaskSource(TenantModel):
    """The row of a file that a task was last read from."""

    prefix = "tks"

    source = Reference(PlanSource, models.CASCADE)
    task = Reference(Task, models.CASCADE)
    uid = models.IntegerField()
    """The file's number of the task: the next reading of the plan finds it by this."""
    kept = models.JSONField(default=dict)
    """The row as it was read; fields that the task has itself are read from the task."""
    uses = models.JSONField(default=list)
    """Assignments as they were read, placeholders too."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_tasksource", source="projects_plansource", task="projects_task"),
            models.UniqueConstraint(fields=["tenant_id", "source", "uid"], name="task_source_uid"),
            models.UniqueConstraint(fields=["tenant_id", "task"], name="task_source_once"),
        ]


class PlanImport(TenantModel):
    """One reading of a file into a project, with what it replaced, so that it can be taken back."""

    prefix = "pli"

    project = Reference(Project, models.CASCADE)
    file_name = models.TextField()
    made_at = models.DateTimeField()
    before = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [*tenant_table("projects_planimport", project="projects_project")]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "project"], name="plan_import_project")]
