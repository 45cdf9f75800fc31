"""What a column can mean, in words."""

from __future__ import annotations

from quoin.imports.types import Field
from quoin.kernel.words import say

FIELD_NAMES = {
    Field.PERSON: say("person"), Field.FIRST_NAME: say("first name"), Field.LAST_NAME: say("last name"),
    Field.EMAIL: say("mail"), Field.PERSON_NUMBER: say("staff number"), Field.CLIENT: say("client"),
    Field.CLIENT_NUMBER: say("client number"), Field.ADDRESS: say("address"), Field.PROJECT: say("project"),
    Field.PROJECT_NUMBER: say("project number"), Field.TASK: say("task"), Field.TASKS: say("tasks"),
    Field.NOTE: say("note"), Field.TAGS: say("tags"), Field.BILLABLE: say("billable"), Field.INVOICED: say("invoiced"),
    Field.DATE: say("day"), Field.START_TIME: say("start time"), Field.END_DATE: say("end day"),
    Field.END_TIME: say("end time"), Field.STARTED: say("start"), Field.ENDED: say("end"),
    Field.CREATED: say("created"), Field.DURATION: say("duration"), Field.HOURS: say("hours"),
    Field.MINUTES: say("minutes"), Field.SECONDS: say("seconds"), Field.RATE: say("rate"),
    Field.RATE_MINOR: say("rate in cents"), Field.AMOUNT: say("amount"), Field.CURRENCY: say("currency"),
    Field.EXTERNAL_ID: say("id in the source"), Field.ARCHIVED: say("archived"), Field.STATUS: say("status"),
    Field.BUDGET_HOURS: say("budget in hours"), Field.BUDGET_SECONDS: say("budget in seconds"),
    Field.ENTRY_TYPE: say("type of row"), Field.CATEGORY: say("category"), Field.SUPPLIER: say("supplier"),
    Field.VAT: say("VAT"), Field.QUANTITY: say("quantity"), Field.REIMBURSABLE: say("paid back to the person"),
    Field.RECEIPT: say("receipt file"),
}  # fmt: skip
DIFF_NAMES = {
    "name": say("name"), "email": say("mail"), "number": say("number"), "address": say("address"),
    "is_archived": say("archived"), "is_billable": say("billable"), "rate_per_hour": say("price per hour"),
    "currency": say("currency"), "budget_minutes": say("budget in minutes"), "starts_on": say("start"),
    "note": say("note"), "client": say("client"), "project": say("project"), "person": say("person"),
    "task": say("task"), "day": say("day"), "minutes": say("minutes"), "billable": say("billable"),
    "start": say("start"), "end": say("end"), "category": say("category"), "supplier": say("supplier"),
    "quantity": say("quantity"), "amount": say("amount"), "vat": say("VAT"),
    "reimbursable": say("paid back to the person"), "receipt": say("receipt"),
}  # fmt: skip
"""Fields that a dry run names where they differ."""
WAYS = (say("external id"), say("number"), say("mail"), say("name"), say("decision"))
"""By what a record was matched."""


def name_of(field: Field) -> str:
    """The field as a person reads it."""
    return FIELD_NAMES[field]
