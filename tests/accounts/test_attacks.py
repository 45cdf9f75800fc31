"""What somebody tries who is in, but wants more: wider tokens, more calls, another's address, rights of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters_now
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings

from quoin.accounts.actions import create_role, set_grant
from quoin.accounts.models import Grant, User
from quoin.accounts.queries.members import SEE_MEMBERS
from quoin.accounts.queries.standing import actor_of_token
from quoin.accounts.tasks import send_due_mail
from quoin.base.actor import Scope
from quoin.base.mail.models import MailMessage
from quoin.base.mail.send import queue_mail
from quoin.kernel.errors import Forbidden
from quoin.kernel.ids import uuid7
from tests.make.accounts import PASSWORD, Firm, bearer, new_firm

MINT, VIEW_CLIENTS = "accounts.token.create", "clients.client.view"


@pytest.fixture
def firm() -> Firm:
    return new_firm()


def _grants(secret: str) -> dict[str, Scope]:
    found = actor_of_token(secret)
    assert found is not None
    return dict(found.grants)


def test_a_narrow_token_begets_no_wider_one(firm: Firm) -> None:
    narrow, whole = bearer(firm.token(MINT)), bearer(firm.token())

    made = narrow.post("/api/v1/tokens", {"name": "more"}, content_type="application/json")
    asked = narrow.post(
        "/api/v1/tokens", {"name": "more", "scopes": ["accounts.member.set_roles"]}, content_type="application/json"
    )
    free = whole.post("/api/v1/tokens", {"name": "as I am"}, content_type="application/json")

    assert _grants(made.json()["secret"]) == {MINT: Scope.ALL}
    assert asked.status_code == 403
    assert _grants(free.json()["secret"]) == dict(firm.actor.grants)


@override_settings(QUOIN_API_PER_SECOND=1, QUOIN_API_BURST=2)
def test_blanks_before_a_token_make_no_other_caller_of_it(firm: Firm) -> None:
    secret = firm.token()

    answers = [
        Client().get("/api/v1/me", headers={"Authorization": f"Bearer{' ' * blanks}{secret}"}).status_code
        for blanks in range(1, 6)
    ]

    assert answers.count(200) <= 3
    assert answers[-1] == 429


def test_a_key_of_one_caller_replays_nothing_to_another(firm: Firm) -> None:
    """Whose answer is kept is part of the key: the same words of two callers are two calls."""
    body, key = {"name": "one key", "scopes": ["people.person.view"]}, {"Idempotency-Key": uuid7().hex}
    other = firm.member("Administrator")

    answers = [
        bearer(firm.token(actor=actor)).post("/api/v1/tokens", body, content_type="application/json", headers=key)
        for actor in (None, other)
    ]

    assert [answer.get("Idempotent-Replayed") for answer in answers] == [None, None]
    assert answers[0].json()["id"] != answers[1].json()["id"]


def test_nobody_takes_an_address_that_is_not_theirs(firm: Firm) -> None:
    """Whoever is invited at an address becomes the user who holds it: no user may choose which that is."""
    browser, wanted = firm.browser(), f"{uuid7().hex}@elsewhere.example"

    answers = [browser.post("/email/", {verb: "", "email": wanted}) for verb in ("action_add", "action_primary")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert browser.get("/email/").status_code == 404
    assert not User.objects.filter(email=wanted).exists()


def test_who_edits_roles_gives_no_more_than_they_hold(firm: Firm) -> None:
    holds = dict.fromkeys((SEE_MEMBERS, "accounts.role.grant", "accounts.role.create", VIEW_CLIENTS), Scope.ALL)
    clerk = replace(firm.actor, grants={**holds, VIEW_CLIENTS: Scope.TEAM}, request_id=uuid7())
    role = create_role(clerk, name="Theirs", grants={VIEW_CLIENTS: "team"})

    for permission, scope in ((VIEW_CLIENTS, "all"), ("accounts.member.set_roles", "own")):
        with pytest.raises(Forbidden):
            set_grant(clerk, role_id=role.id, permission=permission, scope=scope)
    with pytest.raises(Forbidden):
        create_role(clerk, name="More", grants={"billing.payment.record": "own"})

    with firm.inside():
        assert list(Grant.objects.filter(role=role).values_list("permission", "scope")) == [(VIEW_CLIENTS, 2)]
    set_grant(firm.actor, role_id=role.id, permission=VIEW_CLIENTS, scope="all")
    set_grant(clerk, role_id=role.id, permission=VIEW_CLIENTS, scope="own")


def test_a_second_factor_is_asked_for_works_once_and_is_not_guessed(firm: Firm) -> None:
    cache.clear()
    secret = generate_totp_secret()
    TOTP.activate(firm.user, secret)
    code = format_hotp_value(hotp_value(secret, next(iter(counters_now()))))

    first, second = Client(), Client()
    for browser in (first, second):
        browser.post("/login/", {"login": firm.user.email, "password": PASSWORD})
    before = first.get("/api/v1/me").status_code
    for browser in (first, second):
        browser.post("/two-factor/authenticate/", {"code": code})
    guesses = [second.post("/two-factor/authenticate/", {"code": f"{n:06}"}) for n in range(8)]

    assert (before, first.get("/api/v1/me").status_code, second.get("/api/v1/me").status_code) == (401, 200, 401)
    assert "Too many" in str(guesses[-1].context["form"].errors)


def test_a_mail_that_cannot_be_sent_stops_no_other(firm: Firm) -> None:
    with firm.inside():
        for to in ("ap@x.example\nBcc: all@x.example", "fine@x.example"):
            queue_mail(firm.system, to=to, subject="Invoice", text="…")
    mail.outbox.clear()

    with firm.inside():
        send_due_mail(firm.actor)

    assert [one.to for one in mail.outbox] == [["fine@x.example"]]
    with firm.inside():
        assert sorted((one.attempts, bool(one.sent_at)) for one in MailMessage.objects.all()) == [(1, False), (1, True)]
