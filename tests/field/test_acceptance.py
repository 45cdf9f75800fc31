"""Acceptance: a certificate that never changes, units in the installed base, and the price that falls due with it."""

from __future__ import annotations

import hashlib
import struct
import zlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError

from quoin.base.audit.models import AuditAction
from quoin.base.events.models import Event
from quoin.base.files.models import StoredFile
from quoin.billing.models import Charge
from quoin.clients.actions import create_client
from quoin.field import actions
from quoin.field.models import Acceptance, AcceptedUnit, DeliveredUnit, Delivery
from quoin.field.queries.acceptance import certificate_for, installed_base, printed_of, units_left
from quoin.field.types import WrongStep
from quoin.kernel.errors import Conflict, Invalid, NotFound
from quoin.projects.actions import create_project
from quoin.sales.actions.contracts import MilestonePlan, create_contract, plan_milestones
from quoin.sales.models import Milestone
from tests.make import World, new_world
from tests.make.field import at, delivery, job, visit


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


_PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    _chunk(kind, content)
    for kind, content in (
        (b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\x00\x00\xff" * 2)),
        (b"IEND", b""),
    )
)
"""A picture of four points."""


def installed(world: World, project: Any, *serials: str, **fields: Any) -> Delivery:
    """Goods that stand installed, with their serial numbers."""
    made = delivery(world, project, expected_on=date(2026, 5, 1), **fields)
    for status in ("on_site", "checked", "installed"):
        actions.step_delivery(world.actor, delivery_id=made.id, status=status)
    if serials:
        actions.add_units(world.actor, delivery_id=made.id, serial_numbers=serials)
    return made


def priced(world: World) -> tuple[Any, Milestone, Milestone]:
    """A project at a fixed price of two parts: on order, and on acceptance."""
    client = create_client(world.actor, name="Vega Presswerk", country="DE", currency="EUR", language="de")
    contract = create_contract(
        world.actor, client_id=client.id, name="Press line", kind="fixed_price", fixed_amount=Decimal(90000)
    )
    first, last = plan_milestones(
        world.actor, contract_id=contract.id,
        milestones=[MilestonePlan(name="Order", amount=Decimal(30000)), MilestonePlan(name="Taken over", amount=Decimal(60000))],
    )  # fmt: skip
    project = create_project(world.actor, name="Vega press line", client_id=client.id, contract_id=contract.id)
    return project, first, last


def stored(world: World, made: Delivery) -> Delivery:
    with world.inside():
        return Delivery.objects.get(id=made.id)


def charges(world: World, milestone: Milestone) -> list[tuple[Decimal, str]]:
    with world.inside():
        rows = Charge.objects.filter(source_id=milestone.id).order_by("charged_at", "id")
        return [(row.amount, row.status) for row in rows]


