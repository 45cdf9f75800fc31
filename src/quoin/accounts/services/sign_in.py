"""Ending every way in at once."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession

from quoin.accounts.models import ApiToken, Membership


def end_everywhere(member: Membership, now: datetime) -> None:
    """Revoke the tokens of the member and end the sessions of the user."""
    ApiToken.objects.filter(membership=member, revoked_at=None).update(revoked_at=now)
    for session in UserSession.objects.filter(user=member.user):
        session.end()
