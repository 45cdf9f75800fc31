"""Writes of field work that run inside an action."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Max

from quoin.base.actor import Actor
from quoin.base.db.context import current_tenant
from quoin.base.numbering import next_number
from quoin.field.models import (
    DeliveredUnit,
    Delivery,
    DeliveryDate,
    Equipment,
    Site,
    Visit,
    VisitCheck,
    VisitDelivery,
    VisitEquipment,
    VisitMember,
)
from quoin.field.types import DeliveryStatus, VisitStatus, WrongStep
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say
from quoin.people.models import Person
from quoin.projects.models import Project, Task
from quoin.sales.models import Milestone

_MOST_UNITS = 500
_LONGEST_VISIT = timedelta(days=14)


def site(site_id: UUID | str, *, client_id: UUID | None = None) -> Site:
    """The site, of the client if one is given; NotFound or Invalid else."""
    found = Site.objects.filter(id=site_id).first()
    if found is None:
        raise NotFound("There is no such site.")
    if client_id is not None and found.client_id != client_id:
        raise invalid(
            "/site", say("%(found)s is a site of another client. Choose one of the project's client.", found=found.name)
        )
    return found


def task_of(project: Project, task_id: UUID | str | None) -> UUID | None:
    """The task's id if it is one of the project's."""
    if not task_id:
        return None
    found = Task.objects.filter(id=task_id, project=project).values_list("id", flat=True).first()
    if found is None:
        raise invalid("/task", "The task is not one of the project's.")
    return found


def milestone_of(found: Delivery, milestone_id: UUID | str | None) -> UUID | None:
    """The milestone's id if it is one of the project's contract; what is accepted keeps the one it has."""
    wanted = UUID(str(milestone_id)) if milestone_id else None
    if wanted == found.milestone_id:
        return wanted
    if found.status == DeliveryStatus.ACCEPTED:
        raise WrongStep("The goods are accepted. Withdraw the certificate before what hangs on it changes.")
    if wanted is None:
        return None
    row = Milestone.objects.filter(id=wanted, contract=found.project.contract_id, reached_on=None).first()
    if row is None:
        raise invalid("/milestone", "Choose a milestone of the project's contract that is not reached yet.")
    return row.id


def project(project_id: UUID | str) -> Project:
    found = Project.objects.filter(id=project_id).first()
    if found is None:
        raise NotFound("There is no such project.")
    return found


def delivery(delivery_id: UUID | str) -> Delivery:
    """The delivery, locked."""
    found = Delivery.objects.select_for_update(of=("self",)).filter(id=delivery_id).first()
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


def visit(visit_id: UUID | str, *, version: int | None = None) -> Visit:
    """The visit, locked; WrongStep if it is not the version that the caller knows."""
    found = Visit.objects.select_for_update(of=("self",)).filter(id=visit_id).first()
    if found is None:
        raise NotFound("There is no such visit.")
    if version is not None and found.version != version:
        raise WrongStep("The visit was changed meanwhile. Look at it again, then repeat what you did.")
    return found


def next_delivery_number(found: Project) -> int:
    # The project's row serialises the numbering of its deliveries.
    Project.objects.select_for_update(of=("self",)).filter(id=found.id).first()
    last = Delivery.objects.filter(project=found).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def say_date(actor: Actor, found: Delivery, expected_on: date | None, reason: str) -> None:
    """A new expected day with its reason; the first one is also the promise."""
    DeliveryDate.objects.create(
        delivery=found, was_on=found.expected_on, expected_on=expected_on, reason=reason, said_at=actor.now
    )
    found.expected_on = expected_on
    if found.promised_on is None:
        found.promised_on = expected_on


def add_units(found: Delivery, serial_numbers: Iterable[str]) -> int:
    """The serial numbers, each once; how many are new."""
    wanted = list(dict.fromkeys(filter(None, (number.strip() for number in serial_numbers))))
    if len(wanted) > _MOST_UNITS:
        raise invalid(
            "/serial_numbers", say("Give at most %(most_units)s serial numbers at a time.", most_units=_MOST_UNITS)
        )
    known = set(DeliveredUnit.objects.filter(delivery=found).values_list("serial_number", flat=True))
    fresh = [number for number in wanted if number not in known]
    DeliveredUnit.objects.bulk_create([DeliveredUnit(delivery=found, serial_number=number) for number in fresh])
    return len(fresh)


def next_visit_number() -> int:
    return next_number("visit")


def set_time(found: Visit, starts_at: datetime | None, ends_at: datetime | None, travel_minutes: int) -> None:
    """The hours of a visit; Invalid if they make no sense."""
    if (starts_at is None) != (ends_at is None):
        raise invalid("/ends_at", "Give both the start and the end, or neither.", code="required")
    if starts_at is not None and ends_at is not None:
        if starts_at.tzinfo is None or ends_at.tzinfo is None:
            raise invalid("/starts_at", "Times need a zone, for example 2026-05-06T08:00:00+02:00.")
        if ends_at <= starts_at:
            raise invalid("/ends_at", "The end must be after the start.")
        if ends_at - starts_at > _LONGEST_VISIT:
            raise invalid("/ends_at", "A visit lasts two weeks at most. Plan several.")
    if not 0 <= travel_minutes <= 24 * 60:
        raise invalid("/travel_minutes", "Travel takes between 0 and 1,440 minutes.")
    found.starts_at, found.ends_at, found.travel_minutes = starts_at, ends_at, travel_minutes


def set_crew(found: Visit, people: Iterable[UUID | str], lead_id: UUID | str | None) -> None:
    """The crew as given; those who were there and are not named any more leave."""
    wanted = list(dict.fromkeys(UUID(str(one)) for one in people))
    known = set(Person.objects.filter(id__in=wanted).values_list("id", flat=True))
    if missing := [one for one in wanted if one not in known]:
        raise invalid("/crew", say("There is no such person: %(missing)s.", missing=missing[0]))
    lead = UUID(str(lead_id)) if lead_id else (wanted[0] if wanted else None)
    if lead is not None and lead not in wanted:
        raise invalid("/lead", "The one who leads the visit must be of its crew.")
    VisitMember.objects.filter(visit=found).delete()
    if found.starts_at is None or found.ends_at is None:
        if wanted:
            raise invalid("/starts_at", "Say when the visit is before you choose its crew.", code="required")
        return
    VisitMember.objects.bulk_create(
        [
            VisitMember(
                visit=found, person_id=one, is_lead=one == lead, begins_at=found.starts_at, ends_at=found.ends_at
            )
            for one in sorted(wanted)
        ]
    )


def set_equipment(found: Visit, equipment: Iterable[UUID | str]) -> None:
    """The shared things as given."""
    wanted = sorted({UUID(str(one)) for one in equipment})
    known = set(Equipment.objects.filter(id__in=wanted, is_active=True).values_list("id", flat=True))
    if missing := [one for one in wanted if one not in known]:
        raise invalid("/equipment", say("There is no such equipment in use: %(missing)s.", missing=missing[0]))
    VisitEquipment.objects.filter(visit=found).delete()
    if not wanted:
        return
    if found.starts_at is None or found.ends_at is None:
        raise invalid("/starts_at", "Say when the visit is before you take equipment.", code="required")
    VisitEquipment.objects.bulk_create(
        [
            VisitEquipment(visit=found, equipment_id=one, begins_at=found.starts_at, ends_at=found.ends_at)
            for one in wanted
        ]
    )


def set_deliveries(found: Visit, deliveries: Iterable[UUID | str]) -> None:
    """The goods that the visit is to install, of the same project."""
    wanted = sorted({UUID(str(one)) for one in deliveries})
    known = set(Delivery.objects.filter(id__in=wanted, project=found.project_id).values_list("id", flat=True))
    if missing := [one for one in wanted if one not in known]:
        raise invalid("/deliveries", say("The project has no such delivery: %(missing)s.", missing=missing[0]))
    VisitDelivery.objects.filter(visit=found).delete()
    VisitDelivery.objects.bulk_create([VisitDelivery(visit=found, delivery_id=one) for one in wanted])


def set_checklist(found: Visit, lines: Iterable[tuple[str, bool]]) -> None:
    """The lines of the checklist: text, and whether it needs a photo. Answers that were given stay refused."""
    if VisitCheck.objects.filter(visit=found).exclude(state="open").exists():
        raise WrongStep("The checklist is being answered. Add what is missing to the report.")
    VisitCheck.objects.filter(visit=found).delete()
    kept = [(" ".join(text.split()), photo) for text, photo in lines if text.strip()]
    VisitCheck.objects.bulk_create(
        [
            VisitCheck(visit=found, position=number, text=text, needs_photo=photo)
            for number, (text, photo) in enumerate(kept, start=1)
        ]
    )


def move_holds(found: Visit) -> None:
    """Bring the crew's and the equipment's hours in step with the visit; firm once it is published.

    All rows of a kind change in one statement, in the order of their keys: two planners who exchange crews wait for
    each other instead of locking each other out.
    """
    if found.starts_at is None or found.ends_at is None:
        VisitMember.objects.filter(visit=found).delete()
        VisitEquipment.objects.filter(visit=found).delete()
        return
    is_firm = VisitStatus(found.status) in {
        VisitStatus.PUBLISHED, VisitStatus.TRAVELLING, VisitStatus.ON_SITE, VisitStatus.DONE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for table in ("field_visitmember", "field_visitequipment"):
            cursor.execute(
                f"UPDATE {table} SET begins_at = %s, ends_at = %s, is_firm = %s WHERE tenant_id = %s AND visit_id = %s",
                [found.starts_at, found.ends_at, is_firm, current_tenant(), found.id],
            )


def save_visit(found: Visit) -> None:
    """Write the visit as its next version."""
    found.version += 1
    found.save()
