"""Projects with their plans, gates, templates, baselines and budgets."""

from django.db import models

from quoin.base.db import migrating
from quoin.base.db.local_time import LocalTimeField
from quoin.base.db.tenancy import Reference

table = migrating.tables("projects")


class Migration(migrating.Migration):
    initial = True
    replaces = [
        ("projects", "0001_initial"),
        ("projects", "0002_plan"),
        ("projects", "0004_plan_sources"),
        ("projects", "0005_templates_and_gates"),
        ("projects", "0008_origin_kept"),
        ("projects", "0009_budgets"),
        ("projects", "0011_acceptance_papers"),
        ("projects", "0012_gates_due_and_files"),
    ]
    dependencies = [
        ("base", "0002_tables"),
        ("clients", "0001_tables"),
        ("people", "0001_tables"),
        ("sales", "0001_tables"),
    ]
    operations = [
        table(
            "Project",
            [
                ("number", models.TextField()),
                ("name", models.TextField()),
                ("status", models.CharField(default="active", max_length=12)),
                ("starts_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("budget_minutes", models.PositiveIntegerField(default=0)),
                ("budget_amount", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("currency", models.CharField(max_length=3)),
                ("note_rule", models.CharField(default="wanted", max_length=8)),
                ("health", models.CharField(default="on_track", max_length=12)),
                ("health_note", models.TextField(default="")),
                ("color", models.PositiveSmallIntegerField(default=0)),
                ("description", models.TextField(default="")),
                ("client", Reference("clients.client")),
                ("contract", Reference("sales.contract", null=True)),
                ("manager", Reference("people.person", null=True)),
                ("calendar", Reference("people.workcalendar", null=True)),
                ("critical_minutes", models.PositiveIntegerField(default=0)),
                ("finish_at", LocalTimeField(null=True)),
                ("schedule", models.CharField(default="by_hand", max_length=10)),
                ("status_on", models.DateField(null=True)),
                ("starts_at", models.TimeField(null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "number"), name="project_number"),
            indexes=[
                models.Index(fields=["tenant_id", "client"], name="project_client"),
                models.Index(fields=["tenant_id", "contract"], name="project_contract"),
            ],
        ),
        table(
            "ProjectMember",
            [
                ("starts_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("minutes_per_day", models.PositiveSmallIntegerField(default=0)),
                ("job_role", Reference("people.jobrole", null=True)),
                ("person", Reference("people.person")),
                ("project", Reference("projects.project")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "project", "person"), name="project_member_once"),
            indexes=[models.Index(fields=["tenant_id", "person"], name="project_member_person")],
        ),
        table(
            "Task",
            [
                ("position", models.PositiveIntegerField(default=0)),
                ("number", models.PositiveIntegerField()),
                ("name", models.TextField()),
                ("status", models.CharField(default="open", max_length=12)),
                ("is_billable", models.BooleanField(default=True)),
                ("is_milestone", models.BooleanField(default=False)),
                ("estimate_minutes", models.PositiveIntegerField(default=0)),
                ("left_minutes", models.PositiveIntegerField(null=True)),
                ("starts_on", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("priority", models.PositiveSmallIntegerField(default=2)),
                ("notes", models.TextField(default="")),
                ("assignee", Reference("people.person", null=True)),
                ("parent", Reference("projects.task", null=True)),
                ("project", Reference("projects.project")),
                ("actual_finish_at", LocalTimeField(null=True)),
                ("actual_start_at", LocalTimeField(null=True)),
                ("behind_minutes", models.PositiveIntegerField(default=0)),
                ("calendar", Reference("people.workcalendar", null=True)),
                ("constraint", models.CharField(default="asap", max_length=4)),
                ("constraint_at", LocalTimeField(null=True)),
                ("deadline_at", LocalTimeField(null=True)),
                ("duration_minutes", models.PositiveIntegerField(null=True)),
                ("early_finish_at", LocalTimeField(null=True)),
                ("early_start_at", LocalTimeField(null=True)),
                ("finish_at", LocalTimeField(null=True)),
                ("free_float_minutes", models.IntegerField(null=True)),
                ("is_critical", models.BooleanField(default=False)),
                ("is_manual", models.BooleanField(default=False)),
                ("kind", models.CharField(default="task", max_length=12)),
                ("late_finish_at", LocalTimeField(null=True)),
                ("late_start_at", LocalTimeField(null=True)),
                ("not_before_at", LocalTimeField(null=True)),
                ("percent", models.PositiveSmallIntegerField(default=0)),
                ("sign_note", models.TextField(default="")),
                ("signed_at", models.DateTimeField(null=True)),
                ("signed_by", models.TextField(default="")),
                ("start_at", LocalTimeField(null=True)),
                ("total_float_minutes", models.IntegerField(null=True)),
                ("wait_reason", models.TextField(default="")),
                ("sign_file", Reference("base.storedfile", null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "project", "number"), name="task_number"),
            models.CheckConstraint(
                condition=models.Q(
                    ("parent", None), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                ),
                name="task_not_under_itself",
            ),
            models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="task_percent"),
            models.CheckConstraint(
                condition=models.Q(
                    ("constraint__in", ["asap", "alap"]), ("constraint_at__isnull", False), _connector="OR"
                ),
                name="task_constraint_dated",
            ),
            indexes=[models.Index(fields=["tenant_id", "parent"], name="task_parent")],
        ),
        table(
            "Assignment",
            [
                ("units_percent", models.PositiveSmallIntegerField(default=100)),
                ("effort_minutes", models.PositiveIntegerField(null=True)),
                ("person", Reference("people.person")),
                ("task", Reference("projects.task", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "task", "person"), name="assignment_once"),
            models.CheckConstraint(condition=models.Q(("units_percent__gt", 0)), name="assignment_units"),
            indexes=[models.Index(fields=["tenant_id", "person"], name="assignment_person")],
        ),
        table(
            "Baseline",
            [
                ("name", models.TextField()),
                ("taken_at", models.DateTimeField()),
                ("note", models.TextField(default="")),
                ("project", Reference("projects.project", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "project", "name"), name="baseline_name"),
        ),
        table(
            "BaselineTask",
            [
                ("task_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("name", models.TextField()),
                ("start_at", LocalTimeField(null=True)),
                ("finish_at", LocalTimeField(null=True)),
                ("duration_minutes", models.PositiveIntegerField(default=0)),
                ("estimate_minutes", models.PositiveIntegerField(default=0)),
                ("baseline", Reference("projects.baseline", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "baseline", "task_id"), name="baseline_task_once"),
        ),
        table(
            "Dependency",
            [
                ("kind", models.CharField(default="fs", max_length=2)),
                ("lag", models.IntegerField(default=0)),
                ("lag_unit", models.CharField(default="work", max_length=8)),
                ("after", Reference("projects.task", models.CASCADE)),
                ("before", Reference("projects.task", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "before", "after", "kind"), name="dependency_once"),
            models.CheckConstraint(
                condition=models.Q(("before", models.F("after")), _negated=True), name="dependency_not_itself"
            ),
            indexes=[models.Index(fields=["tenant_id", "after"], name="dependency_after")],
        ),
        table(
            "PlanSource",
            [
                ("file_name", models.TextField()),
                ("read_at", models.DateTimeField()),
                ("header", models.JSONField(default=dict)),
                ("calendars", models.JSONField(default=dict)),
                ("baselines", models.JSONField(default=dict)),
                ("project", Reference("projects.project", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "project"), name="plan_source_once"),
        ),
        table(
            "PlanResource",
            [
                ("uid", models.IntegerField()),
                ("kept", models.JSONField(default=dict)),
                ("person", Reference("people.person", null=True)),
                ("source", Reference("projects.plansource", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "source", "uid"), name="plan_resource_once"),
        ),
        table(
            "TaskSource",
            [
                ("uid", models.IntegerField()),
                ("kept", models.JSONField(default=dict)),
                ("uses", models.JSONField(default=list)),
                ("source", Reference("projects.plansource", models.CASCADE)),
                ("task", Reference("projects.task", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "source", "uid"), name="task_source_uid"),
            models.UniqueConstraint(fields=("tenant_id", "task"), name="task_source_once"),
        ),
        table(
            "PlanImport",
            [
                ("file_name", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("before", models.JSONField(default=dict)),
                ("project", Reference("projects.project", models.CASCADE)),
            ],
            indexes=[models.Index(fields=["tenant_id", "project"], name="plan_import_project")],
        ),
        table(
            "Gate",
            [
                ("name", models.TextField()),
                ("position", models.PositiveIntegerField(default=0)),
                ("status", models.CharField(default="waiting", max_length=8)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(default="")),
                ("decided_by", Reference("people.person", null=True)),
                ("project", Reference("projects.project")),
                ("task", Reference("projects.task")),
                ("due_on", models.DateField(null=True)),
                ("waiver_role", Reference("people.jobrole", null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "task", "name"), name="gate_name"),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("status", "waiting")),
                    models.Q(("decided_at__isnull", False), ("status__in", ["passed", "waived"])),
                    _connector="OR",
                ),
                name="gate_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "waived"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="gate_waived_why",
            ),
            indexes=[models.Index(fields=["tenant_id", "project"], name="gate_project")],
        ),
        table(
            "GateItem",
            [
                ("position", models.PositiveIntegerField()),
                ("kind", models.CharField(default="manual", max_length=24)),
                ("text", models.TextField(default="")),
                ("met_at", models.DateTimeField(null=True)),
                ("evidence", models.TextField(default="")),
                ("gate", Reference("projects.gate", models.CASCADE)),
                ("job_role", Reference("people.jobrole", null=True)),
                ("met_by", Reference("people.person", null=True)),
            ],
            indexes=[models.Index(fields=["tenant_id", "gate", "position"], name="gate_item_order")],
        ),
        table(
            "ProjectDocument",
            [
                ("position", models.PositiveIntegerField()),
                ("name", models.TextField()),
                ("text", models.TextField(default="")),
                ("project", Reference("projects.project", models.CASCADE)),
                ("file", Reference("base.storedfile", null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "project", "name"), name="project_document_name"),
        ),
        table(
            "ProjectTemplate",
            [
                ("name", models.TextField()),
                ("description", models.TextField(default="")),
                ("method", models.CharField(default="own", max_length=12)),
                ("is_active", models.BooleanField(default=True)),
                ("owner", Reference("people.person", null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "name"), name="template_name"),
        ),
        table(
            "TaskCheck",
            [
                ("position", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", Reference("people.person", null=True)),
                ("task", Reference("projects.task", models.CASCADE)),
            ],
            indexes=[models.Index(fields=["tenant_id", "task", "position"], name="task_check_order")],
        ),
        table(
            "TemplateProposal",
            [
                ("text", models.TextField()),
                ("source", models.TextField(default="")),
                ("proposed_at", models.DateTimeField()),
                ("status", models.CharField(default="open", max_length=10)),
                ("answer", models.TextField(default="")),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", Reference("people.person", null=True)),
                ("proposed_by", Reference("people.person", null=True)),
                ("template", Reference("projects.projecttemplate", models.CASCADE)),
            ],
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("status", "open")),
                    models.Q(("decided_at__isnull", False), ("status__in", ["accepted", "declined"])),
                    _connector="OR",
                ),
                name="template_proposal_decided",
            ),
            indexes=[models.Index(fields=["tenant_id", "template"], name="template_proposal_of")],
        ),
        table(
            "TemplateVersion",
            [
                ("number", models.PositiveIntegerField()),
                ("status", models.CharField(default="draft", max_length=10)),
                ("document", models.JSONField()),
                ("note", models.TextField(default="")),
                ("published_at", models.DateTimeField(null=True)),
                ("published_by", Reference("people.person", null=True)),
                ("template", Reference("projects.projecttemplate", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "template", "number"), name="template_version_number"),
            models.UniqueConstraint(
                condition=models.Q(("status", "draft")), fields=("tenant_id", "template"), name="template_one_draft"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at", None), ("status", "draft")),
                    models.Q(("published_at__isnull", False), ("status", "published")),
                    _connector="OR",
                ),
                name="template_version_published",
            ),
        ),
        table(
            "ProjectOrigin",
            [
                ("begun_at", models.DateTimeField()),
                ("starts_on", models.DateField()),
                ("is_backward", models.BooleanField(default=False)),
                ("answers", models.JSONField(default=dict)),
                ("project", Reference("projects.project", models.DO_NOTHING)),
                ("version", Reference("projects.templateversion")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "project"), name="project_origin_once"),
            trail="append only",
        ),
        table(
            "BudgetVersion",
            [
                ("number", models.PositiveIntegerField()),
                ("status", models.CharField(default="draft", max_length=5)),
                ("reason", models.TextField(default="")),
                ("valid_on", models.DateField(null=True)),
                ("source_id", models.UUIDField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("cost_currency", models.CharField(max_length=3)),
                ("created_at", models.DateTimeField()),
                ("kept_at", models.DateTimeField(null=True)),
                ("minutes_before", models.PositiveIntegerField(default=0)),
                ("amount_before", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("kept_by", Reference("people.person", null=True)),
                ("project", Reference("projects.project")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "project", "number"), name="budget_number"),
            models.UniqueConstraint(
                condition=models.Q(("status", "draft")), fields=("tenant_id", "project"), name="budget_one_draft"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kept_at", None), ("status", "draft")),
                    models.Q(("kept_at__isnull", False), ("status", "kept"), ("valid_on__isnull", False)),
                    _connector="OR",
                ),
                name="budget_kept",
            ),
        ),
        table(
            "BudgetLine",
            [
                ("key", models.UUIDField()),
                ("position", models.PositiveIntegerField()),
                ("kind", models.CharField(default="work", max_length=12)),
                ("text", models.TextField(default="")),
                ("task_id", models.UUIDField(null=True)),
                ("task_name", models.TextField(default="")),
                ("month_on", models.DateField(null=True)),
                ("minutes", models.IntegerField(default=0)),
                ("amount", models.DecimalField(decimal_places=4, default=0, max_digits=19)),
                ("cost", models.DecimalField(decimal_places=4, default=0, max_digits=19)),
                ("job_role", Reference("people.jobrole", null=True)),
                ("version", Reference("projects.budgetversion", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "version", "key"), name="budget_line_key"),
            models.CheckConstraint(
                condition=models.Q(("month_on", None), ("month_on__day", 1), _connector="OR"), name="budget_line_month"
            ),
            indexes=[models.Index(fields=["tenant_id", "version", "position"], name="budget_line_order")],
        ),
        table(
            "TemplateFile",
            [
                ("position", models.PositiveIntegerField()),
                ("name", models.TextField()),
                ("file", Reference("base.storedfile")),
                ("version", Reference("projects.templateversion", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "version", "name"), name="template_file_name"),
        ),
    ]
