"""The twin of a firm: the same questions, asked with and without another firm's data, get the same answers to the byte."""

from __future__ import annotations

from tests.proof import estate
from tests.proof.routes import Caller, routes
from tests.proof.test_access_matrix import masked

# Answers about the instance or the moment, with the reason why they may differ.
OF_THE_INSTANCE = {
    "GET /admin": "numbers of the whole instance: size of the database, jobs of all firms",
    "GET /admin/jobs": "jobs of the instance, as numbers",
    "GET /api/v1/operations": "numbers of the whole instance",
    "GET /me/settings": "lists the member's own sessions with the time of the last look",
    "GET /readyz": "the state of the instance",
}


def test_another_firm_changes_no_answer() -> None:
    ours = estate.build("zqtwin")
    caller = Caller(ours, estate.ALL_RIGHTS)
    before = _answers(caller)

    estate.build("zqother")

    after = _answers(caller)
    assert len(before) > 40
    assert [
        _first_difference(route, before[route], after[route]) for route in before if after[route] != before[route]
    ] == []


def _first_difference(route: str, one: tuple[int, bytes], other: tuple[int, bytes]) -> tuple[str, bytes, bytes]:
    """Where the two answers part."""
    at = next((place for place, (a, b) in enumerate(zip(one[1], other[1], strict=False)) if a != b), 0)
    return route, one[1][max(0, at - 30) : at + 40], other[1][max(0, at - 30) : at + 40]


def _answers(caller: Caller) -> dict[str, tuple[int, bytes]]:
    found = {}
    for route in routes():
        if route.method == "GET" and not route.parameters and not route.is_public and str(route) not in OF_THE_INSTANCE:
            found[str(route)] = masked(caller.call(route, ()))
    return found
