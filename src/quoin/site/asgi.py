"""The one web application: Django's pages on threads, assets, live events and the job worker on the event loop.

Django runs through its WSGI handler because its own asynchronous handler costs three times the processor time.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading

from django.conf import settings

from quoin.site.bridge import Bridge
from quoin.site.live import PATH, Application, Message, Pages, Receive, Scope, Send
from quoin.site.static import Assets
from quoin.site.worker import run_worker
from quoin.site.wsgi import application as wsgi_application

_THREADS = int(os.environ.get("QUOIN_THREADS", "8"))
_STOP_SECONDS = 2.5
_LOOK_SECONDS = 0.5


class Site:
    """Dispatches a connection to Django, to the live events or to the life cycle."""

    def __init__(self, django: Application, assets: Application) -> None:
        self._django = django
        self._assets = assets
        self._pages = Pages(django)
        self._worker: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "GET":
            await self._pages.serve(scope, receive, send)
        elif scope["path"].startswith(settings.STATIC_URL):
            await self._assets(scope, receive, send)
        else:
            await self._django(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message: Message = await receive()
            if message["type"] == "lifespan.startup":
                if os.environ.get("QUOIN_WORKER") == "1":
                    self._worker = asyncio.create_task(run_worker())
                self._watch = asyncio.create_task(_leave_with_parent(os.getppid()))
                self._close_pages_on_signal()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _close_pages_on_signal(self) -> None:
        """The web server waits for open streams before it tells us to stop, so the signal itself must end them.

        Its own handler still runs: the event loop is woken by the signal, not by this function.
        """
        loop = asyncio.get_running_loop()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda _number, _frame: loop.call_soon_threadsafe(self._pages.are_closing.set))

    async def _stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        await self._pages.close()
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.wait({self._worker}, timeout=_STOP_SECONDS)


async def _leave_with_parent(parent: int) -> None:
    """A web process whose `quoin serve` was killed must not go on holding the port."""
    while os.getppid() == parent:  # noqa: ASYNC110  no event tells that a parent died
        await asyncio.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


application = Site(Bridge(wsgi_application, threads=_THREADS), Assets(settings.ASSETS_DIR))
