"""Exchange differences of a month's end: what a run would post and why, and posting it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from quoin.accounts.queries.things import thing_of
from quoin.base.actor import Actor
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import public_id
from quoin.kernel.money import total
from quoin.kernel.words import spoken
from quoin.ledger import queries
from quoin.ledger.actions import periods as actions
from quoin.ledger.queries.revaluation import UNDIVIDED, Difference, MonthEnd, revaluation

_REVALUE = "ledger.period.revalue"


@page(queries.VIEW)
def preview(request: ActorRequest, entity: UUID, month: str) -> HttpResponse:
    """The preview: nothing is posted by looking at it."""
    found = revaluation(request.actor, entity_id=entity, start=actions.month_start(month))
    currency = found.entity.currency
    names: dict[str, str] = {}
    context: dict[str, Any] = {
        "title": _("Exchange differences"),
        "area": _("Months of the books"),
        "crumbs": ((_("Months of the books"), reverse("ledger:periods")),),
        "found": found,
        "hindrance": spoken(found.hindrance),
        "has_posted": any(row.standing.posted for row in found.rows),
        "rows": [_row(request.actor, row, found, names) for row in found.rows],
        "stuck": [_row(request.actor, row, found, names) for row in found.stuck],
        "carried": total((row.standing.carried for row in found.rows), currency),
        "base": total((row.base for row in found.rows), currency),
        "posted": total((row.standing.posted for row in found.rows), currency),
        "may_post": request.actor.may(_REVALUE) and not found.hindrance and not found.is_posted,
    }
    return respond.page(request, "ledger/revaluation.html", context)


@page(_REVALUE, methods=("POST",))
def revalue(request: ActorRequest, entity: UUID, month: str) -> HttpResponse:
    """Post what the preview showed, and its reversal."""
    posted = actions.revalue_period(request.actor, entity_id=entity, month=month)
    text = _("Exchange differences of %(month)s are posted") % {"month": month}
    url = reverse("ledger:revaluation", args=[entity, month])
    return respond.redirect_with_toast(request, url, text if posted else _("Nothing was left to post"))


def _row(actor: Actor, row: Difference, found: MonthEnd, names: dict[str, str]) -> dict[str, Any]:
    about = row.standing.dimensions
    ids = [
        public_id(prefix, known) for prefix, known in (("cli", about.client_id), ("ctr", about.contract_id)) if known
    ]
    for key in ids:
        if key not in names:
            names[key] = _name(actor, key)
    return {
        "row": row,
        "about": " · ".join(names[key] for key in ids if names[key]),
        "rate": row.rate.shown,
        "lines": _lines_url(row, found),
    }


def _name(actor: Actor, key: str) -> str:
    """How its own app calls it; nothing for those who may not see it."""
    thing = thing_of(key)
    try:
        return str(getattr(thing.find(actor, key), "name", "")) if thing and actor.may(thing.permission) else ""
    except NotFound:
        return ""


def _lines_url(row: Difference, found: MonthEnd) -> str:
    """The lines that add up to the position, with what was revalued before."""
    about = row.standing.dimensions
    query = {
        "account": row.account.code,
        "entity": found.entity.code,
        "currency": row.standing.amount.currency,
        "posting_on[lte]": found.on.isoformat(),
    }
    dimensions = (("client", about.client_id), ("contract", about.contract_id), ("obligation", about.obligation_id))
    for key, known in dimensions if row.standing.account not in UNDIVIDED else ():
        query |= {key: str(known)} if known else {f"{key}[isnull]": "true"}
    return f"{reverse('ledger:lines')}?{urlencode(query)}"
