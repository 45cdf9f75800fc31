"""How the API writes field work."""

from __future__ import annotations

from typing import Any

from quoin.field.queries.slip import Slip
from quoin.kernel.ids import public_id
from quoin.kernel.workcal import instant_of


def site_out(row: Any) -> dict[str, Any]:
    """A site as the API writes it."""
    names = (
        "name", "street", "postal_code", "city", "country", "latitude", "longitude", "contact_name", "contact_phone",
        "access_note",
    )  # fmt: skip
    return {
        "id": row.public_id,
        "client_id": public_id("cli", row.client_id),
        **{name: getattr(row, name) for name in names},
    }


def equipment_out(row: Any) -> dict[str, Any]:
    """Shared equipment as the API writes it."""
    certificate = public_id("crt", row.certificate_id) if row.certificate_id else None
    names = ("name", "kind", "registration", "is_active")
    return {"id": row.public_id, **{name: getattr(row, name) for name in names}, "certificate_id": certificate}


def delivery_out(row: Any) -> dict[str, Any]:
    """A delivery as the API writes it."""
    names = (
        "number", "item", "kind", "supplier", "order_number", "quantity", "unit", "status", "promised_on",
        "expected_on", "shipped_on", "arrived_on", "checked_on", "installed_on", "accepted_on", "accepted_by",
        "warranty_months", "note",
    )  # fmt: skip
    return {
        "id": row.public_id,
        "project_id": public_id("prj", row.project_id),
        "task_id": public_id("tsk", row.task_id) if row.task_id else None,
        "site_id": public_id("sit", row.site_id) if row.site_id else None,
        "milestone_id": public_id("mil", row.milestone_id) if row.milestone_id else None,
        **{name: getattr(row, name) for name in names},
    }


def visit_out(row: Any) -> dict[str, Any]:
    """A visit as the API writes it."""
    names = (
        "number", "title", "status", "earliest_on", "latest_on", "work_minutes", "crew_size", "starts_at", "ends_at",
        "travel_minutes", "instructions", "travel_began_at", "work_began_at", "work_ended_at", "report", "signed_by",
        "signed_at", "version",
    )  # fmt: skip
    return {
        "id": row.public_id,
        "project_id": public_id("prj", row.project_id),
        "site_id": public_id("sit", row.site_id),
        "task_id": public_id("tsk", row.task_id) if row.task_id else None,
        "certificate_id": public_id("crt", row.certificate_id) if row.certificate_id else None,
        **{name: getattr(row, name) for name in names},
    }


def check_out(row: Any) -> dict[str, Any]:
    names = ("position", "text", "needs_photo", "is_required", "state", "note", "answered_at")
    photo = public_id("fil", row.photo_id) if row.photo_id else None
    return {"id": row.public_id, **{name: getattr(row, name) for name in names}, "photo_id": photo}


def part_out(row: Any) -> dict[str, Any]:
    names = ("name", "quantity", "unit", "serial_number")
    return {"id": row.public_id, **{name: getattr(row, name) for name in names}}


def acceptance_out(row: Any) -> dict[str, Any]:
    """An acceptance certificate as the API writes it."""
    names = ("number", "accepted_on", "accepted_by", "remarks", "sha256", "issued_at", "is_withdrawn")
    return {
        "id": row.public_id,
        "delivery_id": public_id("dlv", row.delivery_id),
        **{name: getattr(row, name) for name in names},
    }


def accepted_unit_out(row: Any) -> dict[str, Any]:
    """A unit of the installed base as the API writes it."""
    delivery = row.delivery
    return {
        "unit_id": public_id("unt", row.unit_id),
        "serial_number": row.unit.serial_number,
        "delivery_id": public_id("dlv", row.delivery_id),
        "item": delivery.item,
        "kind": delivery.kind,
        "client_id": public_id("cli", delivery.project.client_id),
        "site_id": public_id("sit", delivery.site_id) if delivery.site_id else None,
        "acceptance_id": public_id("acp", row.acceptance_id),
        "accepted_on": row.accepted_on,
        "warranty_until": row.warranty_until,
    }


def checklist_out(row: Any) -> dict[str, Any]:
    """A checklist as the API writes it, without its lines."""
    return {"id": row.public_id, "name": row.name, "kind": row.kind, "is_active": row.is_active}


def slip_out(slip: Slip) -> dict[str, Any]:
    """What another expected day would do, as the API writes it."""
    effect = slip.effect
    moved = effect.moved if effect else ()
    return {
        "expected_on": slip.expected_on,
        "tasks": [
            {
                "id": public_id("tsk", one.task_id), "name": one.name, "starts_at": instant_of(one.after.start),
                "finishes_at": instant_of(one.after.finish), "total_float_minutes": one.after.total_float,
            }
            for one in moved
        ],
        "ends": [
            {"project_id": public_id("prj", one.project_id), "before": one.before, "after": one.after}
            for one in (effect.ends if effect else ())
        ],
        "visits": [
            {
                "id": one.visit.public_id, "status": one.visit.status, "starts_at": one.starts_at,
                "ends_at": one.ends_at, "is_moved": not one.is_promised,
            }
            for one in slip.visits
        ],
        "bookings": [
            {"id": public_id("bok", one.booking.id), "starts_on": one.starts_on, "is_moved": True}
            for one in slip.booked
        ]
        + [{"id": public_id("bok", one.id), "starts_on": one.starts_on, "is_moved": False} for one in slip.bookings],
    }  # fmt: skip
