"""What a proof's firm holds beside its work: baselines of its plans, and others who are told what happens."""

from __future__ import annotations

from datetime import date
from typing import Any

from quoin.base.sealing import seal
from quoin.billing.models import PackMove, PrepaidPack
from quoin.compliance.models import Export
from quoin.insights.models import Scenario, ScenarioChange
from quoin.integrations.models import WebhookDelivery, WebhookEndpoint
from quoin.kernel.ids import uuid7
from quoin.projects.models import Baseline
from quoin.resourcing.models import StaffingRun


def furnish(estate: Any) -> None:
    """A baseline of the near and the far project, and one webhook with a delivery."""
    now = estate.world.actor.now
    for place, ids in (("near", estate.near), ("far", estate.far)):
        said = estate.mark(place, "project")
        ids["bas"] = Baseline.objects.create(project_id=ids["prj"], name=said, note=said, taken_at=now).id
    for number, (place, ids) in enumerate((("near", estate.near), ("far", estate.far)), 9001):
        pack = PrepaidPack.objects.create(
            number=number, name=estate.mark(place, "contract"), contract_id=ids["ctr"], client_id=ids["cli"], size=600,
            currency="EUR", price_amount=1000, sold_on=date(2026, 6, 1), sold_at=now,
        )  # fmt: skip
        PackMove.objects.create(pack=pack, kind="sale", on=pack.sold_on, units=600, amount=1000, moved_at=now)
        ids["pck"] = pack.id
    endpoint = WebhookEndpoint.objects.create(
        url="https://told.example/quoin", description=f"{estate.sign}webhook", event_names=["*"], secret=seal("whsec_proof"),
        created_at=now,
    )  # fmt: skip
    WebhookDelivery.objects.create(
        endpoint=endpoint, event_id=uuid7(), event_name="billing.invoice.issued", body="{}", status="failed",
        created_at=now,
    )  # fmt: skip
    Export.objects.create(asked_at=now, asked_by=f"{estate.sign}export", form="csv")
    StaffingRun.objects.create(asked_at=now, asked_by=estate.world.boss, version="1", message=f"{estate.sign}run")
    scenario = Scenario.objects.create(name=f"{estate.sign}scenario", reach="shared", made_at=now)
    ScenarioChange.objects.create(
        scenario=scenario,
        kind="project.shift",
        data={"project_id": str(estate.near["prj"]), "days": 7, "from_on": None},
        made_at=now,
    )
