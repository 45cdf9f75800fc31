"""How the sign-in library behaves here: nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from typing_extensions import override


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
