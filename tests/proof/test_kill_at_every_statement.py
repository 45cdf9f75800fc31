"""SIGKILL before every statement and on both sides of COMMIT, for each operation that moves money.

A cut after statement k is the cut before k+1: between them nothing reaches the database. After every cut nothing of
the operation may be there; the retry with the same key must then do it once, as if nothing had happened.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import pytest

from tests.make import billing
from tests.proof.forge import Answer, Call, Cut, answer_of
from tests.proof.ground import MARCH, Ground, approved, broken, difference, exact, handed_in, meaning, new_ground, shown


def approve(ground: Ground) -> Call:
    ids = handed_in(ground)
    return Call("POST", "/api/v1/approvals/approve", ground.token, {"entry_ids": [shown("tim", one) for one in ids]})


def build(ground: Ground) -> Call:
    approved(ground)
    return Call("POST", "/api/v1/billing-runs", ground.token, {"work_until": MARCH.isoformat()})


def issue(ground: Ground) -> Call:
    approved(ground)
    draft = billing.draft(ground.world)
    return Call("POST", f"/api/v1/invoices/{draft.public_id}/issue", ground.token, {"issue_on": "2026-04-01"})


def credit(ground: Ground) -> Call:
    approved(ground)
    invoice = billing.issued(ground.world)
    return Call("POST", f"/api/v1/invoices/{invoice.public_id}/credit", ground.token, {"reason": "Wrong project"})


def pay(ground: Ground) -> Call:
    approved(ground)
    invoice = billing.issued(ground.world)
    body = {
        "client_id": shown("cli", invoice.client_id), "received_on": "2026-05-04", "reference": invoice.number,
        "amount": {"amount": f"{invoice.gross_amount:.2f}", "currency": invoice.currency},
    }  # fmt: skip
    return Call("POST", "/api/v1/payments", ground.token, body)


def import_file(ground: Ground) -> Call:
    ground.world.person()
    header = "date,user_name,user_email,client,project,task,description,hours,billable,rate,currency"
    rows = (
        "2026-03-30,Ida Holm,ida@file.example,Nordkraft,Grid,Design,Sketch,2,yes,95,EUR",
        "2026-03-31,Ben Ode,ben@file.example,Nordkraft,Grid,Design,Draw,3,yes,120,EUR",
    )
    content = base64.b64encode("\n".join([header, *rows, ""]).encode()).decode()
    body = {"file_name": "time.csv", "content_base64": content, "profile": "generic", "status": "submitted"}
    return Call("POST", "/api/v1/imports", ground.token, body)


OPERATIONS: Mapping[str, Callable[[Ground], Call]] = {
    "approve": approve, "build": build, "issue": issue, "credit": credit, "pay": pay,
    "import": import_file,
}  # fmt: skip


STRIDES: Mapping[str, int] = {"import": 15}
"""An import takes many statements that are alike; it is cut at every so many."""


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
def test_killed_at_every_statement_it_happens_once_or_not_at_all(name: str) -> None:
    faultless, expected, statements = _without_fault(name)
    ground, call = _arranged(name)
    before = exact(ground)

    _cut_everywhere(ground, call, range(1, statements + 1, STRIDES.get(name, 1)), before)
    again = _tried(call)

    assert again is not None
    assert again.status == faultless
    assert difference(meaning(ground), expected) == {}
    assert broken(ground) == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
def test_killed_after_commit_the_retry_gets_the_first_answer(name: str) -> None:
    faultless, expected, _statements = _without_fault(name)
    ground, call = _arranged(name)

    assert answer_of(call, Cut(after_commit=True)) is None
    assert difference(meaning(ground), expected) == {}
    again = _tried(call)

    assert again is not None
    assert again.status == faultless
    assert difference(meaning(ground), expected) == {}
    assert broken(ground) == {}


def _arranged(name: str) -> tuple[Ground, Call]:
    ground = new_ground()
    return ground, replace(OPERATIONS[name](ground), key="proof")


def _without_fault(name: str) -> tuple[int, Mapping[str, tuple[str, ...]], int]:
    """Status, the state after it, and how many statements the operation takes."""
    ground, call = _arranged(name)
    answer = answer_of(call)
    assert answer is not None
    assert answer.status in {200, 201}, answer
    assert answer.statements > 10
    assert broken(ground) == {}
    return answer.status, meaning(ground), answer.statements


def _tried(call: Call, cut: Cut | None = None) -> Answer | None:
    """The call, again while the server has not yet noticed that the caller before is dead."""
    for _attempt in range(200):
        answer = answer_of(call, cut)
        if answer is None or answer.body.get("code") != "idempotency_still_running":
            return answer
    raise AssertionError("the key of a dead caller stays locked")


def _cut_everywhere(
    ground: Ground, call: Call, statements: Iterable[int], before: Mapping[str, tuple[str, ...]]
) -> None:
    cuts = [*(Cut(statement=number) for number in statements), Cut(before_commit=True)]
    for cut in cuts:
        answer = _tried(call, cut)
        assert answer is None, f"{cut} was not reached: {answer}"
    assert difference(exact(ground), before) == {}, "a call that was cut left something behind"
