"""Templates of the demo firm: those that come with Quoin, two projects begun from them, gates waiting and waived."""

from __future__ import annotations

from datetime import timedelta

from quoin.base.actor import Actor
from quoin.projects.actions import create_project, edit_project
from quoin.projects.actions.gates import tick_item, waive_gate
from quoin.projects.actions.templates import propose_template_change, take_template
from quoin.projects.models import Gate, GateItem, Project
from quoin.projects.rules.templates.shipped import SHIPPED
from quoin.site.demo.people import Staff
from quoin.site.demo.work import Portfolio

_WAIVED = "The client signed on site; the paper follows by post."
_LEARNED = "Ask for the floor plan together with the survey: both late jobs waited two weeks for it."


def begin_demo(system: Actor, staff: Staff, portfolio: Portfolio) -> None:
    """A line that is being put up, and a client that is being taken on."""
    taken = {key: take_template(system, shipped=key) for key in SHIPPED}
    actor = staff.actor((staff.with_job("project_manager") or staff.everybody)[0]).at(system.now)
    clients = [portfolio.clients[key] for key in sorted(portfolio.clients, key=str)]
    soon = system.today + timedelta(days=7)
    line = create_project(
        system, name="Packing line 3", client_id=clients[0], template_id=taken["installation"].id, starts_on=soon,
        answers={"site": "Hall 3"}, manager_id=actor.person_id,
    )  # fmt: skip
    create_project(
        system, name="Service take-over", client_id=clients[-1], template_id=taken["onboarding"].id,
        ends_on=system.today + timedelta(days=90), manager_id=actor.person_id,
    )  # fmt: skip
    edit_project(system, project_id=line.id, budget_amount=84_000)
    released = Gate.objects.get(project=line, name="Order released")
    waive_gate(system, gate_id=released.id, reason=_WAIVED)
    ready = Gate.objects.get(project=line, name="Site ready")
    first = GateItem.objects.filter(gate=ready, kind="manual").earliest("position")
    tick_item(system, item_id=first.id, note="Checked with the builder")
    source = Project.objects.filter(id=line.id).values_list("number", flat=True).first()
    propose_template_change(actor, template_id=taken["installation"].id, text=_LEARNED, source=f"project {source}")
