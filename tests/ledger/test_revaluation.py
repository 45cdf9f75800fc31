"""Exchange differences at a month's end (R14): posted, taken back on the next day, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quoin.kernel.errors import Forbidden, Invalid, NotFound
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money, Rounding
from quoin.ledger import services
from quoin.ledger.actions.periods import close_period, open_period, reopen_period, revalue_period
from quoin.ledger.models import FxRate
from quoin.ledger.models import Journal as JournalRow
from quoin.ledger.queries.journals import journal_value
from quoin.ledger.queries.revaluation import MonthEnd, revaluation
from quoin.ledger.rules.fx import convert, fixed
from quoin.ledger.rules.settlements import Settlement, receive
from quoin.ledger.types import (
    AccountRole,
    Dimensions,
    Journal,
    JournalLine,
    OpenItem,
    PeriodClosed,
    RateMissing,
    SourceRef,
    Valued,
)  # fmt: skip
from tests.billing.test_story import broken
from tests.make import World, billing, new_world
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.web import signed_in

R = AccountRole
MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 1)
CLIENT = Dimensions(client_id=uuid7())
RATE = Decimal("1.1111111111")
"""Dollars per euro on 31 March: 0.9000 to four digits, as in the worked example."""


@pytest.fixture(autouse=True)
def _march() -> Iterator[None]:
    """Quotes of the tests' own source, which sorts after the published ones; the table is global."""
    row = FxRate.objects.create(currency="USD", on=MARCH, per_euro=RATE, source="test revaluation")
    yield
    FxRate.objects.filter(source=row.source).delete()


def usd(amount: str | Decimal) -> Money:
    return Money(Decimal(amount), "USD")


def eur(amount: str | Decimal) -> Money:
    return Money(Decimal(amount), "EUR")


def line(account: AccountRole, amount: str, base: str, about: Dimensions = CLIENT) -> JournalLine:
    return JournalLine(account, usd(amount), eur(base), about)


def posted(world: World, on: date, *lines: JournalLine, kind: str = "invoice") -> None:
    journal = Journal(kind=kind, posting_on=on, text=kind, lines=lines)
    source = SourceRef(kind, uuid7())

    def run() -> None:
        services.PostingCalendar(world.actor, entity_id=world.entity.id).day(on)
        services.post(world.actor, entity_id=world.entity.id, source=source, journal=journal)

    world.do(run)


def invoiced(world: World, amount: str = "10000", base: str = "9200", *, on: date = date(2026, 3, 10)) -> None:
    posted(world, on, line(R.RECEIVABLE, amount, base), line(R.REVENUE_TIME, f"-{amount}", f"-{base}"))


def revalue(world: World, month: str = "2026-03"):
    return revalue_period(world.actor, entity_id=world.entity.id, month=month)


def seen(world: World, start: date = date(2026, 3, 1)) -> MonthEnd:
    with world.inside(read_only=True):
        return revaluation(world.actor, entity_id=world.entity.id, start=start)


def balances(world: World, until: date) -> dict[str, str]:
    return {role: f"{amount:.2f}" for role, amount in billing.balances(world, until).items()}


def test_example_31_runs_through_the_action(world: World) -> None:
    # accounting.json, no. 31: 10,000 USD at 0.92 stand at 0.90 at the month's end and are paid at 0.91.
    invoiced(world)

    journal_id, back_id = revalue(world)

    with world.inside():
        first, back = journal_value(journal_id), journal_value(back_id)
        rows = {row.id: row for row in JournalRow.objects.all()}
    assert first.posting_on == MARCH
    assert [(one.account, one.amount, one.base) for one in first.lines] == [
        (R.RECEIVABLE, usd(0), eur("-200")),
        (R.FX_LOSS, usd(0), eur(200)),
    ]
    assert back.posting_on == APRIL
    assert [(one.account, one.base) for one in back.lines] == [(R.RECEIVABLE, eur(200)), (R.FX_LOSS, eur(-200))]
    assert rows[back_id].reverses_id == journal_id
    assert (rows[journal_id].source_kind, rows[back_id].source_kind) == ("revaluation", "revaluation_reversal")
    assert balances(world, MARCH) == {"1100": "9000.00", "4000": "-9200.00", "7010": "200.00"}
    assert balances(world, APRIL) == {"1100": "9200.00", "4000": "-9200.00"}
    item = OpenItem(uuid7(), R.RECEIVABLE, Valued(usd(10000), eur(9200)), CLIENT)
    rate = fixed(Decimal("0.91"), currency="USD", base_currency="EUR", on=date(2026, 4, 15), source="test")
    receipt = receive(
        [Settlement(item, usd(10000))], received=usd(10000), rate=rate, bank=R.BANK_FOREIGN,
        posting_on=date(2026, 4, 15), text="payment", dimensions=CLIENT,
    )  # fmt: skip
    posted(world, date(2026, 4, 15), *receipt.journal.lines, kind="payment")
    assert balances(world, date(2026, 4, 15)) == {"1010": "9100.00", "4000": "-9200.00", "7010": "100.00"}
    assert broken(world) == []


