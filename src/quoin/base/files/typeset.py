"""Prints documents as tagged PDF/A-3 with typst.

Texts reach the template as JSON, so nothing that a person typed is markup. Level A needs tags and a language; UA-1
makes the same file fit for screen readers.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from quoin.kernel.errors import DomainError
from quoin.kernel.words import say

_MAIN = "main.typ"
TIME_CAP_SECONDS = 20.0
_MAX_REPLACED = 300
# `make run` and `make test` fetch Inter to build/fonts; without it the fonts inside typst serve.
_FONTS = Path(__file__).parents[4] / "build" / "fonts"
_UNPRINTABLE = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed|codepoint `"(?P<point>.+?)"`')
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_FORBIDDEN = frozenset({"Cc", "Cn", "Co", "Cs"})  # control, unassigned, private, surrogate: PDF/A prints none of them


class PdfFailed(DomainError):
    """The PDF could not be made, or not in time."""

    code = "billing.pdf.failed"
    status = 500
    retryable = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed: the template, the texts it sets, and pictures by name."""

    template: bytes
    content: Mapping[str, Any]
    stamped_on: date | None = None
    """The day that the file says it was made on: the same document makes the same bytes."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)


def typeset(sheet: Sheet, *, cap_seconds: float = TIME_CAP_SECONDS) -> bytes:
    """The sheet as PDF/A-3a; PdfFailed beyond the time cap.

    The compiler runs outside Python's lock and cannot be stopped: the caller is let go after the cap.
    """
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pdf")
    try:
        return pool.submit(_print, sheet).result(timeout=cap_seconds)
    except FutureTimeout as error:
        raise PdfFailed(
            say("The PDF was not ready after %(cap_seconds)s seconds.", cap_seconds=f"{cap_seconds:.0f}")
        ) from error
    finally:
        pool.shutdown(wait=False)


def _print(sheet: Sheet) -> bytes:
    """Compile; a character that no font can show is printed as a question mark, for PDF/A allows no gaps."""
    content = json.dumps(_cleaned(dict(sheet.content)), ensure_ascii=False)
    for attempt in range(_MAX_REPLACED):
        try:
            # The first attempt does not depend on the machine; system fonts help out with scripts Inter lacks.
            return _compile(sheet, content, has_system_fonts=attempt > 0)
        except RuntimeError as error:
            # A TypstError, or that its message points into a picture that is none.
            missing = _missing(str(error))
            if not missing:
                raise PdfFailed(say("The PDF could not be made: %(error)s.", error=error)) from error
            if attempt > 0:
                content = content.replace(missing, "?")
    raise PdfFailed("The document has too many characters that no installed font can show.")


def _compile(sheet: Sheet, content: str, *, has_system_fonts: bool) -> bytes:
    stamp = int(datetime.combine(sheet.stamped_on, time(), UTC).timestamp()) if sheet.stamped_on else 0
    # From a folder: files that are handed over in memory must be text, and pictures are not.
    with TemporaryDirectory(prefix="quoin-pdf-") as folder:
        for name, written in {_MAIN: sheet.template, **sheet.files}.items():
            (Path(folder) / name).write_bytes(written)
        pdf = typst.compile(
            Path(folder) / _MAIN,
            root=Path(folder),
            format="pdf",
            font_paths=_fonts(has_system_fonts=has_system_fonts),
            sys_inputs={**sheet.inputs, "content": content},
            pdf_standards=["a-3a", "ua-1"],
            timestamp=stamp,
        )
    return bytes(pdf)


@cache
def _fonts(*, has_system_fonts: bool) -> typst.Fonts:
    """Read once: it takes as long as a page."""
    return typst.Fonts(include_system_fonts=has_system_fonts, font_paths=[_FONTS] if _FONTS.is_dir() else [])


def _missing(message: str) -> str:
    found = _UNPRINTABLE.search(message)
    if found is None:
        return ""
    text = found["text"] or found["point"]
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _cleaned(value: Any) -> Any:
    """The same content without characters that PDF/A cannot hold; line breaks become spaces."""
    if isinstance(value, str):
        if value.replace("\xa0", " ").isprintable():
            return value
        return "".join(_printable(letter) for letter in value)
    if isinstance(value, list | tuple):
        return [_cleaned(part) for part in value]
    if isinstance(value, dict):
        return {key: _cleaned(part) for key, part in value.items()}
    return value


def _printable(letter: str) -> str:
    if letter in "\n\r\t":
        return " "
    return "" if unicodedata.category(letter) in _FORBIDDEN else letter
