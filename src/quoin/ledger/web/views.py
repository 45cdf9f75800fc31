"""Journals, the trial balance and the months of the books. Each balance opens its lines."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Screen, list_page
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.money import Money, total
from quoin.kernel.words import say, spoken
from quoin.ledger import queries
from quoin.ledger.actions import periods as actions
from quoin.ledger.queries import journals as books
from quoin.ledger.queries.lists import JOURNALS, LINES, SOURCES
from quoin.ledger.queries.periods import entities
from quoin.ledger.queries.periods import periods as months_of
from quoin.ledger.queries.rates import quotes_of
from quoin.ledger.queries.revaluation import unposted


@page(queries.VIEW)
def journals(request: ActorRequest) -> HttpResponse:
    screen = Screen(
        title=_("Journals"),
        area=_("Money"),
        empty=Empty(
            text=_("Nothing is posted yet."), detail=_("Approved time and issued invoices post by themselves.")
        ),
        row_url=lambda row: reverse("ledger:journal", args=[row.public_id]),
    )
    return list_page(request, JOURNALS, books.journals(request.actor), screen)


@page(queries.VIEW)
def journal(request: ActorRequest, pk: str) -> HttpResponse:
    row = books.journal_for(request.actor, object_id("jou", pk))
    lines = list(books.journal_lines(request.actor, row.id))
    currency = row.entity.currency
    context: dict[str, Any] = {
        "title": str(SOURCES.get(row.source_kind, row.source_kind)),
        "area": _("Journals"),
        "crumbs": ((_("Journals"), reverse("ledger:journals")),),
        "journal": row,
        "lines": [
            (
                line,
                Money(line.amount, line.currency),
                Money(line.base_amount, currency) if line.base_amount > 0 else None,
                Money(-line.base_amount, currency) if line.base_amount < 0 else None,
            )
            for line in lines
        ],
        "is_foreign": any(line.currency != currency for line in lines),
    }
    return respond.page(request, "ledger/journal.html", context)


@page(queries.VIEW)
def lines(request: ActorRequest) -> HttpResponse:
    screen = Screen(
        title=_("Journal lines"),
        area=_("Money"),
        empty=Empty(text=_("No lines here.")),
        crumbs=((_("Trial balance"), reverse("ledger:balance")),),
        row_url=lambda row: reverse("ledger:journal", args=[row.journal.public_id]),
    )
    return list_page(request, LINES, books.lines(request.actor), screen)


@page(queries.VIEW)
def balance(request: ActorRequest) -> HttpResponse:
    found = entities(request.actor)
    if not found:
        raise NotFound("There is no company with books yet.")
    chosen = next((row for row in found if row.code == request.GET.get("entity")), found[0])
    until = _day(request.GET.get("until"), request.actor.today)
    rows = books.trial_balance(request.actor, entity_id=chosen.id, until=until, since=until.replace(day=1))
    context: dict[str, Any] = {
        "title": _("Trial balance"),
        "area": _("Money"),
        "entities": found,
        "entity": chosen,
        "until": until,
        "rows": [(row, _lines_url(row.account.code, chosen.code, until)) for row in rows],
        "debit": total((row.debit for row in rows), chosen.currency),
        "credit": total((row.credit for row in rows), chosen.currency),
        "sum": total((row.balance for row in rows), chosen.currency),
    }
    return respond.page(request, "ledger/balance.html", context)


@page(queries.VIEW)
def periods(request: ActorRequest) -> HttpResponse:
    found = months_of(request.actor)
    notes = unposted(request.actor, (period.row for period in found))
    context = {
        "title": _("Months of the books"),
        "area": _("Money"),
        "periods": [(period, spoken(notes.get(period.row.id, ""))) for period in found],
        "today": request.actor.today,
        "may_close": request.actor.may("ledger.period.close"),
        "may_reopen": request.actor.may("ledger.period.reopen"),
    }
    return respond.page(request, "ledger/periods.html", context)


@page("ledger.period.close", methods=("POST",))
def close(request: ActorRequest, entity: UUID, month: str) -> HttpResponse:
    actions.close_period(request.actor, entity_id=entity, month=month)
    return respond.redirect_with_toast(request, reverse("ledger:periods"), _("%(month)s is closed") % {"month": month})


@page("ledger.period.reopen", methods=("POST",))
def reopen(request: ActorRequest, entity: UUID, month: str) -> HttpResponse:
    actions.reopen_period(request.actor, entity_id=entity, month=month, reason=request.POST.get("reason", ""))
    text = _("%(month)s is open for three days") % {"month": month}
    return respond.redirect_with_toast(request, reverse("ledger:periods"), text)


@page(None)
def rates(request: ActorRequest) -> HttpResponse:
    on = _day(request.GET.get("on"), request.actor.today)
    context = {"title": _("Exchange rates"), "area": _("Money"), "on": on, "quotes": quotes_of(on)}
    return respond.page(request, "ledger/rates.html", context)


def _day(text: str | None, default: date) -> date:
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        raise invalid("/day", say("%(text)s is not a day. Write it as 2026-05-31.", text=repr(text))) from None


def _lines_url(account: str, entity: str, until: date) -> str:
    query = {"account": account, "entity": entity, "posting_on[lte]": until.isoformat()}
    return f"{reverse('ledger:lines')}?{urlencode(query)}"
