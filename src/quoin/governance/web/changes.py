"""Change orders: the list, a project's tab, one order with its effect, its way to the client and back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.governance import queries
from quoin.governance.actions import changes as actions
from quoin.governance.queries.effect import effect_of
from quoin.governance.queries.effect_words import effect_facts
from quoin.governance.queries.figures import waiting_of
from quoin.governance.queries.lists import CHANGE_STATUSES, CHANGES
from quoin.governance.types import ChangeStatus
from quoin.governance.web.change_lines import LINE_FORMS
from quoin.governance.web.forms import AnswerForm, ChangeForm
from quoin.governance.web.parts import asked_project, pick_project
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money
from quoin.projects.queries import project_by_number
from quoin.projects.queries.frame import project_frame

_CREATE, _EDIT, _SEND, _ACCEPT = (
    "governance.change.create", "governance.change.edit", "governance.change.send", "governance.change.accept",
)  # fmt: skip
_MINUTES_PER_HOUR = 60


@page(queries.VIEW_CHANGES)
def orders(request: ActorRequest) -> HttpResponse:
    new_url = reverse("governance:change_new") if request.actor.may(_CREATE) else ""
    screen = Screen(
        title=_("Change orders"),
        area=_("Work"),
        empty=_empty(new_url),
        row_url=lambda row: reverse("governance:change", args=[row.public_id]),
        primary=Link(label=_("New change order"), url=new_url, icon="plus", keys="n") if new_url else None,
    )
    return list_page(request, CHANGES, queries.visible_changes(request.actor), screen)


@page(queries.VIEW_CHANGES)
def project_tab(request: ActorRequest, number: str) -> HttpResponse:
    """A project's change orders, and what its contract is worth with them."""
    project = project_by_number(request.actor, number)
    rows = queries.visible_changes(request.actor).filter(project=project.id)
    may_add = request.actor.may(_CREATE)
    context = project_frame(request.actor, project, current="changes") | {
        "rows": [(row, CHANGE_STATUSES[row.status], _price(row)) for row in rows],
        "value": _value(project),
        "waiting": waiting_of(request.actor, project),
        "add_url": f"{reverse('governance:change_new')}?project={project.number}" if may_add else "",
    }
    return respond.page(request, "governance/changes_tab.html", context)


def _value(project: Any) -> Money | None:
    contract = project.contract
    amount = None if contract is None else contract.fixed_amount or contract.cap_amount
    return None if amount is None else Money(amount, contract.currency)


def _price(row: Any) -> Money:
    return Money(row.price_amount, row.currency)


@page(_CREATE, methods=("GET", "POST"))
def new(request: ActorRequest) -> HttpResponse:
    project = asked_project(request)
    if project is None:
        return pick_project(request, title=_("New change order"))
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = actions.create_change(request.actor, project_id=project.id, **form.values())
            url = reverse("governance:change", args=[made.public_id])
            text = _("Change order %(number)s is a draft: add its lines") % {"number": made.number}
            return respond.redirect_with_toast(request, url, text)
    back = reverse("governance:project_changes", args=[project.number])
    title = _("New change order for %(name)s") % {"name": project.name}
    return respond.form_page(request, form, title=title, verb=_("Write change order"), cancel_url=back)


