"""Tables of people."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from quoin.accounts.models import LegalEntity, User
from quoin.base.db.tenancy import Reference, TenantModel, currency_field, rate_field, tenant_table


class Team(TenantModel):
    prefix = "tea"

    name = models.TextField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_team"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="team_name"),
        ]


class JobRole(TenantModel):
    """What somebody is sold as: consultant, architect, technician."""

    prefix = "job"

    name = models.TextField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_jobrole"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="job_role_name"),
        ]


class Person(TenantModel):
    """Somebody whose time is planned, recorded and paid, with or without a sign-in."""

    prefix = "per"

    name = models.TextField()
    email = models.TextField(default="")
    number = models.TextField(default="")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    entity = Reference(LegalEntity)
    team = Reference(Team, null=True)
    manager = Reference("people.Person", null=True)
    job_role = Reference(JobRole, null=True)
    kind = models.CharField(max_length=12, default="employee")
    zone = models.TextField(default="")
    hired_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    """First day no longer employed."""
    billable_target_ratio = models.DecimalField(max_digits=5, decimal_places=4, default=0)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "people_person",
                entity="accounts_legalentity",
                team="people_team",
                manager="people_person",
                job_role="people_jobrole",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "user"], condition=models.Q(user__isnull=False), name="person_of_user"
            ),
            models.UniqueConstraint(fields=["tenant_id", "email"], condition=~models.Q(email=""), name="person_email"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "name"], name="person_name")]


class WorkPattern(TenantModel):
    """Working minutes per weekday from a date on: Monday first, seven numbers."""

    person = Reference(Person, models.CASCADE)
    valid_from = models.DateField()
    weekday_minutes = ArrayField(models.PositiveSmallIntegerField(), size=7)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_workpattern", person="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "person", "valid_from"], name="work_pattern_from"),
        ]


class CostRate(TenantModel):
    """What an hour of the person costs the firm from a date on."""

    person = Reference(Person, models.CASCADE)
    valid_from = models.DateField()
    amount_per_hour = rate_field()
    currency = currency_field()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("people_costrate", person="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "person", "valid_from"], name="cost_rate_from"),
            models.CheckConstraint(condition=models.Q(amount_per_hour__gte=0), name="cost_rate_positive"),
        ]
