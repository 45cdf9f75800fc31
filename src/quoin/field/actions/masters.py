"""Sites, and the equipment that crews share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.clients.queries import client_for
from quoin.field import services
from quoin.field.models import Equipment, Site
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say

_SITE_FIELDS = frozenset(
    {
        "name", "street", "postal_code", "city", "country", "latitude", "longitude", "contact_name", "contact_phone",
        "access_note",
    }
)  # fmt: skip
_EQUIPMENT_FIELDS = frozenset({"name", "kind", "registration", "certificate_id", "is_active"})
_KINDS = ("vehicle", "crane", "tool")


@action("field.site.create", label=_("Add a site"))
def create_site(actor: Actor, /, *, client_id: UUID | str, name: str, **fields: Any) -> Site:
    """A place of a client's where work is done."""
    client = client_for(actor, UUID(str(client_id)))
    _known(fields, _SITE_FIELDS)
    _check_place(fields)
    site = Site.objects.create(client=client, name=_name(name, "A site"), **fields)
    touch(site.public_id)
    return site


@action("field.site.edit", label=_("Edit a site"))
def edit_site(actor: Actor, /, *, site_id: UUID | str, **fields: Any) -> Site:
    _known(fields, _SITE_FIELDS)
    site = services.site(site_id)
    client_for(actor, site.client_id)
    _check_place(fields)
    undo_with("field.site.edit", site_id=site.id, **{name: getattr(site, name) for name in fields})
    if "name" in fields:
        fields["name"] = _name(fields["name"], "A site")
    _fill(site, fields)
    site.save(update_fields=list(fields))
    touch(site.public_id)
    return site


@action("field.equipment.create", label=_("Add shared equipment"))
def create_equipment(actor: Actor, /, *, name: str, kind: str = "vehicle", **fields: Any) -> Equipment:
    """A van, a crane or a tool set that one crew at a time can have."""
    _known(fields, _EQUIPMENT_FIELDS)
    _check_kind(kind)
    equipment = Equipment.objects.create(name=_name(name, "Equipment"), kind=kind, **fields)
    touch(equipment.public_id)
    return equipment


@action("field.equipment.edit", label=_("Edit shared equipment"))
def edit_equipment(actor: Actor, /, *, equipment_id: UUID | str, **fields: Any) -> Equipment:
    _known(fields, _EQUIPMENT_FIELDS)
    equipment = Equipment.objects.select_for_update(of=("self",)).filter(id=equipment_id).first()
    if equipment is None:
        raise NotFound("There is no such equipment.")
    undo_with("field.equipment.edit", equipment_id=equipment.id, **{name: getattr(equipment, name) for name in fields})
    _check_kind(fields.get("kind", equipment.kind))
    if "name" in fields:
        fields["name"] = _name(fields["name"], "Equipment")
    _fill(equipment, fields)
    equipment.save(update_fields=list(fields))
    touch(equipment.public_id)
    return equipment


def _name(text: str, what: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise invalid("/name", say("%(what)s needs a name.", what=what), code="required")
    return name


def _check_kind(kind: str) -> None:
    if kind not in _KINDS:
        raise invalid("/kind", say("The kind is one of %(kinds)s.", kinds=", ".join(_KINDS)))


def _check_place(fields: dict[str, Any]) -> None:
    if (fields.get("latitude") is None) != (fields.get("longitude") is None):
        raise invalid("/latitude", "Give both latitude and longitude, or neither.")


def _fill(row: Any, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)


def _known(fields: dict[str, Any], editable: frozenset[str]) -> None:
    for name in fields:
        if name not in editable:
            raise invalid(
                f"/{name}", say("There is no field %(name)s that can be set.", name=name), code="unknown_field"
            )
