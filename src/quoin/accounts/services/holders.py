"""Who holds a right, for mail that the product writes by itself: address and language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from quoin.accounts.models import Grant, Membership, MembershipRole, User
from quoin.accounts.queries.standing import tenant_locale
from quoin.base.actor import Scope
from quoin.base.db.context import current_tenant


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads mail."""

    email: str
    locale: str


def holders(permission: str) -> set[Reader]:
    """Active members who may do it for the whole firm."""
    roles = Grant.objects.filter(permission=permission, scope=Scope.ALL).values("role_id")
    members = MembershipRole.objects.filter(role_id__in=roles).values("membership_id")
    users = Membership.objects.filter(id__in=members, is_active=True, user__is_active=True).values_list(
        "user__email", "user__preferences"
    )
    usual = tenant_locale(current_tenant())
    return {Reader(email, str((told or {}).get("locale") or usual)) for email, told in users}


def readers(people: Iterable[tuple[UUID, str, UUID | None]]) -> dict[UUID, Reader]:
    """Readers by the id of whoever they are: (id, mail, their user if they have one)."""
    rows = list(people)
    told = dict(User.objects.filter(id__in=[user for _, _, user in rows if user]).values_list("id", "preferences"))
    usual = tenant_locale(current_tenant())
    return {
        key: Reader(email, str((told.get(user) or {}).get("locale") or usual) if user else usual)
        for key, email, user in rows
    }
