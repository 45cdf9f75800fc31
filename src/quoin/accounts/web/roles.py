"""Roles: the matrix of permissions, and one role with what it carries."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quoin.accounts import actions
from quoin.accounts.queries import members as queries
from quoin.accounts.web.users import AREA
from quoin.base.actions import PERMISSIONS, undo_token
from quoin.base.actor import Scope
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.kernel.errors import DomainError

SCOPES = (
    ("", gettext_lazy("no")),
    ("own", gettext_lazy("own")),
    ("team", gettext_lazy("team")),
    ("all", gettext_lazy("all")),
)


@page(queries.SEE_MEMBERS)
def matrix(request: ActorRequest) -> HttpResponseBase:
    """Plain sentences down, roles across, the scope in the cell."""
    roles = queries.roles(request.actor)
    grants = queries.grants_of_roles([role.id for role in roles])
    groups = [
        (
            app,
            [
                {
                    "label": one["label"],
                    "name": one["name"],
                    "cells": [grants[role.id].get(one["name"]) for role in roles],
                }
                for one in rows
            ],
        )
        for app, rows in _by_app({})
    ]
    context = {
        "title": _("Roles"), "area": AREA, "crumbs": ((_("Users"), reverse("accounts:users")),), "roles": roles,
        "groups": groups, "may_create": request.actor.may("accounts.role.create"),
        "may_refresh": request.actor.may("accounts.role.refresh"),
    }  # fmt: skip
    return respond.page(request, "accounts/roles.html", context)


@page(queries.SEE_MEMBERS, methods=("GET", "POST"))
def role(request: ActorRequest, pk: str) -> HttpResponseBase:
    """One role; saving replaces what it carries."""
    found = queries.role_for(request.actor, pk)
    if request.method == "POST":
        try:
            actions.edit_role(request.actor, role_id=found.id, **_given(request))
        except DomainError as fault:
            return _role_page(request, found.name, _chosen(request), found=found, fault=fault)
        return respond.redirect_with_toast(
            request, reverse("accounts:role", args=[pk]), _("Role saved"), undo=undo_token(request.actor)
        )
    grants = {name: scope.name.lower() for name, scope in queries.grants_of_roles([found.id])[found.id].items()}
    return _role_page(request, found.name, grants, found=found)


@page("accounts.role.create", methods=("GET", "POST"))
def create(request: ActorRequest) -> HttpResponseBase:
    """A role of the firm's own."""
    if request.method == "POST":
        try:
            made = actions.create_role(request.actor, **_given(request))
        except DomainError as fault:
            return _role_page(request, _("New role"), _chosen(request), fault=fault)
        url = reverse("accounts:role", args=[made.public_id])
        return respond.redirect_with_toast(request, url, _("Role created"), undo=undo_token(request.actor))
    return _role_page(request, _("New role"), {})


@page("accounts.role.delete", methods=("POST",))
def delete(request: ActorRequest, pk: str) -> HttpResponseBase:
    """Delete a role that nobody holds."""
    actions.delete_role(request.actor, role_id=pk)
    return respond.redirect_with_toast(
        request, reverse("accounts:roles"), _("Role deleted"), undo=undo_token(request.actor)
    )


@page("accounts.role.refresh", methods=("POST",))
def refresh(request: ActorRequest) -> HttpResponseBase:
    """Give the standard roles what a new version brought."""
    added = actions.refresh_standard_roles(request.actor)
    count = sum(map(len, added.values()))
    added_words = ngettext("%(count)s permission added", "%(count)s permissions added", count) % {"count": count}
    text = added_words if count else _("The roles are up to date")
    return respond.redirect_with_toast(request, reverse("accounts:roles"), text)


def _given(request: ActorRequest) -> dict[str, Any]:
    post = request.POST
    return {
        "name": post.get("name", ""), "description": post.get("description", ""), "landing": post.get("landing", ""),
        "grants": _chosen(request),
    }  # fmt: skip


def _chosen(request: ActorRequest) -> dict[str, str]:
    chosen = {name: request.POST.get(f"grant:{name}", "") for name in PERMISSIONS}
    return {name: scope for name, scope in chosen.items() if scope}


def _role_page(
    request: ActorRequest, title: str, grants: Mapping[str, str], *, found: Any = None, fault: DomainError | None = None
) -> HttpResponse:
    context = {
        "title": title, "area": AREA, "crumbs": ((_("Roles"), reverse("accounts:roles")),), "role": found,
        "groups": _by_app(grants), "scopes": SCOPES, "fault": fault,
        "may_edit": request.actor.may("accounts.role.edit" if found else "accounts.role.create"),
        "may_delete": found is not None and request.actor.may("accounts.role.delete"),
        "may_view_as": found is not None and request.actor.may("accounts.member.view_as", Scope.ALL),
    }  # fmt: skip
    return respond.page(request, "accounts/role.html", context, status=fault.status if fault else 200)


def _by_app(grants: Mapping[str, str]) -> list[tuple[str, list[dict[str, Any]]]]:
    ordered = sorted(PERMISSIONS.values(), key=lambda one: (one.name.split(".")[0], not one.is_read, one.name))
    return [
        (app, [{"name": one.name, "label": one.label, "scope": grants.get(one.name, "")} for one in found])
        for app, found in groupby(ordered, key=lambda one: one.name.split(".")[0])
    ]
