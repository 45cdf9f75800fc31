"""Gates: what they ask for, who ticks, what they hold by the database, and the doors to them."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from quoin.base.actor import Scope
from quoin.base.audit.models import AuditAction
from quoin.clients.actions import create_client
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from quoin.people.models import Person
from quoin.projects import actions
from quoin.projects.actions import gates as do
from quoin.projects.actions import plan as plans
from quoin.projects.actions import templates as template_actions
from quoin.projects.models import Gate, GateItem, Project, Task, TaskCheck
from quoin.projects.queries.gates import gates_of, held_by, waiting_gates
from quoin.projects.rules.gates import FACTS, Facts, Item, Row, answer, before, behind, is_met
from quoin.projects.rules.templates.reading import read_template, written
from quoin.projects.rules.templates.shipped import SHIPPED
from quoin.projects.rules.templates.typed import document_from, sheet_of
from tests.make import World, new_world
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.web import signed_in

MONDAY = date(2026, 5, 4)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def _project(world: World) -> tuple[Project, dict[str, Task]]:
    """Design with one task, then Build with two."""
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    project = actions.create_project(world.actor, name="Fjord ERP", client_id=client.id, starts_on=MONDAY)
    made: dict[str, Task] = {}
    for name, parent in (("Design", ""), ("Draw", "Design"), ("Build", ""), ("Code", "Build"), ("Test", "Build")):
        parent_id = made[parent].id if parent else None
        made[name] = actions.create_task(world.actor, project_id=project.id, name=name, parent_id=parent_id)
    changes = [{"op": "task.set", "task": made[name].id, "kind": "phase"} for name in ("Design", "Build")]
    plans.change_plan(world.actor, project_id=project.id, changes=changes)
    return project, made


def _gate(world: World, project: Project, task: Task, *items: dict[str, Any]) -> Gate:
    return do.add_gate(world.actor, project_id=project.id, task_id=task.id, name="Ready", items=items)


def _item(world: World, gate: Gate) -> UUID:
    with world.inside():
        return GateItem.objects.filter(gate=gate, kind="manual").earliest("position").id


def _undo(world: World, name: str) -> None:
    with world.inside():
        told = AuditAction.objects.filter(name=name).latest("at").undo
    verb = str(told["action"]).rsplit(".", 1)[1]
    doors = {"remove": do.remove_gate, "reopen": do.reopen_gate, "add": do.add_gate, "untick": do.untick_item}
    doors[verb](world.actor, **told["arguments"])


TREES = st.lists(st.integers(-1, 6), min_size=1, max_size=12)


def _rows(parents: list[int], done: frozenset[int] = frozenset()) -> tuple[Row, ...]:
    """Rows in the order of the plan: each under an earlier one, or on top."""
    ids = [UUID(int=n + 1) for n in range(len(parents))]
    rows: list[Row] = []

    def place(number: int) -> None:
        above = parents[number] if 0 <= parents[number] < number else None
        status = "done" if number in done else "open"
        rows.append(Row(ids[number], ids[above] if above is not None else None, "task", status))
        for child in range(number + 1, len(parents)):
            if parents[child] == number:
                place(child)

    for number in range(len(parents)):
        if not 0 <= parents[number] < number:
            place(number)
    return tuple(rows)


@given(TREES, st.data())
def test_a_plan_is_the_rows_before_above_behind_and_after_a_gate(parents: list[int], data: Any) -> None:
    rows = _rows(parents)
    held = data.draw(st.sampled_from(rows)).id

    first = {row.id for row in before(rows, held)}
    inside = {row.id for row in behind(rows, held)}

    # Independent of the code: the path to the top, by walking parents.
    by_id = {row.id: row for row in rows}

    def path(row_id: UUID) -> list[UUID]:
        above = by_id[row_id].parent_id
        return [row_id, *(path(above) if above else [])]

    assert inside == {row.id for row in rows if held in path(row.id)}
    assert not first & inside
    place = [row.id for row in rows].index(held)
    assert first == {row.id for row in rows[:place]} - set(path(held))


@given(TREES, st.frozensets(st.integers(0, 11)), st.data())
def test_earlier_phases_are_done_exactly_when_no_row_before_is_open(
    parents: list[int], done: frozenset[int], data: Any
) -> None:
    rows = _rows(parents, done)
    held = data.draw(st.sampled_from(rows)).id

    found = answer(Item("before_done"), Facts(rows=rows), held)

    assert found.is_met == all(row.status == "done" for row in before(rows, held))


@given(st.lists(st.tuples(st.sampled_from([*FACTS, "manual"]), st.booleans()), max_size=6))
def test_a_gate_is_met_exactly_when_each_item_is(items: list[tuple[str, bool]]) -> None:
    facts = Facts(budget="10 h", contract="K-1")
    asked = [Item(kind, NOON if ticked else None) for kind, ticked in items]

    met = is_met(asked, facts, uuid4())

    holds = {"budget_set", "contract_signed", "before_done", "deliverables_accepted"}
    assert met == all(ticked if kind == "manual" else kind in holds for kind, ticked in items)


def test_gate_holds_work_until_it_is_passed(world: World) -> None:
    project, tasks = _project(world)
    gate = _gate(world, project, tasks["Build"], {"text": "Agreed"}, {"kind": "before_done"})

    with pytest.raises(Conflict, match="Ready"):
        actions.edit_task(world.actor, task_id=tasks["Code"].id, status="in_progress")
    with pytest.raises(Conflict):
        plans.change_plan(
            world.actor, project_id=project.id, changes=[{"op": "task.set", "task": tasks["Code"].id, "percent": 10}]
        )
    with pytest.raises(Conflict):
        actions.create_task(
            world.actor, project_id=project.id, name="New", parent_id=tasks["Build"].id, status="in_progress"
        )
    with pytest.raises(Conflict, match="Agreed; All tasks of the earlier phases are done"):
        do.pass_gate(world.actor, gate_id=gate.id)
    actions.edit_task(world.actor, task_id=tasks["Draw"].id, status="in_progress")
    actions.edit_task(world.actor, task_id=tasks["Draw"].id, status="done")
    do.tick_item(world.actor, item_id=_item(world, gate), note="Mail of Monday")

    do.pass_gate(world.actor, gate_id=gate.id)

    assert actions.edit_task(world.actor, task_id=tasks["Code"].id, status="in_progress").status == "in_progress"
    with world.inside():
        assert sorted(GateItem.objects.values_list("kind", "evidence")) == [
            ("before_done", "1/1"),
            ("manual", "Mail of Monday"),
        ]
    with pytest.raises(Conflict, match="begun"):
        do.reopen_gate(world.actor, gate_id=gate.id)


def test_work_does_not_slip_behind_a_gate_by_moving(world: World) -> None:
    project, tasks = _project(world)
    actions.edit_task(world.actor, task_id=tasks["Draw"].id, status="in_progress")
    _gate(world, project, tasks["Build"], {"text": "Agreed"})

    for moved in ("Draw", "Design"):
        with pytest.raises(Conflict):
            actions.edit_task(world.actor, task_id=tasks[moved].id, parent_id=tasks["Build"].id)
    with pytest.raises(Conflict, match="begun"):
        do.add_gate(world.actor, project_id=project.id, task_id=tasks["Design"].id, name="Late", items=[])
    with world.inside():
        assert held_by(project.id) == {tasks[name].id: "Ready" for name in ("Build", "Code", "Test")}


def test_the_database_refuses_a_passed_gate_with_an_unmet_item(world: World) -> None:
    project, tasks = _project(world)
    gate = _gate(world, project, tasks["Build"], {"text": "Agreed"})

    with pytest.raises(Conflict, match="not met"):
        world.do(lambda: Gate.objects.filter(id=gate.id).update(status="passed", decided_at=NOON))
    do.waive_gate(world.actor, gate_id=gate.id, reason="The client insists")
    with pytest.raises(Conflict, match="decided"):
        world.do(lambda: GateItem.objects.filter(gate=gate).update(met_at=NOON))
    with pytest.raises(Conflict, match="gate_waived_why"):
        world.do(lambda: Gate.objects.filter(id=gate.id).update(reason=""))


def test_waiver_says_why_and_is_undone_before_work_begins(world: World) -> None:
    project, tasks = _project(world)
    gate = _gate(world, project, tasks["Build"], {"text": "Agreed"})
    with pytest.raises(Invalid):
        do.waive_gate(world.actor, gate_id=gate.id, reason=" ")

    done = do.waive_gate(world.actor, gate_id=gate.id, reason="The client insists")

    assert (done.status, done.reason, done.decided_by_id) == ("waived", "The client insists", world.actor.person_id)
    with pytest.raises(Conflict):
        do.pass_gate(world.actor, gate_id=gate.id)
    _undo(world, "projects.gate.waive")
    with world.inside():
        assert Gate.objects.get(id=gate.id).status == "waiting"
        assert [one.gate.name for one in waiting_gates(world.actor)] == ["Ready"]
    with pytest.raises(Conflict):
        do.reopen_gate(world.actor, gate_id=gate.id)


def test_item_is_ticked_by_its_role_and_others_by_the_manager(world: World) -> None:
    project, tasks = _project(world)
    ana, jo = world.person("Ana Ruiz", role="Architect"), world.person("Jo Berg", role="Tester")
    with world.inside():
        role = str(ana.job_role_id)
    gate = _gate(world, project, tasks["Build"], {"text": "Drawn", "job_role_id": role}, {"kind": "team_named"})
    for person in (ana, jo):
        actions.set_member(world.actor, project_id=project.id, person_id=person.id)
    names = ("projects.project.view", "projects.gate.view", "projects.gate.tick", "projects.gate.untick")
    item_id = _item(world, gate)

    with pytest.raises(Forbidden, match="Architect"):
        do.tick_item(world.with_rights(*names, scope=Scope.OWN, person=jo), item_id=item_id)
    architect = world.with_rights(*names, scope=Scope.OWN, person=ana)
    do.tick_item(architect, item_id=item_id)
    with pytest.raises(Conflict):
        do.tick_item(architect, item_id=item_id)
    with pytest.raises(Forbidden):
        do.pass_gate(architect, gate_id=gate.id)
    do.untick_item(architect, item_id=item_id)
    with pytest.raises(Conflict):
        do.untick_item(architect, item_id=item_id)
    with pytest.raises(NotFound):
        do.tick_item(new_world().actor, item_id=item_id)
    with world.inside():
        looked_up = GateItem.objects.get(gate=gate, kind="team_named").id
    with pytest.raises(Conflict):
        do.tick_item(world.actor, item_id=looked_up)


def test_changed_gate_keeps_ticks_and_a_removed_one_comes_back(world: World) -> None:
    project, tasks = _project(world)
    gate = _gate(world, project, tasks["Build"], {"text": "Agreed"})
    do.tick_item(world.actor, item_id=_item(world, gate))

    do.edit_gate(world.actor, gate_id=gate.id, name="Go", items=[{"text": "Agreed"}, {"kind": "budget_set"}])

    with world.inside():
        (state,) = gates_of(world.actor, project)
        assert [(one.label, one.is_met) for one in state.items] == [
            ("Agreed", True),
            ("The project has a budget", False),
        ]
    do.remove_gate(world.actor, gate_id=gate.id)
    _undo(world, "projects.gate.remove")
    with world.inside():
        assert Gate.objects.get().name == "Go"
    for items in ([{"kind": "wish"}], [{"text": ""}], [{"text": "A", "color": 1}]):
        with pytest.raises(Invalid):
            do.add_gate(world.actor, project_id=project.id, task_id=tasks["Build"].id, name="X", items=items)


def test_a_gate_moves_to_another_phase_and_day_with_one_undo(world: World) -> None:
    project, tasks = _project(world)
    gate = _gate(world, project, tasks["Build"], {"text": "Agreed"})
    with world.inside():
        role = world.person("Ana Ruiz", role="Quality lead").job_role_id

    do.edit_gate(
        world.actor, gate_id=gate.id, task_id=tasks["Design"].id, due_on="2026-06-01", waiver_role_id=role, name="Go"
    )

    with world.inside():
        found = Gate.objects.get()
        told = AuditAction.objects.filter(name="projects.gate.edit").latest("at").undo
        assert (found.name, found.task_id, found.due_on, found.waiver_role_id) == (
            "Go", tasks["Design"].id, date(2026, 6, 1), role,
        )  # fmt: skip
    do.edit_gate(world.actor, **told["arguments"])
    with world.inside():
        found = Gate.objects.get()
        assert (found.name, found.task_id, found.due_on, found.waiver_role_id) == (
            "Ready",
            tasks["Build"].id,
            None,
            None,
        )
    actions.edit_task(world.actor, task_id=tasks["Draw"].id, status="in_progress")
    for wrong in ({"task_id": tasks["Design"].id}, {"task_id": uuid4()}, {"due_on": "soon"}, {"name": " "}, {"x": 1}):
        with pytest.raises((Invalid, Conflict)):
            do.edit_gate(world.actor, gate_id=gate.id, **wrong)


def test_a_gate_is_waived_by_its_role_and_by_who_waives_all(world: World) -> None:
    project, tasks = _project(world)
    ana, jo = world.person("Ana Ruiz", role="Quality lead"), world.person("Jo Berg", role="Tester")
    gate = _gate(world, project, tasks["Build"], {"text": "Agreed"})
    for person in (ana, jo):
        actions.set_member(world.actor, project_id=project.id, person_id=person.id)
    rights = ("projects.project.view", "projects.gate.view", "projects.gate.edit", "projects.gate.waive")
    lead, tester = (world.with_rights(*rights, scope=Scope.OWN, person=one) for one in (ana, jo))

    with pytest.raises(Forbidden, match="waive every gate"):
        do.waive_gate(lead, gate_id=gate.id, reason="Seen")
    actions.edit_project(world.actor, project_id=project.id, manager_id=jo.id)
    with world.inside():
        wanted = {name: Person.objects.get(id=one.id).job_role_id for name, one in (("lead", ana), ("tester", jo))}
    with pytest.raises(Forbidden, match="chosen by those"):
        do.edit_gate(tester, gate_id=gate.id, waiver_role_id=wanted["tester"])
    do.edit_gate(world.actor, gate_id=gate.id, waiver_role_id=wanted["lead"])
    with pytest.raises(Forbidden, match="Quality lead"):
        do.waive_gate(tester, gate_id=gate.id, reason="In a hurry")
    with world.inside():
        assert [gates_of(actor, project)[0].may_waive for actor in (lead, tester, world.actor)] == [True, False, True]

    assert do.waive_gate(lead, gate_id=gate.id, reason="Seen on site").status == "waived"


def test_the_form_changes_a_gate_and_the_other_doors_do_the_same(world: World) -> None:
    project, tasks = _project(world)
    world.person("Ana Ruiz", role="Architect")
    gate = _gate(world, project, tasks["Build"], {"text": "Agreed"}, {"kind": "budget_set"})
    browser, path = signed_in(world), f"/gates/{gate.public_id}/edit"

    shown = browser.get(path).content.decode()
    saved = browser.post(path, {
        "name": "Go", "task": tasks["Design"].public_id, "due_on": "2026-06-01", "waiver": "",
        "items": "Agreed\nDrawn @architect\nMail a@b.example", "fact_team_named": "1",
    })  # fmt: skip
    refused = browser.post(path, {"name": "", "task": tasks["Design"].public_id, "items": "Kept words"})

    assert "Agreed" in shown
    assert saved.status_code == 303
    assert (refused.status_code, "Kept words" in refused.content.decode()) == (422, True)
    with world.inside():
        (state,) = gates_of(world.actor, project)
    assert [(one.label, one.item.job_role.name if one.item.job_role else "") for one in state.items] == [
        ("Agreed", ""), ("Drawn", "Architect"), ("Mail a@b.example", ""), ("The team is named", ""),
    ]  # fmt: skip
    told = api(world).patch(f"/gates/{gate.public_id}", due_on=None, waiver_role_id=None, name="Steady").body
    assert (told["name"], told["due_on"], len(told["items"])) == ("Steady", None, 4)
    done = quoin(
        world, "gate", "edit", gate.public_id, "--due", "2026-07-01", "--waived-by", "Architect",
        "--holds", f"{project.number}/{tasks['Build'].number}", "--tick", "Signed @Architect",
    )  # fmt: skip
    assert (done["due_on"], done["waived_by"], done["holds"], done["missing"]) == (
        "2026-07-01", "Architect", "Build", "Signed",
    )  # fmt: skip


def test_checklist_of_a_task_is_ticked_and_taken_back(world: World) -> None:
    _, tasks = _project(world)
    line = do.add_check(world.actor, task_id=tasks["Draw"].id, text="Scope")

    do.tick_check(world.actor, task_check_id=line.id)
    with pytest.raises(Conflict):
        do.tick_check(world.actor, task_check_id=line.id)
    do.untick_check(world.actor, task_check_id=line.id)
    do.remove_check(world.actor, task_check_id=line.id)

    with world.inside():
        assert not TaskCheck.objects.exists()
    with pytest.raises(NotFound):
        do.tick_check(world.actor, task_check_id=line.id)


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_cells_of_the_editor_mean_the_template_they_show(key: str) -> None:
    template = SHIPPED[key]
    sheet = sheet_of(template)
    cells = {
        "name": template.name, "description": template.description, "dates": template.dates.value,
        "contract_kind": template.billing.contract_kind, "roles": sheet.roles, "variables": sheet.variables,
        "notes": sheet.notes,
    }  # fmt: skip
    for part in ("rows", "gates", "deliveries", "documents"):
        for n, line in enumerate(getattr(sheet, part)):
            cells |= {f"{part}-{n}-{name}": str(value) for name, value in line.items() if value not in (False, "")}
    for n, gate in enumerate(sheet.gates):
        cells |= {f"gates-{n}-fact_{fact}": "1" for fact in gate["facts"]}

    found = read_template(document_from(cells, template))

    assert replace(found, links=(), gates=()) == replace(template, links=(), gates=())
    assert [(one.name, one.holds, sorted(map(str, one.items))) for one in found.gates] == [
        (one.name, one.holds, sorted(map(str, one.items))) for one in template.gates
    ]
    assert sorted(found.links, key=str) == sorted(template.links, key=str)


def test_web_pages_take_edit_publish_start_and_pass(world: World) -> None:
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    browser = signed_in(world)
    assert b"Come with Quoin" in browser.get("/templates").content
    taken = browser.post("/templates/take", {"shipped": "installation"})
    path = taken["Location"]
    for page in ("", "/edit", "/start", "/export"):
        assert browser.get(path + page).status_code == 200, page
    saved = browser.post(
        f"{path}/edit", {"name": "Shorter", "rows-0-name": "Only", "rows-0-effort": "2d", "do": "done"}
    )
    assert saved.status_code == 303
    refused = browser.post(f"{path}/edit", {"name": "Shorter", "rows-0-name": "Only", "rows-0-under": "7"})
    assert (refused.status_code, b"no row 7" in refused.content) == (422, True)
    preview = browser.post(f"{path}/start", {"client": client.public_id, "name": "Pier", "from": "end",
                                             "ends_on": "2026-09-30", "word-site": "Pier 4"})  # fmt: skip
    assert "Survey Pier 4" in preview.content.decode()
    assert browser.post(f"{path}/start", {"name": "Pier", "do": "create"}).status_code == 422
    begun = browser.post(f"{path}/start", {"client": client.public_id, "name": "Pier", "starts_on": "2026-06-01",
                                           "do": "create"})  # fmt: skip
    assert begun.status_code == 303
    number = begun["Location"].rsplit("/", 1)[1]
    for page in ("", "/gates"):
        assert "Site ready" in browser.get(f"/p/{number}{page}").content.decode()
    with world.inside():
        gate = Gate.objects.get(name="Site ready")
    assert "Site ready" in browser.get("/gates").content.decode()
    assert browser.post(f"/gate-items/{_public(world, gate)}/tick").status_code == 303
    assert browser.post(f"/gates/{gate.public_id}/waive", {"reason": "Agreed by phone"}).status_code == 303
    assert browser.post(f"/gates/{gate.public_id}/reopen").status_code == 303
    assert browser.post(f"{path}/publish", {"note": "Shorter"}).status_code == 303
    assert browser.post(f"{path}/propose", {"text": "Ask earlier"}).status_code == 303
    drawn = browser.post(f"/p/{number}/template", {"name": "Drawn"})
    assert browser.get(drawn["Location"]).status_code == 200
    file = SimpleUploadedFile("t.json", json.dumps({**written(SHIPPED["software"]), "name": "Read"}).encode())
    assert browser.get(browser.post("/templates/new", {"file": file})["Location"]).status_code == 200


def _public(world: World, gate: Gate) -> str:
    with world.inside():
        return GateItem.objects.filter(gate=gate, kind="manual").earliest("position").public_id


def test_api_and_command_line_do_the_same(world: World) -> None:
    create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    door = api(world)
    made = door.post("/project-templates", shipped="onboarding").body
    told = door.post(f"/project-templates/{made['id']}/outlook", name="Fjord", ends_on="2026-09-30").body
    assert (told["ends_on"], told["version"], len(told["rows"])) == ("2026-09-30", 1, 15)
    assert door.get(f"/project-templates/{made['id']}").body["document"]["method"] == "onboarding"
    begun = quoin(
        world, "template", "start", "Client onboarding", "Fjord", "--client", "Fjord AS", "--to", "2026-09-30"
    )
    assert begun["ends_on"] == "2026-09-30"
    gates = door.get("/gates").body["data"]
    assert [gate["name"] for gate in gates] == ["Agreement in force", "Systems under watch", "Service accepted"]
    waived = door.post(f"/gates/{gates[0]['id']}/waive", reason="Signed on paper")
    assert (waived.status, waived.body["status"]) == (200, "waived")
    rows = quoin(world, "gate", "list", "--project", begun["number"])
    assert [row["status"] for row in rows] == ["waived", "waiting", "waiting"]
    assert quoin(world, "template", "export", "Client onboarding")["name"] == "Client onboarding"
    proposal = door.post(f"/project-templates/{made['id']}/proposals", text="Ask earlier").body
    answered = door.post(f"/template-proposals/{proposal['id']}/answer", is_accepted=True)
    assert answered.body["status"] == "accepted"
    assert len(quoin(world, "template", "gallery")) == 4


def test_template_is_read_in_by_the_web_as_it_was_written_out(world: World) -> None:
    made = template_actions.take_template(world.actor, shipped="waterfall")
    browser = signed_in(world)

    found = json.loads(browser.get(f"/templates/{made.public_id}/export").content)

    assert read_template(found) == SHIPPED["waterfall"]
