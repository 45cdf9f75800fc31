"""Files of templates: on drafts only, by reference to versions and projects, inside a document or by their hash."""

from __future__ import annotations

import base64
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quoin.base.actions import REGISTRY, touch
from quoin.base.actor import Scope
from quoin.base.audit.models import AuditAction
from quoin.base.files.models import StoredFile
from quoin.base.files.store import store_file
from quoin.clients.actions import create_client
from quoin.kernel.errors import Conflict, Forbidden, Invalid
from quoin.kernel.ids import uuid7
from quoin.projects import actions
from quoin.projects.actions import template_files as do
from quoin.projects.actions import templates as template_actions
from quoin.projects.models import ProjectDocument, ProjectTemplate, TemplateFile
from quoin.projects.queries.template_files import CARRIED_BYTES, current_files, named_document, whole_document
from tests.make import World, new_world
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.web import signed_in
from tests.make.world import change

PDF = b"%PDF-1.7 safety"
SMALL: dict[str, Any] = {
    "format": "quoin-template/1", "name": "Small", "rows": [{"key": "a", "name": "Survey"}],
    "variables": [{"key": "site", "label": "Site", "default": "yard"}], "documents": [{"name": "Plan.pdf", "text": "x"}],
}  # fmt: skip


def _template(world: World, **more: Any) -> ProjectTemplate:
    return template_actions.create_template(world.actor, document={**SMALL, **more})


def _names(world: World, template: ProjectTemplate) -> list[str]:
    with world.inside():
        return [one.name for one in current_files(template.id)]


def _undo(world: World, name: str) -> None:
    with world.inside():
        told = AuditAction.objects.filter(name=name).latest("at").undo
    REGISTRY[told["action"]].run(world.actor, **told["arguments"])


def test_a_project_begins_with_the_files_of_its_version_without_a_copy(world: World) -> None:
    template = _template(world)
    do.attach_file(world.actor, template_id=template.id, file_name="../Plan.pdf", content=PDF)
    do.attach_file(world.actor, template_id=template.id, file_name="{site}.md", content=b"# Rules")
    template_actions.publish_template(world.actor, template_id=template.id)
    do.attach_file(world.actor, template_id=template.id, file_name="Later.txt", content=b"later")
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")

    begun = actions.create_project(
        world.actor, name="Pier", client_id=client.id, template_id=template.id, starts_on=world.actor.today
    )

    with world.inside():
        rows = list(ProjectDocument.objects.filter(project=begun).order_by("position"))
        assert [(row.name, row.file_id is not None) for row in rows] == [
            ("Plan.pdf", False), ("Plan (2).pdf", True), ("yard.md", True),
        ]  # fmt: skip
        assert bytes(rows[1].file.content) == PDF
        assert StoredFile.objects.count() == 3
    drawn = template_actions.draw_template(world.actor, project_id=begun.id, name="Drawn")
    assert _names(world, drawn) == ["Plan (2).pdf", "yard.md"]
    listed = quoin(world, "project", "documents", begun.number)
    page = signed_in(world).get(f"/project-documents/{rows[1].public_id}/file")
    assert [row["name"] for row in listed] == ["Plan.pdf", "Plan (2).pdf", "yard.md"]
    assert (page.content, page["Content-Disposition"]) == (PDF, 'attachment; filename="Plan (2).pdf"')


def test_the_database_keeps_the_files_of_a_published_version(world: World) -> None:
    template = _template(world)
    made = do.attach_file(world.actor, template_id=template.id, file_name="Plan.pdf", content=PDF)
    template_actions.publish_template(world.actor, template_id=template.id)

    with pytest.raises(Conflict, match="published version"):
        world.do(lambda: TemplateFile.objects.filter(id=made.id).delete())

    do.detach_file(world.actor, template_file_id=made.id)
    with world.inside():
        assert TemplateFile.objects.filter(id=made.id).exists()
    assert _names(world, template) == []
    _undo(world, "projects.template.detach")
    assert _names(world, template) == ["Plan.pdf"]


