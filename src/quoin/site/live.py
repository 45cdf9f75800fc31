"""Server-sent events at /events: passes PostgreSQL's notifications on to the open pages of the tenant they name.

Each process listens with one connection, however many pages are open. Who may listen is decided by Django itself:
the request first goes through all its middleware to `stream_ticket`, whose answer is the ticket or the refusal.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any

import psycopg
from django.db import connections
from django.http import HttpRequest, HttpResponse

from quoin.base.actor import Actor
from quoin.base.events.live import CHANNEL

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PATH = "/events"
TICKET = b"x-quoin-stream-tenant"
_LOG = logging.getLogger(__name__)
_OK, _NO_CONTENT, _UNAUTHORIZED = 200, 204, 401
_KEEP_ALIVE_SECONDS = 20.0
_LONGEST_STREAM_SECONDS = 300.0  # The page then connects again, and its right is checked again.
_WAITING_MESSAGES = 100
_RECONNECT_SECONDS = 1.0
_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
_EVERYTHING_CHANGED = b"event: reload\ndata: {}\n\n"


def stream_ticket(request: HttpRequest) -> HttpResponse:
    """Django's part of /events: names the tenant for a signed-in session, refuses everybody else.

    The dispatcher takes the header off again; the browser sees the stream or the refusal, never the ticket.
    """
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return HttpResponse(status=_UNAUTHORIZED)
    return HttpResponse(status=_NO_CONTENT, headers={TICKET.decode(): str(actor.tenant_id)})


stream_ticket.is_public = True  # type: ignore[attr-defined]  # It answers for itself: a redirect to a sign-in page is no stream.


class Pages:
    """The open pages of this process, by tenant, and the one connection that listens for them."""

    def __init__(self, django: Application) -> None:
        self._django = django
        self._queues: defaultdict[str, set[asyncio.Queue[bytes]]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None
        self.are_closing = asyncio.Event()

    @contextlib.contextmanager
    def _page(self, tenant: str) -> Iterator[asyncio.Queue[bytes]]:
        queue: asyncio.Queue[bytes] = asyncio.Queue(_WAITING_MESSAGES)
        self._queues[tenant].add(queue)
        try:
            yield queue
        finally:
            self._queues[tenant].discard(queue)
            if not self._queues[tenant]:
                del self._queues[tenant]

    async def close(self) -> None:
        self.are_closing.set()
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request for /events."""
        tenant, refusal = await authorize(scope, receive, self._django)
        if tenant is None:
            for message in refusal:
                await send(message)
            return
        await send({"type": "http.response.start", "status": _OK, "headers": _STREAM_HEADERS})
        sender = asyncio.create_task(self._send_all(tenant, send))
        leaver = asyncio.create_task(_wait_until_left(receive))
        closing = asyncio.create_task(self.are_closing.wait())
        try:
            await asyncio.wait({sender, leaver, closing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sender, leaver, closing):
                task.cancel()
            await asyncio.gather(sender, leaver, closing, return_exceptions=True)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_all(self, tenant: str, send: Send) -> None:
        """Sends what one page receives, until it is time to connect again."""
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())
        now = asyncio.get_running_loop().time
        end = now() + _LONGEST_STREAM_SECONDS
        with self._page(tenant) as queue:
            text = b"retry: 2000\n\n"
            while now() < end:
                await send({"type": "http.response.body", "body": text, "more_body": True})
                try:
                    text = await asyncio.wait_for(queue.get(), _KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    text = b": still here\n\n"

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_connection_parameters(), autocommit=True) as line:
                    await line.execute(f"LISTEN {CHANNEL}")
                    async for notification in line.notifies():
                        self._deliver(notification.payload)
            except psycopg.OperationalError as fault:
                _LOG.warning("live events: database not reachable, trying again: %s", str(fault).strip())
                await asyncio.sleep(_RECONNECT_SECONDS)
                for tenant in tuple(self._queues):
                    self._put(tenant, _EVERYTHING_CHANGED)

    def _deliver(self, payload: str) -> None:
        message = json.loads(payload)
        body = json.dumps({"subject": message["subject"]})
        self._put(message["tenant"], f"event: {message['topic']}\ndata: {body}\n\n".encode())

    def _put(self, tenant: str, text: bytes) -> None:
        for queue in self._queues.get(tenant, ()):
            if queue.full():
                # A page that reads too slowly loses the single messages and is told to load everything again.
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(_EVERYTHING_CHANGED)
            else:
                queue.put_nowait(text)


async def authorize(scope: Scope, receive: Receive, django: Application) -> tuple[str | None, list[Message]]:
    """The tenant whose messages this request may see, or None and Django's refusal as it must be sent."""
    answer: list[Message] = []

    async def keep(message: Message) -> None:
        answer.append(message)

    await django(scope, receive, keep)
    start = answer[0]
    ticket = dict(start["headers"]).get(TICKET)
    return (ticket.decode() if ticket and start["status"] == _NO_CONTENT else None), answer


async def _wait_until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _connection_parameters() -> dict[str, Any]:
    parameters: dict[str, Any] = connections["default"].get_connection_params()
    return {name: value for name, value in parameters.items() if name not in {"cursor_factory", "context"}}
