"""Tables of insights: rollups that no app below keeps, and scenarios."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from quoin.base.db.tenancy import Reference, RowSecurity, TenantModel, currency_field, tenant_table
from quoin.people.models import Person, Team


class EarnedMonth(models.Model):
    """Rollup kept by triggers on journal lines: revenue per month, contract, project and person, in base currency.

    Credit is positive here. Lines without a client, contract, project or person have the nil UUID.
    """

    pk = models.CompositePrimaryKey(
        "tenant_id", "month_on", "project_id", "person_id", "contract_id", "client_id", "entity_id", "currency"
    )
    tenant_id = models.UUIDField()
    month_on = models.DateField()
    project_id = models.UUIDField()
    person_id = models.UUIDField()
    contract_id = models.UUIDField()
    client_id = models.UUIDField()
    entity_id = models.UUIDField()
    currency = currency_field()
    amount = models.DecimalField(max_digits=24, decimal_places=4)
    lines = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [RowSecurity(name="insights_earnedmonth_rows")]


class Scenario(TenantModel):
    """A named layer of changes over the live plan. It holds what differs, never a copy."""

    prefix = "scn"

    name = models.TextField()
    note = models.TextField(default="")
    owner = Reference(Person, null=True)
    maker_id = models.UUIDField(null=True)
    """The user who made it: theirs too where they are nobody's person."""
    reach = models.CharField(max_length=7, default="private")
    """private, team, people or shared: who sees it beside its owner."""
    team = Reference(Team, null=True)
    from_on = models.DateField(null=True)
    """First day that is compared; null: the day of the look."""
    until_on = models.DateField(null=True)
    """Last day that is compared; null: half a year on."""
    status = models.CharField(max_length=9, default="open")
    """open, applied or discarded."""
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("insights_scenario", owner="people_person", team="people_team"),
            models.CheckConstraint(
                condition=Q(reach__in=["private", "team", "people", "shared"]), name="scenario_reach"
            ),
            models.CheckConstraint(condition=~Q(reach="team") | Q(team__isnull=False), name="scenario_team"),
            models.CheckConstraint(condition=Q(status__in=["open", "applied", "discarded"]), name="scenario_status"),
            models.CheckConstraint(
                condition=Q(from_on=None) | Q(until_on=None) | Q(until_on__gte=F("from_on")), name="scenario_span"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="scenario_name"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "status"], name="scenario_open")]


class ScenarioReader(TenantModel):
    """Somebody whom a scenario is shared with by name."""

    scenario = Reference(Scenario, models.CASCADE)
    person = Reference(Person)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("insights_scenarioreader", scenario="insights_scenario", person="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "scenario", "person"], name="scenario_reader_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "person"], name="scenario_reader_of")]


class ScenarioChange(TenantModel):
    """One change of a scenario, with what its subject looked like when it was made."""

    prefix = "sch"

    scenario = Reference(Scenario, models.CASCADE)
    kind = models.CharField(max_length=16)
    data = models.JSONField()
    was = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = Reference(Person, null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("insights_scenariochange", scenario="insights_scenario", made_by="people_person"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "project.shift", "plan.change", "booking.add", "booking.move", "booking.remove", "person.hire",
                        "person.leave", "rate.change", "price.change", "deal.win", "deal.lose",
                    ]
                ),
                name="scenario_change_kind",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["tenant_id", "scenario"], name="scenario_change_of")]


class ScenarioComment(TenantModel):
    """What somebody says about a scenario."""

    prefix = "scm"

    scenario = Reference(Scenario, models.CASCADE)
    person = Reference(Person, null=True)
    said_at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("insights_scenariocomment", scenario="insights_scenario", person="people_person"),
            models.CheckConstraint(condition=~Q(text=""), name="scenario_comment_text"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "scenario"], name="scenario_comment_of")]
