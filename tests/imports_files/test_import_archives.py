"""Zips and workbooks that want to harm: refused fast, by name, and workbooks that are fine: read."""

from __future__ import annotations

import io
import os
import stat
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from quoin.imports.adapters.files import open_path, open_upload
from quoin.imports.adapters.limits import Limits
from quoin.imports.rules.read import read_export
from quoin.imports.types import BadFile, ReadOptions, Totals

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SPARSE = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content, compress_type=method)
    return out.getvalue()


def workbook(rows: str, *, prefix: str = "", strings: str = "") -> bytes:
    """A workbook by hand, with one sheet of these rows."""
    parts = [
        ("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
        ("_rels/.rels", f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'),
        ("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>'),
        ("xl/worksheets/sheet1.xml", f'{prefix}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'),
    ]  # fmt: skip
    return zipped(*((name, text.encode()) for name, text in parts))


def symlink() -> zipfile.ZipInfo:
    member = zipfile.ZipInfo("link.csv")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def encrypted() -> bytes:
    content = bytearray(zipped(("a.csv", b"a,b\n1,2\n")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + offset] |= 1
    return bytes(content)


def overlapping() -> bytes:
    """Two entries of the directory that share one run of bytes, as in Fifield's bomb."""
    content = bytearray(zipped(("a.csv", os.urandom(5000)), ("b.csv", b"x"), method=zipfile.ZIP_STORED))
    second = content.rfind(b"PK\x01\x02")
    content[second + 20 : second + 28] = (5000).to_bytes(4, "little") * 2
    content[second + 42 : second + 46] = (0).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.zip", zipped(("a.csv", b"0" * 60_000_000)), "zip_bomb"),
        ("a.xlsx", workbook("<c/>" * 5_000_000), "zip_bomb"),
        ("a.zip", zipped(*((f"{number}.csv", b"a,b\n") for number in range(1001))), "zip_members"),
        ("a.zip", zipped(("in.zip", zipped(("a.csv", b"a,b\n")))), "zip_nested"),
        ("a.zip", zipped(("in.csv", zipped(("a.csv", b"a,b\n")))), "zip_nested"),
        ("a.zip", zipped(("../a.csv", b"a,b\n")), "zip_slip"),
        ("a.zip", zipped(("/etc/a.csv", b"a,b\n")), "zip_slip"),
        ("a.zip", zipped(("x\\..\\..\\a.csv", b"a,b\n")), "zip_slip"),
        ("a.zip", zipped((symlink(), b"/etc/passwd")), "zip_link"),
        ("a.zip", encrypted(), "zip_encrypted"),
        ("a.zip", overlapping(), "zip_bomb"),
        ("a.zip", zipped(("a.csv", b"a,b\n"), method=zipfile.ZIP_BZIP2), "zip_method"),
        ("a.zip", zipped(("a.csv", b"a,b\n"), ("A.CSV", b"a,b\n")), "zip_doubled"),
        ("a.zip", zipped(("a.csv", b"a,b\n"))[:-30], "bad_zip"),
        ("a.zip", zipped(("a.exe", b"MZ")), "nothing_to_read"),
        ("a.csv", zipped(("a.csv", b"a,b\n")), "wrong_type"),
        ("a.csv", workbook(SPARSE), "wrong_type"),
        ("a.zip", b"a,b\n1,2\n", "wrong_type"),
        ("a.xlsx", b"a,b\n1,2\n", "wrong_type"),
        ("a.xlsx", workbook(SPARSE), "xlsx_memory"),
        ("a.xlsx", workbook("", prefix='<!DOCTYPE x [<!ENTITY a "aaaa">]>'), "xlsx_doctype"),
        ("a.xlsx", workbook("<row"), "bad_xlsx"),
        ("a.xlsx", workbook(""), "empty_file"),
    ],
)  # fmt: skip
def test_harmful_files_are_refused_in_under_a_second(name: str, content: bytes, code: str) -> None:
    started = time.process_time()
    with pytest.raises(BadFile) as caught:
        open_upload(name, content)

    assert (caught.value.finding.code, bool(caught.value.finding.remedy)) == (code, True)
    assert time.process_time() - started < 1


def test_too_many_rows_of_a_sheet_are_refused() -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in range(1, 102))

    with pytest.raises(BadFile, match="101 rows"):
        open_upload("a.xlsx", workbook(rows), Limits(rows=99))


def test_text_that_is_repeated_by_reference_is_counted_each_time() -> None:
    string = "x" * 20_000
    cells = "".join(f'<c r="{chr(65 + number)}1" t="s"><v>0</v></c>' for number in range(26))
    content = workbook(f'<row r="1">{cells}</row>', strings=f"<si><t>{string}</t></si>")

    with pytest.raises(BadFile, match="too much text"):
        open_upload("a.xlsx", content, Limits(unpacked_bytes=400_000))


def test_a_reader_that_runs_out_of_time_is_ended() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 60_000))

    with pytest.raises(BadFile) as caught:
        open_upload("a.xlsx", workbook(rows), Limits(child_seconds=0))

    assert caught.value.finding.code == "xlsx_time"


