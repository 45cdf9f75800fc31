"""Users, roles and tokens on the command line, and opening the first firm."""

from __future__ import annotations

import secrets
import sys
from typing import Any

import click
from django.db import transaction
from django.utils.text import slugify

from quoin.accounts import actions
from quoin.accounts.queries import members as queries
from quoin.accounts.queries.explain import explain
from quoin.accounts.queries.links import link_for
from quoin.accounts.queries.reach import asked
from quoin.accounts.queries.standing import tenant_ids
from quoin.accounts.queries.views import default_views, saved_views
from quoin.base.actor import Actor
from quoin.base.clock import utc_now
from quoin.base.console import Session, assignments, self_managed
from quoin.kernel.errors import Conflict, NotFound
from quoin.kernel.ids import public_id


@click.command("init")
@click.option("--name", required=True, help="Name of the firm.")
@click.option("--email", required=True, help="E-mail of the first administrator.")
@click.option("--person", default="", help="Their name.")
@click.option("--currency", default="EUR", show_default=True, help="Currency of the books, as EUR.")
@click.option("--country", default="", help="Country of the company, as DE: opens it, so that invoices can be issued.")
@click.option("--company", default="", help="Its legal name (default: the firm's).")
@click.option("--street", default="", help="Its address, which an invoice must carry.")
@click.option("--postal-code", default="")
@click.option("--city", default="")
@click.option("--vat-id", default="", help="Its VAT id, as DE136695976.")
@click.option("--iban", default="", help="Account that clients pay to.")
@click.option("--language", default="en", show_default=True, help="Language of screens and invoices.")
@click.option("--zone", default="UTC", show_default=True, help="Time zone, as Europe/Berlin.")
@click.option("--password-stdin", is_flag=True, help="Read their password from standard input.")
@click.pass_obj
def init(session: Session, /, **given: Any) -> None:
    """Open a firm with its first administrator; prints a link to sign in."""
    if tenant_ids() and not session.is_sure:
        raise Conflict("This instance has a firm. Add --yes to open another one.")
    password = sys.stdin.readline().strip() if given["password_stdin"] else None
    new = actions.NewTenant(
        name=given["name"], slug=slugify(given["name"]) or secrets.token_hex(4), currency=given["currency"].upper(),
        zone=given["zone"], locale=given["language"],
    )  # fmt: skip
    # A company that is refused leaves no firm behind.
    with transaction.atomic():
        user = actions.new_user(given["email"], given["person"], password)
        actor = actions.create_tenant(new, now=utc_now(), administrator=user)
        company = _first_company(actor, new, given) if given["country"] else None
    session.emit(
        {
            "tenant": new.slug, "tenant_id": str(actor.tenant_id), "email": user.email, "link": link_for(user.email),
            "company": _entity_row(company) if company else None,
        }
    )  # fmt: skip
    for sentence in _missing(company):
        session.say(sentence)


def _first_company(actor: Actor, new: actions.NewTenant, given: dict[str, Any]) -> Any:
    details = {key: given[key] for key in ("street", "postal_code", "city", "vat_id", "iban") if given[key]}
    return actions.open_company(
        actor, firm=new.name, country=given["country"].upper(), currency=new.currency, name=given["company"], **details
    )


def _missing(company: Any) -> list[str]:
    """What the first invoice still needs."""
    if company is None:
        return ["No company is open yet. Add --country DE, or let the first import open it."]
    needed = {"street": "street", "postal_code": "postal code", "city": "city", "vat_id": "VAT id", "iban": "IBAN"}
    open_fields = [name for name in needed if not getattr(company, name)]
    if not open_fields:
        return []
    words = ", ".join(needed[name] for name in open_fields)
    told = " ".join(f"{name}=..." for name in open_fields)
    return [f"Before the first invoice the company needs: {words}. quoin entity edit {company.code} {told}"]


@click.group("user")
def user() -> None:
    """Who may enter."""


@user.command("list")
@click.pass_obj
def list_users(session: Session) -> None:
    """All users with their roles."""
    session.emit([_row(member) for member in queries.members(session.actor).order_by("user__name")])


