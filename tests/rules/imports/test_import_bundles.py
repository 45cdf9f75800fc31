"""Exports of several files, by hand: solidtime's CSV files and Toggl's workspace JSON, with what can be wrong in them."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from quoin.imports.rules.detect import choose
from quoin.imports.rules.profiles import generic
from quoin.imports.rules.read import read_export
from quoin.imports.types import BadFile, Document, Export, ReadOptions, Table, Totals, Upload

SOLIDTIME = {
    "organizations.csv": "id,name,currency\no1,Halden,NOK\n",
    "clients.csv": "id,name,organization_id,archived_at\nc1,Fjord AS,o1,\n",
    "members.csv": "id,user_id,name,email\nm1,u1,Ana Ruiz,ana@example.org\nm2,u2,,bo@example.org\n",
    "projects.csv": (
        "id,name,billable_rate,client_id,is_billable,archived_at\n"
        "p1,Roll-out,95050,c1,true,\np2,Own work,,,false,2026-01-01T00:00:00Z\n"
    ),
    "tasks.csv": "id,name,project_id,done_at\nt1,Migration,p1,\n",
    "tags.csv": "id,name\ng1,remote\n",
    "time_entries.csv": (
        "id,description,start,end,billable_rate,billable,member_id,user_id,project_id,task_id,tags\n"
        'e1,load,2026-05-04T22:30:00Z,2026-05-04T23:45:30Z,95050,true,m1,u1,p1,t1,"[""g1""]"\n'
        "e2,,2026-05-05T08:00:00Z,2026-05-05T08:20:00Z,,false,m2,u2,,,[]\n"
    ),
}
TOGGL = {
    "clients.json": [{"id": 1, "name": "Fjord AS", "archived": False}],
    "projects.json": [{"id": 10, "name": "Roll-out", "client_id": 1, "active": True, "billable": True, "rate": Decimal("95.5"),
                       "currency": "NOK", "estimated_seconds": 7200, "start_date": "2026-01-01"}],
    "workspace_users.json": [{"id": 5, "uid": 50, "name": "Ana Ruiz", "email": "ana@example.org", "active": True}],
    "tasks/10.json": [{"id": 100, "name": "Migration", "project_id": 10, "active": True}],
    "tasks/11.json": None,
}  # fmt: skip


def _solidtime_tables(**changes: tuple[str, str]) -> list[Table]:
    tables = []
    for file, text in SOLIDTIME.items():
        old, new = changes.get(file.removesuffix(".csv"), ("", ""))
        rows = list(csv.reader(io.StringIO(text.replace(old, new, 1) if old else text)))
        tables.append(Table(file, tuple(rows[0]), tuple(range(2, len(rows) + 1)), tuple(zip(*rows[1:], strict=True))))
    return tables


def solidtime(options: ReadOptions | None = None, **changes: tuple[str, str]) -> Export:
    return read_export(Upload(tuple(_solidtime_tables(**changes))), None, options)


def toggl(options: ReadOptions | None = None, **changes: object) -> Export:
    files = TOGGL | {name.replace("__", "/") + ".json": content for name, content in changes.items()}
    documents = tuple(Document(file, content) for file, content in files.items())
    return read_export(Upload(documents=documents), None, options)


def test_a_solidtime_export_is_read_with_its_ids_and_in_the_zone() -> None:
    export = solidtime(ReadOptions(zone="Europe/Oslo"))

    # By hand: 75 min 30 s and 20 min; 00:30 in Oslo is already the 5th; 95,050 øre are 950.50 kroner.
    assert (export.findings, export.totals) == ((), Totals(2, Decimal(5730), 96, ()))
    first, second = export.records.entries
    assert (first.work_on, first.minutes, first.tags, first.rate_per_hour, first.currency) == (
        date(2026, 5, 5), 76, ("remote",), Decimal("950.50"), "NOK",
    )  # fmt: skip
    assert (first.task_key, second.person_key, second.project_key) == (
        "fjord as / roll-out / migration",
        "bo@example.org",
        "",
    )
    assert [person.name for person in export.records.people] == ["Ana Ruiz", "bo@example.org"]
    assert [project.is_archived for project in export.records.projects] == [False, True]


def test_defaults_fill_solidtime_entries_without_project_or_task() -> None:
    entries = solidtime(ReadOptions(default_project="General", default_task="Other")).records.entries

    assert [entry.task_key for entry in entries] == ["fjord as / roll-out / migration", " / general / other"]


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("clients", "Fjord AS", "", [("no_name", "clients.csv", 2), ("dangling", "projects.csv", 2)]),
        ("members", "bo@example.org", "", [("no_name", "members.csv", 3), ("dangling", "time_entries.csv", 3)]),
        ("projects", "Roll-out", " ", [("no_name", "projects.csv", 2), ("dangling", "tasks.csv", 2), ("dangling", "time_entries.csv", 2), ("dangling", "time_entries.csv", 2)]),
        ("projects", "95050", "95.0.5", [("bad_number", "projects.csv", 2)]),
        ("projects", "Own work", "a\ud800", [("bad_text", "projects.csv", 3)]),
        ("projects", "p2", "p1", [("doubled_id", "projects.csv", 3)]),
        ("clients", "c1", "", [("doubled_id", "clients.csv", 2), ("dangling", "projects.csv", 2)]),
        ("members", "m2", "m1", [("doubled_id", "members.csv", 3), ("dangling", "time_entries.csv", 3)]),
        ("tasks", "Migration", "", [("no_name", "tasks.csv", 2), ("dangling", "time_entries.csv", 2)]),
        ("tasks", "p1", "p9", [("dangling", "tasks.csv", 2), ("dangling", "time_entries.csv", 2)]),
        ("time_entries", "m1", "", [("dangling", "time_entries.csv", 2)]),
        ("time_entries", "[]", "{}", [("bad_tags", "time_entries.csv", 3)]),
        ("time_entries", "[]", "[", [("bad_tags", "time_entries.csv", 3)]),
        ("time_entries", "2026-05-05T08:20:00Z", "", [("still_running", "time_entries.csv", 3)]),
        ("time_entries", "2026-05-05T08:20:00Z", "2026-05-07T08:20:00Z", [("too_long", "time_entries.csv", 3)]),
        ("organizations", "NOK", "", [("bad_number", "projects.csv", 2), ("bad_number", "time_entries.csv", 2)]),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_solidtime_export_is_said_with_its_place(
    file: str, old: str, new: str, found: list[tuple[str, str, int]]
) -> None:
    export = solidtime(None, **{file: (old, new)})

    assert sorted((finding.code, finding.file, finding.line) for finding in export.findings) == sorted(found)
    assert all(finding.remedy for finding in export.findings)


def test_the_currency_of_an_export_without_one_can_be_said() -> None:
    export = solidtime(ReadOptions(currency="SEK"), organizations=("NOK", "?"))

    assert ([project.currency for project in export.records.projects], export.errors) == (["SEK", ""], ())


def test_an_export_without_tags_keeps_their_ids() -> None:
    upload = Upload(tuple(table for table in _solidtime_tables() if table.file != "tags.csv"))

    assert read_export(upload).records.entries[0].tags == ("g1",)


def test_a_time_file_without_its_columns_is_refused() -> None:
    with pytest.raises(BadFile, match="lacks start"):
        solidtime(None, time_entries=("start", "begin"))


def test_a_toggl_workspace_is_read() -> None:
    export = toggl()

    assert export.findings == ()
    project = export.records.projects[0]
    assert (project.key, project.external_id, project.rate_per_hour, project.currency, project.budget_minutes, project.starts_on) == (
        "fjord as / roll-out", "toggl:10", Decimal("95.5"), "NOK", 120, date(2026, 1, 1),
    )  # fmt: skip
    assert [(task.key, task.external_id) for task in export.records.tasks] == [
        ("fjord as / roll-out / migration", "toggl:100")
    ]
    assert [(person.email, person.external_id) for person in export.records.people] == [("ana@example.org", "toggl:50")]


@pytest.mark.parametrize(
    ("file", "content", "codes"),
    [
        ("clients", {"id": 1}, ["bad_json", "dangling"]),
        ("clients", [7], ["bad_json", "dangling"]),
        ("clients", [{"id": 1, "name": ""}], ["dangling", "no_name"]),
        ("clients", [{"id": 1, "name": "a\ud800"}], ["dangling", "no_name"]),
        ("workspace_users", [{"id": 5}], ["no_name"]),
        ("projects", [{"id": 10}], ["dangling", "no_name"]),
        ("projects", [{"id": 10, "name": "x", "rate": Decimal("1e9"), "currency": "EUR"}], ["bad_number"]),
        ("projects", [{"id": 10, "name": "x", "rate": 5}], ["no_currency"]),
        ("projects", [{"id": 10, "name": "x", "start_date": "soon", "estimated_seconds": True, "active": 1}], []),
        ("tasks__10", [{"id": 1, "name": "x", "project_id": 99}], ["dangling"]),
        ("tasks__12", [{"id": 1, "name": "x", "project_id": 10}], ["other_project"]),
    ],
)
def test_what_is_wrong_in_a_toggl_workspace_is_said(file: str, content: object, codes: list[str]) -> None:
    export = toggl(None, **{file: content})

    assert sorted(finding.code for finding in export.findings) == codes


def test_a_json_list_of_flat_objects_is_a_table() -> None:
    rows = [
        {
            "date": "2026-05-04",
            "user": "Ana",
            "project": "P",
            "hours": Decimal("1.125"),
            "tags": ["a", "b"],
            "billable": True,
        },
        {"date": "2026-05-05", "user": "Ana", "project": "P", "hours": 2, "note": None, "billable": False},
    ]

    export = read_export(Upload(documents=(Document("t.json", rows),)))

    assert [(entry.seconds, entry.tags, entry.is_billable, entry.line) for entry in export.records.entries] == [
        (Decimal(4050), ("a", "b"), True, 1), (Decimal(7200), (), False, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [{}, [], [1], [{"a": {"b": 1}}], [{"a": [1]}], [{f"h{n}": 1 for n in range(201)}]])
def test_other_json_is_refused(content: object) -> None:
    with pytest.raises(BadFile) as caught:
        read_export(Upload(documents=(Document("t.json", content),)))

    assert caught.value.finding.code == "bad_json"


def test_nothing_is_refused() -> None:
    with pytest.raises(BadFile) as caught:
        read_export(Upload())

    assert caught.value.finding.code == "nothing_to_read"


def test_two_profiles_that_fit_alike_are_asked_about() -> None:
    table = Table("a.csv", ("Client", "Address"), (2,), (("Fjord AS",), ("Oslo",)))

    with pytest.raises(BadFile, match=r"may be generic_clients .* or generic_clients"):
        choose(table, (generic.CLIENTS, generic.CLIENTS), is_asked=False)
