"""Change orders, risks, lessons and status reports."""

from django.db import models
from django.db.models.expressions import CombinedExpression

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference

table = migrating.tables("governance")


class Migration(migrating.Migration):
    initial = True
    replaces = [("governance", "0001_initial")]
    dependencies = [
        ("base", "0002_tables"),
        ("people", "0001_tables"),
        ("projects", "0001_tables"),
        ("sales", "0001_tables"),
    ]
    operations = [
        table(
            "ChangeOrder",
            [
                ("number", models.PositiveIntegerField()),
                ("title", models.TextField()),
                ("reason", models.TextField(default="")),
                ("scope", models.TextField(default="")),
                ("status", models.CharField(default="draft", max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("budget_minutes", models.IntegerField(default=0)),
                ("budget_amount", models.DecimalField(decimal_places=4, default=0, max_digits=19)),
                ("planned_cost", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("price_amount", models.DecimalField(decimal_places=4, default=0, max_digits=19)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.TextField(default="")),
                ("sent_at", models.DateTimeField(null=True)),
                ("sent_to", models.TextField(default="")),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_on", models.DateField(null=True)),
                ("answered_by", models.TextField(default="")),
                ("answer_note", models.TextField(default="")),
                ("is_answered_online", models.BooleanField(default=False)),
                ("digest", models.CharField(default="", max_length=64)),
                ("price_before", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("price_after", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("applied", models.JSONField(default=dict)),
                ("answer_file", Reference("base.storedfile", null=True)),
                ("contract", Reference("sales.contract", null=True)),
                ("project", Reference("projects.project")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "number"), name="change_order_number"),
            models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "sent", "accepted", "declined", "withdrawn"])),
                name="change_order_status",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status", "accepted"),
                        ("applied_at__isnull", False),
                        models.Q(("answered_by", ""), _negated=True),
                    ),
                    models.Q(models.Q(("status", "accepted"), _negated=True), ("applied_at", None)),
                    _connector="OR",
                ),
                name="change_order_applied_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ("price_before", None),
                    ("price_after", CombinedExpression(models.F("price_before"), "+", models.F("price_amount"))),
                    _connector="OR",
                ),
                name="change_order_price",
            ),
            indexes=[
                models.Index(fields=["tenant_id", "project"], name="change_order_project"),
                models.Index(fields=["tenant_id", "contract"], name="change_order_contract"),
            ],
        ),
        table(
            "ChangeLink",
            [
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("change", Reference("governance.changeorder")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "digest"), name="change_link_digest"),
            indexes=[models.Index(fields=["tenant_id", "change"], name="change_link_change")],
        ),
        table(
            "ChangeLine",
            [
                ("position", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("text", models.TextField(default="")),
                ("minutes", models.IntegerField(default=0)),
                ("starts_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("rate_per_hour", models.DecimalField(decimal_places=6, max_digits=19, null=True)),
                ("bills_on_due_day", models.BooleanField(default=False)),
                ("percent", models.PositiveSmallIntegerField(null=True)),
                ("assignee", Reference("people.person", null=True)),
                ("follows", Reference("projects.task", null=True)),
                ("job_role", Reference("people.jobrole", null=True)),
                ("precedes", Reference("projects.task", null=True)),
                ("task", Reference("projects.task", null=True)),
                ("change", Reference("governance.changeorder")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "change", "position"), name="change_line_position"),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "add_task"), ("minutes__gte", 0)),
                    models.Q(("kind", "extend_task"), ("task__isnull", False)),
                    models.Q(("amount__isnull", False), ("kind", "price")),
                    models.Q(
                        ("ends_on__gte", models.F("starts_on")),
                        ("kind", "people"),
                        ("percent__range", (1, 200)),
                        ("starts_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="change_line_kind",
            ),
        ),
        table(
            "Lesson",
            [
                ("number", models.PositiveIntegerField()),
                ("title", models.TextField()),
                ("what", models.TextField(default="")),
                ("why", models.TextField(default="")),
                ("advice", models.TextField(default="")),
                ("went_well", models.BooleanField(default=False)),
                ("learned_on", models.DateField()),
                ("learned_by", models.TextField(default="")),
                ("template_change_id", models.UUIDField(null=True)),
                ("is_dropped", models.BooleanField(default=False)),
                ("project", Reference("projects.project")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "project", "number"), name="lesson_number"),
            indexes=[models.Index(fields=["tenant_id", "learned_on"], name="lesson_day")],
        ),
        table(
            "RaidItem",
            [
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(default="risk", max_length=10)),
                ("title", models.TextField()),
                ("detail", models.TextField(default="")),
                ("status", models.CharField(default="open", max_length=10)),
                ("probability", models.PositiveSmallIntegerField(null=True)),
                ("impact", models.PositiveSmallIntegerField(null=True)),
                ("impact_amount", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("impact_days", models.PositiveSmallIntegerField(default=0)),
                ("due_on", models.DateField(null=True)),
                ("response", models.TextField(default="")),
                ("raised_on", models.DateField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("owner", Reference("people.person", null=True)),
                ("project", Reference("projects.project")),
                ("source", Reference("governance.raiditem", null=True)),
                ("task", Reference("projects.task", null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "project", "number"), name="raid_number"),
            models.UniqueConstraint(fields=("tenant_id", "source"), name="raid_source_once"),
            models.CheckConstraint(
                condition=models.Q(("kind__in", ["risk", "assumption", "issue", "dependency", "decision"])),
                name="raid_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "mitigating", "accepted", "came_true", "closed"])),
                name="raid_status",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("probability", None), ("probability__range", (1, 5)), _connector="OR"),
                    models.Q(("impact", None), ("impact__range", (1, 5)), _connector="OR"),
                ),
                name="raid_scale",
            ),
            models.CheckConstraint(
                condition=models.Q(("impact_amount", None), ("impact_amount__gte", 0), _connector="OR"),
                name="raid_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "risk"), _negated=True),
                    models.Q(("impact__isnull", False), ("probability__isnull", False)),
                    _connector="OR",
                ),
                name="raid_scored",
            ),
            indexes=[models.Index(fields=["tenant_id", "due_on"], name="raid_due")],
        ),
        table(
            "RaidState",
            [
                ("at", models.DateTimeField()),
                ("by_name", models.TextField(default="")),
                ("status", models.CharField(max_length=10)),
                ("probability", models.PositiveSmallIntegerField(null=True)),
                ("impact", models.PositiveSmallIntegerField(null=True)),
                ("impact_amount", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("impact_days", models.PositiveSmallIntegerField(default=0)),
                ("note", models.TextField(default="")),
                ("item", Reference("governance.raiditem")),
            ],
            indexes=[models.Index(fields=["tenant_id", "item", "at"], name="raid_states")],
            trail="append only",
        ),
        table(
            "StatusReport",
            [
                ("number", models.PositiveIntegerField()),
                ("as_of", models.DateField()),
                ("status", models.CharField(default="draft", max_length=6)),
                ("health", models.CharField(default="on_track", max_length=12)),
                ("health_reason", models.TextField(default="")),
                ("summary", models.TextField(default="")),
                ("done", models.TextField(default="")),
                ("upcoming", models.TextField(default="")),
                ("asks", models.TextField(default="")),
                ("money", models.CharField(default="hours", max_length=6)),
                ("facts", models.JSONField(default=dict)),
                ("written_by", models.TextField(default="")),
                ("written_at", models.DateTimeField()),
                ("sent_to", models.JSONField(default=list)),
                ("told_at", models.DateTimeField(null=True)),
                ("digest", models.CharField(default="", max_length=64)),
                ("project", Reference("projects.project")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "project", "number"), name="status_report_number"),
            models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "sent", "kept"])), name="status_report_status"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "draft"), ("told_at", None)),
                    models.Q(models.Q(("status", "draft"), _negated=True), ("told_at__isnull", False)),
                    _connector="OR",
                ),
                name="status_report_told",
            ),
            models.CheckConstraint(
                condition=models.Q(("health__in", ["on_track", "at_risk", "off_track"])), name="status_report_health"
            ),
            models.CheckConstraint(
                condition=models.Q(("money__in", ["none", "hours", "money"])), name="status_report_money"
            ),
            indexes=[models.Index(fields=["tenant_id", "as_of"], name="status_report_day")],
        ),
    ]
