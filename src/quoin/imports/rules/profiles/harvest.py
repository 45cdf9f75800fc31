"""Harvest: detailed time CSV (19 and 21 columns) and the client list. Harvest's hours have no clock times."""

from __future__ import annotations

from quoin.imports.rules.headers import ColumnRule, Holds, Profile
from quoin.imports.types import Field
from quoin.kernel.words import say

TIME = Profile(
    key="harvest",
    label=say("Harvest, detailed time CSV"),
    source="harvest",
    holds=Holds.ENTRIES,
    columns=(
        ColumnRule(Field.DATE, ("date",)),
        ColumnRule(Field.CLIENT, ("client",)),
        ColumnRule(Field.PROJECT, ("project",)),
        ColumnRule(Field.PROJECT_NUMBER, ("project code",)),
        ColumnRule(Field.TASK, ("task",)),
        ColumnRule(Field.NOTE, ("notes",)),
        ColumnRule(Field.HOURS, ("hours",)),
        ColumnRule(Field.BILLABLE, ("billable",)),
        ColumnRule(Field.INVOICED, ("invoiced",)),
        ColumnRule(Field.FIRST_NAME, ("first name",)),
        ColumnRule(Field.LAST_NAME, ("last name",)),
        ColumnRule(Field.PERSON_NUMBER, ("employee id",)),
        ColumnRule(Field.RATE, ("billable rate",)),
        ColumnRule(Field.AMOUNT, ("billable amount",)),
        ColumnRule(Field.CURRENCY, ("currency",)),
    ),
    needs=((Field.DATE,), (Field.PROJECT,), (Field.TASK,), (Field.HOURS,), (Field.FIRST_NAME,), (Field.LAST_NAME,)),
    ignored=(
        "approved",
        "roles",
        "employee",
        "cost rate",
        "cost amount",
        "external reference url",
        "hours rounded",
        "teams",
        "department",
    ),
)

CLIENTS = Profile(
    key="harvest_clients",
    label=say("Harvest, client list"),
    source="harvest",
    holds=Holds.CLIENTS,
    columns=(ColumnRule(Field.CLIENT, ("client name",)), ColumnRule(Field.ADDRESS, ("address",))),
    needs=((Field.CLIENT,), (Field.ADDRESS,)),
)
