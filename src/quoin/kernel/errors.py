"""Errors that a caller can expect. Each has a stable code; the edge maps the class to an HTTP status.

A message names the field and the remedy. Anything that is not a DomainError is a bug and must crash.

Messages are written in English, those with values by `say` (words.py). `detail` and `help` are read in the language
of the moment; `str(error)` and logs are English.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from quoin.kernel.words import Worded


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one field of the input.

    `pointer` is a JSON pointer into the input, for example `/lines/0/quantity`.
    """

    pointer: str
    code: str
    detail: Worded = Worded()  # noqa: RUF009  a descriptor, shared on purpose
    help: Worded = Worded("")  # noqa: RUF009


class DomainError(Exception):
    """Base of the expected failures. `status` is the HTTP status of the edge."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    retryable: ClassVar[bool] = False
    detail = Worded()

    def __init__(self, detail: str = "", *, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(detail or self.code)
        self.detail = detail or self.code
        self.problems = problems


class Forbidden(DomainError):
    """The actor lacks the permission."""

    code = "forbidden"
    status = 403


class NotFound(DomainError):
    """The thing does not exist, or the actor may not know that it does."""

    code = "not_found"
    status = 404


class Conflict(DomainError):
    """The state of the thing does not allow the command, now."""

    code = "conflict"
    status = 409


class Stale(Conflict):
    """Somebody else changed the thing since the caller read it."""

    code = "stale"
    status = 412


class Invalid(DomainError):
    """The input is malformed or breaks a rule; `problems` names the fields."""

    code = "invalid"
    status = 422


def invalid(pointer: str, detail: str, *, code: str = "invalid", remedy: str = "") -> Invalid:
    """An Invalid error about one field."""
    return Invalid(detail, problems=(Problem(pointer, code, detail, remedy),))
