"""Skills, certificates, leave, costs, contacts: each is added, changed and taken back wherever a person would do it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client as Browser

from quoin.base.actor import Scope
from quoin.clients.actions import create_client
from quoin.clients.models import Contact
from quoin.kernel.errors import Conflict
from quoin.people.actions import delete_cost_rate, set_cost_rate
from quoin.people.actions.absences import refuse_absence, request_absence, set_allowance
from quoin.people.actions.skills import LEVELS, create_certificate, create_skill, state_skill
from quoin.people.models import Absence, Allowance, Certificate, CostRate, Person, PersonCertificate, PersonSkill, Skill
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.web import signed_in
from tests.make.world import World

WORDS = {f"levels-{at}": word for at, word in enumerate(LEVELS)}


def undo(browser: Browser, answer: object) -> int:
    """Press Undo in the toast of the answer."""
    text = answer.cookies["quoin_toast"].value.replace("%2F", "/")  # type: ignore[attr-defined]
    return browser.post(f"/undo/{text.partition('/undo/')[2][:36]}").status_code


def test_the_catalogues_are_kept_on_screen(world: World) -> None:
    browser = signed_in(world)
    browser.post("/skills/catalogue/new", {"name": "Welding", "category": "Yard", **WORDS})
    twin = browser.post("/skills/catalogue/new", {"name": "welding", **WORDS})
    browser.post("/certificates/catalogue/new", {"name": "Crane licence", "valid_months": "12"})
    with world.inside():
        skill, proof = Skill.objects.get(), Certificate.objects.get()
    browser.post(f"/skills/catalogue/{skill.public_id}/edit", {"name": "TIG welding", **WORDS, "levels-5": "certified"})
    browser.post(f"/certificates/catalogue/{proof.public_id}/edit", {"name": "Crane licence", "issuer": "DGUV"})

    assert twin.status_code == 422
    assert "already" in twin.content.decode()
    with world.inside():
        skill.refresh_from_db()
        proof.refresh_from_db()
    assert (skill.name, skill.category, skill.is_active, skill.levels[5]) == ("TIG welding", "", False, "certified")
    assert (proof.issuer, proof.valid_months) == ("DGUV", None)


def test_a_persons_skills_and_certificates_are_kept_on_their_tab(world: World) -> None:
    ana, browser = world.person("Ana Ruiz"), signed_in(world)
    skill = create_skill(world.actor, name="Welding")
    proof = create_certificate(world.actor, name="Crane licence", valid_months=12)
    tab = f"/people/{ana.public_id}/skills"
    browser.post(f"{tab}/new", {"skill_id": str(skill.id), "level": "4", "wish": "grow"})
    browser.post(
        f"/people/{ana.public_id}/certificates/new", {"certificate_id": str(proof.id), "issued_on": "2026-03-01"}
    )
    with world.inside():
        held = PersonCertificate.objects.get(person=ana)
        assert PersonSkill.objects.get(person=ana).level == 4
    assert held.expires_on == date(2027, 3, 1)

    forgotten = browser.post(f"{tab}/{skill.public_id}/forget")
    browser.post(f"/people/{ana.public_id}/certificates/{held.public_id}/delete")
    undo(browser, forgotten)

    with world.inside():
        assert PersonSkill.objects.get(person=ana).wish == "grow"
        assert not PersonCertificate.objects.exists()


def test_people_see_the_ways_that_reach_the_person_and_no_others(world: World) -> None:
    ana, bo = world.person("Ana Ruiz"), world.person("Bo Li")
    skill = create_skill(world.actor, name="Welding")
    for one in (ana, bo):
        state_skill(world.actor, person_id=one.id, skill_id=skill.id, level=2)
    with world.inside():
        ana = Person.objects.get(id=ana.id)
    browser = signed_in(
        world, "people.person.view", "people.skill.view", "people.skill.state", "people.skill.forget",
        scope=Scope.OWN, person=ana,
    )  # fmt: skip

    own = browser.get(f"/people/{ana.public_id}/skills").content.decode()

    assert f"{skill.public_id}/forget" in own
    assert "/certificates/new" not in own
    assert browser.get(f"/people/{bo.public_id}/skills").status_code == 404
    assert browser.post(f"/people/{bo.public_id}/skills/{skill.public_id}/forget").status_code == 404


def test_leave_is_set_and_carried_on_screen_and_absences_come_back(world: World) -> None:
    ana, browser = world.person("Ana Ruiz"), signed_in(world)
    leave = {"year": "2026", "days": "28", "carried_days": "2.5", "carried_until": "2026-03-31"}
    wrong = browser.post(f"/people/{ana.public_id}/leave", {**leave, "days": "27.3"})
    browser.post(f"/people/{ana.public_id}/leave", leave)
    browser.post("/absence/carry", {"year": "2026", "at_most": "5"})
    asked = request_absence(
        world.actor, person_id=ana.id, kind="vacation", starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 7)
    )
    refuse_absence(world.with_rights("people.absence.refuse"), absence_id=asked.id, note="Go-live")
    page = f"/absence/{asked.public_id}"

    def status() -> str:
        with world.inside():
            return Absence.objects.get(id=asked.id).status

    assert wrong.status_code == 422
    with world.inside():
        assert Allowance.objects.get(year=2026).days == 28
        assert Allowance.objects.get(year=2027).carried_days == 5
    assert "Ask again" in browser.get(page).content.decode()
    browser.post(f"{page}/restore")
    assert status() == "requested"
    taken_back = browser.post(f"{page}/cancel")
    assert status() == "cancelled"
    undo(browser, taken_back)
    assert status() == "requested"


def test_only_the_last_cost_rate_goes_and_undo_brings_it_back(world: World) -> None:
    ana, browser = world.person("Ana Ruiz"), signed_in(world)
    first, last = (
        set_cost_rate(world.actor, person_id=ana.id, valid_from=day, amount_per_hour=Decimal(cost), currency="EUR")
        for day, cost in ((date(2025, 1, 1), "60"), (date(2026, 1, 1), "62.50"))
    )

    def days() -> list[date]:
        with world.inside():
            rows = CostRate.objects.filter(person=ana, valid_from__gte=first.valid_from)
            return sorted(rows.values_list("valid_from", flat=True))

    with pytest.raises(Conflict, match="later"):
        delete_cost_rate(world.actor, cost_rate_id=first.id)
    gone = browser.post(f"/people/{ana.public_id}/cost-rate/delete")
    assert days() == [first.valid_from]
    undo(browser, gone)
    assert days() == [first.valid_from, last.valid_from]
    assert api(world).delete(f"/people/{ana.public_id}/cost-rates/last").status == 204
    quoin(world, "person", "uncost", "Ana")
    assert days() == []


def test_people_on_the_command_line(world: World) -> None:
    with world.inside():
        company = world.entity.name
    quoin(world, "team", "create", "Nordics")
    quoin(world, "job-role", "create", "Rigger")
    made = quoin(
        world, "person", "create", "Ana Ruiz", "--entity", company, "team=nordics", "job_role=rigger",
        "hired_on=2026-01-01", "languages=de,en",
    )  # fmt: skip
    edited = quoin(world, "person", "edit", "Ana", "team=", "place=Bergen")
    hours = quoin(world, "person", "hours", "Ana", "8", "8", "8", "8", "4.5", "0", "0", "--from", "2026-02-01")

    assert (made["team"], made["role"]) == ("Nordics", "Rigger")
    assert edited["team"] == ""
    assert hours["minutes"] == [480, 480, 480, 480, 270, 0, 0]
    with world.inside():
        ana = Person.objects.get(name="Ana Ruiz")
    assert (ana.languages, ana.place, ana.hired_on) == (["de", "en"], "Bergen", date(2026, 1, 1))


def test_skills_certificates_and_leave_on_the_command_line(world: World) -> None:
    ana = world.person("Ana Ruiz")
    create_skill(world.actor, name="Welding")
    quoin(world, "skill", "set", "Ana", "Welding", "3")
    quoin(world, "skill", "forget", "Ana", "Welding")
    quoin(world, "certificate", "add", "Crane licence", "--months", "12")
    given = quoin(world, "certificate", "give", "Ana", "crane licence", "--issued", "2026-03-01", "--number", "K-7")
    asked = request_absence(
        world.actor, person_id=ana.id, kind="vacation", starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 7)
    )
    quoin(world, "absence", "cancel", asked.public_id)

    assert quoin(world, "skill", "edit", "Welding", "--name", "TIG", "--not-offered")["offered"] is False
    assert quoin(world, "skill", "list", "--person", "Ana") == []
    assert quoin(world, "certificate", "edit", "Crane licence", "--months", "0")["months"] is None
    assert given["until"] == "2027-03-01"
    quoin(world, "certificate", "take", given["id"])
    assert quoin(world, "certificate", "list", "--person", "Ana") == []
    assert quoin(world, "absence", "restore", asked.public_id)["status"] == "requested"
    assert quoin(world, "absence", "allow", "Ana", "2026", "28", "--carried", "2.5")["carried"] in {"2.5", "2.50"}
    set_allowance(world.actor, person_id=ana.id, year=2025, days=10)
    assert quoin(world, "absence", "carry", "2025", "--at-most", "3")["people"] == 1


def test_a_contact_is_changed_everywhere_and_brought_back(world: World) -> None:
    browser, client = signed_in(world), api(world)
    found = create_client(world.actor, name="Fjord AS", country="NO", currency="NOK")
    page = f"/clients/{found.public_id}"
    quoin(world, "client", "contact", found.name, "Liv Dahl", "email=liv@fjord.example", "gets_invoices=yes")
    with world.inside():
        contact = Contact.objects.get(name="Liv Dahl")

    empty = browser.post(f"{page}/contacts/{contact.public_id}/edit", {"name": " "})
    browser.post(f"{page}/contacts/{contact.public_id}/edit", {"name": "Liv Dahl Lie", "phone": "+47 55"})
    answer = client.patch(f"/contacts/{contact.public_id}", job_title="CFO")
    assert empty.status_code == 422
    assert answer.body["name"] == "Liv Dahl Lie"
    assert (answer.body["phone"], answer.body["email"], answer.body["job_title"]) == ("+47 55", "", "CFO")
    undo(browser, browser.post(f"{page}/contacts/{contact.public_id}/delete"))
    assert [row["job_title"] for row in quoin(world, "client", "contacts", found.name)] == ["CFO"]
    quoin(world, "client", "contact", found.name, "Liv Dahl Lie", "--delete")
    assert quoin(world, "client", "contacts", found.name) == []
