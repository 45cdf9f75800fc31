"""Who may what: roles, separated duties, removal at once, tokens, and looking through other eyes."""

import pytest

from quoin.accounts.actions import (
    activate_members,
    create_role,
    create_token,
    deactivate_members,
    delete_role,
    edit_role,
    invite_members,
    refresh_standard_roles,
    revoke_token,
    set_grant,
    set_option,
    set_roles,
)
from quoin.accounts.models import ApiToken, Grant, Membership, Role, Tenant
from quoin.accounts.queries.explain import explain
from quoin.accounts.queries.members import member_for, role_ids_of, state_of
from quoin.accounts.queries.reach import asked
from quoin.accounts.queries.standing import actor_of_token, actor_of_user
from quoin.accounts.types import DutiesClash, LastAdministrator
from quoin.base.actor import Actor, Scope
from quoin.base.audit.models import AuditAction
from quoin.base.mail.models import MailMessage
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.make.accounts import Firm, bearer, new_firm


@pytest.fixture
def firm() -> Firm:
    return new_firm()


def _member(firm: Firm, actor: Actor) -> Membership:
    with firm.inside():
        return member_for(firm.actor, actor.membership_id)


def test_a_consultant_sees_only_their_own(firm: Firm) -> None:
    consultant = firm.member("Consultant")

    assert consultant.scope("timesheets.time.view") is Scope.OWN
    assert consultant.scope("accounts.token.create") is Scope.OWN
    assert not any(
        consultant.may(name) for name in ("people.cost.view", "accounts.member.view", "timesheets.time.approve")
    )


def test_two_roles_give_the_widest_scope(firm: Firm) -> None:
    both = firm.member("Consultant", "Executive")

    assert both.scope("timesheets.time.view") is Scope.ALL
    assert both.may("people.cost.view")


def test_invited_addresses_become_members_with_a_mail(firm: Firm) -> None:
    found = invite_members(firm.actor, text="Ana Ruiz <ana@a.example>; nonsense\nana@a.example")

    with firm.inside():
        mails = list(MailMessage.objects.values_list("to", flat=True))
    assert [one.state for one in found] == ["invited", "not_an_address", "already_member"]
    assert mails == ["ana@a.example"]


def test_only_who_has_no_way_in_yet_is_shown_as_invited(firm: Firm) -> None:
    consultant = firm.member("Consultant")
    (found,) = invite_members(firm.actor, text="Ana Ruiz <ana-open@a.example>")

    with firm.inside():
        invited = member_for(firm.actor, found.membership_id)
        assert (state_of(invited), state_of(member_for(firm.actor, consultant.membership_id))) == ("invited", "active")
        invited.user.last_login = firm.actor.now
        assert state_of(invited) == "active"


def test_inviting_with_a_role_needs_the_right_to_give_roles(firm: Firm) -> None:
    role = create_role(firm.actor, name="Host", grants={"accounts.member.invite": "all", "accounts.member.view": "all"})
    host = firm.member("Host")

    with pytest.raises(Forbidden):
        invite_members(host, text="x@a.example", role_ids=[firm.role_id("Administrator")])

    assert [one.state for one in invite_members(host, text="x@a.example")] == ["invited"]
    assert role.name == "Host"


def test_a_role_changes_at_once(firm: Firm) -> None:
    consultant = firm.member("Consultant")
    client = firm.browser(consultant)
    before = client.get("/admin/users").status_code

    set_roles(firm.actor, member_id=consultant.membership_id, role_ids=[firm.role_id("Administrator")])

    assert (before, client.get("/admin/users").status_code) == (403, 200)


def test_a_deactivated_users_session_and_token_end_with_the_next_request(firm: Firm) -> None:
    consultant = firm.member("Consultant")
    browser, program = firm.browser(consultant), bearer(firm.token(actor=consultant))
    before = (browser.get("/me/settings").status_code, program.get("/api/v1/me").status_code)

    deactivate_members(firm.actor, member_ids=[consultant.membership_id])

    assert before == (200, 200)
    assert browser.get("/me/settings").status_code == 302
    assert program.get("/api/v1/me").status_code == 401
    assert actor_of_user(consultant.user_id, tenant_id=consultant.tenant_id) is None


