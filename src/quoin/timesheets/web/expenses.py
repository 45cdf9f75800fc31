"""Expenses (screen 07): the list, the drop zone, the form with the receipt beside it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Bulk, Empty, Link, Screen, list_page
from quoin.kernel.errors import DomainError, invalid
from quoin.kernel.money import Money
from quoin.kernel.period import week_of
from quoin.timesheets.actions import decisions
from quoin.timesheets.actions import expenses as actions
from quoin.timesheets.queries import access, rows, spending
from quoin.timesheets.queries.week import week_for
from quoin.timesheets.queries.words import STATUSES
from quoin.timesheets.types import RECEIPT_MOST_BYTES, Status
from quoin.timesheets.web.forms import ExpenseForm


@page(access.VIEW_EXPENSES)
def expenses(request: ActorRequest) -> HttpResponse:
    """The list with the drop zone above it."""
    may_add = request.actor.may(actions.ADD) and request.actor.person_id is not None
    new = reverse("timesheets:expense_new")
    screen = Screen(
        title=_("Expenses"),
        area=_("Me"),
        empty=Empty(
            text=_("Drop a receipt here, or add an expense by hand."),
            detail=_("Mileage and per diem are worked out from kilometres and days."),
            url=new,
            verb=_("Add an expense"),
        )
        if may_add
        else Empty(text=_("No expenses yet.")),
        row_url=lambda expense: reverse("timesheets:expense", args=[expense.id]),
        row_meaning=lambda expense: "warning" if expense.status == Status.RETURNED else "",
        primary=Link(label=_("Add an expense"), url=new, icon="plus") if may_add else None,
        bulk=(Bulk(label=_("Submit"), url=reverse("timesheets:expenses_submit"), icon="send"),)
        if request.actor.may(actions.SUBMIT)
        else (),
        template="timesheets/expenses.html",
        extra={"may_add": may_add},
    )
    return list_page(request, spending.EXPENSES, spending.visible_expenses(request.actor), screen)


@page(actions.ADD, methods=("GET", "POST"))
def new_expense(request: ActorRequest) -> HttpResponse:
    """The form of a new expense; a receipt dropped before is named by `receipt`."""
    form = _form(request, initial=_first_guess(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_expense(
                request.actor, person_id=access.own_person(request.actor), **form.values(), **_receipt(request, form)
            )
        except DomainError as fault:
            request.must_roll_back = True  # type: ignore[attr-defined]  # a stored receipt must not stay alone
            respond.form_errors(form, fault)
        else:
            return _saved(request, made)
    return _form_page(request, form, title=_("New expense"), expense=None)


@page(access.VIEW_EXPENSES, methods=("GET", "POST"))
def expense(request: ActorRequest, expense_id: UUID) -> HttpResponse:
    """An expense: its form while it is open, its facts afterwards."""
    found = spending.expense_for(request.actor, expense_id)
    is_open = found.status in {Status.OPEN, Status.RETURNED} and request.actor.may(actions.EDIT)
    if not is_open:
        return _facts(request, found)
    form = _form(request, initial=_values_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.edit_expense(
                request.actor, expense_id=expense_id, **form.values(), **_receipt(request, form)
            )
        except DomainError as fault:
            request.must_roll_back = True  # type: ignore[attr-defined]  # a stored receipt must not stay alone
            respond.form_errors(form, fault)
        else:
            return _saved(request, changed)
    return _form_page(request, form, title=found.supplier or found.category.name, expense=found)


@page(actions.ADD, methods=("POST",))
def drop(request: ActorRequest) -> HttpResponse:
    """Receipts dropped on the list: stored, and the form of the first one opens."""
    files: list[Any] = request.FILES.getlist("receipt")
    if not files:
        raise invalid("/receipt", _("Choose a receipt."), code="required")
    stored = [actions.upload_receipt(request.actor, name=str(one.name), content=_bytes(one)) for one in files]
    names = "&".join(f"receipt={one.id}" for one in stored)
    return HttpResponseRedirect(f"{reverse('timesheets:expense_new')}?{names}", status=303)


@page(actions.SUBMIT, methods=("POST",))
def submit(request: ActorRequest) -> HttpResponse:
    """Hand in the chosen ones, or all that are open."""
    ids: list[Any] = request.POST.getlist("ids")
    if not ids or request.POST.get("all"):
        mine = spending.visible_expenses(request.actor).filter(person=access.own_person(request.actor))
        ids = list(mine.filter(status__in=[Status.OPEN, Status.RETURNED]).values_list("id", flat=True))
    count = actions.submit_expenses(request.actor, expense_ids=ids)
    text = ngettext("%(count)s expense submitted", "%(count)s expenses submitted", count) % {"count": count}
    return respond.redirect_with_toast(request, reverse("timesheets:expenses"), text)


@page(actions.WITHDRAW, methods=("POST",))
def withdraw(request: ActorRequest, expense_id: UUID) -> HttpResponse:
    """Take one back."""
    actions.withdraw_expenses(request.actor, expense_ids=[expense_id])
    return respond.redirect_with_toast(
        request, reverse("timesheets:expense", args=[expense_id]), _("The expense is open again")
    )


@page(actions.DELETE, methods=("POST",))
def delete(request: ActorRequest, expense_id: UUID) -> HttpResponse:
    """Delete an open one."""
    actions.delete_expense(request.actor, expense_id=expense_id)
    return respond.redirect_with_toast(request, reverse("timesheets:expenses"), _("Expense deleted"))


@page(actions.SPLIT, methods=("POST",))
def split(request: ActorRequest, expense_id: UUID) -> HttpResponse:
    """Split over projects: each named one takes its share."""
    pairs = zip(request.POST.getlist("split_project"), request.POST.getlist("split_share"), strict=False)
    parts = [(project, share) for project, share in pairs if project and share.strip()]
    made = actions.split_expense(request.actor, expense_id=expense_id, parts=parts)
    text = _("Split into %(count)s parts") % {"count": len(made)}
    return respond.redirect_with_toast(request, reverse("timesheets:expenses"), text)


@page(access.VIEW_EXPENSES)
def receipt(request: ActorRequest, expense_id: UUID) -> HttpResponse:
    """The receipt itself, never run as a page of ours."""
    stored = spending.receipt_of(request.actor, expense_id)
    response = HttpResponse(bytes(stored.content), content_type=stored.content_type)
    response["Content-Disposition"] = f'inline; filename="{stored.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    # It is shown in a frame of our own page, and nothing inside it may run.
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _form(request: ActorRequest, *, initial: dict[str, Any]) -> ExpenseForm:
    found = rows.bookable_rows(request.actor, access.own_person(request.actor), text="", limit=200)
    categories = [(str(one.id), one.name) for one in spending.categories()]
    posted = request.method == "POST"
    return ExpenseForm(
        request.POST if posted else None, request.FILES if posted else None, initial=initial, rows=found,
        categories=categories,
    )  # fmt: skip


def _form_page(request: ActorRequest, form: ExpenseForm, *, title: str, expense: Any) -> HttpResponse:
    receipt_id = expense.receipt_id if expense else request.GET.get("receipt", "")
    context = {
        "form": form, "title": title, "area": _("Expenses"), "expense": expense, "receipt_id": receipt_id,
        "waiting_receipts": request.GET.getlist("receipt")[1:],
        "crumbs": ((_("Expenses"), reverse("timesheets:expenses")),),
        "kinds": {str(one.id): one.kind for one in spending.categories()},
        "twins": _twins(request, expense) if expense else (),
        "projects": rows.bookable_rows(request.actor, access.own_person(request.actor), text="", limit=100),
    }  # fmt: skip
    return respond.page(request, "timesheets/expense_form.html", context, status=422 if form.errors else 200)


def _twins(request: ActorRequest, expense: Any) -> list[tuple[Any, bool]]:
    """What looks like the same expense, and whether the reader may see whose it is."""
    twins = spending.twins_of(expense)
    seen = set(
        spending.visible_expenses(request.actor)
        .filter(id__in=[one.id for one in twins])
        .order_by()
        .values_list("id", flat=True)
    )
    return [(one, one.id in seen) for one in twins]


def _facts(request: ActorRequest, found: Any) -> HttpResponse:
    waits = found.status == Status.SUBMITTED
    is_own = found.person_id == request.actor.person_id
    context = {
        "title": found.supplier or found.category.name, "area": _("Expenses"), "expense": found,
        "crumbs": ((_("Expenses"), reverse("timesheets:expenses")),), "status": STATUSES[Status(found.status)],
        "gross": Money(found.gross_amount, found.currency), "vat": Money(found.vat_amount, found.currency),
        "net": Money(found.base_net_amount, found.base_currency), "twins": _twins(request, found),
        "may_decide": waits and not is_own and request.actor.may(decisions.APPROVE),
        "may_withdraw": waits and is_own and request.actor.may(actions.WITHDRAW),
        "is_foreign": found.currency != found.base_currency,
    }  # fmt: skip
    return respond.page(request, "timesheets/expense.html", context)


def _saved(request: ActorRequest, expense: Any) -> HttpResponse:
    text, meaning = _("Expense saved"), "success"
    if spending.twins_of(expense):
        text, meaning = (
            _("Saved. Another expense has the same amount, day and supplier, or the same receipt."),
            "warning",
        )
    rest = request.GET.getlist("receipt")[1:]
    url = reverse("timesheets:expenses")
    if rest:
        url = f"{reverse('timesheets:expense_new')}?{'&'.join(f'receipt={one}' for one in rest)}"
    return respond.redirect_with_toast(request, url, text, meaning=meaning)


def _receipt(request: ActorRequest, form: ExpenseForm) -> dict[str, Any]:
    """The receipt of the form, the one dropped before, or nothing to change."""
    uploaded = form.cleaned_data.get("receipt_file")
    if uploaded:
        return {
            "receipt_id": actions.upload_receipt(request.actor, name=str(uploaded.name), content=_bytes(uploaded)).id
        }
    return {"receipt_id": request.GET["receipt"]} if request.GET.get("receipt") else {}


def _bytes(uploaded: Any) -> bytes:
    if (uploaded.size or 0) > RECEIPT_MOST_BYTES:
        raise invalid("/receipt_file", _("A receipt has at most 10 MB."), code="too_large")
    content: bytes = uploaded.read()
    return content


def _first_guess(request: ActorRequest) -> dict[str, Any]:
    """Today, and the project that today is planned or logged on."""
    actor = request.actor
    today = actor.today
    sheet = week_for(actor, access.own_person(actor), week_of(today).start, today=today)
    day = today.weekday()
    best = max(sheet.rows, key=lambda row: (row.cells[day].minutes, bool(row.cells[day].suggestion)), default=None)
    guess = {
        "spent_on": today,
        "currency": "EUR",
        "is_reimbursable": True,
        "is_billable": bool(best and best.is_billable),
    }
    return {**guess, "row": str(best.key), "is_billable": best.is_billable} if best else guess


def _values_of(expense: Any) -> dict[str, Any]:
    row = f"{expense.project_id}:{expense.task_id or ''}"
    names = (
        "spent_on", "supplier", "quantity", "gross_amount", "vat_amount", "currency", "note", "is_billable",
        "is_reimbursable",
    )  # fmt: skip
    return {"row": row, "category_id": str(expense.category_id), **{name: getattr(expense, name) for name in names}}
