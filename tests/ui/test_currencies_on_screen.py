"""An amount on a tile says its currency, and a card that may not show amounts says that."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from quoin.ledger.models import FxRate
from tests.make import World
from tests.make import money as make
from tests.make.web import signed_in


def _tiles(page: str) -> list[str]:
    return re.findall(r'<h2 class="tile-label">([^<]*)</h2>', page)


def test_tiles_of_unbilled_work_name_their_currency(world: World) -> None:
    # Rates are the same for all tenants, so the day is one that no other test counts on.
    day = date(2010, 3, 31)
    FxRate.objects.get_or_create(currency="GBP", on=day, source="test", defaults={"per_euro": Decimal("0.9")})
    ana = world.person(cost="0")
    for currency in ("EUR", "GBP"):
        card = make.rate_card(world, currency=currency, is_default=False, since=date(2000, 1, 1))
        contract = make.contract(world, currency=currency, rate_card=card)
        make.approved_time(world, on=make.project(world, under=contract), by=ana, day=day)

    page = signed_in(world).get("/billing/unbilled").content.decode()

    labels = _tiles(page)
    assert len(labels) == len(set(labels))
    assert {label.rpartition(", ")[2] for label in labels} == {"EUR", "GBP"}


def test_portfolio_says_that_a_right_is_missing(world: World) -> None:
    rights = ("insights.portfolio.view", "projects.project.view")

    denied = signed_in(world, *rights).get("/portfolio").content.decode()
    allowed = signed_in(world).get("/portfolio").content.decode()

    assert "You may not see revenue and cost." in denied
    assert "Nothing is at risk" not in denied
    assert "No work is approved yet" not in denied
    assert "No work is approved yet" in allowed
    assert "You may not see" not in allowed
