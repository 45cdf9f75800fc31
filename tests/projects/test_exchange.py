"""Plans in other tools' files: what is read, what is written, what is refused."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.kernel.errors import Invalid
from quoin.projects.adapters.exchange import mpxj, read_plan, write_mspdi, write_table
from quoin.projects.adapters.exchange.mspdi_read import is_mspdi, read_mspdi
from quoin.projects.adapters.exchange.tables import parse_links, read_table
from quoin.projects.rules.exchange import taken_rows
from quoin.projects.rules.planfile import (
    FileException,
    FileLink,
    FileTask,
    LagUnit,
    LinkKind,
    PlanFile,
    check_plan,
)

_SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "formats" / "msproject_p6"
_FILES = sorted(path for path in _SAMPLES.rglob("*.xml") if is_mspdi(path.read_bytes())) if _SAMPLES.exists() else []
needs_samples = pytest.mark.skipif(not _FILES, reason="shared/data/formats/msproject_p6 is not beside the checkout")


def _sample(name: str) -> bytes:
    return next(path.read_bytes() for path in _FILES if path.name == name)


def _by_day(plan: PlanFile) -> PlanFile:
    """Recurring exceptions as the single days they are written as."""

    def single(one: FileException) -> list[FileException]:
        return [replace(one, first=day, last=day, days=()) for day in one.days] or [one]

    calendars = tuple(
        replace(calendar, exceptions=tuple(part for one in calendar.exceptions for part in single(one)))
        for calendar in plan.calendars
    )
    return replace(plan, calendars=calendars)


@needs_samples
@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_what_is_read_is_written_again(path: Path) -> None:
    first = read_plan(path.name, path.read_bytes())
    again = read_mspdi(write_mspdi(first))
    for one in fields(PlanFile):
        if one.compare:
            assert getattr(again, one.name) == getattr(_by_day(first), one.name), one.name


@needs_samples
def test_there_are_samples_with_links_baselines_assignments_and_exceptions() -> None:
    plans = [read_mspdi(path.read_bytes()) for path in _FILES]
    assert len(plans) >= 45
    assert sum(len(task.links) for plan in plans for task in plan.tasks) == 26
    assert sum(len(task.baselines) for plan in plans for task in plan.tasks) == 10
    assert sum(len(plan.assignments) for plan in plans) >= 16
    assert sum(len(calendar.exceptions) for plan in plans for calendar in plan.calendars) > 25


@needs_samples
def test_links_have_their_kinds_and_lags() -> None:
    plan = read_mspdi(_sample("task-links-project2013-mspdi.xml"))
    found = {(link.kind, link.lag) for task in plan.tasks for link in task.links}
    assert (LinkKind.FINISH_START, 4800) in found
    assert (LinkKind.START_START, 960) in found
    assert (LinkKind.FINISH_FINISH, 960) in found
    assert (LinkKind.START_FINISH, 960) in found


@needs_samples
def test_recurring_exceptions_are_the_days_that_microsoft_project_lists() -> None:
    """The file says its exceptions twice: as rules, and as the days that Project made of them."""
    content = _sample("calendar-recurring-exceptions-project2013-mspdi.xml")
    plan = read_mspdi(content)
    by_rule = {day for one in plan.calendars[0].exceptions for day in one.dates()}
    listed: set[date] = set()
    without_rules = content.replace(b"<Exceptions>", b"<Ignored>").replace(b"</Exceptions>", b"</Ignored>")
    for one in read_mspdi(without_rules).calendars[0].exceptions:
        listed.update(one.dates())
    assert len(listed) > 130
    assert by_rule == listed
    assert all(one.days[-1] == one.last for one in plan.calendars[0].exceptions if one.days)


@needs_samples
def test_what_is_not_kept_is_said() -> None:
    lost = {loss.what: loss.count for loss in read_mspdi(_sample("task-flags-project2016-mspdi.xml")).lost}
    assert lost["Values of custom fields of tasks"] == 21


@needs_samples
@pytest.mark.skipif(bool(mpxj.missing()), reason=f"other formats: {mpxj.missing()}")
@pytest.mark.parametrize("name", ["mpp/task-dates-project2016-mpp14.mpp", "legacy/sample.mpx", "SuccessorCalendar.xer"])
def test_other_formats_come_through_mpxj(name: str) -> None:
    plan = read_plan(name, (_SAMPLES / name).read_bytes())
    assert plan.rows()
    assert plan.work_calendars()


_TWINS = (
    ("task-finishes-project2016-mpp14.mpp", "task-finishes-project2016-mspdi.xml"),
    ("assignment-assignments-project2016-mpp14.mpp", "assignment-assignments-project2019-mspdi.xml"),
    ("task-costs-project98.mpx", "task-costs-project2003-mspdi.xml"),
    ("task-finishes-project98.mpx", "task-finishes-project2013-mspdi.xml"),
    ("task-flags-project98.mpx", "task-flags-project2007-mspdi.xml"),
)
"""The same plan saved by Microsoft Project as it was and as XML."""


@needs_samples
@pytest.mark.skipif(bool(mpxj.missing()), reason=f"other formats: {mpxj.missing()}")
@pytest.mark.parametrize(("name", "twin"), _TWINS, ids=lambda name: name)
def test_a_file_says_the_same_as_its_twin_in_xml(name: str, twin: str) -> None:
    ours, theirs = (read_plan(one, next(_SAMPLES.rglob(one)).read_bytes()) for one in (name, twin))

    for row, wanted in zip(taken_rows(ours), taken_rows(theirs), strict=True):
        names = ("uid", "name", "level", "start", "finish", "duration", "work", "percent", "constraint", "links")
        assert [getattr(row, one) for one in names] == [getattr(wanted, one) for one in names]
    for one, wanted_one in zip(ours.assignments, theirs.assignments, strict=True):
        fields_of = ("task", "resource", "units", "work", "actual_work", "start", "finish")
        assert [getattr(one, part) for part in fields_of] == [getattr(wanted_one, part) for part in fields_of]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("java.lang.UnsupportedClassVersionError: org/mpxj", "Java 17"),
        ("MPXJException: File is password protected", "protected by a password"),
        ("NullPointerException", "save it as XML"),
    ],
)
def test_a_file_that_mpxj_refuses_gets_its_own_remedy(
    said: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("QUOIN_MPXJ", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setattr(mpxj.shutil, "which", lambda _name, path="": str(program) if path else None)

    with pytest.raises(Invalid, match=words):
        read_plan("plan.mpp", b"\xd0\xcf\x11\xe0 binary")


def test_a_row_0_is_not_taken_for_the_project() -> None:
    rows = "".join(
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>T{uid}</Name><OutlineLevel>1</OutlineLevel>{link}</Task>"
        for uid, link in ((0, ""), (1, "<PredecessorLink><PredecessorUID>0</PredecessorUID></PredecessorLink>"))
    )
    plan = read_mspdi(f'<Project xmlns="http://schemas.microsoft.com/project"><Tasks>{rows}</Tasks></Project>'.encode())

    again = read_mspdi(write_mspdi(plan))

    for one in (plan, again):
        first, second = one.rows()
        assert (first.name, second.links[0].predecessor) == ("T0", first.uid)
        assert first.uid


def test_other_formats_without_mpxj_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOIN_MPXJ", "/nowhere")
    with pytest.raises(Invalid, match="pip install mpxj"):
        read_plan("plan.mpp", b"\xd0\xcf\x11\xe0 binary")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.xml", b"", "empty"),
        ("plan.pdf", b"%PDF-1.7", "not a plan"),
        ("plan.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><Project xmlns="http://schemas.microsoft.com/project"/>', "document type"),
        ("plan.xml", b'<Project xmlns="http://schemas.microsoft.com/project"><Tasks>', "well-formed"),
        ("plan.csv", b"title,weeks\nA,1\n", "column 'name'"),
        ("plan.csv", "name\nM\xfcller\n".encode("latin-1"), "UTF-8"),
    ],
)  # fmt: skip
def test_bad_files_get_a_plain_answer(name: str, content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_plan(name, content)


def test_a_bad_value_is_named_with_its_line() -> None:
    content = (
        b'<Project xmlns="http://schemas.microsoft.com/project">\n<Tasks>\n<Task>\n<UID>1</UID>\n'
        b"<Duration>eight hours</Duration>\n</Task></Tasks></Project>"
    )
    with pytest.raises(Invalid, match=r"Line 3: Duration is 'eight hours'.*PT8H0M0S"):
        read_plan("plan.xml", content)


def test_a_link_to_nowhere_is_refused() -> None:
    task = FileTask(uid=1, number=1, name="Dig", level=1, links=(FileLink(9),))
    with pytest.raises(Invalid) as refusal:
        check_plan(PlanFile("Site", tasks=(task,)))
    assert "task 9" in refusal.value.problems[0].detail


def test_a_table_has_outline_links_people_and_milestones() -> None:
    plan = read_table(
        b"number;level;name;duration;predecessors;people;milestone\n"
        b"1;1;Design;;;;\n2;2;Workshops;3d;;Ana [50%];\n3;2;Model;4h;2SS+1d;Ana; \n4;1;Go-live;;3FS-50%;;yes\n"
    )
    design, workshops, model, live = plan.tasks
    assert design.is_summary
    assert not live.is_summary
    assert [task.duration for task in (workshops, model, live)] == [1440, 240, 0]
    assert model.links == (FileLink(2, LinkKind.START_START, 480),)
    assert live.links == (FileLink(3, LinkKind.FINISH_START, -50, LagUnit.PERCENT, 19),)
    assert [(one.task, one.units * 100, one.work) for one in plan.assignments] == [(2, 50, 720), (3, 100, 240)]
    assert [resource.name for resource in plan.resources] == ["Ana"]


def test_wrong_lines_of_a_table_are_listed_together() -> None:
    with pytest.raises(Invalid) as refusal:
        read_table(b"name,duration,predecessors\nA,three,\nB,1d,x9\nC,1d,\n")
    assert [problem.pointer for problem in refusal.value.problems] == ["/lines/2", "/lines/3"]


_LAGS = st.sampled_from([0, 480, -480, 60, 1440, -30, 45, 7200])
_LINKS = st.builds(
    FileLink,
    predecessor=st.just(1),
    kind=st.sampled_from(LinkKind),
    lag=_LAGS,
    unit=st.sampled_from([LagUnit.WORKING, LagUnit.ELAPSED]),
)


@given(
    links=st.lists(_LINKS, max_size=3),
    minutes=st.integers(0, 100_000),
    is_elapsed=st.booleans(),
    name=st.text("=+-'ab@ ,;\n", min_size=1),
)
def test_a_table_reads_back_what_it_wrote(links: list[FileLink], minutes: int, is_elapsed: bool, name: str) -> None:
    name = name.strip() or "x"
    first = FileTask(uid=1, number=1, name=name, level=1, duration=minutes, is_elapsed=is_elapsed)
    start = datetime(2026, 5, 4, 8) + timedelta(minutes=minutes)
    second = FileTask(uid=2, number=2, name="Second", level=1, duration=480, links=tuple(links), start=start)
    got_first, got_second = read_table(write_table(PlanFile("", tasks=(first, second))).encode()).tasks
    assert (got_first.duration, got_first.is_elapsed, got_first.name) == (minutes, is_elapsed, name)
    assert got_second.start == start
    read = [(link.kind, link.lag, link.unit if link.lag else None) for link in got_second.links]
    assert read == [(link.kind, link.lag, link.unit if link.lag else None) for link in links]


@pytest.mark.parametrize("text", ["FS", "3XX", "3FS+", "3+2y", "a"])
def test_a_bad_link_is_quoted(text: str) -> None:
    with pytest.raises(ValueError, match="is not a link"):
        parse_links(text, minutes_per_day=480)
