"""Builders of imports: files in, batches out, and counts of all that an import may write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from quoin.catalog.models import Rate, RateCard
from quoin.clients.models import Client
from quoin.imports import actions
from quoin.imports.adapters.opened import Opened, open_bytes, open_file
from quoin.imports.models import ImportLink
from quoin.imports.rules.loading import Answers, EntryStatus, LoadOptions
from quoin.imports.types import DateOrder, ReadOptions
from quoin.people.models import Person
from quoin.projects.models import Project, ProjectMember, Task
from quoin.sales.models import Contract
from quoin.timesheets.models import TimeEntry

if TYPE_CHECKING:
    from decimal import Decimal

    from quoin.imports.models import ImportBatch
    from tests.make.world import World

SAMPLES = Path(__file__).parents[3] / "shared/data/formats/timetracking"
ALL_SAMPLES = (
    "clockify_projects_import_test_1.csv", "clockify_projects_import_test_2.csv",
    "clockify_time_entries_import_test_1.csv", "clockify_time_entries_import_test_2.csv",
    "generic_projects_import_test_1.csv", "generic_time_entries_import_test_1.csv", "harvest_clients_import_test_1.csv",
    "harvest_time_entries_import_test_1.csv", "solidtime_import_test_1", "toggl_data_import_test_1",
    "toggl_time_entries_import_test_1.csv", "toggl_time_entries_import_test_2.csv",
)  # fmt: skip
_WRITTEN = (Client, Person, Project, Task, ProjectMember, Contract, RateCard, Rate, TimeEntry, ImportLink)


def sample(name: str) -> Opened:
    """A sample export; the test is skipped where the samples are not beside the repository."""
    if not SAMPLES.is_dir():
        pytest.skip("the sample exports (../shared/data/formats/timetracking) are not here")
    return open_file(SAMPLES / name)


def csv(*rows: str, name: str = "time.csv") -> Opened:
    """A generic time file."""
    header = "date,user_name,user_email,client,project,task,description,hours,billable,rate,currency"
    return open_bytes(name, ("\n".join([header, *rows]) + "\n").encode())


def answers(
    *, status: str = "open", rate: Decimal | None = None, dates: DateOrder | None = None, **load: Any
) -> Answers:
    """Answers with the usual choices."""
    return Answers(
        read=ReadOptions(date_order=dates), load=LoadOptions(status=EntryStatus(status), rate_per_hour=rate, **load)
    )


def upload(world: World, opened: Opened, *, told: Answers | None = None, profile: str = "") -> ImportBatch:
    return actions.upload_batch(world.actor, opened=opened, profile=profile, answers=told or answers())


def run(world: World, opened: Opened, *, told: Answers | None = None, profile: str = "") -> ImportBatch:
    """Taken in and applied."""
    batch = upload(world, opened, told=told, profile=profile)
    return actions.apply_batch(world.actor, batch_id=batch.id, opened=opened)


def counts(world: World) -> dict[str, int]:
    """How many rows there are of all that an import writes."""
    with world.inside():
        return {model.__name__: model.objects.count() for model in _WRITTEN}
