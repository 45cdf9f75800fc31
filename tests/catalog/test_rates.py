"""Rate cards: versions from a day, their effect, and the answer to which rate applies."""

from datetime import date
from decimal import Decimal

import pytest

from quoin.billing.queries.rates import explain_rate, version_effects
from quoin.catalog.actions.categories import save_expense_category
from quoin.catalog.actions.rates import NewRate, add_rates, create_rate_card, remove_rates, update_rate_card
from quoin.catalog.models import Rate, RateCard
from quoin.catalog.queries.cards import card_grid, version_plan
from quoin.catalog.types import PercentChange, RateVersionInvalid
from quoin.compliance.actions import undo
from quoin.compliance.queries.trail import recent_changes
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.make import World, money, new_world
from tests.make.cli import quoin
from tests.make.web import signed_in

MAY = date(2026, 5, 1)


def rates(world: World) -> list[tuple[Decimal, date, date | None]]:
    with world.inside():
        return [
            (row.amount_per_hour, row.valid_from, row.valid_until) for row in Rate.objects.order_by("valid_from", "id")
        ]


def test_version_ends_the_row_before_and_can_be_removed(world: World) -> None:
    card = money.rate_card(world, rate="100")

    (row,) = add_rates(world.actor, card_id=card.id, from_on=MAY, percent=Decimal("3.5"))

    assert rates(world) == [(Decimal(100), date(2020, 1, 1), MAY), (Decimal("103.5"), MAY, None)]
    remove_rates(world.actor, rate_ids=[str(row.id)])
    assert rates(world) == [(Decimal(100), date(2020, 1, 1), None)]


def test_second_version_of_a_day_is_refused(world: World) -> None:
    card = money.rate_card(world, rate="100")
    add_rates(world.actor, card_id=card.id, from_on=MAY, percent=Decimal(5))

    with pytest.raises(RateVersionInvalid):
        add_rates(world.actor, card_id=card.id, from_on=MAY, percent=Decimal(5))
    assert len(rates(world)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"percent": Decimal(1), "rates": [NewRate(per_hour=Decimal(1))]},
        {"rates": [NewRate(per_hour=Decimal(-1))]},
        {"rates": [NewRate(per_hour=Decimal(1)), NewRate(per_hour=Decimal(2))]},
    ],
)
def test_contradicting_rates_are_refused(world: World, change) -> None:
    card = money.rate_card(world, rate=None)

    with pytest.raises(Invalid):
        add_rates(world.actor, card_id=card.id, from_on=MAY, **change)
    assert rates(world) == []


def test_there_is_one_company_card_per_currency(world: World) -> None:
    first = create_rate_card(world.actor, name="Standard", currency="EUR", is_default=True)
    with pytest.raises(Conflict, match="company card"):
        create_rate_card(world.actor, name="Other", currency="EUR", is_default=True)
    second = create_rate_card(world.actor, name="Other", currency="EUR")

    update_rate_card(world.actor, card_id=second.id, is_default=True)

    with world.inside():
        assert RateCard.objects.get(is_default=True).id == second.id
        assert not RateCard.objects.get(id=first.id).is_default


def test_actions_need_permission_and_own_tenant(world: World) -> None:
    card = money.rate_card(world, rate="100")

    with pytest.raises(Forbidden):
        add_rates(world.with_rights(), card_id=card.id, from_on=MAY, percent=Decimal(1))
    with pytest.raises(NotFound):
        add_rates(new_world().actor, card_id=card.id, from_on=MAY, percent=Decimal(1))


