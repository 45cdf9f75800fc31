"""Clockify: detailed time CSV in the date style of its workspace, and the project list."""

from __future__ import annotations

from quoin.imports.rules.headers import ColumnRule, Holds, Profile
from quoin.imports.types import Field
from quoin.kernel.words import say

TIME = Profile(
    key="clockify",
    label=say("Clockify, detailed CSV"),
    source="clockify",
    holds=Holds.ENTRIES,
    columns=(
        ColumnRule(Field.PROJECT, ("project",)),
        ColumnRule(Field.CLIENT, ("client",)),
        ColumnRule(Field.NOTE, ("description",)),
        ColumnRule(Field.TASK, ("task",)),
        ColumnRule(Field.PERSON, ("user",)),
        ColumnRule(Field.EMAIL, ("email",)),
        ColumnRule(Field.TAGS, ("tags",)),
        ColumnRule(Field.BILLABLE, ("billable",)),
        ColumnRule(Field.INVOICED, ("invoiced",)),
        ColumnRule(Field.DATE, ("start date",)),
        ColumnRule(Field.START_TIME, ("start time",)),
        ColumnRule(Field.END_DATE, ("end date",)),
        ColumnRule(Field.END_TIME, ("end time",)),
        ColumnRule(Field.DURATION, ("duration (h)",)),
        ColumnRule(Field.HOURS, ("duration (decimal)",)),
        ColumnRule(Field.RATE, ("billable rate ()",)),
        ColumnRule(Field.AMOUNT, ("billable amount ()",)),
        ColumnRule(Field.CREATED, ("date of creation",)),
    ),
    needs=(
        (Field.PERSON, Field.EMAIL),
        (Field.PROJECT,),
        (Field.DATE,),
        (Field.START_TIME,),
        (Field.DURATION, Field.HOURS),
    ),
    ignored=("group", "type", "invoice id", "cost rate ()", "cost amount ()", "profit ()", "kiosk"),
)

PROJECTS = Profile(
    key="clockify_projects",
    label=say("Clockify, project list"),
    source="clockify",
    holds=Holds.PROJECTS,
    columns=(
        ColumnRule(Field.PROJECT, ("project",)),
        ColumnRule(Field.CLIENT, ("client",)),
        ColumnRule(Field.STATUS, ("status",)),
        ColumnRule(Field.BILLABLE, ("billability",)),
        ColumnRule(Field.TASKS, ("tasks", "task")),
        ColumnRule(Field.BUDGET_HOURS, ("estimated (h)",)),
        ColumnRule(Field.RATE, ("billable rate ()",)),
        ColumnRule(Field.NOTE, ("note",)),
    ),
    needs=((Field.PROJECT,), (Field.STATUS,), (Field.BILLABLE,), (Field.TASKS,)),
    ignored=(
        "visibility",
        "tracked (h)",
        "remaining (h)",
        "overage (h)",
        "tracked ()",
        "estimated ()",
        "remaining ()",
        "overage ()",
        "progress(%)",
        "recurring estimate",
        "billable (h)",
        "non-billable (h)",
        "amount ()",
        "cost rate ()",
        "expenses ()",
        "billable expenses ()",
        "non-billable expenses ()",
        "additional fields",
        "project members",
        "project manager",
    ),
)
