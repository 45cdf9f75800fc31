"""Answers of views: whole page, drawer or fragment from one template; toasts with undo; errors on their fields."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from quoin.base.ui.cells import Cell, cell_html
from quoin.kernel.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpRequest
    from django.utils.functional import Promise

TOAST_COOKIE = "quoin_toast"
_TOAST_SECONDS = 30
_ERROR_PAGES = {403: "403", 404: "404", 409: "409", 412: "409", 422: "422"}


def is_htmx(request: HttpRequest) -> bool:
    """Whether a script asks for a fragment rather than the browser for a page."""
    return request.headers.get("HX-Request") == "true"


def is_drawer(request: HttpRequest) -> bool:
    """Whether the answer goes into the drawer."""
    return "X-Drawer" in request.headers


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragments: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the template: as a page, inside the drawer, or only the fragment that the script targets.

    Templates start with `{% extends shell %}`; `fragments` maps the id of a target to the partial to send alone.
    """
    target = request.headers.get("HX-Target", "")
    if is_htmx(request) and not is_drawer(request) and fragments and target in fragments:
        template = fragments[target]
    shell = "ui/drawer.html" if is_drawer(request) else "ui/base.html"
    body = render_to_string(template, {"shell": shell, **(context or {})}, request=request)
    response = HttpResponse(body, status=status)
    response["Vary"] = "HX-Request, HX-Target, X-Drawer"
    return response


def form_page(
    request: HttpRequest,
    form: Form,
    *,
    title: str | Promise,
    verb: str | Promise,
    cancel_url: str = "",
    intro: str | Promise = "",
) -> HttpResponse:
    """A page with one form; 422 when the form holds errors."""
    context = {"form": form, "title": title, "verb": verb, "cancel_url": cancel_url, "intro": intro}
    return page(request, "ui/form.html", context, status=422 if form.errors else 200)


def form_errors(form: Form, error: DomainError) -> None:
    """Put what the domain says on the fields it points at: `/lines/0/quantity` is the field `lines-0-quantity`."""
    for problem in error.problems:
        name = problem.pointer.strip("/").replace("/", "-")
        text = f"{problem.detail} {problem.help}".strip()
        form.add_error(name if name in form.fields else None, text)
    if not error.problems:
        form.add_error(None, error.detail)


@contextmanager
def refusals_on(form: Form) -> Iterator[None]:
    """What the domain refuses inside the block is put on the form, and the view goes on: to show it again.

    A view reads so: if the form holds, act and answer inside the block; below it stands the page with the form.
    """
    try:
        yield
    except DomainError as error:
        form_errors(form, error)


def toast(
    response: HttpResponse, text: str | Promise, *, undo: UUID | str | None = None, meaning: str = "success"
) -> HttpResponse:
    """Show a message after the swap, with Undo when the action can be undone."""
    response["HX-Trigger"] = json.dumps({"quoin:toast": _toast(text, undo, meaning)})
    return response


def redirect_with_toast(
    request: HttpRequest, url: str, text: str | Promise, *, undo: UUID | str | None = None, meaning: str = "success"
) -> HttpResponse:
    """Go to the page and show the message there; a short-lived cookie carries it over."""
    response = HttpResponse(status=204) if is_htmx(request) else HttpResponseRedirect(url, status=303)
    if is_htmx(request):
        response["HX-Redirect"] = url
    response.set_cookie(
        TOAST_COOKIE,
        quote(json.dumps(_toast(text, undo, meaning))),
        max_age=_TOAST_SECONDS,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure of a page header: `value` is written by a tag (`{% figure %}`, `{% money %}`) or plain text."""

    label: str | Promise
    value: str
    note: str = ""
    meaning: str = ""


def cell(_request: HttpRequest, content: Cell, *, error: str = "") -> HttpResponse:
    """The answer to the PATCH of a cell: the cell again, saved or with what is wrong with it."""
    response = HttpResponse(cell_html(content, error), status=422 if error else 200)
    if content.etag:
        response["ETag"] = content.etag
    return response


def stale(detail: str, *, theirs: str, etag: str) -> JsonResponse:
    """The answer when somebody else was faster: what they made of it, for the merge dialog."""
    return JsonResponse({"detail": detail, "theirs": theirs, "etag": etag}, status=412)


def error_page(request: HttpRequest, error: DomainError, *, reference: str = "") -> HttpResponse:
    """A plain sentence about an expected failure; a fragment in the drawer or a toast for scripts."""
    context = {"error": error, "reference": reference, "status": error.status}
    if is_htmx(request) and not is_drawer(request):
        response = HttpResponse(render_to_string("ui/parts/error.html", context, request=request), status=error.status)
        response["HX-Retarget"] = "#flash"
        response["HX-Reswap"] = "innerHTML"
        return response
    name = _ERROR_PAGES.get(error.status, "422")
    return page(request, f"ui/errors/{name}.html", context, status=error.status)


def _toast(text: str | Promise, undo: UUID | str | None, meaning: str) -> dict[str, str]:
    found = {"text": str(text), "meaning": meaning}
    return found if undo is None else {**found, "undo": f"/undo/{undo}", "undo_label": _("Undo")}
