"""Invoices as a tab of clients and projects, under the header of the thing that they belong to."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.billing.queries import invoices as queries
from quoin.billing.queries.links import project_for_tab
from quoin.clients.queries import client_for
from quoin.clients.queries.frame import client_frame
from quoin.kernel.money import Money
from quoin.projects.queries.frame import project_frame


@page(queries.VIEW)
def client_tab(request: ActorRequest, pk: str) -> HttpResponse:
    client = client_for(request.actor, object_id("cli", pk))
    rows = queries.visible_invoices(request.actor).filter(client_id=client.id)
    return _tab(request, rows, client_frame(request.actor, client, current="invoices"))


@page(queries.VIEW)
def project_tab(request: ActorRequest, number: str) -> HttpResponse:
    project = project_for_tab(request.actor, number)
    rows = queries.visible_invoices(request.actor).filter(id__in=queries.invoice_ids_of_project(project.id))
    return _tab(request, rows, project_frame(request.actor, project, current="invoices"))


def _tab(request: ActorRequest, rows: Any, header: dict[str, Any]) -> HttpResponse:
    listed = rows.order_by("-issue_on", "-sequence")[:200]
    found = [
        (
            row, queries.STATUSES[row.state], Money(row.gross_amount, row.currency).round(),
            Money(row.open_shown, row.currency).round(),
        )
        for row in listed
    ]  # fmt: skip
    return respond.page(request, "billing/tab.html", {**header, "rows": found})
