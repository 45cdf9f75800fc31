"""What clients of the demo company accepted: certificates, the installed base behind them, and checklists to copy."""

from __future__ import annotations

from datetime import timedelta

from quoin.base.actor import Actor
from quoin.field import actions
from quoin.field.models import DeliveredUnit, Delivery
from quoin.projects.models import Project

_CHECKLISTS = (
    ("Crane erection", "gantry crane", (
        ("Safety briefing held", False), ("Anchors set and measured", True), ("Load test at 125 % passed", True),
        ("Rope guide greased", False), ("Workplace left clean", False),
    )),
    ("Press line", "press", (
        ("Foundation level within 0.2 mm/m", True), ("Hydraulics tight at 250 bar", False),
        ("Light curtain stops the stroke", True), ("Operators instructed", False),
    )),
    ("Yearly service", "", (
        ("Wear parts looked at", True), ("Oil sample taken", False), ("Emergency stop tested", False),
    )),
)  # fmt: skip
_KINDS = {
    "Press frame": "press", "Hydraulic unit": "hydraulics", "Control cabinet": "controls", "Tool set": "tools",
    "Conveyor section": "conveyor", "Safety fence": "fence", "Gantry crane 20 t": "gantry crane",
}  # fmt: skip
_SIGNERS = ("Anke Stein", "Jürgen Pohl", "Marta Lindqvist")
_MOST_CERTIFICATES = 3
_WARRANTY_MONTHS = 24


def make_checklists(actor: Actor) -> None:
    for name, kind, lines in _CHECKLISTS:
        actions.create_checklist(actor, name=name, kind=kind, lines=lines)


def accept_demo(actor: Actor) -> None:
    """The goods that were installed last are signed for: a few certificates only, as printing takes its time."""
    rows = Delivery.objects.filter(status="installed", project__in=Project.objects.exclude(status="closed"))
    chosen = list(rows.select_related("project").order_by("-installed_on", "project__number", "number"))
    for number, row in enumerate(chosen[:_MOST_CERTIFICATES]):
        actions.edit_delivery(
            actor, delivery_id=row.id, kind=_KINDS.get(row.item, ""), warranty_months=_WARRANTY_MONTHS
        )
        known = DeliveredUnit.objects.filter(delivery=row).count()
        actions.add_units(
            actor,
            delivery_id=row.id,
            serial_numbers=[f"SN-{row.number:02d}{at}-{number + 1}" for at in range(known, 3)],
        )
        units = list(DeliveredUnit.objects.filter(delivery=row).order_by("serial_number"))
        on = min(actor.today, (row.installed_on or actor.today) + timedelta(days=2))
        # Of the first one a unit is left for later.
        actions.issue_acceptance(
            actor, delivery_id=row.id, on=on, accepted_by=_SIGNERS[number],
            unit_ids=[unit.id for unit in (units[:-1] if number == 0 else units)],
            remarks="Paint of the railing is touched up by the end of the month." if number == 0 else "",
        )  # fmt: skip
