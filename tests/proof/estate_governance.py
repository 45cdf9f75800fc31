"""Governance of the proof's firm: a risk, a draft of a change order with a line, a report and a lesson, near and far."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from quoin.base.numbering import next_number
from quoin.governance.models import ChangeLine, ChangeLink, ChangeOrder, Lesson, RaidItem, RaidState, StatusReport


def steer(estate: Any) -> None:
    """The rows of both places, each text with the place's mark."""
    now = estate.world.actor.now
    for place, ids in (("near", estate.near), ("far", estate.far)):
        said = estate.mark(place, "project")
        risk = RaidItem.objects.create(
            project_id=ids["prj"], task_id=ids["tsk"], number=1, title=said, detail=said, response=said, probability=3,
            impact=3, impact_amount=Decimal("117.90"), raised_on=date(2026, 5, 4),
        )  # fmt: skip
        RaidState.objects.create(
            item=risk, at=now, status="open", probability=3, impact=3, impact_amount=Decimal("117.90"), note=said
        )
        order = ChangeOrder.objects.create(
            project_id=ids["prj"], contract_id=ids["ctr"], number=next_number("change_order"), title=said, scope=said,
            reason=said, currency="EUR", created_at=now, price_amount=Decimal(100),
        )  # fmt: skip
        line = ChangeLine.objects.create(change=order, position=1, kind="price", text=said, amount=Decimal(100))
        link = ChangeLink.objects.create(
            change=order, digest=hashlib.sha256(said.encode()).hexdigest(), created_at=now, revoked_at=now,
            expires_at=now + timedelta(days=14),
        )  # fmt: skip
        report = StatusReport.objects.create(
            project_id=ids["prj"], number=1, as_of=date(2026, 5, 4), summary=said, written_at=now,
            facts={
                "as_of": "2026-05-04", "progress": "0.5", "used": None, "ends_on": None, "baseline": "",
                "figures": [{"key": "project.worked", "label": said, "unit": "minutes", "sums": {"": "60"}, "lines": []}],
                "slipped": [], "milestones": [], "done": [], "upcoming": [], "raid": [], "changes": [],
            },
        )  # fmt: skip
        lesson = Lesson.objects.create(
            project_id=ids["prj"], number=1, title=said, what=said, advice=said, learned_on=date(2026, 5, 4)
        )
        ids.update(
            {
                "rai": risk.id, "cho": order.id, "chl": line.id, "chk": link.id, "srp": report.id, "lsn": lesson.id,
            }
        )  # fmt: skip
