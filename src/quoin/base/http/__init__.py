"""The HTTP edge: the request's actor and transaction, errors as RFC 9457, idempotency, API base."""
