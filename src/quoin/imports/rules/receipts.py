"""Which file beside a table is the receipt of which row.

A row names its file; a row that names none has the one that is called like its id (`x1.pdf` for `x1`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from quoin.imports.rules.cells import Cells
from quoin.imports.types import Field, Finding, Level, Paper
from quoin.kernel.words import listed, say, say_many

_NAMED = 5
_REMEDY = say("Put the file into the zip beside the table, or empty the cell.")


def receipts_of(cells: Cells, external_ids: Sequence[str], papers: Sequence[Paper]) -> list[Paper | None]:
    """The receipt of each row. A row that names a file which is not there, or is none, is refused."""
    told = cells.read_text(Field.RECEIPT, one_line=True, formulas_as_text=True)
    if not papers:
        _say_missing(cells, sum(map(bool, told)))
        return [None] * cells.rows
    shelf = _Shelf(papers, cells.table.file)
    found: list[Paper | None] = []
    for index, (name, external_id) in enumerate(zip(told, external_ids, strict=True)):
        fitting = shelf.named(name) if name else shelf.called(external_id)
        found.append(fitting[0] if len(fitting) == 1 else None)
        if name and len(fitting) != 1:
            _refuse(cells, index, name, fitting)
        elif fitting and fitting[0].problem:
            cells.refuse(index, "bad_receipt", fitting[0].problem, _REMEDY, value=name)
    return found


def unused(papers: Iterable[Paper], used: Iterable[Paper | None]) -> tuple[Finding, ...]:
    """A warning about files that are no row's receipt."""
    taken = {paper.name for paper in used if paper is not None}
    left = sorted(paper.name for paper in papers if paper.name not in taken)
    if not left:
        return ()
    return (
        Finding(
            Level.WARNING, "unused_receipt",
            say_many(
                "%(count)s file is the receipt of no row: %(names)s.",
                "%(count)s files are the receipt of no row: %(names)s.",
                count=len(left), names=listed(left[:_NAMED]),
            ),
            say("Name it in the column of receipts, or call it like the id of its row."),
        ),
    )  # fmt: skip


class _Shelf:
    """The papers by how rows call them: path, path from the table's folder, name, or the row's id."""

    def __init__(self, papers: Sequence[Paper], table: str) -> None:
        self._folder = _folded(table).rpartition("/")[0]
        self._by_path = {_folded(paper.name): paper for paper in papers}
        self._by_name: defaultdict[str, list[Paper]] = defaultdict(list)
        self._by_stem: defaultdict[str, list[Paper]] = defaultdict(list)
        for paper in papers:
            name = _folded(paper.name).rpartition("/")[2]
            self._by_name[name].append(paper)
            self._by_stem[name.rpartition(".")[0]].append(paper)

    def named(self, told: str) -> list[Paper]:
        """What the cell of a row means."""
        path = _folded(told).removeprefix("./")
        for place in (path, f"{self._folder}/{path}"):
            if place in self._by_path:
                return [self._by_path[place]]
        return self._by_name[path.rpartition("/")[2]]

    def called(self, external_id: str) -> list[Paper]:
        """What is called like the row; two of one name are nobody's."""
        found = self._by_stem[_folded(external_id)] if external_id else []
        return found if len(found) == 1 else []


def _folded(name: str) -> str:
    return name.replace("\\", "/").casefold().strip()


def _refuse(cells: Cells, index: int, name: str, fitting: Sequence[Paper]) -> None:
    if not fitting:
        cells.refuse(index, "no_receipt", say("There is no file %(name)s.", name=repr(name)), _REMEDY, value=name)
        return
    cells.refuse(
        index, "ambiguous_receipt", say("%(count)s files are called %(name)s.", count=len(fitting), name=repr(name)),
        say("Write the file with its folder, as receipts/may/1.pdf."), value=name,
    )  # fmt: skip


def _say_missing(cells: Cells, count: int) -> None:
    if count:
        cells.remark(
            Level.WARNING, "receipts_missing",
            say_many(
                "%(count)s row names a receipt, but only the table was given; it comes in without.",
                "%(count)s rows name receipts, but only the table was given; they come in without.",
                count=count,
            ),
            say("Pack the table and its receipts into one zip to bring them in."),
        )  # fmt: skip
