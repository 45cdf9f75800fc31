"""Change orders: drafted with their lines, sent, answered, applied as a whole, taken back as a whole."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.files.keep import keep_file
from quoin.base.mail.send import queue_mail
from quoin.base.ui import formats
from quoin.governance import services
from quoin.governance.actions.change_lines import header_values, locked_change, restate
from quoin.governance.models import ChangeLink, ChangeOrder
from quoin.governance.queries import lines_of
from quoin.governance.queries.effect import check_complete, preview_of, price_plan
from quoin.governance.services import changes as applying
from quoin.governance.types import ChangeStatus, WrongState
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money
from quoin.kernel.words import say
from quoin.projects.services.own import own_project

LIFE = timedelta(days=14)
ANSWER = "governance.change.answer"
_CREATE, _EDIT, _SEND, _WITHDRAW = (
    "governance.change.create", "governance.change.edit", "governance.change.send", "governance.change.withdraw",
)  # fmt: skip
_REOPEN, _ACCEPT, _DECLINE, _REVERSE = (
    "governance.change.reopen", "governance.change.accept", "governance.change.decline", "governance.change.reverse",
)  # fmt: skip
_SECRET_BYTES = 24
_MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sent:
    """A change order that was sent, and the client's address of it, which is known only now."""

    change: ChangeOrder
    url: str


@action(_CREATE, label=_("Write a change order"))
def create_change(actor: Actor, /, *, project_id: UUID | str, title: str, **fields: Any) -> ChangeOrder:
    """A draft with the firm's next number. It changes nothing until the client accepts it."""
    project = own_project(actor, _CREATE, project_id, "client", "contract")
    made = ChangeOrder(
        project=project, contract=project.contract, created_at=actor.now, created_by=actor.name,
        currency=project.contract.currency if project.contract else project.currency,
    )  # fmt: skip
    for name, value in header_values(made, {**fields, "title": title}).items():
        setattr(made, name, value)
    made.number = services.next_change_number()
    made.save(force_insert=True)
    touch(made.public_id)
    undo_with(_WITHDRAW, order_id=made.id)
    return made


@action(_EDIT, label=_("Edit a change order"))
def edit_change(actor: Actor, /, *, order_id: UUID | str, **fields: Any) -> ChangeOrder:
    """Title, reason, scope, budget and planned cost of a draft."""
    found = locked_change(actor, _EDIT, order_id, ChangeStatus.DRAFT)
    undo_with(_EDIT, order_id=found.id, **{name: getattr(found, name, None) for name in fields})
    values = header_values(found, fields)
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=list(values))
    touch(found.public_id)
    return found


@action(_SEND, label=_("Send a change order"))
def send_change(actor: Actor, *, order_id: UUID | str, to: str = "") -> Sent:
    """The client reads and answers it through a link, by mail if an address is given. It cannot be edited any more."""
    found = locked_change(actor, _SEND, order_id, ChangeStatus.DRAFT, ChangeStatus.SENT)
    lines = list(lines_of(found))
    check_complete(found, lines)
    price_plan(found, lines)
    preview_of(actor, found.project, lines)
    if to.strip() and "@" not in to:
        raise invalid("/to", say("%(to)s is no mail address.", to=repr(to)))
    was = found.status
    found.status, found.sent_at, found.sent_to = ChangeStatus.SENT, actor.now, to.strip()
    found.digest = applying.shown_digest(found)
    found.save(update_fields=["status", "sent_at", "sent_to", "digest"])
    ChangeLink.objects.filter(change=found, revoked_at=None).update(revoked_at=actor.now)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    ChangeLink.objects.create(
        id=uuid7(), change=found, digest=link_digest(secret), created_at=actor.now, expires_at=actor.now + LIFE
    )
    url = f"{settings.QUOIN_URL.rstrip('/')}/change/{secret}"
    if found.sent_to:
        _mail(actor, found, url)
    touch(found.public_id)
    if was == ChangeStatus.DRAFT:
        undo_with(_REOPEN, order_id=found.id)
    emit(actor, "governance.change.sent", running_action_id(), change_id=found.id, project_id=found.project_id)
    return Sent(found, url)


@action(_REOPEN, label=_("Take a sent change order back"))
def reopen_change(actor: Actor, *, order_id: UUID | str, reason: str = "") -> ChangeOrder:
    """A draft again; the client's link ends."""
    found = locked_change(actor, _REOPEN, order_id, ChangeStatus.SENT, ChangeStatus.DECLINED, ChangeStatus.WITHDRAWN)
    ChangeLink.objects.filter(change=found, revoked_at=None).update(revoked_at=actor.now)
    _clear_answer(found)
    found.status, found.sent_at, found.digest = ChangeStatus.DRAFT, None, ""
    found.save()
    touch(found.public_id, reason=reason)
    return found


@action(_WITHDRAW, label=_("Withdraw a change order"))
def withdraw_change(actor: Actor, *, order_id: UUID | str, reason: str = "") -> ChangeOrder:
    """It is not wanted any more; its number stays taken."""
    found = locked_change(actor, _WITHDRAW, order_id, ChangeStatus.DRAFT, ChangeStatus.SENT)
    ChangeLink.objects.filter(change=found, revoked_at=None).update(revoked_at=actor.now)
    found.status = ChangeStatus.WITHDRAWN
    found.save(update_fields=["status"])
    undo_with(_REOPEN, order_id=found.id)
    touch(found.public_id, reason=reason)
    return found


