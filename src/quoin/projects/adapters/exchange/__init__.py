"""Plans in the files of other tools: Microsoft Project XML both ways, everything MPXJ reads one way, CSV both ways."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.projects.adapters.exchange.mpx_days import with_hours
from quoin.projects.adapters.exchange.mpxj import SUFFIXES, as_mspdi, missing
from quoin.projects.adapters.exchange.mspdi_read import is_mspdi, read_mspdi
from quoin.projects.adapters.exchange.mspdi_write import write_mspdi
from quoin.projects.adapters.exchange.tables import read_table, write_table
from quoin.projects.adapters.exchange.xml import UnreadablePlan
from quoin.projects.rules.planfile import PlanFile

__all__ = ["UnreadablePlan", "Written", "missing", "read_plan", "write_mspdi", "write_plan", "write_table"]
FORMS = ("mspdi", "csv")


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as a file to keep."""

    content: bytes
    suffix: str
    content_type: str


def write_plan(plan: PlanFile, form: str) -> Written:
    """The plan in one of FORMS; Invalid for another one."""
    if form == "mspdi":
        return Written(write_mspdi(plan), "xml", "application/xml")
    if form == "csv":
        # Spreadsheets read UTF-8 only where a mark says so.
        return Written(("\ufeff" + write_table(plan)).encode(), "csv", "text/csv; charset=utf-8")
    raise invalid("/format", say("A plan goes out as %(forms)s.", forms=" or ".join(FORMS)), code="not_a_choice")


def read_plan(name: str, content: bytes) -> PlanFile:
    """The plan of an uploaded file, by what is in it first and by its name second; Invalid says what to do."""
    if not content.strip():
        raise UnreadablePlan("The file is empty.")
    if is_mspdi(content):
        return read_mspdi(content)
    suffix = Path(name).suffix.lower()
    if suffix == ".mpx":
        return with_hours(read_mspdi(as_mspdi(name, content)))
    if suffix in SUFFIXES or content.lstrip()[:1] == b"<":
        return read_mspdi(as_mspdi(name if suffix in SUFFIXES else "plan.xml", content))
    if suffix in {".csv", ".txt"}:
        return read_table(content)
    raise UnreadablePlan(
        say(
            "%(name)s is not a plan that Quoin reads."
            " Give Microsoft Project XML, CSV, or with MPXJ .mpp, .mpx or .xer.",
            name=name,
        )
    )
