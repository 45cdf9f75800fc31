"""The language of whom it is for: the member's or the firm's on screens and in jobs, the client's on documents."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from quoin.accounts.actions import edit_profile
from quoin.accounts.actions.tenants import edit_tenant
from quoin.accounts.queries.standing import tenant_locale
from quoin.kernel.errors import Invalid
from quoin.kernel.words import say
from quoin.site.messages import BUILT, PACKAGE, compile_changed
from tests.make.accounts import new_firm

DAY = date(2026, 5, 4)


def test_firm_with_a_language_that_is_not_there_is_refused_with_those_that_are() -> None:
    firm = new_firm()

    with pytest.raises(Invalid, match=r"no language 'nb-NO'\. There are: en, en-us, de"):
        edit_tenant(firm.actor, name="Nordkraft", zone="Europe/Oslo", locale="nb-NO")


@pytest.fixture(autouse=True, scope="module")
def compiled() -> None:
    compile_changed(PACKAGE, BUILT)


def test_pages_follow_the_firm_and_the_member_above_it() -> None:
    firm = new_firm()
    edit_tenant(firm.actor, name="Nordkraft", zone="Europe/Berlin", locale="de-AT")
    in_german = firm.browser().get("/me/settings").content.decode()

    edit_profile(firm.actor, field="locale", value="en")
    in_english = firm.browser().get("/me/settings").content.decode()

    assert '<html lang="de' in in_german
    assert "Profil und Einstellungen" in in_german
    assert "Stundenzettel ist eine ISO-Woche" in in_german
    assert "Profile and preferences" in in_english
    assert "Profil und Einstellungen" not in in_english


def test_stranger_gets_the_language_of_the_browser() -> None:
    # Somebody must be there, or the product asks for its first administrator.
    new_firm()
    german = Client().get("/login/", headers={"accept-language": "de-DE,de;q=0.9,en;q=0.5"}).content.decode()
    other = Client().get("/login/", headers={"accept-language": "pt-BR"}).content.decode()

    assert "Passwort" in german
    assert "Anmelden" in german
    assert "Sign in" in other


def test_problem_titles_of_the_api_stay_english() -> None:
    firm = new_firm()
    edit_profile(firm.actor, field="locale", value="de")

    answer = firm.browser().get("/api/v1/projects/prj_00000000000000000000000000").json()

    assert (answer["title"], answer["code"]) == ("Not Found", "not_found")


def test_refusals_speak_the_language_of_the_member() -> None:
    firm = new_firm()
    address = "/api/v1/projects/prj_00000000000000000000000000"
    in_english = firm.browser().get(address).json()
    edit_profile(firm.actor, field="locale", value="de")

    in_german = firm.browser().get(address).json()
    page = firm.browser().get("/projects?sort=colour").content.decode()

    assert in_english["detail"] == "There is no such project, or you may not see it."
    assert in_german["detail"] == "Dieses Projekt gibt es nicht, oder Sie dürfen es nicht sehen."
    assert "Die Liste kann nicht nach &#x27;colour&#x27; sortiert werden." in page


def test_refusal_writes_its_values_in_the_language() -> None:
    late = Invalid(
        say("%(milestone)s was reached on %(reached_on)s; its amount stays.", milestone="M1", reached_on=DAY)
    )

    with translation.override("de"):
        assert late.detail == "M1 wurde am 4. Mai 2026 erreicht; der Betrag bleibt."
    assert late.detail == str(late) == "M1 was reached on 2026-05-04; its amount stays."


def test_jobs_of_nobody_speak_the_language_of_the_firm() -> None:
    firm = new_firm()
    edit_tenant(firm.actor, name="Nordkraft", zone="Europe/Berlin", locale="de")

    assert tenant_locale(firm.actor.tenant_id) == "de"


def test_lazy_labels_are_read_in_the_language_of_the_moment() -> None:
    with translation.override("de"):
        assert translation.gettext("Credit note %(number)s") == "Rechnungskorrektur %(number)s"
        assert translation.ngettext("%(n)s draft", "%(n)s drafts", 2) == "%(n)s Entwürfe"
