"""Sites, shared equipment and deliveries over the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse

from quoin.base.http.api import ApiRequest, Router, list_response, operation, respond_json
from quoin.field import actions, queries
from quoin.field.api.bodies import (
    DateIn,
    DeliveryId,
    DeliveryIn,
    DeliveryPatch,
    EquipmentId,
    EquipmentIn,
    EquipmentPatch,
    SiteId,
    SiteIn,
    SitePatch,
    StepIn,
    UnitId,
    UnitsIn,
)
from quoin.field.api.wire import delivery_out, equipment_out, site_out, slip_out
from quoin.field.queries.lists import DELIVERIES, EQUIPMENT, SITES
from quoin.field.queries.slip import slip_of

router = Router(tags=["field"])


@router.get("/sites", summary="List sites")
@operation(queries.VIEW)
def list_sites(request: ApiRequest) -> HttpResponse:
    return list_response(request, SITES, queries.visible_sites(request.actor), site_out)


@router.post("/sites", summary="Add a site")
@operation("field.site.create")
def create_site(request: ApiRequest, body: SiteIn) -> HttpResponse:
    return respond_json(site_out(actions.create_site(request.actor, **body.model_dump(exclude_unset=True))), status=201)


@router.patch("/sites/{site_id}", summary="Edit a site")
@operation("field.site.edit")
def edit_site(request: ApiRequest, site_id: SiteId, body: SitePatch) -> HttpResponse:
    queries.site_for(request.actor, site_id)
    return respond_json(
        site_out(actions.edit_site(request.actor, site_id=site_id, **body.model_dump(exclude_unset=True)))
    )


@router.get("/equipment", summary="List shared equipment")
@operation(queries.VIEW)
def list_equipment(request: ApiRequest) -> HttpResponse:
    return list_response(request, EQUIPMENT, queries.shared_equipment(request.actor), equipment_out)


@router.post("/equipment", summary="Add shared equipment")
@operation("field.equipment.create")
def create_equipment(request: ApiRequest, body: EquipmentIn) -> HttpResponse:
    made = actions.create_equipment(request.actor, **body.model_dump(exclude_unset=True))
    return respond_json(equipment_out(made), status=201)


@router.patch("/equipment/{equipment_id}", summary="Edit shared equipment")
@operation("field.equipment.edit")
def edit_equipment(request: ApiRequest, equipment_id: EquipmentId, body: EquipmentPatch) -> HttpResponse:
    changed = actions.edit_equipment(request.actor, equipment_id=equipment_id, **body.model_dump(exclude_unset=True))
    return respond_json(equipment_out(changed))


@router.get("/deliveries", summary="List deliveries")
@operation(queries.VIEW)
def list_deliveries(request: ApiRequest) -> HttpResponse:
    return list_response(request, DELIVERIES, queries.visible_deliveries(request.actor), delivery_out)


@router.post("/deliveries", summary="Add a delivery")
@operation("field.delivery.create")
def create_delivery(request: ApiRequest, body: DeliveryIn) -> HttpResponse:
    made = actions.create_delivery(request.actor, **body.model_dump(exclude_unset=True))
    return respond_json(delivery_out(made), status=201)


@router.get("/deliveries/{delivery_id}", summary="A delivery with its days and serial numbers")
@operation(queries.VIEW)
def get_delivery(request: ApiRequest, delivery_id: DeliveryId) -> HttpResponse:
    found = queries.delivery_for(request.actor, delivery_id)
    units = [{"id": unit.public_id, "serial_number": unit.serial_number} for unit in queries.units_of(found)]
    said = [
        {"was_on": row.was_on, "expected_on": row.expected_on, "reason": row.reason, "said_at": row.said_at}
        for row in queries.dates_of(found)
    ]
    return respond_json({**delivery_out(found), "units": units, "dates": said})


@router.patch("/deliveries/{delivery_id}", summary="Edit a delivery")
@operation("field.delivery.edit")
def edit_delivery(request: ApiRequest, delivery_id: DeliveryId, body: DeliveryPatch) -> HttpResponse:
    changed = actions.edit_delivery(request.actor, delivery_id=delivery_id, **body.model_dump(exclude_unset=True))
    return respond_json(delivery_out(changed))


@router.post("/deliveries/{delivery_id}/date", summary="Change when goods are expected")
@operation("field.delivery.date")
def date_delivery(request: ApiRequest, delivery_id: DeliveryId, body: DateIn) -> HttpResponse:
    kept: dict[str, Any] = {"changes": [], "visits": [], "bookings": []} if body.is_plan_kept else {}
    changed = actions.date_delivery(
        request.actor, delivery_id=delivery_id, expected_on=body.expected_on, reason=body.reason, **kept
    )
    return respond_json(delivery_out(changed))


@router.get("/deliveries/{delivery_id}/effect", summary="What another expected day would do to plan and visits")
@operation(queries.VIEW)
def get_effect(request: ApiRequest, delivery_id: DeliveryId, expected_on: date) -> HttpResponse:
    found = queries.delivery_for(request.actor, delivery_id)
    return respond_json(slip_out(slip_of(request.actor, found, expected_on)))


@router.post("/deliveries/{delivery_id}/step", summary="Say how far goods have come")
@operation("field.delivery.step")
def step_delivery(request: ApiRequest, delivery_id: DeliveryId, body: StepIn) -> HttpResponse:
    return respond_json(
        delivery_out(actions.step_delivery(request.actor, delivery_id=delivery_id, **body.model_dump()))
    )


@router.post("/deliveries/{delivery_id}/units", summary="Record serial numbers")
@operation("field.unit.add")
def add_units(request: ApiRequest, delivery_id: DeliveryId, body: UnitsIn) -> HttpResponse:
    added = actions.add_units(request.actor, delivery_id=delivery_id, serial_numbers=body.serial_numbers)
    return respond_json({"added": added})


@router.delete("/units/{unit_id}", summary="Remove a serial number")
@operation("field.unit.remove")
def remove_unit(request: ApiRequest, unit_id: UnitId) -> HttpResponse:
    actions.remove_unit(request.actor, unit_id=unit_id)
    return HttpResponse(status=204)
