"""The paper with which a client accepts a deliverable: kept, shown, gone with the acceptance."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quoin.kernel.errors import Invalid, NotFound
from quoin.projects.actions.plan import change_plan, sign_deliverable, withdraw_deliverable
from quoin.projects.queries import paper_of
from tests.make.cli import quoin
from tests.make.governance import Job, job
from tests.make.web import signed_in
from tests.make.world import World

PAPER = b"%PDF-1.7 signed"


@pytest.fixture
def held(world: World) -> Job:
    """Build is a deliverable."""
    found = job(world)
    changes = [{"op": "task.set", "task": found.build.id, "kind": "deliverable"}]
    change_plan(world.actor, project_id=found.project.id, changes=changes)
    return found


def test_the_paper_is_kept_and_goes_with_the_acceptance(world: World, held: Job) -> None:
    sign_deliverable(
        world.actor, task_id=held.build.id, signed_by="Kari Dahl", file_name="signed.pdf", file_content=PAPER
    )

    with world.inside():
        found = paper_of(world.actor, held.build.id)
        assert (found.name, bytes(found.content)) == ("signed.pdf", PAPER)
    withdraw_deliverable(world.actor, task_id=held.build.id)
    with world.inside(), pytest.raises(NotFound, match="No paper"):
        paper_of(world.actor, held.build.id)


def test_what_is_no_paper_is_refused_and_nothing_is_signed(world: World, held: Job) -> None:
    with pytest.raises(Invalid, match="PDF or a picture"):
        sign_deliverable(
            world.actor, task_id=held.build.id, signed_by="Kari Dahl", file_name="a.exe", file_content=b"MZ"
        )

    with world.inside():
        held.build.refresh_from_db()
        assert held.build.signed_at is None


def test_every_door_takes_the_paper(world: World, held: Job, tmp_path: Path) -> None:
    browser, build = signed_in(world), held.build.public_id
    page = f"/p/{held.project.number}/deliverables"

    browser.post(f"/tasks/{build}/sign", {"signed_by": "Kari Dahl", "paper": SimpleUploadedFile("a.pdf", PAPER)})
    assert f"/tasks/{build}/paper" in browser.get(page).content.decode()
    assert browser.get(f"/tasks/{build}/paper").content == PAPER
    browser.post(f"/tasks/{build}/withdraw")
    assert browser.get(f"/tasks/{build}/paper").status_code == 404

    target = tmp_path / "signed.pdf"
    target.write_bytes(PAPER)
    place = f"{held.project.number}/{held.build.number}"
    assert quoin(world, "deliverable", "sign", place, "--by", "Kari Dahl", "--paper", str(target))["has_paper"]
    assert browser.get(f"/api/v1/tasks/{build}/sign/paper").content == PAPER
    quoin(world, "deliverable", "withdraw", place)
    answer = browser.post(
        f"/api/v1/tasks/{build}/sign/paper", {"signed_by": "Kari Dahl", "paper": SimpleUploadedFile("a.pdf", PAPER)},
        headers={"Idempotency-Key": "paper-1"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    assert [row["signed_by"] for row in quoin(world, "deliverable", "list", held.project.number)] == ["Kari Dahl"]
