"""Requests on screen: asked for, changed, proposed, asked, declined, accepted and taken back, all by forms."""

from __future__ import annotations

import pytest

from quoin.kernel.errors import Conflict, NotFound
from quoin.people.actions.skills import create_skill, state_skill
from quoin.people.models import JobRole
from quoin.resourcing.actions import candidates
from quoin.resourcing.actions import demands as asks
from quoin.resourcing.models import Booking, Demand, DemandSkill, Proposal
from tests.make import World, new_world, resourcing
from tests.make.api import api as api_of
from tests.make.cli import quoin
from tests.make.resourcing import booked, day
from tests.make.web import signed_in
from tests.resourcing.test_bookings import invariants_hold, last_undo


@pytest.fixture
def job(world: World):
    return resourcing.project(world)


def fields(job, **changed) -> dict:
    usual = {
        "project_id": str(job.id), "title": "SAP consultant", "starts_on": str(day(3640)), "ends_on": str(day(3651)),
        "measure": "percent", "amount": "80", "priority": "1", "most_people": "2", "least_share": "40",
        "slack_weeks": "3", "is_firm": "on", "languages": "de, EN", "curve": "50, 100",
    }  # fmt: skip
    return usual | changed


def asked(world: World, job, **changed) -> Demand:
    return asks.create_demand(
        world.actor, project_id=job.id, starts_on=day(3640), ends_on=day(3651), **{"percent": 80, **changed}
    )


def test_a_request_is_asked_for_by_form_with_all_its_fields(world: World, job) -> None:
    skill = create_skill(world.actor, name="SAP MM")
    browser = signed_in(world)

    answer = browser.post("/requests/new", fields(job, skill0=str(skill.id), level0="4", part0="nice"))

    assert answer.status_code == 303
    with world.inside():
        made = Demand.objects.get()
        assert (made.title, made.percent, made.minutes_per_week, made.priority) == ("SAP consultant", 80, None, 1)
        assert (made.most_people, made.least_share, made.slack_weeks) == (2, 40, 3)
        assert (made.languages, made.curve, made.status) == (["de", "en"], [50, 100], "open")
        assert list(DemandSkill.objects.values_list("skill__name", "level", "is_must")) == [("SAP MM", 4, False)]


def test_a_request_is_changed_by_form_and_put_back(world: World, job) -> None:
    made = asked(world, job, title="Old", most_people=3)
    browser = signed_in(world)
    shown = browser.get(f"/requests/{made.public_id}/edit").content.decode()
    assert 'value="Old"' in shown

    answer = browser.post(
        f"/requests/{made.public_id}/edit", fields(job, title="New", measure="hours", amount="20", curve="")
    )

    assert answer.status_code == 303
    with world.inside():
        found = Demand.objects.get()
        assert (found.title, found.percent, found.minutes_per_week, found.most_people) == ("New", None, 1200, 2)
    last_undo(world)
    with world.inside():
        found = Demand.objects.get()
        assert (found.title, found.percent, found.minutes_per_week, found.most_people) == ("Old", 80, None, 3)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_on": "2026-01-01"}, "end is before the start"), ({"most_people": "9"}, "less than or equal to 6"),
        ({"curve": "a lot"}, "valid value"), ({"amount": ""}, "required"),
    ],
)  # fmt: skip
def test_a_form_that_is_wrong_says_where_and_keeps_nothing(world: World, job, wrong: dict, words: str) -> None:
    answer = signed_in(world).post("/requests/new", fields(job, **wrong))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    with world.inside():
        assert not Demand.objects.exists()


def test_the_page_ranks_with_points_that_open_their_facts(world: World, job) -> None:
    skill = create_skill(world.actor, name="SAP MM")
    ana, ben = world.person("Ana"), world.person("Ben")
    state_skill(world.actor, person_id=ana.id, skill_id=skill.id, level=5)
    made = asked(world, job, skills=[{"skill_id": skill.id, "level": 3}])
    browser = signed_in(world)

    page = browser.get(f"/requests/{made.public_id}").content.decode()
    facts = browser.get(f"/requests/{made.public_id}/candidates/{ana.public_id}").content.decode()
    against = browser.get(f"/requests/{made.public_id}/candidates/{ben.public_id}").content.decode()

    assert 'data-key="1"' in page
    assert 'data-key="Enter"' in page
    assert 'data-key="w"' in page
    assert "no SAP MM, needs 3" in page
    assert "SAP MM 5" in facts
    assert f"/people/{ana.public_id}/skills" in facts
    assert f"/planner/cell?person={ana.public_id}" in facts
    assert "All points add up to the fit" in facts
    assert "no SAP MM, needs 3" in against


def test_accepting_books_tentatively_and_undo_gives_back(world: World, job) -> None:
    ana = world.person("Ana")
    made = asked(world, job)

    answer = signed_in(world).post(f"/requests/{made.public_id}/candidates/{ana.public_id}/accept")

    assert answer.status_code == 303
    with world.inside():
        assert list(Booking.objects.values_list("person__name", "is_firm", "amount")) == [("Ana", False, 80)]
        assert Demand.objects.get().status == "filled"
    last_undo(world)
    with world.inside():
        assert not Booking.objects.exists()
        assert Demand.objects.get().status == "open"


