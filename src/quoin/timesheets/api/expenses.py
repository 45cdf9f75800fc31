"""Expenses over the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from ninja import File
from ninja.files import UploadedFile

from quoin.base.http.api import (
    ApiIn,
    ApiRequest,
    Router,
    check_match,
    etag_of,
    list_response,
    operation,
    respond_json,
)
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.timesheets.actions import decisions, expenses
from quoin.timesheets.api.wire import (
    CategoryId,
    ExpenseId,
    FileId,
    PersonId,
    ProjectId,
    TaskId,
    expense_out,
    given,
)
from quoin.timesheets.queries import access, spending
from quoin.timesheets.types import RECEIPT_MOST_BYTES

router = Router(tags=["expenses"])
_MOST = 1000


class ExpensePatch(ApiIn):
    """What to change of an expense; absent fields stay."""

    project_id: ProjectId | None = None
    task_id: TaskId | None = None
    category_id: CategoryId | None = None
    spent_on: date | None = None
    supplier: str = ""
    note: str = ""
    quantity: Decimal | None = None
    gross_amount: Decimal = Decimal(0)
    vat_amount: Decimal = Decimal(0)
    currency: str = "EUR"
    is_billable: bool = True
    is_reimbursable: bool = True
    receipt_id: FileId | None = None


class ExpenseIn(ExpensePatch):
    """An expense to be added."""

    project_id: ProjectId
    category_id: CategoryId
    spent_on: date
    person_id: PersonId | None = None


class ExpensesIn(ApiIn):
    """Expenses to be handed in, approved or returned."""

    expense_ids: list[ExpenseId]
    note: str = ""


@router.get("/expenses", summary="List expenses")
@operation(access.VIEW_EXPENSES)
def list_expenses(request: ApiRequest) -> HttpResponse:
    return list_response(request, spending.EXPENSES, spending.visible_expenses(request.actor), expense_out)


@router.post("/expenses", summary="Add an expense")
@operation(expenses.ADD)
def create_expense(request: ApiRequest, body: ExpenseIn) -> HttpResponse:
    values = given(body)
    person_id = values.pop("person_id", None) or access.own_person(request.actor)
    made = expenses.add_expense(request.actor, person_id=person_id, **values)
    return respond_json(expense_out(spending.expense_for(request.actor, made.id)), status=201)


@router.post("/expenses/receipts", summary="Upload a receipt")
@operation(expenses.RECEIPT)
def upload_receipt(request: ApiRequest, receipt: File[UploadedFile]) -> HttpResponse:
    if (receipt.size or 0) > RECEIPT_MOST_BYTES:
        raise invalid("/receipt", "A receipt has at most 10 MB.", code="too_large")
    stored = expenses.upload_receipt(request.actor, name=str(receipt.name), content=receipt.read())
    return respond_json({"id": public_id("fil", stored.id), "sha256": stored.sha256}, status=201)


@router.post("/expenses/submit", summary="Hand expenses in")
@operation(expenses.SUBMIT)
def submit_expenses(request: ApiRequest, body: ExpensesIn) -> HttpResponse:
    return respond_json({"expenses": expenses.submit_expenses(request.actor, expense_ids=body.expense_ids)})


@router.post("/expenses/approve", summary="Approve expenses")
@operation(decisions.APPROVE)
def approve_expenses(request: ApiRequest, body: ExpensesIn) -> HttpResponse:
    ids = decisions.approve_expenses(request.actor, expense_ids=body.expense_ids)
    return respond_json({"approved": [public_id("exp", one) for one in ids]})


@router.post("/expenses/return", summary="Return expenses")
@operation(decisions.RETURN)
def return_expenses(request: ApiRequest, body: ExpensesIn) -> HttpResponse:
    ids = decisions.return_expenses(request.actor, expense_ids=body.expense_ids, note=body.note)
    return respond_json({"returned": [public_id("exp", one) for one in ids]})


@router.get("/expenses/{expense_id}", summary="An expense")
@operation(access.VIEW_EXPENSES)
def get_expense(request: ApiRequest, expense_id: ExpenseId) -> HttpResponse:
    found = spending.expense_for(request.actor, expense_id)
    return respond_json(expense_out(found), etag=etag_of(found.id, found.version))


@router.patch("/expenses/{expense_id}", summary="Change an expense")
@operation(expenses.EDIT)
def edit_expense(request: ApiRequest, expense_id: ExpenseId, body: ExpensePatch) -> HttpResponse:
    found = spending.expense_for(request.actor, expense_id)
    check_match(request, etag_of(found.id, found.version))
    expenses.edit_expense(request.actor, expense_id=expense_id, **given(body))
    return respond_json(expense_out(spending.expense_for(request.actor, expense_id)))


@router.delete("/expenses/{expense_id}", summary="Delete an expense")
@operation(expenses.DELETE)
def delete_expense(request: ApiRequest, expense_id: ExpenseId) -> HttpResponse:
    expenses.delete_expense(request.actor, expense_id=expense_id)
    return HttpResponse(status=204)
