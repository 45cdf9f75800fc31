"""Errors of compliance."""

from quoin.kernel.errors import Conflict


class NotUndoable(Conflict):
    """There is no way back, or it was used, or too late."""

    code = "not_undoable"
