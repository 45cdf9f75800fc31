"""`quoin site`, `quoin equipment` and `quoin checklist`."""

from __future__ import annotations

from typing import Any

import click

from quoin.base.console import Session
from quoin.clients.queries import visible_clients
from quoin.field import actions, queries
from quoin.field.queries import acceptance as reads
from quoin.kernel.errors import NotFound
from quoin.people.queries.choices import certificate_choices

_SITE = ("street", "postal_code", "city", "country", "latitude", "longitude", "contact_name", "contact_phone")


def _site_options(command: Any) -> Any:
    for name in (*_SITE, "access_note"):
        command = click.option(f"--{name.replace('_', '-')}", name)(command)
    return command


@click.group()
def site() -> None:
    """Places where crews go."""


@site.command("list")
@click.pass_obj
def site_list(session: Session) -> None:
    """List sites."""
    session.emit([_site(row) for row in queries.visible_sites(session.actor)])


@site.command("add")
@click.argument("name")
@click.option("--client", required=True, help="Name of the client.")
@_site_options
@click.pass_obj
def site_add(session: Session, /, *, name: str, client: str, **given: str | None) -> None:
    """Add a site: quoin site add "Plant 2" --client Vega --city Kassel"""
    found = visible_clients(session.actor).filter(name__istartswith=client).first()
    if found is None:
        raise NotFound(f"There is no client {client}.")
    session.emit(_site(actions.create_site(session.actor, client_id=found.id, name=name, **_given(given))))


@site.command("edit")
@click.argument("name")
@click.option("--name", "new_name")
@_site_options
@click.pass_obj
def site_edit(session: Session, /, *, name: str, new_name: str | None, **given: str | None) -> None:
    """Change a site: quoin site edit "Plant 2" --contact-name Stein"""
    found = _named(queries.visible_sites(session.actor), name, "site")
    fields = _given({**given, "name": new_name})
    session.emit(_site(actions.edit_site(session.actor, site_id=found.id, **fields)))


@click.group()
def equipment() -> None:
    """Things that crews share."""


@equipment.command("list")
@click.pass_obj
def equipment_list(session: Session) -> None:
    """List equipment."""
    session.emit([_equipment(row) for row in queries.shared_equipment(session.actor)])


@equipment.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(["vehicle", "crane", "tool"]), default="vehicle")
@click.option("--registration", default="")
@click.option("--certificate", help="What one of the crew must hold to use it.")
@click.pass_obj
def equipment_add(session: Session, /, *, name: str, certificate: str | None, **given: str) -> None:
    """Add equipment: quoin equipment add "Mobile crane" --kind crane --registration DO-40"""
    held = {"certificate_id": _certificate(certificate)} if certificate else {}
    session.emit(_equipment(actions.create_equipment(session.actor, name=name, **given, **held)))


@equipment.command("edit")
@click.argument("name")
@click.option("--name", "new_name")
@click.option("--registration")
@click.option("--certificate")
@click.option("--retire/--use", "is_retired", default=None, help="Take it out of use, or back.")
@click.pass_obj
def equipment_edit(
    session: Session, /, *, name: str, new_name: str | None, certificate: str | None, is_retired: bool | None,
    **given: str | None,
) -> None:  # fmt: skip
    """Change equipment: quoin equipment edit "Van 3" --retire"""
    found = _named(queries.shared_equipment(session.actor), name, "equipment")
    fields: dict[str, Any] = _given({**given, "name": new_name})
    if certificate is not None:
        fields["certificate_id"] = _certificate(certificate)
    if is_retired is not None:
        fields["is_active"] = not is_retired
    session.emit(_equipment(actions.edit_equipment(session.actor, equipment_id=found.id, **fields)))


@click.group()
def checklist() -> None:
    """Checklists that visits copy."""


@checklist.command("list")
@click.pass_obj
def checklist_list(session: Session) -> None:
    """List checklists with their lines."""
    session.emit([_checklist(row) for row in reads.checklists(session.actor)])


@checklist.command("add")
@click.argument("name")
@click.option("--kind", default="", help="Kind of equipment that it is for.")
@click.option("--line", "lines", multiple=True, required=True, help="A line; a * at the end asks for a photo.")
@click.pass_obj
def checklist_add(session: Session, name: str, kind: str, lines: tuple[str, ...]) -> None:
    """Make a checklist: quoin checklist add Crane --line "Anchors set *" --line Tidy"""
    made = actions.create_checklist(session.actor, name=name, kind=kind, lines=_lines(lines))
    session.emit(_checklist(made))


@checklist.command("edit")
@click.argument("name")
@click.option("--name", "new_name")
@click.option("--kind")
@click.option("--line", "lines", multiple=True, help="All lines anew.")
@click.option("--retire/--use", "is_retired", default=None, help="Take it out of use, or back.")
@click.pass_obj
def checklist_edit(
    session: Session, name: str, new_name: str | None, kind: str | None, lines: tuple[str, ...], is_retired: bool | None
) -> None:
    """Change a checklist; visits keep what they copied."""
    found = _named(reads.checklists(session.actor), name, "checklist")
    changed = actions.edit_checklist(
        session.actor, checklist_id=found.id, name=new_name, kind=kind, lines=_lines(lines) if lines else None,
        is_active=None if is_retired is None else not is_retired,
    )  # fmt: skip
    session.emit(_checklist(changed))


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _named(rows: Any, name: str, what: str) -> Any:
    found = rows.filter(name__iexact=name).first()
    if found is None:
        raise NotFound(f"There is no {what} {name}, or you may not see it.")
    return found


def _certificate(name: str) -> str:
    for key, label in certificate_choices():
        if label.casefold() == name.casefold():
            return str(key)
    raise NotFound(f"There is no certificate {name}.")


def _lines(lines: tuple[str, ...]) -> list[tuple[str, bool]]:
    return [(line.rstrip("* "), line.rstrip().endswith("*")) for line in lines]


def _site(row: Any) -> dict[str, Any]:
    said = {"name": row.name, "client": row.client.name, "city": row.city, "contact": row.contact_name}
    return {**said, "id": row.public_id}


def _equipment(row: Any) -> dict[str, Any]:
    names = ("name", "kind", "registration", "is_active")
    return {**{name: getattr(row, name) for name in names}, "id": row.public_id}


def _checklist(row: Any) -> dict[str, Any]:
    lines = [f"{one.text}{' *' if one.needs_photo else ''}" for one in reads.lines_of_checklist(row)]
    return {"name": row.name, "kind": row.kind, "is_active": row.is_active, "lines": lines, "id": row.public_id}
