"""Errors of compliance."""

from quoin.kernel.errors import Conflict


class NotUndoable(Conflict):
    """There is no way back, or it was used, or too late."""

    code = "not_undoable"


class ExportBroken(Conflict):
    """What was written is not what is in the database."""

    code = "export_broken"


class ExportNotReady(Conflict):
    """The export is still being written."""

    code = "export_not_ready"
