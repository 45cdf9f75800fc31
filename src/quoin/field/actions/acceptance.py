"""Acceptance certificates: issued with the client's word, withdrawn with a reason, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.files.keep import keep_file
from quoin.base.files.models import StoredFile
from quoin.field import services
from quoin.field.models import Acceptance, Delivery, Visit, VisitDelivery
from quoin.field.rules.steps import next_delivery_statuses
from quoin.field.services import accepting
from quoin.field.services.accepting import Word
from quoin.field.types import DeliveryStatus, WrongStep
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say
from quoin.projects.queries import project_for

_SIGNATURE_BYTES = 1024 * 1024


@action("field.acceptance.issue", label=_("Have goods accepted by the client"))
def issue_acceptance(
    actor: Actor,
    *,
    delivery_id: UUID | str,
    accepted_by: str = "",
    on: date | str | None = None,
    unit_ids: Iterable[UUID | str] = (),
    remarks: str = "",
    signature: bytes | None = None,
    visit_id: UUID | str | None = None,
) -> Acceptance:
    """A certificate for the units that are named, or for all that are left.

    The client's word is typed or drawn here, or taken from a visit that installed the goods and was signed.
    """
    found = services.delivery(delivery_id)
    project_for(actor, found.project_id)
    if DeliveryStatus.ACCEPTED not in next_delivery_statuses(DeliveryStatus(found.status)):
        raise WrongStep("Goods are accepted once they are installed.")
    word = _from_visit(actor, found, visit_id, remarks) if visit_id else _typed(actor, accepted_by, on, remarks)
    if signature:
        word = replace(word, signature=_kept(actor, signature))
    units = accepting.units_to_accept(found, [UUID(str(one)) for one in unit_ids])
    made = accepting.issue_certificate(actor, found, units, word)
    accepting.settle(actor, found, word)
    touch(made.public_id)
    undo_with("field.acceptance.withdraw", acceptance_id=made.id, reason="Issued by mistake")
    emit(
        actor, "field.acceptance.issued", running_action_id(), acceptance_id=made.id, delivery_id=found.id,
        project_id=found.project_id, sha256=made.sha256,
    )  # fmt: skip
    return made


@action("field.acceptance.withdraw", label=_("Withdraw an acceptance certificate"))
def withdraw_acceptance(actor: Actor, *, acceptance_id: UUID | str, reason: str) -> Acceptance:
    """The units are not accepted any more, and what fell due is open again; the certificate stays readable."""
    made = Acceptance.objects.filter(id=acceptance_id).first()
    if made is None:
        raise NotFound("There is no such certificate.")
    found = services.delivery(made.delivery_id)
    project_for(actor, found.project_id)
    if not reason.strip():
        raise invalid("/reason", "Say why the certificate is withdrawn.", code="required")
    accepting.withdraw(actor, made, found, reason.strip())
    touch(made.public_id, reason=reason)
    emit(
        actor, "field.acceptance.withdrawn", running_action_id(), acceptance_id=made.id, delivery_id=found.id,
        project_id=found.project_id,
    )  # fmt: skip
    return made


def _typed(actor: Actor, accepted_by: str, on: date | str | None, remarks: str) -> Word:
    day = (date.fromisoformat(on) if isinstance(on, str) and on else on) or actor.today
    assert isinstance(day, date)
    if day > actor.today:
        raise invalid("/on", "The day lies ahead. Goods are accepted today or earlier.")
    name = " ".join(accepted_by.split())
    if not name:
        raise invalid("/accepted_by", "Say who of the client accepted the goods.", code="required")
    return Word(accepted_on=day, accepted_by=name, remarks=remarks.strip())


def _from_visit(actor: Actor, found: Delivery, visit_id: UUID | str, remarks: str) -> Word:
    visit = Visit.objects.filter(id=visit_id, project=found.project_id).first()
    if visit is None or not VisitDelivery.objects.filter(visit=visit, delivery=found).exists():
        raise invalid("/visit", "Choose a visit that installed these goods.")
    if visit.signed_at is None:
        raise WrongStep("The client has not signed that visit.")
    picture = StoredFile.objects.filter(id=visit.signature_id).first() if visit.signature_id else None
    day = visit.signed_at.astimezone(ZoneInfo(actor.zone)).date()
    return Word(accepted_on=day, accepted_by=visit.signed_by, remarks=remarks.strip(), signature=picture)


def _kept(actor: Actor, signature: bytes) -> StoredFile:
    return keep_file(
        actor, name="signature.png", content=signature, field="/signature", what=say("The signature"),
        most_bytes=_SIGNATURE_BYTES, pictures_only=True,
    )  # fmt: skip
