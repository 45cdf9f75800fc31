"""Django's WSGI handler under the ASGI server: the body is read on the event loop, the view runs on a thread.

An answer that is whole goes back in one step. One that streams is sent piece by piece while the thread makes it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from quoin.site.live import Message, Receive, Scope, Send

Environ = dict[str, Any]
Headers = list[tuple[bytes, bytes]]
_IN_MEMORY = 1024 * 1024
_PLAIN = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


class Bridge:
    """An ASGI application that asks a WSGI handler of Django."""

    def __init__(self, handler: Callable[..., Any], *, threads: int) -> None:
        self._handler = handler
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="view")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, length = await _body(receive)
        if body is None:
            return
        loop = asyncio.get_running_loop()

        def send_now(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(_sent(send, message), loop).result()

        try:
            # A context of its own: nothing that one request sets is there in the next.
            whole = await loop.run_in_executor(
                self._threads, Context().run, self._answer, _environ(scope, body, length), send_now
            )
        finally:
            body.close()
        for message in whole:
            await send(message)

    def _answer(self, environ: Environ, send_now: Callable[[Message], None]) -> Iterable[Message]:
        """On a thread: the messages that are still to be sent."""
        start: dict[str, Any] = {"type": "http.response.start"}

        def start_response(status: str, headers: list[tuple[str, str]], _fault: Any = None) -> None:
            start["status"] = int(status[:3])
            start["headers"] = [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in headers]

        response = self._handler(environ, start_response)
        try:
            if not response.streaming:
                return start, {"type": "http.response.body", "body": response.content}
            send_now(start)
            for chunk in response:
                send_now({"type": "http.response.body", "body": chunk, "more_body": True})
            return ({"type": "http.response.body", "body": b""},)
        finally:
            response.close()


async def _sent(send: Send, message: Message) -> None:
    await send(message)


async def _body(receive: Receive) -> tuple[IO[bytes] | None, int]:
    """The whole body, in memory as long as it is small, and its length; None if the caller left."""
    body = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  closed by the caller
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            body.close()
            return None, 0
        if part := message.get("body", b""):
            body.write(part)
        if not message.get("more_body", False):
            length = body.tell()
            body.seek(0)
            return body, length


def _environ(scope: Scope, body: IO[bytes], length: int) -> Environ:
    """The request as PEP 3333 writes it."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # PEP 3333 wants bytes that look like text.
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, text in scope["headers"]:
        if b"_" in name:
            # `X_Forwarded_For` would be read as `X-Forwarded-For`, which a proxy in front has checked.
            continue
        key = _PLAIN.get(name) or f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
        value = text.decode("latin-1")
        if key in environ:
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value
    # A body in chunks does not say its length, and a handler reads no further than it is told.
    environ.setdefault(_PLAIN[b"content-length"], str(length))
    return environ
