"""Billing runs: scope, drafts, review and issue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.actor import Scope as Reach
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.billing.actions.drafts import step_drafts
from quoin.billing.actions.invoices import issue_run
from quoin.billing.actions.runs import build_run, discard_run
from quoin.billing.queries import invoices as queries
from quoin.billing.queries.run_plan import BUILD, Scope, preview_run
from quoin.billing.rules.checks import change_words
from quoin.billing.web.words import REASONS
from quoin.kernel.errors import DomainError, Invalid
from quoin.kernel.money import Money
from quoin.sales.types import LineGrouping


class ScopeForm(forms.Form):
    """What a run covers."""

    work_until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    grouping = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"task": _("Task"), "person": _("Person"), "role": _("Role"), "week": _("Week"), "one": _("One line")}
        choices = [("", _("Per contract rule")), *((one.value, words[one.value]) for one in LineGrouping)]
        self.fields["grouping"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["work_until"].label, self.fields["grouping"].label = _("Work until"), _("Group lines")


@page(queries.VIEW, scope=Reach.ALL)
def runs(request: ActorRequest) -> HttpResponse:
    """All runs, with what the next one would draft."""
    form = ScopeForm(request.GET or None, initial={"work_until": _month_end(request)})
    planned = None
    if request.GET.get("work_until") and form.is_valid() and request.actor.may(BUILD):
        planned = preview_run(
            request.actor, Scope(work_until=form.cleaned_data["work_until"], grouping=_grouping(form))
        )
    context = {
        "title": _("Billing runs"), "area": _("Money"), "form": form, "planned": planned,
        "runs": queries.runs(request.actor)[:50], "may_build": request.actor.may(BUILD), "reasons": REASONS,
        "left_out": [
            (REASONS.get(one.reason, one.reason), one.count, one.amount)
            for one in (planned.left_out if planned else ())
        ],
    }  # fmt: skip
    return respond.page(request, "billing/runs.html", context)


def _month_end(request: ActorRequest) -> Any:
    from quoin.kernel.period import month_of

    return month_of(request.actor.today).start.fromordinal(month_of(request.actor.today).start.toordinal() - 1)


def _grouping(form: ScopeForm) -> LineGrouping | None:
    text = form.cleaned_data.get("grouping")
    return LineGrouping(text) if text else None


@page(BUILD, methods=("POST",))
def build(request: ActorRequest) -> HttpResponse:
    """Build the drafts of the asked scope."""
    form = ScopeForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose the last day of the work."))
    built = build_run(request.actor, work_until=form.cleaned_data["work_until"], grouping=_grouping(form))
    count = len(built.drafts)
    text = ngettext("%(count)s draft built", "%(count)s drafts built", count) % {"count": count}
    return respond.redirect_with_toast(request, reverse("billing:run", args=[built.run.public_id]), text)


@page(queries.VIEW)
def run(request: ActorRequest, pk: str) -> HttpResponse:
    """The drafts of a run in a review queue, with the proof always in view."""
    row = queries.run_for(request.actor, object_id("brn", pk))
    drafts = list(queries.drafts_of(request.actor, row))
    waiting = [draft for draft in drafts if draft.status != "issued"]
    clean = [draft for draft in waiting if not draft.checks]
    currencies = sorted({draft.currency for draft in waiting})
    context = {
        "title": _("Billing run %(number)s") % {"number": row.number}, "area": _("Money"), "run": row,
        "crumbs": ((_("Billing runs"), reverse("billing:runs")),), "drafts": [_row(draft) for draft in drafts],
        "waiting": len(waiting), "clean": len(clean), "step": _step(row, drafts, waiting),
        "sums": [_sum(waiting, code) for code in currencies], "clean_sums": [_sum(clean, code) for code in currencies],
        "left_out": [(REASONS.get(one["reason"], one["reason"]), one["count"], _left(one)) for one in row.left_out],
        "proofs": [_proof(one) for one in row.proof.get("currencies", ())], "is_equal": row.proof.get("is_equal"),
        "may_issue": request.actor.may("billing.run.issue") and bool(waiting),
        "may_build": request.actor.may(BUILD) and row.status == "open",
        "may_step": request.actor.may("billing.invoice.step"), "statuses": queries.STATUSES,
    }  # fmt: skip
    return respond.page(request, "billing/run.html", context)


def _step(row: Any, drafts: list[Any], waiting: list[Any]) -> int:
    if not drafts:
        return 1
    if row.status == "issued" or not waiting:
        return 5
    return 4 if all(draft.status == "approved" for draft in waiting) else 3


def _row(draft: Any) -> dict[str, Any]:
    net = Money(draft.net_amount, draft.currency).round()
    last = None if draft.last_net_amount is None else Money(draft.last_net_amount, draft.currency).round()
    return {
        "invoice": draft, "net": net, "status": queries.STATUSES[draft.state],
        "change": _change(net, last),
        "url": reverse("billing:invoice", args=[draft.public_id]),
    }  # fmt: skip


def _change(net: Money, last: Money | None) -> str:
    """How the net compares to the last invoice; empty after one of zero."""
    return _("new") if last is None else change_words(net, last)


def _sum(rows: list[Any], code: str) -> Money:
    return Money(sum((row.net_amount for row in rows if row.currency == code), Decimal(0)), code).round()


def _left(one: dict[str, Any]) -> Money:
    return Money(Decimal(one["amount"]), one["currency"])


def _proof(one: dict[str, Any]) -> dict[str, Any]:
    names = ("wip", "drafts", "held", "waiting")
    added = Decimal(one["increments"]) + Decimal(one["rounding"])
    found: dict[str, Any] = {name: Money(Decimal(one[name]), one["currency"]) for name in names}
    return {**found, "added": Money(added, one["currency"]), "is_equal": one["is_equal"]}


@page("billing.invoice.step", methods=("POST",))
def step(request: ActorRequest, pk: str) -> HttpResponse:
    """Approve the clean drafts, or those that were chosen."""
    row = queries.run_for(request.actor, object_id("brn", pk))
    drafts = queries.drafts_of(request.actor, row).filter(status__in=["draft", "in_review"])
    chosen = [object_id("inv", text) for text in request.POST.getlist("ids")]
    ids = chosen or [draft.id for draft in drafts if not draft.checks]
    count = step_drafts(request.actor, invoice_ids=ids, to=request.POST.get("to", "approved")) if ids else 0
    url = reverse("billing:run", args=[pk])
    return respond.redirect_with_toast(
        request, url, ngettext("%(count)s draft approved", "%(count)s drafts approved", count) % {"count": count}
    )


@page("billing.run.issue", methods=("POST",))
def issue(request: ActorRequest, pk: str) -> HttpResponse:
    """Issue the run; the count was typed."""
    typed = request.POST.get("count", "")
    if not typed.isdigit():
        raise Invalid(_("Type how many invoices you issue."))
    found = issue_run(request.actor, run_id=object_id("brn", pk), count=int(typed))
    url = reverse("billing:run", args=[pk])
    if found.refused:
        text = _("%(done)s issued, %(left)s refused: %(why)s") % {
            "done": len(found.invoices), "left": len(found.refused), "why": found.refused[0].detail,
        }  # fmt: skip
        return respond.redirect_with_toast(request, url, text, meaning="warning")
    count = len(found.invoices)
    text = ngettext("%(count)s invoice issued", "%(count)s invoices issued", count) % {"count": count}
    return respond.redirect_with_toast(request, url, text)


@page("billing.run.discard", methods=("POST",))
def discard(request: ActorRequest, pk: str) -> HttpResponse:
    """Delete the drafts of the run."""
    try:
        count = discard_run(request.actor, run_id=object_id("brn", pk))
    except DomainError as error:
        return respond.error_page(request, error)
    text = ngettext(
        "%(count)s draft discarded; its work is unbilled again",
        "%(count)s drafts discarded; their work is unbilled again", count,
    ) % {"count": count}  # fmt: skip
    return respond.redirect_with_toast(request, reverse("billing:runs"), text)
