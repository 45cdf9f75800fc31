"""Toggl Track: detailed time CSV, old and new headers. The workspace data export (JSON) is read by `rules.toggl`."""

from __future__ import annotations

from quoin.imports.rules.headers import ColumnRule, Holds, Profile
from quoin.imports.types import Field
from quoin.kernel.words import say

TIME = Profile(
    key="toggl",
    label=say("Toggl Track, detailed CSV"),
    source="toggl",
    holds=Holds.ENTRIES,
    columns=(
        ColumnRule(Field.PERSON, ("user", "member")),
        ColumnRule(Field.EMAIL, ("email",)),
        ColumnRule(Field.CLIENT, ("client",)),
        ColumnRule(Field.PROJECT, ("project",)),
        ColumnRule(Field.TASK, ("task",)),
        ColumnRule(Field.NOTE, ("description",)),
        ColumnRule(Field.BILLABLE, ("billable",)),
        ColumnRule(Field.DATE, ("start date",)),
        ColumnRule(Field.START_TIME, ("start time",)),
        ColumnRule(Field.END_DATE, ("end date", "stop date")),
        ColumnRule(Field.END_TIME, ("end time", "stop time")),
        ColumnRule(Field.DURATION, ("duration",)),
        ColumnRule(Field.TAGS, ("tags",)),
        ColumnRule(Field.AMOUNT, ("amount ()", "amount")),
        ColumnRule(Field.CURRENCY, ("currency",)),
    ),
    needs=(
        (Field.PERSON, Field.EMAIL),
        (Field.PROJECT,),
        (Field.DATE,),
        (Field.START_TIME,),
        (Field.DURATION,),
    ),
    ignored=("group", "user group", "team", "workspace", "rate ()"),
)
