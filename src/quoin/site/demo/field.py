"""Installation work at Halden: a press line whose crane is nine days late, goods of other installations, visits.

Vega is told through real actions, so that its history reads like one; the rest is written in bulk. A technician's
crane licence ends before the visit that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch
from quoin.base.actor import Actor
from quoin.base.numbering import next_number
from quoin.clients.models import Client
from quoin.field import actions
from quoin.field.models import (
    DeliveredUnit,
    Delivery,
    DeliveryDate,
    Equipment,
    Site,
    Visit,
    VisitCheck,
    VisitEquipment,
    VisitMember,
)
from quoin.people.models import Certificate
from quoin.projects.models import Project, Task
from quoin.site.demo.accepted import accept_demo, make_checklists
from quoin.site.demo.chance import Chance
from quoin.site.demo.engagements import VEGA
from quoin.site.demo.people import Staff
from quoin.site.demo.work import Portfolio

_YARD = (Decimal("51.51360"), Decimal("7.46530"))
_KASSEL = (Decimal("51.31270"), Decimal("9.47970"))
_PLACES = (
    ("Bremen", Decimal("53.07930"), Decimal("8.80170")), ("Mannheim", Decimal("49.48750"), Decimal("8.46600")),
    ("Ulm", Decimal("48.40110"), Decimal("9.98760")), ("Potsdam", Decimal("52.39060"), Decimal("13.06450")),
)  # fmt: skip
_GOODS = (
    ("Press frame", "Weber Guss"), ("Hydraulic unit", "Fluidtechnik Nord"), ("Control cabinet", "Elko Schaltbau"),
    ("Conveyor section", "Bandwerk"), ("Tool set", "Formbau Reuter"), ("Safety fence", "Zaun und Tor"),
)  # fmt: skip
_CHECKS = (
    ("Safety briefing held", False), ("Anchors set and measured", True), ("Level within 0.2 mm/m", True),
    ("Workplace left clean", False),
)  # fmt: skip
_GOODS_AT_FULL_SCALE, _VISITS_AT_FULL_SCALE = 60, 36
_CRANE_LATE = 9
_MORNING, _HOURS = 8, 6
_STAGES = ("accepted", "installed", "checked", "on_site", "shipped", "ordered")
_CRANE_LICENCE = "Crane licence"


def install_demo(actor: Actor, staff: Staff, portfolio: Portfolio, chance: Chance, *, scale: float) -> None:
    """Sites and equipment, the story of Vega, then goods and visits of the other installations."""
    crew = [one.id for one in staff.with_job("lead_technician", "technician") if one.id and one.left_on is None]
    vega = portfolio.projects.get(VEGA)
    make_checklists(actor)
    if vega is None or len(crew) < 2:  # noqa: PLR2004 -- a crew has two
        return
    own = Client.objects.get(is_internal=True)
    actions.create_site(
        actor,
        client_id=own.id,
        name="Yard Dortmund",
        city="Dortmund",
        country="DE",
        latitude=_YARD[0],
        longitude=_YARD[1],
    )
    licence = Certificate.objects.filter(name=_CRANE_LICENCE).values_list("id", flat=True).first()
    crane = actions.create_equipment(
        actor, name="Mobile crane 40 t", kind="crane", registration="DO-HK 40", certificate_id=licence
    )
    vans = [
        actions.create_equipment(actor, name=f"Van {number}", kind="vehicle", registration=f"DO-HV {number}")
        for number in (1, 2, 3)
    ]
    _tell_vega(actor, vega, crew, things=(crane, vans[0]), licence=licence)
    projects = Project.objects.filter(manager__in=[one.id for one in staff.of("installations") if one.id]).exclude(
        id=vega.id
    )
    others = [project.id for project in projects.order_by("number")]
    write_goods(actor, projects=others, count=round(_GOODS_AT_FULL_SCALE * scale), chance=chance.part("goods"))
    write_visits(
        actor, projects=others, crew=crew, van_id=vans[1].id, count=round(_VISITS_AT_FULL_SCALE * scale),
        chance=chance.part("visits"),
    )  # fmt: skip
    accept_demo(actor)


def _tell_vega(
    actor: Actor, vega: Project, crew: Sequence[UUID], *, things: tuple[Equipment, Equipment], licence: UUID | None
) -> None:
    """The crane was promised for next week and comes nine days later: the start-up and a draft visit move with it."""
    site = actions.create_site(
        actor, client_id=vega.client_id, name="Plant 1", street="Am Presswerk 1", postal_code="34117", city="Kassel",
        country="DE", latitude=_KASSEL[0], longitude=_KASSEL[1], contact_name="Anke Stein",
        contact_phone="+49 561 555 0142", access_note="Gate 2. Safety shoes; the briefing takes 20 minutes.",
    )  # fmt: skip
    task = _next_task(vega, actor.today)
    promised = _worked(actor.today + timedelta(days=6))
    goods = actions.create_delivery(
        actor, project_id=vega.id, item="Gantry crane 20 t", supplier="Hansa Kran", order_number="HK-20417",
        expected_on=promised, task_id=task, site_id=site.id,
    )  # fmt: skip
    draft = actions.create_visit(
        actor, project_id=vega.id, site_id=site.id, title="Set up the crane", deliveries=[goods.id], checklist=_CHECKS,
        certificate_id=licence, crew_size=2, work_minutes=_HOURS * 60, instructions="Press frame stands in bay 2.",
    )  # fmt: skip
    begins = _at(actor, promised + timedelta(days=1))
    actions.plan_visit(
        actor, visit_id=draft.id, hours=(begins, begins + timedelta(hours=_HOURS)), crew=crew[:2],
        equipment=[one.id for one in things], travel_minutes=130,
    )  # fmt: skip
    actions.create_visit(
        actor, project_id=vega.id, site_id=site.id, title="Start-up with the client", certificate_id=licence,
        earliest_on=actor.today + timedelta(days=19), latest_on=actor.today + timedelta(days=26), checklist=_CHECKS,
    )  # fmt: skip
    actions.date_delivery(
        actor, delivery_id=goods.id, expected_on=promised + timedelta(days=_CRANE_LATE),
        reason="The ship waits in Rotterdam; Hansa Kran, by phone",
    )  # fmt: skip


def _next_task(project: Project, today: date) -> UUID | None:
    """The next task that has not begun, without tasks under it."""
    parents = Task.objects.filter(project=project, parent__isnull=False).values("parent_id")
    rows = Task.objects.filter(project=project, actual_start_at=None).exclude(id__in=parents).order_by("starts_on")
    found = rows.filter(starts_on__gte=today).first() or rows.last()
    return found.id if found else None


@action("site.demo.goods", label=_("Give the demo company deliveries"))
def write_goods(actor: Actor, *, projects: Sequence[UUID], count: int, chance: Chance) -> None:
    """Goods in every stage, a sixth of them late, with the serial numbers of what is there."""
    goods, units, said = [], [], []
    for number in range(count if projects else 0):
        stage = _STAGES[number % len(_STAGES)]
        item, supplier = chance.one_of(_GOODS)
        is_there = stage not in {"shipped", "ordered"}
        promised = actor.today + timedelta(days=chance.between(-90, -20) if is_there else chance.between(3, 60))
        late = chance.between(2, 12) if number % 6 == 0 else 0
        expected = promised + timedelta(days=late)
        days = {
            f"{name}_on": expected + timedelta(days=days)
            for name, days, since in (
                ("arrived", 0, "on_site"),
                ("checked", 1, "checked"),
                ("installed", 4, "installed"),
            )
            if is_there and _STAGES.index(stage) <= _STAGES.index(since)
        }
        row = Delivery(
            project_id=projects[number % len(projects)], number=number // len(projects) + 1, item=item,
            supplier=supplier,
            order_number=f"PO-{4100 + number}", status=stage, promised_on=promised, expected_on=expected, **days,
        )  # fmt: skip
        if stage == "accepted":
            row.accepted_on, row.accepted_by = expected + timedelta(days=6), "Site manager"
        goods.append(row)
        if late:
            said.append(
                DeliveryDate(
                    delivery=row, was_on=promised, expected_on=expected, reason=f"{supplier} needs longer",
                    said_at=actor.now - timedelta(days=1) if not is_there else _at(actor, promised),
                )
            )  # fmt: skip
        if is_there:
            units.append(DeliveredUnit(delivery=row, serial_number=f"{item[:2].upper()}-{70000 + number * 7}"))
    Delivery.objects.bulk_create(goods)
    DeliveryDate.objects.bulk_create(said)
    DeliveredUnit.objects.bulk_create(units)
    touch("goods")


@action("site.demo.visits", label=_("Give the demo company visits"))
def write_visits(
    actor: Actor, *, projects: Sequence[UUID], crew: Sequence[UUID], van_id: UUID, count: int, chance: Chance
) -> None:
    """A visit each working day around today: signed ones behind, promised ones next, drafts and waiting ones ahead."""
    if not projects:
        return
    sites = _sites(projects)
    visits: list[Visit] = []
    lines: list[VisitCheck] = []
    held: list[Any] = []
    vans: list[VisitEquipment] = []
    day = _worked(actor.today - timedelta(days=count))
    for number in range(count):
        project_id = projects[number % len(projects)]
        begins = _at(actor, day)
        ends = begins + timedelta(hours=_HOURS)
        row = _visit(actor, Visit(project_id=project_id, site=sites[project_id]), begins, ends, number=number)
        visits.append(row)
        if row.starts_at is not None:
            is_firm = row.status != "draft"
            person = crew[number % len(crew)]
            span = {"begins_at": begins, "ends_at": ends, "is_firm": is_firm}
            held.append(VisitMember(visit=row, person_id=person, is_lead=True, **span))
            vans.append(VisitEquipment(visit=row, equipment_id=van_id, **span))
        for position, (text, _photo) in enumerate(_CHECKS, start=1):
            state = "done" if row.status == "done" else "open"
            lines.append(VisitCheck(visit=row, position=position, text=text, state=state))
        day = _worked(day + timedelta(days=1 + chance.between(0, 1)))
    Visit.objects.bulk_create(visits)
    VisitMember.objects.bulk_create(held)
    VisitEquipment.objects.bulk_create(vans)
    VisitCheck.objects.bulk_create(lines)
    touch("visits")


def _visit(actor: Actor, row: Visit, begins: datetime, ends: datetime, *, number: int) -> Visit:
    row.number, row.work_minutes, row.travel_minutes = next_number("visit"), _HOURS * 60, 45 + number % 4 * 15
    row.title = ("Site survey", "Assembly", "Connect media", "Service")[number % 4]
    ahead = (begins.date() - actor.today).days
    if ahead > 12:  # noqa: PLR2004 -- what is further away waits for a time
        row.earliest_on, row.latest_on = begins.date(), begins.date() + timedelta(days=7)
        return row
    row.starts_at, row.ends_at = begins, ends
    row.status = "published" if ahead >= 0 else "done"
    if ahead > 6:  # noqa: PLR2004 -- next week is planned and not promised yet
        row.status = "draft"
    if row.status == "done":
        row.travel_began_at, row.work_began_at, row.work_ended_at = begins - timedelta(hours=1), begins, ends
        row.report, row.signed_by, row.signed_at = "Done as planned.", "Site manager", ends
    return row


def _sites(projects: Sequence[UUID]) -> dict[UUID, Site]:
    """A site for each client of the projects."""
    found: dict[UUID, Site] = {}
    by_client: dict[UUID, Site] = {}
    for number, project in enumerate(Project.objects.filter(id__in=projects).order_by("number")):
        if project.client_id not in by_client:
            city, latitude, longitude = _PLACES[number % len(_PLACES)]
            by_client[project.client_id] = Site(
                client_id=project.client_id, name=f"Plant {city}", city=city, country="DE", latitude=latitude,
                longitude=longitude, contact_name="Site manager",
            )  # fmt: skip
        found[project.id] = by_client[project.client_id]
    Site.objects.bulk_create(by_client.values())
    return found


def _worked(day: date) -> date:
    while day.isoweekday() > 5:  # noqa: PLR2004 -- Monday to Friday
        day += timedelta(days=1)
    return day


def _at(actor: Actor, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, _MORNING, tzinfo=ZoneInfo(actor.zone))
