"""Prepaid packs end to end: sold, invoiced, used up by approved time, expired, paid back; the books agree all the way."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from quoin.base.clock import utc_now
from quoin.billing.actions.charges import release_charges, write_down_charges
from quoin.billing.actions.invoices import credit_invoice, issue_invoices
from quoin.billing.actions.links import create_link
from quoin.billing.actions.packs import (
    bill_pack,
    cancel_pack,
    cover_work,
    expire_pack,
    refund_pack,
    revive_pack,
    sell_pack,
    uncover_work,
)
from quoin.billing.actions.runs import build_run
from quoin.billing.models import Charge, InvoiceLine, PackMove, PrepaidPack
from quoin.billing.queries.packs import pack_for, packs, steps, sums_of
from quoin.billing.types import PackUsedUp
from quoin.kernel.errors import Conflict, DomainError, Invalid, NotFound
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money
from quoin.ledger.models import FxRate
from tests.billing.test_story import broken
from tests.make import World, billing, money, web
from tests.make.api import api
from tests.make.cli import quoin

MARCH = date(2026, 3, 31)
SOLD = date(2026, 1, 10)
THREADS = 16


@pytest.fixture
def job(world: World):
    return billing.job(world, rate="135.00")


def sell(world: World, job, *, hours: int | None = 100, price: str = "12000.00", **fields) -> PrepaidPack:
    fields.setdefault("sold_on", SOLD)
    fields.setdefault("name", f"{hours} hours")
    minutes = None if hours is None else hours * 60
    return sell_pack(world.actor, contract_id=job.contract_id, price=billing.eur(price), minutes=minutes, **fields)


def invoiced(world: World, pack: PrepaidPack, *, on: date = SOLD):
    found = issue_invoices(world.actor, invoice_ids=[bill_pack(world.actor, pack_id=pack.id).id], issue_on=on)
    assert not found.refused, found.refused
    return found.invoices[0]


def work(world: World, job, hours: str, day: date, by=None, **fields) -> None:
    by = by or world.person(cost="0")
    money.approved_time(world, on=job, by=by, minutes=[int(Decimal(hours) * 60)], day=day, **fields)


def left(world: World, pack: PrepaidPack) -> tuple[Decimal, Decimal]:
    with world.inside():
        row = PrepaidPack.objects.get(id=pack.id)
        return row.left_size, row.left_amount


def test_case_16_two_packs_are_used_in_turn_and_the_rest_is_billed(world: World, job) -> None:
    first, second = sell(world, job), sell(world, job, hours=50, price="5500.00", sold_on=date(2026, 2, 10))
    invoiced(world, first)
    invoiced(world, second, on=date(2026, 2, 10))
    assert billing.balances(world) == {"1100": Decimal(20825), "2200": Decimal(-17500), "2100": Decimal(-3325)}
    by = world.person(cost="0")
    for day, minutes in ((7, [1050]), (14, [900, 975]), (21, [1200, 1200, 1200]), (28, [600, 600, 600, 600, 300, 300])):
        money.approved_time(world, on=job, by=by, minutes=minutes, day=date(2026, 3, day))
        assert broken(world) == []

    assert left(world, first) == left(world, second) == (0, 0)
    with world.inside():
        open_ = list(Charge.objects.filter(status="unbilled"))
        assert sum(one.billable_minutes for one in open_) == 525
        assert sum(one.amount for one in open_) == Decimal("1181.25")
    last = billing.issued(world, on=MARCH)
    assert (last.net_amount, billing.balances(world)["4030"]) == (Decimal("1181.25"), Decimal(-17500))
    assert billing.balances(world)["4000"] == Decimal("-1181.25")
    assert "2200" not in billing.balances(world)
    assert "1150" not in billing.balances(world)
    assert broken(world) == []


def test_the_moves_add_up_to_what_is_left_line_by_line(world: World, job) -> None:
    pack = sell(world, job, hours=10, price="1000.00")
    work(world, job, "2.5", date(2026, 3, 2))
    work(world, job, "0.5", date(2026, 3, 3))

    with world.inside():
        row = pack_for(world.actor, pack.id)
        found = steps(world.actor, row)
        sums = sums_of(row)
    assert [(str(one.word), one.units, one.amount.amount, one.left) for one in found] == [
        ("Sold", "10:00", Decimal(1000), "10:00"), ("Used", "−2:30", Decimal(-250), "7:30"),
        ("Used", "−0:30", Decimal(-50), "7:00"),
    ]  # fmt: skip
    assert sum(one.amount.amount for one in found) == row.left_amount == 700
    assert sums == {"sold": 600, "used": 180, "expired": 0, "refunded": 0}
    said = quoin(world, "figures", "get", "billing.prepaid_left", "--lines")
    assert "700" in str(said)
    assert broken(world) == []


def test_work_before_the_invoice_is_owed_and_the_invoice_clears_it(world: World, job) -> None:
    pack = sell(world, job, hours=10, price="1000.00")
    work(world, job, "4", date(2026, 3, 2))
    assert billing.balances(world) == {"1150": Decimal(400), "4030": Decimal(-400)}
    assert broken(world) == []

    invoiced(world, pack, on=MARCH)

    assert billing.balances(world) == {
        "1100": Decimal(1190), "2100": Decimal(-190), "2200": Decimal(-600), "4030": Decimal(-400),
    }  # fmt: skip
    assert broken(world) == []


def test_a_run_shows_before_it_writes_what_is_covered_and_bills_the_pack_once(world: World, job) -> None:
    sell(world, job, hours=1, price="120.00")
    work(world, job, "3", date(2026, 3, 2))

    draft = billing.draft(world)

    with world.inside():
        assert sorted(line.net_amount for line in InvoiceLine.objects.filter(invoice=draft)) == [
            Decimal(120),
            Decimal(270),
        ]
    again = build_run(world.actor, work_until=MARCH)
    assert [one.id for one in again.drafts] == [draft.id]
    assert issue_invoices(world.actor, invoice_ids=[draft.id], issue_on=MARCH).invoices[0].net_amount == 390
    assert broken(world) == []


def test_time_that_is_opened_again_gives_its_hours_back(world: World, job) -> None:
    pack = sell(world, job, hours=10, price="1000.00")
    ids = money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[90], day=date(2026, 3, 2))
    assert left(world, pack) == (510, 850)

    money.reopen(world, ids)

    assert left(world, pack) == (600, 1000)
    assert billing.balances(world) == {}
    with world.inside():
        assert list(PackMove.objects.order_by("position").values_list("kind", flat=True)) == [
            "sale",
            "draw",
            "give_back",
        ]
        assert Charge.objects.get(kind="time").status == "void"


def test_work_that_waits_is_covered_at_the_sale_and_undo_brings_it_back(world: World, job) -> None:
    work(world, job, "2", date(2026, 1, 5))
    work(world, job, "3", date(2026, 3, 2))
    before = billing.balances(world)
    pack = sell(world, job, hours=10, price="1000.00")
    assert left(world, pack) == (420, 700)

    cancel_pack(world.actor, pack_id=pack.id, reason="A typing mistake")

    assert billing.balances(world) == before == {"1150": Decimal(675), "4000": Decimal(-675)}
    assert broken(world) == []
    with pytest.raises(Conflict, match="ended already"):
        cancel_pack(world.actor, pack_id=pack.id, reason="Again")


def test_work_is_taken_off_a_pack_and_covered_again(world: World, job) -> None:
    pack = sell(world, job, hours=10, price="1000.00")
    work(world, job, "2", date(2026, 3, 2))
    with world.inside():
        charge = Charge.objects.get(kind="time")

    assert uncover_work(world.actor, charge_ids=[charge.id]) == 1
    assert left(world, pack) == (600, 1000)
    assert billing.balances(world) == {"1150": Decimal(270), "4000": Decimal(-270)}
    assert broken(world) == []
    with pytest.raises(Conflict, match="prepaid pack covers"):
        uncover_work(world.actor, charge_ids=[charge.id])

    assert cover_work(world.actor, contract_id=job.contract_id) == (charge.id,)
    assert left(world, pack) == (480, 800)
    assert broken(world) == []


def test_hours_beyond_the_pack_are_held_until_somebody_releases_them(world: World, job) -> None:
    sell(world, job, hours=1, price="100.00", overflow="hold")
    work(world, job, "1.5", date(2026, 3, 2))
    work(world, job, "2", date(2026, 3, 3))

    with world.inside():
        held = list(Charge.objects.filter(hold_reason="Prepaid pack used up").order_by("work_on"))
    assert [one.billable_minutes for one in held] == [30, 120]
    assert len(build_run(world.actor, work_until=MARCH).drafts) == 1
    release_charges(world.actor, charge_ids=[held[0].id])
    sell(world, job, hours=2, price="200.00", sold_on=date(2026, 3, 3))
    with world.inside():
        assert sorted(Charge.objects.filter(kind="time").values_list("status", flat=True)) == [
            "included",
            "included",
            "unbilled",
        ]
    assert broken(world) == []


def test_an_approval_beyond_a_strict_pack_is_refused_with_the_entry(world: World, job) -> None:
    sell(world, job, hours=1, price="100.00", overflow="refuse")
    ids = money.entries(world, on=job, by=world.person(cost="0"), minutes=[90], day=date(2026, 3, 2))

    with pytest.raises(PackUsedUp, match="30 minutes more") as refused:
        money.approve(world, ids)

    assert refused.value.problems[0].help
    with world.inside():
        assert not Charge.objects.filter(kind="time").exists()
    money.approve(world, ids, unpriced="hold")
    with world.inside():
        assert Charge.objects.filter(hold_reason="Prepaid pack used up").count() == 1


def test_a_pack_of_money_is_used_up_at_the_agreed_rates(world: World, job) -> None:
    pack = sell(world, job, hours=None, value="300", price="250.00", name="300 ahead")
    invoiced(world, pack)
    work(world, job, "2", date(2026, 3, 2))
    work(world, job, "1", date(2026, 3, 3))

    assert left(world, pack) == (0, 0)
    with world.inside():
        (rest,) = Charge.objects.filter(kind="time", status="unbilled")
    assert rest.amount == Decimal(105)
    assert billing.balances(world)["4030"] == Decimal(-250)
    assert broken(world) == []


def test_expiry_is_breakage_and_can_be_taken_back(world: World, job) -> None:
    pack = sell(world, job, hours=10, price="1000.00", expires_on=date(2026, 4, 1))
    invoiced(world, pack)
    work(world, job, "4", date(2026, 3, 2))
    before = billing.balances(world)

    expire_pack(world.actor, pack_id=pack.id)

    assert left(world, pack) == (0, 0)
    assert (billing.balances(world)["4950"], "2200" in billing.balances(world)) == (Decimal(-600), False)
    assert broken(world) == []
    with pytest.raises(Conflict, match="Nothing is left"):
        expire_pack(world.actor, pack_id=pack.id)

    revive_pack(world.actor, pack_id=pack.id, reason="A favour", expires_on="2026-12-31")

    assert billing.balances(world) == before
    assert left(world, pack) == (360, 600)
    assert broken(world) == []
    with pytest.raises(Conflict, match="did not expire"):
        revive_pack(world.actor, pack_id=pack.id, reason="Again")
    with pytest.raises(Conflict, match="still usable"):
        expire_pack(world.actor, pack_id=pack.id)


def test_the_rest_is_paid_back_by_a_credit_note(world: World, job) -> None:
    pack = sell(world, job, hours=10, price="1000.00")
    with pytest.raises(Conflict, match="not invoiced"):
        refund_pack(world.actor, pack_id=pack.id, reason="They leave")
    sale = invoiced(world, pack)
    work(world, job, "4", date(2026, 3, 2))

    note = refund_pack(world.actor, pack_id=pack.id, reason="They leave")

    assert (note.net_amount, note.gross_amount, left(world, pack)) == (Decimal(600), Decimal(714), (0, 0))
    assert billing.balances(world) == {"1100": Decimal(476), "2100": Decimal(-76), "4030": Decimal(-400)}
    assert broken(world) == []
    with pytest.raises(Conflict, match="page of the pack"):
        credit_invoice(world.actor, invoice_id=sale.id, reason="All of it")


def test_an_invoice_of_a_pack_is_credited_whole_or_not_at_all(world: World, job) -> None:
    pack = sell(world, job, hours=10, price="1000.00")
    sale = invoiced(world, pack)
    with world.inside():
        line = InvoiceLine.objects.get(invoice=sale)
    with pytest.raises(Conflict, match="page of the pack"):
        credit_invoice(world.actor, invoice_id=sale.id, reason="Part", amounts={str(line.id): "10"})

    credit_invoice(world.actor, invoice_id=sale.id, reason="Wrong address")

    assert broken(world) == []
    invoiced(world, pack, on=MARCH)
    assert billing.balances(world) == {"1100": Decimal(1190), "2100": Decimal(-190), "2200": Decimal(-1000)}
    assert broken(world) == []


def test_the_price_of_a_pack_is_not_written_down(world: World, job) -> None:
    pack = sell(world, job)
    with world.inside():
        charge = Charge.objects.get(source_id=pack.id)
    with pytest.raises(Conflict, match="selling the pack again"):
        write_down_charges(world.actor, charge_ids=[charge.id], reason="Too dear")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"hours": None}, "/minutes"),
        ({"hours": 0}, "/minutes"),
        ({"name": " "}, "/name"),
        ({"price": "10.001"}, "/price"),
        ({"sold_on": date(2030, 1, 1)}, "/sold_on"),
        ({"expires_on": SOLD}, "/expires_on"),
        ({"overflow": "lose"}, "/overflow"),
    ],
)
def test_a_senseless_sale_names_the_field(world: World, job, fields, pointer) -> None:
    with pytest.raises(Invalid) as refused:
        sell(world, job, **fields)
    assert refused.value.problems[0].pointer == pointer


def test_a_pack_is_sold_where_time_is_billed_by_the_hour(world: World, job) -> None:
    fixed = money.project(world, under=money.contract(world, of=billing.buyer(world), kind="fixed_price"))
    with pytest.raises(Invalid, match="bill time by the hour"):
        sell(world, fixed)
    with pytest.raises(NotFound, match="not a project of this contract"):
        sell(world, job, project_ids=[fixed.id])


def test_only_the_named_projects_draw(world: World, job) -> None:
    with world.inside():
        terms = job.contract
    other = money.project(world, under=terms)
    pack = sell(world, job, hours=10, price="1000.00", project_ids=[job.id])
    work(world, other, "2", date(2026, 3, 2))
    assert left(world, pack) == (600, 1000)
    work(world, job, "2", date(2026, 3, 3))
    assert left(world, pack) == (480, 800)
    assert billing.balances(world)["1150"] == Decimal(270) + Decimal(200)
    assert broken(world) == []


def test_in_another_currency_the_books_keep_its_worth_to_the_cent(world: World) -> None:
    FxRate.objects.bulk_create(
        [
            FxRate(currency="USD", on=on, per_euro=rate, source="test")
            for on, rate in ((SOLD, "1.0869565217"), (date(2026, 3, 2), "1.1"), (date(2026, 3, 5), "1.2"))
        ],
        ignore_conflicts=True,
    )
    job = billing.job(world, rate="", of=billing.buyer(world, currency="USD"), currency="USD")
    money.rate_card(world, rate="130.00", currency="USD")
    pack = sell_pack(
        world.actor, contract_id=job.contract_id, name="10 hours", minutes=600, sold_on=SOLD,
        price=Money(Decimal("999.99"), "USD"),
    )  # fmt: skip
    invoiced(world, pack)
    for day in (2, 3, 4):
        work(world, job, "3.1", date(2026, 3, day))
    work(world, job, "3", date(2026, 3, 5))

    assert left(world, pack) == (0, 0)
    assert "2200" not in billing.balances(world)
    assert broken(world) == []


def test_sixteen_at_once_never_overdraw_a_pack(world: World, job) -> None:
    pack = sell(world, job, hours=5, price="500.00")
    by = world.person(cost="0")
    batches = [money.entries(world, on=job, by=by, minutes=[30], day=date(2026, 3, 1 + n)) for n in range(THREADS)]

    def approve(number: int):
        try:
            return money.approve(world, batches[number])
        except DomainError as fault:
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        assert [one for one in pool.map(approve, range(THREADS)) if one] == []

    assert left(world, pack) == (0, 0)
    with world.inside():
        by_status = dict.fromkeys(("included", "unbilled"), 0)
        for status, minutes in Charge.objects.filter(kind="time").values_list("status", "billable_minutes"):
            by_status[status] += minutes
    assert by_status == {"included": 300, "unbilled": 180}
    assert broken(world) == []


def test_the_database_refuses_a_pack_below_nothing_and_other_ways_to_change_it(world: World, job) -> None:
    pack = sell(world, job, hours=1, price="100.00")
    other = sell(world, billing.job(world, rate="", of=billing.buyer(world, name="Other AS")), hours=1, price="1.00")
    work(world, job, "0.5", date(2026, 3, 2))
    with world.inside():
        charge = Charge.objects.get(kind="time")

    def move(**fields):
        values = {"pack_id": pack.id, "on": MARCH, "moved_at": world.actor.now, "amount": 0, **fields}
        return lambda: PackMove.objects.create(id=uuid7(), **values)

    for wrong in (
        move(kind="expire", units=-61),
        move(kind="expire", units=-1, amount=-101),
        move(kind="draw", units=-1, minutes=1, charge=charge),
        move(kind="draw", units=-1, minutes=0, charge=charge, pack_id=other.id),
        move(kind="draw", units=1, charge=charge),
        lambda: PrepaidPack.objects.filter(id=pack.id).update(left_size=60),
        lambda: PrepaidPack.objects.filter(id=pack.id).update(size=600),
        lambda: PackMove.objects.filter(pack=pack).delete(),
    ):
        with pytest.raises((DatabaseError, DomainError)):
            world.do(wrong)
    assert left(world, pack) == (30, 50)


def test_a_pack_says_when_it_runs_low_or_out(world: World, job) -> None:
    pack = sell(world, job, hours=10, price="1000.00", expires_on=date(2027, 1, 1))

    def state() -> str:
        with world.inside():
            return str(packs(world.actor).get(id=pack.id).state)

    assert state() == "open"
    work(world, job, "8", date(2026, 3, 2))
    assert state() == "low"
    work(world, job, "2", date(2026, 3, 3))
    assert state() == "used"
    soon = sell(world, job, hours=1, price="1.00", expires_on=date(2026, 5, 20))
    with world.inside():
        assert packs(world.actor).get(id=soon.id).state == "soon"


def test_through_the_screens(world: World, job) -> None:
    browser = web.signed_in(world)
    assert "No packs are sold yet" in browser.get("/packs").content.decode()
    with world.inside():
        contract = job.contract
    tab = f"/contracts/{contract.public_id}/packs"
    assert "No packs are sold on this contract" in browser.get(tab).content.decode()
    assert browser.get("/packs/new").status_code == 200
    assert browser.post("/packs/new", {"contract": contract.public_id}).url == f"{tab}/new"
    form = {"name": "40 hours", "hours": "40", "price": "4000", "sold_on": "2026-01-10", "overflow": "bill"}
    assert "is not a duration" in browser.post(f"{tab}/new", {**form, "hours": "x"}).content.decode()
    assert "either hours or an amount" in browser.post(f"{tab}/new", {**form, "value": "3"}).content.decode()
    made = browser.post(f"{tab}/new", form)
    assert made.status_code == 303
    work(world, job, "3", date(2026, 3, 2))
    page = browser.get(made.url).content.decode()
    assert "37:00" in page
    assert "Waits to be invoiced" in page
    assert browser.get("/packs").status_code == browser.get(tab).status_code == 200
    draft = browser.post(f"{made.url}/bill").url
    assert "40 hours" in browser.get(draft).content.decode()
    assert browser.post(f"{made.url}/bill").status_code == 409
    assert browser.post(f"{made.url}/cover").status_code == 303
    assert browser.post(f"{made.url}/expire").status_code == 409
    for verb in ("revive", "refund", "cancel"):
        assert browser.get(f"{made.url}/{verb}").status_code == 200
        assert "required" in browser.post(f"{made.url}/{verb}", {}).content.decode()


def test_the_client_sees_what_is_left_behind_the_link(world: World, job) -> None:
    pack = sell(world, job, hours=10, price="1000.00")
    sale = invoiced(world, pack)
    work(world, job, "2.5", date(2026, 3, 2))
    made = create_link(replace(world.actor, now=utc_now()), invoice_id=sale.id, sent_to="a@kranich.example")

    page = Client().get(f"/{made.url.split('/', 3)[3]}").content.decode()

    assert "Bought ahead" in page
    assert "7:30" in page


def test_through_the_api_and_the_command_line(world: World, job) -> None:
    with world.inside():
        contract = job.contract
    ours = api(world)
    sold = ours.post(
        "/packs", contract_id=contract.public_id, name="10 hours", minutes=600, sold_on="2026-01-10",
        price={"amount": "1000.00", "currency": "EUR"},
    )  # fmt: skip
    assert (sold.status, sold.body["minutes_left"], sold.body["state"]) == (201, 600, "open")
    path = f"/packs/{sold.body['id']}"
    work(world, job, "2", date(2026, 3, 2))
    one = ours.get(path).body
    assert [(move["kind"], move["minutes"]) for move in one["moves"]] == [("sale", 600), ("draw", -120)]
    assert ours.get("/packs").body["data"][0]["worth_left"] == {"amount": "800.00", "currency": "EUR"}
    assert ours.post("/packs/uncover", charge_ids=[one["moves"][1]["charge_id"]]).body == {"uncovered": 1}
    assert len(ours.post("/packs/cover", contract_id=contract.public_id).body["charge_ids"]) == 1
    assert ours.post(f"{path}/expire").status == 409
    assert ours.post(f"{path}/revive", reason="x").status == 409
    draft = ours.post(f"{path}/bill").body["invoice_id"]
    assert draft.startswith("inv_")
    assert ours.post(f"{path}/cancel", reason="x").status == 409
    assert ours.post(f"{path}/refund", reason="x").status == 409

    number = str(sold.body["number"])
    assert quoin(world, "pack", "show", number)["minutes_left"] == 480
    made = quoin(world, "pack", "sell", "5 hours", "--contract", contract.number, "--price", "500", "--hours", "5")
    assert made["minutes"] == 300
    assert len(quoin(world, "pack", "list")) == 2
    assert quoin(world, "pack", "cancel", str(made["number"]), "--reason", "Mistake")["state"] == "ended"
    assert quoin(world, "pack", "cover", number) == {"covered": 0}
