"""Change orders: what they would do, what they do, once, and how all of it is taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from quoin.base.actor import Scope
from quoin.base.audit.models import AuditAction
from quoin.base.db.context import tenant_transaction
from quoin.base.mail.models import MailMessage
from quoin.governance.actions.change_lines import add_line, remove_line
from quoin.governance.actions.changes import (
    accept_change,
    create_change,
    decline_change,
    edit_change,
    reopen_change,
    reverse_change,
    send_change,
    withdraw_change,
)
from quoin.governance.models import ChangeLine, ChangeOrder
from quoin.governance.queries import change_for
from quoin.governance.queries.effect import effect_of
from quoin.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money
from quoin.projects.models import Baseline, Project, Task
from quoin.resourcing.models import Demand
from quoin.sales.actions.contracts import reach_milestone, update_contract
from quoin.sales.models import Contract, Milestone
from tests.make import World, new_world
from tests.make.governance import DAY, Job, change_order, job


@pytest.fixture
def held(world: World) -> Job:
    return job(world)


def sent(world: World, held: Job) -> ChangeOrder:
    made = change_order(world, held)
    return send_change(world.actor, order_id=made.id).change


def state(world: World, held: Job) -> dict[str, object]:
    """Everything that a change order touches."""
    with world.inside():
        contract, project = Contract.objects.get(id=held.contract.id), Project.objects.get(id=held.project.id)
        return {
            "price": contract.fixed_amount,
            "parts": list(
                Milestone.objects.filter(contract=contract).order_by("position").values_list("name", "amount")
            ),
            "budget": (project.budget_minutes, project.budget_amount),
            "tasks": list(
                Task.objects.filter(project=project).order_by("number").values_list("name", "starts_on", "due_on")
            ),
            "demands": Demand.objects.filter(project=project).exclude(status="cancelled").count(),
            "baselines": Baseline.objects.filter(project=project).count(),
        }


def test_the_effect_is_told_before_anything_happens(world: World, held: Job) -> None:
    before = state(world, held)
    made = change_order(world, held)
    with world.inside():
        effect = effect_of(world.actor, change_for(world.actor, made.id))

    assert (effect.price_before, effect.price, effect.price_after) == (20000, 3600, 23600)
    assert effect.budget_minutes == (6000, 7440)
    assert effect.budget_amount == (Decimal(15000), Decimal(18600))
    assert effect.end is not None
    assert (effect.end.before, effect.end.after) == (datetime(2026, 5, 8, 17), datetime(2026, 5, 13, 17))
    assert [one.text for one in effect.people] == ["Data migration"]
    # Three days of Ana at 60.
    assert (effect.cost, effect.margin) == (Money(Decimal(1440), "EUR"), Money(Decimal(2160), "EUR"))
    assert effect.problem == ""
    assert state(world, held) == before


def test_acceptance_applies_all_of_it_in_one_action(world: World, held: Job) -> None:
    made = accept_change(world.actor, order_id=sent(world, held).id, answered_by="Kari Dahl", note="By mail")

    assert (made.status, made.answered_by, made.answered_on) == ("accepted", "Kari Dahl", date(2026, 5, 6))
    assert (made.price_before, made.price_after) == (20000, 23600)
    assert state(world, held) == {
        "price": Decimal(23600),
        "parts": [("Design accepted", 8000), ("Go-live", 12000), ("Supplier import done", 3600)],
        "budget": (7440, Decimal(18600)),
        "tasks": [
            ("Build", date(2026, 5, 4), date(2026, 5, 8)), ("Go-live", date(2026, 5, 13), date(2026, 5, 13)),
            ("Supplier import", date(2026, 5, 11), date(2026, 5, 13)),
        ],
        "demands": 1,
        "baselines": 1,
    }  # fmt: skip
    with world.inside():
        assert AuditAction.objects.filter(name="governance.change.accept").count() == 1
        assert (
            not AuditAction.objects.filter(name__in=["sales.contract.update", "projects.plan.change"])
            .filter(at__gte=world.actor.now, target=held.contract.public_id)
            .exists()
        )


def test_one_undo_takes_all_of_it_back(world: World, held: Job) -> None:
    made = sent(world, held)
    before = state(world, held)
    accept_change(world.actor, order_id=made.id, answered_by="Kari Dahl")
    with world.inside():
        undo = AuditAction.objects.get(name="governance.change.accept").undo
    assert undo["action"] == "governance.change.reverse"
    back = reverse_change(world.actor, **undo["arguments"])

    assert (back.status, back.answered_by, back.applied) == ("sent", "", {})
    assert state(world, held) == before
    accept_change(world.actor, order_id=made.id, answered_by="Kari Dahl")
    assert state(world, held)["price"] == 23600


def test_two_acceptances_at_once_apply_it_once(world: World, held: Job) -> None:
    made = sent(world, held)
    gate = Barrier(2)

    def accept(name: str) -> str:
        gate.wait()
        try:
            accept_change(replace(world.actor, request_id=uuid7()), order_id=made.id, answered_by=name)
        except DomainError as fault:
            return type(fault).__name__
        finally:
            connection.close()
        return "accepted"

    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = sorted(pool.map(accept, ("Kari", "Olav")))
    assert outcomes == ["WrongState", "accepted"]
    found = state(world, held)
    assert (found["price"], found["demands"], found["baselines"]) == (23600, 1, 1)
    assert found["budget"] == (7440, Decimal(18600))


def test_numbers_have_no_gap_and_a_draft_is_withdrawn_not_deleted(world: World, held: Job) -> None:
    first = change_order(world, held)
    with pytest.raises(Invalid):
        create_change(world.actor, project_id=held.project.id, title=" ")
    second = create_change(world.actor, project_id=held.project.id, title="Another")
    assert (first.number, second.number) == (1, 2)
    assert withdraw_change(world.actor, order_id=first.id, reason="Not wanted").status == "withdrawn"
    with pytest.raises(Conflict, match="withdrawn, not deleted"):
        world.do(lambda: ChangeOrder.objects.filter(id=second.id).delete())


def test_what_was_sent_and_accepted_is_kept_by_the_database(world: World, held: Job) -> None:
    made = sent(world, held)
    with pytest.raises(Conflict, match="is sent"):
        edit_change(world.actor, order_id=made.id, title="Something else")
    for what in (
        lambda: ChangeOrder.objects.filter(id=made.id).update(title="Something else"),
        lambda: ChangeLine.objects.filter(change=made.id).update(minutes=1),
        lambda: ChangeLine.objects.filter(change=made.id).delete(),
    ):
        with pytest.raises(Conflict):
            world.do(what)
    accept_change(world.actor, order_id=made.id, answered_by="Kari Dahl")
    with pytest.raises(Conflict, match="was accepted and stays"):
        world.do(lambda: ChangeOrder.objects.filter(id=made.id).update(answered_by="Somebody else"))


def test_the_draft_is_edited_and_its_price_is_the_sum_of_its_lines(world: World, held: Job) -> None:
    made = change_order(world, held)
    line = add_line(world.actor, order_id=made.id, kind="price", text="Less training", amount="-600.00")
    with world.inside():
        assert ChangeOrder.objects.get(id=made.id).price_amount == 3000
    remove_line(world.actor, order_line_id=line.id)
    with world.inside():
        assert ChangeOrder.objects.get(id=made.id).price_amount == 3600
        undo = AuditAction.objects.filter(name="governance.change_line.remove").latest("at").undo
    add_line(world.actor, **undo["arguments"])
    with world.inside():
        assert ChangeOrder.objects.get(id=made.id).price_amount == 3000
    edited = edit_change(world.actor, order_id=made.id, title="Suppliers and customers", budget_minutes=60)
    assert (edited.title, edited.budget_minutes) == ("Suppliers and customers", 60)


def test_a_credit_comes_off_the_last_open_part(world: World, held: Job) -> None:
    made = create_change(world.actor, project_id=held.project.id, title="No training")
    add_line(world.actor, order_id=made.id, kind="price", text="Training falls away", amount="-13000.00")
    send_change(world.actor, order_id=made.id)
    before = state(world, held)
    accept_change(world.actor, order_id=made.id, answered_by="Kari Dahl")
    assert state(world, held)["parts"] == [("Design accepted", 7000)]
    reverse_change(world.actor, order_id=made.id)
    assert state(world, held) == before


def test_more_than_is_open_is_not_taken_off(world: World, held: Job) -> None:
    made = create_change(world.actor, project_id=held.project.id, title="No go-live")
    add_line(world.actor, order_id=made.id, kind="price", text="Less", amount="-13000.00")
    with world.inside():
        design = Milestone.objects.get(name="Design accepted")
    reach_milestone(world.actor, milestone_id=design.id)
    with pytest.raises(Conflict, match="more than is still open"):
        send_change(world.actor, order_id=made.id)
    with world.inside():
        assert "still open" in effect_of(world.actor, change_for(world.actor, made.id)).problem


def test_what_is_built_on_stays(world: World, held: Job) -> None:
    made = sent(world, held)
    accept_change(world.actor, order_id=made.id, answered_by="Kari Dahl")
    with world.inside():
        part = Milestone.objects.get(name="Supplier import done")
    reach_milestone(world.actor, milestone_id=part.id)
    after = state(world, held)
    with pytest.raises(Conflict, match="was reached"):
        reverse_change(world.actor, order_id=made.id)
    assert state(world, held) == after


def test_a_price_changed_by_hand_since_is_not_lost(world: World, held: Job) -> None:
    made = sent(world, held)
    accept_change(world.actor, order_id=made.id, answered_by="Kari Dahl")
    update_contract(world.actor, contract_id=held.contract.id, fixed_amount=Decimal(30000))
    with pytest.raises(Conflict, match="changed again since"):
        reverse_change(world.actor, order_id=made.id)


def test_hours_are_priced_by_the_rates_of_the_contract_and_raise_its_cap(world: World) -> None:
    from tests.make.money import rate_card

    rate_card(world, rate="120.00")
    held = job(world, kind="time_and_materials", cap_amount=Decimal(10000))
    made = create_change(world.actor, project_id=held.project.id, title="More analysis")
    line = add_line(
        world.actor, order_id=made.id, kind="price", text="Analysis", minutes=20 * 60,
        job_role_id=held.ana.job_role_id,
    )  # fmt: skip
    assert (line.rate_per_hour, line.amount) == (120, 2400)
    add_line(world.actor, order_id=made.id, kind="extend_task", task_id=held.build.id, minutes=2 * DAY)
    send_change(world.actor, order_id=made.id)
    accept_change(world.actor, order_id=made.id, answered_by="Kari Dahl")
    with world.inside():
        assert Contract.objects.get(id=held.contract.id).cap_amount == 12400
        assert Task.objects.get(id=held.build.id).estimate_minutes == 7 * DAY
        assert Task.objects.get(id=held.golive.id).due_on == date(2026, 5, 12)


def test_an_empty_change_and_one_that_the_contract_cannot_take_are_not_sent(world: World, held: Job) -> None:
    empty = create_change(world.actor, project_id=held.project.id, title="Nothing")
    with pytest.raises(Conflict, match="changes nothing"):
        send_change(world.actor, order_id=empty.id)
    with pytest.raises(Invalid, match="no mail address"):
        send_change(world.actor, order_id=change_order(world, held).id, to="nobody")


def test_sending_mails_the_link_and_taking_back_ends_it(world: World, held: Job) -> None:
    made = change_order(world, held)
    told = send_change(world.actor, order_id=made.id, to="kari@fjord.example")
    with world.inside():
        mail = MailMessage.objects.get(to="kari@fjord.example")
    assert told.url in mail.text
    assert "EUR\N{NO-BREAK SPACE}3,600.00" in mail.text
    assert reopen_change(world.actor, order_id=made.id).status == "draft"
    with pytest.raises(Conflict, match="is draft"):
        accept_change(world.actor, order_id=made.id, answered_by="Kari")


def test_declining_changes_nothing_else(world: World, held: Job) -> None:
    made = sent(world, held)
    before = state(world, held)
    assert decline_change(world.actor, order_id=made.id, answered_by="Kari", note="Too much").status == "declined"
    assert state(world, held) == before


def test_only_the_manager_or_who_may_do_all_changes_and_strangers_see_nothing(world: World, held: Job) -> None:
    made = change_order(world, held)
    rights = ("governance.change.view", "governance.change.edit", "projects.project.view")
    member = world.with_rights(*rights, scope=Scope.OWN, person=held.ana)
    with pytest.raises(Forbidden):
        edit_change(member, order_id=made.id, title="Mine")
    outsider = world.with_rights(*rights, scope=Scope.OWN, person=world.person("Ben Okoro"))
    with pytest.raises(NotFound):
        edit_change(outsider, order_id=made.id, title="Mine")
    other = new_world(name="Rival")
    with tenant_transaction(other.actor), pytest.raises(NotFound):
        change_for(other.actor, made.id)
