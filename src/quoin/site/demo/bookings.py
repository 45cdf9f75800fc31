"""Who is where in the coming weeks at Halden: calendars, leave, skills, certificates, bookings and open requests.

Everything hangs on today: Ana is at 131 % in the week after next, and a technician's crane licence ends while the
press line is being installed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch
from quoin.base.actor import Actor
from quoin.kernel.ids import uuid7
from quoin.kernel.period import Period
from quoin.people.actions.absences import request_absence
from quoin.people.actions.calendars import create_calendar
from quoin.people.actions.skills import LEVELS, create_certificate, require_certificates
from quoin.people.models import (
    Absence,
    Allowance,
    Certificate,
    Person,
    PersonCertificate,
    PersonSkill,
    Skill,
)
from quoin.projects.models import Project, ProjectMember
from quoin.resourcing.actions.demands import create_demand, propose
from quoin.resourcing.models import Booking, Override
from quoin.resourcing.services.bookings import add_bookings
from quoin.site.demo.chance import Chance
from quoin.site.demo.people import Somebody, Staff

_CALENDARS = (
    ("digital", "Hamburg", "DE", "HH"), ("installations", "North Rhine-Westphalia", "DE", "NW"),
    ("managed", "England", "GB", "ENG"),
)  # fmt: skip
_SKILLS = {
    "digital": ("SAP MM", "SAP FI", "S/4 migration", "Data migration", "Project management", "Integration"),
    "installations": ("Mechanics", "Hydraulics", "Electrics", "Press lines", "Crane work", "Start-up"),
    "managed": ("Linux", "Windows Server", "Networks", "Microsoft 365", "Backup", "Security"),
}
_CRANE, _ELECTRIC = "Crane licence", "Electrical safety"
_CERTIFICATES = ((_CRANE, "TÜV", 24), (_ELECTRIC, "VDE", 12), ("S/4HANA associate", "SAP", None))
_LANGUAGES = {"digital": ["de", "en"], "installations": ["de"], "managed": ["en"]}
_PLACES = {"digital": "Hamburg", "installations": "Dortmund", "managed": "Leeds"}
_FIRM_WEEKS, _TENTATIVE_WEEKS = 6, 4
_YEAR_DAYS = Decimal(28)
_WANTED = (
    ("SAP consultant", "consultant", "SAP MM", 80, 2, 4),
    ("Data migration", "senior", "Data migration", 60, 3, 6),
    ("Start-up technician", "technician", "Start-up", 100, 2, 3),
    ("Engineer for onboarding", "engineer", "Linux", 50, 5, 8),
)
"""Title, job, skill, per cent, weeks from now, weeks it lasts. The last is a placeholder."""


def book_demo(actor: Actor, staff: Staff, chance: Chance) -> None:
    """Calendars to requests; the actor is the firm itself, at the present moment."""
    manager = staff.with_job("resource_manager")[0]
    as_manager = staff.actor(manager).at(actor.now)
    for number, (unit, name, country, region) in enumerate(_CALENDARS):
        calendar = create_calendar(as_manager, name=name, country=country, subdivision=region, is_default=number == 0)
        ids = [one.id for one in staff.of(unit) if one.id is not None]
        place_people(as_manager, calendar_id=calendar.id, unit=unit, people=ids)
    certificates = [create_certificate(as_manager, name=n, issuer=i, valid_months=m) for n, i, m in _CERTIFICATES]
    require_certificates(as_manager, job_role_id=staff.job_ids["lead_technician"], certificate_ids=[certificates[0].id])
    here = {
        one.id: one for one in staff.everybody if one.left_on is None and one.id is not None and one.id != manager.id
    }
    teach(as_manager, people=[(key, one.unit, one.job.key) for key, one in here.items()], chance=chance)
    send_on_leave(as_manager, people=list(here), chance=chance)
    _ask_for_leave(staff, list(here.items()), as_manager)
    book(as_manager, people=[(key, one.job.load) for key, one in here.items()], chance=chance)
    _ask_for_people(as_manager, staff)


@action("site.demo.place", label=_("Give people of the demo company their calendar"))
def place_people(_actor: Actor, *, calendar_id: UUID, unit: str, people: Sequence[UUID]) -> None:
    Person.objects.filter(id__in=people).update(
        calendar_id=calendar_id, place=_PLACES.get(unit, ""), languages=_LANGUAGES.get(unit, [])
    )
    touch(unit)


@action("site.demo.teach", label=_("Give people of the demo company skills and certificates"))
def teach(actor: Actor, *, people: Sequence[tuple[UUID, str, str]], chance: Chance) -> None:
    """Two to four skills of the unit each, most of them confirmed; technicians with licences."""
    skills = {
        unit: Skill.objects.bulk_create(
            [Skill(name=name, category=unit.capitalize(), levels=list(LEVELS)) for name in names]
        )
        for unit, names in _SKILLS.items()
    }
    held: list[PersonSkill] = []
    licences: list[PersonCertificate] = []
    certificates = {one.name: one for one in Certificate.objects.all()}
    ending = next((person for person, _unit, job in people if job == "lead_technician"), None)
    for number, (person, unit, _job) in enumerate(people):
        first = chance.between(0, 2)
        for place, skill in enumerate(skills[unit][first : first + 2 + number % 3]):
            is_confirmed = person != actor.person_id and number % 5 != 0
            held.append(
                PersonSkill(
                    person_id=person, skill=skill, level=max(1, chance.between(2, 5) - place // 2),
                    stated_on=actor.today - timedelta(days=chance.between(30, 400)),
                    confirmed_by_id=actor.person_id if is_confirmed else None,
                    confirmed_on=actor.today - timedelta(days=20) if is_confirmed else None,
                    last_used_on=actor.today - timedelta(days=chance.between(1, 120)),
                    wish="grow" if (number + place) % 7 == 0 else "",
                )
            )  # fmt: skip
        if unit == "installations":
            licences += _licences(actor, person, certificates, is_ending=person == ending)
    PersonSkill.objects.bulk_create(held, batch_size=1000)
    PersonCertificate.objects.bulk_create(licences, batch_size=1000)
    touch("skills")


def _licences(
    actor: Actor, person: UUID, certificates: dict[str, Certificate], *, is_ending: bool
) -> list[PersonCertificate]:
    """One licence ends in the weeks of the installation; the others hold for a year and more."""
    ends_on = actor.today + timedelta(days=18 if is_ending else 400)
    return [
        PersonCertificate(
            person_id=person, certificate=certificates[name], number=f"{name[0]}-{person.hex[-6:]}",
            issued_on=ends_on - timedelta(days=720), expires_on=ends_on,
        )
        for name in (_CRANE, _ELECTRIC)
    ]  # fmt: skip


@action("site.demo.leave", label=_("Give people of the demo company leave"))
def send_on_leave(actor: Actor, *, people: Sequence[UUID], chance: Chance) -> None:
    """A year's leave for everybody, and a week or two of it in the coming months for one in five."""
    year = actor.today.year
    Allowance.objects.bulk_create(
        [Allowance(person_id=person, year=each, days=_YEAR_DAYS) for person in people for each in (year, year + 1)],
        batch_size=1000,
    )
    monday = actor.today - timedelta(days=actor.today.weekday())
    rows = []
    for person in people[::5]:
        starts_on = monday + timedelta(weeks=chance.between(3, 11))
        rows.append(
            Absence(
                person_id=person, kind="vacation", starts_on=starts_on,
                ends_on=starts_on + timedelta(days=4 if chance.between(0, 1) else 11), status="approved",
                requested_at=actor.now - timedelta(days=60), decided_by_id=actor.person_id,
                decided_at=actor.now - timedelta(days=58),
            )
        )  # fmt: skip
    Absence.objects.bulk_create(rows)
    touch("leave")


