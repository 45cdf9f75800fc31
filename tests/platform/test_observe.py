"""What the instance tells about itself: metrics, slow requests, backups."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client, override_settings

from quoin.base.db.binaries import PostgresError
from quoin.site import backup, observe
from quoin.site.doctor import examine
from tests.make import World
from tests.make.web import signed_in


def test_metrics_exist_only_for_who_has_the_token() -> None:
    client = Client()
    assert client.get("/metrics", headers={"Authorization": "Basic bWV0cmljczo="}).status_code == 404
    with override_settings(QUOIN_METRICS_TOKEN="letmein"):
        assert client.get("/metrics").status_code == 404
        client.get("/healthz")
        answer = client.get("/metrics", headers={"Authorization": "Basic bWV0cmljczpsZXRtZWlu"})
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    assert "quoin_database_up 1.0" in lines
    assert any(line.startswith('quoin_requests_total{method="GET",status="200"}') for line in lines)
    assert any(line.startswith('quoin_request_seconds_count{route="healthz"}') for line in lines)
    assert any(line.startswith('quoin_jobs{state="failed"}') for line in lines)


def test_a_slow_request_is_one_line_without_its_address(world: World, caplog: pytest.LogCaptureFixture) -> None:
    browser = signed_in(world)
    with override_settings(QUOIN_SLOW_MS=0), caplog.at_level(logging.WARNING, logger="quoin.requests"):
        answer = browser.get("/projects?q=secretword")
    (line,) = [record.getMessage() for record in caplog.records if record.name == "quoin.requests"]
    told = json.loads(line)
    assert (told["route"], told["method"], told["status"]) == ("projects", "GET", 200)
    assert told["request_id"] == answer["X-Request-Id"]
    assert told["tenant"] == str(world.tenant_id)
    assert "secretword" not in line
    assert observe.slow_pages()[0].route == "projects"
    assert any(finding["part"] == "slow" and finding["state"] == "look" for finding in examine())


def test_a_backup_holds_the_tables_and_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "state_dir", lambda: tmp_path)
    assert backup.last_backup() is None
    made = backup.make_backup(url=_superuser())
    assert made.tables > 50
    assert Path(made.path).stat().st_size == made.size_bytes
    assert Path(made.path).stat().st_mode & 0o077 == 0
    assert backup.last_backup() == made
    assert backup.age_of(made) < 1


def test_a_backup_that_cannot_be_made_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "state_dir", lambda: tmp_path)
    with pytest.raises(PostgresError, match="--url"):
        backup.make_backup()
    with pytest.raises(PostgresError, match="pg_dump failed"):
        backup.make_backup(url="postgresql://nobody@127.0.0.1:1/none")
    assert backup.last_backup() is None


def _superuser() -> str:
    told: dict[str, Any] = connections["default"].settings_dict
    return f"postgresql://postgres@/{told['NAME']}?host={told['HOST']}"
