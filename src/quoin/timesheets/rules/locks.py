"""When time may be written, and if not, why (I-34, I-35)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from quoin.kernel.period import Period
from quoin.timesheets.types import Employment, Lock, Policy, Status, Work


def lock_of(
    *,
    work: Work,
    work_on: date,
    employment: Employment,
    closed: Sequence[Period] = (),
    policy: Policy,
    today: date,
) -> Lock | None:
    """Why nothing can be booked on the work that day, or None. A closed thing is named before a day."""
    return (
        work_lock(work, work_on)
        or gate_lock(work, policy)
        or day_lock(work_on, employment=employment, closed=closed, policy=policy, today=today)
    )


def work_lock(work: Work, work_on: date) -> Lock | None:
    """Why the project or task takes no time that day."""
    if not work.is_active:
        return Lock.PROJECT_CLOSED
    if not work.is_task_open:
        return Lock.TASK_CLOSED
    if work.starts_on is not None and work_on < work.starts_on:
        return Lock.PROJECT_NOT_STARTED
    return None


def gate_lock(work: Work, policy: Policy) -> Lock | None:
    """Whether the firm takes no time behind a gate that waits."""
    return Lock.GATE_WAITS if work.is_held and policy.gate_rule == "refuse" else None


def day_lock(
    work_on: date, *, employment: Employment, closed: Sequence[Period], policy: Policy, today: date
) -> Lock | None:
    """Why the person can book nothing at all that day."""
    if employment.hired_on is not None and work_on < employment.hired_on:
        return Lock.BEFORE_HIRE
    if employment.left_on is not None and work_on >= employment.left_on:
        return Lock.AFTER_LEAVE
    if work_on > today + timedelta(days=policy.future_days):
        return Lock.FUTURE
    if any(work_on in period for period in closed):
        return Lock.PERIOD_CLOSED
    return None


def status_lock(status: Status) -> Lock | None:
    """Why an entry in this state cannot change."""
    locks = {Status.APPROVED: Lock.APPROVED, Status.SUBMITTED: Lock.SUBMITTED}
    return locks.get(status)
