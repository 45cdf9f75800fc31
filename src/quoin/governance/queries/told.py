"""A status report as its reader may see it: its figures ask for the same rights as anywhere else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from quoin.base.actor import Actor
from quoin.base.figures import FIGURES, may_ask
from quoin.governance.models import StatusReport
from quoin.governance.queries import report_for
from quoin.governance.queries.drafting import COSTS
from quoin.people.queries import VIEW_COST


def told_report(actor: Actor, report_id: UUID) -> StatusReport:
    """The report, to be shown and not to be saved: without the frozen figures that the reader may not ask for."""
    found = report_for(actor, report_id)
    found.facts = {**found.facts, "figures": [one for one in found.facts["figures"] if _may_see(actor, one)]}
    return found


def _may_see(actor: Actor, one: dict[str, Any]) -> bool:
    figure = FIGURES.get(one["key"])
    if figure is None or one["key"] in COSTS:
        return actor.may(VIEW_COST)
    return may_ask(actor, figure)
