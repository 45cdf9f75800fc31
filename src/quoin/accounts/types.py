"""Values and errors of accounts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from quoin.kernel.errors import Conflict, DomainError


class TokenRefused(DomainError):
    """The bearer token opens nothing."""

    code = "token_refused"
    status = 401


class DutiesClash(Conflict):
    """The roles would put two duties into one hand that belong to two people."""

    code = "duties_clash"


class LastAdministrator(Conflict):
    """Without an administrator nobody could let anybody in again."""

    code = "last_administrator"


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of one address of a pasted list."""

    email: str
    state: str
    """invited, already_member or not_an_address."""
    membership_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token with its secret, which is shown this once."""

    token_id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: what was asked, whether it holds, and why."""

    question: str
    holds: bool
    because: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why somebody may, or may not; the path of the rules that decided."""

    verdict: str
    may: bool
    steps: tuple[Step, ...]
