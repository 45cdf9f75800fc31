"""The REST API inside a test: a signed-in member, JSON in and out, a fresh key for every write."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from quoin.kernel.ids import uuid7
from tests.make import web
from tests.make.world import World


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class Api:
    """Calls as one member."""

    client: Client

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, **body: Any) -> Answer:
        return self.call("POST", path, body)

    def patch(self, path: str, **body: Any) -> Answer:
        return self.call("PATCH", path, body)

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", path)

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        response = self.client.generic(
            method, f"/api/v1{path}", "" if body is None else _json(body), content_type="application/json",
            headers={"Idempotency-Key": uuid7().hex},
        )  # fmt: skip
        return Answer(response.status_code, response.json() if response.content else None)


def api(world: World, *rights: str) -> Api:
    """The API as a member with these rights; all of them if none is named."""
    return Api(web.signed_in(world, *rights))


def _json(body: Any) -> str:
    return json.dumps(body, default=str)
