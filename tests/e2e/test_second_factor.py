"""Second factors in a real browser: an authenticator app, recovery codes, and a passkey of a virtual key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from tests.make.accounts import PASSWORD, new_firm

if TYPE_CHECKING:
    from tests.e2e.conftest import Watched
    from tests.make.accounts import Firm

pytestmark = pytest.mark.e2e


def code_of(secret: str) -> str:
    """The six digits that an authenticator app shows (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 10**6:06}"


def sign_in_with_password(page: Page, firm: Firm, origin: str = "") -> None:
    page.goto(f"{origin}/login/")
    page.get_by_label("Email").fill(firm.user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")


def confirm_if_asked(page: Page) -> None:
    """The password again, where the page asks for it."""
    if "reauthenticate" in page.url:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "reauthenticate" not in url)


def kinds(firm: Firm) -> set[str]:
    return set(Authenticator.objects.filter(user=firm.user).values_list("type", flat=True))


def activate_totp(page: Page) -> str:
    page.goto("/two-factor/totp/activate/")
    confirm_if_asked(page)
    secret = page.locator("input[readonly], input[disabled]").first.input_value()
    page.locator("input[name=code]").fill(code_of(secret))
    page.locator("input[name=code]").press("Enter")
    page.wait_for_url(lambda url: "activate" not in url)
    return secret


def enters_with(watched: Callable[..., Watched], firm: Firm, *codes: str) -> bool:
    """Whether the last of the codes, given after the password one after the other, opens the door."""
    page = watched().context.new_page()
    sign_in_with_password(page, firm)
    for code in codes:
        field = page.locator("input[name=code]")
        expect(field).to_be_visible()
        field.fill(code)
        with page.expect_navigation():
            field.press("Enter")
    return "authenticate" not in page.url


def test_an_app_and_recovery_codes_open_the_door_and_are_taken_away(watched: Callable[..., Watched]) -> None:
    firm = new_firm()
    page = watched().context.new_page()
    sign_in_with_password(page, firm)
    expect(page).not_to_have_url(re.compile("/login/"))
    secret = activate_totp(page)
    assert kinds(firm) == {"totp", "recovery_codes"}
    page.goto("/two-factor/recovery-codes/")
    confirm_if_asked(page)
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10

    assert not enters_with(watched, firm, "000000")
    # Half a minute may end between reading the code and giving it; then the next one is asked.
    assert enters_with(watched, firm, code_of(secret)) or enters_with(watched, firm, code_of(secret))
    assert enters_with(watched, firm, codes[0])
    assert not enters_with(watched, firm, codes[0])

    page.goto("/two-factor/totp/deactivate/")
    confirm_if_asked(page)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "deactivate" not in url)
    assert "totp" not in kinds(firm)


def add_virtual_key(page: Page) -> None:
    """A key that lives in the browser and always finds its user present."""
    chrome = page.context.new_cdp_session(page)
    chrome.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    chrome.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_signs_in_without_a_password_and_is_removed(watched: Callable[..., Watched]) -> None:
    firm, browser = new_firm(), watched()
    page = browser.context.new_page()
    add_virtual_key(page)
    # A passkey belongs to a name; an address of numbers is none.
    origin = browser.product.replace("127.0.0.1", "localhost")
    sign_in_with_password(page, firm, origin)
    page.wait_for_url(lambda url: "/login" not in url)

    page.goto(f"{origin}/two-factor/webauthn/add/")
    confirm_if_asked(page)
    page.locator("input[name=name]").fill("Key of the test")
    page.locator("input[name=passwordless]").check()
    page.locator("main form button[type=submit], #mfa_webauthn_add").first.click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    assert "webauthn" in kinds(firm)

    page.context.clear_cookies()
    page.goto(f"{origin}/login/?next=/me/settings")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).not_to_have_url(re.compile("/login/"))
    page.goto(f"{origin}/me/settings")
    expect(page.get_by_text("Second factor on")).to_be_visible()

    page.goto(f"{origin}/two-factor/webauthn/")
    page.locator("a[href*=remove]").first.click()
    confirm_if_asked(page)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "remove" not in url)
    assert "webauthn" not in kinds(firm)
