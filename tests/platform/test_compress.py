"""Text goes compressed to who takes it; a document goes as it is."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpRequest, HttpResponse

from quoin.base.http.compress import CompressText

_LONG = b"Hours and money. " * 200


def _answered(kind: str, takes: str = "gzip") -> HttpResponse:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = takes
    answer = CompressText(lambda _request: HttpResponse(_LONG, content_type=kind))(request)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json", "application/problem+json"])
def test_text_is_compressed_and_whole(kind: str) -> None:
    answer = _answered(kind)

    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == _LONG


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/zip"])
def test_a_document_is_sent_as_it_is(kind: str) -> None:
    assert not _answered(kind).has_header("Content-Encoding")
    assert _answered(kind).content == _LONG


def test_who_takes_nothing_gets_plain_text() -> None:
    assert _answered("text/html", takes="").content == _LONG
