"""Refusing rows that cannot be written, by the file and line that they came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from quoin.kernel.errors import Invalid, Problem
from quoin.kernel.words import say, say_many, unsaid

_LISTED = 50


class ImportRefused(Invalid):
    """The plan has errors, or what is there does not take what it would write; nothing was written."""

    code = "import_refused"


def refuse_rows(fault: Invalid, places: Sequence[tuple[str, int]]) -> NoReturn:
    """`/rows/17/work_on` as the file and line that it came from."""
    problems = []
    for problem in fault.problems[:_LISTED]:
        file, line = places[int(problem.pointer.split("/")[2])]
        detail = say("%(file)s, line %(line)s: %(detail)s", file=file, line=line, detail=unsaid(problem, "detail"))
        problems.append(Problem(f"/files/{file}/{line}", problem.code, detail, unsaid(problem, "help")))
    raise ImportRefused(
        say_many(
            "%(count)s row cannot be written; nothing was. %(detail)s",
            "%(count)s rows cannot be written; nothing was. %(detail)s",
            count=len(fault.problems),
            detail=unsaid(problems[0], "detail"),
        ),
        problems=tuple(problems),
    ) from fault
