"""The plan by mouse and by keyboard: every change shows its effect first, is kept or reverted, and undone as one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from quoin.clients.actions import create_client
from quoin.kernel.ids import uuid7
from quoin.projects import actions
from quoin.projects.actions import gates
from quoin.projects.actions import plan as plans
from quoin.projects.models import Dependency, Project, Task
from tests.e2e.firm import settle_clock
from tests.make.web import member

if TYPE_CHECKING:
    from tests.make import World

pytestmark = pytest.mark.e2e
MONDAY = date(2026, 5, 4)
DAY = 480


@pytest.fixture
def project(world: World) -> Project:
    """Design (a phase with Workshops and Model), Build, and the milestone Go-live, one after the other."""
    settle_clock(world)
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    made = actions.create_project(
        world.actor, name="Fjord ERP", client_id=client.id, starts_on=MONDAY, manager_id=world.boss.id
    )
    ids = {name: uuid7() for name in ("Design", "Workshops", "Model", "Build", "Go-live", "Rack")}
    ana = world.person()

    def add(name: str, **fields: object) -> dict[str, object]:
        return {"op": "task.add", "id": ids[name], "project": made.id, "name": name, **fields}

    def link(before: str, after: str) -> dict[str, object]:
        return {"op": "link.add", "id": uuid7(), "before": ids[before], "after": ids[after]}

    plans.change_plan(world.actor, project_id=made.id, changes=[
        add("Design"), add("Workshops", parent_id=ids["Design"], duration_minutes=3 * DAY),
        add("Model", parent_id=ids["Design"], duration_minutes=2 * DAY), add("Build", duration_minutes=5 * DAY),
        add("Go-live", kind="milestone"), add("Rack", kind="deliverable", duration_minutes=DAY),
        link("Workshops", "Model"), link("Model", "Build"), link("Build", "Go-live"),
        {"op": "assign", "id": uuid7(), "task": ids["Model"], "person": ana.id},
    ])  # fmt: skip
    plans.recalculate_plan(world.actor, project_id=made.id)
    return made


def open_plan(page: Page, project: Project, query: str = "") -> None:
    page.goto(f"/p/{project.number}/plan{query}")
    expect(page.locator("#gantt.is-live")).to_be_visible()


def cell(page: Page, name: str, column: str) -> Locator:
    at = page.locator("[data-headers] [role=columnheader]").all_inner_texts().index(column)
    return page.locator("[data-pane] .gantt-row").filter(has_text=name).locator(f'[data-column="{at}"]')


def bar(page: Page, number: int) -> Locator:
    return page.locator(f'[data-thing="{number}"] .g-bar')


def effect(page: Page) -> Locator:
    return page.locator("[data-effect]")


def ends(world: World, project: Project) -> dict[str, date | None]:
    with world.inside():
        return dict(Task.objects.filter(project=project).values_list("name", "due_on"))


def test_a_bar_is_dragged_its_effect_shown_kept_and_undone(
    world: World, project: Project, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(member(world))
    open_plan(page, project)
    before = ends(world, project)
    box = bar(page, 4).bounding_box()
    assert box

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 30, box["y"] + 8, steps=5)
    page.mouse.move(box["x"] + box["width"] / 2 + 42, box["y"] + 8, steps=5)
    page.mouse.up()

    expect(effect(page)).to_contain_text("Fjord ERP ends 15 May → 20 May")
    expect(effect(page)).to_contain_text("Go-live 15 May → 20 May")
    assert ends(world, project) == before
    page.keyboard.press("Enter")
    expect(effect(page)).to_be_hidden()
    expect(cell(page, "Go-live", "End")).to_have_text("20 May")
    assert ends(world, project)["Build"] == date(2026, 5, 20)

    page.get_by_role("button", name="Undo").click()
    expect(cell(page, "Go-live", "End")).to_have_text("15 May")
    assert ends(world, project) == before


def test_a_plan_is_changed_by_keyboard_alone(world: World, project: Project, sign_in: Callable[..., Page]) -> None:
    page = sign_in(member(world))
    open_plan(page, project)
    before = ends(world, project)
    page.keyboard.press("j")
    expect(cell(page, "Design", "Name")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, "Workshops", "Name")).to_be_focused()

    page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("Control+ArrowRight")
    expect(effect(page)).to_contain_text("Fjord ERP ends 15 May → 19 May")
    page.keyboard.press("Escape")
    expect(effect(page)).to_be_hidden()
    expect(cell(page, "Go-live", "End")).to_have_text("15 May")

    page.keyboard.press("Control+Shift+ArrowRight")
    expect(effect(page)).to_contain_text("Fjord ERP ends 15 May → 18 May")
    page.keyboard.press("Enter")
    expect(effect(page)).to_be_hidden()
    expect(cell(page, "Workshops", "Duration")).to_have_text("4d")
    expect(cell(page, "Workshops", "Name")).to_be_focused()

    assert ends(world, project)["Go-live"] == date(2026, 5, 18)
    page.keyboard.press("z")
    expect(cell(page, "Workshops", "Duration")).to_have_text("3d")
    assert ends(world, project) == before


def test_tasks_are_linked_by_keyboard_and_by_mouse(
    world: World, project: Project, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(member(world))
    open_plan(page, project)
    cell(page, "Build", "Name").focus()

    page.keyboard.press("k")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(effect(page)).to_contain_text("1 date moves")
    page.keyboard.press("Enter")
    expect(cell(page, "Rack", "Predecessors")).to_have_text("4SS")

    bar(page, 2).hover()
    dot, target = page.locator('[data-thing="2"] .g-dot').bounding_box(), bar(page, 6).bounding_box()
    assert dot
    assert target
    page.mouse.move(dot["x"] + 5, dot["y"] + 5)
    page.mouse.down()
    page.mouse.move(target["x"] + 4, target["y"] + 8, steps=6)
    page.mouse.up()
    expect(effect(page)).to_be_visible()
    page.locator("[data-keep]").click()
    expect(cell(page, "Rack", "Predecessors")).to_have_text("4SS; 2")
    with world.inside():
        links = Dependency.objects.filter(after__name="Rack").order_by("kind")
        assert [(link.before.name, link.kind) for link in links] == [("Workshops", "fs"), ("Build", "ss")]


def test_cells_are_typed_and_wrong_words_refused(world: World, project: Project, sign_in: Callable[..., Page]) -> None:
    page = sign_in(member(world))
    open_plan(page, project)

    cell(page, "Build", "Duration").click()
    page.keyboard.press("F2")
    page.keyboard.type("2w")
    page.keyboard.press("Enter")
    expect(effect(page)).to_contain_text("Fjord ERP ends 15 May → 22 May")
    page.keyboard.press("Escape")
    cell(page, "Build", "Predecessors").dblclick()
    page.keyboard.type("nonsense")
    page.keyboard.press("Enter")

    expect(page.locator(".toast.is-danger")).to_contain_text("is no predecessor")
    expect(effect(page)).to_be_hidden()
    page.locator("#gantt-new").fill("Train users 2d")
    page.keyboard.press("Enter")
    expect(page.locator("[data-pane] .gantt-row").filter(has_text="Train users")).to_be_visible()


def test_a_baseline_is_kept_and_compared(world: World, project: Project, sign_in: Callable[..., Page]) -> None:
    page = sign_in(member(world))
    open_plan(page, project)
    page.keyboard.press("Shift+B")
    page.get_by_label("Name of the baseline").fill("v1")
    page.keyboard.press("Enter")
    expect(page.locator("#gantt.is-live")).to_be_visible()
    expect(page).to_have_url(re.compile("compare=bas_"))

    cell(page, "Build", "Name").focus()
    page.keyboard.press("Control+Shift+ArrowRight")
    expect(effect(page)).to_contain_text("→")
    page.keyboard.press("Enter")
    expect(cell(page, "Build", "Drift")).to_have_text("+3 d")
    expect(page.locator(".g-was").first).to_be_attached()
    page.goto(f"/p/{project.number}/plan/changes")

    expect(page.get_by_text("Build takes 1d longer")).to_be_visible()


def test_the_table_twin_tells_the_same(world: World, project: Project, sign_in: Callable[..., Page]) -> None:
    page = sign_in(member(world))
    open_plan(page, project)
    grid = page.locator("[role=treegrid]")
    assert grid.get_attribute("aria-rowcount") == "7"
    assert page.locator("[data-drawing]").get_attribute("aria-hidden") == "true"
    rows = page.locator("[data-pane] [role=row]").evaluate_all(
        "rows => rows.map((row) => [row.getAttribute('aria-level'), row.getAttribute('aria-expanded')])"
    )
    assert rows == [["1", "true"], ["2", None], ["2", None], ["1", None], ["1", None], ["1", None]]
    cell(page, "Design", "Name").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-pane] [role=row]")).to_have_count(4)

    page.get_by_role("link", name="Plan as table").click()

    row = page.locator("tbody tr").filter(has_text="Build")
    expect(row).to_contain_text("Critical")
    expect(row).to_contain_text("15 May 2026")


def test_why_the_end_is_where_it_is(world: World, project: Project, sign_in: Callable[..., Page]) -> None:
    page = sign_in(member(world))
    open_plan(page, project)

    page.keyboard.press("w")

    expect(page.locator("[data-why]")).to_contain_text("Build waits for Model")


def test_every_key_of_the_plan_is_in_the_help(world: World, project: Project, sign_in: Callable[..., Page]) -> None:
    page = sign_in(member(world))
    open_plan(page, project)

    page.keyboard.press("?")

    for word in ("Move by a day", "Link mode", "Why is this critical?", "Outdent, indent"):
        expect(page.locator("#help")).to_contain_text(word)


def test_a_task_waits_for_a_task_of_another_project(
    world: World, project: Project, sign_in: Callable[..., Page]
) -> None:
    other = actions.create_project(
        world.actor, name="Fjord Hall", client_id=project.client_id, starts_on=MONDAY, manager_id=world.boss.id
    )
    actions.create_task(world.actor, project_id=other.id, name="Pour the floor", estimate_minutes=20 * DAY)
    plans.recalculate_plan(world.actor, project_id=other.id)
    page = sign_in(member(world))
    open_plan(page, project)
    before = ends(world, project)

    cell(page, "Rack", "Name").focus()
    page.get_by_role("button", name="Edit rows").click()
    field = page.get_by_label("Wait for a task of another project")
    field.press_sequentially("floor")
    expect(page.locator("#gantt-across option")).to_have_attribute("value", f"{other.number}:1")
    field.fill(f"{other.number}:1")
    field.press("Enter")

    expect(effect(page)).to_contain_text("Rack 4 May → 1 Jun")
    assert ends(world, project) == before
    page.locator("[data-keep]").click()
    expect(cell(page, "Rack", "End")).to_have_text("1 Jun")
    page.get_by_role("button", name="Undo").click()
    expect(cell(page, "Rack", "End")).to_have_text("4 May")
    assert ends(world, project) == before


def test_the_plan_is_levelled_by_keyboard_with_its_reasons(
    world: World, project: Project, sign_in: Callable[..., Page]
) -> None:
    with world.inside():
        tasks = {task.name: task.id for task in Task.objects.filter(project=project)}
    ana = world.people["Ana Ruiz"]
    plans.change_plan(world.actor, project_id=project.id, changes=[
        {"op": "assign", "id": uuid7(), "task": tasks[name], "person": ana.id} for name in ("Workshops", "Rack")
    ])  # fmt: skip
    page = sign_in(member(world))
    open_plan(page, project)
    before = ends(world, project)
    cell(page, "Rack", "Name").focus()

    page.keyboard.press("v")
    page.get_by_label("within the float; the end stays").check()
    page.get_by_role("button", name="Show the effect").press("Enter")

    expect(effect(page)).to_contain_text("6 Rack: Waits for Ana Ruiz until 11 May 2026")
    expect(effect(page)).to_contain_text("goes first")
    assert ends(world, project) == before
    page.locator("[data-keep]").press("Enter")
    expect(cell(page, "Rack", "End")).to_have_text("11 May")
    assert ends(world, project)["Go-live"] == before["Go-live"]
    expect(page.get_by_text("Tasks wait for their people")).to_be_visible()
    page.keyboard.press("z")
    expect(cell(page, "Rack", "End")).to_have_text("4 May")


def test_a_gate_shows_what_it_misses(world: World, project: Project, sign_in: Callable[..., Page]) -> None:
    with world.inside():
        build = Task.objects.get(project=project, name="Design")
    gates.add_gate(
        world.actor, project_id=project.id, task_id=build.id, name="Kick-off", items=[{"text": "Contract signed"}]
    )
    page = sign_in(member(world))
    open_plan(page, project)

    expect(cell(page, "Workshops", "Critical")).to_contain_text("held by Kick-off")
    cell(page, "Build", "Name").focus()
    page.keyboard.press("m")
    panel = page.locator("[data-gates-panel]")
    expect(panel).to_contain_text("Kick-off before Design")
    expect(panel).to_contain_text("Missing: Contract signed")
    panel.get_by_role("button", name="Show: Design").click()
    expect(cell(page, "Design", "Name")).to_be_focused()
    page.locator("[data-gate]").click()
    panel.get_by_role("link", name="Open the gate: Kick-off").click()
    expect(page).to_have_url(re.compile(f"/p/{project.number}/gates#gat_"))


def test_a_change_goes_into_a_scenario_instead(world: World, project: Project, sign_in: Callable[..., Page]) -> None:
    page = sign_in(member(world))
    open_plan(page, project)
    before = ends(world, project)
    cell(page, "Build", "Name").focus()

    page.keyboard.press("Control+ArrowRight")
    expect(effect(page)).to_contain_text("Fjord ERP ends 15 May → 18 May")
    effect(page).get_by_role("button", name="Put into a scenario").click()

    expect(page).to_have_url(re.compile("/scenarios/compare"))
    expect(page.locator("main")).to_contain_text("Fjord ERP")
    assert ends(world, project) == before
