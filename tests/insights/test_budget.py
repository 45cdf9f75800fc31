"""A budget beside what it took: every cell is the sum of its lines, in every grouping and measure, for every reader."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quoin.base.actions import PERMISSIONS
from quoin.base.actor import Scope
from quoin.base.figures import Parameters, value_of
from quoin.insights.queries.budget import ALL, COLUMNS, GROUPS, MEASURES, cell_lines, grid, measures_for
from quoin.kernel.errors import Forbidden, Invalid
from quoin.projects.actions import budgets as do
from quoin.projects.actions import edit_task
from quoin.projects.models import Project
from tests.make import World, money, new_world
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.figures import Firm, firm
from tests.make.governance import job
from tests.make.web import signed_in


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: object) -> Firm:
    """A firm whose first project has two versions of its budget and a booking ahead."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        found = firm(new_world(), seed=5, months=3, entries_a_month=5)
        actor, project = found.world.actor, found.projects[0]
        first = do.draft_budget(actor, project_id=project.id, source="plan")
        do.add_budget_lines(
            actor, budget_id=first.id, lines=[{"text": "Travel", "kind": "expense", "amount": "900", "cost": "850"}]
        )
        do.keep_budget(actor, budget_id=first.id)
        second = do.draft_budget(actor, project_id=project.id)
        do.add_budget_lines(actor, budget_id=second.id, lines=[{"text": "More", "minutes": 600, "amount": "1200"}])
        do.keep_budget(actor, budget_id=second.id, reason="More")
        return found


def _project(made: Firm) -> Project:
    return Project.objects.select_related("contract", "contract__entity").get(id=made.projects[0].id)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("by", GROUPS)
def test_every_cell_is_the_sum_of_its_lines(made: Firm, by: str, measure: str) -> None:
    actor = made.world.actor
    with made.world.inside(read_only=True):
        project = _project(made)
        found = grid(actor, project, by=by, measure=measure)

        assert found.rows
        for row in (*found.rows, found.total):
            for column in COLUMNS:
                lines = cell_lines(actor, project, by=by, measure=measure, column=column, key=row.key)
                assert lines.value == row.cells[column], (row.label, column)
        for column in COLUMNS:
            assert sum((row.cells[column] for row in found.rows), Decimal(0)) == found.total.cells[column]


def test_totals_are_those_of_the_figures(made: Firm) -> None:
    actor = made.world.actor
    with made.world.inside(read_only=True):
        project = _project(made)
        asked = Parameters(project_id=project.id)
        hours, cost = (grid(actor, project, measure=one).total.cells for one in ("minutes", "cost"))

        assert hours["actual"] == value_of(actor, "project.worked", asked).single()
        assert hours["budget"] == value_of(actor, "project.budget_time", asked).single()
        assert cost["actual"] == value_of(actor, "project.cost", asked).single()
        assert hours["changes"] == 600
        assert hours["remaining"] == hours["budget"] - hours["actual"] - hours["committed"]


def test_what_is_left_to_do_has_its_price_and_what_is_still_to_be_spent(world: World) -> None:
    held = job(world)
    draft = do.draft_budget(world.actor, project_id=held.project.id, source="empty")
    lines = [
        {"text": "Travel", "kind": "expense", "amount": "900", "cost": "850"},
        {"text": "Reserve", "kind": "contingency", "amount": "5000", "cost": "5000"},
    ]
    do.add_budget_lines(world.actor, budget_id=draft.id, lines=lines)
    do.keep_budget(world.actor, budget_id=draft.id)
    edit_task(world.actor, task_id=held.build.id, assignee_id=held.ana.id, left_minutes=600)
    money.rate_card(world, rate="120.00")

    with world.inside(read_only=True):
        project = Project.objects.select_related("contract", "contract__entity").get(id=held.project.id)
        hours, price = (grid(world.actor, project, by="kind", measure=one) for one in ("minutes", "amount"))
        opened = cell_lines(world.actor, project, by="kind", measure="amount", column="forecast", key=ALL)

    assert (hours.total.cells["left"], hours.total.cells["forecast"]) == (600, 600)
    assert {row.key: row.cells["left"] for row in price.rows} == {"work": 1200, "expense": 900, "contingency": 0}
    assert (price.total.cells["forecast"], price.total.cells["variance"]) == (2100, 3800)
    assert [(part, fact.label, fact.value) for part, _sign, fact in opened.lines] == [
        ("left", "Build", 1200), ("left", "Travel", 900),
    ]  # fmt: skip


