"""In German, whose words are longer, the pages of every day keep within a phone's screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from quoin.accounts.models import Tenant
from tests.e2e.firm import Firm, build

if TYPE_CHECKING:
    from quoin.accounts.models import User

pytestmark = pytest.mark.e2e
PHONE = {"width": 390, "height": 844}
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def firm() -> Firm:
    found = build()
    found.world.do(lambda: Tenant.objects.filter(id=found.world.tenant_id).update(locale="de"))
    return found


def test_pages_of_every_day_fit_a_phone(firm: Firm, sign_in: Callable[..., Page]) -> None:
    user: User = firm.user
    page = sign_in(user, viewport=PHONE, locale="de-DE")

    for address, title in (
        ("/", "Mein Tag"), ("/time/2026-W19", "Stundenzettel"), ("/time/month/2026-05", "Monat"),
        ("/invoices", "Rechnungen"), ("/expenses", "Auslagen"), ("/me/settings", "Profil und Einstellungen"),
    ):  # fmt: skip
        page.goto(address)
        expect(page.locator("h1").first).to_contain_text(title)
        assert page.evaluate(_WIDER) <= 0, address
    assert page.locator("html").get_attribute("lang") == "de"
