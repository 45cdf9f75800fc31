"""Tables of field work."""

from quoin.field.models.acceptance import Acceptance, AcceptanceWithdrawal, AcceptedUnit
from quoin.field.models.checklists import Checklist, ChecklistLine
from quoin.field.models.work import (
    DeliveredUnit,
    Delivery,
    DeliveryDate,
    Equipment,
    Site,
    Span,
    Visit,
    VisitCheck,
    VisitDelivery,
    VisitEquipment,
    VisitMember,
    VisitPart,
)

_Span = Span
"""The first migration names it so."""

__all__ = [
    "Acceptance",
    "AcceptanceWithdrawal",
    "AcceptedUnit",
    "Checklist",
    "ChecklistLine",
    "DeliveredUnit",
    "Delivery",
    "DeliveryDate",
    "Equipment",
    "Site",
    "Visit",
    "VisitCheck",
    "VisitDelivery",
    "VisitEquipment",
    "VisitMember",
    "VisitPart",
]