def test_another_run_posts_nothing_and_one_after_a_change_the_difference(world: World) -> None:
    invoiced(world)
    revalue(world)
    assert revalue(world) == ()
    assert seen(world).is_posted

    invoiced(world, "1000", "950", on=date(2026, 3, 20))
    late, _ = revalue(world)
    with world.inside():
        assert [one.base for one in journal_value(late).lines] == [eur(-50), eur(50)]

    FxRate.objects.filter(source="test revaluation").update(per_euro=Decimal("1.25"))
    corrected, back = revalue(world)
    with world.inside():
        # 11,000 USD at 0.80 are 8,800: 1,350 less than carried, of which 250 are posted.
        assert [one.base for one in journal_value(corrected).lines] == [eur(-1100), eur(1100)]
        assert journal_value(back).posting_on == APRIL
    found = seen(world)
    assert (found.difference, found.to_post, len(found.journals)) == (eur(-1350), eur(0), 6)
    assert balances(world, APRIL) == {"1100": "10150.00", "4000": "-10150.00"}
    assert revalue(world) == ()


def test_what_was_paid_meanwhile_is_taken_back(world: World) -> None:
    invoiced(world)
    revalue(world)
    posted(world, date(2026, 3, 30), line(R.BANK_FOREIGN, "10000", "9200"), line(R.RECEIVABLE, "-10000", "-9200"))

    revalue(world)

    # The loss on the claim comes back as a gain, the money has one of its own.
    assert balances(world, MARCH) == {"1010": "9000.00", "4000": "-9200.00", "7010": "400.00", "7000": "-200.00"}
    assert not seen(world).stuck


def test_vat_contract_liabilities_and_the_own_currency_stay(world: World) -> None:
    posted(
        world, date(2026, 3, 10), line(R.RECEIVABLE, "2190", "2014.80"), line(R.REVENUE_TIME, "-1000", "-920"),
        line(R.OUTPUT_VAT, "-190", "-174.80"), line(R.CONTRACT_LIABILITY, "-1000", "-920"),
    )  # fmt: skip
    own = (JournalLine(R.RECEIVABLE, eur(50), eur(50)), JournalLine(R.REVENUE_TIME, eur(-50), eur(-50)))
    posted(world, date(2026, 3, 11), *own)

    revalue(world)

    assert balances(world, MARCH) == {
        "1100": "2021.00", "2100": "-174.80", "2200": "-920.00", "4000": "-970.00", "7010": "43.80",
    }  # fmt: skip


def test_value_left_where_nothing_is_open_is_shown_and_not_posted(world: World) -> None:
    invoiced(world)
    posted(world, date(2026, 3, 30), line(R.BANK_FOREIGN, "10000", "9199.97"), line(R.RECEIVABLE, "-10000", "-9199.97"))

    found = seen(world)

    assert [(row.standing.account, row.standing.carried) for row in found.stuck] == [(R.RECEIVABLE, eur("0.03"))]
    revalue(world)
    assert balances(world, MARCH)["1100"] == "0.03"
    page = signed_in(world).get(f"/ledger/periods/{world.entity.id}/2026-03/revaluation").content.decode()
    assert "nothing is open in USD, yet a value is left" in page


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cents=st.integers(1, 10_000_000), billed=st.integers(5_000, 20_000), end=st.integers(5_000, 20_000),
    paid=st.integers(5_000, 20_000), percent=st.integers(1, 100),
)  # fmt: skip
def test_payment_gives_the_same_result_with_and_without_revaluation(
    world: World, cents: int, billed: int, end: int, paid: int, percent: int
) -> None:
    amount = usd(Decimal(cents) / 100)
    first, last = (
        fixed(Decimal(rate) / 10_000, currency="USD", base_currency="EUR", on=MARCH, source="test")
        for rate in (billed, paid)
    )
    base = convert(amount, first).base
    part = (amount * (Decimal(percent) / 100)).round(Rounding.HALF_UP)
    results = []
    for is_revalued in (False, True):
        with transaction.atomic():
            FxRate.objects.filter(source="test revaluation").update(per_euro=Decimal(10_000) / end)
            if base:
                invoiced(world, str(amount.amount), str(base.amount))
            moved = revalue(world) if is_revalued else ()
            assert bool(moved) is (is_revalued and bool(seen(world).difference))
            if part and base:
                item = OpenItem(uuid7(), R.RECEIVABLE, Valued(amount, base), CLIENT)
                receipt = receive(
                    [Settlement(item, part)], received=part, rate=last, bank=R.BANK_FOREIGN,
                    posting_on=date(2026, 4, 15), text="payment", dimensions=CLIENT,
                )  # fmt: skip
                posted(world, date(2026, 4, 15), *receipt.journal.lines, kind="payment")
            results.append(billing.balances(world))
            transaction.set_rollback(True)
    assert results[0] == results[1]


