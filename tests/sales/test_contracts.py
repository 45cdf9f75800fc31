"""Contracts: terms that make sense, changes that can be undone, screens and API."""

from datetime import date
from decimal import Decimal

import click
import pytest

from quoin.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from quoin.sales.actions.contracts import close_contract, create_contract, update_contract
from quoin.sales.models import Contract
from quoin.sales.queries.contracts import contract_for
from quoin.sales.queries.terms import terms_of
from quoin.sales.queries.words import rate_order, terms_words
from quoin.sales.types import ContractKind, TermsInvalid
from tests.make import World, money, new_world
from tests.make.cli import quoin
from tests.make.web import signed_in


def make(world: World, **fields):
    fields = {"name": "Support", "kind": "time_and_materials"} | fields
    return create_contract(world.actor, client_id=money.client(world).id, **fields)


def test_contract_gets_a_number_the_clients_currency_and_reads_as_terms(world: World) -> None:
    row = make(world, cap_amount="5000", increment_minutes=15)

    assert (row.number, row.currency, row.starts_on) == ("K-0001", "EUR", world.actor.today)
    with world.inside():
        terms = terms_of(contract_for(world.actor, row.id))
    assert (terms.kind, terms.cap.amount.amount, terms.increment.minutes) == (ContractKind.TIME_AND_MATERIALS, 5000, 15)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"kind": "gift"}, "/kind"),
        ({"kind": "fixed_price"}, "/fixed_amount"),
        ({"kind": "retainer"}, "/retainer_fee"),
        ({"recognition": "cost_to_cost"}, "/planned_cost"),
        ({"recognition": "straight_line"}, "/ends_on"),
        ({"recognition": "magic"}, "/recognition"),
        ({"ends_on": date(2020, 1, 1)}, "/ends_on"),
        ({"colour": "red"}, "/colour"),
        ({"cap_amount": "much"}, "/cap_amount"),
    ],
)
def test_terms_that_contradict_are_refused(world: World, fields, pointer) -> None:
    with pytest.raises(Invalid) as refusal:
        make(world, **fields)
    assert [problem.pointer for problem in refusal.value.problems] == [pointer]
    with world.inside():
        assert not Contract.objects.exists()


def test_cap_in_fractions_of_a_cent_is_refused(world: World) -> None:
    with pytest.raises(TermsInvalid):
        make(world, cap_amount=Decimal("10.005"))


def test_rate_card_must_be_in_the_currency(world: World) -> None:
    with pytest.raises(Invalid, match="EUR"):
        make(world, rate_card_id=money.rate_card(world, currency="USD").id)


def test_change_can_be_undone_with_the_recorded_arguments(world: World) -> None:
    from quoin.base.actions import REGISTRY
    from quoin.base.audit.models import AuditAction

    row = make(world, cap_amount=Decimal(5000), ends_on=date(2027, 1, 1))
    update_contract(world.actor, contract_id=row.id, cap_amount=None, ends_on=None, name="Care")
    with world.inside():
        undo = AuditAction.objects.filter(tenant_id=world.tenant_id, name="sales.contract.update").get().undo

    REGISTRY[undo["action"]].run(world.actor, **undo["arguments"])

    with world.inside():
        found = Contract.objects.get(id=row.id)
    assert (found.name, found.cap_amount, found.ends_on) == ("Support", Decimal(5000), date(2027, 1, 1))


def test_currency_stays_and_closed_contracts_do_not_change(world: World) -> None:
    row = make(world)

    with pytest.raises(Invalid, match="currency"):
        update_contract(world.actor, contract_id=row.id, currency="USD")
    close_contract(world.actor, contract_id=row.id)
    with pytest.raises(Conflict, match="closed"):
        update_contract(world.actor, contract_id=row.id, name="X")
    close_contract(world.actor, contract_id=row.id, is_closed=False)


def test_stranger_and_other_tenant_are_refused(world: World) -> None:
    row = make(world)

    with pytest.raises(Forbidden):
        update_contract(world.with_rights(), contract_id=row.id, name="X")
    with pytest.raises(NotFound):
        update_contract(new_world().actor, contract_id=row.id, name="X")
    with world.inside():
        assert Contract.objects.get(id=row.id).name == "Support"


def test_terms_are_said_in_words(world: World) -> None:
    row = make(world, cap_amount=Decimal(5000), increment_minutes=15, purchase_order="PO-7", expense_markup_ratio="0.1")

    with world.inside():
        found = contract_for(world.actor, row.id)
        words = [str(text) for text in terms_words(found)]
        order = str(rate_order(found))

    assert words == [
        "Time is billed at rates.",
        "Each entry is billed up to whole 15 minutes.",
        "No more than EUR\xa05,000.00 is billed.",
        "Billed on order PO-7.",
        "Expenses are rebilled with 10 % on top.",
        "Payment is due 30 days after issue.",
    ]
    assert "the company card" in order


