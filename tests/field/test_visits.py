"""Visits: planned, published, worked on site; nobody and nothing in two places."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from quoin.base.actor import Scope
from quoin.base.audit.models import AuditAction
from quoin.field import actions, queries
from quoin.field.models import Visit, VisitMember
from quoin.field.queries.dispatch import troubles_of, visits_between, waiting_visits
from quoin.field.rules.dispatch import Trouble
from quoin.field.types import NotDispatchable, WrongStep
from quoin.kernel.errors import Conflict, Invalid, NotFound
from quoin.people.models import Certificate, PersonCertificate
from tests.make import World
from tests.make import web as make_web
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.field import at, delivery, job, visit
from tests.proof.forge import Call, answers_of

_PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def _planned(world: World, **fields: object) -> Visit:
    project, _task, site = job(world)
    made = visit(world, project, site, **fields)
    ana = world.people.get("Ana Ruiz") or world.person()
    return actions.plan_visit(world.actor, visit_id=made.id, hours=(at(7, 8), at(7, 12)), crew=[ana.id])


def test_a_visit_waits_until_it_has_a_time_and_a_crew(world: World) -> None:
    project, _task, site = job(world)
    made = visit(world, project, site)
    with world.inside():
        assert [row.id for row in waiting_visits(world.actor)] == [made.id]
        kinds = [one.trouble for one in troubles_of(world.actor, made)]
    assert kinds == [Trouble.NO_TIME, Trouble.NO_CREW]
    with pytest.raises(NotDispatchable, match="no time yet"):
        actions.publish_visits(world.actor, visit_ids=[made.id])
    with pytest.raises(Invalid, match="before you choose its crew"):
        actions.plan_visit(world.actor, visit_id=made.id, hours=None, crew=[world.person().id])


def test_drafts_may_overlap_but_what_is_published_may_not(world: World) -> None:
    project, _task, site = job(world)
    ana = world.person()
    first, second = visit(world, project, site), visit(world, project, site)
    for one in (first, second):
        actions.plan_visit(world.actor, visit_id=one.id, hours=(at(7, 8), at(7, 12)), crew=[ana.id])
    actions.publish_visits(world.actor, visit_ids=[first.id])
    with pytest.raises(NotDispatchable, match="Ana Ruiz is at another visit"):
        actions.publish_visits(world.actor, visit_ids=[second.id])
    actions.plan_visit(world.actor, visit_id=second.id, hours=(at(7, 12), at(7, 14)), crew=[ana.id])
    actions.publish_visits(world.actor, visit_ids=[second.id])
    with pytest.raises(NotDispatchable):
        actions.plan_visit(world.actor, visit_id=second.id, hours=(at(7, 11, 59), at(7, 14)), crew=[ana.id])
    with world.inside():
        assert Visit.objects.get(id=second.id).starts_at == at(7, 12)


def test_all_visits_are_published_or_none(world: World) -> None:
    good = _planned(world)
    with world.inside():
        project, site = good.project, good.site
    bad = visit(world, project, site)
    with pytest.raises(NotDispatchable):
        actions.publish_visits(world.actor, visit_ids=[good.id, bad.id])
    with world.inside():
        assert set(Visit.objects.values_list("status", flat=True)) == {"draft"}


def test_the_database_keeps_people_out_of_two_places(world: World) -> None:
    first = _planned(world)
    actions.publish_visits(world.actor, visit_ids=[first.id])
    with world.inside():
        project, site = first.project, first.site
    second = visit(world, project, site)
    actions.plan_visit(world.actor, visit_id=second.id, hours=(at(7, 9), at(7, 10)), crew=[world.people["Ana Ruiz"].id])
    with pytest.raises(Conflict, match="another visit at that time"):
        world.do(lambda: VisitMember.objects.filter(visit=second).update(is_firm=True))


def test_sixteen_planners_publish_the_same_technician_once(world: World) -> None:
    project, _task, site = job(world)
    ana = world.person()
    visits = [visit(world, project, site, title=f"Visit {n}") for n in range(16)]
    for one in visits:
        actions.plan_visit(world.actor, visit_id=one.id, hours=(at(7, 8), at(7, 12)), crew=[ana.id])
    token = make_web.token(world)
    calls = [
        Call("POST", "/api/v1/visits/publish", token, {"visit_ids": [one.public_id]}, key=f"publish-{n}")
        for n, one in enumerate(visits)
    ]
    statuses = sorted(answer.status for answer in answers_of(calls) if answer is not None)
    assert statuses == [200] + [409] * 15
    with world.inside():
        assert VisitMember.objects.filter(person=ana, is_firm=True).count() == 1


def test_a_certificate_that_lapses_stops_the_visit_and_is_named(world: World) -> None:
    ana = world.person()

    def certify() -> Certificate:
        licence = Certificate.objects.create(name="Crane licence")
        PersonCertificate.objects.create(
            person=ana, certificate=licence, issued_on=date(2025, 5, 1), expires_on=date(2026, 5, 6)
        )
        return licence

    made = _planned(world, certificate_id=world.do(certify).id)
    with pytest.raises(NotDispatchable, match="Crane licence 6 May 2026"):
        actions.publish_visits(world.actor, visit_ids=[made.id])


def test_late_goods_are_shown_and_do_not_stop(world: World) -> None:
    project, _task, site = job(world)
    goods = delivery(world, project, expected_on=date(2026, 5, 20))
    made = visit(world, project, site, deliveries=[goods.id])
    made = actions.plan_visit(world.actor, visit_id=made.id, hours=(at(7, 8), at(7, 12)), crew=[world.person().id])
    with world.inside():
        (found,) = troubles_of(world.actor, made)
    assert (found.trouble, found.subject, found.detail) == (Trouble.GOODS_NOT_THERE, "Press frame", "2026-05-20")
    assert actions.publish_visits(world.actor, visit_ids=[made.id]) == [made.id]


def test_a_plan_can_be_undone(world: World) -> None:
    made = _planned(world)
    bo = world.person("Bo")
    actions.plan_visit(world.actor, visit_id=made.id, hours=(at(8, 8), at(8, 9)), crew=[bo.id], travel_minutes=30)
    with world.inside():
        undo = AuditAction.objects.filter(name="field.visit.plan").latest("at").undo
    actions.plan_visit(world.actor, **undo["arguments"])
    with world.inside():
        found = Visit.objects.get(id=made.id)
        assert (found.starts_at, found.travel_minutes) == (at(7, 8), 0)
        assert [row.person.name for row in queries.crew_of(found)] == ["Ana Ruiz"]


def test_an_old_version_is_refused(world: World) -> None:
    made = _planned(world)
    with pytest.raises(WrongStep, match="changed meanwhile"):
        actions.plan_visit(world.actor, visit_id=made.id, hours=None, version=made.version - 1)


def test_a_technician_works_a_visit_from_the_phone(world: World) -> None:
    made = _planned(world, checklist=[("Anchor the frame", True), ("Level it", False)])
    actions.publish_visits(world.actor, visit_ids=[made.id])
    rights = (queries.VIEW, "field.visit.start", "field.check.answer", "field.part.use", "field.visit.finish",
              "field.visit.sign")  # fmt: skip
    ana = replace(world.with_rights(*rights, scope=Scope.OWN, person=world.people["Ana Ruiz"]), now=at(7, 16))
    actions.start_visit(ana, visit_id=made.id, kind="travel", at=at(7, 7))
    actions.start_visit(ana, visit_id=made.id, kind="work", at=at(7, 8))
    again = actions.start_visit(ana, visit_id=made.id, kind="work", at=at(7, 9))
    assert again.work_began_at == at(7, 8)
    with world.inside():
        anchor, level = queries.checks_of(made)
    with pytest.raises(Conflict, match="needs a photo"):
        actions.answer_check(ana, check_id=anchor.id, state="done", at=at(7, 9))
    actions.answer_check(ana, check_id=anchor.id, state="done", photo=("a.png", _PNG), at=at(7, 9))
    with pytest.raises(Invalid, match="Answer line 2 first: Level it"):
        actions.finish_visit(ana, visit_id=made.id, at=at(7, 12))
    actions.answer_check(ana, check_id=level.id, state="failed", note="Two degrees off", at=at(7, 10))
    late = actions.answer_check(ana, check_id=level.id, state="done", at=at(7, 9))
    assert late.state == "failed"
    actions.use_part(ana, visit_id=made.id, name="Anchor bolt", quantity="8")
    with pytest.raises(WrongStep, match="Finish the visit"):
        actions.sign_visit(ana, visit_id=made.id, signed_by="Frau Stein")
    actions.finish_visit(ana, visit_id=made.id, report="Frame stands.", at=at(7, 12))
    signed = actions.sign_visit(ana, visit_id=made.id, signed_by="Frau Stein", signature=_PNG, at=at(7, 12, 5))
    assert (signed.status, signed.signed_by, signed.signature_id is not None) == ("done", "Frau Stein", True)
    with pytest.raises(WrongStep, match="is signed"):
        actions.use_part(ana, visit_id=made.id, name="Another")


def test_only_the_crew_sees_and_works_a_visit(world: World) -> None:
    made = _planned(world)
    ola = world.with_rights(queries.VIEW, "field.visit.start", scope=Scope.OWN, person=world.person("Ola"))
    ana = world.with_rights(queries.VIEW, "field.visit.start", scope=Scope.OWN, person=world.people["Ana Ruiz"])
    with world.inside():
        assert not queries.visible_visits(ana).exists()  # a draft is the planner's own
    actions.publish_visits(world.actor, visit_ids=[made.id])
    with world.inside():
        assert queries.visible_visits(ana).exists()
        assert not queries.visible_visits(ola).exists()
    with pytest.raises(NotFound):
        actions.start_visit(ola, visit_id=made.id, kind="work")


def test_times_that_lie_ahead_are_refused(world: World) -> None:
    made = _planned(world)
    actions.publish_visits(world.actor, visit_ids=[made.id])
    with pytest.raises(Invalid, match="clock of the phone"):
        actions.start_visit(world.actor, visit_id=made.id, kind="work", at=world.actor.now + timedelta(hours=1))


def test_the_api_and_the_command_line_do_the_same(world: World) -> None:
    project, _task, site = job(world)
    ana = world.person()
    web = api(world)
    made = web.post(
        "/visits", project_id=project.public_id, site_id=site.public_id, title="Inspect",
        checklist=[{"text": "Look", "needs_photo": False}],
    )  # fmt: skip
    assert made.status == 201
    planned = web.post(
        f"/visits/{made.body['id']}/plan", starts_at="2026-05-07T08:00:00+00:00", ends_at="2026-05-07T10:00:00+00:00",
        crew=[ana.public_id],
    )  # fmt: skip
    assert planned.body["starts_at"].startswith("2026-05-07T08:00")
    assert web.post("/visits/publish", visit_ids=[made.body["id"]]).body == {"published": [made.body["id"]]}
    whole = web.get(f"/visits/{made.body['id']}").body
    assert [row["name"] for row in whole["crew"]] == ["Ana Ruiz"]
    assert whole["against"] == []
    board = web.get("/visits/board?first=2026-05-04&until=2026-05-11").body["data"]
    assert [row["id"] for row in board] == [made.body["id"]]
    assert web.get("/visits/board?first=2026-05-04&until=2026-05-04").status == 422
    (row,) = quoin(world, "visit", "list")
    assert row["status"] == "published"
    assert quoin(world, "visit", "show", str(row["number"]))["crew"] == ["Ana Ruiz"]
    with world.inside():
        assert [found.id for found in visits_between(world.actor, date(2026, 5, 7), date(2026, 5, 8))]
