"""Addresses of sign-in, profile, users, roles and settings."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from quoin.accounts.web import enter, options, profile, roles, users, views

_own = [
    path("login/link/<str:token>", enter.link, name="link"),
    path("login/scripts/<str:name>", enter.script, name="script"),
    path("start", enter.start, name="start"),
    path("me/settings", profile.profile, name="profile"),
    path("me/settings/field", profile.save_field, name="profile_field"),
    path("me/settings/tokens", profile.create_token, name="token_create"),
    path("me/settings/tokens/<str:pk>/revoke", profile.revoke_token, name="token_revoke"),
    path("me/settings/sessions/<int:pk>/end", profile.end_session, name="session_end"),
    path("views/change", views.change_view, name="view_change"),
    path("views/<str:list_key>", views.save_view, name="view_save"),
    path("admin/users", users.users, name="users"),
    path("admin/users/invite", users.invite, name="user_invite"),
    path("admin/users/deactivate", users.deactivate_many, name="users_deactivate"),
    path("admin/users/roles", roles.matrix, name="roles"),
    path("admin/users/roles/new", roles.create, name="role_create"),
    path("admin/users/roles/refresh", roles.refresh, name="roles_refresh"),
    path("admin/users/roles/<str:pk>", roles.role, name="role"),
    path("admin/users/roles/<str:pk>/delete", roles.delete, name="role_delete"),
    path("admin/users/<str:pk>", users.user, name="user"),
    path("admin/users/<str:pk>/roles", users.set_roles, name="user_roles"),
    path("admin/users/<str:pk>/active", users.set_active, name="user_active"),
    path("admin/users/<str:pk>/why", users.why, name="user_why"),
    path("admin/view-as", users.view_as, name="view_as"),
    path("view-as/leave", users.leave_view, name="leave_view"),
    path("admin/settings", options.settings_page, name="settings"),
    path("admin/settings/export.yaml", options.export, name="settings_export"),
    path("admin/settings/import", options.read_in, name="settings_import"),
    path("admin/settings/company", options.company, name="company"),
    path("admin/settings/entities/new", options.entity_create, name="entity_create"),
    path("admin/settings/entities/<str:pk>", options.entity, name="entity"),
    path("admin/settings/<str:key>", options.save, name="setting_save"),
    path("admin/settings/<str:key>/reset", options.reset, name="setting_reset"),
]
app_name = "accounts"
urlpatterns = _own
LIBRARY: list[URLPattern | URLResolver] = [
    path("login/", enter.sign_in, name="account_login"),
    path("email/", enter.closed, name="account_email"),
    path("confirm-email/", enter.closed, name="account_email_verification_sent"),
    path("", include("allauth.account.urls")),
    path("two-factor/", include("allauth.mfa.urls")),
]
"""The sign-in library's routes, whose names have no namespace; mounted by site.urls."""
