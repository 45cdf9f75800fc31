"""Screens and API of the books."""

from datetime import date

from quoin.ledger.actions.periods import open_period
from tests.ledger.test_posting import approval, post
from tests.make import World
from tests.make.web import signed_in


def test_balance_opens_its_lines_and_lines_their_journal(world: World) -> None:
    post(world, approval("2400.00", on=date(2026, 5, 4)))
    browser = signed_in(world, "ledger.journal.view")

    page = browser.get("/ledger", {"until": "2026-05-31"}).content.decode()
    assert "2,400.00" in page
    link = page.split('class="figure" href="')[1].split('"')[0].replace("&amp;", "&")
    lines = browser.get(link).content.decode()
    assert lines.count("Unbilled work") == 1
    journal = lines.split("/ledger/journals/")[1].split('"')[0]
    assert "2,400.00" in browser.get(f"/ledger/journals/{journal}").content.decode()
    assert "Approved time" in browser.get("/ledger/journals").content.decode()
    assert browser.get("/ledger/rates").status_code == 200


def test_month_is_closed_on_screen_and_only_another_opens_it(world: World) -> None:
    open_period(world.actor, entity_id=world.entity.id, month="2026-03")
    browser = signed_in(world, "ledger.journal.view", "ledger.period.close", "ledger.period.reopen")

    assert browser.post(f"/ledger/periods/{world.entity.id}/2026-03/close").status_code == 303
    assert "Closed" in browser.get("/ledger/periods").content.decode()
    refused = browser.post(f"/ledger/periods/{world.entity.id}/2026-03/reopen", {"reason": "late bill"})
    assert refused.status_code == 409
    other = signed_in(world, "ledger.journal.view", "ledger.period.reopen")
    assert other.post(f"/ledger/periods/{world.entity.id}/2026-03/reopen", {"reason": "late bill"}).status_code == 303


def test_books_over_the_api(world: World) -> None:
    post(world, approval("10.00", on=date(2026, 5, 4)))
    browser = signed_in(world, "ledger.journal.view")

    balance = browser.get("/api/v1/ledger/trial-balance", {"entity": world.entity.public_id}).json()["data"]
    assert [(row["account"], row["balance"]["currency"]) for row in balance] == [("1150", "EUR"), ("4000", "EUR")]
    (journal,) = browser.get("/api/v1/ledger/journals").json()["data"]
    found = browser.get(f"/api/v1/ledger/journals/{journal['id']}").json()
    assert [line["account"] for line in found["lines"]] == ["1150", "4000"]
    assert browser.get("/api/v1/ledger/periods").json()["data"][0]["month"] == "2026-05"


def test_books_are_closed_to_strangers(world: World) -> None:
    browser = signed_in(world, "clients.client.view")

    for path in ("/ledger", "/ledger/journals", "/ledger/lines", "/ledger/periods", "/api/v1/ledger/journals"):
        assert browser.get(path).status_code == 403, path
