"""Time, expenses, timers, weeks and their approval.

Steps are judged by triggers that the tables name: the functions stand at the top.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary
from django.db import migrations, models

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference, RowSecurity, StatementTrigger
from quoin.timesheets.models import Span

_LISTED = """(
  ('open', 'submitted'), ('returned', 'submitted'), ('returned', 'open'), ('submitted', 'open'),
  ('submitted', 'approved'), ('submitted', 'returned'), ('approved', 'open'))"""
# Only listed transitions; approved content stays as it was approved.
STEPS = f"""
CREATE FUNCTION timesheets_check_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT o.status AS before, n.status AS after INTO bad
  FROM new_rows n JOIN old_rows o ON o.tenant_id = n.tenant_id AND o.id = n.id
  WHERE (n.status <> o.status AND (o.status, n.status) NOT IN {_LISTED})
    OR (o.status = 'approved' AND n.status = 'approved'
      AND (n.minutes, n.work_on, n.project_id, n.task_id, n.person_id, n.is_billable, n.version, n.note)
        IS DISTINCT FROM (o.minutes, o.work_on, o.project_id, o.task_id, o.person_id, o.is_billable, o.version, o.note))
  LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  ELSIF bad.before = bad.after THEN
    RAISE EXCEPTION 'approved time does not change; reopen it first' USING ERRCODE = 'QN020';
  END IF;
  RAISE EXCEPTION 'time cannot go from % to %', bad.before, bad.after USING ERRCODE = 'QN021';
END $$;

CREATE FUNCTION timesheets_check_expense() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT o.status AS before, n.status AS after INTO bad
  FROM new_rows n JOIN old_rows o ON o.tenant_id = n.tenant_id AND o.id = n.id
  WHERE (n.status <> o.status AND (o.status, n.status) NOT IN {_LISTED})
    OR (o.status = 'approved' AND n.status = 'approved'
      AND (n.gross_amount, n.vat_amount, n.currency, n.base_net_amount, n.spent_on, n.project_id, n.person_id,
           n.category_id, n.is_billable, n.is_reimbursable, n.receipt_id, n.version)
        IS DISTINCT FROM (o.gross_amount, o.vat_amount, o.currency, o.base_net_amount, o.spent_on, o.project_id,
           o.person_id, o.category_id, o.is_billable, o.is_reimbursable, o.receipt_id, o.version))
  LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  ELSIF bad.before = bad.after THEN
    RAISE EXCEPTION 'an approved expense does not change; reopen it first' USING ERRCODE = 'QN020';
  END IF;
  RAISE EXCEPTION 'an expense cannot go from % to %', bad.before, bad.after USING ERRCODE = 'QN021';
END $$;

CREATE FUNCTION timesheets_keep_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM old_rows WHERE status = 'approved') THEN
    RAISE EXCEPTION 'what is approved is not deleted; reopen it first' USING ERRCODE = 'QN020';
  END IF;
  RETURN NULL;