@user.command("create")
@click.argument("emails", nargs=-1, required=True)
@click.option("--role", "roles", multiple=True, help="Name of a role; may be given more than once.")
@click.option("--reason", default="", help="Why one person may hold duties that belong to two.")
@click.pass_obj
def create_user(session: Session, emails: tuple[str, ...], roles: tuple[str, ...], reason: str) -> None:
    """Invite users: quoin user create ana@halden.example --role Consultant"""
    ids = [_role_id(session, name) for name in roles]
    found = actions.invite_members(session.actor, text="\n".join(emails), role_ids=ids, reason=reason)
    session.emit(
        [
            {"email": one.email, "state": one.state, "link": link_for(one.email) if one.state == "invited" else ""}
            for one in found
        ]
    )


@user.command("disable")
@click.argument("email")
@click.pass_obj
def disable_user(session: Session, email: str) -> None:
    """End all sessions and tokens of the user now."""
    member = _member(session, email)
    session.confirm(f"Deactivate {member.user.email}?")
    actions.deactivate_members(session.actor, member_ids=[member.id])
    session.emit({"email": member.user.email, "is_active": False})


@user.command("login-link")
@click.argument("email")
@click.pass_obj
def login_link(session: Session, email: str) -> None:
    """An address that signs the user in once."""
    session.emit({"email": email, "link": link_for(_member(session, email).user.email)})


@click.group("role")
def role() -> None:
    """What users may do."""


@role.command("list")
@click.pass_obj
def list_roles(session: Session) -> None:
    """All roles."""
    rows = queries.roles(session.actor)
    grants = queries.grants_of_roles([one.id for one in rows])
    session.emit(
        [{"name": one.name, "permissions": len(grants[one.id]), "description": one.description} for one in rows]
    )


@role.command("grant")
@click.argument("email")
@click.argument("roles", nargs=-1, required=True)
@click.option("--reason", default="", help="Why one person may hold duties that belong to two.")
@click.pass_obj
def grant(session: Session, email: str, roles: tuple[str, ...], reason: str) -> None:
    """Let the user hold exactly these roles: quoin role grant ana@halden.example Finance"""
    member = _member(session, email)
    ids = [_role_id(session, name) for name in roles]
    actions.set_roles(session.actor, member_id=member.id, role_ids=ids, reason=reason)
    session.emit({"email": email, "roles": list(roles)})


@role.command("refresh")
@click.pass_obj
def refresh(session: Session) -> None:
    """Give the standard roles the permissions that a new version brought."""
    session.emit(actions.refresh_standard_roles(session.actor))


@role.command("explain")
@click.argument("email")
@click.argument("what")
@click.pass_obj
def explain_role(session: Session, email: str, what: str) -> None:
    """Why may (not) USER: a permission, or the id of a thing (prj_…)."""
    permission, is_visible = asked(what)
    session.emit(explain(_member(session, email), permission, is_visible=is_visible))


@click.group("token")
def token() -> None:
    """API tokens."""


@token.command("list")
@click.pass_obj
def list_tokens(session: Session) -> None:
    """Tokens without their secrets."""
    session.emit(
        [
            {
                "id": one.public_id,
                "name": one.name,
                "owner": one.membership.user.email,
                "expires_at": one.expires_at,
                "revoked_at": one.revoked_at,
                "scopes": one.scopes,
            }
            for one in queries.tokens(session.actor)
        ]
    )


@token.command("create")
@click.option("--name", default="command line", show_default=True)
@click.option("--scope", "scopes", multiple=True, help="A permission, or billing.* for all of an app.")
@click.option("--days", type=int, default=90, show_default=True)
@click.pass_obj
def create_token(session: Session, name: str, scopes: tuple[str, ...], days: int) -> None:
    """A token of --as's user; its secret is shown this once."""
    new = actions.create_token(session.actor, name=name, scopes=scopes, days=days)
    session.emit({"id": public_id("tok", new.token_id), "secret": new.secret})


