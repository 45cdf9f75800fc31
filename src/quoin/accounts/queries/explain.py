"""Why somebody may, or may not, do or see something: the path of the rules that decide."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.accounts.models import Membership, Role
from quoin.accounts.queries.members import grants_of_roles, role_ids_of
from quoin.accounts.queries.standing import actor_of_member
from quoin.accounts.types import Explanation, Step
from quoin.base.actions import PERMISSIONS
from quoin.base.actor import Actor, Scope

_REACH = {
    Scope.OWN: gettext_lazy("only what is their own or what they are a member of"),
    Scope.TEAM: gettext_lazy("their team and the projects they manage"),
    Scope.ALL: gettext_lazy("everything of the firm"),
}


def explain(member: Membership, permission: str, *, is_visible: Callable[[Actor], bool] | None = None) -> Explanation:
    """Whether the member holds the permission and, with `is_visible`, whether one certain thing is in its reach."""
    steps = [_is_active(member), _is_known(permission)]
    best: Scope | None = None
    for role in Role.objects.filter(id__in=role_ids_of(member.id)).order_by("name"):
        scope = grants_of_roles([role.id])[role.id].get(permission)
        best = max(filter(None, (best, scope)), default=None)
        steps.append(_role_step(role, scope))
    if len(steps) == 2:  # noqa: PLR2004  the two questions asked of everybody
        steps.append(Step(_("Which roles does the user hold?"), False, _("None. Give one on the page of the user.")))
    may = best is not None and all(step.holds for step in steps[:2])
    if may and is_visible is not None:
        assert best is not None
        steps.append(_reach_step(member, best, is_visible))
        may = steps[-1].holds
    return Explanation(_verdict(member, permission, may=may), may, tuple(steps))


def _is_active(member: Membership) -> Step:
    holds = member.is_active and member.user.is_active
    return Step(_("Is the user active?"), holds, _("Yes.") if holds else _("No: deactivated users may do nothing."))


def _is_known(permission: str) -> Step:
    known = PERMISSIONS.get(permission)
    return Step(
        _("Which permission decides?"),
        known is not None,
        f"{permission}: {known.label}" if known else _("%(name)s is not a permission.") % {"name": permission},
    )


def _role_step(role: Role, scope: Scope | None) -> Step:
    question = _("Does the role %(role)s carry it?") % {"role": role.name}
    if scope is None:
        return Step(question, False, _("No."))
    return Step(question, True, _("Yes, for %(reach)s.") % {"reach": _REACH[scope]})


def _reach_step(member: Membership, scope: Scope, is_visible: Callable[[Actor], bool]) -> Step:
    actor = actor_of_member(member)
    holds = actor is not None and is_visible(actor)
    reach = {"reach": _REACH[scope]}
    reason = (
        _("Yes: it reaches %(reach)s.")
        if holds
        else _("No: it reaches %(reach)s, and this is not in it, or does not exist.")
    )
    return Step(_("Is this thing within reach?"), holds, reason % reach)


def _verdict(member: Membership, permission: str, *, may: bool) -> str:
    names = {"user": str(member.user), "permission": permission}
    return (_("%(user)s may: %(permission)s.") if may else _("%(user)s may not: %(permission)s.")) % names
