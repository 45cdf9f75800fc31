"""Any table of expenses: who paid what, when, on which project, in which category."""

from __future__ import annotations

from quoin.imports.rules.headers import ColumnRule, Holds, Profile
from quoin.imports.types import Field
from quoin.kernel.words import say

EXPENSES = Profile(
    key="expenses",
    label=say("a table of expenses"),
    source="expenses",
    holds=Holds.EXPENSES,
    columns=(
        ColumnRule(Field.EXTERNAL_ID, ("external_id", "external id", "expense id", "id", "belegnummer")),
        ColumnRule(Field.PERSON, ("user_name", "user", "person", "name", "employee", "member", "mitarbeiter")),
        ColumnRule(Field.FIRST_NAME, ("first name", "first_name", "vorname")),
        ColumnRule(Field.LAST_NAME, ("last name", "last_name", "nachname")),
        ColumnRule(Field.EMAIL, ("user_email", "email", "e-mail", "mail")),
        ColumnRule(Field.PERSON_NUMBER, ("employee id", "staff number", "personalnummer")),
        ColumnRule(Field.CLIENT, ("client", "customer", "kunde", "company")),
        ColumnRule(Field.CLIENT_NUMBER, ("client number", "customer number", "kundennummer")),
        ColumnRule(Field.PROJECT, ("project", "projekt", "project name")),
        ColumnRule(Field.PROJECT_NUMBER, ("project number", "project code", "projektnummer")),
        ColumnRule(Field.TASK, ("task", "aufgabe")),
        ColumnRule(Field.DATE, ("date", "day", "spent on", "expense date", "datum", "tag", "belegdatum")),
        ColumnRule(Field.CATEGORY, ("category", "expense category", "type", "kategorie", "spesenart", "ausgabenart")),
        ColumnRule(Field.SUPPLIER, ("supplier", "merchant", "vendor", "lieferant", "händler")),
        ColumnRule(Field.NOTE, ("note", "notes", "description", "comment", "beschreibung", "notiz")),
        ColumnRule(Field.QUANTITY, ("quantity", "units", "kilometres", "km", "days", "menge")),
        ColumnRule(
            Field.AMOUNT,
            ("amount", "amount ()", "gross", "gross ()", "gross amount", "total", "total ()", "total cost", "cost",
             "betrag", "betrag ()", "brutto", "brutto ()", "bruttobetrag"),
        ),
        ColumnRule(Field.VAT, ("vat", "vat ()", "vat amount", "tax", "tax ()", "tax amount", "mwst", "ust", "steuer")),
        ColumnRule(Field.CURRENCY, ("currency", "währung")),
        ColumnRule(Field.BILLABLE, ("billable", "abrechenbar")),
        ColumnRule(
            Field.RECEIPT,
            ("receipt", "receipt file", "receipt_file", "attachment", "beleg", "belegdatei", "anhang"),
        ),
        ColumnRule(Field.REIMBURSABLE, ("reimbursable", "paid by employee", "erstattungsfähig", "zu erstatten")),
    ),
    needs=(
        (Field.PERSON, Field.EMAIL, Field.LAST_NAME),
        (Field.PROJECT, Field.PROJECT_NUMBER),
        (Field.DATE,),
        (Field.CATEGORY,),
        (Field.AMOUNT,),
    ),
    weight=54,
)  # fmt: skip
