"""Checklists that visits copy: what to check at each kind of equipment."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from quoin.base.db.tenancy import Reference, TenantModel, tenant_table


class Checklist(TenantModel):
    """A list to begin with. Visits hold copies: a change here reaches the visits that come after."""

    prefix = "ckl"

    name = models.TextField()
    kind = models.TextField(default="")
    """Kind of equipment that it is for; empty: for all."""
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("field_checklist"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="checklist_name"),
            models.CheckConstraint(condition=~Q(name=""), name="checklist_has_name"),
        ]


class ChecklistLine(TenantModel):
    """A line of a checklist."""

    checklist = Reference(Checklist, models.CASCADE)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    needs_photo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("field_checklistline", checklist="field_checklist"),
            models.UniqueConstraint(fields=["tenant_id", "checklist", "position"], name="checklist_line_position"),
        ]
