"""Letting somebody into the firm who can sign in already."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.accounts.models import Membership, MembershipRole, User
from quoin.accounts.queries.members import role_for
from quoin.accounts.queries.standing import ADMINISTERS
from quoin.accounts.services.duties import require_separate_duties
from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.kernel.errors import NotFound

explain("membership_once", "This user is a member already.")


@action("accounts.member.add", label=gettext_lazy("Add a user who has a sign-in"))
def add_member(actor: Actor, *, user_id: UUID | str, role_ids: Sequence[UUID | str], reason: str = "") -> Membership:
    """A membership with these roles at once; no invitation is sent. Raises DutiesClash without a reason."""
    actor.require(ADMINISTERS)
    roles = [role_for(actor, role_id) for role_id in role_ids]
    user = User.objects.filter(id=user_id).first()
    if user is None:
        raise NotFound(_("There is no such user."))
    until = require_separate_duties(actor, [role.id for role in roles], reason=reason)
    member = Membership.objects.create(
        user=user, invited_at=actor.now, duties_reason=reason if until else "", duties_until=until
    )
    MembershipRole.objects.bulk_create(MembershipRole(membership=member, role=role) for role in roles)
    touch(member.public_id, reason=reason)
    undo_with("accounts.member.deactivate", member_ids=[member.id])
    return member
