"""Actor: who acts, for which tenant, with which permissions, at what time. Made once at the edge.

Nothing below the edge reads a clock, a session or a setting of the user: it asks the actor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import IntEnum, StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from quoin.kernel.errors import Forbidden
from quoin.kernel.ids import uuid7
from quoin.kernel.words import say


class Scope(IntEnum):
    """How far a permission reaches; a larger scope includes the smaller."""

    OWN = 1
    TEAM = 2
    ALL = 3


class Source(StrEnum):
    """Through which door a command came."""

    UI = "ui"
    API = "api"
    CLI = "cli"
    JOB = "job"
    IMPORT = "import"
    PORTAL = "portal"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, token, job or rule that reads and commands inside one tenant."""

    tenant_id: UUID
    grants: Mapping[str, Scope]
    now: datetime
    name: str
    user_id: UUID | None = None
    membership_id: UUID | None = None
    person_id: UUID | None = None
    team_id: UUID | None = None
    zone: str = "UTC"
    locale: str = "en"
    source: Source = Source.SYSTEM
    request_id: UUID = field(default_factory=uuid7)
    writes_decimal_hours: bool = False
    """Whether durations are written 7.50 instead of 7:30."""
    viewed_by_id: UUID | None = None
    """The user who looks through this actor's eyes ("view as"); such an actor may only read."""

    @property
    def today(self) -> date:
        """The calendar day where the actor is."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def may(self, permission: str, scope: Scope = Scope.OWN) -> bool:
        return self.grants.get(permission, 0) >= scope

    def scope(self, permission: str) -> Scope | None:
        """How far the actor's permission reaches, or None without it."""
        return self.grants.get(permission)

    def require(self, permission: str, scope: Scope = Scope.OWN) -> None:
        """Raise Forbidden unless the actor holds the permission at least in the scope."""
        if not self.may(permission, scope):
            raise Forbidden(
                say("This needs the permission %(permission)s. Ask an administrator.", permission=permission)
            )

    def at(self, now: datetime) -> Actor:
        """The same actor at another moment: jobs and test clocks use it."""
        return replace(self, now=now)