def _ask_for_leave(staff: Staff, here: Sequence[tuple[UUID, Somebody]], manager: Actor) -> None:
    """Two requests wait for a decision."""
    monday = manager.today - timedelta(days=manager.today.weekday())
    for (person, somebody), weeks in zip(here[1:12:8], (14, 16), strict=False):
        own = staff.actor(somebody).at(manager.now)
        first = monday + timedelta(weeks=weeks)
        request_absence(
            own, person_id=person, kind="vacation", starts_on=first, ends_on=first + timedelta(days=4), note="Family"
        )


@action("site.demo.book", label=_("Book the people of the demo company"))
def book(actor: Actor, *, people: Sequence[tuple[UUID, int]], chance: Chance) -> None:
    """Six weeks firmly and four more tentatively on the projects people are on; then the week that is too much."""
    monday = actor.today - timedelta(days=actor.today.weekday())
    projects: defaultdict[UUID, list[UUID]] = defaultdict(list)
    members = ProjectMember.objects.filter(ends_on=None, project__status="active").order_by("project__number")
    for person, project in members.values_list("person_id", "project_id"):
        projects[person].append(project)
    ana = Person.objects.filter(email="ana@halden.example").values_list("id", flat=True).first()
    rows = []
    for person, load in people:
        mine = projects[person][-2:]
        if mine and load and person != ana:
            share = (load + chance.between(-12, 12)) // len(mine) // 5 * 5
            for project in mine:
                rows += _weeks((actor, person, project), monday, share)
    if ana is not None and (busy := projects[ana] or _any_projects()):
        rows += _too_much(actor, ana, busy, monday)
    add_bookings(rows)
    ill = next((person for person, load in people if load and projects[person] and person != ana), None)
    if ill is not None:
        Absence.objects.create(
            person_id=ill, kind="sick", starts_on=monday + timedelta(days=7), ends_on=monday + timedelta(days=9),
            status="approved", requested_at=actor.now,
        )  # fmt: skip
    touch("bookings")


