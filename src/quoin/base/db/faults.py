"""The database's refusals in words: a constraint's name leads to what the user should read.

Apps register a sentence per constraint; an unknown one is still a Conflict, with the constraint's name.
"""

from __future__ import annotations

from django.db import Error
from django.db.models import ProtectedError

from quoin.base.db.raised import RAISED_WORDS
from quoin.kernel.errors import Conflict, DomainError
from quoin.kernel.words import say

_SENTENCES: dict[str, str] = {}
RAISED = "QN"
"""Class of the SQLSTATEs that Quoin's own triggers raise; their message is meant for people."""


def explain(constraint: str, sentence: str) -> None:
    """Say what a violated constraint means to the user."""
    _SENTENCES[constraint] = sentence


def domain_error(fault: Error) -> DomainError:
    """The refusal as a DomainError; re-raises what is no refusal but a bug."""
    if isinstance(fault, ProtectedError):
        return _protected(fault)
    cause = fault.__cause__
    diagnostic = getattr(cause, "diag", None)
    state = getattr(cause, "sqlstate", None) or ""
    if state.startswith(RAISED):
        said = diagnostic.message_primary if diagnostic else str(fault)
        return Conflict(RAISED_WORDS.read(said or str(fault)))
    constraint = getattr(diagnostic, "constraint_name", None)
    if constraint is None:
        raise fault
    sentence = _SENTENCES.get(constraint)
    return Conflict(sentence or say("The database refused the change (%(constraint)s).", constraint=constraint))


def _protected(fault: ProtectedError) -> Conflict:
    """What Django refused before the database was asked: something else points at the row."""
    for row in fault.protected_objects:
        for field in row._meta.fields:
            if sentence := _SENTENCES.get(f"{row._meta.db_table}_{field.name}_fk"):
                return Conflict(sentence)
    named = sorted({str(row._meta.verbose_name) for row in fault.protected_objects})
    return Conflict(say("It is in use (%(named)s) and stays.", named=", ".join(named)))
