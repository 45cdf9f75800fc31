"""Approved time is priced and posted in the transaction that approves it; the worked cases against the database."""

from datetime import date
from decimal import Decimal

import pytest

from quoin.billing.models import Charge, ChargeMonth
from quoin.billing.services.charging import OnUnpriced
from quoin.billing.types import WorkUnpriced
from quoin.catalog.models import Rate
from quoin.kernel.errors import Conflict
from quoin.ledger.actions.periods import close_period, open_period
from quoin.ledger.models import Journal, JournalLine
from quoin.ledger.queries.journals import trial_balance
from quoin.people.models import CostRate, JobRole
from quoin.projects.models import ProjectMember
from tests.make import World, money

MARCH = date(2026, 3, 31)


def balances(world: World, until: date = date(2026, 12, 31)) -> dict[str, Decimal]:
    """The trial balance by role, without accounts at zero."""
    with world.inside():
        found = trial_balance(world.actor, entity_id=world.entity.id, until=until)
    return {b.account.role: b.balance.amount for b in found if b.balance}


def charges(world: World) -> list[Charge]:
    with world.inside():
        return list(Charge.objects.exclude(status="void").order_by("work_on", "source_id"))


@pytest.fixture
def job(world: World):
    """A time and materials project at 95.00, and a person without cost."""
    money.rate_card(world, rate="95.00")
    return money.project(world, under=money.contract(world))


def free(world: World, name: str = "Ana Ruiz"):
    return world.person(name, cost="0")


def test_case_1_minutes_are_priced_without_rounding_the_hours(world: World, job) -> None:
    money.approved_time(world, on=job, by=free(world), minutes=[440], day=MARCH)

    (charge,) = charges(world)
    assert (charge.minutes, charge.billable_minutes, charge.amount) == (440, 440, Decimal("696.67"))
    assert (charge.status, charge.currency, charge.rate_per_hour) == ("unbilled", "EUR", Decimal(95))
    assert balances(world) == {"1150": Decimal("696.67"), "4000": Decimal("-696.67")}


def test_case_2_approval_posts_unbilled_revenue_on_the_work_day(world: World) -> None:
    money.rate_card(world, rate="100")
    job = money.project(world, under=money.contract(world))

    money.approved_time(world, on=job, by=free(world), minutes=[540, 480, 420], day=MARCH)

    assert balances(world) == {"1150": Decimal(2400), "4000": Decimal(-2400)}
    with world.inside():
        (journal,) = Journal.objects.all()
        lines = list(JournalLine.objects.filter(journal=journal).order_by("position"))
    assert (journal.posting_on, journal.source_kind) == (MARCH, "approval")
    assert {(line.client_id, line.contract_id, line.project_id) for line in lines} == {
        (job.client_id, job.contract_id, job.id)
    }
    assert {charge.batch_id for charge in charges(world)} == {journal.source_id}


def test_case_5_increments_leave_worked_minutes_alone(world: World) -> None:
    money.rate_card(world, rate="120")
    job = money.project(world, under=money.contract(world, increment_minutes=15))

    money.approved_time(world, on=job, by=free(world), minutes=[23, 7, 31], day=MARCH)

    found = sorted((c.minutes, c.billable_minutes, c.amount) for c in charges(world))
    assert found == [(7, 15, Decimal(30)), (23, 30, Decimal(60)), (31, 45, Decimal(90))]
    assert balances(world) == {"1150": Decimal(180), "4000": Decimal(-180)}


def test_case_6_late_time_is_posted_to_the_open_month(world: World) -> None:
    money.rate_card(world, rate="110")
    job = money.project(world, under=money.contract(world))
    ana = free(world)
    money.approved_time(world, on=job, by=ana, minutes=[60], day=date(2026, 3, 2))
    where = {"entity_id": world.entity.id, "month": "2026-03"}
    open_period(world.actor, **where)
    close_period(world.actor, **where)
    before = balances(world, MARCH)

    money.approved_time(world, on=job, by=ana, minutes=[180], day=date(2026, 3, 27))

    assert balances(world, MARCH) == before == {"1150": Decimal(110), "4000": Decimal(-110)}
    assert balances(world) == {"1150": Decimal(440), "4000": Decimal(-440)}
    with world.inside():
        late = Journal.objects.order_by("posting_on").last()
    assert late.posting_on == world.actor.today
    assert [c.work_on for c in charges(world)] == [date(2026, 3, 2), date(2026, 3, 27)]


def test_cost_follows_the_rate_of_the_work_day(world: World, job) -> None:
    ana = world.person(cost="60")
    world.do(
        lambda: CostRate.objects.create(
            person=ana, valid_from=date(2026, 3, 15), amount_per_hour=Decimal("72.50"), currency="EUR"
        )
    )

    money.approved_time(world, on=job, by=ana, minutes=[60, 60], day=[date(2026, 3, 14), date(2026, 3, 15)])

    assert [c.cost_amount for c in charges(world)] == [Decimal(60), Decimal("72.50")]
    assert balances(world) == {
        "1150": Decimal(190), "4000": Decimal(-190), "5900": Decimal("132.50"), "2000": Decimal("-132.50"),
    }  # fmt: skip


def test_work_without_a_contract_costs_and_earns_nothing(world: World) -> None:
    internal = money.project(world)

    money.approved_time(world, on=internal, by=world.person(cost="60"), minutes=[90])

    (charge,) = charges(world)
    assert (charge.status, charge.amount, charge.billable_minutes) == ("non_billable", Decimal(0), 0)
    assert balances(world) == {"5900": Decimal(90), "2000": Decimal(-90)}


