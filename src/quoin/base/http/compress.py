"""Answers of text are compressed on their way; a PDF or a picture is small already."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from typing_extensions import override

_TEXT = ("text/", "application/json", "application/problem+json", "application/xml", "image/svg+xml")


class CompressText(GZipMiddleware):
    """Django's own, which also hides the length of what it compresses (BREACH), for text alone."""

    @override
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith(_TEXT):
            return response
        return super().process_response(request, response)
