"""Saved views: tabs of every list, private or shared, one of them the first to open."""

from __future__ import annotations

import re

import pytest

from quoin.accounts.actions import (
    choose_default_view,
    create_saved_view,
    delete_saved_view,
    edit_saved_view,
)
from quoin.accounts.queries.views import default_views, saved_views
from quoin.base.actions import REGISTRY
from quoin.base.audit.models import AuditAction
from quoin.base.db.context import tenant_transaction
from quoin.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from tests.make.accounts import Firm, bearer, new_firm

_CURRENT = re.compile(r'class="tab" href="([^"]*)" aria-current="page"')


@pytest.fixture
def firm() -> Firm:
    return new_firm()


def names(actor, key: str = "members") -> list[str]:
    with tenant_transaction(actor):
        return [view.name for view in saved_views(actor, key)]


def current_tabs(page: str) -> list[str]:
    return [url.replace("&amp;", "&") for url in _CURRENT.findall(page)]


def test_a_view_keeps_filters_order_and_columns(firm: Firm) -> None:
    actor = firm.member("Consultant")

    view = create_saved_view(
        actor,
        list_key="members",
        name="  Active  ones ",
        query="?name[like]=eva&sort=-name&columns=name,email&cursor=x",
    )

    assert (view.name, view.query) == ("Active ones", "sort=-name&name[like]=eva&columns=name,email")


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"query": "salary[gt]=1"}, Invalid), ({"list_key": "nothing"}, Invalid), ({"name": " "}, Invalid),
        ({"name": "x" * 61}, Invalid), ({"query": "q=" + "x" * 2001}, Invalid),
    ],
)  # fmt: skip
def test_what_the_list_does_not_understand_is_not_kept(firm: Firm, changed: dict, refusal: type[DomainError]) -> None:
    actor = firm.member("Consultant")

    with pytest.raises(refusal):
        create_saved_view(actor, **{"list_key": "members", "name": "Bad", "query": "", **changed})

    assert names(actor) == []


def test_names_are_given_once_per_list_and_person(firm: Firm) -> None:
    one, other = firm.member("Consultant"), firm.member("Consultant")
    create_saved_view(one, list_key="members", name="Mine", query="")
    create_saved_view(other, list_key="members", name="Mine", query="")

    with pytest.raises(Conflict, match="name"):
        create_saved_view(one, list_key="members", name="Mine", query="")


def test_private_views_are_seen_by_nobody_else_and_shared_ones_changed_by_nobody_else(firm: Firm) -> None:
    owner, other = firm.member("Consultant"), firm.member("Consultant")
    private = create_saved_view(owner, list_key="clients", name="Private", query="")
    shared = create_saved_view(owner, list_key="clients", name="Shared", query="", is_shared=True)
    stranger = new_firm().actor

    assert names(other, "clients") == ["Shared"]
    assert names(stranger, "clients") == []
    with pytest.raises(NotFound):
        edit_saved_view(other, view_id=private.id, name="Taken")
    with pytest.raises(Forbidden):
        delete_saved_view(other, view_id=shared.id)
    with pytest.raises(NotFound):
        delete_saved_view(stranger, view_id=shared.id)
    assert names(owner, "clients") == ["Private", "Shared"]


def test_views_move_and_what_was_done_is_undone(firm: Firm) -> None:
    actor = firm.member("Consultant")
    made = [create_saved_view(actor, list_key="projects", name=name, query="") for name in ("A", "B", "C")]

    edit_saved_view(actor, view_id=made[2].id, position=0)
    assert names(actor, "projects") == ["C", "A", "B"]
    delete_saved_view(actor, view_id=made[0].id)
    with tenant_transaction(actor):
        undo = AuditAction.objects.filter(name="accounts.saved_view.delete", actor_id=actor.user_id).get().undo
    REGISTRY[undo["action"]].run(actor, **undo["arguments"])

    assert sorted(names(actor, "projects")) == ["A", "B", "C"]


