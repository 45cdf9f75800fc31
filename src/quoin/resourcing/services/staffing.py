"""Running the solver beside an open transaction: it tells how far it is, and stops when somebody asks.

The solver works in a thread of its own and never touches the database. The transaction's own thread tells through the
name of its session, which others see at once, and reads whether to stop.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from uuid import UUID

from django.db import connection

from quoin.resourcing.models import StaffingRun
from quoin.resourcing.queries.staffing import session_name
from quoin.resourcing.rules.solver.values import Effort, Step
from quoin.resourcing.rules.staffing.answering import solve
from quoin.resourcing.rules.staffing.judging import faults
from quoin.resourcing.rules.staffing.values import Answer, Case

_EVERY_SECONDS = 0.4


class WrongAnswer(RuntimeError):
    """The judge found a fault in an answer: a bug, never shown as a plan."""


def answer_of(run: StaffingRun, case: Case) -> Answer:
    """Solve the case with the limits of the run; judged before it is handed on."""
    halt, steps = threading.Event(), list[Step]()
    effort = Effort(seconds=run.seconds, seed=run.seed, work=run.work, progress=steps.append, cancelled=halt.is_set)
    with ThreadPoolExecutor(max_workers=1) as aside:
        answer = aside.submit(solve, case, effort)
        try:
            told = 0
            while not answer.done():
                wait([answer], timeout=_EVERY_SECONDS)
                for step in steps[told:]:
                    told += 1
                    _tell(run.id, step)
                if StaffingRun.objects.filter(id=run.id, stop_asked_at__isnull=False).exists():
                    halt.set()
        finally:
            halt.set()
    found = faults(case, answer.result())
    if found:
        raise WrongAnswer("; ".join(found[:3]))
    return answer.result()


def _tell(run_id: UUID, step: Step) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('application_name', %s, true)", [f"{session_name(run_id)}{step.value} {step.bound}"]
        )
