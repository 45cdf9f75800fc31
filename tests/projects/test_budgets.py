"""Budgets: drafts and versions, what the database keeps, change orders and typed totals, and the doors to them."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError

from quoin.base.actor import Scope
from quoin.base.audit.models import AuditAction
from quoin.governance.actions.changes import accept_change, reverse_change, send_change
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from quoin.projects import actions
from quoin.projects.actions import budgets as do
from quoin.projects.models import BudgetLine, BudgetVersion, Project
from quoin.projects.queries.budgets import current_of, entries, lines_of, typed_lines_of
from quoin.projects.rules.budgets import totals
from tests.make import World, new_world
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.governance import Job, change_order, job
from tests.make.web import signed_in

LINES: tuple[dict[str, Any], ...] = (
    {"text": "Build", "minutes": 6000, "amount": "12000.00", "cost": "6500.00", "month_on": "2026-05"},
    {"kind": "contingency", "text": "Contingency", "amount": "3000"},
)


def _kept(world: World, held: Job, *lines: dict[str, Any], reason: str = "") -> BudgetVersion:
    draft = do.draft_budget(world.actor, project_id=held.project.id, source="empty")
    do.write_budget(world.actor, budget_id=draft.id, lines=lines or LINES)
    return do.keep_budget(world.actor, budget_id=draft.id, reason=reason)


def _draft(world: World, held: Job) -> tuple[BudgetVersion, list[BudgetLine]]:
    with world.inside():
        found = BudgetVersion.objects.get(project=held.project, status="draft")
        return found, lines_of(found)


def _totals(world: World, held: Job) -> tuple[int, Decimal | None]:
    with world.inside():
        found = Project.objects.get(id=held.project.id)
    return found.budget_minutes, found.budget_amount


def _undo(world: World, name: str, run: Any) -> None:
    with world.inside():
        told = AuditAction.objects.filter(name=name).latest("at").undo
    run(world.actor, **told["arguments"])


def test_a_kept_draft_is_the_budget_of_the_project(world: World) -> None:
    held = job(world)

    kept = _kept(world, held)

    assert (kept.number, kept.status, kept.valid_on) == (1, "kept", world.actor.today)
    assert _totals(world, held) == (6000, Decimal(15000))
    with world.inside():
        assert current_of(held.project.id) == kept
        assert totals(entries(lines_of(kept))).cost == Decimal(6500)


def test_keeping_can_be_taken_back_with_the_totals_of_before(world: World) -> None:
    held = job(world)
    before = _totals(world, held)
    kept = _kept(world, held, {"text": "Build", "minutes": 60, "amount": "1"})

    _undo(world, "projects.budget.keep", do.reopen_budget)

    assert _totals(world, held) == before
    with world.inside():
        assert BudgetVersion.objects.get(id=kept.id).status == "draft"
        assert current_of(held.project.id) is None
    _undo(world, "projects.budget.reopen", do.keep_budget)
    assert _totals(world, held) == (60, Decimal(1))


def test_a_draft_from_the_budget_keeps_the_keys_of_its_lines(world: World) -> None:
    held = job(world)
    kept = _kept(world, held)

    draft = do.draft_budget(world.actor, project_id=held.project.id)

    with world.inside():
        assert entries(lines_of(draft)) == entries(lines_of(kept))
    with pytest.raises(Conflict, match="has a draft"):
        do.draft_budget(world.actor, project_id=held.project.id)


def test_a_first_draft_begins_with_what_is_typed_on_the_project(world: World) -> None:
    held = job(world)

    draft = do.draft_budget(world.actor, project_id=held.project.id)

    with world.inside():
        [line] = lines_of(draft)
    assert (line.kind, line.minutes, line.amount) == ("adjustment", 6000, Decimal(15000))


def test_a_draft_from_the_plan_has_a_line_for_each_estimate(world: World) -> None:
    held = job(world)

    draft = do.draft_budget(world.actor, project_id=held.project.id, source="plan")

    with world.inside():
        [line] = lines_of(draft)
    assert (line.task_id, line.text, line.minutes) == (held.build.id, "Build", 2400)


def test_a_later_version_says_why(world: World) -> None:
    held = job(world)
    _kept(world, held)
    draft = do.draft_budget(world.actor, project_id=held.project.id)

    with pytest.raises(Invalid, match="Say why the budget changes"):
        do.keep_budget(world.actor, budget_id=draft.id)

    assert do.keep_budget(world.actor, budget_id=draft.id, reason="Agreed").number == 2


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "without lines"),
        ([{"text": "A", "amount": "-5"}], "comes to nothing or more"),
    ],
)
def test_a_draft_that_makes_no_budget_is_not_kept(world: World, lines: list[Any], says: str) -> None:
    held = job(world)
    draft = do.draft_budget(world.actor, project_id=held.project.id, source="empty")
    do.write_budget(world.actor, budget_id=draft.id, lines=lines)

    with pytest.raises(Invalid, match=says):
        do.keep_budget(world.actor, budget_id=draft.id, reason="x")


@pytest.mark.parametrize(
    ("line", "pointer", "says"),
    [
        ({"text": "A", "colour": "red"}, "/lines/0/colour", "no field colour"),
        ({"text": "A", "kind": "paint"}, "/lines/0/kind", "not one of"),
        ({"text": " "}, "/lines/0/text", "what the line is for"),
        ({"text": "A", "task_id": str(UUID(int=7))}, "/lines/0/task_id", "no such task"),
        ({"text": "A", "job_role_id": str(UUID(int=7))}, "/lines/0/job_role_id", "no such role"),
        ({"text": "A", "month_on": "June"}, "/lines/0/month_on", "no month"),
        ({"text": "A", "amount": "much"}, "/lines/0/amount", "no amount"),
        ({"text": "A", "amount": "1e15"}, "/lines/0/amount", "no amount of a budget"),
    ],
)
def test_a_line_that_says_nothing_clear_is_refused_by_name(
    world: World, line: dict[str, Any], pointer: str, says: str
) -> None:
    held = job(world)
    draft = do.draft_budget(world.actor, project_id=held.project.id)

    with pytest.raises(Invalid, match=says) as refused:
        do.write_budget(world.actor, budget_id=draft.id, lines=[line])

    assert refused.value.problems[0].pointer == pointer
    with world.inside():
        assert BudgetLine.objects.filter(version=draft).count() == 1


def test_lines_are_added_edited_and_dropped_and_each_comes_back(world: World) -> None:
    held = job(world)
    draft = do.draft_budget(world.actor, project_id=held.project.id, source="empty")
    [line] = do.add_budget_lines(world.actor, budget_id=draft.id, lines=[LINES[0]])

    do.edit_budget_line(world.actor, budget_line_id=line.id, minutes=120, task_id=held.build.id)
    with world.inside():
        found = BudgetLine.objects.get(id=line.id)
    assert (found.minutes, found.task_name) == (120, "Build")

    do.drop_budget_line(world.actor, budget_line_id=line.id)
    with world.inside():
        assert lines_of(draft) == []
    _undo(world, "projects.budget.drop", do.write_budget)
    with world.inside():
        [again] = lines_of(draft)
    assert (again.key, again.minutes, again.cost) == (line.key, 120, Decimal(6500))

    with pytest.raises(Invalid, match="what the line is for"):
        do.edit_budget_line(world.actor, budget_line_id=again.id, text="", task_id=None)
    with pytest.raises(Invalid, match="at least one line"):
        do.add_budget_lines(world.actor, budget_id=draft.id, lines=[])


def test_a_discarded_draft_comes_back_with_its_lines(world: World) -> None:
    held = job(world)
    draft = do.draft_budget(world.actor, project_id=held.project.id, source="empty")
    do.write_budget(world.actor, budget_id=draft.id, lines=LINES)
    with world.inside():
        was = entries(lines_of(draft))

    do.discard_budget(world.actor, budget_id=draft.id)
    _undo(world, "projects.budget.discard", do.restore_budget)

    with world.inside():
        [again] = BudgetVersion.objects.filter(project=held.project)
        assert entries(lines_of(again)) == was


def test_whoever_writes_lines_without_their_cost_keeps_it(world: World) -> None:
    held = job(world)
    draft = do.draft_budget(world.actor, project_id=held.project.id, source="empty")
    do.write_budget(world.actor, budget_id=draft.id, lines=LINES)
    with world.inside():
        first = lines_of(draft)[0]

    do.write_budget(world.actor, budget_id=draft.id, lines=[{"key": str(first.key), "text": "Build", "minutes": 1}])

    with world.inside():
        [line] = lines_of(draft)
    assert (line.minutes, line.cost) == (1, Decimal(6500))


def test_the_database_keeps_what_was_kept(world: World) -> None:
    held = job(world)
    kept = _kept(world, held)
    with world.inside():
        line = lines_of(kept)[0]

    for change in (
        lambda: BudgetLine.objects.filter(id=line.id).update(amount=1),
        lambda: BudgetLine.objects.filter(id=line.id).delete(),
        lambda: BudgetVersion.objects.filter(id=kept.id).update(reason="Other"),
        lambda: BudgetVersion.objects.filter(id=kept.id).delete(),
        lambda: Project.objects.filter(id=held.project.id).update(budget_minutes=1),
    ):
        with pytest.raises((DatabaseError, Conflict)):
            world.do(change)
    for refused in (
        lambda: do.write_budget(world.actor, budget_id=kept.id, lines=LINES),
        lambda: do.edit_budget_line(world.actor, budget_line_id=line.id, minutes=1),
        lambda: do.discard_budget(world.actor, budget_id=kept.id),
    ):
        with pytest.raises(Conflict, match="stays as it is"):
            refused()
    assert _totals(world, held) == (6000, Decimal(15000))


def test_only_the_version_that_counts_is_opened_again(world: World) -> None:
    held = job(world)
    first = _kept(world, held)
    _kept(world, held, reason="More")

    with pytest.raises(Conflict, match="Only the version that counts"):
        do.reopen_budget(world.actor, budget_id=first.id)


def test_totals_typed_on_the_project_become_a_version(world: World) -> None:
    held = job(world)
    _kept(world, held)

    actions.edit_project(world.actor, project_id=held.project.id, budget_minutes=6600)
    actions.edit_project(world.actor, project_id=held.project.id, budget_amount=Decimal(14000))

    assert _totals(world, held) == (6600, Decimal(14000))
    with world.inside():
        lines = lines_of(current_of(held.project.id))
        assert BudgetVersion.objects.filter(project=held.project).count() == 3
    assert [(one.kind, one.minutes, one.amount) for one in lines][2:] == [("adjustment", 600, Decimal(-1000))]


def test_a_change_order_is_a_version_and_taking_it_back_another(world: World) -> None:
    held = job(world)
    _kept(world, held)
    draft = do.draft_budget(world.actor, project_id=held.project.id)
    order = change_order(world, held, budget_minutes=1440, budget_amount=Decimal(3600))
    send_change(world.actor, order_id=order.id)
    accept_change(world.actor, order_id=order.id, answered_by="Kari Dahl")

    assert _totals(world, held) == (7440, Decimal(18600))
    with world.inside():
        made = current_of(held.project.id)
        assert made is not None
        assert (made.source_id, [one.kind for one in lines_of(made)]) == (order.id, ["work", "contingency", "change"])
        assert [one.kind for one in lines_of(draft)] == ["work", "contingency", "change"]
    with pytest.raises(Conflict, match="Take the change order back"):
        do.reopen_budget(world.actor, budget_id=made.id)

    reverse_change(world.actor, order_id=order.id)

    assert _totals(world, held) == (6000, Decimal(15000))
    with world.inside():
        assert [one.kind for one in lines_of(draft)] == ["work", "contingency"]
        assert BudgetVersion.objects.filter(project=held.project, status="kept").count() == 3


def test_a_budget_belongs_to_the_manager_of_its_project(world: World) -> None:
    held = job(world)
    kept = _kept(world, held)
    rights = ("projects.project.view", "projects.budget.view", "projects.budget.draft")
    stranger = world.with_rights(*rights, scope=Scope.TEAM, person=held.ana)

    with pytest.raises(Forbidden, match="manager"):
        do.draft_budget(stranger, project_id=held.project.id)
    outsider = world.with_rights(*rights, "projects.budget.discard", scope=Scope.OWN, person=world.person("Out Sider"))
    with pytest.raises(NotFound):
        do.discard_budget(outsider, budget_id=kept.id)
    with pytest.raises(NotFound):
        do.discard_budget(new_world().actor, budget_id=kept.id)
    with pytest.raises(NotFound):
        do.drop_budget_line(world.actor, budget_line_id=uuid4())


def test_a_typed_table_finds_tasks_and_roles(world: World) -> None:
    held = job(world)
    with world.inside():
        [line] = typed_lines_of(held.project, "work;;build;;2026-05;10;1200")
        with pytest.raises(Invalid, match="Line 1: there is no task Paint"):
            typed_lines_of(held.project, "work;;Paint")
        with pytest.raises(Invalid, match="Line 1: there is no role Painter"):
            typed_lines_of(held.project, "work;;;Painter")

    assert (line["task_id"], line["minutes"], line["month_on"]) == (held.build.id, 600, date(2026, 5, 1))


def test_the_web_writes_keeps_and_compares(world: World) -> None:
    held = job(world)
    browser = signed_in(world)
    number = held.project.number

    begun = browser.post(f"/p/{number}/budget/draft", {"source": "empty"})
    page = begun["Location"]
    assert browser.get(page).status_code == 200
    browser.post(f"{page}/add", {"text": "Build", "task": "1", "hours": "100", "price": "12,000.00"})
    browser.post(f"{page}/add", {"table": "contingency;Reserve;;;;;3000\nexpense;Hotel;;;2026-06;;900;900"})
    draft, lines = _draft(world, held)
    assert [(one.kind, one.minutes, one.amount) for one in lines] == [
        ("work", 6000, Decimal(12000)), ("contingency", 0, Decimal(3000)), ("expense", 0, Decimal(900)),
    ]  # fmt: skip
    cell = f"/budget-lines/{lines[0].public_id}/cell"
    assert browser.patch(cell, "hours=110", content_type="application/x-www-form-urlencoded").status_code == 200
    wrong = browser.patch(cell, "hours=many", content_type="application/x-www-form-urlencoded")
    assert (wrong.status_code, b"is no number" in wrong.content) == (422, True)
    kept = browser.post(f"{page}/keep", {"reason": "Kick-off", "valid_on": "2026-05-04"})
    assert kept["Location"] == f"/p/{number}/budget"
    browser.post(f"/p/{number}/budget/draft", {})
    second, again = _draft(world, held)
    browser.post(f"/budget-lines/{again[2].public_id}/drop")
    shown = browser.get(f"/budgets/{second.public_id}/compare").content.decode()
    assert "Hotel" in shown
    assert "Removed" in shown
    assert "Reserve" not in shown
    browser.post(f"/budgets/{second.public_id}/discard")
    browser.post(f"/budgets/{draft.public_id}/reopen")
    with world.inside():
        assert [one.status for one in BudgetVersion.objects.filter(project=held.project)] == ["draft"]


def test_the_api_and_the_command_line_do_the_same(world: World) -> None:
    held = job(world)
    call = api(world)
    project = held.project.public_id
    made = call.post(f"/projects/{project}/budgets", source="empty").body
    written = call.call(
        "PUT", f"/budgets/{made['id']}/lines",
        {"lines": [{"text": "Build", "minutes": 600, "amount": "1200", "cost": "700"}]},
    ).body  # fmt: skip
    assert written["totals"]["minutes"] == 600
    line = written["lines"][0]["id"]
    assert call.patch(f"/budget-lines/{line}", minutes=660).body["totals"]["minutes"] == 660
    added = call.post(f"/budgets/{made['id']}/lines", lines=[{"text": "Test", "minutes": 60}]).body["lines"]
    call.delete(f"/budget-lines/{added[1]['id']}")
    kept = call.post(f"/budgets/{made['id']}/keep", reason="Kick-off").body
    assert (kept["status"], kept["totals"]["amount"]["amount"]) == ("kept", "1200.00")
    number = held.project.number

    assert quoin(world, "budget", "draft", number)["number"] == f"{number}/2"
    quoin(world, "budget", "add", f"{number}/2", "expense;Hotel;;;;;900")
    assert quoin(world, "budget", "keep", f"{number}/2", "--reason", "Hotel")["price"] == "2100.0000"
    told = quoin(world, "budget", "compare", number, "1", "2")
    assert (told[0]["how"], told[0]["price"]) == ("added", "900.0000")

    listed = call.get(f"/projects/{project}/budgets").body["data"]
    difference = call.get(f"/budgets/{listed[0]['id']}/compare?with={made['id']}").body
    assert difference["changes"][0]["difference"]["amount"]["amount"] == "900.00"
    assert call.get(f"/budgets/{listed[0]['id']}").body["lines"][1]["kind"] == "expense"
    assert quoin(world, "budget", "show", f"{number}/2")[0]["text"] == "Build"
    quoin(world, "budget", "reopen", f"{number}/2")
    quoin(world, "budget", "discard", f"{number}/2")
    assert [row["number"] for row in quoin(world, "budget", "list", number)] == [f"{number}/1"]
