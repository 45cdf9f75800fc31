"""From the export of another tool to issued invoices on the command line, for each of the five tools.

The samples are exports as the tools write them; Kimai's is made by hand with the headers of its CSV export.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from quoin.base.console import Form, Session
from quoin.site.cli import Site
from tests.make import World
from tests.make import imports as make
from tests.make.cli import quoin

_HAND_MADE = Path(__file__).parents[1] / "imports/samples"


@dataclass(frozen=True, slots=True)
class Story:
    """A file with the options that it needs, and what it must come to."""

    profile: str
    file: str
    options: tuple[str, ...]
    entries: int
    """New entries; rows without any time are left out."""
    net: Decimal
    """What is invoiced, by hand: hours times the price that the file or `--rate` tells."""


STORIES = (
    Story("toggl", "toggl_time_entries_import_test_1.csv", (), 1, Decimal("111.11")),
    Story("harvest", "harvest_time_entries_import_test_1.csv", ("--rate", "100"), 2, Decimal("1.67")),
    Story("clockify", "clockify_time_entries_import_test_2.csv", (), 1, Decimal("500.00")),
    Story("kimai", "kimai_export.csv", (), 3, Decimal("308.75")),
    Story("solidtime", "solidtime_import_test_1", ("--rate", "95"), 1, Decimal("100.01")),
)


def _path(story: Story) -> Path:
    if story.profile == "kimai":
        return _HAND_MADE / story.file
    if not make.SAMPLES.is_dir():
        pytest.skip("the sample exports (../shared/data/formats/timetracking) are not here")
    return make.SAMPLES / story.file


def _dry(world: World, *words: str) -> Any:
    """What `--dry-run --json` answers."""
    out = io.StringIO()
    session = Session(actor_of=lambda: world.actor, form=Form.JSON, is_sure=True, is_dry_run=True, out=out)
    command = Site("quoin").get_command(None, words[0])  # type: ignore[arg-type]  # it looks only at the name
    assert command is not None
    with session.transaction():
        command.main(args=list(words[1:]), obj=session, standalone_mode=False)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.profile)
def test_export_becomes_invoices_and_figures(world: World, story: Story, tmp_path: Path) -> None:
    words = ("import", "run", str(_path(story)), "--profile", story.profile, "--status", "approved",
             "--approver", world.boss.email, "--country", "DE", "--currency", "EUR", *story.options)  # fmt: skip
    before = make.counts(world)

    shown = _dry(world, *words)
    assert make.counts(world) == before
    done = quoin(world, *words)
    for client in quoin(world, "client", "list"):
        # Exports tell no addresses; an invoice must carry one.
        quoin(world, "client", "edit", client["number"], "street=Weg 1", "city=Bonn", "postal_code=53111")
    run = quoin(world, "bill", "run", "--to", "2024-12-31")
    issued = quoin(world, "bill", "issue", run["id"], "--on", "2026-05-06")
    listed = quoin(world, "invoice", "list")
    projects = quoin(world, "project", "list")
    figures = [
        quoin(world, "figures", "get", "project.margin", "--id", row["number"], "--lines")
        for row in projects
    ]  # fmt: skip
    checks = quoin(world, "check")

    assert (shown["summary"], shown["plan_sha256"]) == (done["summary"], done["plan_sha256"])
    assert done["written"]["entries"] == done["written"]["approved"] == story.entries
    assert issued["refused"] == []
    assert [row["state"] for row in listed] == ["open"]
    assert Decimal(str(listed[0]["net"]["amount"])) == story.net
    number = listed[0]["number"]
    for kind, start in (("pdf", b"%PDF-"), ("xml", b"<")):
        target = tmp_path / f"invoice.{kind}"
        quoin(world, "invoice", kind, number, "--out", str(target))
        assert target.read_bytes().lstrip(b"\xef\xbb\xbf").startswith(start)
    assert etree.parse(tmp_path / "invoice.xml").getroot().tag.endswith("}Invoice")
    assert quoin(world, "import", "reconcile", done["id"])["is_tied"] is True
    for figure in figures:
        value = sum((Decimal(str(one["amount"])) for one in figure["values"]), Decimal(0))
        parts = sum((Decimal(str(line["value"]["amount"])) for line in figure["lines"]), Decimal(0))
        assert value == parts
    assert sum((Decimal(str(one["amount"])) for f in figures for one in f["values"]), Decimal(0)) == story.net
    assert [row for row in checks if not row.get("holds", True)] == []