def test_effect_counts_only_work_from_the_day_that_is_not_billed(world: World) -> None:
    card = money.rate_card(world, rate="100")
    job = money.project(world, under=money.contract(world))
    ana = world.person()
    money.approved_time(world, on=job, by=ana, minutes=[60, 60], day=[date(2026, 4, 30), date(2026, 5, 4)])
    money.entries(world, on=job, by=ana, minutes=[30], day=date(2026, 5, 5), status="submitted")

    with world.inside():
        planned = version_plan(world.actor, card_id=card.id, from_on=MAY, percent=PercentChange(Decimal(10)), rates={})
        (effect,) = version_effects(world.actor, card_id=card.id, planned=planned, from_on=MAY)

    assert (effect.entries, effect.minutes, effect.before.amount, effect.after.amount) == (2, 90, 150, 165)


def test_explanation_names_the_winner_and_the_beaten(world: World) -> None:
    card = money.rate_card(world, rate="100")
    job = money.project(world, under=money.contract(world))
    ana = world.person()
    add_rates(
        world.actor, card_id=card.id, from_on=date(2026, 1, 1),
        rates=[NewRate(per_hour=Decimal(150), client_id=job.client_id, person_id=ana.id)],
    )  # fmt: skip

    with world.inside():
        answer = explain_rate(world.actor, project_id=job.id, person_id=ana.id, on=MAY)

    assert answer.choice.row.rate_per_hour.amount == 150
    assert [step.words for step in answer.choice.path] == [
        "The rate of the person on the client applies since 2026-01-01.",
        "The rate of everybody on the company card is beaten by the rate of the person on the client.",
    ]


def test_grid_has_a_column_per_start(world: World) -> None:
    card = money.rate_card(world, rate="100")
    add_rates(world.actor, card_id=card.id, from_on=MAY, percent=Decimal(10))

    with world.inside():
        grid = card_grid(world.actor, card.id)

    assert grid.dates == (date(2020, 1, 1), MAY)
    (line,) = grid.lines
    assert [v.amount_per_hour for v in line.versions] == [100, 110]
    assert line.current.amount_per_hour == 110


def test_expense_category_is_kept(world: World) -> None:
    row = save_expense_category(world.actor, name="Mileage", kind="mileage", rate_per_unit=Decimal("0.30"))
    save_expense_category(
        world.actor, category_id=row.id, name="Mileage", kind="mileage", rate_per_unit=Decimal("0.38")
    )
    with pytest.raises(Invalid):
        save_expense_category(world.actor, name="Hotel", kind="receipt", rate_per_unit=Decimal(1))


def test_screens_of_rates(world: World) -> None:
    card = money.rate_card(world, rate="100")
    job = money.project(world, under=money.contract(world))
    ana = world.person()
    looks = ("projects.project.view", "people.person.view")
    browser = signed_in(world, "catalog.rate.view", "catalog.rate.add", "catalog.rate_card.create", *looks)

    assert b"100.00" in browser.get(f"/rates/{card.public_id}").content
    assert card.name.encode() in browser.get("/rates").content
    page = browser.get("/rates/tester/which", {"person": ana.id, "project": job.id, "on": "2026-05-06"})
    assert b"applies since" in page.content
    effect = browser.get(f"/billing/rates/{card.public_id}/effect", {"from_on": "2026-05-01", "percent": "10"})
    assert b"1 rate gets a version" in effect.content
    answer = browser.post(f"/rates/{card.public_id}/version", {"from_on": "2026-05-01", "percent": "10"})
    assert answer.status_code == 303, answer.content
    new = browser.post(f"/rates/{card.public_id}/add", {"from_on": "2026-05-01", "per_hour": "80", "person_id": ana.id})
    assert new.status_code == 303, new.content
    assert len(rates(world)) == 3


