"""Plans in files through the web, the API and the command line; bad files get an answer, never an error page."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from quoin.clients.actions import create_client
from quoin.kernel.ids import public_id, uuid7
from quoin.projects import actions
from quoin.projects.models import Assignment, Project, Task
from tests.make import World
from tests.make.cli import quoin
from tests.make.web import signed_in

_TABLE = b"number,name,duration,predecessors,people\n1,Dig,2d,,Ana Ruiz\n2,Pour,1d,1,Bo [50%]\n"


def _project(world: World) -> Project:
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    return actions.create_project(world.actor, name="Fjord ERP", client_id=client.id, starts_on=date(2026, 5, 4))


def _file(content: bytes = _TABLE, name: str = "plan.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _post(browser: Browser, path: str, **fields: Any) -> Any:
    return browser.post(f"/api/v1{path}", fields, headers={"Idempotency-Key": uuid7().hex})


def _held(page: str) -> str:
    return page.split('name="held" value="')[1].split('"', maxsplit=1)[0]


def test_the_web_shows_what_a_file_would_do_then_does_it_then_takes_it_back(world: World) -> None:
    project, ana = _project(world), world.person("Ana Ruiz")
    browser, path = signed_in(world), f"/p/{project.number}/plan/import"
    assert "Microsoft Project XML" in browser.get(path).content.decode()

    page = browser.post(path, {"file": _file()}).content.decode()

    with world.inside():
        assert not Task.objects.filter(project=project).exists()
    assert f'<option value="{ana.id}" selected>Ana Ruiz</option>' in page
    done = browser.post(path, {"held": _held(page), "person-1": "", "person-2": str(ana.id), "do": "import"})
    with world.inside():
        held = list(Assignment.objects.values_list("task__name", "person_id", "units_percent"))
    assert done.status_code == 303
    assert done["Location"] == f"/p/{project.number}/plan"
    assert held == [("Pour", ana.id, 50)]
    again = browser.post(path, {"file": _file(b"number,name,people\n1,Dig,Ana Ruiz;Bo\n")}).content.decode()
    assert "Pour" in again
    assert "the last import" in again


def test_a_new_project_comes_from_a_file_and_goes_out_again(world: World) -> None:
    client = _project(world).client
    browser = signed_in(world)
    page = browser.post("/projects/import", {"file": _file()}).content.decode()
    done = browser.post(
        "/projects/import", {"held": _held(page), "client": str(client.id), "name": "Crane", "do": "import"}
    )
    number = done["Location"].split("/")[2]
    xml = browser.get(f"/p/{number}/plan/export/mspdi")
    table = browser.get(f"/p/{number}/plan/export/csv").content.decode()
    assert b"http://schemas.microsoft.com/project" in xml.content
    assert xml["Content-Disposition"] == f'attachment; filename="plan-{number}.xml"'
    assert "Pour,1d," in table
    assert browser.get(f"/p/{number}/plan/export/pdf").status_code == 422


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.pdf", b"%PDF", "not a plan"),
        ("plan.csv", b"name,duration\nDig,three\n", "not a duration"),
        ("plan.csv", b"number,name,predecessors\n1,A,2\n2,B,1\n", "circle"),
        ("plan.csv", b"number,name,predecessors\n1,A,1\n", "Links of a task to itself"),
        ("plan.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><Project xmlns="http://schemas.microsoft.com/project"/>', "document type"),
        ("plan.mpp", b"\xd0\xcf\x11\xe0", "MPXJ"),
    ],
)  # fmt: skip
def test_the_web_says_what_is_wrong_with_a_file(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, words: str
) -> None:
    monkeypatch.setenv("QUOIN_MPXJ", "/nowhere")
    project = _project(world)
    answer = signed_in(world).post(f"/p/{project.number}/plan/import", {"file": _file(content, name)})
    assert answer.status_code in {200, 409, 422}
    assert words in answer.content.decode()


def test_the_web_needs_the_right_and_the_file_as_it_was_shown(world: World) -> None:
    project = _project(world)
    path = f"/p/{project.number}/plan/import"
    reader = signed_in(world, "projects.project.view", "projects.plan.view")
    assert reader.post(path, {"file": _file()}).status_code == 403
    browser = signed_in(world, person=world.person("Kari Holm"))
    assert browser.post(path, {"held": "forged", "do": "import"}).status_code == 422
    assert browser.post(path, {"file": _file(), "person-1": "nobody"}).status_code == 422


def test_the_api_tries_imports_and_gives_out(world: World) -> None:
    project, ana = _project(world), world.person("Ana Ruiz")
    browser = signed_in(world)
    tried = _post(browser, "/projects/import-plan?dry_run=true", file=_file(), project_id=project.public_id)
    people = json.dumps({"2": public_id("per", ana.id), "1": None})
    done = _post(browser, "/projects/import-plan", file=_file(), project_id=project.public_id, people=people)
    assert tried.json()["people"][0]["found_by"] == "name"
    assert (tried.json()["added"], done.json()["added"], done.status_code) == (2, 2, 200)
    assert [one["person_id"] for one in done.json()["people"]] == [None, public_id("per", ana.id)]
    assert done.json()["undo"]
    xml = browser.get(f"/api/v1/projects/{project.public_id}/plan.xml")
    assert b"<Name>Pour</Name>" in xml.content
    assert "Dig" in browser.get(f"/api/v1/projects/{project.public_id}/plan.csv").content.decode()
    made = _post(
        browser, "/projects/import-plan", file=_file(xml.content, "a.xml"), name="Copy",
        client_id=public_id("cli", project.client_id),
    )  # fmt: skip
    assert made.status_code == 201, made.json()


def test_the_api_refuses_what_makes_no_sense(world: World) -> None:
    project = _project(world)
    browser = signed_in(world)
    bad = {
        "/people": {"people": "[]"}, "/project_id": {"project_id": "x"}, "/client": {}, "/people/1": {"people": '{"1": "x"}'}
    }  # fmt: skip
    for pointer, fields in bad.items():
        answer = _post(browser, "/projects/import-plan", file=_file(), **fields)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    reader = signed_in(world, "projects.project.view", person=world.person("Ben Lind"))
    assert _post(reader, "/projects/import-plan", file=_file(), project_id=project.public_id).status_code == 403


def test_the_command_line_takes_plans_in_and_out(world: World, tmp_path: Path) -> None:
    project = _project(world)
    given, written = tmp_path / "plan.csv", tmp_path / "out.xml"
    given.write_bytes(_TABLE)
    tried = quoin(world, "plan", "import", str(given), "--project", project.number, "--dry-run")
    with world.inside():
        assert not Task.objects.filter(project=project).exists()
    done = quoin(world, "plan", "import", str(given), "--project", project.number)
    out = quoin(world, "plan", "export", project.number, "--output", str(written))
    again = quoin(world, "plan", "import", str(written), "--client", "Fjord AS", "--name", "Copy")
    assert (tried["added"], done["added"], out["tasks"], again["added"]) == (2, 2, 2, 2)
    assert done["finish"].startswith("2026-05-06T17:00")
    assert again["number"] != project.number
