"""What the instance tells about itself: one line of log for slow and failed requests, and figures for Prometheus.

`/metrics` answers only to who names QUOIN_METRICS_TOKEN; without one it does not exist. The figures of requests are
those of the process that answers; those of the database are the instance's.
"""

from __future__ import annotations

import logging
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Final

import structlog
from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from typing_extensions import override

from quoin.base import clock
from quoin.base.http.views import public

_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_KEPT: Final = 50
_SERVER_ERROR: Final = 500
_JOBS = """
SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),
       count(*) FILTER (WHERE status = 'failed'),
       coalesce(extract(epoch FROM now() - min(scheduled_at) FILTER (
           WHERE status = 'todo' AND scheduled_at < now())), 0)
FROM procrastinate_jobs
"""


@dataclass(frozen=True, slots=True)
class SlowPage:
    """A request that took longer than QUOIN_SLOW_MS."""

    at: datetime
    method: str
    route: str
    status: int
    milliseconds: int
    request_id: str


REGISTRY: Final = CollectorRegistry()
REQUESTS: Final = Counter("quoin_requests", "Requests answered", ["method", "status"], registry=REGISTRY)
SECONDS: Final = Histogram(
    "quoin_request_seconds", "Time to answer, by route", ["route"], buckets=_BUCKETS, registry=REGISTRY
)
_slow: deque[SlowPage] = deque(maxlen=_KEPT)
_log: Final = structlog.wrap_logger(
    logging.getLogger("quoin.requests"),
    processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer(sort_keys=True)],
)


class Observe:
    """Middleware, the outermost: times each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        route = request.resolver_match.route if request.resolver_match else "unknown"
        REQUESTS.labels(request.method, response.status_code).inc()
        SECONDS.labels(route).observe(seconds)
        if seconds * 1000 >= settings.QUOIN_SLOW_MS or response.status_code >= _SERVER_ERROR:
            _note(request, response, route, round(seconds * 1000))
        return response


def slow_pages() -> tuple[SlowPage, ...]:
    """The last slow requests of this process, the newest first."""
    return tuple(reversed(_slow))


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format; 404 without the token, which is the password of basic authentication.

    A bearer token would be taken for one of the API's.
    """
    wanted = b64encode(f"metrics:{settings.QUOIN_METRICS_TOKEN}".encode()).decode()
    given = request.headers.get("Authorization", "").removeprefix("Basic ")
    if not settings.QUOIN_METRICS_TOKEN or not compare_digest(given, wanted):
        raise Http404
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _note(request: HttpRequest, response: HttpResponseBase, route: str, milliseconds: int) -> None:
    request_id = str(getattr(request, "request_id", ""))
    actor = getattr(request, "actor", None)
    _slow.append(SlowPage(clock.utc_now(), request.method or "", route, response.status_code, milliseconds, request_id))
    # The route, never the address: an address may hold what somebody searched for.
    _log.warning(
        "slow request" if response.status_code < _SERVER_ERROR else "failed request",
        method=request.method, route=route, status=response.status_code, ms=milliseconds, request_id=request_id,
        tenant=str(actor.tenant_id) if actor is not None else None,
    )  # fmt: skip


class _Instance(Collector):
    """Figures that the database knows, read when asked for."""

    @override
    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            with connection.cursor() as cursor:
                cursor.execute(_JOBS)
                waiting, running, failed, late = cursor.fetchone() or (0, 0, 0, 0)
        except Error:
            yield GaugeMetricFamily("quoin_database_up", "Whether the database answers", value=0)
            return
        yield GaugeMetricFamily("quoin_database_up", "Whether the database answers", value=1)
        jobs = GaugeMetricFamily("quoin_jobs", "Jobs by state", labels=["state"])
        for state, count in (("waiting", waiting), ("running", running), ("failed", failed)):
            jobs.add_metric([state], count)
        yield jobs
        yield GaugeMetricFamily("quoin_jobs_late_seconds", "How long the oldest due job waits", value=float(late))


REGISTRY.register(_Instance())
