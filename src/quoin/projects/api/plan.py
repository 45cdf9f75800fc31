"""Plans over the API: the chart's rows, previews and changes, baselines, sign-off."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import File, Form
from ninja.files import UploadedFile

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, operation, respond_json
from quoin.kernel.ids import public_id
from quoin.kernel.workcal import instant_of
from quoin.projects.actions import plan as actions
from quoin.projects.queries import gantt, paper_of, project_for
from quoin.projects.queries.plan import VIEW_PLAN, preview
from quoin.projects.rules.effect import Effect
from quoin.projects.types import ScheduleMode

router = Router(tags=["plans"])
ProjectId = Annotated[UUID, PublicId("prj")]
TaskId = Annotated[UUID, PublicId("tsk")]
PersonId = Annotated[UUID, PublicId("per")]
LinkId = Annotated[UUID, PublicId("dep")]
BaselineId = Annotated[UUID, PublicId("bas")]
CalendarId = Annotated[UUID, PublicId("wca")]


class ChangeIn(ApiIn):
    """One change of a plan. `op` says which of the others it needs."""

    op: str
    task: TaskId | None = None
    link: LinkId | None = None
    before: TaskId | None = None
    after: TaskId | None = None
    person: PersonId | None = None
    id: UUID | None = None
    name: str = ""
    parent_id: TaskId | None = None
    position: int = 0
    kind: str = ""
    status: str = ""
    estimate_minutes: int = 0
    duration_minutes: int | None = None
    percent: int = 0
    is_manual: bool = False
    constraint: str = ""
    constraint_at: datetime | None = None
    deadline_at: datetime | None = None
    calendar_id: CalendarId | None = None
    actual_start_at: datetime | None = None
    actual_finish_at: datetime | None = None
    starts_on: date | None = None
    lag: int = 0
    lag_unit: str = ""
    units_percent: int = 100
    effort_minutes: int | None = None


class ChangesIn(ApiIn):
    """Changes that are done together or not at all."""

    changes: list[ChangeIn]
    reason: str = ""


class SettleIn(ApiIn):
    """How a plan is dated."""

    schedule: str
    starts_on: date | None = None
    ends_on: date | None = None
    calendar_id: CalendarId | None = None
    status_on: date | None = None
    critical_minutes: int = 0


class BaselineIn(ApiIn):
    """A baseline to be taken."""

    name: str
    note: str = ""


class SignIn(ApiIn):
    """Who accepted a deliverable."""

    signed_by: str
    note: str = ""


@router.get("/projects/{project_id}/plan", summary="The plan of a project")
@operation(VIEW_PLAN)
def get_plan(
    request: ApiRequest, project_id: ProjectId, baseline_id: BaselineId | None = None, as_of: datetime | None = None
) -> HttpResponse:
    return respond_json(plan_out(gantt.gantt(request.actor, project_id, baseline_id=baseline_id, as_of=as_of)))


@router.post("/projects/{project_id}/plan/preview", summary="What changes of a plan would do")
@operation(VIEW_PLAN)
def preview_plan(request: ApiRequest, project_id: ProjectId, body: ChangesIn) -> HttpResponse:
    found = preview(request.actor, project_id=project_id, changes=changes_of(body, project_id))
    return respond_json(effect_out(found.effect))


@router.post("/projects/{project_id}/plan/changes", summary="Change a plan")
@operation("projects.plan.change")
def change_plan(request: ApiRequest, project_id: ProjectId, body: ChangesIn) -> HttpResponse:
    project_for(request.actor, project_id)
    found = actions.change_plan(
        request.actor, project_id=project_id, changes=changes_of(body, project_id), reason=body.reason
    )
    return respond_json(effect_out(found.effect))


@router.post("/projects/{project_id}/plan/recalculate", summary="Calculate a plan")
@operation("projects.plan.recalculate")
def recalculate_plan(request: ApiRequest, project_id: ProjectId) -> HttpResponse:
    actions.recalculate_plan(request.actor, project_id=project_id)
    return respond_json(plan_out(gantt.gantt(request.actor, project_id)))


@router.put("/projects/{project_id}/plan/settings", summary="Say how a plan is dated")
@operation("projects.plan.settle")
def settle_plan(request: ApiRequest, project_id: ProjectId, body: SettleIn) -> HttpResponse:
    fields = body.model_dump(exclude_unset=True)
    actions.settle_plan(request.actor, project_id=project_id, **fields)
    return respond_json(plan_out(gantt.gantt(request.actor, project_id)))


@router.post("/projects/{project_id}/baselines", summary="Keep a plan as a baseline")
@operation("projects.baseline.take")
def take_baseline(request: ApiRequest, project_id: ProjectId, body: BaselineIn) -> HttpResponse:
    made = actions.take_baseline(request.actor, project_id=project_id, name=body.name, note=body.note)
    return respond_json(_baseline_out(made), status=201)


@router.delete("/baselines/{baseline_id}", summary="Remove a baseline")
@operation("projects.baseline.remove")
def remove_baseline(request: ApiRequest, baseline_id: BaselineId) -> HttpResponse:
    actions.remove_baseline(request.actor, baseline_id=baseline_id)
    return HttpResponse(status=204)


@router.post("/tasks/{task_id}/sign", summary="Record that the client accepted a deliverable")
@operation("projects.deliverable.sign")
def sign_deliverable(request: ApiRequest, task_id: TaskId, body: SignIn) -> HttpResponse:
    task = actions.sign_deliverable(request.actor, task_id=task_id, signed_by=body.signed_by, note=body.note)
    return respond_json({"id": task.public_id, "signed_at": task.signed_at, "signed_by": task.signed_by})


@router.post("/tasks/{task_id}/sign/paper", summary="Record it with the signed paper (multipart/form-data)")
@operation("projects.deliverable.sign")
def sign_with_paper(
    request: ApiRequest, task_id: TaskId, paper: File[UploadedFile], told: Form[SignIn]
) -> HttpResponse:
    task = actions.sign_deliverable(
        request.actor, task_id=task_id, file_name=paper.name or "paper", file_content=paper.read(), **told.model_dump()
    )
    return respond_json({"id": task.public_id, "signed_at": task.signed_at, "signed_by": task.signed_by})


@router.get("/tasks/{task_id}/sign/paper", summary="The signed paper of a deliverable")
@operation(VIEW_PLAN)
def get_paper(request: ApiRequest, task_id: TaskId) -> HttpResponse:
    found = paper_of(request.actor, task_id)
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response


@router.delete("/tasks/{task_id}/sign", summary="Withdraw the acceptance of a deliverable")
@operation("projects.deliverable.withdraw")
def withdraw_deliverable(request: ApiRequest, task_id: TaskId) -> HttpResponse:
    actions.withdraw_deliverable(request.actor, task_id=task_id)
    return HttpResponse(status=204)


def changes_of(body: ChangesIn, project_id: UUID) -> list[dict[str, Any]]:
    """The changes as the action takes them; new rows get their ids here."""
    found = []
    for one in body.changes:
        change = one.model_dump(exclude_unset=True)
        if one.op == "task.add":
            change["project"] = project_id
        found.append(change)
    return found


def plan_out(found: gantt.Gantt) -> dict[str, Any]:
    """A plan as the API writes it; instants are local time of the project."""
    project = found.project
    return {
        "project_id": project.public_id,
        "schedule": ScheduleMode(project.schedule).value,
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "finish_at": project.finish_at,
        "status_on": project.status_on,
        "tasks": [_row_out(row) for row in found.rows],
        "links": [
            {
                "id": link.public_id, "before": link.before.public_id, "after": link.after.public_id,
                "kind": link.kind, "lag": link.lag, "lag_unit": link.lag_unit,
            }
            for link in found.links
        ],
        "baselines": [_baseline_out(one) for one in found.baselines],
        "removed": [{"name": one.name, "number": one.number} for one in found.removed],
    }  # fmt: skip


_PLAIN = (
    "number", "name", "kind", "status", "estimate_minutes", "left_minutes", "duration_minutes", "is_manual",
    "constraint", "constraint_at", "deadline_at", "actual_start_at", "actual_finish_at", "not_before_at",
    "wait_reason", "start_at", "finish_at", "early_start_at", "early_finish_at", "late_start_at", "late_finish_at",
    "total_float_minutes", "free_float_minutes", "is_critical", "behind_minutes", "signed_at", "signed_by",
)  # fmt: skip


def _row_out(row: gantt.GanttRow) -> dict[str, Any]:
    task = row.task
    return {
        "id": task.public_id,
        "parent_id": public_id("tsk", task.parent_id) if task.parent_id else None,
        "wbs": row.wbs,
        "level": row.level,
        "is_phase": row.is_phase,
        "percent": row.percent,
        **{name: getattr(task, name) for name in _PLAIN},
        "people": [
            {
                "person_id": public_id("per", one.person_id), "name": one.person.name,
                "units_percent": one.units_percent, "effort_minutes": one.effort_minutes,
            }
            for one in row.people
        ],
        "baseline": {"start_at": row.kept.start_at, "finish_at": row.kept.finish_at} if row.kept else None,
        "drift_days": row.drift_days,
    }  # fmt: skip


def effect_out(effect: Effect) -> dict[str, Any]:
    """An effect as the API writes it."""
    return {
        "moved": [
            {
                "task_id": public_id("tsk", moved.task_id), "project_id": public_id("prj", moved.project_id),
                "name": moved.name, "start_before": instant_of(moved.before.start),
                "start_after": instant_of(moved.after.start), "finish_before": instant_of(moved.before.finish),
                "finish_after": instant_of(moved.after.finish), "float_before": moved.before.total_float,
                "float_after": moved.after.total_float, "is_critical": moved.after.is_critical,
            }
            for moved in effect.moved
        ],
        "added": [public_id("tsk", key) for key in effect.added],
        "removed": list(effect.removed),
        "moved_elsewhere": effect.elsewhere,
        "ends": [
            {
                "project_id": public_id("prj", end.project_id), "name": end.name, "before": end.before,
                "after": end.after,
            }
            for end in effect.ends
        ],
        "is_critical_path_changed": effect.is_critical_path_changed,
        "became_critical": [public_id("tsk", key) for key in effect.became_critical],
        "no_longer_critical": [public_id("tsk", key) for key in effect.no_longer_critical],
        "late": [public_id("tsk", key) for key in effect.late],
        "cost": [{"amount": f"{one.amount:f}", "currency": one.currency} for one in effect.cost],
        "revenue": [{"amount": f"{one.amount:f}", "currency": one.currency} for one in effect.revenue],
        "overbooked": [
            {"person_id": public_id("per", one.person_id), "name": one.name, "on": one.on, "percent": one.percent}
            for one in effect.overbooked
        ],
    }  # fmt: skip


def _baseline_out(row: Any) -> dict[str, Any]:
    return {"id": row.public_id, "name": row.name, "taken_at": row.taken_at, "note": row.note}