def test_the_list_opens_with_the_chosen_view_and_all_stays_within_reach(firm: Firm) -> None:
    view = create_saved_view(firm.actor, list_key="members", name="Here", query="name[like]=eva", is_default=True)
    browser = firm.browser()

    answer = browser.get("/admin/users")
    assert answer.status_code == 302
    opened = browser.get(answer["Location"]).content.decode()
    everything = browser.get("/admin/users?view=all").content.decode()

    assert current_tabs(opened) == [f"/admin/users?view={view.public_id}&name[like]=eva"]
    assert current_tabs(everything) == ["/admin/users?view=all"]
    choose_default_view(firm.actor, list_key="members", view_id=None)
    assert browser.get("/admin/users").status_code == 200


def test_a_default_of_another_list_is_refused(firm: Firm) -> None:
    actor = firm.member("Consultant")
    view = create_saved_view(actor, list_key="projects", name="P", query="")

    with pytest.raises(Invalid):
        choose_default_view(actor, list_key="clients", view_id=view.public_id)
    with tenant_transaction(actor):
        assert default_views(actor) == {}


def test_the_menu_saves_changes_moves_and_deletes(firm: Firm) -> None:
    actor = firm.member("Administrator")
    browser = firm.browser(actor)
    answer = browser.post(
        "/views/members", {"name": "Found", "query": "q=eva", "back": "/admin/users?q=eva", "is_shared": "on"}
    )
    address = answer["Location"]
    page = browser.get(address.replace("q=eva", "q=ev")).content.decode()
    view_id = re.search(r"viw_[0-9A-Z]{26}", address)[0]

    assert "Keep the filters and columns shown now" in page
    common = {"view_id": view_id, "back": address}
    browser.post(
        "/views/change", {**common, "name": "Found again", "query": "q=ev", "takes_query": "on", "is_default": "on"}
    )
    with tenant_transaction(actor):
        view = saved_views(actor, "members").get(name="Found again")
        assert (view.query, view.is_shared, default_views(actor)["members"]) == ("q=ev", False, view_id)
    browser.post("/views/change", {**common, "verb": "left"})
    assert browser.post("/views/change", {**common, "verb": "delete"})["Location"] == "/admin/users"
    assert "Found again" not in names(actor)


def test_a_back_address_elsewhere_is_not_followed(firm: Firm) -> None:
    answer = firm.browser().post("/views/members", {"name": "Else", "query": "", "back": "//evil.example/x"})

    assert answer["Location"].startswith("/?view=")


def test_no_list_shows_two_current_views() -> None:
    page = new_firm().browser().get("/admin/audit").content.decode()

    assert current_tabs(page) == ["/admin/audit"]


def test_the_api_keeps_views(firm: Firm) -> None:
    program = bearer(firm.token(actor=firm.member("Consultant")))
    kind = {"content_type": "application/json"}

    made = program.post("/api/v1/saved-views", {"list_key": "clients", "name": "A", "query": "is_active=true"}, **kind)
    address = f"/api/v1/saved-views/{made.json()['id']}"
    changed = program.patch(address, {"name": "B", "is_shared": True}, **kind)
    chosen = program.put("/api/v1/saved-views/defaults/clients", {"view_id": made.json()["id"]}, **kind)
    listed = program.get("/api/v1/saved-views?list_key=clients").json()["data"]

    assert (made.status_code, changed.status_code, chosen.status_code) == (201, 200, 204)
    mine = [view for view in listed if view["is_own"]]
    assert [(v["name"], v["query"], v["is_shared"], v["is_default"]) for v in mine] == [
        ("B", "is_active=true", True, True)
    ]
    assert program.delete(address).status_code == 204
    assert program.delete(address).status_code == 404


def test_every_step_stands_in_the_trail(firm: Firm) -> None:
    actor = firm.member("Consultant")
    view = create_saved_view(actor, list_key="projects", name="T", query="", is_default=True)
    edit_saved_view(actor, view_id=view.id, name="T2")
    choose_default_view(actor, list_key="projects", view_id=None)
    delete_saved_view(actor, view_id=view.id)

    with tenant_transaction(actor):
        done = list(AuditAction.objects.filter(actor_id=actor.user_id).order_by("at").values_list("name", flat=True))

    verbs = [name.rsplit(".", 1)[1] for name in done if name.startswith("accounts.saved_view.")]
    assert verbs == ["create", "edit", "choose", "delete"]


def test_without_the_right_nothing_is_saved(firm: Firm) -> None:
    actor = firm.member()

    with pytest.raises(Forbidden):
        create_saved_view(actor, list_key="clients", name="No", query="")