def test_months_that_take_no_postings_are_refused(world: World) -> None:
    invoiced(world)
    where = {"entity_id": world.entity.id}
    with pytest.raises(PeriodClosed, match="2026-05 has not ended; its last day is 2026-05-31"):
        revalue(world, "2026-05")
    with pytest.raises(Invalid):
        revalue(world, "May")
    for month in ("2026-03", "2026-04"):
        open_period(world.actor, **where, month=month)
        close_period(world.actor, **where, month=month)

    for month in ("2026-02", "2026-03", "2026-04"):
        with pytest.raises(PeriodClosed, match=f"{month} is closed"):
            revalue(world, month)
    # Its own month is open again, but the day of the reversal lies in a closed one.
    other = new_world().actor
    reopen_period(replace(world.actor, user_id=other.user_id), **where, month="2026-03", reason="late bill")
    with pytest.raises(PeriodClosed, match="2026-04 is closed"):
        revalue(world)
    assert balances(world, MARCH) == {"1100": "9200.00", "4000": "-9200.00"}


def test_a_missing_rate_is_named(world: World) -> None:
    about = [
        JournalLine(role, Money(Decimal(sign), "KWD"), eur(sign), CLIENT)
        for role, sign in ((R.BANK, 9), (R.REVENUE_TIME, -9))
    ]
    posted(world, date(2026, 3, 10), *about)

    with pytest.raises(RateMissing, match="No exchange rate of KWD is known for 2026-03-31"):
        revalue(world)
    assert "No exchange rate of KWD" in signed_in(world).get("/ledger/periods").content.decode()


def test_doors_show_post_and_tell(world: World) -> None:
    invoiced(world)
    path = f"/ledger/periods/{world.entity.id}/2026-03"
    browser = signed_in(world)
    months = browser.get("/ledger/periods").content.decode()
    assert any("are not posted" in row for row in months.split("<tr") if f'href="{path}/revaluation"' in row)

    page = browser.get(f"{path}/revaluation").content.decode()
    assert "Post and reverse on 1 April 2026" in page
    lines = page.split('class="figure" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "10,000.00" in browser.get(lines).content.decode()
    key = world.entity.public_id
    (item,) = api(world).get(f"/ledger/periods/{key}/2026-03/revaluation").body["items"]
    assert (item["carried"]["amount"], item["base"]["amount"], item["to_post"]["amount"]) == (
        "9200.00",
        "9000.00",
        "-200.00",
    )
    (row,) = quoin(world, "period", "revalue", "2026-03")
    assert (row["open"], row["worth"], row["to_post"]) == ("10000.00", "9000.00", "-200.00")
    assert api(world).post(f"/ledger/periods/{key}/2026-03/revaluation").body == {"month": "2026-03", "journal_ids": []}
    assert browser.post(f"{path}/revalue").status_code == 303
    done = browser.get(f"{path}/revaluation").content.decode()
    assert "All differences are posted" in done
    assert done.count("/ledger/journals/jou_") == 2
    # Rates are the whole instance's: other months may have differences too, where another test brought theirs.
    rows = browser.get("/ledger/periods").content.decode().split("<tr")
    assert [("are not posted" in row, "None to post" in row) for row in rows if f"{path}/" in row] == [(False, True)]


def test_strangers_and_readers_are_refused(world: World) -> None:
    invoiced(world)
    other = new_world()

    with pytest.raises(NotFound):
        revalue_period(other.actor, entity_id=world.entity.id, month="2026-03")
    with pytest.raises(Forbidden):
        revalue_period(world.with_rights("ledger.journal.view"), entity_id=world.entity.id, month="2026-03")
    with other.inside(), pytest.raises(NotFound):
        revaluation(other.actor, entity_id=world.entity.id, start=date(2026, 3, 1))
    assert not seen(other).rows
    page = signed_in(other).get(f"/ledger/periods/{other.entity.id}/2026-03/revaluation").content.decode()
    assert "Nothing is open in another currency" in page
    reader = signed_in(world, "ledger.journal.view")
    assert (
        "Post and reverse" not in reader.get(f"/ledger/periods/{world.entity.id}/2026-03/revaluation").content.decode()
    )
    assert reader.post(f"/ledger/periods/{world.entity.id}/2026-03/revalue").status_code == 403
