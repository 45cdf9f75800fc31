"""From a visit to the timesheets of its crew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.field import services
from quoin.field.models import Visit, VisitMember
from quoin.field.types import VisitStatus, WrongStep
from quoin.kernel.errors import Conflict, DomainError, NotFound
from quoin.kernel.words import say
from quoin.projects.queries import project_for
from quoin.timesheets.queries.facts import person_facts
from quoin.timesheets.services.entries import NewTime, add_entry
from quoin.timesheets.types import RowKey

_AROUND = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Who has the hours on their timesheet, and who could not take them, with the reason."""

    people: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


@action("field.visit.record_time", label=_("Record a visit's time"))
def record_time(actor: Actor, *, visit_id: UUID | str) -> Recorded:
    """Travel and work of a visit as time entries of each of its crew, once.

    Who cannot take them (a week that is handed in, a full day) is named with the reason; called again once that is
    settled, it records the missing ones only. Nothing is recorded where nobody can take the hours.
    """
    found = services.visit(visit_id)
    project_for(actor, found.project_id)
    if found.status != VisitStatus.DONE:
        raise WrongStep("The visit is not finished yet.")
    if found.time_recorded_at is not None:
        raise WrongStep("The hours of this visit are on the timesheets already.")
    done, refused = [], []
    for member in (
        VisitMember.objects.select_related("person").filter(visit=found, recorded_at=None).order_by("person_id")
    ):
        try:
            with transaction.atomic():
                _record(actor, found, member)
        except DomainError as error:
            refused.append((member.person.name, error.detail))
        else:
            done.append(member.person.name)
    if not done:
        reasons = "; ".join(f"{name}: {why}" for name, why in refused) or say("Nobody was on the crew.")
        raise Conflict(say("The hours cannot be recorded. %(reasons)s", reasons=reasons))
    if not refused:
        found.time_recorded_at = actor.now
    services.save_visit(found)
    touch(found.public_id)
    emit(
        actor, "field.visit.recorded", running_action_id(), visit_id=found.id, project_id=found.project_id,
        people=len(done), refused=len(refused),
    )  # fmt: skip
    return Recorded(tuple(done), tuple(refused))


def _record(actor: Actor, found: Visit, member: VisitMember) -> None:
    if found.work_began_at is None or found.work_ended_at is None:
        raise NotFound("The visit has no times of work.")
    if found.travel_began_at is not None and found.travel_began_at < found.work_began_at:
        _add(actor, (found, member), _t("travel"), (found.travel_began_at, found.work_began_at))
    _add(actor, (found, member), _t("work"), (found.work_began_at, found.work_ended_at))
    member.recorded_at = actor.now
    member.save(update_fields=["recorded_at"])


def _add(actor: Actor, of: tuple[Visit, VisitMember], what: str, span: tuple[datetime, datetime]) -> None:
    found, member = of
    day = span[0].date()
    person = person_facts(actor, member.person_id, since=day - _AROUND, until=day + _AROUND)
    if person is None:
        raise NotFound("There is no such person.")
    note = _t("Visit %(number)d, %(what)s: %(title)s") % {"number": found.number, "what": what, "title": found.title}
    row = RowKey(found.project_id, found.task_id)
    add_entry(actor, person, NewTime(row=row, started_at=span[0], ended_at=span[1], note=note, source="visit"))
