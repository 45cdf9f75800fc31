"""Leave, skills, bookings and requests of the near and the far people of a proof's firm."""

from __future__ import annotations

from datetime import date
from typing import Any

from quoin.people.models import (
    Absence,
    CalendarDay,
    Certificate,
    PersonCertificate,
    PersonSkill,
    Skill,
    WorkCalendar,
)
from quoin.resourcing.models import Booking, Demand, Feed, Override, Preference, Proposal
from quoin.resourcing.services.bookings import add_bookings

STARTS_ON, ENDS_ON = date(2026, 5, 11), date(2026, 5, 15)
DIFFERS_ON = date(2026, 5, 5)


def staff(estate: Any) -> None:
    """One of each for the near and the far person, and what belongs to the whole firm."""
    skill = Skill.objects.create(name=f"{estate.sign}skill", levels=["0", "1", "2", "3", "4", "5"])
    certificate = Certificate.objects.create(name=f"{estate.sign}certificate")
    calendar = WorkCalendar.objects.create(name=f"{estate.sign}calendar", week=[[]] * 7, weekday_minutes=[480] * 7)
    CalendarDay.objects.create(calendar=calendar, day_on=DIFFERS_ON, label=f"{estate.sign}day")
    for number, (place, ids) in enumerate((("near", estate.near), ("far", estate.far)), 1):
        said, booked, now = estate.mark(place, "leave"), estate.mark(place, "booking"), estate.world.actor.now
        common = {"person_id": ids["per"]}
        Absence.objects.create(
            **common, kind="vacation", starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 7), note=said, requested_at=now
        )
        PersonSkill.objects.create(**common, skill=skill, level=3, stated_on=DIFFERS_ON)
        PersonCertificate.objects.create(**common, certificate=certificate, issued_on=DIFFERS_ON, number=said)
        preference = Preference.objects.create(**common, place=f"{said} place")
        Override.objects.create(
            **common, day_on=DIFFERS_ON, minutes=30, reason=booked, approved_by=estate.world.boss, approved_at=now
        )
        demand = Demand.objects.create(
            number=number, project_id=ids["prj"], title=booked, starts_on=STARTS_ON, ends_on=ENDS_ON, percent=50,
            asked_by_id=ids["per"], asked_at=now,
        )  # fmt: skip
        proposal = Proposal.objects.create(demand=demand, person_id=ids["per"], note=booked, proposed_at=now)
        (booking,) = add_bookings(
            [
                Booking(
                    **common, project_id=ids["prj"], starts_on=STARTS_ON, ends_on=ENDS_ON, effort="percent", amount=50,
                    note=booked, booked_at=now,
                )
            ]
        )  # fmt: skip
        ids.update({"req": demand.id, "prp": proposal.id, "bok": booking.id, "prf": preference.id})
    member = estate.members["everything"]
    Feed.objects.create(
        name=f"{estate.sign}feed", kind="person", subject_id=estate.near["per"], digest=f"{estate.sign:0<64.64}",
        membership_id=member.membership_id, created_at=estate.world.actor.now,
    )  # fmt: skip
