"""Prints a document as tagged PDF/A-3 in the client's language.

The PDF is a view; the XML is the original. Texts reach the template as data, so nothing a person typed is markup.
"""

from __future__ import annotations

import re
from pathlib import Path

from quoin.base.files.typeset import TIME_CAP_SECONDS, PdfFailed, Sheet, typeset
from quoin.billing.adapters.payment_qr import payment_qr_svg
from quoin.billing.adapters.pdf_content import Presentation, pdf_content
from quoin.billing.rules.einvoice import InvoiceDocument
from quoin.kernel.errors import invalid
from quoin.kernel.words import say

__all__ = ["MAX_ENTRIES", "TIME_CAP_SECONDS", "PdfFailed", "render_pdf"]
MAX_ENTRIES = 20_000
_MAX_LOGO_BYTES = 2_000_000
_LOGO_KINDS = frozenset({"png", "jpg", "svg"})
_TEMPLATE = Path(__file__).parent / "templates" / "invoice.typ"
_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")


def render_pdf(document: InvoiceDocument, presentation: Presentation | None = None) -> bytes:
    """The document as PDF/A-3a. Invalid for a bad logo, colour or too many entries; PdfFailed beyond the time cap.

    The size of what is printed is bounded, so that a compiler that was let go ends soon.
    """
    chosen = presentation or Presentation()
    _require_printable(chosen)
    return typeset(_sheet(document, chosen), cap_seconds=TIME_CAP_SECONDS)


def _require_printable(presentation: Presentation) -> None:
    if not _ACCENT.fullmatch(presentation.accent):
        raise invalid(
            "/accent",
            say("%(accent)s is not a colour.", accent=repr(presentation.accent)),
            remedy="Write it as #0b5563.",
        )
    if presentation.logo_kind not in _LOGO_KINDS or len(presentation.logo) > _MAX_LOGO_BYTES:
        raise invalid("/logo", "The logo is not a PNG, JPEG or SVG of at most 2 MB.")
    if len(presentation.entries) > MAX_ENTRIES:
        raise invalid(
            "/entries",
            say("An appendix holds at most %(max_entries)s entries.", max_entries=MAX_ENTRIES),
            remedy="Leave the hours out.",
        )


def _sheet(document: InvoiceDocument, presentation: Presentation) -> Sheet:
    files: dict[str, bytes] = {}
    inputs: dict[str, str] = {}
    qr = payment_qr_svg(document)
    if qr:
        files["qr.svg"] = qr
        inputs["qr"] = "qr.svg"
    if presentation.logo:
        name = f"logo.{presentation.logo_kind}"
        files[name] = presentation.logo
        inputs["logo"] = name
    return Sheet(
        _TEMPLATE.read_bytes(), pdf_content(document, presentation), stamped_on=document.issued_on, files=files,
        inputs=inputs,
    )  # fmt: skip
