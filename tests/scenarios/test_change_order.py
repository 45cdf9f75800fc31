"""A change of scope, from the first contract to the invoice of the new part, told in order.

Nothing here reaches around the actions that people use; the numbers are worked out by hand in the comments.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from quoin.base.figures import Parameters, lines_of, value_of
from quoin.billing.actions.invoices import issue_invoices
from quoin.billing.actions.runs import build_run
from quoin.billing.models import Invoice, InvoiceLine
from quoin.governance.actions.change_lines import add_line
from quoin.governance.actions.changes import accept_change, create_change, reverse_change, send_change
from quoin.governance.queries import change_for
from quoin.governance.queries.effect import effect_of
from quoin.projects.models import Project, Task
from quoin.resourcing.models import Demand
from quoin.sales.actions.contracts import reach_milestone
from quoin.sales.models import Contract, Milestone
from tests.make import World
from tests.make.governance import DAY, Job, job


def test_a_client_asks_for_more_and_pays_for_it(world: World) -> None:  # noqa: PLR0915 -- one story, read aloud
    # Fjord bought an ERP roll-out for 20,000, in two parts. Build takes the week of 4 May; go-live follows.
    sold = job(world)
    assert _plan(world, sold) == {"Build": date(2026, 5, 8), "Go-live": date(2026, 5, 8)}

    # In the workshop they ask for an import of suppliers: three days of Ana before go-live, for 3,600.
    order = create_change(
        world.actor, project_id=sold.project.id, title="Import of suppliers", reason="Asked for in the workshop",
        scope="We import your 4,000 suppliers.", budget_minutes=24 * 60, budget_amount=Decimal(3600),
    )  # fmt: skip
    add_line(
        world.actor, order_id=order.id, kind="add_task", text="Supplier import", minutes=3 * DAY,
        follows_id=sold.build.id, precedes_id=sold.golive.id, assignee_id=sold.ana.id,
    )  # fmt: skip
    add_line(world.actor, order_id=order.id, kind="price", text="Suppliers imported", amount="3600.00")
    add_line(
        world.actor, order_id=order.id, kind="people", text="Data migration", percent=50,
        starts_on=date(2026, 5, 11), ends_on=date(2026, 5, 13),
    )  # fmt: skip

    # Before anybody agrees, the manager sees the effect: 3 days later, and 3,600 - 24 h x 60 = 2,160 of margin.
    with world.inside():
        effect = effect_of(world.actor, change_for(world.actor, order.id))
    assert effect.end is not None
    assert (effect.end.before.date(), effect.end.after.date()) == (date(2026, 5, 8), date(2026, 5, 13))
    assert effect.margin is not None
    assert effect.margin.amount == 2160
    assert _plan(world, sold) == {"Build": date(2026, 5, 8), "Go-live": date(2026, 5, 8)}

    # Fjord accepts. Price, budget, plan and people change at once.
    send_change(world.actor, order_id=order.id)
    accept_change(world.actor, order_id=order.id, answered_by="Kari Dahl")
    assert _plan(world, sold) == {
        "Build": date(2026, 5, 8), "Go-live": date(2026, 5, 13), "Supplier import": date(2026, 5, 13),
    }  # fmt: skip
    with world.inside():
        assert Contract.objects.get(id=sold.contract.id).fixed_amount == 23600
        assert Project.objects.get(id=sold.project.id).budget_minutes == 124 * 60
        assert Demand.objects.get(project=sold.project).percent == 50

    # What the contract is worth opens its lines: 20,000 as agreed, 3,600 by the change order.
    with world.inside():
        asked = Parameters(project_id=sold.project.id)
        assert value_of(world.actor, "contract.value", asked).single() == 23600
        lines = lines_of(world.actor, "contract.value", asked).page().lines
    assert [(line.value, line.who) for line in lines] == [(20000, ""), (3600, "Kari Dahl")]

    # Somebody notices that the wrong order was accepted: one step takes all of it back, another applies it again.
    reverse_change(world.actor, order_id=order.id, reason="The wrong order")
    assert _plan(world, sold) == {"Build": date(2026, 5, 8), "Go-live": date(2026, 5, 8)}
    accept_change(world.actor, order_id=order.id, answered_by="Kari Dahl")

    # The import is done: its part is reached and charged, beside the parts that are still open.
    with world.inside():
        part = Milestone.objects.get(name="Suppliers imported")
    reach_milestone(world.actor, milestone_id=part.id)
    with world.inside():
        still_open = Milestone.objects.filter(contract=sold.contract, reached_on=None)
        assert sum(still_open.values_list("amount", flat=True)) == 20000

    # The billing run drafts an invoice of the new part alone, and it is issued.
    run = build_run(world.actor, work_until=date(2026, 5, 6))
    (draft,) = run.drafts
    issued = issue_invoices(world.actor, invoice_ids=[draft.id])
    assert issued.refused == ()
    with world.inside():
        (line,) = InvoiceLine.objects.filter(invoice=draft.id)
        assert (line.description, line.net_amount) == ("Suppliers imported", 3600)
        assert Invoice.objects.get(id=draft.id).number


def _plan(world: World, held: Job) -> dict[str, date | None]:
    """When each task of the plan ends."""
    with world.inside():
        return dict(Task.objects.filter(project=held.project).values_list("name", "due_on"))
