"""Errors of the API as RFC 9457 problem documents, and of screens as plain pages or fragments."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from quoin.kernel.errors import DomainError

API_PREFIX = "/api/"


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
        "errors": [
            {"pointer": p.pointer, "code": p.code, "detail": p.detail, "help": p.help} for p in fault.problems
        ],
    }


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a program and not a browser's page."""
    return request.path.startswith(API_PREFIX) or "application/json" in request.headers.get("Accept", "")


def respond(request: HttpRequest, fault: DomainError) -> HttpResponse:
    """The answer to an expected failure, in the form that the caller reads."""
    instance = str(getattr(request, "request_id", ""))
    if wants_json(request):
        response: HttpResponse = JsonResponse(problem_document(fault, instance), status=fault.status)
        response["Content-Type"] = "application/problem+json"
        return response
    template = "ui/errors/fragment.html" if request.headers.get("HX-Request") else f"ui/errors/{_page(fault.status)}.html"
    return render(request, template, {"fault": fault, "instance": instance}, status=fault.status)


def _page(status: int) -> int:
    return status if status in {403, 404, 409, 422, 500} else 409
