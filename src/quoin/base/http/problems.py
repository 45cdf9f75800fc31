"""Errors of the API as RFC 9457 problem documents, and of screens as plain pages or fragments."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from quoin.base.actions import PERMISSIONS
from quoin.kernel.errors import DomainError, NotFound

API_PREFIX = "/api/"
_TYPE = "application/problem+json"
_PAGES = {403: "403", 404: "404", 409: "409", 412: "409", 422: "422"}
_ERROR = 400


def problem_document(fault: DomainError, instance: str) -> dict[str, Any]:
    """The problem document of an expected failure."""
    return {
        "type": f"https://docs.quoin.dev/problems/{fault.code}",
        "title": HTTPStatus(fault.status).phrase,
        "status": fault.status,
        "code": fault.code,
        "detail": fault.detail,
        "instance": instance,
        "retryable": fault.retryable,
        "errors": [{"pointer": p.pointer, "code": p.code, "detail": p.detail, "help": p.help} for p in fault.problems],
    }


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a program and not a browser's page."""
    return request.path.startswith(API_PREFIX) or "application/json" in request.headers.get("Accept", "")


def respond(request: HttpRequest, fault: DomainError) -> HttpResponse:
    """The answer to an expected failure, in the form that the caller reads."""
    instance = str(getattr(request, "request_id", ""))
    if wants_json(request):
        return _json(fault, instance)
    return _screen(request, fault, instance)


def _json(fault: DomainError, instance: str) -> HttpResponse:
    response = JsonResponse(problem_document(fault, instance), status=fault.status, content_type=_TYPE)
    if fault.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    wait = getattr(fault, "wait_seconds", 0) or (1 if fault.retryable else 0)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _right_in_words(fault: DomainError) -> str:
    """The label of the permission that was missing, where the refusal is about one."""
    name = getattr(fault.args[0], "values", {}).get("permission", "")
    return str(PERMISSIONS[name].label) if name in PERMISSIONS else ""


def _screen(request: HttpRequest, fault: DomainError, instance: str) -> HttpResponse:
    is_fragment = request.headers.get("HX-Request") == "true" and "X-Drawer" not in request.headers
    is_known = getattr(request, "actor", None) is not None
    shell = "ui/drawer.html" if "X-Drawer" in request.headers else "ui/base.html" if is_known else "ui/bare.html"
    template = "ui/parts/error.html" if is_fragment else f"ui/errors/{_PAGES.get(fault.status, '422')}.html"
    context = {
        "error": fault,
        "fault": fault,
        "reference": instance,
        "instance": instance,
        "status": fault.status,
        "shell": shell,
        "needs": _right_in_words(fault),
    }
    response = render(request, template, context, status=fault.status)
    if is_fragment:
        response["HX-Retarget"], response["HX-Reswap"] = "#flash", "innerHTML"
    return response


class _Plain(DomainError):
    """An answer of the framework (405, 413, an unknown address) in our form."""

    code = "refused"

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status  # type: ignore[misc]  # the framework's status, not one of a class of ours


def as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """What the framework itself refused under /api/, as a problem document; everything else as it is."""
    if response.status_code < _ERROR or not request.path.startswith(API_PREFIX):
        return response
    if response.get("Content-Type", "").startswith(_TYPE):
        return response
    phrase = HTTPStatus(response.status_code).phrase
    problem = _json(_Plain(response.status_code, f"{phrase}."), str(getattr(request, "request_id", "")))
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            problem[name] = response.headers[name]
    return problem


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django calls it so
    """handler404: an unknown address looks like a thing that may not be seen."""
    return respond(request, NotFound("There is no page at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: a generic sentence and the request's id, for the log. Asks the database nothing."""
    instance = str(getattr(request, "request_id", ""))
    fault = _Plain(500, "Something went wrong on our side. Nothing was changed.")
    if wants_json(request):
        return _json(fault, instance)
    context = {"error": fault, "reference": instance, "instance": instance, "status": 500, "shell": "ui/bare.html"}
    return HttpResponse(_bare("ui/errors/500.html", context), status=500)


def _bare(template: str, context: dict[str, Any]) -> str:

    return render_to_string(template, context)