def test_a_firm_part_over_capacity_needs_a_reason_on_the_form(world: World, job) -> None:
    ana = world.person("Ana")
    booked(world, ana, job, first=3640, last=3651)
    made = asked(world, job)
    browser = signed_in(world)
    url = f"/requests/{made.public_id}/candidates/{ana.public_id}/accept"
    part = {"full": "1", "percent": "20", "starts_on": str(day(3640)), "ends_on": str(day(3644)), "is_firm": "on"}
    assert 'name="override_reason"' in browser.get(url).content.decode()

    refused = browser.post(url, part)
    taken = browser.post(url, part | {"override_reason": "Go-live"})

    assert refused.status_code == 422
    assert "do not fit" in refused.content.decode()
    assert taken.status_code == 303
    with world.inside():
        assert Booking.objects.filter(demand=made, is_firm=True).count() == 1
        assert Demand.objects.get().status == "part"
    assert invariants_hold(world)


def test_proposed_asked_and_declined_by_form(world: World, job) -> None:
    ana = world.person("Ana")
    made = asked(world, job)
    browser = signed_in(world)
    base = f"/requests/{made.public_id}/candidates/{ana.public_id}"

    def states() -> tuple[str, str]:
        with world.inside():
            return Demand.objects.get().status, Proposal.objects.get().status

    assert browser.post(f"{base}/propose").status_code == 303
    assert states() == ("proposed", "proposed")
    browser.post(f"{base}/ask")
    assert states() == ("proposed", "asked")
    browser.post(f"{base}/decline", {"note": "Too far away"})
    assert states() == ("open", "withdrawn")
    last_undo(world)
    assert states() == ("proposed", "asked")


def test_the_candidate_answers_on_the_page(world: World, job) -> None:
    ana = world.person("Ana")
    made = asked(world, job)
    asks.ask_candidate(world.actor, demand_id=made.id, person_id=ana.id, note="Hamburg")
    browser = signed_in(world, person=ana)
    assert "You are asked" in browser.get(f"/requests/{made.public_id}").content.decode()

    browser.post(f"/requests/{made.public_id}/answer", {"answer": "willing", "note": "Gladly"})

    with world.inside():
        assert list(Proposal.objects.values_list("status", "answer_note")) == [("willing", "Gladly")]


def test_cancelled_and_asked_again(world: World, job) -> None:
    made = asked(world, job, is_draft=True)
    browser = signed_in(world)
    seen = []
    for step in ("open", "cancel", "reopen"):
        browser.post(f"/requests/{made.public_id}/{step}")
        with world.inside():
            seen.append(Demand.objects.get().status)

    assert seen == ["open", "cancelled", "open"]


def test_declining_is_refused_where_nobody_stands_and_for_strangers(world: World, job) -> None:
    ana = world.person("Ana")
    made = asked(world, job)
    with pytest.raises(NotFound, match="not proposed"):
        candidates.decline_candidate(world.actor, demand_id=made.id, person_id=ana.id)
    asks.propose(world.actor, demand_id=made.id, person_id=ana.id)
    candidates.decline_candidate(world.actor, demand_id=made.id, person_id=ana.id)
    with pytest.raises(Conflict, match="nothing to decline"):
        candidates.decline_candidate(world.actor, demand_id=made.id, person_id=ana.id)
    with pytest.raises(NotFound):
        candidates.restore_candidate(new_world().actor, demand_id=made.id, person_id=ana.id)

    candidates.restore_candidate(world.actor, demand_id=made.id, person_id=ana.id)

    with world.inside():
        assert Proposal.objects.get().status == "proposed"


def test_declining_over_the_api_and_the_command_line(world: World, job) -> None:
    ana, ben = world.person("Ana"), world.person("Ben")
    made = asked(world, job)
    for one in (ana, ben):
        asks.propose(world.actor, demand_id=made.id, person_id=one.id)

    answer = api_of(world).post(f"/requests/{made.public_id}/decline", person_id=ana.public_id, note="No")
    quoin(world, "request", "decline", str(made.number), "Ben")

    assert answer.status == 200
    with world.inside():
        assert set(Proposal.objects.values_list("status", flat=True)) == {"withdrawn"}
        assert Demand.objects.get().status == "open"


def test_the_list_is_empty_in_words_and_without_the_right_has_no_button(world: World) -> None:
    full = signed_in(world).get("/requests").content.decode()
    other = signed_in(world, "resourcing.demand.view").get("/requests").content.decode()

    assert "Ask for a role, not a name" in full
    assert "/requests/new" in full
    assert "/requests/new" not in other


def test_a_role_that_is_asked_for_stands_on_the_projects_team_page(world: World, job) -> None:
    ana = world.person("Ana")
    booked(world, ana, job, first=0, last=4, percent=50)
    role = world.do(lambda: JobRole.objects.create(name="Architect"))
    asks.create_demand(
        world.actor, project_id=job.id, starts_on=day(0), ends_on=day(4), percent=100, job_role_id=role.id,
        title="Architect wanted", is_draft=True,
    )  # fmt: skip

    page = signed_in(world).get(f"/p/{job.number}/team/weeks?from={day(0)}").content.decode()

    assert "Architect wanted" in page
    assert "placeholder" in page
    assert "allocated 20:00, scheduled 0:00, actual 0:00" in page
    assert f"project={job.public_id}" in page


def test_the_team_page_answers_where_nobody_is_and_nothing_is_named(world: World, job) -> None:
    browser = signed_in(world)
    empty = browser.get(f"/p/{job.number}/team/weeks").content.decode()
    asked(world, job)

    page = browser.get(f"/p/{job.number}/team/weeks").content.decode()

    assert "names can come later" in empty
    assert "Roles needed" in page
