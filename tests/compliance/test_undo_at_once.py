"""Two who press Undo at the same moment take back once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from django.db import connection

from quoin.base.audit.models import AuditAction
from quoin.catalog.models import ExpenseCategory
from quoin.compliance.actions import undo
from quoin.compliance.types import NotUndoable
from quoin.kernel.ids import uuid7
from quoin.timesheets.actions.expenses import add_expense, delete_expense
from quoin.timesheets.models import Expense
from tests.make import World
from tests.make import time as make

_MANY = 6


def test_many_undo_one_deletion_and_the_thing_is_back_once(world: World) -> None:
    ana = world.person()
    category = world.do(lambda: ExpenseCategory.objects.create(name="Hotel"))
    project = make.project(world, members=(ana,))
    gone = add_expense(
        world.actor, person_id=ana.id, spent_on=make.MONDAY, project_id=project.id, category_id=category.id,
        gross_amount="119.00", vat_amount="19.00", currency="EUR", supplier="Inn",
    )  # fmt: skip
    delete_expense(world.actor, expense_id=gone.id)
    with world.inside():
        deletion = AuditAction.objects.get(name="timesheets.expense.delete")
    together = Barrier(_MANY)

    def press(_: int) -> str:
        together.wait()
        try:
            undo(replace(world.actor, request_id=uuid7()), action_id=deletion.id)
        except NotUndoable:
            return "was undone"
        finally:
            connection.close()
        return "undone"

    with ThreadPoolExecutor(_MANY) as pool:
        answers = sorted(pool.map(press, range(_MANY)))

    assert answers == ["undone", *["was undone"] * (_MANY - 1)]
    with world.inside():
        assert Expense.objects.count() == 1
