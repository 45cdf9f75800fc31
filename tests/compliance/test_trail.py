"""Undo, the sealed trail, and the checks."""

import json
import re
from dataclasses import replace

import psycopg
import pytest
from django.db import connections

from quoin.accounts.actions import create_role, set_option
from quoin.accounts.models import Role
from quoin.accounts.services import option_value
from quoin.base.audit.models import AuditAction
from quoin.base.db.embedded import SUPERUSER
from quoin.base.db.tenancy import public_id
from quoin.compliance.actions import seal_trail, undo
from quoin.compliance.queries.anchors import anchor_file, chain_faults
from quoin.compliance.queries.things import name_things
from quoin.compliance.types import NotUndoable
from quoin.kernel.errors import Forbidden, NotFound
from tests.make.accounts import Firm, bearer, new_firm


@pytest.fixture
def firm() -> Firm:
    return new_firm()


@pytest.fixture(autouse=True)
def _anchors(settings, tmp_path) -> None:
    settings.QUOIN_ANCHORS = str(tmp_path)


def _last(firm: Firm, name: str) -> AuditAction:
    with firm.inside():
        return AuditAction.objects.filter(name=name).order_by("-at")[0]


def _as_superuser(statement: str, *values: object) -> None:
    """What no right of the application allows: somebody with the database's own powers."""
    settings = connections["default"].settings_dict
    with psycopg.connect(host=settings["HOST"], port=settings["PORT"], user=SUPERUSER, dbname=settings["NAME"]) as line:
        line.execute("SET session_replication_role = replica")
        line.execute(statement, values)


def _faults(firm: Firm) -> list[str]:
    with firm.inside():
        return list(chain_faults(firm.actor))


def test_the_list_names_things_and_costs_one_query_for_each_kind(firm: Firm, django_assert_max_num_queries) -> None:
    roles = [create_role(firm.actor, name=f"Role {number}") for number in range(3)]
    with firm.inside():
        gone = AuditAction(target=public_id("rol", firm.actor.tenant_id))
        odd = [AuditAction(target=text) for text in ("setting:rounding", "12 charges", "rol_nonsense", "")]
        named = [AuditAction(target=role.public_id) for role in roles]
        with django_assert_max_num_queries(1):
            name_things([*named, gone, *odd])

    assert [action.thing for action in named] == ["Role 0", "Role 1", "Role 2"]
    assert [action.thing for action in (gone, *odd)] == [action.target for action in (gone, *odd)]


def test_the_trail_shows_names_to_the_minute(firm: Firm) -> None:
    role = create_role(firm.actor, name="Bookkeeping trainee")
    done = _last(firm, "accounts.role.create")
    browser = firm.browser()

    page = browser.get("/admin/audit").content.decode()
    detail = browser.get(f"/admin/audit/{done.public_id}").content.decode()
    sheet = browser.get("/admin/audit?format=csv").content.decode()

    assert "Bookkeeping trainee" in page
    assert "Bookkeeping trainee" in sheet
    assert role.public_id not in page
    assert role.public_id in detail
    assert not re.findall(r">[^<]*\d:\d\d:\d\d[^<]*</time>", page)


def test_undo_takes_back_once(firm: Firm) -> None:
    role = create_role(firm.actor, name="Temporary")
    done = _last(firm, "accounts.role.create")

    undo(firm.actor, action_id=done.public_id)

    with firm.inside():
        assert not Role.objects.filter(id=role.id).exists()
    with pytest.raises(NotUndoable):
        undo(firm.actor, action_id=done.public_id)


def test_undo_restores_the_value_before(firm: Firm) -> None:
    set_option(firm.actor, key="accounts.strict_duties", value=True)
    set_option(firm.actor, key="accounts.strict_duties", value=False)

    undo(firm.actor, action_id=_last(firm, "accounts.setting.set").id)

    with firm.inside():
        assert option_value("accounts.strict_duties") is True


def test_only_who_did_it_may_undo_it(firm: Firm) -> None:
    create_role(firm.actor, name="Mine")
    done = _last(firm, "accounts.role.create")

    with pytest.raises(Forbidden):
        undo(firm.member("Administrator"), action_id=done.public_id)
    with pytest.raises(NotFound):
        undo(firm.member("Consultant"), action_id=done.public_id)


def test_undo_needs_the_right_of_now(firm: Firm) -> None:
    create_role(firm.actor, name="Mine")
    done = _last(firm, "accounts.role.create")
    weaker = replace(
        firm.actor, grants={name: scope for name, scope in firm.actor.grants.items() if "role" not in name}
    )

    with pytest.raises(Forbidden):
        undo(weaker, action_id=done.public_id)

    with firm.inside():
        assert Role.objects.filter(name="Mine").exists()


