"""Bytes to tables: encodings, delimiters, quotes, and refusals that name the place and the remedy."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.imports.adapters.files import open_upload
from quoin.imports.adapters.limits import Limits
from quoin.imports.types import BadFile, Level, Upload

TEXT = "Date,Who,Note\n2026-05-04,Jörg Müßig,Größe – 5 €\n"


def cells(upload: Upload) -> list[tuple[str, ...]]:
    return list(zip(*upload.tables[0].columns, strict=True))


def refusal(content: bytes, name: str = "a.csv", limits: Limits | None = None) -> BadFile:
    with pytest.raises(BadFile) as caught:
        open_upload(name, content, limits or Limits())
    return caught.value


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "UTF-16-LE"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "UTF-16-BE"),
        (TEXT.encode("utf-16-le"), "UTF-16-LE"),
        (TEXT.encode("utf-16-be"), "UTF-16-BE"),
        (TEXT.encode("cp1252"), "Windows-1252"),
        (TEXT.replace("–", "-").replace("€", "E").encode("latin-1"), "Windows-1252"),
    ],
)
def test_encodings_are_found(content: bytes, encoding: str) -> None:
    upload = open_upload("a.csv", content)

    assert upload.notes == (f"a.csv: {encoding}, comma, 1 row",)
    assert upload.tables[0].headers == ("Date", "Who", "Note")
    assert cells(upload)[0][:2] == ("2026-05-04", "Jörg Müßig")


def test_a_guessed_encoding_is_said_with_a_sample() -> None:
    finding = open_upload("a.csv", TEXT.encode("cp1252")).findings[0]

    assert (finding.level, finding.code) == (Level.WARNING, "encoding_guessed")
    assert "Jörg Müßig" in finding.message


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (TEXT.encode() + "Jörg".encode("latin-1"), "bad_encoding", f"byte {len(TEXT.encode()) + 1} (0xf6)"),
        (b"a,b\n1,\x81\n", "bad_encoding", "Byte 6 (0x81)"),
        (codecs.BOM_UTF8 + b"a,b\n\xff,1\n", "bad_encoding", "byte 7"),
        (codecs.BOM_UTF32_LE + "a,b".encode("utf-32-le"), "bad_encoding", "UTF-32"),
        (b"a,b\n1,x\0y\n", "nul", "Character 7"),
        (b"", "empty_file", "empty"),
        (b" \n \n", "empty_file", "empty"),
        (b'a,b\n1,"x\n2,3\n', "bad_csv", "line 2"),
        (b'a,b\n1,"x"y\n', "bad_csv", "line 2"),
        (b"%PDF-1.7", "wrong_type", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "wrong_type", "Excel"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place_and_a_remedy(content: bytes, code: str, said: str) -> None:
    finding = refusal(content).finding

    assert (finding.code, said in finding.message, bool(finding.remedy)) == (code, True, True)


@pytest.mark.parametrize(("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_delimiters_are_found_also_with_the_others_in_cells(delimiter: str, name: str) -> None:
    out = io.StringIO()
    rows = [("Date", "Who", "Note"), ("2026-05-04", "Ruiz, Ana", "a; b | c\td"), ("2026-05-05", "Li; Bo", "1,5;2,5")]
    csv.writer(out, delimiter=delimiter).writerows(rows)

    upload = open_upload("a.csv", out.getvalue().encode())

    assert cells(upload) == rows[1:]
    assert upload.notes[0].split(", ")[1] == name


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)] * 3).filter(any),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(",;\t|"),
)
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, ...]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([("alpha", "beta", "gamma"), *rows])

    assert cells(open_upload("a.csv", out.getvalue().encode("utf-8-sig"))) == rows


def test_lines_are_those_of_an_editor() -> None:
    upload = open_upload("a.csv", b'sep=;\r\na;b\r\n1;"x\r\ny"\r\n\r\n2;z\r\n')

    assert (upload.tables[0].header_line, upload.tables[0].lines) == (2, (3, 6))


def test_rows_of_another_width_are_errors_with_their_line() -> None:
    upload = open_upload("a.csv", b"a,b,\n1,2,\n1\n1,2,3\n3,4\n")

    assert cells(upload) == [("1", "2"), ("3", "4")]
    assert [(finding.code, finding.line) for finding in upload.findings] == [("ragged_row", 3), ("ragged_row", 4)]


@pytest.mark.parametrize(
    ("content", "limits", "code"),
    [
        (b"a,b\n" + b"1,2\n" * 11, Limits(rows=10), "too_many_rows"),
        (b",".join(b"h%d" % number for number in range(11)) + b"\n", Limits(columns=10), "too_many_columns"),
        (b"a,b\n1," + b"x" * 101 + b"\n", Limits(cell_characters=100), "cell_too_long"),
        (b"a,b\n1,2\n", Limits(upload_bytes=7), "too_big"),
    ],
)
def test_caps_are_kept(content: bytes, limits: Limits, code: str) -> None:
    assert refusal(content, limits=limits).finding.code == code


@pytest.mark.parametrize("text", ['[{"a": NaN}]', '[{"a": Infinity}]', "[" * 100_000, '{"a":', "[1" + "0" * 5000 + "]"])
def test_bad_json_is_refused(text: str) -> None:
    assert refusal(text.encode(), "a.json").finding.code == "bad_json"


def test_names_with_folders_are_cut_to_the_name() -> None:
    assert open_upload("../../etc/C:\\x\\a.csv", TEXT.encode()).tables[0].file == "a.csv"
