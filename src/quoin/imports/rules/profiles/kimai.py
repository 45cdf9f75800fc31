"""Kimai: CSV and XLSX export of time, with English and German headers.

Kimai's duration leaves breaks out, so it may be shorter than from begin to end. `Price` is the amount of the
row; `Name` is the person's display name and `User` the login.
"""

from __future__ import annotations

from quoin.imports.rules.headers import ColumnRule, Holds, Profile
from quoin.imports.types import Field
from quoin.kernel.words import say

TIME = Profile(
    key="kimai",
    label=say("Kimai, time export"),
    source="kimai",
    holds=Holds.ENTRIES,
    columns=(
        ColumnRule(Field.EXTERNAL_ID, ("id",)),
        ColumnRule(Field.DATE, ("date", "datum")),
        ColumnRule(Field.START_TIME, ("from", "von", "begin", "beginn")),
        ColumnRule(Field.END_TIME, ("to", "bis", "end", "ende")),
        ColumnRule(Field.DURATION, ("duration", "dauer")),
        ColumnRule(Field.CURRENCY, ("currency", "währung")),
        ColumnRule(Field.AMOUNT, ("price", "preis", "total price", "rate")),
        ColumnRule(Field.RATE, ("hourly price", "preis pro stunde", "hourly rate", "stundenlohn")),
        ColumnRule(Field.PERSON, ("name",)),
        ColumnRule(Field.EMAIL, ("e-mail", "email")),
        ColumnRule(Field.PERSON_NUMBER, ("staff number", "personalnummer")),
        ColumnRule(Field.CLIENT, ("customer", "kunde")),
        ColumnRule(Field.CLIENT_NUMBER, ("account", "kundennummer", "customer number")),
        ColumnRule(Field.PROJECT, ("project", "projekt")),
        ColumnRule(Field.PROJECT_NUMBER, ("project number", "projektnummer")),
        ColumnRule(Field.TASK, ("activity", "tätigkeit")),
        ColumnRule(Field.NOTE, ("description", "beschreibung")),
        ColumnRule(Field.BILLABLE, ("billable", "abrechenbar")),
        ColumnRule(Field.TAGS, ("tags", "schlagworte", "schlagwörter")),
        ColumnRule(Field.ENTRY_TYPE, ("type", "typ")),
    ),
    needs=(
        (Field.DATE,),
        (Field.START_TIME,),
        (Field.DURATION,),
        (Field.PERSON, Field.EMAIL),
        (Field.CLIENT,),
        (Field.PROJECT,),
        (Field.TASK,),
    ),
    ignored=(
        "user",
        "benutzer",
        "internal price",
        "interner preis",
        "fixed price",
        "festpreis",
        "category",
        "kategorie",
        "vat-id",
        "ust-id",
        "umsatzsteuer-id",
        "order number",
        "bestellnummer",
        "exported",
        "exportiert",
        "break",
        "pause",
        "activity number",
        "tätigkeitsnummer",
    ),
    has_breaks=True,
)
