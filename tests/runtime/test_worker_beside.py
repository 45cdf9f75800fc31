"""A worker compiles the solver beside its jobs, once, and takes the compiler with it when it ends."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from quoin.resourcing.rules.solver import kept
from quoin.site import worker

_SECONDS = 20.0


@pytest.fixture
def compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A compiler that never ends. Returns the file into which it writes its process id."""
    told = tmp_path / "pid"
    (tmp_path / "endless.py").write_text(
        f"import os, time\nopen({str(told)!r} + '.new', 'w').write(str(os.getpid()))\n"
        f"os.rename({str(told)!r} + '.new', {str(told)!r})\ntime.sleep(600)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(worker, "schedules", SimpleNamespace(__name__="endless"))
    return told


async def _until(path: Path) -> None:
    until = time.monotonic() + _SECONDS
    while not await asyncio.to_thread(path.exists):
        assert time.monotonic() < until, "nothing was started"
        await asyncio.sleep(0.02)


def test_the_compiler_ends_with_its_worker(compiler: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "is_complete", lambda: False)

    async def story() -> None:
        task = asyncio.create_task(worker._compile_solver())
        await _until(compiler)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())
    pid, until = int(compiler.read_text()), time.monotonic() + _SECONDS
    while time.monotonic() < until:
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                return
        except ChildProcessError:
            return
        time.sleep(0.02)
    pytest.fail("the compiler outlived its worker")


def test_nothing_is_compiled_twice(compiler: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "is_complete", lambda: True)
    asyncio.run(asyncio.wait_for(worker._compile_solver(), _SECONDS))
    assert not compiler.exists()