def test_units_are_accepted_in_parts_and_the_certificate_is_kept(world: World) -> None:
    project, _task, _site = job(world)
    goods = installed(world, project, "A-1", "A-2", warranty_months=24)
    with world.inside():
        first = DeliveredUnit.objects.get(serial_number="A-1")
    made = actions.issue_acceptance(
        world.actor,
        delivery_id=goods.id,
        unit_ids=[first.id],
        accepted_by="Anke Stein",
        remarks="Paint",
        signature=_PNG,
    )
    assert stored(world, goods).status == "installed"
    with world.inside():
        again, content = printed_of(world.actor, made.id)
        assert [row.serial_number for row in units_left(goods)] == ["A-2"]
        rows = [(row.unit.serial_number, row.accepted_on, row.warranty_until) for row in installed_base(world.actor)]
    assert (again.number, content[:5]) == (1, b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == made.sha256
    assert rows == [("A-1", world.actor.today, date(2028, 5, 5))]

    actions.issue_acceptance(world.actor, delivery_id=goods.id, accepted_by="Anke Stein")
    found = stored(world, goods)
    assert (found.status, found.accepted_by) == ("accepted", "Anke Stein")
    with pytest.raises(WrongStep, match="installed"):
        actions.issue_acceptance(world.actor, delivery_id=goods.id, accepted_by="Anke Stein")


def test_a_certificate_cannot_be_changed_or_deleted(world: World) -> None:
    project, _task, _site = job(world)
    goods = installed(world, project)
    made = actions.issue_acceptance(world.actor, delivery_id=goods.id, accepted_by="Anke Stein")
    rows = Acceptance.objects
    with pytest.raises(DatabaseError), world.inside():
        rows.filter(id=made.id).update(accepted_by="Somebody else")
    with pytest.raises(DatabaseError), world.inside():
        rows.filter(id=made.id).delete()
    with pytest.raises(DatabaseError), world.inside():
        StoredFile.objects.filter(id=made.printed_id).update(content=b"other")


def test_a_unit_is_accepted_once_and_stays(world: World) -> None:
    project, _task, _site = job(world)
    goods = installed(world, project, "A-1", "A-2")
    with world.inside():
        first = DeliveredUnit.objects.get(serial_number="A-1")
    actions.issue_acceptance(world.actor, delivery_id=goods.id, unit_ids=[first.id], accepted_by="Anke Stein")
    with pytest.raises(Invalid, match="not accepted yet"):
        actions.issue_acceptance(world.actor, delivery_id=goods.id, unit_ids=[first.id], accepted_by="Anke Stein")
    with pytest.raises(Conflict, match="accepted"):
        actions.remove_unit(world.actor, unit_id=first.id)
    with world.inside():
        assert AcceptedUnit.objects.count() == 1


def test_the_clients_word_comes_from_a_signed_visit(world: World) -> None:
    project, _task, site = job(world)
    goods = installed(world, project, "A-1", site_id=site.id)
    made = visit(world, project, site, deliveries=[goods.id])
    actions.plan_visit(world.actor, visit_id=made.id, hours=(at(5, 8), at(5, 12)), crew=[world.person().id])
    actions.publish_visits(world.actor, visit_ids=[made.id])
    with pytest.raises(WrongStep, match="not signed"):
        actions.issue_acceptance(world.actor, delivery_id=goods.id, visit_id=made.id)
    actions.start_visit(world.actor, visit_id=made.id, kind="work", at=at(5, 8))
    actions.finish_visit(world.actor, visit_id=made.id, at=at(5, 12))
    actions.sign_visit(world.actor, visit_id=made.id, signed_by="Anke Stein", signature=_PNG, at=at(5, 12, 5))
    done = actions.issue_acceptance(world.actor, delivery_id=goods.id, visit_id=made.id)
    assert (done.accepted_by, done.accepted_on, done.signature_id is not None) == ("Anke Stein", date(2026, 5, 5), True)
    other = installed(world, project)
    with pytest.raises(Invalid, match="installed these goods"):
        actions.issue_acceptance(world.actor, delivery_id=other.id, visit_id=made.id)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"accepted_by": " "}, "accepted_by"),
        ({"accepted_by": "A", "on": date(2027, 1, 1)}, "on"),
        ({"accepted_by": "A", "signature": b"no picture"}, "signature"),
        ({"accepted_by": "A", "signature": b"\x89PNG\r\n\x1a\n" + b"0" * 40}, "signature"),
    ],
)
def test_a_word_that_is_none_is_refused_and_nothing_is_kept(world: World, given: Any, pointer: str) -> None:
    project, _task, _site = job(world)
    goods = installed(world, project, "A-1")
    with pytest.raises(Invalid) as refused:
        actions.issue_acceptance(world.actor, delivery_id=goods.id, **given)
    assert refused.value.problems[0].pointer == f"/{pointer}"
    with world.inside():
        assert not Acceptance.objects.exists()
        assert not AcceptedUnit.objects.exists()


