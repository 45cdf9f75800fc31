"""The assets: compressed for those who take it, for ever by their name, and nothing outside their folder."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest

from quoin.site.static import Assets


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    (tmp_path / "built").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "built" / "app-1.css").write_text("a{color:red}" * 200)
    (tmp_path / "built" / "font.woff2").write_bytes(b"wOF2")
    (tmp_path / "built" / "manifest.json").write_text("{}")
    return Assets(tmp_path / "built")


def _ask(assets: Assets, path: str, *, method: str = "GET", encoding: str = "") -> tuple[int, dict[str, str], bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"path": path, "method": method, "headers": [(b"accept-encoding", encoding.encode())] if encoding else []}
    asyncio.run(assets(scope, None, send))  # type: ignore[arg-type]
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, sent[1]["body"]


def test_a_stylesheet_is_compressed_for_who_takes_it(assets: Assets) -> None:
    status, headers, body = _ask(assets, "/static/app-1.css", encoding="br, gzip")
    _, plain_headers, plain = _ask(assets, "/static/app-1.css")

    assert status == 200
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == plain
    assert len(body) == int(headers["content-length"]) < len(plain)
    assert "content-encoding" not in plain_headers
    assert headers["vary"] == plain_headers["vary"] == "accept-encoding"


def test_what_has_a_hash_stays_for_ever_and_the_manifest_does_not(assets: Assets) -> None:
    assert "immutable" in _ask(assets, "/static/app-1.css")[1]["cache-control"]
    assert _ask(assets, "/static/manifest.json")[1]["cache-control"] == "no-cache"


def test_a_font_is_sent_as_it_is(assets: Assets) -> None:
    status, headers, body = _ask(assets, "/static/font.woff2", encoding="gzip")

    assert (status, body) == (200, b"wOF2")
    assert "content-encoding" not in headers


@pytest.mark.parametrize(
    "path", ["/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static/", "/static/nothing.css"]
)
def test_nothing_outside_the_folder_exists(assets: Assets, path: str) -> None:
    status, _, body = _ask(assets, path)

    assert (status, body) == (404, b"Not found\n")


def test_head_has_the_length_and_no_body(assets: Assets) -> None:
    status, headers, body = _ask(assets, "/static/app-1.css", method="HEAD")

    assert (status, body, headers["content-length"]) == (200, b"", "2400")


def test_nobody_writes_there(assets: Assets) -> None:
    assert _ask(assets, "/static/app-1.css", method="POST")[0] == 404
