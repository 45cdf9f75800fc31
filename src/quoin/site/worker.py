"""Runs jobs: inside the web process on a laptop, as a process of its own in a cluster."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import suppress

from django.db import Error, connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

from quoin.base.jobs import take_over
from quoin.resourcing.rules import schedules
from quoin.resourcing.rules.solver import kept

_LOG = logging.getLogger(__name__)
_CONCURRENCY = int(os.environ.get("QUOIN_WORKER_CONCURRENCY", "4"))
_GRACE_SECONDS = 2.0
_RECONNECT_SECONDS = 2.0
# With the 30 seconds after which a worker counts as dead: below one minute.
_SUPERVISE_SECONDS = 15.0


async def run_worker() -> None:
    """Works until cancelled. A database that goes away and comes back only interrupts it."""
    beside = (asyncio.create_task(_supervise()), asyncio.create_task(_compile_solver()))
    try:
        await _work_for_ever()
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def _compile_solver() -> None:
    """Once per release, in a process of its own: else the first who asks the solver would wait for half a minute."""
    if kept.is_complete():
        return
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", schedules.__name__)
    try:
        await process.wait()
    finally:
        # Stopping the worker stops what it began; what is compiled by then is kept.
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _supervise() -> None:
    """Takes over the jobs of dead workers. A loop of its own: as a job it could be among the stalled ones."""
    while True:
        await asyncio.sleep(_SUPERVISE_SECONDS)
        try:
            await asyncio.to_thread(_take_over)
        except Error as fault:
            _LOG.warning("supervisor: database not reachable, trying again: %s", fault)


def _take_over() -> None:
    try:
        take_over()
    finally:
        connection.close()


async def _work_for_ever() -> None:
    this = asyncio.current_task()
    while this is not None and not this.cancelling():
        try:
            await _work()
        except (ConnectorException, OperationalError) as fault:
            _LOG.warning("job worker: database not reachable, trying again: %s", fault)
        # A worker whose listener lost the database stops by itself, without an exception.
        if not this.cancelling():
            await asyncio.sleep(_RECONNECT_SECONDS)


async def _work() -> None:
    worker = app.with_connector(app.connector.get_worker_connector())
    async with worker.open_async():
        await worker.run_worker_async(
            concurrency=_CONCURRENCY, install_signal_handlers=False, shutdown_graceful_timeout=_GRACE_SECONDS
        )
