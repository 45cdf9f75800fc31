"""Projects, tasks and members: done, refused, undone."""

from datetime import date

import pytest

from quoin.base.actor import Scope
from quoin.base.audit.models import AuditAction
from quoin.clients.actions import create_client, edit_client
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from quoin.projects import actions, queries
from quoin.projects.models import Project, Task
from tests.make import World, new_world


def _project(world: World, **fields: object) -> Project:
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    return actions.create_project(world.actor, name="Fjord ERP", client_id=client.id, **fields)


def test_project_gets_the_next_number_and_the_clients_currency(world: World) -> None:
    first, second = _project(world), _project(world)

    assert (first.number, second.number) == ("1001", "1002")
    assert first.currency == "EUR"


def test_task_numbers_count_within_the_project(world: World) -> None:
    project = _project(world)
    one = actions.create_task(world.actor, project_id=project.id, name="Design")
    two = actions.create_task(world.actor, project_id=project.id, name="Build", parent_id=one.id)

    assert (one.number, two.number, two.parent_id) == (1, 2, one.id)


def test_end_before_start_is_refused_and_changes_nothing(world: World) -> None:
    project = _project(world, starts_on=date(2026, 5, 1))

    with pytest.raises(Invalid) as refused:
        actions.edit_project(world.actor, project_id=project.id, ends_on=date(2026, 4, 1))
    assert refused.value.problems[0].pointer == "/ends_on"
    with world.inside():
        assert Project.objects.get(id=project.id).ends_on is None


def test_status_follows_the_allowed_steps_and_can_be_undone(world: World) -> None:
    project = _project(world)
    actions.step_project(world.actor, project_id=project.id, status="closed")

    with pytest.raises(Conflict):
        actions.step_project(world.actor, project_id=project.id, status="on_hold")
    with world.inside():
        undo = AuditAction.objects.filter(name="projects.project.step").latest("at").undo
    actions.step_project(world.actor, **undo["arguments"])
    with world.inside():
        assert Project.objects.get(id=project.id).status == "active"


def test_only_the_manager_edits_with_own_scope(world: World) -> None:
    project = _project(world)
    ana = world.person()
    stranger = world.with_rights("projects.project.edit", "projects.project.view", scope=Scope.OWN, person=ana)

    with pytest.raises(NotFound):
        actions.edit_project(stranger, project_id=project.id, name="Mine now")
    actions.set_member(world.actor, project_id=project.id, person_id=ana.id)
    with pytest.raises(Forbidden):
        actions.edit_project(stranger, project_id=project.id, name="Mine now")


def test_without_the_permission_nothing_happens(world: World) -> None:
    project = _project(world)

    with pytest.raises(Forbidden):
        actions.create_task(world.with_rights("projects.project.view"), project_id=project.id, name="X")
    with world.inside():
        assert not Task.objects.filter(project=project.id).exists()


def test_another_tenants_project_is_not_found(world: World) -> None:
    theirs = _project(new_world())

    with pytest.raises(NotFound):
        actions.edit_project(world.actor, project_id=theirs.id, name="X")
    with world.inside(), pytest.raises(NotFound):
        queries.project_for(world.actor, theirs.id)


def test_wrong_vat_id_names_the_field(world: World) -> None:
    client = create_client(world.actor, name="Vega", country="DE", currency="EUR")

    with pytest.raises(Invalid) as refused:
        edit_client(world.actor, client_id=client.id, vat_id="DE123456789")
    assert refused.value.problems[0].pointer == "/vat_id"
    assert edit_client(world.actor, client_id=client.id, vat_id="DE 136 695 976").vat_id == "DE136695976"
