"""Two scenarios of the demo: two more SAP consultants, and a deal that is won while Vega runs late."""

from __future__ import annotations

from datetime import timedelta

from quoin.base.actor import Actor
from quoin.insights.actions.scenarios import add_change, comment_scenario, create_scenario
from quoin.insights.models import Scenario
from quoin.kernel.period import add_months
from quoin.projects.models import Project
from quoin.resourcing.models import Booking
from quoin.site.demo.engagements import VEGA
from quoin.site.demo.people import Staff
from quoin.site.demo.work import Portfolio

_ROLE = "consultant"
_WEEKS_LATE, _DEAL_WEEKS, _HELP_WEEKS = 4, 14, 8


def imagine_demo(system: Actor, staff: Staff, portfolio: Portfolio) -> None:
    """Keep both, shared with everybody, with what the firm says about them."""
    owners = staff.with_job("resource_manager") or staff.everybody
    actor = staff.actor(owners[0]).at(system.now)
    _hires(actor, staff)
    _deal(actor, staff, portfolio)


def _hires(actor: Actor, staff: Staff) -> None:
    role = staff.job_ids[_ROLE]
    starts = add_months(actor.today.replace(day=1), 1)
    made = create_scenario(
        actor, name="Hire 2 SAP", reach="shared", note="Relief for those who are booked over their week.",
        changes=[{"kind": "person.hire", "role_id": role, "count": 2, "starts_on": starts, "name": "SAP consultant"}],
    )  # fmt: skip
    # Somebody who is there takes a part of what the busiest are booked on, until the hires are ready.
    crowded = Booking.objects.filter(starts_on__gt=actor.today + timedelta(weeks=2)).order_by("-amount", "id").first()
    if crowded is not None:
        add_change(actor, scenario_id=made.id, kind="booking.move", booking_id=crowded.id, by_days=7 * _HELP_WEEKS)
    comment_scenario(actor, scenario_id=made.id, text="Recruiting says: July is possible if we decide this month.")


def _deal(actor: Actor, staff: Staff, portfolio: Portfolio) -> Scenario:
    starts = add_months(actor.today.replace(day=1), 1)
    changes = []
    vega = portfolio.projects.get(VEGA)
    if vega is not None and Project.objects.filter(id=vega.id, status__in=("planned", "active", "on_hold")).exists():
        changes.append({"kind": "project.shift", "project_id": vega.id, "days": 7 * _WEEKS_LATE})
    client = Project.objects.filter(status="active", contract__isnull=False).order_by("number").first()
    if client is not None:
        changes.append({
            "kind": "deal.win", "name": "Lumo rollout", "client_id": client.client_id, "starts_on": starts,
            "weeks": _DEAL_WEEKS, "price": "210000", "currency": "EUR",
            "team": [{"role_id": str(staff.job_ids[_ROLE]), "percent": 80, "count": 2}],
        })  # fmt: skip
    return create_scenario(
        actor, name="Lumo partner + delay Vega", reach="shared", changes=changes,
        note="Lumo is won, and the press line of Vega starts four weeks later.",
    )  # fmt: skip
