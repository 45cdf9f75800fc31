"""Screen 56: who may enter, with which roles; view as; why can somebody (not) see something."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quoin.accounts import actions
from quoin.accounts.queries import members as queries
from quoin.accounts.queries import role_words  # noqa: F401  # says which names are stored
from quoin.accounts.queries.explain import explain
from quoin.accounts.queries.reach import asked
from quoin.accounts.queries.standing import VIEW_AS_KEY
from quoin.accounts.types import Explanation
from quoin.base.actions import PERMISSIONS, undo_token
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import nav, palette, respond
from quoin.base.ui.lists import Bulk, Empty, Link, Screen, list_page
from quoin.base.ui.stored import retold
from quoin.kernel.errors import DomainError

AREA = gettext_lazy("Admin")
nav.add(
    nav.Entry(
        key="users", group="admin", label=gettext_lazy("Users and roles"), url_name="accounts:users", icon="people",
        permission=queries.SEE_MEMBERS, order=10,
    )
)  # fmt: skip
palette.add_command(
    palette.Command(gettext_lazy("Invite users"), "accounts:user_invite", "accounts.member.invite", icon="mail")
)


@page(queries.SEE_MEMBERS)
def users(request: ActorRequest) -> HttpResponseBase:
    """The list."""
    may_invite = request.actor.may("accounts.member.invite")
    screen = Screen(
        title=_("Users"),
        area=AREA,
        empty=Empty(text=_("Only you so far. Paste addresses."), url=reverse("accounts:user_invite"), verb=_("Invite")),
        row_url=lambda member: reverse("accounts:user", args=[member.public_id]),
        row_id=lambda member: member.public_id,
        primary=Link(label=_("Invite"), url=reverse("accounts:user_invite"), icon="plus") if may_invite else None,
        bulk=(
            Bulk(label=_("Deactivate"), url=reverse("accounts:users_deactivate"), icon="lock",
                 confirm=_("Deactivate the selected users? Their sessions and tokens end at once.")),
        ) if request.actor.may("accounts.member.deactivate") else (),
        crumbs=((_("Roles"), reverse("accounts:roles")),),
    )  # fmt: skip
    return list_page(request, queries.MEMBERS, queries.members(request.actor), screen)


class InviteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Addresses"), widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One per line, or separated by commas: Ana Ruiz <ana@example.com>"),
    )  # fmt: skip
    role_ids = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for an exception"), required=False,
        help_text=gettext_lazy("Only where one person must hold two duties that belong to two people."),
    )  # fmt: skip


@page("accounts.member.invite", methods=("GET", "POST"))
def invite(request: ActorRequest) -> HttpResponseBase:
    """Paste a list of addresses."""
    form = InviteForm(request.POST or None)
    choices = [(role.public_id, retold(role.name)) for role in queries.roles(request.actor)]
    form.fields["role_ids"].choices = choices  # type: ignore[attr-defined]  # a choice field
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            found = actions.invite_members(request.actor, **form.cleaned_data)
            count = sum(one.state == "invited" for one in found)
            skipped = ", ".join(one.email for one in found if one.state != "invited")
            text = ngettext("%(count)s user invited", "%(count)s users invited", count) % {"count": count}
            text += _("; left out: %(skipped)s") % {"skipped": skipped} if skipped else ""
            return respond.redirect_with_toast(request, reverse("accounts:users"), text, undo=undo_token(request.actor))
    return respond.form_page(
        request, form, title=_("Invite users"), verb=_("Invite"), cancel_url=reverse("accounts:users")
    )


@page(queries.SEE_MEMBERS)
def user(request: ActorRequest, pk: str) -> HttpResponseBase:
    """One user: roles, view as, why."""
    return _user_page(request, pk)


@page(queries.SEE_MEMBERS)
def why(request: ActorRequest, pk: str) -> HttpResponseBase:
    """The answer of the tester."""
    what = request.GET.get("what", "").strip()
    if not what:
        return _user_page(request, pk)
    permission, is_visible = asked(what)
    answer = explain(queries.member_for(request.actor, pk), permission, is_visible=is_visible)
    return _user_page(request, pk, what=what, answer=answer)


@page("accounts.member.set_roles", methods=("POST",))
def set_roles(request: ActorRequest, pk: str) -> HttpResponseBase:
    """The checked roles, and no others. Who is unknown is not found, before a password is asked for."""
    queries.member_for(request.actor, pk)
    return cast("HttpResponseBase", _set_roles(request, pk))


@reauthentication_required  # type: ignore[untyped-decorator]  # the library has no types
def _set_roles(request: ActorRequest, pk: str) -> HttpResponseBase:
    role_ids, reason = request.POST.getlist("role_ids"), request.POST.get("reason", "")
    try:
        actions.set_roles(request.actor, member_id=pk, role_ids=role_ids, reason=reason)
    except DomainError as fault:
        return _user_page(request, pk, fault=fault, chosen=role_ids)
    return respond.redirect_with_toast(
        request, reverse("accounts:user", args=[pk]), _("Roles changed"), undo=undo_token(request.actor)
    )


@page(queries.SEE_MEMBERS, methods=("POST",))
def set_active(request: ActorRequest, pk: str) -> HttpResponseBase:
    """Deactivate or activate."""
    is_active = request.POST.get("is_active") == "true"
    change = actions.activate_members if is_active else actions.deactivate_members
    change(request.actor, member_ids=[pk])
    text = _("User activated") if is_active else _("User deactivated; sessions and tokens have ended")
    return respond.redirect_with_toast(
        request, reverse("accounts:user", args=[pk]), text, undo=undo_token(request.actor)
    )


@page("accounts.member.deactivate", methods=("POST",))
def deactivate_many(request: ActorRequest) -> HttpResponseBase:
    """The selected rows of the list."""
    ids = request.POST.getlist("ids")
    actions.deactivate_members(request.actor, member_ids=ids)
    text = ngettext("%(count)s user deactivated", "%(count)s users deactivated", len(ids)) % {"count": len(ids)}
    return respond.redirect_with_toast(request, reverse("accounts:users"), text, undo=undo_token(request.actor))


@page("accounts.member.view_as", methods=("POST",))
def view_as(request: ActorRequest) -> HttpResponse:
    """See everything as somebody else, reading only, until left."""
    kind, subject = request.POST.get("kind", "member"), request.POST.get("id", "")
    request.session[VIEW_AS_KEY] = actions.start_view_as(request.actor, kind=kind, subject_id=subject)
    return redirect("/")


@page(None)
def leave_view(request: ActorRequest) -> HttpResponse:
    """Be oneself again. Changes the session only."""
    request.session.pop(VIEW_AS_KEY, None)
    return redirect("accounts:users")


def _user_page(
    request: ActorRequest, pk: str, *, fault: DomainError | None = None, chosen: list[str] | None = None,
    what: str = "", answer: Explanation | None = None,
) -> HttpResponse:  # fmt: skip
    actor = request.actor
    member = queries.member_for(actor, pk)
    held = set(queries.role_ids_of(member.id))
    roles = [
        {"role": role, "is_held": role.public_id in chosen if chosen is not None else role.id in held}
        for role in queries.roles(actor)
    ]
    context: dict[str, Any] = {
        "title": str(member.user), "area": AREA, "crumbs": ((_("Users"), reverse("accounts:users")),),
        "member": member, "roles": roles, "fault": fault, "what": what, "answer": answer,
        "status": queries.STATUSES[queries.state_of(member)], "permissions": sorted(PERMISSIONS),
        "may_set": actor.may("accounts.member.set_roles"), "may_view_as": actor.may("accounts.member.view_as"),
        "may_deactivate": actor.may("accounts.member.deactivate") and member.user_id != actor.user_id,
    }  # fmt: skip
    return respond.page(request, "accounts/user.html", context, status=fault.status if fault else 200)
