"""What Halden Group is: its units with their legal entities, and the jobs in them with rates and costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

NAME = "Halden Group"
SLUG = "halden-demo"
ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit, its legal entity and its team."""

    key: str
    name: str
    code: str
    country: str
    currency: str
    street: str
    postal_code: str
    city: str
    phone: str
    registration_id: str
    bic: str
    contact: str
    team: str


UNITS = (
    Unit(
        key="digital", name="Halden Digital GmbH", code="HD", country="DE", currency="EUR", street="Speicherweg 14",
        postal_code="20457", city="Hamburg", phone="+49 40 5550140", registration_id="HRB 990141", bic="DEMODEHHXXX",
        contact="Ingrid Solberg", team="Digital",
    ),
    Unit(
        key="installations", name="Halden Installations GmbH", code="HI", country="DE", currency="EUR",
        street="Werkstrasse 3", postal_code="44147", city="Dortmund", phone="+49 231 5550120",
        registration_id="HRB 990142", bic="DEMODEDDXXX", contact="Ingrid Solberg", team="Installations",
    ),
    Unit(
        key="managed", name="Halden Managed Ltd", code="HM", country="GB", currency="GBP", street="8 Foundry Yard",
        postal_code="LS1 4DY", city="Leeds", phone="+44 113 555 0133", registration_id="09999143", bic="DEMOGB2LXXX",
        contact="Ingrid Solberg", team="Managed",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What people are sold as. Rate and cost are per hour, in the currency of the unit.

    `load` is the share of the working time that goes to clients, in per cent.
    """

    key: str
    name: str
    unit: str
    count: int
    rate: Decimal
    cost: Decimal
    load: int
    is_lead: bool = False


_TABLE = (
    # key, name, unit, count, rate, cost, load
    ("principal", "Principal consultant", "digital", 6, 165, 98, 74),
    ("senior", "Senior consultant", "digital", 18, 135, 79, 79),
    ("consultant", "Consultant", "digital", 24, 105, 61, 81),
    ("project_manager", "Project manager", "digital", 4, 145, 84, 66),
    ("resource_manager", "Resource manager", "digital", 1, 110, 68, 0),
    ("lead_technician", "Lead technician", "installations", 7, 98, 58, 76),
    ("technician", "Technician", "installations", 24, 85, 46, 80),
    ("site_manager", "Site manager", "installations", 5, 118, 72, 68),
    ("senior_engineer", "Senior engineer", "managed", 8, 96, 55, 74),
    ("engineer", "Engineer", "managed", 14, 78, 42, 78),
    ("service_manager", "Service manager", "managed", 1, 105, 64, 62),
    ("finance", "Finance lead", "digital", 1, 0, 66, 0),
    ("executive", "Managing director", "digital", 1, 0, 120, 0),
    ("administrator", "IT administrator", "digital", 1, 0, 60, 0),
    ("partner_manager", "Partner manager", "digital", 1, 0, 70, 0),
)
_LEADS = frozenset(
    {
        "project_manager",
        "resource_manager",
        "site_manager",
        "service_manager",
        "finance",
        "executive",
        "administrator",
        "partner_manager",
    }
)
JOBS = tuple(
    Job(
        key=key, name=name, unit=unit, count=count, rate=Decimal(rate), cost=Decimal(cost), load=load,
        is_lead=key in _LEADS,
    )
    for key, name, unit, count, rate, cost, load in _TABLE
)  # fmt: skip
BY_JOB = {job.key: job for job in JOBS}
BY_UNIT = {unit.key: unit for unit in UNITS}