def test_rates_over_the_api(world: World) -> None:
    looks = ("projects.project.view", "people.person.view")
    browser = signed_in(world, "catalog.rate.view", "catalog.rate.add", "catalog.rate_card.create", *looks)
    made = browser.post(
        "/api/v1/rate-cards", {"name": "Standard", "currency": "EUR", "is_default": True},
        content_type="application/json",
    )  # fmt: skip
    assert made.status_code == 201, made.content
    card = made.json()["id"]
    version = {"from_on": "2026-01-01", "rates": [{"per_hour": "95.50"}]}

    added = browser.post(f"/api/v1/rate-cards/{card}/versions", version, content_type="application/json")

    assert added.status_code == 201, added.content
    (row,) = browser.get(f"/api/v1/rate-cards/{card}").json()["rates"]
    assert (Decimal(row["per_hour"]["amount"]), row["per_hour"]["currency"]) == (Decimal("95.5"), "EUR")
    job, ana = money.project(world, under=money.contract(world)), world.person()
    found = browser.get("/api/v1/rates/explain", {"project": job.public_id, "person": ana.public_id})
    assert found.status_code == 200, found.content
    assert found.json()["path"][0]["reason"] == "chosen"


def test_cards_are_kept_on_the_command_line(world: World) -> None:
    quoin(world, "card", "create", "Standard", "--currency", "eur", "--company")
    quoin(world, "card", "create", "Partner", "--currency", "EUR")
    quoin(world, "card", "add", "Standard", "95", "--from", "2026-01-01")
    quoin(world, "card", "raise", "standard", "10", "--from", "2027-01-01")

    shown = quoin(world, "card", "show", "Standard")
    assert [(rate["for"], rate["per_hour"]["amount"], rate["from"], rate["until"]) for rate in shown["rates"]] == [
        ("everybody", "95.00", "2026-01-01", "2027-01-01"),
        ("everybody", "104.50", "2027-01-01", None),
    ]
    assert quoin(world, "card", "take-back", "Standard") == {"removed": 1, "from": "2027-01-01"}
    quoin(world, "card", "edit", "Partner", "--company")
    assert {row["name"]: row["is_company_card"] for row in quoin(world, "card", "list")} == {
        "Standard": False, "Partner": True,
    }  # fmt: skip


def test_undo_gives_the_company_card_back(world: World) -> None:
    create_rate_card(world.actor, name="Standard", currency="EUR", is_default=True)
    second = create_rate_card(world.actor, name="Partner", currency="EUR")

    update_rate_card(world.actor, card_id=second.id, name="Partners", is_default=True)
    with world.inside(read_only=True):
        (last,) = recent_changes(world.actor)[:1]
    undo(world.actor, action_id=last.public_id)

    with world.inside():
        assert dict(RateCard.objects.values_list("name", "is_default")) == {"Standard": True, "Partner": False}


def test_kinds_of_expense_are_kept_on_screen_and_command_line(world: World) -> None:
    browser = signed_in(world)
    fields = {"name": "Mileage", "kind": "mileage", "rate_per_unit": "0.30", "currency": "eur", "is_active": "on"}

    refused = browser.post("/expense-categories/new", fields | {"kind": "receipt"})
    made = browser.post("/expense-categories/new", fields)
    quoin(world, "category", "edit", "mileage", "--rate", "0.38", "--vat")

    assert (refused.status_code, made.status_code) == (422, 303)
    (row,) = quoin(world, "category", "list")
    assert (row["rate_per_unit"]["amount"], row["is_vat_recoverable"]) == ("0.38", True)
    assert "Mileage" in browser.get("/expense-categories").content.decode()
    browser.post(f"/expense-categories/{row['id']}", fields | {"is_active": ""})
    assert quoin(world, "category", "list") == []
    assert [row["is_active"] for row in quoin(world, "category", "list", "--all")] == [False]


def test_last_version_of_a_card_is_taken_back_on_screen(world: World) -> None:
    card = money.rate_card(world, rate="100")
    add_rates(world.actor, card_id=card.id, from_on=MAY, percent=Decimal(5))
    browser = signed_in(world)

    assert browser.post(f"/rates/{card.public_id}/edit", {"name": "Renamed", "is_default": "on"}).status_code == 303
    assert browser.post(f"/rates/{card.public_id}/version/remove").status_code == 303

    assert rates(world) == [(Decimal(100), date(2020, 1, 1), None)]
    with world.inside():
        assert RateCard.objects.get().name == "Renamed"
