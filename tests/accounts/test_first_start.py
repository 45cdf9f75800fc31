"""The first start: the page that opens a firm, and links that lead to where Quoin is served."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from quoin.accounts.models import LegalEntity, Tenant
from quoin.accounts.queries.standing import tenant_ids
from quoin.accounts.web import enter
from quoin.base.db.context import tenant_transaction
from quoin.site.database import known_address, remember_address
from tests.make import World


def test_the_first_page_opens_the_firm_with_its_company_zone_and_language(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enter, "tenant_ids", list)
    form = {
        "code": enter.start_code(), "firm": f"Nordlys {world.actor.tenant_id.hex}", "name": "Kari", "country": "no",
        "email": f"kari@{world.actor.tenant_id.hex}.example", "password": "long and not common 8", "currency": "NOK",
        "zone": "Europe/Oslo", "language": "de",
    }  # fmt: skip

    refused = Client().post("/start", {**form, "country": "Norway"})
    opened = Client().post("/start", form)

    assert (refused.status_code, opened.status_code) == (422, 302)
    with tenant_transaction(replace(world.actor, tenant_id=max(tenant_ids()))):
        firm = Tenant.objects.get()
        assert (firm.name, firm.zone, firm.locale, firm.currency) == (form["firm"], "Europe/Oslo", "de", "NOK")
        assert list(LegalEntity.objects.values_list("name", "country")) == [(firm.name, "NO")]


def test_the_command_line_knows_where_quoin_was_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOIN_HOME", str(tmp_path / "new"))
    assert known_address() == "http://127.0.0.1:8000"

    remember_address("http://127.0.0.1:8010")

    assert known_address() == "http://127.0.0.1:8010"
