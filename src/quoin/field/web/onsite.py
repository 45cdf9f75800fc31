"""The visit on a phone: one page that works as plain forms, and without a network once it has been opened.

Every step is a form that posts to one address; the script keeps what it cannot send and sends it later with the
moment at which it was done.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.files.models import StoredFile
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import manifest, respond
from quoin.field import actions, queries
from quoin.field.queries.dispatch import troubles_of
from quoin.field.queries.lists import VISIT_STATUSES
from quoin.field.queries.signing import photo_of, signature_of
from quoin.field.queries.words import trouble_words
from quoin.field.types import VisitStatus
from quoin.kernel.errors import DomainError, NotFound, invalid

_PICTURE_POLICY = "default-src 'none'; sandbox"
_HEADER = "data:image/png;base64,"
_BEFORE = frozenset({VisitStatus.DRAFT, VisitStatus.PUBLISHED})


@page(queries.VIEW)
def visit(request: ActorRequest, pk: str) -> HttpResponse:
    """The visit with all that its crew needs."""
    found = queries.visit_for(request.actor, object_id("vis", pk))
    actor, status = request.actor, VisitStatus(found.status)
    crew = list(queries.crew_of(found))
    is_open = found.signed_at is None and status is not VisitStatus.CANCELLED
    works = actor.may("field.visit.start") and is_open and status is not VisitStatus.DRAFT
    context: dict[str, Any] = {
        "title": found.title,
        "number_text": f"#{found.number}",
        "area": _("Visits"),
        "crumbs": ((_("Visits"), reverse("field:visits")),),
        "status": VISIT_STATUSES[found.status],
        "visit": found,
        "map_url": _map(found),
        "crew": crew,
        "tools": queries.equipment_of(found),
        "goods": queries.goods_of(found),
        "checks": queries.checks_of(found),
        "parts": queries.parts_of(found),
        "against": [(one.is_hard, trouble_words(one)) for one in troubles_of(actor, found)]
        if status in _BEFORE
        else [],
        "works": works,
        "step_url": reverse("field:visit_step", args=[pk]),
        "may_plan": actor.may("field.visit.plan") and status in _BEFORE,
        "may_edit": actor.may("field.visit.edit") and status in _BEFORE,
        "may_publish": actor.may("field.visit.publish") and status is VisitStatus.DRAFT and found.starts_at is not None,
        "may_unpublish": actor.may("field.visit.unpublish") and status is VisitStatus.PUBLISHED,
        "may_cancel": actor.may("field.visit.cancel") and status in _BEFORE,
        "may_record": actor.may("field.visit.record_time")
        and status is VisitStatus.DONE
        and found.time_recorded_at is None,
        "user": str(actor.user_id),
    }
    return respond.page(request, "field/visit.html", context)


def _map(found: Any) -> str:
    """A link that phones open in the map application of their owner; nothing is loaded from there."""
    site = found.site
    if site.latitude is not None and site.longitude is not None:
        return f"https://www.openstreetmap.org/?{urlencode({'mlat': site.latitude, 'mlon': site.longitude})}"
    words = ", ".join(filter(None, (site.street, f"{site.postal_code} {site.city}".strip(), site.country)))
    return f"https://www.openstreetmap.org/search?{urlencode({'query': words})}" if words else ""


@page(queries.VIEW, methods=("POST",))
def step(request: ActorRequest, pk: str) -> HttpResponse:
    """One thing done on site, now or earlier without a network; each action asks its own permission."""
    found = queries.visit_for(request.actor, object_id("vis", pk))
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    try:
        note = _done(request, found)
    except DomainError as error:
        if not wants_json:
            raise
        return JsonResponse({"detail": error.detail, "code": error.code}, status=error.status)
    if wants_json:
        return JsonResponse({"note": note})
    return respond.redirect_with_toast(request, reverse("field:visit", args=[pk]), note or _("Saved"))


def _done(request: ActorRequest, found: Any) -> str:
    """Do the step; returns what the crew should know about it."""
    told, actor = request.POST, request.actor
    at = told.get("at") or None
    kind = told.get("kind", "")
    if kind in {"travel", "work"}:
        actions.start_visit(actor, visit_id=found.id, kind=kind, at=at)
    elif kind == "check":
        return _answered(request, found, at)
    elif kind == "part":
        actions.use_part(
            actor, visit_id=found.id, name=told.get("name", ""), quantity=told.get("quantity") or "1",
            unit=told.get("unit") or "pcs", serial_number=told.get("serial_number", ""), part_id=_uuid(told.get("id")),
        )  # fmt: skip
    elif kind == "finish":
        actions.finish_visit(actor, visit_id=found.id, report=told.get("report", ""), at=at)
    elif kind == "sign":
        picture = _picture(told.get("signature", ""))
        actions.sign_visit(actor, visit_id=found.id, signed_by=told.get("signed_by", ""), signature=picture, at=at)
    else:
        raise invalid("/kind", _("There is no step of that kind."))
    return ""


def _answered(request: ActorRequest, found: Any, at: str | None) -> str:
    told, sent = request.POST, request.FILES.get("photo")
    check_id = object_id("vch", told.get("check", ""))
    if not queries.checks_of(found).filter(id=check_id).exists():
        raise NotFound(_("There is no such line."))
    photo = (sent.name or "photo", sent.read()) if sent else None
    line = actions.answer_check(
        request.actor, check_id=check_id, state=told.get("state", ""), note=told.get("note", ""), photo=photo, at=at
    )
    if line.state == told.get("state", ""):
        return ""
    who = line.answered_by.name if line.answered_by else "?"
    return _("Line %(number)d was answered later by %(who)s; that answer stays.") % {
        "number": line.position,
        "who": who,
    }


def _picture(text: str) -> bytes | None:
    if not text:
        return None
    try:
        return base64.b64decode(text.removeprefix(_HEADER), validate=True)
    except binascii.Error as error:
        raise invalid("/signature", _("The signature is no picture.")) from error


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise invalid("/id", _("That is no id.")) from error


@page("field.visit.record_time", methods=("POST",))
def record_time(request: ActorRequest, pk: str) -> HttpResponse:
    """Bring the crew's hours to their timesheets."""
    found = queries.visit_for(request.actor, object_id("vis", pk))
    told = actions.record_time(request.actor, visit_id=found.id)
    url = reverse("field:visit", args=[pk])
    if told.refused:
        text = "; ".join(f"{name}: {why}" for name, why in told.refused)
        return respond.redirect_with_toast(request, url, text, meaning="warning")
    return respond.redirect_with_toast(request, url, _("The hours are on the crew's timesheets"))


@page(queries.VIEW)
def photo(request: ActorRequest, pk: str, check: str) -> HttpResponse:
    return _shown(photo_of(request.actor, object_id("vis", pk), object_id("vch", check)))


@page(queries.VIEW)
def signature(request: ActorRequest, pk: str) -> HttpResponse:
    return _shown(signature_of(request.actor, object_id("vis", pk)))


def _shown(stored: StoredFile) -> HttpResponse:
    response = HttpResponse(bytes(stored.content), content_type=stored.content_type)
    response["Content-Disposition"] = f'inline; filename="{stored.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _PICTURE_POLICY
    return response


@page(queries.VIEW)
def worker(_request: ActorRequest) -> HttpResponse:
    """The script that keeps opened visits readable offline; served here, so that it rules these pages only."""
    name = manifest.url("visit-worker.js").rpartition("/")[2]
    code = (settings.ASSETS_DIR / name).read_bytes()
    response = HttpResponse(code, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