def test_attaching_and_taking_off_are_undone(world: World) -> None:
    template = _template(world)
    made = do.attach_file(world.actor, template_id=template.id, file_name="Plan.pdf", content=PDF)
    do.detach_file(world.actor, template_file_id=made.id)
    _undo(world, "projects.template.detach")
    assert _names(world, template) == ["Plan.pdf"]
    with world.inside():
        document = named_document(template.id)
    template_actions.edit_template(world.actor, template_id=template.id, document={**SMALL, "files": []})
    _undo(world, "projects.template.edit")
    with world.inside():
        assert named_document(template.id) == document
    do.attach_file(world.actor, template_id=template.id, file_name="More.txt", content=b"more")
    _undo(world, "projects.template.attach")
    template_actions.edit_template(world.actor, template_id=template.id, document=SMALL)
    assert _names(world, template) == ["Plan.pdf"]


def test_a_document_carries_small_files_and_names_large_ones(world: World) -> None:
    template = _template(world)
    large = b"\x89PNG\r\n\x1a\n" + b"0" * CARRIED_BYTES
    do.attach_file(world.actor, template_id=template.id, file_name="Plan.pdf", content=PDF)
    do.attach_file(world.actor, template_id=template.id, file_name="Large.png", content=large)
    with world.inside():
        document = whole_document(template.id)
    small, big = document["files"]
    assert (base64.b64decode(small["content"]), small["sha256"]) == (PDF, sha256(PDF).hexdigest())
    assert ("content" in big, big["size_bytes"]) == (False, len(large))

    again = template_actions.create_template(world.actor, document={**document, "name": "Again"})

    assert _names(world, again) == ["Plan.pdf", "Large.png"]
    stranger = new_world()
    with pytest.raises(Invalid, match=r"does not carry Large\.png"):
        template_actions.create_template(stranger.actor, document=document)
    taken = template_actions.create_template(stranger.actor, document={**document, "files": [small]})
    assert _names(stranger, taken) == ["Plan.pdf"]


@pytest.mark.parametrize(
    ("files", "pointer"),
    [
        ("none", "/files"),
        (["x"], "/files/0"),
        ([{"name": "a.pdf", "colour": 1}], "/files/0/colour"),
        ([{"name": "", "sha256": "0"}], "/files/0/name"),
        ([{"name": "a.pdf", "content": "?"}], "/files/0/content"),
        ([{"name": "a.pdf", "content": "JVBERi0=", "sha256": "0"}], "/files/0/content"),
        ([{"name": "a.exe", "content": "TVo="}], "/files/0"),
        ([{"name": "a.docx", "content": "TVo="}], "/files/0"),
        ([{"name": "a.pdf", "content": "JVBERi0="}] * 2, "/files/1/name"),
    ],
)
def test_what_is_wrong_with_files_is_named_by_its_place(world: World, files: Any, pointer: str) -> None:
    with pytest.raises(Invalid) as refusal:
        _template(world, files=files)
    assert refusal.value.problems[0].pointer == pointer


def test_files_go_through_every_door(world: World, tmp_path: Path) -> None:
    template = _template(world)
    browser, door = signed_in(world), api(world)
    path = f"/templates/{template.public_id}"
    given = tmp_path / "Rules.txt"
    given.write_text("Wear a helmet")

    attached = browser.post(f"{path}/files", {"file": SimpleUploadedFile("Plan.pdf", PDF)})
    listed = quoin(world, "template", "attach", "Small", str(given))
    rows = door.get(f"/project-templates/{template.public_id}/files").body["data"]
    page = browser.get(path).content.decode()

    assert (attached.status_code, listed["name"]) == (303, "Rules.txt")
    assert [row["name"] for row in rows] == ["Plan.pdf", "Rules.txt"]
    assert "Plan.pdf" in page
    assert browser.get(f"/template-files/{rows[0]['id']}").content == PDF
    assert browser.post(f"/template-files/{rows[0]['id']}/detach").status_code == 303
    assert browser.post(f"{path}/files").status_code == 422
    quoin(world, "template", "files", "Small", "--save", str(tmp_path))
    assert [row["name"] for row in quoin(world, "template", "detach", "Small", "Rules.txt")] == []
    rights = ("projects.template.view", "projects.template.attach")
    reader = world.with_rights(*rights, scope=Scope.OWN, person=world.person("Kari Holm"))
    with pytest.raises(Forbidden, match="owner"):
        do.attach_file(reader, template_id=template.id, file_name="a.pdf", content=PDF)


