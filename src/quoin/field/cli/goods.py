"""`quoin delivery`, `quoin acceptance` and `quoin installed`: goods from the order to the client's word."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from quoin.base.console import DAY, Session
from quoin.field import actions, queries
from quoin.field.cli.finding import delivery_named, delivery_row, task_id_numbered, visit_numbered
from quoin.field.queries import acceptance as reads
from quoin.kernel.errors import NotFound
from quoin.projects.queries import of_project, project_by_number


@click.group()
def delivery() -> None:
    """Equipment deliveries."""


@delivery.command("list")
@click.option("--project", default="", help="Number of the project.")
@click.option("--late", is_flag=True, help="Only what should be there and is not.")
@click.pass_obj
def delivery_list(session: Session, project: str, late: bool) -> None:
    """List deliveries."""
    rows = of_project(session.actor, queries.visible_deliveries(session.actor), project)
    if late:
        rows = rows.filter(status__in=["ordered", "shipped"], expected_on__lt=session.actor.today)
    session.emit([delivery_row(row) for row in rows])


@delivery.command("add")
@click.argument("item")
@click.option("--project", required=True, help="Number of the project.")
@click.option("--expected", type=DAY, help="The day that the supplier promises.")
@click.option("--supplier", default="")
@click.option("--order", "order_number", default="", help="Our order's number.")
@click.option("--task", default=None, type=int, help="Number of the task that waits for the goods.")
@click.pass_obj
def delivery_add(
    session: Session, /, *, item: str, project: str, expected: date | None, task: int | None, **given: str
) -> None:
    """Add a delivery: quoin delivery add "Press frame" --project 1005 --expected 2026-12-01 --task 4"""
    found = project_by_number(session.actor, project)
    made = actions.create_delivery(
        session.actor,
        project_id=found.id,
        item=item,
        expected_on=expected,
        task_id=task_id_numbered(found, task),
        **given,
    )
    session.emit(delivery_row(made))


@delivery.command("date")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.argument("expected", type=DAY)
@click.option("--reason", default="", help="Why the day changed.")
@click.option("--keep-plan", "is_plan_kept", is_flag=True, help="Leave the plan and the visits as they are.")
@click.pass_obj
def delivery_date(session: Session, wanted: str, expected: date, reason: str, *, is_plan_kept: bool) -> None:
    """Change when goods are expected, with plan and visits: quoin delivery date 1005/2 2026-12-10 --reason Late"""
    found = delivery_named(session, wanted)
    kept: dict[str, Any] = {"changes": [], "visits": [], "bookings": []} if is_plan_kept else {}
    moved = actions.date_delivery(session.actor, delivery_id=found.id, expected_on=expected, reason=reason, **kept)
    session.emit(delivery_row(moved))


@delivery.command("step")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.argument("status", type=click.Choice(["shipped", "on_site", "checked", "installed", "accepted", "cancelled"]))
@click.option("--on", "on", type=DAY, help="Default: today.")
@click.option("--by", "accepted_by", default="", help="Who of the client accepted.")
@click.option("--reason", default="", help="Why it goes a step back.")
@click.pass_obj
def delivery_step(session: Session, /, *, wanted: str, status: str, on: date | None, **told: str) -> None:
    """Say how far goods have come: quoin delivery step 1005/2 on_site"""
    found = delivery_named(session, wanted)
    moved = actions.step_delivery(session.actor, delivery_id=found.id, status=status, on=on, **told)
    session.emit(delivery_row(moved))


@delivery.command("edit")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.option("--item")
@click.option("--kind", help="Kind of equipment.")
@click.option("--supplier")
@click.option("--order", "order_number")
@click.option("--quantity")
@click.option("--unit")
@click.option("--note")
@click.option("--task", type=int, help="Number of the task that waits for the goods.")
@click.option("--milestone", help="Name of the part of the price that falls due with acceptance.")
@click.option("--warranty", "warranty_months", type=int, help="Months of warranty.")
@click.pass_obj
def delivery_edit(session: Session, /, *, wanted: str, task: int | None, milestone: str | None, **given: Any) -> None:
    """Change what is said about goods: quoin delivery edit 1005/2 --warranty 24 --milestone Takeover"""
    found = delivery_named(session, wanted)
    fields = {name: value for name, value in given.items() if value is not None}
    if task is not None:
        fields["task_id"] = task_id_numbered(found.project, task)
    if milestone is not None:
        rows = reads.open_milestones(found, found.project.contract_id).filter(name__iexact=milestone)
        if (row := rows.first()) is None:
            raise NotFound(f"The contract has no open milestone {milestone}.")
        fields["milestone_id"] = row.id
    session.emit(delivery_row(actions.edit_delivery(session.actor, delivery_id=found.id, **fields)))


@delivery.command("units")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.argument("serial_numbers", nargs=-1)
@click.option("--remove", help="Take this serial number away.")
@click.pass_obj
def delivery_units(session: Session, wanted: str, serial_numbers: tuple[str, ...], remove: str | None) -> None:
    """List serial numbers, add some, or remove one: quoin delivery units 1005/2 A-1 A-2"""
    found = delivery_named(session, wanted)
    if serial_numbers:
        actions.add_units(session.actor, delivery_id=found.id, serial_numbers=serial_numbers)
    if remove is not None:
        unit = queries.units_of(found).filter(serial_number=remove).first()
        if unit is None:
            raise NotFound(f"The delivery has no serial number {remove}.")
        actions.remove_unit(session.actor, unit_id=unit.id)
    left = set(reads.units_left(found).values_list("id", flat=True))
    session.emit(
        [{"serial_number": row.serial_number, "is_accepted": row.id not in left} for row in queries.units_of(found)]
    )


@delivery.command("accept")
@click.argument("wanted", metavar="PROJECT/NUMBER")
@click.option("--by", "accepted_by", default="", help="Who of the client accepts.")
@click.option("--on", "on", type=DAY, help="Default: today.")
@click.option("--unit", "serials", multiple=True, help="A serial number; without any: all that are left.")
@click.option("--remarks", default="", help="What is still to be put right.")
@click.option("--visit", "number", type=int, help="Take name, day and signature from this signed visit.")
@click.option("--signature", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A picture.")
@click.pass_obj
def delivery_accept(
    session: Session, /, *, wanted: str, on: date | None, serials: tuple[str, ...], number: int | None,
    signature: Path | None, **told: str,
) -> None:  # fmt: skip
    """Have goods accepted by the client: quoin delivery accept 1005/2 --by Stein"""
    found = delivery_named(session, wanted)
    units = list(queries.units_of(found).filter(serial_number__in=serials))
    if missing := set(serials) - {unit.serial_number for unit in units}:
        raise NotFound(f"The delivery has no serial number {min(missing)}.")
    made = actions.issue_acceptance(
        session.actor, delivery_id=found.id, on=on, unit_ids=[unit.id for unit in units],
        visit_id=visit_numbered(session, number).id if number else None,
        signature=signature.read_bytes() if signature else None, **told,
    )  # fmt: skip
    session.emit(_certificate(reads.certificate_for(session.actor, made.id)))


@click.group()
def acceptance() -> None:
    """Acceptance certificates."""


@acceptance.command("list")
@click.pass_obj
def acceptance_list(session: Session) -> None:
    """List certificates, the latest first."""
    session.emit([_certificate(row) for row in reads.visible_certificates(session.actor)])


@acceptance.command("save")
@click.argument("number", type=int)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def acceptance_save(session: Session, number: int, target: Path) -> None:
    """Write the PDF as it was signed: quoin acceptance save 3 A-0003.pdf"""
    found, content = reads.printed_of(session.actor, _numbered(session, number).id)
    target.write_bytes(content)
    session.emit({**_certificate(found), "file": str(target)})


@acceptance.command("withdraw")
@click.argument("number", type=int)
@click.option("--reason", required=True)
@click.pass_obj
def acceptance_withdraw(session: Session, number: int, reason: str) -> None:
    """Withdraw a certificate; it stays readable."""
    found = _numbered(session, number)
    actions.withdraw_acceptance(session.actor, acceptance_id=found.id, reason=reason)
    session.emit(_certificate(_numbered(session, number)))


@click.group()
def installed() -> None:
    """What stands at clients."""


@installed.command("list")
@click.option("--client", default="", help="Part of the client's name.")
@click.option("--serial", default="", help="Begin of the serial number.")
@click.pass_obj
def installed_list(session: Session, client: str, serial: str) -> None:
    """List accepted units with their warranty."""
    rows = reads.installed_base(session.actor).filter(delivery__project__client__name__icontains=client)
    rows = rows.filter(unit__serial_number__istartswith=serial)
    session.emit(
        [
            {
                "client": row.delivery.project.client.name,
                "site": row.delivery.site.name if row.delivery.site else "",
                "item": row.delivery.item,
                "serial_number": row.unit.serial_number,
                "accepted_on": row.accepted_on,
                "warranty_until": row.warranty_until,
            }
            for row in rows
        ]
    )


def _numbered(session: Session, number: int) -> Any:
    found = reads.visible_certificates(session.actor).filter(number=number).first()
    if found is None:
        raise NotFound(f"There is no certificate {number}, or you may not see it.")
    return found


def _certificate(row: Any) -> dict[str, Any]:
    names = ("accepted_on", "accepted_by", "sha256", "is_withdrawn")
    said = {name: getattr(row, name) for name in names}
    delivery_number = f"{row.delivery.project.number}/{row.delivery.number}"
    return {"number": f"A-{row.number:04d}", "delivery": delivery_number, **said, "id": row.public_id}
