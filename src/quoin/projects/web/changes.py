"""What changed in the plan of a project lately, as sentences for its overview."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from quoin.base.http.views import ActorRequest
from quoin.projects.queries.chart import differences, state_of
from quoin.projects.queries.plan import VIEW_PLAN
from quoin.projects.web.plan_texts import change_text

_DAYS = 7
_MOST = 8


def recent_changes(request: ActorRequest, project: Any) -> list[tuple[str, str]]:
    """Kind and sentence of what changed in seven days; nothing for those who may not see plans."""
    if not request.actor.may(VIEW_PLAN):
        return []
    since = (request.actor.today - timedelta(days=_DAYS)).isoformat()
    was = state_of(request.actor, project, since)[1]
    if not was:
        return []
    becomes = state_of(request.actor, project, "now")[1]
    locale = str(request.actor.locale or "en-GB")
    return [(one.kind, change_text(one, locale)) for one in differences(was, becomes)[:_MOST]]
