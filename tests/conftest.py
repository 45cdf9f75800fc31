"""Gives every test its database and keeps browser tests honest."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from pytest_django.plugin import blocking_manager_key

from tests import browser, database

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from pytest_django.plugin import DjangoDbBlocker

    from quoin.site.demo import Loaded
    from tests.make import World

TESTS = Path(__file__).parent
# A slow or busy machine is no reason to fail; on the build server the same commit tries the same cases.
settings.register_profile(
    "quoin",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
)
settings.register_profile("nightly", parent=settings.get_profile("quoin"), max_examples=1000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quoin"))
# These tests must pass with no database at all, or start servers of their own.
WITHOUT_DATABASE = ("docs", "rules", "runtime")
_SERVER = pytest.StashKey[database.TestServer]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if browser.chromium_path() is None:
        for item in items:
            if item.get_closest_marker("e2e"):
                item.add_marker(pytest.mark.skip(reason=browser.MISSING))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a browser test that was skipped has failed: nobody looks at a list of skips."""
    report = yield
    if (
        report.skipped
        and not hasattr(report, "wasxfail")
        and item.get_closest_marker("e2e")
        and os.environ.get("CI") == "true"
    ):
        report.outcome = "failed"
        report.longrepr = f"browser test skipped in CI: {report.longrepr}"
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With xdist the controller owns the server; each worker is told where it is."""
    if any(_needs_database(Path(argument.split("::")[0])) for argument in node.config.args):
        node.workerinput["quoin_database"] = str(_server_of(node.config).folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(_SERVER, None):
        server.stop()


@pytest.fixture(scope="session")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Loaded:
    from tests.make.demo import loaded_demo

    with django_db_blocker.unblock():
        return loaded_demo()


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's own: the database is a copy of the migrated template."""
    workerinput = getattr(request.config, "workerinput", None)
    with django_db_blocker.unblock():
        folder = Path(workerinput["quoin_database"]) if workerinput else _server_of(request.config).folder
        worker = workerinput["workerid"] if workerinput else "main"
        host = database.make_worker_database(folder, worker)
        database.point_django_at(host, database.worker_database(worker))
        yield
        database.close_connections()


@pytest.fixture(autouse=True)
def _database_access(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    if not _needs_database(request.path):
        yield
        return
    request.getfixturevalue("django_db_setup")
    with django_db_blocker.unblock():
        yield


def _needs_database(path: Path) -> bool:
    inside = path.absolute().relative_to(TESTS).parts if path.absolute().is_relative_to(TESTS) else ()
    return not inside or inside[0] not in WITHOUT_DATABASE


def _server_of(config: pytest.Config) -> database.TestServer:
    if _SERVER not in config.stash:
        with config.stash[blocking_manager_key].unblock():
            config.stash[_SERVER] = database.start_test_server()
    return config.stash[_SERVER]


@pytest.fixture
def world() -> World:
    """A tenant of its own for the test, with an actor who may do everything."""
    from tests.make import new_world  # models load only after Django is set up

    return new_world()
