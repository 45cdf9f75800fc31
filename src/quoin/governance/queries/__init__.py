"""Reads of project governance, limited to the projects that the actor may see."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.governance.models import ChangeLine, ChangeLink, ChangeOrder, Lesson, RaidItem, RaidState, StatusReport
from quoin.kernel.errors import NotFound
from quoin.projects.models import Project, ProjectOrigin
from quoin.projects.queries import visible_projects

VIEW_RAID = permission("governance.raid.view", _("See risks, issues and decisions"))
VIEW_CHANGES = permission("governance.change.view", _("See change orders"))
VIEW_REPORTS = permission("governance.report.view", _("See status reports"))
VIEW_LESSONS = permission("governance.lesson.view", _("See lessons learned"))
M = TypeVar("M", bound=Model)


def _within(actor: Actor, right: str, rows: QuerySet[M, M]) -> QuerySet[M, M]:
    if actor.scope(right) is None:
        return rows.none()
    if actor.scope(right) is Scope.ALL:
        return rows
    return rows.filter(project__in=visible_projects(actor).order_by().values("id"))


def visible_raid(actor: Actor) -> QuerySet[RaidItem, RaidItem]:
    """Entries of the logs of projects that the actor may see."""
    rows = RaidItem.objects.select_related("project", "project__client", "task", "owner", "source")
    return _within(actor, VIEW_RAID, rows).order_by("project__number", "number")


def raid_for(actor: Actor, item_id: UUID) -> RaidItem:
    found = visible_raid(actor).filter(id=item_id).first()
    if found is None:
        raise NotFound("There is no such entry, or you may not see it.")
    return found


def states_of(item: RaidItem) -> QuerySet[RaidState, RaidState]:
    """How an entry stood, the latest first."""
    return RaidState.objects.filter(item=item).order_by("-at", "-id")


def came_of(item: RaidItem) -> RaidItem | None:
    """The issue that a risk became."""
    return RaidItem.objects.filter(source=item).first()


def visible_changes(actor: Actor) -> QuerySet[ChangeOrder, ChangeOrder]:
    """Change orders of projects that the actor may see."""
    rows = ChangeOrder.objects.select_related(
        "project", "project__client", "project__contract", "contract", "answer_file"
    )
    return _within(actor, VIEW_CHANGES, rows).order_by("-number")


def change_for(actor: Actor, change_id: UUID) -> ChangeOrder:
    found = visible_changes(actor).filter(id=change_id).first()
    if found is None:
        raise NotFound("There is no such change order, or you may not see it.")
    return found


def link_of(change: ChangeOrder, *, now: datetime) -> ChangeLink | None:
    """The client's link that is alive; sending again ends the one before."""
    return ChangeLink.objects.filter(change=change, revoked_at=None, expires_at__gt=now).first()


def lines_of(change: ChangeOrder) -> QuerySet[ChangeLine, ChangeLine]:
    rows = ChangeLine.objects.select_related("task", "follows", "precedes", "assignee", "job_role")
    return rows.filter(change=change).order_by("position")


def visible_reports(actor: Actor) -> QuerySet[StatusReport, StatusReport]:
    """Status reports of projects that the actor may see."""
    rows = StatusReport.objects.select_related("project", "project__client", "project__manager")
    return _within(actor, VIEW_REPORTS, rows).order_by("-as_of", "-number")


def report_for(actor: Actor, report_id: UUID) -> StatusReport:
    found = visible_reports(actor).filter(id=report_id).first()
    if found is None:
        raise NotFound("There is no such status report, or you may not see it.")
    return found


def visible_lessons(actor: Actor) -> QuerySet[Lesson, Lesson]:
    """Lessons of projects that the actor may see."""
    rows = Lesson.objects.select_related("project", "project__client").filter(is_dropped=False)
    return _within(actor, VIEW_LESSONS, rows).order_by("-learned_on", "-number")


def has_template(project: Project) -> bool:
    """Whether the project began from a template, so that its lessons can change it."""
    return ProjectOrigin.objects.filter(project=project).exists()


def lesson_for(actor: Actor, lesson_id: UUID) -> Lesson:
    found = visible_lessons(actor).filter(id=lesson_id).first()
    if found is None:
        raise NotFound("There is no such lesson, or you may not see it.")
    return found
