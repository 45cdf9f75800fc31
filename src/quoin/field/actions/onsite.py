"""A visit from the crew's side: set out, begin, answer the checklist, finish, have it signed.

A phone may have been offline: each command takes the moment it happened (`at`), and saying the same thing twice
changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch
from quoin.base.actor import Actor, Scope
from quoin.base.events import emit
from quoin.base.files.keep import keep_file
from quoin.field import services
from quoin.field.models import Visit, VisitCheck, VisitMember, VisitPart
from quoin.field.queries import WORK
from quoin.field.rules.steps import next_visit_statuses
from quoin.field.types import CheckState, VisitStatus, WrongStep
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.words import Sentence, say
from quoin.projects.queries import project_for

_PHOTO_BYTES = 15 * 1024 * 1024
_SIGNATURE_BYTES = 1024 * 1024
_CLOCK_SLACK = timedelta(minutes=10)
"""A phone's clock may be ahead of ours by so much."""
_STARTS = {"travel": VisitStatus.TRAVELLING, "work": VisitStatus.ON_SITE}


@action("field.visit.start", label=_("Set out for a visit, or begin its work"))
def start_visit(actor: Actor, /, *, visit_id: UUID | str, kind: str, at: datetime | str | None = None) -> Visit:
    """`kind` is travel or work. A second start of the same kind changes nothing."""
    found = _my_visit(actor, visit_id)
    if kind not in _STARTS:
        raise invalid("/kind", "Say travel or work.")
    moment = _moment(actor, at)
    field = "travel_began_at" if kind == "travel" else "work_began_at"
    if getattr(found, field) is not None:
        return found
    _step(found, _STARTS[kind])
    setattr(found, field, moment)
    return _saved(found)


@action("field.check.answer", label=_("Answer a line of a checklist"))
def answer_check(
    actor: Actor,
    /,
    *,
    check_id: UUID | str,
    state: str,
    note: str = "",
    photo: tuple[str, bytes] | None = None,
    at: datetime | str | None = None,
) -> VisitCheck:
    """done, failed (with what is wrong), n_a, or open again. A later answer wins; an earlier one is dropped."""
    line = VisitCheck.objects.select_for_update(of=("self",)).filter(id=check_id).first()
    if line is None:
        raise NotFound("There is no such line.")
    found = _my_visit(actor, line.visit_id)
    if found.signed_at is not None:
        raise WrongStep("The visit is signed. What comes after belongs to another visit.")
    moment = _moment(actor, at)
    if line.answered_at is not None and moment < line.answered_at:
        return line
    try:
        line.state = CheckState(state)
    except ValueError as error:
        raise invalid("/state", "The answer is done, failed, n_a or open.") from error
    if photo is not None:
        name, content = photo
        line.photo_id = keep_file(
            actor, name=name, content=content, field="/photo", what=say("The photo"), most_bytes=_PHOTO_BYTES,
            pictures_only=True,
        ).id  # fmt: skip
    line.note, line.answered_at, line.answered_by_id = note.strip(), moment, actor.person_id
    line.save()
    touch(found.public_id)
    return line


@action("field.part.use", label=_("Record a part that was used"))
def use_part(
    actor: Actor,
    /,
    *,
    visit_id: UUID | str,
    name: str,
    quantity: Decimal | str | int = 1,
    unit: str = "pcs",
    serial_number: str = "",
    part_id: UUID | str | None = None,
) -> VisitPart:
    """A part that was used. `part_id` is made by a phone, so that sending it twice records it once."""
    found = _my_visit(actor, visit_id)
    if found.signed_at is not None:
        raise WrongStep("The visit is signed. What comes after belongs to another visit.")
    amount = Decimal(str(quantity))
    if not name.strip():
        raise invalid("/name", "Say which part was used.", code="required")
    if not amount.is_finite() or amount <= 0:
        raise invalid("/quantity", "The quantity must be more than zero.")
    chosen = UUID(str(part_id)) if part_id else uuid7()
    if known := VisitPart.objects.filter(id=chosen, visit=found).first():
        return known
    touch(found.public_id)
    return VisitPart.objects.create(
        id=chosen, visit=found, name=name.strip(), quantity=amount, unit=unit.strip(),
        serial_number=serial_number.strip(),
    )  # fmt: skip


