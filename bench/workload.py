"""The workload, read from `../shared/bench/workload.py` beside the checkout."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

_PATH = Path(__file__).resolve().parents[2] / "shared" / "bench" / "workload.py"


def load() -> ModuleType:
    """The generator's module; exits with a sentence where it is not there."""
    if not _PATH.exists():
        sys.exit("The workload is not here: put shared/bench/workload.py beside the checkout.")
    spec = importlib.util.spec_from_file_location("quoin_bench_workload", _PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
