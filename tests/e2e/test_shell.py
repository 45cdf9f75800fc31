"""The frame of all screens: signing in, finding things, moving by keys, peeking, looks, and looking through other eyes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.firm import settle_clock
from tests.make import billing, money
from tests.make.accounts import PASSWORD, new_firm
from tests.make.web import member

if TYPE_CHECKING:
    from quoin.accounts.models import User
    from tests.e2e.conftest import Watched
    from tests.make import World

pytestmark = pytest.mark.e2e
CLIENTS = ("Alpen Werke", "Fjord Energi", "Odda Kommune")


@pytest.fixture
def user(world: World) -> User:
    """A member of a firm with three clients."""
    settle_clock(world)
    for name in CLIENTS:
        money.client(world, name=name)
    return member(world)


def test_somebody_signs_in_with_a_password(watched: Callable[..., Watched]) -> None:
    firm = new_firm()
    page = watched().context.new_page()

    page.goto("/clients")
    expect(page).to_have_url(re.compile(r"/login/\?next="))
    page.get_by_label("Email").fill(firm.user.email)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").or_(page.locator(".error")).first).to_be_visible()
    page.get_by_label("Email").fill(firm.user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/clients$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Clients")


def test_the_palette_finds_a_client_and_goes_there(user: User, sign_in: Callable[..., Page]) -> None:
    page = sign_in(user)
    page.goto("/projects")
    page.keyboard.press("Control+k")
    field = page.get_by_role("dialog").get_by_role("combobox")
    expect(field).to_be_focused()

    page.keyboard.type("Odda")
    expect(page.get_by_role("option").filter(has_text="Odda Kommune").first).to_be_visible()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Odda Kommune")


@pytest.mark.parametrize(("keys", "path"), [("gt", "/time/"), ("gp", "/projects"), ("gc", "/clients")])
def test_two_keys_go_to_a_place(user: User, sign_in: Callable[..., Page], keys: str, path: str) -> None:
    page = sign_in(user)
    page.goto("/expenses")

    page.keyboard.type(keys)

    expect(page).to_have_url(re.compile(re.escape(path)))


def test_rows_are_peeked_into_by_keys_and_focus_returns(user: User, sign_in: Callable[..., Page]) -> None:
    page = sign_in(user)
    page.goto("/clients")
    drawer, title = page.locator("#drawer"), page.locator("#drawer-title")

    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(title).to_contain_text(CLIENTS[0])
    page.keyboard.press("j")
    expect(title).to_contain_text(CLIENTS[1])
    assert "peek=" in page.url
    page.keyboard.press("k")
    expect(title).to_contain_text(CLIENTS[0])
    page.keyboard.press("Escape")

    expect(drawer).not_to_be_visible()
    expect(page.locator("[data-row-link]").first).to_be_focused()
    assert "peek=" not in page.url


def test_the_theme_is_kept(user: User, sign_in: Callable[..., Page]) -> None:
    page = sign_in(user)
    page.emulate_media(color_scheme="light")
    page.goto("/clients")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.evaluate("document.querySelector('[data-set-theme=dark]').click()")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/projects")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_a_view_as_somebody_else_is_framed_and_left(watched: Callable[..., Watched]) -> None:
    firm = new_firm()
    other = firm.member("Consultant")
    page = watched().sign_in(firm.user)

    page.goto("/admin/users")
    page.get_by_role("link", name=re.compile(other.name)).first.click()
    page.get_by_role("button", name="View as").click()
    frame = page.locator("body.is-viewed")
    expect(frame).to_be_visible()
    expect(page.get_by_role("link", name="Users and roles")).to_have_count(0)
    page.locator(".view-as").get_by_role("link").click()

    expect(frame).to_have_count(0)


def test_the_clients_link_shows_the_hours(world: World, sign_in: Callable[..., Page]) -> None:
    """A figure that opens its lines, and a page of the printed kind."""
    settle_clock(world)
    money.approved_time(world, on=billing.job(world), by=world.person(), minutes=(480, 90))
    invoice = billing.issued(world)
    page = sign_in(member(world))

    page.goto(f"/invoices/{invoice.public_id}")
    page.get_by_role("link", name="2 entries").click()

    rows = page.locator("#drawer tbody tr")
    expect(rows).to_have_count(2)
    expect(page.locator("#drawer tfoot")).to_contain_text("9:30")
