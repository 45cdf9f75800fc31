"""A page offers only what its reader may do: no link and no button on it ends in a refusal."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve, reverse

from quoin.projects.models import Project
from tests.make import World
from tests.make import money as make
from tests.make.web import signed_in

_SEES = (
    "projects.project.view", "clients.client.view", "people.person.view", "people.cost.view", "timesheets.expense.view",
)  # fmt: skip
_CHANGES = {
    "projects": ("projects.project.edit", "projects.project.step"),
    "team": ("projects.member.set", "projects.member.remove"),
    "client": ("clients.client.edit", "clients.contact.create", "clients.contact.delete"),
    "person": ("people.person.edit", "people.work_pattern.set", "people.cost_rate.set"),
    "expenses": ("timesheets.expense.add",),
}


@pytest.fixture
def project(world: World) -> Project:
    """A project with somebody on it, whose client has a contact."""
    boss = signed_in(world)
    client = make.client(world)
    boss.post(reverse("clients:new_contact", args=[client.public_id]), {"name": "Liv Dahl"})
    boss.post(
        reverse("projects:new"),
        {"client_id": str(client.id), "name": "Fjord ERP", "note_rule": "wanted", "budget_hours": "120"},
    )
    with world.inside():
        made = Project.objects.select_related("client").get(name="Fjord ERP")
    boss.post(reverse("projects:add_member", args=[made.number]), {"person_id": str(world.boss.id)})
    return made


def _pages(world: World, project: Project) -> dict[str, str]:
    return {
        "projects": reverse("projects:project", args=[project.number]),
        "team": reverse("projects:team", args=[project.number]),
        "client": reverse("clients:client", args=[project.client.public_id]),
        "person": reverse("people:person", args=[world.boss.public_id]),
        "expenses": reverse("timesheets:expenses"),
    }


def _offered(browser: Client, path: str) -> set[str]:
    """Permissions of everything that the page links to or posts to."""
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    found = re.findall(r'\b(?:href|action|formaction)="(/[^"]*)"', answer.content.decode())
    ours = {urlsplit(url).path for url in found if not url.startswith(("/static/", "/assets/"))}
    wanted = {getattr(resolve(one).func, "permission", None) for one in ours}
    return {one for one in wanted if one is not None}


def test_a_reader_is_offered_nothing_that_is_refused(world: World, project: Project) -> None:
    browser = signed_in(world, *_SEES)

    for name, path in _pages(world, project).items():
        assert _offered(browser, path) <= set(_SEES), name


def test_whoever_may_change_things_is_offered_that(world: World, project: Project) -> None:
    browser = signed_in(world)

    for name, path in _pages(world, project).items():
        assert set(_CHANGES[name]) <= _offered(browser, path), name