def test_an_old_action_is_not_undone(firm: Firm) -> None:
    create_role(firm.actor, name="Old")
    done = _last(firm, "accounts.role.create")
    _as_superuser("UPDATE base_auditaction SET at = at - interval '25 hours' WHERE id = %s", done.id)

    with pytest.raises(NotUndoable):
        undo(firm.actor, action_id=done.public_id)


def test_undo_over_the_api_and_the_screen(firm: Firm) -> None:
    client = bearer(firm.token())
    role = client.post("/api/v1/roles", json.dumps({"name": "Brief"}), content_type="application/json").json()
    done = _last(firm, "accounts.role.create")

    response = client.post(f"/api/v1/undo/{done.public_id}")
    create_role(firm.actor, name="Briefer")
    screen = firm.browser().post(f"/undo/{_last(firm, 'accounts.role.create').id}")

    assert (response.status_code, response.json()["undone"]) == (200, public_id("act", done.id))
    assert screen.status_code == 303
    assert role["id"] not in {one["id"] for one in client.get("/api/v1/roles").json()["data"]}


def test_the_chain_verifies_and_grows(firm: Firm) -> None:
    first = seal_trail(firm.actor)
    create_role(firm.actor, name="Between")
    second = seal_trail(firm.actor)

    assert (first.number, second.number, second.previous_hash) == (1, 2, first.hash)
    assert second.rows == 3  # The first sealing, the new role's action, and its row.
    assert _faults(firm) == []


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE base_auditchange SET after = after || \'{"name": "Forged"}\' WHERE action_id = %s',
        "UPDATE base_auditchange SET operation = 'U' WHERE action_id = %s",
        "UPDATE base_auditaction SET actor_name = 'Somebody else' WHERE id = %s",
        "UPDATE base_auditaction SET reason = 'another' WHERE id = %s",
        "UPDATE base_auditaction SET arguments = '{}' WHERE id = %s",
        "DELETE FROM base_auditchange WHERE action_id = %s",
        "DELETE FROM base_auditaction WHERE id = %s",
    ],
)
def test_a_change_by_a_superuser_breaks_the_chain(firm: Firm, statement: str) -> None:
    create_role(firm.actor, name="Sealed")
    done = _last(firm, "accounts.role.create")
    seal_trail(firm.actor)

    _as_superuser(statement, done.id)

    assert len(_faults(firm)) == 1


def test_a_chain_that_was_made_anew_does_not_fit_its_anchors(firm: Firm) -> None:
    seal_trail(firm.actor)
    seal_trail(firm.actor)
    assert len(anchor_file(firm.system.tenant_id).read_text().splitlines()) == 2

    _as_superuser("DELETE FROM base_auditseal WHERE tenant_id = %s AND number = 2", firm.system.tenant_id)

    assert _faults(firm) == ["link 2 is not the one that was anchored outside the database"]


def test_checks_answer_over_the_api(firm: Firm) -> None:
    answer = bearer(firm.token()).get("/api/v1/checks").json()

    assert answer["holds"] is True
    assert {"05t", "06", "23", "24", "42", "46"} <= {check["number"] for check in answer["data"]}


def test_the_checks_are_listed_at_once_and_run_when_asked_for(firm: Firm) -> None:
    browser = firm.browser()

    listed = browser.get("/admin/checks").content.decode()
    run = browser.get("/admin/checks", headers={"HX-Request": "true", "HX-Target": "checks"}).content.decode()
    again = browser.get("/admin/checks?run=1").content.decode()

    assert "I-46" in listed
    assert 'hx-get="/admin/checks"' in listed
    assert (listed.count("badge-success"), run.count("badge-success")) == (0, again.count("badge-success"))
    assert run.count("badge-success") > 30
    assert "<html" not in run
    assert "hx-get" not in run


def test_the_screens_of_the_administrator_answer(firm: Firm) -> None:
    browser = firm.browser()
    create_role(firm.actor, name="Seen")
    pages = ["/admin", "/admin/checks", "/admin/jobs", "/admin/audit", "/changes"]
    pages.append(f"/admin/audit/{_last(firm, 'accounts.role.create').public_id}")

    assert [browser.get(page).status_code for page in pages] == [200] * 6
    assert [firm.browser(firm.member("Consultant")).get(page).status_code for page in pages[:4]] == [403] * 4
