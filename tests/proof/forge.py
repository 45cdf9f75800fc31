"""Child processes that play the product and die at a chosen moment.

A fork server loads Django once; each child is a fork of it with a connection of its own. A child can kill itself (SIGKILL,
nothing is cleaned up) before its k-th statement, before COMMIT or right after COMMIT, as a machine that loses power does.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from typing import Any

WAIT_SECONDS = 120
_INTENT = "INSERT INTO base_auditaction"


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a child dies: before statement `statement` (from 1), or before or after its COMMIT."""

    statement: int = 0
    before_commit: bool = False
    after_commit: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the API with the caller's token; the key makes a retry of it the same call."""

    method: str
    path: str
    token: str
    body: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of the answer, and how many statements it took. A child that died gave none."""

    status: int
    body: Any
    statements: int


def answer_of(call: Call, cut: Cut | None = None) -> Answer | None:
    """Make the call in a child of its own; None if the child was cut."""
    return answers_of([call], cut)[0]


def answers_of(calls: Sequence[Call], cut: Cut | None = None) -> list[Answer | None]:
    """Make the calls in as many processes, which start together."""
    context = server()
    barrier = context.Barrier(len(calls))
    children = []
    for call in calls:
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=_child, args=(call, cut, barrier, theirs), daemon=True)
        child.start()
        theirs.close()
        children.append((child, ours))
    return [_outcome(child, ours) for child, ours in children]


def _outcome(child: Any, ours: Connection) -> Answer | None:
    try:
        found = ours.recv() if ours.poll(WAIT_SECONDS) else None
    except EOFError:
        found = None
    finally:
        ours.close()
    child.join(WAIT_SECONDS)
    code = child.exitcode
    child.close()
    if isinstance(found, Answer):
        return found
    assert code == -signal.SIGKILL, f"the child ended with {code}: {found}"
    return None


def server() -> ForkServerContext:
    """The fork server; Django is loaded in it once, and no connection is open there."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.proof.forge_ready"])
    return context


def _child(call: Call, cut: Cut | None, barrier: Any, report: Connection) -> None:
    from tests.proof import forge_ready

    forge_ready.ready()
    try:
        from django.db import connection

        connection.ensure_connection()
        barrier.wait(WAIT_SECONDS)
        report.send(_made(call, cut))
    except BaseException as fault:  # noqa: BLE001  whatever it was, the parent must read it
        report.send(repr(fault))
    finally:
        report.close()


def _made(call: Call, cut: Cut | None) -> Answer:
    from django.db import connection
    from django.test import Client

    counter = _Counter(cut)
    committing = _watched_commit(counter) if cut and (cut.before_commit or cut.after_commit) else nullcontext()
    headers = {"Authorization": f"Bearer {call.token}"} | ({"Idempotency-Key": call.key} if call.key else {})
    with connection.execute_wrapper(counter), committing:
        response = Client(raise_request_exception=False, SERVER_NAME="localhost").generic(
            call.method, call.path, json.dumps(call.body), content_type="application/json", headers=headers
        )
    raised = getattr(response, "exc_info", None)
    body = (
        repr(raised[1])
        if raised
        else response.json()
        if "json" in response.get("Content-Type", "")
        else response.content[:500]
    )
    return Answer(response.status_code, body, counter.count)


class _Counter:
    """Counts statements and dies before the one that the cut names."""

    def __init__(self, cut: Cut | None) -> None:
        self.count, self.cut, self.has_acted = 0, cut, False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        if self.cut is not None and self.count == self.cut.statement:
            die()
        self.has_acted = self.has_acted or _INTENT in sql
        return execute(sql, params, many, context)


@contextmanager
def _watched_commit(counter: _Counter) -> Iterator[None]:
    """Dies at the COMMIT of the action; the look-ups before it (who is it?) commit too and are let pass."""
    from django.db import connection

    commit, cut = connection.commit, counter.cut
    assert cut is not None

    def committing() -> None:
        if counter.has_acted and cut.before_commit:
            die()
        commit()
        if counter.has_acted:
            die()

    connection.commit = committing  # type: ignore[method-assign]  # this process is the test's own
    try:
        yield
    finally:
        connection.commit = commit  # type: ignore[method-assign]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
