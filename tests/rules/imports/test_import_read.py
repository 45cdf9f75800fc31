"""Exports of each tool as rows of our own: what each column means, and what is said about a bad row."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from quoin.imports.rules.read import read_export
from quoin.imports.types import RAGGED, BadFile, Export, Field, Finding, Level, ReadOptions, Table, Totals, Upload

KIMAI_EN = """\
Date,From,To,Duration,Currency,Price,Internal price,Hourly price,Fixed price,Name,User,E-mail,Staff number,Customer,\
Project,Activity,Description,Billable,Tags,Type,category,Account,Project number,VAT-ID,Order number,cost centre
2026-05-04,09:00,12:30,3.25,EUR,308.75,0,95,,Ana Ruiz,ana,ana@example.org,7,Fjord AS,Roll-out,Migration,"Test load, two",Yes,"a,b",timesheet,work,K-12,1042,DE1,77,x
2026-05-04,13:00,14:00,1,EUR,95,0,95,,Ana Ruiz,ana,ana@example.org,7,Fjord AS,Roll-out,Migration,,No,,timesheet,work,K-12,1042,DE1,77,x
2026-05-05,23:30,00:15,0.75,NOK,0,0,0,,Jo Berg,jo,jo@example.org,,Vega,Support,Calls,,Yes,,timesheet,work,,,,,x
"""
KIMAI_DE = """\
Datum;Von;Bis;Dauer;Währung;Preis;Interner Preis;Preis pro Stunde;Festpreis;Name;Benutzer;E-Mail;Personalnummer;Kunde;\
Projekt;Tätigkeit;Beschreibung;Abrechenbar;Schlagworte;Typ
04.05.2026;09:00;12:30;3:15;EUR;1.308,75;0,00;402,6923;;Ana Ruiz;ana;ana@example.org;7;Fjord AS;Roll-out;Migration;Umzug;Ja;;timesheet
05.05.2026;08:00;08:20;0:20;EUR;31,67;0,00;95,00;;Ana Ruiz;ana;ana@example.org;7;Fjord AS;Roll-out;Migration;;Nein;;timesheet
"""
HARVEST_21 = """\
Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,First Name,Last Name,Employee Id,Roles,\
Employee?,Billable Rate,Billable Amount,Cost Rate,Cost Amount,Currency,External Reference URL
2026-05-04,Fjord AS,Roll-out,1042,Migration,load,1.33,Yes,Yes,Yes,Ana,Ruiz,7,,Yes,95.0,126.35,50.0,66.5,Euro - EUR,
2026-05-04,Fjord AS,Roll-out,1042,Migration,load,1.33,Yes,No,Yes,Ana,Ruiz,7,,Yes,95.0,126.35,50.0,66.5,Euro - EUR,
"""
GENERIC = """\
date,person,email,client,project,task,minutes,billable,note
2026-05-04,Ana Ruiz,ana@example.org,Fjord AS,Roll-out,Migration,90,yes,x
"""


def table_of(text: str, *, delimiter: str = ",", file: str = "time.csv") -> Table:
    """A table of CSV text whose rows are one line each."""
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    return Table(file, tuple(rows[0]), tuple(range(2, 1 + len(rows))), tuple(zip(*rows[1:], strict=True)))


def read(text: str, profile: str | None = None, *, delimiter: str = ",", options: ReadOptions | None = None) -> Export:
    return read_export(Upload((table_of(text, delimiter=delimiter),)), profile, options)


def test_kimai_in_english_is_found_and_read() -> None:
    export = read(KIMAI_EN, options=ReadOptions(zone="Europe/Vienna"))

    # By hand: 3.25 h + 1 h + 0.75 h = 5 h; 308.75 + 95 = 403.75 EUR, 0 NOK.
    assert (export.profile, export.findings) == ("kimai", ())
    assert export.totals == Totals(3, Decimal(18000), 300, (("EUR", Decimal("403.75")), ("NOK", Decimal(0))))
    first, _, last = export.records.entries
    assert (first.work_on, first.minutes, first.note, first.tags, first.is_billable) == (
        date(2026, 5, 4), 195, "Test load, two", ("a", "b"), True,
    )  # fmt: skip
    assert (first.rate_per_hour, first.amount, first.currency) == (Decimal(95), Decimal("308.75"), "EUR")
    assert first.starts_at == datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
    assert last.ends_at == datetime(2026, 5, 5, 22, 15, tzinfo=UTC)
    assert [(person.name, person.email, person.number) for person in export.records.people] == [
        ("Ana Ruiz", "ana@example.org", "7"), ("Jo Berg", "jo@example.org", ""),
    ]  # fmt: skip
    assert [(project.name, project.number, project.client_key) for project in export.records.projects] == [
        ("Roll-out", "1042", "fjord as"), ("Support", "", "vega"),
    ]  # fmt: skip
    assert [(client.name, client.number) for client in export.records.clients] == [("Fjord AS", "K-12"), ("Vega", "")]


def test_kimai_in_german_is_found_and_read() -> None:
    export = read(KIMAI_DE, delimiter=";")

    # By hand: 3:15 + 0:20 = 3:35 = 12,900 s; 1,308.75 + 31.67 = 1,340.42 EUR.
    assert (export.profile, export.findings) == ("kimai", ())
    assert export.totals == Totals(2, Decimal(12900), 215, (("EUR", Decimal("1340.42")),))
    assert [entry.work_on for entry in export.records.entries] == [date(2026, 5, 4), date(2026, 5, 5)]
    assert export.records.entries[0].rate_per_hour == Decimal("402.6923")


def test_harvest_with_21_columns_keeps_equal_rows_apart() -> None:
    export = read(HARVEST_21)

    # By hand: 2 x 1.33 h = 9,576 s; each 4,788 s is 79.8 minutes, so 80, which adds 12 s a row.
    assert (export.profile, export.totals) == (
        "harvest", Totals(2, Decimal(9576), 160, (("EUR", Decimal("252.70")),)),
    )  # fmt: skip
    assert export.totals.rounding_seconds == 24
    first, second = export.records.entries
    assert (first.rounding_seconds, first.is_invoiced, second.is_invoiced) == (Decimal(12), True, False)
    assert second.external_id == f"{first.external_id}-2"
    assert [finding.code for finding in export.findings] == ["repeated_row"]


def test_the_order_of_rows_does_not_change_the_keys() -> None:
    lines = HARVEST_21.replace("load,1.33,Yes,No", "save,2.00,Yes,No").splitlines(keepends=True)
    reordered = "".join([lines[0], lines[2], lines[1]])

    keys = {(entry.note, entry.external_id) for entry in read("".join(lines)).records.entries}
    assert {(entry.note, entry.external_id) for entry in read(reordered).records.entries} == keys


def test_columns_can_be_chosen_by_hand() -> None:
    odd = "when,who,for whom,on what,how long\n2026-05-04,Ana Ruiz,Fjord AS,Roll-out,1:30\n"
    chosen = (("when", Field.DATE), ("who", Field.PERSON), ("For Whom", Field.CLIENT), ("on what", Field.PROJECT))

    export = read(odd, options=ReadOptions(columns=(*chosen, ("how long", Field.DURATION))))

    assert (export.profile, export.totals.minutes, len(export.records.entries)) == ("generic", 90, 1)
    with pytest.raises(BadFile, match="No profile fits"):
        read(odd)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadFile) as caught:
        read("Date,User,Hours\n2026-05-04,Ana,1\n", "harvest")

    assert caught.value.finding.code == "unknown_export"
    assert "project" in caught.value.finding.message


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(BadFile) as caught:
        read(GENERIC.replace("note", "client"), "generic")

    assert caught.value.finding.code == "doubled_header"


def test_an_unknown_profile_lists_those_there_are() -> None:
    with pytest.raises(BadFile, match="toggl, harvest, clockify, kimai, generic"):
        read(GENERIC, "freshbooks")


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ("2026-05-04", "2026-02-30", "bad_date", "date"),
        ("2026-05-04", "", "bad_date", "date"),
        (",90,", ",9x,", "bad_duration", "minutes"),
        (",90,", ",-90,", "bad_duration", "minutes"),
        (",90,", ",,", "bad_duration", "minutes"),
        (",90,", ",1441,", "too_long", ""),
        (",yes,", ",maybe,", "bad_flag", "billable"),
        ("Ana Ruiz,ana@example.org", ",", "no_person", ""),
        (",x", ",=1+1", "formula_cell", "note"),
    ],
)
def test_a_bad_cell_rejects_its_row_with_line_and_column(old: str, new: str, code: str, column: str) -> None:
    good = GENERIC.splitlines()[1].replace("2026-05-04", "2026-05-05").replace(",x", ",y")
    export = read(f"{GENERIC}{good}\n".replace(old, new, 1))

    found = [(finding.code, finding.file, finding.line, finding.column) for finding in export.errors]
    assert found == [(code, "time.csv", 2, column)]
    assert export.errors[0].remedy
    assert ([entry.line for entry in export.records.entries], [row.line for row in export.rejected]) == ([3], [2])
    assert export.totals.rows == 2


def test_notes_that_only_begin_like_formulas_are_kept_and_reported() -> None:
    export = read(GENERIC.replace(",x", ",- fixed it"))

    assert [(finding.level, finding.code) for finding in export.findings] == [(Level.WARNING, "formula_like")]
    assert export.records.entries[0].note == "- fixed it"


def test_formulas_can_be_taken_as_text() -> None:
    export = read(GENERIC.replace(",x", ",=1+1"), options=ReadOptions(formulas_as_text=True))

    assert (export.errors, export.records.entries[0].note) == ((), "=1+1")


def test_a_running_entry_and_a_reversed_one_are_rejected() -> None:
    text = "user,project,start,end\nAna,P,2026-05-04T09:00:00Z,\nAna,P,2026-05-04T09:00:00Z,2026-05-04T08:00:00Z\n"

    assert [(finding.code, finding.line) for finding in read(text).errors] == [
        ("still_running", 2),
        ("negative_duration", 3),
    ]


def test_the_night_of_a_clock_change_is_no_mismatch() -> None:
    # On 29 March 2026 clocks in Vienna go from 02:00 to 03:00: from 01:30 to 03:30 one hour passes.
    text = "date,start time,end time,duration,user,project\n2026-03-29,01:30,03:30,1:00,Ana,P\n2026-03-30,09:00,10:00,1:30,Ana,P\n"

    export = read(text, options=ReadOptions(zone="Europe/Vienna"))

    assert [(finding.code, finding.line) for finding in export.findings] == [("duration_differs", 3)]
    assert [entry.minutes for entry in export.records.entries] == [60, 90]


def test_money_without_a_currency_is_refused_until_it_is_said() -> None:
    text = "date,user,project,hours,amount\n2026-05-04,Ana,P,1,95\n2026-05-05,Ana,P,1,\n"

    assert [(finding.code, finding.line) for finding in read(text).errors] == [("no_currency", 2)]
    assert read(text, options=ReadOptions(currency="EUR")).totals.money == (("EUR", Decimal(95)),)


def test_defaults_fill_rows_without_client_project_or_task() -> None:
    text = "date,user,client,project,task,hours\n2026-05-04,Ana,,,,1\n"
    options = ReadOptions(default_client="Own", default_project="General", default_task="Other")

    assert read(text).records.entries[0].project_key == ""
    assert read(text, options=options).records.entries[0].task_key == "own / general / other"


@pytest.mark.parametrize(
    "options", [ReadOptions(zone="Mars/Base"), ReadOptions(currency="EURO"), ReadOptions(decimal_point=";")]
)
def test_wrong_answers_are_refused(options: ReadOptions) -> None:
    with pytest.raises(BadFile):
        read(GENERIC, options=options)


def test_a_sheet_that_fits_nothing_is_left_out_and_said_beside_one_that_fits() -> None:
    odd = Table("book.xlsx#Notes", ("colour", "taste"), (2,), (("red",), ("sweet",)), is_typed=True)

    export = read_export(Upload((table_of(GENERIC), odd)))

    assert [(finding.level, finding.code, finding.file) for finding in export.findings] == [
        (Level.WARNING, "unknown_export", "book.xlsx#Notes")
    ]
    assert len(export.records.entries) == 1


def test_expenses_among_the_time_are_refused() -> None:
    export = read(KIMAI_EN.replace("timesheet,work,K-12", "expense,work,K-12", 1))

    assert [(finding.code, finding.line) for finding in export.errors] == [("not_time", 2)]
    assert export.warnings == ()


def test_a_header_with_something_else_in_brackets_keeps_it() -> None:
    export = read(GENERIC.replace("note", "Size (ABC)"))

    assert export.records.entries[0].note == ""


def test_a_project_that_a_list_names_twice_is_taken_once() -> None:
    export = read("name,client,rate (EUR)\nRoll-out,Fjord AS,95\nroll-out,fjord as,96\n,Vega,1\n")

    assert [(finding.code, finding.line) for finding in export.findings] == [("no_name", 4), ("twice", 3)]
    assert [project.rate_per_hour for project in export.records.projects] == [Decimal(95)]


def test_clients_are_taken_once_and_need_a_name() -> None:
    export = read("client,number,archived\nFjord AS,1,2026-01-01\nfjord as,2,no\n,3,yes\n")

    assert [(finding.code, finding.line) for finding in export.findings] == [("no_name", 4), ("twice", 3)]
    assert [(client.number, client.is_archived) for client in export.records.clients] == [("1", True)]


def test_dates_and_numbers_of_start_and_end_that_cannot_be_told_stop_the_rows() -> None:
    moments = read("start,end,user,project\n03/04/2024 09:00,03/04/2024 10:00,Ana,P\n")
    hours = read('date,hours,user,project\n2024-03-04,"1,125",Ana,P\n')
    impossible = read("date,hours,user,project\n30/02/2024,1,Ana,P\n")

    assert [finding.code for finding in moments.errors] == ["ambiguous_dates"]
    assert [finding.code for finding in hours.errors] == ["ambiguous_decimals"]
    assert [finding.code for finding in impossible.errors] == ["bad_date"]
    assert [len(export.rejected) for export in (moments, hours, impossible)] == [1, 1, 1]


def test_columns_chosen_by_hand_that_do_not_suffice_are_refused() -> None:
    with pytest.raises(BadFile, match="No profile fits"):
        read("when,who\n2026-05-04,Ana\n", options=ReadOptions(columns=(("when", Field.DATE),)))


def test_a_day_without_a_time_is_no_start() -> None:
    export = read("start,end,user,project\n2024-03-04,2024-03-04,Ana,P\n")

    assert [(finding.code, finding.column) for finding in export.errors] == [("bad_time", "start"), ("bad_time", "end")]


def test_a_start_with_a_duration_needs_no_end() -> None:
    entry = read("start,duration,user,project\n2024-03-04T09:00:00Z,1:30,Ana,P\n").records.entries[0]

    assert (entry.minutes, entry.ends_at) == (90, datetime(2024, 3, 4, 10, 30, tzinfo=UTC))


def test_an_open_date_of_another_century_is_asked_about_all_the_same() -> None:
    export = read("date,hours,user,project\n03/04/1850,1,Ana,P\n")

    assert [(finding.code, "day first or month first" in finding.message) for finding in export.errors] == [
        ("ambiguous_dates", True)
    ]


def test_a_row_that_was_cut_off_counts_as_rejected() -> None:
    cut = Finding(Level.ERROR, RAGGED, "3 cells", "check", "time.csv", 3)

    export = read_export(Upload((table_of(GENERIC),), findings=(cut,)))

    assert (export.totals.rows, [row.line for row in export.rejected]) == (2, [3])


def test_an_entry_that_ends_when_it_starts_has_no_length_and_is_no_error() -> None:
    clock = read("date,start time,end time,duration,user,project\n2026-05-04,10:00,10:00,0:00,Ana,P\n")
    moments = read("start,end,user,project\n2026-05-04T10:00:00Z,2026-05-04T10:00:00Z,Ana,P\n")

    assert [(export.findings, export.totals.seconds) for export in (clock, moments)] == [((), Decimal(0))] * 2
