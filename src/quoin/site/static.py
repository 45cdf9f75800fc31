"""The built assets from memory, compressed once: their names carry a hash, so a browser asks for each a single time."""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from quoin.site.live import Receive, Scope, Send

_FOREVER = b"public, max-age=31536000, immutable"
_PLAIN_NAMES = {"manifest.json"}
_SHRINKS = ("text/", "application/json", "application/javascript", "image/svg+xml")
_OK, _NOT_FOUND = 200, 404


@dataclass(frozen=True, slots=True)
class _File:
    """One built file as it goes over the wire."""

    headers: list[tuple[bytes, bytes]]
    body: bytes
    compressed: bytes | None


class Assets:
    """An ASGI application that answers with the files of one folder; what is not in it does not exist."""

    def __init__(self, folder: Path) -> None:
        self._files = {path.name: _read(path) for path in folder.iterdir() if path.is_file()}

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        file = self._files.get(scope["path"].rpartition("/")[2])
        if file is None or scope["method"] not in {"GET", "HEAD"}:
            await _answer(send, _NOT_FOUND, [(b"content-type", b"text/plain")], b"Not found\n")
            return
        headers, body = file.headers, file.body
        if file.compressed is not None and _takes_gzip(scope):
            headers, body = [*headers, (b"content-encoding", b"gzip")], file.compressed
        headers = [*headers, (b"content-length", str(len(body)).encode())]
        await _answer(send, _OK, headers, b"" if scope["method"] == "HEAD" else body)


def _read(path: Path) -> _File:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    body = path.read_bytes()
    headers = [
        (b"content-type", kind.encode() + (b"; charset=utf-8" if kind.startswith("text/") else b"")),
        (b"cache-control", b"no-cache" if path.name in _PLAIN_NAMES else _FOREVER),
        (b"x-content-type-options", b"nosniff"),
    ]
    if not kind.startswith(_SHRINKS):
        return _File(headers, body, None)
    return _File([*headers, (b"vary", b"accept-encoding")], body, gzip.compress(body, 9, mtime=0))


def _takes_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
