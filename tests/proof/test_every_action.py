"""Each registered action: refused without its permission, blind to another firm's ids, and told in the trail with names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from inspect import signature

import pytest
from django.db import transaction

from quoin.base.actions import PERMISSIONS, REGISTRY, Command
from quoin.base.actor import Actor, Scope
from quoin.base.audit.models import AuditAction, AuditChange
from quoin.kernel.errors import DomainError, Forbidden
from quoin.kernel.ids import uuid7
from tests.proof.arguments import filled, id_for, is_id
from tests.proof.estate import Estate, estates

# The demo's writers take the loader's own rows, and only the loader calls them: no edge reaches them.
NOT_FOR_USERS = ("tests.", "site.demo.")
OURS = {name: command for name, command in sorted(REGISTRY.items()) if not name.startswith(NOT_FOR_USERS)}
NOT_OF_A_FIRM = {
    "accounts.tenant.create": "opens a firm; there is nothing of a firm yet that it could name",
    "accounts.member.add": "a user belongs to no firm: sign-in is one for all, and the role is checked",
}
TAKES_A_FILE = {"imports.batch.upload": "an opened file is no plain value; the tests of imports upload real ones"}
NOTHING = "done, nothing changed"


def everything(estate: Estate) -> Actor:
    return replace(
        estate.world.actor,
        grants=dict.fromkeys(PERMISSIONS, Scope.ALL),
        request_id=uuid7(),
        source=estate.world.actor.source,
    )


@contextmanager
def taken_back() -> Iterator[None]:
    """What the block writes is not kept."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", OURS)
def test_without_the_permission_it_is_refused(name: str) -> None:
    ours = estates()[0]
    command = OURS[name]
    others = {right: Scope.ALL for right in PERMISSIONS if right != name}

    with pytest.raises(Forbidden, match=name.replace(".", r"\.")), taken_back():
        command.run(replace(everything(ours), grants=others), **filled(command.run, ours).values)


@pytest.mark.parametrize(
    "name", [name for name, command in OURS.items() if any(map(is_id, signature(command.run).parameters))]
)
def test_another_firms_things_do_not_exist(name: str) -> None:
    ours, strangers = estates()
    command = OURS[name]
    taken = filled(command.run, ours)
    if name in NOT_OF_A_FIRM:
        pytest.skip(NOT_OF_A_FIRM[name])

    touched = {
        id_name: _fault(command, ours, {**taken.values, id_name: id_for(id_name, strangers)}) for id_name in taken.ids
    }

    assert {
        id_name: fault for id_name, fault in touched.items() if not (isinstance(fault, DomainError) or fault == NOTHING)
    } == {}
    assert not [
        fault for fault in touched.values() if isinstance(fault, DomainError) and strangers.sign in fault.detail
    ]


def _fault(command: Command, estate: Estate, values: dict[str, object]) -> BaseException | str:
    """What the action raises, or what it did. An id may also narrow what is done: then nothing is."""
    try:
        with taken_back():
            actor = everything(estate)
            command.run(actor, **values)
            with estate.world.inside():
                action_ids = AuditAction.objects.filter(request_id=actor.request_id).values("id")
                rows = AuditChange.objects.filter(tenant_id=actor.tenant_id, action_id__in=action_ids).count()
    except Exception as fault:  # noqa: BLE001  the kind of it is what the test is about
        return fault
    return f"changed {rows} rows" if rows else NOTHING


def test_what_is_done_is_told_with_names() -> None:
    """Every action that our own arguments satisfy leaves its row: name, who, when, from where."""
    ours = estates()[0]
    told, silent, broken = set(), {}, {}
    for name, command in OURS.items():
        if name in NOT_OF_A_FIRM or name in TAKES_A_FILE:
            continue
        actor = everything(ours)
        try:
            with taken_back():
                command.run(actor, **filled(command.run, ours).values)
                with ours.world.inside():
                    rows = list(AuditAction.objects.filter(request_id=actor.request_id, name=name))
                if len(rows) == 1 and (rows[0].actor_name, rows[0].actor_id) == (actor.name, actor.user_id):
                    told.add(name)
                else:
                    silent[name] = len(rows)
        except DomainError:
            continue
        except Exception as fault:  # noqa: BLE001  any other exception is what the test looks for
            broken[name] = repr(fault)[:200]

    assert silent == {}
    assert not broken, "\n".join(f"{name}: {fault}" for name, fault in broken.items())
    assert len(told) >= 30
