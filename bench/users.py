"""The timesheet's users, as one lean process: `python -m bench.users` reads its orders as JSON and prints the timings.

It shares the two cores with the server, so it does as little as an honest client can: bodies are made before the clock
starts, each connection stays open, every answer is read to its end, its status and its outcomes are checked.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

_CSRF = "a" * 32
_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_OK = b"HTTP/1.1 200 "
_CHUNK = 65536


@dataclass(slots=True)
class User:
    """One browser: a connection that stays open, reading and saving in turn."""

    number: int
    line: socket.socket
    requests: Iterator[tuple[str, bytes]]
    pause: float
    """Seconds between an answer and the next request."""
    kind: str = ""
    started: float = 0.0
    due: float = 0.0
    got: bytearray = field(default_factory=bytearray)
    results: list[tuple[str, float]] = field(default_factory=list)

    def send(self) -> None:
        self.kind, request = next(self.requests)
        self.started = time.perf_counter()
        self.line.sendall(request)

    def go_on(self) -> None:
        """The next request: at once, or after the pause."""
        if self.pause:
            self.due = time.perf_counter() + self.pause
        else:
            self.send()

    def send_if_due(self) -> None:
        if self.due and self.due <= time.perf_counter():
            self.due = 0.0
            self.send()

    def receive(self) -> bool:
        """Reads what is there; whether the answer is complete."""
        part = self.line.recv(_CHUNK)
        if not part:
            raise SystemExit("the server closed the connection")
        self.got += part
        head = self.got.find(_END)
        if head < 0 or len(self.got) < head + len(_END) + _length(self.got[:head]):
            return False
        self.results.append((self.kind, time.perf_counter() - self.started))
        if not self.got.startswith(_OK) or b'"refused"' in self.got:
            raise SystemExit(f"{self.kind}: {bytes(self.got[:600])!r}")
        self.got.clear()
        return True


def _length(head: bytearray) -> int:
    lower = head.lower()
    at = lower.find(_LENGTH)
    if at < 0:
        raise SystemExit(f"the answer does not say its length: {bytes(head)!r}")
    return int(lower[at + len(_LENGTH) :].split(b"\r\n", 1)[0])


def requests_of(order: dict[str, Any], most: int) -> Iterator[tuple[str, bytes]]:
    """Reads and saves in turn, already as bytes; every save has new ids and other minutes."""
    read = _request("GET", order["read"], order["session"], b"")
    saves = [_request("POST", order["save"], order["session"], _edits(order["cells"], turn)) for turn in range(most)]
    for save in saves:
        yield "read", read
        yield "save", save
    raise SystemExit("the users ran out of saves; give them more")


def _edits(cells: list[list[str]], turn: int) -> bytes:
    edits = [
        {"id": str(uuid4()), "row": row, "day": day, "minutes": 15 + (turn + index) % 4 * 15}
        for index, (row, day) in enumerate(cells)
    ]
    return json.dumps({"edits": edits}, separators=(",", ":")).encode()


def _request(method: str, path: str, session: str, body: bytes) -> bytes:
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        f"Cookie: sessionid={session}; csrftoken={_CSRF}\r\nX-CSRFToken: {_CSRF}\r\n"
    )
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


def run(orders: dict[str, Any]) -> dict[str, Any]:
    """All users at once until the time is up: the timings of the answers that came within it, and our own cost."""
    users = [_user(number, orders) for number in range(len(orders["users"]))]
    ready = selectors.DefaultSelector()
    for user in users:
        ready.register(user.line, selectors.EVENT_READ, user)
    spent = time.process_time()
    stop = time.perf_counter() + orders["seconds"]
    for user in users:
        user.send()
    while (now := time.perf_counter()) < stop:
        next_due = min([stop, *(user.due for user in users if user.due)])
        for key, _events in ready.select(max(next_due - now, 0)):
            if key.data.receive():
                key.data.go_on()
        for user in users:
            user.send_if_due()
    timings = [result for user in users for result in user.results]
    return {"timings": timings, "client_cpu_seconds": time.process_time() - spent}


def _user(number: int, orders: dict[str, Any]) -> User:
    line = socket.create_connection(("127.0.0.1", orders["port"]), timeout=30)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    requests = requests_of(orders["users"][number], orders["most_saves"])
    return User(number, line, _primed(requests), orders["pause"])


def _primed(requests: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    first = next(requests)  # makes the bodies now, before the clock starts

    def all_of_them() -> Iterator[tuple[str, bytes]]:
        yield first
        yield from requests

    return all_of_them()


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
