"""What figures of invoices and payments share: who may see them, of which client, and which sign an amount has."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, DecimalField, F, Q, When
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.figures import Parameters
from quoin.clients.queries import client_for
from quoin.kernel.ids import public_id
from quoin.projects.queries import VIEW as VIEW_PROJECTS

VIEW_INVOICES = permission("billing.invoice.view", _("See invoices"))
VIEW_PAYMENTS = permission("billing.payment.view", _("See payments"))
MONEY: DecimalField[Any, Any] = DecimalField(max_digits=24, decimal_places=4)


def invoice_url(invoice_id: Any) -> str:
    """Address of the invoice's page; empty where the instance has none."""
    try:
        return reverse("billing:invoice", args=[public_id("inv", invoice_id)])
    except NoReverseMatch:
        return ""


def parties(actor: Actor, asked: Parameters, link: str = "") -> Q:
    condition = Q()
    if asked.client_id is not None:
        condition &= Q(**{f"{link}client_id": client_for(actor, asked.client_id).id})
    if asked.contract_id is not None:
        condition &= Q(**{f"{link}contract_id": asked.contract_id})
    if asked.entity_id is not None:
        condition &= Q(**{f"{link}entity_id": asked.entity_id})
    return condition


def sees_all(actor: Actor) -> bool:
    return actor.scope(VIEW_PROJECTS) is Scope.ALL


def near(actor: Actor, permission_name: str, project: str = "project") -> Q | None:
    """Lines that are seen one by one: all, or those of projects that the actor runs."""
    if actor.scope(permission_name) is Scope.ALL:
        return None
    return Q(**{f"{project}__manager_id": actor.person_id}) if actor.person_id else Q(pk__in=())


def signed(field: str, kind: str) -> Any:
    """A credit note takes back what it says."""
    return Case(When(**{kind: "credit_note"}, then=-F(field)), default=F(field), output_field=MONEY)