@token.command("revoke")
@click.argument("token_id")
@click.pass_obj
def revoke_token(session: Session, token_id: str) -> None:
    """End a token now."""
    actions.revoke_token(session.actor, token_id=token_id)
    session.emit({"id": token_id, "revoked": True})


def _member(session: Session, email: str) -> Any:
    found = queries.members(session.actor).filter(user__email=email.lower()).first()
    if found is None:
        raise NotFound(f"There is no user {email} in this firm.")
    return found


def _role_id(session: Session, name: str) -> Any:
    found = next((one.id for one in queries.roles(session.actor) if one.name.casefold() == name.casefold()), None)
    if found is None:
        raise NotFound(f"There is no role {name}. `quoin role list` shows them.")
    return found


def _row(member: Any) -> dict[str, Any]:
    return {
        "name": member.user.name, "email": member.user.email, "roles": member.role_names, "is_active": member.is_active,
        "last_login": member.user.last_login,
    }  # fmt: skip


@click.group("entity")
def entity() -> None:
    """Your companies: who issues the invoices."""


@entity.command("list")
@click.pass_obj
def list_entities(session: Session) -> None:
    """All legal entities."""
    session.emit([_entity_row(one) for one in queries.legal_entities(session.actor)])


@entity.command("edit")
@click.argument("code")
@click.argument("details", nargs=-1, required=True)
@click.pass_obj
def edit_entity(session: Session, code: str, details: tuple[str, ...]) -> None:
    """Change one: quoin entity edit HD street="Hauptstr. 1" city=Berlin postal_code=10115 vat_id=DE136695976"""
    found = next((one for one in queries.legal_entities(session.actor) if one.code.lower() == code.lower()), None)
    if found is None:
        raise NotFound(f"There is no legal entity {code}. quoin entity list shows them.")
    session.emit(_entity_row(actions.edit_legal_entity(session.actor, entity_id=found.id, **assignments(details))))


def _entity_row(one: Any) -> dict[str, Any]:
    names = ("code", "name", "country", "currency", "vat_id", "street", "postal_code", "city", "iban")
    return {**{name: getattr(one, name) for name in names}, "id": one.public_id}


@click.group("view")
def view() -> None:
    """Saved views of lists."""


@view.command("list")
@click.argument("list_key", default="")
@click.pass_obj
def list_views(session: Session, list_key: str) -> None:
    """Own and shared views: quoin view list invoices"""
    chosen = default_views(session.actor)
    session.emit([_view_row(one, chosen) for one in saved_views(session.actor, list_key)])


@view.command("save")
@click.argument("list_key")
@click.argument("name")
@click.option("--query", default="", help="As in the address of the screen: status=open&sort=-due_on")
@click.option("--shared", is_flag=True, help="Everybody may use it.")
@click.option("--default", "is_default", is_flag=True, help="The list opens with it.")
@click.pass_obj
def save_view(session: Session, list_key: str, name: str, query: str, shared: bool, is_default: bool) -> None:
    """Keep filters under a name: quoin view save invoices Late --query state=overdue"""
    made = actions.create_saved_view(
        session.actor, list_key=list_key, name=name, query=query, is_shared=shared, is_default=is_default
    )
    session.emit(_view_row(made, default_views(session.actor)))


@view.command("rename")
@click.argument("view_id")
@click.argument("name")
@click.pass_obj
def rename_view(session: Session, view_id: str, name: str) -> None:
    """Give an own view another name."""
    session.emit(_view_row(actions.edit_saved_view(session.actor, view_id=view_id, name=name), {}))


@view.command("delete")
@click.argument("view_id")
@click.pass_obj
def delete_view(session: Session, view_id: str) -> None:
    """Delete an own view."""
    actions.delete_saved_view(session.actor, view_id=view_id)
    session.emit({"id": view_id, "deleted": True})


def _view_row(one: Any, chosen: dict[str, str]) -> dict[str, Any]:
    return {
        "id": one.public_id, "list": one.list_key, "name": one.name, "query": one.query, "is_shared": one.is_shared,
        "is_default": chosen.get(one.list_key) == one.public_id,
    }  # fmt: skip


COMMANDS: list[click.Command] = [self_managed(init), user, role, token, entity, view]
