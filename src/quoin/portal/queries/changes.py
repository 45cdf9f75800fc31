"""What a client sees of a change order through a link: the words, the price, the dates. No cost, no reason of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from quoin.accounts.models import Door, Tenant
from quoin.base.actor import Actor, Scope, Source
from quoin.governance.actions.changes import ANSWER, link_digest
from quoin.governance.models import ChangeLine, ChangeLink, ChangeOrder
from quoin.governance.queries.effect import preview_of
from quoin.governance.types import ChangeStatus, LineKind
from quoin.kernel.errors import DomainError, NotFound
from quoin.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A line as the client may see it."""

    text: str
    minutes: int
    amount: Money | None
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A change order as its client may see it."""

    link_id: UUID
    number: int
    title: str
    scope: str
    seller: str
    client: str
    project: str
    language: str
    status: str
    price: Money
    lines: tuple[Proposed, ...]
    end: tuple[date, date] | None
    """When the project ends, without and with the change."""
    answered_by: str
    answered_on: date | None
    expires_at: datetime
    digest: str


def answering_actor(secret: str, *, now: datetime) -> Actor:
    """Who stands behind a link: somebody who may answer this one change order, and nothing else."""
    door = Door.objects.filter(kind="link", key=link_digest(secret)).first()
    if door is None:
        raise NotFound("This link is not valid any more. Ask the sender for a new one.")
    return Actor(
        tenant_id=door.tenant_id, grants={ANSWER: Scope.OWN}, now=now, name="Client link", source=Source.PORTAL,
    )  # fmt: skip


def offer_of(actor: Actor, secret: str) -> Offer:
    """The change order of a link that is alive; NotFound else."""
    rows = ChangeLink.objects.select_related("change__project__client", "change__contract__entity")
    link = rows.filter(digest=link_digest(secret), revoked_at=None, expires_at__gt=actor.now).first()
    if link is None:
        raise NotFound("This link has expired. Ask the sender to renew it.")
    change: ChangeOrder = link.change
    lines = list(ChangeLine.objects.select_related("task").filter(change=change).order_by("position"))
    # Whom we need for it is ours to know.
    shown = [one for one in lines if one.kind != LineKind.PEOPLE]
    return Offer(
        link_id=link.id, number=change.number, title=change.title, scope=change.scope, seller=_seller(change),
        client=change.project.client.name, project=change.project.name, language=change.project.client.language,
        status=change.status, price=Money(change.price_amount, change.currency).round(),
        lines=tuple(_proposed(one, change.currency) for one in shown),
        end=_end(actor, change, lines) if change.status == ChangeStatus.SENT else None,
        answered_by=change.answered_by, answered_on=change.answered_on, expires_at=link.expires_at,
        digest=change.digest,
    )  # fmt: skip


def _seller(change: ChangeOrder) -> str:
    if change.contract is not None:
        return str(change.contract.entity.name)
    return Tenant.objects.values_list("name", flat=True).get(id=change.tenant_id)


def _proposed(one: ChangeLine, currency: str) -> Proposed:
    text = one.text or (one.task.name if one.task else "")
    return Proposed(
        text=text, minutes=one.minutes if one.kind == LineKind.PRICE else 0,
        amount=None if one.amount is None else Money(one.amount, currency).round(), due_on=one.ends_on,
    )  # fmt: skip


def _end(actor: Actor, change: ChangeOrder, lines: list[ChangeLine]) -> tuple[date, date] | None:
    try:
        found = preview_of(actor, change.project, lines)
    except DomainError:
        # The plan has moved on; whoever answers is told when they do.
        return None
    ends = [one for one in found.effect.ends if one.project_id == change.project_id] if found else []
    return (ends[0].before.date(), ends[0].after.date()) if ends else None
