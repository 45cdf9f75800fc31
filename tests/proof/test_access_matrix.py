"""Every address x every role x {one's own, out of reach, another firm's, nobody's}: the list that an attacker tries.

Pages and operations come from the URL conf and the API's document, roles from the table of standard roles, ids from
two firms whose texts carry marks. A mark where it may not be seen is a leak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import DatabaseError
from django.http import HttpResponseBase
from django.test import Client as Browser

from quoin.accounts.rules.standard_roles import ROLES
from quoin.base.actor import Actor, Scope
from quoin.kernel.ids import uuid7
from tests.proof.estate import ALL_RIGHTS, estates
from tests.proof.routes import Caller, Route, Taken, ids_in, routes, sample, taken_by

READS = tuple(route for route in routes() if route.method == "GET")
WRITES = tuple(route for route in routes() if route.method != "GET")
ROLE_KEYS = tuple(role.key for role in ROLES)
SEEN_WITH = {
    "client": ("clients.client.view",),
    "project": ("projects.project.view",),
    # A project names its team to whoever may see it.
    "person": ("people.person.view", "projects.project.view"),
    "time": ("timesheets.time.view",),
    "expense": ("timesheets.expense.view",),
    "contract": ("sales.contract.view",),
    "leave": ("people.absence.view", "people.skill.view"),
    "booking": ("resourcing.booking.view", "resourcing.demand.view"),
}
"""Which permissions show the marks of a kind; without it for the whole firm the far ones stay hidden."""
TAKES_NO_ID_OF_OURS: dict[str, str] = {
    "GET /login/link/<str:token>": "a secret of an invitation, which only its mail knows",
    "GET /login/scripts/<str:name>": "a file of the sign-in library",
    "POST /admin/jobs/<int:pk>/retry": "a job that failed; the number of a job of another firm is refused in test_jobs",
    "GET /ical/<str:secret>.ics": "a secret of a feed, told once; tests of resourcing ask with good and revoked ones",
    "POST /me/settings/sessions/<int:pk>/end": "a session of the member's own, by its number",
    "POST /receivables/<str:line>/match": "without the invoices that its form names there is nothing to match",
    "GET /visits/<str:pk>/signature": "a picture that nobody drew yet; tests of field look at a signed visit",
    "GET /visits/<str:pk>/photos/<str:check>": "a photo that nobody took yet; tests of field look at one",
    "GET /api/v1/visits/{visit_id}/signature": "a picture that nobody drew yet; tests of field look at a signed visit",
    "GET /api/v1/visits/{visit_id}/photos/{check_id}": "a photo that nobody took yet; tests of field look at one",
    "GET /change-orders/<str:pk>/file": "the client's word as a file, of an order that nobody answered yet",
    "GET /tasks/<str:pk>/paper": "the paper of an acceptance that nobody gave yet; tests of projects look at one",
    "GET /api/v1/tasks/{task_id}/sign/paper": "the paper of an acceptance that nobody gave yet; tests of projects look at one",
    "GET /change/<str:secret>": "a secret of a client's link, told once; tests of governance open good and ended ones",
    "POST /p/<str:number>/gates/add": "without the task that its form names there is nowhere for a gate",
    "POST /requests/<str:pk>/answer": "without the proposal that its form names there is nothing to answer",
    "GET /scenarios/start/<str:key>": "the word of a starter",
    "POST /scenarios/start/<str:key>": "the word of a starter",
    "POST /scenarios/<str:pk>/drop": "without one of its changes, which its form names, there is nothing to take out",
    "POST /admin/integrations/<str:pk>/<str:verb>": "without one of its verbs there is nothing here",
    "GET /requests/solve/<str:pk>/<str:request_pk>": "a request that the run answered; the firm's run has no answer",
    "GET /admin/users/<str:pk>/why": "asks for a permission in its query; without one there is nothing here",
}
UNKNOWN_ANSWERS = {403, 404, 422}
"""What somebody gets who asks for a thing that is not theirs to see, or sends a form that misses a field."""
_SERVER_ERROR = 500
_MASKS = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (rb"[a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}", b"<id>"),
        (rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", b"<uuid>"),
        (rb'nonce="[^"]*"', b"<nonce>"),
        (rb'(csrf\w*"[^"]*")[0-9A-Za-z]{64}"', rb"\1<csrf>"),
        (rb"[0-9A-Za-z_-]+(%3A|:)[0-9A-Za-z]{6}(%3A|:)[0-9A-Za-z_-]{43}", b"<cursor>"),
        (rb"[0-9A-Za-z]{64}", b"<token>"),
        (rb"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[0-9.:+Z-]*", b"<time>"),
        (rb"\d{1,2}:\d{2}:\d{2}", b"<clock>"),
        (rb'"today": \d+', b"<minute>"),
        (rb"\d{1,2} [A-Z][a-z]+ \d{4}, \d{2}:\d{2}", b"<when>"),
    )
)


def masked(response: HttpResponseBase, *texts: str) -> tuple[int, bytes]:
    """Status and body without what differs from call to call and without the id that was asked for."""
    body = text_of(response)
    for text in texts:
        body = body.replace(text.encode(), b"<asked>")
    for pattern, replacement in _MASKS:
        body = pattern.sub(replacement, body)
    return response.status_code, body


def cause_of(response: HttpResponseBase) -> str:
    """The exception behind an answer of 500."""
    raised = getattr(response, "exc_info", None)
    return repr(raised[1])[:300] if raised else str(response.status_code)


def text_of(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@cache
def takers() -> dict[str, Taken | None]:
    """What each route takes."""
    everybody = caller(ALL_RIGHTS)
    return {str(route): taken_by(route, everybody) for route in routes() if route.parameters}


@cache
def caller(role: str) -> Caller:
    return Caller(estates()[0], role)


def places(route: Route) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(place, values of the parameters): near, far, alien, nobody's. Routes without an id have only one place."""
    ours, strangers = estates()
    taken = takers()[str(route)] if route.parameters else None
    if taken is None:
        if not route.parameters:
            yield "near", ()
        return
    yield "near", taken.values(ours.near, ours.words, "near")
    if taken.names_a_thing:
        yield "far", taken.values(ours.far, ours.words, "far")
        yield "alien", taken.values(strangers.near, strangers.words, "near")
        yield "nobody", taken.values(_Nothing(), {"near:project": "P-nobody", "near:secret": "nobody"}, "near")


