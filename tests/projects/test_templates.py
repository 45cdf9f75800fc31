"""Templates: read, published for good, begun from forwards and backwards, drawn, proposed to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, InternalError, OperationalError, connection
from hypothesis import given
from hypothesis import strategies as st

from quoin.base.actor import Actor, Scope
from quoin.base.db.faults import domain_error
from quoin.clients.actions import create_client
from quoin.field.models import Delivery
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from quoin.kernel.workcal import standard_calendar
from quoin.people.models import JobRole
from quoin.projects import actions
from quoin.projects.actions import templates as do
from quoin.projects.models import (
    Assignment,
    Dependency,
    Gate,
    Project,
    ProjectDocument,
    ProjectMember,
    ProjectOrigin,
    ProjectTemplate,
    Task,
    TaskCheck,
    TemplateProposal,
    TemplateVersion,
)
from quoin.projects.queries.templates import Start, current_document, drawn, outlook, templates
from quoin.projects.rules.templates.laying import Ground, lay_out
from quoin.projects.rules.templates.methods import STAGES, begun_with
from quoin.projects.rules.templates.reading import read_template, written
from quoin.projects.rules.templates.shipped import SHIPPED
from quoin.projects.rules.templates.values import FORMAT, Link, Row, Template
from quoin.projects.types import Method, NewContract
from quoin.resourcing.models import Demand
from quoin.sales.models import Contract, Milestone
from tests.make import World, money, new_world

MONDAY = date(2026, 5, 4)
SMALL: dict[str, Any] = {
    "format": FORMAT,
    "name": "Small",
    "roles": [{"key": "lead", "name": "Consultant"}],
    "variables": [{"key": "site", "label": "Site", "default": "the yard"}],
    "rows": [
        {"key": "p", "name": "Prepare {site}", "kind": "phase"},
        {
            "key": "a",
            "name": "Ask {client}",
            "under": "p",
            "effort_minutes": 960,
            "role": "lead",
            "checklist": ["Call"],
        },
        {"key": "b", "name": "Build", "effort_minutes": 480, "is_billable": False, "notes": "For {project}"},
    ],
    "links": [{"before": "a", "after": "b", "kind": "fs", "lag": 480}],
    "gates": [{"name": "Ready", "holds": "b", "items": [{"text": "Agreed", "role": "lead"}, {"kind": "budget_set"}]}],
    "deliveries": [{"item": "Crane", "row": "b", "quantity": "2", "expected_after_days": 3}],
    "documents": [{"name": "Protocol", "text": "At {site}"}],
}


def _client(world: World) -> UUID:
    return create_client(world.actor, name="Fjord AS", country="DE", currency="EUR").id


def _published(world: World, document: dict[str, Any] | None = None) -> ProjectTemplate:
    made = do.create_template(world.actor, document=document or SMALL)
    do.publish_template(world.actor, template_id=made.id)
    return made


def _days(world: World, project: Project) -> dict[str, tuple[date | None, date | None]]:
    with world.inside():
        return {task.name: (task.starts_on, task.due_on) for task in Task.objects.filter(project=project)}


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_shipped_template_reads_back_and_has_its_methods_gates(key: str) -> None:
    template = SHIPPED[key]

    assert read_template(written(template)) == template
    assert {gate.name for gate in template.gates} == {one.gate for one in STAGES[template.method] if one.gate}


@pytest.mark.parametrize(
    ("place", "value", "pointer"),
    [
        ("format", "else", "/format"),
        ("name", "", "/name"),
        (
            "rows",
            [{"key": "a", "name": "A", "under": "b"}, {"key": "b", "name": "B", "kind": "phase"}],
            "/rows/0/under",
        ),
        ("rows", [{"key": "a", "name": "A"}, {"key": "a", "name": "B"}], "/rows/1/key"),
        ("rows", [{"key": "a", "name": "A", "effort_minutes": -1}], "/rows/0/effort_minutes"),
        ("rows", [{"key": "a", "name": "A", "kind": "tree"}], "/rows/0/kind"),
        ("rows", [{"key": "a", "name": "A", "color": 1}], "/rows/0/color"),
        ("rows", {"key": "a"}, "/rows"),
        ("links", [{"before": "a", "after": "z"}], "/links/0/after"),
        ("gates", [{"name": "G", "holds": "b", "items": [{"kind": "wish"}]}], "/gates/0/items/0/kind"),
        ("gates", [{"name": "G", "holds": "b", "items": [{"text": ""}]}], "/gates/0/items/0/text"),
        ("billing", {"shares": [{"row": "a", "share_ratio": "0.4"}]}, "/billing/shares"),
        ("deliveries", [{"item": "Crane", "quantity": 1.5}], "/deliveries/0/quantity"),
    ],
)
def test_wrong_document_is_refused_by_its_place(place: str, value: object, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_template({**SMALL, place: value})

    assert refused.value.problems[0].pointer == pointer


ROWS = st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 8)), min_size=1, max_size=8)


@given(ROWS, st.data())
def test_plan_laid_backwards_ends_on_the_day_or_before_and_keeps_links(rows: list[tuple[int, int]], data: Any) -> None:
    lines = tuple(
        Row(key=str(n), name=str(n), effort_minutes=minutes, starts_after_days=after)
        for n, (minutes, after) in enumerate(rows)
    )
    pairs = data.draw(
        st.sets(st.tuples(st.integers(0, len(rows) - 1), st.integers(0, len(rows) - 1)).filter(lambda p: p[0] < p[1]))
    )
    template = Template(name="T", rows=lines, links=tuple(Link(before=str(a), after=str(b)) for a, b in sorted(pairs)))
    ground = Ground(
        project_id=uuid4(), name="P", new_id=uuid4, calendars={None: standard_calendar()}, ends_on=date(2026, 9, 30)
    )

    back = lay_out(template, ground)
    forth = lay_out(template, replace(ground, starts_on=back.starts_on, ends_on=None))

    ends = [back.days(row.key)[1] for row in lines]
    assert max(ends) <= date(2026, 9, 30)
    assert forth.ends_on <= date(2026, 9, 30)
    later = lay_out(template, replace(ground, starts_on=date(2026, 10, 1), ends_on=None))
    assert later.ends_on > date(2026, 9, 30)
    for before, after in pairs:
        assert back.schedule[back.tasks[str(after)]].start >= back.schedule[back.tasks[str(before)]].finish


def test_project_begins_as_the_preview_said(world: World) -> None:
    template, client_id, ana = _published(world), _client(world), world.person("Ana Ruiz")
    start = Start(
        name="Pier", client_id=client_id, starts_on=MONDAY, people={"lead": ana.id}, answers={"site": "Pier 4"}
    )
    with world.inside():
        told = outlook(world.actor, template.id, start)

    made = actions.create_project(
        world.actor, name="Pier", client_id=client_id, template_id=template.id, starts_on=MONDAY,
        people={"lead": ana.id}, answers={"site": "Pier 4"},
    )  # fmt: skip

    expected = {
        told.laid.plan.tasks[told.laid.tasks[row.key]].name: told.laid.days(row.key) for row in told.template.rows
    }
    assert _days(world, made) == expected
    assert expected["Ask Fjord AS"] == (MONDAY, date(2026, 5, 5))
    assert expected["Build"] == (date(2026, 5, 7), date(2026, 5, 7))
    with world.inside():
        made.refresh_from_db()
        assert (made.budget_minutes, made.ends_on, made.schedule) == (1440, date(2026, 5, 7), "from_start")
        ask = Task.objects.get(project=made, name="Ask Fjord AS")
        build = Task.objects.get(project=made, name="Build")
        assert (build.is_billable, build.notes) == (False, "For Pier")
        assert Dependency.objects.get(after=build).lag == 480
        assert Assignment.objects.get(task=ask).person_id == ana.id
        assert ProjectMember.objects.get(project=made).job_role == JobRole.objects.get(name="Consultant")
        assert TaskCheck.objects.get(task=ask).text == "Call"
        assert Gate.objects.get(project=made).task_id == build.id
        assert ProjectDocument.objects.get(project=made).text == "At Pier 4"
        goods = Delivery.objects.get(project=made)
        assert (goods.item, goods.quantity, goods.task_id, goods.expected_on) == (
            "Crane",
            2,
            build.id,
            date(2026, 5, 7),
        )
        assert not Demand.objects.filter(project=made).exists()


def test_unfilled_roles_become_placeholders(world: World) -> None:
    world.person("Ana Ruiz")
    made = actions.create_project(
        world.actor, name="Pier", client_id=_client(world), template_id=_published(world).id, starts_on=MONDAY
    )

    with world.inside():
        (asked,) = Demand.objects.filter(project=made)
    assert (asked.title, asked.status, asked.starts_on, asked.percent) == ("Consultant", "draft", MONDAY, 100)


def test_project_from_its_end_comes_out_on_that_day(world: World) -> None:
    made = actions.create_project(
        world.actor, name="Pier", client_id=_client(world), template_id=_published(world).id, ends_on=date(2026, 6, 5)
    )

    with world.inside():
        made.refresh_from_db()
        assert (made.schedule, made.starts_on) == ("from_end", date(2026, 6, 2))
        assert Task.objects.get(project=made, name="Build").due_on == date(2026, 6, 5)
        assert ProjectOrigin.objects.get(project=made).is_backward


def test_fixed_price_is_split_by_the_shares_to_the_cent(world: World) -> None:
    client_id = _client(world)
    template = do.take_template(world.actor, shipped="waterfall")

    made = actions.create_project(
        world.actor, name="Pier", client_id=client_id, template_id=template.id, starts_on=MONDAY,
        new_contract=NewContract(price=Decimal("1000.01")),
    )  # fmt: skip

    with world.inside():
        contract = Contract.objects.get(id=made.contract_id)
        amounts = list(
            Milestone.objects.filter(contract=contract).order_by("position").values_list("amount", flat=True)
        )
    assert (contract.kind, contract.fixed_amount) == ("fixed_price", Decimal("1000.01"))
    assert sum(amounts) == Decimal("1000.01")
    assert amounts == [Decimal("200.00"), Decimal("200.00"), Decimal("400.01"), Decimal("200.00")]


def test_contract_needs_its_own_right(world: World) -> None:
    template, client_id = _published(world), _client(world)
    actor = world.with_rights("projects.project.create", "projects.template.view")

    with pytest.raises(Forbidden):
        actions.create_project(
            actor, name="Pier", client_id=client_id, template_id=template.id, new_contract=NewContract()
        )
    with world.inside():
        assert not Project.objects.exists()


def test_published_version_never_changes_and_running_projects_keep_it(world: World) -> None:
    template = _published(world)
    made = actions.create_project(world.actor, name="Pier", client_id=_client(world), template_id=template.id)
    do.edit_template(world.actor, template_id=template.id, document={**SMALL, "rows": SMALL["rows"][:2], "links": [],
                                                                     "gates": [], "deliveries": []})  # fmt: skip
    before = _days(world, made)

    do.publish_template(world.actor, template_id=template.id, note="Shorter")

    assert _days(world, made) == before
    with world.inside():
        assert ProjectOrigin.objects.get(project=made).version.number == 1
        assert [row.number for row in TemplateVersion.objects.order_by("number")] == [1, 2]
    with pytest.raises(Conflict):
        world.do(lambda: _refused("UPDATE projects_templateversion SET document = '{}' WHERE number = 1"))
    with pytest.raises(Conflict):
        world.do(lambda: _refused("DELETE FROM projects_templateversion WHERE number = 2"))


def _refused(sql: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
    except (IntegrityError, InternalError, OperationalError) as fault:
        raise domain_error(fault) from fault


def test_project_cannot_begin_from_a_draft(world: World) -> None:
    template = do.create_template(world.actor, name="New", method="hybrid")
    client_id = _client(world)

    with pytest.raises(Invalid):
        actions.create_project(world.actor, name="Pier", client_id=client_id, template_id=template.id)
    with world.inside():
        assert not Project.objects.exists()
        draft = TemplateVersion.objects.get(template=template)
    made = actions.create_project(world.actor, name="Pier", client_id=client_id)
    with pytest.raises(Conflict, match="published"):
        world.do(lambda: _origin(world.actor, made, draft))


def _origin(actor: Actor, project: Project, version: TemplateVersion) -> None:
    try:
        ProjectOrigin.objects.create(project=project, version=version, begun_at=actor.now, starts_on=actor.today)
    except (IntegrityError, InternalError, OperationalError) as fault:
        raise domain_error(fault) from fault


def test_template_that_cannot_be_dated_is_not_published(world: World) -> None:
    loop = {**SMALL, "links": [{"before": "a", "after": "b"}, {"before": "b", "after": "a"}]}
    made = do.create_template(world.actor, document=loop)

    with pytest.raises(Conflict):
        do.publish_template(world.actor, template_id=made.id)
    empty = do.create_template(world.actor, name="Empty")
    with pytest.raises(Invalid):
        do.publish_template(world.actor, template_id=empty.id)


def test_drafts_are_dropped_and_templates_retired(world: World) -> None:
    template = _published(world)
    do.edit_template(world.actor, template_id=template.id, document={**SMALL, "description": "New"})
    do.discard_draft(world.actor, template_id=template.id)
    with pytest.raises(Conflict):
        do.discard_draft(world.actor, template_id=template.id)

    do.retire_template(world.actor, template_id=template.id)
    with pytest.raises(Conflict):
        do.retire_template(world.actor, template_id=template.id)
    assert do.restore_template(world.actor, template_id=template.id).is_active
    with pytest.raises(Conflict):
        do.create_template(world.actor, document=SMALL)


def test_template_drawn_from_a_project_makes_the_same_project(world: World) -> None:
    template, client_id, ana = _published(world), _client(world), world.person("Ana Ruiz")
    first = actions.create_project(
        world.actor,
        name="Pier",
        client_id=client_id,
        template_id=template.id,
        starts_on=MONDAY,
        people={"lead": ana.id},
    )

    made = do.draw_template(world.actor, project_id=first.id, name="As it went")
    do.publish_template(world.actor, template_id=made.id)
    again = actions.create_project(world.actor, name="Pier", client_id=client_id, template_id=made.id, starts_on=MONDAY)

    assert _days(world, again) == _days(world, first)
    with world.inside():
        found = current_document(made.id)
        assert [goods.expected_after_days for goods in found.deliveries] == [3]
        assert [role.name for role in found.roles] == ["Consultant"]
        assert [(gate.name, len(gate.items)) for gate in found.gates] == [("Ready", 2)]
        assert drawn(world.actor, again.id, name="X").rows[1].checklist == ("Call",)


def test_proposal_becomes_a_note_or_is_declined(world: World) -> None:
    template = _published(world)
    first = do.propose_template_change(world.actor, template_id=template.id, text="Ask for the crane", source="les_1")
    assert do.propose_template_change(
        world.actor, template_id=template.id, text="Ask for the crane", source="les_1"
    ).id == first.id  # fmt: skip
    second = do.propose_template_change(world.actor, template_id=template.id, text="Shorter")

    do.accept_proposal(world.actor, template_proposal_id=first.id)
    with pytest.raises(Invalid):
        do.decline_proposal(world.actor, template_proposal_id=second.id, answer=" ")
    do.decline_proposal(world.actor, template_proposal_id=second.id, answer="Too short already")

    with world.inside():
        assert current_document(template.id).notes == ("Ask for the crane (les_1)",)
        assert sorted(TemplateProposal.objects.values_list("status", flat=True)) == ["accepted", "declined"]
    with pytest.raises(Conflict):
        do.accept_proposal(world.actor, template_proposal_id=second.id)


def test_only_its_owner_changes_a_template(world: World) -> None:
    template = _published(world)
    other = world.person("Jo Berg")
    names = [f"projects.template.{verb}" for verb in ("view", "edit", "publish", "accept", "assign", "retire")]
    actor = world.with_rights(*names, scope=Scope.OWN, person=other)

    with pytest.raises(Forbidden):
        do.edit_template(actor, template_id=template.id, document=SMALL)
    do.assign_template(world.actor, template_id=template.id, person_id=other.id)
    assert do.edit_template(actor, template_id=template.id, document=SMALL).number == 2
    with pytest.raises(Invalid):
        do.assign_template(actor, template_id=template.id, person_id=uuid4())
    with pytest.raises(NotFound):
        do.edit_template(new_world().actor, template_id=template.id, document=SMALL)


def test_price_at_list_rates_is_told_to_who_may_see_rates(world: World) -> None:
    world.person("Ana Ruiz")
    template, client_id = _published(world), _client(world)
    money.rate_card(world, rate="100", is_default=True)
    with world.inside():
        told = outlook(world.actor, template.id, Start(name="X", client_id=client_id, starts_on=MONDAY))
        rows = list(templates(world.actor))

    assert told.budget_minutes == 1440
    assert told.price == Decimal(1600)
    assert [(row.name, row.published_number, row.draft_number) for row in rows] == [("Small", 1, None)]


def test_method_without_stages_gives_an_empty_template() -> None:
    assert begun_with(Method.OWN, name="Own").rows == ()