def test_typed_cells_are_read_without_guessing(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "time.xlsx") as book:
        sheet = book.add_worksheet("May")
        day, clock = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "[h]:mm"})
        sheet.write_row(1, 1, ["Date", "User", "Client", "Project", "Duration", "Amount (EUR)", "Billable"])
        sheet.write_datetime(2, 1, datetime(2026, 4, 3), day)
        sheet.write_row(2, 2, ["Ana Ruiz", "Fjord AS", "Roll-out"])
        sheet.write_number(2, 5, 1.3125, clock)
        sheet.write_row(2, 6, [1.234, True])
        book.add_worksheet("Empty")

    export = read_export(open_path(tmp_path / "time.xlsx"))

    # By hand: 1.3125 days are 31.5 hours, more than a day; 1.234 is neither 1234 nor asked about.
    assert export.totals == Totals(1, Decimal(113_400), 1890, (("EUR", Decimal("1.234")),))
    assert [(finding.code, finding.file, finding.line) for finding in export.findings] == [
        ("too_long", "time.xlsx#May", 3)
    ]
    long = read_export(open_path(tmp_path / "time.xlsx"), options=ReadOptions(longest_minutes=10_000)).records.entries[
        0
    ]
    assert (long.work_on, long.is_billable) == (date(2026, 4, 3), True)


def test_formula_cells_are_flagged_with_row_and_column(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "time.xlsx") as book:
        sheet = book.add_worksheet("May")
        sheet.write_row(0, 0, ["Date", "User", "Project", "Hours", "Sum"])
        sheet.write_row(1, 0, ["2026-05-04", "Ana", "P", 1])
        sheet.write_row(2, 0, ["2026-05-05", "Ana", "P"])
        sheet.write_formula(2, 3, "=1+1", None, 2)
        sheet.write_formula(2, 4, "=SUM(D2:D3)", None, 3)

    refused = read_export(open_path(tmp_path / "time.xlsx"))
    taken = read_export(open_path(tmp_path / "time.xlsx"), options=ReadOptions(formulas_as_text=True))

    assert [(f.code, f.file, f.line, f.column) for f in refused.errors] == [
        ("formula_cell", "time.xlsx#May", 3, "Hours")
    ]
    assert [entry.minutes for entry in refused.records.entries] == [60]
    assert ([entry.minutes for entry in taken.records.entries], taken.errors) == ([60, 120], ())


def test_a_folder_with_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    (tmp_path / "b.csv").symlink_to("/etc/passwd")

    with pytest.raises(BadFile) as caught:
        open_path(tmp_path)

    assert caught.value.finding.code == "folder_link"


def test_folders_and_paths_have_the_caps_of_uploads(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    codes = []
    for path, limits in (
        (tmp_path, Limits(members=2)), (tmp_path, Limits(unpacked_bytes=20)), (tmp_path / "a.csv", Limits(upload_bytes=5)),
        (Path("/dev/null"), Limits()),
    ):  # fmt: skip
        with pytest.raises(BadFile) as caught:
            open_path(path, limits)
        codes.append(caught.value.finding.code)

    assert codes == ["too_many_files", "too_big", "too_big", "not_a_file"]


def test_a_member_whose_bytes_were_changed_is_refused() -> None:
    content = bytearray(zipped(("a.csv", b"alpha,beta\n1,2\n"), method=zipfile.ZIP_STORED))
    content[content.find(b"alpha")] = ord("A")

    with pytest.raises(BadFile) as caught:
        open_upload("a.zip", bytes(content))

    assert caught.value.finding.code == "bad_zip"


def test_a_workbook_named_zip_and_json_without_a_name_are_told_by_content() -> None:
    with pytest.raises(BadFile) as caught:
        open_upload("a.zip", workbook(SPARSE))

    assert caught.value.finding.code == "wrong_type"
    assert open_upload("export", b'[{"a": 1}]').documents[0].content == [{"a": 1}]


def test_a_missing_path_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as caught:
        open_path(tmp_path / "none.csv")

    assert caught.value.finding.code == "no_file"


def test_a_folder_and_its_zip_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("a,b\n1,2\n")
    (tmp_path / "b.csv").write_text("c;d\n3;4\n")
    content = zipped(("b.csv", b"c;d\n3;4\n"), ("in/a.csv", b"a,b\n1,2\n"), ("__MACOSX/._a.csv", b"x"))

    assert open_upload("a.zip", content) == open_path(tmp_path)