@action(_ACCEPT, label=_("Record that the client accepted a change order"))
def accept_change(
    actor: Actor,
    /,
    *,
    order_id: UUID | str,
    answered_by: str,
    answered_on: date | str | None = None,
    note: str = "",
    file_name: str = "",
    file_content: bytes = b"",
) -> ChangeOrder:
    """Who of the client accepted, when, with the signed paper if there is one. Applies the whole order, once."""
    found = locked_change(actor, _ACCEPT, order_id, ChangeStatus.SENT)
    if file_content:
        found.answer_file = keep_file(
            actor, name=file_name, content=file_content, field="/file", what=str(_("The acceptance")),
            most_bytes=_MOST_BYTES,
        )  # fmt: skip
    _answer(actor, found, by=answered_by, on=services.day(answered_on), note=note)
    _apply(actor, found)
    return found


@action(_DECLINE, label=_("Record that the client declined a change order"))
def decline_change(
    actor: Actor, /, *, order_id: UUID | str, answered_by: str, answered_on: date | str | None = None, note: str = ""
) -> ChangeOrder:
    """Nothing changes but the order's status."""
    found = locked_change(actor, _DECLINE, order_id, ChangeStatus.SENT)
    _answer(actor, found, by=answered_by, on=services.day(answered_on), note=note)
    _decline(actor, found)
    return found


@action(ANSWER, label=_("Answer a change order through its link"))
def answer_change(
    actor: Actor, *, order_link_id: UUID, is_accepted: bool, answered_by: str, note: str = ""
) -> ChangeOrder:
    """The client's own answer. What was shown must be what stands there."""
    link = ChangeLink.objects.filter(id=order_link_id, revoked_at=None, expires_at__gt=actor.now).first()
    if link is None:
        raise NotFound("This link has expired. Ask the sender to renew it.")
    found = ChangeOrder.objects.select_for_update(of=("self",)).get(id=link.change_id)
    if found.status != ChangeStatus.SENT:
        raise WrongState("This was answered already.")
    if found.digest != applying.shown_digest(found):
        raise WrongState("What you see is not what was sent. Ask the sender to send it again.")
    found.is_answered_online = True
    _answer(actor, found, by=answered_by, on=None, note=note)
    if is_accepted:
        _apply(actor, found)
    else:
        _decline(actor, found)
    return found


@action(_REVERSE, label=_("Take back that a change order was accepted"))
def reverse_change(actor: Actor, *, order_id: UUID | str, reason: str = "") -> ChangeOrder:
    """Price, budget, plan and requests as before; the order waits for its answer again."""
    found = locked_change(actor, _REVERSE, order_id, ChangeStatus.ACCEPTED)
    applying.take_back(actor, found)
    _clear_answer(found)
    found.status = ChangeStatus.SENT
    found.save()
    touch(found.public_id, reason=reason)
    emit(actor, "governance.change.reversed", running_action_id(), change_id=found.id, project_id=found.project_id)
    return found


def link_digest(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _answer(actor: Actor, change: ChangeOrder, *, by: str, on: date | None, note: str) -> None:
    change.answered_by = services.words(by, "answered_by", "Say who of the client answered.")
    change.answered_on = on or actor.today
    if change.answered_on > actor.today:
        raise invalid("/answered_on", "The answer was given today or earlier.")
    change.answered_at, change.answer_note = actor.now, note.strip()


def _clear_answer(change: ChangeOrder) -> None:
    change.answered_at = change.answered_on = change.answer_file = None
    change.answered_by = change.answer_note = ""
    change.is_answered_online = False


def _apply(actor: Actor, change: ChangeOrder) -> None:
    applying.apply_change(actor, change)
    change.status = ChangeStatus.ACCEPTED
    change.save()
    touch(change.public_id, reason=change.answer_note)
    undo_with(_REVERSE, order_id=change.id)
    emit(
        actor, "governance.change.accepted", running_action_id(), change_id=change.id, project_id=change.project_id,
        contract_id=change.contract_id,
    )  # fmt: skip


def _decline(actor: Actor, change: ChangeOrder) -> None:
    change.status = ChangeStatus.DECLINED
    change.save()
    undo_with(_REOPEN, order_id=change.id)
    touch(change.public_id, reason=change.answer_note)
    emit(actor, "governance.change.declined", running_action_id(), change_id=change.id, project_id=change.project_id)


def _mail(actor: Actor, change: ChangeOrder, url: str) -> None:
    restate(change)
    with translation.override(change.project.client.language):
        subject = _t("Change order %(number)s: %(title)s") % {"number": change.number, "title": change.title}
        text = _t(
            "For %(project)s we propose a change:\n\n%(title)s\n\n%(scope)s\n\nPrice: %(price)s\n\nRead and answer it"
            " here, without an account, until %(until)s:\n%(url)s\n"
        ) % {
            "project": change.project.name,
            "title": change.title,
            "scope": change.scope,
            "price": formats.money(Money(change.price_amount, change.currency).round(), change.project.client.language),
            "until": formats.day((actor.now + LIFE).date(), change.project.client.language),
            "url": url,
        }
    queue_mail(actor, to=change.sent_to, subject=subject, text=text, about=change.public_id)