def test_screens_of_contracts(world: World) -> None:
    browser = signed_in(
        world, "sales.contract.view", "sales.contract.create", "sales.contract.update", "sales.contract.close",
        "sales.milestone.plan", "sales.milestone.reach", "sales.milestone.unreach",
    )  # fmt: skip
    client = money.client(world)
    form = {
        "client_id": client.id, "entity_id": world.entity.id, "kind": "fixed_price", "currency": "eur", "name": "Portal",
        "starts_on": "2026-01-02", "fixed_amount": "120000", "increment_minutes": "1", "increment_scope": "entry",
        "rounding_direction": "up", "rollover_months": "0", "expense_markup_ratio": "0", "retention_ratio": "0",
        "frequency": "monthly", "line_grouping": "task", "recognition": "milestone",
    }  # fmt: skip

    made = browser.post("/contracts/new", form)

    assert made.status_code == 303, made.content
    url = made["Location"]
    planned = browser.post(f"{url}/milestones", {"lines": "Start; 36000\nLive; 84000; 2026-09-30"})
    assert planned.status_code == 303, planned.content
    page = browser.get(url).content.decode()
    assert "Fixed price of EUR\xa0120,000.00." in page
    reach = page.split(f'action="{url}/milestones/')[1].split('"')[0]
    assert browser.post(f"{url}/milestones/{reach}").status_code == 303
    assert "Reached" in browser.get(url).content.decode()
    assert "Portal" in browser.get("/contracts").content.decode()
    use = browser.get(f"/billing{url}/use")
    assert b"36,000.00" in use.content
    assert browser.post("/contracts/new", {**form, "fixed_amount": ""}).status_code == 422
    assert browser.post(f"{url}/close").status_code == 303


def test_contracts_over_the_api(world: World) -> None:
    browser = signed_in(world, "sales.contract.view", "sales.contract.create", "sales.contract.update")
    client = money.client(world)

    made = browser.post(
        "/api/v1/contracts",
        {"client_id": client.public_id, "name": "Care", "kind": "time_and_materials", "cap_amount": "900"},
        content_type="application/json",
    )
    assert made.status_code == 201, made.content
    url = f"/api/v1/contracts/{made.json()['id']}"
    assert browser.patch(url, {"cap_amount": None}, content_type="application/json").status_code == 200
    found = browser.get(url).json()
    assert (found["name"], found["cap_amount"], found["terms"][0]) == ("Care", None, "Time is billed at rates.")
    assert [row["name"] for row in browser.get("/api/v1/contracts").json()["data"]] == ["Care"]


def test_contract_is_made_changed_and_billed_in_parts_on_the_command_line(world: World) -> None:
    owner = money.client(world, name="Fjord AS")
    made = quoin(world, "contract", "create", owner.number, "Press line", "--kind", "fixed_price", "fixed_amount=10000")
    number = made["number"]

    quoin(world, "contract", "edit", number, "shows_hours=no", "payment_days=14", "ends_on=2030-01-31")
    planned = quoin(world, "contract", "milestones", number, "Design; 4000; 2020-05-31", "Go-live; 6000")
    quoin(world, "contract", "reach", number, "1", "--on", "2020-05-29")
    shown = quoin(world, "contract", "show", number)

    assert [(part["position"], part["amount"]["amount"]) for part in planned] == [(1, "4000.00"), (2, "6000.00")]
    assert [part["reached_on"] for part in shown["milestones"]] == ["2020-05-29", None]
    assert "Invoices do not list the hours." in shown["terms"]
    quoin(world, "contract", "edit", number, "ends_on=")
    assert quoin(world, "contract", "show", number)["ends_on"] is None
    assert quoin(world, "contract", "reach", number, "1", "--take-back")["reached_on"] is None
    quoin(world, "contract", "close", number)
    assert number not in {row["number"] for row in quoin(world, "contract", "list")}


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("edit", "K-0001", "shows_hours=perhaps"), "shows_hours is yes or no"),
        (("edit", "K-0001", "rate_card=None such"), "no rate card None such"),
        (("show", "K-9999"), "no contract K-9999"),
        (("reach", "K-0001", "4"), "no milestone 4"),
        (("milestones", "K-0001", "Design; much"), "is no milestone"),
        (("create", "Nobody", "Work"), "no client Nobody"),
    ],
)
def test_command_line_says_what_is_wrong_with_a_contract(world: World, words, refusal) -> None:
    make(world)
    with pytest.raises((click.UsageError, DomainError), match=refusal):
        quoin(world, "contract", *words)
