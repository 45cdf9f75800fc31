"""Prints a document as tagged PDF/A-3 in the client's language.

The PDF is a view; the XML is the original. Texts reach the template as data, so nothing a person typed is markup.
"""

from __future__ import annotations

import json
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from quoin.billing.adapters.payment_qr import payment_qr_svg
from quoin.billing.adapters.pdf_content import Presentation, pdf_content
from quoin.billing.rules.einvoice import InvoiceDocument
from quoin.kernel.errors import DomainError, invalid

# Level A needs tags and a language; UA-1 makes the same file fit for screen readers.
STANDARDS = ("a-3a", "ua-1")
TIME_CAP_SECONDS = 20.0
MAX_ENTRIES = 20_000
_MAX_LOGO_BYTES = 2_000_000
_MAX_REPLACED = 300
_LOGO_KINDS = frozenset({"png", "jpg", "svg"})
_TEMPLATE = Path(__file__).parent / "templates" / "invoice.typ"
# `make run` and `make test` fetch Inter to build/fonts; without it the fonts inside typst serve.
_FONTS = Path(__file__).parents[4] / "build" / "fonts"
_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
_UNPRINTABLE = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed|codepoint `"(?P<point>.+?)"`')
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_FORBIDDEN = frozenset({"Cc", "Cn", "Co", "Cs"})  # control, unassigned, private, surrogate: PDF/A prints none of them


class PdfFailed(DomainError):
    """The PDF could not be made, or not in time."""

    code = "billing.pdf.failed"
    status = 500
    retryable = True


def render_pdf(document: InvoiceDocument, presentation: Presentation | None = None) -> bytes:
    """The document as PDF/A-3a. Invalid for a bad logo, colour or too many entries; PdfFailed beyond the time cap.

    The compiler runs outside Python's lock and cannot be stopped: the caller is let go after the cap, and the size
    of what is printed is bounded so that the rest ends soon.
    """
    chosen = presentation or Presentation()
    _require_printable(chosen)
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pdf")
    try:
        return pool.submit(_render, document, chosen).result(timeout=TIME_CAP_SECONDS)
    except FutureTimeout as error:
        raise PdfFailed(f"The PDF was not ready after {TIME_CAP_SECONDS:.0f} seconds.") from error
    finally:
        pool.shutdown(wait=False)


def _require_printable(presentation: Presentation) -> None:
    if not _ACCENT.fullmatch(presentation.accent):
        raise invalid("/accent", f"{presentation.accent!r} is not a colour.", remedy="Write it as #0b5563.")
    if presentation.logo_kind not in _LOGO_KINDS or len(presentation.logo) > _MAX_LOGO_BYTES:
        raise invalid("/logo", "The logo is not a PNG, JPEG or SVG of at most 2 MB.")
    if len(presentation.entries) > MAX_ENTRIES:
        raise invalid("/entries", f"An appendix holds at most {MAX_ENTRIES} entries.", remedy="Leave the hours out.")


def _render(document: InvoiceDocument, presentation: Presentation) -> bytes:
    files = {"main.typ": _TEMPLATE.read_bytes()}
    inputs = {}
    qr = payment_qr_svg(document)
    if qr:
        files["qr.svg"] = qr
        inputs["qr"] = "qr.svg"
    if presentation.logo:
        name = f"logo.{presentation.logo_kind}"
        files[name] = presentation.logo
        inputs["logo"] = name
    content = _cleaned(pdf_content(document, presentation))
    return _compile_printable(document, files, inputs, json.dumps(content, ensure_ascii=False))


def _compile_printable(
    document: InvoiceDocument, files: dict[str, bytes], inputs: dict[str, str], content: str
) -> bytes:
    """Compile; a character that no font can show is printed as a question mark, for PDF/A allows no gaps."""
    for attempt in range(_MAX_REPLACED):
        try:
            # The first attempt does not depend on the machine; system fonts help out with scripts Inter lacks.
            return _compile(document, files, {**inputs, "content": content}, has_system_fonts=attempt > 0)
        except typst.TypstError as error:
            missing = _missing(str(error))
            if not missing:
                raise PdfFailed(f"The PDF could not be made: {error}.") from error
            if attempt > 0:
                content = content.replace(missing, "?")
    raise PdfFailed("The document has too many characters that no installed font can show.")


def _compile(
    document: InvoiceDocument, files: dict[str, bytes], inputs: dict[str, str], *, has_system_fonts: bool
) -> bytes:
    issued_on = document.issued_on
    stamp = int(datetime.combine(issued_on, time(), UTC).timestamp()) if issued_on else 0
    pdf = typst.compile(  # type: ignore[call-overload]  # its stub does not know the dict of files
        files,
        format="pdf",
        font_paths=[str(_FONTS)] if _FONTS.is_dir() else [],
        ignore_system_fonts=not has_system_fonts,
        sys_inputs=inputs,
        pdf_standards=list(STANDARDS),
        timestamp=stamp,
    )
    return bytes(pdf)


def _missing(message: str) -> str:
    found = _UNPRINTABLE.search(message)
    if found is None:
        return ""
    text = found["text"] or found["point"]
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _cleaned(value: Any) -> Any:
    """The same content without characters that PDF/A cannot hold; line breaks become spaces."""
    if isinstance(value, str):
        return "".join(_printable(letter) for letter in value)
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    if isinstance(value, dict):
        return {key: _cleaned(part) for key, part in value.items()}
    return value


def _printable(letter: str) -> str:
    if letter in "\n\r\t":
        return " "
    return "" if unicodedata.category(letter) in _FORBIDDEN else letter
