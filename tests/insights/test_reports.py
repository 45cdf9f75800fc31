"""Reports, tables of projects and the edges say the same as the figures."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from quoin.base.actor import Scope
from quoin.base.figures import Parameters, value_of
from quoin.insights.queries.money import project_money
from quoin.insights.queries.reports import Months, hours_and_revenue, known_months, utilisation
from quoin.kernel.errors import Invalid
from quoin.kernel.ids import public_id
from tests.make import new_world
from tests.make.figures import Firm, firm
from tests.make.web import signed_in

MONTHS = Months(date(2026, 3, 1), date(2026, 5, 1))


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: object) -> Firm:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        return firm(new_world(), seed=11, people=3, projects=3, entries_a_month=4)


def _month(position: int, **place: object) -> Parameters:
    first, last = ((3, 31), (4, 30), (5, 31))[position]
    return Parameters(from_on=date(2026, first, 1), until_on=date(2026, first, last), **place)  # type: ignore[arg-type]


def test_hours_and_revenue_each_cell_equals_its_figure(made: Firm) -> None:
    actor = made.world.actor
    with made.world.inside(read_only=True):
        rows = hours_and_revenue(actor, MONTHS)

        assert {row.id for row in rows} == {project.id for project in made.projects}
        for row in rows:
            for position in range(3):
                asked = _month(position, project_id=row.id)
                assert row.minutes[position] == value_of(actor, "project.worked", asked).single()
                assert row.amounts[position] == value_of(actor, "project.revenue", asked).single()


def test_utilisation_each_cell_equals_its_figure(made: Firm) -> None:
    actor = made.world.actor
    with made.world.inside(read_only=True):
        rows = utilisation(actor, MONTHS)
        assert {row.id for row in rows} >= {person.id for person in made.people}
        for row in rows:
            for position in range(3):
                found = value_of(actor, "person.utilisation", _month(position, person_id=row.id))
                expected = Decimal(row.billable[position] * 100) / row.capacity[position]
                assert abs(found.single() - expected) < Decimal("0.000001")


def test_hours_and_revenue_for_a_member_shows_own_projects(made: Firm) -> None:
    actor = made.world.with_rights(
        "projects.project.view", "timesheets.time.view", scope=Scope.OWN, person=made.people[0]
    )
    with made.world.inside(read_only=True):
        rows = hours_and_revenue(actor, MONTHS)

        assert rows
        assert all(not any(row.amounts) for row in rows)
        assert len(rows) < len(made.projects)


def test_project_table_equals_the_figures(made: Firm) -> None:
    actor = made.world.actor
    keys = {
        "worked_minutes": "project.worked",
        "unbilled": "project.unbilled",
        "cost": "project.cost",
        "revenue": "project.revenue",
    }
    with made.world.inside(read_only=True):
        rows = project_money(actor)
        assert {row.project.id for row in rows} == {project.id for project in made.projects}
        for row in rows:
            for name, key in keys.items():
                assert getattr(row, name) == value_of(actor, key, Parameters(project_id=row.project.id)).single(), key


def test_known_months_end_with_the_actors_month(made: Firm) -> None:
    with made.world.inside(read_only=True):
        assert known_months(made.world.actor) == MONTHS


def test_months_backwards_are_refused() -> None:
    with pytest.raises(Invalid):
        Months(date(2026, 5, 1), date(2026, 4, 1))


def test_report_page_opens_lines_and_exports(made: Firm) -> None:
    browser = signed_in(made.world)
    page = browser.get("/reports/hours-and-revenue?from=2026-03&until=2026-05&show=hours").content.decode()
    sheet = browser.get("/reports/hours-and-revenue?from=2026-03&until=2026-05&format=csv").content.decode()

    assert f"/figures/project.worked/lines?project={made.projects[0].public_id}&amp;month=2026-04" in page
    with made.world.inside(read_only=True):
        worked = value_of(made.world.actor, "firm.worked", Parameters(from_on=MONTHS.first, until_on=MONTHS.until_on))
    hours = sum(Decimal(line.split(",")[4]) for line in sheet.splitlines()[1:])
    assert abs(hours * 60 - worked.single()) < len(sheet.splitlines())


@pytest.mark.parametrize(
    "path",
    ["/portfolio", "/portfolio?period=year", "/reports", "/reports/utilisation", "/figures", "/lines", "/p/{number}/money",
     "/p/{number}/money?by=person", "/p/{number}/budget", "/p/{number}/lines", "/clients/{client}/money"],
)  # fmt: skip
def test_screen_opens_for_everybody_who_may(made: Firm, path: str) -> None:
    address = path.format(number=made.projects[0].number, client=made.clients[0].public_id)

    assert signed_in(made.world).get(address).status_code == 200
    assert signed_in(made.world, "accounts.profile.edit").get(address).status_code == (
        200 if path == "/figures" else 403
    )


def test_lines_page_adds_up_and_exports_every_line(made: Firm) -> None:
    browser = signed_in(made.world)
    address = f"/figures/project.margin/lines?project={made.projects[0].number}"
    page = browser.get(address, headers={"X-Drawer": "1"}).content.decode()
    sheet = browser.get(f"{address}&format=csv").content.decode().splitlines()

    assert "equals the figure" in page
    with made.world.inside(read_only=True):
        margin = value_of(made.world.actor, "project.margin", Parameters(project_id=made.projects[0].id)).single()
    assert sum(Decimal(line.split(",")[-2]) for line in sheet[1:]) == margin


def test_frozen_link_tells_that_the_figure_changed(made: Firm) -> None:
    browser = signed_in(made.world)
    project = made.projects[1]
    page = browser.get(f"/figures/project.budget_time/lines?project={project.public_id}").content.decode()
    seal = page.split("frozen=")[1].split('"')[0]
    address = f"/figures/project.budget_time/lines?project={project.public_id}&frozen={seal}"
    before = browser.get(address).content.decode()
    made.world.do(
        lambda: type(project).objects.filter(id=project.id).update(budget_minutes=project.budget_minutes + 60)
    )

    assert "Unchanged since" in before
    assert "When this link was made" in browser.get(address).content.decode()
    assert browser.get(address.replace("frozen=", "frozen=x")).status_code == 404


def test_api_lines_add_up_over_pages(made: Firm) -> None:
    browser = signed_in(made.world)
    project = public_id("prj", made.projects[0].id)
    value = json.loads(browser.get(f"/api/v1/figures/project.cost?project={project}").content)["values"][0]
    lines, cursor = [], ""
    while True:
        page = json.loads(
            browser.get(f"/api/v1/figures/project.cost/lines?project={project}&limit=5&cursor={cursor}").content
        )
        lines += page["data"]
        if not page["has_more"]:
            break
        cursor = page["next_cursor"]

    assert sum(Decimal(line["value"]["amount"]) for line in lines) == Decimal(value["amount"])
    assert len(lines) == page["total_estimate"]


def test_api_refuses_what_it_does_not_know(made: Firm) -> None:
    browser = signed_in(made.world)

    assert browser.get("/api/v1/figures/project.cost").status_code == 422
    assert browser.get("/api/v1/figures/no.such").status_code == 404
    assert browser.get("/api/v1/figures/firm.worked?colour=red").status_code == 422
    assert browser.get("/api/v1/figures/project.cost/lines?project=nothing").status_code == 404