def test_an_activated_user_enters_again_without_the_old_tokens(firm: Firm) -> None:
    consultant = firm.member("Consultant")
    secret = firm.token(actor=consultant)
    deactivate_members(firm.actor, member_ids=[consultant.membership_id])

    activate_members(firm.actor, member_ids=[consultant.membership_id])

    assert firm.browser(consultant).get("/me/settings").status_code == 200
    assert bearer(secret).get("/api/v1/me").status_code == 401


def test_nobody_locks_the_firm_out(firm: Firm) -> None:
    with pytest.raises(Conflict):
        deactivate_members(firm.actor, member_ids=[firm.actor.membership_id])
    with pytest.raises(Conflict):
        set_roles(firm.actor, member_id=firm.actor.membership_id, role_ids=[])
    other = firm.member("Administrator")
    with firm.inside():
        firms_own = role_ids_of(firm.actor.membership_id)
    set_roles(other, member_id=firm.actor.membership_id, role_ids=[])

    with pytest.raises((LastAdministrator, Conflict)):
        set_roles(other, member_id=other.membership_id, role_ids=firms_own[:0])


def test_separated_duties_are_refused_without_a_reason(firm: Firm) -> None:
    consultant = firm.member("Consultant")
    ids = [firm.role_id("Administrator"), firm.role_id("Finance")]

    with pytest.raises(DutiesClash, match="manage users and roles"):
        set_roles(firm.actor, member_id=consultant.membership_id, role_ids=ids)
    set_roles(firm.actor, member_id=consultant.membership_id, role_ids=ids, reason="Two people only until May")

    member = _member(firm, consultant)
    assert (member.duties_reason, member.duties_until is not None) == ("Two people only until May", True)


def test_strict_duties_are_a_setting(firm: Firm) -> None:
    firm.member("Finance")
    set_option(firm.actor, key="accounts.strict_duties", value=True)

    with pytest.raises(DutiesClash):
        firm.member("Finance")


def test_a_role_cannot_be_widened_past_its_holders_duties(firm: Firm) -> None:
    firm.member("Administrator")

    with pytest.raises(DutiesClash):
        set_grant(firm.actor, role_id=firm.role_id("Administrator"), permission="ledger.period.close", scope="all")

    with firm.inside():
        assert not Grant.objects.filter(role__name="Administrator", permission="ledger.period.close").exists()


def test_a_role_in_use_is_not_deleted(firm: Firm) -> None:
    role = create_role(firm.actor, name="Guest", grants={"people.person.view": "own"})
    firm.member("Guest")

    with pytest.raises(Conflict):
        delete_role(firm.actor, role_id=role.id)


def test_a_role_takes_known_permissions_only(firm: Firm) -> None:
    with pytest.raises(Invalid):
        create_role(firm.actor, name="Wrong", grants={"no.such.right": "all"})
    with pytest.raises(Invalid):
        create_role(firm.actor, name="Wrong", grants={"people.person.view": "everything"})

    with firm.inside():
        assert not Role.objects.filter(name="Wrong").exists()


def test_editing_a_role_replaces_what_it_carries(firm: Firm) -> None:
    role = create_role(firm.actor, name="Guest", grants={"people.person.view": "own", "people.cost.view": "all"})

    edit_role(
        firm.actor, role_id=role.id, name="Visitor", description="", landing="", grants={"people.person.view": "team"}
    )

    with firm.inside():
        grants = dict(Grant.objects.filter(role=role).values_list("permission", "scope"))
    assert grants == {"people.person.view": Scope.TEAM.value}


def test_refresh_adds_new_permissions_and_keeps_what_was_taken_away(firm: Firm) -> None:
    role_id = firm.role_id("Consultant")
    set_grant(firm.actor, role_id=role_id, permission="projects.project.view", scope="")
    with firm.inside():
        Grant.objects.filter(role_id=role_id, permission="clients.client.view")
        settings = Tenant.objects.get(id=firm.system.tenant_id).settings
        known = [name for name in settings["known_permissions"] if name != "clients.client.view"]
        Tenant.objects.filter(id=firm.system.tenant_id).update(settings={**settings, "known_permissions": known})
    set_grant(firm.actor, role_id=role_id, permission="clients.client.view", scope="")

    added = refresh_standard_roles(firm.actor)

    assert added["Consultant"] == ["clients.client.view"]


def test_a_token_does_no_more_than_its_scopes_and_its_owner(firm: Firm) -> None:
    narrow = actor_of_token(firm.token("accounts.member.view"))
    consultant = firm.member("Consultant")

    assert narrow is not None
    assert set(narrow.grants) == {"accounts.member.view"}
    with pytest.raises(Forbidden):
        create_token(consultant, name="wide", scopes=["people.cost.view"])
    with pytest.raises(Invalid):
        create_token(firm.actor, name="long", days=367)


