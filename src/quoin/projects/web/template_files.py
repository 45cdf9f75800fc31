"""Files of templates on the web: upload, download, take off; and the files that a project began with."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.kernel.errors import invalid
from quoin.projects.actions import template_files as do
from quoin.projects.queries.gates import VIEW_GATES
from quoin.projects.queries.template_files import project_file_for, template_file_for
from quoin.projects.queries.templates import VIEW_TEMPLATES


@page("projects.template.attach", methods=("POST",))
def attach(request: ActorRequest, pk: str) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None:
        raise invalid("/file", _("Choose a file."), code="required")
    made = do.attach_file(
        request.actor, template_id=object_id("tpl", pk), file_name=upload.name or "file", content=upload.read()
    )
    return _to(request, pk, _("%(name)s attached to the draft") % {"name": made.name})


@page("projects.template.detach", methods=("POST",))
def detach(request: ActorRequest, pk: str) -> HttpResponse:
    draft = do.detach_file(request.actor, template_file_id=object_id("tpf", pk))
    return _to(request, draft.template.public_id, _("File taken off the draft"))


@page(VIEW_TEMPLATES)
def download(request: ActorRequest, pk: str) -> HttpResponse:
    return given(template_file_for(request.actor, object_id("tpf", pk)))


@page(VIEW_GATES)
def project_file(request: ActorRequest, pk: str) -> HttpResponse:
    return given(project_file_for(request.actor, object_id("doc", pk)))


def given(row: Any) -> HttpResponse:
    """The file to keep; never shown by the browser in our name."""
    response = HttpResponse(bytes(row.file.content), content_type=row.file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _to(request: ActorRequest, pk: str, text: str) -> HttpResponse:
    url = reverse("projects:template", args=[pk])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))
