"""Sealing of secrets that must be read again (webhook keys): Fernet, AES-128-CBC with HMAC-SHA256.

The first key of QUOIN_SEAL_KEYS seals, all of them open, so that keys are rotated by putting a new one in front.
Passwords and tokens are never sealed but hashed.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_PURPOSE = b"quoin.sealing.1"


class SealBroken(RuntimeError):
    """None of the keys opens the seal: a key was removed too early, or the text was changed."""


def seal(text: str) -> str:
    """The text, readable only with the instance's keys."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed; SealBroken if no key opens it."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken("A sealed secret cannot be opened: is a key missing in QUOIN_SEAL_KEYS?") from None


def reseal(sealed: str) -> str:
    """The same secret under the first key."""
    return _box().rotate(sealed.encode()).decode()


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key(phrase)) for phrase in settings.QUOIN_SEAL_KEYS])


def _key(phrase: str) -> bytes:
    digest = hashlib.blake2b(phrase.encode(), key=_PURPOSE, digest_size=32).digest()
    return base64.urlsafe_b64encode(digest)
