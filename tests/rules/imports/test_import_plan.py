"""Plans: outcomes with reasons, sums that tie out, a hash that stands for what would be written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.imports.rules.plan import plan
from quoin.imports.rules.planned import (
    Choice,
    Diff,
    Existing,
    ExistingEntry,
    Inventory,
    Kind,
    Outcome,
    PlanOptions,
    SummaryRow,
    Use,
    ValueMapping,
)
from quoin.imports.rules.read import read_export
from quoin.imports.types import Document, Table, Totals, Upload
from tests.rules.imports.planning import NOTHING, applied, counts, export_of, row


def test_an_empty_house_gets_everything_new() -> None:
    made = plan(export_of(row(1), row(2, start_time="10:00", end_time="11:30", duration="1:30")), Inventory(), NOTHING)

    assert [(line.kind, line.new, line.error) for line in made.summary] == [
        (Kind.CLIENT, 1, 0), (Kind.PERSON, 1, 0), (Kind.PROJECT, 1, 0), (Kind.TASK, 1, 0), (Kind.ENTRY, 2, 0),
    ]  # fmt: skip
    assert made.check.file == Totals(2, Decimal(9000), 150, (("EUR", Decimal(190)),))
    assert dict(made.check.columns)[Outcome.NEW] == made.check.file
    assert made.check.is_tied
    assert not made.has_errors


def test_the_second_run_changes_nothing() -> None:
    export = export_of(
        row(1), row(2, start_time="09:30", end_time="10:30"), row(3, duration="0:00", start_time="", end_time="")
    )
    first = plan(export, Inventory(), NOTHING)

    second = plan(export, applied(first, Inventory()), NOTHING)

    assert counts(second, Kind.ENTRY) == SummaryRow(Kind.ENTRY, same=2, skip=1)
    assert all(line.new == line.change == line.error == 0 for line in second.summary)
    assert second.check.is_tied


def test_a_changed_row_is_a_change_with_old_and_new() -> None:
    there = applied(plan(export_of(row(1)), Inventory(), NOTHING), Inventory())

    made = plan(export_of(row(1, duration="1:15", end_time="10:15", note="y")), there, NOTHING)

    assert made.entries[0].outcome is Outcome.CHANGE
    assert made.entries[0].diffs == (
        Diff("minutes", "60", "75"), Diff("note", "x", "y"),
        Diff("end", "2026-05-04 10:00:00+00:00", "2026-05-04 10:15:00+00:00"),
    )  # fmt: skip


def test_what_is_locked_may_not_change() -> None:
    there = applied(plan(export_of(row(1)), Inventory(), NOTHING), Inventory())
    locked = replace(there, entries=(replace(there.entries[0], locked_because="approved on 2 May"),))

    assert plan(export_of(row(1)), locked, NOTHING).entries[0].outcome is Outcome.SAME
    changed = plan(export_of(row(1, note="y")), locked, NOTHING).entries[0]
    assert (changed.outcome, "approved on 2 May" in changed.reason) == (Outcome.ERROR, True)


def test_an_entry_that_left_the_file_is_reported_and_kept() -> None:
    there = applied(plan(export_of(row(1), row(2, date="2026-05-05")), Inventory(), NOTHING), Inventory())

    made = plan(export_of(row(1), row(3, date="2026-05-06")), there, NOTHING)

    assert made.gone == ("entry-generic:2",)
    assert [finding.code for finding in made.findings] == ["gone"]


def test_a_person_whose_name_fits_two_is_an_error_with_candidates() -> None:
    two = Inventory(people=(Existing("p1", "Ana Ruiz"), Existing("p2", "ana  ruiz")))

    made = plan(export_of(row(1, email="")), two, NOTHING)

    person = next(item for item in made.records if item.kind is Kind.PERSON)
    assert (person.outcome, [candidate.id for candidate in person.candidates]) == (Outcome.ERROR, ["p1", "p2"])
    assert counts(made, Kind.ENTRY) == SummaryRow(Kind.ENTRY, error=1)
    assert made.check.is_tied


@pytest.mark.parametrize(
    ("name", "email", "people", "expected"),
    [
        ("A. Ruiz", "", [("p1", "Ana Ruiz", ""), ("p2", "Alba Ruiz", "")], (Outcome.ERROR, "", 2)),
        ("A. Ruiz", "", [("p1", "Ana Ruiz", "")], (Outcome.ERROR, "", 1)),
        ("Ruiz, Ana", "", [("p1", "Ana Ruiz", "")], (Outcome.ERROR, "", 1)),
        ("Ana Ruiz", "ana@home.example", [("p1", "Ana Ruiz", "ana@work.example")], (Outcome.ERROR, "", 1)),
        ("Ana Ruiz", "ana@work.example", [("p1", "Ana Ruiz", "")], (Outcome.SAME, "p1", 0)),
        ("Anita", "ANA@work.example", [("p1", "Ana Ruiz", "ana@work.example")], (Outcome.SAME, "p1", 0)),
        ("Ana Ruiz", "", [("p1", "ANA RUIZ", "ana@work.example")], (Outcome.SAME, "p1", 0)),
        ("Bo Li", "", [("p1", "Ana Ruiz", "")], (Outcome.NEW, "", 0)),
    ],
)
def test_people_are_matched_surely_or_asked_about(
    name: str, email: str, people: list[tuple[str, str, str]], expected: tuple[Outcome, str, int]
) -> None:
    there = Inventory(people=tuple(Existing(own, full, email=mail) for own, full, mail in people))

    made = plan(export_of(row(1, user=name, email=email)), there, NOTHING)

    person = next(item for item in made.records if item.kind is Kind.PERSON)
    assert (person.outcome, person.existing_id, len(person.candidates)) == expected


def test_decisions_come_before_matches() -> None:
    two = Inventory(people=(Existing("p1", "Ana Ruiz"), Existing("p2", "Ana Ruiz")))
    export = export_of(row(1, email=""))

    used = plan(export, two, ValueMapping(people=(("ana ruiz", Use("p2")),)))
    created = plan(export, two, ValueMapping(people=(("ana ruiz", Choice.CREATE),)))
    skipped = plan(export, two, ValueMapping(people=(("ana ruiz", Choice.SKIP),)))
    lost = plan(export, two, ValueMapping(people=(("ana ruiz", Use("p3")),)))

    assert (Kind.PERSON, "ana ruiz", "p2") in used.ids
    assert [counts(made, Kind.ENTRY) for made in (used, created, skipped, lost)] == [
        SummaryRow(Kind.ENTRY, new=1), SummaryRow(Kind.ENTRY, new=1), SummaryRow(Kind.ENTRY, skip=1),
        SummaryRow(Kind.ENTRY, error=1),
    ]  # fmt: skip


def test_what_nothing_matches_can_be_asked_about() -> None:
    made = plan(export_of(row(1)), Inventory(), NOTHING, PlanOptions(unknown_projects=Choice.ASK))

    assert counts(made, Kind.PROJECT) == SummaryRow(Kind.PROJECT, error=1)
    assert counts(made, Kind.ENTRY) == SummaryRow(Kind.ENTRY, error=1)


def test_a_project_without_client_goes_to_the_internal_client() -> None:
    export = export_of(row(1, client=""))

    assert counts(plan(export, Inventory(), NOTHING), Kind.PROJECT).error == 1
    at_home = Inventory(clients=(Existing("own", "Halden Group"),), internal_client_id="own")
    made = plan(export, at_home, NOTHING)
    assert counts(made, Kind.PROJECT).new == 1
    assert counts(plan(export, applied(made, at_home), NOTHING), Kind.PROJECT).same == 1


def test_an_entry_without_project_needs_a_decision() -> None:
    export = export_of(row(1, project=""))

    assert plan(export, Inventory(), NOTHING).entries[0].outcome is Outcome.ERROR
    assert plan(export, Inventory(), ValueMapping(projects=(("", Choice.SKIP),))).entries[0].outcome is Outcome.SKIP
    assert plan(export, Inventory(), ValueMapping(projects=(("", Use("x")),))).entries[0].outcome is Outcome.NEW


def test_a_project_is_matched_by_number_and_its_fields_are_compared() -> None:
    headers = ("Name", "Number", "Client", "Rate (EUR)", "Budget hours")
    table = Table("p.csv", headers, (2,), (("Fjord ERP",), ("1042",), ("Fjord AS",), ("95.50",), ("120",)))
    there = Inventory(
        clients=(Existing("c1", "Fjord AS"),),
        projects=(
            Existing(
                "j1", "Fjord ERP old", "c1", "1042", values=(("budget_minutes", "6000"), ("rate_per_hour", "95.5"))
            ),
            Existing("j2", "Fjord ERP", "c2", "7"),
        ),
    )

    made = plan(read_export(Upload((table,))), there, NOTHING)

    project = next(item for item in made.records if item.kind is Kind.PROJECT)
    assert (project.outcome, project.existing_id, project.matched_by, project.diffs) == (
        Outcome.CHANGE, "j1", "number", (Diff("budget_minutes", "6000", "7200"),),
    )  # fmt: skip
    assert (
        plan(read_export(Upload((table,))), there, NOTHING, PlanOptions(takes_changes=False)).records[1].outcome
        is Outcome.SAME
    )


def test_a_number_that_two_records_have_is_asked_about() -> None:
    export = read_export(Upload((Table("c.csv", ("Client", "Number"), (2,), (("Fjord",), ("K1",))),)))
    there = Inventory(clients=(Existing("c1", "Fjord AS", number="K1"), Existing("c2", "Vega", number="k1")))

    made = plan(export, there, NOTHING)

    assert (made.records[0].outcome, [each.id for each in made.records[0].candidates]) == (Outcome.ERROR, ["c1", "c2"])


def test_a_project_that_moved_at_its_source_is_a_change() -> None:
    documents = (
        Document("clients.json", [{"id": 1, "name": "Vega"}]),
        Document("projects.json", [{"id": 10, "name": "Roll-out", "client_id": 1, "billable": True}]),
    )
    there = Inventory(
        clients=(Existing("c1", "Fjord AS"),),
        projects=(Existing("j1", "Roll-out", "c1", external_ids=("toggl:10",), values=(("is_billable", "no"),)),),
    )

    project = next(
        item
        for item in plan(read_export(Upload(documents=documents)), there, NOTHING).records
        if item.kind is Kind.PROJECT
    )

    assert project.diffs == (Diff("is_billable", "no", "yes"), Diff("client", "c1", "(new)"))


def test_a_number_counts_below_its_client_or_with_its_name() -> None:
    table = Table("p.csv", ("Name", "Number", "Client"), (2,), (("ERP",), ("1042",), ("Vega",)))
    clients = (Existing("c1", "Fjord AS"), Existing("c2", "Vega"))

    def project(existing: Existing) -> tuple[Outcome, str]:
        there = Inventory(clients=clients, projects=(existing,))
        made = plan(read_export(Upload((table,))), there, NOTHING)
        return next((item.outcome, item.matched_by) for item in made.records if item.kind is Kind.PROJECT)

    assert project(Existing("j1", "Other", "c1", "1042")) == (Outcome.NEW, "")
    assert project(Existing("j1", "Other", "c2", "1042")) == (Outcome.SAME, "number")
    assert project(Existing("j1", "ERP", "c1", "1042")) == (Outcome.SAME, "number")


def test_rejected_rows_count_as_errors() -> None:
    made = plan(export_of(row(1), row(2, date="never")), Inventory(), NOTHING)

    assert counts(made, Kind.ENTRY) == SummaryRow(Kind.ENTRY, new=1, error=1)
    assert dict(made.check.columns)[Outcome.ERROR] == Totals(1, Decimal(3600), 60, (("EUR", Decimal(95)),))


def test_decisions_about_clients_projects_and_tasks() -> None:
    export = export_of(row(1))
    there = Inventory(
        clients=(Existing("c1", "X"),), projects=(Existing("j1", "Y", "c1"),), tasks=(Existing("t1", "Z", "j1"),)
    )
    task, project = "fjord as / roll-out / migration", "fjord as / roll-out"

    used = plan(
        export,
        there,
        ValueMapping(clients=(("fjord as", Use("c1")),), projects=((project, Use("j1")),), tasks=((task, Use("t1")),)),
    )
    without_task = plan(export, there, ValueMapping(tasks=((task, Choice.SKIP),)))
    without_client = plan(export, there, ValueMapping(clients=(("fjord as", Choice.SKIP),)))

    assert [item.existing_id for item in used.records] == ["c1", "", "j1", "t1"]
    assert [made.entries[0].outcome for made in (used, without_task, without_client)] == [
        Outcome.NEW,
        Outcome.SKIP,
        Outcome.SKIP,
    ]
    assert [item.outcome for item in without_client.records] == [Outcome.SKIP, Outcome.NEW, Outcome.SKIP, Outcome.SKIP]


def test_a_name_that_two_of_the_file_have_does_not_tell_who_it_is() -> None:
    export = export_of(
        row(1, email="a@example.org"),
        row(2, email="b@example.org", date="2026-05-05"),
        row(3, email="", date="2026-05-06"),
    )

    made = plan(export, Inventory(), NOTHING)

    assert counts(made, Kind.PERSON) == SummaryRow(Kind.PERSON, new=2, error=1)
    assert counts(made, Kind.ENTRY) == SummaryRow(Kind.ENTRY, new=2, error=1)


def test_a_person_with_and_without_mail_in_one_file_is_one() -> None:
    export = export_of(row(1), row(2, email="", date="2026-05-05"))

    assert [(person.key, person.email) for person in export.records.people] == [("ana@example.org", "ana@example.org")]
    assert {entry.person_key for entry in export.records.entries} == {"ana@example.org"}


def test_changes_of_entries_can_be_left_out() -> None:
    there = applied(plan(export_of(row(1)), Inventory(), NOTHING), Inventory())

    made = plan(export_of(row(1, note="y")), there, NOTHING, PlanOptions(takes_changes=False))

    assert (made.entries[0].outcome, made.entries[0].diffs) == (Outcome.SKIP, (Diff("note", "x", "y"),))


def test_times_that_were_taken_away_are_shown_as_nothing() -> None:
    there = applied(plan(export_of(row(1)), Inventory(), NOTHING), Inventory())
    timeless = replace(there, entries=(replace(there.entries[0], starts_at=None, ends_at=None),))

    assert plan(export_of(row(1)), timeless, NOTHING).entries[0].diffs == (
        Diff("start", "", "2026-05-04 09:00:00+00:00"), Diff("end", "", "2026-05-04 10:00:00+00:00"),
    )  # fmt: skip


def test_overlapping_clock_times_are_dropped_and_hours_kept() -> None:
    export = export_of(
        row(1), row(2, start_time="09:30", end_time="10:30"), row(3, start_time="10:00", end_time="11:00"),
        row(4, start_time="09:30", end_time="10:30", user="Bo", email="bo@example.org"),
    )  # fmt: skip

    made = plan(export, Inventory(), NOTHING)

    assert [item.has_times for item in made.entries] == [True, False, True, True]
    assert [(finding.code, finding.line) for finding in made.findings] == [("overlap", 3)]
    assert made.check.is_tied


def test_times_that_other_entries_of_the_person_have_are_not_taken() -> None:
    nine = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
    there = Inventory(
        people=(Existing("p1", "Ana Ruiz", email="ana@example.org"),),
        entries=(ExistingEntry("e1", "", "p1", "j1", "", date(2026, 5, 4), 10, nine, nine + timedelta(minutes=10)),),
    )

    after = row(2, start_time="09:40", end_time="10:00")

    assert [item.has_times for item in plan(export_of(row(1)), there, NOTHING).entries] == [False]
    assert [item.has_times for item in plan(export_of(after), there, NOTHING).entries] == [True]
    assert [item.has_times for item in plan(export_of(row(3, end_time="09:30")), there, NOTHING).entries] == [True]


def test_the_hash_stands_for_what_would_be_written() -> None:
    export = export_of(row(1), row(2, date="2026-05-05"))
    there = Inventory(people=(Existing("p1", "Ana Ruiz", email="ana@example.org"),))

    same = plan(export, Inventory(), NOTHING).sha256
    assert plan(export_of(row(1), row(2, date="2026-05-05")), Inventory(), NOTHING).sha256 == same
    others = {
        plan(export, there, NOTHING).sha256,
        plan(export_of(row(1), row(2, date="2026-05-06")), Inventory(), NOTHING).sha256,
        plan(export_of(row(1), row(2, date="2026-05-05", note="y")), Inventory(), NOTHING).sha256,
        plan(export_of(row(1)), Inventory(), NOTHING).sha256,
        plan(export, Inventory(), ValueMapping(people=(("ana@example.org", Choice.SKIP),))).sha256,
    }
    assert len(others | {same}) == 6
    applied_once = applied(plan(export, Inventory(), NOTHING), Inventory())
    other_ids = replace(applied_once, entries=tuple(replace(each, id=f"x{each.id}") for each in applied_once.entries))
    assert plan(export, applied_once, NOTHING).sha256 != plan(export, other_ids, NOTHING).sha256


ROWS = st.lists(
    st.builds(
        row,
        number=st.integers(1, 12),
        date=st.sampled_from(["2026-05-04", "2026-05-05", "2026-02-30"]),
        start_time=st.sampled_from(["", "08:00", "09:00", "09:30"]),
        end_time=st.just(""),
        duration=st.sampled_from(["0:00:20", "0:30", "1:00:31", "25:00", "x"]),
        user=st.sampled_from(["Ana Ruiz", "Bo Li", "A. Ruiz", ""]),
        email=st.sampled_from(["", "ana@example.org"]),
        client=st.sampled_from(["", "Fjord AS", "fjord as", "Vega"]),
        project=st.sampled_from(["", "Roll-out", "Support"]),
        task=st.sampled_from(["", "Migration"]),
    ),
    min_size=1,
    max_size=12,
)


@given(ROWS, st.booleans())
def test_sums_tie_out_and_a_second_run_is_quiet(rows: list[dict[str, str]], has_home: bool) -> None:
    before = Inventory(clients=(Existing("own", "Own"),), internal_client_id="own") if has_home else Inventory()
    export = export_of(*rows)
    first = plan(export, before, NOTHING)

    second = plan(export, applied(first, before), NOTHING)

    assert first.check.is_tied
    assert second.check.is_tied
    assert first.check.file.rows == len(rows) == len(first.entries) + len(export.rejected)
    wrote = sum(item.outcome is Outcome.NEW for item in first.entries)
    assert counts(second, Kind.ENTRY).same == wrote
    assert counts(second, Kind.ENTRY).new == counts(second, Kind.ENTRY).change == 0
    assert [item.has_times for item in first.entries if item.outcome is Outcome.NEW] == [
        item.has_times for item in second.entries if item.outcome is Outcome.SAME
    ]
