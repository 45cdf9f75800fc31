"""Ways in: password, link, first start; and the ways that stay closed."""

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from quoin.accounts.actions import new_users
from quoin.accounts.models import User
from quoin.accounts.queries.links import sign_in_link
from quoin.accounts.queries.standing import SEEN_KEY
from quoin.kernel.ids import uuid7
from tests.make.accounts import PASSWORD, Firm, new_firm


@pytest.fixture
def firm() -> Firm:
    return new_firm()


def _sign_in(client: Client, email: str, password: str, address: str = "10.0.0.1"):
    return client.post("/login/", {"login": email, "password": password}, REMOTE_ADDR=address)


def test_the_password_opens_and_the_role_says_where_to(firm: Firm) -> None:
    client = Client()

    response = _sign_in(client, firm.user.email, PASSWORD)

    assert response.status_code == 302
    assert client.get("/api/v1/me").json()["name"] == "Eva Berg"


def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(firm: Firm) -> None:
    wrong = _sign_in(Client(), firm.user.email, "not the password", "10.0.1.1")
    unknown = _sign_in(Client(), "nobody@firm.example", "not the password", "10.0.1.2")

    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert wrong.status_code == unknown.status_code == 200


def test_guessing_is_slowed_and_the_owner_gets_in_from_elsewhere_later(firm: Firm) -> None:
    cache.clear()
    answers = [_sign_in(Client(), firm.user.email, f"guess {n}", "10.0.2.1") for n in range(12)]

    errors = [str(answer.context["form"].non_field_errors()) if answer.context else "429" for answer in answers]
    assert errors[0] != errors[-1]
    cache.clear()  # The delay is over; nothing was locked.
    assert _sign_in(Client(), firm.user.email, PASSWORD, "10.0.2.2").status_code == 302


def test_nobody_signs_up() -> None:
    before = User.objects.count()

    response = Client().post("/signup/", {"email": "new@x.example", "password1": PASSWORD})

    assert b"closed" in response.content.lower()
    assert User.objects.count() == before


def test_an_invitation_link_works_once_and_only_by_a_click(firm: Firm) -> None:
    address = sign_in_link(firm.user).removeprefix("http://127.0.0.1:8000")
    looked = Client().get(address)
    first, second = Client(), Client()

    used = first.post(address)
    again = second.post(address)

    assert (looked.status_code, used.status_code, again.status_code) == (200, 302, 410)
    assert first.get("/api/v1/me").status_code == 200
    assert second.get("/api/v1/me").status_code == 401


def test_a_forged_link_opens_nothing(firm: Firm) -> None:
    address = sign_in_link(firm.user).removeprefix("http://127.0.0.1:8000")

    assert Client().post(address[:-1] + ("a" if address[-1] != "a" else "b")).status_code == 410


def test_a_session_left_alone_for_a_day_ends(firm: Firm) -> None:
    browser = firm.browser()
    session = browser.session
    session[SEEN_KEY] = 1_000_000_000
    session.save()

    assert browser.get("/me/settings").status_code == 302


def test_a_password_change_ends_the_other_sessions(firm: Firm) -> None:
    first, second = Client(), Client()
    _sign_in(first, firm.user.email, PASSWORD, "10.0.3.1")
    _sign_in(second, firm.user.email, PASSWORD, "10.0.3.1")

    changed = first.post(
        "/password/change/",
        {"oldpassword": PASSWORD, "password1": "another long phrase", "password2": "another long phrase"},
    )

    assert changed.status_code == 302
    assert first.get("/api/v1/me").status_code == 200
    assert second.get("/api/v1/me").status_code == 401


def test_the_start_page_is_gone_once_there_is_a_firm(firm: Firm) -> None:
    assert Client().get("/start")["Location"] == "/login/"


@override_settings(IS_DEMO=True, QUOIN_DEMO_ACCOUNTS="tests.accounts.test_sign_in.demo_accounts")
def test_a_demo_lists_its_accounts(firm: Firm) -> None:
    assert b"ana@demo.example" in Client().get("/login/").content


@override_settings(IS_DEMO=False, QUOIN_DEMO_ACCOUNTS="tests.accounts.test_sign_in.demo_accounts")
def test_another_instance_lists_none(firm: Firm) -> None:
    assert b"ana@demo.example" not in Client().get("/login/").content


def demo_accounts() -> list[dict[str, str]]:
    return [{"role": "Consultant", "email": "ana@demo.example", "password": "demo"}]


def test_every_screen_of_the_administrator_answers(firm: Firm) -> None:
    browser = firm.browser()
    pages = [
        "/admin/users", "/admin/users/invite", "/admin/users/roles", "/admin/users/roles/new", "/admin/settings", "/me/settings",
        "/admin/settings/company", "/admin/settings/entities/new", "/admin/settings/export.yaml", "/two-factor/",
        "/password/change/", "/two-factor/totp/activate/", "/two-factor/webauthn/add/", "/login/scripts/webauthn.js",
    ]  # fmt: skip

    answers = {page: browser.get(page).status_code for page in pages}

    assert {page: status for page, status in answers.items() if status not in {200, 302}} == {}


def test_shared_password_is_for_new_users_only(firm: Firm) -> None:
    invited = User.objects.create_user(f"{uuid7().hex}@firm.example", None, name="Ida Invited")
    fresh = f"{uuid7().hex}@firm.example"

    users = new_users([(fresh, "Finn Fresh"), (invited.email, "Somebody"), (firm.user.email, "Eva")], "one for all")

    assert [user.email for user in users] == [fresh, invited.email, firm.user.email]
    assert [user.check_password("one for all") for user in users] == [True, False, False]
    assert User.objects.get(id=users[0].id).check_password("one for all")
    assert not User.objects.get(id=invited.id).has_usable_password()