@pytest.mark.parametrize(
    ("kind", "fields", "status", "billable"),
    [
        ("fixed_price", {"fixed_amount": Decimal(1000)}, "included", 0),
        ("non_billable", {}, "non_billable", 0),
        (
            "retainer",
            {"retainer_fee": Decimal(6000), "retainer_minutes": 2400, "overage_rate_per_hour": Decimal(160)},
            "included",
            90,
        ),
    ],
)
def test_work_that_the_contract_includes_has_cost_only(world: World, kind, fields, status, billable) -> None:
    job = money.project(world, under=money.contract(world, kind=kind, **fields))

    money.approved_time(world, on=job, by=world.person(cost="60"), minutes=[90])

    (charge,) = charges(world)
    assert (charge.status, charge.amount, charge.billable_minutes) == (status, Decimal(0), billable)
    assert balances(world) == {"5900": Decimal(90), "2000": Decimal(-90)}


def test_role_on_the_project_beats_the_role_of_the_person(world: World, job) -> None:
    ana = world.person(cost="0", role="Consultant")

    def build() -> None:
        senior = JobRole.objects.create(name="Architect")
        ProjectMember.objects.create(project=job, person=ana, job_role=senior)
        card = Rate.objects.get().card
        for role, amount in ((ana.job_role, 80), (senior, 140)):
            Rate.objects.create(
                card=card, job_role_id=role.id, amount_per_hour=Decimal(amount), valid_from=date(2020, 1, 1)
            )

    world.do(build)

    money.approved_time(world, on=job, by=ana, minutes=[60])
    money.approved_time(world, on=money.project(world, under=job.contract), by=ana, minutes=[60])

    assert sorted(c.amount for c in charges(world)) == [Decimal(80), Decimal(140)]


def test_approval_without_a_rate_is_refused_and_changes_nothing(world: World) -> None:
    job = money.project(world, under=money.contract(world))
    ids = money.entries(world, on=job, by=world.person("Ana Ruiz"), minutes=[60], day=date(2026, 5, 4))

    with pytest.raises(WorkUnpriced) as refusal:
        money.approve(world, ids)

    (problem,) = refusal.value.problems
    assert problem.detail == "Ana Ruiz on Project, 2026-05-04: No rate applies on 2026-05-04."
    assert "Add a rate" in problem.help
    assert charges(world) == []
    assert balances(world) == {}


def test_import_may_let_work_without_a_rate_wait(world: World) -> None:
    job = money.project(world, under=money.contract(world))
    ids = money.entries(world, on=job, by=world.person(cost="60"), minutes=[60])

    money.approve(world, ids, unpriced=OnUnpriced.HOLD)

    (charge,) = charges(world)
    assert (charge.status, charge.hold_reason, charge.billable_minutes) == ("unbilled", "No rate", 60)
    assert (charge.amount, charge.cost_amount, charge.held_until) == (Decimal(0), Decimal(60), date(9999, 12, 31))


def test_an_entry_is_charged_once(world: World, job) -> None:
    ids = money.approved_time(world, on=job, by=free(world))

    with pytest.raises(Conflict):
        money.approve(world, ids)
    assert len(charges(world)) == 1


def test_time_that_is_not_approved_is_not_charged(world: World, job) -> None:
    ids = money.entries(world, on=job, by=free(world), status="submitted")

    with pytest.raises(Conflict, match="not approved"):
        money.approve(world, ids)


def test_reopening_takes_charge_and_postings_back(world: World, job) -> None:
    ids = money.approved_time(world, on=job, by=world.person(cost="60"), minutes=[60, 30])

    money.reopen(world, ids[:1])

    assert [(c.minutes, c.status) for c in charges(world)] == [(30, "unbilled")]
    assert balances(world) == {
        "1150": Decimal("47.50"), "4000": Decimal("-47.50"), "5900": Decimal(30), "2000": Decimal(-30),
    }  # fmt: skip
    money.approve(world, ids[:1])
    assert len(charges(world)) == 2
    assert balances(world)["1150"] == Decimal("142.50")


@pytest.mark.parametrize("status", ["drafted", "billed"])
def test_billed_work_is_not_reopened(world: World, job, status: str) -> None:
    ids = money.approved_time(world, on=job, by=free(world))
    world.do(lambda: Charge.objects.update(status=status))

    with pytest.raises(Conflict, match="on an invoice or a draft"):
        money.reopen(world, ids)
    assert [c.status for c in charges(world)] == [status]


def test_foreign_contract_is_booked_at_the_rate_of_the_work(world: World) -> None:
    from quoin.ledger.models import FxRate

    for currency, per_euro in (("USD", "1.25"),):
        FxRate.objects.get_or_create(
            currency=currency, on=date(2010, 3, 31), source="test", defaults={"per_euro": Decimal(per_euro)}
        )
    money.rate_card(world, rate="100", currency="USD", since=date(2000, 1, 1))
    job = money.project(world, under=money.contract(world, currency="USD"))

    money.approved_time(world, on=job, by=free(world), minutes=[20, 20, 20], day=date(2010, 3, 31))

    # 33.33 x 3 = 99.99 USD = 79.992 EUR: rounded once, then shared over the charges.
    assert balances(world, date(2026, 12, 31)) == {"1150": Decimal("79.99"), "4000": Decimal("-79.99")}
    assert sorted(c.base_amount for c in charges(world)) == [Decimal("26.66"), Decimal("26.66"), Decimal("26.67")]
    assert sum(c.amount for c in charges(world)) == Decimal("99.99")


def test_rollup_counts_what_was_charged(world: World, job) -> None:
    money.approved_time(world, on=job, by=free(world), minutes=[60, 30])

    with world.inside():
        (row,) = ChargeMonth.objects.filter(tenant_id=world.tenant_id)
    assert (row.minutes, row.amount, row.charges, row.status) == (90, Decimal("142.50"), 2, "unbilled")
