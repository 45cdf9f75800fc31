"""What somebody worked on, over the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiRequest, PublicId, Router, operation, whole_list
from quoin.insights.queries import person as read
from quoin.kernel.ids import public_id
from quoin.people.queries import VIEW, person_for

router = Router(tags=["people"])
PersonId = Annotated[UUID, PublicId("per")]


@router.get("/people/{person_id}/history", summary="The projects somebody was on, with their hours")
@operation(VIEW)
def get_person_history(request: ApiRequest, person_id: PersonId) -> HttpResponse:
    """Projects that you may not see are one line without a name; hours only if you may read their time."""
    person = person_for(request.actor, person_id)
    may_see = read.sees_time(request.actor, person)
    rows = [written(one, may_see) for one in read.history_of(request.actor, person)]
    return whole_list(rows)


def written(one: read.WorkLine, may_see: bool) -> dict[str, Any]:
    """A line of a person's history."""
    project = one.project
    return {
        "project_id": public_id("prj", project.id) if project else None, "project": project.name if project else "",
        "role": one.role, "first_on": one.first_on, "last_on": one.last_on, "projects": one.count,
        "minutes": one.minutes if may_see else None,
    }  # fmt: skip
