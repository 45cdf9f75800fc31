"""Commands of accounts."""

from quoin.accounts.actions.entities import create_legal_entity, delete_legal_entity, edit_legal_entity, open_company
from quoin.accounts.actions.members import (
    activate_members,
    deactivate_members,
    invite_members,
    set_roles,
    start_view_as,
)
from quoin.accounts.actions.options import reset_option, set_option
from quoin.accounts.actions.profile import edit_profile
from quoin.accounts.actions.roles import create_role, delete_role, edit_role, refresh_standard_roles, set_grant
from quoin.accounts.actions.tenants import NewTenant, create_tenant, edit_tenant, new_user, new_users
from quoin.accounts.actions.tokens import create_token, revoke_token
from quoin.accounts.actions.views import choose_default_view, create_saved_view, delete_saved_view, edit_saved_view

__all__ = [
    "NewTenant", "activate_members", "choose_default_view", "create_legal_entity", "create_role", "create_saved_view",
    "create_tenant", "create_token", "deactivate_members", "delete_legal_entity", "delete_role", "delete_saved_view",
    "edit_legal_entity", "edit_profile", "edit_role", "edit_saved_view", "edit_tenant", "invite_members", "new_user",
    "new_users", "open_company", "refresh_standard_roles", "reset_option", "revoke_token", "set_grant", "set_option",
    "set_roles", "start_view_as",
]  # fmt: skip
