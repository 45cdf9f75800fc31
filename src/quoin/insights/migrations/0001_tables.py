"""Scenarios, and the monthly sums of what was earned."""

from django.db import migrations, models

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference, RowSecurity

table = migrating.tables("insights")


class Migration(migrating.Migration):
    initial = True
    replaces = [
        ("insights", "0001_rollup"),
        ("insights", "0003_scenarios"),
        ("insights", "0004_readers"),
        ("insights", "0005_scenario_makers"),
    ]
    dependencies = [("base", "0002_tables"), ("people", "0001_tables")]
    operations = [
        migrations.CreateModel(
            name="EarnedMonth",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id",
                        "month_on",
                        "project_id",
                        "person_id",
                        "contract_id",
                        "client_id",
                        "entity_id",
                        "currency",
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
                ("contract_id", models.UUIDField()),
                ("client_id", models.UUIDField()),
                ("entity_id", models.UUIDField()),
                ("currency", models.CharField(max_length=3)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=24)),
                ("lines", models.BigIntegerField()),
            ],
            options={"constraints": [RowSecurity(name="insights_earnedmonth_rows")]},
        ),
        table(
            "Scenario",
            [
                ("name", models.TextField()),
                ("note", models.TextField(default="")),
                ("reach", models.CharField(default="private", max_length=7)),
                ("from_on", models.DateField(null=True)),
                ("until_on", models.DateField(null=True)),
                ("status", models.CharField(default="open", max_length=9)),
                ("made_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("owner", Reference("people.person", null=True)),
                ("team", Reference("people.team", null=True)),
                ("maker_id", models.UUIDField(null=True)),
            ],
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reach", "team"), _negated=True), ("team__isnull", False), _connector="OR"
                ),
                name="scenario_team",
            ),
            models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "applied", "discarded"])), name="scenario_status"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ("from_on", None), ("until_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"
                ),
                name="scenario_span",
            ),
            models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="scenario_name"),
            models.CheckConstraint(
                condition=models.Q(("reach__in", ["private", "team", "people", "shared"])), name="scenario_reach"
            ),
            indexes=[models.Index(fields=["tenant_id", "status"], name="scenario_open")],
        ),
        table(
            "ScenarioChange",
            [
                ("kind", models.CharField(max_length=16)),
                ("data", models.JSONField()),
                ("was", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                ("made_by", Reference("people.person", null=True)),
                ("scenario", Reference("insights.scenario", models.CASCADE)),
            ],
            models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "project.shift",
                            "plan.change",
                            "booking.add",
                            "booking.move",
                            "booking.remove",
                            "person.hire",
                            "person.leave",
                            "rate.change",
                            "price.change",
                            "deal.win",
                            "deal.lose",
                        ],
                    )
                ),
                name="scenario_change_kind",
            ),
            indexes=[models.Index(fields=["tenant_id", "scenario"], name="scenario_change_of")],
        ),
        table(
            "ScenarioComment",
            [
                ("said_at", models.DateTimeField()),
                ("text", models.TextField()),
                ("person", Reference("people.person", null=True)),
                ("scenario", Reference("insights.scenario", models.CASCADE)),
            ],
            models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="scenario_comment_text"),
            indexes=[models.Index(fields=["tenant_id", "scenario"], name="scenario_comment_of")],
        ),
        table(
            "ScenarioReader",
            [
                ("person", Reference("people.person")),
                ("scenario", Reference("insights.scenario", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "scenario", "person"), name="scenario_reader_once"),
            indexes=[models.Index(fields=["tenant_id", "person"], name="scenario_reader_of")],
        ),
    ]
