"""Documents printed beside each other: the same files as one by one, in the order asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quoin.billing.adapters.facturx import Printing, print_together, render_documents
from quoin.billing.adapters.pdf_content import Presentation
from quoin.billing.rules.einvoice_check import InvoiceRefused
from tests.billing_documents.samples import simple

_MANY = 20
"""More than are printed ahead."""


def test_documents_printed_together_are_the_same_and_in_order() -> None:
    documents = [replace(simple(), number=f"HD-2026-{number:04d}") for number in range(_MANY)]
    asked = [Printing(document=one, presentation=Presentation()) for one in documents]

    with print_together(asked) as printed:
        found = list(printed)

    assert [f"HD-2026-{number:04d}".encode() in one.cii for number, one in enumerate(found)] == [True] * _MANY
    assert found[-1] == render_documents(documents[-1], presentation=Presentation())


def test_a_document_that_is_refused_ends_the_printing() -> None:
    good = Printing(document=simple(), presentation=Presentation())
    bad = Printing(document=replace(simple(), number=""), presentation=Presentation())

    with print_together([good, bad, good]) as printed, pytest.raises(InvoiceRefused):
        list(printed)


def test_nothing_to_print_gives_nothing() -> None:
    with print_together([]) as printed:
        assert list(printed) == []