def test_a_revoked_and_an_expired_token_open_nothing(firm: Firm) -> None:
    revoked, expired = create_token(firm.actor, name="a"), create_token(firm.actor, name="b")
    revoke_token(firm.actor, token_id=revoked.token_id)
    firm_change(firm, lambda: ApiToken.objects.filter(id=expired.token_id).update(expires_at="2020-01-01T00:00:00Z"))

    assert [bearer(one.secret).get("/api/v1/me").status_code for one in (revoked, expired)] == [401, 401]


def test_a_secret_is_kept_as_digest_only(firm: Firm) -> None:
    new = create_token(firm.actor, name="a")

    with firm.inside():
        stored = ApiToken.objects.get(id=new.token_id)
        trail = AuditAction.objects.get(name="accounts.token.create")
    assert new.secret.startswith("quoin_live_")
    assert new.secret not in f"{stored.__dict__}{trail.arguments}"


def test_tokens_of_others_are_not_found(firm: Firm) -> None:
    new = create_token(firm.actor, name="a")

    with pytest.raises(NotFound):
        revoke_token(firm.member("Consultant"), token_id=new.token_id)


def test_viewing_as_somebody_reads_and_cannot_write(firm: Firm) -> None:
    consultant = firm.member("Consultant")
    member = _member(firm, consultant)
    browser = firm.browser()
    browser.post("/admin/view-as", {"kind": "member", "id": member.public_id})

    seen = browser.get("/api/v1/me").json()
    hidden = browser.get("/admin/users").status_code
    write = browser.post("/me/settings/field", {"field": "name", "value": "Forged"})
    browser.get("/view-as/leave")

    with firm.inside():
        started = AuditAction.objects.get(name="accounts.member.view_as")
    assert (seen["id"], hidden, write.status_code) == (member.public_id, 403, 403)
    assert (started.actor_id, started.target) == (firm.user.id, member.public_id)
    assert browser.get("/admin/users").status_code == 200


def test_viewing_as_a_role_has_its_rights_and_a_frame(firm: Firm) -> None:
    browser = firm.browser()
    with firm.inside():
        role = Role.objects.get(name="Executive")

    browser.post("/admin/view-as", {"kind": "role", "id": role.public_id})

    page = browser.get("/me/settings").content.decode()
    assert "is-viewed" in page
    assert "/view-as/leave" in page


def test_a_consultant_cannot_view_as(firm: Firm) -> None:
    browser = firm.browser(firm.member("Consultant"))

    assert browser.post("/admin/view-as", {"kind": "role", "id": "x"}).status_code == 403


def test_the_explanation_names_the_deciding_rule(firm: Firm) -> None:
    consultant = firm.member("Consultant", "Executive")
    member = _member(firm, consultant)

    with firm.inside():
        yes, no = explain(member, "people.cost.view"), explain(member, "billing.invoice.issue")
        own = explain(member, "projects.project.view", is_visible=lambda _actor: False)

    assert [step.holds for step in yes.steps] == [True, True, False, True]
    assert (yes.may, no.may, own.may) == (True, False, False)
    assert "Executive" in yes.steps[3].question


def firm_change(firm: Firm, what) -> None:
    from tests.make.world import change

    change(Actor(**{**_fields(firm.system), "grants": {"tests.world.change": Scope.ALL}}), what=what)


def _fields(actor: Actor) -> dict[str, object]:
    return {name: getattr(actor, name) for name in Actor.__slots__}


def test_the_explanation_of_a_thing_asks_its_own_query(firm: Firm) -> None:
    consultant = firm.member("Consultant")
    member = _member(firm, consultant)
    permission, is_visible = asked("prj_00000000000000000000000000")

    with firm.inside():
        answer = explain(member, permission, is_visible=is_visible)

    assert (permission, answer.may, answer.steps[-1].holds) == ("projects.project.view", False, False)
    with pytest.raises(NotFound):
        asked("zzz_1")


def test_a_sensitive_change_asks_for_the_password_again(firm: Firm) -> None:
    browser = firm.browser()
    member = _member(firm, firm.member("Consultant"))

    response = browser.post(f"/admin/users/{member.public_id}/roles", {"role_ids": []})

    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]
