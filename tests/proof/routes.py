"""Every address of the product, from the URL conf and the API's operations, and which ids each of them takes.

Nothing is listed by hand: a new route is under test from the moment that it exists. Which kind of id a parameter
takes is found by asking, as a member who may do everything, until the answer is not "there is nothing here".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver

from quoin.base.http.document import operations
from quoin.kernel.ids import public_id, uuid7
from quoin.site.api import api
from tests.proof.estate import Estate

LIBRARIES = ("allauth.", "ninja.")
_PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_API_PARAMETER = re.compile(r"\{(?P<name>\w+)\}")
FORM: Mapping[str, str] = {
    "name": "Proof", "lines": "Proof task 1h", "note": "because", "reason": "because", "month": "2026-03", "until": "2099-01-01",
    "status": "active", "email": "proof@proof.example", "country": "DE", "currency": "EUR", "code": "PR", "field": "name",
    "value": "Proof", "text": "proof@proof.example", "parts": "2", "minutes": "30", "query": "", "list_key": "members",
    "amount_per_hour": "50", "valid_from": "2026-01-01", "weekday_minutes": "480", "depth": "rows", "count": "1",
}  # fmt: skip
GONE = 404


@dataclass(frozen=True, slots=True)
class Route:
    """An address with its parameters, a method, and the permission that it asks for."""

    pattern: str
    method: str
    parameters: tuple[tuple[str, str], ...]
    permission: str | None
    app: str
    is_guarded: bool
    is_public: bool
    is_api: bool
    schema: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.method} /{self.pattern}"

    def path(self, values: tuple[str, ...]) -> str:
        found = self.pattern
        for (_kind, name), value in zip(self.parameters, values, strict=True):
            found = re.sub(rf"<(\w+:)?{name}>|\{{{name}\}}", lambda _match, value=value: value, found)
        return "/" + found


@cache
def routes() -> tuple[Route, ...]:
    """Pages by method, then operations of the API; routes of libraries are not ours."""
    return tuple(_pages()) + tuple(_operations())


def _pages() -> Iterator[Route]:
    for pattern, view in _walk(get_resolver().url_patterns):
        target = getattr(view, "func", view)
        module = str(getattr(target, "__module__", ""))
        if module.startswith(LIBRARIES):
            continue
        parameters = tuple((match["kind"] or "str", match["name"]) for match in _PARAMETER.finditer(pattern))
        for method in _methods(view, parameters):
            yield Route(
                pattern, method, parameters, getattr(view, "permission", None), _app(module),
                getattr(view, "is_guarded", False), getattr(view, "is_public", False), is_api=False,
            )  # fmt: skip


def _walk(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def _methods(view: Any, parameters: tuple[tuple[str, str], ...]) -> list[str]:
    """What the page answers to, read from its refusal of a method that nobody has."""
    if not getattr(view, "is_guarded", False):
        return ["GET"]
    from django.test import RequestFactory

    response = view(RequestFactory().generic("PROPFIND", "/"), **{name: "" for _kind, name in parameters})
    return [method for method in response["Allow"].split(", ") if method != "HEAD"]


def _operations() -> Iterator[Route]:
    document = api.get_openapi_schema()
    described = {
        each["operationId"]: (path, method.upper(), each)
        for path, methods in document["paths"].items()
        for method, each in methods.items()
    }
    for one in operations(api):
        path, method, each = described[api.get_openapi_operation_id(one)]
        parameters = tuple(("str", match["name"]) for match in _API_PARAMETER.finditer(path))
        body = each.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        yield Route(
            path.lstrip("/"), method, parameters, one.view_func.permission, _app(one.view_func.__module__),
            getattr(one.view_func, "is_guarded", False), is_public=False, is_api=True,
            schema=_resolved(body, document) if body else None,
        )  # fmt: skip


def _app(module: str) -> str:
    return module.removeprefix("quoin.").split(".")[0]


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema with its references followed."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _resolved(document["components"]["schemas"][name], document)
    found = dict(schema)
    for key in ("anyOf", "allOf", "oneOf"):
        if key in found:
            found[key] = [_resolved(each, document) for each in found[key]]
    if "properties" in found:
        found["properties"] = {name: _resolved(each, document) for name, each in found["properties"].items()}
    if "items" in found:
        found["items"] = _resolved(found["items"], document)
    return found


class Caller:
    """A signed-in browser and a token of one member. What a call changes is taken back."""

    def __init__(self, estate: Estate, role: str) -> None:
        self.estate, self.role = estate, role
        self.browser = estate.browser(role)
        self.headers = {"Authorization": f"Bearer {estate.token(role)}", "Accept": "application/json"}

    def call(self, route: Route, values: tuple[str, ...], *, query: str = "", body: object = None) -> HttpResponseBase:
        path = route.path(values) + query
        if route.method == "GET":
            return self._send(route, path, None)
        with transaction.atomic():
            response = self._send(route, path, body)
            transaction.set_rollback(True)
        return response

    def _send(self, route: Route, path: str, body: object) -> HttpResponseBase:
        if route.is_api:
            headers = {**self.headers, "Idempotency-Key": uuid7().hex}
            text = (
                "" if route.schema is None else json.dumps(sample(route.schema, self.estate) if body is None else body)
            )
            return Browser(raise_request_exception=False).generic(
                route.method, path, text, content_type="application/json", headers=headers
            )
        if route.method == "GET":
            return self.browser.get(path)
        return self.browser.generic(
            route.method, path, "&".join(f"{name}={value}" for name, value in FORM.items()),
            content_type="application/x-www-form-urlencoded",
        )  # fmt: skip


_ID_PATTERN = re.compile(r"\^(\w+)_\[0-9A-HJKMNP-TV-Z\]")


def sample(schema: Mapping[str, Any], estate: Estate) -> Any:
    """A plausible value of a JSON schema: required fields only, ids of near things."""
    if "default" in schema and "properties" not in schema:
        return schema["default"]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return sample(next((each for each in schema[key] if each.get("type") != "null"), schema[key][0]), estate)
    if "enum" in schema:
        return schema["enum"][0]
    if match := _ID_PATTERN.match(schema.get("pattern", "")):
        return public_id(match[1], estate.near.get(match[1], uuid7()))
    return _plain(schema, estate)


def _plain(schema: Mapping[str, Any], estate: Estate) -> Any:
    match schema.get("type"):
        case "object":
            required = schema.get("required", [])
            return {
                name: sample(each, estate) for name, each in schema.get("properties", {}).items() if name in required
            }
        case "array":
            return [sample(schema["items"], estate)] if schema.get("items") else []
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case _:
            return _TEXTS.get(schema.get("format", ""), "Proof")


_TEXTS = {"date": "2026-03-12", "date-time": "2026-03-12T12:00:00Z", "uuid": "00000000-0000-7000-8000-000000000000"}


def ids_in(schema: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    """Fields of a body that name another thing, with the kind of id."""
    for name, each in (schema or {}).get("properties", {}).items():
        choices = [each, *each.get("anyOf", ()), each.get("items", {})]
        for choice in choices:
            if match := _ID_PATTERN.match(choice.get("pattern", "")):
                yield name, match[1]
                break


@dataclass(frozen=True, slots=True)
class Taken:
    """What the parameters of a route are: a kind of id each, or a word."""

    kinds: tuple[str, ...]

    def values(self, ids: Mapping[str, Any], words: Mapping[str, str], place: str) -> tuple[str, ...]:
        return tuple(_text(kind, ids, words, place) for kind in self.kinds)

    @property
    def names_a_thing(self) -> bool:
        return any(not kind.startswith("word:") for kind in self.kinds)


def _text(kind: str, ids: Mapping[str, Any], words: Mapping[str, str], place: str) -> str:
    form, _, name = kind.partition(":")
    if form == "word":
        return name
    if form == "number":
        return words[f"{place}:{name}"]
    return public_id(name, ids[name]) if form == "id" else str(ids[name])


def taken_by(route: Route, caller: Caller) -> Taken | None:
    """The first likely kinds of id (or words) that the route answers to, asked as somebody who may do everything."""
    estate = caller.estate
    choices = [_candidates(converter, name, route, estate) for converter, name in route.parameters]
    for kinds in product(*choices):
        taken = Taken(tuple(kinds))
        if caller.call(route, taken.values(estate.near, estate.words, "near")).status_code != GONE:
            return taken
    return None


def _candidates(converter: str, name: str, route: Route, estate: Estate) -> list[str]:
    """Likely meanings of a parameter: what the document says, then what its name and the segment before it say."""
    if name in WORDS_FOR:
        return [f"word:{word}" for word in WORDS_FOR[name]()]
    if name in {"number", "secret"}:
        return ["number:project" if name == "number" else "number:secret"]
    before = (
        route.pattern.partition(f":{name}>")[0].rpartition("<")[0]
        if not route.is_api
        else route.pattern.partition(f"{{{name}}}")[0]
    )
    nouns = [name.removesuffix("_id"), *reversed(before.strip("/").split("/"))]
    prefixes = [KINDS_BY_NOUN[noun] for noun in nouns if noun in KINDS_BY_NOUN]
    if name == "line":
        prefixes = ["inl", "bkl"]
    if "integrations/deliveries" in route.pattern:
        prefixes = ["whd"]
    if route.pattern.startswith("skills/<") and name == "pk":
        prefixes = ["per", "psk", "skl"]
    forms = ("uuid",) if converter == "uuid" else ("id", "uuid")
    found = [f"{form}:{prefix}" for prefix in dict.fromkeys(prefixes) if prefix in estate.near for form in forms]
    return found or ["word:1"]


KINDS_BY_NOUN: Mapping[str, str] = {
    "people": "per", "person": "per", "clients": "cli", "client": "cli", "contacts": "con", "contact": "con",
    "projects": "prj", "project": "prj", "p": "prj", "tasks": "tsk", "task": "tsk", "entries": "tim", "entry": "tim",
    "time-entries": "tim", "expenses": "exp", "expense": "exp", "users": "usr", "user": "usr", "member": "usr", "roles": "rol",
    "role": "rol", "entities": "ent", "entity": "ent", "legal-entities": "ent", "views": "viw", "view": "viw", "tokens": "tok",
    "token": "tok", "audit": "act", "undo": "act", "actions": "act", "action": "act", "invoices": "inv", "invoice": "inv", "lines": "inl",
    "runs": "brn", "run": "brn", "billing-runs": "brn", "contracts": "ctr", "contract": "ctr", "milestones": "mil", "milestone": "mil", "payments": "pay",
    "payment": "pay", "statements": "bst", "statement": "bst", "bank-lines": "bkl", "charges": "chg", "charge": "chg",
    "write-downs": "wrd", "write_down": "wrd", "imports": "imp", "import": "imp", "receivables": "bkl", "batch": "imp", "cards": "rca", "card": "rca",
    "rate-cards": "rca", "rates": "rca", "rate": "rat", "templates": "tpl", "template": "tpl", "project-templates": "tpl", "template-proposals": "tpp", "template-files": "tpf", "template_file": "tpf", "project-documents": "doc", "document": "doc", "budgets": "bgv", "budget": "bgv", "budget-lines": "bgl", "gates": "gat", "gate": "gat", "gate-items": "gai", "task-checks": "tkc", "teams": "tea", "team": "tea",
    "categories": "exc", "category": "exc", "files": "fil", "file": "fil", "receipts": "fil", "journals": "jou",
    "journal": "jou", "accounts": "acc", "account": "acc", "periods": "prd", "period": "prd", "links": "lnk", "link": "lnk",
    "absence": "abs", "absences": "abs", "skills": "skl", "skill": "skl", "certificates": "crt", "held": "pce",
    "held-certificates": "pce", "calendars": "wca", "calendar": "wca", "bookings": "bok", "booking": "bok",
    "requests": "req", "request": "req", "proposals": "prp", "proposal": "prp", "capacity-overrides": "ovr",
    "preferences": "prf", "calendar-feeds": "fed", "feed": "fed", "baselines": "bas", "baseline": "bas",
    "webhooks": "whk", "webhook": "whk", "integrations": "whk", "webhook-deliveries": "whd", "staffing-runs": "sfr",
    "solve": "sfr", "scenarios": "scn", "scenario": "scn", "changes": "sch", "deliveries": "dlv", "delivery": "dlv",
    "raid": "rai", "change-orders": "cho", "order": "cho", "order_line": "chl", "status-reports": "srp", "report": "srp",
    "lessons": "lsn", "lesson": "lsn", "units": "unt", "unit": "unt", "sites": "sit", "site": "sit", "equipment": "eqp", "visits": "vis", "visit": "vis",
    "visit-checks": "vch", "photos": "vch", "check": "vch", "acceptances": "acp", "acceptance": "acp", "checklists": "ckl", "checklist": "ckl",
    "packs": "pck", "pack": "pck", "exports": "xpt", "export": "xpt", "credit-notes": "inv", "retainers": "ret", "recurring": "ctr", "job-roles": "job", "expense-categories": "exc",
}  # fmt: skip
"""What the nouns of addresses stand for. A route that needs another word fails a test until it is added."""


def _figures() -> list[str]:
    from quoin.base.figures.registry import FIGURES

    return sorted(FIGURES)[:3]


def _options() -> list[str]:
    from quoin.accounts.rules.options import OPTIONS

    return sorted(OPTIONS)[:2]


WORDS_FOR: Mapping[str, Callable[[], list[str]]] = {
    "week": lambda: ["2026-W19", "2026-05-04", "2026-04-27", "2026-W18"],
    "day_on": lambda: ["2026-05-05"],
    "day": lambda: ["2026-05-05"],
    "month": lambda: ["2026-03"],
    "key": lambda: [*_figures(), *_options()],
    "list_key": lambda: ["members"],
    "form": lambda: ["ubl", "pdf"],
    "kind": lambda: ["client", "ubl"],
    "line_kind": lambda: ["price"],
    "figure_key": lambda: ["project.worked"],
    "format": lambda: ["pdf", "csv"],
}
