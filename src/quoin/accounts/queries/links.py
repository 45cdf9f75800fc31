"""Links that sign a user in once."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from quoin.accounts.models import User
from quoin.kernel.errors import NotFound
from quoin.kernel.words import say

_SALT = "quoin.accounts.link"
LINK_LIFE = timedelta(days=7)


def sign_in_link(user: User) -> str:
    """An address that signs the user in once, within seven days; using it or changing the password ends it."""
    token = signing.dumps([str(user.id), _state(user)], salt=_SALT)
    return f"{settings.QUOIN_URL.rstrip('/')}{reverse('accounts:link', args=[token])}"


def link_for(email: str) -> str:
    """The link of the user with this e-mail."""
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user is None:
        raise NotFound(say("There is no user %(email)s.", email=email))
    return sign_in_link(user)


def user_of_link(token: str) -> User | None:
    """The user whom the link lets in; None if it is not valid, too old or used."""
    try:
        user_id, state = signing.loads(token, salt=_SALT, max_age=LINK_LIFE)
    except signing.BadSignature:
        return None
    user = User.objects.filter(id=user_id, is_active=True).first()
    return user if user is not None and _state(user) == state else None


def _state(user: User) -> str:
    """Changes with each sign-in and each password, so that a link works once."""
    return signing.Signer(salt=_SALT).signature(f"{user.last_login}{user.password}")[:16]
