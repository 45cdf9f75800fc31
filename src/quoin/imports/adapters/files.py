"""Opens an upload or a path safely: a CSV, JSON or XLSX file, or a folder or zip of several, with receipts beside them.

What a file is, is told from its first bytes; a name that says something else is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from quoin.imports.adapters.archives import open_archive, read_member
from quoin.imports.adapters.limits import COMMAND_LINE, UPLOAD, Limits
from quoin.imports.adapters.papers import is_paper, paper_of
from quoin.imports.adapters.sheets import read_workbook
from quoin.imports.adapters.text import decode, read_table
from quoin.imports.types import BadFile, Document, Finding, Paper, Table, Upload, bad_file
from quoin.kernel.words import say, say_many

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OTHERS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", say("an old or encrypted Excel file")),
    (b"%PDF", say("a PDF")),
    (b"\x89PNG", say("an image")),
    (b"\xff\xd8\xff", say("an image")),
    (b"GIF8", say("an image")),
    (b"\x1f\x8b", say("a gzip archive")),
    (b"7z\xbc\xaf", say("a 7-Zip archive")),
    (b"Rar!", say("a RAR archive")),
    (b"BZh", say("a bzip2 archive")),
    (b"\xfd7zXZ", say("an xz archive")),
    (b"\x28\xb5\x2f\xfd", say("a Zstandard archive")),
    (b"\x7fELF", say("a program")),
    (b"MZ", say("a program")),
    (b"SQLite format", say("a database")),
)
_TEXT_NAMES = (".csv", ".tsv", ".txt")
_READ = (*_TEXT_NAMES, ".json")
_SHEET = ".xlsx"
_REMEDY = "Upload the export as CSV, XLSX or JSON, or a zip of those."
_WORKBOOK = "xl/workbook.xml"


def open_upload(name: str, content: bytes, limits: Limits = UPLOAD) -> Upload:
    """The tables and documents of an uploaded file; BadFile says why it is refused."""
    file = _base(name)
    if len(content) > limits.upload_bytes:
        raise _too_big(file, len(content), limits)
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return _open_zip(file, content, limits)
    if file.casefold().endswith((".xlsx", ".zip")):
        raise _mistaken(file, content)
    return _joined([_open_text(file, content, limits)])


def open_path(path: Path, limits: Limits = COMMAND_LINE) -> Upload:
    """The same for a file or folder of this machine. Links inside a folder are refused."""
    if path.is_dir():
        return _open_folder(path, limits)
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise bad_file(
                "not_a_file", say("%(name)s is not a file.", name=path.name), "Name a file or a folder.", file=path.name
            )
        if size > limits.upload_bytes:
            raise _too_big(path.name, size, limits)
        return open_upload(path.name, path.read_bytes(), limits)
    except OSError as error:
        raise bad_file(
            "no_file",
            say("%(name)s cannot be read: %(strerror)s.", name=path.name, strerror=error.strerror),
            "Check the path.",
            file=path.name,
        ) from error


def _open_folder(path: Path, limits: Limits) -> Upload:
    """Tables and receipts below the folder, by their path in it."""
    parts: list[Upload] = []
    left = limits.unpacked_bytes
    for number, member in enumerate(sorted(path.rglob("*"))):
        name = member.relative_to(path).as_posix()
        if number >= limits.members:
            raise bad_file(
                "too_many_files",
                say("The folder holds more than %(members)s files.", members=f"{limits.members:,}"),
                _REMEDY,
                file=name,
            )
        if member.is_symlink():
            raise bad_file(
                "folder_link", say("%(name)s is a link.", name=name), "Copy the file into the folder.", file=name
            )
        if member.is_dir() or not (name.casefold().endswith((*_READ, _SHEET)) or is_paper(name)):
            continue
        left -= member.stat().st_size
        if left < 0:
            raise _too_big(name, limits.unpacked_bytes - left, limits)
        parts.append(_open_member(name, member.read_bytes(), limits))
    return _joined(parts)


def _open_zip(file: str, content: bytes, limits: Limits) -> Upload:
    archive, members = open_archive(file, content, limits)
    with archive:
        names = {member.filename for member in members}
        if _WORKBOOK in names:
            if not file.casefold().endswith((".xlsx", ".xlsm")):
                raise _mistaken(file, content)
            return _open_workbook(file, content, limits)
        if not file.casefold().endswith(".zip"):
            raise _mistaken(file, content)
        return _joined(_members(file, archive, members, limits))


def _members(file: str, archive: ZipFile, members: Iterable[ZipInfo], limits: Limits) -> Iterator[Upload]:
    workbooks = 0
    for member in members:
        name = member.filename.casefold()
        if _is_hidden(member.filename) or not (name.endswith((*_READ, _SHEET)) or is_paper(name)):
            continue
        workbooks += name.endswith(_SHEET)
        if workbooks > limits.workbooks:
            raise bad_file(
                "zip_members",
                say("The archive holds more than %(most)s Excel files.", most=limits.workbooks),
                _REMEDY,
                file=file,
            )
        content = read_member(file, archive, member, takes_workbook=name.endswith(_SHEET))
        yield _open_member(member.filename, content, limits)


def _open_member(name: str, content: bytes, limits: Limits) -> Upload:
    """One file of an archive or folder: a receipt, a workbook, or text."""
    if is_paper(name):
        return Upload(papers=(paper_of(name, content),))
    if name.casefold().endswith(_SHEET) and content.startswith(_ZIP):
        return _open_workbook(name, content, limits)
    return _open_text(name, content, limits)


def _open_workbook(file: str, content: bytes, limits: Limits) -> Upload:
    return Upload(tables=read_workbook(file, content, limits), notes=(say("%(file)s: Excel workbook", file=file),))


def _open_text(file: str, content: bytes, limits: Limits) -> Upload:
    for magic, what in _OTHERS:
        if content.startswith(magic):
            raise bad_file("wrong_type", say("%(file)s is %(what)s.", file=file, what=what), _REMEDY, file=file)
    if content.startswith(_ZIP):
        raise _mistaken(file, content)
    if not content.strip():
        raise bad_file("empty_file", say("%(file)s is empty.", file=file), "Export again.", file=file)
    decoded = decode(file, content)
    is_json = decoded.text.lstrip()[:1] in {"{", "["}
    if file.casefold().endswith(".json"):
        return Upload(documents=(_document(file, decoded.text),), notes=(f"{file}: JSON",))
    if is_json and not file.casefold().endswith(_TEXT_NAMES):
        return Upload(documents=(_document(file, decoded.text),), notes=(f"{file}: JSON",))
    table, findings, delimiter = read_table(file, decoded.text, limits)
    return Upload(
        tables=(table,),
        findings=(*decoded.findings, *findings),
        notes=(
            say_many(
                "%(file)s: %(encoding)s, %(delimiter)s, %(rows)s row",
                "%(file)s: %(encoding)s, %(delimiter)s, %(rows)s rows",
                count=len(table.lines),
                file=file,
                encoding=decoded.encoding,
                delimiter=delimiter,
                rows=f"{len(table.lines):,}",
            ),
        ),
    )


def _document(file: str, text: str) -> Document:
    try:
        content: object = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise bad_file(
            "bad_json", say("%(file)s is nested too deeply.", file=file), "Export again.", file=file
        ) from error
    except json.JSONDecodeError as error:
        raise bad_file(
            "bad_json",
            say(
                "%(file)s is not JSON: %(msg)s in line %(lineno)s, column %(colno)s.",
                file=file,
                msg=error.msg,
                lineno=error.lineno,
                colno=error.colno,
            ),
            "Export again.",
            file=file,
            line=error.lineno,
        ) from error
    except ValueError as error:
        raise bad_file(
            "bad_json", say("%(file)s is refused: %(error)s.", file=file, error=str(error)), "Export again.", file=file
        ) from error
    return Document(file, content)


def _refuse_constant(name: str) -> object:
    raise ValueError(say("%(name)s is not a number", name=name))


def _joined(parts: Iterable[Upload]) -> Upload:
    tables: list[Table] = []
    documents: list[Document] = []
    findings: list[Finding] = []
    notes: list[str] = []
    papers: list[Paper] = []
    for part in parts:
        tables.extend(part.tables)
        documents.extend(part.documents)
        findings.extend(part.findings)
        notes.extend(part.notes)
        papers.extend(part.papers)
    if not tables and not documents:
        raise bad_file("nothing_to_read", "There is no CSV, JSON or XLSX file in it.", _REMEDY)
    if papers:
        notes.append(say_many("%(count)s receipt", "%(count)s receipts", count=len(papers)))
    return Upload(tuple(tables), tuple(documents), tuple(findings), tuple(notes), tuple(papers))


def _base(name: str) -> str:
    """The name without any folder, as browsers and attackers may send one."""
    return name.replace("\\", "/").rpartition("/")[2].replace("\0", "")[:200] or "upload"


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _too_big(file: str, size: int, limits: Limits) -> BadFile:
    return bad_file(
        "too_big",
        say(
            "The upload has %(size)s bytes; %(upload_bytes)s is the most.",
            size=f"{size:,}",
            upload_bytes=f"{limits.upload_bytes:,}",
        ),
        "Split it by month or year, or import it on the command line.",
        file=file,
    )


def _mistaken(file: str, content: bytes) -> BadFile:
    is_zip = content.startswith((_ZIP, _EMPTY_ZIP))
    found = say("an archive or a workbook") if is_zip else say("neither an archive nor a workbook")
    return bad_file(
        "wrong_type",
        say("%(file)s is %(found)s, which its name does not say.", file=file, found=found),
        "Give it the ending that fits.",
        file=file,
    )
