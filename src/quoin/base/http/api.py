"""Base of the REST API: who may call, once only, dry runs, errors as problem documents, lists.

An app writes `router = Router(tags=[...])` and on each route, below the router's decorator,
`@operation("app.noun.verb")`. A test refuses routes without it. docs/api.md tells the conventions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from ninja import NinjaAPI, Router
from ninja.decorators import decorate_view
from ninja.errors import HttpError, ValidationError, ValidationErrorContext
from ninja.renderers import BaseRenderer
from ninja.utils import check_csrf
from typing_extensions import override

from quoin.base.actor import Actor
from quoin.base.http.document import complete
from quoin.base.http.idempotency import once
from quoin.base.http.lists import list_response
from quoin.base.http.middleware import SAFE
from quoin.base.http.problems import respond
from quoin.base.http.views import ActorRequest
from quoin.base.http.wire import ApiIn, ApiOut, ListOut, MoneyIn, MoneyOut, PublicId, encode
from quoin.kernel.errors import DomainError, Forbidden, Invalid, NotFound, Problem, Stale

__all__ = [
    "Api", "ApiIn", "ApiOut", "ApiRequest", "ListOut", "MoneyIn", "MoneyOut", "PublicId", "Router", "check_match",
    "encode", "etag_of", "list_response", "operation", "respond_json", "whole_list",
]  # fmt: skip

F = TypeVar("F", bound=Callable[..., Any])
ApiRequest = ActorRequest
"""The request of an operation: `.actor` is known."""
Run = Callable[..., HttpResponseBase]
DRY_RUN = "Dry-Run"
_ERROR = 400


class SignInNeeded(DomainError):
    """No session and no token."""

    code = "sign_in_needed"
    status = 401


def operation(permission: str | None, *, needs_key: bool = False) -> Callable[[F], F]:
    """Guard an operation. None means any member of the tenant; `needs_key` demands an Idempotency-Key (money).

    A write accepts Idempotency-Key and `?dry_run=true`, which runs it, answers and takes everything back.
    """

    def guard(run: Run) -> Run:
        @wraps(run)
        def guarded(request: HttpRequest, **path: Any) -> HttpResponseBase:
            try:
                actor = _actor_of(request, run)
                if permission is not None:
                    actor.require(permission)
                if request.method in SAFE:
                    return run(request, **path)
                return _write(request, actor, lambda: run(request, **path), needs_key=needs_key)
            except DomainError as fault:
                return _refuse(request, fault)

        return guarded

    def mark(view: F) -> F:
        view.permission, view.is_guarded, view.needs_key = permission, True, needs_key  # type: ignore[attr-defined]
        decorate_view(guard)(view)
        return view

    return mark


def _actor_of(request: HttpRequest, run: Run) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded("Send a token: Authorization: Bearer quoin_live_… (create one in your profile).")
    is_token = request.headers.get("Authorization", "").startswith("Bearer ")
    if request.method not in SAFE and not is_token and check_csrf(request, run) is not None:
        raise Forbidden("A write with a browser session needs its CSRF token; programs use a bearer token.")
    return actor


def _write(
    request: HttpRequest, actor: Actor, run: Callable[[], HttpResponseBase], *, needs_key: bool
) -> HttpResponseBase:
    if request.GET.get("dry_run") != "true":
        return once(request, actor, run, is_needed=needs_key)
    response = run()
    request.must_roll_back = True  # type: ignore[attr-defined]  # read by the middleware that owns the transaction
    response[DRY_RUN] = "true"
    return response


def _refuse(request: HttpRequest, fault: DomainError) -> HttpResponse:
    request.must_roll_back = True  # type: ignore[attr-defined]  # nothing of a refused call may stay
    return respond(request, fault)


def respond_json(value: object, *, status: int = 200, etag: str = "") -> HttpResponse:
    """An answer encoded directly, for hot routes: dataclasses, structs and dicts."""
    response = HttpResponse(encode(value), status=status, content_type="application/json")
    if etag:
        response["ETag"] = etag
    return response


def whole_list(rows: Sequence[object]) -> HttpResponse:
    """A list that is short by its nature, in the form of every list: all of it on one page."""
    return respond_json({"data": rows, "has_more": False, "next_cursor": None, "total_estimate": len(rows)})


def etag_of(*parts: object) -> str:
    """A strong entity tag of what makes a version: an id and a change time, or the values themselves."""
    return '"' + hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:24] + '"'


def check_match(request: HttpRequest, etag: str) -> None:
    """Raise Stale (412) if the caller holds another version; without If-Match any version will do."""
    wanted = request.headers.get("If-Match", "")
    if wanted and wanted != "*" and etag not in {part.strip() for part in wanted.split(",")}:
        raise Stale("Somebody changed this since you read it. Read it again and decide.")


class _Json(BaseRenderer):
    media_type = "application/json"

    @override
    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return encode(data)


class _Refused(ValidationError):
    """What is wrong with the input, as problems of ours."""

    def __init__(self, problems: tuple[Problem, ...], *, is_in_path: bool) -> None:
        super().__init__([])
        self.problems = problems
        self.is_in_path = is_in_path


class Api(NinjaAPI):
    """The API of the instance: our errors, our renderer, a document that says what every route shares."""

    def __init__(self, **options: Any) -> None:
        super().__init__(renderer=_Json(), **options)
        self.add_exception_handler(DomainError, _refuse)  # type: ignore[arg-type]  # it is called with instances only
        self.add_exception_handler(ValidationError, _refuse_input)  # type: ignore[arg-type]  # likewise
        self.add_exception_handler(
            Http404, lambda request, _fault: _refuse(request, NotFound("There is no such thing."))
        )
        self.add_exception_handler(HttpError, lambda request, fault: _refuse(request, Invalid(str(fault))))

    @override
    def get_openapi_schema(self, **options: Any) -> Any:
        return complete(super().get_openapi_schema(**options), self)

    @override
    def get_openapi_operation_id(self, operation: Any) -> str:
        view = operation.view_func
        app = str(view.__module__).removeprefix("quoin.").split(".")[0]
        return f"{app}_{view.__name__}"

    @override
    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        problems = tuple(
            Problem(_pointer(context.model, fault["loc"]), fault["type"], _sentence(fault))
            for context in error_contexts
            for fault in context.pydantic_validation_error.errors(include_url=False, include_context=True)
        )
        sources = {context.model.__ninja_param_source__ for context in error_contexts}
        return _Refused(problems, is_in_path="path" in sources)


def _pointer(model: Any, location: Sequence[str | int]) -> str:
    """The JSON pointer of an error; a body that is one object is addressed from its root."""
    parts = list(location)
    single = getattr(model, "__read_from_single_attr__", None)
    if single and parts and parts[0] == single:
        parts = parts[1:]
    return "".join(f"/{part}" for part in parts)


def _sentence(fault: Any) -> str:
    text = str(fault["msg"]).removeprefix("Value error, ")
    name = fault["loc"][-1] if fault["loc"] else "input"
    return f"{name}: {text[:1].lower()}{text[1:]}."


def _refuse_input(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    if not isinstance(fault, _Refused):
        return _refuse(request, Invalid("The input is not valid."))
    if fault.is_in_path:
        return _refuse(request, NotFound("There is no such thing."))
    return _refuse(request, Invalid("The input is not valid; `errors` names each field.", problems=fault.problems))