@action("field.visit.finish", label=_("Finish a visit"))
def finish_visit(actor: Actor, /, *, visit_id: UUID | str, report: str = "", at: datetime | str | None = None) -> Visit:
    """The work is over. Required lines of the checklist must have an answer."""
    found = _my_visit(actor, visit_id)
    if found.status == VisitStatus.DONE:
        return found
    open_lines = VisitCheck.objects.filter(visit=found, state="open", is_required=True).order_by("position")
    if first := open_lines.first():
        raise invalid(
            "/checklist",
            say("Answer line %(position)s first: %(text)s", position=first.position, text=first.text),
            code="required",
        )
    moment = _moment(actor, at)
    _step(found, VisitStatus.DONE)
    assert found.work_began_at is not None
    if moment <= found.work_began_at:
        raise invalid("/at", "The work cannot end before it began.")
    found.work_ended_at, found.report = moment, report.strip() or found.report
    saved = _saved(found)
    emit(actor, "field.visit.finished", running_action_id(), visit_id=found.id, project_id=found.project_id)
    return saved


@action("field.visit.sign", label=_("Have a visit signed by the client"))
def sign_visit(
    actor: Actor,
    /,
    *,
    visit_id: UUID | str,
    signed_by: str,
    signature: bytes | None = None,
    at: datetime | str | None = None,
) -> Visit:
    """The client's name, and their hand as a picture where the phone took one."""
    found = _my_visit(actor, visit_id)
    if found.signed_at is not None:
        return found
    if found.status != VisitStatus.DONE:
        raise WrongStep("Finish the visit before it is signed.")
    if not signed_by.strip():
        raise invalid("/signed_by", "Say who signs for the client.", code="required")
    if signature:
        found.signature_id = keep_file(
            actor, name="signature.png", content=signature, field="/signature", what=say("The signature"),
            most_bytes=_SIGNATURE_BYTES, pictures_only=True,
        ).id  # fmt: skip
    found.signed_by, found.signed_at = signed_by.strip(), _moment(actor, at)
    saved = _saved(found)
    emit(actor, "field.visit.signed", running_action_id(), visit_id=found.id, project_id=found.project_id)
    return saved


def _my_visit(actor: Actor, visit_id: UUID | str) -> Visit:
    """The visit, locked; of whose crew the actor is, or whose project they reach with more than their own scope."""
    found = services.visit(visit_id)
    if VisitMember.objects.filter(visit=found, person=actor.person_id).exists():
        return found
    if actor.scope(WORK) in {Scope.ALL, Scope.TEAM}:
        project_for(actor, found.project_id)
        return found
    raise NotFound("There is no such visit.")


def _step(found: Visit, status: VisitStatus) -> None:
    if status not in next_visit_statuses(VisitStatus(found.status)):
        raise WrongStep(
            say(
                "A visit that is %(state)s cannot become %(status)s.",
                state=Sentence(found.status.replace("_", " ")),
                status=Sentence(status.value),
            )
        )
    found.status = status


def _saved(found: Visit) -> Visit:
    services.save_visit(found)
    touch(found.public_id)
    return found


def _moment(actor: Actor, at: datetime | str | None) -> datetime:
    moment = datetime.fromisoformat(at) if isinstance(at, str) and at else (at or actor.now)
    assert isinstance(moment, datetime)
    if moment.tzinfo is None:
        raise invalid("/at", "Times need a zone, for example 2026-05-06T08:00:00+02:00.")
    if moment > actor.now + _CLOCK_SLACK:
        raise invalid("/at", "That moment lies ahead. Check the clock of the phone.")
    return moment
