"""Status reports and lessons: drafted from facts, frozen with their lines, kept as they were told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from quoin.base.actions import PERMISSIONS
from quoin.base.actor import Scope
from quoin.governance.actions.lessons import create_lesson, drop_lesson, edit_lesson, propose_lesson, restore_lesson
from quoin.governance.actions.raid import create_raid
from quoin.governance.actions.reports import (
    draft_report,
    drop_report,
    edit_report,
    keep_report,
    refresh_report,
    send_report,
)
from quoin.governance.adapters.report_pdf import report_content
from quoin.governance.models import StatusReport
from quoin.governance.queries import lesson_for
from quoin.governance.queries.told import told_report
from quoin.governance.types import WrongState
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from quoin.projects.actions import create_task, edit_task
from quoin.projects.actions.plan import change_plan, take_baseline
from quoin.projects.models import Project, TemplateProposal
from quoin.projects.rules.templates.values import Template
from quoin.projects.services.templates import add_template
from tests.make import World
from tests.make.api import api
from tests.make.governance import DAY, Job, job
from tests.make.money import entries


@pytest.fixture
def held(world: World) -> Job:
    return job(world)


def test_a_draft_tells_the_facts_of_the_day(world: World, held: Job) -> None:
    take_baseline(world.actor, project_id=held.project.id, name="Signed")
    change_plan(
        world.actor, project_id=held.project.id,
        changes=[{"op": "task.set", "task": held.build.id, "duration_minutes": 7 * DAY, "percent": 40}],
    )  # fmt: skip
    entries(world, on=held.project, by=held.ana, minutes=(480, 480), day=date(2026, 5, 5))
    create_raid(
        world.actor, project_id=held.project.id, title="Late data", probability=5, impact=4, impact_amount="1000"
    )
    report = draft_report(world.actor, project_id=held.project.id, money="money")

    facts = report.facts
    assert (facts["progress"], facts["used"], facts["delay_days"], facts["baseline"]) == (
        "0.4000",
        "0.1600",
        4,
        "Signed",
    )
    assert [(one["name"], one["delay_days"]) for one in facts["slipped"]] == [("Build", 4), ("Go-live", 4)]
    assert [(one["title"], one["expected"]) for one in facts["raid"]] == [("Late data", "900.00")]
    worked = next(one for one in facts["figures"] if one["key"] == "project.worked")
    assert worked["sums"] == {"": "960"}
    assert sum(Decimal(line["value"]) for line in worked["lines"]) == 960
    assert (report.health, report.health_reason) == (
        "at_risk", "the end is 4 days later than planned; 1 risk is grave.",
    )  # fmt: skip
    assert report.summary == "Fjord ERP is 40 % done. 16 % of the hours are used."


def test_who_may_not_see_costs_gets_none(world: World, held: Job) -> None:
    names = ("governance.report.draft", "governance.report.view", "projects.project.view", "timesheets.entry.view")
    report = draft_report(world.with_rights(*names), project_id=held.project.id, money="money")
    assert not {"project.cost", "project.margin"} & {one["key"] for one in report.facts["figures"]}


def test_what_was_told_stays_although_the_facts_move_on(world: World, held: Job) -> None:
    report = draft_report(world.actor, project_id=held.project.id)
    edit_report(world.actor, report_id=report.id, summary="All is well.", health="at_risk", health_reason="Watch it.")
    sent = send_report(world.actor, report_id=report.id, to=["kari@fjord.example", " "])
    assert (sent.status, sent.sent_to) == ("sent", ["kari@fjord.example"])
    entries(world, on=held.project, by=held.ana, minutes=(480,), day=date(2026, 5, 5))
    for again in (edit_report, refresh_report, keep_report, drop_report):
        with pytest.raises(WrongState, match="was told"):
            again(world.actor, report_id=report.id)
    with pytest.raises(Conflict, match="was told and stays"):
        world.do(lambda: StatusReport.objects.update(summary="Other words"))
    with world.inside():
        assert StatusReport.objects.get().facts == sent.facts
        project = Project.objects.get(id=held.project.id)
        assert (project.health, project.health_note) == ("at_risk", "Watch it.")


def test_a_draft_is_refreshed_or_dropped_and_bad_words_are_refused(world: World, held: Job) -> None:
    report = draft_report(world.actor, project_id=held.project.id, money="none")
    entries(world, on=held.project, by=held.ana, minutes=(600,), day=date(2026, 5, 5))
    assert refresh_report(world.actor, report_id=report.id, money="hours").facts["used"] == "0.1000"
    for fields in ({"health": "blue"}, {"number": "3"}):
        with pytest.raises(Invalid):
            edit_report(world.actor, report_id=report.id, **fields)
    for to in ([], ["nobody"]):
        with pytest.raises(Invalid):
            send_report(world.actor, report_id=report.id, to=to)
    edit_report(world.actor, report_id=report.id, summary="")
    with pytest.raises(Invalid, match="Say in a sentence"):
        keep_report(world.actor, report_id=report.id)
    drop_report(world.actor, report_id=report.id)
    with pytest.raises(Invalid, match="today or an earlier day"):
        draft_report(world.actor, project_id=held.project.id, as_of=date(2026, 5, 7))
    with pytest.raises(Invalid):
        draft_report(world.actor, project_id=held.project.id, money="all")
    member = world.with_rights("governance.report.draft", "projects.project.view", scope=Scope.OWN, person=held.ana)
    with pytest.raises(Forbidden):
        draft_report(member, project_id=held.project.id)


def test_what_was_done_since_the_last_report_is_named(world: World, held: Job) -> None:
    task = create_task(world.actor, project_id=held.project.id, name="Kick-off", estimate_minutes=60)
    edit_task(world.actor, task_id=task.id, status="done")
    report = draft_report(world.actor, project_id=held.project.id)
    assert report.done == "Kick-off"
    assert "Build" in report.upcoming


def test_a_lesson_is_dropped_brought_back_and_proposed(world: World, held: Job) -> None:
    lesson = create_lesson(world.actor, project_id=held.project.id, title="Ask early", advice="In week one")
    drop_lesson(world.actor, lesson_id=lesson.id)
    with world.inside(), pytest.raises(NotFound):
        lesson_for(world.actor, lesson.id)
    assert not restore_lesson(world.actor, lesson_id=lesson.id).is_dropped
    with pytest.raises(NotFound):
        restore_lesson(world.actor, lesson_id=lesson.id)
    with pytest.raises(Invalid, match="did not begin from a template"):
        propose_lesson(world.actor, lesson_id=lesson.id)
    template = world.do(lambda: add_template(world.actor, Template(name="Roll-out")))
    proposed = propose_lesson(world.actor, lesson_id=lesson.id, template_id=template.id)
    with world.inside():
        found = TemplateProposal.objects.get(id=proposed.template_change_id)
        assert (found.text, found.source) == ("Ask early: In week one", lesson.public_id)
    edit_lesson(world.actor, lesson_id=lesson.id, advice="")
    with pytest.raises(Invalid, match="what is proposed"):
        propose_lesson(world.actor, lesson_id=lesson.id, template_id=template.id)
    with pytest.raises(Invalid):
        edit_lesson(world.actor, lesson_id=lesson.id, number=7)


def test_what_a_project_cost_stays_hidden_in_a_report_from_whoever_may_not_see_it(world: World, held: Job) -> None:
    entries(world, on=held.project, by=held.ana, minutes=(480,), day=date(2026, 5, 5))
    report = draft_report(world.actor, project_id=held.project.id, money="money")
    costs = {"project.cost", "project.margin"}
    every = {one["key"] for one in report.facts["figures"]}
    rights = [right for right in PERMISSIONS if right.endswith(".view") and right != "people.cost.view"]
    reader = api(world, *rights)
    page, path = reader.client.get(f"/status-reports/{report.public_id}"), f"/status-reports/{report.public_id}"

    shown = {one["key"] for one in reader.get(path).body["facts"]["figures"]}

    assert costs <= every
    assert shown == every - costs
    for key in costs:
        assert key not in page.content.decode()
        assert reader.client.get(f"/status-reports/{report.public_id}/figures/{key}").status_code == 404
    with world.inside():
        told = told_report(replace(world.actor, grants=dict.fromkeys(rights, Scope.ALL)), report.id)
        assert str(report_content(told)).count("Margin") == 0
        assert "Margin" in str(report_content(report))
    trail = reader.client.get(f"/api/v1/audit-values?target={report.public_id}").content.decode()
    assert "facts" in trail
    assert "project.cost" not in trail