def asked_places(route: Route, role: str) -> list[tuple[str, tuple[str, ...]]]:
    """Nobody's id first. Who lacks the permission is refused at the door: one other firm's id shows that."""
    found = list(places(route))
    actor = estates()[0].members[role]
    is_refused = route.permission is not None and not actor.may(route.permission)
    return [one for one in found if one[0] == "alien"] or found if is_refused else found[::-1]


class _Nothing(dict[str, UUID]):
    """Ids that no row has."""

    def __missing__(self, _key: str) -> UUID:
        return uuid7()


def test_every_address_is_guarded_or_public() -> None:
    assert [str(route) for route in routes() if not (route.is_guarded or route.is_public)] == []
    assert len(READS) > 60
    assert len(WRITES) > 60


def test_what_every_address_takes_is_known() -> None:
    unknown = {name for name, taken in takers().items() if taken is None}

    assert not (left := sorted(unknown - set(TAKES_NO_ID_OF_OURS))), "\n".join(left)


@pytest.mark.parametrize("role", ROLE_KEYS)
def test_reading_shows_a_role_what_it_may_see_and_nothing_else(role: str) -> None:
    faults = [fault for route in READS for fault in _read_faults(route, role)]

    assert not faults, "\n".join(sorted(set(faults)))


def _read_faults(route: Route, role: str) -> Iterator[str]:
    if route.is_public:
        return
    nobody: tuple[int, bytes] | None = None
    for place, values in asked_places(route, role):
        response = caller(role).call(route, values)
        found = masked(response, *values)
        yield from _answer_faults(route, role, place, response)
        yield from _leaks(route, role, place, found[1])
        if place == "nobody":
            nobody = found
        elif place == "alien" and nobody is not None and found != nobody:
            yield f"{role}: {route} tells another firm's thing from nobody's ({found[0]}, {nobody and nobody[0]})"
    if not route.parameters:
        response = caller(role).call(route, (), query="?q=zq")
        yield from _leaks(route, role, "search", text_of(response))


def _answer_faults(route: Route, role: str, place: str, response: HttpResponseBase) -> Iterator[str]:
    actor = caller(role).estate.members[role]
    status = response.status_code
    if status >= _SERVER_ERROR:
        yield f"{role}: {route} breaks on a {place} id: {cause_of(response)}"
    elif route.permission is not None and not actor.may(route.permission):
        if status != 403:
            yield f"{role}: {route} needs {route.permission}, and answers {status} on a {place} id"
    elif place in {"alien", "nobody"} and status not in UNKNOWN_ANSWERS:
        yield f"{role}: {route} answers {status} on a {place} id"


def _leaks(route: Route, role: str, place: str, body: bytes) -> Iterator[str]:
    ours, strangers = estates()
    if strangers.sign.encode() in body:
        yield f"{role}: {route} ({place}) shows another firm's things"
    actor = ours.members[role]
    for kind, permissions in SEEN_WITH.items():
        if (
            not any(_sees_all(actor, permission) for permission in permissions)
            and ours.mark("far", kind).encode() in body
        ):
            yield f"{role}: {route} ({place}) shows a {kind} out of reach"
    if not actor.may("people.cost.view"):
        for cost in ours.costs:
            if cost.encode() in body or cost.replace(".", ",").encode() in body:
                yield f"{role}: {route} ({place}) shows a cost"