def _weeks(who: tuple[Actor, UUID, UUID], monday: date, share: int) -> list[Booking]:
    firm_ends = monday + timedelta(days=7 * _FIRM_WEEKS - 3)
    later = firm_ends + timedelta(days=3)
    ends = later + timedelta(days=7 * _TENTATIVE_WEEKS - 3)
    return [
        _booking(who, (monday, firm_ends), amount=max(share, 10), is_firm=True),
        _booking(who, (later, ends), amount=max(share // 2, 10), is_firm=False),
    ]


def _any_projects() -> list[UUID]:
    rows = Project.objects.filter(status="active", contract__isnull=False).order_by("number")
    return list(rows.values_list("id", flat=True)[:2])


def _too_much(actor: Actor, ana: UUID, mine: Sequence[UUID], monday: date) -> list[Booking]:
    """Five weeks in full, and 31 % on top of the third, approved for the cut-over."""
    assert actor.person_id is not None
    third = monday + timedelta(weeks=2)
    Override.objects.bulk_create(
        [
            Override(
                person_id=ana, day_on=day, minutes=149, reason="Cut-over of Fjord ERP", approved_by_id=actor.person_id,
                approved_at=actor.now,
            )
            for day in Period(third, third + timedelta(days=5)).days()
        ]
    )  # fmt: skip
    first, second = (actor, ana, mine[0]), (actor, ana, mine[-1])
    later = monday + timedelta(weeks=6)
    return [
        _booking(first, (monday, monday + timedelta(days=32)), amount=100, is_firm=True),
        _booking(second, (third, third + timedelta(days=4)), amount=31, is_firm=True),
        _booking(second, (later, later + timedelta(days=18)), amount=60, is_firm=False),
    ]


def _booking(who: tuple[Actor, UUID, UUID], span: tuple[date, date], **fields: Any) -> Booking:
    actor, person, project = who
    return Booking(
        id=uuid7(), person_id=person, project_id=project, starts_on=span[0], ends_on=span[1], effort="percent",
        booked_by_id=actor.person_id, booked_at=actor.now, **fields,
    )  # fmt: skip


def _ask_for_people(manager: Actor, staff: Staff) -> None:
    """Four requests: two open, one with a proposal, and a placeholder."""
    monday = manager.today - timedelta(days=manager.today.weekday())
    projects = list(Project.objects.filter(status="active", contract__isnull=False).order_by("number")[:4])
    skills = {skill.name: skill.id for skill in Skill.objects.all()}
    for number, (title, job, skill, percent, weeks, lasts) in enumerate(_WANTED[: len(projects)]):
        first = monday + timedelta(weeks=weeks)
        demand = create_demand(
            manager, project_id=projects[number].id, title=title, job_role_id=staff.job_ids[job], percent=percent,
            starts_on=first, ends_on=first + timedelta(days=7 * lasts - 3), priority=1 + number % 3,
            skills=[{"skill_id": skills[skill], "level": 3}], is_draft=number == len(_WANTED) - 1,
        )  # fmt: skip
        if number == 1:
            somebody = staff.with_job("senior")[0]
            assert somebody.id is not None
            propose(manager, demand_id=demand.id, person_id=somebody.id, note="Knows the client")
