"""Inviting members, giving them roles, letting them go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.utils import parseaddr
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.accounts.models import Membership, MembershipRole, Role, User
from quoin.accounts.queries.links import sign_in_link
from quoin.accounts.queries.members import grants_of_roles, member_for, merged, role_for, role_ids_of
from quoin.accounts.queries.standing import ADMINISTERS
from quoin.accounts.services.duties import require_separate_duties
from quoin.accounts.services.sign_in import end_everywhere
from quoin.accounts.types import Invited, LastAdministrator
from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor, Scope
from quoin.base.events import emit
from quoin.base.mail.send import queue_mail
from quoin.kernel.errors import Conflict, invalid

_MOST_ADDRESSES = 500
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


@action("accounts.member.invite", label=gettext_lazy("Invite users"))
def invite_members(actor: Actor, *, text: str, role_ids: Sequence[UUID | str] = (), reason: str = "") -> list[Invited]:
    """Invite every address of a pasted list (one per line, or separated by commas or semicolons)."""
    roles = [role_for(actor, role_id) for role_id in role_ids]
    if roles:
        actor.require(ADMINISTERS)
    parts = [part for part in re.split(r"[\n,;]+", text) if part.strip()]
    if not parts or len(parts) > _MOST_ADDRESSES:
        raise invalid("/text", _("Paste between 1 and %(most)s addresses.") % {"most": _MOST_ADDRESSES})
    until = require_separate_duties(actor, [role.id for role in roles], reason=reason)
    found = [_invite(actor, part, roles) for part in parts]
    new = [invited.membership_id for invited in found if invited.membership_id is not None]
    if until is not None:
        Membership.objects.filter(id__in=new).update(duties_reason=reason, duties_until=until)
    if new:
        undo_with("accounts.member.deactivate", member_ids=new)
    return found


def _invite(actor: Actor, part: str, roles: Sequence[Role]) -> Invited:
    name, email = parseaddr(part.strip())
    email = email.lower()
    if not _ADDRESS.fullmatch(email):
        return Invited(part.strip(), "not_an_address")
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    member = Membership.objects.filter(user=user).first()
    if member is not None and member.is_active:
        return Invited(email, "already_member")
    if member is None:
        member = Membership.objects.create(user=user, invited_at=actor.now)
        MembershipRole.objects.bulk_create(MembershipRole(membership=member, role=role) for role in roles)
    else:
        member.is_active = True
        member.save(update_fields=["is_active"])
    emit(actor, "accounts.member.joined", running_action_id(), user_ids=[user.id])
    queue_mail(
        actor, to=email, subject=_("%(name)s invites you to Quoin") % {"name": actor.name}, about=member.public_id,
        text=_("Open this link within seven days to choose a password:\n\n%(link)s\n") % {"link": sign_in_link(user)},
    )  # fmt: skip
    return Invited(email, "invited", member.id)


@action(ADMINISTERS, label=gettext_lazy("Give roles to users"))
def set_roles(actor: Actor, *, member_id: UUID | str, role_ids: Sequence[UUID | str], reason: str = "") -> None:
    """Let the member hold exactly these roles. Raises DutiesClash without a reason, LastAdministrator."""
    member = member_for(actor, member_id)
    wanted = [role_for(actor, role_id) for role_id in role_ids]
    before = role_ids_of(member.id)
    until = require_separate_duties(actor, [role.id for role in wanted], reason=reason)
    if member.user_id == actor.user_id and not _administers([role.id for role in wanted]):
        raise Conflict(_("You would lose the right to undo this. Ask another administrator."))
    MembershipRole.objects.filter(membership=member).exclude(role__in=wanted).delete()
    missing = [role for role in wanted if role.id not in before]
    MembershipRole.objects.bulk_create(MembershipRole(membership=member, role=role) for role in missing)
    member.duties_reason, member.duties_until = (reason, until) if until else ("", None)
    member.save(update_fields=["duties_reason", "duties_until"])
    _require_administrator()
    touch(member.public_id, reason=reason)
    undo_with(ADMINISTERS, member_id=member.id, role_ids=before, reason=member.duties_reason)


@action("accounts.member.deactivate", label=gettext_lazy("Deactivate users"))
def deactivate_members(actor: Actor, *, member_ids: Sequence[UUID | str]) -> None:
    """End their access at once: the next request of a session or token of theirs is refused."""
    for member_id in member_ids:
        member = member_for(actor, member_id)
        if member.user_id == actor.user_id:
            raise Conflict(_("You cannot deactivate yourself."))
        member.is_active = False
        member.save(update_fields=["is_active"])
        end_everywhere(member, actor.now)
        touch(member.public_id)
    _require_administrator()
    undo_with("accounts.member.activate", member_ids=list(member_ids))


@action("accounts.member.activate", label=gettext_lazy("Activate users"))
def activate_members(actor: Actor, *, member_ids: Sequence[UUID | str]) -> None:
    """Let them sign in again with the roles they had; revoked tokens stay revoked."""
    for member_id in member_ids:
        member = member_for(actor, member_id)
        member.is_active = True
        member.save(update_fields=["is_active"])
        touch(member.public_id)
    undo_with("accounts.member.deactivate", member_ids=list(member_ids))


@action("accounts.member.view_as", label=gettext_lazy("View as somebody else"))
def start_view_as(actor: Actor, *, kind: str, subject_id: UUID | str) -> dict[str, str]:
    """Look through the eyes of a member or a role, reading only; returns what the session keeps."""
    actor.require("accounts.member.view_as", Scope.ALL)
    if kind == "role":
        role = role_for(actor, subject_id)
        touch(role.public_id)
        return {"kind": kind, "id": str(role.id), "name": role.name}
    member = member_for(actor, subject_id)
    if not member.is_active:
        raise Conflict(_("A deactivated user sees nothing."))
    touch(member.public_id)
    return {"kind": "member", "id": str(member.id), "name": str(member.user)}


def _administers(role_ids: Sequence[UUID]) -> bool:
    return merged(list(grants_of_roles(role_ids).values())).get(ADMINISTERS) is Scope.ALL


def _require_administrator() -> None:
    """Somebody active must be able to give roles."""
    holders = MembershipRole.objects.filter(
        membership__is_active=True, role__in=Role.objects.filter(id__in=_administrating_roles())
    )
    if not holders.exists():
        raise LastAdministrator(_("Somebody must stay who manages users. Give another user that role first."))


def _administrating_roles() -> list[UUID]:
    ids = list(Role.objects.values_list("id", flat=True))
    return [role_id for role_id, grants in grants_of_roles(ids).items() if grants.get(ADMINISTERS) is Scope.ALL]