def test_a_part_of_the_price_falls_due_with_the_last_of_its_goods_and_once(world: World) -> None:
    project, _order, last = priced(world)
    crane = installed(world, project, "A-1", milestone_id=last.id)
    press = installed(world, project, "B-1", item="Press", milestone_id=last.id)
    with pytest.raises(WrongStep, match="certificate"):
        actions.step_delivery(world.actor, delivery_id=crane.id, status="accepted", accepted_by="Anke Stein")
    actions.issue_acceptance(world.actor, delivery_id=crane.id, accepted_by="Anke Stein")
    assert charges(world, last) == []
    done = actions.issue_acceptance(world.actor, delivery_id=press.id, accepted_by="Anke Stein")
    assert charges(world, last) == [(Decimal(60000), "unbilled")]
    with world.inside():
        assert Milestone.objects.get(id=last.id).reached_on == world.actor.today
        names = list(Event.objects.order_by("at", "id").values_list("name", flat=True))
    assert {"field.milestone.earned", "sales.milestone.reached"} <= set(names)
    with pytest.raises(WrongStep, match="A-0002"):
        actions.step_delivery(world.actor, delivery_id=press.id, status="installed", reason="Oil")

    actions.withdraw_acceptance(world.actor, acceptance_id=done.id, reason="Oil leaks")
    assert charges(world, last) == [(Decimal(60000), "void")]
    with world.inside():
        assert certificate_for(world.actor, done.id).is_withdrawn  # type: ignore[attr-defined]  # annotated
        assert [row.unit.serial_number for row in installed_base(world.actor)] == ["A-1"]
    with pytest.raises(WrongStep, match="already"):
        actions.withdraw_acceptance(world.actor, acceptance_id=done.id, reason="Again")
    actions.issue_acceptance(world.actor, delivery_id=press.id, accepted_by="Anke Stein")
    assert charges(world, last) == [(Decimal(60000), "void"), (Decimal(60000), "unbilled")]


def test_what_is_billed_cannot_be_withdrawn(world: World) -> None:
    project, _order, last = priced(world)
    goods = installed(world, project, milestone_id=last.id)
    done = actions.issue_acceptance(world.actor, delivery_id=goods.id, accepted_by="Anke Stein")
    world.do(lambda: Charge.objects.filter(source_id=last.id).update(status="billed"))
    with pytest.raises(Conflict):
        actions.withdraw_acceptance(world.actor, acceptance_id=done.id, reason="Oil leaks")
    assert stored(world, goods).status == "accepted"


def test_milestones_planned_anew_keep_the_goods_that_are_tied_to_them(world: World) -> None:
    project, _order, last = priced(world)
    goods = installed(world, project, milestone_id=last.id)
    assert project.contract_id is not None
    plans = [
        MilestonePlan(name="Taken over", amount=Decimal(50000)),
        MilestonePlan(name="Order", amount=Decimal(40000)),
    ]
    plan_milestones(world.actor, contract_id=project.contract_id, milestones=plans)
    with world.inside():
        rows = list(Milestone.objects.order_by("position").values_list("id", "name", "amount"))
    assert rows[0] == (last.id, "Taken over", Decimal(50000))
    with pytest.raises(Conflict, match="tied"):
        plan_milestones(
            world.actor, contract_id=project.contract_id, milestones=[MilestonePlan(name="All", amount=Decimal(90000))]
        )
    assert stored(world, goods).milestone_id == last.id


def test_goods_are_tied_to_milestones_of_their_own_contract_only(world: World) -> None:
    project, order, last = priced(world)
    other, _task, _site = job(world)
    with pytest.raises(Invalid, match="milestone"):
        delivery(world, other, milestone_id=order.id)
    goods = installed(world, project, milestone_id=last.id)
    actions.edit_delivery(world.actor, delivery_id=goods.id, milestone_id=order.id)
    actions.issue_acceptance(world.actor, delivery_id=goods.id, accepted_by="Anke Stein")
    with pytest.raises(WrongStep, match="Withdraw"):
        actions.edit_delivery(world.actor, delivery_id=goods.id, milestone_id=last.id)


def test_an_undo_withdraws_and_strangers_find_nothing(world: World) -> None:
    project, _task, _site = job(world)
    goods = installed(world, project, "A-1")
    done = actions.issue_acceptance(world.actor, delivery_id=goods.id, accepted_by="Anke Stein")
    with world.inside():
        undo = AuditAction.objects.filter(name="field.acceptance.issue").latest("at").undo
    other = new_world(name="Rival")
    with pytest.raises(NotFound):
        actions.withdraw_acceptance(other.actor, **undo["arguments"])
    with other.inside(), pytest.raises(NotFound):
        certificate_for(other.actor, done.id)
    actions.withdraw_acceptance(world.actor, **undo["arguments"])
    assert stored(world, goods).status == "installed"