def test_a_hash_attaches_only_what_its_reader_may_see(world: World) -> None:
    secret = world.do(lambda: store_file(world.actor, name="signed.pdf", content_type="application/pdf", content=PDF))
    template, other = (
        _template(world),
        template_actions.create_template(world.actor, document={**SMALL, "name": "Other"}),
    )
    rights = [f"projects.template.{verb}" for verb in ("view", "create", "edit", "attach", "detach")]
    editor = replace(world.with_rights(*rights), user_id=uuid7())
    named = {"name": "a.pdf", "sha256": secret.sha256}

    for attempt in (
        lambda: do.attach_file(editor, template_id=template.id, file_name="a.pdf", sha256=secret.sha256),
        lambda: template_actions.edit_template(editor, template_id=template.id, document={**SMALL, "files": [named]}),
        lambda: template_actions.create_template(editor, document={**SMALL, "name": "Third", "files": [named]}),
    ):
        with pytest.raises(Invalid, match="is not known here"):
            attempt()

    uploaded = do.attach_file(editor, template_id=other.id, file_name="mine.pdf", content=PDF)
    shared = do.attach_file(editor, template_id=template.id, file_name="a.pdf", sha256=secret.sha256)
    assert uploaded.file_id == shared.file_id == secret.id
    for one in (uploaded, shared):
        do.detach_file(editor, template_file_id=one.id)
    # Taken off everywhere: undo may put it back where it stood, and nowhere else.
    do.attach_file(editor, template_id=template.id, file_name="a.pdf", sha256=secret.sha256)
    do.detach_file(editor, template_file_id=_only(world, template))
    with pytest.raises(Invalid, match="is not known here"):
        template_actions.create_template(editor, document={**SMALL, "name": "Third", "files": [named]})


def test_a_hash_attaches_files_of_projects_in_sight_and_ones_own(world: World) -> None:
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    pier = actions.create_project(world.actor, name="Pier", client_id=client.id, starts_on=world.actor.today)
    known, own = (
        world.do(lambda text=text: store_file(world.actor, name="x.txt", content_type="text/plain", content=text))
        for text in (b"of the project", b"of their own")
    )
    world.do(lambda: ProjectDocument.objects.create(project=pier, position=1, name="x.txt", file=known))
    template = _template(world)
    rights = ("projects.template.view", "projects.template.attach", "projects.gate.view", "projects.project.view")
    near = replace(world.with_rights(*rights), user_id=uuid7())
    far = replace(near, grants={**near.grants, "projects.project.view": Scope.OWN}, user_id=uuid7(), person_id=None)
    change(replace(far, grants=world.actor.grants), what=lambda: touch(own.public_id))

    with pytest.raises(Invalid, match="is not known here"):
        do.attach_file(far, template_id=template.id, file_name="p.txt", sha256=known.sha256)
    with pytest.raises(Invalid, match="is not known here"):
        do.attach_file(near, template_id=template.id, file_name="o.txt", sha256=own.sha256)
    do.attach_file(near, template_id=template.id, file_name="p.txt", sha256=known.sha256)
    do.attach_file(far, template_id=template.id, file_name="o.txt", sha256=own.sha256)

    assert _names(world, template) == ["p.txt", "o.txt"]


def _only(world: World, template: ProjectTemplate) -> UUID:
    with world.inside():
        return current_files(template.id).get().id
