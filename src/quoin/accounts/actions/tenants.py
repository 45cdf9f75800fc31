"""Opening a tenant with its standard roles and first administrator, and its own data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation.trans_real import get_supported_language_variant

from quoin.accounts.models import Membership, MembershipRole, Role, Tenant, User
from quoin.accounts.services.roles import create_standard_roles
from quoin.base.actions import PERMISSIONS, action, touch, undo_with
from quoin.base.actor import Actor, Scope, Source
from quoin.base.db.faults import explain
from quoin.kernel.currency import CODES
from quoin.kernel.errors import invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.words import say

explain("accounts_tenant_slug_key", "Another firm of this instance has this short name.")
FIRST_ADMINISTRATOR = "First administrator of a new firm; hand these roles over as the firm grows."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTenant:
    """What a firm starts with."""

    name: str
    slug: str
    currency: str = "EUR"
    zone: str = "UTC"
    locale: str = "en"
    is_demo: bool = False


def new_user(email: str, name: str, password: str | None) -> User:
    """Somebody who can sign in, for the operator and the first-start page; found again if the e-mail is known."""
    user = User.objects.filter(email=email.lower()).first()
    return user or User.objects.create_user(email, password, name=name)


def new_users(people: Iterable[tuple[str, str]], password: str) -> list[User]:
    """Users by (e-mail, name) whose password is one and no secret, as in a demo: it is hashed once for all of them.

    Who is known already keeps what they sign in with, or that they have no password yet.
    """
    wanted = {email.lower(): name for email, name in people}
    known = {user.email: user for user in User.objects.filter(email__in=wanted)}
    hashed = make_password(password)
    found = []
    for email, name in wanted.items():
        user = known.get(email)
        if user is None:
            user = new_user(email, name, None)
            user.password = hashed
            user.save(update_fields=["password"])
        found.append(user)
    return found


def create_tenant(new: NewTenant, *, now: datetime, administrator: User | None = None) -> Actor:
    """Open the firm. Returns a system actor that may do everything in it; the caller is the operator, the
    first-start page or the demo. The administrator also gets the roles that a firm of one needs.
    """
    tenant_id = uuid7()
    actor = Actor(
        tenant_id=tenant_id, grants={"accounts.tenant.create": Scope.ALL}, now=now, name="System", zone=new.zone,
        locale=new.locale, source=Source.SYSTEM, user_id=administrator.id if administrator else None,
    )  # fmt: skip
    _open(actor, new=new, administrator_id=administrator.id if administrator else None)
    return replace(actor, grants=dict.fromkeys(PERMISSIONS, Scope.ALL))


@action("accounts.tenant.create", label=gettext_lazy("Open a firm"))
def _open(actor: Actor, *, new: NewTenant, administrator_id: UUID | None) -> None:
    if new.currency not in CODES:
        raise invalid("/currency", _("This is not an ISO 4217 currency."))
    if new.zone not in available_timezones():
        raise invalid("/zone", _("%(zone)s is not a time zone.") % {"zone": new.zone})
    _check_language(new.locale)
    Tenant.objects.create(
        id=actor.tenant_id, name=new.name, slug=new.slug, currency=new.currency, zone=new.zone, locale=new.locale,
        is_demo=new.is_demo, created_at=actor.now,
    )  # fmt: skip
    roles = create_standard_roles()
    if administrator_id is not None:
        keys = ("administrator", "finance", "project_manager", "executive")
        _join(actor, administrator_id, [roles[key] for key in keys])


def _join(actor: Actor, user_id: UUID, roles: list[Role]) -> None:
    member = Membership.objects.create(
        user_id=user_id, invited_at=actor.now, duties_reason=FIRST_ADMINISTRATOR,
        duties_until=actor.today.replace(day=1, year=actor.today.year + 1),
    )  # fmt: skip
    MembershipRole.objects.bulk_create(MembershipRole(membership=member, role=role) for role in roles)


def _check_language(code: str) -> None:
    """Refuse a language that the product does not speak; a region of one that it does is fine: de-AT."""
    try:
        get_supported_language_variant(code)
    except LookupError:
        known = ", ".join(known for known, _name in settings.LANGUAGES)
        text = say("There is no language %(code)s. There are: %(known)s.", code=repr(code), known=known)
        raise invalid("/locale", text) from None


@action("accounts.tenant.edit", label=gettext_lazy("Edit the firm's own data"))
def edit_tenant(actor: Actor, *, name: str, zone: str, locale: str) -> None:
    """Name, time zone and language; the currency is fixed once books exist."""
    tenant = Tenant.objects.get(id=actor.tenant_id)
    if zone not in available_timezones():
        raise invalid("/zone", _("%(zone)s is not a time zone.") % {"zone": zone})
    if locale != tenant.locale:
        _check_language(locale)
    undo_with("accounts.tenant.edit", name=tenant.name, zone=tenant.zone, locale=tenant.locale)
    tenant.name, tenant.zone, tenant.locale = name.strip() or tenant.name, zone, locale
    tenant.save(update_fields=["name", "zone", "locale"])
    touch("tenant")
