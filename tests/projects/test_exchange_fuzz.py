"""Broken plans: whatever is wrong with a file, the answer is a refusal in words or a plan, never an error."""

from __future__ import annotations

import gzip
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quoin.kernel.errors import DomainError, Invalid
from quoin.kernel.workcal import standard_calendar
from quoin.projects.adapters.exchange import read_plan, write_mspdi, write_table
from quoin.projects.rules.exchange import Answers, merge
from quoin.projects.rules.exchange_calendars import around_the_clock, flat_calendars
from quoin.projects.rules.plan import Plan, PlanProject, calculate
from quoin.projects.rules.planfile import PlanFile
from quoin.projects.types import ScheduleMode

_SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "formats" / "msproject_p6"
_NAMES = ("mspdirelations.xml", "baselines.xml", "mspdinulltasks.xml", "mspdiduration.xml")
_PATHS = [path for path in sorted(_SAMPLES.rglob("*.xml")) if path.name in _NAMES]
needs_samples = pytest.mark.skipif(not _PATHS, reason="shared/data/formats/msproject_p6 is not beside the checkout")
_VALUES = st.sampled_from(
    [b"", b"0", b"-1", b"1", b"7", b"99999999999999999999", b"1e309", b"NaN", b"PT9999999999H0M0S", b"-PT5H0M0S", b"text",
     b"0001-01-01T00:00:00", b"9999-12-31T23:59:00", b"2009-13-45T00:00:00", b"2009-04-01T08:00:00+14:00", b"&#x9;",
     "Ünïcode".encode()]
)  # fmt: skip
_PROJECT, _CLOCK = UUID(int=1), UUID(int=2)


def _through(file: PlanFile) -> None:
    """What an import does with a file, without the database."""
    flat = flat_calendars(file)
    ids = {uid: uuid4() for uid in flat}
    calendars = {None: standard_calendar(), _CLOCK: around_the_clock().calendar()}
    calendars |= {ids[uid]: one.calendar() for uid, one in flat.items()}
    starts = file.start or min((task.start for task in file.rows() if task.start), default=None)
    if starts is None:
        return
    project = PlanProject(
        _PROJECT, "", ScheduleMode.FROM_START, starts.date(), calendar_id=ids.get(file.calendar or -1)
    )
    plan = Plan({_PROJECT: project}, {}, {}, {}, calendars)
    answers = Answers(calendars=ids, around_clock=_CLOCK)
    calculate(merge(plan, _PROJECT, file, answers=answers, new_id=uuid4).plan)
    write_mspdi(file)
    write_table(file)


def _answer(name: str, content: bytes) -> str:
    """What became of the file, in words."""
    try:
        _through(read_plan(name, content))
    except DomainError as refusal:
        return refusal.detail
    return "read"


@needs_samples
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_changed_file_is_read_or_refused(data: st.DataObject) -> None:
    """Some values of elements are replaced: numbers out of range, dates that are none, links in circles."""
    content = data.draw(st.sampled_from(_PATHS)).read_bytes()
    for _ in range(data.draw(st.integers(1, 6))):
        at = content.find(b">", data.draw(st.integers(0, len(content) - 1)))
        end = content.find(b"</", at)
        if at < 0 or end < 0 or b"<" in content[at + 1 : end]:
            continue
        content = content[: at + 1] + data.draw(_VALUES) + content[end:]
    assert _answer("plan.xml", content)


@needs_samples
@settings(max_examples=40, deadline=None)
@given(at=st.floats(0, 1), cut=st.integers(1, 400), junk=st.binary(max_size=20))
def test_a_torn_file_is_read_or_refused(at: float, cut: int, junk: bytes) -> None:
    content = _PATHS[0].read_bytes()
    place = int(at * len(content))
    assert _answer("plan.xml", content[:place] + junk + content[place + cut :])


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.lists(st.text("0123FS+-d%;,e[]= ab\x00'\"\n", max_size=8), min_size=5, max_size=5), max_size=6))
def test_a_table_of_anything_is_read_or_refused(rows: list[list[str]]) -> None:
    lines = ["number,level,name,duration,predecessors", *(",".join(row) for row in rows)]
    assert _answer("plan.csv", "\n".join(lines).encode())


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        b'<Project xmlns="http://schemas.microsoft.com/project"><Name>&b;</Name></Project>',
        b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<Project xmlns="http://schemas.microsoft.com/project"><Name>&x;</Name></Project>',
        b'<Project xmlns="http://schemas.microsoft.com/project">' + b"<a>" * 5000,
        gzip.compress(b'<Project xmlns="http://schemas.microsoft.com/project"/>' * 1000),
        b'<Project xmlns="http://schemas.microsoft.com/project">' + b" " * 60_000_001 + b"</Project>",
    ],
    ids=["entities", "outside file", "depth", "compressed", "size"],
)
def test_bombs_are_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        read_plan("plan.xml", content)
