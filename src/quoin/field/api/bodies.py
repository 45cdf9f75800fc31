"""What the API takes about field work."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from quoin.base.http.api import ApiIn, PublicId

DeliveryId = Annotated[UUID, PublicId("dlv")]
VisitId = Annotated[UUID, PublicId("vis")]
SiteId = Annotated[UUID, PublicId("sit")]
EquipmentId = Annotated[UUID, PublicId("eqp")]
UnitId = Annotated[UUID, PublicId("unt")]
CheckId = Annotated[UUID, PublicId("vch")]
ProjectId = Annotated[UUID, PublicId("prj")]
TaskId = Annotated[UUID, PublicId("tsk")]
ClientId = Annotated[UUID, PublicId("cli")]
PersonId = Annotated[UUID, PublicId("per")]
MilestoneId = Annotated[UUID, PublicId("mil")]
AcceptanceId = Annotated[UUID, PublicId("acp")]
ChecklistId = Annotated[UUID, PublicId("ckl")]
CertificateId = Annotated[UUID, PublicId("crt")]


class SitePatch(ApiIn):
    """What to change of a site; absent fields stay."""

    name: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    contact_name: str = ""
    contact_phone: str = ""
    access_note: str = ""


class SiteIn(SitePatch):
    """A site to be added."""

    client_id: ClientId
    name: str


class EquipmentIn(ApiIn):
    """Shared equipment."""

    name: str
    kind: str = "vehicle"
    registration: str = ""
    certificate_id: CertificateId | None = None


class EquipmentPatch(ApiIn):
    """What to change of equipment; absent fields stay."""

    name: str = ""
    kind: str = ""
    registration: str = ""
    certificate_id: CertificateId | None = None
    is_active: bool = True


class DeliveryPatch(ApiIn):
    """What to change of a delivery; absent fields stay."""

    item: str = ""
    kind: str = ""
    supplier: str = ""
    order_number: str = ""
    quantity: Decimal = Decimal(1)
    unit: str = "pcs"
    note: str = ""
    task_id: TaskId | None = None
    site_id: SiteId | None = None
    milestone_id: MilestoneId | None = None
    """The part of the price that falls due once all goods tied to it are accepted."""
    warranty_months: int = 0


class DeliveryIn(DeliveryPatch):
    """A delivery to be added; the expected day is the supplier's promise."""

    project_id: ProjectId
    item: str
    expected_on: date | None = None


class DateIn(ApiIn):
    """The latest word of the supplier."""

    expected_on: date | None
    reason: str = ""
    is_plan_kept: bool = False
    """Leave the plan and the visits as they are."""


class StepIn(ApiIn):
    """How far the goods have come."""

    status: str
    on: date | None = None
    accepted_by: str = ""
    reason: str = ""


class UnitsIn(ApiIn):
    """Serial numbers of delivered pieces."""

    serial_numbers: list[str]


class CheckIn(ApiIn):
    """A line of a checklist."""

    text: str
    needs_photo: bool = False


class VisitPatch(ApiIn):
    """What to change of a visit; absent fields stay."""

    title: str = ""
    instructions: str = ""
    earliest_on: date | None = None
    latest_on: date | None = None
    work_minutes: int = 240
    crew_size: int = 1
    certificate_id: CertificateId | None = None
    task_id: TaskId | None = None
    checklist: list[CheckIn] | None = None
    deliveries: list[DeliveryId] | None = None


class VisitIn(VisitPatch):
    """A visit to be planned."""

    project_id: ProjectId
    site_id: SiteId
    title: str
    checklist_id: ChecklistId | None = None
    """A checklist whose lines are copied, before the visit's own."""


class PlanIn(ApiIn):
    """Time, crew and equipment of a visit; without a start it waits again."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    crew: list[PersonId] = []
    lead_id: PersonId | None = None
    equipment: list[EquipmentId] = []
    travel_minutes: int = 0
    version: int | None = None


class PublishIn(ApiIn):
    """Visits to promise to their crews: all of them or none."""

    visit_ids: list[VisitId]


class ReasonIn(ApiIn):
    """Why."""

    reason: str = ""


class StartIn(ApiIn):
    """travel or work, and when it was."""

    kind: str
    at: datetime | None = None


class AnswerIn(ApiIn):
    """The answer to a line of a checklist."""

    state: str
    note: str = ""
    at: datetime | None = None


class PartIn(ApiIn):
    """A part that was used."""

    name: str
    quantity: Decimal = Decimal(1)
    unit: str = "pcs"
    serial_number: str = ""


class FinishIn(ApiIn):
    """The end of the work."""

    report: str = ""
    at: datetime | None = None


class SignIn(ApiIn):
    """Who signs for the client, and when."""

    signed_by: str
    at: datetime | None = None


class AcceptIn(ApiIn):
    """The client's word: typed, or taken from a visit that they signed."""

    accepted_by: str = ""
    on: date | None = None
    unit_ids: list[UnitId] = []
    """None: all units that are left."""
    remarks: str = ""
    visit_id: VisitId | None = None


class ChecklistPatch(ApiIn):
    """What to change of a checklist; absent fields stay."""

    name: str = ""
    kind: str = ""
    lines: list[CheckIn] | None = None
    is_active: bool = True


class ChecklistIn(ApiIn):
    """A checklist to be made."""

    name: str
    kind: str = ""
    lines: list[CheckIn]


class TryIn(ApiIn):
    """Where somebody would put a visit; nothing is written."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    crew: list[PersonId] = []
    equipment: list[EquipmentId] = []


class MoveIn(ApiIn):
    """New hours of a draft visit."""

    visit_id: VisitId
    starts_at: datetime
    ends_at: datetime


class ArrangeIn(ApiIn):
    """New hours for draft visits, all at once with one undo."""

    moves: list[MoveIn]