@page(_EDIT, methods=("GET", "POST"))
def edit(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.change_for(request.actor, object_id("cho", pk))
    initial = {name: getattr(found, name) for name in ("title", "reason", "scope", "budget_amount", "planned_cost")}
    form = ChangeForm(
        request.POST or None, initial={**initial, "budget_hours": found.budget_minutes / _MINUTES_PER_HOUR}
    )
    back = reverse("governance:change", args=[pk])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.edit_change(request.actor, order_id=found.id, **form.values())
            return respond.redirect_with_toast(request, back, _("Saved"), undo=undo_token(request.actor))
    title = _("Edit change order %(number)s") % {"number": found.number}
    return respond.form_page(request, form, title=title, verb=_("Save"), cancel_url=back)


@page(queries.VIEW_CHANGES)
def order(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.change_for(request.actor, object_id("cho", pk))
    return respond.page(request, "governance/change.html", _context(request, found))


def _context(request: ActorRequest, found: Any) -> dict[str, Any]:
    actor, status = request.actor, ChangeStatus(found.status)
    is_open = status in {ChangeStatus.DRAFT, ChangeStatus.SENT}
    is_draft = status is ChangeStatus.DRAFT
    return {
        "title": found.title,
        "number_text": _("Change order %(number)s") % {"number": found.number},
        "area": _("Change orders"),
        "crumbs": ((_("Change orders"), reverse("governance:changes")),),
        "status": CHANGE_STATUSES[found.status],
        "change": found,
        "total": _price(found),
        "alive": queries.link_of(found, now=actor.now),
        "before": None if found.price_before is None else Money(found.price_before, found.currency),
        "after": None if found.price_after is None else Money(found.price_after, found.currency),
        "lines": [(line, _words(line), _line_price(found, line)) for line in queries.lines_of(found)],
        "facts": effect_facts(effect_of(actor, found), actor.locale) if is_open else (),
        "adding": [(kind, verb) for kind, (_form, verb) in LINE_FORMS.items()]
        if is_draft and actor.may("governance.change_line.add")
        else [],
        "may_remove": is_draft and actor.may("governance.change_line.remove"),
        "may_edit": is_draft and actor.may(_EDIT),
        "may_send": is_open and actor.may(_SEND),
        "may_withdraw": is_open and actor.may("governance.change.withdraw"),
        "may_answer": status is ChangeStatus.SENT and actor.may(_ACCEPT),
        "may_reopen": status in {ChangeStatus.SENT, ChangeStatus.DECLINED, ChangeStatus.WITHDRAWN}
        and actor.may("governance.change.reopen"),
        "may_reverse": status is ChangeStatus.ACCEPTED and actor.may("governance.change.reverse"),
        "to": found.sent_to or found.project.client.invoice_email,
    }


def _line_price(change: Any, line: Any) -> Money | None:
    return None if line.amount is None else Money(line.amount, change.currency)


def _words(line: Any) -> str:
    """What the line does."""
    return str(
        {
            "add_task": _("New task"), "extend_task": _("Task grows"), "price": _("Price"), "people": _("People"),
        }[line.kind]
    )  # fmt: skip


@page(_SEND, methods=("POST",))
def send(request: ActorRequest, pk: str) -> HttpResponse:
    """Send it; the client's address of it is shown once, since only its digest is kept."""
    found = queries.change_for(request.actor, object_id("cho", pk))
    sent = actions.send_change(request.actor, order_id=found.id, to=request.POST.get("to", ""))
    context = _context(request, queries.change_for(request.actor, found.id)) | {
        "link": sent.url, "link_until": request.actor.now + actions.LIFE,
    }  # fmt: skip
    response = respond.page(request, "governance/change.html", context)
    response["Cache-Control"] = "no-store"
    return response


@page("governance.change.withdraw", methods=("POST",))
def withdraw(request: ActorRequest, pk: str) -> HttpResponse:
    actions.withdraw_change(request.actor, order_id=object_id("cho", pk), reason=request.POST.get("reason", ""))
    return _back(request, pk, _("Withdrawn"))


@page("governance.change.reopen", methods=("POST",))
def reopen(request: ActorRequest, pk: str) -> HttpResponse:
    actions.reopen_change(request.actor, order_id=object_id("cho", pk), reason=request.POST.get("reason", ""))
    return _back(request, pk, _("It is a draft again, and the client's link has ended"))


@page(_ACCEPT, methods=("GET", "POST"))
def answer(request: ActorRequest, pk: str) -> HttpResponse:
    """A manager records what the client answered."""
    found = queries.change_for(request.actor, object_id("cho", pk))
    form = AnswerForm(request.POST or None, request.FILES or None, initial={"answered_on": request.actor.today})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        is_accepted, upload = given.pop("is_accepted"), given.pop("file")
        with respond.refusals_on(form):
            if is_accepted:
                content = upload.read() if upload else b""
                actions.accept_change(
                    request.actor, order_id=found.id, file_name=upload.name if upload else "", file_content=content,
                    **given,
                )  # fmt: skip
            else:
                actions.decline_change(request.actor, order_id=found.id, **given)
            text = _("Accepted: price, budget, plan and requests are changed") if is_accepted else _("Declined")
            return _back(request, pk, text)
    title = _("The client's answer to change order %(number)s") % {"number": found.number}
    back = reverse("governance:change", args=[pk])
    return respond.form_page(request, form, title=title, verb=_("Record answer"), cancel_url=back)


@page("governance.change.reverse", methods=("POST",))
def reverse_order(request: ActorRequest, pk: str) -> HttpResponse:
    actions.reverse_change(request.actor, order_id=object_id("cho", pk), reason=request.POST.get("reason", ""))
    return _back(request, pk, _("Taken back: price, budget, plan and requests are as before"))


@page(queries.VIEW_CHANGES)
def answer_file(request: ActorRequest, pk: str) -> HttpResponse:
    """The signed paper."""
    found = queries.change_for(request.actor, object_id("cho", pk))
    if found.answer_file is None:
        raise NotFound("No paper was kept with this answer.")
    response = HttpResponse(bytes(found.answer_file.content), content_type=found.answer_file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{found.answer_file.name}"'
    return response


def _back(request: ActorRequest, pk: str, text: str) -> HttpResponse:
    url = reverse("governance:change", args=[pk])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))


def _empty(url: str) -> Empty:
    return Empty(
        text=_("Scope changes become change orders so hours are paid."), url=url,
        verb=_("New change order") if url else "",
    )  # fmt: skip