def _sees_all(actor: Actor, permission: str) -> bool:
    return actor.may(permission, Scope.ALL)


@pytest.mark.parametrize("role", ROLE_KEYS)
def test_writing_is_refused_where_a_role_may_not(role: str) -> None:
    faults = [fault for route in WRITES for fault in _write_faults(route, role)]

    assert not faults, "\n".join(sorted(set(faults)))


def _write_faults(route: Route, role: str) -> Iterator[str]:
    nobody: tuple[int, bytes] | None = None
    for place, values in asked_places(route, role):
        response = caller(role).call(route, values)
        found = masked(response, *values)
        yield from _answer_faults(route, role, place, response)
        yield from _leaks(route, role, place, found[1])
        if place == "nobody":
            nobody = found
        elif place == "alien" and nobody is not None and found != nobody:
            yield f"{role}: {route} tells another firm's thing from nobody's ({found[0]}, {nobody and nobody[0]})"
        elif place == "far" and not _reaches(role, route, takers()[str(route)]) and found != nobody:
            yield f"{role}: {route} answers {found[0]} on a thing out of reach, {nobody and nobody[0]} on nobody's"


_KIND_OF = {
    "cli": "client",
    "prj": "project",
    "tsk": "project",
    "per": "person",
    "tim": "time",
    "exp": "expense",
    "ctr": "contract",
}


def _reaches(role: str, route: Route, taken: Taken | None) -> bool:
    """Whether the role may touch the far thing that the route names."""
    actor = estates()[0].members[role]
    if route.permission is not None and not actor.may(route.permission):
        return True  # Refused at the door, whatever the id.
    kinds = {kind.partition(":")[2] for kind in (taken.kinds if taken else ())} | {
        "project" if taken and "number:project" in taken.kinds else ""
    }
    hidden = [_KIND_OF.get(prefix, prefix if prefix in SEEN_WITH else "") for prefix in kinds]
    return all(any(_sees_all(actor, each) for each in SEEN_WITH[kind]) for kind in hidden if kind)


@pytest.mark.parametrize("route", [route for route in WRITES if dict(ids_in(route.schema))], ids=str)
def test_a_body_cannot_name_another_firms_thing(route: Route) -> None:
    ours, strangers = estates()
    asked = caller(ALL_RIGHTS)
    _place, values = next(iter(places(route)))
    known = {name for name in strangers.near if name in ours.near}
    taken_in = {}
    for field, prefix in ids_in(route.schema):
        if prefix not in known or prefix == "fil":
            continue
        body = sample(route.schema or {}, ours)
        described = {**(route.schema or {})["properties"][field], "default": None}
        del described["default"]
        body[field] = sample(described, strangers)
        response = asked.call(route, values, body=body)
        if response.status_code >= _SERVER_ERROR:
            taken_in[field] = cause_of(response)
        elif response.status_code < 400:
            # An id may also narrow what is done: then it must do what nobody's id does.
            body[field] = sample(described, SimpleNamespace(near=_Nothing()))
            nobody = asked.call(route, values, body=body)
            if masked(nobody) != masked(response):
                taken_in[field] = cause_of(response)

    assert taken_in == {}


def test_a_stranger_gets_in_nowhere() -> None:
    answers = {}
    for route in routes():
        if route.is_public or (route.parameters and takers()[str(route)] is None):
            continue
        _place, values = next(iter(places(route)))
        response = Browser().generic(route.method, route.path(values))
        is_refused = response.status_code == 401 if route.is_api else response.status_code in {302, 401}
        is_sent_to_sign_in = route.is_api or response.get("Location", "").startswith("/login/")
        if not (is_refused and is_sent_to_sign_in):
            answers[str(route)] = response.status_code

    assert answers == {}


def test_a_get_that_writes_is_refused_by_the_database() -> None:
    """The seeded fault: a page that would write. Each page runs where the database refuses it."""
    from quoin.people.models import Team

    ours = estates()[0]
    with pytest.raises(DatabaseError, match="read-only"), ours.world.inside(read_only=True):
        Team.objects.create(name="Written by a GET")


def test_the_matrix_finds_a_planted_leak() -> None:
    """If row security and visibility were gone, the checks above would say so."""
    ours, strangers = estates()
    route = next(route for route in READS if not route.parameters and not route.is_public)
    body = f"{strangers.sign} {ours.mark('far', 'project')} {ours.costs[0]}".encode()

    found = list(_leaks(route, "consultant", "near", body))

    assert len(found) == 3
