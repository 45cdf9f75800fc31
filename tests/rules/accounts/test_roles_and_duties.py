"""Standard roles as patterns, and the duties that two people must share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.accounts.rules.duties import DUTIES, clashes
from quoin.accounts.rules.options import Option, OptionKind, read
from quoin.accounts.rules.standard_roles import BY_KEY, ROLES, grants_of, scope_of


@pytest.mark.parametrize(
    ("role", "permission", "scope"),
    [
        ("consultant", "timesheets.cell.set", "own"),
        ("consultant", "timesheets.time.approve", ""),
        ("consultant", "people.cost.view", ""),
        ("consultant", "billing.invoice.view", ""),
        ("project_manager", "timesheets.time.approve", "team"),
        ("project_manager", "projects.task.create", "team"),
        ("project_manager", "billing.invoice.issue", ""),
        ("finance", "billing.invoice.issue", "all"),
        ("finance", "accounts.member.set_roles", ""),
        ("finance", "timesheets.time.approve", ""),
        ("executive", "people.cost.view", "all"),
        ("executive", "billing.invoice.issue", ""),
        ("administrator", "accounts.role.edit", "all"),
        ("administrator", "billing.invoice.issue", ""),
        ("administrator", "people.cost.view", ""),
        ("auditor", "ledger.journal.view", "all"),
        ("auditor", "ledger.period.close", ""),
    ],
)
def test_a_permission_lands_in_the_right_role(role: str, permission: str, scope: str) -> None:
    assert scope_of(BY_KEY[role], permission) == scope


def test_no_standard_role_alone_holds_two_duties() -> None:
    samples = [pattern.replace("*", "x") for duty in DUTIES for pattern in duty.patterns]

    assert {role.key: clashes(grants_of(role, samples), is_strict=False) for role in ROLES} == {
        role.key: () for role in ROLES
    }


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_nobody_gets_a_write_of_an_app_that_no_rule_names(app: str, verb: str) -> None:
    permission = f"unknown_{app}.thing.{verb}"

    granted = {role.key for role in ROLES if scope_of(role, permission)}

    assert granted <= ({"auditor"} if permission.endswith(".view") else set())


def test_looking_is_no_duty() -> None:
    assert clashes(["accounts.member.view", "billing.payment.view"], is_strict=True) == ()


def test_a_clash_says_both_duties_and_their_evidence() -> None:
    (clash,) = clashes(["accounts.role.edit", "billing.payment.record"], is_strict=False)

    assert clash.evidence == ("billing.payment.record", "accounts.role.edit")
    assert "post payments" in clash.sentence()
    assert "manage users and roles" in clash.sentence()


@given(st.sets(st.sampled_from([pattern.replace("*", "x") for duty in DUTIES for pattern in duty.patterns])))
def test_more_rights_never_clash_less(names: set[str]) -> None:
    fewer = clashes(sorted(names)[1:], is_strict=True)

    assert len(clashes(names, is_strict=True)) >= len(fewer)
    assert len(clashes(names, is_strict=True)) >= len(clashes(names, is_strict=False))


def _option(kind: OptionKind, **more: object) -> Option:
    return Option(key="k", section="", label="", meaning="", acts_in="", kind=kind, default="", **more)


@pytest.mark.parametrize(
    ("option", "text", "value"),
    [
        (_option(OptionKind.FLAG), "on", True),
        (_option(OptionKind.FLAG), False, False),
        (_option(OptionKind.NUMBER, least=1, most=31), "31", 31),
        (_option(OptionKind.CHOICE, choices={"a": "A"}), "a", "a"),
        (_option(OptionKind.TEXT), "  x ", "x"),
    ],
)
def test_a_setting_is_read_by_its_kind(option: Option, text: object, value: object) -> None:
    assert read(option, text) == value


@pytest.mark.parametrize(
    ("option", "text"),
    [
        (_option(OptionKind.FLAG), "perhaps"),
        (_option(OptionKind.NUMBER, least=1, most=31), "32"),
        (_option(OptionKind.NUMBER, least=1, most=31), "1.5"),
        (_option(OptionKind.NUMBER), "NaN"),
        (_option(OptionKind.DECIMAL), "one"),
        (_option(OptionKind.CHOICE, choices={"a": "A"}), "b"),
    ],
)
def test_a_wrong_value_is_refused_in_words(option: Option, text: object) -> None:
    with pytest.raises(ValueError, match=r"\."):
        read(option, text)
