"""W3 and W5: the two reports over all entries, as a user opens them, against the generator's totals."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from types import ModuleType
from typing import Any

from bench.firm import Firm
from quoin.base.db.context import tenant_transaction

_RUNS = 7
