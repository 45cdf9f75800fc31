"""Completes the OpenAPI document with what every operation shares, and shows it as a plain page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja.openapi.docs import DocsBase
from typing_extensions import override

if TYPE_CHECKING:
    from ninja import NinjaAPI

_WRITES = frozenset({"post", "put", "patch", "delete"})
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem document",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "retryable": {"type": "boolean"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "detail", "help")},
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail", "instance", "retryable", "errors"],
}
_REFUSED = {
    "description": "Refused; nothing was changed",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def complete(document: dict[str, Any], api: NinjaAPI) -> dict[str, Any]:
    """The document with security, problem answers, permissions, Idempotency-Key and dry_run."""
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from the profile page or `quoin token create`",
        },
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
    }
    document["security"] = [{"token": []}, {"session": []}]
    marks = _marks(api)
    for methods in document.get("paths", {}).values():
        for method, described in methods.items():
            _describe(described, method, marks.get(described.get("operationId", ""), (None, False)))
    return document


def _marks(api: NinjaAPI) -> dict[str, tuple[str | None, bool]]:
    """Permission and need of a key by operation id."""
    return {
        api.get_openapi_operation_id(one): (
            getattr(one.view_func, "permission", None), getattr(one.view_func, "needs_key", False),
        )
        for one in operations(api)
    }  # fmt: skip


def operations(api: NinjaAPI) -> list[Any]:
    """All operations of all routers."""
    routers = [router for _prefix, router in api._routers]  # noqa: SLF001  the library has no public way to list them
    return [one for router in routers for view in router.path_operations.values() for one in view.operations]


def _describe(described: dict[str, Any], method: str, mark: tuple[str | None, bool]) -> None:
    permission, needs_key = mark
    if permission:
        described["x-permission"] = permission
    described.setdefault("responses", {})["default"] = _REFUSED
    if method in _WRITES:
        described.setdefault("parameters", []).extend(_shared(needs_key=needs_key))


def _shared(*, needs_key: bool) -> list[dict[str, Any]]:
    """The parameters of every write."""
    return [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": needs_key,
            "schema": {"type": "string", "maxLength": 255},
            "description": "Yours; the same for every retry. The first answer is kept 30 days and given again.",
        },
        {
            "name": "dry_run",
            "in": "query",
            "required": False,
            "schema": {"type": "boolean", "default": False},
            "description": "Run, answer, and take everything back.",
        },
    ]


class PlainDocs(DocsBase):
    """A page of all operations, drawn by the server: nothing is loaded from elsewhere."""

    @override
    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        document: dict[str, Any] = api.get_openapi_schema(path_params=kwargs)
        rows = [
            {"path": path, "method": method.upper(), "what": described, "permission": described.get("x-permission", "")}
            for path, methods in document["paths"].items()
            for method, described in methods.items()
        ]
        groups: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            groups.setdefault((row["what"].get("tags") or ["Other"])[0], []).append(row)
        context = {
            "title": document["info"]["title"],
            "groups": sorted(groups.items()),
            "schema_url": self.get_openapi_url(api, kwargs),
        }
        return render(request, "base/api_docs.html", context)
