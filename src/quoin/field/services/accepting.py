"""Acceptance: the certificate that a client signs, what it makes due, and taking it back.

A part of the price that goods are tied to falls due when the last of these goods is accepted. Sales hears of it by
an event of the same transaction, and billing by sales' own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from quoin.accounts.models import LegalEntity
from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.files.models import StoredFile
from quoin.base.files.store import store_file
from quoin.base.files.typeset import PdfFailed
from quoin.base.numbering import next_number
from quoin.field.adapters.certificate import Certificate, certificate_content, certificate_pdf
from quoin.field.models import Acceptance, AcceptanceWithdrawal, AcceptedUnit, DeliveredUnit, Delivery
from quoin.field.types import DeliveryStatus, WrongStep
from quoin.kernel.errors import invalid
from quoin.kernel.period import add_months
from quoin.kernel.words import say

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What the client says: who, when, with which reservations, and the picture of their hand if there is one."""

    accepted_on: date
    accepted_by: str
    remarks: str = ""
    signature: StoredFile | None = None


def units_to_accept(found: Delivery, unit_ids: Collection[UUID]) -> list[DeliveredUnit]:
    """The units that are named, or all that are not accepted yet; in the order of their serial numbers."""
    taken = AcceptedUnit.objects.filter(delivery=found).values("unit_id")
    left = DeliveredUnit.objects.filter(delivery=found).exclude(id__in=taken)
    chosen = list(left.filter(id__in=unit_ids) if unit_ids else left)
    if len(chosen) != (len(set(unit_ids)) or len(chosen)):
        raise invalid("/units", "Choose units of this delivery that are not accepted yet.")
    if damaged := [unit for unit in chosen if unit.is_damaged]:
        raise invalid(
            "/units",
            say(
                "%(serial_number)s is damaged. Leave it out until it is put right.",
                serial_number=damaged[0].serial_number,
            ),
        )
    if not chosen and DeliveredUnit.objects.filter(delivery=found).exists():
        raise WrongStep("All units of this delivery are accepted already.")
    return sorted(chosen, key=lambda unit: unit.serial_number)


def issue_certificate(actor: Actor, found: Delivery, units: list[DeliveredUnit], word: Word) -> Acceptance:
    """Print and keep the certificate, and write its units into the installed base."""
    until = add_months(word.accepted_on, found.warranty_months) - _DAY if found.warranty_months else None
    number = next_number("acceptance")
    told = _told(found, units, word, number=number, until=until)
    try:
        printed = certificate_pdf(told, signature=_picture(word.signature))
    except PdfFailed as fault:
        if word.signature is None or fault.__cause__ is None:
            raise
        raise invalid("/signature", "The picture of the signature cannot be read. Sign again.") from fault
    stored = store_file(actor, name=f"acceptance-{number:04d}.pdf", content_type="application/pdf", content=printed)
    made = Acceptance.objects.create(
        delivery=found, number=number, accepted_on=word.accepted_on, accepted_by=word.accepted_by,
        remarks=word.remarks, signature_id=word.signature.id if word.signature else None,
        content=certificate_content(told), printed_id=stored.id, sha256=stored.sha256, issued_at=actor.now,
        issued_by_id=actor.person_id,
    )  # fmt: skip
    AcceptedUnit.objects.bulk_create(
        [
            AcceptedUnit(unit=unit, delivery=found, acceptance=made, accepted_on=word.accepted_on, warranty_until=until)
            for unit in units
        ]
    )
    return made


def settle(actor: Actor, found: Delivery, word: Word) -> None:
    """The delivery is accepted once none of its units is left, and then what hangs on it falls due."""
    taken = AcceptedUnit.objects.filter(delivery=found).values("unit_id")
    if DeliveredUnit.objects.filter(delivery=found).exclude(id__in=taken).exists():
        return
    found.status, found.accepted_on, found.accepted_by = DeliveryStatus.ACCEPTED, word.accepted_on, word.accepted_by
    found.save(update_fields=["status", "accepted_on", "accepted_by"])
    others = Delivery.objects.filter(milestone=found.milestone_id).exclude(status__in=["accepted", "cancelled"])
    if found.milestone_id is not None and not others.exists():
        emit(
            actor, "field.milestone.earned", running_action_id(), milestone_id=found.milestone_id,
            delivery_id=found.id, project_id=found.project_id, on=word.accepted_on,
        )  # fmt: skip


def withdraw(actor: Actor, made: Acceptance, found: Delivery, reason: str) -> None:
    """The certificate stays and does not count any more; refused by billing where its part of the price is billed."""
    if AcceptanceWithdrawal.objects.filter(acceptance=made).exists():
        raise WrongStep(say("Certificate A-%(number)s was withdrawn already.", number=f"{made.number:04d}"))
    AcceptanceWithdrawal.objects.create(
        acceptance=made, reason=reason, withdrawn_at=actor.now, withdrawn_by_id=actor.person_id
    )
    AcceptedUnit.objects.filter(acceptance=made).delete()
    if found.status != DeliveryStatus.ACCEPTED:
        return
    found.status, found.accepted_on, found.accepted_by = DeliveryStatus.INSTALLED, None, ""
    found.save(update_fields=["status", "accepted_on", "accepted_by"])
    if found.milestone_id is not None:
        emit(
            actor, "field.milestone.lost", running_action_id(), milestone_id=found.milestone_id,
            delivery_id=found.id, project_id=found.project_id,
        )  # fmt: skip


def valid_acceptance(found: Delivery) -> Acceptance | None:
    """A certificate of the delivery that counts."""
    gone = AcceptanceWithdrawal.objects.values("acceptance_id")
    return Acceptance.objects.filter(delivery=found).exclude(id__in=gone).order_by("-number").first()


def _told(
    found: Delivery, units: list[DeliveredUnit], word: Word, *, number: int, until: date | None
) -> Certificate:  # fmt: skip
    project, client, site = found.project, found.project.client, found.site
    contract = project.contract
    firm = contract.entity if contract else LegalEntity.objects.order_by("code").first()
    place = ", ".join(filter(None, (site.name, site.street, f"{site.postal_code} {site.city}".strip()))) if site else ""
    return Certificate(
        number=number, language=client.language, firm=firm.name if firm else "",
        client=client.legal_name or client.name,
        project=f"{project.number} · {project.name}", site=place, item=found.item, supplier=found.supplier,
        quantity=f"{found.quantity.normalize():f} {found.unit}", accepted_on=word.accepted_on,
        accepted_by=word.accepted_by, remarks=word.remarks,
        units=tuple((unit.serial_number, until) for unit in units),
    )  # fmt: skip


def _picture(stored: StoredFile | None) -> tuple[str, bytes] | None:
    return (stored.content_type, bytes(stored.content)) if stored else None
