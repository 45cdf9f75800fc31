"""The short way in: one statement for a session that was met before, and every reason to close it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quoin.accounts.models import Grant, Membership, MembershipRole, User
from quoin.accounts.queries.standing import SEEN_KEY
from quoin.base.actions import action
from quoin.base.actor import Actor, Scope
from tests.make.accounts import Firm, new_firm

ME = "/api/v1/me"


@pytest.fixture
def firm() -> Firm:
    return new_firm()


@pytest.fixture
def browser(firm: Firm) -> Client:
    """A browser whose session the process has met."""
    client = firm.browser()
    assert client.get(ME).status_code == 200
    return client


def test_a_session_met_before_is_let_in_with_one_statement(browser: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(ME)

    who = [one["sql"] for one in captured if "accounts_standing" in one["sql"] or "django_session" in one["sql"]]
    assert answer.json()["name"] == "Eva Berg"
    assert len(who) == 1


def test_a_session_that_was_ended_elsewhere_is_not_let_in(browser: Client) -> None:
    Session.objects.filter(session_key=browser.session.session_key).delete()

    assert browser.get(ME).status_code == 401


def test_a_new_password_ends_the_session(firm: Firm, browser: Client) -> None:
    user = User.objects.get(id=firm.user.id)
    user.set_password("another long password")
    user.save()

    assert browser.get(ME).status_code == 401


def test_a_user_who_was_switched_off_is_not_let_in(firm: Firm, browser: Client) -> None:
    User.objects.filter(id=firm.user.id).update(is_active=False)

    assert browser.get(ME).status_code == 401


def test_a_session_left_alone_ends_also_when_it_was_met(browser: Client) -> None:
    session = browser.session
    session[SEEN_KEY] = 1_000_000_000
    session.save()

    assert browser.get(ME).status_code == 401
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_a_member_who_left_and_a_grant_that_went_count_at_once(firm: Firm) -> None:
    member = firm.member("Consultant")
    client = firm.browser(member)
    assert client.get(ME).status_code == 200
    assert client.get("/time", follow=True).status_code != 403

    owner = replace(firm.system, grants={"tests.grants.take": Scope.ALL, "tests.member.put_out": Scope.ALL})
    _take_grants(owner, member)
    without = client.get("/time")
    _put_out(owner, member)

    assert without.status_code == 403
    assert client.get(ME).status_code == 401


def test_a_get_of_a_known_session_still_cannot_write(browser: Client, firm: Firm) -> None:
    seen: list[str] = []

    def note(execute, sql, params, many, context):
        if not seen and "accounts_standing" not in sql:
            with connection.connection.cursor() as cursor:
                cursor.execute("SHOW transaction_read_only")
                seen.append(cursor.fetchone()[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        browser.get("/projects")

    assert seen == ["on"]


@action("tests.grants.take", label="Take all grants of a member's roles")
def _take_grants(actor: Actor, member: Actor) -> None:
    held = MembershipRole.objects.filter(membership_id=member.membership_id)
    Grant.objects.filter(role_id__in=held.values("role_id")).delete()


@action("tests.member.put_out", label="Put a member out")
def _put_out(actor: Actor, member: Actor) -> None:
    membership = Membership.objects.get(id=member.membership_id)
    membership.is_active = False
    membership.save()
