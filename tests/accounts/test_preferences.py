"""What a user chooses for their screens is what the server sends, before any script runs."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from quoin.accounts.actions import edit_profile
from quoin.accounts.web.adapter import landing_url
from quoin.base.ui import formats
from quoin.kernel.errors import Invalid
from tests.make.accounts import new_firm

_HTML = re.compile(r"<html[^>]*>")


def frame_of(page: str) -> str:
    found = _HTML.search(page)
    assert found is not None
    return found[0]


def test_looks_stand_on_the_page_itself() -> None:
    firm = new_firm()
    for field, value in (("theme", "dark"), ("density", "compact"), ("shortcuts", "off"), ("week_start", "sunday")):
        edit_profile(firm.actor, field=field, value=value)

    frame = frame_of(firm.browser().get("/me/settings").content.decode())

    assert {'data-theme="dark"', 'data-density="compact"', 'data-shortcuts="off"', 'data-week-start="sunday"'} <= set(
        re.findall(r'data-[a-z-]+="[a-z]+"', frame)
    )
    assert f'data-preferences="{reverse("accounts:profile_field")}"' in frame


def test_usual_looks_leave_no_mark_and_strangers_get_none() -> None:
    firm = new_firm()
    edit_profile(firm.actor, field="theme", value="system")

    assert "data-theme" not in frame_of(firm.browser().get("/me/settings").content.decode())
    assert "data-" not in frame_of(Client().get("/login/").content.decode())


@pytest.mark.parametrize(
    ("locale", "form", "text"),
    [
        ("en", "", "6 May 2026"), ("en-us", "", "May 6, 2026"), ("de", "", "6. Mai 2026"),
        ("en", "month_day", "May 6, 2026"), ("de", "day_month", "6 Mai 2026"), ("de", "iso", "2026-05-06"),
    ],
)  # fmt: skip
def test_a_day_is_written_as_chosen(locale: str, form: str, text: str) -> None:
    assert formats.day(date(2026, 5, 6), locale, form=form) == text


def test_days_on_a_page_follow_the_choice() -> None:
    firm = new_firm()
    edit_profile(firm.actor, field="date_format", value="iso")
    today = firm.actor.today

    page = firm.browser().get("/admin/users").content.decode()

    assert f">{today.isoformat()}" in page or f"{today.isoformat()}," in page


def test_the_language_of_the_page_is_the_chosen_one() -> None:
    firm = new_firm()
    edit_profile(firm.actor, field="locale", value="en-us")

    assert 'lang="en-us"' in frame_of(firm.browser().get("/me/settings").content.decode())


def test_the_first_page_is_the_chosen_one() -> None:
    firm = new_firm()
    assert landing_url(firm.user) != "/clients"

    edit_profile(firm.actor, field="landing", value="clients:clients")

    assert landing_url(firm.user) == reverse("clients:clients")


@pytest.mark.parametrize(
    ("field", "value"), [("theme", "pink"), ("landing", "nowhere:at_all"), ("zone", "Mars/Base"), ("salary", "1")]
)
def test_what_is_no_choice_is_refused_and_changes_nothing(field: str, value: str) -> None:
    firm = new_firm()

    with pytest.raises(Invalid):
        edit_profile(firm.actor, field=field, value=value)
    firm.user.refresh_from_db()

    assert firm.user.preferences == {}


def test_what_the_server_writes_reloads_the_page_and_the_rest_does_not() -> None:
    browser = new_firm().browser()
    ask = {"HX-Request": "true"}

    assert "HX-Redirect" in browser.post("/me/settings/field", {"field": "date_format", "value": "iso"}, headers=ask)
    assert "HX-Redirect" not in browser.post("/me/settings/field", {"field": "theme", "value": "dark"}, headers=ask)