END $$;
"""

table = migrating.tables("timesheets")


class Migration(migrating.Migration):
    initial = True
    replaces = [
        ("timesheets", "0001_initial"),
        ("timesheets", "0003_steps"),
        ("timesheets", "0004_approval_and_changes"),
        ("timesheets", "0007_kept_clocks"),
        ("timesheets", "0008_expenses_by_file"),
    ]
    dependencies = [
        ("base", "0002_tables"),
        ("catalog", "0001_tables"),
        ("people", "0001_tables"),
        ("projects", "0001_tables"),
    ]
    operations = [
        migrations.RunSQL(
            STEPS, "DROP FUNCTION timesheets_keep_approved, timesheets_check_expense, timesheets_check_time CASCADE;"
        ),
        migrations.CreateModel(
            name="TimeMonth",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id",
                        "month_on",
                        "project_id",
                        "person_id",
                        "status",
                        "is_billable",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("tenant_id", models.UUIDField()),
                ("month_on", models.DateField()),
                ("project_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("status", models.CharField(max_length=10)),
                ("is_billable", models.BooleanField()),
                ("minutes", models.BigIntegerField()),
                ("entries", models.BigIntegerField()),
            ],
            options={"constraints": [RowSecurity(name="timesheets_timemonth_rows")]},
        ),
        table(
            "Approval",
            [
                ("kind", models.CharField(max_length=8)),
                ("decision", models.CharField(max_length=8)),
                ("week_on", models.DateField(null=True)),
                ("decided_at", models.DateTimeField()),
                ("items", models.PositiveIntegerField()),
                ("content_sha256", models.CharField(max_length=64)),
                ("note", models.TextField(default="")),
                ("decided_by", Reference("people.person", null=True)),
                ("person", Reference("people.person")),
            ],
            indexes=[models.Index(fields=["tenant_id", "person", "week_on"], name="approval_person_week")],
            trail="append only",
        ),
        table(
            "Expense",
            [
                ("spent_on", models.DateField()),
                ("supplier", models.TextField(default="")),
                ("note", models.TextField(default="")),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=19, null=True)),
                ("gross_amount", models.DecimalField(decimal_places=4, max_digits=19)),
                ("vat_amount", models.DecimalField(decimal_places=4, default=0, max_digits=19)),
                ("currency", models.CharField(max_length=3)),
                ("fx_rate", models.DecimalField(decimal_places=10, default=1, max_digits=20)),
                ("fx_on", models.DateField(null=True)),
                ("fx_source", models.TextField(default="")),
                ("base_net_amount", models.DecimalField(decimal_places=4, max_digits=19)),
                ("base_vat_amount", models.DecimalField(decimal_places=4, default=0, max_digits=19)),
                ("base_currency", models.CharField(max_length=3)),
                ("is_vat_recoverable", models.BooleanField(default=True)),
                ("is_billable", models.BooleanField(default=True)),
                ("is_reimbursable", models.BooleanField(default=True)),
                ("receipt_id", models.UUIDField(null=True)),
                ("status", models.CharField(default="open", max_length=10)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("return_note", models.TextField(default="")),
                ("import_id", models.UUIDField(null=True)),
                ("approved_by", Reference("people.person", null=True)),
                ("category", Reference("catalog.expensecategory")),
                ("person", Reference("people.person")),
                ("project", Reference("projects.project")),
                ("task", Reference("projects.task", null=True)),
                ("approval", Reference("timesheets.approval", null=True)),
                ("split_id", models.UUIDField(null=True)),
                ("external_key", models.TextField(default="")),
            ],
            migrating.bound("timesheets_expense", "receipt", "base_storedfile"),
            models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None), models.Q(("approved_by", models.F("person")), _negated=True), _connector="OR"
                ),
                name="expense_own_approval",
            ),
            models.CheckConstraint(condition=models.Q(("gross_amount__gt", 0)), name="expense_positive"),
            models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "submitted", "approved", "returned"])), name="expense_status"
            ),
            StatementTrigger(
                name="timesheets_expense_steps",
                sql='CREATE TRIGGER "{name}" AFTER UPDATE ON "{table}" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION timesheets_check_expense()',
            ),
            StatementTrigger(
                name="timesheets_expense_keep",
                sql='CREATE TRIGGER "{name}" AFTER DELETE ON "{table}" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION timesheets_keep_approved()',
            ),
            models.UniqueConstraint(
                condition=models.Q(("external_key", ""), _negated=True),
                fields=("tenant_id", "external_key"),
                name="expense_external",
            ),
            indexes=[
                models.Index(fields=["tenant_id", "person", "spent_on"], name="expense_person_day"),
                models.Index(fields=["tenant_id", "project", "spent_on"], name="expense_project_day"),
                models.Index(
                    condition=models.Q(("import_id__isnull", False)),
                    fields=["tenant_id", "import_id"],
                    name="expense_import",
                ),
            ],
        ),
        table(
            "PinnedRow",
            [
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("person", Reference("people.person")),
                ("project", Reference("projects.project")),
                ("task", Reference("projects.task", null=True)),
            ],
            models.UniqueConstraint(
                fields=("tenant_id", "person", "project", "task"), name="pinned_row_once", nulls_distinct=False
            ),
        ),
        table(
            "TimeEntry",
            [
                ("work_on", models.DateField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("note", models.TextField(default="")),
                ("is_billable", models.BooleanField(default=True)),
                ("status", models.CharField(default="open", max_length=10)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("zone", models.TextField(default="")),
                ("source", models.CharField(default="grid", max_length=8)),
                ("entered_by_id", models.UUIDField(null=True)),
                ("entered_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("return_note", models.TextField(default="")),
                ("import_id", models.UUIDField(null=True)),
                ("approved_by", Reference("people.person", null=True)),
                ("person", Reference("people.person")),
                ("project", Reference("projects.project")),
                ("task", Reference("projects.task", null=True)),
                ("approval", Reference("timesheets.approval", null=True)),
                ("external_key", models.TextField(default="")),
                ("previous_minutes", models.PositiveSmallIntegerField(null=True)),
            ],
            models.CheckConstraint(
                condition=models.Q(("minutes__gte", 1), ("minutes__lte", 1440)), name="time_entry_minutes"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None), models.Q(("approved_by", models.F("person")), _negated=True), _connector="OR"
                ),
                name="time_entry_own_approval",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("started_at", None)),
                    ("ended_at__gt", models.F("started_at")),
                    _connector="OR",
                ),
                name="time_entry_span",
            ),
            models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "submitted", "approved", "returned"])),
                name="time_entry_status",
            ),
            ExclusionConstraint(
                condition=models.Q(("started_at__isnull", False)),
                expressions=[
                    ("tenant_id", "="),
                    ("person", "="),
                    (Span("started_at", "ended_at", RangeBoundary()), "&&"),
                ],
                name="time_entry_one_place",
            ),
            models.UniqueConstraint(
                condition=models.Q(("external_key", ""), _negated=True),
                fields=("tenant_id", "external_key"),
                name="time_entry_external",
            ),
            StatementTrigger(
                name="timesheets_timeentry_steps",
                sql='CREATE TRIGGER "{name}" AFTER UPDATE ON "{table}" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION timesheets_check_time()',
            ),
            StatementTrigger(
                name="timesheets_timeentry_keep",
                sql='CREATE TRIGGER "{name}" AFTER DELETE ON "{table}" REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION timesheets_keep_approved()',
            ),
            indexes=[
                models.Index(fields=["tenant_id", "person", "work_on"], name="time_entry_person_day"),
                models.Index(fields=["tenant_id", "project", "work_on"], name="time_entry_project_day"),
                models.Index(
                    condition=models.Q(("status", "submitted")),
                    fields=["tenant_id", "person"],
                    name="time_entry_waiting",
                ),
                models.Index(
                    condition=models.Q(("import_id__isnull", False)),
                    fields=["tenant_id", "import_id"],
                    name="time_entry_import",
                ),
            ],
            trail="changes",
            judged=["approved_by", "person", "project", "task", "approval"],
        ),
        table(
            "Timer",
            [
                ("note", models.TextField(default="")),
                ("started_at", models.DateTimeField()),
                ("person", Reference("people.person")),
                ("project", Reference("projects.project")),
                ("task", Reference("projects.task", null=True)),
                ("kept_at", models.DateTimeField(null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "person"), name="timer_one_per_person"),
        ),
        table(
            "Timesheet",
            [
                ("week_on", models.DateField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("is_certified", models.BooleanField(default=False)),
                ("person", Reference("people.person")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "person", "week_on"), name="timesheet_once"),
        ),
        table(
            "AppliedChange",
            [
                ("applied_at", models.DateTimeField()),
            ],
            indexes=[models.Index(fields=["tenant_id", "applied_at"], name="applied_change_at")],
            trail="none",
        ),
    ]
