"""Calendar feeds and preferences over the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, operation, respond_json, whole_list
from quoin.kernel.errors import invalid
from quoin.kernel.ids import from_public_id, public_id
from quoin.kernel.words import say
from quoin.resourcing.actions import feeds as actions
from quoin.resourcing.api.wire import PersonId, shown
from quoin.resourcing.queries import feeds as queries

router = Router(tags=["calendar feeds"])
FeedId = Annotated[UUID, PublicId("fed")]
ClientId = Annotated[UUID, PublicId("cli")]
PreferenceId = Annotated[UUID, PublicId("prf")]
_PREFIX = {"person": "per", "project": "prj", "team": "tea"}


class FeedIn(ApiIn):
    """A feed of a person, a project or a team. Titles say project, client, or only busy."""

    kind: str
    subject_id: str
    detail: str = "project"
    name: str = ""


class PreferenceIn(ApiIn):
    """A client or a place that somebody likes to work for or at, or rather not."""

    client_id: ClientId | None = None
    place: str = ""
    is_wanted: bool = True


@router.get("/calendar-feeds", summary="List one's calendar feeds")
@operation(queries.VIEW_FEED)
def list_feeds(request: ApiRequest) -> HttpResponse:
    rows = [_out(row) for row in queries.own_feeds(request.actor)]
    return whole_list(rows)


@router.post("/calendar-feeds", summary="Make a calendar feed; its address is told once")
@operation("resourcing.feed.create")
def create_feed(request: ApiRequest, body: FeedIn) -> HttpResponse:
    if body.kind not in _PREFIX:
        raise invalid("/kind", "A feed is of a person, a project or a team.")
    try:
        subject = from_public_id(_PREFIX[body.kind], body.subject_id)
    except ValueError:
        raise invalid("/subject_id", say("This is not the id of a %(kind)s.", kind=body.kind)) from None
    made = actions.create_feed(request.actor, kind=body.kind, subject_id=subject, detail=body.detail, name=body.name)
    return respond_json({**_out(made.feed), "url": made.url}, status=201)


@router.delete("/calendar-feeds/{feed_id}", summary="Revoke a calendar feed")
@operation("resourcing.feed.revoke")
def revoke_feed(request: ApiRequest, feed_id: FeedId) -> HttpResponse:
    actions.revoke_feed(request.actor, feed_id=feed_id)
    return HttpResponse(status=204)


@router.post("/people/{person_id}/preferences", summary="Say where and for whom somebody likes to work")
@operation("resourcing.preference.set")
def set_preference(request: ApiRequest, person_id: PersonId, body: PreferenceIn) -> HttpResponse:
    row = actions.set_preference(request.actor, person_id=person_id, **body.model_dump())
    answer = {"id": row.public_id, "client_id": shown("cli", row.client_id), "place": row.place}
    return respond_json({**answer, "is_wanted": row.is_wanted}, status=201)


@router.delete("/preferences/{preference_id}", summary="Forget a preference")
@operation("resourcing.preference.forget")
def forget_preference(request: ApiRequest, preference_id: PreferenceId) -> HttpResponse:
    actions.forget_preference(request.actor, preference_id=preference_id)
    return HttpResponse(status=204)


def _out(row: Any) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "name": row.name,
        "kind": row.kind,
        "subject_id": public_id(_PREFIX[row.kind], row.subject_id),
        "detail": row.detail,
        "created_at": row.created_at,
        "last_read_at": row.last_read_at,
    }
