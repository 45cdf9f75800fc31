"""Pages of money take the same number of statements for a small firm and for one with more of everything."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quoin.projects.models import ProjectMember
from tests.make import new_world
from tests.make.figures import Firm, firm
from tests.make.web import signed_in

MOST = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """A firm and somebody who may see all of it."""

    made: Firm
    browser: Client


@pytest.fixture(scope="module")
def firms(django_db_setup: None, django_db_blocker: object) -> tuple[Seen, Seen]:
    """A firm with little and one with twice as much of everything."""
    sizes = ({"people": 2, "projects": 4, "months": 2}, {"people": 5, "projects": 8, "months": 4})
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        made = [firm(new_world(), seed=5, entries_a_month=3, clients=2, **size) for size in sizes]
        small, large = (Seen(one, signed_in(one.world)) for one in made)
    return small, large


def _statements(seen: Seen, path: str) -> int:
    made = seen.made
    address = path.format(project=made.projects[0].number, client=made.clients[0].public_id)
    seen.browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = seen.browser.get(address)
    assert answer.status_code == 200, answer.content[:400]
    return len(captured)


@pytest.mark.parametrize(
    "path",
    [
        "/portfolio", "/portfolio?period=year", "/p/{project}", "/p/{project}/money", "/p/{project}/money?by=person",
        "/p/{project}/budget", "/p/{project}/rates", "/p/{project}/team", "/clients/{client}",
        "/clients/{client}/money", "/projects", "/receivables", "/billing/unbilled",
    ],
)  # fmt: skip
def test_page_takes_no_more_statements_for_more_rows(firms: tuple[Seen, Seen], path: str) -> None:
    small, large = (_statements(one, path) for one in firms)

    assert large <= small
    assert large <= MOST


def test_more_people_on_a_project_take_no_more_statements(firms: tuple[Seen, Seen]) -> None:
    _small, large = firms
    world, project = large.made.world, large.made.projects[1]
    before = _statements(large, f"/p/{project.number}/rates")
    on_it = ProjectMember.objects

    def everybody() -> None:
        known = set(on_it.filter(project=project).values_list("person_id", flat=True))
        for person in large.made.people:
            if person.id not in known:
                on_it.create(project=project, person=person)

    world.do(everybody)

    assert _statements(large, f"/p/{project.number}/rates") == before
