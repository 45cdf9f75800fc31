"""The small demo company is one that could be: late entries, and one client only that costs more than it pays."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F, Q
from django.db.models.functions import TruncWeek

from quoin.base.db.context import tenant_transaction
from quoin.base.figures import Parameters, Sums, value_of
from quoin.clients.models import Client
from quoin.integrations.models import WebhookDelivery, WebhookEndpoint
from quoin.projects.models import Project
from quoin.site.demo import Loaded
from quoin.timesheets.models import TimeEntry

pytestmark = pytest.mark.slow


def _margins(demo: Loaded) -> dict[str, Sums]:
    with tenant_transaction(demo.actor, read_only=True):
        ids = set(Project.objects.filter(contract__isnull=False).values_list("client_id", flat=True))
        return {
            client.name: value_of(demo.actor, "client.margin_ratio", Parameters(client_id=client.id)).sums
            for client in Client.objects.filter(id__in=ids, is_internal=False)
        }


def test_only_the_told_client_costs_more_than_it_brings(demo: Loaded) -> None:
    margins = _margins(demo)

    assert {name for name, sums in margins.items() if any(share < 0 for share in sums.values())} == {"Odda MSP"}


def test_three_to_six_percent_of_the_entries_came_after_their_week(demo: Loaded) -> None:
    with tenant_transaction(demo.actor, read_only=True):
        past = TimeEntry.objects.filter(status="approved").annotate(monday=TruncWeek("work_on"))
        late = past.filter(Q(entered_at__date__gt=F("monday") + timedelta(days=6))).count()
        count = past.count()

    assert 3 <= Decimal(100 * late) / count <= 6


def test_webhooks_have_a_log_and_send_nothing(demo: Loaded) -> None:
    with tenant_transaction(demo.actor, read_only=True):
        paused = list(WebhookEndpoint.objects.values_list("paused_at", flat=True))
        states = set(WebhookDelivery.objects.values_list("status", flat=True))

    assert len(paused) == 2
    assert None not in paused
    assert states == {"delivered", "failed", "held"}
