"""Any table with a person, a project, a day and a duration (or a start and an end), and any list of projects.

`billable_rate` and `estimated_time` are the headers of solidtime's own template: minor units and seconds.
"""

from __future__ import annotations

from quoin.imports.rules.headers import ColumnRule, Holds, Profile
from quoin.imports.types import Field
from quoin.kernel.words import say

TIME = Profile(
    key="generic",
    label=say("a table of time entries"),
    source="generic",
    holds=Holds.ENTRIES,
    columns=(
        ColumnRule(Field.EXTERNAL_ID, ("external_id", "external id", "entry id")),
        ColumnRule(Field.PERSON, ("user_name", "user", "person", "name", "employee", "member", "mitarbeiter")),
        ColumnRule(Field.FIRST_NAME, ("first name", "first_name", "vorname")),
        ColumnRule(Field.LAST_NAME, ("last name", "last_name", "nachname")),
        ColumnRule(Field.EMAIL, ("user_email", "email", "e-mail", "mail")),
        ColumnRule(Field.PERSON_NUMBER, ("employee id", "staff number", "personalnummer")),
        ColumnRule(Field.CLIENT, ("client", "customer", "kunde", "company")),
        ColumnRule(Field.CLIENT_NUMBER, ("client number", "customer number", "kundennummer")),
        ColumnRule(Field.PROJECT, ("project", "projekt", "project name")),
        ColumnRule(Field.PROJECT_NUMBER, ("project number", "project code", "projektnummer")),
        ColumnRule(Field.TASK, ("task", "activity", "aufgabe", "tätigkeit")),
        ColumnRule(Field.NOTE, ("description", "note", "notes", "comment", "beschreibung", "notiz")),
        ColumnRule(Field.TAGS, ("tags", "labels")),
        ColumnRule(Field.BILLABLE, ("billable", "abrechenbar")),
        ColumnRule(Field.INVOICED, ("invoiced", "abgerechnet")),
        ColumnRule(Field.DATE, ("date", "day", "datum", "tag", "work date", "start date")),
        ColumnRule(Field.START_TIME, ("start time", "from", "von")),
        ColumnRule(Field.END_DATE, ("end date",)),
        ColumnRule(Field.END_TIME, ("end time", "to", "bis")),
        ColumnRule(Field.STARTED, ("start", "started", "started at", "begin")),
        ColumnRule(Field.ENDED, ("end", "ended", "ended at", "stop")),
        ColumnRule(Field.DURATION, ("duration", "dauer", "time spent")),
        ColumnRule(Field.HOURS, ("hours", "stunden", "duration (h)", "duration (decimal)")),
        ColumnRule(Field.MINUTES, ("minutes", "minuten", "duration (min)")),
        ColumnRule(Field.SECONDS, ("seconds", "duration (s)")),
        ColumnRule(Field.RATE, ("rate", "rate ()", "hourly rate", "stundensatz")),
        ColumnRule(Field.AMOUNT, ("amount", "amount ()", "betrag")),
        ColumnRule(Field.CURRENCY, ("currency", "währung")),
    ),
    needs=(
        (Field.PERSON, Field.EMAIL, Field.LAST_NAME),
        (Field.PROJECT, Field.PROJECT_NUMBER),
        (Field.DATE, Field.STARTED),
        (Field.DURATION, Field.HOURS, Field.MINUTES, Field.SECONDS, Field.ENDED, Field.END_TIME),
    ),
    weight=60,
)

PROJECTS = Profile(
    key="generic_projects",
    label=say("a list of projects"),
    source="generic",
    holds=Holds.PROJECTS,
    columns=(
        ColumnRule(Field.PROJECT, ("name", "project", "project name", "projekt")),
        ColumnRule(Field.PROJECT_NUMBER, ("number", "code", "project number", "project code", "projektnummer")),
        ColumnRule(Field.CLIENT, ("client", "customer", "kunde")),
        ColumnRule(Field.CLIENT_NUMBER, ("client number", "customer number", "kundennummer")),
        ColumnRule(Field.RATE, ("rate", "rate ()", "hourly rate", "stundensatz")),
        ColumnRule(Field.RATE_MINOR, ("billable_rate",)),
        ColumnRule(Field.CURRENCY, ("currency", "währung")),
        ColumnRule(Field.BILLABLE, ("billable_default", "billable", "is_billable", "abrechenbar")),
        ColumnRule(Field.BUDGET_HOURS, ("budget hours", "estimated hours", "budget (h)")),
        ColumnRule(Field.BUDGET_SECONDS, ("estimated_time",)),
        ColumnRule(Field.ARCHIVED, ("archived_at", "archived", "archiviert")),
        ColumnRule(Field.STATUS, ("status",)),
        ColumnRule(Field.TASKS, ("tasks", "aufgaben")),
        ColumnRule(Field.NOTE, ("note", "description", "beschreibung")),
    ),
    needs=((Field.PROJECT,), (Field.CLIENT, Field.RATE, Field.RATE_MINOR, Field.PROJECT_NUMBER)),
    ignored=("color", "is_public"),
    weight=59,
)

CLIENTS = Profile(
    key="generic_clients",
    label=say("a list of clients"),
    source="generic",
    holds=Holds.CLIENTS,
    columns=(
        ColumnRule(Field.CLIENT, ("client", "customer", "client name", "kunde", "company")),
        ColumnRule(Field.CLIENT_NUMBER, ("number", "client number", "customer number", "kundennummer")),
        ColumnRule(Field.ADDRESS, ("address", "adresse")),
        ColumnRule(Field.ARCHIVED, ("archived", "archived_at", "archiviert")),
    ),
    needs=((Field.CLIENT,),),
    weight=55,
)
