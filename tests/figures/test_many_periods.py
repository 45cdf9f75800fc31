"""A figure for many periods at once says what it says for each of them, and costs no more statements for more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quoin.base.actions import PERMISSIONS
from quoin.base.actor import Actor, Scope
from quoin.base.figures import FIGURES, Parameter, Parameters, figure_named, value_of, values_of
from quoin.insights.queries import figures as _declared  # noqa: F401  # declares every figure
from quoin.insights.queries.explaining import same
from quoin.kernel.errors import NotFound
from quoin.kernel.period import add_months
from tests.make import new_world
from tests.make.figures import Firm, firm

PERIODIC = sorted(key for key, figure in FIGURES.items() if Parameter.UNTIL in figure.takes)
AT_ONCE = (
    "time.worked", "time.billable", "time.utilisation", "work.value", "cost.total", "billing.unbilled",
    "billing.billed", "earned.revenue", "earned.margin", "earned.margin_ratio", "contracts.backlog", "cash.received",
)  # fmt: skip
"""Figures of pages that show them month by month."""


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: object) -> Firm:
    """One firm for all questions; nothing here writes."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        return firm(new_world(), seed=3, months=3, entries_a_month=4)


def _needed(key: str, made: Firm) -> Parameters:
    needs = figure_named(key).needs
    return Parameters(
        project_id=made.projects[0].id if Parameter.PROJECT in needs else None,
        client_id=made.clients[0].id if Parameter.CLIENT in needs else None,
        person_id=made.people[0].id if Parameter.PERSON in needs else None,
    )


def _months(key: str, asked: Parameters, count: int) -> list[Parameters]:
    first = date(2026, 6, 1)
    takes_from = Parameter.FROM in figure_named(key).takes
    starts = [add_months(first, step - count) for step in range(count)]
    return [
        replace(asked, from_on=on if takes_from else None, until_on=add_months(on, 1) - timedelta(days=1))
        for on in starts
    ]


def _questions(key: str, made: Firm) -> list[list[Parameters]]:
    """Whole months; months with a longer span and no limit at all; and days in the middle of months."""
    asked = _needed(key, made)
    months = _months(key, asked, 4)
    across = [replace(one, until_on=date(2026, 5, 3)) for one in months[:1]]
    return [months, [asked, replace(months[0], until_on=months[-1].until_on), *months], [*across, *months]]


@pytest.mark.parametrize("scope", [Scope.ALL, Scope.TEAM])
@pytest.mark.parametrize("key", PERIODIC)
def test_many_periods_at_once_are_the_periods_one_by_one(made: Firm, key: str, scope: Scope) -> None:
    actor: Actor = made.world.actor
    if scope is Scope.TEAM:
        actor = made.world.with_rights(*PERMISSIONS, scope=scope, person=made.people[0])
    for questions in _questions(key, made):
        with made.world.inside():
            try:
                one_by_one = [value_of(actor, key, asked) for asked in questions]
            except NotFound:
                with pytest.raises(NotFound):
                    values_of(actor, key, questions)
                continue
            found = values_of(actor, key, questions)

        assert [value.parameters for value in found] == questions
        for value, single in zip(found, one_by_one, strict=True):
            assert same(value.sums, single.sums), value.parameters


def test_periods_of_different_projects_are_told_apart(made: Firm) -> None:
    questions = [Parameters(project_id=project.id, until_on=date(2026, 5, 31)) for project in made.projects[:3]]
    with made.world.inside(read_only=True):
        found = values_of(made.world.actor, "project.worked", questions)
        single = [value_of(made.world.actor, "project.worked", asked).sums for asked in questions]

    assert [value.sums for value in found] == single
    assert len({tuple(sums.items()) for sums in single}) > 1


@pytest.mark.parametrize("key", AT_ONCE)
def test_twelve_months_take_as_many_statements_as_two(made: Firm, key: str) -> None:
    taken = [_statements(made, key, count) for count in (2, 12)]

    assert taken[0] == taken[1] > 0


def _statements(made: Firm, key: str, count: int) -> int:
    questions = _months(key, _needed(key, made), count)
    with made.world.inside(read_only=True), CaptureQueriesContext(connection) as captured:
        values_of(made.world.actor, key, questions)
    return len(captured)


def test_no_question_has_no_answer(made: Firm) -> None:
    assert values_of(made.world.actor, "time.worked", []) == []
