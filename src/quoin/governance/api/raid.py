"""Risks, issues and lessons over the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiRequest, Router, list_response, operation, respond_json
from quoin.governance import queries
from quoin.governance.actions import lessons, raid
from quoin.governance.api.bodies import (
    ItemId,
    LessonId,
    LessonIn,
    LessonPatch,
    ProposeIn,
    RaidIn,
    RaidPatch,
    RaidStep,
    RaidTurn,
)
from quoin.governance.api.wire import entry_out, lesson_out
from quoin.governance.queries.lists import LESSONS, RAID
from quoin.governance.queries.raid import rated

router = Router(tags=["governance"])


def _entry(request: ApiRequest, raid_id: UUID) -> dict[str, Any]:
    return entry_out(rated([queries.raid_for(request.actor, raid_id)])[0])


@router.get("/raid", summary="List risks, issues and decisions")
@operation(queries.VIEW_RAID)
def list_raid(request: ApiRequest) -> HttpResponse:
    return list_response(request, RAID, queries.visible_raid(request.actor), lambda row: entry_out(rated([row])[0]))


@router.post("/raid", summary="Add a risk, issue or decision")
@operation("governance.raid.create")
def create_raid(request: ApiRequest, body: RaidIn) -> HttpResponse:
    made = raid.create_raid(request.actor, **body.model_dump(exclude_unset=True))
    return respond_json(_entry(request, made.id), status=201)


@router.get("/raid/{raid_id}", summary="An entry with its history")
@operation(queries.VIEW_RAID)
def get_raid(request: ApiRequest, raid_id: ItemId) -> HttpResponse:
    found = queries.raid_for(request.actor, raid_id)
    names = ("at", "by_name", "status", "probability", "impact", "impact_days", "note")
    history = [{name: getattr(row, name) for name in names} for row in queries.states_of(found)]
    return respond_json({**entry_out(rated([found])[0]), "history": history})


@router.patch("/raid/{raid_id}", summary="Edit or rate an entry")
@operation("governance.raid.edit")
def edit_raid(request: ApiRequest, raid_id: ItemId, body: RaidPatch) -> HttpResponse:
    raid.edit_raid(request.actor, raid_id=raid_id, **body.model_dump(exclude_unset=True))
    return respond_json(_entry(request, raid_id))


@router.post("/raid/{raid_id}/step", summary="Accept, mitigate, close or open an entry")
@operation("governance.raid.step")
def step_raid(request: ApiRequest, raid_id: ItemId, body: RaidStep) -> HttpResponse:
    raid.step_raid(request.actor, raid_id=raid_id, **body.model_dump())
    return respond_json(_entry(request, raid_id))


@router.post("/raid/{raid_id}/turn", summary="Say that a risk came true; answers with its issue")
@operation("governance.raid.turn")
def turn_raid(request: ApiRequest, raid_id: ItemId, body: RaidTurn) -> HttpResponse:
    issue = raid.turn_raid(request.actor, raid_id=raid_id, **body.model_dump())
    return respond_json(_entry(request, issue.id), status=201)


@router.get("/lessons", summary="List lessons learned")
@operation(queries.VIEW_LESSONS)
def list_lessons(request: ApiRequest) -> HttpResponse:
    return list_response(request, LESSONS, queries.visible_lessons(request.actor), lesson_out)


@router.post("/lessons", summary="Write down a lesson")
@operation("governance.lesson.create")
def create_lesson(request: ApiRequest, body: LessonIn) -> HttpResponse:
    made = lessons.create_lesson(request.actor, **body.model_dump(exclude_unset=True))
    return respond_json(lesson_out(made), status=201)


@router.patch("/lessons/{lesson_id}", summary="Edit a lesson")
@operation("governance.lesson.edit")
def edit_lesson(request: ApiRequest, lesson_id: LessonId, body: LessonPatch) -> HttpResponse:
    changed = lessons.edit_lesson(request.actor, lesson_id=lesson_id, **body.model_dump(exclude_unset=True))
    return respond_json(lesson_out(changed))


@router.post("/lessons/{lesson_id}/propose", summary="Propose a change of a template because of a lesson")
@operation("governance.lesson.propose")
def propose_lesson(request: ApiRequest, lesson_id: LessonId, body: ProposeIn) -> HttpResponse:
    return respond_json(lesson_out(lessons.propose_lesson(request.actor, lesson_id=lesson_id, **body.model_dump())))


@router.delete("/lessons/{lesson_id}", summary="Drop a lesson")
@operation("governance.lesson.drop")
def drop_lesson(request: ApiRequest, lesson_id: LessonId) -> HttpResponse:
    lessons.drop_lesson(request.actor, lesson_id=lesson_id)
    return HttpResponse(status=204)
