"""Expenses from receipt to approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from quoin.base.events.models import Event
from quoin.base.files.models import StoredFile
from quoin.catalog.models import ExpenseCategory
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from quoin.kernel.ids import uuid7
from quoin.ledger.models import FxRate
from quoin.timesheets.actions.decisions import approve_expenses, reopen_expenses, return_expenses
from quoin.timesheets.actions.expenses import (
    add_expense,
    delete_expense,
    edit_expense,
    split_expense,
    submit_expenses,
    upload_receipt,
    withdraw_expenses,
)
from quoin.timesheets.models import Expense
from quoin.timesheets.queries.spending import twins_of
from quoin.timesheets.types import OwnApproval, WrongState
from tests.make import World, new_world
from tests.make import time as make

PDF = b"%PDF-1.7 a receipt"


def _category(world: World, **fields: object) -> ExpenseCategory:
    return world.do(lambda: ExpenseCategory.objects.create(**{"name": "Hotel", **fields}))


@pytest.fixture
def trip(world: World):
    ana = world.person()
    return ana, make.as_person(world, ana), make.project(world, members=(ana,)), _category(world)


def _hotel(world: World, trip, **fields: object) -> Expense:
    ana, me, fjord, hotel = trip
    values = {"gross_amount": Decimal("119.00"), "vat_amount": Decimal("19.00"), "currency": "EUR", "supplier": "Inn"}
    return add_expense(
        me, person_id=ana.id, spent_on=make.MONDAY, project_id=fjord.id, category_id=hotel.id, **{**values, **fields}
    )


def test_a_receipt_is_booked_net_of_its_vat(world: World, trip) -> None:
    made = _hotel(world, trip)
    assert (made.base_net_amount, made.base_vat_amount, made.base_currency, made.fx_rate) == (100, 19, "EUR", 1)


def test_mileage_is_kilometres_times_rate(world: World, trip) -> None:
    ana, me, fjord, _ = trip
    car = _category(world, name="Car", kind="mileage", rate_per_unit="0.30")

    made = add_expense(
        me, person_id=ana.id, spent_on=make.MONDAY, project_id=fjord.id, category_id=car.id, quantity=Decimal("182.5")
    )

    assert (made.gross_amount, made.quantity) == (Decimal("54.75"), Decimal("182.5"))
    with pytest.raises(Invalid):
        add_expense(me, person_id=ana.id, spent_on=make.MONDAY, project_id=fjord.id, category_id=car.id)


def test_the_rate_of_the_day_is_frozen(world: World, trip) -> None:
    FxRate.objects.update_or_create(
        currency="USD", on=make.MONDAY, source="test", defaults={"per_euro": Decimal("1.25")}
    )

    made = _hotel(world, trip, currency="USD")

    assert (made.fx_rate, made.fx_on) == (Decimal("0.8"), make.MONDAY)
    assert made.base_net_amount + made.base_vat_amount == Decimal("95.20")


@pytest.mark.parametrize(
    "wrong",
    [
        {"gross_amount": Decimal(0)}, {"vat_amount": Decimal(200)}, {"currency": "XXX"},
        {"gross_amount": Decimal("1.001")}, {"colour": "red"}, {"supplier": "x", "spent": 1},
    ],
)  # fmt: skip
def test_impossible_expenses_are_invalid(world: World, trip, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        _hotel(world, trip, **wrong)
    with world.inside():
        assert Expense.objects.count() == 0


def test_a_receipt_is_told_by_its_bytes_and_stored_once(world: World, trip) -> None:
    _, me, _, _ = trip
    first = upload_receipt(me, name="../../etc/inn.pdf", content=PDF)
    again = upload_receipt(me, name="copy.pdf", content=PDF)

    assert (first.id, first.name, first.content_type) == (again.id, "inn.pdf", "application/pdf")
    for content in (b"<script>alert(1)</script>", b"MZ\x90", b"", b"%PDF-" + b"x" * (10 * 1024 * 1024)):
        with pytest.raises(Invalid):
            upload_receipt(me, name="x.pdf", content=content)
    with world.inside():
        assert StoredFile.objects.count() == 1


def test_the_same_amount_day_and_supplier_is_a_likely_twin(world: World, trip) -> None:
    first, second = _hotel(world, trip), _hotel(world, trip, supplier="inn")
    with world.inside():
        assert [one.id for one in twins_of(second)] == [first.id]
        assert twins_of(_changed(first, supplier="Other")) == []


def test_an_expense_takes_only_a_receipt_that_its_writer_sees(world: World, trip) -> None:
    ana, me, _, _ = trip
    mine, others = (
        replace(me, user_id=uuid7()),
        replace(make.as_person(world, world.person("Kari Holm")), user_id=uuid7()),
    )
    theirs = upload_receipt(others, name="theirs.pdf", content=PDF + b" of somebody")
    own = upload_receipt(mine, name="own.pdf", content=PDF)

    for values in ({"receipt_id": theirs.id}, {"receipt_id": str(theirs.id)}, {"receipt_id": uuid7()}):
        with pytest.raises(Invalid, match="may not see it"):
            _hotel(world, (ana, mine, *trip[2:]), **values)
    made = _hotel(world, (ana, mine, *trip[2:]), receipt_id=own.id)
    with pytest.raises(Invalid, match="may not see it"):
        edit_expense(mine, expense_id=made.id, receipt_id=theirs.id)
    edit_expense(mine, expense_id=made.id, receipt_id=None)
    assert edit_expense(mine, expense_id=made.id, receipt_id=str(own.id)).receipt_id == own.id


def _changed(expense: Expense, **fields: object) -> Expense:
    for name, value in fields.items():
        setattr(expense, name, value)
    return expense


def test_parts_of_a_receipt_sum_to_the_cent(world: World, trip) -> None:
    ana, me, fjord, _ = trip
    nord = make.project(world, members=(ana,))
    made = _hotel(world, trip, gross_amount=Decimal("100.00"), vat_amount=Decimal("15.97"))

    parts = split_expense(me, expense_id=made.id, parts=[(fjord.id, 2), (nord.id, 1)])

    assert [part.gross_amount for part in parts] == [Decimal("66.67"), Decimal("33.33")]
    assert sum(part.vat_amount for part in parts) == Decimal("15.97")
    assert len({part.split_id for part in parts}) == 1


def test_expenses_are_handed_in_with_their_receipt_and_approved_by_somebody_else(world: World, trip) -> None:
    _ana, me, _, _ = trip
    bare = _hotel(world, trip)
    with pytest.raises(WrongState):
        submit_expenses(me, expense_ids=[bare.id])
    edit_expense(me, expense_id=bare.id, receipt_id=upload_receipt(me, name="a.pdf", content=PDF).id)
    submit_expenses(me, expense_ids=[bare.id])
    with pytest.raises(WrongState):
        edit_expense(me, expense_id=bare.id, note="x")
    with pytest.raises(OwnApproval):
        approve_expenses(me, expense_ids=[bare.id])

    approve_expenses(world.actor, expense_ids=[bare.id])

    with world.inside():
        stored = Expense.objects.get()
        assert (stored.status, stored.approved_by_id) == ("approved", world.boss.id)
        assert Event.objects.filter(name="timesheets.expense.approved").count() == 1
    with pytest.raises(Conflict):
        world.do(lambda: Expense.objects.update(gross_amount=1))
    with pytest.raises((Conflict, WrongState)):
        delete_expense(me, expense_id=bare.id)


def test_returned_expenses_come_back_with_the_reason(world: World, trip) -> None:
    _, me, _, _ = trip
    made = _hotel(world, trip, receipt_id=upload_receipt(me := trip[1], name="a.pdf", content=PDF).id)
    submit_expenses(me, expense_ids=[made.id])
    with pytest.raises(Invalid):
        return_expenses(world.actor, expense_ids=[made.id], note=" ")

    return_expenses(world.actor, expense_ids=[made.id], note="Which client?")

    with world.inside():
        assert list(Expense.objects.values_list("status", "return_note")) == [("returned", "Which client?")]
    submit_expenses(me, expense_ids=[made.id])
    withdraw_expenses(me, expense_ids=[made.id])
    with world.inside():
        assert Expense.objects.get().status == "open"


def test_reopened_expenses_are_a_new_version(world: World, trip) -> None:
    _, me, _, _ = trip
    made = _hotel(world, trip, receipt_id=upload_receipt(me, name="a.pdf", content=PDF).id)
    submit_expenses(me, expense_ids=[made.id])
    approve_expenses(world.actor, expense_ids=[made.id])

    reopen_expenses(world.actor, expense_ids=[made.id], note="wrong project")

    with world.inside():
        stored = Expense.objects.get()
        assert (stored.status, stored.approved_by_id, stored.version) == ("open", None, made.version + 1)


def test_others_expenses_are_out_of_reach(world: World, trip) -> None:
    made = _hotel(world, trip)
    ben = make.as_person(world, world.person("Ben"))
    for command in (
        lambda: edit_expense(ben, expense_id=made.id, note="x"),
        lambda: delete_expense(ben, expense_id=made.id),
        lambda: edit_expense(new_world().actor, expense_id=made.id, note="x"),
    ):
        with pytest.raises(NotFound):
            command()
    with pytest.raises(Forbidden):
        edit_expense(world.with_rights("timesheets.expense.view"), expense_id=made.id, note="x")
    with world.inside():
        assert Expense.objects.get().note == ""


def test_expenses_are_not_spent_tomorrow(world: World, trip) -> None:
    ana, me, fjord, hotel = trip
    with pytest.raises(Invalid):
        add_expense(
            me,
            person_id=ana.id,
            spent_on=date(2026, 5, 7),
            project_id=fjord.id,
            category_id=hotel.id,
            gross_amount=Decimal(1),
            currency="EUR",
        )
