"""What people cost is in the trail, and shown only to those who may see it."""

from datetime import date
from decimal import Decimal

from quoin.base.actor import Actor
from quoin.base.audit.models import AuditAction
from quoin.base.db.context import tenant_transaction
from quoin.compliance.queries.trail import HIDDEN, arguments_of, changes_of
from quoin.compliance.queries.trail_export import changed_values
from quoin.people.actions import set_cost_rate
from tests.make import World


def _seen(actor: Actor) -> tuple[dict[str, object], list[object], str]:
    with tenant_transaction(actor, read_only=True):
        action = AuditAction.objects.filter(name="people.cost_rate.set").latest("at")
        changes = {change.column: change.after for change in changes_of(actor, action)}
        exported = [row["after"] for row in changed_values(actor, [])]
        return changes, exported, str(arguments_of(actor, action))


def test_a_cost_rate_in_the_trail_is_for_those_who_may_see_cost(world: World) -> None:
    person = world.person()
    set_cost_rate(
        world.actor, person_id=person.id, valid_from=date(2026, 4, 1), amount_per_hour=Decimal("61.37"), currency="EUR"
    )

    changes, exported, arguments = _seen(world.with_rights("compliance.audit.view"))
    own_changes, own_exported, own_arguments = _seen(world.with_rights("compliance.audit.view", "people.cost.view"))

    assert changes["amount_per_hour"] == HIDDEN
    assert changes["person_id"] == own_changes["person_id"]
    assert "61.37" not in f"{changes} {exported} {arguments}"
    assert "61.37" in str(own_changes["amount_per_hour"])
    assert "61.37" in str(own_exported)
    assert "61.37" in own_arguments
