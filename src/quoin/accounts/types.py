"""Values and errors of accounts."""

from quoin.kernel.errors import DomainError


class TokenRefused(DomainError):
    """The bearer token opens nothing."""

    code = "token_refused"
    status = 401