def test_who_sees_less_reads_the_same_sums_with_restricted_lines(made: Firm) -> None:
    assert made.team is not None
    limited = made.world.with_rights(*PERMISSIONS, scope=Scope.OWN, person=made.people[1])
    with made.world.inside(read_only=True):
        project = _project(made)
        whole = grid(made.world.actor, project).total.cells["actual"]
        found = cell_lines(limited, project, by="role", measure="minutes", column="actual", key=ALL)

    assert found.value == whole
    seen = [fact for _part, _sign, fact in found.lines if not fact.is_restricted]
    assert {fact.who for fact in seen} <= {made.people[1].name}
    assert not [fact for _part, _sign, fact in found.lines if fact.is_restricted and (fact.who or fact.url)]


def test_prices_and_costs_need_their_rights(made: Firm) -> None:
    plain = made.world.with_rights("projects.project.view", "timesheets.time.view")
    rights = ("projects.project.view", "timesheets.time.view", "projects.budget.view", "people.cost.view")
    near = made.world.with_rights(*rights, scope=Scope.TEAM, person=made.people[1])
    with made.world.inside(read_only=True):
        project = _project(made)

        assert measures_for(plain, project) == ("minutes",)
        with pytest.raises(Forbidden):
            grid(plain, project, measure="amount")
        with pytest.raises(Invalid, match="Costs are read"):
            grid(near, project, measure="cost")
        with pytest.raises(Invalid, match="not grouped by"):
            grid(plain, project, by="colour")
        with pytest.raises(Invalid, match="no measure"):
            grid(plain, project, measure="colour")
        with pytest.raises(Invalid, match="no column"):
            cell_lines(plain, project, by="task", measure="minutes", column="colour", key=ALL)


def test_screen_api_and_command_line_show_the_same(made: Firm) -> None:
    browser, call = signed_in(made.world), api(made.world)
    project = made.projects[0]
    with made.world.inside(read_only=True):
        expected = grid(made.world.actor, _project(made), by="task", measure="amount").total.cells

    shown = browser.get(f"/p/{project.number}/budget?by=task&measure=amount")
    lines = browser.get(f"/p/{project.number}/budget/lines?by=task&measure=amount&column=changes&key=all")
    told = call.get(f"/projects/{project.public_id}/budget?by=task&measure=amount").body
    cell = call.get(f"/projects/{project.public_id}/budget/lines?by=task&measure=amount&column=changes").body
    typed = quoin(made.world, "figures", "budget", project.number, "--by", "task", "--measure", "amount")
    asked = quoin(made.world, "figures", "budget", project.number, "--column", "changes")

    assert (shown.status_code, lines.status_code) == (200, 200)
    assert b"More" in lines.content
    assert {name: Decimal(cell["amount"]) for name, cell in told["total"].items()} == expected
    assert [row["label"] for row in cell["data"]] == ["More"]
    assert Decimal(typed[-1]["budget"]) == expected["budget"]
    assert [row["line"] for row in asked] == ["More"]


def test_without_a_budget_nothing_is_left_of_it(world: World) -> None:
    with_budget, without = money.project(world, budget_minutes=600), money.project(world)
    money.entries(world, on=with_budget, by=world.person(), minutes=[90])
    money.entries(world, on=without, by=world.person(name="Bo"), minutes=[120])
    client, pages = api(world), signed_in(world)

    answer = client.get(f"/figures/project.budget_left?project={without.public_id}").body
    assert (answer["values"], answer["reason"]) == ([], "no budget in hours")
    assert answer["not_included"] == [{"reason": "no budget in hours", "lines": 1, "value": 120}]
    # Of all projects together, only the time on budgets counts against budgets.
    assert client.get("/figures/budget.left").body["values"] == [510]
    assert client.get("/figures/budget.used").body["values"] == ["15.0000"]

    total = client.get(f"/projects/{without.public_id}/budget").body["total"]
    assert (total["actual"], total["forecast"]) == (120, 120)
    assert {name for name, value in total.items() if value is None} == {
        "baseline", "changes", "budget", "remaining", "variance",
    }  # fmt: skip
    rows = quoin(world, "figures", "budget", str(without.number))
    assert (rows[-1]["remaining"], rows[-1]["actual"]) == (None, "120")

    drawer = pages.get(f"/figures/project.budget_left/lines?project={without.public_id}").content.decode()
    assert "There is no value here: no budget in hours." in drawer
    cell = pages.get(f"/p/{without.number}/budget/lines?column=remaining").content.decode()
    assert "There is no value here: no budget." in cell
    screen = pages.get(f"/p/{without.number}/budget").content.decode()
    assert "-2:00" not in screen
    assert "−2:00" not in screen
