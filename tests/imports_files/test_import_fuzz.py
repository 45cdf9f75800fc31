"""Anything at all may be uploaded: the answer is records and findings, or a refusal, never a crash."""

from __future__ import annotations

import io
import json
import random
import time
import zipfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quoin.imports.adapters.files import open_upload
from quoin.imports.adapters.limits import COMMAND_LINE
from quoin.imports.rules.detect import PROFILES
from quoin.imports.rules.headers import Profile
from quoin.imports.rules.plan import plan
from quoin.imports.rules.planned import Inventory, ValueMapping
from quoin.imports.rules.read import read_export
from quoin.imports.types import BadFile, Export, Finding, ReadOptions

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "formats" / "timetracking"
NASTY = (b"=1+1", b"-1:00", b"NaN", b"1e308", b"-0", b"99999999999999999999", b"\x00", b"\xff", b'"', b"\n", b"\r", b",",
         b";", b"2024-02-30", b"13/13/2024", b"\xf0\x9f\x94\xa5", b"'", b"\\ud800", b"[]", b"{}", b"null", b"[[", b"true",
         b"", b" ", b"\xe2\x80\xae", b"0000-00-00", b"24:00:00", b"Z", b"+99:99", b"1.234", b"PT1H")  # fmt: skip
QUICK = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def answer(name: str, content: bytes, options: ReadOptions | None) -> Export | Finding:
    """What is read, or why it is refused."""
    try:
        return read_export(open_upload(name, content), None, options)
    except BadFile as refusal:
        return refusal.finding


def swallow(name: str, content: bytes, options: ReadOptions | None = None) -> None:
    """Open, read and plan; a refusal must say what and how to go on."""
    got = answer(name, content, options)
    if isinstance(got, Finding):
        assert all((got.code, got.message, got.remedy))
        return
    made = plan(got, Inventory(), ValueMapping())
    assert made.check.is_tied
    assert all(finding.code and finding.message and finding.remedy for finding in made.findings)


def mutated(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(changed) + 1)
        end = min(len(changed), start + chance.choice((0, 0, 1, 3, 12)))
        changed[start:end] = chance.choice(NASTY)
    return bytes(changed)


def samples() -> Iterable[Path]:
    return sorted(path for path in SAMPLES.glob("*.csv")) if SAMPLES.is_dir() else ()


@QUICK
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.json", "a.xlsx", "a.zip", "a.txt", "", "a"]))
def test_random_bytes_never_crash(content: bytes, name: str) -> None:
    swallow(name, content)


@QUICK
@given(st.sampled_from(PROFILES), st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=6), max_size=5))
def test_random_cells_under_real_headers_never_crash(profile: Profile, rows: list[list[str]]) -> None:
    headers = [rule.names[0] for rule in profile.columns]
    lines = [",".join(headers)]
    for row in rows:
        filled = [
            row[index % len(row)].translate({34: None, 44: None, 10: None, 13: None}) for index in range(len(headers))
        ]
        lines.append(",".join(filled))

    swallow("a.csv", "\n".join(lines).encode("utf-8", "replace"))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample exports are not beside this repository")
@pytest.mark.parametrize("path", samples(), ids=lambda path: path.name)
def test_mutated_samples_never_crash(path: Path) -> None:
    chance = random.Random(path.name)
    content = path.read_bytes()
    for _ in range(400):
        swallow(path.name, mutated(content, chance))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample exports are not beside this repository")
@pytest.mark.parametrize("name", ["solidtime_import_test_1", "toggl_data_import_test_1"])
def test_mutated_bundles_never_crash(name: str) -> None:
    chance = random.Random(name)
    files = {path.relative_to(SAMPLES / name).as_posix(): path.read_bytes() for path in (SAMPLES / name).rglob("*.*")}
    for _ in range(300):
        victim = chance.choice(sorted(files))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for file, content in files.items():
                archive.writestr(file, mutated(content, chance) if file == victim else content)
        swallow("a.zip", out.getvalue(), ReadOptions(currency="EUR"))


@QUICK
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "name", "rate", "project_id", "user", "date", "hours", "project"]), inner, max_size=6),
        max_leaves=12,
    ),
    st.sampled_from(["clients.json", "projects.json", "workspace_users.json", "tasks.json"]),
)  # fmt: skip
def test_random_json_never_crashes(value: object, name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in {"clients.json", "projects.json", name}:
            archive.writestr(file, json.dumps(value))
    swallow("a.zip", out.getvalue())
    swallow("a.json", json.dumps(value).encode())


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_planned_in_seconds() -> None:
    chance = random.Random(1)
    lines = [
        "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount (EUR)"
    ]
    minutes = 0
    for index in range(100_000):
        person, project, lasts = index % 200, chance.randrange(200), chance.randrange(1, 180)
        start = datetime(2024, 1, 1, 8) + timedelta(days=index // 600, hours=index // 200 % 3 * 3)
        end = start + timedelta(minutes=lasts)
        minutes += lasts
        lines.append(
            f"Person {person},p{person}@example.org,Client {project % 40},Project {project},Task {index % 10},Note {index},Yes,"
            f"{start:%Y-%m-%d},{start:%H:%M:%S},{end:%Y-%m-%d},{end:%H:%M:%S},{lasts // 60:02d}:{lasts % 60:02d}:00,,{lasts}.50"
        )
    content = "\n".join(lines).encode()

    started = time.process_time()
    made = plan(read_export(open_upload("a.csv", content, COMMAND_LINE)), Inventory(), ValueMapping())
    spent = time.process_time() - started

    assert (made.check.file.rows, made.check.file.minutes, made.check.is_tied) == (100_000, minutes, True)
    assert spent < 10
