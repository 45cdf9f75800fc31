"""Invoices as a tab of clients and projects, under the header of the thing that they belong to."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond, tabs
from quoin.billing.queries import invoices as queries
from quoin.billing.queries.links import project_for_tab
from quoin.clients.queries import client_for
from quoin.kernel.money import Money


@page(queries.VIEW)
def client_tab(request: ActorRequest, pk: str) -> HttpResponse:
    client = client_for(request.actor, object_id("cli", pk))
    rows = queries.visible_invoices(request.actor).filter(client_id=client.id)
    header = {
        "title": client.name, "area": _("Clients"), "number_text": client.number,
        "crumbs": ((_("Clients"), reverse("clients:clients")),),
        "tabs": tabs.links("client", request.actor, current="invoices", arguments={"pk": pk}),
    }  # fmt: skip
    return _tab(request, rows, header)


@page(queries.VIEW)
def project_tab(request: ActorRequest, number: str) -> HttpResponse:
    project = project_for_tab(request.actor, number)
    rows = queries.visible_invoices(request.actor).filter(id__in=queries.invoice_ids_of_project(project.id))
    header = {
        "title": project.name, "area": _("Projects"), "number_text": project.number,
        "crumbs": ((_("Projects"), reverse("projects:projects")),),
        "tabs": tabs.links("project", request.actor, current="invoices", arguments={"number": number}),
    }  # fmt: skip
    return _tab(request, rows, header)


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
