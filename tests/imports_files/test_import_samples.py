"""Real export files, read whole. The numbers beside each file were taken from it by eye and with awk, not by this code."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from quoin.imports.adapters.files import open_path, open_upload
from quoin.imports.rules.plan import plan
from quoin.imports.rules.planned import Existing, Inventory, Outcome, ValueMapping
from quoin.imports.rules.read import read_export
from quoin.imports.types import DateOrder, Export, ReadOptions, Totals

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "formats" / "timetracking"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample exports are not beside this repository")
MONTH_FIRST = ReadOptions(date_order=DateOrder.MDY)


def sample(name: str, profile: str | None = None, options: ReadOptions | None = None) -> Export:
    return read_export(open_path(SAMPLES / name), profile, options)


def euro(amount: str, currency: str = "EUR") -> tuple[tuple[str, Decimal], ...]:
    return ((currency, Decimal(amount)),)


@pytest.mark.parametrize(
    ("name", "profile", "totals"),
    [
        # 00:00:00 + 01:00:01; one amount of 111.11.
        ("toggl_time_entries_import_test_1.csv", "toggl", Totals(2, Decimal(3601), 60, euro("111.11"))),
        # 00:00:02, no amount column.
        ("toggl_time_entries_import_test_2.csv", "toggl", Totals(1, Decimal(2), 0, ())),
        # 20.0 h + 0.01 h = 72,000 s + 36 s; 1,200 min + 0.6 min rounded to 1; 2,000.0 + 1.0.
        ("harvest_time_entries_import_test_1.csv", "harvest", Totals(2, Decimal(72036), 1201, euro("2001.0"))),
        # 00:00:00 + 01:00:01; both amounts 0.00 USD.
        ("clockify_time_entries_import_test_1.csv", "clockify", Totals(2, Decimal(3601), 60, euro("0.00", "USD"))),
        # 00:30:00; 500.00 EUR.
        ("clockify_time_entries_import_test_2.csv", "clockify", Totals(1, Decimal(1800), 30, euro("500.00"))),
        # 09:23:52 to 09:23:52, and 09:23:00 to 10:23:01.
        ("generic_time_entries_import_test_1.csv", "generic", Totals(2, Decimal(3601), 60, ())),
        ("solidtime_import_test_1", "solidtime", Totals(2, Decimal(3601), 60, ())),
    ],
)
def test_time_samples_have_their_rows_hours_and_money(name: str, profile: str, totals: Totals) -> None:
    found, asked = sample(name, None, MONTH_FIRST), sample(name, profile, MONTH_FIRST)

    assert (found.profile, found.errors, found.rejected) == (profile, (), ())
    assert found.totals == totals
    assert asked.records == found.records
    assert len(found.records.entries) == totals.rows


# clients, people, projects, tasks, counted by eye in each file.
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("toggl_time_entries_import_test_1.csv", (1, 1, 2, 1)),
        ("toggl_data_import_test_1", (2, 1, 3, 2)),
        ("harvest_clients_import_test_1.csv", (2, 0, 0, 0)),
        ("harvest_time_entries_import_test_1.csv", (1, 1, 2, 1)),
        ("clockify_projects_import_test_1.csv", (1, 0, 2, 3)),
        ("clockify_projects_import_test_2.csv", (1, 0, 2, 2)),
        ("clockify_time_entries_import_test_2.csv", (1, 1, 1, 1)),
        ("generic_projects_import_test_1.csv", (2, 0, 3, 0)),
        ("generic_time_entries_import_test_1.csv", (1, 1, 2, 1)),
        ("solidtime_import_test_1", (2, 1, 3, 2)),
    ],
)
def test_samples_have_their_clients_people_projects_and_tasks(name: str, counts: tuple[int, ...]) -> None:
    records = sample(name).records

    assert (len(records.clients), len(records.people), len(records.projects), len(records.tasks)) == counts


def test_the_clockify_sample_that_never_tells_its_dates_is_asked_about() -> None:
    export = sample("clockify_time_entries_import_test_1.csv")

    assert [finding.code for finding in export.errors] == ["ambiguous_dates"]
    assert "03 Apr 2024 or 04 Mar 2024" in export.errors[0].message
    assert "AM and PM suggest month first" in export.errors[0].remedy
    assert (export.totals.seconds, len(export.rejected)) == (Decimal(3601), 2)


def test_what_the_clockify_entry_says() -> None:
    entry = sample("clockify_time_entries_import_test_2.csv").records.entries[0]

    assert (entry.work_on, entry.is_billable, entry.is_invoiced, entry.rate_per_hour, entry.line) == (
        date(2024, 10, 15), True, True, Decimal("1000.00"), 2,
    )  # fmt: skip
    assert entry.note.startswith("\\\\ 🔥 Special characters  ''''''`!@#$%^&*()_+")


def test_what_the_toggl_workspace_says() -> None:
    export = sample("toggl_data_import_test_1", options=ReadOptions(currency="EUR"))

    assert [
        (project.name, project.is_archived, project.rate_per_hour, project.currency)
        for project in export.records.projects
    ] == [
        ("Project without Client", False, None, ""),
        ("Project for Big Company", False, Decimal("100.01"), "EUR"),
        ("Project (Archived)", True, None, ""),
    ]
    # tasks/402.json lists a task of project 403.
    assert [(finding.code, finding.file, finding.line) for finding in export.findings] == [
        ("other_project", "tasks/402.json", 2)
    ]
    assert sample("toggl_data_import_test_1", "toggl").records.clients == export.records.clients


def test_what_the_project_lists_say() -> None:
    first = sample("clockify_projects_import_test_1.csv").records.projects[0]
    generic = sample("generic_projects_import_test_1.csv", options=ReadOptions(currency="EUR")).records.projects

    # 1001.11 h are 60,066.6 minutes. 10001 is in cents. 1000 s are 16.7 minutes.
    assert (first.rate_per_hour, first.currency, first.budget_minutes) == (Decimal("100.01"), "USD", 60067)
    assert [(each.rate_per_hour, each.is_billable, each.budget_minutes, each.is_archived) for each in generic] == [
        (Decimal("100.01"), True, None, False), (None, False, 17, False), (None, True, None, True),
    ]  # fmt: skip


def test_what_the_solidtime_export_says() -> None:
    export = sample("solidtime_import_test_1")

    assert [project.rate_per_hour for project in export.records.projects] == [Decimal("100.01"), None, None]
    assert [(entry.task_key, entry.tags, entry.external_id) for entry in export.records.entries] == [
        ("", ("Development", "Backend"), "solidtime:00aae3be-18fc-462d-bee4-350fb605b2f3"),
        ("big company / project for big company / task 1", (), "solidtime:1c7a905d-aa12-4d08-bc41-7e92577e7cdf"),
    ]
    # Both tasks of the sample have the id b49688a0-94f3-4cb3-9ca1-5003de955fb0.
    assert [(finding.code, finding.file, finding.line) for finding in export.findings] == [
        ("doubled_id", "tasks.csv", 3)
    ]


def test_a_zip_of_the_solidtime_export_is_read_like_its_folder() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted((SAMPLES / "solidtime_import_test_1").iterdir()):
            archive.write(path, path.name)

    assert read_export(open_upload("export.zip", out.getvalue())) == sample("solidtime_import_test_1")


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*[!t]")) if SAMPLES.is_dir() else [], ids=lambda path: path.name)
def test_every_sample_is_planned_and_ties_out(path: Path) -> None:
    export = read_export(open_path(path), None, MONTH_FIRST)
    home = Inventory(clients=(Existing("own", "Own"),), internal_client_id="own")

    made = plan(export, home, ValueMapping())

    assert (made.check.is_tied, made.has_errors) == (True, False)
    # Entries of less than half a minute are nothing to book.
    booked = [entry for entry in export.records.entries if entry.minutes]
    assert [item.entry for item in made.entries if item.outcome is Outcome.NEW] == booked
